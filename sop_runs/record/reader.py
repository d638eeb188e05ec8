"""Reader and writer of the run record ``run.ndjson``.

`read` reads as far as possible and keeps the place and reason of the first error; `read_record` refuses a record with an error.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from sop_engine.garbage_collection import collection_paused
from sop_engine.input_files import UnreadableFileError, read_both_ends, read_bytes
from sop_engine.text import visible
from sop_runs.errors import RunRecordError
from sop_runs.record.consistency import contradictions
from sop_runs.record.schema import VERSION, Closing, FeatureRecord, Line, Manifest, RulebookRecord, ScenarioRecord
from sop_runs.record.status import NOT_RUN, OTHER_VERSION, same_json

RECORD = "run.ndjson"
RUN_AGAIN = "run `sop verify` again"
COMPLETE: Literal["complete"] = "complete"
INTERRUPTED: Literal["interrupted"] = "interrupted"
INCOMPLETE: Literal["incomplete"] = "incomplete"
_LINE_ORDER = (Manifest, RulebookRecord, FeatureRecord, ScenarioRecord, Closing)
_REPEATED_LINES = (FeatureRecord, ScenarioRecord)
LARGEST_RECORD = 512_000_000
"""Largest run record that is read."""
_HEAD = 1_000_000
"""Bytes at the beginning of a record that contain its manifest."""
_NOT_RUN = (f'"status":"{NOT_RUN}"'.encode(), f'"status":"{OTHER_VERSION}"'.encode())
"""What a line of an example has in it that was not tried; one that is not supported was, so a progress bar counts it."""
_TAIL = 4096
"""Bytes at the end of a record that contain its closing line."""
_JSON_TYPES = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object",
}
_MISMATCH = re.compile(r"Expected `(?P<wanted>[^`]*)`, got `(?P<given>[^`]*)`")
_HALF = re.compile("[\ud800-\udfff]")
_decoder = msgspec.json.Decoder(Line)
_encoder = msgspec.json.Encoder(order="sorted")
_LineType = TypeVar("_LineType")


@dataclass(slots=True)
class RunRecord:
    """The content of a run record.

    Attributes:
        cut_off: whether the last line is incomplete, as after the writer was killed.
        problem: place (``run.ndjson:LINE``) and reason of the first error; None if there is none.
        missing: whether the file does not exist or cannot be opened.
        unread: place of the first line with a key that this program does not read; empty if there is none.
    """

    manifest: Manifest | None = None
    rulebook: RulebookRecord | None = None
    features: list[FeatureRecord] = field(default_factory=list)
    scenarios: list[ScenarioRecord] = field(default_factory=list)
    closing: Closing | None = None
    cut_off: bool = False
    problem: tuple[str, str] | None = None
    missing: bool = False
    unread: str = field(default="", compare=False)

    @property
    def state(self) -> str:
        """Return *complete*, *interrupted* (a user stopped the run) or *incomplete*; only a complete run can be good."""
        return INCOMPLETE if self.closing is None or self.cut_off or self.problem else self.closing.state

    @property
    def head(self) -> Manifest:
        """Return the manifest.

        Raises:
            RunRecordError: there is none.
        """
        if self.manifest is None:
            raise RunRecordError(RECORD, "the record has no manifest", RUN_AGAIN)
        return self.manifest

    @property
    def lines(self) -> Iterator[Line]:
        """Yield every line in the order of the file."""
        yield from (line for line in (self.manifest, self.rulebook) if line is not None)
        yield from self.features
        yield from self.scenarios
        yield from (self.closing,) if self.closing is not None else ()


def dump(line: Struct) -> bytes:
    """Return one line of a record: JSON with sorted keys, UTF-8, ended by a line feed."""
    return encode(line) + b"\n"


def encode(value: object) -> bytes:
    """Return *value* as JSON with sorted keys; half a surrogate pair (from a step definition) is escaped, as readers refuse it."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        plain = json.dumps(msgspec.to_builtins(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return _HALF.sub(lambda half: rf"\\u{ord(half[0]):x}", plain).encode()


def read(path: Path) -> RunRecord:
    """Read the record in *path*, a ``run.ndjson`` or the run's folder, as far as possible; never raises."""
    path = path / RECORD if path.is_dir() else path
    try:
        raw = read_bytes(path, RUN_AGAIN, LARGEST_RECORD)
    except UnreadableFileError as error:
        return RunRecord(problem=(path.name, f"the run record cannot be read: {error.reason}"), missing=True)
    return _record_from_bytes(path.name, raw)


def read_record(path: Path) -> RunRecord:
    """Read the record in *path*, a ``run.ndjson`` or the run's folder; a missing end is a state, not an error.

    Raises:
        RunRecordError: the file cannot be read, a line is not of its type, or the lines contradict each other.
    """
    path = path / RECORD if path.is_dir() else path
    record = read(path)
    if record.problem:
        raise RunRecordError(*record.problem, RUN_AGAIN)
    if record.manifest is None:
        raise RunRecordError(path.name, "the record is empty", RUN_AGAIN)
    return record


def read_ends(path: Path) -> tuple[Manifest, Closing | None] | None:
    """Read the first and the last line of the record at *path*; None if it does not begin with a manifest."""
    try:
        beginning, end = read_both_ends(path, _HEAD, _TAIL)
        first, last = _decoded(beginning.partition(b"\n")[0]), _decoded(end.splitlines()[-1])
    except (OSError, IndexError):
        return None
    return (first, last if isinstance(last, Closing) else None) if isinstance(first, Manifest) else None


class RecordTail:
    """Counter of the examples that have run, for a record that is being written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = self._executed = 0
        self._rest = b""
        self._expected: int | None = None

    def counts(self) -> tuple[int, int | None]:
        """Return the number of examples that have run, and the number that will run (None until the manifest is written)."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._position)
                new = file.read()
        except OSError:
            return self._executed, self._expected
        self._position += len(new)
        *lines, self._rest = (self._rest + new).split(b"\n")
        if lines and self._expected is None:
            first = _decoded(lines[0])
            self._expected = first.expected if isinstance(first, Manifest) else None
        self._executed += sum(b'"type":"scenario"' in line and not any(status in line for status in _NOT_RUN) for line in lines)
        return self._executed, self._expected


def _decoded(raw: bytes) -> Line | None:
    try:
        line: Line = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return line


@collection_paused()
def _record_from_bytes(name: str, raw: bytes) -> RunRecord:
    *pieces, rest = raw.split(b"\n")
    record = RunRecord(cut_off=bool(rest))
    lines: list[Line] = []
    for number, piece in enumerate(pieces, 1):
        try:
            lines.append(_decoder.decode(piece))
            if not record.unread and encode(lines[-1]) != piece and not _is_all_read(lines[-1], piece):
                record.unread = f"{name}:{number}"
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            if number == len(pieces) and not rest and not _is_json(piece):
                record.cut_off = True  # cut off in the middle of a line, then flushed
            else:
                record.problem = f"{name}:{number}", _reason(piece, error)
            break
    sound, disorder = _ordered_lines(name, lines)
    record.manifest, record.rulebook, record.closing = (
        _first_of_type(sound, Manifest),
        _first_of_type(sound, RulebookRecord),
        _first_of_type(sound, Closing),
    )
    record.features = [line for line in sound if isinstance(line, FeatureRecord)]
    record.scenarios = [line for line in sound if isinstance(line, ScenarioRecord)]
    if record.closing is not None and record.cut_off:
        disorder = disorder or (f"{name}:{len(lines) + 1}", "there is text after the closing line")
    record.problem = disorder or record.problem or _contradiction(name, record)
    return record


def _first_of_type(lines: list[Line], kind: type[_LineType]) -> _LineType | None:
    return next((line for line in lines if isinstance(line, kind)), None)


def _ordered_lines(name: str, lines: list[Line]) -> tuple[list[Line], tuple[str, str] | None]:
    """Return the lines before the first one out of order, and its place and reason."""
    if lines and not isinstance(lines[0], Manifest):
        return [], (f"{name}:1", f"the record begins with a {_line_kind(lines[0])} line, expected the manifest")
    for number, (before, line) in enumerate(pairwise(lines), 2):
        rank, rank_before = _LINE_ORDER.index(type(line)), _LINE_ORDER.index(type(before))
        if rank < rank_before or (rank == rank_before and not isinstance(line, _REPEATED_LINES)):
            return lines[: number - 1], (f"{name}:{number}", f"a {_line_kind(line)} line after a {_line_kind(before)} line")
        if number == 2 and not isinstance(line, RulebookRecord):  # noqa: PLR2004 (the second line)
            return lines[:1], (f"{name}:2", "there is no rulebook line")
    return lines, None


def _contradiction(name: str, record: RunRecord) -> tuple[str, str] | None:
    """Return place and reason of the first line that contradicts the others; None if there is none."""
    if record.manifest is None:
        return None
    number, reason = next(contradictions(record.manifest, record.features, record.scenarios, record.closing), (0, ""))
    return (f"{name}:{number}" if number else name, reason) if reason else None


def _line_kind(line: Line) -> str:
    return str(line.__struct_config__.tag)


def _is_all_read(line: Line, piece: bytes) -> bool:
    """Return whether *line* has everything that *piece*, its JSON, has; a key that *piece* lacks has its default."""
    return _has_all(msgspec.json.decode(encode(line)), msgspec.json.decode(piece))


def _has_all(read_value: object, value: object) -> bool:
    if isinstance(read_value, dict) and isinstance(value, dict):
        return all(key in read_value and _has_all(read_value[key], part) for key, part in value.items())
    if isinstance(read_value, list) and isinstance(value, list):
        return len(read_value) == len(value) and all(map(_has_all, read_value, value))
    return same_json(read_value, value)


def _is_json(piece: bytes) -> bool:
    try:
        msgspec.json.decode(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _reason(piece: bytes, error: Exception) -> str:
    """Return as text why *piece* is not a line of a record."""
    try:
        plain: Any = msgspec.json.decode(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "the line is not JSON"
    kind = plain.get("type") if isinstance(plain, dict) else None
    if not isinstance(kind, str) or kind not in {shape.__struct_config__.tag for shape in _LINE_ORDER}:
        return "the line has an unknown type"
    if kind == "manifest" and plain.get("version") != VERSION:
        return f"the record has version {json.dumps(plain.get('version'))}, this program reads {VERSION}"
    return f"in the {kind} line, {mismatch(error)}"


def mismatch(error: Exception, subject: str = "the line") -> str:
    """Return the text of a validation error of msgspec: ``steps[0].line is a text, expected a whole number``; *subject* names what was read."""
    reason, _, place = visible(str(error)).partition(" - at `$")
    where = place.rstrip("`").lstrip(".") or subject
    match = _MISMATCH.fullmatch(reason)
    if match:
        wanted = " or ".join(_JSON_TYPES.get(kind, f"`{kind}`") for kind in match["wanted"].split(" | "))
        return f"{where} is {_JSON_TYPES.get(match['given'], match['given'])}, expected {wanted}"
    if reason.startswith("Object missing required field"):
        return f"{where} has no {reason.rpartition(' ')[2]}"
    return f"{where}: {reason[:1].lower()}{reason[1:]}"
