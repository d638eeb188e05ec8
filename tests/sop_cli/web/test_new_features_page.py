"""New feature files on the Feature screen: chosen by mouse or keyboard, drafts until they are saved, never written over another file."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browsing import WIDE, axe_core, violations_here
from tests.support.firefox import BROWSERS
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import until, workbench_page

pytestmark = pytest.mark.slow

PATH, OTHER = "features/audit/my_case.feature", "features/audit/another.feature"
TEXT = "document.querySelector('.cm-content')?.cmTile.view.state.doc.toString()"
FIRST = "@audit\nFeature: My case\n\n  \n\n  Source: \n\n  Rule: \n\n    Scenario: \n      Given \n      When \n      Then \n"


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The system's Chromium, then its Firefox."""
    yield from BROWSERS[request.param]()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkbench]:
    """A workbench for the tests of this module."""
    with running_workbench(copy_project(tmp_path_factory.mktemp("new") / "project")) as workbench:
        yield workbench


@pytest.fixture
def workbench(project: RunningWorkbench) -> Iterator[RunningWorkbench]:
    """The workbench; new files and drafts are removed at the end."""
    before = {*(project.home / "features").rglob("*")}
    yield project
    for new in {*(project.home / "features").rglob("*")} - before:
        new.unlink() if new.is_file() else shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(project.home / "build" / "workbench" / "drafts", ignore_errors=True)


def ask(page: Any, title: str = "", name: str = "", folder: str = "audit") -> None:
    """Fill in the dialog for a new file."""
    page.get_by_role("button", name="New feature file").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Folder", exact=True).select_option(folder)
    if name:
        page.get_by_label("Name of the file").fill(name)


def begin(page: Any, title: str = "My case", name: str = "") -> None:
    """Begin a new file and wait for its text."""
    ask(page, title, name)
    page.get_by_role("button", name="Open it in the editor").click()
    until(page, f"{TEXT} === {FIRST!r}")


def save(page: Any) -> None:
    page.keyboard.press("Control+s")
    page.locator("dialog button.main").click()


def wait_for_words(page: Any, words: str) -> None:
    page.get_by_text(words).first.wait_for()


def test_a_new_file_is_made_by_keyboard_alone_and_written_when_it_is_saved(browser: Any, workbench: RunningWorkbench) -> None:
    file = workbench.home / PATH
    with workbench_page(browser, workbench, "#/feature") as page:
        page.wait_for_selector("ul.features a")
        page.keyboard.press("/")
        for key in ("Tab", "Enter"):
            page.keyboard.press(key)
        until(page, "document.activeElement.id === 'new-title'")
        page.keyboard.type("My case")
        page.keyboard.press("Tab")
        page.keyboard.type("audit")
        wait_for_words(page, "features/audit/my_case.feature")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        until(page, f"{TEXT} === {FIRST!r} && document.activeElement.className === 'cm-content'")
        until(page, "document.querySelector('section[aria-label=Findings] h2').textContent === '5 findings'")
        assert page.locator("ul.features a[aria-current]").inner_text().split("\n")[1].startswith("New file")
        wait_for_words(page, "new, not saved; the draft is kept")
        assert not file.exists()

        page.keyboard.type("Words.")
        save(page)
        wait_for_words(page, f"Saved: {PATH}")
        page.get_by_role("link", name="My case").wait_for()
    assert file.read_text() == FIRST.replace("\n\n  \n", "\n\n  Words.\n", 1)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("my/case", "The name of the file has /; use small letters"),
        ("../../x", "The name of the file has /; use small letters"),
        ("a.b", "The name of the file has .; use small letters"),
        ("Жд", "The name of the file has Ж; use small letters"),
        ("x" * 200, "The name of the file has 200 characters; use at most 64"),
        ("Cancellations", "The name of the file has the capital letter C"),
        ("cancellations.feature", "There is a file audit/cancellations.feature already; open it, or choose another name"),
        ("con", "con is the name of a device on Windows"),
    ],
)
def test_a_name_that_cannot_be_is_said_at_once_and_opens_nothing(browser: Any, workbench: RunningWorkbench, name: str, fault: str) -> None:
    before = sorted(workbench.home.rglob("*"))
    with workbench_page(browser, workbench, "#/feature") as page:
        ask(page, "My case", name)
        wait_for_words(page, fault)
        page.get_by_role("button", name="Open it in the editor").click()
        until(page, "document.activeElement.id === 'new-name'")
        assert page.get_by_label("Name of the file").get_attribute("aria-invalid") == "true"
        page.keyboard.press("Escape")
        until(page, "!document.querySelector('dialog') && document.activeElement.className === 'new-feature'")
        assert page.locator("ul.features", has_text="New file").count() == 0
    assert sorted(workbench.home.rglob("*")) == before


def test_a_file_that_another_makes_meanwhile_is_not_overwritten_and_the_new_one_gets_another_name(
    browser: Any, workbench: RunningWorkbench
) -> None:
    with workbench_page(browser, workbench, "#/feature", allowed="409") as page:
        begin(page)
        (workbench.home / PATH).write_text("Feature: Of another\n")
        wait_for_words(page, "Another file with its name is on disk by now.")
        save(page)
        wait_for_words(page, "is on disk already")
        page.get_by_role("button", name="Go on editing").click()
        assert page.evaluate(TEXT) == FIRST

        page.get_by_role("button", name="Another name").click()
        page.get_by_label("Name of the file").fill("another")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="audit/another.feature").wait_for()
        save(page)
        wait_for_words(page, f"Saved: {OTHER}")
        until(page, "!document.querySelector('ul.features em')")
    assert (workbench.home / PATH).read_text() == "Feature: Of another\n"
    assert (workbench.home / OTHER).read_text() == FIRST


def test_a_new_file_is_offered_again_after_the_tab_was_closed_and_still_overwrites_nothing(
    browser: Any, workbench: RunningWorkbench
) -> None:
    with workbench_page(browser, workbench, "#/feature") as page:
        begin(page)
        until(
            page,
            "fetch('/api/project', {headers: {'X-Sop-Token': sessionStorage.getItem('sop-workbench-token')}}).then(r => r.json()).then(p => p.new_drafts.length)",
        )
    with workbench_page(browser, workbench, "#/feature", allowed="409") as page:
        page.get_by_role("link", name="New file").click()
        until(page, f"{TEXT} === {FIRST!r}")
        wait_for_words(page, "This file is new.")
        (workbench.home / PATH).write_text("Feature: Of another\n")
        page.reload()
        wait_for_words(page, "Another file with its name is on disk by now")
        assert page.evaluate(TEXT) == FIRST
        save(page)
        wait_for_words(page, "is on disk already")
        page.get_by_role("button", name="Take the text on disk").click()
        until(page, f"{TEXT} === 'Feature: Of another\\n'")
        wait_for_words(page, "as on disk")
    assert (workbench.home / PATH).read_text() == "Feature: Of another\n"


def test_a_new_file_that_is_discarded_leaves_nothing(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/feature") as page:
        begin(page)
        page.get_by_role("button", name="Discard the draft").click()
        wait_for_words(page, "It was never saved, so no file was changed.")
        until(page, "!document.querySelector('ul.features em')")
        ask(page, "My case")
        wait_for_words(page, PATH)
        page.keyboard.press("Escape")
    assert not (workbench.home / PATH).exists()


def test_a_file_that_comes_and_goes_under_the_name_of_a_new_one_changes_nothing_of_it(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/feature") as page:
        begin(page)
        for _ in range(2):
            (workbench.home / PATH).write_text("Feature: Of another\n")
            wait_for_words(page, "Another file with its name is on disk by now.")
            (workbench.home / PATH).unlink()
            wait_for_words(page, "It is not on disk until you save it.")
        save(page)
        wait_for_words(page, f"Saved: {PATH}")
    assert (workbench.home / PATH).read_text() == FIRST


def test_the_other_file_is_shown_when_the_new_one_is_discarded(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/feature") as page:
        begin(page)
        (workbench.home / PATH).write_text("Feature: Of another\n")
        wait_for_words(page, "Another file with its name is on disk by now.")
        page.get_by_role("button", name="Discard the draft").click()
        until(page, f"{TEXT} === 'Feature: Of another\\n'")
        until(page, "!document.querySelector('ul.features em')")
        wait_for_words(page, "as on disk")


def test_two_tabs_do_not_begin_one_file(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/feature") as page:
        begin(page)
        other = page.context.new_page()
        other.goto(workbench.link)
        other.wait_for_selector("#screens a")
        other.evaluate("location.hash = '#/feature'")
        ask(other, "My case")
        wait_for_words(other, "There is a draft with this name")


def test_a_workbench_that_is_read_only_has_no_new_files(browser: Any, tmp_path: Any) -> None:
    with (
        running_workbench(copy_project(tmp_path / "project"), "--read-only") as workbench,
        workbench_page(browser, workbench, "#/feature") as page,
    ):
        page.wait_for_selector("ul.features a")
        assert page.get_by_role("button", name="New feature file").count() == 0


def test_the_dialogs_and_what_is_said_of_a_new_file_are_accessible(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/feature", allowed="409") as page:
        ask(page, "My case", "My case", "/new")
        page.get_by_label("Name of the new folder").fill("x.y")
        wait_for_words(page, "The name of the folder has .;")
        assert violations_here(page, axe_core()) == []
        page.set_viewport_size(WIDE)
        page.keyboard.press("Escape")
        begin(page)
        (workbench.home / PATH).write_text("Feature: Of another\n")
        wait_for_words(page, "Another file with its name is on disk by now.")
        assert violations_here(page, axe_core()) == []
        page.set_viewport_size(WIDE)
        save(page)
        wait_for_words(page, "is on disk already")
        assert violations_here(page, axe_core()) == []
