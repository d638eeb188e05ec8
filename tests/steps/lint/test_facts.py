"""What stands in a feature file takes part in the result or is a finding: files that break this once, each with the nearest good one.

▲ stands before the character that the finding must point at.
"""

import unicodedata
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from sop_engine import load_rulebook
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.lint.linter import known_tags_of, lint, lint_text
from steps.support.order_steps import UntrueStepError
from steps.support.simulations import SimulatedWeeks

REGISTRY = Registry.from_modules(built_in_modules())
TAGS = known_tags_of(load_rulebook())


class Input(NamedTuple):
    """A rule, a file that breaks it once, and the nearest file that is clean."""

    rule: str
    about: str
    bad: str
    good: str


def scenario(steps: str, name: str = "S", head: str = "", examples: str = "", text: str = "") -> str:
    """A file of one scenario; *steps*, *examples* and *text* have one line per line."""
    keyword = "Scenario Outline" if examples else "Scenario"
    table = "\n\n    Examples:\n" + "\n".join(f"      {line.strip()}" for line in examples.splitlines()) if examples else ""
    prose = "".join(f"    {line.strip()}\n" for line in text.splitlines())
    lines = "\n".join(f"    {line.strip()}" for line in steps.strip().splitlines())
    tags = f"  {head}\n" if head else ""
    return f"Feature: F\n\n{tags}  {keyword}: {name}\n{prose}{lines}{table}\n"


ERP = "Given an order invoiced through the client's ERP"
LIFE = "Given an order of 2 units, invoiced through the client's ERP"
CANCEL = "When the seller cancels the full order"
CASE = f"{ERP}\nAnd the order is PACKED\n{CANCEL}\nThen the cancellation is refused"
OTHER_CASE = CASE.replace("PACKED", "COMPLETED")
RELEASED = f"{LIFE}\nAnd the order has been released"
ORDERS = "Given these orders, invoiced through the client's ERP\n  | order | posted |\n  | A | 2026-05-04 09:00 |"
DOWNLOAD = "When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04"
INVOICED = "Given these orders, invoiced through the client's ERP\n  | order | posted | e-invoiced | cancelled | by |\n  | A | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | Ajio |"
AGES_IN_2027 = "When the client looks at its credit notes on 2027-12-16\nThen the ages of the credit notes are\n  | order | overdue from |\n  | A | 2027-10-16 |"
WEEKS = "Given the experiment sale days\nAnd these settings\n  | run.days | 2 |"
SIMULATE = "When the weeks are simulated\nThen they include a refusal"

UNREAD = [
    Input("unread-fact", "a stage before an order's life",
          scenario(f"{LIFE}\n▲And the order is PACKED\nWhen the seller cancels the order\nThen the request is allowed"),
          scenario(f"{LIFE}\nWhen the seller cancels the order\nThen the request is allowed")),
    Input("unread-fact", "the reading before an order's life",
          scenario(f"▲Given the SOP is taken as written\nAnd {LIFE[6:]}\nWhen the seller cancels the order\nThen the request is allowed"),
          scenario(f"Given the SOP is taken as written\nAnd the order is PACKED\n{CANCEL}\nThen the cancellation is refused")),
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

PROSE = [
    Input("step-like-prose", "a bullet", scenario(CASE, text="▲- the order is PACKED"), scenario(CASE, text="The warehouse has packed it.")),
    Input("step-like-prose", "a number", scenario(CASE, text="▲1. The seller opens the screen"), scenario(CASE, text="The seller opens the screen.")),
    Input("step-like-prose", "a number in brackets", scenario(CASE, text="▲(2) ask Ajio"), scenario(CASE, text="In 2 of 3 cases it asks Ajio.")),
    Input("step-like-prose", "a letter", scenario(CASE, text="▲a) ask Ajio"), scenario(CASE, text="A part is not cancelled.")),
    Input("step-like-prose", "Expect", scenario(CASE, text="▲Expect the request to be refused."), scenario(CASE, text="One expects the request to be refused.")),
    Input("step-like-prose", "Expected, with a colon", scenario(CASE, text="▲Expected: refused"), scenario(CASE, text="The outcome is as the SOP says.")),
    Input("step-like-prose", "Verify that", scenario(CASE, text="▲Verify that nothing is left to do."), scenario(CASE, text="Nothing is left to do.")),
    Input("step-like-prose", "Precondition", scenario(CASE, text="▲Precondition: the order is on hold"), scenario(CASE, text="The order may be on hold.")),
    Input("step-like-prose", "a step sentence without its keyword", scenario(CASE, text="▲The order is PACKED."), scenario(CASE, text="The order is packed, that is.")),
    Input("step-like-prose", "a keyword in bold", scenario(CASE, text="▲**Given** the order is on hold"), scenario(CASE, text="The order is **on hold**.")),
    Input("step-like-prose", "a box to tick", scenario(CASE, text="▲[ ] it is refused"), scenario(CASE, text="It is [refused].")),
    Input("step-like-prose", "a typographic bullet", scenario(CASE, text="▲• it is refused"), scenario(CASE, text="It is refused, always.")),
    Input("step-like-prose", "a bullet in a Background",
          f"Feature: F\n\n  Background:\n    ▲- as practised\n    {ERP}\n\n  Scenario: S\n    Given the order is PACKED\n    {CANCEL}\n    Then the cancellation is refused\n",
          f"Feature: F\n\n  Background:\n    As practised.\n    {ERP}\n\n  Scenario: S\n    Given the order is PACKED\n    {CANCEL}\n    Then the cancellation is refused\n"),
    Input("step-like-prose", "a list of steps in a Rule",
          "Feature: F\n\n  Rule: R\n    - the order of a seller\n    ▲- the order is PACKED\n\n" + scenario(CASE).partition("\n\n")[2],
          "Feature: F\n\n  Rule: R\n    - the order of a seller\n    - an order of Ajio\n\n" + scenario(CASE).partition("\n\n")[2]),
]  # fmt: skip

ROWS = CASE.replace("PACKED", "<stage>")
DOUBLES = [
    Input("doubled-example", "two scenarios under two names", scenario(CASE) + scenario(CASE, name="T").partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(CASE) + scenario(OTHER_CASE, name="T").partition("\n\n")[2]),
    Input("doubled-example", "Givens in another order", scenario(CASE) + scenario(f"Given the order is PACKED\nAnd {ERP[6:]}\n{CANCEL}\nThen the cancellation is refused", name="T").partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(CASE) + scenario(f"Given the order is COMPLETED\nAnd {ERP[6:]}\n{CANCEL}\nThen the cancellation is refused", name="T").partition("\n\n")[2]),
    Input("doubled-example", "Thens in another order", scenario(f"{CASE}\nAnd the client has nothing to do") + scenario(CASE.replace("Then the cancellation is refused", "Then the client has nothing to do\nAnd the cancellation is refused"), name="T").partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(f"{CASE}\nAnd the client has nothing to do") + scenario(OTHER_CASE, name="T").partition("\n\n")[2]),
    Input("doubled-example", "rows of two tables", scenario(ROWS, examples="| stage |\n| PACKED |") + "\n    Examples: more\n      | stage |\n      ▲| PACKED |\n", scenario(ROWS, examples="| stage |\n| PACKED |") + "\n    Examples: more\n      | stage |\n      | COMPLETED |\n"),
    Input("doubled-example", "a row and a scenario", scenario(CASE) + scenario(ROWS, name="T", examples="| stage |\n| COMPLETED |\n| PACKED |").partition("\n\n")[2].replace("| PACKED", "▲| PACKED"), scenario(CASE) + scenario(ROWS, name="T", examples="| stage |\n| COMPLETED |\n| CANCELLED |").partition("\n\n")[2].replace("| CANCELLED", "| READY_TO_DISPATCH")),
    Input("doubled-example", "a Background and its steps written out",
          f"Feature: F\n\n  Rule: A\n    Background:\n      {ERP}\n    Scenario: S\n      Given the order is PACKED\n      {CANCEL}\n      Then the cancellation is refused\n  Rule: B\n    ▲Scenario: T\n" + "".join(f"      {line}\n" for line in CASE.splitlines()),
          f"Feature: F\n\n  Rule: A\n    Background:\n      {ERP}\n    Scenario: S\n      Given the order is PACKED\n      {CANCEL}\n      Then the cancellation is refused\n  Rule: B\n    Scenario: T\n" + "".join(f"      {line}\n" for line in OTHER_CASE.splitlines())),
]  # fmt: skip

NFC, NFD = (unicodedata.normalize(form, "Café Zoë") for form in ("NFC", "NFD"))
NAMES = [
    Input("duplicate-name", "of scenarios", scenario(CASE, name=NFC) + scenario(OTHER_CASE, name=NFD).partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(CASE, name=NFD) + scenario(OTHER_CASE, name="Cafe Zoe").partition("\n\n")[2]),
    Input("duplicate-name", "of outlines", scenario(ROWS, name=NFD, examples="| stage |\n| PACKED |") + scenario(OTHER_CASE, name=NFC).partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(ROWS, name=NFC, examples="| stage |\n| PACKED |") + scenario(OTHER_CASE, name=f"{NFC} too").partition("\n\n")[2]),
    Input("duplicate-name", "with other spaces", scenario(CASE, name=f"a {NFC}") + scenario(OTHER_CASE, name=f"a   {NFD}").partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(CASE, name=f"a {NFC}") + scenario(OTHER_CASE, name=f"b {NFD}").partition("\n\n")[2]),
    Input("duplicate-name", "of Rules", f"Feature: F\n\n  Rule: {NFC}\n" + scenario(CASE).partition("\n\n")[2] + f"\n  ▲Rule: {NFD}\n" + scenario(OTHER_CASE, name="T").partition("\n\n")[2], f"Feature: F\n\n  Rule: {NFC}\n" + scenario(CASE).partition("\n\n")[2] + "\n  Rule: Cafe Zoe\n" + scenario(OTHER_CASE, name="T").partition("\n\n")[2]),
    Input("duplicate-name", "of tables of Examples", scenario(ROWS, examples="| stage |\n| PACKED |").replace("Examples:", f"Examples: {NFC}") + f"\n    ▲Examples: {NFD}\n      | stage |\n      | COMPLETED |\n", scenario(ROWS, examples="| stage |\n| PACKED |").replace("Examples:", f"Examples: {NFC}") + f"\n    Examples: {NFC} 2\n      | stage |\n      | COMPLETED |\n"),
    Input("no-name", "a Feature", "▲Feature:\n\n" + scenario(CASE).partition("\n\n")[2], scenario(CASE)),
    Input("no-name", "a Scenario", scenario(CASE, name="").replace("Scenario", "▲Scenario"), scenario(CASE)),
    Input("no-name", "an outline", scenario(ROWS, name="", examples="| stage |\n| PACKED |").replace("Scenario", "▲Scenario"), scenario(ROWS, examples="| stage |\n| PACKED |")),
    Input("no-name", "a name of dots", scenario(CASE, name="...").replace("Scenario", "▲Scenario"), scenario(CASE, name="1 ...")),
    Input("no-name", "a Rule", "Feature: F\n\n  ▲Rule:\n" + scenario(CASE).partition("\n\n")[2], "Feature: F\n\n  Rule: R\n" + scenario(CASE).partition("\n\n")[2]),
]  # fmt: skip

WRITTEN = f"Given the SOP is taken as written\nAnd {CASE[6:]}"
UNIT = "Given a returned unit whose quality check is missing\nWhen the client handles the returned unit\nThen the unit goes to no stock"
CITING = f"{CASE}\nAnd the SOP says so in SC-ERP-FULL-3"
TAGGED = [
    Input("wrong-reading", "no reading", scenario(CASE, head="▲@as-written"), scenario(WRITTEN, head="@as-written")),
    Input("wrong-reading", "as practised", scenario(WRITTEN.replace("written", "practised"), head="▲@as-written"), scenario(WRITTEN.replace("written", "practised"))),
    Input("wrong-reading", "on the Feature", "▲@as-written\n" + scenario(CASE), "@as-written\n" + scenario(WRITTEN)),
    Input("wrong-reading", "one row of two", scenario(WRITTEN.replace("written", "<reading>"), head="▲@as-written", examples="| reading |\n| written |\n| practised |"), scenario(WRITTEN.replace("written", "<reading>"), examples="| reading |\n| written |\n| practised |")),
    Input("wrong-reading", "on Examples", scenario(WRITTEN.replace("written", "<reading>"), examples="| reading |\n| practised |").replace("    Examples", "    ▲@as-written\n    Examples"), scenario(WRITTEN.replace("written", "<reading>"), examples="| reading |\n| written |").replace("    Examples", "    @as-written\n    Examples")),
    Input("wrong-reading", "in an order's life", scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED", head="▲@as-written"), scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED")),
    Input("idle-tag", "@simulation on a case", scenario(CASE, head="▲@simulation"), scenario(f"{WEEKS}\n{SIMULATE}", head="@simulation")),
    Input("idle-tag", "@simulation on a case of RMS", scenario(CASE.replace("the client's ERP", "RMS"), head="▲@simulation"), scenario(UNIT, head="@simulation")),
    Input("idle-tag", "@simulation on a case as written", scenario(WRITTEN, head="@as-written ▲@simulation"), scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="@simulation")),
    Input("idle-tag", "@simulation on a Feature with a case", "▲@simulation\n" + scenario(CASE), "@simulation\n" + scenario(f"{WEEKS}\n{SIMULATE}")),
    Input("idle-tag", "@simulation on Examples of a case", scenario(CASE.replace("PACKED", "<stage>"), examples="| stage |\n| PACKED |").replace("    Examples", "    ▲@simulation\n    Examples"), scenario(CASE.replace("PACKED", "<stage>"), examples="| stage |\n| PACKED |")),
    Input("idle-tag", "twice on a scenario", scenario(CITING, head="@SC-ERP-FULL-3 ▲@SC-ERP-FULL-3"), scenario(CITING, head="@SC-ERP-FULL-3")),
    Input("idle-tag", "twice in two lines", scenario(CITING, head="@SC-ERP-FULL-3\n  ▲@SC-ERP-FULL-3"), scenario(CITING, head="@SC-ERP-FULL-3")),
    Input("idle-tag", "on Feature and scenario", "@SC-ERP-FULL-3\n" + scenario(CITING, head="▲@SC-ERP-FULL-3"), "@SC-ERP-FULL-3\n" + scenario(CITING)),
    Input("idle-tag", "twice on a Feature", "@SC-ERP-FULL-3 ▲@SC-ERP-FULL-3\n" + scenario(CITING), "@SC-ERP-FULL-3\n" + scenario(CITING)),
    Input("idle-tag", "on Rule and scenario", scenario(CITING, head="▲@SC-ERP-FULL-3").replace("\n\n", "\n\n  @SC-ERP-FULL-3\n  Rule: R\n\n", 1), scenario(CITING).replace("\n\n", "\n\n  @SC-ERP-FULL-3\n  Rule: R\n\n", 1)),
    Input("idle-tag", "on scenario and Examples", scenario(CITING.replace("PACKED", "<stage>"), head="@SC-ERP-FULL-3", examples="| stage |\n| PACKED |").replace("    Examples", "    ▲@SC-ERP-FULL-3\n    Examples"), scenario(CITING.replace("PACKED", "<stage>"), head="@SC-ERP-FULL-3", examples="| stage |\n| PACKED |")),
    Input("idle-tag", "@as-written twice", scenario(WRITTEN, head="@as-written ▲@as-written"), scenario(WRITTEN, head="@as-written")),
    Input("idle-tag", "a clause of RMS on a case under ERP", scenario(CITING, head="@SC-ERP-FULL-3 ▲@SC-RMS-FULL-2"), scenario(CITING, head="@SC-ERP-FULL-3")),
    Input("idle-tag", "a clause of another stage", scenario(CASE, head="▲@SC-ERP-FULL-1a"), scenario(CASE, head="@SC-ERP-FULL-3")),
    Input("idle-tag", "a gap without cases on a case", scenario(CASE, head="▲@GAP-22", text="See GAP-22."), scenario(CASE, text="See GAP-22.")),
    Input("idle-tag", "a gap of Ajio on a case of the seller", scenario(CASE, head="▲@GAP-14"), scenario(f"{CASE.replace('the seller', 'Ajio').replace(ERP[6:], 'an order invoiced through RMS')}\nAnd it is our reading of GAP-14", head="@GAP-14")),
    Input("idle-tag", "a clause of Ajio in the life of an order that the seller cancels", scenario(f"{RELEASED}\nWhen the seller cancels the order\nThen the request is allowed", head="▲@AC-ERP-FULL-2a"), scenario(f"{RELEASED}\nWhen Ajio cancels the order\nThen the request is allowed", head="@AC-ERP-FULL-2a")),
    Input("idle-tag", "a gap that no text names in a report", scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="▲@GAP-41"), scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="@GAP-41", name="The range of GAP-41")),
    Input("idle-tag", "an id that is only the beginning of another", scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="▲@SC-ERP-FULL-1.1.1", name="Of SC-ERP-FULL-1.1.1.2"), scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="@SC-ERP-FULL-1.1.1", name="Of SC-ERP-FULL-1.1.1.")),
    Input("idle-tag", "on a Rule, for one of its scenarios", "Feature: F\n\n  ▲@SC-ERP-FULL-3\n  Rule: R\n" + scenario(CASE).partition("\n\n")[2] + scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED", name="T").partition("\n\n")[2], "Feature: F\n\n  @SC-ERP-FULL-3\n  Rule: R\n" + scenario(CASE).partition("\n\n")[2]),
    Input("idle-tag", "a gap that is not cited", scenario(f"{LIFE}\nWhen the seller cancels 2 units of the order\nThen the request is allowed", head="▲@GAP-39"), scenario(f"{LIFE}\nWhen the seller cancels 2 units of the order\nThen the request is answered by our reading of GAP-39", head="@GAP-39")),
    Input("idle-tag", "a clause on a returned unit", scenario("Given a returned unit whose quality check is pass\nWhen the client handles the returned unit\nThen all tasks are done by hand", head="▲@SC-ERP-FULL-3"), scenario("Given a returned unit whose quality check is pass\nWhen the client handles the returned unit\nThen all tasks are done by hand", head="@RT-RSI-0")),
]  # fmt: skip


def orders(more: str, cells: str, other: str = "") -> str:
    """A table of invoiced and cancelled orders A, and B where *other* has its cells, with *more* columns."""
    head, row = INVOICED.splitlines()[1:]
    rows = [f"{row} {cells} |", *([f"{row.replace('| A |', '| B |')} {other} |"] if other else [])]
    return "\n".join([INVOICED.splitlines()[0], f"{head} {more} |", *rows])


def report(day: str, columns: str, cells: str) -> str:
    return f"{DOWNLOAD.replace('2026-05-04', day)}\nThen the report lists\n  | {columns} |\n  | {cells} |"


def ages(columns: str, cells: str, day: str = "2026-05-05") -> str:
    return f"When the client looks at its credit notes on {day}\nThen the ages of the credit notes are\n  | {columns} |\n  | {cells} |"


def furnished(year: int, day: str = "2027-10-15") -> str:
    return f"And the annual return for the year to March {year} was furnished on {day}"


def weeks(*settings: str, experiment: str = "ordinary week erp", when: str = "When the weeks are simulated") -> str:
    return "\n".join(
        [
            f"Given the experiment {experiment}",
            "And these settings",
            *(f"  | {row} |" for row in settings),
            when,
            "Then they include a refusal",
        ]
    )


IN_TWO_STEPS = """Given these orders, invoiced through the client's ERP and cancelled in two steps
  | order | units | part | part by | part cancelled | posted | e-invoiced | {}invoice | cancelled | by |
  | A | 3 | 1 | the seller | 2026-05-04 08:00 | 2026-05-04 09:00 | 2026-05-04 10:00 | INV-1 | 2026-05-04 11:00 | Ajio |"""
EACH = "When the weeks are simulated in each variant"
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
    # Columns without a value
    Input("idle-value", "no order is pushed", scenario(f"{orders('▲pushed', '-')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}"), scenario(f"{orders('pushed', '2026-05-04 10:30')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}")),
    Input("idle-value", "no order is pushed, and the report says so", scenario(f"{orders('▲pushed', '-', '-')}\n{report('2026-05-04', 'order | pushed', 'A | -')}"), scenario(f"{orders('pushed', '-', '2026-05-04 10:30')}\n{report('2026-05-04', 'order | pushed', 'A | -')}")),
    Input("idle-value", "no invoice number", scenario(f"{orders('▲invoice', '-')}\n{report('2026-05-04', 'order | invoice', 'A | -')}"), scenario(f"{INVOICED}\n{report('2026-05-04', 'order | invoice', 'A | -')}")),
    Input("idle-value", "no credit note", scenario(f"{orders('▲credited', '-', '-')}\n{ages('order | standing', 'A | due')}"), scenario(f"{orders('credited', '-', '2026-05-04 13:00')}\n{ages('order | standing', 'A | due')}")),
    Input("idle-value", "no invoice number in two steps", scenario(f"{IN_TWO_STEPS.format('▲').replace('INV-1', '-')}\n{report('2026-05-04', 'order | invoice', 'A | -')}"), scenario(f"{IN_TWO_STEPS.format('')}\n{report('2026-05-04', 'order | invoice', 'A | -')}")),
    Input("idle-value", "no push in any row of Examples", scenario(f"{orders('▲pushed', '<pushed>')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}", examples="| pushed |\n| - |"), scenario(f"{orders('pushed', '<pushed>')}\n{report('2026-05-04', 'order | by', 'A | Ajio')}", examples="| pushed |\n| - |\n| 2026-05-04 10:30 |")),
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
    Input("idle-value", "the own values of a sweep", scenario(weeks("run.days | 2", "sweep.values | ▲[7, 6, 5, 4, 3]", experiment="sla squeeze", when=EACH)), scenario(weeks("run.days | 2", "sweep.values | [7, 3]", experiment="sla squeeze", when=EACH))),
    Input("idle-value", "a sweep that is not simulated", scenario(weeks("run.days | 2", "sweep.values | [7, 3]", experiment="sla squeeze", when="▲When the weeks are simulated")), scenario(weeks("run.days | 2", "wms.packers | 2", experiment="erp outage"))),
    Input("idle-value", "variants of an experiment without any", scenario(weeks("run.days | 2", when=f"▲{EACH}")), scenario(weeks("run.days | 2", experiment="erp against rms", when=EACH))),
    Input("idle-value", "replications", scenario(weeks("run.days | 2", "▲run.replications | 3")), scenario(weeks("run.days | 2"))),
    Input("idle-value", "a sale factor without a sale", scenario(weeks("run.days | 2", "▲ajio.sale_factor | 3.0")), scenario(weeks("run.days | 2", "ajio.sale_days | [0]", "ajio.sale_factor | 3.0"))),
    Input("idle-value", "an outage's length without an outage", scenario(weeks("run.days | 2", "▲erp.outage_hours | 5.0")), scenario(weeks("run.days | 2", "erp.outage_hours | 5.0", experiment="erp outage").replace("| run.days | 2 |", "| run.days | 5 |"))),
    Input("idle-value", "an outage after the end", scenario(weeks("run.days | 2", "▲erp.outage_starts_at_hours | [2000]")), scenario(weeks("run.days | 2", "erp.outage_starts_at_hours | [20]"))),
    Input("idle-value", "a setting of the ERP under RMS", scenario(weeks("run.days | 2", "▲erp.invoice_lag_minutes_median | 90", experiment="ordinary week rms")), scenario(weeks("run.days | 2", "erp.invoice_lag_minutes_median | 90", experiment="erp against rms", when=EACH))),
    Input("idle-value", "the ERP, which another row switches off", scenario(weeks("run.days | 2", "oms.invoicing_erp_share | 0.0", "▲erp.clerks | 3").replace("a refusal", "a refusal\nAnd every credit note that is due is made")), scenario(weeks("run.days | 2", "oms.invoicing_erp_share | 0.1", "erp.clerks | 3").replace("a refusal", "a refusal\nAnd every credit note that is due is made"))),
    Input("idle-value", "returns, of which no Then says anything", scenario(weeks("run.days | 2", "▲returns.unit_return_share | 0.9")), scenario(weeks("run.days | 2", "returns.unit_return_share | 0.9").replace("they include a refusal", "the weeks are the same when they are simulated again"))),
    Input("idle-value", "clerks beside refusals", scenario(weeks("run.days | 2", "▲erp.clerks | 3")), scenario(weeks("run.days | 2", "erp.clerks | 3").replace("they include a refusal", "every credit note that is due is made"))),
    Input("idle-value", "a target that no Then shows", scenario(weeks("run.days | 2", "▲ajio.target_hours | 20")), scenario(weeks("run.days | 2", "ajio.target_hours | 20", "ajio.breach_hours | 20"))),
    Input("idle-value", "a delay of requests that nobody makes", scenario(weeks("run.days | 2", "oms.seller_cancellation_share | 0", "▲oms.seller_delay_hours_mean | 5")), scenario(weeks("run.days | 2", "oms.seller_delay_hours_mean | 5"))),
    Input("idle-value", "in a Background", f"Feature: F\n\n  Background:\n    Given the experiment ordinary week erp\n    And these settings\n      | run.days | 2 |\n      | wms.packers | ▲7 |\n\n  Scenario: S\n    {SIMULATE}\n", f"Feature: F\n\n  Background:\n    Given the experiment ordinary week erp\n    And these settings\n      | run.days | 2 |\n      | wms.packers | 5 |\n\n  Scenario: S\n    {SIMULATE}\n"),
    Input("idle-value", "in every row", scenario(weeks("run.days | 2", "wms.packers | <packers>"), examples="| packers |\n| ▲7 |"), scenario(weeks("run.days | 2", "wms.packers | <packers>"), examples="| packers |\n| 7 |\n| 5 |")),
]  # fmt: skip

INPUTS = [*UNREAD, *IDLE, *DOUBLED, *ORDER, *COLUMNS, *RESTATED, *PROSE, *DOUBLES, *NAMES, *TAGGED]


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


def findings(text: str) -> list[tuple[str, int, int]]:
    return [(each.rule, each.line, each.column) for each in lint_text(text.encode(), "x.feature", REGISTRY, TAGS)]


@pytest.mark.parametrize("case", INPUTS, ids=lambda case: f"{case.rule}: {case.about}")
def test_the_bad_file_is_reported_at_its_place_and_the_nearest_good_one_is_not(case: Input) -> None:
    before = case.bad.partition("▲")[0].split("\n")

    assert findings(case.good) == []
    assert findings(case.bad.replace("▲", "")) == [(case.rule, len(before), len(before[-1]) + 1)]


@pytest.mark.parametrize("about", ["unread", "doubled", "order", "columns", "restated", "prose", "doubles", "names", "tagged"])
def test_each_kind_has_at_least_five_inputs(about: str) -> None:
    assert len(globals()[about.upper()]) >= 5


@pytest.mark.parametrize(
    "experiment", ["ordinary week erp", "ordinary week rms", "partial cancels", "returns rsi", "sale days", "erp outage"]
)
def test_an_experiment_without_variants_is_not_simulated_in_each(experiment: str) -> None:
    text = scenario(weeks("run.days | 9", experiment=experiment, when=EACH))
    [finding] = lint_text(text.encode(), "x.feature", REGISTRY, TAGS)

    assert (finding.rule, finding.message) == (
        "idle-value",
        f"the experiment `{experiment}` has no variants, so this When simulates nothing",
    )
    with pytest.raises(UntrueStepError, match="has no variants"):
        SimulatedWeeks(experiment.replace(" ", "_")).simulated(each_variant=True)


def test_files_whose_names_look_the_same_are_reported(tmp_path: Path) -> None:
    features = ((NFC, "One"), (NFD, "Two"), ("x", NFC), ("y", NFD), ("z", "Cafe Zoe"))
    for (name, feature), stage in zip(features, ("PACKED", "COMPLETED", "READY_TO_DISPATCH", "CANCELLED", "PROCESSING"), strict=True):
        text = scenario(CASE.replace("PACKED", stage), name=stage).replace("Feature: F", f"Feature: {feature}")
        (tmp_path / f"{name}.feature").write_text(text, encoding="utf-8")

    result = lint(sorted(tmp_path.iterdir()), tmp_path, REGISTRY, TAGS)

    assert {(each.path, each.rule) for each in result.findings} <= {(f"{name}.feature", "duplicate-name") for name in (NFC, NFD, "x", "y")}
    assert len(result.findings) == 2


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
