"""Answers of a server, checked against what was asked and converted to the types of the engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from msgspec import UnsetType

from sop_engine import Case, Decision, PossibleCase, QualityCheck, Reading, ReturnDecision, Source, Task, TaskKey
from sop_engine.decision import Outcome
from steps.contract.cases import CaseFacts, DecisionOfCase, ReturnAnswer, TaskOfAnswer
from steps.driver.errors import quote
from steps.driver.mismatches import MismatchError
from steps.driver.protocol import NotSupportedError

_Cited = TypeVar("_Cited")


class MissingCitations:
    """What stands for the citations of a server that does not cite: a step that looks at it is not supported.

    It is equal to itself alone, so that two answers without citations can be compared.
    """

    def __init__(self, message: str) -> None:
        self.message = message

    def __eq__(self, other: object) -> bool:
        """Return true for itself.

        Raises:
            NotSupportedError: for anything else, because nothing is known.
        """
        return other is self or self._refuse()

    def _refuse(self, *_: object) -> Any:
        raise NotSupportedError(self.message)

    __iter__ = __len__ = __bool__ = __contains__ = __getitem__ = __str__ = _refuse

    def __hash__(self) -> int:
        """Raise NotSupportedError: nothing is looked up by what is unknown."""
        return int(self._refuse())


def _stated(value: _Cited | UnsetType, place: str, missing_citations: MissingCitations | None) -> _Cited:
    """Return a citation of an answer; *missing_citations* if its server does not cite, whatever it states.

    Raises:
        MismatchError: the server cites, and this is left out.
    """
    if missing_citations is not None:
        return cast("_Cited", missing_citations)
    if isinstance(value, UnsetType):
        where, _, name = place.rpartition(".")
        raise MismatchError(f"{where or 'the answer'} has no `{name}`, which a server that offers `citations` states")
    return value


def cited_in(ids: Sequence[str] | UnsetType, place: str, missing_citations: MissingCitations | None) -> tuple[str, ...]:
    """Return the ids of clauses and gaps at *place* of an answer; *missing_citations* if its server does not cite.

    Raises:
        MismatchError: the server cites, and they are left out.
    """
    given = _stated(ids, place, missing_citations)
    return tuple(given) if missing_citations is None else cast("tuple[str, ...]", given)


@dataclass(frozen=True, slots=True)
class RemoteDecision(Decision):
    """A server's answer to one case; the sources of its parts are those that the server gives."""

    given_outcome_source: Source = Source.SILENT
    given_tasks_source: Source = Source.SILENT

    @property
    def outcome_source(self) -> Source:
        """Return where the outcome comes from."""
        return self.given_outcome_source

    @property
    def tasks_source(self) -> Source:
        """Return where the tasks come from."""
        return self.given_tasks_source


@dataclass(frozen=True, slots=True)
class RemoteReturnDecision(ReturnDecision):
    """A server's answer to one returned unit."""

    given_tasks_source: Source = Source.SILENT
    given_by_hand: bool = False

    @property
    def tasks_source(self) -> Source:
        """Return where the tasks come from."""
        return self.given_tasks_source

    @property
    def by_hand(self) -> bool:
        """Return whether the tasks are done by hand."""
        return self.given_by_hand


def decisions_on(
    possible: PossibleCase, reading: Reading, answers: Sequence[DecisionOfCase], place: str, missing_citations: MissingCitations | None
) -> tuple[Decision, ...]:
    """Return the decisions on every case of *possible*, in the order of the table, whatever their order in the answer.

    Raises:
        MismatchError: a case was not asked, is answered twice or not at all, or is answered in another reading.
    """
    by_case: dict[Case, Decision] = {}
    asked = dict.fromkeys(possible.cases())
    for number, answer in enumerate(answers):
        decision = decision_in(answer, reading, f"{place}[{number}]", missing_citations)
        if decision.case not in asked:
            raise MismatchError(f"{place}[{number}].case is {case_text(decision.case)}, which was not asked")
        if decision.case in by_case:
            raise MismatchError(f"{place}[{number}].case is {case_text(decision.case)}, which is answered twice")
        by_case[decision.case] = decision
    missing = [case for case in asked if case not in by_case]
    if missing:
        message = f"{place} has {len(by_case):,} of {len(asked):,} cases"
        raise MismatchError(f"{message}; there is no decision on {case_text(missing[0])}")
    return tuple(by_case[case] for case in asked)


def decision_in(answer: DecisionOfCase, reading: Reading, place: str, missing_citations: MissingCitations | None) -> Decision:
    """Return one decision of an answer.

    Raises:
        MismatchError: it is of another reading, names a task that cannot be one, or does not cite although its server does.
    """
    if answer.reading is not reading:
        raise MismatchError(f"{place}.reading is {quote(str(answer.reading))}, expected `{reading}`, which was asked")
    return RemoteDecision(
        outcome=answer.outcome,
        tasks=tasks_in(answer.tasks, place),
        clauses=cited_in(answer.clauses, f"{place}.clauses", missing_citations),
        gaps=cited_in(answer.gaps, f"{place}.gaps", missing_citations),
        notes=cited_in(answer.notes, f"{place}.notes", missing_citations),
        task_by={TaskKey(task.task): tuple(task.by) for task in answer.tasks or ()},
        case=case_in(answer.case),
        reading=reading,
        given_outcome_source=_stated(answer.outcome_source, f"{place}.outcome_source", missing_citations),
        given_tasks_source=_stated(answer.tasks_source, f"{place}.tasks_source", missing_citations),
    )


def return_in(answer: ReturnAnswer, check: QualityCheck, reading: Reading, missing_citations: MissingCitations | None) -> ReturnDecision:
    """Return the answer to a returned unit.

    Raises:
        MismatchError: it is about another quality check or reading, or names a task that cannot be one.
    """
    for name, value, asked in (("quality_check", answer.quality_check, check), ("reading", answer.reading, reading)):
        if value is not asked:
            raise MismatchError(f"{name} is {quote(str(value))}, expected `{asked}`, which was asked")
    return RemoteReturnDecision(
        outcome=Outcome.UNSPECIFIED,
        tasks=tasks_in(answer.tasks, ""),
        clauses=cited_in(answer.clauses, "clauses", missing_citations),
        gaps=cited_in(answer.gaps, "gaps", missing_citations),
        notes=cited_in(answer.notes, "notes", missing_citations),
        quality_check=check,
        reading=reading,
        stock=answer.stock,
        offline_claim=answer.offline_claim,
        given_tasks_source=_stated(answer.tasks_source, "tasks_source", missing_citations),
        given_by_hand=answer.by_hand,
    )


def case_in(facts: CaseFacts) -> Case:
    """Return the case with *facts*."""
    return Case(facts.canceller, facts.scope, facts.invoicing, facts.stage, facts.e_invoice)


def tasks_in(tasks: Iterable[TaskOfAnswer] | None, place: str) -> tuple[Task, ...] | None:
    """Return the tasks of an answer; None if they are open.

    Raises:
        MismatchError: the key of a task cannot be one.
    """
    if tasks is None:
        return None
    return tuple(_task_of(task, f"{place}.tasks[{number}]".lstrip(".")) for number, task in enumerate(tasks))


def key_in(text: str, place: str) -> TaskKey:
    """Return the key of a task.

    Raises:
        MismatchError: *text* cannot be one.
    """
    if not TaskKey.is_key(text):
        raise MismatchError(f"{place} is {quote(text)}, expected the key of a task: words in lower case with hyphens")
    return TaskKey(text)


def case_text(case: Case) -> str:
    """Return the facts of a case in one line."""
    return " / ".join(case.facts.values())


def _task_of(task: TaskOfAnswer, place: str) -> Task:
    instead = None if task.instead_of is None else key_in(task.instead_of, f"{place}.instead_of")
    return Task(task.modality, key_in(task.task, f"{place}.task"), task.actor, task.system, task.when, instead)
