"""What is in the files and not read: sheets of a spreadsheet without the header of a source."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from orders.intake.files.spreadsheets import SPREADSHEET_ENDINGS, rows_of_other_sheets


@dataclass(frozen=True, slots=True)
class UnreadSheet:
    """A sheet that has cells and is not read: the base name of its file, its name, and the number of its rows that are not empty."""

    file: str
    sheet: str
    rows: int


def unread_sheets(read: Mapping[Path, Collection[str | None]]) -> tuple[UnreadSheet, ...]:
    """Return the sheets of the spreadsheets among the files of *read* that have cells and are not among those read of their file.

    Raises:
        IntakeError: a file cannot be read.
    """
    return tuple(
        UnreadSheet(file.name, sheet, rows)
        for file, sheets in read.items()
        if file.suffix.casefold() in SPREADSHEET_ENDINGS
        for sheet, rows in rows_of_other_sheets(file, sheets).items()
    )
