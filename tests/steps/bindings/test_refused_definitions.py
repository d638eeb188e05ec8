"""A sentence that does not fit its function, or takes a reserved name, is refused when it is defined."""

from types import ModuleType

import pytest
import pytest_bdd.plugin
from _pytest.fixtures import FixtureFunctionDefinition
from pytest_bdd.steps import StepNamePrefix

import steps.support.stock
from sop_runs.record.schema import StepKind
from steps.definitions.decorators import OWN_FIXTURES, RESERVED, STEP_ARGUMENTS, STEP_KINDS, parameter
from steps.definitions.expressions import StepDefinitionError
from tests.support.bound_shop import bind

BROKEN = [
    ('@given("{int} of {word}")\ndef _(only): ...', "has 2 parameter"),
    ('@given("{int} of tea")\ndef _(datatable): ...', "has 1 parameter"),
    ('@given("tea", table=object())\ndef _(kettle): ...', "`tea` declares a table; give its function the parameter `datatable`"),
    ('@given("a {}")\ndef _(x): ...', "has a parameter without a name"),
    ('@given("a {shopstgae}")\ndef _(x): ...', "which is not defined; define it .*, or write `{shopstage}`"),
    ('@given("a {qqqqqqqqq}")\ndef _(x): ...', "which is not defined; define it above with `parameter.name=.qqqqqqqqq., regexp=….`$"),
    ('@given("a claim of {int}")\ndef _(claims, number): ...', "has 1 parameter, its function takes .claims, number."),
    ('@given("a tea", target_fixture="a tea")\ndef _(): ...', "has the target_fixture 'a tea', which is not a name"),
    ('@given("a tea", target_fixture="")\ndef _(): ...', "has the target_fixture '', which is not a name"),
    ('@given("a tea", target_fixture="class")\ndef _(): ...', "has the target_fixture 'class', which is not a name"),
    ('@when("a tea", target_fixture=["a", "b"])\ndef _(): ...', "has the target_fixture ..a., .b.., which is not a name"),
    ('parameter(name="grouped", regexp="(a|b)c")', "has a group"),
]


@pytest.mark.parametrize(("source", "message"), BROKEN)
def test_a_sentence_and_a_function_that_do_not_fit_are_refused(source: str, message: str) -> None:
    with pytest.raises(StepDefinitionError, match=message):
        bind(source)


def fixtures_of(module: ModuleType) -> set[str]:
    """The names of the pytest fixtures of *module*, without its steps, which pytest-bdd also keeps as fixtures."""
    fixtures = {name for name, value in vars(module).items() if isinstance(value, FixtureFunctionDefinition)}
    return {name for name in fixtures if not name.startswith(StepNamePrefix.step_def.value)}


def test_every_fixture_of_the_machinery_is_reserved() -> None:
    assert set(OWN_FIXTURES) == fixtures_of(steps.support.stock)
    assert fixtures_of(pytest_bdd.plugin)
    assert {*OWN_FIXTURES, *STEP_ARGUMENTS, *fixtures_of(pytest_bdd.plugin), "request"} == RESERVED


@pytest.mark.parametrize("name", sorted(RESERVED))
@pytest.mark.parametrize("kind", STEP_KINDS)
def test_no_step_sets_a_fixture_of_the_machinery(kind: StepKind, name: str) -> None:
    with pytest.raises(StepDefinitionError) as caught:
        bind(f'@{kind}("a tea", target_fixture="{name}")\ndef _(): ...')

    assert str(caught.value) == (
        f"step sentence `a tea` has the target_fixture `{name}`, a fixture of the program itself; give it another name"
    )
    assert bind(f'@{kind}("a tea", target_fixture="my_{name}")\ndef _(): ...').definitions[0].target_fixture == f"my_{name}"


def test_a_parameter_type_may_be_defined_again_but_not_otherwise() -> None:
    first = parameter(name="againandagain", regexp="a|b")

    assert parameter(name="againandagain", regexp="a|b") is first
    with pytest.raises(Exception, match="already a parameter"):
        parameter(name="againandagain", regexp="a|c")
