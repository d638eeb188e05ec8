"""The outcome of every case that is not allowed is looked at: a scenario without it is broken, and its nearest neighbour passes."""

from pathlib import Path

import pytest

from tests.support.lives import AS_WRITTEN, CANCELS, PACKING_FAILS, BadAndGood, check

PART_POSTED = ("Given an order invoiced through the client's ERP", "And the order is FULFILLABLE", "And its e-invoice is posted")
AT_PACKING = ("Given an order invoiced through the client's ERP", "And the order is PROCESSING", "And its e-invoice is pushed")
OF_CASES: dict[str, BadAndGood] = {
    # Open outcomes
    "an open outcome beside open tasks": (
        (
            *AS_WRITTEN,
            "And the order is CREATED",
            "When the seller cancels the full order",
            "Then what the client must do is an open question",
        ),
        "the outcome is an open question, and no Then says so; add `the outcome of the cancellation is an open question`",
        (
            *AS_WRITTEN,
            "And the order is CREATED",
            "When the seller cancels the full order",
            "Then the outcome of the cancellation is an open question",
            "And what the client must do is an open question",
        ),
    ),
    "an open outcome with its question": (
        (
            *AS_WRITTEN,
            "And the order is UNFULFILLABLE",
            "When the seller cancels part of the order",
            "Then the question is registered as GAP-35",
        ),
        "the outcome is an open question, and no Then says so",
        (
            *AS_WRITTEN,
            "And the order is UNFULFILLABLE",
            "When the seller cancels part of the order",
            "Then the outcome of the cancellation is an open question",
            "And the question is registered as GAP-35",
        ),
    ),
    "an open outcome without a clause": (
        (*AS_WRITTEN, "And the order is CANCELLED", "When the seller cancels part of the order", "Then no clause says so"),
        "the outcome is an open question, and no Then says so",
        (
            "Given an order invoiced through the client's ERP",
            "And the order is CANCELLED",
            "When the seller cancels part of the order",
            "Then the cancellation is without effect",
            "And no clause says so",
        ),
    ),
    "an open outcome like another open one": (
        (
            *AS_WRITTEN,
            "And the order is CREATED",
            "When the seller cancels the full order",
            "Then the answer is the same as for an order that is UNFULFILLABLE",
        ),
        "the outcome is an open question, and no Then says so",
        (
            *AS_WRITTEN,
            "And the order is PACKED",
            "When the seller cancels the full order",
            "Then the answer is the same as for an order that is COMPLETED",
        ),
    ),
    "an outcome that is open for both scopes": (
        (*AS_WRITTEN, "And the order is CREATED", "When the seller cancels the full order or part of the order", "Then no clause says so"),
        "the outcome is an open question, and no Then says so",
        (
            *AS_WRITTEN,
            "And the order is CREATED",
            "When the seller cancels the full order or part of the order",
            "Then the outcome of the cancellation is an open question",
            "And no clause says so",
        ),
    ),
    # The outcome of a case that is not allowed
    "a case that fails on screen, and its follow-up": (
        (*PART_POSTED, "When the seller cancels part of the order", "Then it follows that the client has nothing to do"),
        "the cancellation fails on screen, and no Then says so; add `the cancellation fails on screen`",
        (*PART_POSTED, "When the seller cancels part of the order", "Then the cancellation fails on screen"),
    ),
    "a case that fails on screen, and its clauses": (
        (*PART_POSTED, "When the seller cancels part of the order", "Then the answer rests on SC-ERP-PART-1c, SC-ERP-PART-1.1.1"),
        "the cancellation fails on screen, and no Then says so",
        (*PART_POSTED, "When the seller cancels part of the order", "Then the answer rests on SC-ERP-PART-1c, SC-ERP-PART-1.1.1", "And the cancellation fails on screen"),
    ),
    "a case that fails on screen, and the question beside it": (
        (*PART_POSTED, "When the seller cancels part of the order", "Then the question of GAP-08 is shown beside the answer"),
        "the cancellation fails on screen, and no Then says so",
        (*PART_POSTED, "When the seller cancels part of the order", "Then the cancellation fails on screen", "And the question of GAP-08 is shown beside the answer"),
    ),
    "a case that is refused": (
        ("Given the order is PACKED", CANCELS, "Then it follows that the client has nothing to do"),
        "the cancellation is refused, and no Then says so; add `the cancellation is refused`",
        ("Given the order is PACKED", CANCELS, "Then it follows that the client has nothing to do", "And the cancellation is refused"),
    ),
    "a case that is without effect": (
        ("Given the order is CANCELLED", CANCELS, "Then no clause says so"),
        "the cancellation is without effect, and no Then says so",
        ("Given the order is CANCELLED", CANCELS, "Then no clause says so", "And the cancellation is without effect"),
    ),
    "a case that fails at packing, and its clauses": (
        (*AT_PACKING, "When Ajio cancels part of the order", f"Then the answer rests on {PACKING_FAILS}"),
        "the cancellation fails at packing, and no Then says so",
        (*AT_PACKING, "When Ajio cancels part of the order", f"Then the answer rests on {PACKING_FAILS}", "And the cancellation fails at packing"),
    ),
    "a case that is refused or fails on screen": (
        (PART_POSTED[0], "And its e-invoice is pushed", "When the seller cancels part of the order", "Then the client has nothing to do"),
        "the cancellation is refused or fails on screen or is without effect, and no Then says so; state the fact on which it depends, or split the scenario",
        (*PART_POSTED, "When the seller cancels part of the order", "Then the client has nothing to do", "And the cancellation fails on screen"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_CASES)
def test_an_outcome_that_no_then_claims_breaks_its_scenario(name: str, tmp_path: Path) -> None:
    check(OF_CASES[name], tmp_path)
