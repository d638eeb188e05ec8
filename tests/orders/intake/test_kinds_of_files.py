"""Files that are not what their ending says, and files without rows: one error each, which says what the file is and what to do."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from orders.intake.errors import IntakeError
from orders.intake.files.opening import open_sheets
from orders.intake.mapping.suggestion import suggest
from tests.support.intake import ASSURE, lines, orders, read
from tests.support.old_workbooks import write_old_workbook

PLAIN = lines(*orders(3)).encode()
HTML = b"<html><table><tr><td>Channel Order ID</td></tr></table></html>"


def archive(*names):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name in names:
            opened.writestr(name, "x")
    return stream.getvalue()


ENDLESS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(4_500)
"""The beginning of an old format whose chains of sectors never end: calamine follows them until the memory is full."""
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = OLD_OFFICE + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)
FILES = {
    "password as XLSX": ("x.xlsx", LOCKED, "it is locked with a password; open it, save it again without the password, and name that file"),
    "password as ODS": ("x.ods", LOCKED, "it is locked with a password"),
    "text as XLSX": ("x.xlsx", PLAIN, "it is no spreadsheet; if it is text, name it with the ending .csv"),
    "text as XLS": ("x.xls", PLAIN, "it is no spreadsheet"),
    "text as ODS": ("x.ods", PLAIN, "it is no spreadsheet"),
    "HTML as XLS": ("x.xls", HTML, "it is HTML or XML, not what its ending says; open it in a spreadsheet program and save it"),
    "HTML as CSV": ("x.csv", b"\xef\xbb\xbf\r\n <!DOCTYPE html><p>", "it is HTML or XML, not text; open it"),
    "XML": ("day.xml", b'<?xml version="1.0"?><ENVELOPE/>', "it is HTML or XML"),
    "XLS or a password as XLSX": ("x.xlsx", b"\xd0\xcf\x11\xe0" + bytes(2000), "with a password, not what its ending says; name it with"),
    "damaged old format as XLSX": ("x.xlsx", ENDLESS, "an old one or one with a password, not what its ending says"),
    "damaged old format as ODS": ("x.ods", ENDLESS, "an old one or one with a password, not what its ending says"),
    "PNG as CSV": ("x.csv", b"\x89PNG\r\n\x1a\n\x96", "it is a picture, not text; export CSV or XLSX instead"),
    "JPEG": ("x.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "it is a picture"),
    "RTF": ("x.txt", rb"{\rtf1\ansi a}", "it is a document of RTF"),
    "XLSX as CSV": ("x.csv", archive("xl/workbook.xml"), "ending .xlsx"),
    "damaged XLSX": ("x.xlsx", archive("xl/workbook.xml")[:-30], "cannot be read as a spreadsheet"),
    "archive as XLSX": ("x.xlsx", archive("a.csv"), "it is a zip archive, not what its ending says; unpack it"),
    "Numbers": ("x.numbers", archive("Index/Document.iwa"), "it is a document of Numbers or Pages, not text; export CSV or XLSX from it"),
    "Word": ("x.docx", archive("word/document.xml"), "a document of Word"),
    "PDF as XLSX": ("x.xlsx", b"%PDF-1.4", "it is a PDF"),
    "JSON": ("x.json", json.dumps([{"a": 1}]).encode(), "a JSON document is not read; write one JSON object a line"),
    "text as Parquet": ("x.parquet", PLAIN, "cannot be read as Parquet"),
    "spaces": ("x.csv", b"\r\n  \r\n\t\r\n", "it has only spaces and line ends; export it again"),
    "nulls": ("x.csv", PLAIN.replace(b"FN0002", b"FN\0002"), r"it has a null character \(byte \d+\); export it again"),
    "nulls far below": ("x.csv", PLAIN + lines(*orders(90_000)).encode() + b"FN\0", r"null character \(byte 7,010,521\)"),
    "nulls in UTF-16": ("x.csv", lines("FN\0").encode("utf-16"), r"null character \(near byte 3\)"),
    "UTF-16 without its mark": ("x.csv", PLAIN.decode().encode("utf-16-be"), "null characters; if it is UTF-16, set encoding"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_named_for_what_it_is(tmp_path, kind):
    name, content, words = FILES[kind]

    with pytest.raises(IntakeError, match=words) as mapped:
        read(tmp_path, content, ASSURE, name=name)
    if kind != "nulls far below":
        with pytest.raises(IntakeError, match=words):
            suggest(tmp_path / name)
    assert str(mapped.value).isprintable()


def test_an_old_workbook_with_a_password_is_named_for_it(tmp_path):
    """It was said to have more cells than there can be, because the numbers in it are encrypted."""
    file = tmp_path / "x.xls"
    write_old_workbook(file, {"Sheet": [["A", "B"]]})
    content = bytearray(file.read_bytes())
    content[content.index(b"\x85\x00", 1536)] = 0x2F  # the record of a sheet becomes that of a password
    file.write_bytes(content)

    with pytest.raises(IntakeError, match="it is locked with a password"):
        suggest(file)


def test_a_table_that_may_not_be_read_is_named_for_it(tmp_path, monkeypatch):
    """Its remedy was to write it again."""
    file = tmp_path / "x.parquet"
    file.write_bytes(b"PAR1")
    monkeypatch.setattr(Path, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))

    with pytest.raises(IntakeError, match=r"x\.parquet: it cannot be read \(permission denied\); check the name and its permissions"):
        open_sheets(file, None, None, None, len)
