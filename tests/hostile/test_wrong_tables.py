"""Wrong tables and values that an analyst may write: each is a finding at its place, the nearest good one is clean and runs.

The run refuses them too, without the lint, and never with an error of Python.
"""

import re
from typing import NamedTuple

import pytest

from steps.language.document import source_of
from steps.lint.linter import lint_text
from tests.support.feature_runs import registry, result_of

RULES = {"impossible-value", "open-row", "table-cell", "table-columns", "undefined-step", "unexpected-table"}
PYTHONS_OWN = re.compile(r"\b(ValueError|IndexError|KeyError|TypeError|StopIteration|AttributeError|OverflowError|RuntimeError)\b")

POSTED = """
    Given these orders, invoiced through the client's ERP
      | order | posted           | e-invoiced | invoice | cancelled        | by         |
      | A     | 2026-05-03 23:00 | -          | -       | 2026-05-03 23:30 | the seller |
      | B     | 2026-05-03 23:10 | -          | -       | 2026-05-03 23:40 | Ajio       |
    When the client downloads the report of orders cancelled after posting, from 2026-05-01 to 2026-05-31
    Then the report lists
      | order | cancelled        |
      | A     | 2026-05-03 23:30 |
      | B     | 2026-05-03 23:40 |
"""
AGES = """
    Given these orders, invoiced through the client's ERP
      | order | posted           | e-invoiced       | cancelled        | by         | credited         |
      | A     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | the seller | 2026-05-05 09:00 |
    When the client looks at its credit notes on 2026-06-01
    Then the ages of the credit notes are
      | order | days | standing | reminder from | basis |
      | A     | 28   | done     | 2026-06-03    | SOP   |
"""
RETURNED = """
    Given these orders, each with the units that came back
      | order | units | quality checks |
      | A     | 3     | pass, fail     |
      | B     | 1     | -              |
    When the client gets the RSI report
    Then the report lists
      | order | unit | quality check |
      | A     | 1    | pass          |
      | A     | 2    | fail          |
"""
FOLLOW_UP = """
    Given an order invoiced through the client's ERP
    And the order is FULFILLABLE
    And its e-invoice is generated
    When the seller cancels the full order
    Then the client's follow-up is
      | may      | download the report of orders cancelled after posting |
      | must     | make a credit note by hand and keep it in the ERP     |
      | need not | share the credit note with Ajio                       |
"""
LIFE = """
    Given an order of 3 units, invoiced through RMS
    And the order has been allocated
    And the seller has cancelled 1 unit of the order
    When the seller cancels 1 unit of the order
    Then 1 unit is left to fulfil
    And the client has no open duty
"""
WEEKS = """
    Given the experiment ordinary week rms
    And these settings
      | run.days            | 2  |
      | ajio.orders_per_day | 30 |
    When the weeks are simulated
    Then every order is either dispatched or cancelled in the end
"""


class Wrong(NamedTuple):
    """A good scenario, and the text in it that becomes a wrong one; ▲ is the place of the finding if it is not the wrong text."""

    good: str
    text: str
    wrong: str
    rule: str = "table-cell"


def of_posted(time: str) -> Wrong:
    return Wrong(POSTED, "2026-05-03 23:00 |", f"▲{time} |")


CASES = {
    "times of another form, with a zone, or of a week": [
        of_posted(time)
        for time in (
            "2026-05-03T23:00", "2026-05-03 23:00:00", "2026-05-03 23:00+05:30", "2026-05-03 23:00Z", "2026-05-03 23:00 IST",
            "2026-W18-7 23:00", "2026-W18-7", "2026-123 23:00", "20260503 2300", "2026-05-03", "03-05-2026 23:00", "2026-5-3 23:00",
            "2026-05-03 11:00 pm", "2026-05-03  23:00", "23:00", "never", "--",
        )
    ],
    "dates and times that do not exist": [
        *map(of_posted, (
            "2026-02-29 10:00", "2026-04-31 10:00", "2026-13-01 10:00", "2026-05-00 10:00", "2026-05-03 24:00", "2026-05-03 23:60",
            "0001-01-01 00:00", "9999-12-31 23:59", "1926-05-03 23:00",
        )),
        Wrong(AGES, "2026-06-03    | SOP", "▲2026-06-31    | SOP"),
        Wrong(AGES, "When the client looks at its credit notes on 2026-06-01", "▲When the client looks at its credit notes on 2026-06-31", "impossible-value"),
        Wrong(AGES, "When the client looks at its credit notes on 2026-06-01", "▲When the client looks at its credit notes on 9999-12-31", "impossible-value"),
        Wrong(AGES, "When the client looks at its credit notes on 2026-06-01", "▲When the client looks at its credit notes on 2026-6-1", "undefined-step"),
        Wrong(POSTED, "When the client downloads the report of orders cancelled after posting, from 2026-05-01 to 2026-05-31",
              "▲When the client downloads the report of orders cancelled after posting, from 2026-05-01 to 2026-05-32", "impossible-value"),
    ],
    "columns too many or too few": [
        Wrong(FOLLOW_UP, "download the report of orders cancelled after posting |\n      | must     | make a credit note by hand and keep it in the ERP     |\n      | need not | share the credit note with Ajio                       |",
              "download the report of orders cancelled after posting | ▲seller | now |\n      | must | make a credit note by hand and keep it in the ERP | seller | now |", "table-columns"),
        Wrong(FOLLOW_UP, "      | may      | download the report of orders cancelled after posting |\n      | must     | make a credit note by hand and keep it in the ERP     |\n      | need not | share the credit note with Ajio                       |",
              "      | ▲download the report of orders cancelled after posting |", "table-columns"),
        Wrong(FOLLOW_UP, "      | may      | download the report of orders cancelled after posting |\n      | must     | make a credit note by hand and keep it in the ERP     |\n      | need not | share the credit note with Ajio                       |",
              "      ▲|", "table-columns"),
        Wrong(FOLLOW_UP, "      | may      | download", "      | ▲modality | task |\n      | may      | download", "table-columns"),
        Wrong(WEEKS, "| run.days            | 2  |\n      | ajio.orders_per_day | 30 |", "| run.days | 2 | ▲days |\n      | ajio.orders_per_day | 30 | |", "table-columns"),
    ],
    "headings that are unknown, doubled, empty or missing": [
        Wrong(POSTED, "order | posted  ", "order | ▲postd  ", "table-columns"),
        Wrong(POSTED, "order | posted  ", "order | ▲Posted  ", "table-columns"),
        Wrong(POSTED, "invoice | cancelled", "invoice | ▲canceled", "table-columns"),
        Wrong(POSTED, "e-invoiced | invoice", "e-invoiced | ▲e-invoiced", "table-columns"),
        Wrong(POSTED, "e-invoiced | invoice", "e-invoiced | ▲packed", "table-columns"),
        Wrong(RETURNED, "| order | unit | quality", "| order | ▲order | quality", "table-columns"),
        Wrong(RETURNED, "| order | units | quality checks |", "| ▲number | units | quality checks |", "table-columns"),
        Wrong(AGES, "order | days | standing", "order | ▲age | standing", "table-columns"),
        Wrong(AGES, "      | order | days | standing | reminder from | basis |\n      | A ", "      | ▲A ", "table-columns"),
    ],
    "unknown words": [
        Wrong(POSTED, "| the seller |", "| ▲seller |"),
        Wrong(POSTED, "| Ajio       |", "| ▲ajio |"),
        Wrong(POSTED, "| Ajio       |", "| ▲the customer |"),
        Wrong(FOLLOW_UP, "| must     |", "| ▲should   |"),
        Wrong(FOLLOW_UP, "| need not |", "| ▲need-not |"),
        Wrong(FOLLOW_UP, "| share the credit note with Ajio ", "| ▲share the credit note "),
        Wrong(RETURNED, "| pass, fail     |", "| ▲pass, failed |"),
        Wrong(RETURNED, "| pass, fail     |", "| ▲pass,fail |"),
        Wrong(RETURNED, "| pass, fail     |", "| ▲pass, - |"),
        Wrong(RETURNED, "| pass, fail     |", "| ▲pass, fail, |"),
        Wrong(RETURNED, "| 1    | pass          |", "| 1    | ▲passed |"),
        Wrong(AGES, "| done     |", "| ▲made |"),
        Wrong(AGES, "| SOP   |", "| ▲law |"),
        Wrong(WEEKS, "| run.days ", "| ▲run.dais "),
        Wrong(WEEKS, "| run.days ", "| ▲weeks "),
    ],
    "orders and other keys that are there twice": [
        Wrong(POSTED, "| B     | 2026-05-03 23:10", "| ▲A     | 2026-05-03 23:10"),
        Wrong(RETURNED, "| B     | 1 ", "| ▲A     | 1 "),
        Wrong(FOLLOW_UP, "share the credit note with Ajio                       |", "▲make a credit note by hand and keep it in the ERP |"),
        Wrong(WEEKS, "| ajio.orders_per_day | 30 |", "| ▲run.days | 3 |"),
        Wrong(POSTED, "      | B     | 2026-05-03 23:10 | -          | -       | 2026-05-03 23:40 | Ajio       |",
              "      | B     | 2026-05-03 23:10 | -          | -       | 2026-05-03 23:40 | Ajio       |\n      | ▲B | - | - | - | - | - |"),
    ],
    "empty cells that need a value": [
        Wrong(POSTED, "| B     | 2026-05-03 23:10", "| ▲| 2026-05-03 23:10"),
        Wrong(POSTED, "| A     | 2026-05-03 23:00 |", "| A     | ▲|"),
        Wrong(RETURNED, "| B     | 1     |", "| B     | ▲|"),
        Wrong(RETURNED, "| B     | 1     | -              |", "| B     | 1     | ▲|"),
        Wrong(FOLLOW_UP, "| must     |", "| ▲|"),
        Wrong(WEEKS, "| run.days            | 2  |", "| run.days            | ▲|"),
        Wrong(POSTED, "| B     | 2026-05-03 23:10", "| ▲- | 2026-05-03 23:10"),
    ],
    "a head without rows": [
        Wrong(POSTED, "| order | cancelled        |\n      | A     | 2026-05-03 23:30 |\n      | B     | 2026-05-03 23:40 |",
              "| ▲order | cancelled        |", "table-columns"),
        Wrong(RETURNED, "| order | units | quality checks |\n      | A     | 3     | pass, fail     |\n      | B     | 1     | -              |",
              "| ▲order | units | quality checks |", "table-columns"),
        Wrong(AGES, "| order | days | standing | reminder from | basis |\n      | A     | 28   | done     | 2026-06-03    | SOP   |",
              "| ▲order |", "table-columns"),
        Wrong(RETURNED, "| order | unit | quality check |\n      | A     | 1    | pass          |\n      | A     | 2    | fail          |",
              "| ▲order | unit |", "table-columns"),
        Wrong(AGES, "| order | posted           | e-invoiced       | cancelled        | by         | credited         |\n      | A     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | the seller | 2026-05-05 09:00 |",
              "| ▲order |\n      # | A |", "table-columns"),
    ],
    "cells that mean nothing without another": [
        Wrong(POSTED, "2026-05-03 23:30 | the seller |", "▲2026-05-03 23:30 | - |"),
        Wrong(POSTED, "2026-05-03 23:30 | the seller |", "- | ▲the seller |"),
        Wrong(POSTED, "23:00 | -          | -       |", "23:00 | - | ▲INV-1 |"),
        Wrong(RETURNED, "| 3     | pass, fail     |", "| 1     | ▲pass, fail |"),
        Wrong(WEEKS, "| run.days            | 2  |", "| run.days            | ▲-2 |"),
    ],
    "numbers of another form": [
        Wrong(RETURNED, "| 3     | pass, fail", "| ▲03 | pass, fail"),
        Wrong(RETURNED, "| 3     | pass, fail", "| ▲+3 | pass, fail"),
        Wrong(RETURNED, "| 3     | pass, fail", "| ▲3.0 | pass, fail"),
        Wrong(RETURNED, "| 3     | pass, fail", "| ▲three | pass, fail"),
        Wrong(RETURNED, "| 3     | pass, fail", "| ▲3 units | pass, fail"),
        Wrong(RETURNED, "| B     | 1     | -", "| B     | ▲0 | -"),
        Wrong(RETURNED, "| B     | 1     | -", "| B     | ▲2501 | -"),
        Wrong(AGES, "| 28   |", "| ▲-28 |"),
        Wrong(AGES, "| 28   |", "| ▲2_8 |"),
        Wrong(WEEKS, "| 30 |", "| ▲many |"),
    ],
    "rows with text behind their last pipe": [
        Wrong(POSTED, "2026-05-03 23:30 |\n      | B     | 2026-05-03 23:40 |", "2026-05-03 23:30 |\n      | B     | 2026-05-03 23:40 | ▲1999-01-01", "open-row"),
        Wrong(AGES, "| order | days | standing | reminder from | basis |\n", "| order | days | standing | reminder from | basis | ▲# the dates\n", "open-row"),
        Wrong(FOLLOW_UP, "share the credit note with Ajio                       |", "▲share the credit note with Ajio", "open-row"),
        Wrong(RETURNED, "| 2    | fail          |", "| 2    | fail          | ▲unless it is missing", "open-row"),
        Wrong(WEEKS, "| 30 |", "| 30 | ▲\\|", "open-row"),
        Wrong(RETURNED, "| order | unit | quality check |", "| order | unit | quality check | ▲processed", "open-row"),
    ],
    "units of another form": [
        Wrong(LIFE, "Given an order of 3 units", f"▲Given an order of {units}", "undefined-step")
        for units in ("1 units", "03 units", "-1 units", "3 unit", "0 units", "3  units", "three units", "3.0 units", "01 unit", "3")
    ]
    + [
        Wrong(LIFE, "When the seller cancels 1 unit of", f"▲When the seller cancels {units} of", "undefined-step")
        for units in ("1 units", "01 unit", "-1 unit", "2 unit", "0 units")
    ]
    + [
        Wrong(LIFE, "Then 1 unit is left", f"▲Then {units} left", "undefined-step")
        for units in ("1 units are", "1 unit are", "2 units is", "0 unit is", "00 units are", "-1 units are")
    ],
    "tables and doc strings that a sentence does not take": [
        Wrong(LIFE, "And the client has no open duty", "And the client has no open duty\n      ▲| make a credit note by hand and keep it in the ERP |", "unexpected-table"),
        Wrong(LIFE, "And the client has no open duty", 'And the client has no open duty\n      ▲"""\n      save one\n      """', "unexpected-table"),
        Wrong(LIFE, "And the order has been allocated", "And the order has been allocated\n      ▲```\n      ```", "unexpected-table"),
        Wrong(FOLLOW_UP, "And the order is FULFILLABLE", "And the order is FULFILLABLE\n      ▲| or | PACKED |", "unexpected-table"),
        Wrong(FOLLOW_UP, "When the seller cancels the full order", "When the seller cancels the full order\n      ▲|", "unexpected-table"),
    ],
}  # fmt: skip
EVERY_WRONG_TABLE = [
    pytest.param(wrong, id=f"{kind}: {number}") for kind, wrongs in CASES.items() for number, wrong in enumerate(wrongs, start=1)
]


def scenario(steps: str) -> str:
    return f"Feature: F\n\n  Scenario: S\n{steps.strip(chr(10))}\n"


def findings_of(text: str) -> list[tuple[str, int, int]]:
    """The findings of the rules that this is about; other rules have tests of their own."""
    findings = lint_text(text.encode(), "x.feature", registry(), ())
    return [(finding.rule, finding.line, finding.column) for finding in findings if finding.rule in RULES]


def messages_of(text: str) -> list[str]:
    """The messages of the run, which takes the examples as they are."""
    document = source_of(text.encode(), "x.feature")[0].document
    assert document is not None
    result = result_of(document.examples[0])
    return [step.error.message if step.error else "" for step in result.steps if step.status != "passed"]


@pytest.mark.parametrize("good", [POSTED, AGES, RETURNED, FOLLOW_UP, LIFE, WEEKS])
def test_the_good_scenarios_are_clean_and_pass(good: str) -> None:
    assert findings_of(scenario(good)) == []
    assert messages_of(scenario(good)) == []


def test_there_are_five_of_every_kind() -> None:
    assert all(len(wrongs) >= 5 for wrongs in CASES.values())


@pytest.mark.parametrize("wrong", EVERY_WRONG_TABLE)
def test_a_wrong_one_is_a_finding_at_its_place(wrong: Wrong) -> None:
    assert wrong.good.count(wrong.text) == 1, wrong.text
    marked = scenario(wrong.good.replace(wrong.text, wrong.wrong))
    before = marked.partition("▲")[0].split("\n")

    assert findings_of(marked.replace("▲", "")) == [(wrong.rule, len(before), len(before[-1]) + 1)]


@pytest.mark.parametrize("wrong", [case for case in EVERY_WRONG_TABLE if case.values[0].rule not in ("open-row", "unexpected-table")])
def test_the_run_refuses_it_too_and_not_with_an_error_of_python(wrong: Wrong) -> None:
    messages = messages_of(scenario(wrong.good.replace(wrong.text, wrong.wrong)).replace("▲", ""))

    assert messages
    assert not [message for message in messages if PYTHONS_OWN.search(message)]
