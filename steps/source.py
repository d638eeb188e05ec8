"""Source text: the bytes of a feature file, or why they are not text.

UTF-8 with or without a byte order mark, lines ended by LF or CRLF. Anything else is one finding, and the file goes no further.
"""


from steps.findings import Finding

MAX_BYTES = 1_000_000
SAVE_AS = "save the file as UTF-8, with ordinary line ends"



def decode(data: bytes, path: str) -> tuple[str, Finding | None]:
    """The text without its byte order mark; unreadable bytes become U+FFFD and one finding."""
    fault = _fault(data)
    if fault is None:
        return data.decode("utf-8-sig"), None
    line, column, rule, message, remedy = fault
    return data.decode("utf-8-sig", errors="replace"), Finding(path, line, column, rule, message, remedy)


def _fault(data: bytes) -> tuple[int, int, str, str, str] | None:
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes, more than {MAX_BYTES:,}"
        return 1, 1, "too-large", message, "split it into several feature files"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return 1, 1, "encoding", "the file is UTF-16, not UTF-8", SAVE_AS
    if b"\0" in data:
        at = data.index(b"\0")
        if _looks_like_utf16(data):
            return 1, 1, "encoding", "the file looks like UTF-16 without a mark, not UTF-8", SAVE_AS
        return *_place(data, at), "encoding", "there is a NUL character here, which no text has", "delete it"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # with "utf-8-sig" the offset counts from after the mark
        at = error.start + (3 if data.startswith(b"\xef\xbb\xbf") and len(error.object) < len(data) else 0)
        message = f"byte 0x{data[at]:02x} is not UTF-8 (Latin-1 or Windows-1252, perhaps)"
        return *_place(data, at), "encoding", message, SAVE_AS
    if "\r" in text and "\n" not in text:
        at = text.index("\r")
        return 1, at + 1, "encoding", "the lines end with CR alone, so the whole file reads as one line", SAVE_AS
    return None


def _place(data: bytes, at: int) -> tuple[int, int]:
    """Line and column of byte *at*, counting in characters from 1."""
    start = data.rfind(b"\n", 0, at) + 1
    before = data[start:at].decode("utf-8-sig", errors="replace")
    return data.count(b"\n", 0, at) + 1, len(before) + 1


def _looks_like_utf16(data: bytes) -> bool:
    return max(data[0:400:2].count(0), data[1:400:2].count(0)) > len(data[:400]) // 5
