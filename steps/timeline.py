"""What happened to a simulated order and when, one line an event, as a business analyst would tell it."""

from collections.abc import Iterator
from datetime import datetime

from orders.log.event_log import Event, Row
from orders.log.order_histories import OrderHistory
from orders.log.timestamps import moment
from sop_engine import Invoicing, Stage
from sop_engine.order import PARTIAL_OF_EVERYTHING
from sop_engine.text import MONTHS, WEEKDAYS, counted

TOLD = {
    Event.CREATED: "the customer orders {units}",
    Event.UNFULFILLABLE: "there is no stock: UNFULFILLABLE",
    Event.ALLOCATED: "stock is reserved: FULFILLABLE",
    Event.POSTED: "posted to the client's ERP",
    Event.CANCELLED_BY_CUSTOMER: "the customer cancels",
    Event.INVOICED: "the e-invoice is generated",
    Event.PUSHED: "the e-invoice is pushed",
    Event.RELEASED: "released to the warehouse: PROCESSING",
    Event.PACKING_ERROR: "an error stops the packing",
    Event.PACKED: "{units} packed: PACKED",
    Event.DISPATCHED: "dispatched: COMPLETED",
    Event.CREDIT_NOTE_DUE: "the client must make a credit note",
    Event.CREDIT_NOTE_MADE: "the client has made the credit note",
    Event.RETURN_RECEIVED: "{units} back in the warehouse, {detail}",
    Event.QUALITY_CHECK: "quality check of {units}, {detail}",
}
"""Events that a reader follows; the others are the warehouse's own."""


def date_and_time(at: datetime) -> str:
    """``Mon 5 Jan 10:31``, the same in every locale."""
    return f"{WEEKDAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at:%H:%M}"


def timeline(life: OrderHistory) -> Iterator[str]:
    """A line for each event of *life* that a reader follows."""
    for row in life.rows:
        told = _told(row)
        if told:
            yield f"{date_and_time(moment(row[0]))}, {told}"


def who(canceller: str) -> str:
    """``the seller`` or ``Ajio``, as a sentence has it."""
    return "the seller" if canceller == "seller" else canceller


def all_of_it(row: Row) -> bool:
    """Whether a cancellation is put as a part of the order, and is one of everything."""
    return PARTIAL_OF_EVERYTHING in row[-1].split()


def what_is_asked(row: Row, left: int) -> str:
    """What a cancellation is of, as the object of a sentence, where *left* units are left."""
    order = f"order {row[1]}"
    if row[6] == "full" and not all_of_it(row):
        return order
    if row[11] == left:
        return f"all {left} units of {order}" if left > 1 else f"the only unit of {order}"
    return f"{row[11]} of {left} units of {order}"


def place_in_life(row: Row) -> str:
    """When in the life of its order somebody asks to cancel."""
    *_, invoicing, stage, e_invoice, _, _, _ = row
    if stage == Stage.FULFILLABLE and invoicing == Invoicing.ERP:
        return {
            "not posted": "before it is posted",
            "posted": "after posting, before the e-invoice",
            "generated": "after the e-invoice is generated, before it is pushed",
            "pushed": "after the e-invoice is pushed, before the release",
        }[e_invoice]
    return {
        Stage.CREATED: "before stock is reserved",
        Stage.UNFULFILLABLE: "while it waits for stock",
        Stage.FULFILLABLE: "before the release",
        Stage.COMPLETED: "after it was dispatched",
        Stage.CANCELLED: "after it was cancelled",
    }.get(Stage(stage), f"while it is {stage}")


def _told(row: Row) -> str:
    event, units, detail = Event(row[2]), counted(row[11], "unit"), row[-1]
    if event is Event.CANCELLATION:
        what = units if row[6] == "partial" or all_of_it(row) else "the full order"
        reason = detail.rpartition(": ")[0].partition(",")[0]
        why = "" if reason in ("seller", "Ajio by hand") else f" ({reason})"
        return f"{who(row[5])} cancels {what}{why}: {row[10]}"
    late = ", too late" if event is Event.INVOICED and row[8] == Stage.CANCELLED else ""
    return TOLD.get(event, "").format(units=units, detail=detail.replace(": ", ", ")) + late
