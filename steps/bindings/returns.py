"""Steps about a returned unit; its tasks are checked with the same steps as the follow-up of a cancellation."""

from sop_engine import QualityCheck, Reading, ReturnDecision
from steps.definitions.decorators import given, then, when
from steps.definitions.tables import FilledTable
from steps.driver.protocol import Driver
from steps.support.claims import Claims
from steps.support.task_tables import ALTERNATIVES
from steps.support.vocabulary import subject_of


@given("a returned unit whose quality check is {quality-check}", target_fixture="quality_check")
def _(quality_check: QualityCheck) -> QualityCheck:
    """A unit that came back, with item-level RSI, and the warehouse's quality check."""
    return quality_check


@when("the client handles the returned unit", target_fixture="decision")
def _(quality_check: QualityCheck, reading: Reading, driver: Driver, claims: Claims) -> ReturnDecision:
    """The return is decided: what the client may do about it."""
    claims.attempt()
    return driver.decide_return(quality_check, reading)


@then("all tasks are done by hand")
def _(decision: ReturnDecision, claims: Claims) -> None:
    """No task is done automatically by a system."""
    claims.check(subject_of(decision), "by hand", True, decision.by_hand, reading=decision.reading)  # noqa: FBT003


@then("the client does one task of each row, not both", table=ALTERNATIVES)
def _(datatable: FilledTable, decision: ReturnDecision, claims: Claims) -> None:
    """The tasks that are alternatives: the first task of a row, or the second instead."""
    expected = [[str(task) for task in row.values.values()] for row in datatable.rows]
    actual = [[str(task.instead_of), str(task.task)] for task in decision.tasks or () if task.instead_of is not None]
    claims.check(subject_of(decision), "alternatives", expected, actual, reading=decision.reading)


@then("the unit goes to {stock}")
def _(stock: str | None, decision: ReturnDecision, claims: Claims) -> None:
    """The stock in which the unit is kept afterwards (our reading of GAP-42)."""
    claims.check(subject_of(decision), "stock", stock, decision.stock, reading=decision.reading)


@then("it is settled with Ajio by an offline claim")
def _(decision: ReturnDecision, claims: Claims) -> None:
    """The unit is settled with Ajio outside the systems."""
    claims.check(subject_of(decision), "offline claim", True, decision.offline_claim, reading=decision.reading)  # noqa: FBT003


@then("there is nothing to settle with Ajio")
def _(decision: ReturnDecision, claims: Claims) -> None:
    """There is no offline claim for the unit."""
    claims.check(subject_of(decision), "offline claim", False, decision.offline_claim, reading=decision.reading)  # noqa: FBT003
