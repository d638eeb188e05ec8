"""Mutants: every first-order change of a rulebook, and the answers that it changes.

The situations are finite, so results are exact: a mutant that changes no answer is proved equivalent, one in which statements
contradict each other is refused, and every other has the list of situations that it changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product

from sop_engine.case import Stage
from sop_engine.decision import Answer, Modality, Outcome, Reading, Task, Timing
from sop_engine.errors import ContradictionError
from sop_engine.evaluation import Facts, evaluate
from sop_engine.loading.words import FACTS_OF
from sop_engine.reader import Rulebook
from sop_engine.returns import QualityCheck, ReturnDecision
from sop_engine.statement import CASE, RETURN, Gap, Statement, When
from sop_engine.tasks import TaskKey
from sop_engine.verification import SITUATIONS, Proof, SituationKey

Situation = tuple[str, tuple[str, ...]]
"""Subject and values."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one statement or gap of the rulebook; ``new`` is ``None`` if it is removed."""

    id: str
    location: str
    description: str
    new: Statement | Gap | None


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rulebook with one or more changes, as its answers to the affected situations.

    Attributes:
        changes: what was changed.
        contradiction: why it would be refused; empty if it is not.
        answers: the situations whose answer changes, with the new answer, in the form of `Engine.answers`; empty for an equivalent mutant.
    """

    changes: tuple[Change, ...]
    contradiction: str = ""
    answers: Mapping[SituationKey, Answer] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """Return the changes as a sentence."""
        return ", and ".join(f"{change.id} {change.description}" for change in self.changes)

    @property
    def equivalent(self) -> bool:
        """Return whether no answer changes."""
        return not self.contradiction and not self.answers


def changes_of(rulebook: Rulebook) -> Iterator[tuple[Change, ...]]:
    """Yield every first-order change; two changes at once only if two statements exchange their rulings."""
    deciding = [statement for statement in rulebook.statements if statement.decides]
    for statement in deciding:
        for description, new in _statement_changes(statement, rulebook.tasks_of(statement.subject)):
            yield (Change(statement.id, statement.location, description, new),)
    for gap in rulebook.gaps:
        if gap.decides:
            for description, altered in _gap_changes(gap):
                yield (Change(gap.id, gap.location, description, altered),)
    for first, second in pairwise(deciding):
        if first.subject == second.subject and _ruling(first) != _ruling(second):
            yield (
                Change(first.id, first.location, f"said what {second.id} says", _with_ruling_of(first, second)),
                Change(second.id, second.location, f"said what {first.id} says", _with_ruling_of(second, first)),
            )


def mutants(proof: Proof) -> Iterator[Mutant]:
    """Yield every first-order mutant of a verified rulebook."""
    bench = _MutantEvaluator(proof)
    return (bench.mutant(changes) for changes in changes_of(proof.rulebook))


def _ruling(statement: Statement) -> tuple[object, ...]:
    return (statement.outcome, statement.tasks, statement.manner, tuple(statement.like.items()))


def _with_ruling_of(statement: Statement, other: Statement) -> Statement:
    return replace(statement, outcome=other.outcome, tasks=other.tasks, manner=other.manner, like=other.like)


def _statement_changes(statement: Statement, tasks: Sequence[TaskKey]) -> Iterator[tuple[str, Statement | None]]:
    yield from _outcome_changes(statement)
    yield from _task_changes(statement, tasks)
    for description, when in _condition_changes(statement.when, FACTS_OF[statement.subject]):
        yield description, replace(statement, when=when)
    for number, over in enumerate(statement.over):
        yield f"was not over {over}", replace(statement, over=statement.over[:number] + statement.over[number + 1 :])
    if statement.rests_on:
        yield f"did not rest on {statement.rests_on}", replace(statement, rests_on="")
    if statement.manner:
        yield f"did not say `{statement.manner}`", replace(statement, manner="")
    for name, word in statement.like.items():
        for other in FACTS_OF[statement.subject][name]:
            if other != word:
                yield f"answered like {other}, not {word}", replace(statement, like={**statement.like, name: str(other)})
    yield "were left out", None


def _outcome_changes(statement: Statement) -> Iterator[tuple[str, Statement]]:
    if statement.outcome is None:
        return
    for outcome in Outcome:
        if outcome not in (statement.outcome, Outcome.UNSPECIFIED):
            yield f"said `{outcome}`, not `{statement.outcome}`", replace(statement, outcome=outcome)
    if statement.tasks is not None:
        yield "left the outcome open", replace(statement, outcome=None)


def _task_changes(statement: Statement, keys: Sequence[TaskKey]) -> Iterator[tuple[str, Statement]]:
    tasks = statement.tasks
    if tasks is None:
        return
    if tasks:
        yield "asked for nothing", replace(statement, tasks=())
        yield "were silent on tasks", replace(statement, tasks=None)
    if len(tasks) > 1:
        yield "asked in the reverse order", replace(statement, tasks=tasks[::-1])
    other_keys = [key for key in keys if key not in {task.task for task in tasks}]
    for number, task in enumerate(tasks):
        for description, changed in _task_variants(task, other_keys, alone=len(tasks) == 1):
            yield description, replace(statement, tasks=(*tasks[:number], *changed, *tasks[number + 1 :]))
    for key in other_keys:
        added = Task(Modality.MUST, key, statement.actor, statement.system)
        yield f"asked for {key} too", replace(statement, tasks=(*tasks, added))


def _task_variants(task: Task, other_keys: Iterable[TaskKey], *, alone: bool) -> Iterator[tuple[str, tuple[Task, ...]]]:
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
    for key in other_keys:
        yield f"asked for {key} instead of {task.task}", (replace(task, task=key),)


def _condition_changes(when: When, facts: Mapping[str, Iterable[object]]) -> Iterator[tuple[str, When]]:
    """Yield each fact narrowed and widened by one word, and removed."""
    for name, vocabulary in facts.items():
        words = [str(word) for word in vocabulary]
        covered = when.facts.get(name, frozenset(words))
        for word in words:
            changed = covered ^ {word}
            if changed:
                verb = "did not cover" if word in covered else "also covered"
                yield f"{verb} {name} {word}", When({**when.facts, name: changed})
        if len(covered) + 1 < len(words):
            yield f"did not ask for {name}", When({fact: accepted for fact, accepted in when.facts.items() if fact != name})


def _gap_changes(gap: Gap) -> Iterator[tuple[str, Gap]]:
    if gap.when is not None:
        for description, when in _condition_changes(gap.when, FACTS_OF[gap.subject]):
            yield description, replace(gap, when=when)
    for part in gap.leaves_open:
        yield (
            f"did not leave the {part} open",
            replace(gap, leaves_open=tuple(open_part for open_part in gap.leaves_open if open_part != part)),
        )


class _MutantEvaluator:
    """Fast evaluation of mutants: a statement that does not cover a situation cannot change its answer."""

    def __init__(self, proof: Proof) -> None:
        self.proof, self.rulebook = proof, proof.rulebook
        self.places = {statement.id: number for number, statement in enumerate(self.rulebook.statements)}
        self.originals: dict[str, Statement | Gap] = {gap.id: gap for gap in self.rulebook.gaps}
        self.originals |= {statement.id: statement for statement in self.rulebook.statements}
        self.covering: dict[Situation, list[Statement]] = {}
        self.led_here: dict[Situation, list[Situation]] = {}
        self.books: dict[Situation, Rulebook] = {}
        for subject, world in SITUATIONS.items():
            own_statements = [statement for statement in self.rulebook.statements if statement.subject == subject]
            for facts in world:
                situation = (subject, tuple(facts.values()))
                self.covering[situation] = [statement for statement in own_statements if statement.when.covers(facts)]
                for like in (statement.like for statement in self.covering[situation] if statement.like):
                    self.led_here.setdefault((subject, tuple({**facts, **like}.values())), []).append(situation)

    def mutant(self, changes: Sequence[Change]) -> Mutant:
        new_statements = {change.id: change.new for change in changes if not isinstance(change.new, Gap)}
        gaps = {change.id: change.new for change in changes if isinstance(change.new, Gap)}
        book = replace(self.rulebook, gaps=tuple(gaps.get(gap.id, gap) for gap in self.rulebook.gaps)) if gaps else None
        answers: dict[SituationKey, Answer] = {}
        for subject, values in self._affected(changes):
            facts = dict(zip(FACTS_OF[subject], values, strict=True))
            candidates = self._candidates(subject, facts, new_statements)
            clauses = [statement for statement in candidates if not statement.gap]
            for reading, statements in ((Reading.AS_WRITTEN, clauses), (Reading.AS_PRACTISED, candidates)):
                try:
                    answer = evaluate(facts, statements, book or self._book(subject, facts), subject, reading)
                except ContradictionError as error:
                    return Mutant(tuple(changes), str(error))
                if _compared_parts(answer) != _compared_parts(self.proof.answers[subject, reading, values]):
                    if subject == RETURN:
                        answer = ReturnDecision.of(answer, self.rulebook.gaps, QualityCheck(values[0]), reading)
                    answers[subject, reading, values] = answer
        return Mutant(tuple(changes), "", answers)

    def _affected(self, changes: Iterable[Change]) -> list[Situation]:
        """Return the situations that a changed statement covers, before or after, including those answered like another case."""
        situations: dict[Situation, None] = {}
        for entry in [side for change in changes for side in (self.originals[change.id], change.new) if side is not None]:
            vocabulary = FACTS_OF[entry.subject]
            words = [
                [str(word) for word in vocabulary[name] if entry.when is None or word in entry.when.facts.get(name, vocabulary[name])]
                for name in vocabulary
            ]
            situations |= dict.fromkeys((entry.subject, values) for values in product(*words))
        for situation in tuple(situations):
            situations |= dict.fromkeys(self.led_here.get(situation, ()))
        return list(situations)

    def _candidates(self, subject: str, facts: Facts, new: Mapping[str, Statement | None]) -> list[Statement]:
        """Return the statements that could cover *facts*, in their order, with changed statements in the place of the old ones."""
        candidates = {statement.id: statement for statement in self.covering[subject, tuple(facts.values())]}
        changed = [statement for statement in new.values() if statement is not None and statement.subject == subject]
        for like in [statement.like for statement in (*candidates.values(), *changed) if statement.like]:
            candidates |= {statement.id: statement for statement in self.covering[subject, tuple({**facts, **like}.values())]}
        for identifier in new:
            candidates.pop(identifier, None)
        candidates |= {statement.id: statement for statement in changed}
        return sorted(candidates.values(), key=lambda statement: self.places[statement.id])

    def _book(self, subject: str, facts: Facts) -> Rulebook:
        """Return the rulebook with only the gaps that could be cited here, so that the others are not evaluated."""
        situation = (subject, tuple(facts.values()))
        if situation not in self.books:
            stages = [{**facts, **like} for like in _DETOURS] if subject == CASE else [facts]
            near = tuple(gap for gap in self.rulebook.gaps if gap.decides and gap.subject == subject and any(map(gap.when.covers, stages)))  # type: ignore[union-attr]
            self.books[situation] = replace(self.rulebook, gaps=near)
        return self.books[situation]


_DETOURS = [{"stage": str(stage)} for stage in Stage]


def _compared_parts(answer: Answer) -> tuple[object, ...]:
    return answer.outcome, answer.tasks, answer.clauses, answer.gaps, answer.manner
