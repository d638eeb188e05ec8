"""Reasons that rest on a changed ruling are reported."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from sop_engine.engine import ENGINE
from sop_engine.reader import read_rulebook
from sop_runs.change.baseline import approve, read_baseline
from sop_runs.change.change_text import reference_line
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.snapshot_changes import changes
from tests.sop_engine.test_forces import changed
from tests.support.wording import FEATURE, gate_of, recorded, write


def compared(tmp_path: Path, *edited: tuple[str, str, str]) -> list[str]:
    """The texts that rest on a ruling that changed."""
    sides = [Snapshot("", sentences=recorded(book)) for book in (ENGINE.rulebook, read_rulebook(changed(tmp_path, *edited)))]
    return [reference_line(reference) for reference in changes(*sides).references]


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ([("GAP-04", 'chosen = "the cancellation is allowed;', 'chosen = "the cancellation is refused;')], "GAP-10 (why) rests on GAP-04, whose answer changed"),
        ([("GAP-04", 'modality = "must"', 'modality = "may"')], "GAP-10 (why) rests on GAP-04, whose answer changed"),
        ([("GAP-03", 'tasks = "none"', 'modality = "may"\ntask = "credit-note"')], "SC-ERP-FULL-2b (why not operative) rests on GAP-03, whose answer changed"),
        ([("GAP-17", 'chosen = "no action at the time of the cancellation;', 'chosen = "no action;')], "GAP-46 (chosen) rests on GAP-17, whose answer changed"),
        ([("GAP-14", 'outcome = "refused"', 'outcome = "allowed"')], "GAP-36 (nearest) rests on GAP-14, whose answer changed"),
        ([("GAP-24", 'readings = ["Some lines of the order."', 'readings = ["Pieces."')], "GAP-54 (nearest) rests on GAP-24, whose answer changed"),
        ([("SC-ERP-FULL-3", 'modality = "must-not"', 'modality = "outcome"')], "GAP-01 (why) rests on SC-ERP-FULL-3, whose answer changed"),
        ([("SC-ERP-FULL-3", 'stage = ["PACKED", ', "stage = [")], "GAP-01 (why) rests on SC-ERP-FULL-3, whose answer changed"),
        ([("GAP-30", 'chosen = "both sides', 'chosen = "no side'), ("GAP-45", "GAP-30 asks this about", "Another gap asks this about")], ""),
    ],
)  # fmt: skip
def test_a_reason_that_rests_on_a_changed_ruling_is_reported(edited: list[tuple[str, str, str]], expected: str, tmp_path: Path) -> None:
    actual = compared(tmp_path, *edited)

    assert expected in actual if expected else actual == []


@pytest.mark.parametrize(
    "edited",
    [
        [("GAP-04", 'title = "', 'title = "Once more: ')],
        [("GAP-04", 'question = "', 'question = "Please: ')],
        [("GAP-03", 'why = "', 'why = "Because: ')],
        [("SC-ERP-FULL-3", 'text = "', 'text = "Well: ')],
        [
            ("GAP-04", 'chosen = "the cancellation is allowed', 'chosen = "the cancellation is refused'),
            ("GAP-10", "They also support", "They no longer support"),
        ],
    ],
)
def test_a_reason_is_not_reported_for_a_change_of_words_alone_or_where_it_was_revised_too(
    edited: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert [line for line in compared(tmp_path, *edited) if line.startswith("GAP-10 (why)")] == []


def test_the_gate_reports_what_rests_on_a_changed_ruling_with_the_descriptions(tmp_path: Path) -> None:
    named = FEATURE.replace("Until it is packed.", "Until it is packed (SC-RMS-FULL-2).")
    approve(write(tmp_path / "features", named), tmp_path)
    approved = read_baseline(tmp_path)
    clauses = [structs.replace(entry, modality="may") if entry.id == "SC-RMS-FULL-2" else entry for entry in approved.sentences.clauses]
    before = replace(approved, sentences=structs.replace(approved.sentences, clauses=clauses))

    problems = {
        (problem.path, problem.line, problem.message) for problem in gate_of(write(tmp_path / "features", named), before).wording().problems
    }

    rests = "rests on SC-RMS-FULL-2, whose answer changed"
    assert ("", 1, "edited: SC-RMS-FULL-2 (modality)") in problems
    assert ("", 1, f"GAP-14 (nearest) {rests}") in problems
    assert ("one.feature", 1, f"Feature: Cancelling in full (description) {rests}") in problems
