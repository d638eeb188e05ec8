"""Steps about the audit of real orders: exports as tables, and what the audit finds in them.

The exports are written as files and read and audited as `sop audit` does it. Its libraries are imported when the first such step runs,
because most features do not need them.
"""

from datetime import date

import pytest

from sop_engine import Invoicing, Reading
from steps.definitions.decorators import ANY_SENTENCE, given, parameter, then, when
from steps.definitions.tables import FilledTable
from steps.driver.protocol import Driver
from steps.support.audit_tables import (
    AJIO,
    ASSURE,
    AUDIT_DUTIES,
    AUDIT_FINDINGS,
    CLAIMS,
    ERP,
    PORTAL,
    RSI,
    SET_ASIDE,
    VMS,
    VMS_CANCELLED,
    VMS_RETURNED,
    WAREHOUSE_RETURNS,
)
from steps.support.audits import FINDINGS_FACET, AuditPlan, AuditRun, aside_checks, duty_checks, finding_checks, report_checks, run_of_plan
from steps.support.claims import Claims

NOT_CLAIMED = "the audit is made, and no Then says what it finds; add `the audit finds`, or `the audit finds nothing`"

parameter(name="claim", regexp="orders|cancellations|documents|returns", words=CLAIMS)


@pytest.fixture
def audit_plan() -> AuditPlan:
    """Default: no file, and any invoicing."""
    return AuditPlan()


@given("the orders are invoiced through {invoicing}", target_fixture="audit_plan")
def _(invoicing: Invoicing, audit_plan: AuditPlan) -> AuditPlan:
    """How the e-invoices of all orders are made. Without this step the audit does not know it."""
    return audit_plan.invoiced_through(invoicing)


@given("the client books returned goods in its ERP", target_fixture="audit_plan")
def _(audit_plan: AuditPlan) -> AuditPlan:
    """A missing inward PO or GRN then counts. Without this step it is only mentioned, because the SOP says `can`."""
    return audit_plan.with_stock_in_erp()


@given("the export of cancellations from Assure", target_fixture="audit_plan", table=ASSURE.table)
def _(datatable: FilledTable, audit_plan: AuditPlan) -> AuditPlan:
    """The file `assure.csv`, one row for each request to cancel; the statuses are those at the time of the request."""
    return audit_plan.with_export(ASSURE, datatable)


@given("the order report of Ajio", target_fixture="audit_plan", table=AJIO.table)
def _(datatable: FilledTable, audit_plan: AuditPlan) -> AuditPlan:
    """The file `ajio.csv`, one row for each order, with the units cancelled until now."""
    return audit_plan.with_export(AJIO, datatable)


@given("the day book of the ERP", target_fixture="audit_plan", table=ERP.table)
def _(datatable: FilledTable, audit_plan: AuditPlan) -> AuditPlan:
    """The file `daybook.csv`, one row for each document of the client's ERP."""
    return audit_plan.with_export(ERP, datatable)


@given("the documents at the e-invoice portal", target_fixture="audit_plan", table=PORTAL.table)
def _(datatable: FilledTable, audit_plan: AuditPlan) -> AuditPlan:
    """The file `portal.csv`, one row for each document of the government's portal, with the state of its IRN."""
    return audit_plan.with_export(PORTAL, datatable)


@given("the VMS report of orders cancelled after posting", target_fixture="audit_plan", table=VMS.table)
def _(datatable: FilledTable, audit_plan: AuditPlan) -> AuditPlan:
    """The file `vms.csv`, as it was downloaded from the Ajio VMS Reports UI."""
    return audit_plan.with_export(VMS, datatable)


@given("the RSI report", target_fixture="audit_plan", table=RSI.table)
def _(datatable: FilledTable, audit_plan: AuditPlan) -> AuditPlan:
    """The file `rsi.csv`, one row for each line of the return sales invoice report."""
    return audit_plan.with_export(RSI, datatable)


@given("the warehouse's report of returns", target_fixture="audit_plan", table=WAREHOUSE_RETURNS.table)
def _(datatable: FilledTable, audit_plan: AuditPlan) -> AuditPlan:
    """The file `returns.csv`, one row for each returned unit, or for several of one order."""
    return audit_plan.with_export(WAREHOUSE_RETURNS, datatable)


@given("the file claims to hold all {claim} from {day} to {day}", target_fixture="audit_plan", follows=[ANY_SENTENCE])
def _(what: str, start: date, end: date, audit_plan: AuditPlan) -> AuditPlan:
    """What the absence of a row from the file above proves. Without this step, it proves nothing."""
    return audit_plan.with_claim(what, start, end)


@when("the audit is made as of {day}", target_fixture="audit_run")
def _(as_of: date, audit_plan: AuditPlan, reading: Reading, driver: Driver, claims: Claims) -> AuditRun:
    """The audit of all files above, with the ages of that day."""
    claims.attempt(FINDINGS_FACET, advice=NOT_CLAIMED)
    return run_of_plan(audit_plan, as_of, reading, driver)


@then("these rows are set aside", table=SET_ASIDE)
def _(datatable: FilledTable, audit_run: AuditRun, claims: Claims) -> None:
    """Exactly these rows cannot be used, for these reasons. Every row that is set aside must be named, before what the audit finds."""
    claims.check_all(audit_run.subject, aside_checks(audit_run, datatable), reading=audit_run.reading)


@then("the audit finds", table=AUDIT_FINDINGS)
def _(datatable: FilledTable, audit_run: AuditRun, claims: Claims) -> None:
    """Exactly these findings, in this order; `why` is one or more whole sentences of what the audit says."""
    claims.check_all(audit_run.subject, finding_checks(audit_run, datatable, claims), reading=audit_run.reading)


@then("the audit finds nothing")
def _(audit_run: AuditRun, claims: Claims) -> None:
    """There is no finding, not even one that only informs."""
    claims.check_all(audit_run.subject, finding_checks(audit_run, None, claims), reading=audit_run.reading)


@then("the duties on that day are", table=AUDIT_DUTIES)
def _(datatable: FilledTable, audit_run: AuditRun, claims: Claims) -> None:
    """Exactly these duties of the client, done ones included, in this order."""
    claims.check_all(audit_run.subject, duty_checks(audit_run, datatable), reading=audit_run.reading)


@then("the client has no duty on that day")
def _(audit_run: AuditRun, claims: Claims) -> None:
    """None of the cancellations makes a duty, neither an open one nor one that is done."""
    claims.check_all(audit_run.subject, duty_checks(audit_run, None), reading=audit_run.reading)


@then("the audit lists these orders as cancelled after posting", table=VMS_CANCELLED, about={"GAP-26": "", "GAP-41": ""})
def _(datatable: FilledTable, audit_run: AuditRun, claims: Claims) -> None:
    """Exactly these orders, by day of cancellation, and those of which it is not known, with the reason."""
    checks = report_checks("orders cancelled after posting", audit_run.cancelled_after_posting, datatable)
    claims.check_all(audit_run.subject, checks, reading=audit_run.reading)


@then("the audit lists these returned units", table=VMS_RETURNED, about={"RT-RSI": "", "RT-RSI-2": "", "GAP-42": ""})
def _(datatable: FilledTable, audit_run: AuditRun, claims: Claims) -> None:
    """Exactly these returned units, by order and unit, and those of which it is not known, with the reason."""
    checks = report_checks("returned units", audit_run.returned_units, datatable)
    claims.check_all(audit_run.subject, checks, reading=audit_run.reading)
