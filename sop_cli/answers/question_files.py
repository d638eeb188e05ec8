"""Files with questions and answers: workbooks, and CSV as this program and spreadsheets write it."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from sop_cli.answers.question_workbooks import rows_of, workbook_of
from sop_cli.paths import near
from sop_engine.files import write_atomically
from sop_engine.input_files import read_bytes
from sop_engine.register.question_rows import Cell, TableError
from sop_engine.text import spreadsheet_cell, text_of_cell

LARGEST_TABLE = 20_000_000
SEPARATORS = (",", ";", "\t")
"""Separators that spreadsheets write, depending on their language."""
_SAVE = "save it as CSV in UTF-8"


def write_questions(file: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write *rows* to the new file *file*; no cell can act as a formula.

    Raises:
        TableError: there is such a file, or its name does not end in ``.csv`` or ``.xlsx``.
        ModuleNotFoundError: it is a workbook, and openpyxl is not installed.
    """
    is_workbook = _is_workbook(near(file))
    if file.exists() or file.is_symlink():
        raise TableError(f"`{near(file)}` exists, and may have answers in it; name a new file")
    write_atomically(file, table_of(rows, is_workbook=is_workbook))


def table_of(rows: Iterable[Sequence[str]], *, is_workbook: bool) -> bytes:
    """Return *rows* as a workbook or as CSV.

    Raises:
        TableError: a text is too long for a cell.
        ModuleNotFoundError: it is a workbook, and openpyxl is not installed.
    """
    return workbook_of(rows) if is_workbook else _csv_of(rows)


def _csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([spreadsheet_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read_questions(file: Path) -> list[list[Cell]]:
    """Read the rows of a table with answers.

    Raises:
        TableError: it is no CSV file and no workbook that can be read.
        ModuleNotFoundError: it is a workbook, and openpyxl is not installed.
        UnreadableFileError: it cannot be read.
    """
    _is_workbook(near(file))
    return rows_in(read_bytes(file, "name the file that came back from the owner", LARGEST_TABLE), near(file))


def rows_in(content: bytes, name: str) -> list[list[Cell]]:
    """Return the rows of the table *content*, which is a workbook if its *name* ends in ``.xlsx``.

    Raises:
        TableError: it is no CSV file and no workbook that can be read.
        ModuleNotFoundError: it is a workbook, and openpyxl is not installed.
    """
    if _is_workbook(name):
        return rows_of(content, name)
    if content.startswith(b"PK\x03\x04"):
        raise TableError(f"{name}: this is a workbook and not CSV; give it a name that ends in `.xlsx`")
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(f"{name}: it is not UTF-8 text (byte {error.start + 1:,}); {_SAVE}") from None
    if "\0" in text:
        raise TableError(f"{name}: it has null characters, so it is not text; {_SAVE}")
    heading = text.partition("\n")[0]
    separator = max(SEPARATORS, key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise TableError(f"{name}: it is not CSV ({error}); {_SAVE}, and check the quotation marks") from None
    return [[text_of_cell(cell) for cell in row] for row in rows]


def _is_workbook(name: str) -> bool:
    """Return whether the file *name* is a workbook by its name.

    Raises:
        TableError: it is neither a workbook nor CSV.
    """
    form = PurePath(name).suffix.lower()
    if form not in {".csv", ".xlsx"}:
        raise TableError(f"`{name}`: tables of questions are CSV files or workbooks; name a file that ends in `.csv` or `.xlsx`")
    return form == ".xlsx"
