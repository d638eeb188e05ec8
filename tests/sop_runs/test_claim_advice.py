"""A failure says which statement gives the answer, and the nearest case that has the expected one, in the words of the features."""

from pathlib import Path

import pytest

from sop_engine import load_rulebook
from steps.run.runner import run

pytestmark = pytest.mark.usefixtures("in_process")
ERP, RMS = "Given an order invoiced through the client's ERP", "Given an order invoiced through RMS"
SELLER, AJIO = "When the seller cancels the full order", "When Ajio cancels the full order"
PART = "When Ajio cancels part of the order"
FULFILLABLE, PACKED = "And the order is FULFILLABLE", "And the order is PACKED"
GENERATED, POSTED = "And its e-invoice is generated", "And its e-invoice is posted"
WRITTEN = "And the SOP is taken as written"
CREDIT = "  | must | make a credit note by hand and keep it in the ERP |"
UNIT = "Given a returned unit whose quality check is pass"
HANDLED = "When the client handles the returned unit"

ADVICE = {
    "an outcome that the SOP states": (
        [ERP, FULFILLABLE, GENERATED, SELLER, "Then the cancellation is refused"],
        ["the SOP itself says so in SC-ERP-FULL-1a", "`refused` is the answer when the order is PACKED (SC-ERP-FULL-3)"],
    ),
    "an outcome that we assume": (
        [ERP, "And the order is CANCELLED", GENERATED, SELLER, "Then the cancellation is allowed"],
        ["it is our reading of GAP-37", "`allowed` is the answer when the order is PROCESSING (SC-ERP-FULL-2a)"],
    ),
    "an outcome of another canceller": (
        [ERP, FULFILLABLE, POSTED, PART, "Then the cancellation fails on screen"],
        ["the SOP itself says so in AC-ERP-PART-1c", "`fails on screen` is the answer when the seller cancels (SC-ERP-PART-1c, SC-ERP-PART-1.1.1)"],
    ),
    "an outcome that no case has": (
        [ERP, FULFILLABLE, GENERATED, SELLER, "Then the outcome of the cancellation is an open question"],
        ["the SOP itself says so in SC-ERP-FULL-1a", "no case has `an open question`"],
    ),
    "nothing to do where there are tasks": (
        [ERP, FULFILLABLE, GENERATED, SELLER, "Then the client has nothing to do"],
        [
            "the SOP itself says so in SC-ERP-FULL-1.1.1, SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b, SC-ERP-FULL-1.1.2c",
            "`nothing to do` is the answer when its e-invoice is posted (SC-ERP-FULL-1.2.1)",
        ],
    ),
    "a task where there is nothing to do": (
        [ERP, FULFILLABLE, POSTED, SELLER, "Then the client's follow-up is", CREDIT],
        [
            "the SOP itself says so in SC-ERP-FULL-1.2.1",
            "`must make a credit note by hand and keep it in the ERP` is a part of the answer when its e-invoice is generated (SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b)",
        ],
    ),
    "an open question where there is nothing to do": (
        [ERP, FULFILLABLE, POSTED, SELLER, "Then what the client must do is an open question"],
        [
            "the SOP itself says so in SC-ERP-FULL-1.2.1",
            "`an open question` is the answer when Ajio cancels and part of the order is cancelled and the order is PACKED (GAP-11)",
        ],
    ),
    "nothing to do where the question is open": (
        [ERP, PACKED, GENERATED, PART, "Then the client has nothing to do"],
        ["the question is registered as GAP-11", "`nothing to do` is the answer when the full order is cancelled (AC-ERP-FULL-2b)"],
    ),
    "a task of another force": (
        [ERP, FULFILLABLE, GENERATED, SELLER, "Then the client's follow-up is",
         "  | must     | download the report of orders cancelled after posting |",
         "  | must     | make a credit note by hand and keep it in the ERP     |",
         "  | need not | share the credit note with Ajio                       |"],
        ["the SOP itself says so in SC-ERP-FULL-1.1.1", "no case has `must download the report of orders cancelled after posting`"],
    ),
    "a clause of another stage": (
        [RMS, PACKED, GENERATED, SELLER, "Then the answer rests on SC-RMS-FULL-1"],
        ["SC-RMS-FULL-1 has a part in the answer when the order is PROCESSING"],
    ),
    "a gap of another case": (
        [ERP, FULFILLABLE, "And its e-invoice is pushed", SELLER, "Then it is our reading of GAP-04"],
        ["it is our reading of GAP-02", "GAP-04 has a part in the answer when the order is PROCESSING and its e-invoice is generated"],
    ),
    "a gap where the SOP itself answers": (
        [ERP, FULFILLABLE, GENERATED, SELLER, "Then it is our reading of GAP-02"],
        ["no gap; the SOP itself says so in SC-ERP-FULL-1a", "GAP-02 has a part in the answer when its e-invoice is pushed"],
    ),
    "a clause that is not there": (
        [RMS, PACKED, GENERATED, SELLER, "Then the answer rests on SC-RMS-FULL-3"],
        ["there is no clause SC-RMS-FULL-3; did you mean `SC-RMS-FULL-2`?"],
    ),
    "a clause of another section that is not there": (
        [ERP, PACKED, GENERATED, AJIO, "Then the answer rests on AC-ERP-FULL-3"],
        ["there is no clause AC-ERP-FULL-3; the page of the SOP lists the clauses"],
    ),
    "a gap that is not there": (
        [RMS, PACKED, GENERATED, SELLER, "Then the question of GAP-99 is shown beside the answer"],
        ["there is no gap GAP-99; the last one is GAP-57"],
    ),
    "a gap with a digit too few": (
        [ERP, FULFILLABLE, "And its e-invoice is pushed", SELLER, "Then it is our reading of GAP-2"],
        ["it is our reading of GAP-02", "there is no gap GAP-2; did you mean `GAP-02`?"],
    ),
    "a gap of aspect note": (
        [ERP, PACKED, GENERATED, AJIO, "Then it is our reading of GAP-19"],
        [
            "no gap; the SOP itself says so in AC-ERP-FULL-2b",
            "GAP-19 never decides an answer; write `the question of GAP-19 is shown beside the answer`",
        ],
    ),
    "a gap of aspect note of another case": (
        [ERP, FULFILLABLE, GENERATED, AJIO, "Then it is our reading of GAP-19"],
        None,
    ),
    "a question beside another answer": (
        [ERP, FULFILLABLE, GENERATED, SELLER, "Then the question of GAP-19 is shown beside the answer"],
        ["GAP-19 is shown beside the answer when Ajio cancels and the order is PACKED"],
    ),
    "as written": (
        [ERP, WRITTEN, FULFILLABLE, "And its e-invoice is pushed", SELLER, "Then the client has nothing to do"],
        ["the question is registered as GAP-02", "`nothing to do` is the answer when its e-invoice is posted (SC-ERP-FULL-1.2.1)"],
    ),
    "as written, nowhere": ([UNIT, WRITTEN, HANDLED, "Then the client has nothing to do"],
        ["the question is registered as GAP-32", "no case as written has `nothing to do`"],
    ),
    "a returned unit": (
        [UNIT, HANDLED, "Then what the client must do is an open question"],
        ["it is our reading of GAP-32, with RT-RSI-1, RT-RSI-3a, RT-RSI-3b",
         "`an open question` is the answer when the quality check is not recorded (GAP-32, GAP-42)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ADVICE)
def test_a_failure_names_the_statement_and_the_nearest_case(kind: str, tmp_path: Path) -> None:
    steps, advice = ADVICE[kind]
    text = failure(tmp_path, steps)

    assert "expected" in text.splitlines()[0]
    keys = {"download-report", "credit-note", "share-credit-note", "need-not", "unspecified", "use-as-reference"}
    assert not keys & set(text.replace(";", " ").replace(",", " ").split())
    if advice is None:
        assert "GAP-19 never decides an answer; its question does not belong to this case" in text
    else:
        assert [line.removeprefix("→ ") for line in text.splitlines() if line.startswith("→ ") and "system under" not in line] == advice


@pytest.mark.slow
def test_of_each_gap_of_aspect_note_a_wrong_claim_says_that_it_never_decides(tmp_path: Path) -> None:
    notes = [gap.id for gap in load_rulebook().gaps if gap.aspect == "note"]
    assert notes
    for gap in notes:
        text = failure(tmp_path / gap, [ERP, FULFILLABLE, GENERATED, SELLER, f"Then it is our reading of {gap}"])
        assert f"{gap} never decides an answer" in text


def failure(folder: Path, steps: list[str]) -> str:
    """The message of the only failure of a scenario with these steps."""
    features = folder / "features"
    features.mkdir(parents=True)
    body = "\n".join(f"    {step}" for step in steps)
    tag = "  @as-written\n" if WRITTEN in steps else ""
    (features / "a.feature").write_text(f"Feature: A\n\n{tag}  Scenario: B\n{body}\n", encoding="utf-8")
    result = run([features], out=folder / "runs")
    assert [finding.message for finding in result.verdict.findings] == []
    (only,) = result.verdict.failures
    return only.message
