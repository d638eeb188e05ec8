"""Step sentences as Cucumber Expressions: the pattern of a sentence, its pieces and parameters, and the values in a text."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import accumulate
from typing import Any

from cucumber_expressions.ast import Node, NodeType
from cucumber_expressions.errors import CucumberExpressionError
from cucumber_expressions.expression import CucumberExpression
from cucumber_expressions.parameter_type import ParameterType
from cucumber_expressions.parameter_type_registry import ParameterTypeRegistry
from cucumber_expressions.tree_regexp import TreeRegexp

from sop_engine import SopError
from steps.definitions.tables import CellError, Kind

PARAMETER_TYPES = ParameterTypeRegistry()
"""Every parameter type of the project, including Cucumber's own ({int}, {string}, {word} …)."""

_CUCUMBERS_OWN = tuple(PARAMETER_TYPES.parameter_types)
"""The parameter types before a module defines one: numbers and texts."""

SAMPLES = (
    "1",
    "2026",
    "1 unit",
    "2 units",
    "1 unit is",
    "2 units are",
    "2026-11-23",
    "2026-11-23 10:00",
    '"x"',
    "x",
    "SC-ERP-FULL-1a",
    "GAP-01",
    "1.5",
)
"""Texts of which a parameter without choices may accept some."""

_PLAIN_PIECE = re.compile(r"([^{}]+)|\{([^{}]+)\}")
_PLAIN_SENTENCE = re.compile(r"(?:[^\\/(){}]|\{[^\\/(){}]+\})+")
"""A step sentence without optional text, alternatives and escapes, and a piece of it: a text or the name of a parameter."""
PLAIN_CHOICES = re.compile(r"[^\\()\[\]{}.*+?^$]+")
"""The pattern of a parameter that only lists its values."""


class StepDefinitionError(SopError):
    """A step definition whose sentence and function do not match: a mistake in Python, not in a feature file."""


@dataclass(frozen=True, slots=True)
class StepParameter:
    """One ``{parameter}`` of a step sentence; *choices* has its values if they can be listed, otherwise it is empty."""

    name: str
    regexp: str
    choices: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of its values; compiled here, because only a step that matches no sentence is compared with it."""
        return re.compile(self.regexp)

    @property
    def samples(self) -> tuple[str, ...]:
        """The choices, or those of `SAMPLES` that are values."""
        return self.choices or tuple(sample for sample in SAMPLES if self.pattern.fullmatch(sample))


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


class CucumberExpressionParser:
    """A Cucumber Expression, with the name and the methods of a step parser of pytest-bdd."""

    def __init__(self, text: str) -> None:
        self.name = text
        if not text.strip():
            raise StepDefinitionError("a step sentence is empty; write its words")
        if "{}" in text:
            raise StepDefinitionError(f"step sentence `{text}` has a parameter without a name; name its type, as in {{stage}}")
        plain = _plain_pieces(text)
        if plain is None:
            try:
                self._types: list[ParameterType] = self._expression.parameter_types
            except CucumberExpressionError as error:
                raise _syntax_error(text, str(error)) from None
            self.pieces = _sentence_pieces(self.tree, self._types)
        else:
            self._types = [piece for piece in plain if isinstance(piece, ParameterType)]
            self.pieces = tuple(_step_parameter(piece) if isinstance(piece, ParameterType) else piece for piece in plain)
        self._plain = plain
        self._kinds = tuple(map(_kind_of_one_text, self._types))
        self.is_constant = all(kind in _CUCUMBERS_OWN for kind in self._types)
        """Whether equal texts always have equal values, which cannot be changed."""
        self.parameters: tuple[StepParameter, ...] = tuple(piece for piece in self.pieces if isinstance(piece, StepParameter))
        """The parameters of the step sentence, in order."""
        self.has_free_values = not all(parameter.choices for parameter in self.parameters)
        """Whether the values of a parameter cannot be listed."""
        self.prefix = _literal_prefix(self.pieces)
        self.argument_names: tuple[str, ...] = ()

    @cached_property
    def _expression(self) -> _Expression:
        return _Expression(self.name, PARAMETER_TYPES)

    @property
    def tree(self) -> Node:
        """The tree of the step sentence."""
        return self._expression.tree

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of the step sentence, compiled when a text is first compared with it: most sentences match none in a run."""
        return self._expression.tree_regexp.regexp if self._plain is None else re.compile(self.pattern_text)

    @cached_property
    def pattern_text(self) -> str:
        """The text of the pattern."""
        if self._plain is None:
            return str(self.pattern.pattern)
        parts = (_pattern_of(piece) if isinstance(piece, ParameterType) else str(_Expression.escape_regex(piece)) for piece in self._plain)
        return f"^{''.join(parts)}$"

    @property
    def groups(self) -> tuple[int, ...]:
        """The number of the group of the pattern that has the value of each parameter; there may be further groups inside it."""
        if self._plain is None:
            inside = [_group_count(group) for group in TreeRegexp(self.pattern).group_builder.children]
        else:
            inside = [_groups_in(_pattern_of(kind)) for kind in self._types]
        return tuple(accumulate(inside[:-1], initial=1)) if inside else ()

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match of the whole of *text* with this step sentence; None if there is none."""
        return self.pattern.fullmatch(text)

    def is_matching(self, name: str) -> bool:
        """Return whether the whole of *name* matches this step sentence (called by pytest-bdd)."""
        return self.match(name) is not None

    def arguments(self, name: str) -> tuple[object, ...]:
        """Return the converted values of the parameters, in the order of the step sentence.

        Raises:
            ValueError: the text does not match.
            StepValueError: a value cannot be converted.
        """
        match = self.match(name)
        if match is None:
            raise ValueError(f"`{name}` does not match `{self.name}`")
        return self.values_in(match)

    def values_in(self, match: re.Match[str]) -> tuple[object, ...]:
        """Return the converted values of the parameters in a *match* of the pattern, in the order of the step sentence.

        Raises:
            StepValueError: a value cannot be converted.
        """
        if self.pattern.groups == len(self._types):  # no nested groups, so no tree has to be built
            return tuple([_value_of(kind, text) for kind, text in zip(self._kinds, match.groups(), strict=True)])
        groups = self._expression.tree_regexp.group_builder.build(match, iter(range(len(match.groups()) + 1))).children or []
        return tuple(
            _value_of(_kind_of_texts(kind, group.values), group.values[0]) for kind, group in zip(self._types, groups, strict=True)
        )

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """Return the values by the name of the function's parameter (called by pytest-bdd); None if the text does not match."""
        if not self.is_matching(name):
            return None
        return dict(zip(self.argument_names, self.arguments(name), strict=True))


def _plain_pieces(text: str) -> list[str | ParameterType] | None:
    """Return the texts and the parameter types of a step sentence that has nothing else; None of any other, which the library reads."""
    if not _PLAIN_SENTENCE.fullmatch(text):
        return None
    pieces: list[str | ParameterType] = []
    for literal, name in _PLAIN_PIECE.findall(text):
        parameter_type = PARAMETER_TYPES.lookup_by_type_name(name) if name else None
        if name and parameter_type is None:
            return None
        pieces.append(parameter_type or literal)
    return pieces


def _group_count(builder: Any) -> int:
    """Return the number of groups of a part of a pattern, itself included."""
    return 1 + sum(_group_count(child) for child in builder.children)


@cache
def _groups_in(pattern: str) -> int:
    """Return the number of groups of the pattern of a parameter, which is a group itself."""
    return 1 if pattern.count("(") == 1 else re.compile(pattern).groups


def _pattern_of(parameter_type: ParameterType) -> str:
    """Return the pattern of a parameter in that of its sentence, as the library writes it."""
    first, *others = parameter_type.regexps
    return f"({first})" if not others else f"((?:{')|(?:'.join(parameter_type.regexps)}))"


def _syntax_error(text: str, message: str) -> StepDefinitionError:
    """Return the error of the library, which has five lines, in one: the column, the problem and the remedy."""
    place, *_, problem, remedy = message.splitlines()
    return StepDefinitionError(f"step sentence `{text}`: {place} {problem} {remedy.rstrip('.')}")


class StepValueError(CellError):
    """A text that matches a parameter and has no value, such as the day 2026-02-30; `text` is that text."""

    def __init__(self, text: str, error: CellError) -> None:
        super().__init__(str(error), error.remedy, error.suggestion)
        self.text = text


def _kind_of_one_text(parameter_type: ParameterType) -> Kind:
    return Kind(parameter_type.name, parameter_type.transformer)


def _kind_of_texts(parameter_type: ParameterType, texts: list[str]) -> Kind:
    return Kind(parameter_type.name, lambda _: parameter_type.transform(texts))


def _value_of(kind: Kind, text: str) -> object:
    try:
        return kind.value(text)
    except CellError as error:
        raise StepValueError(text, error) from None


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
    plain = len(kind.regexps) == 1 and PLAIN_CHOICES.fullmatch(kind.regexps[0])
    return StepParameter(kind.name, joined, tuple(kind.regexps[0].split("|")) if plain else ())


def _literal_prefix(pieces: tuple[str | StepParameter | None, ...]) -> str:
    """Return the common beginning of all matching texts, cut to whole words unless the step sentence has no parameter."""
    prefix = ""
    for piece in pieces:
        if not isinstance(piece, str):
            return prefix[: prefix.rfind(" ") + 1]
        prefix += piece
    return prefix
