"""Sheets of XLSX, XLS and ODS files, read by calamine; each cell as text, with the kind that the spreadsheet gives it."""

import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import numpy as np
import pyarrow as pa

from orders.intake.errors import IntakeError
from orders.intake.files.cell_faults import CellFaults, cell_faults
from orders.intake.files.csv_files import full_sheet
from orders.intake.files.encodings import ARCHIVE, head_of, is_old_office, kind_of_content
from orders.intake.files.extent import require_moderate_extent
from orders.intake.files.old_excel import is_locked
from orders.intake.files.panics import without_text_of_panics
from orders.intake.files.sheet import FULL_SHEET, HEAD_ROWS, Batch, Fault, OddRow
from orders.intake.values.ids import DATE, NO_VALUE, NUMBER
from orders.intake.values.numbers import shown_number
from orders.log.arrays import IntArray

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

SPREADSHEET_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_ROWS = 65_536
_LOCKED_SIGN = "password protected"
"""What calamine says of an ODS file with a password."""
_PANIC = "PanicException"
"""The class of what calamine raises where it does not expect the damage of a file; it is no `Exception`, and cannot be imported."""


class SpreadsheetSheet:
    """One sheet of a spreadsheet; see `Sheet`. An error such as #N/A is the text of its cell."""

    header_is_row = True

    def __init__(self, file: Path, name: str, rows: list[list[Any]], faults: CellFaults) -> None:
        self.name: str | None = name
        self.file, self._rows = file, rows
        for (row, column), words in faults.errors.items():
            _put(rows, row - 1, column, words)
        self._without_value: dict[int, list[int]] = {}
        for row, column in sorted(faults.without_value):
            self._without_value.setdefault(column, []).append(row)
        self.head: Sequence[Sequence[str]] = [_trailing_dropped([_cell_text(cell) for cell in row]) for row in rows[:HEAD_ROWS]]

    def batches(self, first: int, width: int, kept: Sequence[int]) -> Iterator[Batch]:
        """Yield the rows from number *first* on; see `Sheet.batches`. Cells right of the header are looked at too: they make a row odd.

        Raises:
            IntakeError: the sheet is full. With an empty row above its last one it is not: something was written far below the table.
        """
        if len(self._rows) == FULL_SHEET and all(any(str(cell).strip() for cell in row) for row in self._rows[-2:]):
            raise full_sheet(f"{self.file.name}, sheet {self.name}")
        for start in range(first - 1, len(self._rows), _ROWS):
            yield self._batch(start, width, kept)

    def _batch(self, start: int, width: int, kept: Sequence[int]) -> Batch:
        rows = self._rows[start : start + _ROWS]
        numbers = np.arange(start + 1, start + 1 + len(rows), dtype=np.int64)
        too_wide = np.array([any(cell != "" for cell in row[width:]) for row in rows], bool)
        odd = [
            OddRow(int(numbers[place]), tuple(_cell_text(cell) for cell in rows[place]), Fault.CELLS)
            for place in np.flatnonzero(too_wide).tolist()
        ]
        good = [row for row, is_wide in zip(rows, too_wide.tolist(), strict=True) if not is_wide]
        numbers = numbers[~too_wide]
        columns, kinds = {}, {}
        for place in kept:
            cells = [row[place] if place < len(row) else "" for row in good]
            columns[place] = pa.array([_cell_text(cell) for cell in cells], pa.string())
            kinds[place] = self._kinds(cells, numbers, place)
        return Batch(numbers, columns, tuple(odd), kinds)

    def _kinds(self, cells: Sequence[object], numbers: IntArray, place: int) -> IntArray:
        kinds = np.fromiter((_kind(cell) for cell in cells), np.int64, len(cells))
        kinds[np.isin(numbers, self._without_value.get(place, []))] = NO_VALUE
        return kinds


def open_spreadsheet(file: Path, sheet: str | None) -> list[SpreadsheetSheet]:
    """Return the sheets of a spreadsheet that have cells; only *sheet* if that is given.

    Raises:
        IntakeError: it cannot be read, or has no such sheet.
    """
    with _opened(file) as workbook:
        names = list(workbook.sheet_names)
        if sheet is not None and sheet not in names:
            raise IntakeError(file.name, f"it has no sheet `{sheet}`", f"name one of {', '.join(f'`{name}`' for name in names)}")
        contents = {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names if sheet in (None, name)}
    try:
        faults = cell_faults(file, list(contents))
    except (expat.ExpatError, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise _no_spreadsheet(file, str(error)) from None
    sheets = [SpreadsheetSheet(file, name, rows, faults.get(name, CellFaults())) for name, rows in contents.items() if rows]
    if not sheets:
        raise IntakeError(file.name, "its sheets are empty", "export it again")
    return sheets


def rows_of_other_sheets(file: Path, read: Collection[str | None]) -> dict[str, int]:
    """Return the sheets of a spreadsheet that are not among *read* and have cells, with the number of their rows that are not empty.

    Raises:
        IntakeError: it cannot be read.
    """
    with _opened(file) as workbook:
        counts = {
            name: sum(any(str(cell).strip() for cell in row) for row in workbook.get_sheet_by_name(name).to_python())
            for name in workbook.sheet_names
            if name not in read
        }
    return {name: count for name, count in counts.items() if count}


@contextmanager
def _opened(file: Path) -> Iterator["CalamineWorkbook"]:
    """Open a spreadsheet for reading, and say what is wrong with it in one line."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 (an extra)

    if is_old_office(head_of(file)):
        if is_locked(file.read_bytes()):
            raise _locked(file)
        if file.suffix.casefold() != ".xls":  # calamine can follow its sectors without an end
            raise _no_spreadsheet(file, "")
    require_moderate_extent(file)
    try:
        with without_text_of_panics(), CalamineWorkbook.from_path(str(file)) as workbook:
            yield workbook
    except (CalamineError, OSError, ValueError) as error:
        raise _no_spreadsheet(file, str(error)) from None
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise _no_spreadsheet(file, "it is damaged") from None


def _no_spreadsheet(file: Path, why: str) -> IntakeError:
    """Return the error of a file that cannot be read for the reason *why*: it can be something else, be damaged, or have a password."""
    if _LOCKED_SIGN in why:
        return _locked(file)
    head, ending = head_of(file), file.suffix.casefold()
    kind = kind_of_content(file, head)
    is_damaged = is_old_office(head) if ending == ".xls" else kind is not None and f"({ending})" in kind[0]
    if is_damaged or (kind is not None and kind[0] == ARCHIVE and not zipfile.is_zipfile(file)):
        return IntakeError(file.name, f"it cannot be read as a spreadsheet ({why[:80]})", "open it and save it again, or export CSV")
    if kind is not None:
        return IntakeError(file.name, f"it is {kind[0]}, not what its ending says", kind[1])
    return IntakeError(file.name, "it is no spreadsheet", "if it is text, name it with the ending .csv; otherwise export it again")


def _locked(file: Path) -> IntakeError:
    return IntakeError(file.name, "it is locked with a password", "open it, save it again without the password, and name that file")


def _put(rows: list[list[Any]], row: int, column: int, cell: str) -> None:
    """Set a cell; calamine may have left out empty ones at the end."""
    rows.extend([] for _ in range(len(rows), row + 1))
    rows[row].extend("" for _ in range(len(rows[row]), column + 1))
    rows[row][column] = cell


def _cell_text(cell: object) -> str:  # noqa: PLR0911 (one for each type)
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return shown_number(cell)
        case datetime():
            return cell.isoformat(timespec="seconds")
        case date():
            return f"{cell.isoformat()}T00:00:00"
        case time() | timedelta():
            return str(cell)
    return repr(cell) if cell is not None else ""


def _kind(cell: object) -> int:
    if isinstance(cell, bool | str):
        return 0
    if isinstance(cell, int | float):
        return NUMBER
    return DATE if isinstance(cell, date) else 0


def _trailing_dropped(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
