"""Duties of an order on a given day, and the age of a credit-note duty with our reminder and the legal deadline.

A day is taken at its end: what happened later is left out, also where the order has it in its history. The SOP names no deadline (GAP-28). A duty without an age is forgotten, so two dates are shown, and neither as part of the SOP
(GAP-43). The reminder, 30 days after the cancellation, is ours; no law counts from that day. The deadline is that of the CGST Act,
section 34(2): 30 November after the financial year of the supply, or the annual return of that year, whichever is earlier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from orders.collected import Collected, LeftOut
from orders.log.india import TimeWithoutZoneError, day_of
from sop_engine import SopError, Stage, TaskKey
from sop_engine.order import LATE_E_INVOICE, Duty, Order

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

    def __init__(self, order_id: str, event: str, task: TaskKey = TaskKey.CREDIT_NOTE) -> None:
        wanted = "the age of its credit note" if task is TaskKey.CREDIT_NOTE else f"the state of its duty to {task.words}"
        super().__init__(f"order `{order_id}` has no time at which {event}; record it to get {wanted}")


@dataclass(frozen=True, slots=True)
class Age:
    """The age of one credit-note duty on one day. Days are calendar days in Asia/Kolkata.

    Attributes:
        days: since the cancellation.
        reminder_on: 30 days after the cancellation.
        overdue_on: the day after 30 November that follows the financial year (April to March) of the supply, or after the annual
            return of that year if that is earlier. The date of the invoice is taken as that of the supply; None if it is unknown.
    """

    order_id: str
    days: int
    urgency: Urgency
    reminder_on: date
    overdue_on: date | None

    @property
    def basis(self) -> str:
        """Basis of the duty's status."""
        return self.urgency.basis


def duties_on(order: Order, task: TaskKey, day: date) -> tuple[Duty, ...]:
    """Return the duties of *order* to do *task* as they were on *day*: those that had arisen, done only if they were done by then.

    Raises:
        UnknownAgeError: the order has no time at which a duty arose or was done.
        TimeWithoutZoneError: such a time has no zone.
    """
    arisen = [duty for duty in order.duties if duty.task is task and _arisen_on(order, duty) <= day]
    return tuple(duty if not duty.done or _done_on(order, duty) <= day else replace(duty, done=False, done_at=None) for duty in arisen)


def credit_note_ages(order: Order, today: date, annual_returns: Mapping[int, date] = NO_RETURNS) -> tuple[Age, ...]:
    """Compute the age on *today* of each credit-note duty that *order* had then; other duties have none.

    *annual_returns* are the days on which annual returns were furnished, by the year in which their financial year ended; a
    later day than *today* does not count.

    Raises:
        UnknownAgeError: the order has no time of its cancellation, of its e-invoice, or at which the duty arose or was done.
        TimeWithoutZoneError: such a time has no zone.
    """
    furnished = {year: day for year, day in annual_returns.items() if day <= today}
    return tuple(_age(order, duty, today, furnished) for duty in duties_on(order, TaskKey.CREDIT_NOTE, today))


def collect_credit_note_ages(orders: Iterable[Order], today: date, annual_returns: Mapping[int, date] = NO_RETURNS) -> Collected[Age]:
    """Compute the ages of all *orders*; one that lacks a time is left out with the reason, and the others have their ages.

    Of an order that lacks only the time of its e-invoice the age is known, and the day from which it is overdue is not.
    """
    furnished = {year: day for year, day in annual_returns.items() if day <= today}
    ages: list[Age] = []
    left_out = []
    for order in orders:
        try:
            duties = duties_on(order, TaskKey.CREDIT_NOTE, today)
            ages += [_age(order, duty, today, furnished, overdue_known=_invoiced_at(order) is not None) for duty in duties]
        except (UnknownAgeError, TimeWithoutZoneError) as error:
            left_out.append(LeftOut(order.order_id, str(error)))
    return Collected(tuple(ages), tuple(left_out))


def overdue_from(supplied: date, annual_returns: Mapping[int, date] = NO_RETURNS) -> date:
    """Compute the day after the deadline: for a supply of 31 March 2026 it is in 2026, of 1 April 2026 in 2027."""
    ended = financial_year(supplied)
    last = date(ended, 11, 30)
    return min(last, annual_returns.get(ended, last)) + timedelta(days=1)


def financial_year(supplied: date) -> int:
    """Return the year in which the financial year of a supply ends; it runs from April to March."""
    return supplied.year + 1 if supplied.month >= 4 else supplied.year  # noqa: PLR2004 (April begins the year)


def end_of_year(year: int) -> date:
    """Return the last day of the financial year that ends in *year*."""
    return date(year, 3, 31)


def _age(order: Order, duty: Duty, today: date, annual_returns: Mapping[int, date], *, overdue_known: bool = True) -> Age:
    counted_from = _counted_from(order, duty, today)
    reminder_on = counted_from + REMINDER_AFTER
    overdue_on = overdue_from(_invoiced_on(order), annual_returns) if overdue_known else None
    return Age(order.order_id, (today - counted_from).days, _urgency(duty, today, reminder_on, overdue_on), reminder_on, overdue_on)


def _urgency(duty: Duty, today: date, reminder_on: date, overdue_on: date | None) -> Urgency:
    if duty.done:
        return Urgency.DONE
    if overdue_on is not None and today >= overdue_on:
        return Urgency.OVERDUE
    return Urgency.REMINDER if today >= reminder_on else Urgency.DUE


def _counted_from(order: Order, duty: Duty, today: date) -> date:
    """Return the day of the cancellation; for an order that on *today* a packing error had stopped, the day on which the duty arose."""
    arisen = _arisen_on(order, duty)
    if order.stage is not Stage.CANCELLED:
        return arisen
    cancelled = _day(order, duty, order.cancelled_at, "it was cancelled")
    return cancelled if cancelled <= today else arisen


def _arisen_on(order: Order, duty: Duty) -> date:
    return _day(order, duty, duty.since, _cause(order, duty))


def _cause(order: Order, duty: Duty) -> str:
    """Return the event from which *duty* arose, as the end of a sentence."""
    if LATE_E_INVOICE in duty.because:
        return "it was invoiced"
    return "its packing failed" if order.packing_error else "it was cancelled"


def _done_on(order: Order, duty: Duty) -> date:
    is_credit_note = duty.task is TaskKey.CREDIT_NOTE
    return _day(order, duty, duty.done_at, "its credit note was made" if is_credit_note else "the client did this duty")


def _invoiced_at(order: Order) -> datetime | None:
    return next((event.at for event in order.history if event.name == "e-invoice generated"), None)


def _invoiced_on(order: Order) -> date:
    at = _invoiced_at(order)
    if at is None:
        raise UnknownAgeError(order.order_id, "it was invoiced")
    return day_of(at)


def _day(order: Order, duty: Duty, at: datetime | None, event: str) -> date:
    if at is None:
        raise UnknownAgeError(order.order_id, event, duty.task)
    return day_of(at)
