"""Triangular times: minimum, most likely value and maximum by maximum likelihood, each with an interval by the likelihood ratio.

The three are found in turn, each by a golden-section search, until none changes.
"""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from simulator.calibration.fits import Fit, Result, Unfitted
from simulator.calibration.goodness import Estimated, in_words
from simulator.calibration.likelihood import crossing, greatest
from sop_engine.text import counted

FEWEST_TIMES = 30
MOST_TIMES = 1000
"""Times that are used; more would only take longer."""
ROUNDS = 6
MARGIN = 1e-6
Parameters = tuple[float, float, float]
"""Minimum, most likely value, maximum."""


def triangular(key: str, times: NDArray[np.float64], compared: NDArray[np.float64], noun: str, confidence: float) -> Result:
    """Fit a triangular distribution to *times*, in the unit of the setting; its goodness is that for the times *compared*."""
    if len(times) < FEWEST_TIMES:
        return Unfitted(key, f"the log has {counted(len(times), noun)} with this time, expected at least {FEWEST_TIMES}")
    values = np.sort(times[:MOST_TIMES])
    if values[0] == values[-1]:
        return Unfitted(key, "all these times of the log are equal")
    sample = _Sample(values)
    best, most = sample.maximise()
    level = most - NormalDist().inv_cdf((1 + confidence) / 2) ** 2 / 2
    bounds = [
        tuple(crossing(lambda value, place=place: sample.maximise({place: value}, best)[1], best[place], end, level) for end in ends)  # type: ignore[misc]
        for place, ends in enumerate(sample.ranges)
    ]
    lows, highs = zip(*bounds, strict=True)
    goodness = in_words(_probabilities(compared[:MOST_TIMES], best), Estimated.NOTHING)
    return Fit(key, best, lows, highs, counted(len(values), noun), goodness)


class _Sample:
    """Likelihood of a triangular distribution for sorted *values*."""

    def __init__(self, values: NDArray[np.float64]) -> None:
        self.values = values
        low, high = float(values[0]), float(values[-1])
        width = high - low
        self.ranges = ((max(0.0, low - width), low - MARGIN * width), (low, high), (high + MARGIN * width, high + width))

    def maximise(self, fixed: dict[int, float] | None = None, start: Parameters | None = None) -> tuple[Parameters, float]:
        """Return the parameters of the greatest likelihood, the *fixed* ones apart, and the logarithm of that likelihood."""
        at = list(start or (self.ranges[0][1], float(np.median(self.values)), self.ranges[2][0]))
        for place, value in (fixed or {}).items():
            at[place] = value
        most = -math.inf
        for _ in range(ROUNDS):
            for place in range(3):
                if place not in (fixed or {}):
                    at[place], most = greatest(lambda value, place=place: self._log_likelihood(at, place, value), self.ranges[place])  # type: ignore[misc]
        return (at[0], at[1], at[2]), most

    def _log_likelihood(self, at: list[float], place: int, value: float) -> float:
        low, likely, high = (value if place == k else at[k] for k in range(3))
        split = int(np.searchsorted(self.values, likely))
        left, right = self.values[:split] - low, high - self.values[split:]
        total = len(self.values) * math.log(2 / (high - low)) + float(np.log(left).sum()) + float(np.log(right).sum())
        return total - split * math.log(max(likely - low, 1e-300)) - len(right) * math.log(max(high - likely, 1e-300))


def _probabilities(values: NDArray[np.float64], at: Parameters) -> NDArray[np.float64]:
    low, likely, high = at
    width = high - low
    inside = np.clip(values, low, high)
    rising = (inside - low) ** 2 / (width * (likely - low)) if likely > low else np.zeros(len(values))
    falling = 1 - (high - inside) ** 2 / (width * (high - likely)) if high > likely else np.ones(len(values))
    return np.where(values < likely, rising, falling)
