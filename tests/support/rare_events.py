"""How often the interval of a rare count contains its mean: the sum over all counts, weighted with their probabilities."""

import math

from simulator.analysis.intervals import poisson_interval

MOST = 80
"""Largest count that is summed; larger ones are too improbable for means up to 20."""


def covers(mean: float) -> float:
    """Return the share of Poisson counts of *mean* whose interval contains it."""
    return sum(
        math.exp(-mean) * mean**k / math.factorial(k) for k in range(MOST) if poisson_interval(k)[0] <= mean <= poisson_interval(k)[1]
    )
