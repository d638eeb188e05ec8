"""Decorators that make step definitions: a step sentence and the function that runs for it.

Decorators like those of pytest-bdd that parse their text as a Cucumber Expression. Where pytest-bdd is loaded, each step is defined
with its own decorator too, so that the same modules run under stock pytest-bdd; they work with the stock Cucumber language server::

    stage = parameter(name="stage", regexp="CREATED|PACKED", type=Stage)

    @given("the order is {stage} in Assure OMS", target_fixture="stage")
    def _(stage: Stage) -> Stage:
        return stage

The arguments of the expression are passed to the function's first parameters, in order; its other parameters are fixtures.
A function with the parameter ``datatable`` declares the columns of the table below its step: ``table=Table(…)``.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from keyword import iskeyword
from typing import Any

from cucumber_expressions.parameter_type import ParameterType

from sop_engine.text import counted
from sop_runs.record.schema import StepKind
from steps.definitions.discovery import path_of
from steps.definitions.expressions import PARAMETER_TYPES, PLAIN_CHOICES, CucumberExpressionParser, StepDefinitionError
from steps.definitions.stated_steps import AboutCheck, IdleCheck, no_idle_parts
from steps.definitions.tables import FilledTable, Table

STEP_KINDS: tuple[StepKind, ...] = ("given", "when", "then")
STEP_ARGUMENTS = frozenset({"datatable", "docstring"})
ANY_SENTENCE = "any sentence"
"""In `follows`: the step sentence may replace the value of any other, as in *it has since been …*."""
_NO_VALUES = STEP_ARGUMENTS | {"claims"}
OWN_FIXTURES = ("claims", "driver")
"""The fixtures that the executor sets for every example."""
RESERVED = STEP_ARGUMENTS | {*OWN_FIXTURES, "request", "_pytest_bdd_example"}
"""The fixtures of this program, pytest and pytest-bdd; no step may set them, because the steps after it would use its value instead."""


@dataclass(frozen=True, eq=False)
class StepDefinition:
    """A step sentence with its function and its place in the source; one is equal only to itself."""

    kind: StepKind
    expression: str
    sentence: CucumberExpressionParser
    function: Callable[..., object]
    target_fixture: str | None
    module: str
    file: str
    line: int
    arguments: tuple[str, ...]
    fixtures: tuple[str, ...]
    table: Table | None = None
    follows: tuple[str, ...] = ()
    keyed: bool = False
    when_optional: bool = False
    other_than: str = ""
    idle: IdleCheck = no_idle_parts
    about: Mapping[str, str | AboutCheck] = field(default_factory=dict, hash=False)

    @cached_property
    def input_fixtures(self) -> tuple[str, ...]:
        """The fixtures that may be values of earlier steps: all but the table, the doc string and the claims."""
        return tuple(name for name in self.fixtures if name not in _NO_VALUES)

    @cached_property
    def output_fixtures(self) -> tuple[str, ...]:
        """The values that the step sets. A Given or When without a target fixture may change everything that it takes."""
        if self.target_fixture is not None:
            return (self.target_fixture,)
        return () if self.kind == "then" else self.input_fixtures

    def may_follow(self, earlier: "StepDefinition") -> bool:
        """Return whether this step sentence may replace a value that the sentence of *earlier* gave.

        Unless `follows` lists them, a step that takes the value and gives it again may follow: a When any, a Given any but itself.
        """
        if self.follows:
            return ANY_SENTENCE in self.follows or earlier.expression in self.follows
        return self.target_fixture in self.input_fixtures and (self.kind != "given" or earlier is not self)

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


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
"""A decorator of the function of a step definition."""

DEFINITIONS: dict[str, list[StepDefinition]] = {}
"""The step definitions of each imported module, by module name, in the order in which they are written."""


def parameter(*, name: str, regexp: str, type: Callable[[str], object] = str, words: Iterable[str] = ()) -> ParameterType:  # noqa: A002 - the name that the language server parses
    """Define a parameter type: *regexp* matches its text, *type* converts the matched text to a value.

    With *words*, these match, whatever *regexp* is: it is then for the language server of an editor, which reads only the source.
    """
    regexp = "|".join(words) or regexp
    existing = PARAMETER_TYPES.lookup_by_type_name(name)
    if existing is not None and existing.regexps == [regexp]:
        existing.type, existing.transformer = type, type
        return existing
    if not PLAIN_CHOICES.fullmatch(regexp) and re.compile(regexp).groups:
        raise StepDefinitionError(f"the regexp of parameter `{name}` has a group (…); write (?:…) instead")
    parameter_type = ParameterType(name, regexp, type, type)
    PARAMETER_TYPES.define_parameter_type(parameter_type)
    return parameter_type


def given(  # noqa: PLR0913 (what a sentence says of itself)
    text: str,
    target_fixture: str | None = None,
    table: Table | None = None,
    *,
    follows: Sequence[str] = (),
    keyed: bool = False,
    idle: IdleCheck = no_idle_parts,
    about: Mapping[str, str | AboutCheck] | None = None,
) -> Decorator:
    """Define the Given *text*; the value that the function returns becomes the fixture *target_fixture*.

    Args:
        text: the step sentence.
        target_fixture: the name of the value.
        table: the columns of the table below the step.
        follows: the step sentences whose value this one may replace, or `ANY_SENTENCE`. By default a value is given once, and a step
            that takes it and gives it again may follow once.
        keyed: the sentence may be repeated with another key: another first cell in each row of its table, or another first argument.
        idle: the check for parts of the step that change nothing, by the values of the other steps.
        about: the ids of clauses, gaps and sections that a scenario with this step may have as tags although no case shows it; and the
            word that the step must have for that, "" if none, or a function that checks the text of the step and the order after it.
    """
    return _binder("given", text, target_fixture, table, follows=tuple(follows), keyed=keyed, idle=idle, about=about or {})


def when(  # noqa: PLR0913 (as in `given`)
    text: str,
    target_fixture: str | None = None,
    table: Table | None = None,
    *,
    follows: Sequence[str] = (),
    idle: IdleCheck = no_idle_parts,
    about: Mapping[str, str | AboutCheck] | None = None,
) -> Decorator:
    """Define the When *text*; the value that the function returns becomes the fixture *target_fixture*. The rest is as in `given`."""
    return _binder("when", text, target_fixture, table, follows=tuple(follows), idle=idle, about=about or {})


def then(  # noqa: PLR0913 (as in `given`)
    text: str,
    target_fixture: str | None = None,
    table: Table | None = None,
    *,
    when_optional: bool = False,
    other_than: str = "",
    idle: IdleCheck = no_idle_parts,
    about: Mapping[str, str | AboutCheck] | None = None,
) -> Decorator:
    """Define the Then *text*; the value that the function returns becomes the fixture *target_fixture*.

    Args:
        text: the step sentence.
        target_fixture: the name of the value.
        table: the columns of the table below the step.
        when_optional: the sentence is about a table or a report that the Givens describe, so that a scenario needs no When.
        other_than: a fixture; the first argument must differ from that of the Given that sets it, or the Then compares a fact with itself.
        idle: as in `given`; the step is idle if it only repeats a Given.
        about: as in `given`.
    """
    return _binder("then", text, target_fixture, table, when_optional=when_optional, other_than=other_than, idle=idle, about=about or {})


def _binder(kind: StepKind, text: str, target: str | None, table: Table | None, **use: Any) -> Decorator:
    def bind(function: Callable[..., Any]) -> Callable[..., Any]:
        sentence = CucumberExpressionParser(text)
        definition = replace(_define(kind, sentence, function, target, table), **use)
        DEFINITIONS.setdefault(definition.module, []).append(definition)
        stock = sys.modules.get("pytest_bdd")  # loaded as a plugin of pytest; `sop` runs the steps itself
        if stock is None:
            return definition.function
        stock.parsers.StepParser.register(CucumberExpressionParser)
        decorate = getattr(stock, kind)(sentence, target_fixture=target, stacklevel=2)  # the module of the caller
        return decorate(definition.function)  # type: ignore[no-any-return]

    return bind


def _filling_table(function: Callable[..., Any], table: Table) -> Callable[..., Any]:
    """Return *function*, called with the `FilledTable` of its data table; stock pytest-bdd passes the cells."""

    @wraps(function)
    def call(*arguments: object, datatable: FilledTable | list[list[str]], **fixtures: object) -> Any:
        filled = datatable if isinstance(datatable, FilledTable) else table.filled(datatable)
        return function(*arguments, datatable=filled, **fixtures)

    return call


def _define(
    kind: StepKind, sentence: CucumberExpressionParser, function: Callable[..., Any], target: str | None, table: Table | None
) -> StepDefinition:
    """Pair the parameters of the step sentence with the function's first parameters."""
    names = tuple(inspect.signature(function).parameters)
    count = len(sentence.parameters)
    arguments, fixtures = names[:count], names[count:]
    code = function.__code__
    if target is not None and not (isinstance(target, str) and target.isidentifier() and not iskeyword(target)):
        raise StepDefinitionError(
            f"step sentence `{sentence.name}` has the target_fixture {target!r}, which is not a name; "
            "give it a name that a function can have as a parameter"
        )
    if target in RESERVED:
        raise StepDefinitionError(
            f"step sentence `{sentence.name}` has the target_fixture `{target}`, a fixture of the program itself; give it another name"
        )
    if len(arguments) < count or RESERVED & set(arguments):
        raise StepDefinitionError(
            f"step sentence `{sentence.name}` has {counted(count, 'parameter')}, its function takes ({', '.join(names)}); "
            "give the function one parameter for each, before its fixtures"
        )
    if table is not None and "datatable" not in fixtures:
        raise StepDefinitionError(f"step sentence `{sentence.name}` declares a table; give its function the parameter `datatable`")
    sentence.argument_names = arguments
    return StepDefinition(
        kind=kind, expression=sentence.name, sentence=sentence, target_fixture=target, table=table,
        function=function if table is None else _filling_table(function, table),
        module=function.__module__, file=code.co_filename, line=code.co_firstlineno,
        arguments=arguments, fixtures=fixtures,
    )  # fmt: skip
