"""Where a scenario leaves out a fact on which its answer depends, the failure names the fact and two cases."""

from pathlib import Path

import pytest

from reports.site.context import context_of
from sop_cli.main import main
from sop_engine import FACTS, Reading
from sop_runs.record.reader import read
from sop_runs.record.status import holds
from steps.run.runner import RunResult, run
from steps.support.claims import ClaimError, Claims

pytestmark = pytest.mark.usefixtures("in_process")

END = "; state the fact, or split the scenario"
ENDS = "; state the facts, or split the scenario"


def feature(folder: Path, *steps: str) -> Path:
    """A folder with one feature of one scenario."""
    folder.mkdir(exist_ok=True)
    kind = "Scenario Outline" if "Examples:" in steps else "Scenario"
    lines = ["Feature: A", "", f"  {kind}: B", *(f"    {step}" for step in steps)]
    (folder / "a.feature").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def go(tmp_path: Path, *steps: str) -> RunResult:
    return run([feature(tmp_path / "features", *steps)], out=tmp_path / "runs")


def message(tmp_path: Path, *steps: str) -> str:
    (failure,) = go(tmp_path, *steps).verdict.failures
    assert failure.status == "failed"
    return failure.message


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param(
            ["Given the order is PACKED", "When Ajio cancels part of the order", "Then what the client must do is an open question"],
            "the tasks depend on the invoicing: an open question when the order is invoiced through the client's ERP, "
            f"nothing to do when the order is invoiced through RMS{END}",
            id="invoicing",
        ),
        pytest.param(
            ["Given an order invoiced through RMS", "When the seller cancels the full order", "Then the cancellation is allowed"],
            f"the outcome depends on the stage: allowed when the order is CREATED, refused when the order is PACKED{END}",
            id="stage",
        ),
        pytest.param(
            [
                "Given an order invoiced through the client's ERP",
                "And the order is FULFILLABLE",
                "When the seller cancels part of the order",
                "Then the cancellation is allowed",
            ],
            f"the outcome depends on the e-invoice: allowed when its e-invoice is not posted, fails on screen when its e-invoice is posted{END}",
            id="e-invoice",
        ),
        pytest.param(
            [
                "Given an order invoiced through the client's ERP",
                "And the order is FULFILLABLE",
                "And its e-invoice is pushed",
                "When the seller or Ajio cancels part of the order",
                "Then the cancellation fails on screen",
            ],
            f"the outcome depends on who cancels: fails on screen when the seller cancels, fails at packing when Ajio cancels{END}",
            id="canceller",
        ),
        pytest.param(
            [
                "Given an order invoiced through the client's ERP",
                "And the order is PROCESSING",
                "When the seller cancels the full order or part of the order",
                "Then the cancellation is refused",
            ],
            "the outcome depends on how much is cancelled: allowed when the full order is cancelled, "
            f"refused when part of the order is cancelled{END}",
            id="scope",
        ),
        pytest.param(
            [
                "Given an order invoiced through the client's ERP",
                "When the seller cancels part of the order",
                "Then the cancellation is refused",
            ],
            "the outcome depends on the stage and the e-invoice: for example allowed when the order is CREATED and its e-invoice is "
            f"not posted, refused when the order is PROCESSING and its e-invoice is not posted{ENDS}",
            id="two facts",
        ),
        pytest.param(
            [
                "Given an order invoiced through RMS",
                "And the order is FULFILLABLE",
                "When the seller cancels the full order",
                "Then the cancellation is allowed",
                "And the SOP says so in SC-RMS-FULL-1",
            ],
            f"the gaps depend on the e-invoice: no gap when its e-invoice is not posted, GAP-15 when its e-invoice is generated{END}",
            id="gaps",
        ),
        pytest.param(
            [
                "Given an order invoiced through RMS",
                "And the order is FULFILLABLE",
                "When the seller cancels the full order",
                "Then it follows that the client has nothing to do",
            ],
            f"the source of the tasks depends on the e-invoice: it follows when its e-invoice is not posted, "
            f"our reading when its e-invoice is generated{END}",
            id="source",
        ),
    ],
)
def test_the_deciding_fact_is_named_with_two_cases(steps: list[str], expected: str, tmp_path: Path) -> None:
    assert message(tmp_path, *steps) == expected


def test_stating_the_fact_that_is_named_makes_the_scenario_pass(tmp_path: Path) -> None:
    steps = ["Given an order invoiced through RMS", "When the seller cancels the full order", "Then the cancellation is allowed"]

    assert "depends on the stage" in message(tmp_path, *steps)
    assert go(tmp_path, steps[0], "And the order is PROCESSING", *steps[1:]).verdict.good


def test_cases_that_agree_and_are_not_as_claimed_are_said_once(tmp_path: Path) -> None:
    text = message(
        tmp_path,
        "Given an order invoiced through the client's ERP",
        "And the order is PACKED",
        "When the seller cancels the full order or part of the order",
        "Then the cancellation is allowed",
    )

    assert (
        text.splitlines()[0] == "the outcome of seller / any scope / ERP / PACKED / any e-invoice (8 cases): expected allowed, got refused"
    )


def test_one_known_case_reads_as_it_always_did(tmp_path: Path) -> None:
    text = message(
        tmp_path,
        "Given an order invoiced through the client's ERP",
        "And the order is PACKED",
        "And its e-invoice is pushed",
        "When the seller cancels the full order",
        "Then the cancellation is allowed",
    )

    assert text.splitlines()[0] == "the outcome of seller / full / ERP / PACKED / pushed: expected allowed, got refused"


def test_where_likeness_fails_in_some_cases_it_is_said_of_these(tmp_path: Path) -> None:
    text = message(
        tmp_path,
        "Given an order invoiced through the client's ERP",
        "And the order is PROCESSING",
        "When the seller cancels the full order or part of the order",
        "Then the answer is the same as for an order that is FULFILLABLE",
    )

    first, *rest = text.splitlines()
    assert (
        first
        == "the outcome, as for FULFILLABLE of seller / partial / ERP / PROCESSING / any e-invoice (4 cases): expected allowed, got refused"
    )
    assert all("as for FULFILLABLE" in line for line in rest)
    assert len(rest) <= 2


def test_every_case_that_agrees_with_the_facts_is_claimed(tmp_path: Path) -> None:
    result = go(tmp_path, "Given the order is CANCELLED", "When Ajio cancels the full order", "Then the cancellation is without effect")
    (scenario,) = read(result.record).scenarios

    cases = [tuple(claim.subject["facts"][name] for name in FACTS) for claim in scenario.claims]
    assert len(cases) == len(set(cases)) == 2 * 4
    assert {case[:2] + case[3:4] for case in cases} == {("Ajio", "full", "CANCELLED")}
    assert all(map(holds, scenario.claims))
    assert scenario.steps[-1].claims == list(range(8))


def test_a_table_that_depends_on_a_fact_is_one_sentence(tmp_path: Path) -> None:
    text = message(
        tmp_path,
        "Given an order invoiced through the client's ERP",
        "And the order is FULFILLABLE",
        "When Ajio cancels the full order",
        "Then the client's follow-up is",
        "  | may  | download the report of orders cancelled after posting |",
        "  | must | make a credit note by hand and keep it in the ERP     |",
    )

    assert text.startswith("the tasks depend on the e-invoice: nothing to do when its e-invoice is not posted, may download the report")
    assert text.count("\n") == 0


def test_claims_of_other_subjects_are_reported_one_by_one() -> None:
    subjects = [({"kind": "order", "id": name}, [("units", 1, number)]) for number, name in enumerate("ABC")]

    with pytest.raises(ClaimError) as caught:
        Claims().check_each(subjects, reading=Reading.AS_PRACTISED)

    assert str(caught.value) == "the units of order A: expected 1, got 0\nthe units of order C: expected 1, got 2"
    assert len(caught.value.claims) == 2


def test_a_page_says_it_in_a_note_and_marks_no_word_as_found(tmp_path: Path) -> None:
    steps = ["Given an order invoiced through RMS", "When the seller cancels the full order", "Then the cancellation is allowed"]
    result = go(tmp_path, *steps)
    (failure,) = result.verdict.failures

    page = context_of(read(result.record)).document
    (view,) = (view for group in page.unlinked for view in group.scenarios)
    assert view.steps[-1].notes == (failure.message,)
    assert [part.kind for part in view.steps[-1].parts] == ["text"]
    assert [failure_shown.notes for failure_shown in page.failures] == [(failure.message,)]


def test_a_row_of_examples_says_it_below_itself(tmp_path: Path) -> None:
    result = go(
        tmp_path,
        "Given an order invoiced through <invoicing>",
        "When the seller cancels the full order",
        "Then the cancellation is <outcome>",
        "",
        "Examples:",
        "  | invoicing | outcome |",
        "  | RMS       | allowed |",
    )
    page = context_of(read(result.record)).document

    (view,) = (view for group in page.unlinked for view in group.scenarios)
    (row,) = view.tables[0].rows
    assert row.notes == (f"the outcome depends on the stage: allowed when the order is CREATED, refused when the order is PACKED{END}",)
    assert all(cell.actual is None for cell in row.cells)


def test_the_command_says_it_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Although only one of the cases that are claimed is not as expected."""
    folder = feature(
        tmp_path / "features",
        "Given an order invoiced through the client's ERP",
        "And the order is FULFILLABLE",
        "When the seller cancels part of the order",
        "Then the cancellation fails on screen",
    )

    assert main(["verify", str(folder), "--out", str(tmp_path / "build"), "--no-docs"]) == 1

    out = capsys.readouterr().out
    assert out.count("the outcome depends on the e-invoice: allowed when its e-invoice is not posted") == 1
    assert "expected" not in out
