"""Scale from numbers to positions, with round numbers as ticks; for any numbers, also very large, equal or missing ones."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from reports.svg.numbers import MINUS

LEFT, RIGHT = 6.0, 94.0
_FLAT = 1e-9
LARGEST = 1e300


@dataclass(frozen=True, slots=True)
class Scale:
    """Scale from *low* to *high* between two positions; *ticks* are round numbers in this range."""

    low: float
    high: float
    ticks: tuple[float, ...]
    start: float = LEFT
    end: float = RIGHT

    def at(self, value: float) -> float:
        """Return the position of *value*; a value out of range is at the nearer end."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def words(self, value: float) -> str:
        """Format a tick, with as many decimal places as its neighbours need."""
        step = self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else abs(value)
        return tick_text(value, step)


def scale(  # noqa: PLR0913 - a scale has two ends of numbers and two of places
    values: Iterable[float | None], *, zero: bool = True, most: int = 5, start: float = LEFT, end: float = RIGHT, least: float = -math.inf
) -> Scale:
    """Make a scale for all of *values* (and 0, unless *zero* is false), widened to round numbers; values below *least* are cut off."""
    finite = [max(-LARGEST, least, min(LARGEST, value)) for value in values if value is not None and math.isfinite(value)]
    finite += [0.0] if zero or not finite else []
    low, high = min(finite), max(finite)
    if high - low <= max(abs(low), abs(high)) * _FLAT or high - low < 1 / LARGEST:
        room = abs(high) / 2 or 1.0
        low, high = (low - room if low < 0 or not zero else low), (high + room if high >= 0 or not zero else high)
    step = round_step((high - low) / most)
    first, last = math.floor(low / step + _FLAT), math.ceil(high / step - _FLAT)
    ticks = tuple(k * step for k in range(first, last + 1))
    return Scale(min(low, ticks[0]), max(high, ticks[-1]), ticks, start, end)


def round_step(least: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below *least*."""
    power = 10.0 ** math.floor(math.log10(least))
    return next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= least), 10 * power)


def tick_text(value: float, step: float) -> str:
    """Format *value* with the decimal places of *step*."""
    if value and (abs(value) >= 1e12 or abs(step) < 1e-6):  # noqa: PLR2004 (beyond what anybody counts)
        return f"{value:.3g}".replace("-", MINUS)
    places = 0
    while places < 7 and abs(round(step, places) - step) > abs(step) * 1e-6:  # noqa: PLR2004
        places += 1
    return f"{value + 0.0:,.{places}f}".replace("-", MINUS)


def lowest_end(means: Iterable[float]) -> float:
    """Return the lower limit of a scale: 0 for values that are never negative, also if their intervals are."""
    return 0.0 if all(mean >= 0 for mean in means) else -math.inf
