"""Age of a credit-note duty, with our reminder and the legal deadline.

The SOP names no deadline (GAP-28). A duty without an age is forgotten, so two dates are shown, and neither as part of the SOP
(GAP-43). The reminder, 30 days after the cancellation, is ours; no law counts from that day. The deadline is that of the CGST Act,
section 34(2): 30 November after the financial year of the supply, or the annual return of that year, whichever is earlier.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from orders.log.india import day_of
from sop_engine import SopError, TaskKey
from sop_engine.order import Duty, Order

REMINDER_AFTER = timedelta(days=30)
NO_RETURNS: Mapping[int, date] = MappingProxyType({})


class Urgency(StrEnum):
    """Status of a duty on a given day."""

    DUE = "due"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    DONE = "done"

    @property
    def basis(self) -> str:
        """Basis of the status: *due* and *done* come from the SOP, the reminder from us, the deadline from the law."""
        return {Urgency.REMINDER: "our reminder", Urgency.OVERDUE: "law, not SOP"}.get(self, "SOP")


class UnknownAgeError(SopError):
    """A duty of unknown age, because the order lacks the time of an event."""

    def __init__(self, order_id: str, event: str) -> None:
        super().__init__(f"order `{order_id}` has no time at which {event}; record it to get the age of its credit note")


@dataclass(frozen=True, slots=True)
class Age:
    """The age of one credit-note duty on one day. Days are calendar days in Asia/Kolkata.

    Attributes:
        days: since the cancellation.
        reminder_on: 30 days after the cancellation.
        overdue_on: the day after 30 November that follows the financial year (April to March) of the supply, or after the annual
            return of that year if that is earlier. The date of the invoice is taken as that of the supply.
    """

    order_id: str
    days: int
    urgency: Urgency
    reminder_on: date
    overdue_on: date

    @property
    def basis(self) -> str:
        """Basis of the duty's status."""
        return self.urgency.basis


def credit_note_ages(order: Order, today: date, annual_returns: Mapping[int, date] = NO_RETURNS) -> tuple[Age, ...]:
    """Compute the age of each credit-note duty of *order* on *today*; other duties have none.

    *annual_returns* are the days on which annual returns were furnished, by the year in which their financial year ended.

    Raises:
        UnknownAgeError: the order has no time of its cancellation, or of its e-invoice.
        TimeWithoutZoneError: such a time has no zone.
    """
    return tuple(_age(order, duty, today, annual_returns) for duty in order.duties if duty.task is TaskKey.CREDIT_NOTE)


def overdue_from(supplied: date, annual_returns: Mapping[int, date] = NO_RETURNS) -> date:
    """Compute the day after the deadline: for a supply of 31 March 2026 it is in 2026, of 1 April 2026 in 2027."""
    ended = supplied.year + 1 if supplied.month >= 4 else supplied.year  # noqa: PLR2004 (April begins the year)
    last = date(ended, 11, 30)
    return min(last, annual_returns.get(ended, last)) + timedelta(days=1)


def _age(order: Order, duty: Duty, today: date, annual_returns: Mapping[int, date]) -> Age:
    cancelled = _cancelled_on(order, duty)
    reminder_on = cancelled + REMINDER_AFTER
    overdue_on = overdue_from(_invoiced_on(order), annual_returns)
    return Age(order.order_id, (today - cancelled).days, _urgency(duty, today, reminder_on, overdue_on), reminder_on, overdue_on)


def _urgency(duty: Duty, today: date, reminder_on: date, overdue_on: date) -> Urgency:
    if duty.done:
        return Urgency.DONE
    if today >= overdue_on:
        return Urgency.OVERDUE
    return Urgency.REMINDER if today >= reminder_on else Urgency.DUE


def _cancelled_on(order: Order, duty: Duty) -> date:
    """Return the day of the cancellation; for an order stopped by a packing error, the day on which the duty fell due."""
    at = order.cancelled_at or duty.since
    if at is None:
        raise UnknownAgeError(order.order_id, "it was cancelled")
    return day_of(at)


def _invoiced_on(order: Order) -> date:
    at = next((event.at for event in order.history if event.name == "e-invoice generated"), None)
    if at is None:
        raise UnknownAgeError(order.order_id, "it was invoiced")
    return day_of(at)
