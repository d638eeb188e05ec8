"""Timeline of a simulated order: one line per event, in words for business analysts."""

from collections.abc import Iterator
from datetime import datetime

from orders.log.columns import OUTAGE_EVENTS, Event, EventRow
from orders.log.event_words import (
    NO_SPECIAL_REASON,
    asks_for_all_units,
    canceller_in_words,
    is_late_e_invoice,
    reason_in_words,
    sentence_of,
    units_in_words,
)
from orders.log.order_histories import EVENTS_WITH_REASON, OrderHistory
from orders.log.stations import STATIONS
from orders.log.timestamps import in_india
from sop_engine import Invoicing, Scope, Stage
from sop_engine.text import MONTHS, WEEKDAYS

WAREHOUSE_EVENTS = (
    *(Event.ACKNOWLEDGED, Event.PICKED, Event.READY, Event.RETURN_REQUESTED),
    *(event for events in OUTAGE_EVENTS.values() for event in events),
    *(Event(event) for station in STATIONS for event in (station.started, station.presence)),
)
"""Events that the timeline leaves out."""


def date_and_time(at: datetime) -> str:
    """Format a time as ``Mon 5 Jan 10:31``, the same in every locale."""
    return f"{WEEKDAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at:%H:%M}"


def timeline(life: OrderHistory) -> Iterator[str]:
    """Yield a line for each event of *life* that is not in `WAREHOUSE_EVENTS`."""
    for row in life.rows:
        if row.event not in WAREHOUSE_EVENTS:
            yield f"{date_and_time(in_india(row.at))}, {_event_line(row)}"


def cancellation_object(row: EventRow, left: int) -> str:
    """Return what is cancelled, as the object of a sentence; *left* is the number of units left."""
    order = f"order {row.order}"
    if row.scope == Scope.FULL and not asks_for_all_units(row):
        return order
    if row.units == left:
        return f"all {left} units of {order}" if left > 1 else f"the only unit of {order}"
    return f"{row.units} of {left} units of {order}"


def place_in_life(row: EventRow) -> str:
    """Return in words at which point of the order's history the request to cancel was made."""
    if row.stage == Stage.FULFILLABLE and row.invoicing == Invoicing.ERP:
        return {
            "not posted": "before it is posted",
            "posted": "after posting, before the e-invoice",
            "generated": "after the e-invoice is generated, before it is pushed",
            "pushed": "after the e-invoice is pushed, before the release",
        }[row.e_invoice]
    return {
        Stage.CREATED: "before stock is reserved",
        Stage.UNFULFILLABLE: "while it waits for stock",
        Stage.FULFILLABLE: "before the release",
        Stage.COMPLETED: "after it was dispatched",
        Stage.CANCELLED: "after it was cancelled",
    }.get(Stage(row.stage), f"while it is {row.stage}")


def _event_line(row: EventRow) -> str:
    if row.event == Event.CANCELLATION:
        cancelled_object = units_in_words(row.units) if row.scope == Scope.PARTIAL or asks_for_all_units(row) else "the full order"
        reason = "" if row.reason in NO_SPECIAL_REASON else f" ({row.reason})"
        return f"{canceller_in_words(row.canceller)} cancels {cancelled_object}{reason}: {row.outcome}"
    late = ", too late" if is_late_e_invoice(row) else ""
    reason = f", {reason_in_words(row)}" if row.event in EVENTS_WITH_REASON else ""
    return sentence_of(row) + reason + late
