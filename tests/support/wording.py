"""Registers and features whose words are changed, and the gate on them."""

from pathlib import Path

from msgspec import convert

from sop_engine.reader import Rulebook
from sop_runs.change.baseline import Baseline
from sop_runs.gate import Gate
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import RulebookRecord
from sop_runs.record.verdict import judge
from steps.generation.proposals import suggestion
from tests.support.in_process import record_of


def recorded(rulebook: Rulebook) -> RulebookRecord:
    """A rulebook as a run has it."""
    return convert(rulebook.to_plain(), RulebookRecord)


FEATURE = """\
Feature: Cancelling in full
  Until it is packed.

  Background: Who invoices
    It is the ERP of the client.

    Given an order invoiced through the client's ERP

  Rule: The seller may cancel
    At these stages.

    Background: No e-invoice
      It comes later.

      Given its e-invoice is not posted

    Scenario Outline: At a stage
      Why it is here.

      Given the order is <stage>
      When the seller cancels the full order
      Then the cancellation is allowed

      Examples: Before packing
        The usual ones.

        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

      Examples:
        | stage         |
        | UNFULFILLABLE |
"""
OTHER = """\
Feature: Cancelling a part

  Scenario: With RMS
    Given an order invoiced through RMS
    And the order is FULFILLABLE
    And its e-invoice is not posted
    When the seller cancels part of the order
    Then the cancellation is allowed
"""


def write(folder: Path, text: str, other: str = OTHER) -> RunRecord:
    folder.mkdir(exist_ok=True)
    (folder / "one.feature").write_text(text, encoding="utf-8")
    (folder / "two.feature").write_text(other, encoding="utf-8")
    return record_of(folder)


def gate_of(record: RunRecord, baseline: Baseline) -> Gate:
    return Gate(record, judge(record), baseline, suggestion)
