"""Fixes of findings in tables: another word for a cell, as many cells as the heading has, a row or a column less."""

from collections.abc import Iterator

from sop_runs.problem import Problem
from steps.definitions.tables import nearest
from steps.editing.offered_values import CellValues
from steps.editing.table_rows import cell_at, cell_spans, row_without, table_around
from steps.editing.text_edits import Fix, TextEdit, in_line, indent_of, without_lines
from steps.lint.checked_file import CheckedFile


def unclosed_row_fixes(finding: Problem, line: str) -> Iterator[Fix]:
    """Yield the missing ``|``, the text as a comment above the row, and the row without the text."""
    row = line.rstrip()
    behind = row[finding.column - 1 :]
    delete = in_line(finding.line, len(row[: finding.column - 1].rstrip()), len(row), "")
    comment = f"{indent_of(line)}{behind if behind.startswith('#') else f'# {behind}'}\n"
    if not behind.startswith("#"):
        yield Fix("Add the missing |", (in_line(finding.line, len(row), len(row), " |"),))
    yield Fix("Make it a comment above the row", (TextEdit(finding.line, 1, finding.line, 1, comment), delete))
    yield Fix("Delete the text after the last |", (delete,))


def cell_fixes(file: CheckedFile, finding: Problem) -> Iterator[Fix]:
    """Yield what may remove a *finding* in a row of a table."""
    line = file.lines[finding.line - 1]
    place, spans = cell_at(line, finding.column), cell_spans(line)
    first, last = table_around(file.lines, finding.line)
    heading = cell_spans(file.lines[first - 1])
    if place is not None:
        for word in _words(file, finding, first, place):
            start, end = spans[place]
            is_tight = start == end and line[end : end + 1] == "|"
            yield Fix(f"Write {word}", (in_line(finding.line, start, end, f"{word} " if is_tight else word),))
    if len(spans) < len(heading):
        end = len(line.rstrip())
        yield Fix("Add the missing cells", (in_line(finding.line, end, end, "  |" * (len(heading) - len(spans))),))
    if finding.rule in {"unused-column", "table-columns", "idle-value"} and place is not None and len(heading) > 1:
        rows = range(first, last + 1)
        edits = (
            in_line(row, 0, len(text), row_without(text, place)) for row in rows if (text := file.lines[row - 1]).lstrip().startswith("|")
        )
        yield Fix("Delete the column", tuple(edits))
    if finding.rule in {"duplicate-row", "doubled-example", "table-columns", "table-cell"}:
        yield without_lines("Delete the row", finding.line)
    if finding.rule == "unexpected-table":
        yield without_lines("Delete the table", first, last)


def _words(file: CheckedFile, finding: Problem, first: int, place: int) -> Iterator[str]:
    """Yield the suggestion if it is a word for the cell, the nearest of the values of its column, and the text for no value."""
    lines = file.lines
    heading = [lines[first - 1][start:end] for start, end in cell_spans(lines[first - 1])]
    start, end = cell_spans(lines[finding.line - 1])[place]
    text = lines[finding.line - 1][start:end]
    if finding.suggestion and finding.rule != "undefined-step":
        yield finding.suggestion
    cells = CellValues(file)
    values = cells.of_table(first, heading)
    if place < len(values) and values[place]:
        near = nearest(text, values[place])
        if near and near != text:
            yield near
    declared = cells.declared(first)
    if not text and declared is not None:
        names = heading if declared.heading else [column.name for column in declared.columns]
        yield from (column.nothing for column in declared.columns if column.name == names[place] and column.nothing)
