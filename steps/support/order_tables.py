"""Orders built from the rows of a data table: one order per row, its events in the columns, ``-`` for never."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from sop_engine import Invoicing, QualityCheck, Scope
from sop_engine.order import Order
from steps.support.driver import Driver
from steps.support.order_steps import Step, advance_to, cancel
from steps.support.report_tables import NOTHING, records
from steps.support.vocabulary import CANCELLERS, Vocabulary, time_in

Record = Mapping[str, str]

TIMED_STEPS: dict[str, Callable[[Order, datetime, Record], Order]] = {
    "posted": lambda order, at, _: order.post(at),
    "e-invoiced": lambda order, at, record: order.generate(at, invoice_number=record.get("invoice")),
    "pushed": lambda order, at, _: order.push(at),
    "cancelled": lambda order, at, record: cancel(order, CANCELLERS(record.get("by", "")), Scope.FULL, at=at),
    "credited": lambda order, at, _: order.make_credit_note(at),
}
"""The events that a column can have, with their times; events at equal times are applied in this order."""


def _with_returned_unit(order: Order) -> Order:
    return order.return_unit()


def _with_checked_unit(check: QualityCheck, order: Order) -> Order:
    returned = order.return_unit()
    return returned.record_quality_check(check, number=returned.returns[-1].number)


QUALITY_CHECKS: Vocabulary[Step] = Vocabulary(
    "quality check",
    {
        NOTHING: lambda order: order,
        "not recorded": _with_returned_unit,
        **{str(check): partial(_with_checked_unit, check) for check in (QualityCheck.PASS, QualityCheck.FAIL, QualityCheck.MISSING)},
    },
)
"""The meaning of each quality check of a row: a returned unit with its result; ``-`` for no unit."""


def cancelled_orders(table: Sequence[Sequence[str]], driver: Driver) -> list[Order]:
    """Build the orders of a table with the columns order, by, invoice and `TIMED_STEPS`."""
    return [_cancelled_order(record, driver) for record in records(table, ["order"], ["by", "invoice", *TIMED_STEPS])]


def returned_orders(table: Sequence[Sequence[str]], driver: Driver) -> list[Order]:
    """Build the dispatched orders of a table with the columns order, units and quality checks (one for each returned unit)."""
    return [_returned_order(record, driver) for record in records(table, ["order", "units", "quality checks"])]


def _cancelled_order(record: Record, driver: Driver) -> Order:
    order = driver.new_order(record["order"], Invoicing.ERP, 1).allocate()
    times = {name: time_in(record[name]) for name in TIMED_STEPS if record.get(name, NOTHING) != NOTHING}
    for name in sorted(times, key=lambda name: times[name]):
        order = TIMED_STEPS[name](order, times[name], record)
    return order


def _returned_order(record: Record, driver: Driver) -> Order:
    order = advance_to(driver.new_order(record["order"], Invoicing.RMS, int(record["units"])), "dispatched")
    for check in record["quality checks"].split(", "):
        order = QUALITY_CHECKS(check)(order)
    return order
