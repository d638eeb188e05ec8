"""The first candidate that meets a goal, by bisection: if a candidate meets it, so do the ones after it."""

from simulator.search.trials import Trials
from simulator.search_data import Trial


def first_that_meets(trials: Trials) -> tuple[int | None, dict[int, Trial], bool]:
    """Return the place of the first candidate that meets the goal, the trials by place, and whether the answer is clear.

    A candidate whose replications do not decide counts as one that misses the goal, and the answer is not clear. At least two
    candidates are simulated, so that there is a comparison.
    """
    verdicts: dict[int, Trial] = {}
    low, high = 0, len(trials.candidates.values)
    while low < high:
        middle = (low + high) // 2
        verdicts[middle] = trials.until_decided(middle)
        low, high = (low, middle) if verdicts[middle].verdict == "met" else (middle + 1, high)
    if len(verdicts) == 1:
        (place,) = verdicts
        other = place - 1 if place else place + 1
        verdicts[other] = trials.until_decided(other)
    is_clear = low == 0 or verdicts[low - 1].verdict != "open"
    return (low if low < len(trials.candidates.values) else None), verdicts, is_clear
