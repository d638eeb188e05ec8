"""Each fact is read, once and in time, and no Then only repeats one: files that break this once, each with the nearest good one."""

import pytest

from steps.lint.linter import lint_text
from tests.support.lint_inputs import (
    AGES_IN_2027,
    CANCEL,
    CASE,
    DOWNLOAD,
    ERP,
    INVOICED,
    LIFE,
    ORDERS,
    REGISTRY,
    RELEASED,
    SIMULATE,
    TAGS,
    WEEKS,
    Input,
    check,
    id_of,
    scenario,
)

UNREAD = [
    Input("unread-fact", "a stage before an order's life",
          scenario(f"{LIFE}\n▲And the order is PACKED\nWhen the seller cancels the order\nThen the request is allowed"),
          scenario(f"{LIFE}\nWhen the seller cancels the order\nThen the request is allowed")),
    Input("unread-fact", "the reading before an order's life",
          scenario(f"▲Given the SOP is taken as written\nAnd {LIFE[6:]}\nWhen the seller cancels the order\nThen the request is allowed"),
          scenario(f"Given the SOP is taken as written\nAnd the order is PACKED\n{CANCEL}\nThen the cancellation is refused", head="@as-written")),
    Input("unread-fact", "an e-invoice before a returned unit",
          scenario("Given its e-invoice is pushed\nAnd a returned unit whose quality check is pass\nWhen the client handles the returned unit\nThen all tasks are done by hand").replace("Given its", "▲Given its"),
          scenario("Given a returned unit whose quality check is pass\nWhen the client handles the returned unit\nThen all tasks are done by hand")),
    Input("unread-fact", "a returned unit before a cancellation",
          scenario(f"{ERP}\n▲And a returned unit whose quality check is fail\nAnd the order is PACKED\n{CANCEL}\nThen the cancellation is refused"), scenario(CASE)),
    Input("unread-fact", "an annual return before a report",
          scenario(f"{ORDERS}\n▲And the annual return for the year to March 2026 was furnished on 2026-10-15\n{DOWNLOAD}\nThen the report is empty"),
          scenario(f"{INVOICED}\nAnd the annual return for the year to March 2027 was furnished on 2027-10-15\n{AGES_IN_2027}")),
    Input("unread-fact", "an experiment before an order's life",
          scenario(f"▲Given the experiment sale days\nAnd {LIFE[6:]}\nWhen packing is tried\nThen no error has stopped the packing"),
          scenario(f"{RELEASED}\nWhen packing is tried\nThen no error has stopped the packing")),
    Input("unread-fact", "in a Background",
          f"Feature: F\n\n  Background:\n    ▲Given the order is PACKED\n\n  Scenario: S\n    {LIFE}\n    When the seller cancels the order\n    Then the request is allowed\n",
          f"Feature: F\n\n  Background:\n    Given the order is PACKED\n\n  Scenario: S\n    {CANCEL}\n    Then the cancellation is refused\n"),
    Input("unread-fact", "an order's life before a case", scenario(f"▲{LIFE}\nAnd the order is PACKED\n{CANCEL}\nThen the cancellation is refused"), scenario(CASE)),
    Input("unread-fact", "an attempt that no Then checks",
          scenario(f"{RELEASED}\n▲When someone tries to get the order posted\nThen the order is PROCESSING").replace("Then the", "Then the"),
          scenario(f"{RELEASED}\nWhen someone tries to get the order posted\nThen that is impossible, because it is posted already")),
]  # fmt: skip

DOUBLED = [
    Input("doubled-fact", "two stages", scenario(f"{ERP}\nAnd the order is FULFILLABLE\n▲And the order is PACKED\n{CANCEL}\nThen the cancellation is refused"), scenario(CASE)),
    Input("doubled-fact", "two invoicings", scenario(f"{ERP}\n▲And an order invoiced through RMS\nAnd the order is PACKED\n{CANCEL}\nThen the cancellation is refused"), scenario(CASE)),
    Input("doubled-fact", "the same stage twice", scenario(f"{ERP}\nAnd the order is PACKED\n▲And the order is PACKED\n{CANCEL}\nThen the cancellation is refused"), scenario(CASE)),
    Input("doubled-fact", "a Background contradicted",
          f"Feature: F\n\n  Background:\n    Given the order is PACKED\n\n  Scenario: S\n    ▲Given the order is CREATED\n    {CANCEL}\n    Then the cancellation is allowed\n",
          f"Feature: F\n\n  Background:\n    Given the order is PACKED\n\n  Scenario: S\n    {ERP}\n    {CANCEL}\n    Then the cancellation is refused\n"),
    Input("doubled-fact", "the same setting in two tables", scenario(f"{WEEKS}\nAnd these settings\n  | ▲run.days | 3 |\n{SIMULATE}"), scenario(f"{WEEKS}\nAnd these settings\n  | run.warm_up_days | 0 |\n{SIMULATE}")),
    Input("table-cell", "the same setting in one table", scenario(f"{WEEKS}\n  | ▲run.days | 3 |\n{SIMULATE}"), scenario(f"{WEEKS}\n  | run.warm_up_days | 0 |\n{SIMULATE}")),
    Input("doubled-fact", "two experiments", scenario(f"Given the experiment sla squeeze\n▲And {WEEKS[6:]}\n{SIMULATE}"), scenario(f"{WEEKS}\n{SIMULATE}")),
    Input("doubled-fact", "two orders", scenario(f"{LIFE}\n▲And an order of 3 units, invoiced through RMS\nWhen the seller cancels the order\nThen the request is allowed"), scenario(f"{LIFE}\nWhen the seller cancels the order\nThen the request is allowed")),
    Input("doubled-fact", "two regular histories", scenario(f"{LIFE}\nAnd the order has been allocated\n▲And the order has been posted\nWhen the seller cancels the order\nThen the request is allowed"),
          scenario(f"{LIFE}\nAnd the order has been allocated\nAnd it has since been posted\nWhen the seller cancels the order\nThen the request is allowed")),
    Input("doubled-fact", "a regular history after an event", scenario(f"{LIFE}\nAnd it has since been put on hold\n▲And the order has been posted\nWhen the seller cancels the order\nThen the request is allowed"),
          scenario(f"{LIFE}\nAnd the order has been posted\nAnd it has since been put on hold\nWhen the seller cancels the order\nThen the request is allowed")),
    Input("doubled-fact", "two tables of orders", scenario(f"{ORDERS}\n▲And {ORDERS[6:].replace('A', 'B')}\n{DOWNLOAD}\nThen the report is empty"), scenario(f"{ORDERS}\n  | B | 2026-05-04 09:00 |\n{DOWNLOAD}\nThen the report is empty")),
    Input("doubled-fact", "the annual return of one year twice",
          scenario(f"{INVOICED}\nAnd the annual return for the year to March 2027 was furnished on 2027-10-15\n▲And the annual return for the year to March 2027 was furnished on 2027-11-15\n{AGES_IN_2027}"),
          scenario(f"{INVOICED}\n  | B | 2026-03-05 10:00 | 2026-03-05 11:00 | 2026-03-05 12:00 | Ajio |\nAnd the annual return for the year to March 2026 was furnished on 2026-10-15\nAnd the annual return for the year to March 2027 was furnished on 2027-11-15\n{AGES_IN_2027}")),
    Input("doubled-fact", "the same Then twice", scenario(f"{CASE}\n▲And the cancellation is refused"), scenario(f"{CASE}\nAnd it follows that the client has nothing to do")),
    Input("doubled-fact", "a second case that forgets the first", scenario(f"{CASE}\n▲When Ajio cancels the full order\nThen the cancellation is refused"), scenario(CASE)),
]  # fmt: skip

ORDER = [
    Input("late-fact", "settings before the experiment", scenario(f"Given these settings\n  | run.days | 2 |\n▲And the experiment sale days\n{SIMULATE}"), scenario(f"{WEEKS}\n{SIMULATE}")),
    Input("late-fact", "a history before the order", scenario(f"Given the order has been released\n▲And {LIFE[6:]}\nWhen packing is tried\nThen the order is PACKED"), scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED")),
    Input("step-order", "a Given below the When", scenario(f"{ERP}\n{CANCEL}\n▲Given the order is PACKED\nThen the cancellation is refused"), scenario(CASE)),
    Input("step-order", "a Given below the Then", scenario(f"{CASE}\n▲Given its e-invoice is pushed"), scenario(CASE)),
    Input("step-order", "a reading below the When", scenario(f"{ERP}\nAnd the order is PACKED\n{CANCEL}\n▲Given the SOP is taken as written\nThen the cancellation is refused"), scenario(CASE)),
    Input("step-order", "a When below the last Then", scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED\n▲When the order is made ready"), scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED\nWhen the order is made ready\nThen the order is READY_TO_DISPATCH")),
    Input("step-order", "a When that nobody looked at", scenario(f"{RELEASED}\n▲When packing is tried\nAnd the order is made ready\nThen the order is READY_TO_DISPATCH"), scenario(f"{RELEASED}\nAnd it has since been packed\nWhen the order is made ready\nThen the order is READY_TO_DISPATCH")),
    Input("step-order", "two cases without a Then between", scenario(f"{ERP}\nAnd the order is PACKED\n▲{CANCEL}\nAnd Ajio cancels the full order\nThen the cancellation is refused"), scenario(CASE)),
    Input("step-order", "a Then above the When", scenario(f"{RELEASED}\n▲Then the order is PROCESSING\nWhen packing is tried\nThen the order is PACKED"), scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED")),
    Input("step-order", "an attempt between two events", scenario(f"{RELEASED}\n▲When someone tries to get the order posted\nAnd packing is tried\nThen the order is PACKED"), scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED")),
    Input("no-when", "an order's life without an event", scenario(f"{RELEASED}\n▲Then the order is PROCESSING"), scenario(f"{LIFE}\nAnd the order has been pushed\nWhen the order is released\nThen the order is PROCESSING")),
    Input("no-when", "units of a new order", scenario(f"{LIFE}\n▲Then 2 units are left to fulfil"), scenario(f"{LIFE}\nWhen the seller cancels 1 unit of the order\nThen 1 unit is left to fulfil")),
    Input("no-when", "a history of cancellations", scenario(f"{RELEASED}\nAnd the seller has cancelled the order\n▲Then the request is allowed"), scenario(f"{RELEASED}\nWhen the seller cancels the order\nThen the request is allowed")),
    Input("no-when", "a duty", scenario(f"{RELEASED}\n▲Then the client has no open duty"), scenario(f"{RELEASED}\nWhen packing is tried\nThen the client has no open duty")),
    Input("no-when", "a case without a request", scenario(f"{ERP}\nAnd the order is PACKED\n▲Then the cancellation is refused").replace("\n    Given an order invoiced through the client's ERP", "").replace("And the order is PACKED", "Given an order of 1 unit, invoiced through RMS").replace("the cancellation is refused", "an error stops the packing"),
          scenario(CASE)),
]  # fmt: skip

COLUMNS = [
    Input("unused-column", "in the name alone", scenario(CASE, name="S <e-invoice>", examples="| ▲e-invoice |\n| pushed |"), scenario(CASE.replace(CANCEL, f"And its e-invoice is <e-invoice>\n{CANCEL}"), name="S <e-invoice>", examples="| e-invoice |\n| pushed |")),
    Input("unused-column", "in the name, beside one that is used", scenario(CASE.replace("PACKED", "<stage>"), name="<stage> <why>", examples="| stage | ▲why |\n| PACKED | late |"), scenario(CASE.replace("PACKED", "<stage>"), name="<stage>", examples="| stage |\n| PACKED |")),
    Input("unused-column", "in the description alone", scenario(CASE, text="About <why>.", examples="| ▲why |\n| late |"), scenario(CASE, text="About it.")),
    Input("unused-column", "in no place", scenario(CASE, examples="| ▲note |\n| a |"), scenario(CASE.replace("PACKED", "<note>"), examples="| note |\n| PACKED |")),
    Input("unused-column", "in a step of a Background",
          "Feature: F\n\n  Background:\n    Given the order is PACKED\n\n" + scenario(CASE.replace("And the order is PACKED\n", ""), name="At <stage>", examples="| ▲stage |\n| PACKED |").partition("\n\n")[2],
          "Feature: F\n\n" + scenario(CASE.replace("PACKED", "<stage>"), name="At <stage>", examples="| stage |\n| PACKED |").partition("\n\n")[2]),
]  # fmt: skip

TREATED = f"{ERP}\nAnd the order is CREATED\nAnd its e-invoice is posted\n{CANCEL}\nThen the answer is the same as for an order that is FULFILLABLE"
RESTATED = [
    Input("restated-fact", "the answer at its own stage", scenario(TREATED.replace("CREATED", "FULFILLABLE").replace("Then", "▲Then")), scenario(TREATED)),
    Input("restated-fact", "the answer at its own stage, by Ajio", scenario(TREATED.replace("CREATED", "FULFILLABLE").replace("the seller", "Ajio").replace("Then", "▲Then")), scenario(TREATED.replace("the seller", "Ajio"))),
    Input("restated-fact", "the answer at its own stage, in a row", scenario(TREATED.replace("CREATED", "<stage>").replace("Then", "▲Then"), examples="| stage |\n| CREATED |\n| FULFILLABLE |"), scenario(TREATED.replace("CREATED", "<stage>"), examples="| stage |\n| CREATED |\n| UNFULFILLABLE |")),
    Input("restated-fact", "an order that an attempt cannot change", scenario(f"{RELEASED}\nWhen someone tries to get the order posted\nThen that is impossible, because it is posted already\n▲And the order is PROCESSING"), scenario(f"{RELEASED}\nWhen someone tries to get the order posted\nThen that is impossible, because it is posted already")),
    Input("restated-fact", "units that an attempt cannot change", scenario(f"{RELEASED}\nWhen the seller tries to cancel 3 units of the order\nThen that is impossible, because only 2 units are left\n▲And 2 units are left to fulfil"), scenario(f"{RELEASED}\nWhen the seller tries to cancel 3 units of the order\nThen that is impossible, because only 2 units are left")),
    Input("restated-fact", "duties of the Givens beside an attempt", scenario(f"{RELEASED}\nWhen the customer tries to cancel the order\nThen that is impossible, because it is released already\n▲And the client has no open duty"), scenario(f"{RELEASED}\nWhen the customer tries to cancel the order\nThen that is impossible, because it is released already")),
]  # fmt: skip


@pytest.mark.parametrize("case", [*UNREAD, *DOUBLED, *ORDER, *COLUMNS, *RESTATED], ids=id_of)
def test_a_fact_that_has_no_part_in_the_result_is_reported(case: Input) -> None:
    check(case)


def test_a_fact_of_a_background_is_reported_for_the_scenario_that_does_not_use_it() -> None:
    text = (
        "Feature: F\n\n  Background:\n    Given the order is PACKED\n\n"
        f"  Scenario: S\n    {ERP}\n    {CANCEL}\n    Then the cancellation is refused\n\n"
        f"  Scenario: T\n    {LIFE}\n    When the seller cancels the order\n    Then the request is allowed\n"
    )

    [finding] = lint_text(text.encode(), "x.feature", REGISTRY, TAGS)

    assert (finding.rule, finding.line) == ("unread-fact", 4)
    assert finding.message.startswith("the scenario in line 11 does not use")
    assert finding.remedy.startswith("move the step from the Background")


@pytest.mark.parametrize(
    ("lives", "who"),
    [
        (1, "the scenario in line 11 does not use"),
        (3, "3 of 4 scenarios (lines 11, 15, 19) do not use"),
        (12, "12 of 13 scenarios (lines 11, 15, 19, 23, 27, 31, 35, 39, 43, 47 and 2 more) do not use"),
    ],
)
def test_a_fact_of_a_background_is_reported_once_with_all_scenarios_that_do_not_use_it(lives: int, who: str) -> None:
    text = f"Feature: F\n\n  Background:\n    Given the order is PACKED\n\n  Scenario: S\n    {ERP}\n    {CANCEL}\n    Then the cancellation is refused\n\n"
    steps = "When the seller cancels the order\n    Then the request is allowed\n"
    text += "".join(f"  Scenario: T{units}\n    {LIFE.replace('2', str(units))}\n    {steps}" for units in range(2, 2 + lives))

    [finding] = lint_text(text.encode(), "x.feature", REGISTRY, TAGS)

    assert (finding.rule, finding.line) == ("unread-fact", 4)
    assert finding.message == f"{who} `Given the order is PACKED` of the Background"


def test_a_fact_of_a_background_that_no_scenario_uses_is_reported_once() -> None:
    steps = "When the seller cancels the order\n    Then the request is allowed\n"
    scenarios = "".join(f"  Scenario: T{units}\n    {LIFE.replace('2', str(units))}\n    {steps}" for units in (2, 3))

    [finding] = lint_text(
        f"Feature: F\n\n  Background:\n    Given the order is PACKED\n\n{scenarios}".encode(), "x.feature", REGISTRY, TAGS
    )

    assert finding.message == "none of the 2 scenarios below it (lines 6, 10) uses `Given the order is PACKED` of the Background"
