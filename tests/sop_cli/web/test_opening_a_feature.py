"""A feature that opens slowly: the page shows the one that was chosen last, and takes no focus from a user who types elsewhere by then."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browsing import running_browser
from tests.support.feature_screen import OWN, TABLE, Screen
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench

pytestmark = pytest.mark.slow
OTHER, THIRD = "features/vms_reports/other.feature", "features/vms_reports/third.feature"
UNREADABLE = "features/vms_reports/unreadable.feature"
TITLE = "document.querySelector('.feature-main h1').innerText"


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkbench]:
    """A workbench for the tests of this module, with three files of the same text but for the title."""
    home = copy_project(tmp_path_factory.mktemp("opening") / "project")
    for path in (OWN, OTHER, THIRD):
        (home / path).write_text(TABLE.replace("Feature: Own", f"Feature: {path}"))
    rows = "        | allowed | FULFILLABLE |\n"
    (home / UNREADABLE).write_text(TABLE.replace(rows, 20 * rows).replace("And the order", "Und the order"))
    with running_workbench(home) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    yield from running_browser()


@pytest.fixture
def screen(browser: Any, workbench: RunningWorkbench) -> Iterator[Screen]:
    """`OWN` in a tab."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    one = Screen(context, workbench, OWN)
    one.page.wait_for_selector("ul.features a")
    yield one
    context.close()
    shutil.rmtree(workbench.home / "build" / "workbench" / "drafts", ignore_errors=True)
    one.check()


def held(page: Any, address: str, words: str = "") -> list[Any]:
    """Return a list that gets the next request to *address* with *words* in its body, which waits."""
    waiting: list[Any] = []
    page.route(
        address, lambda route: waiting.append(route) if not waiting and words in (route.request.post_data or "") else route.continue_()
    )
    return waiting


def until(screen: Screen, waiting: list[Any]) -> None:
    """Wait until a request waits."""
    while not waiting:
        screen.page.wait_for_timeout(10)


def choose(screen: Screen, path: str) -> None:
    screen.page.click(f"ul.features a >> text={path.removeprefix('features/')}")


@pytest.mark.parametrize(("address", "words"), [(f"**/api/file?path={OTHER.replace('/', '%2F')}", ""), ("**/api/call", '"feature.check"')])
def test_who_searches_while_a_feature_opens_types_nothing_into_it(screen: Screen, address: str, words: str) -> None:
    """The text took the focus when its findings had come, and with it the rest of the words."""
    waiting = held(screen.page, address, words)
    choose(screen, OTHER)
    until(screen, waiting)
    screen.page.keyboard.press("Escape")
    screen.page.focus("aside input[type=search]")
    screen.page.keyboard.type("cre")
    waiting[0].continue_()
    screen.wait_for_text(f"Feature: {OTHER}")
    screen.wait("document.querySelector('section[aria-label=Findings] h2')")
    screen.page.keyboard.type("dit note")

    assert screen.page.input_value("aside input[type=search]") == "credit note"
    assert screen.text.startswith(f"Feature: {OTHER}")


def test_a_feature_that_is_chosen_has_the_focus_before_its_findings_are_there(screen: Screen) -> None:
    waiting = held(screen.page, "**/api/call", '"feature.check"')
    choose(screen, OTHER)
    until(screen, waiting)

    screen.wait("document.querySelector('.cm-content').cmTile.view.hasFocus")


@pytest.mark.parametrize(("last", "title"), [(THIRD, "third.feature"), (OWN, "own.feature")])
def test_the_feature_that_was_chosen_last_is_shown(screen: Screen, last: str, title: str) -> None:
    """Also if another one, chosen before it, comes later."""
    address = f"**/api/file?path={OTHER.replace('/', '%2F')}"
    waiting = held(screen.page, address)
    choose(screen, OTHER)
    until(screen, waiting)
    choose(screen, last)
    screen.wait(f"{TITLE}.includes({title!r})")
    with screen.page.expect_response(address) as response:
        waiting[0].continue_()
    response.value.finished()
    screen.page.wait_for_timeout(100)  # for what the page would do with it

    assert title in screen.page.evaluate(TITLE)
    assert screen.text.startswith(f"Feature: {last}")
    assert screen.page.locator("ul.features a[aria-current=page]").get_attribute("href") == f"#/feature/{last}"


def test_a_feature_that_nobody_waits_for_any_more_is_not_opened(screen: Screen) -> None:
    page = screen.page
    page.evaluate("location.hash = '#/case'")
    page.wait_for_selector("#case-answer .headline")
    waiting = held(page, "**/api/file?*")
    page.evaluate("place => { location.hash = place }", f"#/feature/{OTHER}")
    until(screen, waiting)
    page.wait_for_selector("text=Opening")
    page.evaluate("location.hash = '#/feature'")
    page.wait_for_selector("text=Choose a feature from the list.")
    waiting[0].continue_()
    page.wait_for_timeout(100)  # for what the page would do with it

    assert page.locator(".cm-content").count() == 0


def test_a_feature_that_cannot_be_read_leaves_no_blank_space_for_its_table(screen: Screen) -> None:
    choose(screen, UNREADABLE)
    screen.wait("document.querySelector('.grid-place')?.innerText.startsWith('No grid: this text cannot be read as Gherkin')")

    place, message = (screen.page.locator(place).bounding_box() for place in (".grid-place", ".grid-place > p"))
    assert place["height"] < message["height"] + 40


def test_a_notice_that_a_save_had_no_answer_goes_when_the_workbench_answers_again(screen: Screen) -> None:
    page = screen.page
    choose(screen, THIRD)
    screen.wait_for_text(f"Feature: {THIRD}")
    page.route("**/api/changes?*", lambda route: route.abort())
    page.route("**/api/save", lambda route: route.abort())
    page.locator(".cm-content").click()
    page.keyboard.type("x")
    page.keyboard.press("Control+s")
    page.get_by_role("dialog").get_by_role("button", name="Save 1 file").click()
    refused = page.locator("#notices p", has_text="No answer: the workbench does not answer")
    refused.wait_for()
    page.unroute("**/api/changes?*")
    page.get_by_text("The workbench answers again. Repeat what it did not do meanwhile.").wait_for()

    assert page.locator("#notices p", has_text="does not answer").count() == 0
    page.unroute("**/api/save")
    screen.complaints[:] = [complaint for complaint in screen.complaints if "ERR_FAILED" not in complaint]
