"""XLS files of a few cells: a compound file with one stream, a list of records."""

import struct
from pathlib import Path

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}


def write_old_workbook(file: Path, sheets: dict[str, list[list[str]]]) -> None:
    """Write sheets of texts; a cell such as ``#N/A`` is an error, and ``=#N/A`` a formula whose result is one."""
    stream = _workbook(sheets)
    stream += bytes(max(4096 - len(stream), -len(stream) % SECTOR))
    count = len(stream) // SECTOR
    fat = [FAT, END, *range(3, 2 + count), END]
    fat += [FREE] * (SECTOR // 4 - len(fat))
    directory = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + _entry("", 0, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    file.write_bytes(header + struct.pack("<128I", *fat) + directory + stream)


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le")
    length = len(text) + 2 if name else 0
    return struct.pack("<64sHBBIII36xIII", text, length, kind, 1, FREE, FREE, child, start, size, 0)


def _workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    bodies = [_bof(0x10) + b"".join(_cell(*place, text) for place, text in _cells(rows)) + _record(0x0A) for rows in sheets.values()]
    place = len(_bof(5)) + sum(12 + len(name) for name in sheets) + 4
    head = b""
    for name, body in zip(sheets, bodies, strict=True):
        head += _record(0x85, struct.pack("<IHBB", place, 0, len(name), 0) + name.encode())
        place += len(body)
    return _bof(5) + head + _record(0x0A) + b"".join(bodies)


def _cells(rows: list[list[str]]) -> list[tuple[tuple[int, int], str]]:
    return [((row, column), text) for row, cells in enumerate(rows) for column, text in enumerate(cells) if text]


def _cell(row: int, column: int, text: str) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if text in ERRORS:
        return _record(0x205, place + bytes((ERRORS[text], 1)))
    if text.removeprefix("=") in ERRORS:
        result = bytes((2, 0, ERRORS[text[1:]], 0, 0, 0, 0xFF, 0xFF))
        return _record(0x06, place + result + bytes(6) + struct.pack("<HBB", 2, 0x1C, ERRORS[text[1:]]))
    return _record(0x204, place + struct.pack("<HB", len(text), 0) + text.encode())


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 6))


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content
