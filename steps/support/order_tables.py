"""Orders built from the rows of a data table: one order per row, its events in the columns, ``-`` for never."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from sop_engine import Invoicing, QualityCheck, Scope, SopError, Stage
from sop_engine.order import Order
from steps.support.driver import Driver
from steps.support.order_steps import Step, UntrueStepError, advance_to, cancel
from steps.support.report_tables import NOTHING, records
from steps.support.vocabulary import CANCELLERS, Vocabulary, time_in

Record = Mapping[str, str]
TimedStep = Callable[[Order, datetime, Record], Order]


class CountError(SopError):
    """A cell of a data table that should have a number of units."""

    def __init__(self, column: str, cell: str) -> None:
        super().__init__(f"column `{column}`: expected a number of units such as `3`, got `{cell}`")


TIMED_STEPS: dict[str, TimedStep] = {
    "posted": lambda order, at, _: order.post(at),
    "e-invoiced": lambda order, at, record: order.generate(at, invoice_number=record.get("invoice")),
    "pushed": lambda order, at, _: order.push(at),
    "cancelled": lambda order, at, record: cancel(order, CANCELLERS(record.get("by", "")), Scope.FULL, at=at),
    "credited": lambda order, at, _: order.make_credit_note(at),
}
"""The events that a column can have, with their times; events at equal times are applied in this order."""
PART_STEPS: dict[str, TimedStep] = {
    "part cancelled": lambda order, at, record: cancel(order, CANCELLERS(record["part by"]), Scope.PARTIAL, count_in(record, "part"), at),
    **TIMED_STEPS,
}
"""The same events, before them the cancellation of a part."""


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


def orders_cancelled_in_two_steps(table: Sequence[Sequence[str]], driver: Driver) -> list[Order]:
    """Build the orders of a table with the columns of `cancelled_orders`, and with units, part (its units), part by, part cancelled."""
    required = ["order", "units", "part", "part by", "part cancelled", "posted", "cancelled", "by"]
    return [_cancelled_in_two_steps(record, driver) for record in records(table, required, ["e-invoiced", "invoice", "pushed", "credited"])]


def returned_orders(table: Sequence[Sequence[str]], driver: Driver) -> list[Order]:
    """Build the dispatched orders of a table with the columns order, units and quality checks (one for each returned unit)."""
    return [_returned_order(record, driver) for record in records(table, ["order", "units", "quality checks"])]


def _cancelled_order(record: Record, driver: Driver) -> Order:
    return _after_steps(driver.new_order(record["order"], Invoicing.ERP, 1), TIMED_STEPS, record)


def _cancelled_in_two_steps(record: Record, driver: Driver) -> Order:
    order = _after_steps(driver.new_order(record["order"], Invoicing.ERP, count_in(record, "units")), PART_STEPS, record)
    if len(order.cancellations) != 2 or order.stage is not Stage.CANCELLED:  # noqa: PLR2004 (two steps)
        raise UntrueStepError(f"order `{order.order_id}` is not cancelled in two steps, first a part and then the rest; correct its row")
    return order


def _after_steps(order: Order, steps: Mapping[str, TimedStep], record: Record) -> Order:
    """Return *order*, allocated, after the steps whose columns have a time, in the order of the times."""
    order = order.allocate()
    times = {name: time_in(record[name]) for name in steps if record.get(name, NOTHING) != NOTHING}
    for name in sorted(times, key=lambda name: times[name]):
        order = steps[name](order, times[name], record)
    return order


def count_in(record: Record, column: str) -> int:
    """Parse the number of units in a cell.

    Raises:
        CountError: it is not a whole number.
    """
    if not record[column].isdecimal():
        raise CountError(column, record[column])
    return int(record[column])


def _returned_order(record: Record, driver: Driver) -> Order:
    order = advance_to(driver.new_order(record["order"], Invoicing.RMS, count_in(record, "units")), "dispatched")
    for check in record["quality checks"].split(", "):
        order = QUALITY_CHECKS(check)(order)
    return order
