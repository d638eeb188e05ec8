"""Source text: decodes the bytes of a feature file, or reports why they are not text.

UTF-8 with or without a byte order mark, lines ended by LF or CRLF. Anything else is one finding, and the file is not parsed. The
limits of tables and outlines are checked before any placeholder is filled: a file of one megabyte can expand to gigabytes.
"""

from collections.abc import Iterator

from sop_runs.problem import Problem
from steps.language.examples import WrittenBlock, blocks
from steps.language.parser import Node

MAX_BYTES = 1_000_000
MAX_LINES = 20_000
NEWLINE = b"\n"
MAX_ROWS = 2_000
MAX_COLUMNS = 40
MAX_STEPS = 100_000
MAX_CHARACTERS = 20_000_000
"""Maximum steps and characters of a file after its outlines are filled."""
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


def size_findings(feature: Node, path: str) -> list[Problem]:
    """Return the findings of rule too-large for tables with too many rows or columns and for outlines that grow too large."""
    findings = [
        Problem(path, place["line"], place.get("column", 1), "too-large", message, remedy)
        for table, rows in _tables(feature)
        for place, message, remedy in _excesses(table, rows)
    ]
    steps = characters = 0
    for block in blocks(feature):
        added = _filled_size(block)
        steps, characters = steps + added[0], characters + added[1]
        if steps > MAX_STEPS or characters > MAX_CHARACTERS:
            place = block.scenario["location"]
            message = f"up to here the file has {steps:,} steps and {characters:,} characters after its outlines are filled"
            remedy = f"keep it below {MAX_STEPS:,} steps and {MAX_CHARACTERS:,} characters: use fewer rows or shorter texts"
            return [*findings, Problem(path, place["line"], place["column"], "too-large", message, remedy)]
    return findings


def _tables(feature: Node) -> Iterator[tuple[str, list[Node]]]:
    for block in blocks(feature):
        for examples in block.scenario["examples"]:
            yield "table of Examples", [examples["tableHeader"], *examples["tableBody"]] if "tableHeader" in examples else []
        for step in (*block.background, *block.scenario["steps"]):
            yield "table", step["dataTable"]["rows"] if "dataTable" in step else []


def _excesses(table: str, rows: list[Node]) -> Iterator[tuple[Node, str, str]]:
    if rows and len(rows[0]["cells"]) > MAX_COLUMNS:
        place = rows[0]["cells"][MAX_COLUMNS]["location"]
        yield place, f"the {table} has {len(rows[0]['cells']):,} columns, more than {MAX_COLUMNS}", "split it into several tables"
    if len(rows) - 1 > MAX_ROWS:
        place = rows[MAX_ROWS + 1]["location"]
        yield place, f"the {table} has {len(rows) - 1:,} rows, more than {MAX_ROWS:,}", "delete rows that add nothing"


def _filled_size(block: WrittenBlock) -> tuple[int, int]:
    """Return the maximum number of steps and of characters of all examples of a scenario."""
    scenario = block.scenario
    steps = len(block.background) + len(scenario["steps"])
    texts = [scenario["name"], *(text for step in (*block.background, *scenario["steps"]) for text in _texts(step))]
    length, placeholders = sum(map(len, texts)), sum(text.count("<") for text in texts)
    if not scenario["examples"]:
        return steps, length
    rows = growth = 0
    for examples in scenario["examples"]:
        body = examples["tableBody"]
        longest = max((len(cell["value"]) for row in body for cell in row["cells"]), default=0)
        rows, growth = rows + len(body), growth + len(body) * (length + placeholders * longest)
    return rows * steps, growth


def _texts(step: Node) -> Iterator[str]:
    yield step["text"]
    yield step["docString"]["content"] if "docString" in step else ""
    for row in step["dataTable"]["rows"] if "dataTable" in step else ():
        yield from (cell["value"] for cell in row["cells"])
