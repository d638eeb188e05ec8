"""Steps about one cancellation: the facts of the case, who cancels what, and the SOP's answer.

A fact that no step states may have any value: each Then is then claimed of every case that agrees with the stated facts.
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
from steps.definitions.tables import FilledTable
from steps.driver.protocol import Driver, NotSupportedError
from steps.support.claims import Check, Claims
from steps.support.order_attempts import attempt_of_case
from steps.support.task_tables import FOLLOW_UP, PLACES, place_checks, task_checks
from steps.support.vocabulary import subject_of, tasks_of

CancellationOrReturn = PossibleDecision | ReturnDecision
"""Subject of the Thens: a cancellation or a returned unit."""


def no_checks(_: object) -> Sequence[Check]:
    """Return no checks."""
    return ()


@pytest.fixture
def reading() -> Reading:
    """Default reading: as practised."""
    return Reading.AS_PRACTISED


@pytest.fixture
def invoicing() -> tuple[Invoicing, ...]:
    """Default: any invoicing."""
    return tuple(Invoicing)


@pytest.fixture
def stage() -> tuple[Stage, ...]:
    """Default: any stage."""
    return tuple(Stage)


@pytest.fixture
def e_invoice() -> tuple[EInvoice, ...]:
    """Default: any state of the e-invoice."""
    return tuple(EInvoice)


@given("the SOP is taken as {reading}", target_fixture="reading")
def _(reading: Reading) -> Reading:
    """As written: only the SOP's clauses answer. As practised: our readings of its gaps answer too. Without this step: as practised."""
    return reading


@given("an order invoiced through {invoicing}", target_fixture="invoicing")
def _(invoicing: Invoicing) -> tuple[Invoicing, ...]:
    """Where the e-invoice is made: model 1 or model 2 of the SOP. Without this step: either."""
    return (invoicing,)


@given("the order is {stage}", target_fixture="stage")
def _(stage: Stage) -> tuple[Stage, ...]:
    """The stage of the order in Assure OMS when it is cancelled. Without this step: any stage."""
    return (stage,)


@given("its e-invoice is {e-invoice}", target_fixture="e_invoice")
def _(e_invoice: EInvoice) -> tuple[EInvoice, ...]:
    """How far invoicing has come at that time; each value includes the ones before it. Without this step: any value."""
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
    claims: Claims,
) -> PossibleDecision:
    """The cancellation that the scenario is about. It is decided for every case that agrees with the stated facts."""
    decision = driver.decide_possible(PossibleCase(canceller, scope, invoicing, stage, e_invoice), reading)
    attempt_of_case(decision, claims)
    return decision


@then("the cancellation is {outcome}")
def _(outcome: Outcome, decision: CancellationOrReturn, claims: Claims) -> None:
    """The outcome of the cancellation."""
    claim_each(claims, decision, lambda answer: [("outcome", str(outcome), str(answer.outcome))])


@then("the cancellation {failure}")
def _(failure: Outcome, decision: CancellationOrReturn, claims: Claims) -> None:
    """The request is accepted, and an error appears later: on the screen, or when the order is packed."""
    claim_each(claims, decision, lambda answer: [("outcome", str(failure), str(answer.outcome))])


@then("the outcome of the cancellation is an open question")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """No clause and no reading decides the outcome."""
    claim_each(claims, decision, lambda answer: [("outcome", "unspecified", str(answer.outcome))])


@then("the client's follow-up is", table=FOLLOW_UP)
def _(datatable: FilledTable, decision: CancellationOrReturn, claims: Claims) -> None:
    """All tasks, in the order of the SOP: what must, may or need not be done. They are due now."""
    claim_each(claims, decision, lambda answer: task_checks(datatable, answer.tasks))


@then("the client's follow-up when packing fails is", table=FOLLOW_UP)
def _(datatable: FilledTable, decision: CancellationOrReturn, claims: Claims) -> None:
    """All tasks, in the order of the SOP. They are due when packing fails, and none of them before."""
    claim_each(claims, decision, lambda answer: task_checks(datatable, answer.tasks, Timing.WHEN_PACKING_FAILS))


@then("these are the tasks, who does them and where", table=PLACES)
def _(datatable: FilledTable, decision: CancellationOrReturn, claims: Claims) -> None:
    """The person or party that does each task, and the system in which it is done."""
    claim_each(claims, decision, lambda answer: place_checks(datatable, answer.tasks))


@then("the client has nothing to do")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """There is no task, and the SOP or our reading decides this."""
    claim_each(claims, decision, lambda answer: [("tasks", [], tasks_of(answer.tasks))])


@then("it follows that the client has nothing to do")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """There is no task, because of the outcome or because this section of the SOP lists no step. No clause says so."""
    claim_each(
        claims,
        decision,
        lambda answer: [("tasks", [], tasks_of(answer.tasks))],
        lambda answer: [("source of the tasks", str(Source.FOLLOWS), str(answer.tasks_source))],
    )


@then("what the client must do is an open question")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """No clause and no reading decides whether there are tasks."""
    claim_each(claims, decision, lambda answer: [("tasks", None, tasks_of(answer.tasks))])


@then("the SOP says so in {clauses}")
def _(clauses: list[str], decision: CancellationOrReturn, claims: Claims) -> None:
    """Exactly these clauses give the parts of the answer that the steps before this one check, and no gap has a part in it."""
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
    """Exactly these clauses give the answer; a gap may be shown beside it."""
    claim_each(claims, decision, lambda answer: [("clauses", clauses, list(answer.clauses))])


@then("no clause says so")
def _(decision: CancellationOrReturn, claims: Claims) -> None:
    """No clause of the SOP gives the answer."""
    claim_each(claims, decision, lambda answer: [("clauses", [], list(answer.clauses))])


@then("it is {basis} {gaps}")
def _(basis: Source, gaps: list[str], decision: CancellationOrReturn, claims: Claims) -> None:
    """Exactly the resolutions of these gaps have a part in the answer; a part of it is assumed, or the owner of the SOP has decided it."""
    claim_each(claims, decision, lambda answer: gap_checks(gaps, answer, basis))


@then("the question of {gaps} is shown beside the answer")
def _(gaps: list[str], decision: CancellationOrReturn, claims: Claims) -> None:
    """These gaps, perhaps with others, are shown beside the answer; they do not change it."""
    claim_each(
        claims,
        decision,
        lambda answer: [("question beside it", gap, gap if gap in answer.notes else ", ".join(answer.notes)) for gap in gaps],
    )


@then("the question is registered as {gaps}")
def _(gaps: list[str], decision: CancellationOrReturn, claims: Claims) -> None:
    """A part of the answer is open, and exactly these gaps are the registered questions."""
    claim_each(claims, decision, lambda answer: gap_checks(gaps, answer, Source.SILENT))


@then("the answer is the same as for an order that is {stage}", other_than="stage")
def _(stage: Stage, decision: PossibleDecision, claims: Claims, driver: Driver) -> None:
    """Outcome, tasks and clauses are the same as for an order at that stage."""
    decision_at_stage = driver.decide_possible(replace(decision.possible, stage=(stage,)), decision.reading)
    decisions_at_stage = {answer.case: answer for answer in decision_at_stage.decisions}

    def at_stage(answer: Decision) -> Decision:
        return decisions_at_stage[replace(answer.case, stage=stage)]

    claim_each(
        claims,
        decision,
        lambda answer: same_answer_checks(answer, at_stage(answer), stage),
        lambda answer: [(f"clauses, as for {stage}", list(at_stage(answer).clauses), list(answer.clauses))],
    )


def claim_each(
    claims: Claims,
    answered: CancellationOrReturn,
    checks: Callable[[Any], Sequence[Check]],
    cited: Callable[[Any], Sequence[Check]] = no_checks,
) -> None:
    """Record the *checks* of the answer to each possible case of a scenario, or to its returned unit.

    Those of *cited* are of clauses, gaps and sources: if the system under test does not cite, the others are recorded alone.

    Raises:
        ClaimError: some do not hold.
        NotSupportedError: the others hold, and the system does not cite.
    """
    answers = answered.decisions if isinstance(answered, PossibleDecision) else (answered,)
    not_supported: NotSupportedError | None = None
    checked: list[tuple[dict[str, object], list[Check]]] = []
    for answer in answers:
        checked.append((subject_of(answer), [*checks(answer)]))
        try:
            checked[-1][1].extend(cited(answer))
        except NotSupportedError as error:
            not_supported = error
    claims.check_each(checked, reading=answered.reading)
    if not_supported is not None:
        raise not_supported


def gap_checks(gaps: list[str], answer: Answer, source: Source) -> list[Check]:
    """Return the checks that the answer has exactly *gaps* and that a part of it has *source*."""
    return [("gaps", gaps, list(answer.gaps)), ("source", str(source), matching_source(answer, source))]


def same_answer_checks(answer: Decision, answer_at_stage: Decision, stage: Stage) -> list[Check]:
    """Return the checks that outcome and tasks of *answer* are those of *answer_at_stage*, the answer at *stage*."""
    return [
        (f"outcome, as for {stage}", str(answer_at_stage.outcome), str(answer.outcome)),
        (f"tasks, as for {stage}", tasks_of(answer_at_stage.tasks), tasks_of(answer.tasks)),
    ]


def matching_source(decision: Answer, wanted: Source) -> str:
    """Return *wanted* if a part of the answer has that source, otherwise the sources of its parts; a return has only tasks."""
    sources = [decision.tasks_source] if isinstance(decision, ReturnDecision) else [decision.outcome_source, decision.tasks_source]
    return str(wanted) if wanted in sources else " and ".join(sources)


def source_checks(decision: Answer, claims: Claims) -> list[Check]:
    """Return the checks that the SOP states each part of the answer that the scenario has claimed so far; at least the outcome."""
    sources = {"outcome": decision.outcome_source, "tasks": decision.tasks_source}
    claimed = {claim.facet for claim in claims.entries} & set(sources) or {"outcome"}
    return [(f"source of the {part}", str(Source.STATED), str(source)) for part, source in sources.items() if part in claimed]
