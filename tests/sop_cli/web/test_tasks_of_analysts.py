"""The tasks of an analyst in the workbench, each with a mouse and by keyboard alone, and what is on disk afterwards."""

import csv
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.analyst import Analyst
from tests.support.browsing import axe_core, violations_here
from tests.support.firefox import BROWSERS
from tests.support.workbench import RULEBOOK, RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import file_chooser, until, workbench_page

pytestmark = pytest.mark.slow
PARTIAL_RMS = "features/seller_cancellation/partial_rms.feature"
FULL_ERP = "features/seller_cancellation/full_erp.feature"
AFTER_PACKED = "features/beyond_the_sop/after_packed.feature"
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkbench]:
    """A running workbench in a copy of the project."""
    with running_workbench(copy_project(tmp_path_factory.mktemp("tasks") / "project")) as running:
        yield running


@pytest.fixture
def before(workbench: RunningWorkbench) -> Iterator[Files]:
    """The files of the project, which are restored after the test; its drafts are deleted."""
    files = on_disk(workbench.home)
    yield files
    for path, data in on_disk(workbench.home).items():
        if files.get(path) != data:
            (workbench.home / path).unlink()
    for path, data in files.items():
        if not (workbench.home / path).exists():
            (workbench.home / path).write_bytes(data)
    shutil.rmtree(workbench.home / "build" / "workbench" / "drafts", ignore_errors=True)


@pytest.fixture(
    scope="module", params=[("chromium", "mouse"), ("chromium", "keyboard"), ("firefox", "mouse"), ("firefox", "keyboard")], ids="-".join
)
def browser_and_way(request: pytest.FixtureRequest) -> Iterator[tuple[Any, str]]:
    """A browser, and what its user has."""
    name, way = request.param
    yield from ((browser, way) for browser in BROWSERS[name]())


@pytest.fixture
def analyst(
    request: pytest.FixtureRequest, browser_and_way: tuple[Any, str], workbench: RunningWorkbench, before: Files
) -> Iterator[Analyst]:
    """Someone with a mouse, or with a keyboard alone, before the first screen."""
    assert before, "the files are restored after the page is closed"
    browser, way = browser_and_way
    with workbench_page(browser, workbench) as page:
        page.wait_for_selector("#case-answer .headline")
        page.set_default_timeout(15_000)
        user = Analyst(page, way)
        yield user
        if target := os.environ.get("TASKS_LOG"):
            with Path(target).open("a") as log:
                log.write(f"{request.node.name}: {user.clicks} clicks, {user.keys} keys, {user.typed} typed; Tab {user.reached}\n")


def on_disk(home: Path) -> Files:
    """Return the files of the specification."""
    folders = [home / "features", home / "approved", home / RULEBOOK]
    return {file.relative_to(home).as_posix(): file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()}


def changed(before: Files, home: Path) -> dict[str, str]:
    """Return the files that differ from *before* with their text."""
    return {path: data.decode() for path, data in on_disk(home).items() if before.get(path) != data}


def open_screen(user: Analyst, name: str) -> None:
    """Open a screen from the menu."""
    user.use(user.page.get_by_role("navigation", name="Screens").get_by_role("link", name=name))
    user.page.get_by_role("heading", level=1).wait_for()


def open_feature(user: Analyst, words: str, path: str) -> None:
    """Search a feature by its words and open it."""
    page = user.page
    open_screen(user, "Features")
    page.locator("ul.features a").first.wait_for()
    if user.by_mouse:
        user.fill(page.get_by_role("searchbox"), words)
        user.click(page.locator("ul.features a").first)
    else:
        user.press("/")
        user.write(words)
        user.press("Enter")
    page.get_by_role("heading", level=1, name=path.removeprefix("features/")).wait_for()
    wait_for_results(user, "passed")


def wait_for_results(user: Analyst, words: str) -> str:
    """Wait until the heading of the results has *words*, and return the results."""
    results = user.page.get_by_role("region", name="Results")
    results.get_by_role("heading", name=words).wait_for()
    return results.inner_text()


def find_in_text(user: Analyst, words: str) -> None:
    """Put the cursor on *words* in the editor."""
    page = user.page
    text = page.get_by_role("textbox", name="Text of the feature")
    if user.by_mouse:
        user.click(text)
    assert text.evaluate("element => element === document.activeElement")
    user.press("Control+f")
    user.write(words)
    user.press("Enter", "Escape")


def save(user: Analyst) -> None:
    """Save the feature, and confirm."""
    page = user.page
    if user.by_mouse:
        user.click(page.get_by_role("button", name="Save Ctrl+S"))
    else:
        user.press("Control+s")
    user.use(page.get_by_role("dialog").get_by_role("button", name="Save 1 file"))
    page.locator("#notices .good").wait_for()
    page.get_by_text("as on disk").wait_for()


def is_firefox(user: Analyst) -> bool:
    """Whether the browser is Firefox; Playwright over WebDriver BiDi has no events of downloads and dialogs of files."""
    return user.page.context.browser.browser_type.name == "firefox"


def downloaded(user: Analyst, button: Any) -> bytes:
    """Use *button* and return what it downloads; Firefox does not get the file, as its panel of downloads would take the keys."""
    page = user.page
    if not is_firefox(user):
        with page.expect_download() as download:
            user.use(button)
        return Path(download.value.path()).read_bytes()
    page.evaluate("""() => { const create = URL.createObjectURL;
        HTMLAnchorElement.prototype.click = () => {};
        window.made = new Promise(done => { URL.createObjectURL = (blob) => { blob.bytes().then(bytes => done([...bytes])); return create(blob) } }) }""")
    user.use(button)
    return bytes(page.evaluate("made"))


def choose_file(user: Analyst, field: Any, file: Path) -> None:
    """Choose *file* in the dialog that *field* opens."""
    if is_firefox(user):
        field.set_input_files(file)
        return
    with file_chooser(user.page) as chooser:
        user.use(field)
    chooser.value.set_files(file)


def test_a_row_is_added_to_a_table(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    page = analyst.page
    open_feature(analyst, "seller part RMS", PARTIAL_RMS)
    find_in_text(analyst, "But what the client must do")
    if analyst.by_mouse:
        analyst.click(page.get_by_role("button", name="New row"))
    else:
        analyst.reach(page.get_by_label("Row 2, stage"))
        analyst.press("Enter")
    analyst.write("FULFILLABLE")
    analyst.press("Tab")
    analyst.write("pushed")
    assert "1 example run in a copy" in wait_for_results(analyst, "14 passed")
    save(analyst)
    assert "No findings" in page.get_by_role("region", name="Findings").inner_text()
    row = b"        | PROCESSING  | pushed    |\n\n  @SC-RMS-PART-2"
    assert on_disk(workbench.home) == before | {
        PARTIAL_RMS: before[PARTIAL_RMS].replace(row, row.replace(b"\n\n", b"\n        | FULFILLABLE | pushed    |\n\n"))
    }


def test_a_changed_cell_fails_with_its_reason_and_is_undone(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    page = analyst.page
    open_feature(analyst, "READY_TO_DISPATCH", AFTER_PACKED)
    find_in_text(analyst, "the full order under RMS")
    analyst.fill(page.get_by_label("Row 1, clauses"), "SC-RMS-FULL-1")
    results = wait_for_results(analyst, "1 failed")
    assert "expected SC-RMS-FULL-1" in results
    assert "SC-RMS-FULL-2" in results
    analyst.press(*["Control+z"] * 3)
    wait_for_results(analyst, "passed")
    page.get_by_text("as on disk").wait_for()
    assert on_disk(workbench.home) == before


def test_an_example_of_an_open_question_is_added_from_its_case(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    page = analyst.page
    analyst.choose(page.get_by_label("PROCESSING", exact=True))
    page.locator("#case-answer").get_by_role("link", name="GAP-04").wait_for()
    page.get_by_role("link", name="In PROCESSING an e-invoice that was not pushed").wait_for()
    analyst.use(page.get_by_role("button", name="Add another example"))
    page.get_by_text("tried in a copy: passed").wait_for()
    analyst.use(page.get_by_role("button", name="Save…"))
    analyst.use(page.get_by_role("dialog").get_by_role("button", name="Save 1 file"))
    page.locator("#notices .good").wait_for()
    name = "The seller cancels the full order (ERP, PROCESSING, e-invoice generated): allowed"
    analyst.use(page.get_by_role("link", name=name))
    wait_for_results(analyst, "22 passed")
    ((path, text),) = changed(before, workbench.home).items()
    assert path == FULL_ERP
    added = re.search(rf"\n( *@[^\n]*\n)?    Scenario: {re.escape(name)}[^\n]*\n(      [^\n]*\n)+", text)
    assert added is not None
    assert "it is our reading of GAP-04" in added[0]
    assert text.replace(added[0], "", 1).encode() == before[FULL_ERP]


def test_a_misspelt_word_is_found_and_mended(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    page = analyst.page
    open_feature(analyst, "seller part RMS", PARTIAL_RMS)
    find_in_text(analyst, "Given the order is PACKED")
    analyst.press("End")
    analyst.write("X")
    findings = page.get_by_role("region", name="Findings")
    findings.get_by_role("heading", name="1 finding").wait_for()
    assert "PACKEDX" in findings.inner_text()
    fix = page.get_by_role("button", name="Write Given the order is PACKED")
    fix.first.wait_for()
    if analyst.by_mouse:
        analyst.click(findings.get_by_role("button", name="Write Given the order is PACKED"))
    else:
        analyst.press("F8", "Control+.")
    findings.get_by_role("heading", name="No findings").wait_for()
    page.get_by_text("as on disk").wait_for()
    assert on_disk(workbench.home) == before


def test_a_scenario_is_renamed(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    old, new = "The seller cannot cancel part of a packed order under RMS", "No part of a packed order is cancelled by the seller"
    open_feature(analyst, "seller part RMS", PARTIAL_RMS)
    find_in_text(analyst, old)
    analyst.write(new)
    wait_for_results(analyst, "13 passed")
    save(analyst)
    assert on_disk(workbench.home) == before | {PARTIAL_RMS: before[PARTIAL_RMS].replace(old.encode(), new.encode())}


def test_scenarios_about_words_are_found(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    page = analyst.page
    open_screen(analyst, "Features")
    page.locator("ul.features a").first.wait_for()
    if analyst.by_mouse:
        analyst.fill(page.get_by_role("searchbox"), "credit note")
    else:
        analyst.press("/")
        analyst.write("credit note")
    page.locator("ul.features ul a").first.wait_for()
    counts = page.get_by_role("complementary", name="Features").get_by_role("status").inner_text()
    assert re.fullmatch(r"\d+ scenarios in \d+ of 35 features", counts)
    analyst.use(page.locator("ul.features ul a").first)
    until(page, "document.querySelector('.cm-content')?.contains(document.activeElement) || document.activeElement.matches('.cm-content')")
    assert on_disk(workbench.home) == before


def test_a_case_is_looked_up(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    page = analyst.page
    for words in ("Ajio", "partial", "RMS", "PACKED"):
        analyst.choose(page.get_by_label(words, exact=True))
    page.locator("#case-answer").get_by_text("refused").first.wait_for()
    assert page.locator("fieldset[data-fact=e_invoice]").is_hidden()
    assert "GAP-14" in page.locator("#case-answer").inner_text()
    assert on_disk(workbench.home) == before


def test_the_owner_answers_a_question(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    page = analyst.page
    open_screen(analyst, "Questions")
    page.get_by_role("link", name="GAP-04", exact=True).wait_for()
    if analyst.by_mouse:
        analyst.fill(page.get_by_role("searchbox"), "GAP-04")
    else:
        analyst.press("/")
        analyst.write("GAP-04")
    analyst.use(page.get_by_role("link", name="GAP-04", exact=True))
    form = page.get_by_role("form", name="Answer to GAP-04")
    form.wait_for()
    analyst.choose(form.get_by_role("radio", name="3. No step"))
    analyst.fill(form.get_by_label("Decided by"), "Meera")
    analyst.reach(form.get_by_label("On", exact=True))
    if analyst.by_mouse:
        form.get_by_label("On", exact=True).fill("2026-11-20")
    else:
        analyst.write("11202026")
    analyst.use(page.get_by_role("button", name="Show what will change"))
    heading = page.get_by_role("heading", name="What will change")
    heading.wait_for(timeout=60_000)
    assert on_disk(workbench.home) == before, "nothing is saved without asking"
    analyst.use(page.get_by_role("region", name="What will change").get_by_role("button", name=re.compile("^Save ")))
    page.locator("#notices .good").wait_for()
    page.get_by_text("Decided by").first.wait_for()
    files = changed(before, workbench.home)
    register = (RULEBOOK / "gaps.toml").as_posix()
    assert set(files) == {register, FULL_ERP}
    assert 'by = "Meera"' in files[register]


def test_questions_go_to_the_owner_and_come_back(analyst: Analyst, workbench: RunningWorkbench, before: Files, tmp_path: Path) -> None:
    page = analyst.page
    open_screen(analyst, "Questions")
    file = tmp_path / "questions.csv"
    file.write_bytes(downloaded(analyst, page.get_by_role("button", name="Download .csv")))
    with file.open(encoding="utf-8-sig", newline="") as stream:
        heading, *rows = list(csv.reader(stream))
    filled_in = dict(zip(heading[-5:], ("1", "Meera", "2026-11-20", "e-mail of 20 November", ""), strict=True))
    for row in rows:
        if row[0] == "GAP-48":
            row[-5:] = filled_in.values()
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([heading, *rows])

    choose_file(analyst, page.get_by_label("Read answers from a file"), file)
    changes = page.get_by_role("region", name="What will change")
    changes.wait_for(timeout=60_000)
    assert on_disk(workbench.home) == before, "nothing is saved without asking"
    analyst.use(changes.get_by_role("button", name=re.compile("^Save ")))
    page.locator("#notices .good").filter(has_text="Saved").wait_for()
    files = changed(before, workbench.home)
    assert (RULEBOOK / "gaps.toml").as_posix() in files
    assert 'by = "Meera"' in files[(RULEBOOK / "gaps.toml").as_posix()]


def test_what_changed_is_looked_at_described_and_approved(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    page = analyst.page
    old, new = b"The seller cannot cancel part of a packed order under RMS", b"No part of a packed order is cancelled by the seller"
    (workbench.home / PARTIAL_RMS).write_bytes(before[PARTIAL_RMS].replace(old, new))
    edited = on_disk(workbench.home)
    open_screen(analyst, "Review")
    changes = page.locator("ol.changes")
    changes.get_by_role("checkbox").first.wait_for(timeout=90_000)
    assert new.decode() in changes.inner_text()
    approve = page.get_by_role("button", name="Approve")
    assert approve.is_disabled()
    for box in changes.get_by_role("checkbox").all():
        analyst.use(box, "Space")
    analyst.fill(page.get_by_label("Note"), "Rename a scenario")
    described = downloaded(analyst, page.get_by_role("button", name="Download as Markdown")).decode()
    assert described.startswith("Rename a scenario\n")
    assert new.decode() in described
    assert on_disk(workbench.home) == edited, "nothing is approved without asking"
    analyst.use(approve)
    analyst.use(page.get_by_role("dialog").get_by_role("button", name="Approve"))
    page.locator("#notices .good").filter(has_text="Approved").wait_for(timeout=90_000)
    files = changed(edited, workbench.home)
    assert files
    assert all(path.startswith("approved/") for path in files)


@pytest.mark.parametrize("browser_and_way", [("chromium", "keyboard")], ids="-".join, indirect=True)
def test_axe_finds_nothing_in_a_search_a_finding_and_a_dialog(analyst: Analyst, workbench: RunningWorkbench, before: Files) -> None:
    page, axe = analyst.page, axe_core()
    open_feature(analyst, "seller part RMS", PARTIAL_RMS)
    find_in_text(analyst, "Given the order is PACKED")
    analyst.press("End")
    analyst.write("X")
    page.get_by_role("region", name="Findings").get_by_role("heading", name="1 finding").wait_for()
    analyst.press("F8")
    page.locator(".cm-tooltip .cm-diagnostic").wait_for()
    assert violations_here(page, axe) == []
    analyst.press("Control+s")
    page.get_by_role("dialog").wait_for()
    assert violations_here(page, axe) == []
    assert on_disk(workbench.home) == before
