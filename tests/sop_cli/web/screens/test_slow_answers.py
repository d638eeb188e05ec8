"""Answers that come late: what was chosen or typed since is what counts, on each screen with a form."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.workbench import RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import until, workbench_page

pytestmark = pytest.mark.slow
TRIAL_MS, LONGEST_S = 90_000, 30.0


@pytest.fixture
def own_workbench(tmp_path: Path) -> Iterator[RunningWorkbench]:
    """A workbench whose files the test changes."""
    with running_workbench(copy_project(tmp_path / "project")) as running:
        yield running


def held(page: Any, address: str, words: str) -> list[Any]:
    """Return a list that gets the next request to *address* with *words* in its address or body, which waits."""
    waiting: list[Any] = []
    page.route(
        address, lambda route: waiting.append(route) if not waiting and words in route.request.url + (route.request.post_data or "") else route.continue_()
    )  # fmt: skip
    return waiting


def wait_for(page: Any, waiting: list[Any]) -> None:
    end = time.monotonic() + LONGEST_S
    while not waiting:
        assert time.monotonic() < end, page.locator("#screen").inner_text()
        page.wait_for_timeout(10)


def let_come(page: Any, route: Any) -> None:
    """Let a request go on, and wait until the page has its answer, and a moment for what it would do with it."""
    with page.expect_response(lambda response: response.request == route.request):
        route.continue_()
    page.wait_for_timeout(200)


def test_the_experiment_that_was_chosen_last_is_shown_and_none_before_it_runs(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/simulate") as page:
        chooser = page.locator("#experiment")
        chooser.wait_for()
        first, second, third = chooser.locator("option").evaluate_all("all => all.slice(0, 3).map(one => one.value)")
        waiting = held(page, "**/api/call", json.dumps({"name": second}, separators=(",", ":")))
        chooser.select_option(second)
        wait_for(page, waiting)
        assert page.get_by_role("button", name="Simulate").is_disabled(), f"{first} would run"
        name = page.locator("#result-name").input_value()
        chooser.select_option(third)
        until(page, f"document.getElementById('result-name').value !== {json.dumps(name)}")
        shown = page.locator("#result-name").input_value()
        let_come(page, waiting[0])

        assert chooser.input_value() == third
        assert page.locator("#result-name").input_value() == shown
        assert page.get_by_role("button", name="Simulate").is_enabled()


def test_an_example_is_saved_into_the_file_that_was_chosen_last(browser: Any, own_workbench: RunningWorkbench) -> None:
    """The content of the file before it was taken for that of this one, and the save was refused."""
    with workbench_page(browser, own_workbench, "#/case") as page:
        page.get_by_role("button", name="Add another example").click()
        page.locator("form[aria-label='New example'] pre").wait_for()
        places = page.locator("#example-place")
        groups = places.locator("optgroup")
        proposed = (groups.first.get_attribute("label") or "").removeprefix("Proposed: ")
        assert proposed not in (groups.last.get_attribute("label") or proposed)
        other = groups.last.locator("option").first.get_attribute("value") or ""
        waiting = held(page, "**/api/file?*", "")
        places.select_option(other)
        wait_for(page, waiting)
        places.select_option("0")
        page.get_by_label("Name of the scenario").fill("A late answer")
        until(page, "document.querySelector('#example-result')?.textContent.includes('passed')")
        let_come(page, waiting[0])
        page.get_by_role("button", name="Save…").click()
        page.get_by_role("button", name="Save 1 file").click()
        page.locator("#notices p.good").wait_for()


def test_what_is_typed_after_the_changes_were_shown_is_not_lost_with_a_save(browser: Any, own_workbench: RunningWorkbench) -> None:
    """The answer of before was saved, and what was typed since was forgotten."""
    with workbench_page(browser, own_workbench, "#/questions/GAP-04") as page:
        page.get_by_label("3. No step").check()
        page.get_by_label("Decided by").fill("A. Owner")
        page.get_by_label("On", exact=True).fill("2026-12-01")
        show = page.get_by_role("button", name="Show what will change")
        show.click()
        page.get_by_role("heading", name="What will change").wait_for(timeout=TRIAL_MS)
        page.get_by_label("Remark").fill("by telephone")

        assert page.get_by_role("button", name="Save 2 files").count() == 0
        page.get_by_text("You have changed the form since").wait_for()
        show.click()
        page.get_by_role("button", name="Save 2 files").click(timeout=TRIAL_MS)
        page.get_by_role("button", name="Withdraw the answer").wait_for()
        assert page.get_by_label("Remark").input_value() == "by telephone"
