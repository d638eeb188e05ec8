"""The two VMS reports: what is listed, on which day, and with what."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from orders.log.india import INDIA, TimeWithoutZoneError, day_of
from orders.vms_reports import (
    DateRangeError,
    UndatedCancellationError,
    cancelled_after_posting,
    collect_cancelled_after_posting,
    rsi_report,
)
from sop_engine import Canceller, Invoicing, QualityCheck, Scope, Stage
from sop_engine.order import Order

MAY_4 = date(2026, 5, 4)


def test_an_order_is_listed_because_it_was_posted():
    """The e-invoice makes no difference to who is listed (GAP-26)."""
    orders = [allocated("A"), posted("B"), invoiced("C"), pushed("D")]

    rows = cancelled_after_posting([cancelled(order) for order in orders], MAY_4, MAY_4)

    assert [row.channel_order_id for row in rows] == ["B", "C", "D"]


def test_an_order_that_goes_on_is_not_listed():
    assert cancelled_after_posting([posted("A"), pushed("B")], MAY_4, MAY_4) == ()


def test_an_order_with_a_part_cancelled_is_not_a_cancelled_order():
    part_gone, _ = allocated("A", units=3).cancel(Canceller.SELLER, Scope.PARTIAL, 1, at=may(4, 11))

    assert cancelled_after_posting([part_gone.post(may(4, 12))], MAY_4, MAY_4) == ()


def test_an_order_under_rms_is_never_posted_and_never_listed():
    order = Order.created("A", Invoicing.RMS).allocate().release()

    assert cancelled_after_posting([cancelled(order)], MAY_4, MAY_4) == ()


@pytest.mark.parametrize(
    ("at", "listed"),
    [
        (datetime(2026, 5, 3, 18, 29, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 3, 18, 30, tzinfo=UTC), True),
        (datetime(2026, 5, 4, 18, 29, 59, 999999, tzinfo=UTC), True),
        (datetime(2026, 5, 4, 18, 30, tzinfo=UTC), False),
        (datetime(2026, 5, 4, 0, 0, tzinfo=INDIA), True),
        (datetime(2026, 5, 4, 23, 59, 59, tzinfo=INDIA), True),
        (datetime(2026, 5, 3, 9, 0, tzinfo=timezone(timedelta(hours=-10))), True),
    ],
)
def test_a_day_begins_and_ends_in_india(at, listed):
    """Whatever zone a time was written in (GAP-41)."""
    rows = cancelled_after_posting([cancelled(posted("A"), at)], MAY_4, MAY_4)

    assert bool(rows) is listed


def test_both_ends_of_the_range_are_included():
    orders = [cancelled(posted(str(day)), may(day, 12)) for day in (3, 4, 5, 6, 7)]

    rows = cancelled_after_posting(orders, date(2026, 5, 4), date(2026, 5, 6))

    assert [row.channel_order_id for row in rows] == ["4", "5", "6"]


def test_rows_come_by_time_of_cancellation_and_then_by_order():
    orders = [cancelled(posted("C"), may(4, 12)), cancelled(posted("B"), may(4, 12)), cancelled(posted("A"), may(4, 13))]

    rows = cancelled_after_posting(orders, MAY_4, MAY_4)

    assert [row.channel_order_id for row in rows] == ["B", "C", "A"]


def test_a_row_says_who_cancelled_what_and_where_it_stood():
    order, _ = pushed("A", units=2).release(may(4, 11)).cancel(Canceller.AJIO, Scope.FULL, at=may(4, 12))

    [row] = cancelled_after_posting([order], MAY_4, MAY_4)

    assert (row.cancelled_by, row.oms_status_at_cancel, row.quantity) == (Canceller.AJIO, Stage.PROCESSING, 2)
    assert (row.posted_at, row.cancelled_at) == (may(4, 9), may(4, 12))


def test_a_row_names_the_cancellation_that_ended_the_order():
    """Neither a part that failed before it nor a repetition after it."""
    order, _ = posted("A", units=2).cancel(Canceller.AJIO, Scope.PARTIAL, 1, at=may(4, 10))
    order, _ = order.cancel(Canceller.SELLER, Scope.FULL, at=may(4, 11))
    order, _ = order.cancel(Canceller.AJIO, Scope.FULL, at=may(4, 12))

    [row] = cancelled_after_posting([order], MAY_4, MAY_4)

    assert (row.cancelled_by, row.cancelled_at) == (Canceller.SELLER, may(4, 11))


def test_a_part_that_was_cancelled_before_posting_did_not_end_the_order():
    """The row is that of the rest, with the units that were left."""
    order, _ = allocated("A", units=5).cancel(Canceller.SELLER, Scope.PARTIAL, 3, at=may(4, 8))
    order, _ = order.post(may(4, 9)).cancel(Canceller.AJIO, Scope.FULL, at=may(4, 11))

    [row] = cancelled_after_posting([order], MAY_4, MAY_4)

    assert (row.cancelled_by, row.quantity, row.cancelled_at) == (Canceller.AJIO, 2, may(4, 11))


def test_an_e_invoice_that_increff_has_not_received_is_not_named():
    rows = cancelled_after_posting([cancelled(invoiced("A")), cancelled(pushed("B"))], MAY_4, MAY_4)

    assert [(row.invoice_number, row.invoice_pushed_at) for row in rows] == [(None, None), ("INV-B", may(4, 10))]


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(DateRangeError, match="begins on 2026-05-05 and ends on 2026-05-04"):
        cancelled_after_posting([], date(2026, 5, 5), MAY_4)


def test_a_cancelled_order_without_a_time_is_refused_not_left_out():
    order, _ = posted("A7").cancel(Canceller.SELLER, Scope.FULL)

    with pytest.raises(UndatedCancellationError, match="`A7`"):
        cancelled_after_posting([order], MAY_4, MAY_4)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(TimeWithoutZoneError, match="has no zone"):
        day_of(datetime(2026, 5, 4, 12, 0))  # noqa: DTZ001 (that is the point)


def test_each_processed_unit_is_a_row():
    order = returned(dispatched("A", 3), QualityCheck.PASS, QualityCheck.FAIL, QualityCheck.MISSING)

    rows = rsi_report([order])

    assert [(row.forward_order_code, row.item_code, row.qc_status) for row in rows] == [
        ("A", 1, QualityCheck.PASS),
        ("A", 2, QualityCheck.FAIL),
        ("A", 3, QualityCheck.MISSING),
    ]


def test_a_unit_that_waits_for_its_quality_check_is_not_listed():
    order = returned(dispatched("A", 3).return_unit(), QualityCheck.FAIL)

    assert [(row.item_code, row.qc_status) for row in rsi_report([order])] == [(2, QualityCheck.FAIL)]


def test_an_order_of_which_nothing_came_back_is_not_listed():
    assert rsi_report([dispatched("A", 2)]) == ()


def may(day, hour):
    return datetime(2026, 5, day, hour, tzinfo=INDIA)


def allocated(order_id, units=1):
    return Order.created(order_id, Invoicing.ERP, units).allocate()


def posted(order_id, units=1):
    return allocated(order_id, units).post(may(4, 9))


def invoiced(order_id, units=1):
    return posted(order_id, units).generate(may(4, 9), invoice_number=f"INV-{order_id}")


def pushed(order_id, units=1):
    return invoiced(order_id, units).push(may(4, 10))


def cancelled(order, at=None):
    return order.cancel(Canceller.SELLER, Scope.FULL, at=at or may(4, 12))[0]


def dispatched(order_id, units):
    return Order.created(order_id, Invoicing.RMS, units).allocate().release().pack().ready().dispatch()


def returned(order, *checks):
    for check in checks:
        order = order.return_unit()
        order = order.record_quality_check(check, number=order.returns[-1].number)
    return order


def test_one_undated_order_costs_that_order_and_not_the_report():
    good, (undated, _) = cancelled(posted("A")), posted("B").cancel(Canceller.SELLER, Scope.FULL)

    collected = collect_cancelled_after_posting([undated, good], MAY_4, MAY_4)

    assert [row.channel_order_id for row in collected.rows] == ["A"]
    assert [left.order_id for left in collected.left_out] == ["B"]
    assert "record the time" in collected.left_out[0].reason
    assert collect_cancelled_after_posting([good], MAY_4, MAY_4).rows == cancelled_after_posting([good], MAY_4, MAY_4)


def test_an_order_whose_time_has_no_zone_is_left_out_too():
    collected = collect_cancelled_after_posting([cancelled(posted("A"), datetime(2026, 5, 4, 12))], MAY_4, MAY_4)  # noqa: DTZ001

    assert (collected.rows, [left.order_id for left in collected.left_out]) == ((), ["A"])


def test_a_range_that_ends_before_it_begins_is_refused_by_the_collecting_report_too():
    with pytest.raises(DateRangeError):
        collect_cancelled_after_posting([], date(2026, 5, 5), MAY_4)
