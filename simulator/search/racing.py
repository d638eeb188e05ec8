"""The best candidate by an objective, by racing: all candidates start, and one that is clearly worse or misses a limit drops out.

No shape is assumed: the cost of a setting has a minimum in the middle where fewer people mean penalties and more people mean pay.
"""

from msgspec.structs import replace

from simulator.search.decisions import estimate_of, is_worse, largest_confidence
from simulator.search.goals import Objective
from simulator.search.trials import Trials
from simulator.search_data import Trial


def best_of(trials: Trials) -> tuple[int | None, dict[int, Trial], bool]:
    """Return the place of the best candidate, the trials by place, and whether the answer is clear."""
    objective = trials.goal.objective
    if objective is None:
        raise ValueError("the goal has no objective")
    left = list(range(len(trials.candidates.values)))
    verdicts: dict[int, Trial] = {}
    for count in trials.interim_looks:
        trials.extend(left, count)
        verdicts |= {place: trials.trial(place) for place in left}
        left = [place for place in left if verdicts[place].verdict in ("met", "open")]
        leader = _leader(trials, objective, [place for place in left if verdicts[place].verdict == "met"])
        if leader is not None:
            for place in [place for place in left if place != leader]:
                if is_worse(objective, trials.measures(place), trials.measures(leader), trials.confidence(place)):
                    verdicts[place] = _worse(trials, objective, place, leader)
                    left.remove(place)
        if len(left) <= 1:
            break
    leader = _leader(trials, objective, [place for place in left if verdicts[place].verdict == "met"])
    return leader, verdicts, left == ([leader] if leader is not None else [])


def _leader(trials: Trials, objective: Objective, places: list[int]) -> int | None:
    """Return the one of *places* with the best mean; None if there are none."""
    means = {}
    for place in places:
        estimate = estimate_of(objective.measure, trials.measures(place), trials.confidence(place))
        if estimate is not None:
            means[place] = estimate.mean if objective.is_least else -estimate.mean
    return min(means, key=means.__getitem__, default=None)


def _worse(trials: Trials, objective: Objective, place: int, leader: int) -> Trial:
    sides = trials.measures(place), trials.measures(leader)
    sure = largest_confidence(lambda confidence: is_worse(objective, *sides, confidence), trials.divisor(place))
    words = f"{objective.text}: {trials.candidates.values[leader]} is better"
    return replace(trials.trial(place), verdict="worse", sure=sure, reason=words)
