"""XLSB files of a few cells: parts with lists of records in an archive."""

import struct
import zipfile
from pathlib import Path

from tests.support.old_workbooks import ERRORS

SPACE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_binary_workbook(file: Path, sheets: dict[str, list[list[str]]]) -> None:
    """Write sheets of texts; a cell such as ``#N/A`` is an error, and ``=#N/A`` a formula whose result is one."""
    names = {f"rId{number}": f"worksheets/sheet{number}.bin" for number in range(1, len(sheets) + 1)}
    bundle = b"".join(
        _record(156, struct.pack("<II", 0, number) + _text(f"rId{number}") + _text(name)) for number, name in enumerate(sheets, start=1)
    )
    types = '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    pages = "".join(f'<Override PartName="/xl/{name}" ContentType="application/vnd.ms-excel.worksheet"/>' for name in names.values())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{SPACE}/content-types">{rels}{types}{pages}</Types>')
        archive.writestr("_rels/.rels", _relations({"rId1": "xl/workbook.bin"}, "officeDocument"))
        archive.writestr("xl/workbook.bin", _record(131) + _record(143) + bundle + _record(144) + _record(132))
        archive.writestr("xl/_rels/workbook.bin.rels", _relations(names, "worksheet"))
        for name, rows in zip(names.values(), sheets.values(), strict=True):
            archive.writestr(f"xl/{name}", _sheet(rows))


def _relations(targets: dict[str, str], kind: str) -> str:
    tags = "".join(f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, target in targets.items())
    return f'<Relationships xmlns="{SPACE}/relationships">{tags}</Relationships>'


def _sheet(rows: list[list[str]]) -> bytes:
    width = max(map(len, rows))
    extent = _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
    body = b"".join(
        _record(0, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0))
        + b"".join(_cell(place, text) for place, text in enumerate(cells) if text)
        for number, cells in enumerate(rows)
    )
    return _record(129) + extent + _record(145) + body + _record(146) + _record(130)


def _cell(column: int, text: str) -> bytes:
    place = struct.pack("<II", column, 0)
    if text in ERRORS:
        return _record(3, place + bytes((ERRORS[text],)))
    if text.removeprefix("=") in ERRORS:
        code = ERRORS[text[1:]]
        return _record(11, place + struct.pack("<BHIBBI", code, 0, 2, 0x1C, code, 0))
    return _record(6, place + _text(text))


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    return _number(kind) + _number(len(content)) + content


def _number(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])
