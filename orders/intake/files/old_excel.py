"""Errors in the cells of an XLS file: its workbook is one of the streams of a compound file, as a list of records."""

import struct
from collections.abc import Iterator
from itertools import takewhile

ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers of sectors above it are marks: the end of a chain, or a free sector."""
_SECTOR_SIZES = (9, 12)
"""Of 512 and of 4,096 bytes, as powers of two."""
_STREAMS, _ROOT = ("Workbook", "Book"), "Root Entry"
_BOUND_SHEET, _BOF, _EOF, _BOOL_ERR, _FORMULA = 0x85, 0x809, 0x0A, 0x205, 0x06
_ERROR_RESULT = 2
_WIDE_EXTENT = 14
_BEFORE_1997 = 0x500
_DAMAGED = "it is damaged"
_FILE_PASS, _LOCKED_PACKAGE = 0x2F, "EncryptedPackage".encode("utf-16-le")
_DIMENSIONS, _MOST_ROWS, _MOST_COLUMNS = 0x200, 65_536, 256


def errors_of_sheets(content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Return for each sheet the words of its errors by row, from 1, and column, from 0.

    Raises:
        ValueError: the file is damaged.
    """
    try:
        stream = _workbook_stream(content)
        return {name: dict(_errors(stream, place)) for name, place in _sheets(stream)}
    except (struct.error, IndexError) as error:
        raise ValueError(_DAMAGED) from error


def is_locked(content: bytes) -> bool:
    """Return whether a compound file is a workbook with a password: an XLS file, or the envelope of a newer one."""
    if not content.startswith(_MAGIC):
        return False
    if _LOCKED_PACKAGE in content:
        return True
    try:
        stream = _workbook_stream(content)
        kinds = (kind for kind, _ in _records(stream, 0))
        return _FILE_PASS in takewhile(lambda kind: kind != _EOF, kinds)
    except (ValueError, struct.error, IndexError):
        return False


def has_impossible_extent(content: bytes) -> bool:
    """Return whether a sheet says that it has more rows or columns than a sheet of an XLS file can have, as only a damaged one does.

    Raises:
        ValueError: the file is damaged otherwise.
    """
    if not content.startswith(_MAGIC):
        return False
    try:
        stream = _workbook_stream(content)
        extents = [
            struct.unpack_from("<IIHH" if len(record) >= _WIDE_EXTENT else "<HHHH", record)
            for _, place in _sheets(stream)
            for kind, record in _records(stream, place)
            if kind == _DIMENSIONS
        ]
    except (struct.error, IndexError) as error:
        raise ValueError(_DAMAGED) from error
    return not all(
        first_row <= last_row <= _MOST_ROWS and first_column <= last_column <= _MOST_COLUMNS
        for first_row, last_row, first_column, last_column in extents
    )


def _workbook_stream(content: bytes) -> bytes:
    """Return the stream of the workbook.

    Raises:
        ValueError: there is none.
    """
    if not content.startswith(_MAGIC):
        return content
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    first_directory, _, cutoff, first_mini = struct.unpack_from("<IIII", content, 48)
    if shift not in _SECTOR_SIZES:
        raise ValueError(_DAMAGED)
    size = 1 << shift

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    fats = [number for number in struct.unpack_from("<109I", content, 76) if number < _LAST_SECTOR]
    more, count = struct.unpack_from("<II", content, 68)
    for _ in range(min(count, len(content) // size)):
        *numbers, more = struct.unpack(f"<{size // 4}I", sector(more))
        fats += [number for number in numbers if number < _LAST_SECTOR]
    fat = [number for place in fats for number in struct.unpack(f"<{size // 4}I", sector(place))]
    directory = b"".join(map(sector, _chain(first_directory, fat)))
    entries = {}
    for place in range(0, len(directory), 128):
        length, start, bytes_ = struct.unpack_from("<H50xI I", directory, place + 64)
        entries[directory[place : place + max(length - 2, 0)].decode("utf-16-le")] = (start, bytes_)
    streams = [entries[name] for name in _STREAMS if name in entries]
    if not streams:
        raise ValueError(_DAMAGED)
    start, length = streams[0]
    if length >= cutoff:
        return b"".join(map(sector, _chain(start, fat)))[:length]
    mini_fat = [number for part in map(sector, _chain(first_mini, fat)) for number in struct.unpack(f"<{size // 4}I", part)]
    start_of_small, _ = entries.get(_ROOT, (_LAST_SECTOR, 0))
    small = b"".join(map(sector, _chain(start_of_small, fat)))
    return b"".join(small[number << mini_shift : (number + 1) << mini_shift] for number in _chain(start, mini_fat))[:length]


def _chain(number: int, fat: list[int]) -> Iterator[int]:
    """Yield the sectors of a stream."""
    for _ in fat:
        if number >= _LAST_SECTOR:
            return
        yield number
        number = fat[number]


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of the records from *place* to the end of the stream."""
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    """Yield name and place of each sheet."""
    kind, _, version = struct.unpack_from("<HHH", stream)
    if kind != _BOF:
        raise ValueError(_DAMAGED)
    is_old = version <= _BEFORE_1997
    for kind, content in _records(stream, 0):
        if kind == _BOUND_SHEET and is_old:
            yield content[7 : 7 + content[6]].decode("latin-1"), struct.unpack_from("<I", content)[0]
        elif kind == _BOUND_SHEET:
            place, _, length, is_wide = struct.unpack_from("<IHBB", content)
            text = content[8 : 8 + length * (2 if is_wide & 1 else 1)]
            yield text.decode("utf-16-le" if is_wide & 1 else "latin-1"), place
        elif kind == _EOF:
            return


def _errors(stream: bytes, place: int) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield place and words of each error of the sheet at *place*; what is embedded in it, such as a chart, has a beginning and end of its own."""
    depth = 0
    for kind, content in _records(stream, place):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        code = None
        if kind == _BOOL_ERR and content[7]:
            code = content[6]
        elif kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == _ERROR_RESULT:
            code = content[8]
        if code is not None and depth == 1:
            row, column = struct.unpack_from("<HH", content)
            yield (row + 1, column), ERRORS.get(code, "#VALUE!")
