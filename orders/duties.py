"""How old a credit-note duty is, against the deadlines of the law.

The SOP names no deadline (GAP-28). GST law does, and a duty without an age is forgotten, so these are shown beside the
SOP and labelled as law, never as the SOP (GAP-43).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from orders.clock import day_of
from sop_engine import SopError, TaskKey
from sop_engine.order import Duty, Order

WARNING_AFTER = timedelta(days=30)
BASIS = "law, not SOP"


class Urgency(StrEnum):
    """How a duty stands on a given day."""

    DUE = "due"
    WARNING = "warning"
    OVERDUE = "overdue"
    DONE = "done"


class UnknownAgeError(SopError):
    """A duty whose age cannot be told, because the order does not say when something happened."""

    def __init__(self, order_id: str, what: str) -> None:
        super().__init__(f"order `{order_id}` does not say when {what}; record the time, or the age of its credit note is unknown")


@dataclass(frozen=True, slots=True)
class Age:
    """The age of one credit-note duty on one day. Days are calendar days in Asia/Kolkata.

    Attributes:
        days: since the cancellation.
        warning_on: 30 days after the cancellation.
        overdue_on: 1 December after the financial year (April to March) of the invoice; 30 November is the last day in time
            (CGST Act, section 34(2)).
    """

    order_id: str
    days: int
    urgency: Urgency
    warning_on: date
    overdue_on: date
    basis: str = BASIS


def credit_note_ages(order: Order, today: date) -> tuple[Age, ...]:
    """The age of each credit-note duty of *order* on *today*; other duties have none.

    Raises:
        UnknownAgeError: the order does not say when it was cancelled, or invoiced.
        TimeWithoutZoneError: it does, in a time without a zone.
    """
    return tuple(_age(order, duty, today) for duty in order.duties if duty.task is TaskKey.CREDIT_NOTE)


def overdue_from(invoiced: date) -> date:
    """The day after the last 30 November for an invoice: made on 31 March 2026 it is overdue in 2026, on 1 April 2026 in 2027."""
    year = invoiced.year + 1 if invoiced.month >= 4 else invoiced.year  # noqa: PLR2004 (April begins the year)
    return date(year, 12, 1)


def _age(order: Order, duty: Duty, today: date) -> Age:
    cancelled = _cancelled_on(order, duty)
    warning_on = cancelled + WARNING_AFTER
    overdue_on = overdue_from(_invoiced_on(order))
    return Age(order.order_id, (today - cancelled).days, _urgency(duty, today, warning_on, overdue_on), warning_on, overdue_on)


def _urgency(duty: Duty, today: date, warning_on: date, overdue_on: date) -> Urgency:
    if duty.done:
        return Urgency.DONE
    if today >= overdue_on:
        return Urgency.OVERDUE
    return Urgency.WARNING if today >= warning_on else Urgency.DUE


def _cancelled_on(order: Order, duty: Duty) -> date:
    """The day the order was cancelled; for an order stuck with a packing error, the day the duty arose."""
    at = order.cancelled_at or duty.since
    if at is None:
        raise UnknownAgeError(order.order_id, "it was cancelled")
    return day_of(at)


def _invoiced_on(order: Order) -> date:
    at = next((event.at for event in order.history if event.name == "e-invoice generated"), None)
    if at is None:
        raise UnknownAgeError(order.order_id, "it was invoiced")
    return day_of(at)
