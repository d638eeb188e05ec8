"""Goodness of fit: the distance of Kolmogorov and Smirnov between observed values and a fitted distribution.

The limits are those of Stephens, *EDF statistics for goodness of fit and some comparisons*, Journal of the American Statistical
Association 69 (1974), table 1A, at 5 %. They depend on which parameters were estimated from the same values.
"""

import math
from enum import Enum
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from orders.log.arrays import IntArray

Values = NDArray[np.float64]
GRID = 1 << 14
"""Points at which the normal distribution is tabulated; between them it is linear (error below 1e-8)."""
WIDEST = 8.0


class Estimated(Enum):
    """What was estimated from the values: nothing, mean and spread of a normal distribution, or the mean of an exponential one."""

    NOTHING = "nothing"
    NORMAL = "normal"
    EXPONENTIAL = "exponential"


def normal_probability(z: Values) -> Values:
    """Compute the probability of a standard normal value below each *z*."""
    points = np.linspace(-WIDEST, WIDEST, GRID + 1)
    return np.interp(z, points, _normal_table())


def distance(probabilities: Values) -> float:
    """Compute the largest distance between the empirical and the fitted distribution, from the fitted probability of each value."""
    ordered = np.sort(probabilities)
    count = len(ordered)
    steps = np.arange(count + 1) / count
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def limit(count: int, estimated: Estimated) -> float:
    """Compute the distance that *count* values of the fitted distribution exceed in 5 % of samples."""
    root = math.sqrt(count)
    if estimated is Estimated.NORMAL:
        return 0.895 / (root - 0.01 + 0.85 / root)
    if estimated is Estimated.EXPONENTIAL:
        return 1.094 / (root + 0.26 + 0.5 / root) + 0.2 / count
    return 1.358 / (root + 0.12 + 0.11 / root)


def in_words(probabilities: Values, estimated: Estimated) -> str:
    """Return distance and limit for a reader."""
    if len(probabilities) < 5:  # noqa: PLR2004 (the limits are for at least five)
        return "too few values to compare distributions"
    largest, most = distance(probabilities), limit(len(probabilities), estimated)
    verdict = "fits" if largest <= most else "differs"
    return f"{verdict}: largest distance {100 * largest:.2f} %, limit {100 * most:.2f} % (Kolmogorov-Smirnov)"


def lognormal_in_words(values: IntArray | Values, mean_log: float, sigma: float) -> str:
    """Compare *values* with a log-normal distribution whose mean of logarithms and sigma were estimated from them."""
    if sigma <= 0:
        return "all values are equal"
    return in_words(normal_probability((np.log(values) - mean_log) / sigma), Estimated.NORMAL)


@lru_cache(maxsize=1)
def _normal_table() -> Values:
    normal = NormalDist()
    return np.array([normal.cdf(z) for z in np.linspace(-WIDEST, WIDEST, GRID + 1).tolist()])
