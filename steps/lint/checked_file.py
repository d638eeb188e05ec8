"""CheckedFile: a feature file with the step definitions and tags that the lint checks it against."""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from sop_engine import SopError, load_rulebook
from sop_engine.order import Order
from sop_runs.problem import Problem
from sop_runs.record.version_tags import applies
from steps.definitions.decorators import StepDefinition
from steps.definitions.registry import Match, Registry
from steps.driver.in_process import EngineDriver
from steps.driver.order_life import OrderLife
from steps.language.document import FeatureSource
from steps.language.examples import Example, StepLine, WrittenBlock, blocks
from steps.language.line_counter import count_examples
from steps.language.parser import Node
from steps.support.claims import Claims
from steps.support.order_attempts import Refusal

MAX_STEP = 300
"""Maximum length of a step, in characters."""

MAX_COMPARISONS = 100
"""Maximum number of unknown words per file that are compared with all known ones, which is slow; the rest get no "did you mean"."""


class Life(NamedTuple):
    """The order after each Given and When that returns it, by the number of the step; and the error of a step that is impossible or untrue."""

    orders: Mapping[int, Order] = MappingProxyType({})
    error: Exception | None = None
    refusals: Mapping[int, Refusal] = MappingProxyType({})
    """The refusal of each step that is tried, by the number of the step."""


@lru_cache(maxsize=1024)
def _has_life(definitions: tuple[StepDefinition, ...]) -> bool:
    """Return whether one of *definitions* says that it returns an order, or the refusal of an attempt."""
    return any(definition.function.__annotations__.get("return") in (Order, OrderLife, Refusal) for definition in definitions)


@dataclass(frozen=True)
class MatchedExample:
    """An example, the match of each of its steps, and the step definitions of these matches."""

    example: Example
    matches: tuple[Match, ...]
    definitions: tuple[StepDefinition, ...]

    @cached_property
    def life(self) -> Life:
        """The life of the order, if the example has one. It is empty if a step takes what the lint does not have, and ends at an error."""
        if not _has_life(self.definitions):
            return Life()
        values: dict[str, object] = {"driver": EngineDriver(), "claims": Claims()}
        orders: dict[int, Order] = {}
        refusals: dict[int, Refusal] = {}
        for number, match in enumerate(self.matches):
            definition = match.definition
            if definition.function.__annotations__.get("return") is Refusal and values.keys() >= set(definition.fixtures):
                refusal = definition.function(**match.arguments, **{name: values[name] for name in definition.fixtures})
                refusals |= {number: refusal} if isinstance(refusal, Refusal) else {}
            if definition.target_fixture == "order" and definition.function.__annotations__.get("return") in {Order, OrderLife}:
                if not values.keys() >= set(definition.fixtures):
                    return Life()
                fixtures = {name: values[name] for name in definition.fixtures}
                try:
                    values["order"] = definition.function(**match.arguments, **fixtures)
                except (SopError, ValueError) as error:
                    return Life(orders, error, refusals)
                if not isinstance(values["order"], Order):
                    return Life()
                orders[number] = values["order"]
        return Life(orders, None, refusals)

    @property
    def steps(self) -> Iterator[tuple[StepLine, Match]]:
        """The steps with their step definitions."""
        return zip(self.example.steps, self.matches, strict=True)


def content_of(step: StepLine, match: Match) -> Hashable:
    """Return what a step says: its values, table and doc string, without the words that its sentence leaves free (is/are)."""
    return id(match.definition), match.groups, step.table, step.docstring


@dataclass(frozen=True)
class CheckedFile:
    """A feature file with the step sentences and tags that it may use."""

    source: FeatureSource
    registry: Registry
    known_tags: frozenset[str]
    _comparisons: Iterator[int] = field(default_factory=lambda: iter(range(MAX_COMPARISONS)), repr=False, compare=False)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text without their line ends; index 0 is line 1."""
        return [line.removesuffix("\r") for line in self.source.text.split("\n")]

    @cached_property
    def prose_lines(self) -> frozenset[int]:
        """The numbers of the lines that the parser read as descriptions."""
        return frozenset(prose.line for prose in self.source.prose)

    @cached_property
    def tags_by_letters(self) -> dict[str, str]:
        """The known tags by their letters and digits only."""
        return {comparable_tag(tag): tag for tag in sorted(self.known_tags, reverse=True)}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of the step sentences, of the values that they name, and of the known tags."""
        sentences = [str(definition) for definition in self.registry.definitions]
        values = [choice for definition in self.registry.definitions for kind in definition.sentence.parameters for choice in kind.choices]
        return frozenset(re.findall(r"\w+", " ".join([*sentences, *values, *self.known_tags])))

    @property
    def feature(self) -> Node | None:
        """The parser's tree; None if the file could not be parsed or has no feature."""
        return self.source.document.feature if self.source.document else None

    @cached_property
    def counted(self) -> int:
        """Number of examples by the line counter; 0 in a file that is not text."""
        return count_examples(self.source.text) if self.source.readable else 0

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The examples that stand in the version of the rulebook; the words of other versions are not known here."""
        book = load_rulebook()
        written = self.source.document.examples if self.source.document else ()
        return tuple(example for example in written if applies(example.tags, book.name, book.follows))

    @cached_property
    def matched(self) -> tuple[MatchedExample, ...]:
        """The examples with a Then of their own of which every step matches exactly one step definition."""
        examples: list[MatchedExample] = []
        for example in self.examples:
            matches: list[Match] = []
            has_then = False
            for step in example.steps:
                of_step = self.registry.match(step.kind, step.text) if len(step.text) <= MAX_STEP else ()
                if len(of_step) != 1:
                    break
                matches += of_step
                has_then = has_then or (step.kind == "then" and step.line > example.line)
            if has_then and len(matches) == len(example.steps):
                examples.append(MatchedExample(example, tuple(matches), tuple([match.definition for match in matches])))
        return tuple(examples)

    @cached_property
    def blocks(self) -> tuple[WrittenBlock, ...]:
        """The scenarios as written."""
        return tuple(blocks(self.feature)) if self.feature else ()

    def finding(self, at: tuple[int, int], rule: str, message: str, remedy: str, suggestion: str | None = None) -> Problem:
        """Return a finding in this file, *at* a line and column."""
        return Problem(self.source.path, *at, rule, message, remedy, suggestion)

    def step_finding(self, step: StepLine, rule: str, message: str, remedy: str) -> Problem:
        """Return a finding at a step."""
        return self.finding((step.line, step.column), rule, message, remedy)

    def most_similar(self, word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
        """Return the most similar of *candidates*; None if none is similar or the file has used its `MAX_COMPARISONS`."""
        if not self.use_comparison():
            return None
        return next(iter(get_close_matches(word, list(candidates), n=1, cutoff=cutoff)), None)

    def use_comparison(self) -> bool:
        """Use up one of the file's `MAX_COMPARISONS`; return whether one was left."""
        return next(self._comparisons, None) is not None

    def at(self, node: Node) -> tuple[int, int]:
        """Return line and column of a node of the tree."""
        return node["location"]["line"], node["location"].get("column", 1)

    def find(self, needle: str, line: int, last: int | None = None) -> tuple[int, int]:
        """Return line and column of *needle* from *line* to *last*; those of the first character of *line* if it is not found."""
        for number in range(line, min(last or line, len(self.lines)) + 1):
            column = self.lines[number - 1].find(needle)
            if column >= 0:
                return number, column + 1
        return self.start_of(line)

    def start_of(self, line: int) -> tuple[int, int]:
        """Return line and column of the first character of a line."""
        text = self.lines[line - 1]
        return line, len(text) - len(text.lstrip()) + 1


def comparable_tag(tag: str) -> str:
    """Return the letters and digits of a tag in lower case, for comparing misspelt tags."""
    return re.sub(r"[\W_]+", "", tag).casefold()


Findings = Iterator[Problem]
