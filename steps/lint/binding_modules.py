"""The lint of binding modules: a module without sentences, steps that the specification does not know, checks that claim nothing.

What a module binds is read from the decorators, after it was imported; where it asserts, from its text.
"""

import ast
import inspect
from collections.abc import Iterator, Sequence
from itertools import chain
from types import ModuleType

from pytest_bdd.steps import step_function_context_registry

from sop_engine.text import quoted
from sop_runs.problem import Problem, sort_key
from steps.definitions.decorators import DEFINITIONS, CucumberExpressionParser, StepDefinition
from steps.definitions.discovery import modules_of, path_of
from steps.lint.checked_file import Findings

GUIDE = "docs/steps.md"


def binding_findings(modules: Sequence[ModuleType]) -> tuple[Problem, ...]:
    """What is wrong with *modules*, in order; the path of a finding is like ``my_shop/steps.py``, from the folder of its package."""
    module_findings = chain.from_iterable(_module_findings(module) for module in modules)
    return tuple(sorted([*module_findings, *_duplicate_sentences(modules)], key=sort_key))


def _module_findings(module: ModuleType) -> Findings:
    path = path_of(module.__name__, module.__file__)
    definitions, stock = DEFINITIONS.get(module.__name__, []), list(_stock_steps(module, path))
    yield from stock
    yield from _bare_asserts(module, path, definitions)
    if not definitions and not stock and not modules_of(module):
        remedy = (
            f"bind one with `@given`, `@when` or `@then` of steps.definitions.decorators ({GUIDE}), or begin its name with an underscore"
        )
        yield Problem(path, 1, 1, "no-sentence", f"the module `{module.__name__}` binds no sentence", remedy)


def _stock_steps(module: ModuleType, path: str) -> Findings:
    """Rule stock-step."""
    for context in list(step_function_context_registry.values()):
        function = inspect.unwrap(context.step_func)
        if function.__module__ == module.__name__ and not isinstance(context.parser, CucumberExpressionParser):
            kind = context.type or "step"
            message = (
                f"{quoted(context.parser.name)} is bound with `{kind}` of pytest-bdd, so no feature file can use it and it cannot claim"
            )
            decorators = kind if context.type else "given, when, then"
            remedy = f"write `from steps.definitions.decorators import {decorators}` and a sentence with its values in braces ({GUIDE})"
            yield Problem(path, getattr(function, "__code__", _nowhere.__code__).co_firstlineno, 1, "stock-step", message, remedy)


def _nowhere() -> None:
    """Stand in for a step that is no function."""


def _bare_asserts(module: ModuleType, path: str, definitions: Sequence[StepDefinition]) -> Findings:
    """Rule bare-assert."""
    thens = {definition.line: definition for definition in definitions if definition.kind == "then"}
    for function in _functions(module) if thens else ():
        definition = thens.get(min(node.lineno for node in (function, *function.decorator_list)))
        nodes = list(ast.walk(function))
        asserts = [node for node in nodes if isinstance(node, ast.Assert)]
        if definition is not None and asserts and not any(isinstance(node, ast.Name) and node.id == "claims" for node in nodes):
            message = f"`{definition}` asserts and claims nothing, so no record says what was checked"
            remedy = f"take the parameter `claims: Claims` and write `claims.check(…)` instead of `assert` ({GUIDE})"
            yield Problem(path, asserts[0].lineno, asserts[0].col_offset + 1, "bare-assert", message, remedy)


def _functions(module: ModuleType) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _duplicate_sentences(modules: Sequence[ModuleType]) -> Findings:
    """Rule duplicate-sentence."""
    first: dict[str, StepDefinition] = {}
    for definition in chain.from_iterable(DEFINITIONS.get(module.__name__, ()) for module in modules):
        earlier = first.setdefault(str(definition), definition)
        if earlier is not definition:
            message, remedy = f"`{definition}` is bound at {earlier.place} already", "delete one of the two, or word it differently"
            yield Problem(definition.path, definition.line, 1, "duplicate-sentence", message, remedy)
