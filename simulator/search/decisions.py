"""Sequential decisions: whether the replications so far decide a requirement, and how sure that is.

After each of a few numbers of replications (the looks) the interval of the measure is compared with the limit. Looking several times,
and at several values, would find a difference too often by chance; so the error probability is divided among all decisions that the
search may make (Bonferroni): evenly among the values, and of each half for the last look and half for the looks before. Then all of
them together are right with the confidence of the search, and a value that needs all replications is decided nearly as on a grid.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from simulator.analysis.estimates import estimates, paired_differences
from simulator.analysis.intervals import CONFIDENCE
from simulator.analysis.measures import SHARES, Measures
from simulator.search.goals import Objective, Requirement
from simulator.study_data import Estimate

FIRST_LOOK = 3
"""Fewest replications on which a decision is based."""
LEAST_ERROR = 1e-6
"""Error probability below which no more confidence is computed."""
_STEPS = 30

Verdict = Literal["met", "missed", "open"]


def interim_looks(limit: int) -> tuple[int, ...]:
    """Return the numbers of replications after which is decided: 3, doubled each time, up to *limit*."""
    numbers = [min(FIRST_LOOK, limit)]
    while numbers[-1] < limit:
        numbers.append(min(limit, 2 * numbers[-1]))
    return tuple(numbers)


def divisor(count: int, limit: int, values: int) -> int:
    """Return by how much the error probability is divided for a decision on one of *values* after *count* replications."""
    numbers = interim_looks(limit)
    if len(numbers) == 1:
        return values
    return values * 2 * (1 if count == numbers[-1] else len(numbers) - 1)


def single_confidence(decisions: int) -> float:
    """Return the confidence of a decision that has the error probability of `CONFIDENCE`, divided by *decisions*."""
    return 1 - (1 - CONFIDENCE) / decisions


def estimate_of(measure: str, replications: Sequence[Measures], confidence: float) -> Estimate | None:
    """Estimate one measure; None if no replication has a value of it."""
    names = {measure, SHARES.get(measure, measure)}
    return estimates([{name: values[name] for name in names & values.keys()} for values in replications], confidence).get(measure)


def verdict_on(requirement: Requirement, replications: Sequence[Measures], confidence: float) -> Verdict:
    """Decide a requirement by the interval of its measure: met or missed if all of the interval is on one side of the bound."""
    estimate = estimate_of(requirement.measure, replications, confidence)
    if estimate is None or estimate.half_width is None:
        return "open"
    low, high, bound = estimate.low, estimate.high, requirement.bound
    if not requirement.is_upper:
        low, high, bound = -high, -low, -bound
    if requirement.sign in ("<", ">"):
        return "met" if high < bound else "missed" if low >= bound else "open"
    return "met" if high <= bound else "missed" if low > bound else "open"


def is_worse(objective: Objective, replications: Sequence[Measures], other: Sequence[Measures], confidence: float) -> bool:
    """Return whether *replications* are worse than *other*, by the interval of the difference on common random numbers."""
    pairs = [
        tuple({objective.measure: side[objective.measure]} for side in pair if objective.measure in side)
        for pair in zip(other, replications, strict=False)
    ]
    complete = [pair for pair in pairs if len(pair) == 2]  # noqa: PLR2004 (both sides)
    if not complete:
        return False
    difference = paired_differences([first for first, _ in complete], [second for _, second in complete], confidence)[objective.measure]
    if difference.half_width is None:
        return False
    return difference.low > 0 if objective.is_least else difference.high < 0


def largest_confidence(is_decided: Callable[[float], bool], decisions: int) -> float:
    """Compute the largest confidence, corrected for *decisions*, at which *is_decided* still holds, to four places."""
    low, high = LEAST_ERROR, 1.0
    if is_decided(1 - low):
        return _rounded(low * decisions)
    for _ in range(_STEPS):
        middle = (low * high) ** 0.5
        low, high = (low, middle) if is_decided(1 - middle) else (middle, high)
    return _rounded(high * decisions)


def _rounded(error: float) -> float:
    return round(max(0.0, 1 - error), 4)
