"""Every error of an order, its reports and its steps says what to do; and the units that are left to fulfil."""

from datetime import date, datetime
from pathlib import Path

import pytest

import orders.audit.audit
import orders.duties
import orders.intake.errors
import orders.log.errors
import orders.vms_reports
from orders.log.india import TimeWithoutZoneError
from sop_engine import Canceller, Invoicing, Scope, SopError, TaskKey
from sop_engine.errors import ImpossibleStepError, UnitsError, UnknownValueError
from sop_engine.order import Order
from steps.definitions.tables import CellError
from steps.support import order_attempts, order_steps
from steps.support.report_tables import rows_in_words

NEW = Order.created("A1", Invoicing.ERP, 2)
RELEASED = order_steps.advance_to(NEW, "released")
PART_CANCELLED = order_steps.cancel(RELEASED, Canceller.AJIO, Scope.PARTIAL, 1)
MESSAGES = {
    ImpossibleStepError: (NEW.pack, "; take the steps that lead there first, or leave this step out"),
    UnitsError: (lambda: NEW.cancel(Canceller.SELLER, Scope.PARTIAL, 3), "from 1 to 2, got 3; write a number in this range"),
    UnknownValueError: (lambda: order_steps.advance_to(NEW, "packd"), "; did you mean `packed`?"),
    orders.audit.audit.NoTimeError: (lambda: raised(orders.audit.audit.NoTimeError()), "; give it, for example"),
    orders.intake.errors.IntakeError: (
        lambda: raised(orders.intake.errors.IntakeError("a.csv", "it is empty", "export it")),
        "; export it",
    ),
    orders.intake.errors.EncodingError: (
        lambda: raised(orders.intake.errors.EncodingError("a.csv", "not UTF-8", "declare it")),
        "; declare it",
    ),
    orders.intake.errors.NoHeaderError: (lambda: raised(orders.intake.errors.NoHeaderError("a.csv", "no header", "name it")), "; name it"),
    orders.intake.errors.DoubledNameError: (
        lambda: raised(orders.intake.errors.DoubledNameError("a.csv", "`Order` stands twice", "choose one", "order")),
        "; choose one",
    ),
    orders.duties.UnknownAgeError: (lambda: raised(orders.duties.UnknownAgeError("A1", "it was invoiced")), "; record it to get the age"),
    orders.vms_reports.DateRangeError: (
        lambda: orders.vms_reports.cancelled_after_posting([], date(2026, 5, 2), date(2026, 5, 1)),
        "; give the earlier day first",
    ),
    orders.vms_reports.UndatedCancellationError: (
        lambda: orders.vms_reports.cancelled_after_posting(
            [NEW.allocate().post().cancel(Canceller.AJIO, Scope.FULL)[0]], date(2026, 5, 1), date(2026, 5, 2)
        ),
        "; record the time of its cancellation",
    ),
    orders.log.errors.EventLogError: (lambda: orders.log.errors.require_version(Path("a.csv"), None), "; write it again"),
    TimeWithoutZoneError: (lambda: raised(TimeWithoutZoneError(datetime(2026, 5, 4))), "; add one, for example"),  # noqa: DTZ001
    order_attempts.NoRequestError: (lambda: raised(order_attempts.NoRequestError()), "; let a When such as"),
    order_attempts.EarlierAttemptError: (lambda: raised(order_attempts.EarlierAttemptError()), "; put this Then after"),
    order_steps.UntrueStepError: (lambda: order_steps.pack(PART_CANCELLED), "; write `packing is tried` or"),
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_an_error_says_what_to_do(kind):
    act, remedy = MESSAGES[kind]

    with pytest.raises(kind) as refusal:
        act()

    assert remedy in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_every_error_of_orders_and_of_their_steps_is_tried():
    places = ("orders.", "steps.support.")
    files = "orders.arrivals"  # tested in tests/orders/test_arrivals.py
    kinds = {
        kind
        for kind in subclasses(SopError)
        if kind.__module__.startswith(places) and kind.__module__ != files and not issubclass(kind, CellError)
    }

    assert kinds <= set(MESSAGES)


def test_a_column_that_a_report_does_not_have_is_refused_with_those_that_it_has():
    ended = NEW.allocate().post().cancel(Canceller.AJIO, Scope.FULL, at=datetime.fromisoformat("2026-05-01T10:00+05:30"))[0]
    rows = orders.vms_reports.cancelled_after_posting([ended], date(2026, 5, 1), date(2026, 5, 1))

    with pytest.raises(UnknownValueError, match="unknown column of this report `unit`; did you mean `units`"):
        rows_in_words(rows, ["unit"])


@pytest.mark.parametrize(("cancelled", "returned", "left"), [(0, 0, 3), (1, 0, 2), (0, 1, 2), (0, 3, 0), (1, 1, 1), (2, 1, 0)])
def test_neither_a_cancelled_nor_a_returned_unit_is_left_to_fulfil(cancelled, returned, left):
    order = order_steps.advance_to(Order.created("A1", Invoicing.RMS, 3), "released")
    if cancelled:
        order = order_steps.cancel(order, Canceller.SELLER, Scope.PARTIAL, cancelled)
    order = order_steps.resume_to(order, "dispatched")
    for _ in range(returned):
        order = order.return_unit()

    assert (order.units_kept, order.units) == (left, 3 - cancelled)


def test_a_task_that_is_not_due_is_refused_with_its_remedy():
    with pytest.raises(ImpossibleStepError, match=r"expected an order with the duty to make a credit note .*; take the steps"):
        NEW.do(TaskKey.CREDIT_NOTE)


def raised(error):
    raise error


def subclasses(kind):
    return {kind, *(deeper for subclass in kind.__subclasses__() for deeper in subclasses(subclass))}
