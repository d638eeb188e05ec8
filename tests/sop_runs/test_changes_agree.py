"""One edit of every kind is reported by the same word at the same line in gate, diff, page and Markdown."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click import unstyle

from reports.site.context import context_of
from reports.site.pages.changes import changes_page
from sop_cli.answers.change_listing import changes_as_markdown, changes_as_text
from sop_runs.change.baseline import Baseline, approve, read_baseline
from sop_runs.change.snapshot import snapshot_of_baseline
from sop_runs.change.snapshot_changes import Changes
from sop_runs.gate import Gate
from sop_runs.record.reader import RunRecord
from sop_runs.record.verdict import judge
from steps.generation.proposals import suggestion
from tests.support.in_process import record_of
from tests.support.wording import OTHER

ONE = """\
Feature: Cancelling a full order
  Until it is packed.

  Rule: The seller may cancel

    At any state of the e-invoice.

    Scenario Outline: At a stage
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When the seller cancels the full order
      Then the cancellation is allowed

      Examples:
        | stage       | e-invoice  |
        | FULFILLABLE | not posted |
        | FULFILLABLE | posted     |
        | PROCESSING  | not posted |

    Scenario: With RMS
      Why it is here.

      Given an order invoiced through RMS
      And the order is FULFILLABLE
      And its e-invoice is not posted
      When the seller cancels the full order
      Then the cancellation is allowed
"""
OTHER_ROW = "        | PROCESSING  | posted     |\n"
MOVED = ONE[ONE.index("    Scenario: With RMS\n") :]
AT_A_STAGE, WITH_RMS = "At a stage", "With RMS"
EDITS: dict[str, tuple[dict[str, tuple[str, str]], list[tuple[str, str, int, str]]]] = {
    "a cell": (
        {"one": ("| FULFILLABLE | posted     |", "| PROCESSING  | posted     |")},
        [("edited", "one.feature", 18, AT_A_STAGE)],
    ),
    "a row that came": (
        {"one": ("        | PROCESSING  | not posted |\n", "        | PROCESSING  | not posted |\n" + OTHER_ROW)},
        [("new", "one.feature", 20, AT_A_STAGE)],
    ),
    "a row that went": ({"one": ("        | FULFILLABLE | posted     |\n", "")}, [("gone", "one.feature", 8, AT_A_STAGE)]),
    "a step": (
        {"one": ("      Given an order invoiced through RMS\n      And the order is FULFILLABLE", "      Given an order invoiced through RMS\n      And the order is PROCESSING")},
        [("edited", "one.feature", 21, WITH_RMS)],
    ),
    "a tag": ({"one": ("    Scenario: With RMS", "    @SC-RMS-FULL-1\n    Scenario: With RMS")}, [("edited", "one.feature", 22, WITH_RMS)]),
    "the name of a scenario": (
        {"one": ("Scenario: With RMS", "Scenario: Invoiced by RMS")},
        [("renamed", "one.feature", 21, "Invoiced by RMS")],
    ),
    "the name of an outline": (
        {"one": ("Outline: At a stage", "Outline: At every stage")},
        [("renamed", "one.feature", line, "At every stage") for line in (17, 18, 19)],
    ),
    "the name of a Rule": (
        {"one": ("Rule: The seller may cancel", "Rule: The seller can cancel")},
        [*(("renamed", "one.feature", line, AT_A_STAGE) for line in (17, 18, 19)), ("renamed", "one.feature", 21, WITH_RMS)],
    ),
    "the name of a feature": ({"two": ("Cancelling a part", "A part")}, [("edited", "two.feature", 1, "Feature: A part")]),
    "the description of a feature": (
        {"one": ("  Until it is packed.", "  Until the parcel is packed.")},
        [("edited", "one.feature", 1, "Feature: Cancelling a full order")],
    ),
    "the description of a Rule": ({"one": ("At any state", "In any state")}, [("edited", "one.feature", 4, "Rule: The seller may cancel")]),
    "the description of a scenario": ({"one": ("Why it is here.", "Why it is.")}, [("edited", "one.feature", 21, "Scenario: With RMS")]),
    "a description that came": (
        {"two": ("Feature: Cancelling a part\n", "Feature: Cancelling a part\n  Some units of it.\n")},
        [("edited", "two.feature", 1, "Feature: Cancelling a part")],
    ),
    "a description that went": ({"one": ("      Why it is here.\n\n", "")}, [("edited", "one.feature", 21, "Scenario: With RMS")]),
    "a scenario that went": ({"one": (MOVED, "")}, [("gone", "one.feature", 4, WITH_RMS)]),
    "a scenario that came": (
        {"two": ("  Scenario: With RMS", OTHER[OTHER.index("  Scenario") :].replace("With RMS", "Packed").replace("FULFILLABLE", "PROCESSING") + "\n  Scenario: With RMS")},
        [("new", "two.feature", 3, "Packed")],
    ),
    "a scenario that moved to another file": (
        {"one": (MOVED, ""), "two": ("Feature: Cancelling a part\n", "Feature: Cancelling a part\n\n" + MOVED.replace("With RMS", "All, with RMS"))},
        [("moved", "two.feature", 3, "All, with RMS")],
    ),
}  # fmt: skip
"""What is edited in which file, and what must be reported: kind, file, line, name."""


def write(folder: Path, texts: dict[str, str]) -> RunRecord:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.feature").write_text(text, encoding="utf-8")
    return record_of(folder)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    place = tmp_path_factory.mktemp("approved")
    approve(write(place / "features", {"one": ONE, "two": OTHER}), place)
    return read_baseline(place)


@pytest.fixture
def after(edit: str, tmp_path: Path) -> RunRecord:
    texts = {"one": ONE, "two": OTHER}
    for name, (old, new) in EDITS[edit][0].items():
        assert texts[name].count(old) == 1, old
        texts[name] = texts[name].replace(old, new)
    return write(tmp_path / "features", texts)


def test_nothing_changed_where_nothing_was_edited(baseline: Baseline, tmp_path: Path) -> None:
    record = write(tmp_path / "features", {"one": ONE, "two": OTHER})
    difference = Gate(record, judge(record), baseline, suggestion).changes

    assert difference is not None
    assert not difference


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_one_change_of_its_kind_at_its_line(edit: str, baseline: Baseline, after: RunRecord) -> None:
    difference = Gate(after, judge(after), baseline, suggestion).changes

    assert difference is not None
    assert changes_as_rows(difference) == sorted(EDITS[edit][1])


def changes_as_rows(difference: Changes) -> list[tuple[str, str, int, str]]:
    texts = ((str(change.kind), change.path, change.line, change.id) for change in difference.texts)
    return sorted([*texts, *((str(change.kind), change.path, change.line, change.name) for change in difference.examples)])


@pytest.mark.parametrize("edit", EDITS)
def test_gate_diff_page_and_markdown_report_the_same_changes(edit: str, baseline: Baseline, after: RunRecord) -> None:
    gate = Gate(after, judge(after), baseline, suggestion)
    difference = gate.changes
    assert difference is not None
    expected = sorted(f"features/{path}:{line}: {kind}: {name}" for kind, path, line, name in EDITS[edit][1])
    in_gate = {line for line in expected if ": new: " not in line}  # the gate counts what is new, and stays open

    problems = [*gate.examples().problems, *gate.wording().problems]
    on_page = {f"features/{problem.path}:{problem.line}: {problem.message}" for problem in problems}
    assert {line for line in in_gate if any(text.startswith(line) for text in on_page)} | rows_too(problems, in_gate) == in_gate
    assert lines_of(changes_as_text(difference), expected) == expected
    assert lines_of(changes_as_markdown(difference), expected) == expected
    assert sorted(page_lines(after, baseline)) == sorted({line for line in expected if line in first_of_each(expected)})


def rows_too(problems: list, expected: set[str]) -> set[str]:
    """Rows of one outline that the gate sums up behind the first of them."""
    return expected if any("more rows" in problem.message or "more row" in problem.message for problem in problems) else set()


def lines_of(lines: Iterator[str], expected: list[str]) -> list[str]:
    plain = [unstyle(line).removeprefix("- ") for line in lines]
    return sorted(wanted for wanted in expected if any(line.startswith(wanted) for line in plain))


def page_lines(record: RunRecord, baseline: Baseline) -> Iterator[str]:
    page = changes_page(context_of(record, base=snapshot_of_baseline(baseline)))
    for view in page.texts:
        yield f"features/{view.place}: {view.kind}: {view.id}"
    for group in page.examples:
        for example in group.views:
            yield f"features/{example.place}: {group.kind}: {example.name}"


def first_of_each(expected: list[str]) -> set[str]:
    """The page shows rows of one scenario that changed in one way together, at the first of them."""
    firsts: dict[str, str] = {}
    for line in expected:
        firsts.setdefault(line.partition(": ")[2] + line.partition(":")[0], line)
    return set(firsts.values())
