"""Sentences about the two VMS reports, and about the age of the duties that cancelled orders leave."""

from collections.abc import Sequence
from datetime import date

from orders.duties import Age
from orders.vms_reports import CancelledAfterPosting, ReturnSalesInvoiceLine
from sop_engine import Reading
from sop_engine.order import Order
from steps.claims import Claims
from steps.driver import Driver
from steps.sentences import given, then, when
from steps.tables import row_checks, shown
from steps.told import cancelled_orders, returned_orders

REPORT = {"kind": "report", "facts": {}}
Row = CancelledAfterPosting | ReturnSalesInvoiceLine


@given("these orders, invoiced through the client's ERP", target_fixture="orders")
def _(datatable: Sequence[Sequence[str]], driver: Driver) -> list[Order]:
    return cancelled_orders(datatable, driver)


@given("these orders, each with the units that came back", target_fixture="orders")
def _(datatable: Sequence[Sequence[str]], driver: Driver) -> list[Order]:
    return returned_orders(datatable, driver)


@when("the client downloads the report of orders cancelled after posting, from {day} to {day}", target_fixture="rows")
def _(start: date, end: date, orders: list[Order], driver: Driver) -> Sequence[Row]:
    return driver.cancelled_after_posting(orders, start, end)


@when("the client gets the RSI report", target_fixture="rows")
def _(orders: list[Order], driver: Driver) -> Sequence[Row]:
    return driver.rsi_report(orders)


@when("the client looks at its credit notes on {day}", target_fixture="ages")
def _(today: date, orders: list[Order], driver: Driver) -> Sequence[Age]:
    return driver.credit_note_ages(orders, today)


@then("the report lists")
def _(datatable: Sequence[Sequence[str]], rows: Sequence[Row], claims: Claims) -> None:
    claims.check_all(REPORT, row_checks(datatable, rows), reading=Reading.AS_PRACTISED)


@then("the report is empty")
def _(rows: Sequence[Row], claims: Claims) -> None:
    claims.check(REPORT, "rows", [], shown(rows, ["order"]), reading=Reading.AS_PRACTISED)


@then("the ages of the credit notes are")
def _(datatable: Sequence[Sequence[str]], ages: Sequence[Age], claims: Claims) -> None:
    claims.check_all(REPORT, row_checks(datatable, ages), reading=Reading.AS_PRACTISED)
