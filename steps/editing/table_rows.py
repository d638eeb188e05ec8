"""Rows of tables in the text of a feature file: the places of their cells, a row without a cell, the lines of a table."""

from collections.abc import Sequence


def cell_spans(row: str) -> list[tuple[int, int]]:
    """Return where the text of each cell of a row begins and ends, without the blanks around it; an empty cell begins where it ends."""
    spans = []
    start, place = row.find("|") + 1, row.find("|") + 1
    while start > 0 and place < len(row):
        if row[place] == "\\":
            place += 2
            continue
        if row[place] == "|":
            text = row[start:place]
            blanks = len(text) - len(text.lstrip(" \t"))
            first = start + (blanks if text.strip(" \t") else min(1, len(text)))
            spans.append((first, first + len(text.strip(" \t"))))
            start = place + 1
        place += 1
    return spans


def cell_at(row: str, column: int) -> int | None:
    """Return the index of the cell at *column*, which counts from 1; None if there is none."""
    return next((place for place, (start, end) in enumerate(cell_spans(row)) if start <= column - 1 <= end), None)


def row_without(row: str, place: int) -> str:
    """Return *row* without its cell *place* and the ``|`` after it."""
    bars, at = [], 0
    while at < len(row):
        if row[at] == "\\":
            at += 1
        elif row[at] == "|":
            bars.append(at)
        at += 1
    return row if place + 1 >= len(bars) else row[: bars[place]] + row[bars[place + 1] :]


def table_around(lines: Sequence[str], line: int) -> tuple[int, int]:
    """Return the first and the last line of the table that the row at *line* is in; comments and empty lines may be between its rows."""
    first = last = line
    for number in range(line - 1, 0, -1):
        text = lines[number - 1].strip()
        if text.startswith("|"):
            first = number
        elif text and not text.startswith("#"):
            break
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1].strip()
        if text.startswith("|"):
            last = number
        elif text and not text.startswith("#"):
            break
    return first, last
