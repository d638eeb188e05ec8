"""The two VMS reports from real orders: cancelled after posting by days of cancellation, and returned units.

An order that cannot be placed is left out with the reason, and the others are listed. A fact that is a set of words is shown as such.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from orders.audit.cancellations import FULL, NO, YES
from orders.audit.findings import words_of
from orders.audit.rows.columns import ABSENT, NEVER
from orders.audit.rows.days import day_at
from orders.audit.rules.context import Context
from orders.audit.tables import Kind
from orders.collected import Collected, LeftOut
from orders.vms_reports import DateRangeError

CHECKED = ("pass", "fail", "missing")


@dataclass(frozen=True, slots=True)
class ListedCancellation:
    """A row of the report of orders cancelled after posting; the columns are our proposal, not the SOP's.

    Attributes:
        canceller, stage, e_invoice: words at the cancellation, joined by *or* where several are possible.
        units: that the cancellation took; None if unknown.
        invoice: the numbers of its e-invoices, joined by commas; None if none is known.
        source, row: where the cancellation stands.
    """

    order: str
    posted_on: date | None
    cancelled_on: date
    canceller: str
    stage: str
    e_invoice: str
    units: int | None
    invoice: str | None
    source: int
    row: int


@dataclass(frozen=True, slots=True)
class ListedReturn:
    """A row of the RSI report: a returned unit, or several of one kind, whose quality check is recorded."""

    order: str
    unit: str | None
    units: int | None
    quality_check: str
    received_on: date | None
    invoice: str | None
    source: int
    row: int


def cancelled_after_posting(context: Context, start: date, end: date) -> Collected[ListedCancellation]:
    """List the orders cancelled in full after posting, with a day of cancellation from *start* to *end*, both included (GAP-41).

    Raises:
        DateRangeError: *end* is before *start*.
    """
    if end < start:
        raise DateRangeError(start, end)
    cancellations, requests = context.cancellations, context.evidence.requests
    full = (cancellations.effect != NO) & (cancellations.scope & FULL != 0)
    not_posted = cancellations.e_invoice == 1
    rows, left_out = [], []
    for place in np.flatnonzero(full & ~not_posted).tolist():
        order = context.evidence.order_text(int(cancellations.order[place]))
        why = _why_not_placed(context, place)
        if why:
            left_out.append(LeftOut(order, f"order `{order}` {why}"))
            continue
        day = day_at(int(cancellations.start[place]))
        if not start <= day <= end:
            continue
        posted = int(context.times.moments["posted"].start[cancellations.order[place]])
        request = int(cancellations.rows[place])
        rows.append(
            ListedCancellation(
                order=order,
                posted_on=None if posted == NEVER else day_at(posted),
                cancelled_on=day,
                canceller=words_of("canceller", int(cancellations.canceller[place])),
                stage=words_of("stage", int(cancellations.stage[place])),
                e_invoice=words_of("e_invoice", int(cancellations.e_invoice[place])),
                units=None if cancellations.units[place] == ABSENT else int(cancellations.units[place]),
                invoice=_invoices(context, int(cancellations.order[place]), request),
                source=int(requests["source"][request]),
                row=int(requests["row"][request]),
            )
        )
    left_out += _set_aside(context)
    return Collected(tuple(sorted(rows, key=lambda row: (row.cancelled_on, row.order, row.source, row.row))), tuple(left_out))


def _invoices(context: Context, order: int, request: int | None = None) -> str | None:
    """Return the numbers of all e-invoices of *order*, those that the *request* concerns if there is one."""
    rows = [request] if request is not None else context.rows_of(order) or [ABSENT]
    numbers = {invoice.number for row in rows for invoice in context.order_invoices.of_request(order, row)}
    texts = [context.evidence.document_text(number) for number in numbers]
    return ", ".join(sorted(text for text in texts if text is not None)) or None


def _why_not_placed(context: Context, place: int) -> str | None:
    """Return why it is not known whether the report has the cancellation at *place*; None if it is given."""
    cancellations = context.cancellations
    if cancellations.start[place] == NEVER:
        return "is cancelled without a time; record the time of its cancellation"
    if day_at(int(cancellations.start[place])) != day_at(int(cancellations.end[place]) - 1):
        return "has a time of cancellation that covers several days; record the day"
    if cancellations.result_unknown[place]:
        return "may be cancelled or not; bring the result of its cancellation"
    if cancellations.effect[place] != YES or cancellations.scope[place] != FULL:
        return "may be cancelled in full or not; bring its stage and its units"
    if cancellations.e_invoice[place] & 1:
        return "may be posted or not; bring the time of its posting"
    return None


def _set_aside(context: Context) -> list[LeftOut]:
    """Return the orders of rows set aside that no request has."""
    aside = context.evidence.aside
    wanted = context.evidence.systems("aside", "Assure OMS", "WMS", "VMS report") & (aside["order"] != ABSENT)
    orders = [order for order in np.unique(aside["order"][wanted]).tolist() if not context.known_orders[order]]
    texts = sorted(context.evidence.order_text(order) for order in orders)
    return [LeftOut(text, f"order `{text}` is only in a row that was set aside; correct the row") for text in texts]


def rsi_report(context: Context) -> Collected[ListedReturn]:
    """List the returned units whose quality check is recorded (GAP-42); those without an order are left out."""
    documents, table = context.evidence.documents, context.evidence.texts.documents
    if "quality_check" not in table.column_names:
        return Collected((), ())
    checks = table.column("quality_check")
    rows, left_out = [], []
    for place in np.flatnonzero(documents["kind"] == Kind.RETURN).tolist():
        check, order = checks[place].as_py(), int(documents["order"][place])
        if check not in CHECKED:
            continue
        seen = context.ledger.rows.seen(place)
        if order == ABSENT:
            left_out.append(LeftOut("", f"row {seen.row} of source {seen.source} names no order; enter it"))
            continue
        start, units = int(documents["dated_start"][place]), int(documents["units"][place])
        rows.append(
            ListedReturn(
                order=context.evidence.order_text(order),
                unit=table.column("unit_key")[place].as_py() if "unit_key" in table.column_names else None,
                units=None if units == ABSENT else units,
                quality_check=check,
                received_on=None if start == NEVER else day_at(start),
                invoice=_invoices(context, order),
                source=seen.source,
                row=seen.row,
            )
        )
    return Collected(tuple(sorted(rows, key=lambda row: (row.order, row.unit or "", row.source, row.row))), tuple(left_out))
