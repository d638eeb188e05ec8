"""Orders built from the rows of a data table: one order per row, its events in the columns, ``-`` for never."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sop_engine import Invoicing, QualityCheck, Scope
from sop_engine.errors import ImpossibleStepError
from sop_engine.text import counted
from steps.definitions.tables import CellFault, Column, FilledTable, RowFaults, Table, TableError, TableRow
from steps.driver.order_life import EventRejectedError, OrderLife
from steps.driver.protocol import Driver
from steps.support.cell_kinds import NOTHING, TEXT, TIME, UNITS
from steps.support.order_steps import Step, UntrueStepError, advance_to, cancel
from steps.support.vocabulary import CANCELLERS, Vocabulary, list_of, words_of

TimedStep = Callable[[OrderLife, datetime, TableRow], OrderLife]


def _with_cancelled_part(order: OrderLife, at: datetime, row: TableRow) -> OrderLife:
    cancelled = cancel(order, row["part by"], Scope.PARTIAL, row["part"], at)
    if cancelled.pending_partial:
        raise UntrueStepError("a partial cancellation by Ajio under the client's ERP fails at packing", "let the seller cancel it")
    return cancelled


TIMED_STEPS: dict[str, TimedStep] = {
    "posted": lambda order, at, _: order.post(at),
    "e-invoiced": lambda order, at, row: order.generate(at, invoice_number=row["invoice"]),
    "pushed": lambda order, at, _: order.push(at),
    "cancelled": lambda order, at, row: cancel(order, row["by"], Scope.FULL, at=at),
    "credited": lambda order, at, _: order.make_credit_note(at),
}
"""The events that a column can have, with their times; events at equal times are applied in this order."""
PART_STEPS: dict[str, TimedStep] = {
    "part cancelled": _with_cancelled_part,
    **TIMED_STEPS,
}
"""The same events, before them a partial cancellation."""


def _with_returned_unit(order: OrderLife) -> OrderLife:
    return order.return_unit()


def _with_checked_unit(check: QualityCheck, order: OrderLife) -> OrderLife:
    returned = order.return_unit()
    return returned.record_quality_check(check, number=returned.returns[-1].number)


QUALITY_CHECKS: Vocabulary[Step] = Vocabulary(
    "quality check",
    {
        "not recorded": _with_returned_unit,
        **{str(check): partial(_with_checked_unit, check) for check in (QualityCheck.PASS, QualityCheck.FAIL, QualityCheck.MISSING)},
    },
)
"""The meaning of each quality check of a row: a returned unit with its result."""


def _faults_of_cancelled_order(row: TableRow) -> RowFaults:
    """Yield the values of a row that mean nothing without another one."""
    for column, needed in (("cancelled", "by"), ("by", "cancelled"), ("invoice", "e-invoiced")):
        if row[column] is not None and row[needed] is None:
            message = f"the order of this row has a value of `{column}` and none of `{needed}`"
            yield column, (message, f"write the value of `{needed}`, or `{NOTHING}` here")


def _faults_of_returned_order(row: TableRow) -> RowFaults:
    """Yield more returned units than the order has."""
    returned = len(row["quality checks"] or ())
    if returned > row["units"]:
        message = f"{counted(returned, 'unit')} came back of an order of {counted(row['units'], 'unit')}"
        yield "quality checks", (message, "write a quality check for each unit that came back, and no more units than the order has")


def _faults_of_order_in_two_steps(row: TableRow) -> RowFaults:
    """Yield the faults of a cancelled order, and a partial cancellation that leaves nothing for the second step."""
    yield from _faults_of_cancelled_order(row)
    if row["part"] >= row["units"]:
        message = f"cancelling {counted(row['part'], 'unit')} leaves nothing of an order of {counted(row['units'], 'unit')}"
        yield "part", (message, "write fewer units than the order has")


def _optional(name: str) -> Column:
    return Column(name, TIME, required=False, nothing=NOTHING)


CANCELLED_ORDERS = Table(
    (
        Column("order", TEXT, unique=True),
        *map(_optional, TIMED_STEPS),
        Column("by", words_of(CANCELLERS), required=False, nothing=NOTHING),
        Column("invoice", TEXT, required=False, nothing=NOTHING),
    ),
    check_row=_faults_of_cancelled_order,
)
"""Orders invoiced through the client's ERP, with the time of each event."""

ORDERS_CANCELLED_IN_TWO_STEPS = Table(
    (
        Column("order", TEXT, unique=True),
        *(Column(name, UNITS) for name in ("units", "part")),
        *(Column(name, words_of(CANCELLERS)) for name in ("part by", "by")),
        *(Column(name, TIME) for name in ("part cancelled", "cancelled")),
        *(_optional(name) for name in TIMED_STEPS if name != "cancelled"),
        Column("invoice", TEXT, required=False, nothing=NOTHING),
    ),
    check_row=_faults_of_order_in_two_steps,
)
"""The same orders with their units: first some of them were cancelled, and then the rest."""

RETURNED_ORDERS = Table(
    (Column("order", TEXT, unique=True), Column("units", UNITS), Column("quality checks", list_of(QUALITY_CHECKS), nothing=NOTHING)),
    check_row=_faults_of_returned_order,
)
"""Dispatched orders, with a quality check for each returned unit."""


def has_late_e_invoice(_: str, table: FilledTable) -> bool:
    """Return whether the e-invoice of an order of *table* was made after the order was cancelled."""
    return any(row["e-invoiced"] and row["cancelled"] and row["e-invoiced"] > row["cancelled"] for row in table.rows)


def cancelled_orders(table: FilledTable, driver: Driver) -> list[OrderLife]:
    """Build the orders of `CANCELLED_ORDERS`.

    Raises:
        TableError: the order refuses an event of its row.
    """
    return [_after_steps(driver.new_order(row["order"], Invoicing.ERP, 1), TIMED_STEPS, row, table.columns) for row in table.rows]


def orders_cancelled_in_two_steps(table: FilledTable, driver: Driver) -> list[OrderLife]:
    """Build the orders of `ORDERS_CANCELLED_IN_TWO_STEPS`.

    Raises:
        TableError: the order refuses an event of its row.
    """
    return [_after_steps(driver.new_order(row["order"], Invoicing.ERP, row["units"]), PART_STEPS, row, table.columns) for row in table.rows]


def returned_orders(table: FilledTable, driver: Driver) -> list[OrderLife]:
    """Build the orders of `RETURNED_ORDERS`."""
    return [_returned_order(row, driver) for row in table.rows]


def _after_steps(order: OrderLife, steps: Mapping[str, TimedStep], row: TableRow, columns: tuple[str, ...]) -> OrderLife:
    """Return *order*, allocated, after the steps whose columns have a time, in the order of the times."""
    order = order.allocate()
    times = {name: row[name] for name in steps if row[name] is not None}
    for name in sorted(times, key=lambda name: times[name]):
        try:
            order = steps[name](order, times[name], row)
        except (ImpossibleStepError, EventRejectedError, UntrueStepError) as error:
            fault = CellFault(row.number, columns.index(name), error.reason, "correct the times of this row")
            raise TableError([fault], has_heading=True) from None
    return order


def _returned_order(row: TableRow, driver: Driver) -> OrderLife:
    order = advance_to(driver.new_order(row["order"], Invoicing.RMS, row["units"]), "dispatched")
    for add_returned_unit in row["quality checks"] or ():
        order = add_returned_unit(order)
    return order
