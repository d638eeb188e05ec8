"""The worklist as a workbook: a sheet for each kind of work, texts that are never formulas, and a column for the client's notes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from reports.audit.references import NOTE
from reports.audit.sheets import CellKind, CellValue, Sheet
from sop_engine.text import UNWRITABLE, spreadsheet_cell

MOST_SHEET_ROWS: Final = 20_000
"""Rows of a sheet; a list that is longer is worked on by a program, from the CSV files, which have all of it."""
MOST_CHARACTERS: Final = 32_767
"""Characters of a cell, as Excel allows."""
CREATED: Final = datetime(2026, 1, 5, tzinfo=UTC)
"""The same in every workbook, so that the same audit gives the same bytes."""
RUPEES: Final = "[>=10000000]##\\,##\\,##\\,##0.00;[>=100000]##\\,##\\,##0.00;##,##0.00"
"""Grouped as in India."""
READ_ME: Final = "Read me"


def write_worklist(file: Path, heading: Sequence[str], sheets: Iterable[Sheet]) -> None:
    """Write *sheets* as the workbook *file*, after a sheet with the lines of *heading*; the same sheets give the same bytes.

    Ids are texts, days are dates and amounts are numbers. No text becomes a formula, a link or a number.

    Raises:
        OSError: *file* cannot be written.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 (an extra)
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = Workbook(str(file), options)
    book.set_properties({"title": "Worklist of an audit", "created": CREATED.replace(tzinfo=None)})
    formats = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E2DDD3", "border": 1}),
        "note": book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF4CC"}),
        CellKind.TEXT: book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        CellKind.NUMBER: book.add_format({"valign": "top", "num_format": "0"}),
        CellKind.MONEY: book.add_format({"valign": "top", "num_format": RUPEES}),
        CellKind.DAY: book.add_format({"valign": "top", "num_format": "d mmm yyyy"}),
    }
    first = book.add_worksheet(READ_ME)
    first.set_column(0, 0, 110)
    for line, text in enumerate(heading):
        first.write_string(line, 0, _safe_text(text), formats[CellKind.TEXT])
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.title), sheet, formats)
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from None


def _write_sheet(page: Any, sheet: Sheet, formats: dict[Any, Any]) -> None:
    """Write the heading and the rows of *sheet*; what is beyond `MOST_ROWS` is named in a last row."""
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    page.set_row(0, 32)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.title, formats["head"])
    line = 0
    for line, row in enumerate(islice(sheet.rows(MOST_SHEET_ROWS), MOST_SHEET_ROWS), 1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            style = formats["note"] if column.title == NOTE else formats[column.kind]
            _write_cell(page, (line, place), value, column.kind, style)
    page.autofilter(0, 0, max(line, 1), len(sheet.columns) - 1)
    left = sheet.count - line
    if left:
        page.write_string(line + 1, 0, f"{left:,} more rows are in the CSV files only", formats[CellKind.TEXT])
    if not line:
        page.write_string(1, 0, "nothing", formats[CellKind.TEXT])


def _write_cell(page: Any, at: tuple[int, int], value: CellValue, kind: CellKind, style: Any) -> None:
    if value is None or value == "":
        page.write_blank(*at, None, style)
    elif kind is CellKind.DAY:
        page.write_datetime(*at, value, style)
    elif kind is CellKind.MONEY and isinstance(value, int):
        page.write_number(*at, value / 100, style)
    elif kind is CellKind.NUMBER:
        page.write_number(*at, value, style)
    else:
        page.write_string(*at, _safe_text(str(value)), style)


def _safe_text(text: str) -> str:
    """Return *text* as the content of a cell, which is no formula also when the sheet is saved as CSV, and fits into a cell."""
    safe = spreadsheet_cell(UNWRITABLE.sub("\ufffd", text).replace("\r", " "))
    return safe if len(safe) <= MOST_CHARACTERS else f"{safe[: MOST_CHARACTERS - 1]}…"
