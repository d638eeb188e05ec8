"""Every table of every sentence is checked against its declaration: in the lint at the cell, and in the run without an error of Python."""

from collections.abc import Iterator
from itertools import groupby

import pytest

from steps.definitions.decorators import StepDefinition
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.definitions.tables import Column, Table, TableError
from steps.lint.linter import lint_text
from steps.support.cell_kinds import TEXT
from tests.support.lint_pairs import steps

REGISTRY = Registry.from_modules(built_in_modules())
DECLARED = [definition for definition in REGISTRY.definitions if definition.table is not None]
AT = "2026-05-03 23:00"
CLEAN = {
    "these settings": [["wms.packers", "3"], ["wms.pickers", "4"]],
    "these orders, invoiced through the client's ERP and cancelled in two steps": [
        [name, "3", "2", "the seller", "Ajio", AT, AT, AT, AT, AT, AT, "INV-1"] for name in ("A", "B")
    ],
}
"""Rows of a sentence whose cells must agree with one another."""


def table_of(definition: StepDefinition) -> Table:
    assert definition.table is not None
    return definition.table


def value_of(column: Column, number: int) -> str:
    kind = column.kind
    return kind.words[number] if kind.words else kind.sample or f"x{number}"


def clean_cells(definition: StepDefinition) -> list[list[str]]:
    """Two rows with every column, below the heading if there is one."""
    table = table_of(definition)
    rows = CLEAN.get(definition.expression) or [[value_of(column, number) for column in table.columns] for number in (0, 1)]
    return [[column.name for column in table.columns], *rows] if table.heading else rows


Broken = tuple[str, list[list[str]], tuple[int, int]]
"""What is wrong, the cells, and the row and place of the fault."""


def broken_cells(definition: StepDefinition) -> Iterator[Broken]:
    """Yield the clean table with one fault of every kind in every column in which it is possible."""
    table, clean = table_of(definition), clean_cells(definition)
    first, last = int(table.heading), len(clean) - 1
    for place, column in enumerate(table.columns):
        if column.nothing != "":
            yield f"{column.name} is empty", replaced(clean, last, place, ""), (last, place)
        if column.nothing != "-":
            yield (
                f"{column.name} is wrong",
                replaced(clean, last, place, f"{column.kind.words[0]}x" if column.kind.words else "-"),
                (last, place),
            )
        if column.unique:
            yield f"{column.name} is there twice", replaced(clean, last, place, clean[first][place]), (last, place)
            if column.kind is TEXT:
                alike = replaced(replaced(clean, first, place, "\u00e9"), last, place, "e\u0301")
                yield f"{column.name} is there twice in other characters", alike, (last, place)
        if table.heading:
            yield f"{column.name} is misspelt", [*replaced(clean, 0, place, f"{column.name}x")], (0, place)
            yield f"{column.name} is doubled", [[*row, row[place]] for row in clean], (0, len(table.columns))
            if column.required and len(table.columns) > 1:
                yield f"{column.name} is missing", [[*row[:place], *row[place + 1 :]] for row in clean], (0, 0)
    if table.heading:
        yield "no row", clean[:1], (0, 0)
        yield "no heading", clean[1:], (0, 0)
        yield "a column without a heading", [[*clean[0], ""], *([*row, "x"] for row in clean[1:])], (0, len(table.columns))
    else:
        yield "a heading", [[column.name.upper() for column in table.columns], *clean], (0, 0)
        yield "a column too many", [[*row, "x"] for row in clean], (0, len(table.columns))
        yield "two columns too many", [[*row, "x", "y"] for row in clean], (0, len(table.columns))
        if len(table.columns) > 1:
            yield "a column too few", [row[:-1] for row in clean], (0, len(table.columns) - 2)


def replaced(cells: list[list[str]], row: int, place: int, text: str) -> list[list[str]]:
    return [[text if (number, at) == (row, place) else cell for at, cell in enumerate(texts)] for number, texts in enumerate(cells)]


BROKEN = [(definition, *broken) for definition in DECLARED for broken in broken_cells(definition)]


def test_every_sentence_with_a_table_declares_its_columns() -> None:
    assert [str(definition) for definition in REGISTRY.definitions if definition.takes_table] == [
        str(definition) for definition in DECLARED
    ]
    assert len(DECLARED) > 9


@pytest.mark.parametrize("definition", DECLARED, ids=str)
def test_the_clean_table_is_clean_and_has_a_value_in_every_cell(definition: StepDefinition) -> None:
    table, cells = table_of(definition), clean_cells(definition)

    assert table.faults(cells) == []
    assert [list(row.values) for row in table.filled(cells).rows] == [[column.name for column in table.columns]] * 2
    assert all(value is not None for row in table.filled(cells).rows for value in row.values.values())


@pytest.mark.parametrize(("definition", "about", "cells", "place"), BROKEN, ids=lambda part: part if isinstance(part, str) else "")
def test_one_fault_is_one_fault_at_its_cell(definition: StepDefinition, about: str, cells: list[list[str]], place: tuple[int, int]) -> None:
    faults = table_of(definition).faults(cells)

    assert [(fault.row, fault.place) for fault in faults] == [place], about
    assert all(fault.message and fault.remedy for fault in faults)
    with pytest.raises(TableError):
        table_of(definition).filled(cells)


@pytest.mark.parametrize(("definition", "about", "cells", "place"), BROKEN, ids=lambda part: part if isinstance(part, str) else "")
def test_the_lint_names_line_and_column(definition: StepDefinition, about: str, cells: list[list[str]], place: tuple[int, int]) -> None:
    """In a file in which the table is the only thing that is wrong with its step."""
    rows = [f"|{'|'.join(row)}|" for row in cells]
    text = steps(f"{definition.kind.capitalize()} {definition.expression}", *(f"  {row}" for row in rows))
    column = 8 + sum(len(cell) + 1 for cell in cells[place[0]][: place[1]])

    findings = [finding for finding in lint_text(text.encode(), "x.feature", REGISTRY, ()) if finding.rule.startswith("table-")]

    assert (5 + place[0], column) in {(finding.line, finding.column) for finding in findings}, about


def test_kinds_of_one_name_are_one_kind() -> None:
    """The catalogue and the page list the values of a kind once, by its name."""
    kinds = sorted(
        (column.kind.name, column.kind.words, column.kind.sample) for definition in DECLARED for column in table_of(definition).columns
    )

    assert [name for name, same in groupby(dict.fromkeys(kinds), key=lambda kind: kind[0]) if len(list(same)) > 1] == []


def test_the_values_of_a_row_are_of_its_columns_only() -> None:
    """A column that the table leaves out has no value."""
    [definition] = [definition for definition in DECLARED if definition.expression == "these orders, invoiced through the client's ERP"]
    table = table_of(definition).filled([["order", "posted"], ["A", "-"]])

    assert (table.columns, table.texts) == (("order", "posted"), [["A", "-"]])
    assert [(row.number, row["order"], row["posted"], row["cancelled"]) for row in table.rows] == [(1, "A", None, None)]


def test_the_cells_below_a_doubled_heading_are_not_judged() -> None:
    """The column is deleted or named otherwise, so what is in it is not a second finding."""
    [definition] = [definition for definition in DECLARED if definition.expression == "these orders, invoiced through the client's ERP"]

    faults = table_of(definition).faults([["order", "posted", "posted"], ["A", "-", "never"], ["B", "-", ""]])

    assert [(fault.row, fault.place) for fault in faults] == [(0, 2)]
