"""Steps about the two VMS reports, and about the age of credit-note duties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from sop_engine import Reading
from steps.definitions.decorators import given, then, when
from steps.definitions.tables import FilledTable
from steps.driver.order_life import OrderLife
from steps.driver.protocol import Driver
from steps.support.claims import Claims
from steps.support.idle_facts import idle_annual_return, idle_columns, idle_day, idle_range
from steps.support.order_tables import (
    CANCELLED_ORDERS,
    ORDERS_CANCELLED_IN_TWO_STEPS,
    RETURNED_ORDERS,
    cancelled_orders,
    has_late_e_invoice,
    orders_cancelled_in_two_steps,
    returned_orders,
)
from steps.support.report_tables import AGES, REPORT, row_checks, rows_in_words


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of a report, with the facts of the request: which report, for which days."""

    facts: dict[str, str]
    rows: Sequence[object]

    @property
    def subject(self) -> dict[str, object]:
        """The subject of a claim about the report."""
        return {"kind": "report", "facts": self.facts}


@given(
    "these orders, invoiced through the client's ERP",
    target_fixture="orders",
    table=CANCELLED_ORDERS,
    about={"GAP-17": has_late_e_invoice},
    idle=idle_columns,
)
def _(datatable: FilledTable, driver: Driver) -> list[OrderLife]:
    """One row for each order: its number and the times when it was posted, e-invoiced, pushed and cancelled."""
    return cancelled_orders(datatable, driver)


@given(
    "these orders, invoiced through the client's ERP and cancelled in two steps",
    target_fixture="orders",
    table=ORDERS_CANCELLED_IN_TWO_STEPS,
    idle=idle_columns,
    about={"GAP-17": has_late_e_invoice, "GAP-54": ""},
)
def _(datatable: FilledTable, driver: Driver) -> list[OrderLife]:
    """One row for each order: how many units it had, how many of them were cancelled first, by whom and when, and then the rest."""
    return orders_cancelled_in_two_steps(datatable, driver)


@given("these orders, each with the units that came back", target_fixture="orders", table=RETURNED_ORDERS)
def _(datatable: FilledTable, driver: Driver) -> list[OrderLife]:
    """One row for each order, with the quality checks of the units that were returned."""
    return returned_orders(datatable, driver)


@pytest.fixture
def annual_returns() -> Mapping[int, date]:
    """Default: no annual return is furnished."""
    return {}


@given(
    "the annual return for the year to March {year} was furnished on {day}",
    target_fixture="annual_returns",
    follows=["the annual return for the year to March {year} was furnished on {day}"],
    keyed=True,
    idle=idle_annual_return,
)
def _(year: int, day: date, annual_returns: Mapping[int, date]) -> Mapping[int, date]:
    """By law, credit notes of that financial year must be declared by that day, if it is before 30 November."""
    return {**annual_returns, year: day}


@when(
    "the client downloads the report of orders cancelled after posting, from {day} to {day}",
    target_fixture="listing",
    about={"SC-ERP-FULL-1.1.1": "", "SC-ERP-FULL-2.1.1": "", "AC-ERP-FULL-1.1.1": "", "AC-ERP-PART-1.3": "", "GAP-26": "", "GAP-41": ""},
    idle=idle_range,
)
def _(start: date, end: date, orders: list[OrderLife], driver: Driver, claims: Claims) -> Listing:
    """The VMS report for a date range, both days included (GAP-41)."""
    claims.attempt()
    facts = {"report": "cancelled after posting", "from": str(start), "to": str(end)}
    return Listing(facts, driver.cancelled_after_posting(orders, start, end))


@when("the client gets the RSI report", target_fixture="listing", about={"RT-RSI": "", "RT-RSI-2": "", "GAP-42": ""})
def _(orders: list[OrderLife], driver: Driver, claims: Claims) -> Listing:
    """The VMS report with a row for each returned unit."""
    claims.attempt()
    return Listing({"report": "RSI"}, driver.rsi_report(orders))


@when(
    "the client looks at its credit notes on {day}",
    target_fixture="listing",
    about={"GAP-26": "", "GAP-43": ""},
    idle=idle_day,
)
def _(today: date, orders: list[OrderLife], annual_returns: Mapping[int, date], driver: Driver, claims: Claims) -> Listing:
    """The age on that day of every credit-note duty that had arisen by then; what happened later does not count."""
    claims.attempt()
    facts = {"report": "age of credit notes", "on": str(today)}
    facts |= {f"annual return to March {year}": str(day) for year, day in annual_returns.items()}
    return Listing(facts, driver.credit_note_ages(orders, today, annual_returns))


@then("the report lists", table=REPORT)
def _(datatable: FilledTable, listing: Listing, claims: Claims) -> None:
    """Exactly these rows, in this order."""
    claims.check_all(listing.subject, row_checks(datatable, listing.rows), reading=Reading.AS_PRACTISED)


@then("the report is empty")
def _(listing: Listing, claims: Claims) -> None:
    """The report has no row."""
    claims.check(listing.subject, "rows", [], rows_in_words(listing.rows, ["order"]), reading=Reading.AS_PRACTISED)


@then("the ages of the credit notes are", table=AGES)
def _(datatable: FilledTable, listing: Listing, claims: Claims) -> None:
    """Each duty with its age, our reminder and the legal deadline (GAP-43)."""
    claims.check_all(listing.subject, row_checks(datatable, listing.rows), reading=Reading.AS_PRACTISED)
