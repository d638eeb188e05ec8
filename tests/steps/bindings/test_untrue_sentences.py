"""A sentence that says what did not happen is not passed, and its nearest true neighbour is."""

from pathlib import Path

import pytest

from tests.support.lives import ALLOCATED, CREDIT_NOTE, ENDED, PACKED, PART_CANCELLED, POSTED, RELEASED, RMS, BadAndGood, check, so_far

UNTRUE: dict[str, BadAndGood] = {
    # A cancellation that did not take place
    "cancelled when packed": (
        (*PACKED, "And the seller has cancelled the order", "When the order is made ready", "Then the order is READY_TO_DISPATCH"),
        ("nothing is cancelled: the request is refused, because the order is PACKED under ERP with its e-invoice pushed; "
        "write `… has tried without success to cancel …`, or make the request the When of the scenario"),
        (*PACKED, "And the seller has tried without success to cancel the order", "When the order is made ready", "Then the order is READY_TO_DISPATCH"),
    ),
    "a part cancelled in the warehouse": (
        (*RELEASED, "And the seller has cancelled 1 unit of the order", "When the order is packed", "Then the order is PACKED"),
        "nothing is cancelled: the request is refused",
        (*so_far("released", RMS), "And the seller has cancelled 1 unit of the order", "When the order is packed", "Then 2 units are left to fulfil"),
    ),
    "a part cancelled after posting": (
        (*POSTED, "And the seller has cancelled 2 units of the order", "When the order is e-invoiced", "Then its e-invoice is generated"),
        "nothing is cancelled: the request fails on screen",
        (*ALLOCATED, "And the seller has cancelled 2 units of the order", "When the order is posted", "Then 1 unit is left to fulfil"),
    ),
    "cancelled twice": (
        (*ENDED, "And Ajio has cancelled the order", "When someone tries to get the order packed", "Then that is impossible, because it is cancelled"),
        "nothing is cancelled: the request is without effect",
        (*ENDED, "And Ajio has tried without success to cancel the order", f"When the client does its duty to {CREDIT_NOTE}", "Then the client has no open duty"),
    ),
    "a part cancelled after the end": (
        (*ENDED, "And Ajio has cancelled 1 unit of the order", f"When the client does its duty to {CREDIT_NOTE}", "Then the client has no open duty"),
        "nothing is cancelled: the request is without effect",
        (*ENDED, "And Ajio has tried without success to cancel 1 unit of the order", f"When the client does its duty to {CREDIT_NOTE}", "Then the client has no open duty"),
    ),
    "in vain, but it worked": (
        (*ALLOCATED, "And the seller has tried without success to cancel 1 unit of the order", "When the order is posted", "Then its e-invoice is posted"),
        "the request is allowed, because the order is FULFILLABLE under ERP with its e-invoice not posted; write `… has cancelled …`",
        (*POSTED, "And the seller has tried without success to cancel 1 unit of the order", "When the order is e-invoiced", "Then its e-invoice is generated"),
    ),
    "in vain, but it comes back at packing": (
        (*RELEASED, "And Ajio has tried without success to cancel 1 unit of the order", "When packing is tried", "Then an error stops the packing"),
        "the request fails at packing",
        (*PART_CANCELLED, "When packing is tried", "Then an error stops the packing"),
    ),
    "in vain, but the order is cancelled": (
        (*RELEASED, "And the seller has tried without success to cancel the order", "When the order is packed", "Then the order is PACKED"),
        "the request is allowed",
        (*ENDED, "When the customer tries to cancel the order", "Then that is impossible, because it is released already"),
    ),
    # Packing that went otherwise
    "packed in spite of the error": (
        (*PART_CANCELLED, "And it has since been packed", "When the seller cancels the order", "Then the order is CANCELLED"),
        "an error stops the packing, so the order is not packed; write `packing is tried` or `its packing has failed`",
        (*PART_CANCELLED, "And its packing has failed", "When the seller cancels the order", "Then the order is CANCELLED"),
    ),
    "gone on until it was packed": (
        (*ALLOCATED, "And Ajio has cancelled 1 unit of the order", "And the order has gone on until it was packed", "When the seller cancels the order", "Then the order is CANCELLED"),
        "an error stops the packing",
        (*ALLOCATED, "And Ajio has cancelled 1 unit of the order", "And the order has gone on until it was released", "When packing is tried", "Then an error stops the packing"),
    ),
    "the order is packed, and is not": (
        (*PART_CANCELLED, "When the order is packed", "Then the order is PROCESSING"),
        "an error stops the packing",
        (*PART_CANCELLED, "When packing is tried", "Then the order is PROCESSING"),
    ),
    "to be packed, with an error": (
        (*PART_CANCELLED, "When someone tries to get the order packed", "Then that is impossible, because its packing has failed"),
        "an error stops the packing",
        (*PART_CANCELLED, "And its packing has failed", "When someone tries to get the order packed", "Then that is impossible, because its packing has failed"),
    ),
    "its packing has failed, and has not": (
        (*RELEASED, "And its packing has failed", "When the order is made ready", "Then the order is READY_TO_DISPATCH"),
        "no error stops the packing, so the order is PACKED; write `it has since been packed`",
        (*RELEASED, "And it has since been packed", "When the order is made ready", "Then the order is READY_TO_DISPATCH"),
    ),
    # Units that are missing at packing
    "units are missing before the release": (
        (*ALLOCATED, "When the seller cancels the order, because units are missing at packing", "Then the request is allowed"),
        ("units are found missing only when the order is about to be packed, and the order is FULFILLABLE under ERP with its e-invoice not posted; "
        "write the request without `because units are missing at packing`, or release the order before it"),
        (*RELEASED, "When the seller cancels the order, because units are missing at packing", "Then the request is allowed"),
    ),
    "a unit is missing after packing": (
        (*PACKED, "When the seller cancels 1 unit of the order, because units are missing at packing", "Then the request is refused"),
        "units are found missing only when the order is about to be packed, and the order is PACKED",
        (*RELEASED, "When the seller cancels 1 unit of the order, because units are missing at packing", "Then the request is refused"),
    ),
    "units are missing after the packing has failed": (
        (*PART_CANCELLED, "And its packing has failed", "When the seller cancels the order, because units are missing at packing", "Then the request is allowed"),
        "with a packing error",
        (*PART_CANCELLED, "And its packing has failed", "When the seller cancels the order", "Then the request is allowed"),
    ),
    "units were missing before the release": (
        (*so_far("allocated", RMS), "And the seller has cancelled 1 unit of the order, because units are missing at packing", "When the order is released", "Then 2 units are left to fulfil"),
        "units are found missing only when the order is about to be packed",
        (*so_far("released", RMS), "And the seller has cancelled 1 unit of the order, because units are missing at packing", "When the order is packed", "Then 2 units are left to fulfil"),
    ),
    "units were missing, and could not be cancelled": (
        (*RELEASED, "And the seller has cancelled 1 unit of the order, because units are missing at packing", "When the order is packed", "Then the order is PACKED"),
        "nothing is cancelled: the request is refused",
        (*RELEASED, "And the seller has tried without success to cancel 1 unit of the order", "When the order is packed", "Then the order is PACKED"),
    ),
    "units are missing in an order that is cancelled": (
        (*ENDED, "When the seller cancels the order, because units are missing at packing", "Then the request is without effect"),
        "and the order is CANCELLED",
        (*ENDED, "When the seller cancels the order", "Then the request is without effect"),
    ),
    # An older request is not the request
    "a request in a Given": (
        (*ENDED, f"When the client does its duty to {CREDIT_NOTE}", "Then the request is allowed"),
        "the When before this Then is not a request to cancel, and a request in a Given is an earlier one",
        (*RELEASED, "When the seller cancels the order", "Then the request is allowed"),
    ),
    "no request at all": (
        (*RELEASED, "When the order is packed", "Then the request is refused"),
        "the When before this Then is not a request to cancel",
        (*PACKED, "When the seller cancels the order", "Then the request is refused"),
    ),
    "a failure in a Given": (
        (*PART_CANCELLED, "When packing is tried", "Then an error stops the packing", "And the request fails at packing"),
        "the When before this Then is not a request to cancel",
        (*RELEASED, "When Ajio cancels 1 unit of the order", "Then the request fails at packing"),
    ),
    "the clauses of a request in a Given": (
        (*PART_CANCELLED, "When packing is tried", "Then an error stops the packing", "And the request rests on AC-ERP-PART-1b"),
        "the When before this Then is not a request to cancel",
        (*RELEASED, "When the seller cancels 1 unit of the order", "Then the request is refused", "And the request rests on SC-ERP-PART-2"),
    ),
    "the reading of an earlier request": (
        (*ENDED, "And Ajio has tried without success to cancel the order", "When the customer tries to cancel the order",
         "Then that is impossible, because it is released already", "And the request is answered by our reading of GAP-37"),
        "the When before this Then is not a request to cancel",
        (*ENDED, "When Ajio cancels the order", "Then the request is without effect", "And the request is answered by our reading of GAP-37"),
    ),
    "a request before a step": (
        (*POSTED, "When Ajio cancels the order", "Then the order is CANCELLED", "When the order is e-invoiced", "Then the request is allowed"),
        "the When before this Then is not a request to cancel",
        (*POSTED, "When Ajio cancels the order", "Then the request is allowed", "When the order is e-invoiced", "Then the order is CANCELLED"),
    ),
    "an attempt before a step": (
        (*ALLOCATED, "When someone tries to get the order pushed", "And the order is posted", "Then that is impossible, because it is not posted yet"),
        "another When has followed the attempt; put this Then after the When that it is about",
        (*POSTED, "When someone tries to get the order pushed", "Then that is impossible, because its e-invoice is not made yet"),
    ),
    # The wrong reason
    "another refusal than a duty's": (
        (*RELEASED, "When someone tries to get the order pushed", "Then that is impossible, because there is no such duty"),
        "expected there is no such duty",
        (*RELEASED, f"When the client tries to do its duty to {CREDIT_NOTE}", "Then that is impossible, because there is no such duty"),
    ),
    "units that are cancelled are not left": (
        (*ENDED, "When Ajio tries to cancel 4 units of the order", "Then that is impossible, because only 3 units are left"),
        "expected 3, got 0",
        (*ENDED, "When Ajio tries to cancel 4 units of the order", "Then that is impossible, because only 0 units are left"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNTRUE)
def test_a_sentence_that_says_what_did_not_happen_is_not_passed(name: str, tmp_path: Path) -> None:
    check(UNTRUE[name], tmp_path)
