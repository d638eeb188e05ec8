"""Step sentences, tags and rules for the pairs of files that the lint is tested with."""

from types import ModuleType

from steps.definitions.registry import Registry

TAGS = frozenset(
    {
        "@since-clients_v1",
        "@since-clients_v2",
        "@until-clients_v1",
        "@until-clients_v2",
        "@SC-ERP-FULL",
        "@SC-ERP-FULL-1a",
        "@GAP-14",
        "@as-written",
    }
)
RULES_OF_BINDINGS = {"bare-assert", "duplicate-sentence", "no-sentence", "reserved-fixture", "stock-step", "undeclared-table"}
"""Rules about modules with sentences; they have pairs of their own."""
RULES_OF_FILES = {"file-name", "unread-file"}
"""Rules about names and places of files; the tests of `steps.language.file_names` have their pairs."""


def sentences() -> Registry:
    """Return a small vocabulary, so that these tests do not change with the project's own."""
    module = ModuleType("vocabulary_of_the_lint_tests")
    source = """
from steps.definitions.decorators import ANY_SENTENCE, given, parameter, then, when
parameter(name="lintstage", regexp="CREATED|FULFILLABLE|PACKED")
parameter(name="linttint", regexp="red|blue")
@given("the order is {lintstage}", follows=[ANY_SENTENCE])
def _(stage, shop): ...
@given("an order", follows=[ANY_SENTENCE])
def _(shop): ...
@given("a {linttint} order", follows=[ANY_SENTENCE])
def _(tint, shop): ...
@given("a {word} order", follows=[ANY_SENTENCE])
def _(word, shop): ...
@given("the note", follows=[ANY_SENTENCE])
def _(docstring, shop): ...
@when("the seller cancels")
def _(shop): ...
@then("it is allowed", when_optional=True)
def _(shop): ...
@then("it is refused", when_optional=True)
def _(shop): ...
@then("the tasks are", when_optional=True)
def _(datatable, shop): ...
@given("a light that is {linttint}", target_fixture="light")
def _(tint): ...
@given("a power of {int}", target_fixture="power")
def _(power): ...
@given("half of the power is used", target_fixture="power")
def _(power): ...
@given("{int} of the power is used", target_fixture="power")
def _(number, power): ...
@when("the light is switched on", target_fixture="glow")
def _(light): ...
@then("it glows")
def _(glow): ...
@then("the light is {linttint}")
def _(tint, light): ...
@then("it glows like a light that is {linttint}", other_than="light")
def _(tint, glow): ...
@then("the power is {int}", when_optional=True)
def _(number, power): ...
from steps.definitions.tables import Column, Kind, Table
from steps.support.cell_kinds import TIME, day_in
parameter(name="lintday", regexp="[0-9]+-[0-9]+-[0-9]+", type=day_in)
@given("rows of a table", table=Table((Column("order", Kind("text"), unique=True), Column("posted", TIME, required=False, nothing="-"))), follows=[ANY_SENTENCE])
def _(datatable, shop): ...
@then("the duties are", table=Table((Column("force", Kind("force", words=("must", "may"))), Column("task", Kind("text"))), heading=False), when_optional=True)
def _(datatable, shop): ...
@given("it is {lintday}", follows=[ANY_SENTENCE])
def _(day, shop): ...
@given("there is no order", follows=[ANY_SENTENCE])
def _(shop): ...
from steps.definitions.stated_steps import IdlePart
def dark(step, steps):
    if step.arguments["watts"] == 0:
        yield IdlePart("nothing glows at 0 watts", "write more watts, or delete the step")
@given("a lamp of {int} watts", target_fixture="light", idle=dark)
def _(watts): ...
"""
    exec(source, module.__dict__)  # noqa: S102 - our own text
    return Registry.from_modules([module])


VOCABULARY = sentences()
