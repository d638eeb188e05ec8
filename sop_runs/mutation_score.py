"""Mutation score: which changes of the rulebook the examples detect, computed from the claims of a recorded run.

A claim states what an answer must be. A mutant with another answer to the situation of a claim would make its scenario fail. This
is decided by comparison; nothing is run.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sop_engine.decision import Answer, Outcome
from sop_engine.loading.words import FACTS_OF
from sop_engine.mutation import Mutant
from sop_engine.statement import CASE
from sop_engine.verification import SituationKey
from sop_runs.change.answers import situation_of
from sop_runs.claim_advice import BESIDE
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import Claim, ScenarioRecord
from sop_runs.record.status import passed

AS_FOR = ", as for "
"""Separator of facet and stage in a claim that an answer equals that of the same order at another stage."""

JUDGED_FACETS = ("outcome", "tasks", "task", "places", "alternatives", "clauses", "gaps", "by hand", BESIDE)


@dataclass(frozen=True, slots=True)
class Asserted:
    """One claim of one scenario of the run: the value of a part of an answer, or the situation whose answer it equals."""

    key: SituationKey
    facet: str
    expected: object
    like: SituationKey | None
    scenario: ScenarioRecord


@dataclass(frozen=True, slots=True)
class Killed:
    """A mutant and the scenario that it would make fail."""

    mutant: Mutant
    scenario: ScenarioRecord
    facet: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An example that would detect a mutant, ready to paste: a row with its header, to insert below *line* of *path*; a scenario if *path* is empty."""

    lines: tuple[str, ...]
    path: str = ""
    line: int = 1

    def __str__(self) -> str:
        """Return the place, and the lines to paste below it."""
        place = f"{self.path}:{self.line}: add below this line" if self.path else "a new scenario"
        return "\n".join((place, *(f"  {line}" for line in self.lines)))


@dataclass(slots=True)
class Score:
    """The mutants by result."""

    killed: list[Killed] = field(default_factory=list)
    survived: list[Mutant] = field(default_factory=list)
    refused: list[Mutant] = field(default_factory=list)
    equivalent: list[Mutant] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Return the number of mutants."""
        return len(self.killed) + len(self.survived) + len(self.refused) + len(self.equivalent)

    def to_plain(self) -> dict[str, object]:
        """Return the counts, ready for JSON."""
        kinds = {name: len(getattr(self, name)) for name in ("killed", "survived", "refused", "equivalent")}
        return {"mutants": self.total, **kinds}


class Assertions:
    """The assertions of the passed scenarios of a run by situation, and the answers of the engine to all situations."""

    def __init__(self, record: RunRecord, answers: Mapping[SituationKey, Answer]) -> None:
        self.answers = answers
        self.of: dict[SituationKey, list[Asserted]] = {}
        self.allowed: dict[SituationKey, list[tuple[ScenarioRecord, set[str]]]] = {}
        """Scenarios with claims about a cancellation that do not state its outcome: it is allowed, or the scenario would fail.

        The tasks of one that fails at packing, or their places, state its outcome too; see `steps.support.order_attempts`.
        """
        for scenario in record.scenarios:
            if passed(scenario):
                for claim in scenario.claims:
                    self._add(scenario, claim)
                self._add_unstated(scenario)

    def _add(self, scenario: ScenarioRecord, claim: Claim) -> None:
        key = situation_of(claim)
        facet, _, stage = claim.facet.partition(AS_FOR)
        if key is None or facet not in JUDGED_FACETS:
            return
        kind, reading, values = key
        facts = dict(zip(FACTS_OF[kind], values, strict=True))
        like = (kind, reading, tuple((facts | {"stage": stage}).values())) if stage else None
        asserted = Asserted(key, facet, claim.expected, like, scenario)
        for place in (key, like):
            if place is not None:
                self.of.setdefault(place, []).append(asserted)

    def _add_unstated(self, scenario: ScenarioRecord) -> None:
        """Add the cancellations of whose outcome *scenario* says nothing."""
        facets: dict[SituationKey, set[str]] = {}
        for claim in scenario.claims:
            key = situation_of(claim)
            if key is not None and key[0] == CASE:
                facets.setdefault(key, set()).add(claim.facet.partition(AS_FOR)[0])
        for key, stated in facets.items():
            if "outcome" not in stated:
                self.allowed.setdefault(key, []).append((scenario, stated))

    def killing_example(self, mutant: Mutant) -> Killed | None:
        """Return the first scenario that an answer of the mutant contradicts; None if there is none."""
        for key in mutant.answers:
            for asserted in self.of.get(key, ()):
                if not self._holds(asserted, mutant):
                    return Killed(mutant, asserted.scenario, asserted.facet)
            for scenario, stated in self.allowed.get(key, ()):
                outcome = mutant.answers[key].outcome
                is_stated = outcome is Outcome.FAILS_AT_PACKING and not stated.isdisjoint(("tasks", "places"))
                if outcome is not Outcome.ALLOWED and not is_stated:
                    return Killed(mutant, scenario, "outcome")
        return None

    def _holds(self, asserted: Asserted, mutant: Mutant) -> bool:
        expected = asserted.expected
        if asserted.like is not None:
            expected = facet_value(self._answer(asserted.like, mutant), asserted.facet, expected)
        return facet_value(self._answer(asserted.key, mutant), asserted.facet, asserted.expected) == expected

    def _answer(self, key: SituationKey, mutant: Mutant) -> Answer:
        return mutant.answers[key] if key in mutant.answers else self.answers[key]

    def judge(self, mutants: Iterable[Mutant]) -> Score:
        """Sort *mutants* into killed, survived, refused and equivalent."""
        score = Score()
        for mutant in mutants:
            if mutant.contradiction:
                score.refused.append(mutant)
            elif mutant.equivalent:
                score.equivalent.append(mutant)
            elif (killed := self.killing_example(mutant)) is not None:
                score.killed.append(killed)
            else:
                score.survived.append(mutant)
        return score


def facet_value(answer: Answer, facet: str, expected: Any) -> object:
    """Return the *facet* of an answer in the form of a claim; for facet `task`, the task that *expected* names."""
    if facet in _VALUES:
        return _VALUES[facet](answer, expected)
    tasks = None if answer.tasks is None else [task.as_words for task in answer.tasks]
    return tasks if facet == "tasks" else next((task for task in tasks or () if task[1] == expected[1]), None)


_VALUES: dict[str, Callable[[Any, Any], object]] = {
    "outcome": lambda answer, _: str(answer.outcome),
    "clauses": lambda answer, _: list(answer.clauses),
    "gaps": lambda answer, _: list(answer.gaps),
    "by hand": lambda answer, _: bool(answer.manner),
    "places": lambda answer, _: [[str(task.task), task.actor, task.system] for task in answer.tasks or ()],
    "alternatives": lambda answer, _: [
        [str(task.instead_of), str(task.task)] for task in answer.tasks or () if task.instead_of is not None
    ],
    BESIDE: lambda answer, expected: expected if expected in answer.notes else ", ".join(answer.notes),
}
"""For each facet but the tasks its value in an answer, in the form of a claim, which expects a value."""
