"""Conversion of the cells of a log by readers: invalid cells are refused with place, reason and remedy."""

from collections.abc import Mapping
from pathlib import Path

from orders.log.columns import COLUMN_NAMES, OPTIONAL_NUMBERS, TEXT_COLUMNS, WORD_CODES, EventRow
from orders.log.errors import EventLogError
from orders.log.event_log import Log
from orders.log.timestamps import START_MS, from_utc
from sop_engine.errors import did_you_mean

CORRECT = "correct it, or write the log again"
MOST = (1 << 63) - 1
"""Bound above every number in a log."""


def word_cell(file: Path, place: str, name: str, value: object) -> str:
    """Read a word or text of the column *name*; empty if there is none.

    Raises:
        EventLogError: it is not a text, or not a word of the column.
    """
    if not isinstance(value, str):
        raise EventLogError(file, f"{place}, `{name}`: must be text, got {value!r}", CORRECT)
    if value and name in WORD_CODES and value not in WORD_CODES[name]:
        raise EventLogError(file, f"{place}, `{name}`: unknown word `{value}`; {did_you_mean(value, WORD_CODES[name])}", CORRECT)
    return value


def number_cell(file: Path, place: str, name: str, value: object) -> int:
    """Read a whole number of the column *name*, given as a number or as text.

    Raises:
        EventLogError: it is not a whole number, or out of range.
    """
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    least = -MOST if name in OPTIONAL_NUMBERS else 0
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= MOST:
        raise EventLogError(file, f"{place}, `{name}`: must be a whole number{'' if least else ' from 0'}, got {value!r}", CORRECT)
    return number


def time_cell(file: Path, place: str, value: object) -> int:
    """Read a time as text as UTC milliseconds since 1970.

    Raises:
        EventLogError: it is not a time, has no zone, or is more precise than a millisecond.
    """
    try:
        return from_utc(str(value))
    except (ValueError, OverflowError):
        reason = f"{place}, `at`: must be a time with its zone, to the millisecond, such as 2026-01-05T03:30:00.000Z, got {value!r}"
        raise EventLogError(file, reason, CORRECT) from None


class RowBuilder:
    """Collector of the rows of a log that are read singly, as from XES and OCEL.

    Attributes:
        simulated: whether the rows have the clock of a simulation.
    """

    def __init__(self, file: Path, *, simulated: bool) -> None:
        self.file, self.simulated = file, simulated
        self.rows: list[EventRow] = []

    def add(self, place: str, at: object, cells: Mapping[str, object]) -> None:
        """Add a row with its time as text and its cells; missing cells get their value from `DEFAULTS`.

        Raises:
            EventLogError: a cell is not valid in its column.
        """
        utc = time_cell(self.file, place, at)
        for name in cells:
            if name not in COLUMN_NAMES:
                raise EventLogError(self.file, f"{place}, `{name}`: unknown attribute; {did_you_mean(name, COLUMN_NAMES)}", CORRECT)
        checked = {
            name: (word_cell if name in WORD_CODES or name in TEXT_COLUMNS else number_cell)(self.file, place, name, value)
            for name, value in cells.items()
        }
        time_ms = utc - START_MS if self.simulated else None
        self.rows.append(EventRow(**{"time_ms": time_ms, "at": utc, "order": 0, "system": "", "actor": "", **checked}))  # type: ignore[arg-type]

    def log(self) -> Log:
        """Return the log of the rows so far."""
        return Log.from_rows(self.rows)
