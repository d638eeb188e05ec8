"""Workbooks with questions and answers: written with cells for the owner to fill in, and read as spreadsheets save them."""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from tempfile import gettempdir
from typing import Any
from zipfile import ZipFile

from sop_cli.called_as import require
from sop_engine.register.question_rows import MOST_ROWS, OWNERS_COLUMNS, QUESTION_COLUMNS, Cell, ComputedCell, TableError
from sop_engine.text import UNWRITABLE, spreadsheet_cell, text_of_cell

PACKAGE = "openpyxl"
SHEET = "Questions"
MOST_UNPACKED = 50_000_000
"""Bytes of all parts of a workbook, unpacked."""
MOST_COLUMNS = 100
LONGEST_CELL = 32_767
"""Characters of a cell, as Excel allows."""
WIDTHS = {"id": 9, "question": 55, "readings": 60, "our reading": 40, "clauses": 24, "decided by": 20, "evidence": 40, "remark": 40}
"""Widths of columns in characters; others have 14."""
DAY_COLUMN = len(QUESTION_COLUMNS) + OWNERS_COLUMNS.index("on") + 1
_SAVE = "open it in a spreadsheet program and save it again as .xlsx"
_PASSWORD = b"\xd0\xcf\x11\xe0"
"""Beginning of an encrypted workbook, and of the format before .xlsx."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSAFE = re.compile(rf"{UNWRITABLE.pattern}|\r")


def workbook_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Return *rows*, the heading first, as a workbook: texts wrap, the owner's columns are coloured, and the others are locked.

    Raises:
        ModuleNotFoundError: openpyxl is not installed.
        TableError: a text is too long for a cell.
    """
    require(PACKAGE)
    from openpyxl import Workbook  # noqa: PLC0415 (an extra)
    from openpyxl.styles import Alignment, Font, PatternFill, Protection  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    colour = PatternFill("solid", fgColor="FFF4CC")
    for line, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(line, place)
            cell.value = _cell_content(text, row[0])
            cell.data_type = "s"  # never a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if place > len(QUESTION_COLUMNS):
                cell.fill = colour
                cell.protection = Protection(locked=line == 1)
                cell.number_format = "yyyy-mm-dd" if place == DAY_COLUMN else "@"
            if line == 1:
                cell.font = Font(bold=True)
    for place, name in enumerate((*QUESTION_COLUMNS, *OWNERS_COLUMNS), 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(name, 14)
    sheet.freeze_panes = "B2"
    sheet.protection.sheet = True  # without a password
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False  # allowed
    out = BytesIO()
    try:
        book.save(out)
    except OSError as error:  # of a temporary file, of which openpyxl says no name
        raise OSError(error.errno, error.strerror, error.filename or gettempdir()) from error
    return out.getvalue()


def _cell_content(text: str, row: str) -> str:
    """Return *text* as the content of a cell: control characters as Excel escapes them, and no formula if it is saved as CSV.

    Raises:
        TableError: it is too long; *row* names the row.
    """
    escaped = _UNSAFE.sub(lambda char: f"_x{ord(char[0]):04X}_", _ESCAPED.sub(r"_x005F_x\1_", spreadsheet_cell(text)))
    if len(escaped) > LONGEST_CELL:
        raise TableError(f"`{row}` has a text of {len(escaped):,} characters, and a cell has at most {LONGEST_CELL:,}; write a .csv file")
    return escaped


def rows_of(content: bytes, name: str) -> list[list[Cell]]:
    """Return the rows of the sheet with questions in the workbook *content*; *name* names it in errors.

    Raises:
        ModuleNotFoundError: openpyxl is not installed.
        TableError: it is not a workbook that can be read.
    """
    require(PACKAGE)
    if content.startswith(_PASSWORD):
        raise TableError(f"{name}: it is protected by a password, or in the format before .xlsx; save it as .xlsx without a password")
    try:
        with warnings.catch_warnings(action="ignore"):  # about parts that are not read
            return list(_sheet_rows(content))
    except TableError as error:
        raise TableError(f"{name}: {error}; {_SAVE}") from None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (the libraries have no common error for damaged parts)
        raise TableError(f"{name}: it is not a workbook, or it is damaged; {_SAVE}") from None


def _sheet_rows(content: bytes) -> Iterator[list[Cell]]:
    from openpyxl import load_workbook  # noqa: PLC0415 (an extra)

    with ZipFile(BytesIO(content)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > MOST_UNPACKED:
        raise TableError(f"its parts have {size:,} bytes, expected at most {MOST_UNPACKED:,}")
    book = load_workbook(BytesIO(content), read_only=True)
    if not book.worksheets:
        raise TableError("it has no sheet")
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    sheet.reset_dimensions()
    for line, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        cells = [_cell_value(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if line <= MOST_ROWS + 1:
            yield cells
        elif cells:
            raise TableError(f"it has more than {MOST_ROWS:,} rows")


def _cell_value(cell: Any) -> Cell:
    if cell.data_type in ("f", "e"):
        return ComputedCell(cell.value if isinstance(cell.value, str) else "=")
    if isinstance(cell.value, str):
        return text_of_cell(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), cell.value))
    value: Cell = cell.value
    return value
