"""Sentences about simulated weeks: an experiment is run, and what holds of the SOP must hold of every order in it.

The simulator is imported when the first of them runs, for most features need none.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sop_engine import Reading
from steps.definitions.decorators import given, parameter, then, when
from steps.support.claims import Check, Claims
from steps.support.driver import Driver

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
"""`steps.support.simulations.SimulatedWeeks`, which is not imported here; as `planned` without a run, so that nothing can be claimed of it."""


def simulations() -> Any:
    """The module that knows the simulator."""
    return import_module("steps.support.simulations")


@given("the experiment {experiment}", target_fixture="planned")
def _(experiment: str) -> Weeks:
    """One of the experiments that come with the program, made small enough to run beside the other examples."""
    return simulations().SimulatedWeeks(experiment)


@given("these settings", target_fixture="planned")
def _(datatable: Sequence[Sequence[str]], planned: Weeks) -> Weeks:
    """Settings of the experiment that are others here, one a row: the key and its value."""
    return planned.changed(datatable)


@when("the weeks are simulated", target_fixture="weeks")
def _(planned: Weeks) -> Weeks:
    """All replications run, order by order, from the experiment's own seed."""
    return planned.simulated()


@when("the weeks are simulated in each variant", target_fixture="weeks")
def _(planned: Weeks) -> Weeks:
    """The same, once for each variant or swept value, on the same luck."""
    return planned.simulated(each_variant=True)


@then("every cancellation is decided as the SOP decides its case")
def _(weeks: Weeks, claims: Claims) -> None:
    """Each request has the outcome that the engine gives to the case of its moment."""
    _claim_all(claims, weeks, simulations().law_checks(weeks, "answers", "cases"))


@then("no order is cancelled after it was packed")
def _(weeks: Weeks, claims: Claims) -> None:
    """No full or partial request is allowed from PACKED on."""
    module = simulations()
    _claim_all(claims, weeks, [module.late_request_check(weeks), *module.law_checks(weeks, "not after PACKED")])


@then("nobody works on an order after it was cancelled")
def _(weeks: Weeks, claims: Claims) -> None:
    """No picking, packing or dispatch follows a cancellation of the whole order."""
    _claim_all(claims, weeks, simulations().law_checks(weeks, "cancelled means stopped"))


@then("every order is either dispatched or cancelled in the end")
def _(weeks: Weeks, claims: Claims) -> None:
    """No order is lost and none has two ends."""
    _claim_all(claims, weeks, simulations().law_checks(weeks, "orders conserved", "units conserved"))


@then("every order that was posted and then cancelled is in the VMS report of its day and in no other")
def _(weeks: Weeks, driver: Driver, claims: Claims) -> None:
    """The report by date range has exactly these orders, day by day."""
    _claim_all(claims, weeks, simulations().vms_report_checks(weeks, driver))


@then("as many credit notes are due as cancelled orders have an e-invoice")
def _(weeks: Weeks, claims: Claims) -> None:
    """One for each, late e-invoices included (GAP-17)."""
    module = simulations()
    _claim_all(claims, weeks, [*module.credit_note_checks(weeks), *module.law_checks(weeks, "credit notes due")])


@then("every credit note that is due is made")
def _(weeks: Weeks, claims: Claims) -> None:
    """The office makes all of them before the weeks end."""
    _claim_all(claims, weeks, simulations().law_checks(weeks, "credit notes made"))


@then("nothing is asked of the client")
def _(weeks: Weeks, driver: Driver, claims: Claims) -> None:
    """No duty arises from any of these orders."""
    _claim_all(claims, weeks, simulations().client_duty_checks(weeks, driver))


@then("nothing reaches or leaves the client's ERP while it is down")
def _(weeks: Weeks, claims: Claims) -> None:
    """No post, e-invoice or push falls into an outage."""
    _claim_all(claims, weeks, simulations().law_checks(weeks, "outages"))


@then("fewer packers never mean fewer SLA breaches")
def _(weeks: Weeks, claims: Claims) -> None:
    """Over the swept staff the breaches never fall as packers leave."""
    _claim_all(claims, weeks, simulations().sla_breach_checks(weeks, "wms.packers"))


@then("the same orders arrive in every variant")
def _(weeks: Weeks, claims: Claims) -> None:
    """Number, time and units of every order are the same, so that only the setting differs."""
    _claim_all(claims, weeks, simulations().arrival_checks(weeks))


@then("they come out the same when they are simulated again")
def _(weeks: Weeks, claims: Claims) -> None:
    """The same seed gives the same log, row by row."""
    _claim_all(claims, weeks, simulations().reproduction_checks(weeks))


@then("they include {happening}")
def _(happening: str, weeks: Weeks, claims: Claims) -> None:
    """It happened at least once, so that what is claimed is about something."""
    _claim_all(claims, weeks, [simulations().happening_check(weeks, happening)])


def _claim_all(claims: Claims, weeks: Weeks, checks: Sequence[Check]) -> None:
    claims.check_all(weeks.subject, checks, reading=Reading.AS_PRACTISED)
