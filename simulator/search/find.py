"""`--find`: the first candidate that meets a goal, or the best one, on common random numbers and as early as it is clear."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orders.log.export.formats import LogFormat
from simulator.analysis.intervals import CONFIDENCE
from simulator.experiment.experiment import Experiment, with_replications
from simulator.search.best import best_of
from simulator.search.candidates import Candidates, candidates_of
from simulator.search.first import first_that_meets
from simulator.search.goals import Goal
from simulator.search.trials import Trials
from simulator.search_data import Search, Trial
from simulator.study.replication import Executor, Job, serial_executor
from simulator.study.runner import Progress, Runner
from simulator.study.study import study_of
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

    def jobs(self, out: Path | None, forms: Sequence[LogFormat]) -> list[list[Job]]:
        """List the jobs that the search may run, by candidate."""
        folder = out.resolve() if out is not None else None
        return [
            [Job(spec.slug, changed, number, folder, tuple(forms)) for number in range(self.limit)]
            for spec, changed in self.candidates.variants
        ]


def plan(experiment: Experiment, key: str, goal: Goal, among: str | None = None, limit: int = MOST_OF_A_VALUE) -> FindPlan:
    """Return the plan of a search for *key*.

    Raises:
        SearchError: there is no such setting, or it has no such values.
    """
    return FindPlan(experiment, candidates_of(experiment, key, among), goal, limit)


def find(  # noqa: PLR0913 (one for each option)
    plan: FindPlan,
    executor: Executor = serial_executor,
    out: Path | None = None,
    *,
    forms: Sequence[LogFormat] = (),
    resume: bool = False,
    progress: Progress | None = None,
) -> Study:
    """Run the search; its study has a variant for each value that was simulated. Errors are those of `simulator.study.study.conduct`."""
    jobs = plan.jobs(out, forms)
    with Runner([job for of_one in jobs for job in of_one], executor, out, resume=resume, progress=progress) as runner:
        trials = Trials(plan.candidates, plan.goal, runner, jobs, plan.decisions)
        answer, verdicts, is_clear = (best_of if plan.goal.objective is not None else first_that_meets)(trials)
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
