"""Scenarios of a test, given as their steps: the beginnings of orders' lives, and how such a scenario ends."""

from pathlib import Path

from steps.language.document import read_document
from steps.run.executor import execute
from tests.support.feature_runs import NOT_STATED, registry

BadAndGood = tuple[tuple[str, ...], str, tuple[str, ...]]
"""Steps that do not pass, their message, and the nearest steps that pass."""
CREDIT_NOTE = "make a credit note by hand and keep it in the ERP"
ERP, RMS = (f"Given an order of 3 units, invoiced through {invoicing}" for invoicing in ("the client's ERP", "RMS"))


def so_far(progress: str, order: str = ERP) -> tuple[str, str]:
    """Return the Givens of an order that has been *progress*."""
    return order, f"And the order has been {progress}"


RELEASED, POSTED, ALLOCATED, PACKED = map(so_far, ("released", "posted", "allocated", "packed"))
PART_CANCELLED = (*RELEASED, "And Ajio has cancelled 1 unit of the order")
ENDED = (*RELEASED, "And the seller has cancelled the order")
AS_WRITTEN = ("Given the SOP is taken as written", "And an order invoiced through the client's ERP")
CANCELS = "When the seller cancels the full order"
PACKING_FAILS = "AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c"
IMPOSSIBLE, POSSIBLE = "no Then says why it is impossible", "the order can do that, and the attempt changes nothing"


def written(steps: tuple[str, ...], folder: Path) -> Path:
    """Write a feature file of one scenario of *steps* into *folder*."""
    folder.mkdir(exist_ok=True)
    file = folder / "one.feature"
    file.write_text("Feature: One\n\n  Scenario: One\n" + "\n".join(f"    {step}" for step in steps) + "\n", encoding="utf-8")
    return file


def result_of(steps: tuple[str, ...], folder: Path) -> tuple[str, str]:
    """Return how a scenario of *steps* ends, and the message of the step that did not pass."""
    document, findings = read_document(written(steps, folder), folder)
    assert document is not None
    assert not findings
    result = execute(document.examples[0], registry(), NOT_STATED.__getitem__)
    return result.status, next((step.error.message for step in result.steps if step.error), "")


def check(case: BadAndGood, folder: Path) -> None:
    """Assert that the bad steps do not pass, with their message, and that the good ones do."""
    steps, message, good_steps = case
    status, text = result_of(steps, folder)

    assert status in ("broken", "failed")
    assert message in text
    assert result_of(good_steps, folder) == ("passed", "")
