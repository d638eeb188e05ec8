"""Fixtures of modules with step definitions: the default values of facts, and names that a user may not give to a fixture."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.fixtures import FixtureFunctionDefinition

from sop_runs.problem import Problem
from steps.definitions.decorators import RESERVED

MESSAGE = "the fixture `{name}` has the name of a fixture of the program itself, so its value would not be used"
REMEDY = "give it another name"
_OWN_MODULES = ("pytest_bdd.", "_pytest.", "steps.support.stock")


def default_value(modules: Sequence[ModuleType], name: str) -> object:
    """Return the value of the fixture *name* of *modules*, which no step has stated.

    Raises:
        LookupError: there is no such fixture.
    """
    fixtures = (value for module in modules for value in vars(module).values() if isinstance(value, FixtureFunctionDefinition))
    function = next((fixture._get_wrapped_function() for fixture in fixtures if fixture.name == name), None)  # noqa: SLF001 (as below)
    if function is None:
        raise LookupError(name)
    return function()


def reserved_in_module(module: ModuleType, path: str) -> Iterator[Problem]:
    """Yield the findings of rule reserved-fixture in *module*, whose path in findings is *path*."""
    for value in list(vars(module).values()):
        if isinstance(value, FixtureFunctionDefinition) and value.name in RESERVED:
            function = value._get_wrapped_function()  # noqa: SLF001 (pytest has no public name for it)
            yield _reserved_finding(value.name, function, path)


def reserved_for_node(node: pytest.Item) -> Iterator[tuple[Path, Problem]]:
    """Yield file and finding of every fixture with a reserved name that pytest would give to *node*, for example of a conftest.py."""
    for name in sorted(RESERVED):
        for fixture in node.session._fixturemanager.getfixturedefs(name, node) or ():  # noqa: SLF001 (as above)
            module = getattr(fixture.func, "__module__", "")
            if not f"{module}.".startswith(_OWN_MODULES) and module != _OWN_MODULES[-1]:
                file = Path(_code_place(fixture.func)[0])
                yield file, _reserved_finding(name, fixture.func, file.name)


def _reserved_finding(name: str, function: Callable[..., Any], path: str) -> Problem:
    return Problem(path, _code_place(function)[1], 1, "reserved-fixture", MESSAGE.format(name=name), REMEDY)


def _code_place(function: Callable[..., Any]) -> tuple[str, int]:
    """Return file and line of *function*; a fixture need not be a function."""
    code = getattr(function, "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code is not None else ("", 1)
