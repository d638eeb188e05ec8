"""The two VMS reports of the SOP, as functions over orders.

The SOP fixes only what each lists: orders cancelled after they were posted, by a range of dates; and returns, down to the
single item. The columns are our proposal: no public page shows the real ones. A column without data in an order (an article,
a tax) is None until an intake of real orders fills it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from orders.collected import Collected, LeftOut
from orders.log.india import TimeWithoutZoneError, day_of
from sop_engine import Canceller, EInvoice, Outcome, QualityCheck, SopError, Stage
from sop_engine.order import Cancellation, Order, ReturnedUnit


class DateRangeError(SopError):
    """A date range that ends before it begins."""

    def __init__(self, start: date, end: date) -> None:
        super().__init__(f"the report's range begins on {start} and ends on {end}; give the earlier day first")


class UndatedCancellationError(SopError):
    """A cancelled order without a time of cancellation, so that no date range contains it."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"order `{order_id}` is CANCELLED without a time; record the time of its cancellation")
        self.order_id = order_id


@dataclass(frozen=True, slots=True)
class CancelledAfterPosting:
    """A row of the report of orders cancelled after posting; the columns are our proposal, not the SOP's.

    Attributes:
        cancelled_by: the seller or Ajio.
        oms_status_at_cancel: stage of the order when it was cancelled.
        invoice_number, invoice_pushed_at: None as long as Increff has not received the e-invoice, even if the ERP has made it.
        quantity: units that the cancellation took.
    """

    channel_order_id: str
    posted_at: datetime | None
    cancelled_at: datetime
    cancelled_by: Canceller
    oms_status_at_cancel: Stage
    quantity: int
    invoice_number: str | None = None
    invoice_pushed_at: datetime | None = None
    oms_order_id: str | None = None
    forward_purchase_order: str | None = None
    wms_status_at_cancel: str | None = None
    irn_number: str | None = None
    channel_sku_code: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnSalesInvoiceLine:
    """A row of the RSI report: one returned unit; the columns are our proposal, not the SOP's.

    Attributes:
        item_code: the unit's number within its order, from 1.
        qc_status: pass, fail or missing.
        processed_at: when the quality check was recorded, which makes the return successfully processed (GAP-42).
    """

    forward_order_code: str
    item_code: int
    qc_status: QualityCheck
    processed_at: datetime | None
    forward_invoice_number: str | None = None
    rsi_number: str | None = None
    rsi_date: date | None = None
    return_order_code: str | None = None
    return_type: str | None = None
    forward_purchase_order: str | None = None
    channel_sku_code: str | None = None
    qc_reason: str | None = None
    awb_number: str | None = None
    taxable_value: int | None = None
    gst_rate: int | None = None
    tax_amount: int | None = None


def cancelled_after_posting(orders: Iterable[Order], start: date, end: date) -> tuple[CancelledAfterPosting, ...]:
    """List the orders cancelled in full after they were posted to the client's ERP, by time of cancellation.

    *start* and *end* are days of cancellation in Asia/Kolkata, both included (GAP-41). An order is listed because it was
    posted, whether or not it was ever invoiced (GAP-26); an order of which only some units were cancelled is not a cancelled order.

    Raises:
        DateRangeError: *end* is before *start*.
        UndatedCancellationError, TimeWithoutZoneError: a cancelled order has no time of cancellation, or one without a zone.
    """
    if end < start:
        raise DateRangeError(start, end)
    return _in_range([_cancelled(order) for order in orders if _is_listed(order)], start, end)


def collect_cancelled_after_posting(orders: Iterable[Order], start: date, end: date) -> Collected[CancelledAfterPosting]:
    """List the same orders; one whose cancellation has no certain day is left out with the reason, and the others are listed.

    Raises:
        DateRangeError: *end* is before *start*.
    """
    if end < start:
        raise DateRangeError(start, end)
    rows, left_out = [], []
    for order in filter(_is_listed, orders):
        try:
            row = _cancelled(order)
            day_of(row.cancelled_at)
        except (UndatedCancellationError, TimeWithoutZoneError) as error:
            left_out.append(LeftOut(order.order_id, str(error)))
        else:
            rows.append(row)
    return Collected(_in_range(rows, start, end), tuple(left_out))


def rsi_report(orders: Iterable[Order]) -> tuple[ReturnSalesInvoiceLine, ...]:
    """List the returned units whose quality check is recorded, in the order of *orders* and of their units."""
    return tuple(
        _returned(order, unit) for order in orders for unit in order.returns if unit.quality_check is not QualityCheck.NOT_RECORDED
    )


def _is_listed(order: Order) -> bool:
    return order.was_posted and order.stage is Stage.CANCELLED


def _in_range(rows: Iterable[CancelledAfterPosting], start: date, end: date) -> tuple[CancelledAfterPosting, ...]:
    listed = [row for row in rows if start <= day_of(row.cancelled_at) <= end]
    return tuple(sorted(listed, key=lambda row: (row.cancelled_at, row.channel_order_id)))


def _cancelled(order: Order) -> CancelledAfterPosting:
    if order.cancelled_at is None:
        raise UndatedCancellationError(order.order_id)
    ending = _ending(order)
    received = order.e_invoice is EInvoice.PUSHED
    return CancelledAfterPosting(
        channel_order_id=order.order_id,
        posted_at=order.posted_at,
        cancelled_at=order.cancelled_at,
        cancelled_by=ending.canceller,
        oms_status_at_cancel=ending.stage,
        quantity=ending.units,
        invoice_number=order.invoice_number if received else None,
        invoice_pushed_at=_time_of(order, "e-invoice pushed"),
    )


def _ending(order: Order) -> Cancellation:
    """Return the cancellation that ended the order: the last one that was allowed."""
    return [cancel for cancel in order.cancellations if cancel.decision.outcome is Outcome.ALLOWED][-1]


def _returned(order: Order, unit: ReturnedUnit) -> ReturnSalesInvoiceLine:
    return ReturnSalesInvoiceLine(
        forward_order_code=order.order_id,
        item_code=unit.number,
        qc_status=unit.quality_check,
        processed_at=unit.checked_at,
        forward_invoice_number=order.invoice_number,
    )


def _time_of(order: Order, name: str) -> datetime | None:
    return next((event.at for event in order.history if event.name == name), None)
