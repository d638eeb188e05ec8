"""Arrivals of orders from a file: a plain CSV of times, or an event log in any form; read strictly.

A plain CSV has a header with the column `time`, and with `units` if wanted. An error has file, row and reason.
"""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import numpy as np

from orders.log.columns import WORD_CODES, Event, Precision
from orders.log.event_log import Log
from orders.log.export.formats import LogFormat, format_of, read_log, require_log_file
from orders.log.timestamps import EPOCH
from sop_engine import SopError
from sop_engine.errors import did_you_mean
from sop_engine.input_files import read_both_ends, read_text
from sop_engine.text import counted, path_shown, quoted, visible

TIME, UNITS = "time", "units"
LARGEST_ORDER = 5
"""Largest number of units of an order, as in the simulator."""
FORM = "a CSV file with the column `time`, such as 2026-11-23T09:15:00+05:30, and with `units` if wanted; or an event log"
HEADER_BYTES = 4096
LONGEST_CELL = 40


class ArrivalsError(SopError):
    """A file that cannot be read as arrivals of orders, with place, reason and remedy."""

    def __init__(self, file: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{path_shown(file)}: {reason}; {remedy}")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """When orders were placed, ascending, in UTC milliseconds since 1970, and their units where the file has them.

    Attributes:
        name: of the file.
        sha256: of the times and units.
    """

    name: str
    sha256: str
    at: tuple[int, ...]
    units: tuple[int, ...] | None


def read_arrivals(file: Path) -> Arrivals:
    """Read the arrivals of orders in *file*.

    Raises:
        ArrivalsError: it is not such a CSV file, an order is invalid, or there is none.
        EventLogError: it is not an event log of this version.
        UnreadableFileError, OSError: it cannot be read.
    """
    pairs = _of_table(file) if _is_plain(file) else _of_log(file, read_log(file).log)
    if not pairs:
        raise ArrivalsError(file, "it has no orders", f"expected {FORM}")
    pairs.sort(key=lambda pair: pair[0])
    at, units = zip(*pairs, strict=True)
    stated = tuple(number for number in units if number is not None)
    digest = hashlib.sha256("\n".join(f"{moment},{number or ''}" for moment, number in pairs).encode())
    return Arrivals(visible(file.name), digest.hexdigest(), at, stated if len(stated) == len(at) else None)


def _is_plain(file: Path) -> bool:
    """Return whether *file* is a CSV file without the columns of an event log."""
    if format_of(file) is not LogFormat.CSV:
        return False
    require_log_file(file)
    beginning, _ = read_both_ends(file, HEADER_BYTES, 0)
    header = beginning.decode("utf-8-sig", errors="replace").splitlines()[:1]
    return not {"event", "order"} <= set(next(csv.reader(header), []))


def _of_table(file: Path) -> list[tuple[int, int | None]]:
    rows = csv.reader(StringIO(read_text(file, f"expected {FORM}"), newline=""), strict=True)
    numbered = _numbered(file, rows)
    _, header = next(numbered, (0, []))
    for name in header:
        if name not in (TIME, UNITS):
            hint = did_you_mean(name, (TIME, UNITS))
            raise ArrivalsError(file, f"row 1: unknown column {quoted(name, LONGEST_CELL)}; {hint}", f"expected {FORM}")
    if TIME not in header or len(set(header)) < len(header):
        reason = "the column `time` is missing" if TIME not in header else "a column is there twice"
        raise ArrivalsError(file, f"row 1: {reason}", f"expected {FORM}")
    return [_order(file, place, dict(zip(header, cells, strict=False)), len(cells), len(header)) for place, cells in numbered]


def _numbered(file: Path, rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank with their numbers, the header as row 1."""
    place = 0
    try:
        for cells in rows:
            place += 1
            if cells:
                yield place, cells
    except csv.Error as error:
        raise ArrivalsError(file, f"row {place + 1:,}: it is not CSV ({error})", "correct it, or remove the row") from None


def _order(file: Path, row: int, cells: dict[str, str], count: int, expected: int) -> tuple[int, int | None]:
    def invalid(reason: str) -> ArrivalsError:
        return ArrivalsError(file, f"row {row:,}{reason}", "correct it, or remove the row")

    if count != expected:
        raise invalid(f": it has {counted(count, 'cell')}, expected {expected}")
    try:
        at = datetime.fromisoformat(cells[TIME].strip() if cells[TIME].isprintable() else "")
        moment = (at - EPOCH) // timedelta(milliseconds=1)  # a time without a zone is a TypeError
    except (ValueError, TypeError, OverflowError):
        example = "expected a time with its zone, such as 2026-11-23T09:15:00+05:30"
        raise invalid(f", `{TIME}`: {example}, got {quoted(cells[TIME], LONGEST_CELL)}") from None
    if UNITS not in cells:
        return moment, None
    text = cells[UNITS].strip()
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:LONGEST_CELL]) <= LARGEST_ORDER:
        raise invalid(f", `{UNITS}`: expected a whole number from 1 to {LARGEST_ORDER}, got {quoted(cells[UNITS], LONGEST_CELL)}")
    return moment, int(text)


def _of_log(file: Path, log: Log) -> list[tuple[int, int | None]]:
    """Return the orders of a log by its events `created`."""
    created = log.where(Event.CREATED)
    ids, days = created.words("order_id").tolist(), created.column("precision") == WORD_CODES["precision"][Precision.DAY]
    names = [
        quoted(name, LONGEST_CELL) if name else f"number {order}"
        for name, order in zip(ids, created.columns["order"].tolist(), strict=True)
    ]
    numbers, counts = np.unique(created.columns["order"], return_counts=True)
    repeated = np.isin(created.columns["order"], numbers[counts > 1])
    units = created.columns["units"]
    for rows, reason in (
        (days, "only its day is given, expected its time"),
        (repeated, "it is created twice"),
        (units > LARGEST_ORDER, f"it has more than {LARGEST_ORDER} units"),
    ):
        if rows.any():
            raise ArrivalsError(file, f"order {names[int(rows.argmax())]}: {reason}", "correct it, or remove its rows")
    stated: Sequence[int | None] = units.tolist() if (units > 0).all() else [None] * len(units)
    return list(zip(created.column("at").tolist(), stated, strict=True))
