"""Sentences about one cancellation: the facts of the case, who cancels what, and the SOP's answer.

A fact that no step states may be anything: what follows is then claimed of every case that agrees with the facts stated.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from sop_engine import (
    Canceller,
    Decision,
    EInvoice,
    Invoicing,
    Outcome,
    PossibleCase,
    PossibleDecision,
    Reading,
    ReturnDecision,
    Scope,
    Source,
    Stage,
    Timing,
)
from sop_engine.decision import Answer
from steps.definitions.decorators import given, then, when
from steps.support.claims import Check, Claims
from steps.support.driver import Driver
from steps.support.vocabulary import place_checks, subject_of, task_checks, tasks_of

CancellationOrReturn = PossibleDecision | ReturnDecision
"""What the Thens speak of: a cancellation, or a returned unit."""


@pytest.fixture
def reading() -> Reading:
    """The SOP is taken as practised unless a scenario says otherwise."""
    return Reading.AS_PRACTISED


@pytest.fixture
def invoicing() -> tuple[Invoicing, ...]:
    """Either way of invoicing unless a scenario states one."""
    return tuple(Invoicing)


@pytest.fixture
def stage() -> tuple[Stage, ...]:
    """Any stage unless a scenario states one."""
    return tuple(Stage)


@pytest.fixture
def e_invoice() -> tuple[EInvoice, ...]:
    """Any state of the e-invoice unless a scenario states one."""
    return tuple(EInvoice)


@given("the SOP is taken as {reading}", target_fixture="reading")
def _(reading: Reading) -> Reading:
    """As written, only the document's own sentences answer; as practised, our readings of its gaps answer too. Without this step it is as practised."""
    return reading


@given("an order invoiced through {invoicing}", target_fixture="invoicing")
def _(invoicing: Invoicing) -> tuple[Invoicing, ...]:
    """Which of the two ways of e-invoicing the order goes: model 1 or model 2 of the SOP. Without this step it may be either."""
    return (invoicing,)


@given("the order is {stage}", target_fixture="stage")
def _(stage: Stage) -> tuple[Stage, ...]:
    """Where the order stands in Assure OMS at the moment of the cancellation. Without this step it may stand anywhere."""
    return (stage,)


@given("its e-invoice is {e-invoice}", target_fixture="e_invoice")
def _(e_invoice: EInvoice) -> tuple[EInvoice, ...]:
    """How far invoicing has come at that moment; each state implies the ones before it. Without this step it may be any of them."""
    return (e_invoice,)


@when("{cancellers} cancels {scope}", target_fixture="decision")
def _(  # noqa: PLR0913 (the five facts of a case, the reading and the system under test)
    canceller: tuple[Canceller, ...],
    scope: tuple[Scope, ...],
    invoicing: tuple[Invoicing, ...],
    stage: tuple[Stage, ...],
    e_invoice: tuple[EInvoice, ...],
    reading: Reading,
    driver: Driver,
) -> PossibleDecision:
    """The cancellation that the scenario is about. The SOP is asked here, of every case that agrees with the facts stated."""
    return driver.decide_possible(PossibleCase(canceller, scope, invoicing, stage, e_invoice), reading)


@then("the cancellation is {outcome}")
def _(outcome: Outcome, decision: CancellationOrReturn, claims: Claims) -> None:
    """What becomes of the request."""
    claim_each(claims, decision, lambda answer: [("outcome", str(outcome), str(answer.outcome))])


@then("the cancellation {failure}")
def _(failure: Outcome, decision: CancellationOrReturn, claims: Claims) -> None:
    """The request is taken in, and an error shows later: on the screen, or when the order is packed."""
    claim_each(claims, decision, lambda answer: [("outcome", str(failure), str(answer.outcome))])


@then("what becomes of the cancellation is an open question")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """No sentence and no reading settles the outcome."""
    claim_each(claims, decision, lambda answer: [("outcome", "unspecified", str(answer.outcome))])


@then("the client's follow-up is")
def _(datatable: Sequence[Sequence[str]], decision: CancellationOrReturn, claims: Claims) -> None:
    """All tasks, in the order of the document: what must, may or need not be done. They fall due at once."""
    claim_each(claims, decision, lambda answer: task_checks(datatable, answer.tasks))


@then("the client's follow-up when packing fails is")
def _(datatable: Sequence[Sequence[str]], decision: CancellationOrReturn, claims: Claims) -> None:
    """All tasks, in the order of the document. They fall due with the error at packing, and none of them before."""
    claim_each(claims, decision, lambda answer: task_checks(datatable, answer.tasks, Timing.WHEN_PACKING_FAILS))


@then("each task has its place")
def _(datatable: Sequence[Sequence[str]], decision: CancellationOrReturn, claims: Claims) -> None:
    """Who does each task, and in which system."""
    claim_each(claims, decision, lambda answer: place_checks(datatable, answer.tasks))


@then("the client has nothing to do")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """There is no task, and that is settled."""
    claim_each(claims, decision, lambda answer: [("tasks", [], tasks_of(answer.tasks))])


@then("it follows that the client has nothing to do")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """There is no task: no sentence says so, but the answer, or a part of the SOP that lists no step, leaves none."""
    claim_each(
        claims,
        decision,
        lambda answer: [("tasks", [], tasks_of(answer.tasks)), ("source of the tasks", str(Source.FOLLOWS), str(answer.tasks_source))],
    )


@then("what the client must do is an open question")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """Nobody says whether there are tasks."""
    claim_each(claims, decision, lambda answer: [("tasks", None, tasks_of(answer.tasks))])


@then("the SOP says so in {clauses}")
def _(clauses: list[str], decision: CancellationOrReturn, claims: Claims) -> None:
    """Exactly these sentences give what the steps before this one say of the answer, and no gap has a part in it."""
    claim_each(
        claims,
        decision,
        lambda answer: [
            ("clauses", clauses, list(answer.clauses)),
            ("gaps", [], list(answer.gaps)),
            *source_checks(answer, claims),
        ],
    )


@then("the answer rests on {clauses}")
def _(clauses: list[str], decision: CancellationOrReturn, claims: Claims) -> None:
    """Exactly these sentences give the answer; a gap may be named beside it."""
    claim_each(claims, decision, lambda answer: [("clauses", clauses, list(answer.clauses))])


@then("no clause says so")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """No sentence of the document gives the answer."""
    claim_each(claims, decision, lambda answer: [("clauses", [], list(answer.clauses))])


@then("it is our reading of {gaps}")
def _(gaps: list[str], decision: CancellationOrReturn, claims: Claims) -> None:
    """Exactly these gaps had to be read to give the answer, and a part of it is assumed."""
    claim_each(claims, decision, lambda answer: gap_checks(gaps, answer, Source.ASSUMED))


@then("beside it stands the question of {gaps}")
def _(gaps: list[str], decision: CancellationOrReturn, claims: Claims) -> None:
    """The answer is settled, and these gaps, perhaps with others, ask what it leaves open."""
    claim_each(
        claims,
        decision,
        lambda answer: [("question beside it", gap, gap if gap in answer.notes else ", ".join(answer.notes)) for gap in gaps],
    )


@then("the question is registered as {gaps}")
def _(gaps: list[str], decision: CancellationOrReturn, claims: Claims) -> None:
    """A part of the answer is open, and exactly these gaps say so."""
    claim_each(claims, decision, lambda answer: gap_checks(gaps, answer, Source.SILENT))


@then("the answer is that of an order that is {stage}")
def _(stage: Stage, decision: PossibleDecision, claims: Claims, driver: Driver) -> None:
    """Outcome, tasks and sentences are the same as if the order were at that stage."""
    decision_at_stage = driver.decide_possible(replace(decision.possible, stage=(stage,)), decision.reading)
    decisions_at_stage = {answer.case: answer for answer in decision_at_stage.decisions}
    claim_each(claims, decision, lambda answer: same_answer_checks(answer, decisions_at_stage[replace(answer.case, stage=stage)], stage))


def claim_each(claims: Claims, answered: CancellationOrReturn, checks: Callable[[Any], Sequence[Check]]) -> None:
    """Record what *checks* gives for the answer to each case that a scenario may be about, or to its returned unit."""
    answers = answered.decisions if isinstance(answered, PossibleDecision) else (answered,)
    claims.check_each([(subject_of(answer), checks(answer)) for answer in answers], reading=answered.reading)


def gap_checks(gaps: list[str], answer: Answer, source: Source) -> list[Check]:
    """That the answer falls into exactly *gaps*, and that a part of it has *source*."""
    return [("gaps", gaps, list(answer.gaps)), ("source", str(source), matching_source(answer, source))]


def same_answer_checks(answer: Decision, answer_at_stage: Decision, stage: Stage) -> list[Check]:
    """That *answer* is the same as *answer_at_stage*, the answer at *stage*."""
    return [
        (f"outcome, as for {stage}", str(answer_at_stage.outcome), str(answer.outcome)),
        (f"tasks, as for {stage}", tasks_of(answer_at_stage.tasks), tasks_of(answer.tasks)),
        (f"clauses, as for {stage}", list(answer_at_stage.clauses), list(answer.clauses)),
    ]


def matching_source(decision: Answer, wanted: Source) -> str:
    """*wanted* where a part of the answer has that source, else the sources of its parts; a return has tasks alone."""
    sources = [decision.tasks_source] if isinstance(decision, ReturnDecision) else [decision.outcome_source, decision.tasks_source]
    return str(wanted) if wanted in sources else " and ".join(sources)


def source_checks(decision: Answer, claims: Claims) -> list[Check]:
    """That each part of the answer that the scenario has claimed so far, at least the outcome, is stated by the SOP."""
    sources = {"outcome": decision.outcome_source, "tasks": decision.tasks_source}
    claimed = {claim.facet for claim in claims.entries} & set(sources) or {"outcome"}
    return [(f"source of the {part}", str(Source.STATED), str(source)) for part, source in sources.items() if part in claimed]
