"""Lint of modules with step definitions: none in a module, pytest-bdd's own, duplicates, asserts instead of claims.

The step definitions are those that the decorators registered when the module was imported; asserts are found in its source text.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from types import ModuleType

from sop_engine.text import quoted
from sop_runs.problem import Problem, sort_key
from steps.definitions.decorators import DEFINITIONS, StepDefinition
from steps.definitions.discovery import modules_of, path_of
from steps.definitions.expressions import CucumberExpressionParser
from steps.definitions.own_fixtures import reserved_in_module
from steps.lint.checked_file import Findings

GUIDE = "docs/steps.md"


def binding_findings(modules: Sequence[ModuleType]) -> tuple[Problem, ...]:
    """Return the findings for *modules*, sorted; their paths are like ``my_shop/steps.py``, relative to the folder of the package."""
    module_findings = chain.from_iterable(_module_findings(module) for module in modules)
    return tuple(sorted([*module_findings, *_duplicate_sentences(modules)], key=sort_key))


def _module_findings(module: ModuleType) -> Findings:
    path = path_of(module.__name__, module.__file__)
    definitions, stock = DEFINITIONS.get(module.__name__, []), list(_stock_steps(module, path))
    yield from stock
    yield from _bare_asserts(module, path, definitions)
    yield from _undeclared_tables(path, definitions)
    yield from reserved_in_module(module, path)
    if not definitions and not stock and not modules_of(module):
        remedy = (
            f"add one with `@given`, `@when` or `@then` of steps.definitions.decorators ({GUIDE}), or begin its name with an underscore"
        )
        yield Problem(path, 1, 1, "no-sentence", f"the module `{module.__name__}` has no step definition", remedy)


def _stock_steps(module: ModuleType, path: str) -> Findings:
    """Yield the findings of rule stock-step; a module that defines such a step has loaded pytest-bdd."""
    stock = sys.modules.get("pytest_bdd.steps")
    for context in list(stock.step_function_context_registry.values()) if stock is not None else ():
        function = inspect.unwrap(context.step_func)
        if function.__module__ == module.__name__ and not isinstance(context.parser, CucumberExpressionParser):
            kind = context.type or "step"
            message = (
                f"{quoted(context.parser.name)} uses `{kind}` of pytest-bdd, so no feature file can use the step and it cannot make claims"
            )
            decorators = kind if context.type else "given, when, then"
            remedy = (
                f"write `from steps.definitions.decorators import {decorators}` and a step sentence with its values in braces ({GUIDE})"
            )
            yield Problem(path, getattr(function, "__code__", _nowhere.__code__).co_firstlineno, 1, "stock-step", message, remedy)


def _nowhere() -> None:
    """Stand-in for a step that is not a function; its line is reported."""


def _bare_asserts(module: ModuleType, path: str, definitions: Sequence[StepDefinition]) -> Findings:
    """Yield the findings of rule bare-assert."""
    thens = {definition.line: definition for definition in definitions if definition.kind == "then"}
    for function in _functions(module) if thens and "assert" in inspect.getsource(module) else ():
        definition = thens.get(min(node.lineno for node in (function, *function.decorator_list)))
        nodes = list(ast.walk(function))
        asserts = [node for node in nodes if isinstance(node, ast.Assert)]
        if definition is not None and asserts and not any(isinstance(node, ast.Name) and node.id == "claims" for node in nodes):
            message = f"`{definition}` uses `assert` and makes no claim, so the run record does not say what was checked"
            remedy = f"take the parameter `claims: Claims` and write `claims.check(…)` instead of `assert` ({GUIDE})"
            yield Problem(path, asserts[0].lineno, asserts[0].col_offset + 1, "bare-assert", message, remedy)


def _undeclared_tables(path: str, definitions: Sequence[StepDefinition]) -> Findings:
    """Yield the findings of rule undeclared-table."""
    for definition in definitions:
        if definition.takes_table and definition.table is None:
            message = f"`{definition}` takes a table and does not declare its columns, so a wrong table would not be found before the run"
            remedy = f"write `table=Table((Column(…), …))` of steps.definitions.tables in its decorator ({GUIDE})"
            yield Problem(path, definition.line, 1, "undeclared-table", message, remedy)


def _functions(module: ModuleType) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _duplicate_sentences(modules: Sequence[ModuleType]) -> Findings:
    """Yield the findings of rule duplicate-sentence."""
    first: dict[str, StepDefinition] = {}
    for definition in chain.from_iterable(DEFINITIONS.get(module.__name__, ()) for module in modules):
        earlier = first.setdefault(str(definition), definition)
        if earlier is not definition:
            message, remedy = f"`{definition}` is already defined at {earlier.place}", "delete one of the two, or change its wording"
            yield Problem(definition.path, definition.line, 1, "duplicate-sentence", message, remedy)
