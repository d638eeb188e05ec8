"""Findings and results on the Feature screen when a call fails, is slow, or overtaken: none of them stays away for ever."""

import json
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.browsing import running_browser
from tests.support.feature_screen import OWN, TABLE, Screen
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench

pytestmark = pytest.mark.slow
OTHER = "features/vms_reports/other.feature"
SLOW = f"""{TABLE}
    @simulation
    Scenario: Slow
      Given the experiment partial cancels
      And these settings
        | run.days | 2 |
      When the weeks are simulated
      Then every cancellation is decided as the SOP decides its case
"""
GONE = {"error": {"message": "the process that did this has ended; try again", "kind": "gone"}}
ENDED = {"error": {"message": "this took longer than 20 s and was stopped", "kind": "limit"}}
Calls = list[dict[str, Any]]


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkbench]:
    """A workbench for the tests of this module."""
    with running_workbench(copy_project(tmp_path_factory.mktemp("turns") / "project")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    yield from running_browser()


@pytest.fixture
def context(browser: Any, workbench: RunningWorkbench) -> Iterator[Any]:
    """A browser's context without pages, in which no change on disk is noticed; `OWN` and `OTHER` are there for the test."""
    for path in (OWN, OTHER):
        (workbench.home / path).write_text(TABLE.replace("Feature: Own", f"Feature: {path}"))
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.route("**/api/changes?*", lambda _: None)  # never answered: no change of these files is what makes a page ask again
    yield context
    context.close()
    shutil.rmtree(workbench.home / "build" / "workbench" / "drafts", ignore_errors=True)
    for path in (OWN, OTHER):
        (workbench.home / path).unlink(missing_ok=True)


def calls_of(context: Any, method: str, answer: Callable[[Any, Calls], None]) -> Calls:
    """Return the list of the parameters of all calls of *method*, the last one the newest; `answer(route, calls)` answers each."""
    calls: Calls = []

    def route(asked: Any) -> None:
        body = json.loads(asked.request.post_data or "{}")
        if body.get("method") != method:
            asked.continue_()
            return
        calls.append(body["params"])
        answer(asked, calls)

    context.route("**/api/call", route)
    return calls


def reply(route: Any, message: object) -> None:
    """Answer a call with one message."""
    route.fulfill(status=200, content_type="application/x-ndjson", body=json.dumps(message) + "\n")


@pytest.mark.parametrize("method", ["feature.check", "feature.try"])
@pytest.mark.parametrize("error", [GONE, ENDED], ids=["gone", "limit"])
def test_what_failed_for_a_reason_that_passes_is_done_again(context: Any, workbench: RunningWorkbench, method: str, error: object) -> None:
    calls = calls_of(context, method, lambda route, calls: reply(route, error) if len(calls) == 1 else route.continue_())
    one = Screen(context, workbench, OWN)

    one.results("2 passed")

    assert len(calls) >= 2
    assert one.page.inner_text(".feature-main [role=status]").strip() == "as on disk"
    one.check()


def test_a_trial_that_fails_each_time_is_not_repeated_for_ever(context: Any, workbench: RunningWorkbench) -> None:
    calls = calls_of(context, "feature.try", lambda route, _: reply(route, GONE))
    one = Screen(context, workbench, OWN)
    one.page.clock.install()
    one.wait("document.querySelector('section[aria-label=Results]')?.innerText.includes('tried again')")

    for _ in range(6):
        one.page.clock.run_for(20_000)
        one.page.wait_for_timeout(200)
    one.wait("document.querySelector('section[aria-label=Results]')?.innerText.includes('with the button Try')")

    assert len(calls) == 5
    assert "2 not run" in one.page.inner_text("section[aria-label=Results] h2")


def test_results_of_other_code_than_that_of_the_findings_are_made_again(context: Any, workbench: RunningWorkbench) -> None:
    result = {"results": {}, "obstacles": {}, "engine": "of other code"}
    calls = calls_of(
        context, "feature.try", lambda route, calls: reply(route, {"result": result}) if len(calls) == 1 else route.continue_()
    )
    one = Screen(context, workbench, OWN)

    one.results("2 passed")

    assert len(calls) == 2


def test_a_file_that_is_opened_while_another_is_being_checked_is_checked_too(context: Any, workbench: RunningWorkbench) -> None:
    held: list[Any] = []
    calls = calls_of(context, "feature.check", lambda route, calls: held.append(route) if len(calls) == 2 else route.continue_())
    one = Screen(context, workbench, OWN)
    one.results("2 passed")
    one.at(9)
    one.page.keyboard.press("End")
    one.page.keyboard.type(" x")
    one.wait("document.querySelector('.cm-content').textContent.includes('order x')")
    while not held:
        one.page.wait_for_timeout(20)

    one.path = OTHER
    one.go()
    one.wait_for_text(f"Feature: {OTHER}")
    held[0].continue_()

    one.results("2 passed")
    assert calls[-1]["path"] == OTHER


def test_examples_that_take_long_run_if_asked_for_while_others_run(context: Any, workbench: RunningWorkbench) -> None:
    (workbench.home / OWN).write_text(SLOW)
    held: list[Any] = []

    def answer(route: Any, calls: Calls) -> None:
        if len(calls) == 1:
            held.append(route)
        else:
            reply(route, {"result": {"results": {}, "obstacles": {}, "engine": "of other code"}})

    calls = calls_of(context, "feature.try", answer)
    one = Screen(context, workbench, OWN)
    while not held:
        one.page.wait_for_timeout(20)
    one.page.keyboard.press("Control+Enter")
    one.page.evaluate("null")
    held[0].continue_()

    one.wait("document.querySelector('section[aria-label=Results]')?.innerText.includes('tried again')")
    assert [len(call["keys"]) for call in calls[:2]] == [2, 3]


def test_examples_whose_run_was_stopped_run_again_only_when_asked_for(context: Any, workbench: RunningWorkbench) -> None:
    trials = calls_of(context, "feature.try", lambda route, calls: None if len(calls) == 1 else route.continue_())
    one = Screen(context, workbench, OWN)
    one.page.click("section[aria-label=Results] >> text=Stop")
    one.results("2 not run")

    one.at(one.line_of("# a remark"))
    with one.page.expect_response(lambda response: '"feature.check"' in (response.request.post_data or "")):
        one.page.keyboard.type(" that asks for a check")
    one.page.wait_for_timeout(500)
    assert "2 not run" in one.results("2 not run")
    assert len(trials) == 1

    one.page.keyboard.press("Control+Enter")
    one.results("2 passed")
