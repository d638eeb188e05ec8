"""Source text: decodes the bytes of a feature file, or reports why they are not text.

UTF-8 with or without a byte order mark, lines ended by LF or CRLF. Anything else is one finding, and the file is not parsed.
"""

from sop_runs.problem import Problem

MAX_BYTES = 1_000_000
MAX_LINES = 20_000
NEWLINE = b"\n"
SAVE_AS = "save the file as UTF-8, with ordinary line ends"


def decode(data: bytes, path: str) -> tuple[str, Problem | None]:
    """Return the text without its byte order mark; unreadable bytes become U+FFFD and one finding."""
    fault = _defect(data)
    if fault is None:
        return data.decode("utf-8-sig"), None
    line, column, rule, message, remedy = fault
    return data.decode("utf-8-sig", errors="replace"), Problem(path, line, column, rule, message, remedy)


def _defect(data: bytes) -> tuple[int, int, str, str, str] | None:
    """Return line, column, rule, message and remedy of the first defect (size, encoding, line ends); None if there is none."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes, more than {MAX_BYTES:,}"
        return 1, 1, "too-large", message, "split it into several feature files"
    if data.count(NEWLINE) > MAX_LINES:
        message = f"the file has {data.count(NEWLINE):,} lines, more than {MAX_LINES:,}"
        return MAX_LINES + 1, 1, "too-large", message, "split it into several feature files"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_like_utf16(data):
        return 1, 1, "encoding", "the file is UTF-16, not UTF-8", SAVE_AS
    if b"\0" in data:
        return *_line_and_column(data, data.index(b"\0")), "encoding", "there is a NUL character here", "delete it"
    return _not_utf8(data) or _cr_only(data)


def _not_utf8(data: bytes) -> tuple[int, int, str, str, str] | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"byte 0x{data[error.start]:02x} is not UTF-8 (it may be Latin-1 or Windows-1252)"
        return *_line_and_column(data, error.start), "encoding", message, SAVE_AS
    return None


def _cr_only(data: bytes) -> tuple[int, int, str, str, str] | None:
    if b"\r" not in data or b"\n" in data:
        return None
    message = "the lines end with CR alone, so the whole file is read as one line"
    return *_line_and_column(data, data.index(b"\r")), "encoding", message, SAVE_AS


def _line_and_column(data: bytes, at: int) -> tuple[int, int]:
    """Return line and column of byte *at*, in characters, from 1."""
    start = data.rfind(b"\n", 0, at) + 1
    before = data[start:at].decode("utf-8-sig", errors="replace")
    return data.count(b"\n", 0, at) + 1, len(before) + 1


def _looks_like_utf16(data: bytes) -> bool:
    """Return whether many of the even or of the odd bytes among the first 400 are zero."""
    return b"\0" in data and max(data[0:400:2].count(0), data[1:400:2].count(0)) > len(data[:400]) // 5
