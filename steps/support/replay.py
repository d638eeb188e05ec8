"""Replay: the events of a simulated order on an order of the system under test, at the same times and in one call."""

from collections.abc import Iterator

from orders.log.columns import Event, EventRow
from orders.log.event_words import asks_for_all_units
from orders.log.order_histories import OrderHistory
from orders.log.timestamps import in_india
from sop_engine import Canceller, Invoicing, Scope
from steps.driver.order_life import LifeStep, OrderLife
from steps.driver.protocol import Driver

STEP_OF_EVENT: dict[Event, str] = {
    Event.UNFULFILLABLE: "mark_unfulfillable",
    Event.ALLOCATED: "allocate",
    Event.POSTED: "post",
    Event.INVOICED: "generate",
    Event.PUSHED: "push",
    Event.RELEASED: "release",
    Event.PACKING_ERROR: "pack",
    Event.PACKED: "pack",
    Event.READY: "ready",
    Event.DISPATCHED: "dispatch",
    Event.CANCELLED_BY_CUSTOMER: "cancel_by_customer",
    Event.CREDIT_NOTE_MADE: "make_credit_note",
}
"""The step of `OrderLife` that each event takes; cancellations have one with arguments, warehouse work has none."""


def replay(life: OrderHistory, driver: Driver) -> OrderLife:
    """Return the order after all events of *life*.

    Raises:
        ImpossibleStepError, UnitsError, EventRejectedError: the order refuses a step that happened in the simulation.
    """
    created, *later = life.rows
    return driver.replayed(str(life.number), life.invoicing, life.units, in_india(created.at), list(_steps(life.invoicing, later)))


def _steps(invoicing: Invoicing, rows: list[EventRow]) -> Iterator[LifeStep]:
    for row in rows:
        event, at = Event(row.event), in_india(row.at)
        if event is Event.CANCELLATION:
            scope = Scope.PARTIAL if asks_for_all_units(row) else Scope(row.scope)
            yield LifeStep("cancel", at, Canceller(row.canceller), scope, row.units)
        elif event is Event.INVOICED and invoicing is Invoicing.RMS:
            continue  # made by packing
        elif event in STEP_OF_EVENT:
            yield LifeStep(STEP_OF_EVENT[event], at)


def ended_at(life: OrderHistory) -> int | None:
    """Return when the whole order was cancelled, by anyone, in UTC milliseconds; None if it was not."""
    return next((row.at for row in life.rows if row.cancels_the_order), None)
