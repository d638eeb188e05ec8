"""Trials of a search: the replications of its candidates so far, and what they decide."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simulator.analysis.measures import Measures
from simulator.analysis.stability import judge, unsteady_queues
from simulator.search.candidates import Candidates
from simulator.search.decisions import divisor, interim_looks, largest_confidence, single_confidence, verdict_on
from simulator.search.goals import Goal, Requirement
from simulator.search_data import Trial
from simulator.study.replication import Job, JobResult
from simulator.study.runner import Runner


@dataclass(slots=True)
class Trials:
    """The results of each candidate by its place in *candidates*.

    *jobs* has the jobs of each candidate, as many as the limit; *decisions* is the number of values and requirements that the search
    may decide.
    """

    candidates: Candidates
    goal: Goal
    runner: Runner
    jobs: Sequence[Sequence[Job]]
    decisions: int
    results: dict[int, list[JobResult]] = field(default_factory=dict)

    @property
    def interim_looks(self) -> tuple[int, ...]:
        """The numbers of replications after which is decided."""
        return interim_looks(len(self.jobs[0]))

    def divisor(self, place: int) -> int:
        """Return by how much the error probability is divided for a decision on the candidate at *place* now."""
        return divisor(len(self.results[place]), len(self.jobs[0]), self.decisions)

    def confidence(self, place: int) -> float:
        """Return the confidence of a decision on the candidate at *place* now."""
        return single_confidence(self.divisor(place))

    def extend(self, places: Sequence[int], count: int) -> None:
        """Run the candidates at *places* until each has *count* replications."""
        results = self.runner.run([self.jobs[place][:count] for place in places])
        for place, of_place in zip(places, results, strict=True):
            if len(self.results.get(place, ())) < count:
                self.results[place] = of_place

    def measures(self, place: int) -> list[Measures]:
        """Return the measures of the candidate at *place*, a replication each."""
        return [result.measures for result in self.results[place]]

    def run_until_decided(self, place: int) -> Trial:
        """Run the candidate at *place* until its verdict is clear or the limit is reached; return the trial."""
        for count in self.interim_looks:
            self.extend([place], count)
            trial = self.trial(place)
            if trial.verdict != "open":
                break
        return trial

    def trial(self, place: int) -> Trial:
        """Return the verdict on the candidate at *place* by its replications so far.

        A queue that grows in every replication decides, because then no rate exists; where it does so in some replications
        only, nothing is decided before the limit.
        """
        queue_at, queue, is_certain = self._unsteady_queue(place)
        if queue and is_certain:
            return self._result(place, "unsteady", None, queue, queue_at)
        verdicts = [
            (requirement, verdict_on(requirement, self.measures(place), self.confidence(place))) for requirement in self.goal.requirements
        ]
        missed = next((requirement for requirement, verdict in verdicts if verdict == "missed"), None)
        if missed is not None:
            return self._result(place, "missed", self._sure(place, [missed], "missed"), missed.text)
        undecided = next((requirement for requirement, verdict in verdicts if verdict == "open"), None)
        if undecided is not None or queue:
            return self._result(place, "open", None, *((undecided.text,) if undecided is not None else (queue, queue_at)))
        return self._result(place, "met", self._sure(place, self.goal.requirements, "met"), "")

    def _result(self, place: int, verdict: str, sure: float | None, reason: str, queue_at: str = "") -> Trial:
        return Trial(self.candidates.values[place], len(self.results[place]), verdict, sure, reason, queue_at)  # type: ignore[arg-type]

    def _sure(self, place: int, requirements: Sequence[Requirement], verdict: str) -> float | None:
        if not requirements:
            return None
        measures = self.measures(place)
        return largest_confidence(
            lambda confidence: all(verdict_on(requirement, measures, confidence) == verdict for requirement in requirements),
            self.divisor(place),
        )

    def _unsteady_queue(self, place: int) -> tuple[str, str, bool]:
        """Return the station and its queue in words because of which the goal's measures have no steady rate, and whether all replications agree."""
        experiment = self.candidates.variants[place][1]
        flows = [result.flow for result in self.results[place]]
        measures = [requirement.measure for requirement in self.goal.requirements] + (
            [self.goal.objective.measure] if self.goal.objective else []
        )
        stability = judge(flows, experiment)
        queues = [queue for measure in measures for queue in unsteady_queues(stability, measure)]
        if not queues:
            return "", "", True
        one_by_one = [judge([flow], experiment) for flow in flows]
        agree = all(any(unsteady_queues(of_one, measure) for measure in measures) for of_one in one_by_one)
        worst = max(queues, key=lambda queue: queue.load)
        grows = "grows day by day" if worst.verdict == "growing" else "is not worked off at the end"
        words = f"the queue for {worst.station} {grows} (load {worst.load * 100:,.0f} %)"
        return worst.station, words, agree or len(flows) == len(self.jobs[0])
