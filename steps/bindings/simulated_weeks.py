"""Steps about simulated weeks: an experiment is simulated, and every order in it is checked against the SOP.

The simulator is imported when the first of these steps runs, because most features do not need it.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sop_engine import Reading
from steps.definitions.decorators import given, parameter, then, when
from steps.definitions.tables import FilledTable
from steps.driver.protocol import Driver
from steps.support.claims import Check, Claims
from steps.support.setting_tables import SETTINGS, idle_settings, idle_sweep, idle_variants

parameter(
    name="experiment",
    regexp="erp against rms|erp outage|ordinary week erp|ordinary week rms|partial cancels|returns rsi|sale days|sla squeeze",
    type=lambda words: words.replace(" ", "_"),
)
parameter(
    name="happening",
    regexp="a packing error|a late e-invoice|a refusal|an error on screen|a second cancellation|an outage",
)

Weeks = Any
"""`steps.support.simulations.SimulatedWeeks`, which is not imported here; the fixture `planned` has no run, so that no claim can be made of it."""


def simulations() -> Any:
    """Import and return the module that runs the simulator."""
    return import_module("steps.support.simulations")


@given("the experiment {experiment}", target_fixture="planned")
def _(experiment: str) -> Weeks:
    """One of the experiments that come with the program; the step `these settings` can make it small enough to run with other examples."""
    return simulations().SimulatedWeeks(experiment)


@given(
    "these settings",
    target_fixture="planned",
    table=SETTINGS,
    follows=["the experiment {experiment}", "these settings"],
    keyed=True,
    idle=idle_settings,
)
def _(datatable: FilledTable, planned: Weeks) -> Weeks:
    """Changed settings of the experiment, one per row: key and value."""
    return planned.changed(datatable.texts)


@when("the weeks are simulated", target_fixture="weeks", idle=idle_sweep)
def _(planned: Weeks, driver: Driver, claims: Claims) -> Weeks:
    """One replication is simulated with the experiment's own random seed."""
    claims.attempt()
    return planned.simulated(driver)


@when("the weeks are simulated in each variant", target_fixture="weeks", idle=idle_variants)
def _(planned: Weeks, driver: Driver, claims: Claims) -> Weeks:
    """The experiment is simulated once for each variant or swept value, with the same random draws."""
    claims.attempt()
    return planned.simulated(driver, each_variant=True)


@then("every cancellation is decided as the SOP decides its case")
def _(weeks: Weeks, claims: Claims) -> None:
    """Each request has the outcome that the engine gives for its case at that time."""
    _claim_all(claims, weeks, simulations().invariant_checks(weeks, "answers", "cases"))


@then(
    "no order is cancelled after it was packed",
    about={"SC-ERP-FULL-3": "", "SC-ERP-PART-2": "", "AC-ERP-FULL-2b": "", "AC-ERP-PART-1a": ""},
)
def _(weeks: Weeks, claims: Claims) -> None:
    """No full or partial cancellation is allowed from PACKED on."""
    module = simulations()
    _claim_all(claims, weeks, [module.late_request_check(weeks), *module.invariant_checks(weeks, "not after PACKED")])


@then("no one works on an order after it was cancelled")
def _(weeks: Weeks, claims: Claims) -> None:
    """No picking, packing or dispatch follows a cancellation of the whole order."""
    _claim_all(claims, weeks, simulations().invariant_checks(weeks, "no work after cancellation"))


@then("every order is either dispatched or cancelled in the end")
def _(weeks: Weeks, claims: Claims) -> None:
    """Each order is dispatched or cancelled, and not both."""
    _claim_all(claims, weeks, simulations().invariant_checks(weeks, "orders conserved", "units conserved"))


@then(
    "every order that was posted and then cancelled is in the VMS report of its day and in no other",
    about={"SC-ERP-FULL-1.1.1": "", "SC-ERP-FULL-2.1.1": "", "AC-ERP-FULL-1.1.1": "", "AC-ERP-PART-1.3": ""},
)
def _(weeks: Weeks, driver: Driver, claims: Claims) -> None:
    """The report of each day lists exactly these orders."""
    _claim_all(claims, weeks, simulations().vms_report_checks(weeks, driver))


@then(
    "as many credit notes are due as cancelled orders have an e-invoice",
    about={"SC-ERP-FULL-1.1.2a": "", "SC-ERP-FULL-2.1.2a": "", "AC-ERP-FULL-1.1.2a": "", "GAP-17": ""},
)
def _(weeks: Weeks, claims: Claims) -> None:
    """One credit note for each such order, late e-invoices included (GAP-17)."""
    module = simulations()
    _claim_all(claims, weeks, [*module.credit_note_checks(weeks), *module.invariant_checks(weeks, "credit notes due")])


@then("every credit note that is due is made")
def _(weeks: Weeks, claims: Claims) -> None:
    """The office makes every credit note before the weeks end."""
    _claim_all(claims, weeks, simulations().invariant_checks(weeks, "credit notes made"))


@then(
    "the client has no duty in these weeks",
    about={"SC-RMS-FULL": "", "SC-RMS-PART": "", "AC-RMS-FULL": "", "AC-RMS-PART": "", "GAP-15": ""},
)
def _(weeks: Weeks, driver: Driver, claims: Claims) -> None:
    """No duty arises from any of these orders."""
    _claim_all(claims, weeks, simulations().client_duty_checks(weeks, driver))


@then("nothing reaches or leaves the client's ERP while it is down")
def _(weeks: Weeks, claims: Claims) -> None:
    """No posting, e-invoice or push happens during an outage."""
    _claim_all(claims, weeks, simulations().invariant_checks(weeks, "outages"))


@then("fewer packers never mean fewer SLA breaches")
def _(weeks: Weeks, claims: Claims) -> None:
    """In the variants from most to fewest packers, the share of breached orders never falls."""
    _claim_all(claims, weeks, simulations().sla_breach_checks(weeks, "wms.packers"))


@then("the same orders arrive in every variant")
def _(weeks: Weeks, claims: Claims) -> None:
    """Number, arrival time and units of every order are the same in every variant."""
    _claim_all(claims, weeks, simulations().arrival_checks(weeks))


@then("the weeks are the same when they are simulated again")
def _(weeks: Weeks, driver: Driver, claims: Claims) -> None:
    """The same random seed gives the same event log, row by row."""
    _claim_all(claims, weeks, simulations().reproduction_checks(weeks, driver))


@then("they include {happening}")
def _(happening: str, weeks: Weeks, claims: Claims) -> None:
    """It happened at least once, so that the other claims are not empty."""
    _claim_all(claims, weeks, [simulations().occurrence_check(weeks, happening)])


def _claim_all(claims: Claims, weeks: Weeks, checks: Sequence[Check]) -> None:
    claims.check_all(weeks.subject, checks, reading=Reading.AS_PRACTISED)
