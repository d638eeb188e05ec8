"""Kinds of values in the cells of tables: one form of each, so that equal values are equal texts."""

import re
from collections.abc import Callable
from datetime import date, datetime, time

from orders.log.india import INDIA
from sop_engine.order import MOST_UNITS
from sop_engine.text import quoted
from steps.definitions.tables import CellError, Kind

NOTHING = "-"
"""The text of a cell without a value: never, or nothing."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_OF_A_NUMBER = 1_000_000

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
_NUMBER = re.compile(r"0|[1-9][0-9]*")


def text_in(text: str) -> str:
    """Return *text*, which is not the text for nothing.

    Raises:
        CellError: it is.
    """
    if text == NOTHING:
        raise CellError(f"`{NOTHING}` stands for nothing, and this cell needs a value", "write the value")
    return text


def day_in(text: str) -> date:
    """Parse a day such as ``2026-05-03``.

    Raises:
        CellError: *text* has another form, or there is no such day from 2000 to 2099.
    """
    if not _DAY.fullmatch(text):
        raise CellError(f"{quoted(text)} is not a day", "write it like `2026-05-03`, without time, zone or week")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CellError(f"there is no day {quoted(text)}", "correct the day, the month or the year") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(f"{quoted(text)} is not from {FIRST_YEAR} to {LAST_YEAR}", "correct the year")
    return day


def time_in(text: str) -> datetime:
    """Parse a time in India's time zone, such as ``2026-05-03 23:00``.

    Raises:
        CellError: *text* has another form, or there is no such time from 2000 to 2099.
    """
    if not _TIME.fullmatch(text):
        remedy = "write it like `2026-05-03 23:00`: Indian time to the minute, without zone, week or seconds"
        raise CellError(f"{quoted(text)} is not a time", remedy)
    day, _, clock = text.partition(" ")
    try:
        return datetime.combine(day_in(day), time.fromisoformat(clock), INDIA)
    except ValueError:
        raise CellError(f"there is no time {quoted(clock)}", "write a time from 00:00 to 23:59") from None


def number_from(least: int, most: int) -> Callable[[str], int]:
    """Return a function that parses a whole number from *least* to *most* and raises CellError for any other text."""

    def number_in(text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise CellError(f"{quoted(text)} is not a whole number", "write it in digits, without sign or leading zero")
        if len(text) > len(str(most)) or not least <= int(text) <= most:
            raise CellError(f"{quoted(text)} is not from {least:,} to {most:,}", "correct the number")
        return int(text)

    return number_in


TEXT = Kind("text", text_in)
DAY = Kind("day", day_in, sample="2026-05-03")
TIME = Kind("time", time_in, sample="2026-05-03 23:00")
NUMBER = Kind("number", number_from(0, MOST_OF_A_NUMBER), sample="3")
UNITS = Kind("number of units", number_from(1, MOST_UNITS), sample="3")
