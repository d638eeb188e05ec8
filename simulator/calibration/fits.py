"""Fits: the value of a setting that was estimated from a log, and the reason for which a setting was not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Number: TypeAlias = float | tuple[float, ...]
"""Value of a setting, or one of its bounds: a number, or one for each place of a list."""
FEWEST = 10
"""Orders with a duration or a time, or requests, below which none is fitted."""
PRECISION = 2
"""Digits of the shorter side of its interval to which a value is rounded."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Estimate of a setting.

    Attributes:
        low, high: confidence interval, of each number if the setting is a list.
        sample: what it was estimated from, such as "15,604 picked orders".
        goodness: how well it fits; empty where nothing can be compared.
    """

    key: str
    value: Number
    low: Number
    high: Number
    sample: str
    goodness: str = ""

    def contains(self, value: Number) -> bool:
        """Return whether *value* is in the interval, in every place of a list."""
        return all(low <= number <= high for low, number, high in zip(numbers(self.low), numbers(value), numbers(self.high), strict=True))

    def rounded(self, *, whole: bool) -> float | list[float]:
        """Return the value with as many digits as its interval allows; a whole number for a setting that is one."""
        rounded = [
            _rounded(number, min(number - low, high - number) or (high - low) / 2, whole=whole)
            for low, number, high in zip(numbers(self.low), numbers(self.value), numbers(self.high), strict=True)
        ]
        return rounded if isinstance(self.value, tuple) else rounded[0]


@dataclass(frozen=True, slots=True)
class Unfitted:
    """Setting that keeps its value, and why."""

    key: str
    reason: str


Result: TypeAlias = Fit | Unfitted


def numbers(value: Number) -> Sequence[float]:
    """Return *value* as a sequence."""
    return value if isinstance(value, tuple) else (value,)


def _rounded(number: float, half_width: float, *, whole: bool) -> float:
    if whole:
        return round(number)
    digits = 6 if half_width <= 0 else PRECISION - math.floor(math.log10(half_width)) - 1
    return round(number, min(max(digits, 0), 9))
