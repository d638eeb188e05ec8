"""How far the cells of a spreadsheet reach: calamine keeps all places up to the last one, and ends the process if they need too much memory."""

import re
import zipfile
import zlib
from pathlib import Path

from orders.intake.errors import IntakeError
from orders.intake.files.binary_excel import extent_of_sheet
from orders.intake.files.cell_faults import place_of_letters
from orders.intake.files.old_excel import has_impossible_extent
from orders.intake.files.sheet import column_letter

MOST_PLACES = 1 << 26
"""Places of a sheet, about two gigabytes of memory."""
_BEGINNING = 1 << 14
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*ref\s*=\s*[\"'](?:[A-Z]+\d+:)?([A-Z]+)(\d+)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Z]+)(\d+)[\"'][^>]*(?<!/)>")
"""A cell that is not empty."""


def require_moderate_extent(file: Path) -> None:
    """Refuse a spreadsheet with a cell far from all others, or an XLS file that says it has more rows or columns than there can be.

    Raises:
        IntakeError: it is such a file. One that cannot be read at all is not refused here.
    """
    ending = file.suffix.casefold()
    try:
        if ending == ".xls" and has_impossible_extent(file.read_bytes()):
            raise ValueError("it says that it has more cells than there can be")  # noqa: TRY301 (as every other damage)
        if ending in (".xlsx", ".xlsm"):
            _require_near_cells(file)
        if ending == ".xlsb":
            _require_near_cells_of_binary(file)
    except ValueError as error:
        raise IntakeError(file.name, f"it cannot be read as a spreadsheet ({error})", "open it and save it again, or export CSV") from None
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError):
        return  # calamine says what is wrong with it


def _require_near_cells(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if not (name.startswith("xl/worksheets/") and name.endswith(".xml")):
                continue
            with archive.open(name) as part:
                dimension = _DIMENSION.search(part.read(_BEGINNING))
            if dimension is None or _place_count(dimension[1], dimension[2]) <= MOST_PLACES:
                continue
            cells = _CELL.findall(archive.read(name))
            column = max((letters for letters, _ in cells), key=lambda letters: place_of_letters(letters.decode()), default=b"A")
            row = max((number for _, number in cells), key=int, default=b"1")
            if _place_count(column, row) > MOST_PLACES:
                raise _far_cell(file, column.decode(), int(row))


def _require_near_cells_of_binary(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet") and name.endswith(".bin"):
                row, column = extent_of_sheet(archive.read(name))
                if row * column > MOST_PLACES:
                    raise _far_cell(file, column_letter(column - 1), row)


def _far_cell(file: Path, column: str, row: int) -> IntakeError:
    return IntakeError(
        file.name, f"its cells reach to column {column} and row {row:,}", "delete what stands far from the table, save it, and run again"
    )


def _place_count(letters: bytes, row: bytes) -> int:
    return (place_of_letters(letters.decode()) + 1) * int(row)
