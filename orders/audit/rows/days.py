"""Times as days in India, and back."""

from datetime import date
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa

from orders.audit.rows.columns import NEVER, Numbers

MS_OF_DAY: Final = 86_400_000
INDIA_OFFSET: Final = 19_800_000
"""Milliseconds of a day, and by which the time in India is ahead of UTC."""


def milliseconds_after(day: date) -> int:
    """Return the time of the end of *day* in India, in milliseconds of UTC since 1970."""
    return ((day - date(1970, 1, 1)).days + 1) * MS_OF_DAY - INDIA_OFFSET


def day_at(milliseconds: int) -> date:
    """Return the day in India of a time."""
    return _day_of_number((milliseconds + INDIA_OFFSET) // MS_OF_DAY)


@cache
def _day_of_number(number: int) -> date:
    return date.fromordinal(number + date(1970, 1, 1).toordinal())


def day_or_none(milliseconds: int) -> date | None:
    """Return the day in India of a time, or None for an empty one."""
    return None if milliseconds == NEVER else day_at(milliseconds)


def day_numbers(milliseconds: Numbers) -> Numbers:
    """Return the days in India of times, as days since 1970; `NEVER` where there is none."""
    return np.where(milliseconds == NEVER, NEVER, (milliseconds + INDIA_OFFSET) // MS_OF_DAY)


def day_column(numbers: Numbers) -> pa.Array:
    """Return days since 1970 as dates; null for `NEVER`."""
    return pa.array(np.where(numbers == NEVER, 0, numbers).astype(np.int32), mask=numbers == NEVER).cast(pa.date32())
