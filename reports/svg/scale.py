"""A scale from numbers to places, with round numbers on it; any numbers will do, however large, equal or missing."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from reports.svg.numbers import MINUS

LEFT, RIGHT = 6.0, 94.0
_FLAT = 1e-9
_LARGEST = 1e300


@dataclass(frozen=True, slots=True)
class Scale:
    """From *low* to *high*, laid out between two places; *ticks* are round numbers within."""

    low: float
    high: float
    ticks: tuple[float, ...]
    start: float = LEFT
    end: float = RIGHT

    def at(self, value: float) -> float:
        """The place of *value*; what is out of range is at the nearer end."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def words(self, value: float) -> str:
        """A tick's number, with as many places as its neighbours need."""
        step = self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else abs(value)
        return tick_text(value, step)


def scale(  # noqa: PLR0913 - a scale has two ends of numbers and two of places
    values: Iterable[float | None], *, zero: bool = True, most: int = 5, start: float = LEFT, end: float = RIGHT, least: float = -math.inf
) -> Scale:
    """A scale that takes in all of *values* (and 0, unless *zero* is false), widened to round numbers; what is below *least* is cut."""
    finite = [max(-_LARGEST, least, min(_LARGEST, value)) for value in values if value is not None and math.isfinite(value)]
    finite += [0.0] if zero or not finite else []
    low, high = min(finite), max(finite)
    if high - low <= max(abs(low), abs(high)) * _FLAT or high - low < 1 / _LARGEST:
        room = abs(high) / 2 or 1.0
        low, high = (low - room if low < 0 or not zero else low), (high + room if high >= 0 or not zero else high)
    step = round_step((high - low) / most)
    first, last = math.floor(low / step + _FLAT), math.ceil(high / step - _FLAT)
    ticks = tuple(k * step for k in range(first, last + 1))
    return Scale(min(low, ticks[0]), max(high, ticks[-1]), ticks, start, end)


def round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below *least*."""
    power = 10.0 ** math.floor(math.log10(least))
    return next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= least), 10 * power)


def tick_text(value: float, step: float) -> str:
    """*value* as digits, as fine as *step*."""
    if value and (abs(value) >= 1e12 or abs(step) < 1e-6):  # noqa: PLR2004 (beyond what anybody counts)
        return f"{value:.3g}".replace("-", MINUS)
    places = 0
    while places < 7 and abs(round(step, places) - step) > abs(step) * 1e-6:  # noqa: PLR2004
        places += 1
    return f"{value + 0.0:,.{places}f}".replace("-", MINUS)


def lowest_end(means: Iterable[float]) -> float:
    """How far down a scale may go: no lower than 0 for what is never below it, whatever its intervals say."""
    return 0.0 if all(mean >= 0 for mean in means) else -math.inf
