"""At the end of an example the executor reports a Given or When whose value no step took, also where no lint came before."""

import pytest

from sop_runs.record.status import BROKEN, PASSED
from steps.language.document import source_of
from steps.run.executor import UNREAD, Result, execute
from tests.support.feature_runs import NOT_STATED, registry

LIFE = "Given an order of 2 units, invoiced through the client's ERP"
UNREAD_STEPS = [
    (1, [LIFE, "And the order is PACKED", "When the seller cancels the order", "Then the request is allowed"]),
    (0, ["Given the SOP is taken as written", LIFE, "When the seller cancels the order", "Then the request is allowed"]),
    (0, ["Given its e-invoice is pushed", LIFE, "When someone tries to pack the order again", "Then that is impossible, because it is not released yet"]),
    (0, [LIFE, "And the order is PACKED", "When the seller cancels the full order", "Then the cancellation is refused"]),
    (1, [LIFE, "And the experiment sale days", "When the seller cancels the order", "Then the request is allowed"]),
]  # fmt: skip


def result_of(steps: list[str]) -> Result:
    text = "Feature: F\n\n  Scenario: S\n" + "".join(f"    {step}\n" for step in steps)
    document = source_of(text.encode(), "x.feature")[0].document
    assert document is not None
    return execute(document.examples[0], registry(), NOT_STATED.__getitem__)


@pytest.mark.parametrize(("number", "steps"), UNREAD_STEPS)
def test_a_value_that_no_step_took_breaks_the_example(number: int, steps: list[str]) -> None:
    result = result_of(steps)
    error = result.steps[number].error

    assert (result.status, result.steps[number].status) == (BROKEN, BROKEN)
    assert error is not None
    assert error.message == UNREAD


@pytest.mark.parametrize(("number", "steps"), UNREAD_STEPS)
def test_without_that_step_it_passes(number: int, steps: list[str]) -> None:
    rest = [step for place, step in enumerate(steps) if place != number]

    assert result_of([rest[0].replace("And", "Given"), *rest[1:]]).status == PASSED
