"""Bytes of a text file as UTF-8: by its byte order mark, as strict UTF-8, or in the declared encoding; nothing is guessed."""

import codecs
import hashlib
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from orders.intake.errors import EncodingError, IntakeError
from sop_engine.text import counted, quoted

BLOCK = 1 << 18
"""Bytes that are read and checked at a time: few enough to stay in the cache of a processor, and to be put where those before them were."""
LARGEST = 2 << 30
"""Bytes of the largest file."""
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096
_FEW_NULLS = 5
"""Text in UTF-16 has more null characters than one of five bytes, if it is in Latin letters."""
DECLARE = 'if it comes from Excel on Windows, set encoding = "cp1252" in the mapping, otherwise the encoding that its program wrote'
_ZIP, _OLD_OFFICE, _GZIP, _PDF, _RTF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF", b"{\\rtf"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|table|meta|\?xml|style)", re.IGNORECASE)
ARCHIVE = "a zip archive"
SAVE_AGAIN = "open it in a spreadsheet program and save it as .xlsx or CSV"


def require_file(file: Path) -> None:
    """Refuse what is no file with content, or is too large.

    Raises:
        IntakeError: the file is missing, a folder, a device, empty, may not be read, or has more than 2 GiB.
    """
    try:
        size = file.stat().st_size
        if file.is_dir():
            raise IntakeError(str(file), "it is a folder", "name the files in it")
        if not file.is_file():
            raise IntakeError(str(file), "it is not a regular file", "copy its content to a file")
        with file.open("rb"):
            pass
    except OSError as error:
        raise IntakeError(
            str(file), f"it cannot be read ({(error.strerror or 'unknown').lower()})", "check the name and its permissions"
        ) from None
    except ValueError:
        raise IntakeError(str(file), "this is not the name of a file", "check the name") from None
    if not size:
        raise IntakeError(file.name, "the file is empty", "export it again")
    if size > LARGEST:
        raise IntakeError(file.name, "it has more than 2 GiB", "export shorter ranges of dates, or Parquet")


def digest(file: Path) -> str:
    """Return the SHA-256 of *file*.

    Raises:
        IntakeError: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable_file(file, error) from None


def codec_named(declared: str, place: str) -> str:
    """Return the name of the codec of the encoding *declared* at *place*.

    Raises:
        IntakeError: no text codec has this name.
    """
    try:
        name = codecs.lookup(declared).name
        "".encode(name)
    except (LookupError, ValueError):
        raise IntakeError(place, f"the encoding {quoted(declared)} is unknown", 'write one such as "utf-8", "utf-16" or "cp1252"') from None
    return name


def encoding_of(file: Path, declared: str | None) -> tuple[str, int]:
    """Return the encoding of a text file, and the length of its byte order mark.

    Raises:
        IntakeError: it is no text file, or *declared* is unknown or contradicts the byte order mark.
    """
    head = head_of(file)
    kind = kind_of_content(file, head)
    if kind is not None:
        raise IntakeError(file.name, f"it is {kind[0]}, not text", kind[1])
    mark = next(((encoding, len(mark)) for mark, encoding in MARKS if head.startswith(mark)), None)
    if declared is None:
        if mark is None:
            require_no_null(file, head)
        return mark or ("utf-8", 0)
    name = codec_named(declared, file.name)
    if mark is None:
        return name, 0
    if name.replace("_", "-").removesuffix("-sig") not in (mark[0], mark[0][:6]):
        raise IntakeError(
            file.name, f"its byte order mark says {mark[0]}, the mapping says {declared}", "remove `encoding` from the mapping"
        )
    return mark


def head_of(file: Path) -> bytes:
    """Return the first bytes of *file*.

    Raises:
        IntakeError: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(_HEAD)
    except OSError as error:
        raise _unreadable_file(file, error) from None


def kind_of_content(file: Path, head: bytes) -> tuple[str, str] | None:
    """Return what a file that begins with *head* is, and what to do, if it is no text with delimiters; otherwise None."""
    if head.startswith(_ZIP):
        return _kind_of_zip(file)
    if _MARKUP.match(head):
        return "HTML or XML", SAVE_AGAIN
    kinds = {
        _GZIP: ("a gzip archive", "unpack it and name the files in it"),
        _OLD_OFFICE: ("a spreadsheet of Excel, an old one or one with a password", "name it with the ending .xls, or remove the password"),
        _PDF: ("a PDF", "export CSV or XLSX instead"),
        _RTF: ("a document of RTF", "export CSV or XLSX instead"),
        **dict.fromkeys(_PICTURES, ("a picture", "export CSV or XLSX instead")),
    }
    return next((kind for start, kind in kinds.items() if head.startswith(start)), None)


def is_old_office(head: bytes) -> bool:
    """Return whether *head* is the beginning of a file of the older programs of Office: XLS, or any file with a password."""
    return head.startswith((_OLD_OFFICE, b"\x09\x08"))


def _kind_of_zip(file: Path) -> tuple[str, str]:
    """Return what an archive is, and what to do: the files of spreadsheet programs are archives too."""
    archive = ARCHIVE, "unpack it and name the files in it"
    try:
        with zipfile.ZipFile(file) as opened:
            names = set(opened.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return archive
    kinds = (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb"), ("content.xml", "ods"))
    if "Index/Document.iwa" in names:
        return "a document of Numbers or Pages", "export CSV or XLSX from it"
    if "word/document.xml" in names:
        return "a document of Word", "export CSV or XLSX instead"
    ending = next((ending for name, ending in kinds if name in names), None)
    return (f"a spreadsheet (.{ending})", f"name it with the ending .{ending}") if ending else archive


def utf8_blocks(file: Path, encoding: str, mark: int) -> Iterator[bytes]:
    """Yield the text of *file* in UTF-8, without its byte order mark, in blocks of whole characters.

    Raises:
        IntakeError: it cannot be read, or has bytes that its encoding does not have; the message has the place.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    is_utf8 = encoding == "utf-8"
    place = mark
    rest = b""
    try:
        with file.open("rb") as opened:
            opened.seek(mark)
            while block := opened.read(BLOCK):
                if is_utf8 and not rest and block.isascii():
                    text = block
                elif is_utf8:
                    block = rest + block
                    _, used = codecs.utf_8_decode(block, "strict", False)  # noqa: FBT003 (a function of C)
                    rest = block[used:]
                    place -= len(rest)
                    text = block[:used]
                else:
                    text = decoder.decode(block).encode()
                _refuse_null(file, text, place, is_utf8=is_utf8)
                yield text
                place += len(block)
            if rest:
                codecs.utf_8_decode(rest, "strict", True)  # noqa: FBT003
            yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError as error:
        at = place + error.start + 1
        if is_utf8:
            raise EncodingError(file.name, f"it is not UTF-8 (byte {at:,})", DECLARE) from None
        raise IntakeError(file.name, f"it is not {encoding} (near byte {at:,})", "set the encoding in which its program wrote it") from None
    except UnicodeEncodeError:
        raise IntakeError(file.name, f"it is not {encoding}: it has half a character", "export it again") from None
    except UnicodeError:  # of a codec that wants a byte order mark
        raise IntakeError(file.name, f"it is not {encoding}", "set the encoding in which its program wrote it") from None
    except OSError as error:
        raise _unreadable_file(file, error) from None


def _refuse_null(file: Path, text: bytes, place: int, *, is_utf8: bool) -> None:
    """Refuse a block of *text* with a null character; *place* is its first byte in the file.

    Raises:
        IntakeError: it has one.
    """
    if b"\0" in text:
        where = f"byte {place + text.index(0) + 1:,}" if is_utf8 else f"near byte {place + 1:,}"
        raise IntakeError(file.name, f"it has a null character ({where})", "export it again")


def require_no_null(file: Path, head: bytes) -> None:
    """Refuse text whose beginning has null characters: UTF-16 without its byte order mark, or no text at all.

    Raises:
        IntakeError: see above.
    """
    count = head.count(b"\0")
    if count > len(head) // _FEW_NULLS:
        name = "utf-16-be" if head.startswith(b"\0") else "utf-16-le"
        raise EncodingError(
            file.name,
            f"its first {counted(len(head), 'byte')} have {count:,} null characters",
            f'if it is UTF-16, set encoding = "{name}" in the mapping, or add --encoding {name} while one is suggested',
        )


def _unreadable_file(file: Path, error: OSError) -> IntakeError:
    return IntakeError(str(file), f"it cannot be read ({(error.strerror or 'unknown').lower()})", "check the file and its permissions")
