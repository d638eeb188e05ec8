"""The words of a chosen reading say what its resolution decides; anything else is refused at load."""

from pathlib import Path

import pytest

from sop_engine.engine import ENGINE
from tests.sop_engine.test_forces import changed, findings

CREDIT = 'chosen = "the cancellation is allowed; the client may download the report and must make a credit note"'
NOTHING = '"the cancellation is allowed; there is nothing to do"'
REFUSED = 'chosen = "the cancellation is refused"'
CONTRADICTIONS: dict[str, tuple[str, str, str, str]] = {
    "another outcome": ("GAP-04", CREDIT, 'chosen = "refused; report, then credit note"', "its cases are answered `allowed`"),
    "another outcome and no task": ("GAP-04", CREDIT, 'chosen = "refused; nothing to do"', "the tasks are `download"),
    "an outcome by another word": ("GAP-04", CREDIT, 'chosen = "forbidden; report, then credit note"', "answered `allowed`"),
    "an outcome negated": ("GAP-04", CREDIT, 'chosen = "not allowed; report, then credit note"', "answered `allowed`"),
    "words of another world": ("GAP-04", CREDIT, 'chosen = "allowed; seller flies to the moon"', "does not name the task `make a credit note"),
    "no outcome at the beginning": ("GAP-04", CREDIT, 'chosen = "yes; report, then credit note"', "begin with what is decided: `allowed`"),
    "a task too few": ("GAP-02", CREDIT, 'chosen = "allowed; report"', "does not name the task `make a credit note"),
    "a task too many": ("GAP-02", CREDIT, 'chosen = "allowed; report, then credit note, then ask Ajio"', "task `ask Ajio"),
    "a task denied": ("GAP-02", CREDIT, 'chosen = "allowed; report, no credit note"', "the task `make a credit note by hand and keep it"),
    "a step where there is none": ("GAP-03", NOTHING, '"allowed; credit note"', "is not decided for any of its cases"),
    "no word of there being none": ("GAP-03", NOTHING, '"allowed"', "does not say `no action`"),
    "settled where it is open": ("GAP-11", "what to do with one that arrives stays open", "no action", "but the tasks stay open"),
    "no word of what is open": ("GAP-11", "; what to do with one that arrives stays open", "", "does not say that the tasks stay open"),
    "open where it is settled": ("GAP-03", NOTHING, '"allowed; the tasks stay open"', "there is nothing to do"),
    "a task of the wrong cases": ("GAP-13", "report if it is posted", "report if it is not posted", "is not decided for any of its cases"),
    "a task of some cases for all": ("GAP-13", "report if it is posted", "report", "is not decided for all of its cases"),
    "an outcome of some cases for all": ("GAP-35", "by the regular steps the order is not posted then", "allowed", "some of its cases are answered `"),
    "a credit note after all": ("GAP-13", "there is no credit note to make", "credit note", "`make a credit note by hand and keep it in the ERP` is not decided"),
    "like another stage": ("GAP-35", 'chosen = "the cancellation is answered like FULFILLABLE', 'chosen = "answered like PACKED', "it is answered like `FULFILLABLE`"),
    "like another stage and its outcome": ("GAP-36", 'chosen = "the cancellation is answered like PACKED"', 'chosen = "answered like PACKED: allowed"', "answered `refused`"),
    "without effect no more": ("GAP-37", 'chosen = "the second cancellation is without effect:', 'chosen = "refused:', "its cases are answered `without effect`"),
    "another outcome of a settled question": ("GAP-18", REFUSED, 'chosen = "allowed"', "its cases are answered `refused`"),
    "another failure": ("GAP-08", 'always \\"fails on screen\\"', 'always \\"fails at packing\\"', "answered `fails on screen`"),
    "goods to another stock": ("GAP-42", "fail to quarantine", "fail to saleable stock", "the disposition of `fail` differs"),
    "goods that are booked after all": ("GAP-42", "missing gets no GRN", "missing gets a GRN", "task `do the GRN in the ERP` is not decided"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_choice_that_says_something_else_is_refused_at_its_line(name: str, tmp_path: Path) -> None:
    identifier, old, new, reason = CONTRADICTIONS[name]
    line = next(gap.location for gap in ENGINE.rulebook.gaps if gap.id == identifier)

    problems = findings(changed(tmp_path, (identifier, old, new)))

    assert reason in " ".join(problems)
    assert all(
        finding.startswith(f"{line}: `{identifier}` chooses ") and finding.endswith("correct `chosen` or the resolution")
        for finding in problems
    )


def test_another_outcome_is_one_reason(tmp_path: Path) -> None:
    problems = findings(changed(tmp_path, ("GAP-14", REFUSED, 'chosen = "allowed"')))

    assert [finding.partition(": ")[2] for finding in problems] == [
        "`GAP-14` chooses `allowed`, but its cases are answered `refused`; correct `chosen` or the resolution"
    ]


RESOLUTIONS: dict[str, tuple[tuple[tuple[str, str, str], ...], str]] = {
    "an outcome turned round": ((("GAP-14", 'outcome = "refused"', 'outcome = "allowed"'),), "but its cases are answered `allowed`"),
    "tasks taken away": (
        (
            ("GAP-04", '[[gap.resolution]]\nmodality = "may"\ntask = "download-report"\nactor = "seller"\nsystem = "Ajio VMS Reports UI"\n', ""),
            ("GAP-04", '[[gap.resolution]]\nmodality = "must"\ntask = "credit-note"\nactor = "seller"\nsystem = "client\'s ERP"\n', ""),
        ),
        "is not decided for any of its cases",
    ),
    "a release for a duty": ((("GAP-04", 'modality = "must"', 'modality = "need-not"'),), "`make a credit note by hand"),
    "like another stage": ((("GAP-36", 'like = { stage = "PACKED" }', 'like = { stage = "PROCESSING" }'),), "it is answered like `PROCESSING`"),
    "an outcome for another": ((("GAP-37", 'outcome = "without effect"', 'outcome = "refused"'),), "answered `refused`"),
}  # fmt: skip


@pytest.mark.parametrize("name", RESOLUTIONS)
def test_a_resolution_that_is_changed_alone_is_refused_too(name: str, tmp_path: Path) -> None:
    edits, reason = RESOLUTIONS[name]

    assert reason in " ".join(findings(changed(tmp_path, *edits)))


@pytest.mark.parametrize(
    ("identifier", "old", "new"),
    [
        ("GAP-04", CREDIT, 'chosen = "permitted; download the report, then make a credit note"'),
        ("GAP-04", CREDIT, 'chosen = "allowed: the report and a credit note, as for FULFILLABLE"'),
        ("GAP-04", CREDIT, 'chosen = "allowed; report, then credit note; the seller need not share the credit note"'),
        ("GAP-03", NOTHING, '"allowed; nothing to do"'),
        ("GAP-03", NOTHING, '"no seller action; allowed"'),
        ("GAP-13", "report if it is posted; there is no credit note to make", "report if posted; no credit note"),
        ("GAP-14", REFUSED, 'chosen = "not allowed, as in the neighbouring sections"'),
        ("GAP-36", "the cancellation is answered like PACKED", "answered like PACKED: it is refused"),
        ("GAP-11", "stays open", "is left open"),
        ("GAP-10", "the two situations that the SOP lists for Ajio decide", "the situations of this section decide"),
        ("GAP-42", "fail to quarantine with an offline claim", "fail to quarantine"),
    ],
)
def test_the_same_in_other_words_is_not_refused(identifier: str, old: str, new: str, tmp_path: Path) -> None:
    assert findings(changed(tmp_path, (identifier, old, new))) == ()
