"""Errors in the cells of an XLSB file: its workbook and its sheets are lists of records, each with its kind and length before it."""

import struct
from collections.abc import Iterator

from orders.intake.files.old_excel import ERRORS

OTHER_ERROR = "#VALUE!"
_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156
"""Kinds of records: the begin of a row, an error, a formula whose value is an error, and the name of a sheet."""
_CELLS = range(1, 12)
"""Kinds of records of cells; kind 1 is a cell that has only a format."""
_BLANK = 1
_AFTER_CELL = 8
"""Bytes of the column and of the format before the value of a cell."""
_BROKEN_OFF = "it is damaged"
_NO_TEXT = 0xFFFFFFFF


def sheets_of_workbook(workbook: bytes) -> dict[str, str]:
    """Return for each sheet of a workbook the id of its relation.

    Raises:
        ValueError: the workbook is damaged.
    """
    sheets = {}
    try:
        for kind, content in _records(workbook):
            if kind == _SHEET:
                relation, end = _text_at(content, 8)
                name, _ = _text_at(content, end)
                sheets[name] = relation
    except (struct.error, IndexError) as error:
        raise ValueError(_BROKEN_OFF) from error
    return sheets


def errors_of_sheet(sheet: bytes) -> dict[tuple[int, int], str]:
    """Return the words of the errors of a sheet by row, from 1, and column, from 0.

    Raises:
        ValueError: the sheet is damaged.
    """
    errors, row = {}, 0
    try:
        for kind, content in _records(sheet):
            if kind == _ROW:
                row = struct.unpack_from("<I", content)[0] + 1
            elif kind in (_CELL_ERROR, _FORMULA_ERROR):
                errors[row, struct.unpack_from("<I", content)[0]] = ERRORS.get(content[_AFTER_CELL], OTHER_ERROR)
    except (struct.error, IndexError) as error:
        raise ValueError(_BROKEN_OFF) from error
    return errors


def extent_of_sheet(sheet: bytes) -> tuple[int, int]:
    """Return the last row and column of a sheet, from 1, that have a value.

    Raises:
        ValueError: the sheet is damaged.
    """
    row, last_row, last_column = 0, 0, 0
    try:
        for kind, content in _records(sheet):
            if kind == _ROW:
                row = struct.unpack_from("<I", content)[0] + 1
            elif kind in _CELLS and kind != _BLANK:
                last_row, last_column = max(last_row, row), max(last_column, struct.unpack_from("<I", content)[0] + 1)
    except (struct.error, IndexError) as error:
        raise ValueError(_BROKEN_OFF) from error
    return last_row, last_column


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each record. Kind and length are written in groups of seven bits, the lowest first."""
    place, end = 0, len(part)
    while place < end:
        kind = part[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | (part[place] & 0x7F) << 7
            place += 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte = part[place]
            place += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, part[place : place + length]
        place += length


def _text_at(content: bytes, place: int) -> tuple[str, int]:
    """Return the text at *place* and the place after it."""
    length = struct.unpack_from("<I", content, place)[0]
    if length == _NO_TEXT:
        return "", place + 4
    end = place + 4 + 2 * length
    return content[place + 4 : end].decode("utf-16-le"), end
