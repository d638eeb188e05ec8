"""Parquet files and messages in NDJSON as sheets: a Parquet file has a row for each record, NDJSON a line for each message."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from orders.intake.errors import IntakeError
from orders.intake.files.encodings import encoding_of, utf8_blocks
from orders.intake.files.sheet import Batch, Fault, OddRow
from orders.intake.values.ids import DATE, MOMENT, NUMBER
from orders.intake.values.numbers import shown_number
from sop_engine.input_files import parse_json

_ROWS = 65_536
_LONGEST_LINE = 1_000_000
POSTED, CANCELLED = "posted at", "cancelled at"
"""Columns that are made from the types and times of messages."""
CANCEL, CREATE = "CANCEL", "CREATE"
"""Words in the type of a message that cancels an order, and of one that posts it the first time."""


class ParquetSheet:
    """A Parquet file; its names of columns are the header, in row 0, and its first record is row 1."""

    name: str | None = None
    header_is_row = False

    def __init__(self, file: Path) -> None:
        from pyarrow import parquet  # noqa: PLC0415

        self.file = file
        try:
            self._parquet = parquet.ParquetFile(file, memory_map=False)
        except (pa.ArrowException, OSError) as error:
            raise IntakeError(file.name, f"it cannot be read as Parquet ({str(error).splitlines()[0][:80]})", "write it again") from None
        self.names: list[str] = list(self._parquet.schema_arrow.names)
        self.metadata: Mapping[bytes, bytes] = self._parquet.schema_arrow.metadata or {}
        self.head: Sequence[Sequence[str]] = [self.names]

    def batches(self, first: int, width: int, kept: Sequence[int]) -> Iterator[Batch]:  # noqa: ARG002 (see `Sheet`)
        """Yield the records; see `Sheet.batches`.

        Raises:
            IntakeError: the file is damaged.
        """
        number = 1
        try:
            are_distinct = len(set(self.names)) == len(self.names)
            names = [self.names[place] for place in kept] if are_distinct else None
            for record_batch in self._parquet.iter_batches(_ROWS, columns=names):
                columns, kinds = {}, {}
                for place in kept:
                    columns[place], kind = _as_text(record_batch.column(self.names[place] if are_distinct else place))
                    if kind:
                        kinds[place] = np.full(record_batch.num_rows, kind, np.int64)
                yield Batch(np.arange(number, number + record_batch.num_rows, dtype=np.int64), columns, (), kinds)
                number += record_batch.num_rows
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            raise IntakeError(self.file.name, f"it is damaged ({str(error).splitlines()[0][:80]})", "write it again") from None


def _as_text(column: pa.Array) -> tuple[pa.Array, int]:
    """Return a column as text, and the kind of its cells; no cell with a value is empty."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        moments = column if kind.tz is None else column.cast(pa.timestamp(kind.unit, "UTC"))
        texts = moments.cast(pa.timestamp("ms"), safe=False).to_pylist()
        return pa.array(
            [moment.isoformat(timespec="seconds") if moment else "" for moment in texts], pa.string()
        ), DATE if kind.tz is None else MOMENT
    if pa.types.is_date(kind):
        return pa.array([f"{day.isoformat()}T00:00:00" if day else "" for day in column.to_pylist()], pa.string()), DATE
    if pa.types.is_floating(kind):
        is_short = kind.bit_width < 64  # noqa: PLR2004 (bits)
        return pa.array([_number_text(value, is_short=is_short) for value in column.to_pylist()], pa.string()), NUMBER
    try:
        return column.cast(pa.string()).fill_null(""), 0
    except pa.ArrowException:
        return pa.array([_nested_text(value) for value in column.to_pylist()], pa.string()), 0


def _number_text(value: float | None, *, is_short: bool) -> str:
    """Return a number of eight bytes, or a *short* one of four, as text."""
    if value is None or value != value:  # noqa: PLR0124 (not a number)
        return ""
    return shown_number(float(str(np.float32(value))) if is_short else float(value))


def _nested_text(value: object) -> str:
    """Return bytes that are no text, or what stands for a list or structure: it may have personal data, so it is not shown."""
    match value:
        case None:
            return ""
        case bytes():
            return value.decode(errors="backslashreplace")
    return f"nested value {zlib.crc32(repr(value).encode()):08x}"


class MessageSheet:
    """Messages in NDJSON, one JSON object a line, flattened: a row for each message, with the quantities of its items added up."""

    name: str | None = None
    header_is_row = False

    def __init__(self, file: Path, encoding: str | None) -> None:
        self.file = file
        name, mark = encoding_of(file, encoding)
        self._messages: list[tuple[int, dict[str, str] | None]] = []
        self._unread: dict[int, str] = {}
        names: dict[str, None] = {}
        text = b"".join(utf8_blocks(file, name, mark))
        for number, line in enumerate(text.splitlines(), start=1):
            cells = _message(line) if line.strip() else {}
            self._messages.append((number, cells))
            if cells is None:
                self._unread[number] = line[:_LONGEST_LINE].decode(errors="replace")
            names |= dict.fromkeys(cells or ())
        if {"eventType", "eventTime", "orderCode"} <= names.keys():
            self._add_times()
            names |= dict.fromkeys((POSTED, CANCELLED))
        if not names:
            raise IntakeError(file.name, "it has no message: no line is a JSON object", "write one JSON object a line")
        self.names = list(names)
        self.head: Sequence[Sequence[str]] = [self.names]

    def _add_times(self) -> None:
        """Add when the order of each message was posted, and when a message cancels it, from the types and times of the messages.

        A message whose time cannot be read has it in both, so that its row is set aside.
        """
        messages = [cells for _, cells in self._messages if cells]
        is_whole = all(cells is not None for _, cells in self._messages)
        orders: dict[tuple[str, str], list[dict[str, str]]] = {}
        for cells in messages:
            orders.setdefault((cells.get("orderCode", ""), cells.get("locationCode", "")), []).append(cells)
        for of_order in orders.values():
            posted = _time_of_posting(of_order, is_whole=is_whole)
            for cells in of_order:
                time = cells.get("eventTime", "")
                is_readable = not time or _moment(cells) is not None
                cells[POSTED] = posted if is_readable else time
                if _is_cancelling(cells):
                    cells[CANCELLED] = time

    def batches(self, first: int, width: int, kept: Sequence[int]) -> Iterator[Batch]:  # noqa: ARG002 (see `Sheet`)
        """Yield the messages; see `Sheet.batches`."""
        good = [(number, cells) for number, cells in self._messages if cells is not None]
        odd = tuple(OddRow(number, (text,), Fault.JSON) for number, text in self._unread.items())
        columns = {place: pa.array([cells.get(self.names[place], "") for _, cells in good], pa.string()) for place in kept}
        yield Batch(np.array([number for number, _ in good], np.int64), columns, odd)


def _time_of_posting(messages: Sequence[dict[str, str]], *, is_whole: bool) -> str:
    """Return when an order was posted, from all its messages; an empty text if they leave it open.

    A posting is repeated with each change, so the earliest message says that the order was posted by then. That it was not posted
    before says only a message that creates it, in a file all of whose lines can be read.
    """
    postings = [cells for cells in messages if not _is_cancelling(cells)]
    times = [(moment, cells) for cells in postings if (moment := _moment(cells)) is not None]
    if not times or len(times) < len(postings):
        return ""
    first, earliest = min(times, key=lambda time: time[0])
    cancelled = [moment for cells in messages if _is_cancelling(cells) and (moment := _moment(cells)) is not None]
    is_first = is_whole and CREATE in earliest["eventType"].upper()
    return earliest["eventTime"] if is_first or all(first <= moment for moment in cancelled) else ""


def _is_cancelling(cells: Mapping[str, str]) -> bool:
    return CANCEL in cells.get("eventType", "").upper()


def _moment(cells: Mapping[str, str]) -> datetime | None:
    """Return the time of a message; None if it has none, or one without a zone."""
    try:
        moment = datetime.fromisoformat(cells.get("eventTime", "").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _message(line: bytes) -> dict[str, str] | None:
    """Return the cells of one message; None if the line is no JSON object."""
    try:
        message = parse_json(line) if len(line) <= _LONGEST_LINE else None
    except ValueError:
        return None
    return dict(_flat("", message)) if isinstance(message, dict) else None


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the cells of a JSON value: objects as ``outer.inner``, a list of objects as the sums of their numbers and their other values.

    Other values of a list are in one cell, with commas.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else key, inner)
    elif isinstance(value, list):
        objects = [item for item in value if isinstance(item, dict)]
        others = [item if isinstance(item, str) else json.dumps(item) for item in value if item is not None and not isinstance(item, dict)]
        if others:
            yield name, ", ".join(others)
        for key in dict.fromkeys(key for item in objects for key in item):
            values = [item[key] for item in objects if item.get(key) is not None]
            if values and all(isinstance(number, int) and not isinstance(number, bool) for number in values):
                yield f"{name}.{key}", str(sum(values))
            else:
                yield f"{name}.{key}", " ".join(text if isinstance(text, str) else json.dumps(text) for text in values)
    else:
        yield name, value if isinstance(value, str) else "" if value is None else json.dumps(value)
