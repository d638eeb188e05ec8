"""Step definitions of a small shop, in a registry."""

from textwrap import dedent
from types import ModuleType

from steps.definitions.decorators import DEFINITIONS
from steps.definitions.registry import Registry

HEAD = "from steps.definitions.decorators import given, parameter, then, when\n"


def bind(source: str, name: str = "bindings_of_the_registry_tests") -> Registry:
    """The registry of a module with this source."""
    module = ModuleType(name)
    DEFINITIONS.pop(name, None)
    exec(HEAD + dedent(source), module.__dict__)  # noqa: S102 - our own text
    return Registry.from_modules([module])


SHOP = bind(
    """
    from enum import StrEnum

    class Stage(StrEnum):
        CREATED = "CREATED"
        NOT_YET = "not yet packed"

    parameter(name="shopstage", regexp="CREATED|not yet packed", type=Stage)

    @given("the order is {shopstage} in Assure OMS", target_fixture="stage")
    def _(stage, driver): ...

    @given("{int} unit(s) of {word}")
    def _(number, item, datatable): ...

    @given("a price of {float} per/for one, said {string}")
    def _(price, words): ...

    @given("a box of EUR{int}x and more")
    def _(price): ...

    @given("brackets \\\\(like these)")
    def _(docstring): ...

    @when("the seller cancels")
    @when("the seller gives up")
    def _(): ...

    @then("from {shopstage} to {word}")
    def _(one, other): ...

    @then("the order is {shopstage} in Assure OMS")
    def _(stage): ...
    """
)
