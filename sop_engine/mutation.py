"""Mutants: every first-order change of a rulebook, and what each would change in the answers.

A rulebook is a finite table in disguise, so nothing here is a guess: a mutant that changes no answer is proved
equivalent, one in which sentences contradict each other is refused, and every other comes with the situations it changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product

from sop_engine.case import Stage
from sop_engine.decision import Answer, Modality, Outcome, Reading, Task, TaskKey, Timing
from sop_engine.errors import ContradictionError
from sop_engine.evaluation import Facts, evaluate
from sop_engine.reader import FACTS_OF, Rulebook
from sop_engine.statement import CASE, Gap, Statement, When
from sop_engine.verification import SITUATIONS, Key, Proof

TASKS_OF = {
    CASE: (TaskKey.DOWNLOAD_REPORT, TaskKey.CREDIT_NOTE, TaskKey.SHARE_CREDIT_NOTE, TaskKey.ASK_AJIO_TO_CANCEL, TaskKey.CANCEL_IN_ASSURE),
    "return": (TaskKey.RSI_REPORT, TaskKey.USE_AS_REFERENCE, TaskKey.INWARD_PO, TaskKey.GRN),
}

Situation = tuple[str, tuple[str, ...]]
"""Subject and values."""


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence or gap of the rulebook said otherwise; ``new`` is ``None`` where it is left out."""

    id: str
    place: str
    says: str
    new: Statement | Gap | None


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rulebook with one or more changes, as what it says of the situations it touches.

    Attributes:
        changes: what was changed.
        contradiction: why it would be refused; empty where it answers.
        answers: the situations whose answer is another one, and that answer; empty for an equivalent mutant.
    """

    changes: tuple[Change, ...]
    contradiction: str = ""
    answers: Mapping[Key, Answer] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """The changes, in a sentence."""
        return ", and ".join(f"{change.id} {change.says}" for change in self.changes)

    @property
    def equivalent(self) -> bool:
        """Whether no answer changes."""
        return not self.contradiction and not self.answers


def changes_of(rulebook: Rulebook) -> Iterator[tuple[Change, ...]]:
    """Every first-order change; two changes at once only where two sentences swap what they say."""
    deciding = [statement for statement in rulebook.statements if statement.decides]
    for statement in deciding:
        for says, new in _of_statement(statement):
            yield (Change(statement.id, statement.place, says, new),)
    for gap in rulebook.gaps:
        if gap.decides:
            for says, altered in _of_gap(gap):
                yield (Change(gap.id, gap.place, says, altered),)
    for first, second in pairwise(deciding):
        if first.subject == second.subject and _speech(first) != _speech(second):
            yield (
                Change(first.id, first.place, f"said what {second.id} says", _speaking_as(first, second)),
                Change(second.id, second.place, f"said what {first.id} says", _speaking_as(second, first)),
            )


def mutants(proof: Proof) -> Iterator[Mutant]:
    """Every first-order mutant of a proved rulebook."""
    bench = _MutantEvaluator(proof)
    return (bench.mutant(changes) for changes in changes_of(proof.rulebook))


def _speech(statement: Statement) -> tuple[object, ...]:
    return (statement.outcome, statement.tasks, statement.manner, tuple(statement.like.items()))


def _speaking_as(statement: Statement, other: Statement) -> Statement:
    return replace(statement, outcome=other.outcome, tasks=other.tasks, manner=other.manner, like=other.like)


def _of_statement(statement: Statement) -> Iterator[tuple[str, Statement | None]]:
    yield from _outcomes(statement)
    yield from _tasks(statement)
    for says, when in _conditions(statement.when, FACTS_OF[statement.subject]):
        yield says, replace(statement, when=when)
    for place, over in enumerate(statement.over):
        yield f"was not over {over}", replace(statement, over=statement.over[:place] + statement.over[place + 1 :])
    if statement.rests_on:
        yield f"did not rest on {statement.rests_on}", replace(statement, rests_on="")
    if statement.manner:
        yield f"did not say `{statement.manner}`", replace(statement, manner="")
    for name, word in statement.like.items():
        for other in FACTS_OF[statement.subject][name]:
            if other != word:
                yield f"answered like {other}, not {word}", replace(statement, like={**statement.like, name: str(other)})
    yield "were left out", None


def _outcomes(statement: Statement) -> Iterator[tuple[str, Statement]]:
    if statement.outcome is None:
        return
    for outcome in Outcome:
        if outcome not in (statement.outcome, Outcome.UNSPECIFIED):
            yield f"said `{outcome}`, not `{statement.outcome}`", replace(statement, outcome=outcome)
    if statement.tasks is not None:
        yield "left the outcome open", replace(statement, outcome=None)


def _tasks(statement: Statement) -> Iterator[tuple[str, Statement]]:
    tasks = statement.tasks
    if tasks is None:
        return
    if tasks:
        yield "asked for nothing", replace(statement, tasks=())
        yield "were silent on tasks", replace(statement, tasks=None)
    if len(tasks) > 1:
        yield "asked in the reverse order", replace(statement, tasks=tasks[::-1])
    others = [key for key in TASKS_OF[statement.subject] if key not in {task.task for task in tasks}]
    for place, task in enumerate(tasks):
        for says, changed in _of_task(task, others, alone=len(tasks) == 1):
            yield says, replace(statement, tasks=(*tasks[:place], *changed, *tasks[place + 1 :]))
    for key in others:
        added = Task(Modality.MUST, key, statement.actor, statement.system)
        yield f"asked for {key} too", replace(statement, tasks=(*tasks, added))


def _of_task(task: Task, others: Iterable[TaskKey], *, alone: bool) -> Iterator[tuple[str, tuple[Task, ...]]]:
    if not alone:
        yield f"did not ask for {task.task}", ()
    for modality in Modality:
        if modality is not task.modality:
            yield f"said {modality} {task.task}, not {task.modality}", (replace(task, modality=modality),)
    for timing in Timing:
        if timing is not task.when:
            yield f"said {task.task} {timing}, not {task.when}", (replace(task, when=timing),)
    if task.instead_of is not None:
        yield f"said {task.task} beside {task.instead_of}, not instead of it", (replace(task, instead_of=None),)
    for key in others:
        yield f"asked for {key} instead of {task.task}", (replace(task, task=key),)


def _conditions(when: When, facts: Mapping[str, Iterable[object]]) -> Iterator[tuple[str, When]]:
    """Each fact narrowed and widened by one word, and forgotten."""
    for name, known in facts.items():
        words = [str(word) for word in known]
        mine = when.facts.get(name, frozenset(words))
        for word in words:
            changed = mine ^ {word}
            if changed:
                verb = "did not cover" if word in mine else "also covered"
                yield f"{verb} {name} {word}", When({**when.facts, name: changed})
        if len(mine) + 1 < len(words):
            yield f"did not ask for {name}", When({fact: some for fact, some in when.facts.items() if fact != name})


def _of_gap(gap: Gap) -> Iterator[tuple[str, Gap]]:
    if gap.when is not None:
        for says, when in _conditions(gap.when, FACTS_OF[gap.subject]):
            yield says, replace(gap, when=when)
    for part in gap.leaves_open:
        yield f"did not leave the {part} open", replace(gap, leaves_open=tuple(each for each in gap.leaves_open if each != part))


class _MutantEvaluator:
    """Answers mutants quickly: a sentence that does not cover a situation cannot change its answer."""

    def __init__(self, proof: Proof) -> None:
        self.proof, self.rulebook = proof, proof.rulebook
        self.places = {statement.id: place for place, statement in enumerate(self.rulebook.statements)}
        self.known: dict[str, Statement | Gap] = {gap.id: gap for gap in self.rulebook.gaps}
        self.known |= {statement.id: statement for statement in self.rulebook.statements}
        self.covering: dict[Situation, list[Statement]] = {}
        self.led_here: dict[Situation, list[Situation]] = {}
        self.books: dict[Situation, Rulebook] = {}
        for subject, world in SITUATIONS.items():
            mine = [statement for statement in self.rulebook.statements if statement.subject == subject]
            for facts in world:
                here = (subject, tuple(facts.values()))
                self.covering[here] = [statement for statement in mine if statement.when.covers(facts)]
                for like in (statement.like for statement in self.covering[here] if statement.like):
                    self.led_here.setdefault((subject, tuple({**facts, **like}.values())), []).append(here)

    def mutant(self, changes: Sequence[Change]) -> Mutant:
        statements = {change.id: change.new for change in changes if not isinstance(change.new, Gap)}
        gaps = {change.id: change.new for change in changes if isinstance(change.new, Gap)}
        book = replace(self.rulebook, gaps=tuple(gaps.get(gap.id, gap) for gap in self.rulebook.gaps)) if gaps else None
        answers: dict[Key, Answer] = {}
        for subject, values in self._affected(changes):
            facts = dict(zip(FACTS_OF[subject], values, strict=True))
            asked = self._asked(subject, facts, statements)
            clauses = [statement for statement in asked if not statement.gap]
            for reading, heard in ((Reading.AS_WRITTEN, clauses), (Reading.AS_PRACTISED, asked)):
                try:
                    answer = evaluate(facts, heard, book or self._book(subject, facts), subject, reading)
                except ContradictionError as error:
                    return Mutant(tuple(changes), str(error))
                if _told(answer) != _told(self.proof.answers[subject, reading, values]):
                    answers[subject, reading, values] = answer
        return Mutant(tuple(changes), "", answers)

    def _affected(self, changes: Iterable[Change]) -> list[Situation]:
        """What a changed sentence covers, before or after, also where it is answered like another case."""
        found: dict[Situation, None] = {}
        for each in [side for change in changes for side in (self.known[change.id], change.new) if side is not None]:
            known = FACTS_OF[each.subject]
            words = [
                [str(word) for word in known[name] if each.when is None or word in each.when.facts.get(name, known[name])] for name in known
            ]
            found |= dict.fromkeys((each.subject, values) for values in product(*words))
        for here in tuple(found):
            found |= dict.fromkeys(self.led_here.get(here, ()))
        return list(found)

    def _asked(self, subject: str, facts: Facts, new: Mapping[str, Statement | None]) -> list[Statement]:
        """The sentences that could speak of *facts*, in their order, the new ones in the place of the old."""
        here = {statement.id: statement for statement in self.covering[subject, tuple(facts.values())]}
        changed = [statement for statement in new.values() if statement is not None and statement.subject == subject]
        for like in [statement.like for statement in (*here.values(), *changed) if statement.like]:
            here |= {statement.id: statement for statement in self.covering[subject, tuple({**facts, **like}.values())]}
        for identifier in new:
            here.pop(identifier, None)
        here |= {statement.id: statement for statement in changed}
        return sorted(here.values(), key=lambda statement: self.places[statement.id])

    def _book(self, subject: str, facts: Facts) -> Rulebook:
        """The rulebook with the gaps that could be cited here, so that the others need not be asked."""
        here = (subject, tuple(facts.values()))
        if here not in self.books:
            stages = [{**facts, **like} for like in _DETOURS] if subject == CASE else [facts]
            near = tuple(gap for gap in self.rulebook.gaps if gap.decides and gap.subject == subject and any(map(gap.when.covers, stages)))  # type: ignore[union-attr]
            self.books[here] = replace(self.rulebook, gaps=near)
        return self.books[here]


_DETOURS = [{"stage": str(stage)} for stage in Stage]


def _told(answer: Answer) -> tuple[object, ...]:
    return answer.outcome, answer.tasks, answer.clauses, answer.gaps, answer.manner
