"""Columns, settings, annual returns, days and units that change nothing: files that have one, each with the nearest good one."""

from functools import cache
from types import ModuleType

import pytest

from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.driver.in_process import EngineDriver
from steps.lint.linter import lint_text
from steps.support.order_steps import UntrueStepError
from steps.support.simulations import SimulatedWeeks
from tests.support.lint_inputs import (
    DOWNLOAD,
    INVOICED,
    LIFE,
    ORDERS,
    REGISTRY,
    RELEASED,
    SIMULATE,
    TAGS,
    Input,
    ages,
    check,
    furnished,
    id_of,
    orders,
    report,
    scenario,
    weeks,
)

IN_TWO_STEPS = """Given these orders, invoiced through the client's ERP and cancelled in two steps
  | order | units | part | part by | part cancelled | posted | e-invoiced | {}invoice | cancelled | by |
  | A | 3 | 1 | the seller | 2026-05-04 08:00 | 2026-05-04 09:00 | 2026-05-04 10:00 | INV-1 | 2026-05-04 11:00 | Ajio |"""
WEEKS_IN_VARIANTS = "When the weeks are simulated in each variant"
IDLE = [
    # Columns that no Then looks at
    Input("idle-value", "an invoice beside ages", scenario(f"{orders('▲invoice', 'INV-1')}\n{ages('order | days', 'A | 1')}"), scenario(f"{INVOICED}\n{ages('order | days', 'A | 1')}")),
    Input("idle-value", "an invoice that the report does not show", scenario(f"{orders('▲invoice', 'INV-1')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}"), scenario(f"{orders('invoice', 'INV-1')}\n{report('2026-05-04', 'order | invoice', 'A | -')}")),
    Input("idle-value", "an invoice in an empty report", scenario(f"{orders('▲invoice', 'INV-1')}\n{DOWNLOAD.replace('04', '05')}\nThen the report is empty"), scenario(f"{INVOICED}\n{DOWNLOAD.replace('04', '05')}\nThen the report is empty")),
    Input("idle-value", "a push beside ages", scenario(f"{orders('▲pushed', '2026-05-04 10:05')}\n{ages('order | standing', 'A | due')}"), scenario(f"{orders('pushed', '2026-05-04 10:05')}\n{report('2026-05-04', 'order | pushed', 'A | 2026-05-04 10:05')}")),
    Input("idle-value", "a credit note in a report", scenario(f"{orders('▲credited', '2026-05-04 13:00')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}"), scenario(f"{orders('credited', '2026-05-04 13:00')}\n{ages('order | standing', 'A | done')}")),
    Input("idle-value", "a credit note beside days", scenario(f"{orders('▲credited', '2026-05-04 13:00')}\n{ages('order | days', 'A | 1')}"), scenario(f"{orders('credited', '2026-05-04 13:00')}\n{ages('order | days | basis', 'A | 1 | SOP')}")),
    Input("idle-value", "an invoice in two steps", scenario(f"{IN_TWO_STEPS.format('▲')}\n{report('2026-05-04', 'order | units', 'A | 2')}"), scenario(f"{IN_TWO_STEPS.format('')}\n{report('2026-05-04', 'order | units | invoice', 'A | 2 | -')}")),
    Input("idle-value", "a column in a Background", f"Feature: F\n\n  Background:\n    {orders('▲invoice', 'INV-1')}\n\n  Scenario: S\n    {ages('order | days', 'A | 1')}\n", f"Feature: F\n\n  Background:\n    {orders('invoice', 'INV-1')}\n\n  Scenario: S\n    {ages('order | days', 'A | 1')}\n\n  Scenario: T\n    {report('2026-05-04', 'order | invoice', 'A | -')}\n"),
    Input("idle-value", "a column with a cell from Examples", scenario(f"{orders('▲invoice', '<number>')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}", examples="| number |\n| INV-2 |"), scenario(f"{orders('invoice', '<number>')}\n{report('2026-05-04', 'order | invoice', 'A | -')}", examples="| number |\n| INV-2 |")),
    Input("idle-value", "a column of an order that is not listed", scenario(f"{orders('▲invoice', 'INV-1', 'INV-2')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}"), scenario(f"{orders('invoice', 'INV-1', 'INV-2')}\n{report('2026-05-04', 'order | invoice', 'A | -')}")),
    # Annual returns
    Input("idle-value", "the return of a later year", scenario(f"{INVOICED}\n▲{furnished(2031)}\n{ages('order | standing', 'A | due')}"), scenario(f"{INVOICED}\n{furnished(2027)}\n{ages('order | standing', 'A | overdue', '2027-10-16')}")),
    Input("idle-value", "the return of the year before", scenario(f"{INVOICED}\n▲{furnished(2026)}\n{ages('order | overdue from', 'A | 2027-12-01', '2027-10-16')}"), scenario(f"{INVOICED}\n{furnished(2027)}\n{ages('order | overdue from', 'A | 2027-12-01', '2027-10-16')}")),
    Input("idle-value", "a return without an e-invoice", scenario(f"{ORDERS}\n▲{furnished(2027)}\nWhen the client looks at its credit notes on 2027-10-16\nThen the report is empty"), scenario(f"{ORDERS}\nWhen the client looks at its credit notes on 2027-10-16\nThen the report is empty")),
    Input("idle-value", "a second return", scenario(f"{INVOICED}\n{furnished(2027)}\n▲{furnished(2028, '2028-10-15')}\n{ages('order | standing', 'A | due', '2028-10-16')}"), scenario(f"{INVOICED}\n{furnished(2027)}\n{ages('order | standing', 'A | due', '2027-10-16')}")),
    Input("idle-value", "a return beside days", scenario(f"{INVOICED}\n▲{furnished(2027)}\n{ages('order | days', 'A | 1', '2027-10-16')}"), scenario(f"{INVOICED}\n{furnished(2027)}\n{ages('order | days | overdue from', 'A | 1 | 2027-12-01', '2027-10-16')}")),
    Input("idle-value", "a return of another year in every row", scenario(f"{INVOICED}\n▲{furnished(2027).replace('2027 was', '<year> was')}\n{ages('order | standing', 'A | due', '2028-10-16')}", examples="| year |\n| 2026 |\n| 2025 |"), scenario(f"{INVOICED}\n{furnished(2027).replace('2027 was', '<year> was')}\n{ages('order | standing', 'A | due', '2028-10-16')}", examples="| year |\n| 2026 |\n| 2027 |")),
    Input("idle-value", "a return after the day of the When", scenario(f"{INVOICED}\n▲{furnished(2027)}\n{ages('order | overdue from', 'A | 2027-12-01', '2027-10-14')}"), scenario(f"{INVOICED}\n{furnished(2027)}\n{ages('order | overdue from', 'A | 2027-12-01', '2027-10-15')}")),
    Input("idle-value", "a return after the day, beside one before it", scenario(f"{INVOICED}\n  | B | 2027-04-05 10:00 | 2027-04-05 11:00 | 2027-04-05 12:00 | Ajio |\n{furnished(2027)}\n▲{furnished(2028, '2028-09-01')}\n{ages('order | standing', 'A | due', '2027-10-16')}"), scenario(f"{INVOICED}\n  | B | 2027-04-05 10:00 | 2027-04-05 11:00 | 2027-04-05 12:00 | Ajio |\n{furnished(2027)}\n{furnished(2028, '2028-09-01')}\n{ages('order | standing', 'A | due', '2028-09-01')}")),
    Input("idle-value", "a return after the day in every row", scenario(f"{INVOICED}\n▲{furnished(2027, '<day>')}\n{ages('order | standing', 'A | due', '2027-05-01')}", examples="| day |\n| 2027-05-02 |\n| 2027-06-02 |"), scenario(f"{INVOICED}\n{furnished(2027, '<day>')}\n{ages('order | standing', 'A | due', '2027-05-01')}", examples="| day |\n| 2027-04-02 |\n| 2027-06-02 |")),
    Input("idle-value", "a return before its year ended", scenario(f"{INVOICED}\n▲{furnished(2027, '2027-03-15')}\n{ages('order | standing', 'A | overdue', '2027-10-16')}"), scenario(f"{INVOICED}\n{furnished(2027, '2027-04-01')}\n{ages('order | standing', 'A | overdue', '2027-10-16')}")),
    Input("idle-value", "a return on the last day of its year", scenario(f"{INVOICED}\n▲{furnished(2027, '2027-03-31')}\n{ages('order | overdue from', 'A | 2027-04-01', '2027-10-16')}"), scenario(f"{INVOICED}\n{furnished(2027, '2027-04-30')}\n{ages('order | overdue from', 'A | 2027-05-01', '2027-10-16')}")),
    Input("idle-value", "a return a year too early", scenario(f"{INVOICED}\n▲{furnished(2027, '2026-10-15')}\n{ages('order | standing', 'A | overdue', '2027-10-16')}"), scenario(f"{INVOICED}\n{furnished(2027)}\n{ages('order | standing', 'A | overdue', '2027-10-16')}")),
    Input("idle-value", "a return before its year ended, beside a row of another day", scenario(f"{INVOICED}\n{furnished(2027, '<day>')}\n{ages('order | standing', 'A | overdue', '2027-10-16')}", examples="| day |\n| 2027-10-15 |\n▲| 2027-03-15 |"), scenario(f"{INVOICED}\n{furnished(2027, '<day>')}\n{ages('order | standing', 'A | overdue', '2027-10-16')}", examples="| day |\n| 2027-10-15 |\n| 2027-04-15 |")),
    Input("idle-value", "a return of a year that has not ended, beside a row of another year", scenario(f"{INVOICED}\n{furnished(2027).replace('2027 was', '<year> was')}\n{ages('order | standing', 'A | due', '2028-10-16')}", examples="| year |\n| 2027 |\n▲| 2028 |"), scenario(f"{INVOICED}\n{furnished(2027).replace('2027 was', '<year> was')}\n{ages('order | standing', 'A | due', '2028-10-16')}", examples="| year |\n| 2027 |\n| 2026 |")),
    # Columns without a value
    Input("idle-value", "no order is pushed", scenario(f"{orders('▲pushed', '-')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}"), scenario(f"{orders('pushed', '2026-05-04 10:30')}\n{report('2026-05-04', 'order | pushed', 'A | 2026-05-04 10:30')}")),
    Input("idle-value", "no order is pushed, and the report says so", scenario(f"{orders('▲pushed', '-', '-')}\n{report('2026-05-04', 'order | pushed', 'A | -')}"), scenario(f"{orders('pushed', '-', '2026-05-04 10:30')}\n{report('2026-05-04', 'order | pushed', 'A | -')}")),
    Input("idle-value", "no invoice number", scenario(f"{orders('▲invoice', '-')}\n{report('2026-05-04', 'order | invoice', 'A | -')}"), scenario(f"{INVOICED}\n{report('2026-05-04', 'order | invoice', 'A | -')}")),
    Input("idle-value", "no credit note", scenario(f"{orders('▲credited', '-', '-')}\n{ages('order | standing', 'A | due')}"), scenario(f"{orders('credited', '-', '2026-05-04 13:00')}\n{ages('order | standing', 'A | due')}")),
    Input("idle-value", "no invoice number in two steps", scenario(f"{IN_TWO_STEPS.format('▲').replace('INV-1', '-')}\n{report('2026-05-04', 'order | invoice', 'A | -')}"), scenario(f"{IN_TWO_STEPS.format('')}\n{report('2026-05-04', 'order | invoice', 'A | -')}")),
    Input("idle-value", "no push in any row of Examples", scenario(f"{orders('▲pushed', '<pushed>')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}", examples="| pushed |\n| - |"), scenario(f"{orders('pushed', '<pushed>')}\n{report('2026-05-04', 'order | pushed', 'A | <pushed>')}", examples="| pushed |\n| - |\n| 2026-05-04 10:30 |")),
    Input("idle-value", "a push that the report does not show", scenario(f"{orders('▲pushed', '2026-05-04 10:05')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}"), scenario(f"{orders('pushed', '2026-05-04 10:05')}\n{report('2026-05-04', 'order | by | pushed', 'A | Ajio | 2026-05-04 10:05')}")),
    Input("idle-value", "two pushes that the report does not show", scenario(f"{orders('▲pushed', '2026-05-04 10:05', '2026-05-04 10:30')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}\n  | B | Ajio |"), scenario(f"{orders('pushed', '2026-05-04 10:05', '-')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}\n  | B | Ajio |")),
    # Days of a report
    Input("idle-value", "a report of a later year", scenario(f"{INVOICED}\n▲{DOWNLOAD.replace('2026', '2031')}\nThen the report is empty"), scenario(f"{INVOICED}\n{DOWNLOAD.replace('2026-05', '2026-12')}\nThen the report is empty")),
    Input("idle-value", "a report of a whole other year", scenario(f"{INVOICED}\n▲{DOWNLOAD.replace('from 2026-05-04 to 2026-05-04', 'from 2027-01-01 to 2027-12-31')}\nThen the report is empty"), scenario(f"{INVOICED}\n{DOWNLOAD.replace('from 2026-05-04 to 2026-05-04', 'from 2026-05-05 to 2027-12-31')}\nThen the report is empty")),
    Input("idle-value", "a report of the year before", scenario(f"{INVOICED}\n▲{DOWNLOAD.replace('2026', '2025')}\nThen the report is empty"), scenario(f"{INVOICED}\n{DOWNLOAD.replace('05', '04')}\nThen the report is empty")),
    Input("idle-value", "credit notes years before", scenario(f"{INVOICED}\n▲When the client looks at its credit notes on 2020-05-04\nThen the report is empty"), scenario(f"{INVOICED}\nWhen the client looks at its credit notes on 2026-05-03\nThen the report is empty")),
    Input("idle-value", "another year in every row", scenario(f"{INVOICED}\n▲{DOWNLOAD.replace('2026', '<year>')}\nThen the report is empty", examples="| year |\n| 2025 |\n| 2027 |"), scenario(f"{INVOICED.replace('05-04', '12-31')}\n{DOWNLOAD.replace('2026-05-04', '2027-01-01')}\nThen the report is empty")),
    # Units that no step can change
    Input("idle-value", "the units of a packed order", scenario(f"{RELEASED}\nWhen the order is packed\n▲Then 2 units are left to fulfil"), scenario(f"{RELEASED}\nAnd the seller has tried without success to cancel 1 unit of the order\nWhen the order is packed\nThen 2 units are left to fulfil")),
    Input("idle-value", "the units beside another Then", scenario(f"{RELEASED}\nWhen the order is packed\nThen the order is PACKED\n▲And 2 units are left to fulfil"), scenario(f"{RELEASED}\nWhen the order is packed\nThen the order is PACKED")),
    Input("idle-value", "the one unit of an order", scenario(f"{RELEASED.replace('2 units', '1 unit')}\nWhen packing is tried\n▲Then 1 unit is left to fulfil"), scenario(f"{RELEASED.replace('2 units', '3 units')}\nAnd Ajio has cancelled 1 unit of the order\nWhen packing is tried\nThen an error stops the packing\nAnd 3 units are left to fulfil")),
    Input("idle-value", "the units of an order on hold", scenario(f"{LIFE}\nAnd it has since been put on hold\nWhen the order is taken off hold\n▲Then 2 units are left to fulfil"), scenario(f"{LIFE}\nAnd it has since been put on hold\nWhen the seller cancels 1 unit of the order\nThen 1 unit is left to fulfil")),
    Input("idle-value", "the units in every row", scenario(f"{RELEASED.replace('2 units', '<units>')}\nWhen the order is packed\n▲Then <left> left to fulfil", examples="| units | left |\n| 3 units | 3 units are |\n| 1 unit | 1 unit is |"), scenario(f"{RELEASED}\nAnd the order has gone on until it was dispatched\nWhen the order is returned\nThen 1 unit is left to fulfil")),
    Input("idle-value", "the units before a later cancellation", scenario(f"{RELEASED}\nWhen the order is packed\nThen the order is PACKED\n▲And 2 units are left to fulfil\nWhen the seller cancels 1 unit of the order\nThen the request is refused"), scenario(f"{RELEASED}\nWhen the seller cancels 1 unit of the order\nThen the request is refused\nAnd 2 units are left to fulfil")),
    # Settings
    Input("idle-value", "the experiment's own value", scenario(weeks("run.days | 2", "wms.packers | ▲7")), scenario(weeks("run.days | 2", "wms.packers | 6"))),
    Input("idle-value", "the own value, written otherwise", scenario(weeks("run.days | 2", "oms.seller_cancellation_share | ▲0.0150")), scenario(weeks("run.days | 2", "oms.seller_cancellation_share | 0.3"))),
    Input("idle-value", "the own value in a second table", scenario(weeks("run.days | 2") .replace("When", "And these settings\n  | wms.packers | ▲7 |\nWhen")), scenario(weeks("run.days | 2").replace("When", "And these settings\n  | wms.packers | 9 |\nWhen"))),
    Input("idle-value", "the own number of days", scenario(weeks("run.days | ▲8", "ajio.orders_per_day | 20")), scenario(weeks("run.days | 9", "ajio.orders_per_day | 20"))),
    Input("idle-value", "the own values of a sweep", scenario(weeks("run.days | 2", "sweep.values | ▲[7, 6, 5, 4, 3]", experiment="sla squeeze", when=WEEKS_IN_VARIANTS)), scenario(weeks("run.days | 2", "sweep.values | [7, 3]", experiment="sla squeeze", when=WEEKS_IN_VARIANTS))),
    Input("idle-value", "a sweep that is not simulated", scenario(weeks("run.days | 2", "sweep.values | [7, 3]", experiment="sla squeeze", when="▲When the weeks are simulated")), scenario(weeks("run.days | 2", "wms.packers | 2", experiment="erp outage"))),
    Input("idle-value", "variants of an experiment without any", scenario(weeks("run.days | 2", when=f"▲{WEEKS_IN_VARIANTS}")), scenario(weeks("run.days | 2", experiment="erp against rms", when=WEEKS_IN_VARIANTS))),
    Input("idle-value", "replications", scenario(weeks("run.days | 2", "▲run.replications | 3")), scenario(weeks("run.days | 2"))),
    Input("idle-value", "a sale factor without a sale", scenario(weeks("run.days | 2", "▲ajio.sale_factor | 3.0")), scenario(weeks("run.days | 2", "ajio.sale_days | [0]", "ajio.sale_factor | 3.0"))),
    Input("idle-value", "an outage's length without an outage", scenario(weeks("run.days | 2", "▲erp.outage_hours | 5.0")), scenario(weeks("run.days | 2", "erp.outage_hours | 5.0", experiment="erp outage").replace("| run.days | 2 |", "| run.days | 5 |"))),
    Input("idle-value", "an outage after the end", scenario(weeks("run.days | 2", "▲erp.outage_starts_at_hours | [2000]")), scenario(weeks("run.days | 2", "erp.outage_starts_at_hours | [20]"))),
    Input("idle-value", "a setting of the ERP under RMS", scenario(weeks("run.days | 2", "▲erp.invoice_lag_minutes_median | 90", experiment="ordinary week rms")), scenario(weeks("run.days | 2", "erp.invoice_lag_minutes_median | 90", experiment="erp against rms", when=WEEKS_IN_VARIANTS))),
    Input("idle-value", "the ERP, which another row switches off", scenario(weeks("run.days | 2", "oms.invoicing_erp_share | 0.0", "▲erp.clerks | 3").replace("a refusal", "a refusal\nAnd every credit note that is due is made")), scenario(weeks("run.days | 2", "oms.invoicing_erp_share | 0.1", "erp.clerks | 3").replace("a refusal", "a refusal\nAnd every credit note that is due is made"))),
    Input("idle-value", "returns, of which no Then says anything", scenario(weeks("run.days | 2", "▲returns.unit_return_share | 0.9")), scenario(weeks("run.days | 2", "returns.unit_return_share | 0.9").replace("they include a refusal", "the weeks are the same when they are simulated again"))),
    Input("idle-value", "clerks beside refusals", scenario(weeks("run.days | 2", "▲erp.clerks | 3")), scenario(weeks("run.days | 2", "erp.clerks | 3").replace("they include a refusal", "every credit note that is due is made"))),
    Input("idle-value", "a target that no Then shows", scenario(weeks("run.days | 2", "▲ajio.target_hours | 20")), scenario(weeks("run.days | 2", "ajio.target_hours | 20", "ajio.breach_hours | 20"))),
    Input("idle-value", "a delay of requests that nobody makes", scenario(weeks("run.days | 2", "oms.seller_cancellation_share | 0", "▲oms.seller_delay_hours_mean | 5")), scenario(weeks("run.days | 2", "oms.seller_delay_hours_mean | 5"))),
    Input("idle-value", "in a Background", f"Feature: F\n\n  Background:\n    Given the experiment ordinary week erp\n    And these settings\n      | run.days | 2 |\n      | wms.packers | ▲7 |\n\n  Scenario: S\n    {SIMULATE}\n", f"Feature: F\n\n  Background:\n    Given the experiment ordinary week erp\n    And these settings\n      | run.days | 2 |\n      | wms.packers | 5 |\n\n  Scenario: S\n    {SIMULATE}\n"),
    Input("idle-value", "in every row", scenario(weeks("run.days | 2", "wms.packers | <packers>"), examples="| packers |\n| ▲7 |"), scenario(weeks("run.days | 2", "wms.packers | <packers>"), examples="| packers |\n| 7 |\n| 5 |")),
]  # fmt: skip


@pytest.mark.parametrize("case", IDLE, ids=id_of)
def test_a_value_that_changes_nothing_is_reported(case: Input) -> None:
    check(case)


OTHER_SENTENCES = """
from steps.definitions.decorators import given, then
@given("the orders of last year", target_fixture="orders")
def _(driver): ...
@then("the invoice of the first row is {word}")
def _(number, listing, claims): ...
"""


@cache
def with_other_sentences() -> Registry:
    module = ModuleType("other_sentences")
    exec(OTHER_SENTENCES, module.__dict__)  # noqa: S102 - our own source
    return Registry.from_modules([*built_in_modules(), module])


@pytest.mark.parametrize(
    "steps",
    [
        f"{orders('invoice', 'INV-1')}\n{DOWNLOAD}\nThen the invoice of the first row is INV-1",
        f"{orders('credited', '2026-05-04 13:00')}\n{ages('order | days', 'A | 1')}\nAnd the invoice of the first row is INV-1",
        f"{INVOICED}\n{furnished(2027)}\nWhen the client looks at its credit notes on 2027-10-16\nThen the invoice of the first row is INV-1",
        f"Given the orders of last year\n{furnished(2025)}\n{ages('order | standing', 'A | due', '2027-10-16')}",
        f"Given the orders of last year\n{DOWNLOAD}\nThen the report is empty",
    ],
)
def test_sentences_of_others_may_give_and_look_at_anything(steps: str) -> None:
    assert [str(finding) for finding in lint_text(scenario(steps).encode(), "x.feature", with_other_sentences(), TAGS)] == []


@pytest.mark.parametrize(
    "experiment", ["ordinary week erp", "ordinary week rms", "partial cancels", "returns rsi", "sale days", "erp outage"]
)
def test_an_experiment_without_variants_is_not_simulated_in_each(experiment: str) -> None:
    text = scenario(weeks("run.days | 9", experiment=experiment, when=WEEKS_IN_VARIANTS))
    [finding] = lint_text(text.encode(), "x.feature", REGISTRY, TAGS)

    assert (finding.rule, finding.message) == (
        "idle-value",
        f"the experiment `{experiment}` has no variants, so this When simulates nothing",
    )
    with pytest.raises(UntrueStepError, match="has no variants"):
        SimulatedWeeks(experiment.replace(" ", "_")).simulated(EngineDriver(), each_variant=True)
