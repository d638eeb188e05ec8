"""Tables with the results of a run: a step's own table, and the Examples of an outline.

Set-up has no status: a reader sees at once what is asserted and what is only stated.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from reports.examples.failure_messages import Results, failure_messages
from reports.examples.status_marks import Status, claims_of, have_several_subjects, status_of_run, status_of_step, worst
from reports.examples.views import Cell, Row, Table
from reports.html.anchors import Anchors
from sop_runs.claim_words import value_in_words
from sop_runs.record.schema import Claim, ExamplesTable, ScenarioRecord, StepRecord, WrittenStep
from sop_runs.record.status import PASSED, holds, same_json


def data_table(written: WrittenStep, record: StepRecord | None, claims: Sequence[Claim]) -> Table | None:
    """Build a step's own table: cells with claims have a status; if whole rows differ, missing and surplus rows are marked."""
    lines = written.table
    if lines is None:
        return None
    by_cell = {part.cell: part for claim in claims for part in _spread(claim, lines) if part.cell}
    difference = _row_difference(claims, with_cells=bool(by_cell))
    head = _header_count(lines, by_cell, difference)
    if difference:
        rows = _rows_that_differ(lines[head:], *difference)
    else:
        passed = record is not None and record.kind == "then" and record.status == PASSED and all(map(holds, claims))
        all_passed = passed and not by_cell
        rows = [
            Row(tuple(_cell(text, by_cell.get((number, column)), passed=all_passed) for column, text in enumerate(line)))
            for number, line in enumerate(lines)
        ][head:]
    return Table(tuple(rows), tuple(lines[0]) if head else ())


Items = list[Any]


def _spread(claim: Claim, lines: Sequence[Sequence[str]]) -> list[Claim]:
    """Convert a claim at one cell about its whole line to one claim for each cell of that line."""
    expected, actual, cell = claim.expected, claim.actual, claim.cell
    if not cell or not isinstance(expected, list) or not cell[0] < len(lines) or len(expected) != len(lines[cell[0]]):
        return [claim]
    actual_cells = actual if isinstance(actual, list) and len(actual) == len(expected) else [None] * len(expected)
    return [
        replace(claim, expected=expected_cell, actual=actual_cell, holds=same_json(expected_cell, actual_cell), cell=(cell[0], column))
        for column, (expected_cell, actual_cell) in enumerate(zip(expected, actual_cells, strict=True))
    ]


def _header_count(lines: Sequence[Sequence[str]], cells: Container[tuple[int, int]], difference: tuple[Items, Items, str] | None) -> int:
    """Return 1 if the first line only names the columns, and claims are about the lines below; otherwise 0."""
    if difference:
        return int(len(difference[0]) == len(lines) - 1)
    below = any((number, 0) in cells for number in range(1, len(lines)))
    return int(below and not any((0, column) in cells for column in range(len(lines[0]))))


def _row_difference(claims: Sequence[Claim], *, with_cells: bool) -> tuple[Items, Items, str] | None:
    """Return expected and actual rows, and the facet, of a failed claim about all rows; None if its cells show the difference."""
    for claim in claims:
        expected, actual = claim.expected, claim.actual
        if holds(claim) or claim.cell or not (isinstance(expected, list) and isinstance(actual, list)):
            continue
        if not with_cells or len(expected) != len(actual):
            return expected, actual, claim.facet
    return None


def _rows_that_differ(lines: Sequence[Sequence[str]], expected: Items, actual: Items, facet: str) -> list[Row]:
    """Return each line as found or *missing*, then the additional lines that were found, as *surplus*."""
    left = list(actual)
    rows = []
    for number, line in enumerate(lines):
        is_found = number < len(expected) and expected[number] in left
        if is_found:
            left.remove(expected[number])
        cells = tuple(Cell(text, Status.PASSED if is_found else None) for text in line)
        rows.append(Row(cells) if is_found else Row(cells, Status.FAILED, mismatch="missing"))
    return rows + [Row(_surplus(row, len(lines[0]) if lines else 1, facet), Status.FAILED, mismatch="surplus") for row in left]


def _surplus(row: object, width: int, facet: str) -> tuple[Cell, ...]:
    if isinstance(row, list) and len(row) == width:
        return tuple(Cell(value_in_words(part, facet)) for part in row)
    return (Cell(value_in_words([row], facet)),)


def _cell(text: str, claim: Claim | None, *, passed: bool = False) -> Cell:
    if claim is None:
        return Cell(text, Status.PASSED if passed else None)
    if holds(claim):
        return Cell(text, Status.PASSED)
    return Cell(text, Status.FAILED, value_in_words(claim.actual, claim.facet))


def examples_table(
    block: ExamplesTable,
    steps: Sequence[WrittenStep],
    results: Results,
    anchors: Anchors,
    path: str,
) -> Table:
    """Build the Examples of an outline: a status for each row, and one for each cell that a check uses."""
    rows = []
    checks: set[str] = set()
    for row in block.rows:
        run = results.get((path, row.instance))
        painted = _painted(run, steps) if run else {}
        checks |= painted.keys()
        cells = tuple(Cell(text, *painted.get(name, (None, None))) for name, text in zip(block.header, row.cells, strict=False))
        anchor = anchors.take(row.instance, of=path)
        is_explained = any(cell.actual is not None for cell in cells)
        notes = failure_messages(run) if run and not is_explained else ()
        status = status_of_run(run)
        rows.append(Row(cells, status, anchor, row.line, notes))
    return Table(
        tuple(rows),
        tuple(block.header),
        tuple(name in checks for name in block.header),
        block.name,
        block.description,
    )


Paint = tuple[Status, str | None]


def _painted(run: ScenarioRecord, steps: Sequence[WrittenStep]) -> dict[str, Paint]:
    """Return the columns that the checks of one row use, each with its status and the value found instead."""
    painted: dict[str, Paint] = {}
    for index, step in enumerate(run.steps):
        if step.kind != "then":
            continue
        faults = _faults(run, step, steps[index] if index < len(steps) else None)
        for column in step.columns:
            paint = _paint(run, step, column, faults)
            if paint and (column not in painted or worst([paint[0], painted[column][0]]) is not painted[column][0]):
                painted[column] = paint
    return painted


def _paint(run: ScenarioRecord, step: StepRecord, column: str, faults: Mapping[str, str | None]) -> Paint | None:
    """Return the status of a column that a check uses; None if another column, or none, caused the failure."""
    status = status_of_step(run, step)
    if status is Status.FAILED:
        return (status, faults[column]) if column in faults else None
    return status, None


def _faults(run: ScenarioRecord, step: StepRecord, written: WrittenStep | None) -> dict[str, str | None]:
    """Return the columns that caused the failure of a step, each with the value found, if it is a single one."""
    if status_of_step(run, step) is not Status.FAILED:
        return {}
    claims = claims_of(run, step)
    several, failing = have_several_subjects(claims), [claim for claim in claims if not holds(claim)]
    faults: dict[str, str | None] = {}
    for claim in failing:
        columns = _columns_of(claim, step, written)
        actual = value_in_words(claim.actual, claim.facet) if len(columns) == 1 and not several else None
        faults.update(dict.fromkeys(columns, actual))
    return faults if failing else dict.fromkeys(step.columns)


def _columns_of(claim: Claim, step: StepRecord, written: WrittenStep | None) -> list[str]:
    """Return the Examples columns that a claim is about: those in its cell, otherwise those in the step's text."""
    table = written.table if written else None
    if claim.cell and table:
        row, column = claim.cell
        inside = table[row][column] if row < len(table) and column < len(table[row]) else ""
    else:
        inside = written.text if written else ""
    return [column for column in step.columns if f"<{column}>" in inside]
