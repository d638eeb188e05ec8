"""Sentences about one cancellation: the facts of the case, who cancels what, and the SOP's answer."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sop_engine import Canceller, Case, Decision, EInvoice, Invoicing, Outcome, Reading, ReturnDecision, Scope, Source, Stage, Timing
from sop_engine.decision import Answer
from steps.claims import Check, Claims
from steps.driver import Driver
from steps.sentences import given, then, when
from steps.vocabulary import place_checks, subject_of, task_checks, tasks_of


@pytest.fixture
def reading() -> Reading:
    """The SOP is taken as practised unless a scenario says otherwise."""
    return Reading.AS_PRACTISED


@given("the SOP is taken as {reading}", target_fixture="reading")
def _(reading: Reading) -> Reading:
    """As written, only the document's own sentences answer; as practised, our readings of its gaps answer too. Without this step it is as practised."""
    return reading


@given("an order invoiced through {invoicing}", target_fixture="invoicing")
def _(invoicing: Invoicing) -> Invoicing:
    """Which of the two ways of e-invoicing the order goes: model 1 or model 2 of the SOP."""
    return invoicing


@given("the order is {stage}", target_fixture="stage")
def _(stage: Stage) -> Stage:
    """Where the order stands in Assure OMS at the moment of the cancellation."""
    return stage


@given("its e-invoice is {e-invoice}", target_fixture="e_invoice")
def _(e_invoice: EInvoice) -> EInvoice:
    """How far invoicing has come at that moment; each state implies the ones before it."""
    return e_invoice


@when("{canceller} cancels {scope}", target_fixture="decision")
def _(  # noqa: PLR0913 (the five facts of a case, the reading and the system under test)
    canceller: Canceller, scope: Scope, invoicing: Invoicing, stage: Stage, e_invoice: EInvoice, reading: Reading, driver: Driver
) -> Decision:
    """The cancellation that the scenario is about; the SOP is asked here."""
    return driver.decide(Case(canceller, scope, invoicing, stage, e_invoice), reading)


@then("the cancellation is {outcome}")
def _(outcome: Outcome, decision: Decision, claims: Claims) -> None:
    """What becomes of the request."""
    claims.check(subject_of(decision), "outcome", str(outcome), str(decision.outcome), reading=decision.reading)


@then("the cancellation {failure}")
def _(failure: Outcome, decision: Decision, claims: Claims) -> None:
    """The request is taken in, and an error shows later: on the screen, or when the order is packed."""
    claims.check(subject_of(decision), "outcome", str(failure), str(decision.outcome), reading=decision.reading)


@then("what becomes of the cancellation is an open question")
def _(decision: Decision, claims: Claims) -> None:
    """No sentence and no reading settles the outcome."""
    claims.check(subject_of(decision), "outcome", "unspecified", str(decision.outcome), reading=decision.reading)


@then("the client's follow-up is")
def _(datatable: Sequence[Sequence[str]], decision: Decision, claims: Claims) -> None:
    """All tasks, in the order of the document: what must, may or need not be done. They fall due at once."""
    claims.check_all(subject_of(decision), task_checks(datatable, decision.tasks), reading=decision.reading)


@then("the client's follow-up when packing fails is")
def _(datatable: Sequence[Sequence[str]], decision: Decision, claims: Claims) -> None:
    """All tasks, in the order of the document. They fall due with the error at packing, and none of them before."""
    checks = task_checks(datatable, decision.tasks, Timing.WHEN_PACKING_FAILS)
    claims.check_all(subject_of(decision), checks, reading=decision.reading)


@then("each task has its place")
def _(datatable: Sequence[Sequence[str]], decision: Decision, claims: Claims) -> None:
    """Who does each task, and in which system."""
    claims.check_all(subject_of(decision), place_checks(datatable, decision.tasks), reading=decision.reading)


@then("the client has nothing to do")
def _(decision: Decision, claims: Claims) -> None:
    """There is no task, and that is settled."""
    claims.check(subject_of(decision), "tasks", [], tasks_of(decision.tasks), reading=decision.reading)


@then("it follows that the client has nothing to do")
def _(decision: Decision, claims: Claims) -> None:
    """There is no task: no sentence says so, but the answer, or a part of the SOP that lists no step, leaves none."""
    checks = [("tasks", [], tasks_of(decision.tasks)), ("source of the tasks", str(Source.FOLLOWS), str(decision.tasks_source))]
    claims.check_all(subject_of(decision), checks, reading=decision.reading)


@then("what the client must do is an open question")
def _(decision: Decision, claims: Claims) -> None:
    """Nobody says whether there are tasks."""
    claims.check(subject_of(decision), "tasks", None, tasks_of(decision.tasks), reading=decision.reading)


@then("the SOP says so in {clauses}")
def _(clauses: list[str], decision: Decision, claims: Claims) -> None:
    """Exactly these sentences give what the steps before this one say of the answer, and no gap has a part in it."""
    checks = [("clauses", clauses, list(decision.clauses)), ("gaps", [], list(decision.gaps))]
    claims.check_all(subject_of(decision), [*checks, *source_checks(decision, claims)], reading=decision.reading)


@then("the answer rests on {clauses}")
def _(clauses: list[str], decision: Decision, claims: Claims) -> None:
    """Exactly these sentences give the answer; a gap may be named beside it."""
    claims.check(subject_of(decision), "clauses", clauses, list(decision.clauses), reading=decision.reading)


@then("no clause says so")
def _(decision: Decision, claims: Claims) -> None:
    """No sentence of the document gives the answer."""
    claims.check(subject_of(decision), "clauses", [], list(decision.clauses), reading=decision.reading)


@then("it is our reading of {gaps}")
def _(gaps: list[str], decision: Decision, claims: Claims) -> None:
    """Exactly these gaps had to be read to give the answer, and a part of it is assumed."""
    checks = [("gaps", gaps, list(decision.gaps)), ("source", str(Source.ASSUMED), source_like(decision, Source.ASSUMED))]
    claims.check_all(subject_of(decision), checks, reading=decision.reading)


@then("beside it stands the question of {gaps}")
def _(gaps: list[str], decision: Decision, claims: Claims) -> None:
    """The answer is settled, and these gaps, perhaps with others, ask what it leaves open."""
    checks = [("question beside it", gap, gap if gap in decision.notes else ", ".join(decision.notes)) for gap in gaps]
    claims.check_all(subject_of(decision), checks, reading=decision.reading)


@then("the question is registered as {gaps}")
def _(gaps: list[str], decision: Decision, claims: Claims) -> None:
    """A part of the answer is open, and exactly these gaps say so."""
    checks = [("gaps", gaps, list(decision.gaps)), ("source", str(Source.SILENT), source_like(decision, Source.SILENT))]
    claims.check_all(subject_of(decision), checks, reading=decision.reading)


@then("the answer is that of an order that is {stage}")
def _(stage: Stage, decision: Decision, claims: Claims, driver: Driver) -> None:
    """Outcome, tasks and sentences are the same as if the order were at that stage."""
    like = driver.decide(replace(decision.case, stage=stage), decision.reading)
    checks = [
        (f"outcome, as for {stage}", str(like.outcome), str(decision.outcome)),
        (f"tasks, as for {stage}", tasks_of(like.tasks), tasks_of(decision.tasks)),
        (f"clauses, as for {stage}", list(like.clauses), list(decision.clauses)),
    ]
    claims.check_all(subject_of(decision), checks, reading=decision.reading)


def source_like(decision: Answer, wanted: Source) -> str:
    """*wanted* where a part of the answer has that source, else the sources of its parts; a return has tasks alone."""
    sources = [decision.tasks_source] if isinstance(decision, ReturnDecision) else [decision.outcome_source, decision.tasks_source]
    return str(wanted) if wanted in sources else " and ".join(sources)


def source_checks(decision: Answer, claims: Claims) -> list[Check]:
    """That each part of the answer that the scenario has claimed so far, at least the outcome, is stated by the SOP."""
    sources = {"outcome": decision.outcome_source, "tasks": decision.tasks_source}
    claimed = {claim.facet for claim in claims.made} & set(sources) or {"outcome"}
    return [(f"source of the {part}", str(Source.STATED), str(source)) for part, source in sources.items() if part in claimed]
