"""CheckedFile: one feature file under the lint, and what it is held against."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from sop_runs.problem import Problem
from steps.definitions.registry import Registry
from steps.language.document import FeatureSource
from steps.language.examples import WrittenBlock, blocks
from steps.language.line_counter import count_examples
from steps.language.parser import Node

MAX_STEP = 300
"""Characters of a step."""

MAX_COMPARISONS = 100
"""How many unknown words of a file are compared with all known ones, which is slow; the rest get no "did you mean"."""


@dataclass(frozen=True)
class CheckedFile:
    """A source with the sentences and tags that it may use."""

    source: FeatureSource
    registry: Registry
    known_tags: frozenset[str]
    _comparisons: Iterator[int] = field(default_factory=lambda: iter(range(MAX_COMPARISONS)), repr=False, compare=False)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends; line 1 is the first."""
        return [line.removesuffix("\r") for line in self.source.text.split("\n")]

    @cached_property
    def prose_lines(self) -> frozenset[int]:
        """The lines that the parser took for descriptions."""
        return frozenset(prose.line for prose in self.source.prose)

    @cached_property
    def tags_by_letters(self) -> dict[str, str]:
        """The known tags by their letters and digits alone."""
        return {letters_of(tag): tag for tag in sorted(self.known_tags, reverse=True)}

    @property
    def feature(self) -> Node | None:
        """The parser's tree, where there is one."""
        return self.source.document.feature if self.source.document else None

    @cached_property
    def counted(self) -> int:
        """How many scenarios there are by the line counter; none in a file that is not text."""
        return count_examples(self.source.text) if self.source.readable else 0

    @cached_property
    def blocks(self) -> tuple[WrittenBlock, ...]:
        """The scenarios as written."""
        return tuple(blocks(self.feature)) if self.feature else ()

    def finding(self, at: tuple[int, int], rule: str, message: str, remedy: str, suggestion: str | None = None) -> Problem:
        """A finding in this file, *at* a line and column."""
        return Problem(self.source.path, *at, rule, message, remedy, suggestion)

    def near(self, word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
        """The one of *candidates* that reads most like *word*; None when none does, or when the file has had its share."""
        if not self.may_compare():
            return None
        return next(iter(get_close_matches(word, list(candidates), n=1, cutoff=cutoff)), None)

    def may_compare(self) -> bool:
        """Whether one more comparison with everything known is in the share of this file."""
        return next(self._comparisons, None) is not None

    def at(self, node: Node) -> tuple[int, int]:
        """Line and column of a node of the tree."""
        return node["location"]["line"], node["location"].get("column", 1)

    def find(self, needle: str, line: int, last: int | None = None) -> tuple[int, int]:
        """Where *needle* stands between two lines; the first character of the first line if it is not found."""
        for number in range(line, min(last or line, len(self.lines)) + 1):
            column = self.lines[number - 1].find(needle)
            if column >= 0:
                return number, column + 1
        text = self.lines[line - 1]
        return line, len(text) - len(text.lstrip()) + 1


def letters_of(tag: str) -> str:
    """The letters and digits of a tag, in lower case: all that a hasty writer gets right."""
    return re.sub(r"[\W_]+", "", tag).casefold()


Findings = Iterator[Problem]
