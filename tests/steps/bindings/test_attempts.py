"""Every attempt of a When is looked at: a scenario that throws the result of one away is broken, and its nearest neighbour passes."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sop_engine import Canceller, EInvoice, Invoicing, Reading, Scope, Stage, TaskKey
from sop_engine.order import Order
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.language.document import find_features, read_document
from steps.language.examples import Example
from steps.run.executor import execute
from steps.run.runner import run
from steps.support.claims import Claims
from steps.support.order_attempts import refusal_of
from steps.support.order_steps import advance_to

ROOT = Path(__file__).parents[3]
FEATURES = ROOT / "features"
DEFAULTS = {
    "reading": Reading.AS_PRACTISED,
    "invoicing": tuple(Invoicing),
    "stage": tuple(Stage),
    "e_invoice": tuple(EInvoice),
    "annual_returns": {},
}
REGISTRY = Registry.from_modules(built_in_modules())
CREDIT_NOTE = "make a credit note by hand and keep it in the ERP"
ERP, RMS = (f"Given an order of 3 units, invoiced through {invoicing}" for invoicing in ("the client's ERP", "RMS"))


def so_far(progress: str, order: str = ERP) -> tuple[str, str]:
    return order, f"And the order has been {progress}"


RELEASED, POSTED, ALLOCATED, PACKED = map(so_far, ("released", "posted", "allocated", "packed"))
PART_CANCELLED = (*RELEASED, "And Ajio has cancelled 1 unit of the order")
ENDED = (*RELEASED, "And the seller has cancelled the order")
AS_WRITTEN = ("Given the SOP is taken as written", "And an order invoiced through the client's ERP")
CANCELS = "When the seller cancels the full order"
PACKING_FAILS = "AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c"
IMPOSSIBLE, POSSIBLE = "no Then says why it is impossible", "the order can do that, and the attempt changes nothing"

THROWN_AWAY: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    # Possible, although it should not be
    "a step that is possible": (
        (*RELEASED, "When someone tries to get the order packed", "Then the order is PROCESSING"),
        f"line 6, `When someone tries to get the order packed`: {POSSIBLE}; write the When as a step that is taken, such as `the order is packed`",
        (*RELEASED, "When the order is packed", "Then the order is PACKED"),
    ),
    "a part that can be cancelled": (
        (*RELEASED, "When Ajio tries to cancel 1 unit of the order", "Then 3 units are left to fulfil"),
        POSSIBLE,
        (*RELEASED, "When Ajio cancels 1 unit of the order", "Then the request fails at packing"),
    ),
    "a customer who can cancel": (
        (*ALLOCATED, "When the customer tries to cancel the order", "Then the order is FULFILLABLE"),
        POSSIBLE,
        (*ALLOCATED, "When the customer cancels the order", "Then the order is CANCELLED"),
    ),
    "a duty that can be done": (
        (*ENDED, f"When the client tries to do its duty to {CREDIT_NOTE}", "Then the order is CANCELLED"),
        POSSIBLE,
        (*ENDED, f"When the client does its duty to {CREDIT_NOTE}", "Then the client has no open duty"),
    ),
    "packing that is possible": (
        (*RELEASED, "When someone tries to pack the order again", "Then no error has stopped the packing"),
        POSSIBLE,
        (*RELEASED, "When packing is tried", "Then no error has stopped the packing"),
    ),
    # Impossible, and no Then says why
    "a step that is impossible": (
        (*ALLOCATED, "When someone tries to get the order pushed", "Then the order is FULFILLABLE"),
        IMPOSSIBLE,
        (
            *POSTED,
            "When someone tries to get the order pushed",
            "Then that is impossible, because its e-invoice is not made yet",
            "And the order is FULFILLABLE",
        ),
    ),
    "more units than there are": (
        (*RELEASED, "When the seller tries to cancel 4 units of the order", "Then 3 units are left to fulfil"),
        IMPOSSIBLE,
        (*RELEASED, "When the seller tries to cancel 4 units of the order", "Then that is impossible, because only 3 units are left"),
    ),
    "a duty that there is not": (
        (*RELEASED, f"When the client tries to do its duty to {CREDIT_NOTE}", "Then the client has no open duty"),
        IMPOSSIBLE,
        (*RELEASED, f"When the client tries to do its duty to {CREDIT_NOTE}", "Then that is impossible, because there is no such duty"),
    ),
    "a customer who is too late": (
        (*POSTED, "When the customer tries to cancel the order", "Then the order is FULFILLABLE"),
        IMPOSSIBLE,
        (*POSTED, "When the customer tries to cancel the order", "Then that is impossible, because it is posted already"),
    ),
    "packing after an error": (
        (*PART_CANCELLED, "And its packing has failed", "When someone tries to pack the order again", "Then an error stops the packing"),
        IMPOSSIBLE,
        (
            *PART_CANCELLED,
            "And its packing has failed",
            "When someone tries to pack the order again",
            "Then that is impossible, because its packing has failed",
        ),
    ),
    # Requests that cancel nothing
    "a refusal": (
        (*PACKED, "When the seller cancels the order", "Then its e-invoice is pushed"),
        "line 6, `When the seller cancels the order`: the request is refused, and no Then says so; add `the request is refused`",
        (*PACKED, "When the seller cancels the order", "Then the request is refused"),
    ),
    "a refusal whose reason alone is named": (
        (*RELEASED, "When the seller cancels 1 unit of the order", "Then the request rests on SC-ERP-PART-2"),
        "the request is refused, and no Then says so",
        (*RELEASED, "When the seller cancels 1 unit of the order", "Then the request rests on SC-ERP-PART-2", "And the request is refused"),
    ),
    "an error on screen": (
        (*POSTED, "When the seller cancels 1 unit of the order", "Then 3 units are left to fulfil"),
        "the request fails on screen, and no Then says so; add `the request fails on screen`",
        (*POSTED, "When the seller cancels 1 unit of the order", "Then 3 units are left to fulfil", "And the request fails on screen"),
    ),
    "a part that fails later": (
        (*RELEASED, "When Ajio cancels 2 units of the order", "Then the order is PROCESSING"),
        "the request fails at packing, and no Then says so",
        (*RELEASED, "When Ajio cancels 3 units of the order", "Then the order is CANCELLED"),
    ),
    "a second request": (
        (*ENDED, "When Ajio cancels the order", "Then the order is CANCELLED"),
        "the request is without effect, and no Then says so",
        (*RELEASED, "When Ajio cancels the order", "Then the order is CANCELLED"),
    ),
    "packing that fails": (
        (*PART_CANCELLED, "When packing is tried", "Then 3 units are left to fulfil"),
        "an error stops the packing, and no Then says so; add `an error stops the packing`",
        (*PART_CANCELLED, "When packing is tried", "Then 3 units are left to fulfil", "And an error stops the packing"),
    ),
    # Each of two
    "the first of two refusals": (
        (*PACKED, "When the seller cancels the order", "And Ajio cancels the order", "Then the request is refused"),
        "line 6, `When the seller cancels the order`: the request is refused",
        (
            *PACKED,
            "When the seller cancels the order",
            "Then the request is refused",
            "When Ajio cancels the order",
            "Then the request is refused",
        ),
    ),
    "the second of two refusals": (
        (
            *PACKED,
            "When the seller cancels the order",
            "Then the request is refused",
            "When Ajio cancels the order",
            "Then the order is PACKED",
        ),
        "line 8, `When Ajio cancels the order`: the request is refused",
        (
            *PACKED,
            "When the seller cancels the order",
            "Then the request is refused",
            "When the order is made ready",
            "Then the order is READY_TO_DISPATCH",
        ),
    ),
    "the first of two parts": (
        (
            *so_far("released", RMS),
            "When Ajio cancels 1 unit of the order",
            "And the seller cancels 1 unit of the order",
            "Then the request is allowed",
        ),
        "line 6, `When Ajio cancels 1 unit of the order`: no Then before the next When checks its result",
        (
            *so_far("released", RMS),
            "And Ajio has cancelled 1 unit of the order",
            "When the seller cancels 1 unit of the order",
            "Then the request is allowed",
        ),
    ),
    "the first of two impossible steps": (
        (
            *ALLOCATED,
            "When someone tries to get the order pushed",
            "And someone tries to get the order allocated",
            "Then that is impossible, because its stock is reserved already",
        ),
        f"line 6, `When someone tries to get the order pushed`: {IMPOSSIBLE}",
        (*ALLOCATED, "When someone tries to get the order allocated", "Then that is impossible, because its stock is reserved already"),
    ),
    "a possible step before an impossible one": (
        (
            *RELEASED,
            "When someone tries to get the order packed",
            "And someone tries to get the order released",
            "Then that is impossible, because its stock is reserved already",
        ),
        "expected its stock is reserved already",
        (*PACKED, "When someone tries to get the order dispatched", "Then that is impossible, because it is not made ready yet"),
    ),
    "a refusal before a step": (
        (*PACKED, "When the seller cancels the order", "And the order is made ready", "Then the order is READY_TO_DISPATCH"),
        "line 6, `When the seller cancels the order`: the request is refused",
        (
            *PACKED,
            "And the seller has tried without success to cancel the order",
            "When the order is made ready",
            "Then the order is READY_TO_DISPATCH",
        ),
    ),
    "the first of two steps": (
        (*RELEASED, "When the order is packed", "And the order is made ready", "Then the order is READY_TO_DISPATCH"),
        "line 6, `When the order is packed`: no Then before the next When",
        (*RELEASED, "And it has since been packed", "When the order is made ready", "Then the order is READY_TO_DISPATCH"),
    ),
    "the first of two cancellations": (
        (
            *AS_WRITTEN[1:],
            "And the order is PACKED",
            "When the seller cancels the full order",
            "And Ajio cancels the full order",
            "Then the cancellation is refused",
        ),
        "line 6, `When the seller cancels the full order`: the cancellation is refused, and no Then says so",
        (
            "Given an order invoiced through the client's ERP",
            "And the order is PACKED",
            "When the seller or Ajio cancels the full order",
            "Then the cancellation is refused",
        ),
    ),
    "the first of two reports": (
        (
            "Given these orders, each with the units that came back\n      | order | units | quality checks |\n      | A | 1 | - |",
            "When the client gets the RSI report",
            "And the client gets the RSI report",
            "Then the report is empty",
        ),
        "line 7, `When the client gets the RSI report`: no Then before the next When",
        (
            "Given these orders, each with the units that came back\n      | order | units | quality checks |\n      | A | 1 | - |",
            "When the client gets the RSI report",
            "Then the report is empty",
        ),
    ),
    "the first of two returned units": (
        (
            "Given a returned unit whose quality check is pass",
            "When the client handles the returned unit",
            "And the client handles the returned unit",
            "Then there is nothing to settle with Ajio",
        ),
        "no Then before the next When",
        (
            "Given a returned unit whose quality check is pass",
            "When the client handles the returned unit",
            "Then there is nothing to settle with Ajio",
        ),
    ),
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
}
PART_POSTED = ("Given an order invoiced through the client's ERP", "And the order is FULFILLABLE", "And its e-invoice is posted")
AT_PACKING = ("Given an order invoiced through the client's ERP", "And the order is PROCESSING", "And its e-invoice is pushed")
THROWN_AWAY |= {
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
UNTRUE: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
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


@pytest.mark.parametrize("name", THROWN_AWAY)
def test_a_result_that_no_then_claims_breaks_its_scenario(name: str, tmp_path: Path) -> None:
    steps, message, _ = THROWN_AWAY[name]

    status, said = lived(steps, tmp_path)

    assert status in ("broken", "failed")
    assert message in said


@pytest.mark.parametrize("name", UNTRUE)
def test_a_sentence_that_says_what_did_not_happen_is_not_passed(name: str, tmp_path: Path) -> None:
    steps, message, _ = UNTRUE[name]

    status, said = lived(steps, tmp_path)

    assert status in ("broken", "failed")
    assert message in said


@pytest.mark.parametrize("name", THROWN_AWAY | UNTRUE)
def test_the_nearest_scenario_that_looks_at_every_attempt_passes(name: str, tmp_path: Path) -> None:
    assert lived((THROWN_AWAY | UNTRUE)[name][2], tmp_path) == ("passed", "")


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        (("When the order is returned",), 2),
        (("And it has since been returned", "When the order is returned"), 1),
        (("And it has since been returned", "And it has since been returned", "When the order is returned"), 0),
    ],
)
def test_a_returned_unit_is_not_left_to_fulfil(steps: tuple[str, ...], left: int, tmp_path: Path) -> None:
    then = f"Then {left} unit{' is' if left == 1 else 's are'} left to fulfil"

    assert lived((*so_far("dispatched", RMS), *steps, then), tmp_path) == ("passed", "")


def whens() -> dict[str, Example]:
    """For every When of the step definitions, the first example of the specification that uses it."""
    documents = [read_document(file, FEATURES)[0] for file in find_features([FEATURES])]
    used: dict[str, Example] = {}
    for example in (example for document in documents if document for example in document.examples):
        for step in example.steps:
            if step.kind == "when":
                used.setdefault(str(REGISTRY.match("when", step.text)[0].definition), example)
    return used


WHENS = whens()


def test_every_when_is_used() -> None:
    assert sorted(WHENS) == sorted(str(definition) for definition in REGISTRY.definitions if definition.kind == "when")


@pytest.mark.parametrize("sentence", WHENS)
def test_no_when_passes_without_a_then(sentence: str) -> None:
    """New sentences come under this test by themselves."""
    example = WHENS[sentence]
    untold = replace(example, steps=tuple(step for step in example.steps if step.kind != "then"))

    result = execute(untold, REGISTRY, DEFAULTS.__getitem__)

    assert execute(example, REGISTRY, DEFAULTS.__getitem__).status == "passed"
    assert result.status == "broken"
    assert result.steps[-1].error is not None
    assert "after the last step: line " in result.steps[-1].error.message


@pytest.mark.parametrize("sentence", WHENS)
def test_no_when_is_passed_over_by_another(sentence: str) -> None:
    """The first of two has no Then before the second, whether the second is possible or not."""
    steps = WHENS[sentence].steps
    place = next(place for place, step in enumerate(steps) if step.kind == "when")
    twice = replace(WHENS[sentence], steps=(*steps[: place + 1], *steps[place:]))

    assert execute(twice, REGISTRY, DEFAULTS.__getitem__).status == "broken"


@pytest.mark.usefixtures("in_process")
def test_a_run_names_the_line_of_the_when(tmp_path: Path) -> None:
    written(THROWN_AWAY["a refusal"][0], tmp_path / "features")

    (failure,) = run([tmp_path / "features"], out=tmp_path / "runs").verdict.failures

    assert failure.status == "broken"
    assert failure.message == (
        "after the last step: line 6, `When the seller cancels the order`: "
        "the request is refused, and no Then says so; add `the request is refused`"
    )


@pytest.mark.slow
@pytest.mark.parametrize(("steps", "passes"), [(THROWN_AWAY["a refusal"][0], False), (THROWN_AWAY["a refusal"][2], True)])
def test_stock_pytest_bdd_looks_at_attempts_too(steps: tuple[str, ...], passes: bool, tmp_path: Path) -> None:  # noqa: FBT001
    test = tmp_path / "test_stock.py"
    test.write_text(f"from pytest_bdd import scenarios\n\nscenarios({str(written(steps, tmp_path))!r})\n", encoding="utf-8")
    plugins = [f"-p{name}" for name in ("pytest_bdd.plugin", "steps.support.stock", *built_in_modules())]
    command = [sys.executable, "-m", "pytest", "-q", f"-c{os.devnull}", f"--rootdir={tmp_path}", "--noconftest", *plugins, str(test)]

    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, capture_output=True, text=True, check=False
    )

    assert (done.returncode == 0) is passes, done.stdout
    assert ("the request is refused, and no Then says so" in done.stdout) is not passes


def written(steps: tuple[str, ...], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "one.feature"
    file.write_text("Feature: One\n\n  Scenario: One\n" + "\n".join(f"    {step}" for step in steps) + "\n", encoding="utf-8")
    return file


def lived(steps: tuple[str, ...], folder: Path) -> tuple[str, str]:
    """How a scenario of *steps* ends, and the message of the step that did not pass."""
    document, findings = read_document(written(steps, folder), folder)
    assert document is not None
    assert not findings
    result = execute(document.examples[0], REGISTRY, DEFAULTS.__getitem__)
    return result.status, next((step.error.message for step in result.steps if step.error), "")


@pytest.mark.parametrize(
    ("progress", "act", "left"),
    [
        ("released", lambda order: order.cancel(Canceller.SELLER, Scope.PARTIAL, 9), 3),
        ("released", lambda order: order.cancel(Canceller.SELLER, Scope.PARTIAL, 3), ["nothing"]),
        ("released", lambda order: order.post(), ["it is posted already"]),
        ("allocated", lambda order: order.generate(), ["it is not posted yet"]),
        ("packed", lambda order: order.dispatch(), ["it is not made ready yet"]),
        ("released", lambda order: order.do(TaskKey.CREDIT_NOTE), ["there is no such duty"]),
    ],
)
def test_units_left_are_the_obstacles_where_the_request_names_no_more_units(
    progress: str, act: Callable[[Order], object], left: object
) -> None:
    order = advance_to(Order.created("A1", Invoicing.ERP, 3), progress)

    assert refusal_of(order, lambda: act(order), Claims()).units_left == left
