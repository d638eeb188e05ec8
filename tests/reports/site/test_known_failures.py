"""A failure that its author expects is shown as one that is known, and one that passes as an unexpected pass."""

from pathlib import Path

import pytest

from reports.examples.status_marks import Status
from reports.site.builder import write_site
from reports.site.context import Context, context_of
from sop_runs.record.reader import read_record
from sop_runs.record.verdict import ReasonKind
from steps.run.runner import run

pytestmark = pytest.mark.usefixtures("in_process")

FEATURE = """Feature: Known

  @expected-to-fail
  Scenario: Not so yet
    The rulebook will say so in spring.

    Fails: the outcome of seller / full / RMS / PACKED / generated: expected allowed, got refused

    Given an order invoiced through RMS
    And the order is PACKED
    And its e-invoice is generated
    When the seller cancels the full order
    Then the cancellation is {outcome}

  Scenario: So
    Given an order invoiced through RMS
    And the order is PACKED
    And its e-invoice is generated
    When the seller cancels part of the order
    Then the cancellation is refused
"""


def made(tmp_path: Path, outcome: str) -> tuple[Context, Path]:
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "known.feature").write_text(FEATURE.format(outcome=outcome), encoding="utf-8")
    result = run([folder], out=tmp_path / "runs")
    return context_of(read_record(result.folder)), result.folder


def test_a_run_with_a_known_failure_is_good_and_marks_it(tmp_path: Path) -> None:
    context, folder = made(tmp_path, "allowed")

    assert [scenario.status for scenario in context.scenarios] == [Status.KNOWN, Status.PASSED]
    assert (context.document.band.kind, context.document.band.title) == ("good", "1 example passed, 1 known failure")
    assert context.document.failures == ()
    html = (write_site(folder, tmp_path / "site").parent / "feature-known.html").read_text(encoding="utf-8")
    assert "known failure" in html
    assert "The rulebook will say so in spring." in html
    assert "<del>" in html


def test_an_unexpected_pass_makes_the_verdict_bad(tmp_path: Path) -> None:
    context, _ = made(tmp_path, "refused")

    assert [scenario.status for scenario in context.scenarios] == [Status.FAILED, Status.PASSED]
    assert (context.document.band.kind, context.document.band.title) == ("bad", "1 example failed")
    assert [failure.notes for failure in context.document.failures] == [("it passes now; remove the tag @expected-to-fail",)]


@pytest.mark.parametrize("outcome", ["allowed", "refused"])
def test_the_record_does_not_contradict_itself(outcome: str, tmp_path: Path) -> None:
    context, _ = made(tmp_path, outcome)

    assert ReasonKind.UNREADABLE not in {reason.kind for reason in context.verdict.reasons}
