"""The sentences that say who says so, and when something is due, fail where the answer is less certain or due at another time."""

from pathlib import Path

import pytest

from sop_engine import Reading
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.language.document import read_document
from steps.run.executor import execute

REFUSED = ("the order is PACKED", "its e-invoice is pushed", "the seller cancels the full order")
ASSUMED = ("the order is FULFILLABLE", "its e-invoice is pushed", "the seller cancels the full order")
STATED = ("the order is FULFILLABLE", "its e-invoice is posted", "the seller cancels the full order")
PARTED = ("the order is FULFILLABLE", "its e-invoice is not posted", "Ajio cancels part of the order")
TOO_LATE = ("the order is PACKED", "its e-invoice is pushed", "Ajio cancels part of the order")
STEPS = (
    "      | must     | ask Ajio to cancel the order by hand                  |\n"
    "      | must     | cancel the order in Assure OMS                        |\n"
    "      | may      | download the report of orders cancelled after posting |\n"
    "      | must     | make a credit note by hand and keep it in the ERP     |\n"
    "      | need not | share the credit note with Ajio                       |"
)
RIGHT = {
    "a refusal is the SOP's word": (REFUSED, ("the cancellation is refused", "the SOP says so in SC-ERP-FULL-3")),
    "what a refusal leaves follows": (REFUSED, ("the cancellation is refused", "it follows that the client has nothing to do")),
    "nothing to do can be the SOP's word": (
        STATED,
        ("the client has nothing to do", "the SOP says so in SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1"),
    ),
    "a question is shown beside it": (STATED, ("the question of GAP-17 is shown beside the answer",)),
    "an assumption is ours": (ASSUMED, ("it is our reading of GAP-02",)),
    "an open part is a question": (TOO_LATE, ("the cancellation is refused", "the question is registered as GAP-11")),
    "the steps wait for packing": (PARTED, (f"the client's follow-up when packing fails is\n{STEPS}",)),
}
WRONG = {
    "what a refusal leaves is not the SOP's word": (
        REFUSED,
        ("the cancellation is refused", "the client has nothing to do", "the SOP says so in SC-ERP-FULL-3"),
        "the source of the tasks of seller / full / ERP / PACKED / pushed: expected the SOP says so, got it follows",
    ),
    "what the SOP says does not follow": (
        STATED,
        ("it follows that the client has nothing to do",),
        "the source of the tasks of seller / full / ERP / FULFILLABLE / posted: expected it follows, got the SOP says so",
    ),
    "what the SOP says is not our reading": (
        STATED,
        ("it is our reading of GAP-02",),
        "the source of seller / full / ERP / FULFILLABLE / posted: expected our reading, got the SOP says so",
    ),
    "what is open is not our reading": (
        TOO_LATE,
        ("it is our reading of GAP-11",),
        "the source of Ajio / partial / ERP / PACKED / pushed: expected our reading, got the SOP says so and an open question",
    ),
    "what is settled is no open question": (
        ASSUMED,
        ("the question is registered as GAP-02",),
        "the source of seller / full / ERP / FULFILLABLE / pushed: expected an open question, got the SOP says so and our reading",
    ),
    "a question that decides does not stand beside": (
        ASSUMED,
        ("the question of GAP-02 is shown beside the answer",),
        "the question beside it of seller / full / ERP / FULFILLABLE / pushed: expected GAP-02, got GAP-48",
    ),
    "the steps are not due at the request": (PARTED, (f"the client's follow-up is\n{STEPS}",), "when packing fails"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_sentence_holds_where_the_answer_is_as_certain(name: str, tmp_path: Path) -> None:
    situation, thens = RIGHT[name]

    assert result_of(situation, thens, tmp_path) == ("passed", "")


@pytest.mark.parametrize("name", WRONG)
def test_a_sentence_fails_where_the_answer_is_less_certain_or_due_at_another_time(name: str, tmp_path: Path) -> None:
    situation, thens, reason = WRONG[name]

    status, message = result_of(situation, thens, tmp_path)

    assert status == "failed"
    assert reason in message


def result_of(situation: tuple[str, str, str], thens: tuple[str, ...], folder: Path) -> tuple[str, str]:
    """How a scenario of *situation* with these Thens ends, and what its last step says."""
    stage, e_invoice, when = situation
    lines = ["Given an order invoiced through the client's ERP", f"And {stage}", f"And {e_invoice}", f"When {when}"]
    lines += [f"{'And' if place else 'Then'} {then}" for place, then in enumerate(thens)]
    file = folder / "one.feature"
    file.write_text("Feature: One\n\n  Scenario: One\n" + "\n".join(f"    {line}" for line in lines) + "\n", encoding="utf-8")
    document, findings = read_document(file, folder)
    assert document is not None
    assert not findings
    result = execute(document.examples[0], Registry.from_modules(built_in_modules()), {"reading": Reading.AS_PRACTISED}.__getitem__)
    return result.status, next((step.error.message for step in result.steps if step.error), "")
