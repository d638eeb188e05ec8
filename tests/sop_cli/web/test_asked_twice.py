"""What a double click, a key pressed twice or the button Back does to a question of the workbench: one is asked, and none outlives its screen."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import running_browser
from tests.support.feature_screen import TABLE, Screen, screen_of_own_project
from tests.support.workbench import RULEBOOK, copy_project, running_workbench
from tests.support.workbench_page import until, workbench_page

pytestmark = pytest.mark.slow
TITLES = "[...document.querySelectorAll('dialog h2')].map(title => title.textContent)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    yield from running_browser()


@pytest.fixture
def screen(browser: Any, tmp_path: Path) -> Iterator[Screen]:
    """The Feature screen in a workbench of its own."""
    with screen_of_own_project(browser, tmp_path) as one:
        yield one


def calls_held(page: Any, method: str) -> list[Any]:
    """Return the list of the calls of *method*, none of which is answered before the test lets it go on."""
    held: list[Any] = []

    def route(asked: Any) -> None:
        held.append(asked) if f'"{method}"' in (asked.request.post_data or "") else asked.continue_()

    page.route("**/api/call", route)
    return held


def test_a_key_that_is_pressed_twice_asks_once(screen: Screen) -> None:
    screen.at(screen.line_of("Given an order invoiced"))
    held = calls_held(screen.page, "feature.sentence")
    screen.page.keyboard.press("F2")
    screen.page.keyboard.press("F2")
    while len(held) < 2:
        screen.page.wait_for_timeout(20)
    held[0].continue_()
    screen.page.wait_for_selector("dialog")
    with screen.page.expect_response("**/api/call"):
        held[1].continue_()
    screen.wait("performance.getEntriesByType('resource').filter(one => one.name.endsWith('/api/call')).at(-1).responseEnd > 0")

    screen.page.keyboard.press("Escape")
    screen.wait("!document.querySelector('dialog')")
    assert screen.page.evaluate(TITLES) == []


def test_an_answer_is_accepted_once(screen: Screen) -> None:
    screen.page.fill('input[aria-label="Row 1, outcome"]', "refused")
    screen.results("1 failed")
    held = calls_held(screen.page, "feature.accept")
    screen.page.get_by_role("button", name="Accept the engine's answer").dblclick()
    while len(held) < 2:
        screen.page.wait_for_timeout(20)
    answer = held[0].fetch()
    for one in held:
        one.fulfill(response=answer)
    screen.page.wait_for_selector("dialog")
    screen.page.wait_for_timeout(100)
    screen.page.get_by_role("button", name="Change the draft").click()
    screen.results("2 passed")

    assert screen.page.evaluate(TITLES) == []
    assert screen.text == TABLE


def test_the_button_back_leaves_a_question_without_an_answer(screen: Screen) -> None:
    """Otherwise it stands over another screen, and what it saves is not what is seen."""
    screen.page.evaluate("location.hash = '#/questions'")
    screen.page.wait_for_selector("#screen table")
    screen.go()
    screen.page.wait_for_selector(".cm-content")
    before = screen.disk
    screen.at(2)
    screen.page.keyboard.type(" more")
    screen.page.keyboard.press("Control+s")
    screen.page.wait_for_selector("dialog")

    screen.page.go_back()

    screen.page.wait_for_selector("#screen table caption")
    assert screen.page.evaluate(TITLES) == []
    assert screen.disk == before
    screen.page.go_forward()
    screen.wait_for_text("# a remark more")


def test_an_answer_is_saved_once_and_no_conflict_with_itself(browser: Any, tmp_path: Path) -> None:
    with (
        running_workbench(copy_project(tmp_path / "project")) as workbench,
        workbench_page(browser, workbench, "#/questions/GAP-04") as page,
    ):
        page.wait_for_selector("form.answer")
        page.locator("form.answer input[type=radio]:not([disabled])").nth(1).check()
        page.get_by_label("Decided by").fill("Owner")
        page.get_by_label("On", exact=True).fill("2026-11-02")
        page.get_by_role("button", name="Show what will change").click()
        save = page.get_by_role("button", name=re.compile(r"Save \d+ files?"))
        save.wait_for(timeout=120_000)
        sent: list[Any] = []
        page.route("**/api/save", lambda route: sent.append(route))  # noqa: PLW0108 - a method of a list has no signature
        save.dblclick()
        while not sent:
            page.wait_for_timeout(20)
        sent[0].continue_()
        until(page, "document.querySelector('#notices').textContent.includes('Saved')")

        assert len(sent) == 1
        assert 'by = "Owner"' in (workbench.home / RULEBOOK / "gaps.toml").read_text()
        assert page.get_by_text("Nothing was saved").count() == 0


def test_what_was_answered_can_be_asked_again_at_once(screen: Screen) -> None:
    """The event that a dialog has closed comes with the next frame, which a tab in the background does not draw."""
    screen.at(2)
    screen.page.keyboard.type(" mine")
    screen.page.evaluate("addEventListener('close', event => event.stopImmediatePropagation(), true)")
    for _ in range(2):
        screen.page.keyboard.press("Control+s")
        screen.page.wait_for_selector("dialog[open] >> text=Save 1 file")
        screen.page.click("dialog >> text=Cancel")
        assert screen.page.evaluate(TITLES) == []
