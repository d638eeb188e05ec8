"""The engine's answers in the form of the contract: an order's life and the reports over orders."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orders import vms_reports
from orders.duties import Age, credit_note_ages
from sop_engine import QualityCheck, SopError, TaskKey, load_rulebook
from sop_engine.errors import ImpossibleStepError, UnitsError
from sop_engine.order import Cancellation, Order
from steps.contract import orders as contract
from steps.contract.answers import decision_in_contract
from steps.contract.obstacles import NO_SUCH_DUTY, obstructions

_TASKS = frozenset(task.id for task in load_rulebook().tasks)


class UnknownTaskError(SopError):
    """A task that no order can have as a duty, because the rulebook does not have it."""


def _quality_check(order: Order, event: contract.QualityCheckRecorded) -> Order:
    return order.record_quality_check(QualityCheck(event.quality_check), event.at, event.unit)


def _duty(order: Order, event: contract.DutyDone) -> Order:
    if event.task not in _TASKS:  # not made a key: there would be one more for each word that is ever sent
        raise UnknownTaskError(f"the rulebook has no task `{event.task}`")
    return order.do(TaskKey(event.task), event.at)


STEPS: Mapping[type[contract.LifeEvent], Callable[[Order, Any], Order]] = {
    contract.Allocated: lambda order, event: order.allocate(event.at),
    contract.FoundWithoutStock: lambda order, event: order.mark_unfulfillable(event.at),
    contract.Posted: lambda order, event: order.post(event.at),
    contract.EInvoiced: lambda order, event: order.generate(event.at, event.invoice_number),
    contract.Pushed: lambda order, event: order.push(event.at),
    contract.Released: lambda order, event: order.release(event.at),
    contract.PackingTried: lambda order, event: order.pack(event.at),
    contract.MadeReady: lambda order, event: order.ready(event.at),
    contract.Dispatched: lambda order, event: order.dispatch(event.at),
    contract.PutOnHold: lambda order, event: order.hold(event.at),
    contract.TakenOffHold: lambda order, event: order.unhold(event.at),
    contract.Returned: lambda order, event: order.return_unit(event.at),
    contract.QualityCheckRecorded: _quality_check,
    contract.CancelledByCustomer: lambda order, event: order.cancel_by_customer(event.at),
    contract.DutyDone: _duty,
}
"""The step of the order for each event that is not a request to cancel."""


def answer_order(life: contract.Life) -> contract.OrderAnswer:
    """Return the order after the events of *life*, and the result of each."""
    order, results = _replayed_life(life)
    return contract.OrderAnswer(order=_state(order), results=results)


def answer_cancelled_after_posting(request: contract.CancelledAfterPostingRequest) -> contract.CancelledAfterPostingAnswer:
    """Return the VMS report of the orders cancelled after posting.

    Raises:
        DateRangeError, UndatedCancellationError: as `orders.vms_reports.cancelled_after_posting`.
    """
    rows = vms_reports.cancelled_after_posting(_orders(request.orders), request.start, request.end)
    return contract.CancelledAfterPostingAnswer(
        rows=[
            contract.CancelledAfterPostingRow(
                channel_order_id=row.channel_order_id,
                posted_at=row.posted_at,
                cancelled_at=row.cancelled_at,
                cancelled_by=row.cancelled_by,
                oms_status_at_cancel=row.oms_status_at_cancel,
                quantity=row.quantity,
                invoice_number=row.invoice_number,
                invoice_pushed_at=row.invoice_pushed_at,
            )
            for row in rows
        ]
    )


def answer_rsi(request: contract.RsiRequest) -> contract.RsiAnswer:
    """Return the RSI report."""
    return contract.RsiAnswer(
        rows=[
            contract.RsiRow(
                forward_order_code=row.forward_order_code,
                item_code=row.item_code,
                qc_status=row.qc_status,
                processed_at=row.processed_at,
                forward_invoice_number=row.forward_invoice_number,
            )
            for row in vms_reports.rsi_report(_orders(request.orders))
        ]
    )


def answer_credit_note_ages(request: contract.CreditNoteAgesRequest) -> contract.CreditNoteAgesAnswer:
    """Return the ages of the credit-note duties that the orders had on the day.

    Raises:
        UnknownAgeError: as `orders.duties.credit_note_ages`.
    """
    furnished = {furnished.year_to_march: furnished.furnished_on for furnished in request.annual_returns}
    ages = [age for order in _orders(request.orders) for age in credit_note_ages(order, request.on, furnished)]
    return contract.CreditNoteAgesAnswer(ages=[_credit_note_age(age) for age in ages])


def _replayed_life(life: contract.Life) -> tuple[Order, list[contract.EventResult]]:
    order = Order.created(life.order_id, life.invoicing, life.units, life.created_at)
    results: list[contract.EventResult] = []
    for event in life.events:
        order, result = _after(order, event)
        results.append(result)
    return order, results


def _orders(lives: Sequence[contract.Life]) -> list[Order]:
    return [_replayed_life(life)[0] for life in lives]


def _after(order: Order, event: contract.AnyEvent) -> tuple[Order, contract.EventResult]:
    """Return *order* after *event* with the result, or as it was if it does not take the event."""
    try:
        if isinstance(event, contract.CancellationRequested):
            cancelled, decision = order.cancel(event.canceller, event.scope, event.units, event.at)
            return cancelled, contract.EventResult(taken=True, decision=decision_in_contract(decision))
        return STEPS[type(event)](order, event), contract.EventResult(taken=True)
    except (ImpossibleStepError, UnitsError) as error:
        return order, contract.EventResult(taken=False, obstacles=tuple(obstructions(error, order)), reason=error.reason)
    except UnknownTaskError as error:
        return order, contract.EventResult(taken=False, obstacles=(NO_SUCH_DUTY,), reason=str(error))


def _state(order: Order) -> contract.OrderState:
    return contract.OrderState(
        order_id=order.order_id,
        invoicing=order.invoicing,
        stage=order.stage,
        e_invoice=order.e_invoice,
        units_ordered=order.units_ordered,
        units=order.units,
        units_kept=order.units_kept,
        on_hold=order.on_hold,
        packing_error=order.packing_error,
        posted=order.was_posted,
        history=[contract.HistoryEntry(name=event.name, at=event.at) for event in order.history],
        cancellations=[_cancellation(request) for request in order.cancellations],
        duties=[
            contract.DutyOfOrder(task=str(duty.task), because=list(duty.because), done=duty.done, since=duty.since, done_at=duty.done_at)
            for duty in order.duties
        ],
        returns=[
            contract.UnitReturned(number=unit.number, quality_check=unit.quality_check, at=unit.at, checked_at=unit.checked_at)
            for unit in order.returns
        ],
        pending_partial=order.pending_partial,
        invoice_number=order.invoice_number,
    )


def _cancellation(request: Cancellation) -> contract.CancellationAnswered:
    return contract.CancellationAnswered(
        canceller=request.canceller,
        scope=request.scope,
        units=request.units,
        stage=request.stage,
        e_invoice=request.e_invoice,
        decision=decision_in_contract(request.decision),
        at=request.at,
    )


def _credit_note_age(age: Age) -> contract.CreditNoteAge:
    return contract.CreditNoteAge(
        order_id=age.order_id,
        days=age.days,
        urgency=age.urgency,
        basis=age.basis,  # type: ignore[arg-type] # one of the three, as `orders.duties.Urgency.basis`
        reminder_on=age.reminder_on,
        overdue_on=age.overdue_on,  # type: ignore[arg-type] # `credit_note_ages` raises where it is unknown
    )
