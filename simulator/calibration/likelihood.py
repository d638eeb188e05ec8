"""Maximum likelihood of two parameters, with intervals by the likelihood ratio.

An interval holds the values of a parameter for which the greatest likelihood over the other one is near the maximum (Wilks, Annals of
Mathematical Statistics 9, 1938). Unlike the inverse of the information it is right for few events, and need not be even.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

from simulator.analysis.intervals import Interval

LogLikelihood = Callable[[float, float], float]
GOLDEN = (5**0.5 - 1) / 2
SEARCHES = 32
"""Steps of a golden-section search; each leaves 62 % of the range."""
BISECTIONS = 20
EDGE = 1e-3
"""Share of a range within which a maximum is at its end, so that the data do not determine it."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """Parameters of the greatest likelihood, and the interval of each; a bound that the data do not give is that of the range."""

    at: tuple[float, float]
    intervals: tuple[Interval, Interval]


def maximise(log_likelihood: LogLikelihood, ranges: tuple[Interval, Interval], confidence: float) -> Maximum | None:
    """Find the maximum within *ranges* and the intervals; `None` if it is at the end of a range."""
    drop = NormalDist().inv_cdf((1 + confidence) / 2) ** 2 / 2

    def over_second(first: float) -> tuple[float, float]:
        return greatest(lambda second: log_likelihood(first, second), ranges[1])

    def over_first(second: float) -> tuple[float, float]:
        return greatest(lambda first: log_likelihood(first, second), ranges[0])

    first, most = greatest(lambda value: over_second(value)[1], ranges[0])
    second, _ = over_second(first)
    at = (first, second)
    for value, (low, high) in zip(at, ranges, strict=True):
        if min(value - low, high - value) < EDGE * (high - low):
            return None
    profiles = (lambda value: over_second(value)[1], lambda value: over_first(value)[1])
    intervals = [
        tuple(crossing(profile, value, end, most - drop) for end in ends) for profile, value, ends in zip(profiles, at, ranges, strict=True)
    ]
    return Maximum(at, (intervals[0], intervals[1]))  # type: ignore[arg-type]


def greatest(function: Callable[[float], float], ends: Interval) -> tuple[float, float]:
    """Return place and value of the maximum of a function with one peak, by golden-section search."""
    low, high = ends
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(SEARCHES):
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = function(right)
        else:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = function(left)
    return (left, at_left) if at_left > at_right else (right, at_right)


def crossing(function: Callable[[float], float], inside: float, end: float, level: float) -> float:
    """Return where *function* falls below *level* between *inside* and *end*; *end* if it does not."""
    if function(end) >= level:
        return end
    for _ in range(BISECTIONS):
        middle = (inside + end) / 2
        inside, end = (middle, end) if function(middle) >= level else (inside, middle)
    return (inside + end) / 2
