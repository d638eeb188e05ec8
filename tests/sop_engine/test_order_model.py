"""The life of an order, step by step beside a tiny model that was written apart.

Once over everything that can happen to three units, and once as stories that hypothesis makes up.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sop_engine import Canceller, Invoicing, QualityCheck, Reading, Scope, TaskKey
from sop_engine.errors import ImpossibleStepError, UnitsError
from sop_engine.order import Order, reachable_states
from tests.support import oracle, order_model
from tests.support.order_model import Model

STEPS = (
    "allocate",
    "mark_unfulfillable",
    "hold",
    "unhold",
    "post",
    "generate",
    "push",
    "release",
    "pack",
    "ready",
    "dispatch",
    "return_unit",
    "record_quality_check",
    *order_model.TASKS,
)
CANCELLERS = ("seller", "Ajio")
READINGS = ("as-practised", "as-written")
START = datetime(2026, 1, 1, tzinfo=UTC)


class Life:
    """An order and its model, which take every step together and are compared after each."""

    def __init__(self, order: Order, model: Model, hour: int = 0) -> None:
        """A pair that stands in the same place."""
        self.order = order
        self.model = model
        self.hour = hour

    def take(self, name: str) -> bool:
        """Take a step, or see it refused where the model says that it is impossible; gives whether it was taken."""
        expected = order_model.step(self.model, name)
        at = START + timedelta(hours=self.hour)
        if expected is None:
            with pytest.raises(ImpossibleStepError) as refusal:
                _take(self.order, name, at)
            assert str(self.order.stage) in str(refusal.value)
            assert ", expected " in str(refusal.value)
            return False
        self._move(_take(self.order, name, at), expected, at)
        return True

    def cancel(self, canceller: str, units: int | None, reading: str) -> str:
        """Cancel *units* units, or all of the order for ``None``; gives the outcome."""
        at = START + timedelta(hours=self.hour)
        asked = order_model.most(self.model) if units is None else units
        expected, answer = order_model.cancel(self.model, canceller, asked, full=units is None, reading=reading)
        case = self.order.cancellation_case(Canceller(canceller), Scope.FULL if units is None else Scope.PARTIAL)

        order, decision = self.order.cancel(case.canceller, case.scope, units, at, Reading(reading))

        tasks = None if decision.tasks is None else tuple((str(t.modality), str(t.task)) for t in decision.tasks)
        assert (str(decision.outcome), tasks) == answer
        assert ("GAP-39" in decision.gaps) == (units is not None and units == self.model.units)
        latest = order.cancellations[-1]
        assert order.cancellations[:-1] == self.order.cancellations
        assert (latest.canceller, latest.units, latest.at, latest.stage, latest.e_invoice, latest.decision) == (
            canceller,
            asked,
            at,
            self.order.stage,
            self.order.e_invoice,
            decision,
        )
        self._move(order, expected, at)
        return str(decision.outcome)

    def refuse_units(self, canceller: str, scope: Scope, units: int | None) -> None:
        """See a number of units refused that the order does not have."""
        with pytest.raises(UnitsError, match=f"from 1 to {order_model.most(self.model)}, got "):
            self.order.cancel(Canceller(canceller), scope, units)

    def _move(self, order: Order, model: Model, at: datetime) -> None:
        before = self.order
        added = order.duties[len(before.duties) :]
        assert order.history[:-1][: len(before.history)] == before.history, "history only grows"
        assert {event.at for event in order.history[len(before.history) :]} == {at}
        assert [duty.task for duty in order.duties[: len(before.duties)]] == [duty.task for duty in before.duties], "no duty is lost"
        assert all(now.done for then, now in zip(before.duties, order.duties, strict=False) if then.done), "done stays done"
        assert all(duty.since == at and duty.because for duty in added)
        self.order, self.model = order, model
        self.hour += 1
        assert _seen(order) == model

    def copy(self) -> "Life":
        """The same history so far, to be continued in another way."""
        return Life(self.order, self.model, self.hour)


@pytest.mark.slow
def test_every_life_of_up_to_three_units_goes_as_the_model_says() -> None:
    """Every step and every request, possible or not, from every place that can be reached."""
    waiting = [Life(*_created(invoicing, units)) for invoicing in ("ERP", "RMS") for units in (1, 2, 3)]
    seen = {life.model for life in waiting}
    happened: Counter[str] = Counter()
    while waiting:
        life = waiting.pop()
        for name in STEPS:
            after = life.copy()
            happened[name if after.take(name) else "impossible"] += 1
            _note(after, seen, waiting)
        most = order_model.most(life.model)
        for canceller in CANCELLERS:
            for reading in READINGS:
                for units in (None, *range(1, most + 1)):
                    after = life.copy()
                    happened[after.cancel(canceller, units, reading)] += 1
                    _note(after, seen, waiting)
            for units in (None, 0, -1, most + 1, True, 1.0, "1"):
                life.refuse_units(canceller, Scope.PARTIAL, units)  # type: ignore[arg-type]
            life.refuse_units(canceller, Scope.FULL, most + 1)

    assert set(happened) == {*STEPS, "impossible", *oracle_outcomes()}
    places = {(model.invoicing, model.stage, model.e_invoice) for model in seen}
    assert places == {tuple(map(str, place)) for place in reachable_states()}


def test_a_late_e_invoice_raises_the_credit_note_exactly_once() -> None:
    life = _replayed_life("ERP", 2, "allocate", "post")
    life.cancel("seller", None, "as-practised")
    assert _tasks(life) == []

    life.take("generate")
    life.take("push")
    life.cancel("Ajio", None, "as-practised")

    assert [(str(duty.task), duty.done, duty.because) for duty in life.order.duties] == [("credit-note", False, ("GAP-17",))]


def test_a_late_e_invoice_after_a_partial_cancellation_raises_nothing() -> None:
    life = _replayed_life("ERP", 3, "allocate")
    assert life.cancel("seller", 1, "as-practised") == "allowed"

    for name in ("post", "generate", "push", "release", "pack", "ready", "dispatch"):
        assert life.take(name)

    assert _tasks(life) == []
    assert life.order.units == 2


def test_a_repeated_cancellation_neither_adds_a_duty_nor_loses_one() -> None:
    life = _replayed_life("ERP", 2, "allocate", "post", "generate")
    life.cancel("Ajio", None, "as-practised")
    due = life.order.duties

    outcomes = [life.cancel(canceller, units, "as-practised") for canceller in CANCELLERS for units in (None, 1, 2)]

    assert outcomes == ["without effect"] * 6
    assert life.order.duties == due
    assert _tasks(life) == ["credit-note"]


def test_a_credit_note_that_was_made_is_not_asked_for_again() -> None:
    life = _replayed_life("ERP", 1, "allocate", "post", "generate")
    life.cancel("seller", None, "as-practised")
    life.take("credit-note")

    life.take("push")
    life.cancel("seller", None, "as-practised")

    assert [(str(duty.task), duty.done) for duty in life.order.duties] == [("credit-note", True)]


def test_a_packing_error_raises_one_duty_a_task_and_cancelling_in_assure_no_other() -> None:
    life = _replayed_life("ERP", 3, "allocate", "post", "generate", "push", "release")
    life.cancel("Ajio", 1, "as-practised")
    life.cancel("Ajio", 1, "as-practised")
    assert _tasks(life) == []

    life.take("pack")
    life.cancel("seller", None, "as-practised")

    assert {str(duty.task): duty.done for duty in life.order.duties} == {
        "ask-ajio-to-cancel": False,
        "cancel-in-assure": True,
        "credit-note": False,
    }
    assert len(life.order.duties) == 3


class Stories(RuleBasedStateMachine):
    """Stories of one order, as long as hypothesis likes to make them."""

    life: Life

    @initialize(invoicing=st.sampled_from(["ERP", "RMS"]), units=st.integers(1, 2500))
    def created(self, invoicing: str, units: int) -> None:
        """Every story begins with an order."""
        self.life = Life(*_created(invoicing, units))

    @rule(name=st.sampled_from(STEPS))
    def step(self, name: str) -> None:
        """Any step, possible or not."""
        self.life.take(name)

    @rule(wishes=st.integers(1, 4))
    def go_on(self, wishes: int) -> None:
        """Some steps on the straight way to dispatch, so that stories come far."""
        for name in ("allocate", "post", "generate", "push", "release", "pack", "ready", "dispatch", "return_unit")[: wishes * 2 + 1]:
            if order_model.step(self.life.model, name) is not None:
                self.life.take(name)

    @rule(canceller=st.sampled_from(CANCELLERS), reading=st.sampled_from(READINGS), share=st.floats(0, 1))
    def cancel_a_part(self, canceller: str, reading: str, share: float) -> None:
        """A share of the units, at least one and at most all of them."""
        most = order_model.most(self.life.model)
        self.life.cancel(canceller, max(1, min(most, round(share * most))), reading)

    @rule(canceller=st.sampled_from(CANCELLERS), reading=st.sampled_from(READINGS))
    def cancel_the_whole(self, canceller: str, reading: str) -> None:
        """All of it."""
        self.life.cancel(canceller, None, reading)

    @rule(canceller=st.sampled_from(CANCELLERS), surplus=st.integers(1, 10**9))
    def cancel_more_than_there_is(self, canceller: str, surplus: int) -> None:
        """More units than the order has."""
        self.life.refuse_units(canceller, Scope.PARTIAL, order_model.most(self.life.model) + surplus)

    @invariant()
    def units_fit(self) -> None:
        """Units are never negative, and none are left exactly when the order is cancelled."""
        order = self.life.order
        assert 0 <= order.units <= order.units_ordered
        assert (order.units == 0) == (order.stage == "CANCELLED")
        assert 0 <= order.pending_partial <= order.units

    @invariant()
    def each_duty_arose_once(self) -> None:
        """At most one credit note for the one invoice, and no task twice."""
        tasks = [duty.task for duty in self.life.order.duties]
        assert len(tasks) == len(set(tasks))

    @invariant()
    def credit_notes_have_an_invoice(self) -> None:
        """A credit note is due only where the client's ERP made an invoice."""
        order = self.life.order
        if any(duty.task == "credit-note" for duty in order.duties):
            assert order.invoicing == "ERP"
            assert order.e_invoice.exists

    @invariant()
    def a_whole_cancellation_with_an_invoice_has_its_credit_note(self) -> None:
        """As practised an invoice of a wholly cancelled order never goes without its credit note."""
        order = self.life.order
        practised = all(request.decision.reading is Reading.AS_PRACTISED for request in order.cancellations)
        if order.stage == "CANCELLED" and order.invoicing == "ERP" and order.e_invoice.exists and practised:
            assert any(duty.task == "credit-note" for duty in order.duties)


TestStories = Stories.TestCase
TestStories.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def oracle_outcomes() -> set[str]:
    """Every outcome there is, by the oracle."""
    stages = ("CREATED", "FULFILLABLE", "PROCESSING", "PACKED", "CANCELLED")
    return {
        oracle.decide(canceller, scope, "ERP", stage, e_invoice, reading)[0]
        for canceller in CANCELLERS
        for scope in ("full", "partial")
        for stage in stages
        for e_invoice in order_model.E_INVOICES
        for reading in READINGS
    }


def _created(invoicing: str, units: int) -> tuple[Order, Model]:
    return Order.created("A1", Invoicing(invoicing), units, START), Model(invoicing, units, units)


def _tasks(life: Life) -> list[str]:
    return [str(duty.task) for duty in life.order.duties]


def _replayed_life(invoicing: str, units: int, *steps: str) -> Life:
    life = Life(*_created(invoicing, units))
    for name in steps:
        assert life.take(name)
    return life


def _take(order: Order, name: str, at: datetime) -> Order:
    if name in order_model.TASKS:
        return order.do(TaskKey(name), at)
    if name == "record_quality_check":
        return order.record_quality_check(QualityCheck.PASS, at)
    taken: Order = getattr(order, name)(at)
    return taken


def _seen(order: Order) -> Model:
    checked = sum(unit.quality_check is not QualityCheck.NOT_RECORDED for unit in order.returns)
    return Model(
        invoicing=str(order.invoicing),
        ordered=order.units_ordered,
        units=order.units,
        stage=str(order.stage),
        e_invoice=str(order.e_invoice),
        held=order.on_hold,
        pending=order.pending_partial > 0,
        noticed=order.packing_error,
        due=frozenset(str(duty.task) for duty in order.duties if not duty.done),
        done=frozenset(str(duty.task) for duty in order.duties if duty.done),
        returned=len(order.returns),
        checked=checked,
    )


def _note(life: Life, seen: set[Model], waiting: list[Life]) -> None:
    if life.model not in seen:
        seen.add(life.model)
        waiting.append(life)
