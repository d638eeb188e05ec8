"""Rows of a table as written: their cells with the escapes, and the text after the last ``|``, which Gherkin does not read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """The text of a table row that no ``|`` closes, with its place."""

    line: int
    column: int
    text: str


def cells_of(row: str) -> list[str]:
    """Return the cells of a table row as written, including escapes."""
    return _parts_of(row)[:-1]


def open_end(row: str, line: int) -> OpenEnd | None:
    """Return the text after the last ``|`` of the table row *row*, which is at *line*; None if there is none."""
    row = row.rstrip()
    if row.endswith("|") and not row.endswith("\\|"):
        return None
    behind = _parts_of(row.lstrip())[-1]
    text = behind.strip()
    return OpenEnd(line, len(row) - len(behind.lstrip()) + 1, text) if text else None


def _parts_of(row: str) -> list[str]:
    """Return the texts between the ``|`` of a row that begins with one, and the text after the last."""
    parts, part, place = [], "", 1
    while place < len(row):
        if row[place] == "\\" and place + 1 < len(row):
            part += row[place : place + 2]
            place += 2
            continue
        if row[place] == "|":
            parts.append(part.strip(" \t"))
            part = ""
        else:
            part += row[place]
        place += 1
    return [*parts, part]
