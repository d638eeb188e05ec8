"""The calendar of a log: when its clock starts, and its times as text in UTC.

A simulation knows only milliseconds since midnight of a Monday. Formats that people and other tools read need dates: day 0 is
`DAY_ZERO`, at midnight in India, which is half past six in the evening of the day before in UTC.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import numpy as np

from orders.log.arrays import IntArray, Texts, texts
from orders.log.calendar import MINUTE
from orders.log.india import INDIA

DAY_ZERO = date(2026, 1, 5)
"""Day 0 of every simulation. A constant, so that the same experiment gives the same files next year."""

START = datetime(DAY_ZERO.year, DAY_ZERO.month, DAY_ZERO.day, tzinfo=INDIA)
FIRST = "1970-01-01T00:00:00Z"
"""Since when an object has the attributes it begins with; readers of OCEL 2.0 disagree about values without such a time."""

DAY_MINUTES = 1440
SPAN_DAYS = 32
SPAN = SPAN_DAYS * DAY_MINUTES


def moment(time_ms: int) -> datetime:
    """When *time_ms* was, in India."""
    return START + timedelta(milliseconds=time_ms)


def in_utc(times: IntArray) -> tuple[Texts, Texts]:
    """*times* as two texts each, that make one when put together: ``2026-01-05T03:30:`` and ``00.000Z``."""
    minutes, rest = np.divmod(times, MINUTE)
    first, last = int(minutes.min(initial=0)) // SPAN, int(minutes.max(initial=0)) // SPAN
    return _minutes(first, last)[minutes - first * SPAN], _seconds()[rest]


@lru_cache(maxsize=4)
def _minutes(first: int, last: int) -> Texts:
    """Every minute of the spans from *first* to *last*."""
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
