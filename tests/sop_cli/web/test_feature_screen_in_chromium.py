"""What is the same in each browser on the Feature screen: drafts, cells, merging, completion, and the last run in the header."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from steps.language.document import source_of
from tests.support.browsing import PHONE, running_browser
from tests.support.drafts_sent import context_with_drafts_sent
from tests.support.feature_screen import OWN, TABLE, Screen, screen_of_own_project
from tests.support.on_hold import with_on_hold
from tests.support.workbench import ROOT, RULEBOOK, RunningWorkbench, copy_project, running_workbench

pytestmark = pytest.mark.slow
EDITOR_HAS_TEXT = "text => document.querySelector('.cm-content')?.cmTile.view.state.doc.toString() === text"


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
    screens: list[Screen] = []
    with context_with_drafts_sent(browser, viewport={"width": 1400, "height": 1000}) as context:

        def opened() -> Screen:
            screens.append(Screen(context, workbench, OWN))
            return screens[-1]

        yield opened
    shutil.rmtree(workbench.home / "build" / "workbench" / "drafts", ignore_errors=True)
    (workbench.home / OWN).unlink(missing_ok=True)
    for one in screens:
        one.check()


ORDER = """async () => {
    const { Drafts } = await import('/static/feature/drafts.js');
    const log = [], ends = [];
    const app = { readOnly: false, project: { id: 'one' }, draft: (path, base, text) => { log.push(`begin ${text}`); return new Promise((end) => ends.push(() => { log.push(`end ${text}`); end(); })) } };
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
    const drafts = new Drafts({ readOnly: false, project: { id: 'one' }, taken: new Map(), draft: async (path, base, text) => { sent.push(text); } }, 'features/none.feature');
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


GONE_ON = """async () => {
    const { Drafts } = await import('/static/feature/drafts.js');
    const app = { readOnly: false, project: { id: 'one' }, taken: new Map(), draft: async () => { throw new Error('the server has ended'); } };
    const drafts = new Drafts(app, 'features/none.feature');
    drafts.takeOver({ key: null, tabs: ['first'] }, () => drafts.keep('base', 'one'));
    drafts.keep('base', 'one and more');
    await drafts.flush();
    const listed = new Drafts(app, 'features/none.feature').list([{ base: 'base', text: 'one', tab: 'first' }], 'on disk');
    localStorage.removeItem(drafts.key);
    return listed.map(({ text, tabs }) => [text, tabs.slice(1)]);
}"""


def test_a_draft_that_a_lost_tab_went_on_with_is_not_offered_beside_it(screen: Callable[[], Screen]) -> None:
    """The server ended before it knew whose draft that tab replaced; the browser knows it."""
    assert screen().page.evaluate(GONE_ON) == [["one and more", ["first"]]]


TAKEN_OVER = """async () => {
    const { Drafts } = await import('/static/feature/drafts.js');
    const sent = [];
    const app = { readOnly: false, project: { id: 'one' }, taken: new Map(), draft: async (path, base, text) => { sent.push([text, app.taken.get(path)]); } };
    const drafts = new Drafts(app, 'features/none.feature');
    drafts.takeOver({ key: null, tabs: ['first'] }, () => drafts.keep('base', 'one'));
    await drafts.sent;
    localStorage.removeItem(drafts.key);
    return [sent, drafts.pending];
}"""


def test_a_draft_that_is_shown_again_is_sent_at_once(screen: Callable[[], Screen]) -> None:
    """The server may not have it: its tab ended before it was sent."""
    assert screen().page.evaluate(TAKEN_OVER) == [[["one", ["first"]]], None]


def test_what_was_typed_last_is_sent_when_the_page_is_closed(screen: Callable[[], Screen]) -> None:
    """The browser may keep nothing, and the timer that sends a draft ends with the page."""
    one = screen()
    one.at(2)
    one.page.evaluate("""() => { window.setTimeout = () => 0; localStorage.setItem = () => { throw new Error('full') };
        const { view } = document.querySelector('.cm-content').cmTile, { head } = view.state.selection.main;
        view.dispatch({ changes: { from: head, insert: ' kept' } }) }""")
    one.page.on("dialog", lambda dialog: dialog.accept())
    one.page.goto("about:blank")
    end = time.monotonic() + 30
    while not (kept := drafts_on_disk(one.workbench)) and time.monotonic() < end:
        time.sleep(0.02)

    assert kept == [TABLE.replace("a remark", "a remark kept")]


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
    one.wait(EDITOR_HAS_TEXT, TABLE)
    one.page.keyboard.press("Control+s")
    one.page.click("dialog button.main")
    one.page.click("dialog >> text=Write mine as a new file")
    one.page.wait_for_selector("#notices p.good")

    assert file.read_text() == TABLE


def draft_in_browser(  # noqa: PLR0913 - a draft
    one: Screen, tab: str, base: str | None, text: str, at: int, *replaced: str, project: str = ""
) -> None:
    """Keep a draft in the browser as another tab does, of this project or of another one that was served here."""
    draft = json.dumps({"base": base, "text": text, "at": at, "replaced": replaced})
    project = project or one.workbench.ask("GET", "/api/project")[1]["id"]
    one.page.evaluate("([key, draft]) => localStorage.setItem(key, draft)", [f"sop-draft {project} {tab} {OWN}", draft])


def test_a_draft_of_another_project_at_the_same_address_is_left_alone(screen: Callable[[], Screen]) -> None:
    one = screen()
    draft_in_browser(one, "a-tab", None, "Feature: Of another folder", 1, project="another-project")
    one.page.reload()
    one.page.wait_for_selector(".cm-content")
    one.wait(EDITOR_HAS_TEXT, TABLE)

    assert one.page.locator(".feature-main .warning").count() == 0
    assert one.page.locator("ul.features em").count() == 0
    assert "Of another folder" in one.page.evaluate("JSON.stringify(localStorage)")


@pytest.mark.parametrize("is_newest", [True, False])
def test_a_draft_of_an_older_content_is_compared_before_it_is_saved(screen: Callable[[], Screen], *, is_newest: bool) -> None:
    """A draft is saved over the content that it was made from, whether it is the newest one, which is shown, or another that is chosen."""
    one = screen()
    file = one.workbench.home / OWN
    older = one.workbench.ask("GET", f"/api/file?path={OWN}")[1]["digest"]
    file.write_text(changed := TABLE.replace("a remark", "a remark of another"))
    one.wait(EDITOR_HAS_TEXT, changed)
    newer = one.workbench.ask("GET", f"/api/file?path={OWN}")[1]["digest"]
    one.page.close()
    other = screen()
    own_text = TABLE.replace("S <stage>", "mine <stage>")
    draft_in_browser(other, "a-tab-of-before", older, own_text, 2 if is_newest else 1)
    if not is_newest:
        draft_in_browser(other, "a-tab-of-now", newer, changed.replace("S <stage>", "now <stage>"), 2)
    other.page.reload()
    other.page.wait_for_selector(".warning:has-text('This is your draft')")
    if not is_newest:
        other.page.click("text=Take it")
    other.wait(EDITOR_HAS_TEXT, own_text)

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

    def change(text: str, words: str) -> None:
        """Make the text of the editor *text*, with the cursor in the line that has *shown*."""
        one.page.evaluate(
            """([text, at]) => { const { view } = document.querySelector('.cm-content').cmTile;
            view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: at } }) }""",
            [text, text.index(words)],
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


def test_enter_after_a_word_that_is_written_out_begins_a_new_line_at_once(screen: Callable[[], Screen]) -> None:
    one = screen()
    one.at(10)
    one.page.keyboard.press("Enter")
    one.page.keyboard.type("And the order is PACKED")
    one.page.wait_for_selector(".cm-tooltip-autocomplete li[aria-selected]:has-text('PACKED')")
    one.page.wait_for_timeout(150)  # a list that has just come takes no key
    one.page.keyboard.press("Enter")
    one.page.keyboard.type("x")

    assert one.text.split("\n")[10:12] == ["      And the order is PACKED", "      x"]


MERGED = """async (cases) => { const { merged } = await import('/static/merging.js');
    return cases.map(([base, one, other]) => merged(base?.split('').join('\\n') ?? null, one.split('').join('\\n'), other.split('').join('\\n'))?.replaceAll('\\n', '') ?? null); }"""


def test_changes_of_different_lines_are_merged_and_others_are_not(screen: Callable[[], Screen]) -> None:
    """Each letter is a line."""
    cases = {
        ("abcde", "Xbcde", "abcdY"): "XbcdY", ("abcde", "abcdeX", "Yabcde"): "YabcdeX", ("abcde", "bcde", "abcd"): "bcd", ("abcde", "acde", "abXcde"): None,
        ("abcde", "abXde", "abYde"): None, ("abcde", "abXde", "abcYe"): None, ("abcde", "abXde", "abXde"): "abXde", ("abcde", "abXde", "abXdY"): "abXdY",
        ("abcde", "abcde", "abXde"): "abXde", (None, "abX", "abc"): None, ("abcde", "abXcde", "abYcde"): None, ("abcdefgh", "aXcdeYgh", "abcZefgh"): "aXcZeYgh",
    }  # fmt: skip

    assert screen().page.evaluate(MERGED, [list(case) for case in cases]) == list(cases.values())


@pytest.mark.parametrize("is_elsewhere", [True, False])
def test_both_changes_are_merged_into_the_text_and_not_saved(screen: Callable[[], Screen], *, is_elsewhere: bool) -> None:
    one = screen()
    file = one.workbench.home / OWN
    one.at(2)
    one.page.keyboard.type(" mine")
    file.write_text(
        other_text := TABLE.replace("S <stage>", "theirs <stage>") if is_elsewhere else TABLE.replace("a remark", "a remark of theirs")
    )
    one.page.wait_for_selector("text=This file changed on disk while you edited it")
    one.page.keyboard.press("Control+s")
    one.page.click("dialog button.main")
    one.page.wait_for_selector("dialog .three")
    merge = one.page.locator("dialog >> text=Merge both into my text")
    assert merge.count() == is_elsewhere
    if not is_elsewhere:
        one.page.click("dialog >> text=Go on editing")
        return

    merge.click()

    both = other_text.replace("a remark", "a remark mine")
    one.wait(EDITOR_HAS_TEXT, both)
    assert file.read_text() == other_text
    assert "has both changes" in one.page.inner_text(".warning")
    one.save()
    assert file.read_text() == both


def drafts_on_disk(workbench: RunningWorkbench) -> list[str]:
    """Return the texts of the drafts that the server keeps."""
    return [json.loads(file.read_text())["text"] for file in (workbench.home / "build" / "workbench" / "drafts").glob("*.json")]


def test_a_tab_says_that_another_one_has_taken_over_its_draft(screen: Callable[[], Screen]) -> None:
    one = screen()
    one.at(2)
    one.page.keyboard.type(" kept")
    while not drafts_on_disk(one.workbench):
        time.sleep(0.02)
    two = screen()
    two.wait(EDITOR_HAS_TEXT, TABLE.replace("a remark", "a remark kept"))

    one.page.wait_for_selector(".warning:has-text('Another tab has taken over your draft')")
    one.page.keyboard.type(" here")
    while len(drafts_on_disk(one.workbench)) < 2:
        time.sleep(0.02)

    assert sorted(drafts_on_disk(one.workbench)) == [TABLE.replace("a remark", f"a remark kept{more}") for more in ("", " here")]


def test_a_draft_that_is_offered_and_not_taken_is_kept(screen: Callable[[], Screen]) -> None:
    """One of another browser on the server, beside a newer one of this browser, which is shown."""
    one = screen()
    elsewhere, own = TABLE.replace("a remark", "a remark elsewhere"), TABLE.replace("a remark", "a remark of its own")
    digest = one.workbench.ask("GET", f"/api/file?path={OWN}")[1]["digest"]
    one.workbench.ask("PUT", "/api/draft", {"path": OWN, "base": digest, "text": elsewhere, "tab": "elsewhere"})
    draft_in_browser(one, "a-tab-of-before", digest, own, 1)
    one.page.reload()
    one.page.wait_for_selector(".warning:has-text('There is another draft')")
    one.wait(EDITOR_HAS_TEXT, own)

    while own not in drafts_on_disk(one.workbench):
        time.sleep(0.02)

    assert elsewhere in drafts_on_disk(one.workbench)
    one.page.click("text=Discard it")
    while elsewhere in drafts_on_disk(one.workbench):
        time.sleep(0.02)
    assert own in drafts_on_disk(one.workbench)


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_draft_that_two_tabs_have_left_is_one_draft(screen: Callable[[], Screen], is_changed: bool) -> None:  # noqa: FBT001
    """The second tab ended before the server knew that it went on with the draft of the first; discarded, neither comes back."""
    one = screen()
    own = TABLE.replace("a remark", "a remark of its own")
    digest = one.workbench.ask("GET", f"/api/file?path={OWN}")[1]["digest"]
    one.workbench.ask("PUT", "/api/draft", {"path": OWN, "base": digest, "text": f"{own}# before\n" if is_changed else own, "tab": "first"})
    draft_in_browser(one, "second", digest, own, 1, *["first"] * is_changed)
    one.page.reload()
    one.wait(EDITOR_HAS_TEXT, own)
    while drafts_on_disk(one.workbench) != [own]:
        time.sleep(0.02)
    one.page.click("text=Discard the draft")
    one.wait(EDITOR_HAS_TEXT, TABLE)

    while drafts_on_disk(one.workbench):
        time.sleep(0.02)


def test_the_draft_of_a_deleted_file_is_on_the_list_until_it_is_discarded(screen: Callable[[], Screen]) -> None:
    one = screen()
    (one.workbench.home / OWN).unlink()
    listed = f"ul.features a[href='#/feature/{OWN}']"
    one.page.wait_for_selector(f"{listed}:has-text('Deleted file')")
    while not drafts_on_disk(one.workbench):
        time.sleep(0.02)
    one.page.goto(f"{one.workbench.url}/#/case")
    one.page.reload()
    one.page.wait_for_selector("#screens a")
    one.page.evaluate("location.hash = '#/feature'")
    one.page.click(listed)
    one.wait(EDITOR_HAS_TEXT, TABLE)

    one.page.click("text=Discard the draft")

    one.page.wait_for_selector("text=The draft was discarded")
    one.wait("listed => !document.querySelector(listed)", listed)
    assert drafts_on_disk(one.workbench) == []


def test_the_header_says_what_the_last_run_said_and_that_a_file_has_changed_since(screen: Callable[[], Screen]) -> None:
    one = screen()
    home = one.workbench.home
    shutil.rmtree(home / "build" / "runs", ignore_errors=True)
    one.page.reload()
    run_is = "words => document.getElementById('run').innerText === `Last run: ${words}`"
    one.wait(run_is, "not run yet")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SOP_RULEBOOK": str(home / RULEBOOK)}
    subprocess.run([sys.executable, "-P", "-m", "sop_cli", "verify", OWN], cwd=home, env=environment, check=True, capture_output=True)

    not_run = one.workbench.call("project.run")["result"]["not_run"]
    assert not_run > 300
    one.wait(run_is, f"○ 2 passed, {not_run} not run")
    (home / OWN).write_text(TABLE.replace("| refused | PACKED ", "| allowed | PACKED "))
    one.wait(run_is, f"○ 2 passed, {not_run} not run, before a change")
    assert one.page.locator("#run .mark.is-stale").count() == 1
    assert one.page.locator("#run .mark.passed").count() == 0


def test_a_run_that_began_before_the_first_look_is_in_the_header_and_its_document_in_the_menu(screen: Callable[[], Screen]) -> None:
    one = screen()
    home = one.workbench.home
    held: list[Any] = []
    is_over: list[bool] = []
    for folder in ("runs", "site"):
        shutil.rmtree(home / "build" / folder, ignore_errors=True)
    one.page.route("**/api/changes*", lambda route: route.continue_() if is_over else held.append(route))
    one.page.reload()
    one.wait("document.getElementById('run').innerText === 'Last run: not run yet'")
    assert one.page.locator("#screens a[href='/site/index.html']").count() == 0
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SOP_RULEBOOK": str(home / RULEBOOK)}
    subprocess.run([sys.executable, "-P", "-m", "sop_cli", "verify", OWN], cwd=home, env=environment, check=True, capture_output=True)
    while not held:
        one.page.wait_for_timeout(50)
    is_over.append(True)
    held[0].continue_()

    one.wait("document.getElementById('run').innerText.startsWith('Last run: ○ 2 passed')")
    one.page.wait_for_selector("#screens a[href='/site/index.html']")


def test_a_draft_that_neither_browser_nor_server_keeps_is_not_said_to_be_kept(screen: Callable[[], Screen]) -> None:
    """As of a text that is too large for both: the browser asks before the page is left."""
    one = screen()
    status_text = "document.querySelector('.feature-main .title [role=status]').textContent"
    one.page.evaluate("""() => { const { setItem } = Storage.prototype; Storage.prototype.setItem = function (...item) {
        if (this === localStorage) throw new DOMException('full', 'QuotaExceededError');
        setItem.apply(this, item); } }""")
    too_large = json.dumps({"title": "Not possible", "detail": "the draft is too large"})
    one.page.route("**/api/draft", lambda route: route.fulfill(status=409, content_type="application/json", body=too_large))
    one.at(3)
    one.page.keyboard.type("# much")
    one.wait(f"{status_text} === 'changed, not saved, and no draft is kept (the draft is too large): save it, or copy it'")
    asked = []
    one.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    one.page.close(run_before_unload=True)
    one.wait(f"{status_text}.startsWith('changed')")
    assert asked == ["beforeunload"]

    one.page.unroute("**/api/draft")
    one.page.keyboard.type("!")
    one.wait(f"{status_text} === 'changed, not saved; the draft is kept'")


def test_on_a_narrow_screen_the_list_is_open_until_a_feature_is_chosen(browser: Any, workbench: RunningWorkbench) -> None:
    (workbench.home / OWN).write_text(TABLE)
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(workbench.link)
    page.wait_for_selector("#screens a")
    page.tap("#screens a[data-screen=feature]")
    page.tap("ul.features a >> text=vms_reports/own.feature")
    page.wait_for_selector(".cm-content")
    assert page.locator("ul.features a").first.is_hidden()

    page.focus(".actions button")
    page.keyboard.press("/")
    page.keyboard.type("credit note")
    page.locator("ul.features ul a").first.tap()
    page.locator("ul.features a").first.wait_for(state="hidden")
    context.close()
    (workbench.home / OWN).unlink()


def test_on_a_telephone_the_list_of_features_is_part_of_the_page_and_cuts_no_line(browser: Any, workbench: RunningWorkbench) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(f"{workbench.link}")
    page.wait_for_selector("#screens a")
    page.tap("#screens a[data-screen=feature]")
    page.wait_for_selector("ul.features a")
    hidden, title, listed = page.evaluate("""() => { const list = document.querySelector('ul.features');
        const [title, box] = ['.feature-main', 'aside'].map((where) => document.querySelector(where).getBoundingClientRect());
        return [list.scrollHeight - list.clientHeight, [title.top, title.bottom], [box.top, box.bottom]] }""")
    context.close()

    assert hidden <= 0
    assert title[1] + 10 <= listed[0]


def test_a_paste_from_a_spreadsheet_keeps_each_value_and_is_one_undo(screen: Callable[[], Screen]) -> None:
    one = screen()
    values = [["allowed", "C:\\new"], ["a|b", "one\ntwo"], ["\\|", "x\\"], ['"q"', "ends in \\\\"]]
    quoted = ["\t".join('"' + cell.replace('"', '""') + '"' if {*cell} & {*'\n"'} else cell for cell in row) for row in values]
    one.page.focus('input[aria-label="Row 2, outcome"]')
    one.page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }""",
        "\r\n".join(quoted) + "\r\n",
    )

    assert cells_of(one.text) == [["allowed", "FULFILLABLE"], *values]

    one.page.keyboard.press("Control+z")
    assert one.text == TABLE


def test_in_forced_colours_the_open_feature_and_the_selection_can_be_seen(screen: Callable[[], Screen]) -> None:
    """The colours of the page are replaced then, also a transparent one; each feature looked like the open one, and no selection was seen."""
    one = screen()
    one.page.emulate_media(forced_colors="active")
    one.page.wait_for_selector("ul.features a[aria-current]")
    one.at(5)
    one.page.keyboard.press("Shift+ArrowUp")
    one.page.wait_for_selector(".cm-selectionBackground", state="attached")
    looks = """([place, property]) => getComputedStyle(document.querySelector(place))[property]"""
    features = [
        one.page.evaluate(looks, [f"ul.features > li > a{state}", "borderLeftColor"])
        for state in ("[aria-current]", ":not([aria-current])")
    ]
    grounds = [one.page.evaluate(looks, [place, "backgroundColor"]) for place in (".cm-selectionBackground", "body")]

    assert features[0] != features[1]
    assert grounds[0] != grounds[1]


def cells_of(text: str) -> list[list[str]]:
    """The cells of the first Examples, as Gherkin reads them."""
    document = source_of(text.encode(), "x.feature")[0].document
    assert document is not None
    return [row.cells for row in document.recorded.scenarios[0].examples[0].rows]


@pytest.mark.parametrize("value", ["C:\\new", "C:\\new\r\n", "\\", "ends in \\", "\\|", "a|b", "\\\\", "plain", "<b>\\t"])
def test_one_pasted_cell_keeps_its_value(screen: Callable[[], Screen], value: str) -> None:
    one = screen()
    one.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.page.evaluate("text => navigator.clipboard.writeText(text)", value)
    one.page.focus('input[aria-label="Row 2, stage"]')
    one.page.keyboard.press("Control+a")
    one.page.keyboard.press("Control+v")
    one.wait("before => document.querySelector('.cm-content').cmTile.view.state.doc.toString() !== before", TABLE)

    assert cells_of(one.text) == [["allowed", "FULFILLABLE"], ["refused", value.strip()]]
    one.page.keyboard.press("Control+z")
    assert one.text == TABLE


def test_a_value_is_pasted_where_the_cursor_is_and_more_can_be_typed(screen: Callable[[], Screen]) -> None:
    one = screen()
    one.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.page.evaluate("navigator.clipboard.writeText('\\\\n')")
    one.page.focus('input[aria-label="Row 2, stage"]')
    one.page.keyboard.press("Home")
    one.page.keyboard.press("ArrowRight")
    one.page.keyboard.press("Control+v")
    one.page.keyboard.type("x")

    assert cells_of(one.text)[1] == ["refused", "P\\nxACKED"]
    one.page.keyboard.press("Home")
    one.page.keyboard.type("\\")
    one.page.keyboard.press("Control+v")
    assert cells_of(one.text)[1] == ["refused", "\\\\nP\\nxACKED"]


@pytest.mark.parametrize("key", ["c", "x"])
def test_a_cell_that_is_copied_in_the_grid_or_the_text_is_pasted_as_it_is_written(screen: Callable[[], Screen], key: str) -> None:
    one = screen()
    one.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.page.fill('input[aria-label="Row 1, stage"]', "C:\\\\new")
    one.page.keyboard.press("Control+a")
    one.page.keyboard.press(f"Control+{key}")
    one.page.focus('input[aria-label="Row 2, stage"]')
    one.page.keyboard.press("Control+a")
    one.page.keyboard.press("Control+v")
    assert cells_of(one.text) == [["allowed", "C:\\new" if key == "c" else ""], ["refused", "C:\\new"]]

    one.at(one.line_of("refused"))
    one.page.keyboard.press("Home")
    one.page.evaluate("""() => { const {view} = document.querySelector('.cm-content').cmTile, at = view.state.doc.toString().lastIndexOf('C:');
        view.dispatch({selection: {anchor: at, head: at + 7}}) }""")
    one.page.keyboard.press("Control+c")
    one.page.focus('input[aria-label="Row 1, stage"]')
    one.page.keyboard.press("Control+a")
    one.page.keyboard.press("Control+v")
    assert cells_of(one.text) == [["allowed", "C:\\new"], ["refused", "C:\\new"]]


@pytest.mark.parametrize("place", ['input[aria-label="Row 2, outcome"]', ".cm-content"])
def test_trying_from_a_cell_or_the_text_adds_no_row(screen: Callable[[], Screen], place: str) -> None:
    one = screen()
    one.page.focus(place)
    for key in ("Control+Enter", "Meta+Enter"):
        one.page.keyboard.press(key)
        one.results("2 passed")
    assert one.text == TABLE
    assert one.page.inner_text(".feature-main .title [role=status]") == "as on disk"


def test_what_a_new_register_brings_is_offered_without_loading_the_page_again(browser: Any, tmp_path: Any) -> None:
    """A stage, and a gap as a tag, that an analyst adds while the page is open."""
    with screen_of_own_project(browser, tmp_path) as one:
        with_on_hold(one.workbench.home / RULEBOOK)
        one.wait("performance.getEntriesByName('words').length === 1")
        one.at(10)
        one.page.keyboard.press("Enter")
        one.page.keyboard.type("And the order is O")
        one.page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('ON_HOLD')")
        one.page.keyboard.press("Escape")
        one.at(3)
        one.page.keyboard.type("  @GAP-5")
        one.page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('@GAP-58')")
