"""An example of a gap distinguishes its readings: with a reading that was not chosen put into the engine, it no longer passes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest

from orders.log.india import day_of
from orders.vms_reports import CancelledAfterPosting, cancelled_after_posting, rsi_report
from sop_engine import Canceller, EInvoice, Modality, Outcome, QualityCheck, Scope, Stage, Task, TaskKey, load_rulebook
from sop_engine.engine import Engine
from sop_engine.errors import ImpossibleStepError, UnitsError
from sop_engine.order import Order
from sop_engine.reader import Rulebook
from sop_engine.statement import Statement
from sop_engine.verification import Proof, _Prover
from steps.support.order_steps import ORDER_STEPS
from tests.support.feature_runs import result_of, run

Patch = Callable[[pytest.MonkeyPatch], None]
BOOK = load_rulebook()
GAPS = {gap.id: gap for gap in BOOK.gaps}
CLAUSES = {clause.id: clause for clause in BOOK.clauses}
ANY = date(2000, 1, 1), date(2100, 1, 1)


def must(*tasks: TaskKey) -> tuple[Task, ...]:
    return tuple(Task(Modality.MUST, task, "seller", "") for task in tasks)


CREDIT = must(TaskKey.CREDIT_NOTE)


@dataclass(frozen=True)
class Rule:
    """Another reading as a rulebook: what its cases are answered with, or without which clauses the others answer."""

    outcome: Outcome | None = None
    tasks: tuple[Task, ...] | None = None
    without: tuple[str, ...] = ()
    clause: str = ""
    changed: Mapping[str, object] | None = None
    facts: Mapping[str, str] | None = None

    def rulebook(self, gap_id: str) -> Rulebook:
        gap = GAPS[gap_id]
        clauses = tuple(self._clause(clause) for clause in BOOK.clauses if clause.id not in self.without)
        resolutions: tuple[Statement, ...] = gap.resolutions if self.clause else ()
        if self.outcome or self.tasks is not None:
            assert gap.when is not None
            others = tuple(statement.id for statement in BOOK.statements if statement.subject == gap.subject and statement.gap != gap_id)
            where = replace(gap.when, facts={**gap.when.facts, **{name: frozenset({word}) for name, word in (self.facts or {}).items()}})
            resolutions = (
                Statement(
                    f"{gap_id}.9",
                    gap.location,
                    subject=gap.subject,
                    when=where,
                    outcome=self.outcome,
                    tasks=self.tasks,
                    over=others,
                    gap=gap_id,
                ),
            )
        gaps = tuple(replace(other, resolutions=resolutions) if other.id == gap_id else other for other in BOOK.gaps)
        return replace(BOOK, clauses=clauses, gaps=gaps)

    def _clause(self, clause: Statement) -> Statement:
        return replace(clause, **self.changed) if self.changed and clause.id == self.clause else clause


def engine_of(rulebook: Rulebook) -> Engine:
    """An engine that need not be complete, but does not contradict itself."""
    prover = _Prover(rulebook)
    prover.evaluate_everything()
    assert not prover.findings
    return Engine(Proof(rulebook, prover.answers, {}))


def method(name: str, new: Callable[..., object]) -> Patch:
    """A step of an order's life that is another one; *new* gets the old one first."""
    old = getattr(Order, name)

    def changed(self: Order, *args: object, **kwargs: object) -> object:
        return new(old, self, *args, **kwargs)

    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Order, name, changed)
        for word in [word for word, step in ORDER_STEPS.meanings.items() if step is old]:
            patch.setitem(ORDER_STEPS.meanings, word, changed)

    return patched


def no_late_duty(old: Callable[..., Order], order: Order, *args: object, **kwargs: object) -> Order:
    return replace(old(order, *args, **kwargs), duties=order.duties)


def released_before_the_push(old: Callable[..., Order], order: Order) -> Order:
    return replace(old(replace(order, e_invoice=EInvoice.PUSHED)), e_invoice=order.e_invoice)


def only_whole_lines(
    old: Callable[..., object], order: Order, by: Canceller, scope: Scope, units: int | None = None, **rest: object
) -> object:
    if scope is Scope.PARTIAL and units != order.units:
        raise UnitsError(units, order.units)
    return old(order, by, scope, units, **rest)


def packed_with_an_error(old: Callable[..., Order], order: Order) -> Order:
    packed = old(order)
    return replace(packed, stage=Stage.PACKED) if packed.packing_error else packed


def one_side_only(old: Callable[..., Order], order: Order, by: Canceller, at: datetime | None) -> Order:
    return order.do(TaskKey.ASK_AJIO_TO_CANCEL, at) if by is Canceller.AJIO else old(order, by, at)


def step_one_first(old: Callable[..., object], order: Order, by: Canceller, *rest: object, **more: object) -> object:
    waits = any(duty.task is TaskKey.ASK_AJIO_TO_CANCEL for duty in order.open_duties())
    if waits and by is Canceller.SELLER:
        raise ImpossibleStepError("be cancelled", order.state, "step one first")
    return old(order, by, *rest, **more)


def like_the_seller(_: object, order: Order, at: datetime | None = None) -> Order:
    return order.cancel(Canceller.SELLER, Scope.FULL, at=at)[0]


def not_on_hold(old: Callable[..., object], order: Order, *args: object, **kwargs: object) -> object:
    if order.on_hold:
        raise ImpossibleStepError("be cancelled", order.state, "not on hold")
    return old(order, *args, **kwargs)


def still_a_part(old: Callable[..., object], order: Order, by: Canceller, scope: Scope, units: int | None = None, **rest: object) -> object:
    if scope is not Scope.PARTIAL or units != order.units:
        return old(order, by, scope, units, **rest)
    left, decision = old(replace(order, units=order.units + 1), by, scope, units, **rest)  # type: ignore[misc]
    return replace(left, units=left.units - 1), decision


def no_rest_in_full(old: Callable[..., object], order: Order, by: Canceller, scope: Scope, *args: object, **kwargs: object) -> object:
    if scope is Scope.FULL and 0 < order.units < order.units_ordered:
        raise ImpossibleStepError("be cancelled", order.state, "no part cancelled before")
    return old(order, by, scope, *args, **kwargs)


def posted_all_the_same(old: Callable[..., Order], order: Order, at: datetime | None = None) -> Order:
    return replace(order, e_invoice=EInvoice.POSTED) if order.stage is Stage.CANCELLED else old(order, at)


def no_late_push(old: Callable[..., Order], order: Order, at: datetime | None = None) -> Order:
    if order.stage is Stage.CANCELLED:
        raise ImpossibleStepError("have its e-invoice pushed", order.state, "not cancelled")
    return old(order, at)


def by_day_of_posting(orders: Iterable[Order], start: date, end: date) -> tuple[CancelledAfterPosting, ...]:
    rows = cancelled_after_posting(orders, *ANY)
    return tuple(row for row in rows if row.posted_at is not None and start <= day_of(row.posted_at) <= end)


def received_means_processed(orders: Iterable[Order]) -> object:
    checked = [
        replace(order, returns=tuple(replace(unit, quality_check=_recorded(unit.quality_check)) for unit in order.returns))
        for order in orders
    ]
    return rsi_report(checked)


def _recorded(check: QualityCheck) -> QualityCheck:
    return QualityCheck.PASS if check is QualityCheck.NOT_RECORDED else check


OTHER_READINGS: dict[str, dict[int, Rule | Patch]] = {
    "GAP-02": {3: Rule(tasks=())},
    "GAP-03": {3: Rule(tasks=CREDIT)},
    "GAP-04": {3: Rule(tasks=())},
    "GAP-07": {2: Rule(Outcome.FAILS_ON_SCREEN)},
    "GAP-08": {2: Rule(Outcome.ALLOWED)},
    "GAP-09": {2: Rule()},
    "GAP-10": {2: Rule(without=tuple(f"AC-ERP-FULL-{item}" for item in ("1.1.1", "1.1.2a", "1.1.2b", "1.1.2c", "1.2.1")))},
    "GAP-11": {1: Rule(tasks=())},
    "GAP-12": {2: Rule(tasks=must(TaskKey.ASK_AJIO_TO_CANCEL, TaskKey.CANCEL_IN_ASSURE))},
    "GAP-13": {1: Rule()},
    "GAP-14": {3: Rule()},
    "GAP-15": {2: Rule(tasks=CREDIT)},
    "GAP-16": {2: Rule(without=("SC-RMS-FULL-1", "SC-RMS-PART-1", "AC-RMS-FULL-1", "AC-RMS-PART-1"))},
    "GAP-17": {1: method("generate", no_late_duty)},
    "GAP-18": {2: Rule(Outcome.FAILS_ON_SCREEN)},
    "GAP-19": {3: Rule(without=("AC-ERP-FULL-2b",))},
    "GAP-20": {2: Rule(Outcome.REFUSED)},
    "GAP-22": {4: method("release", released_before_the_push)},
    "GAP-24": {1: method("cancel", only_whole_lines)},
    "GAP-26": {1: Rule(clause="SC-ERP-FULL-1.2.1", changed={"tasks": CREDIT})},
    "GAP-29": {2: method("pack", packed_with_an_error)},
    "GAP-30": {1: method("_clears_the_packing_error", one_side_only), 3: method("cancel", step_one_first)},
    "GAP-32": {2: Rule(tasks=must(TaskKey("rsi-report")), facts={"quality_check": "pass"})},
    "GAP-33": {2: method("cancel_by_customer", like_the_seller)},
    "GAP-35": {2: Rule()},
    "GAP-36": {2: Rule()},
    "GAP-37": {1: Rule(Outcome.REFUSED), 3: Rule(Outcome.WITHOUT_EFFECT, CREDIT)},
    "GAP-38": {1: method("cancel", not_on_hold)},
    "GAP-39": {1: method("cancel", still_a_part)},
    "GAP-40": {2: Rule(clause="SC-ERP-PART-2", changed={"outcome": Outcome.ALLOWED})},
    "GAP-41": {1: lambda patch: patch.setattr("orders.vms_reports.cancelled_after_posting", by_day_of_posting)},
    "GAP-42": {1: lambda patch: patch.setattr("orders.vms_reports.rsi_report", received_means_processed), 3: Rule()},
    "GAP-43": {1: lambda patch: patch.setattr("orders.duties.overdue_from", lambda *_: date.max)},
    "GAP-45": {2: Rule(tasks=must(TaskKey.CANCEL_IN_ASSURE), facts={"invoicing": "RMS"})},
    "GAP-46": {2: method("post", posted_all_the_same)},
    "GAP-50": {
        2: Rule(clause="RT-RSI-3b", changed={"tasks": tuple(replace(task, instead_of=None) for task in CLAUSES["RT-RSI-3b"].tasks)})
    },
    "GAP-52": {2: Rule(Outcome.FAILS_AT_PACKING)},
    "GAP-54": {3: method("cancel", no_rest_in_full)},
    "GAP-55": {3: method("push", no_late_push)},
}
"""By gap and number of its reading in the register (from 1): readings that were not chosen, as a rulebook or another step of an order."""


def test_every_gap_with_an_example_has_another_reading_that_fails_it() -> None:
    """Another one is a question, and has no example but of what an audit asks."""
    gaps_with_example = {
        tag[1:] for instance, _ in run() if "@audit" not in instance.tags for tag in instance.tags if tag.startswith("@GAP-")
    }

    assert gaps_with_example == OTHER_READINGS.keys()
    assert all(1 <= number <= len(GAPS[gap].readings) for gap, readings in OTHER_READINGS.items() for number in readings)


@pytest.mark.parametrize(("gap", "number"), [(gap, number) for gap, readings in OTHER_READINGS.items() for number in readings], ids=str)
def test_an_example_fails_under_another_reading(gap: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that carries the gap's id, and that passes under ours."""
    own = [
        instance for instance, result in run() if f"@{gap}" in instance.tags and "@audit" not in instance.tags and result.status == "passed"
    ]
    other = OTHER_READINGS[gap][number]
    if isinstance(other, Rule):
        monkeypatch.setattr("sop_engine.engine.ENGINE", engine_of(other.rulebook(gap)))
    else:
        other(monkeypatch)

    assert any(result_of(instance).status != "passed" for instance in own)


def test_every_question_beside_an_answer_says_what_to_watch() -> None:
    beside = [gap for gap in BOOK.gaps if gap.cases and not gap.decides]

    assert beside
    assert [gap.id for gap in beside if not gap.watch] == []
