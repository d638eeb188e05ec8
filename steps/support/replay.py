"""Replay: the events of a simulated order on an order of the system under test, step by step and at the same times."""

from collections.abc import Callable
from datetime import datetime

from orders.log.columns import Event
from orders.log.event_words import asks_for_all_units
from orders.log.order_histories import OrderHistory
from orders.log.timestamps import in_india
from sop_engine import Canceller, Invoicing, Scope
from sop_engine.order import Order
from steps.driver.protocol import Driver

STEP_OF_EVENT: dict[Event, Callable[[Order, datetime], Order]] = {
    Event.UNFULFILLABLE: Order.mark_unfulfillable,
    Event.ALLOCATED: Order.allocate,
    Event.POSTED: Order.post,
    Event.INVOICED: lambda order, at: order.generate(at) if order.invoicing is Invoicing.ERP else order,  # RMS: made by packing
    Event.PUSHED: Order.push,
    Event.RELEASED: Order.release,
    Event.PACKING_ERROR: Order.pack,
    Event.PACKED: Order.pack,
    Event.READY: Order.ready,
    Event.DISPATCHED: Order.dispatch,
    Event.CANCELLED_BY_CUSTOMER: Order.cancel_by_customer,
    Event.CREDIT_NOTE_MADE: Order.make_credit_note,
}
"""The step that each event takes on an order; cancellations and warehouse work have none."""


def replay(life: OrderHistory, driver: Driver) -> Order:
    """Return the order after all events of *life*.

    Raises:
        ImpossibleStepError, UnitsError: the order refuses a step that happened in the simulation.
    """
    order = driver.new_order(str(life.number), life.invoicing, life.units, in_india(life.rows[0].at))
    for row in life.rows[1:]:
        event, at = Event(row.event), in_india(row.at)
        if event is Event.CANCELLATION:
            scope = Scope.PARTIAL if asks_for_all_units(row) else Scope(row.scope)
            order, _ = order.cancel(Canceller(row.canceller), scope, row.units, at)
        elif event in STEP_OF_EVENT:
            order = STEP_OF_EVENT[event](order, at)
    return order


def ended_at(life: OrderHistory) -> int | None:
    """Return when the whole order was cancelled, by anyone, in UTC milliseconds; None if it was not."""
    return next((row.at for row in life.rows if row.cancels_the_order), None)
