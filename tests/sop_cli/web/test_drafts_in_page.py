"""Drafts and cells in the page, one mend each: the order of their requests, their timer, deleted files, digests, and white space."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from steps.language.document import source_of
from tests.support.browsing import running_browser
from tests.support.feature_screen import OWN, TABLE, Screen
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench

pytestmark = pytest.mark.slow
SHOWN = "text => document.querySelector('.cm-content').cmTile.view.state.doc.toString() === text"


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkbench]:
    """A workbench for the tests of this module."""
    with running_workbench(copy_project(tmp_path_factory.mktemp("drafts") / "project")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    yield from running_browser()


@pytest.fixture
def screen(browser: Any, workbench: RunningWorkbench) -> Iterator[Callable[[], Screen]]:
    """Opens a file of its own in tabs of one browser; the file and its drafts are removed at the end."""
    (workbench.home / OWN).write_text(TABLE)
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    screens: list[Screen] = []

    def opened() -> Screen:
        screens.append(Screen(context, workbench, OWN))
        return screens[-1]

    yield opened
    context.close()
    shutil.rmtree(workbench.home / "build" / "workbench" / "drafts", ignore_errors=True)
    (workbench.home / OWN).unlink(missing_ok=True)
    for one in screens:
        one.check()


ORDER = """async () => {
    const { Drafts } = await import('/static/feature/drafts.js');
    const log = [], ends = [];
    const app = { readOnly: false, draft: (path, base, text) => { log.push(`begin ${text}`); return new Promise((end) => ends.push(() => { log.push(`end ${text}`); end(); })) } };
    const drafts = new Drafts(app, 'features/none.feature');
    const all = ['one', 'two', null].map((text) => drafts.send('base', text));
    for (let number = 0; number < 3; number += 1) {
        while (ends.length <= number) await new Promise((next) => setTimeout(next, 1));
        await new Promise((next) => setTimeout(next, 20));
        ends[number]();
    }
    await Promise.all(all);
    return log;
}"""


def test_a_request_for_a_draft_begins_when_the_one_before_has_ended(screen: Callable[[], Screen]) -> None:
    """Otherwise an older text could arrive last, and be the one that is kept; or one that was discarded."""
    log = screen().page.evaluate(ORDER)

    assert log == ["begin one", "end one", "begin two", "end two", "begin null", "end null"]


TIMER = """async () => {
    const { Drafts } = await import('/static/feature/drafts.js');
    const sent = [], timers = [], { setTimeout: real, clearTimeout: realClear } = window;
    const drafts = new Drafts({ readOnly: false, draft: async (path, base, text) => { sent.push(text); } }, 'features/none.feature');
    window.setTimeout = (act) => { timers.push(act); return timers.length; };
    window.clearTimeout = (number) => { if (number) timers[number - 1] = null; };
    for (const text of ['o', 'on', 'one']) drafts.keep('base', text);
    const running = timers.filter(Boolean).length, isOfFirst = timers[0] !== null;
    timers[0]?.();
    Object.assign(window, { setTimeout: real, clearTimeout: realClear });
    await drafts.sent;
    localStorage.removeItem(drafts.key);
    return [running, isOfFirst, sent];
}"""


def test_a_draft_is_sent_a_moment_after_the_first_key_though_one_types_on(screen: Callable[[], Screen]) -> None:
    assert screen().page.evaluate(TIMER) == [1, True, ["one"]]


def test_the_text_of_a_deleted_file_is_kept_and_written_again_as_a_new_file(screen: Callable[[], Screen]) -> None:
    """Also if it has no change of its own, and after the page was loaded again."""
    one = screen()
    file = one.workbench.home / OWN
    file.unlink()
    one.page.wait_for_selector(".warning:has-text('deleted on disk')")
    one.wait("document.querySelector('.feature-main [role=status]').textContent.startsWith('changed')")
    one.wait(f"Object.keys(localStorage).some(key => key.endsWith(' {OWN}'))")
    while not one.workbench.ask("GET", "/api/project")[1]["drafts"]:
        time.sleep(0.02)
    one.page.evaluate("localStorage.clear()")

    one.page.reload()
    one.page.wait_for_selector(".cm-content")
    one.wait(SHOWN, TABLE)
    one.page.keyboard.press("Control+s")
    one.page.click("dialog button.main")
    one.page.click("dialog >> text=Write mine as a new file")
    one.page.wait_for_selector("#notices p.good")

    assert file.read_text() == TABLE


def draft_in_browser(one: Screen, tab: str, base: str | None, text: str, at: int) -> None:
    """Keep a draft in the browser as another tab does."""
    draft = json.dumps({"base": base, "text": text, "at": at})
    one.page.evaluate("([key, draft]) => localStorage.setItem(key, draft)", [f"sop-draft {tab} {OWN}", draft])


@pytest.mark.parametrize("is_newest", [True, False])
def test_a_draft_of_an_older_content_is_compared_before_it_is_saved(screen: Callable[[], Screen], *, is_newest: bool) -> None:
    """A draft is saved over the content that it was made from, whether it is the newest one, which is shown, or another that is chosen."""
    one = screen()
    file = one.workbench.home / OWN
    older = one.workbench.ask("GET", f"/api/file?path={OWN}")[1]["digest"]
    file.write_text(changed := TABLE.replace("a remark", "a remark of another"))
    one.wait(SHOWN, changed)
    newer = one.workbench.ask("GET", f"/api/file?path={OWN}")[1]["digest"]
    one.page.close()
    other = screen()
    mine = TABLE.replace("S <stage>", "mine <stage>")
    draft_in_browser(other, "a-tab-of-before", older, mine, 2 if is_newest else 1)
    if not is_newest:
        draft_in_browser(other, "a-tab-of-now", newer, changed.replace("S <stage>", "now <stage>"), 2)
    other.page.reload()
    other.page.wait_for_selector(".warning:has-text('This is your draft')")
    if not is_newest:
        other.page.click("text=Take it")
    other.wait(SHOWN, mine)

    other.page.keyboard.press("Control+s")
    other.page.click("dialog button.main")

    other.page.wait_for_selector("dialog .three")
    assert file.read_text() == changed
    other.page.click("dialog >> text=Go on editing")


def test_cells_are_trimmed_as_gherkin_trims_them(screen: Callable[[], Screen]) -> None:
    """The white space of JavaScript and that of Python differ, such as in the mark of the byte order."""
    spaces = [char for char in map(chr, range(0x3100)) if char.isspace() and char != "\n"] + ["\ufeff", "\u200b", "\u180e"]
    rows = [f"| {space}x{space} |" for space in spaces]
    text = "\n".join(["Feature: F", "  Scenario: S", "    Given a", "      | a |", *(f"      {row}" for row in rows)])
    document = source_of(text.encode(), "x.feature")[0].document
    assert document is not None
    expected = [row[0] for example in document.examples for step in example.steps for row in (step.table or ())[1:]]
    script = (
        "async (rows) => { const { cellsOf } = await import('/static/feature/tables.js'); return rows.map(row => cellsOf(row)[0].text) }"
    )

    assert screen().page.evaluate(script, rows) == expected


def test_what_gherkin_does_not_read_as_a_table_is_no_grid(screen: Callable[[], Screen]) -> None:
    """Of a text that is not Gherkin, and of rows in a description, the page says why there is none; the table of a background is one."""
    one = screen()
    grid = "document.querySelectorAll('table.grid tr').length"
    why = "document.querySelector('.grid-place > p:not(.keys)')?.textContent ?? ''"

    def change(text: str, shown: str) -> None:
        """Make the text of the editor *text*, with the cursor in the line that has *shown*."""
        one.page.evaluate(
            """([text, at]) => { const { view } = document.querySelector('.cm-content').cmTile;
            view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: at } }) }""",
            [text, text.index(shown)],
        )

    change(TABLE, "| refused")
    one.wait(f"{grid} === 3")
    one.page.focus('input[aria-label="Row 1, stage"]')
    change(TABLE.replace("And the order", "Und the order"), "| refused")
    one.wait(f"{grid} === 0 && ({why}).startsWith('No grid: this text cannot be read as Gherkin (line 8: ')")
    assert one.page.evaluate("document.activeElement.className").startswith("cm-content")
    change(TABLE, "| refused")
    one.wait(f"{grid} === 3 && ({why}) === ''")
    change(TABLE.replace("  # a remark", "  | a | b |"), "| a")
    one.wait(f"{grid} === 0 && ({why}).includes('part of a description')")
    orders = "  Background:\n    Given these orders, invoiced through the client's ERP\n      | order | posted           |\n      | A     | 2026-05-04 09:00 |\n"
    change(TABLE.replace("  # a remark\n", orders), "| A ")
    one.wait(f"{grid} === 2 && ({why}) === ''")
