"""Replay of a simulated order's events on the engine's own `Order`, which is independent of the simulator.

Every step must be possible then, and lead to the same stage, e-invoice, answer and duty.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from itertools import groupby
from operator import attrgetter

from orders.log.columns import MISSING_UNITS_GAP, Event, EventReason, EventRow
from orders.log.event_log import Log
from orders.log.india import day_of
from orders.vms_reports import cancelled_after_posting
from sop_engine import Canceller, Invoicing, Outcome, QualityCheck, Scope, Stage, TaskKey
from sop_engine.order import PARTIAL_OF_EVERYTHING, Order, OrderEvent

MIDNIGHT = datetime(2026, 1, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
"""A Monday in India."""

STEPS = {
    Event.UNFULFILLABLE: Order.mark_unfulfillable,
    Event.ALLOCATED: Order.allocate,
    Event.POSTED: Order.post,
    Event.PUSHED: Order.push,
    Event.RELEASED: Order.release,
    Event.PACKING_ERROR: Order.pack,
    Event.PACKED: Order.pack,
    Event.READY: Order.ready,
    Event.DISPATCHED: Order.dispatch,
    Event.CREDIT_NOTE_MADE: Order.make_credit_note,
}
SEEN_BY_NO_OTHER_ACTOR = {
    Event.ACKNOWLEDGED,
    Event.PICK_STARTED,
    Event.PICKED,
    Event.PACK_STARTED,
    Event.RETURN_REQUESTED,
}


class DiffersError(AssertionError):
    """Events in the log that differ from the engine's order."""


def when(milliseconds: int) -> datetime:
    """Return the time in India of a moment of a log."""
    return MIDNIGHT + timedelta(milliseconds=milliseconds)


def lives(log: Log) -> Iterator[list[EventRow]]:
    """Yield the rows of each order."""
    number = attrgetter("order")
    rows = sorted((row for row in log.rows() if row.order), key=number)  # stable: rows stay sorted by time
    return (list(life) for _, life in groupby(rows, key=number))


def replay(life: Sequence[EventRow]) -> Order:
    """Replay all rows of an order; return it.

    Raises:
        DiffersError: a row differs from the order.
        ImpossibleStepError, UnitsError: the order refuses a step.
    """
    rows = iter(life)
    first = next(rows)
    number = first.order
    agree("first event", Event.CREATED, first.event)
    order = Order.created(str(number), Invoicing(first.invoicing), first.units, when(first.time_ms))
    for row in rows:
        order = step(order, row)
    due = [duty.since for duty in order.duties if duty.task is TaskKey.CREDIT_NOTE]
    times = [when(row.time_ms) for row in life if row.event == Event.CREDIT_NOTE_DUE]
    agree(f"order {number}, credit notes due", due, times)
    agree(f"order {number}, duties still open", [], [duty.task for duty in order.open_duties() if duty.task is TaskKey.CREDIT_NOTE])
    return order


def step(order: Order, row: EventRow) -> Order:
    """Replay one more row; return the order."""
    event, units = row.event, row.units
    where, now = f"order {row.order}, {event}", when(row.time_ms)
    if event == Event.CANCELLATION:
        return asked(where, order, row)
    if event == Event.CANCELLED_BY_CUSTOMER:  # a fact of the flow; the SOP has no case for it
        agree(f"{where}, units", order.units, units)
        return replace(order, stage=Stage.CANCELLED, units=0, history=(*order.history, OrderEvent("cancelled", now)))
    if event == Event.INVOICED and order.invoicing is Invoicing.RMS:  # made by packing, in the same instant
        return order
    if event == Event.CREDIT_NOTE_DUE:
        agree(f"{where}, reasons", _why(order, now), {*row.ids} - {PARTIAL_OF_EVERYTHING})
    elif event not in SEEN_BY_NO_OTHER_ACTOR:
        order = moved(order, row, now)
    if event in (Event.PACKED, Event.PACKING_ERROR):
        agree(f"{where}, a packing error", order.packing_error, event == Event.PACKING_ERROR)
    if event == Event.PACKED:
        agree(f"{where}, units", order.units, units)
    agree(f"{where}, stage after it", order.stage, row.stage)
    agree(f"{where}, e-invoice after it", order.e_invoice, row.e_invoice)
    return order


def asked(where: str, order: Order, row: EventRow) -> Order:
    """Replay a request to cancel; return the order."""
    agree(f"{where}, stage", order.stage, row.stage)
    agree(f"{where}, e-invoice", order.e_invoice, row.e_invoice)
    scope = Scope.PARTIAL if PARTIAL_OF_EVERYTHING in row.ids else Scope(row.scope)
    order, decision = order.cancel(Canceller(row.canceller), scope, row.units, when(row.time_ms))
    agree(f"{where}, scope", order.cancellations[-1].scope, row.scope)
    agree(f"{where}, outcome", decision.outcome, row.outcome)
    agree(f"{where}, missing units", row.reason == EventReason.MISSING_UNITS, MISSING_UNITS_GAP in row.ids)
    agree(f"{where}, reasons", {*decision.clauses, *decision.gaps}, {*row.ids} - {MISSING_UNITS_GAP})
    return order


def moved(order: Order, row: EventRow, now: datetime) -> Order:
    """Replay a step of the engine; return the order."""
    event, units = row.event, row.units
    if event in STEPS:
        return STEPS[Event(event)](order, now)
    if event == Event.INVOICED:
        return order.generate(now, f"INV{order.order_id}")
    for _ in range(units):
        if event == Event.RETURN_RECEIVED:
            order = order.return_unit(now)
        elif event == Event.QUALITY_CHECK:
            order = order.record_quality_check(QualityCheck(row.reason), now)
        else:
            raise DiffersError(f"order {order.order_id}, {event}: what is that?")
    return order


def agree(what: str, expected: object, actual: object) -> None:
    if expected != actual:
        raise DiffersError(f"{what}: {expected!r} by the engine, {actual!r} in the log")


def _why(order: Order, now: datetime) -> set[str]:
    """Return the reasons of its credit note; the form of the request (GAP-39) is given at the cancellation."""
    because = (duty.because for duty in order.duties if duty.task is TaskKey.CREDIT_NOTE and duty.since == now)
    return set(next(because, ())) - {PARTIAL_OF_EVERYTHING}


def report_of_each_day(log: Log, orders: Iterable[Order]) -> int:
    """Compare the VMS report of every single day with the log; the number of orders listed.

    Raises:
        DiffersError: an order posted and cancelled is missing on its day, or is listed on another day or with other values.
    """
    posted: dict[int, int] = {}
    ended: dict[int, EventRow] = {}
    for row in log.rows():
        if row.event == Event.POSTED:
            posted[row.order] = row.time_ms
        elif row.event == Event.CANCELLED_BY_CUSTOMER or (row.outcome, row.scope) == (Outcome.ALLOWED, Scope.FULL):
            ended[row.order] = row
    expected: dict[date, set[tuple[object, ...]]] = {}
    for number in posted.keys() & ended.keys():
        row = ended[number]
        line = (str(number), when(posted[number]), when(row.time_ms), row.canceller, row.stage, row.units)
        expected.setdefault(day_of(when(row.time_ms)), set()).add(line)
    orders = list(orders)
    listed = 0
    last = max((row.time_ms for row in ended.values()), default=0)
    day = day_of(MIDNIGHT)
    while day <= day_of(when(last)):
        actual = [
            (line.channel_order_id, line.posted_at, line.cancelled_at, line.cancelled_by, line.oms_status_at_cancel, line.quantity)
            for line in cancelled_after_posting(orders, day, day)
        ]
        agree(f"report of {day}, each once", len(actual), len(set(actual)))
        agree(f"report of {day}", set(actual), expected.get(day, set()))
        listed += len(actual)
        day += timedelta(days=1)
    return listed
