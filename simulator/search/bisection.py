"""The first candidate that meets a goal, by bisection: if a candidate meets it, so do the ones after it.

Where no value is left, the first candidate is simulated too: values in the wrong order, such as 12 to 1 packers, are then noticed.
"""

from simulator.search.trials import Trials
from simulator.search_data import Trial


def first_to_meet_goal(trials: Trials) -> tuple[int | None, dict[int, Trial], bool]:
    """Return the place of the first candidate that meets the goal, the trials by place, and whether the answer is clear.

    A candidate whose replications do not decide counts as one that misses the goal, and the answer is not clear.
    """
    verdicts: dict[int, Trial] = {}
    low, high = 0, len(trials.candidates.values)
    while low < high:
        middle = (low + high) // 2
        verdicts[middle] = trials.run_until_decided(middle)
        low, high = (low, middle) if verdicts[middle].verdict == "met" else (middle + 1, high)
    if low == len(trials.candidates.values) and 0 not in verdicts:
        verdicts[0] = trials.run_until_decided(0)
    if low == len(trials.candidates.values) and verdicts[0].verdict == "met":
        low = 0
    is_clear = low == 0 or verdicts[low - 1].verdict != "open"
    return (low if low < len(trials.candidates.values) else None), verdicts, is_clear
