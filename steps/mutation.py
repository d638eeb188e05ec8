"""Which changes of the rulebook the features would notice: every mutant, judged by the claims of a recorded run.

A claim says what an answer must be. A mutant that gives another answer to the situation of one such claim would turn its
scenario red; that is decided here by comparing, without running anything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sop_engine.decision import Answer, Reading, Source, Timing
from sop_engine.mutants import Mutant
from sop_engine.proofs import Key
from sop_engine.register import FACTS_OF
from sop_engine.settle import Facts
from sop_runs.answers import situation_of
from sop_runs.record import RunRecord
from sop_runs.schema import Claim, ScenarioRecord
from sop_runs.status import passed

AS_FOR = ", as for "
"""Between facet and stage in a claim that an answer is like that of the same order at another stage."""

JUDGED = ("outcome", "tasks", "task", "places", "alternatives", "clauses", "gaps", "by hand")


@dataclass(frozen=True, slots=True)
class Asserted:
    """One claim of one scenario of the run: what a part of an answer is, or that it is like that of another situation."""

    key: Key
    facet: str
    expected: object
    like: Key | None
    scenario: ScenarioRecord


@dataclass(frozen=True, slots=True)
class Killed:
    """A mutant and the scenario that would turn red."""

    mutant: Mutant
    scenario: ScenarioRecord
    facet: str


@dataclass(slots=True)
class Score:
    """The verdicts on all mutants, one kind beside the other."""

    killed: list[Killed] = field(default_factory=list)
    survived: list[Mutant] = field(default_factory=list)
    refused: list[Mutant] = field(default_factory=list)
    equivalent: list[Mutant] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All mutants."""
        return len(self.killed) + len(self.survived) + len(self.refused) + len(self.equivalent)

    def to_plain(self) -> dict[str, object]:
        """The counts."""
        kinds = {name: len(getattr(self, name)) for name in ("killed", "survived", "refused", "equivalent")}
        return {"mutants": self.total, **kinds}


class Assertions:
    """What the passed scenarios of a run assert of each situation, and what the rulebook of the run answers."""

    def __init__(self, record: RunRecord, answers: Mapping[Key, Answer]) -> None:
        self.answers = answers
        self.of: dict[Key, list[Asserted]] = {}
        for scenario in record.scenarios:
            if passed(scenario):
                for claim in scenario.claims:
                    self._add(scenario, claim)

    def _add(self, scenario: ScenarioRecord, claim: Claim) -> None:
        key = situation_of(claim)
        facet, _, stage = claim.facet.partition(AS_FOR)
        if key is None or facet not in JUDGED:
            return
        kind, reading, values = key
        facts = dict(zip(FACTS_OF[kind], values, strict=True))
        like = (kind, reading, tuple((facts | {"stage": stage}).values())) if stage else None
        asserted = Asserted(key, facet, claim.expected, like, scenario)
        for place in (key, like):
            if place is not None:
                self.of.setdefault(place, []).append(asserted)

    def killer(self, mutant: Mutant) -> Killed | None:
        """The first scenario that one of the mutant's answers contradicts."""
        for key in mutant.answers:
            for asserted in self.of.get(key, ()):
                if not self._holds(asserted, mutant):
                    return Killed(mutant, asserted.scenario, asserted.facet)
        return None

    def _holds(self, asserted: Asserted, mutant: Mutant) -> bool:
        expected = asserted.expected
        if asserted.like is not None:
            expected = part(self._answer(asserted.like, mutant), asserted.facet, expected)
        return part(self._answer(asserted.key, mutant), asserted.facet, asserted.expected) == expected

    def _answer(self, key: Key, mutant: Mutant) -> Answer:
        return mutant.answers[key] if key in mutant.answers else self.answers[key]

    def judge(self, mutants: Iterable[Mutant]) -> Score:
        """The verdict on each of *mutants*."""
        score = Score()
        for mutant in mutants:
            if mutant.contradiction:
                score.refused.append(mutant)
            elif mutant.equivalent:
                score.equivalent.append(mutant)
            elif (killed := self.killer(mutant)) is not None:
                score.killed.append(killed)
            else:
                score.survived.append(mutant)
        return score


def part(answer: Answer, facet: str, expected: Any) -> object:
    """The *facet* of an answer as a claim would record it; for one task of a list, the one that *expected* names."""
    if facet == "outcome":
        return str(answer.outcome)
    if facet in ("clauses", "gaps"):
        return list(getattr(answer, facet))
    if facet == "by hand":
        return bool(answer.manner)
    if facet == "places":
        return [[str(task.task), task.actor, task.system] for task in answer.tasks or ()]
    if facet == "alternatives":
        return [[str(task.instead_of), str(task.task)] for task in answer.tasks or () if task.instead_of is not None]
    tasks = None if answer.tasks is None else [task.brief for task in answer.tasks]
    return tasks if facet == "tasks" else next((task for task in tasks or () if task[1] == expected[1]), None)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An example ready to paste: a row, with its header, for below *line* of the feature at *path*; a scenario where that is empty."""

    lines: tuple[str, ...]
    path: str = ""
    line: int = 1

    def __str__(self) -> str:
        """Where it goes, and below that what to paste."""
        place = f"{self.path}:{self.line}: add below" if self.path else "a scenario of its own"
        return "\n".join((place, *(f"  {line}" for line in self.lines)))


def suggestion(record: RunRecord, mutant: Mutant, answers: Mapping[Key, Answer]) -> Proposal:
    """The example that would catch *mutant*: a situation that it changes, as practised if there is one, with its answer in *answers*."""
    situation = min(mutant.answers, key=lambda key: (key[1] == Reading.AS_WRITTEN, key))
    return proposal(record, situation, answers)


def proposal(record: RunRecord, situation: Key, answers: Mapping[Key, Answer]) -> Proposal:
    """What would pin *situation* to its answer in *answers*: a row for an outline that is there, or a scenario of its own."""
    return _row(record, situation, answers) or Proposal(tuple(_scenario(situation, answers)))


def _row(record: RunRecord, situation: Key, answers: Mapping[Key, Answer]) -> Proposal | None:
    """A row like one that asserts the same of situations which differ only in what its columns say."""
    kind, reading, values = situation
    here = dict(zip(FACTS_OF[kind], values, strict=True))
    for scenario in record.scenarios:
        if scenario.row is None or not passed(scenario):
            continue
        claims = [claim for claim in scenario.claims if claim.subject.get("kind") == kind and claim.reading == reading]
        if not claims:
            continue
        stated = {name: words.pop() for name in here if len(words := {claim.subject["facts"][name] for claim in claims}) == 1}
        moved = {name: here[name] for name, word in stated.items() if here[name] != word}
        if not all(_says(claim, moved, situation, answers) for claim in claims):
            continue
        if not any(claim.facet in ("outcome", "tasks", "clauses", "gaps") for claim in claims):
            continue
        header, cells = _example(record, scenario)
        changed = {_word(stated[name]): _word(new) for name, new in moved.items()}
        if changed and all(cells.count(old) == 1 for old in changed):
            new = [changed.get(cell, cell) for cell in cells]
            return Proposal((_bar(header), _bar(new)), scenario.feature, scenario.row)
    return None


def _says(claim: Claim, moved: Facts, situation: Key, answers: Mapping[Key, Answer]) -> bool:
    """Whether *claim* would hold of its situation with the facts in *moved*."""
    kind, reading, _ = situation
    facts = {**claim.subject["facts"], **moved}
    answer = answers[kind, reading, tuple(facts[name] for name in FACTS_OF[kind])]
    return claim.facet in JUDGED and part(answer, claim.facet, claim.expected) == claim.expected


def _example(record: RunRecord, scenario: ScenarioRecord) -> tuple[Sequence[str], list[str]]:
    """Header and cells of the row that *scenario* stands in."""
    feature = next(feature for feature in record.features if feature.path == scenario.feature)
    for written in feature.document.scenarios if feature.document else ():
        for table in written.examples:
            for row in table.rows:
                if row.line == scenario.row:
                    return table.header, list(row.cells)
    return [], []


def _bar(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


WORDS = {
    "seller": "the seller",
    "full": "the full order",
    "partial": "part of the order",
    "ERP": "the client's ERP",
}
"""The words of the feature files, where they are not those of the case."""


GIVENS = {"invoicing": "an order invoiced through", "stage": "the order is", "e_invoice": "its e-invoice is"}
"""How a Given states each fact that need not be stated."""


def _word(value: str) -> str:
    return WORDS.get(value, value)


def _scenario(situation: Key, answers: Mapping[Key, Answer]) -> Iterator[str]:
    kind, reading, values = situation
    answer = answers[situation]
    if kind != "case":
        yield f"# about a returned unit whose quality check is {values[0]}, asserting its tasks, clauses and gaps"
        return
    facts: Facts = dict(zip(FACTS_OF[kind], values, strict=True))
    needed = _needed(situation, answers)
    if reading == Reading.AS_WRITTEN:
        yield "@as-written"
    yield f"Scenario: {', '.join(f'e-invoice {word}' if name == 'e_invoice' else word for name, word in facts.items() if name in needed)}"
    givens = ["the SOP is taken as written"] if reading == Reading.AS_WRITTEN else []
    givens += [f"{GIVENS[name]} {_word(facts[name])}" for name in GIVENS if name in needed]
    yield from (f"  {'And' if place else 'Given'} {text}" for place, text in enumerate(givens))
    yield f"  When {_word(facts['canceller'])} cancels {_word(facts['scope'])}"
    yield f"  Then {_outcome(str(answer.outcome))}"
    sources = (answer.outcome_source, answer.tasks_source)
    stated = answer.clauses and Source.ASSUMED not in sources and Source.SILENT not in sources
    says = f"  And {'the SOP says so in' if stated else 'the answer rests on'} {', '.join(answer.clauses)}"
    lines = [*_tasks(answer), says if answer.clauses else "  And no clause says so"]
    yield from reversed(lines) if answer.tasks_source is Source.FOLLOWS else lines
    if answer.gaps:
        assumed = Source.ASSUMED in sources
        yield f"  And {'it is our reading of' if assumed else 'the question is registered as'} {', '.join(answer.gaps)}"


def _needed(situation: Key, answers: Mapping[Key, Answer]) -> set[str]:
    """The facts that an example of *situation* has to state; with any word of the others the answer is the same."""
    kind, reading, values = situation
    words = {name: [word] for name, word in zip(FACTS_OF[kind], values, strict=True)}
    wanted = _whole(answers[situation])
    for name in reversed(GIVENS):
        wider = {**words, name: [str(word) for word in FACTS_OF[kind][name]]}
        if all(_whole(answers[kind, reading, key]) == wanted for key in product(*wider.values())):
            words = wider
    return {name for name, known in words.items() if len(known) == 1}


def _whole(answer: Answer) -> tuple[object, ...]:
    """All of an answer that an example asserts."""
    return (answer.outcome, answer.tasks, answer.clauses, answer.gaps, answer.outcome_source, answer.tasks_source)


def _outcome(outcome: str) -> str:
    if outcome == "unspecified":
        return "what becomes of the cancellation is an open question"
    return f"the cancellation {'' if outcome.startswith('fails') else 'is '}{outcome}"


def _tasks(answer: Answer) -> Iterator[str]:
    if answer.tasks is None:
        yield "  And what the client must do is an open question"
    elif not answer.tasks:
        yield f"  And {'' if answer.tasks_source is not Source.FOLLOWS else 'it follows that '}the client has nothing to do"
    else:
        when = answer.tasks[0].when
        yield f"  And the client's follow-up {'' if when is Timing.NOW else f'{when} '}is"
        yield from (f"    {_bar([task.modality.words, task.task.words])}" for task in answer.tasks)
