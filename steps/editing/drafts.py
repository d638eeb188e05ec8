"""Drafts: a feature file while it is edited, with the examples that a change affects, and the text with some of them only.

The key of an example is a digest of all that its result depends on: tags, steps and known failures. Two examples with one key have one
result, so that a result of an earlier text stands as long as the key does.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sop_engine import load_rulebook
from sop_runs.problem import Problem
from sop_runs.record.schema import Background, WrittenRule, WrittenScenario
from sop_runs.record.version_tags import applies
from steps.definitions.registry import Registry
from steps.editing.offered_values import CellValues
from steps.generation.feature_text import FeatureText
from steps.language.document import Document
from steps.language.examples import Example
from steps.language.formatter import FormattingError, format_text
from steps.lint.checked_file import CheckedFile
from steps.lint.linter import checked_text


@dataclass(frozen=True, slots=True)
class DraftExample:
    """An example of a draft: its key, its line or that of its row, and the first and last line of its scenario.

    *obstacle* is the first finding that keeps it from running; None if it can run.
    """

    key: str
    example: Example
    first: int
    last: int
    applies: bool
    obstacle: Problem | None = None

    @property
    def line(self) -> int:
        """The line of its row, or of its scenario."""
        return self.example.row or self.example.line


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table of a draft: its first line, whether that is a heading, whether it belongs to Examples, and the values of each column."""

    line: int
    heading: bool
    of_examples: bool
    values: list[list[str]]


@dataclass(frozen=True)
class Draft:
    """A feature file while it is edited, and its findings."""

    file: CheckedFile
    findings: Sequence[Problem]
    examples: tuple[DraftExample, ...] = field(init=False)

    def __post_init__(self) -> None:
        document = self.file.source.document
        object.__setattr__(self, "examples", () if document is None else tuple(_examples(document, self.findings)))

    @classmethod
    def of(cls, text: str, path: str, registry: Registry, known_tags: Iterable[str]) -> "Draft":
        """Return the draft *text* of the feature file *path*."""
        return cls(*checked_text(text.encode(errors="surrogatepass"), path, registry, known_tags))

    @property
    def is_formatted(self) -> bool:
        """Whether the formatter would change nothing; also if it cannot format the text."""
        try:
            return format_text(self.file.source.text, self.file.source.path) == self.file.source.text
        except FormattingError:
            return True

    @property
    def tables(self) -> list[DraftTable]:
        """The tables of steps, those of backgrounds first, and of Examples."""
        document, values, tables = self.file.source.document, CellValues(self.file), []
        if document is None:
            return []
        feature, scenarios = document.recorded, document.recorded.scenarios
        backgrounds = [feature.background, *(child.background for child in feature.children if isinstance(child, WrittenRule))]
        parts: list[Background | WrittenScenario] = [*filter(None, backgrounds), *scenarios]
        for step in chain.from_iterable(part.steps for part in parts):
            if step.table and step.table_lines:
                first = step.table_lines[0]
                declared = values.declared(first)
                has_heading = declared is None or declared.heading
                tables += [DraftTable(first, has_heading, of_examples=False, values=values.of_table(first, step.table[0]))]
        for scenario in scenarios:
            for examples in scenario.examples:
                if examples.header_line is not None:
                    line = examples.header_line
                    tables += [DraftTable(line, heading=True, of_examples=True, values=values.of_table(line, examples.header))]
        return tables

    def with_only(self, keys: Collection[str], *, whole_tables: bool = False) -> str:
        """Return the text with the examples of *keys* that can run; the lines of the others are empty, so that numbers of lines stay.

        With *whole_tables*, the other rows of a table of Examples that can run stay too.
        """
        document = self.file.source.document
        if document is None:
            return ""
        wanted = [example for example in self.examples if example.key in keys and example.obstacle is None and example.applies]
        kept_scenarios = {example.example.line for example in wanted}
        kept_rows = {example.example.row for example in wanted}
        text = FeatureText(self.file.source.text, document.recorded)
        empty: set[int] = set()
        for child in document.recorded.children:
            scenarios = child.children if isinstance(child, WrittenRule) else [child]
            if isinstance(child, WrittenRule) and not kept_scenarios & {scenario.line for scenario in scenarios}:
                empty.update(range(text.first_line(child.line), text.end_of_rule(child)))
            for scenario in scenarios:
                if scenario.line not in kept_scenarios:
                    empty.update(range(text.first_line(scenario.line), text.end_of(scenario.line)))
                    continue
                blocked = {example.line for example in self.examples if example.example.line == scenario.line and example.obstacle}
                for place, table in enumerate(scenario.examples):
                    rows = {row.line for row in table.rows}
                    if rows & kept_rows:
                        empty |= rows & blocked if whole_tables else rows - kept_rows
                        continue
                    following = scenario.examples[place + 1 :]
                    end = text.first_line(following[0].line) if following else text.end_of(scenario.line)
                    empty.update(range(text.first_line(table.line), end))
        return "\n".join("" if number in empty else line for number, line in enumerate(text.lines, start=1))


def _examples(document: Document, findings: Sequence[Problem]) -> Iterable[DraftExample]:
    """Yield the examples, each with the first finding that keeps it from running."""
    book, text = load_rulebook(), FeatureText(document.text, document.recorded)
    blocks = {scenario.line: range(text.first_line(scenario.line), text.end_of(scenario.line)) for scenario in document.recorded.scenarios}
    rules = [child for child in document.recorded.children if isinstance(child, WrittenRule)]
    of_rules = [({inner.line for inner in rule.children}, range(text.first_line(rule.line), text.end_of_rule(rule))) for rule in rules]
    rows = {example.row for example in document.examples}
    general = [finding for finding in findings if not any(finding.line in block for block in blocks.values())]
    for example in document.examples:
        block = blocks[example.line]
        elsewhere = [lines for scenarios, lines in of_rules if example.line not in scenarios] if general else []
        own = [finding for finding in findings if finding.line == example.row or (finding.line in block and finding.line not in rows)]
        own += [finding for finding in general if not any(finding.line in lines for lines in elsewhere)]
        counts = applies(example.tags, book.name, book.follows)
        yield DraftExample(key_of(example), example, block[0], block[-1], counts, own[0] if own else None)


def key_of(example: Example) -> str:
    """Return the digest of all that the result of *example* depends on."""
    steps = [(step.kind, step.text, step.table, step.docstring) for step in example.steps]
    content = json.dumps([example.tags, example.failures, steps], ensure_ascii=False)
    return hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()[:20]
