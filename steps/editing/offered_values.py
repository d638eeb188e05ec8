"""Offered values: those that a placeholder of an outline, or a cell of a table, may have."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import islice, product

from sop_runs.record.schema import StepKind
from steps.definitions.decorators import StepDefinition
from steps.definitions.expressions import StepParameter
from steps.definitions.registry import Registry
from steps.definitions.tables import Column, Table
from steps.language.examples import written_steps
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile

MOST_TEXTS = 500
"""Texts of one step sentence that are compared; further ones only repeat values of one parameter."""
_ANY = "\0"
"""Stands for the value of a parameter that does not list its values."""
_COLUMN_NAME = re.compile(r"<([^<>\n]+)>")


def values_of_placeholders(registry: Registry, kind: StepKind, written: str) -> dict[str, list[str]]:
    """Return the values of each placeholder in a step as it is *written*, by the name of its column, in the order of the sentences.

    A placeholder may stand for a parameter, or for any words of a step sentence.
    """
    parts = _COLUMN_NAME.split(written)
    values: dict[str, dict[str, None]] = {name: {} for name in parts[1::2]}
    if not values:
        return {}
    pattern = re.compile("".join(re.escape(part) if number % 2 == 0 else "(.+)" for number, part in enumerate(parts)))
    for definition in registry.definitions:
        if definition.kind == kind and _may_begin_with(definition, parts[0]):
            for match in filter(None, map(pattern.fullmatch, _matching_texts(definition))):
                for name, value in zip(parts[1::2], match.groups(), strict=True):
                    values[name] |= {} if _ANY in value else {value: None}
    return {name: list(words) for name, words in values.items()}


def values_of_column(column: Column) -> list[str]:
    """Return the values of a column whose kind lists them, and the text of a cell without a value."""
    words = list(column.kind.words)
    return [*words, column.nothing] if words and column.nothing is not None else words


class CellValues:
    """The values that the cells of the tables of a file may have."""

    def __init__(self, file: CheckedFile) -> None:
        self._file = file

    def of_table(self, first: int, heading: Sequence[str]) -> list[list[str]]:
        """Return the values of each column of the table whose first row is at line *first*, empty if they cannot be listed."""
        scenario = self._scenarios.get(first)
        if scenario is not None:
            values: dict[str, dict[str, None]] = {name: {} for name in heading}
            for step in scenario["steps"]:
                for name, words in self._of_placeholders(step).items():
                    values.setdefault(name, {}).update(dict.fromkeys(words))
            return [list(values[name]) for name in heading]
        table = self.declared(first)
        if table is None:
            return [[] for _ in heading]
        by_name = {column.name: values_of_column(column) for column in table.columns}
        return [by_name.get(name, []) for name in heading] if table.heading else [values_of_column(column) for column in table.columns]

    def declared(self, first: int) -> Table | None:
        """Return the declaration of the table of a step whose first row is at line *first*; None if there is none."""
        step = next((step for step, _ in self._steps.values() if _first_row(step) == first), None)
        return None if step is None else self._table_of(step)

    @cached_property
    def _steps(self) -> dict[int, tuple[Node, StepKind]]:
        """The steps with their kinds, by line."""
        return {node["location"]["line"]: (node, kind) for node, kind in written_steps(self._file.feature)} if self._file.feature else {}

    @cached_property
    def _scenarios(self) -> dict[int, Node]:
        """The outlines, by the line of the heading of each of their tables of Examples."""
        return {
            examples["tableHeader"]["location"]["line"]: block.scenario
            for block in self._file.blocks
            for examples in block.scenario["examples"]
            if "tableHeader" in examples
        }

    @cached_property
    def _texts_of_steps(self) -> dict[int, str]:
        """The text of each step in the first example that runs it, by line."""
        texts: dict[int, str] = {}
        for example in self._file.examples:
            for step in example.steps:
                texts.setdefault(step.line, step.text)
        return texts

    def _table_of(self, step: Node) -> Table | None:
        line = step["location"]["line"]
        matches = self._file.registry.match(self._steps[line][1], str(self._texts_of_steps.get(line, step["text"])))
        return matches[0].definition.table if len(matches) == 1 else None

    def _of_placeholders(self, step: Node) -> dict[str, list[str]]:
        """Return the values of the placeholders in the text of a step, and in the cells of its table that are one."""
        line = step["location"]["line"]
        values = values_of_placeholders(self._file.registry, self._steps[line][1], step["text"])
        rows = [[cell["value"] for cell in row["cells"]] for row in step.get("dataTable", {"rows": []})["rows"]]
        table = self._table_of(step) if any("<" in text for row in rows for text in row) else None
        if table is not None:
            by_name = {column.name: column for column in table.columns}
            columns = [by_name.get(name) for name in rows[0]] if table.heading else list(table.columns)
            for row in rows:
                for column, text in zip(columns, row, strict=False):
                    if column is not None and _COLUMN_NAME.fullmatch(text):
                        values.setdefault(text[1:-1], []).extend(values_of_column(column))
        return values


def _first_row(step: Node) -> int:
    rows = step.get("dataTable", {"rows": []})["rows"]
    return int(rows[0]["location"]["line"]) if rows else 0


def _may_begin_with(definition: StepDefinition, start: str) -> bool:
    prefix = definition.sentence.prefix
    return prefix.startswith(start) or start.startswith(prefix)


@cache
def _matching_texts(definition: StepDefinition) -> tuple[str, ...]:
    """Return texts that match a step sentence, with each value of the parameters that list theirs."""
    return tuple(islice(_all_texts(definition), MOST_TEXTS))


def _all_texts(definition: StepDefinition) -> Iterator[str]:
    pieces = definition.sentence.pieces
    if None not in pieces:
        choices = [piece.choices or (_ANY,) if isinstance(piece, StepParameter) else (piece or "",) for piece in pieces]
        yield from map("".join, product(*choices))
