"""Timestamps of a log: the start of the simulation clock, and times as text in UTC.

A simulation counts milliseconds since midnight of a Monday. Formats for readers and other tools need dates: day 0 is `DAY_ZERO`,
at midnight in India, which is 18:30 of the day before in UTC.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np

from orders.log.arrays import IntArray, Texts, texts
from orders.log.calendar import DAY_ZERO, MINUTE
from orders.log.india import INDIA

START = datetime(DAY_ZERO.year, DAY_ZERO.month, DAY_ZERO.day, tzinfo=INDIA)
START_MS = int(START.timestamp()) * 1000
"""Start of every simulation in UTC milliseconds since 1970."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = "1970-01-01T00:00:00Z"
"""Time of the first values of an object's attributes; readers of OCEL 2.0 disagree about values without a time."""

DAY_MINUTES = 1440
SPAN_DAYS = 32
SPAN = SPAN_DAYS * DAY_MINUTES
MOST_SPANS = 12
"""Above this (about a year), texts are made only for the minutes that occur."""


def in_india(at: int) -> datetime:
    """Return the time in India of *at*, UTC milliseconds since 1970."""
    return START + timedelta(milliseconds=at - START_MS)


def in_utc(at: IntArray) -> tuple[Texts, Texts]:
    """Format UTC milliseconds since 1970 as two texts each, to be joined: ``2026-01-05T03:30:`` and ``00.000Z``."""
    minutes, rest = np.divmod(at - START_MS, MINUTE)
    first, last = (int(end(minutes)) // SPAN for end in (np.min, np.max)) if len(minutes) else (0, 0)
    if last - first < MOST_SPANS:
        return _minutes(first, last)[minutes - first * SPAN], _seconds()[rest]
    distinct, places = np.unique(minutes, return_inverse=True)
    words = [f"{(START + timedelta(minutes=minute)).astimezone(UTC):%Y-%m-%dT%H:%M:}" for minute in distinct.tolist()]
    return texts(words)[places], _seconds()[rest]


def from_utc(text: str) -> int:
    """Parse a time as `in_utc` writes it, or any other of ISO 8601 with a zone, to UTC milliseconds since 1970.

    Raises:
        ValueError: *text* is not such a time, or is more precise than a millisecond.
    """
    at = datetime.fromisoformat(text)
    if at.utcoffset() is None or at.microsecond % 1000:
        raise ValueError(text)
    return (at - EPOCH) // timedelta(milliseconds=1)


@lru_cache(maxsize=4)
def _minutes(first: int, last: int) -> Texts:
    """Format every minute of the spans from *first* to *last*."""
    days = range(first * SPAN_DAYS, (last + 1) * SPAN_DAYS)
    return texts([text for day in days for text in _day(day)])


def _day(day: int) -> list[str]:
    start = (START + timedelta(days=day)).astimezone(UTC)
    moments = (start + timedelta(minutes=minute) for minute in (0, DAY_MINUTES - 1))
    before, after = (f"{moment:%Y-%m-%dT}" for moment in moments)
    offset = start.hour * 60 + start.minute
    clock = [f"{minute // 60:02}:{minute % 60:02}:" for minute in range(DAY_MINUTES)]
    return [before + text for text in clock[offset:]] + [after + text for text in clock[:offset]]


@lru_cache(maxsize=1)
def _seconds() -> Texts:
    return texts([f"{second:02}.{millisecond:03}Z" for second in range(60) for millisecond in range(1000)])
