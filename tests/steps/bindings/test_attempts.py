"""Every attempt in an order's life is looked at: a scenario that throws its result away is broken, and its nearest neighbour passes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sop_engine import Canceller, Invoicing, Scope, TaskKey
from sop_engine.order import Order
from steps.definitions.discovery import built_in_modules
from steps.run.runner import run
from steps.support.claims import Claims
from steps.support.order_attempts import refusal_of
from steps.support.order_steps import advance_to
from tests.support.lives import (
    ALLOCATED,
    AS_WRITTEN,
    CREDIT_NOTE,
    ENDED,
    IMPOSSIBLE,
    PACKED,
    PART_CANCELLED,
    POSSIBLE,
    POSTED,
    RELEASED,
    RMS,
    BadAndGood,
    check,
    result_of,
    so_far,
    written,
)

ROOT = Path(__file__).parents[3]
THROWN_AWAY: dict[str, BadAndGood] = {
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
}


@pytest.mark.parametrize("name", THROWN_AWAY)
def test_a_result_that_no_then_claims_breaks_its_scenario(name: str, tmp_path: Path) -> None:
    check(THROWN_AWAY[name], tmp_path)


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

    assert result_of((*so_far("dispatched", RMS), *steps, then), tmp_path) == ("passed", "")


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
