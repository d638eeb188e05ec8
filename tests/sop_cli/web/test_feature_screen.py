"""The Feature screen in Chromium: text, completion, findings, fixes, grid, results, drafts, and changes on disk."""

import re
import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sop_cli.web.project import digest_of
from steps.language.document import source_of
from steps.language.formatter import format_text
from tests.support.browsing import MODES, axe_core, violations, violations_here
from tests.support.drafts_sent import context_with_drafts_sent
from tests.support.feature_screen import OWN, TABLE, Screen, screen_of_own_project
from tests.support.firefox import BROWSERS
from tests.support.workbench import RULEBOOK, RunningWorkbench, copy_project, running_workbench

pytestmark = pytest.mark.slow

FULL_ERP = "features/seller_cancellation/full_erp.feature"
REPORT = "features/vms_reports/cancelled_after_posting.feature"
OWN_STEPS = '''"""Steps of a user."""

from steps.definitions.decorators import ANY_SENTENCE, given, parameter

parameter(name="quality", regexp="good|bad")


@given("a note that is {quality}", follows=[ANY_SENTENCE])
def _(quality, driver):
    """A remark."""
'''


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The system's Chromium, then its Firefox."""
    yield from BROWSERS[request.param]()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkbench]:
    """A workbench for the tests of this module; what a test changes is put back."""
    with running_workbench(copy_project(tmp_path_factory.mktemp("features") / "project")) as workbench:
        yield workbench


@pytest.fixture
def screen(browser: Any, project: RunningWorkbench) -> Iterator[Any]:
    """Opens the screen with a file, by default one of its own; closed at the end, and the page must not have complained."""
    screens: list[Screen] = []
    with context_with_drafts_sent(browser, viewport={"width": 1400, "height": 1000}) as context:

        def opened(path: str = OWN, content: str | bytes = TABLE) -> Screen:
            if path == OWN and not (project.home / OWN).exists():
                (project.home / OWN).write_bytes(content if isinstance(content, bytes) else content.encode())
            screens.append(Screen(context, project, path))
            return screens[-1]

        yield opened
    shutil.rmtree(project.home / "build" / "workbench" / "drafts", ignore_errors=True)
    (project.home / OWN).unlink(missing_ok=True)
    for one in screens:
        one.check()


def test_findings_come_as_one_types_and_a_fix_removes_one(screen):
    page = (one := screen(FULL_ERP)).page
    one.results("21 passed")
    one.at(102)
    page.keyboard.type("X")

    listed = one.findings(1)
    assert "PROCESSINGX is not one of" in listed.replace("`", "")
    assert page.locator(".cm-lintRange-error").count() >= 1
    page.click("text=Write Given the order is PROCESSING")
    one.findings(0)
    assert "PROCESSINGX" not in one.text
    assert one.disk.decode() == one.text


def test_a_step_is_completed_with_a_blank_for_its_value(screen):
    page = (one := screen()).page
    one.at(10)
    page.keyboard.press("Enter")
    page.keyboard.type("And the cancellation is")
    page.wait_for_selector(".cm-tooltip-autocomplete li[aria-selected]:has-text('the cancellation is {outcome}')")
    page.wait_for_timeout(150)  # a list that has just come takes no key
    page.keyboard.press("Enter")
    page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('without effect')")
    page.keyboard.type("allow")
    one.wait("document.querySelectorAll('.cm-tooltip-autocomplete li').length === 1")
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")

    assert one.text.split("\n")[10] == "      And the cancellation is allowed"


def test_tags_columns_values_and_placeholders_are_completed(screen):
    page = (one := screen(REPORT)).page
    one.at(11)
    page.keyboard.type(" @GAP-1")
    page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('@GAP-10')")
    page.keyboard.press("Escape")
    for _ in range(7):
        page.keyboard.press("Backspace")
    row = one.line_of("| A     | 2026-05-04 09:00 | -                | -  ")
    one.at(row)
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+Space")
    options = page.locator(".cm-tooltip-autocomplete li").all_inner_texts()
    assert options == ["the seller"] or {"the seller", "Ajio", "-"} >= set(options)

    other = screen(OWN)
    other.at(10)
    other.page.keyboard.press("Enter")
    other.page.keyboard.type("And its e-invoice is <")
    other.page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('<stage>')")


def test_a_changed_row_runs_alone_and_is_stale_until_then(screen):
    page = (one := screen(FULL_ERP)).page
    one.results("21 passed")
    one.at(70)
    page.evaluate("""() => { window.seen = []; new MutationObserver(() => {
        for (const mark of document.querySelectorAll('.cm-results .mark')) seen.push(mark.title) }).observe(
        document.querySelector('.cm-results'), {subtree: true, childList: true, attributes: true}) }""")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.type("PACKED")

    results = one.results("1 failed, 20 passed")
    assert "1 example run in a copy" in results
    assert "the question of GAP-17 is shown beside the answer" in results
    titles = page.evaluate("seen")
    assert any("passed before your change" in title for title in titles)
    assert one.disk != one.text.encode()


def test_a_result_is_stale_from_the_moment_of_the_change(screen):
    """No check and no run is waited for: the marks are read in the same task as the change."""
    one = screen(FULL_ERP)
    one.results("21 passed")
    one.at(70)
    titles = one.page.evaluate("""() => {
        const view = document.querySelector('.cm-content').cmTile.view;
        view.dispatch({changes: {from: view.state.selection.main.head, insert: ' '}});
        return [...document.querySelectorAll('.cm-results .cm-gutterElement')].map(element => element.firstChild?.title).filter(Boolean) }""")
    everywhere = one.page.evaluate("""() => {
        const view = document.querySelector('.cm-content').cmTile.view;
        view.dispatch({changes: {from: view.state.doc.line(19).to, insert: 'X'}});
        return [...document.querySelectorAll('.cm-results .cm-gutterElement')].map(element => element.firstChild?.title).filter(Boolean) }""")

    assert titles.count("passed before your change") == 2  # both rows of the outline
    assert "passed" in titles
    assert set(everywhere) - {"spacer"} == {"passed before your change"}


def test_a_run_can_be_stopped_and_gives_no_result(screen):
    one = screen()
    one.results("2 passed")
    one.page.evaluate("""() => new MutationObserver((_, observer) => {
        const stop = [...document.querySelectorAll('section[aria-label=Results] button')].find(button => button.textContent === 'Stop');
        if (stop) { observer.disconnect(); stop.click() } }).observe(document.querySelector('section[aria-label=Results]'), {subtree: true, childList: true})""")
    one.page.keyboard.press("Control+Enter")
    one.wait("() => document.querySelector('section[aria-label=Results] p').textContent.startsWith('stopped')")

    assert "2 not run as they are now" in one.results("2 not run")
    one.page.keyboard.press("Control+Enter")
    one.results("2 passed")


def test_no_result_outlives_the_rulebook_that_gave_it(browser, tmp_path):
    with screen_of_own_project(browser, tmp_path) as one:
        register = one.workbench.home / RULEBOOK / "gaps.toml"
        register.write_text(register.read_text() + "\n# a remark\n")
        one.page.evaluate("""() => { window.seen = new Set(); new MutationObserver(() => {
            for (const mark of document.querySelectorAll('.cm-results .mark')) seen.add(mark.title) }).observe(
            document.querySelector('.cm-results'), {subtree: true, childList: true, attributes: true}) }""")
        one.wait("() => seen.has('passed before your change') || seen.has('runs now')")
        one.results("2 passed")


def test_the_engines_answer_is_accepted_only_when_confirmed(screen):
    page = (one := screen()).page
    one.results("2 passed")
    text = one.text
    page.fill('input[aria-label="Row 2, outcome"]', "allowed")
    one.results("1 failed")
    assert "| allowed | PACKED      |" in one.text
    page.click("text=Accept the engine's answer")
    page.wait_for_selector("dialog .diff .added:has-text('refused')")
    page.click("dialog button:has-text('Cancel')")
    assert "| allowed | PACKED      |" in one.text
    page.click("text=Accept the engine's answer")
    page.click("dialog button.main")
    one.results("2 passed")
    assert one.text == text


def test_a_cell_of_the_grid_changes_that_cell_only(screen):
    page = (one := screen()).page
    assert page.locator("table.grid tr").count() == 3
    page.fill('input[aria-label="Row 1, stage"]', "PROCESSING")
    one.wait_for_text("PROCESSING")
    assert one.text == TABLE.replace("FULFILLABLE |", "PROCESSING |").replace("stage       |", "stage      |").replace(
        "PACKED      |", "PACKED     |"
    )
    page.fill('input[aria-label="Row 1, stage"]', "READY_TO_DISPATCH")
    assert one.text == TABLE.replace("| stage       |", "| stage             |").replace("FULFILLABLE |", "READY_TO_DISPATCH |").replace(
        "PACKED      |", "PACKED            |"
    )
    assert page.locator("datalist#grid-values-1 option").evaluate_all("options => options.map(option => option.value)")[:2] == [
        "CREATED",
        "UNFULFILLABLE",
    ]
    page.fill('input[aria-label="Row 1, stage"]', "a|b\\")
    assert "| a\\|b\\\\ " in one.text


def test_rows_are_added_moved_deleted_and_pasted_in_the_grid(screen):
    page = (one := screen()).page
    page.focus('input[aria-label="Row 1, outcome"]')
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Row 2, outcome"
    page.keyboard.type("refused")
    page.keyboard.press("Tab")
    page.keyboard.type("COMPLETED")
    rows = [line.strip() for line in one.text.split("\n") if line.strip().startswith("|")]
    assert rows == ["| outcome | stage       |", "| allowed | FULFILLABLE |", "| refused | COMPLETED   |", "| refused | PACKED      |"]
    page.keyboard.press("Alt+ArrowUp")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Row 1, stage"
    assert one.text.index("# between the rows") < one.text.index("COMPLETED") < one.text.index("FULFILLABLE")
    page.click('button[aria-label="Delete row 1"]')
    assert "COMPLETED" not in one.text
    page.focus('input[aria-label="Row 2, outcome"]')
    page.evaluate(
        """text => { const area = document.body.appendChild(document.createElement('textarea')); area.value = text; area.select() }""",
        "allowed\tPROCESSING\r\nrefused\tREADY_TO_DISPATCH\r\n",
    )
    page.keyboard.press("Control+c")
    page.evaluate("document.body.lastChild.remove()")
    page.focus('input[aria-label="Row 2, outcome"]')
    page.keyboard.press("Control+v")
    one.wait_for_text("READY_TO_DISPATCH")
    rows = [line.strip() for line in one.text.split("\n") if line.strip().startswith("|")]
    assert [re.split(r" *\| *", row)[1:3] for row in rows[1:]] == [
        ["allowed", "FULFILLABLE"],
        ["allowed", "PROCESSING"],
        ["refused", "READY_TO_DISPATCH"],
    ]
    for _ in range(40):
        page.keyboard.press("Control+z")
    assert one.text == TABLE


def test_a_table_that_was_not_aligned_stays_as_it_is_but_for_the_cell(screen):
    loose = TABLE.replace("| allowed | FULFILLABLE |", "|allowed|FULFILLABLE  |").replace("\n", "\r\n")
    one = screen(content=b"\xef\xbb\xbf" + loose.encode())
    one.page.fill('input[aria-label="Row 1, outcome"]', "refused")
    one.save()

    assert one.disk == b"\xef\xbb\xbf" + loose.replace("|allowed|", "|refused|").encode()


def test_mixed_line_ends_are_kept(screen):
    mixed = TABLE.replace("\n", "\r\n", 3)
    one = screen(content=mixed)
    one.at(7)
    one.page.keyboard.type("X")
    one.save()

    assert one.disk == mixed.replace("through RMS", "through RMSX").encode()


def test_saving_asks_shows_the_change_and_can_be_undone_after_it(screen):
    page = (one := screen()).page
    one.at(2)
    page.keyboard.type(" more")
    page.keyboard.press("Control+s")
    page.wait_for_selector("dialog .diff .added:has-text('a remark more')")
    page.keyboard.press("Escape")
    assert one.disk.decode() == TABLE
    one.save()
    assert one.disk.decode() == TABLE.replace("a remark", "a remark more")
    one.wait("document.querySelector('.feature-main [role=status]').textContent === 'as on disk'")
    page.keyboard.press("Control+z")
    one.wait_for_text("# a remark\n")
    assert one.text == TABLE


def test_format_and_its_key(screen):
    page = (one := screen()).page
    one.at(13)
    page.keyboard.type("   ")
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+Shift+f")
    one.wait("text => document.querySelector('.cm-content').cmTile.view.state.doc.toString() === text", TABLE)


def test_a_draft_comes_back_after_the_browser_was_killed(screen):
    one = screen()
    one.at(2)
    one.page.keyboard.type(" kept")
    one.wait("Object.keys(localStorage).some(key => key.startsWith('sop-draft'))")
    one.page.evaluate("localStorage.clear()")
    deadline = time.monotonic() + 10
    while not one.workbench.ask("GET", f"/api/file?path={OWN}")[1]["draft"] and time.monotonic() < deadline:
        time.sleep(0.05)
    two = screen()

    assert two.text == TABLE.replace("a remark", "a remark kept")
    assert "This is your draft" in two.page.inner_text(".warning")
    assert two.disk.decode() == TABLE
    two.page.click("text=Discard the draft")
    two.wait("text => document.querySelector('.cm-content').cmTile.view.state.doc.toString() === text", TABLE)


def test_a_draft_comes_back_from_the_browser_after_the_server_was_killed(browser, tmp_path):
    home = copy_project(tmp_path / "project")
    (home / OWN).write_text(TABLE)
    context = browser.new_context()
    with running_workbench(home) as workbench:
        one = Screen(context, workbench, OWN)
        one.at(2)
        workbench.process.kill()
        workbench.process.wait()
        one.page.keyboard.type(" kept")
        one.wait("Object.keys(localStorage).some(key => localStorage[key].includes('remark kept'))")
        port = workbench.port
    with running_workbench(home, "--port", str(port)) as workbench:
        two = Screen(context, workbench, OWN)
        assert two.text == TABLE.replace("a remark", "a remark kept")
        assert "This is your draft" in two.page.inner_text(".warning")
        context.close()


def test_a_sentence_is_renamed_everywhere_after_the_difference_was_shown(browser, tmp_path):
    home = copy_project(tmp_path / "project")
    (home / "own_steps.py").write_text(OWN_STEPS)
    (home / "pyproject.toml").write_text('[tool.sop]\nsteps = ["own_steps"]\n')
    own = TABLE.replace("Given an order invoiced through RMS", "Given a note that is good\n      And an order invoiced through RMS")
    (home / OWN).write_text(own)
    context = browser.new_context()
    with running_workbench(home) as workbench:
        one = Screen(context, workbench, OWN)
        one.at(7)
        one.page.keyboard.press("F2")
        one.page.fill('input[aria-label="New step sentence"]', "Given a remark that is {quality}")
        one.page.keyboard.press("Enter")
        one.page.wait_for_selector("dialog h2:has-text('Rename in 2 files?')")
        assert "own_steps.py" in one.page.inner_text("dialog")
        assert (home / "own_steps.py").read_text() == OWN_STEPS
        one.page.click("dialog button.main")
        one.wait_for_text("Given a remark that is good")
        assert one.disk.decode() == own.replace("a note that is good", "a remark that is good")
        assert (home / "own_steps.py").read_text() == OWN_STEPS.replace("a note that", "a remark that")
        refused = {"old": "Given a remark that is {quality}", "new": "Given a thing that is {quality}", "digests": {"own_steps.py": "0"}}
        assert workbench.ask("POST", "/api/rename", refused)[0] == 409
        assert workbench.ask("POST", "/api/save", {"changes": [{"path": "own_steps.py", "digest": None, "text": "x"}]})[0] == 404
        context.close()
        one.check()


def test_a_clean_text_follows_the_disk_and_a_changed_one_is_compared(screen):
    page = (one := screen()).page
    disk = one.workbench.home / OWN
    disk.write_text(TABLE.replace("a remark", "another remark"))
    one.wait_for_text("another remark")
    one.at(1)
    page.keyboard.type(" of mine")
    disk.write_text(TABLE.replace("a remark", "a third remark"))
    page.wait_for_selector(".warning:has-text('changed on disk')")
    page.keyboard.press("Control+s")
    page.click("dialog button.main")
    page.wait_for_selector("dialog h2:has-text('changed on disk')")
    assert "a third remark" in page.inner_text("dialog")
    assert disk.read_text() == TABLE.replace("a remark", "a third remark")
    page.click("dialog button:has-text('Take the text on disk')")
    one.wait_for_text("a third remark")
    assert "of mine" not in one.text


def test_keys_lead_to_findings_and_focus_is_never_trapped(screen):
    page = (one := screen()).page
    one.at(9)
    page.keyboard.type("X")
    one.findings(2 if "2 findings" in page.inner_text("section[aria-label=Findings]") else 1)
    one.at(1)
    page.keyboard.press("F8")
    page.wait_for_selector(".cm-tooltip .cm-diagnostic")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("!document.querySelector('.cm-editor').contains(document.activeElement)")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("own table")
    assert page.locator("ul.features li").count() == 0
    page.keyboard.press("Control+a")
    page.keyboard.type("own")
    assert page.locator("ul.features a[aria-current]").count() == 1


def test_a_read_only_screen_has_no_button_that_writes(browser, tmp_path):
    home = copy_project(tmp_path / "project")
    (home / OWN).write_text(TABLE)
    context = browser.new_context()
    with running_workbench(home, "--read-only") as workbench:
        one = Screen(context, workbench, OWN)
        one.results("2 passed")
        buttons = " ".join(one.page.locator("main button").all_inner_texts())
        assert not re.search("Save|Format|Rename|New row|Accept|✕", buttons)
        one.at(2)
        one.page.keyboard.type("x")
        assert one.text == TABLE
        assert workbench.ask("POST", "/api/rename", {"old": "a", "new": "b", "digests": {}})[0] == 403
        context.close()
        one.check()


def violations_of_tooltip(one, attempts=5):
    """Go from the first line to the finding, which opens its tooltip; again where the editor's new width has closed it before axe looks at it."""
    one.go(1)
    one.wait("document.querySelector('.cm-content').contains(document.activeElement)")
    one.go()
    one.page.keyboard.press("F8")
    try:
        one.page.wait_for_selector(".cm-tooltip .cm-diagnostic", timeout=3_000)
        return violations(one.page, {"only": ".cm-tooltip"})
    except Exception as error:
        if attempts == 1 or not re.search("No elements found|Timeout", str(error)):
            raise
    return violations_of_tooltip(one, attempts - 1)


def test_axe_finds_nothing_in_any_scheme_at_any_width(screen, browser):
    if browser.browser_type.name != "chromium":
        pytest.skip("axe-core asks for a colour scheme, which Firefox takes from a preference")
    other = TABLE.partition("    Scenario Outline: ")[2].partition("      Examples: ")[0].rstrip().replace("<stage>", "CREATED")
    axe, one = axe_core(), screen(content=f"{TABLE}\n    Scenario: other {other.replace('<outcome>', 'allowed')}\n")
    one.page.fill('input[aria-label="Row 2, outcome"]', "allowed")
    one.results("1 failed")
    one.at(one.line_of("order is CREATED"))
    one.page.keyboard.type("X")
    one.findings(1)
    one.results("1 failed")
    one.page.evaluate(axe)
    for width, scheme in MODES:  # another width, and axe itself, closes the tooltip
        one.page.set_viewport_size({"width": width, "height": 900})
        one.page.emulate_media(color_scheme=scheme)
        assert violations_of_tooltip(one) == [], (width, scheme)
        assert violations(one.page) == [], (width, scheme)
    one.page.keyboard.press("Escape")
    violated = violations_here(one.page, axe)
    assert violated == [], violated
    assert one.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


RANDOM_SESSION = """async ([text, seed, steps]) => {
    const { changesBetween, documentOf } = await import('/static/feature/text.js');
    const tables = await import('/static/feature/tables.js');
    const { EditorState } = await import('/static/vendor/codemirror.js');
    let state = seed;
    const random = (count) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 65536) % count; };
    const words = ['', 'a', 'PACKED', 'a|b', '\\\\\\\\', 'x\\\\', '-', 'two words', 'é中😀', '  ', 'a\\tb', '#', '```', '|', '\\\\n', 'n\\nm'];
    const complaints = [];
    let editor = EditorState.create({ doc: documentOf(text) });
    for (let step = 0; step < steps; step += 1) {
        const rows = [];
        for (let number = 1; number <= editor.doc.lines; number += 1) if (tables.isRow(editor.doc.line(number).text)) rows.push(number);
        if (!rows.length) break;
        const table = tables.tableAt(editor.doc, rows[random(rows.length)]);
        const row = random(table.rows.length), column = random(table.width), word = words[random(words.length)];
        const act = random(5);
        const before = editor.doc.toString();
        const changes = act === 0 ? tables.rowsAfter(table, row, [[word, 'b']])
            : act === 1 && table.rows.length > 2 ? tables.withoutRow(table, row, editor.doc)
            : act === 2 ? tables.movedRow(table, row, random(2) ? 1 : -1)
            : tables.cellChanges(table, [[row, column, word]]);
        editor = editor.update({ changes }).state;
        const after = editor.doc.toString();
        const others = (whole) => whole.split('\\n').filter((line) => !line.trimStart().startsWith('|')).join('\\n');
        if (others(before) !== others(after)) complaints.push(['another line changed', step, act, before, after]);
        if (act > 2 && table.rows[row].cells[column]) {
            const cell = tables.tableAt(editor.doc, table.rows[row].line).rows[row].cells[column];
            if (cell.text !== tables.written(word)) complaints.push(['not the word', word, cell.text]);
        }
        const now = Array.from({ length: 3 }, (_, more) => tables.tableAt(editor.doc, table.first + more)).find(Boolean);
        const widths = (table) => new Set(table.rows.map((each) => each.cells.length));
        if (widths(now).size !== widths(table).size) complaints.push(['ragged', act, before, after]);
        if (tables.isAligned(table) && act !== 2 && !tables.isAligned(now)) complaints.push(['not aligned', act, before, after]);
        const made = EditorState.create({ doc: documentOf(before) }).update({ changes: changesBetween(before, after) }).state.doc.toString();
        if (made !== after) complaints.push(['other text', before, after, made]);
    }
    const lines = ['a', 'b', '', 'c'];
    for (let step = 0; step < steps; step += 1) {
        const make = () => Array.from({ length: random(7) }, () => lines[random(4)]).join('\\n');
        const before = make(), after = make();
        const made = EditorState.create({ doc: documentOf(before) }).update({ changes: changesBetween(before, after) }).state.doc.toString();
        if (made !== after) complaints.push(['other text', before, after, made]);
    }
    return complaints;
}"""


def test_random_edits_of_tables_touch_no_other_line(screen):
    """Cells are written as typed, tables stay aligned and rectangular, and a text is made of another by lines."""
    one = screen()
    loose = TABLE.replace("| allowed | FULFILLABLE |", "|allowed|FULFILLABLE  |  ")
    for seed in range(20):
        for text in (TABLE, loose, TABLE.rstrip("\n")):
            assert one.page.evaluate(RANDOM_SESSION, [text, seed, 40]) == []


def test_the_grid_writes_what_gherkin_reads_back(screen):
    """A row with every odd value, written through the grid, is parsed as these values, and the formatter would change nothing."""
    one = screen()
    for word in ("a|b", "x\\", "two  words", "中文", "é", "#", "-", "<stage>"):
        one.page.fill('input[aria-label="Row 2, stage"]', word)
        document = source_of(one.text.encode(), "x.feature")[0].document
        assert document is not None
        assert document.recorded.scenarios[0].examples[0].rows[1].cells == ["refused", word]
        assert format_text(one.text) == one.text


def test_a_cell_that_is_selected_stays_selected_when_a_check_returns(screen):
    """New values to offer and a renamed column reach the inputs that are there: what is typed replaces what was selected."""
    one = screen()
    for label, word, other in (("Row 2, stage", "-", "<stage>"), ("Heading 2", "stages", "stage")):
        cell = f'input[aria-label="{label}"]'
        one.page.evaluate("performance.clearMarks()")
        one.page.fill(cell, word)
        one.page.evaluate("cell => { window.typedIn = document.querySelector(cell); window.typedIn.select(); }", cell)
        one.wait("performance.getEntriesByName('findings').length")
        assert one.page.evaluate("window.typedIn === document.activeElement")
        one.page.keyboard.insert_text(other)
        assert one.page.input_value(cell) == other


@pytest.mark.parametrize("has_draft", [False, True], ids=["alone", "with a draft of another tab"])
def test_a_file_that_is_deleted_while_the_page_reads_it_again_is_missed(screen, has_draft):
    """The text without changes follows what another program wrote; if that is gone by then, the text stays, and the page says so."""
    one = screen()
    if has_draft:
        draft = {"path": OWN, "base": digest_of(one.disk), "text": "Feature: Of another tab", "tab": "other", "taken": []}
        assert one.workbench.ask("PUT", "/api/draft", draft)[0] == 200
    one.at(2)
    one.page.keyboard.type(" kept")
    one.wait("document.querySelector('.feature-screen').innerText.includes('the draft is kept')")
    file = one.workbench.home / OWN
    file.write_text(TABLE.replace("Own", "Their own"))
    one.page.wait_for_selector(".warning:has-text('changed on disk while you edited it')")

    def deleted(route):
        file.unlink(missing_ok=True)
        route.continue_()

    one.page.route("**/api/file?*", deleted)
    one.page.keyboard.press("Control+z")
    one.page.wait_for_selector(".warning:has-text('deleted on disk')")
    assert one.text == TABLE
    assert [words for words in one.complaints if "404" not in words] == []
    one.complaints.clear()
