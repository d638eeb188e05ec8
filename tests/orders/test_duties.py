"""The age of a credit-note duty against the deadlines of the law."""

from datetime import UTC, date, datetime

import pytest

from orders.duties import UnknownAgeError, Urgency, collect_credit_note_ages, credit_note_ages, duties_on, overdue_from
from orders.log.india import INDIA
from sop_engine import Canceller, Invoicing, Scope, TaskKey
from sop_engine.order import Order


@pytest.mark.parametrize(
    ("invoiced", "overdue"),
    [
        (date(2026, 3, 31), date(2026, 12, 1)),
        (date(2026, 4, 1), date(2027, 12, 1)),
        (date(2025, 4, 1), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 12, 1)),
        (date(2027, 1, 1), date(2027, 12, 1)),
    ],
)
def test_the_financial_year_runs_from_april_to_march(invoiced, overdue):
    assert overdue_from(invoiced) == overdue


@pytest.mark.parametrize(
    ("today", "urgency"),
    [
        (date(2026, 5, 4), Urgency.DUE),
        (date(2026, 6, 2), Urgency.DUE),
        (date(2026, 6, 3), Urgency.REMINDER),
        (date(2027, 11, 30), Urgency.REMINDER),
        (date(2027, 12, 1), Urgency.OVERDUE),
    ],
)
def test_a_duty_warns_after_thirty_days_and_is_overdue_after_the_last_november(today, urgency):
    [age] = credit_note_ages(cancelled(invoiced(may_4(10)), may_4(12)), today)

    assert age.urgency == urgency


def test_the_reminder_is_an_assumption_and_the_deadline_is_law():
    [age] = credit_note_ages(cancelled(invoiced(may_4(10)), may_4(12)), date(2026, 5, 14))

    assert (age.days, age.reminder_on, age.overdue_on, age.basis) == (10, date(2026, 6, 3), date(2027, 12, 1), "SOP")
    assert [urgency.basis for urgency in Urgency] == ["SOP", "our reminder", "law, not SOP", "SOP"]


@pytest.mark.parametrize(
    ("supplied", "returns", "overdue"),
    [
        (date(2026, 3, 31), {2026: date(2026, 10, 15)}, date(2026, 10, 16)),
        (date(2026, 3, 31), {2026: date(2026, 11, 30)}, date(2026, 12, 1)),
        (date(2026, 3, 31), {2026: date(2026, 12, 31)}, date(2026, 12, 1)),
        (date(2026, 3, 31), {2027: date(2026, 10, 15)}, date(2026, 12, 1)),
        (date(2026, 4, 1), {2027: date(2027, 9, 1)}, date(2027, 9, 2)),
    ],
)
def test_the_annual_return_of_the_same_year_ends_the_time_where_it_is_earlier(supplied, returns, overdue):
    assert overdue_from(supplied, returns) == overdue


def test_an_age_knows_the_annual_returns():
    order = cancelled(invoiced(may_4(10)), may_4(12))

    [age] = credit_note_ages(order, date(2027, 9, 2), {2027: date(2027, 9, 1)})

    assert (age.overdue_on, age.urgency) == (date(2027, 9, 2), Urgency.OVERDUE)


def test_days_are_counted_in_india():
    """Half past six in the evening UTC is midnight in India."""
    late = datetime(2026, 5, 3, 18, 30, tzinfo=UTC)

    [age] = credit_note_ages(cancelled(invoiced(datetime(2026, 3, 31, 18, 30, tzinfo=UTC)), late), date(2026, 5, 4))

    assert (age.days, age.overdue_on) == (0, date(2027, 12, 1))


def test_a_credit_note_that_is_made_is_done_however_old():
    order = cancelled(invoiced(may_4(10)), may_4(12)).make_credit_note(may_4(13))

    [age] = credit_note_ages(order, date(2030, 1, 1))

    assert age.urgency == Urgency.DONE


def test_a_late_e_invoice_counts_from_the_cancellation():
    order = cancelled(posted(), may_4(12)).generate(datetime(2026, 6, 10, 9, 0, tzinfo=INDIA))

    [age] = credit_note_ages(order, date(2026, 6, 10))

    assert (age.days, age.urgency) == (37, Urgency.REMINDER)


def test_an_order_stuck_at_packing_counts_from_the_packing_error():
    [age] = credit_note_ages(stuck_at_packing(), date(2026, 6, 3))

    assert (age.days, age.urgency) == (30, Urgency.REMINDER)


@pytest.mark.parametrize(
    ("day", "urgency", "days"),
    [
        (date(2026, 5, 3), None, None),
        (date(2026, 5, 4), Urgency.DUE, 0),
        (date(2026, 6, 2), Urgency.DUE, 29),
        (date(2026, 6, 3), Urgency.REMINDER, 30),
        (date(2026, 7, 9), Urgency.REMINDER, 66),
        (date(2026, 7, 10), Urgency.DONE, 67),
        (date(2027, 12, 1), Urgency.DONE, 576),
    ],
)
def test_a_duty_is_as_it_was_on_the_day_asked_for(day, urgency, days):
    order = cancelled(invoiced(may_4(10)), may_4(12)).make_credit_note(datetime(2026, 7, 10, 9, tzinfo=INDIA))

    assert [(age.urgency, age.days) for age in credit_note_ages(order, day)] == ([(urgency, days)] if urgency else [])


@pytest.mark.parametrize(("day", "days"), [(date(2026, 6, 9), None), (date(2026, 6, 10), 37), (date(2026, 6, 11), 38)])
def test_no_credit_note_is_due_before_the_late_e_invoice(day, days):
    order = cancelled(posted(), may_4(12)).generate(datetime(2026, 6, 10, 9, 0, tzinfo=INDIA))

    assert [age.days for age in credit_note_ages(order, day)] == ([] if days is None else [days])


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2026, 5, 3), None), (date(2026, 5, 4), 0), (date(2026, 5, 19), 15), (date(2026, 5, 20), 0), (date(2026, 5, 21), 1)],
)
def test_a_packing_error_counts_until_the_order_is_cancelled(day, days):
    order = stuck_at_packing().cancel(Canceller.SELLER, Scope.FULL, at=datetime(2026, 5, 20, tzinfo=INDIA))[0]

    assert [age.days for age in credit_note_ages(order, day)] == ([] if days is None else [days])


def test_a_credit_note_made_before_the_order_is_cancelled_counts_from_the_cancellation():
    made = stuck_at_packing().make_credit_note(datetime(2026, 5, 10, tzinfo=INDIA))
    order = made.cancel(Canceller.SELLER, Scope.FULL, at=datetime(2026, 5, 20, tzinfo=INDIA))[0]

    assert [(age.days, age.urgency) for age in credit_note_ages(order, date(2026, 5, 25))] == [(5, Urgency.DONE)]


@pytest.mark.parametrize(("day", "overdue"), [(date(2027, 8, 31), date(2027, 12, 1)), (date(2027, 9, 1), date(2027, 9, 2))])
def test_an_annual_return_counts_from_the_day_on_which_it_is_furnished(day, overdue):
    [age] = credit_note_ages(cancelled(invoiced(may_4(10)), may_4(12)), day, {2027: date(2027, 9, 1)})

    assert age.overdue_on == overdue


STEPS = {
    TaskKey.ASK_AJIO_TO_CANCEL: lambda order, at: order.do(TaskKey.ASK_AJIO_TO_CANCEL, at),
    TaskKey.CANCEL_IN_ASSURE: lambda order, at: order.cancel(Canceller.SELLER, Scope.FULL, at=at)[0],
    TaskKey.CREDIT_NOTE: lambda order, at: order.make_credit_note(at),
}


@pytest.mark.parametrize("task", STEPS)
@pytest.mark.parametrize(("day", "state"), [(3, []), (4, [False]), (9, [False]), (10, [True]), (30, [True])])
def test_every_duty_has_arisen_and_is_done_only_from_its_day_on(task, day, state):
    order = STEPS[task](stuck_at_packing(), datetime(2026, 5, 10, 9, tzinfo=INDIA))

    assert [duty.done for duty in duties_on(order, task, date(2026, 5, day))] == state
    assert all(duty.done_at is None for duty in duties_on(order, task, date(2026, 5, day)) if not duty.done)


@pytest.mark.parametrize(
    ("order", "what"),
    [
        (lambda: cancelled(invoiced(may_4(10)), may_4(12)).make_credit_note(), "at which its credit note was made; .* of its credit note"),
        (lambda: cancelled(posted(), may_4(12)).generate(), "at which it was invoiced"),
        (lambda: cancelled(posted(), None).generate(may_4(14)), "at which it was cancelled"),
        (lambda: part_cancelled().pack(), "at which its packing failed"),
    ],
)
def test_a_credit_note_with_an_unknown_time_is_refused(order, what):
    with pytest.raises(UnknownAgeError, match=what):
        credit_note_ages(order(), date(2026, 5, 5))


def test_another_duty_with_an_unknown_time_is_refused_by_its_own_name():
    order = stuck_at_packing().do(TaskKey.ASK_AJIO_TO_CANCEL)

    assert [age.days for age in credit_note_ages(order, date(2026, 5, 5))] == [1]
    with pytest.raises(UnknownAgeError, match="the client did this duty; record it to get the state of its duty to ask Ajio to cancel"):
        duties_on(order, TaskKey.ASK_AJIO_TO_CANCEL, date(2026, 5, 5))


def test_an_order_without_a_credit_note_has_no_age():
    assert credit_note_ages(cancelled(posted(), may_4(12)), date(2026, 5, 5)) == ()


@pytest.mark.parametrize(("invoiced_at", "cancelled_at", "what"), [(None, 1, "it was invoiced"), (1, None, "it was cancelled")])
def test_an_age_that_cannot_be_computed_is_refused(invoiced_at, cancelled_at, what):
    order = cancelled(invoiced(invoiced_at and may_4(10)), cancelled_at and may_4(12))

    with pytest.raises(UnknownAgeError, match=what):
        credit_note_ages(order, date(2026, 5, 5))


def may_4(hour):
    return datetime(2026, 5, 4, hour, tzinfo=INDIA)


def posted():
    return Order.created("A", Invoicing.ERP).allocate().post(may_4(9))


def invoiced(at):
    return posted().generate(at)


def cancelled(order, at):
    return order.cancel(Canceller.SELLER, Scope.FULL, at=at)[0]


def part_cancelled():
    released = Order.created("A", Invoicing.ERP, 2).allocate().post().generate(may_4(9)).push().release()
    return released.cancel(Canceller.AJIO, Scope.PARTIAL, 1, at=may_4(10))[0]


def stuck_at_packing():
    return part_cancelled().pack(may_4(12))


def test_one_order_without_a_time_costs_that_order_and_not_the_report():
    good, undated = cancelled(invoiced(may_4(10)), may_4(12)), cancelled(invoiced(may_4(10)), None)

    collected = collect_credit_note_ages([undated, good], date(2026, 5, 14))

    assert [(age.days, age.overdue_on) for age in collected.rows] == [(10, date(2027, 12, 1))]
    assert [left.order_id for left in collected.left_out] == [undated.order_id]
    assert collected.rows == credit_note_ages(good, date(2026, 5, 14))


def test_without_the_time_of_its_e_invoice_the_age_is_known_and_the_deadline_is_not():
    collected = collect_credit_note_ages([cancelled(invoiced(None), may_4(12))], date(2030, 5, 14))

    assert [(age.urgency, age.overdue_on) for age in collected.rows] == [(Urgency.REMINDER, None)]
    assert collected.left_out == ()
