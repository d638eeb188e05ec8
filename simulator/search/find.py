"""`--find`: the first candidate that meets a goal, or the best one, on common random numbers and as early as it is clear."""

import math
from dataclasses import dataclass, replace
from itertools import chain
from typing import Unpack

from simulator.analysis.intervals import CONFIDENCE
from simulator.experiment.experiment import Experiment, with_replications
from simulator.search.bisection import first_to_meet_goal
from simulator.search.candidates import Candidates, candidates_of
from simulator.search.goals import Goal
from simulator.search.racing import best_of
from simulator.search.trials import Trials
from simulator.search_data import Search, Trial
from simulator.study.runner import Runner, RunOptions
from simulator.study.study import jobs_of, study_of
from simulator.study_data import Study, Sweep

MOST_OF_A_VALUE = 24
"""Most replications of a value, if no other number is given."""


@dataclass(frozen=True, slots=True)
class FindPlan:
    """What to search: the *candidates* of the *experiment*, the *goal*, and the most replications of each candidate."""

    experiment: Experiment
    candidates: Candidates
    goal: Goal
    limit: int = MOST_OF_A_VALUE

    @property
    def decisions(self) -> int:
        """Number of decisions that the search may make, whatever the number of looks: values that it may visit, by comparisons."""
        count = len(self.candidates.values)
        visits = math.ceil(math.log2(count + 1)) + 1 if self.goal.objective is None else count
        return visits * (len(self.goal.requirements) + (self.goal.objective is not None))


def plan(experiment: Experiment, key: str, goal: Goal, among: str | None = None, limit: int = MOST_OF_A_VALUE) -> FindPlan:
    """Return the plan of a search for *key*.

    Raises:
        SearchError: there is no such setting, or it has no such values.
    """
    return FindPlan(experiment, candidates_of(experiment, key, among), goal, limit)


def find(plan: FindPlan, **options: Unpack[RunOptions]) -> Study:
    """Run the search; its study has a variant for each value that was simulated. Errors are those of `simulator.study.study.run_study`."""
    jobs = jobs_of(plan.candidates.variants, plan.limit, options)
    with Runner(list(chain(*jobs)), options) as runner:
        trials = Trials(plan.candidates, plan.goal, runner, jobs, plan.decisions)
        answer, verdicts, is_clear = (best_of if plan.goal.objective is not None else first_to_meet_goal)(trials)
    return _study(plan, trials, answer, verdicts, is_clear=is_clear)


def _study(plan: FindPlan, trials: Trials, answer: int | None, verdicts: dict[int, Trial], *, is_clear: bool) -> Study:
    candidates, places = plan.candidates, sorted(trials.results)
    values = tuple(candidates.values[place] for place in places)
    visited = replace(
        plan.experiment,
        variants=tuple(candidates.variants[place] for place in places),
        sweep=Sweep(candidates.key, candidates.says, values),
    )
    counts = [len(trials.results[place]) for place in places]
    search = Search(
        key=candidates.key,
        says=candidates.says,
        goal=plan.goal.text,
        is_best=plan.goal.objective is not None,
        measure=plan.goal.measure,
        candidates=list(candidates.values),
        confidence=CONFIDENCE,
        limit=plan.limit,
        answer=candidates.values[answer] if answer is not None else None,
        is_clear=is_clear,
        replications=sum(counts),
        trials=[verdicts.get(place) or trials.trial(place) for place in places],
    )
    return study_of(with_replications(visited, max(counts)), [trials.results[place] for place in places], search=search)
