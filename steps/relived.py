"""A simulated life lived again by an order of the system under test, step by step and at the same times."""

from collections.abc import Callable
from datetime import datetime

from orders.log.event_log import Event, Row
from orders.log.order_histories import OrderHistory
from orders.log.timestamps import moment
from sop_engine import Canceller, Invoicing, Outcome, Scope
from sop_engine.order import Order
from steps.driver import Driver
from steps.timeline import all_of_it

STEPS: dict[Event, Callable[[Order, datetime], Order]] = {
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
"""What each event does to an order; a cancellation and the work of the warehouse are not among them."""


def relive(life: OrderHistory, driver: Driver) -> Order:
    """The order at the end of its life.

    Raises:
        ImpossibleStepError, UnitsError: the order refuses a step that it took in the simulation.
    """
    order = driver.new_order(str(life.number), life.invoicing, life.units, moment(life.rows[0][0]))
    for row in life.rows[1:]:
        event, at = Event(row[2]), moment(row[0])
        if event is Event.CANCELLATION:
            scope = Scope.PARTIAL if all_of_it(row) else Scope(row[6])
            order, _ = order.cancel(Canceller(row[5]), scope, row[11], at)
        elif event in STEPS:
            order = STEPS[event](order, at)
    return order


def ended_at(life: OrderHistory) -> int | None:
    """When the order was cancelled as a whole, by anybody; None where it was not."""
    return next((row[0] for row in life.rows if _ends(row)), None)


def _ends(row: Row) -> bool:
    return row[2] == Event.CANCELLED_BY_CUSTOMER or (row[2] == Event.CANCELLATION and (row[10], row[6]) == (Outcome.ALLOWED, Scope.FULL))
