"""Each step of an order's life, from every place there is: what it changes, what it writes down, the words that refuse it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from sop_engine import (
    Canceller,
    Case,
    EInvoice,
    Invoicing,
    Modality,
    Outcome,
    QualityCheck,
    Reading,
    Scope,
    Stage,
    TaskKey,
    decide,
    decide_return,
)
from sop_engine.errors import ImpossibleStepError, UnitsError, UnknownValueError
from sop_engine.order import Cancellation, Duty, Order, OrderEvent, ReturnedUnit, reachable_states
from tests.support.order_steps import AT, BEFORE, EARLY, LATER, orders, refused, words

Fits = Callable[[Order], bool]
STEPS: dict[str, tuple[str, Fits, str, str, dict[str, Any]]] = {
    # step: what cannot be done, where it can, what was expected, what is written down, what changes
    "allocate": (
        "be allocated",
        lambda o: o.stage in ("CREATED", "UNFULFILLABLE"),
        "CREATED or UNFULFILLABLE",
        "allocated",
        {"stage": Stage.FULFILLABLE},
    ),
    "mark_unfulfillable": (
        "be marked UNFULFILLABLE",
        lambda o: o.stage == "CREATED",
        "CREATED",
        "unfulfillable",
        {"stage": Stage.UNFULFILLABLE},
    ),
    "hold": (
        "be put on hold",
        lambda o: not o.on_hold and o.stage in EARLY,
        "not on hold and not released yet",
        "on hold",
        {"on_hold": True},
    ),
    "unhold": ("be taken off hold", lambda o: o.on_hold, "on hold", "off hold", {"on_hold": False}),
    "post": (
        "be posted",
        lambda o: (o.invoicing, o.stage, o.e_invoice) == ("ERP", "FULFILLABLE", "not posted"),
        "FULFILLABLE under ERP and not posted",
        "posted",
        {"e_invoice": EInvoice.POSTED},
    ),
    "push": (
        "have its e-invoice pushed",
        lambda o: (o.invoicing, o.e_invoice) == ("ERP", "generated"),
        "under ERP with its e-invoice generated",
        "e-invoice pushed",
        {"e_invoice": EInvoice.PUSHED},
    ),
    "ready": (
        "be made ready to dispatch",
        lambda o: o.stage == "PACKED",
        "PACKED",
        "ready to dispatch",
        {"stage": Stage.READY_TO_DISPATCH},
    ),
    "dispatch": (
        "be dispatched",
        lambda o: o.stage == "READY_TO_DISPATCH",
        "READY_TO_DISPATCH",
        "dispatched",
        {"stage": Stage.COMPLETED},
    ),
    "cancel_by_customer": (
        "be cancelled by the customer",
        lambda o: o.stage in EARLY and o.e_invoice == "not posted",
        "neither posted nor released",
        "cancelled",
        {"units": 0, "stage": Stage.CANCELLED, "on_hold": False, "pending_partial": 0},
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_changes_what_it_is_about_and_is_refused_everywhere_else(step: str) -> None:
    what, fits, expected, event, changes = STEPS[step]
    for place in orders():
        order = replace(place, pending_partial=2)
        take = getattr(order, step)
        if fits(order):
            assert take(AT) == replace(order, **changes, history=(*BEFORE, OrderEvent(event, AT)))
            assert take().history[-1] == OrderEvent(event, None)
        else:
            assert refused(take, AT) == f"cannot {what}: the order is {words(order)}, expected {expected}"


def test_an_order_is_released_when_it_waits_for_nothing() -> None:
    for order in orders():
        invoiced = order.invoicing == "RMS" or order.e_invoice == "pushed"
        expected = "FULFILLABLE, not on hold" + (", its e-invoice pushed" if order.invoicing == "ERP" else "")
        if order.stage == "FULFILLABLE" and invoiced and not order.on_hold:
            assert order.release(AT) == replace(order, stage=Stage.PROCESSING, history=(*BEFORE, OrderEvent("released", AT)))
        else:
            assert refused(order.release) == f"cannot be released: the order is {words(order)}, expected {expected}"


def test_an_e_invoice_is_made_of_what_was_posted_and_late_it_raises_the_credit_note() -> None:
    for order in orders():
        if order.e_invoice == "posted" and order.stage in ("FULFILLABLE", "CANCELLED"):
            duties = (Duty(TaskKey.CREDIT_NOTE, AT, ("GAP-17",)),) if order.stage == "CANCELLED" else ()
            event = OrderEvent("e-invoice generated", AT)
            made = replace(order, e_invoice=EInvoice.GENERATED, invoice_number="I-7", history=(*BEFORE, event), duties=duties)
            assert order.generate(AT, "I-7") == made
            assert order.generate().invoice_number is None
        else:
            expected = "posted, and FULFILLABLE or CANCELLED"
            assert refused(order.generate, AT) == f"cannot be e-invoiced: the order is {words(order)}, expected {expected}"


def test_an_order_is_packed_once_it_is_picked_and_under_rms_invoiced_with_it() -> None:
    for order in orders():
        if order.stage == "PROCESSING" and not order.packing_error:
            invoice = EInvoice.GENERATED if order.invoicing == "RMS" else order.e_invoice
            packed = replace(order, stage=Stage.PACKED, e_invoice=invoice, history=(*BEFORE, OrderEvent("packed", AT)))
            assert order.pack(AT) == packed
        else:
            expected = "PROCESSING without a packing error"
            assert refused(order.pack) == f"cannot be packed: the order is {words(order)}, expected {expected}"


def test_units_come_back_one_by_one_after_dispatch() -> None:
    for order in orders():
        if order.stage != "COMPLETED":
            expected = "COMPLETED with a unit that has not come back"
            assert refused(order.return_unit) == f"cannot have a unit returned: the order is {words(order)}, expected {expected}"
            continue
        once = order.return_unit(AT)
        assert once == replace(order, returns=(ReturnedUnit(1, AT),), history=(*BEFORE, OrderEvent("unit returned", AT)))
        thrice = once.return_unit().return_unit(LATER)
        assert thrice.returns == (ReturnedUnit(1, AT), ReturnedUnit(2, None), ReturnedUnit(3, LATER))
        with pytest.raises(ImpossibleStepError):
            thrice.return_unit()


def test_a_quality_check_is_of_the_first_unit_that_waits_or_of_the_one_named() -> None:
    order = Order("A1", Invoicing.ERP, 3, 3, Stage.COMPLETED, history=BEFORE).return_unit(AT).return_unit(AT)
    message = (
        "cannot have a quality check recorded: the order is COMPLETED under ERP with its e-invoice not posted, "
        "expected an order with a returned unit not checked yet"
    )

    first = order.record_quality_check(QualityCheck.PASS, LATER)
    second = order.record_quality_check(QualityCheck.FAIL, LATER, 2)
    both = first.record_quality_check(QualityCheck.MISSING)

    one, two = ReturnedUnit(1, AT, QualityCheck.PASS, LATER), ReturnedUnit(2, AT, QualityCheck.FAIL, LATER)
    event = OrderEvent("quality check recorded", LATER)
    assert first == replace(order, returns=(one, order.returns[1]), history=(*order.history, event))
    assert second == replace(order, returns=(order.returns[0], two), history=(*order.history, event))
    assert both.returns == (one, ReturnedUnit(2, AT, QualityCheck.MISSING, None))
    assert refused(both.record_quality_check, QualityCheck.PASS) == message
    assert refused(first.record_quality_check, QualityCheck.PASS, AT, 1) == message
    assert refused(order.record_quality_check, QualityCheck.PASS, AT, 3) == message
    assert refused(Order.created("A1", Invoicing.RMS).record_quality_check, QualityCheck.PASS).startswith("cannot have a quality check")


def test_a_returned_unit_is_answered_by_its_quality_check() -> None:
    for check, reading in product(QualityCheck, Reading):
        assert ReturnedUnit(1, AT, check).decision(reading) == decide_return(check, reading)
    assert ReturnedUnit(1, AT).decision() == decide_return(QualityCheck.NOT_RECORDED, Reading.AS_PRACTISED)


def test_an_order_is_created_with_1_to_2500_units() -> None:
    assert Order.created("A1", Invoicing.RMS, 2500, AT) == Order("A1", Invoicing.RMS, 2500, 2500, history=(OrderEvent("created", AT),))
    assert Order.created("A1", Invoicing.ERP) == Order("A1", Invoicing.ERP, 1, 1, history=(OrderEvent("created", None),))
    assert isinstance(Order.created("A1", "ERP").invoicing, Invoicing)  # type: ignore[arg-type]
    for units in (0, -1, 2501, True, 1.0, "1", None):
        with pytest.raises(UnitsError) as no_such_units:
            Order.created("A1", Invoicing.ERP, units)  # type: ignore[arg-type]
        assert no_such_units.value.reason == f"units must be a whole number from 1 to 2500, got {units!r}"
    with pytest.raises(UnknownValueError) as no_such_invoicing:
        Order.created("A1", "ERPP")  # type: ignore[arg-type]
    assert str(no_such_invoicing.value) == "unknown invoicing `ERPP`; did you mean `ERP`?"
    assert no_such_invoicing.value.value == "ERPP"


def test_a_new_order_has_nothing_behind_it() -> None:
    order = Order("A1", Invoicing.ERP, 1, 1)

    assert (order.stage, order.e_invoice, order.pending_partial, order.invoice_number) == ("CREATED", "not posted", 0, None)
    assert (order.on_hold, order.packing_error) == (False, False)
    assert (order.cancellations, order.duties, order.returns, order.history) == ((), (), (), ())


def test_an_order_remembers_when_it_was_posted_and_cancelled() -> None:
    order = Order.created("A1", Invoicing.ERP).allocate()

    posted = order.post(AT)
    cancelled, _ = posted.cancel(Canceller.SELLER, Scope.FULL, at=LATER)

    assert (order.posted_at, order.was_posted, order.cancelled_at) == (None, False, None)
    assert (posted.posted_at, posted.was_posted, posted.cancelled_at) == (AT, True, None)
    assert (cancelled.posted_at, cancelled.was_posted, cancelled.cancelled_at) == (AT, True, LATER)
    assert (order.post().posted_at, order.post().was_posted) == (None, True)
    assert posted.cancellation_case(Canceller.AJIO, Scope.PARTIAL) == Case(
        Canceller.AJIO, Scope.PARTIAL, Invoicing.ERP, Stage.FULFILLABLE, EInvoice.POSTED
    )


@pytest.mark.parametrize("reading", Reading)
def test_a_request_to_cancel_has_its_answer_and_only_an_allowed_one_changes_the_order(reading: Reading) -> None:
    """From every place, of either party, in whole, in part, and in parts that are the whole; two of five units pending at Ajio."""
    for place, canceller, (scope, units) in product(
        orders(), Canceller, [(Scope.FULL, None), (Scope.FULL, 3), (Scope.PARTIAL, 1), (Scope.PARTIAL, 2), (Scope.PARTIAL, 3)]
    ):
        order = replace(place, pending_partial=2, packing_error=False)
        meant = Scope.FULL if units == 3 else scope
        decision = decide(order.cancellation_case(canceller, meant), reading)
        if (scope, units) == (Scope.PARTIAL, 3):
            decision = replace(decision, gaps=tuple(sorted({*decision.gaps, "GAP-39"})), outcome_by=(*decision.outcome_by, "GAP-39"))
        request = Cancellation(canceller, meant, units or 3, AT, order.stage, order.e_invoice, decision)
        noted = replace(order, cancellations=(request,))
        left = 3 - (units or 3)
        if decision.outcome is Outcome.FAILS_AT_PACKING:
            pending = min(2 + (units or 3), 3)
            after = replace(noted, pending_partial=pending, history=(*BEFORE, OrderEvent("part cancelled at Ajio", AT)))
        elif decision.outcome is not Outcome.ALLOWED:
            after = replace(noted, history=(*BEFORE, OrderEvent(f"cancellation {decision.outcome}", AT)))
        elif left:
            after = replace(noted, units=left, pending_partial=min(2, left), history=(*BEFORE, OrderEvent("part cancelled", AT)))
        else:
            musts = [task.task for task in decision.tasks or () if task.modality is Modality.MUST]
            after = replace(
                noted,
                units=0,
                stage=Stage.CANCELLED,
                on_hold=False,
                pending_partial=0,
                duties=tuple(Duty(task, AT, decision.task_by[task]) for task in musts),
                history=(*BEFORE, OrderEvent("cancelled", AT)),
            )

        assert order.cancel(canceller, scope, units, AT, reading) == (after, decision)


def test_a_request_is_taken_as_practised_and_without_a_time_unless_they_are_said() -> None:
    order = Order.created("A1", Invoicing.ERP).allocate()

    cancelled, decision = order.cancel(Canceller.SELLER, Scope.FULL)

    assert decision.reading is Reading.AS_PRACTISED
    assert cancelled.history[-1] == OrderEvent("cancelled", None)


def test_units_that_the_order_does_not_have_are_refused() -> None:
    order = Order("A1", Invoicing.ERP, 5, 3, Stage.FULFILLABLE, history=BEFORE)
    ended = replace(order, units=0, stage=Stage.CANCELLED)
    for one, most in ((order, 3), (ended, 5)):
        for units in (None, 0, -1, most + 1, True, 1.0, "1"):
            with pytest.raises(UnitsError) as refusal:
                one.cancel(Canceller.SELLER, Scope.PARTIAL, units)  # type: ignore[arg-type]
            assert refusal.value.reason == f"units must be a whole number from 1 to {most}, got {units!r}"
        for units in (0, most - 1, most + 1, True, float(most), str(most)):
            with pytest.raises(UnitsError) as refusal:
                one.cancel(Canceller.SELLER, Scope.FULL, units)  # type: ignore[arg-type]
            assert refusal.value.reason == f"units must be a whole number from 1 to {most}, got {units!r}"
        asked = [one.cancel(Canceller.AJIO, Scope.FULL, units)[0].cancellations[-1].units for units in (None, most)]
        assert asked == [most, most]
    single = Order("A1", Invoicing.ERP, 1, 1, Stage.FULFILLABLE)
    with pytest.raises(UnitsError):
        single.cancel(Canceller.SELLER, Scope.FULL, True)  # noqa: FBT003


def test_the_places_that_a_life_can_come_to() -> None:
    """Counted by hand: before posting CREATED, UNFULFILLABLE and FULFILLABLE; an e-invoice goes on after a cancellation."""
    fulfillable = {("ERP", "FULFILLABLE", e_invoice) for e_invoice in EInvoice}
    cancelled = {("ERP", "CANCELLED", e_invoice) for e_invoice in EInvoice}
    later = {("ERP", stage, "pushed") for stage in ("PROCESSING", "PACKED", "READY_TO_DISPATCH", "COMPLETED")}
    new = {(invoicing, stage, "not posted") for invoicing in ("ERP", "RMS") for stage in ("CREATED", "UNFULFILLABLE")}
    rms = {("RMS", stage, "not posted") for stage in ("FULFILLABLE", "PROCESSING", "CANCELLED")}
    rms |= {("RMS", stage, "generated") for stage in ("PACKED", "READY_TO_DISPATCH", "COMPLETED")}

    assert reachable_states() == fulfillable | cancelled | later | new | rms
