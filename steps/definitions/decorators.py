"""Decorators that make step definitions: a step sentence and the function that runs for it.

Thin decorators over pytest-bdd that parse their text as a Cucumber Expression, so that the same modules run under stock
pytest-bdd and work with the stock Cucumber language server::

    stage = parameter(name="stage", regexp="CREATED|PACKED", type=Stage)

    @given("the order is {stage} in Assure OMS", target_fixture="stage")
    def _(stage: Stage) -> Stage:
        return stage

The arguments of the expression are passed to the function's first parameters, in order; its other parameters are fixtures.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import pytest_bdd
from cucumber_expressions.ast import Node, NodeType
from cucumber_expressions.expression import CucumberExpression
from cucumber_expressions.parameter_type import ParameterType
from cucumber_expressions.parameter_type_registry import ParameterTypeRegistry
from pytest_bdd.parsers import StepParser

from sop_engine import SopError
from sop_engine.text import counted
from sop_runs.record.schema import StepKind
from steps.definitions.discovery import path_of

STEP_KINDS: tuple[StepKind, ...] = ("given", "when", "then")
STEP_ARGUMENTS = frozenset({"datatable", "docstring"})

ANY_SENTENCE = "any sentence"
"""In `follows`: the step sentence may replace the value of any other, as in *it has since been …*."""
_NO_VALUES = STEP_ARGUMENTS | {"claims"}

PARAMETER_TYPES = ParameterTypeRegistry()
"""Every parameter type of the project, including Cucumber's own ({int}, {string}, {word} …)."""

_PLAIN_CHOICES = re.compile(r"[^\\()\[\]{}.*+?^$]+")


class StepDefinitionError(SopError):
    """A step definition whose sentence and function do not match: a mistake in Python, not in a feature file."""


@dataclass(frozen=True, slots=True)
class StepParameter:
    """One ``{parameter}`` of a step sentence; *choices* has its values if they can be listed, otherwise it is empty."""

    name: str
    pattern: re.Pattern[str]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """A step sentence with its function and its place in the source."""

    kind: StepKind
    expression: str
    sentence: "CucumberExpressionParser"
    function: Callable[..., object]
    target_fixture: str | None
    module: str
    file: str
    line: int
    arguments: tuple[str, ...]
    fixtures: tuple[str, ...]
    follows: tuple[str, ...] = ()
    keyed: bool = False
    when_optional: bool = False
    other_than: str = ""

    @property
    def takes(self) -> tuple[str, ...]:
        """The fixtures that may be values of earlier steps: all but the table, the doc string and the claims."""
        return tuple(name for name in self.fixtures if name not in _NO_VALUES)

    @property
    def gives(self) -> tuple[str, ...]:
        """The values that the step sets. A Given or When without a target fixture may change everything that it takes."""
        if self.target_fixture is not None:
            return (self.target_fixture,)
        return () if self.kind == "then" else self.takes

    def may_follow(self, earlier: "StepDefinition") -> bool:
        """Return whether this step sentence may replace a value that the sentence of *earlier* gave.

        Unless `follows` lists them, a step that takes the value and gives it again may follow: a When any, a Given any but itself.
        """
        if self.follows:
            return ANY_SENTENCE in self.follows or earlier.expression in self.follows
        return self.target_fixture in self.takes and (self.kind != "given" or earlier is not self)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters of the function, in order."""
        return self.arguments + self.fixtures

    @property
    def takes_table(self) -> bool:
        """Whether the function takes the table below the step."""
        return "datatable" in self.fixtures

    @property
    def takes_docstring(self) -> bool:
        """Whether the function takes the doc string below the step."""
        return "docstring" in self.fixtures

    @property
    def path(self) -> str:
        """The file, such as ``steps/bindings/returns.py``."""
        return path_of(self.module, self.file)

    @property
    def place(self) -> str:
        """File and line for messages, such as ``steps/bindings/returns.py:12``."""
        return f"{self.path}:{self.line}"

    def __str__(self) -> str:
        return f"{self.kind.capitalize()} {self.expression}"


DEFINITIONS: dict[str, list[StepDefinition]] = {}
"""The step definitions of each imported module, by module name, in the order in which they are written."""


class _Expression(CucumberExpression):  # type: ignore[misc] # the library is untyped
    """A Cucumber Expression that keeps its tree, so that it is parsed only once."""

    def rewrite_expression(self, node: Node) -> str:
        self.tree = node
        return str(super().rewrite_expression(node))

    def rewrite_parameter(self, node: Node) -> str:
        if PARAMETER_TYPES.lookup_by_type_name(node.text) is None:
            names = [kind.name for kind in PARAMETER_TYPES.parameter_types if kind.name]
            near = "".join(f", or write `{{{name}}}`" for name in get_close_matches(node.text, names, n=1))
            remedy = f'define it above with `parameter(name="{node.text}", regexp=…)`{near}'
            raise StepDefinitionError(
                f"step sentence `{self.expression}` has the parameter `{{{node.text}}}`, which is not defined; {remedy}"
            )
        return str(super().rewrite_parameter(node))


class CucumberExpressionParser(StepParser):
    """A Cucumber Expression as a step parser of pytest-bdd."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        if "{}" in text:
            raise StepDefinitionError(f"step sentence `{text}` has a parameter without a name; name its type, as in {{stage}}")
        expression = _Expression(text, PARAMETER_TYPES)
        self._types: list[ParameterType] = expression.parameter_types
        self._build = expression.tree_regexp.group_builder.build
        self.pattern: re.Pattern[str] = expression.tree_regexp.regexp
        self._is_flat = self.pattern.groups == len(self._types)  # no nested groups, so no tree has to be built
        self.pieces = _sentence_pieces(expression.tree, self._types)
        self.prefix = _literal_prefix(self.pieces)
        self.argument_names: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[StepParameter, ...]:
        """The parameters of the step sentence, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, StepParameter))

    def is_matching(self, name: str) -> bool:
        """Return whether the whole of *name* matches this step sentence (called by pytest-bdd and by the registry)."""
        return self.pattern.fullmatch(name) is not None

    def arguments(self, name: str) -> tuple[object, ...]:
        """Return the converted values of the parameters, in the order of the step sentence.

        Raises:
            ValueError: the text does not match, or a value cannot be converted.
        """
        match = self.pattern.fullmatch(name)
        if match is None:
            raise ValueError(f"`{name}` does not match `{self.name}`")
        if self._is_flat:
            return tuple(parameter_type.transform([text]) for parameter_type, text in zip(self._types, match.groups(), strict=True))
        groups = self._build(match, iter(range(len(match.groups()) + 1))).children or []
        return tuple(parameter_type.transform(group.values) for parameter_type, group in zip(self._types, groups, strict=True))

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """Return the values by the name of the function's parameter (called by pytest-bdd); None if the text does not match."""
        if not self.is_matching(name):
            return None
        return dict(zip(self.argument_names, self.arguments(name), strict=True))


def _sentence_pieces(tree: Node, types: list[ParameterType]) -> tuple[str | StepParameter | None, ...]:
    """Return the step sentence in pieces: literal text, parameters, and None for optional text and alternatives."""
    remaining_types = iter(types)
    pieces: list[str | StepParameter | None] = []
    for node in tree.nodes or []:
        if node.ast_type == NodeType.PARAMETER:
            pieces.append(_step_parameter(next(remaining_types)))
        elif node.ast_type != NodeType.TEXT:
            pieces.append(None)
        elif pieces and isinstance(pieces[-1], str):
            pieces[-1] += node.text
        else:
            pieces.append(node.text)
    return tuple(pieces)


def _step_parameter(kind: ParameterType) -> StepParameter:
    joined = "|".join(f"(?:{regexp})" for regexp in kind.regexps)
    plain = len(kind.regexps) == 1 and _PLAIN_CHOICES.fullmatch(kind.regexps[0])
    return StepParameter(kind.name, re.compile(joined), tuple(kind.regexps[0].split("|")) if plain else ())


def _literal_prefix(pieces: tuple[str | StepParameter | None, ...]) -> str:
    """Return the common beginning of all matching texts, cut to whole words unless the step sentence has no parameter."""
    prefix = ""
    for piece in pieces:
        if not isinstance(piece, str):
            return prefix[: prefix.rfind(" ") + 1]
        prefix += piece
    return prefix


def parameter(*, name: str, regexp: str, type: Callable[[str], object] = str) -> ParameterType:  # noqa: A002 - the name that the language server parses
    """Define a parameter type: *regexp* matches its text, *type* converts the matched text to a value."""
    existing = PARAMETER_TYPES.lookup_by_type_name(name)
    if existing is not None and existing.regexps == [regexp]:
        existing.type, existing.transformer = type, type
        return existing
    if re.compile(regexp).groups:
        raise StepDefinitionError(f"the regexp of parameter `{name}` has a group (…); write (?:…) instead")
    parameter_type = ParameterType(name, regexp, type, type)
    PARAMETER_TYPES.define_parameter_type(parameter_type)
    return parameter_type


def given(
    text: str, target_fixture: str | None = None, *, follows: Sequence[str] = (), keyed: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Define the Given *text*; the value that the function returns becomes the fixture *target_fixture*.

    Args:
        text: the step sentence.
        target_fixture: the name of the value.
        follows: the step sentences whose value this one may replace, or `ANY_SENTENCE`. By default a value is given once, and a step
            that takes it and gives it again may follow once.
        keyed: the sentence may be repeated with another key: another first cell in each row of its table, or another first argument.
    """
    return _binder("given", text, target_fixture, follows=tuple(follows), keyed=keyed)


def when(
    text: str, target_fixture: str | None = None, *, follows: Sequence[str] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Define the When *text*; the value that the function returns becomes the fixture *target_fixture*. *follows*: as in `given`."""
    return _binder("when", text, target_fixture, follows=tuple(follows))


def then(
    text: str, target_fixture: str | None = None, *, when_optional: bool = False, other_than: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Define the Then *text*; the value that the function returns becomes the fixture *target_fixture*.

    Args:
        text: the step sentence.
        target_fixture: the name of the value.
        when_optional: the sentence is about a table or a report that the Givens describe, so that a scenario needs no When.
        other_than: a fixture; the first argument must differ from that of the Given that sets it, or the Then compares a fact with itself.
    """
    return _binder("then", text, target_fixture, when_optional=when_optional, other_than=other_than)


def _binder(kind: StepKind, text: str, target: str | None, **use: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def bind(function: Callable[..., Any]) -> Callable[..., Any]:
        sentence = CucumberExpressionParser(text)
        definition = replace(_define(kind, sentence, function, target), **use)
        DEFINITIONS.setdefault(definition.module, []).append(definition)
        decorate = getattr(pytest_bdd, kind)(sentence, target_fixture=target, stacklevel=2)  # the module of the caller
        return decorate(function)  # type: ignore[no-any-return]

    return bind


def _define(kind: StepKind, sentence: CucumberExpressionParser, function: Callable[..., Any], target: str | None) -> StepDefinition:
    """Pair the parameters of the step sentence with the function's first parameters."""
    names = tuple(inspect.signature(function).parameters)
    count = len(sentence.parameters)
    arguments, fixtures = names[:count], names[count:]
    code = function.__code__
    if len(arguments) < count or STEP_ARGUMENTS & set(arguments):
        raise StepDefinitionError(
            f"step sentence `{sentence.name}` has {counted(count, 'parameter')}, its function takes ({', '.join(names)}); "
            "give the function one parameter for each, before its fixtures"
        )
    sentence.argument_names = arguments
    return StepDefinition(
        kind=kind, expression=sentence.name, sentence=sentence, function=function, target_fixture=target,
        module=function.__module__, file=code.co_filename, line=code.co_firstlineno,
        arguments=arguments, fixtures=fixtures,
    )  # fmt: skip
