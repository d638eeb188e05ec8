"""The screen of questions in a browser: an answer is tried, saved and withdrawn, by keyboard alone; conflicts, imports, hostile text, axe."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sop_engine.reader import read_rulebook
from sop_engine.register.answers import with_answers
from sop_engine.statement import OwnersAnswer
from tests.support.browsing import OVERFLOW, PHONE, WIDE, axe_core, violations_here
from tests.support.workbench import RULEBOOK, RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import until, workbench_page

pytestmark = pytest.mark.slow
FEATURE = Path("features/seller_cancellation/full_erp.feature")
HOSTILE = "\"><img src=x onerror=alert(1)> '''\\u0022 = cmd|calc"
TRIAL_MS = 90_000


@pytest.fixture
def own_workbench(tmp_path: Path) -> Iterator[RunningWorkbench]:
    """A workbench whose files the test changes."""
    with running_workbench(copy_project(tmp_path / "project")) as running:
        yield running


def fill_in(page: Any, reading: str = "3. No step", by: str = "A. Owner") -> None:
    page.get_by_label(reading).check()
    page.get_by_label("Decided by").fill(by)
    page.get_by_label("On", exact=True).fill("2026-12-01")


def show_changes(page: Any) -> None:
    page.get_by_role("button", name="Show what will change").click()
    page.get_by_role("heading", name="What will change").wait_for(timeout=TRIAL_MS)


def test_an_answer_is_given_and_withdrawn_by_keyboard_alone(browser: Any, own_workbench: RunningWorkbench) -> None:
    home = own_workbench.home
    before = {file: (home / file).read_bytes() for file in (FEATURE, RULEBOOK / "gaps.toml")}

    def press_until(page: Any, expression: str, key: str = "Tab") -> None:
        for _ in range(120):
            if page.evaluate(expression):
                return
            page.keyboard.press(key)
        raise AssertionError(f"never focused: {expression}")

    with workbench_page(browser, own_workbench, "#/questions") as page:
        page.locator("table.questions td").first.wait_for()
        page.keyboard.press("/")
        page.keyboard.type("processing before pushed increff")
        until(page, "document.querySelectorAll('table.questions tbody tr').length < 5")
        press_until(page, "document.activeElement.textContent === 'GAP-04'")
        page.keyboard.press("Enter")
        page.locator("form.answer").wait_for()
        until(page, "document.activeElement.textContent.startsWith('GAP-04: ')")
        page.go_back()
        until(page, "document.activeElement.textContent === 'GAP-04'")
        assert page.locator("table.questions tbody tr").count() < 5, "the search stays"
        page.keyboard.press("Enter")
        until(page, "document.activeElement.textContent.startsWith('GAP-04: ')")
        press_until(page, "document.activeElement.name === 'reading'")
        press_until(
            page,
            "document.activeElement.name === 'reading' && document.activeElement.checked && document.activeElement.value === '3'",
            "ArrowDown",
        )
        page.keyboard.press("Tab")
        page.keyboard.type("A. Owner")
        page.keyboard.press("Tab")
        page.keyboard.type("12012026")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="What will change").wait_for(timeout=TRIAL_MS)
        assert page.evaluate("document.activeElement.textContent") == "What will change"
        text = page.locator("#screen").inner_text()
        assert "1 answer, 1 text and 3 scenarios changed" in text
        assert "GAP-10 (why) rests on GAP-04, whose answer changed" in text
        assert {file: (home / file).read_bytes() for file in before} == before, "nothing is saved before it was confirmed"
        press_until(page, "document.activeElement.textContent === 'Save 2 files'")
        page.keyboard.press("Enter")
        until(page, "document.querySelector('#screen dl')?.textContent.includes('decided by A. Owner on 2026-12-01')")
        assert 'by = "A. Owner"' in (home / RULEBOOK / "gaps.toml").read_text()
        assert "it is decided that" in (home / FEATURE).read_text()

        press_until(page, "document.activeElement.textContent.startsWith('Withdraw')")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="What will change").wait_for(timeout=TRIAL_MS)
        press_until(page, "document.activeElement.textContent.startsWith('Save ')")
        page.keyboard.press("Enter")
        until(page, "document.querySelector('#screen dl')?.textContent.includes('Statusopen')")
    assert (home / RULEBOOK / "gaps.toml").read_bytes() == before[RULEBOOK / "gaps.toml"]
    assert "we assume that" in (home / FEATURE).read_text()


def test_what_another_program_saved_meanwhile_is_kept(browser: Any, own_workbench: RunningWorkbench) -> None:
    feature, register = own_workbench.home / FEATURE, own_workbench.home / RULEBOOK / "gaps.toml"
    with workbench_page(browser, own_workbench, "#/questions/GAP-04", allowed="409") as page:
        fill_in(page)
        show_changes(page)
        feature.write_bytes(feature.read_bytes() + b"\n  # another analyst\n")
        before = feature.read_bytes(), register.read_bytes()
        page.get_by_role("button", name="Save 2 files").click()
        page.get_by_text("Nothing was saved").wait_for(timeout=TRIAL_MS)
        assert (feature.read_bytes(), register.read_bytes()) == before
        page.get_by_role("button", name="Save 2 files").click()
        until(page, "document.querySelector('#screen dl')?.textContent.includes('decided by')")
    assert "# another analyst" in feature.read_text()
    assert "it is decided that" in feature.read_text()


def test_hostile_text_of_an_answer_is_text(browser: Any, own_workbench: RunningWorkbench) -> None:
    with workbench_page(browser, own_workbench, "#/questions/GAP-04") as page:
        fill_in(page, "2. Report", HOSTILE)
        page.get_by_label("Evidence").fill(HOSTILE)
        page.get_by_label("Remark").fill(f"{HOSTILE}\n[gap.answer]\nreading = 1")
        show_changes(page)
        page.get_by_role("button", name="Save 2 files").click()
        until(page, "document.querySelector('#screen dl')?.textContent.includes('decided by')")
        assert HOSTILE in page.locator("#screen dl").first.inner_text()
        assert page.locator("#screen img").count() == 0
        page.get_by_role("link", name="All questions").click()
        page.get_by_label("Search").fill(HOSTILE)
        until(page, "document.querySelectorAll('table.questions tbody tr').length === 1")
    answer = next(gap.answer for gap in read_rulebook(own_workbench.home / RULEBOOK).gaps if gap.id == "GAP-04")
    assert answer is not None
    assert (answer.reading, answer.by, answer.evidence) == (2, HOSTILE, HOSTILE)


def test_a_table_of_answers_is_downloaded_and_read_back(browser: Any, own_workbench: RunningWorkbench, tmp_path: Path) -> None:
    with workbench_page(browser, own_workbench, "#/questions") as page:
        with page.expect_download() as download:
            page.get_by_role("button", name="Download .csv").click()
        heading, *rows = csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"), newline=""))
        assert download.value.suggested_filename == "questions.csv"
        answers = {"GAP-04": ("2", "A. Owner", "2026-12-01"), "GAP-09": ("77", "A. Owner", "2026-12-01")}
        for row in rows:
            if row[0] in answers:
                start = heading.index("answer")
                row[start : start + 3] = answers[row[0]]
        back = tmp_path / "back <i>.csv"
        with back.open("w", newline="") as file:
            csv.writer(file).writerows([heading, *rows])
        page.get_by_label("Read answers from a file").set_input_files(back)
        page.get_by_role("heading", name="What will change").wait_for(timeout=TRIAL_MS)
        text = page.locator("#screen").inner_text()
        assert "1 row accepted, 1 row not accepted" in text
        assert "has no reading 77" in text
        page.get_by_role("button", name="Save 2 files").click()
        page.locator("#notices .good", has_text="Saved").wait_for(timeout=TRIAL_MS)
        page.locator("table.questions tr", has_text="GAP-04").get_by_text("decided").first.wait_for(timeout=TRIAL_MS)
    register = (own_workbench.home / RULEBOOK / "gaps.toml").read_text()
    assert register.count("\n[gap.answer]\n") == 1


def test_a_register_that_another_program_changed_is_reported(browser: Any, own_workbench: RunningWorkbench) -> None:
    register = own_workbench.home / RULEBOOK / "gaps.toml"
    with workbench_page(browser, own_workbench, "#/questions/GAP-04") as page:
        page.get_by_label("Decided by").fill("A. Owner")
        register.write_bytes(with_answers(register.read_bytes(), {"GAP-04": OwnersAnswer(2, "Another", date(2026, 12, 1))}))
        page.get_by_text("The register changed on disk").wait_for()
        assert page.get_by_label("Decided by").input_value() == "A. Owner"
        page.get_by_role("button", name="Show the question as it is now").click()
        until(page, "document.querySelector('#screen dl')?.textContent.includes('decided by Another')")


def test_what_is_typed_into_a_form_is_kept_until_it_is_saved_or_discarded(browser: Any, own_workbench: RunningWorkbench) -> None:
    with workbench_page(browser, own_workbench, "#/questions/GAP-04") as page:
        page.get_by_role("radio", name="3. No step").check()
        page.get_by_label("Evidence").fill("minutes <b>of</b> the meeting")
        page.get_by_role("link", name="All questions").click()
        page.get_by_role("link", name="GAP-05", exact=True).click()
        page.get_by_role("form", name="Answer to GAP-05").wait_for()
        assert page.get_by_label("Evidence").input_value() == ""
        page.reload()
        page.evaluate("location.hash = '#/questions/GAP-04'")
        page.get_by_text("This is what you typed before").wait_for()
        assert page.get_by_label("Evidence").input_value() == "minutes <b>of</b> the meeting"
        assert page.get_by_role("radio", name="3. No step").is_checked()
        assert violations_here(page, axe_core()) == []
        page.get_by_role("button", name="Discard it").click()
        assert page.get_by_label("Evidence").input_value() == ""
        assert not page.get_by_role("radio", name="3. No step").is_checked()

        page.evaluate("location.hash = '#/questions/SC-ERP-FULL-1a'")
        page.get_by_label("Wording").fill("While Assure OMS shows FULFILLABLE, the seller may cancel the whole order.")
        page.evaluate("location.hash = '#/questions/GAP-04'")
        page.get_by_role("form", name="Answer to GAP-04").wait_for()
        assert page.get_by_text("This is what you typed before").count() == 0
        page.go_back()
        page.get_by_text("This is what you typed before").wait_for()
        show_changes(page)
        page.get_by_role("button", name="Save 1 file").click()
        until(page, "document.querySelector('#screen .lead')?.textContent.includes('the whole order')")
        assert page.get_by_text("This is what you typed before").count() == 0
        assert page.evaluate("Object.keys(localStorage)") == []


def test_two_tabs_that_answer_one_question_lose_nothing_and_report_it(browser: Any, own_workbench: RunningWorkbench) -> None:
    """Each had written over what the other had kept, and a save of one forgot what the other had typed."""
    place = "#/questions/GAP-04"
    with workbench_page(browser, own_workbench, place) as one:
        evidence = one.get_by_label("Evidence")
        evidence.fill("minutes")
        other = one.context.new_page()
        other.goto(own_workbench.link)
        other.evaluate("route => { location.hash = route; }", place)
        other.get_by_text("This is what you typed before").wait_for()
        assert other.get_by_label("Evidence").input_value() == "minutes"
        one.get_by_text("Another tab has taken or discarded what you typed here.").wait_for()

        evidence.fill("minutes of June")
        other.get_by_text("There is another one that was not saved").wait_for()
        other.get_by_label("Evidence").fill("a letter")
        one.get_by_text("There is another one that was not saved").wait_for()
        assert evidence.input_value() == "minutes of June"

        other.get_by_role("button", name="Take it").click()
        assert other.get_by_label("Evidence").input_value() == "minutes of June"
        other.get_by_role("button", name="Take it").click()
        assert other.get_by_label("Evidence").input_value() == "a letter"
        fill_in(other)
        show_changes(other)
        other.get_by_role("button", name="Save 2 files").click()
        other.get_by_role("button", name="Withdraw the answer").wait_for()
        assert other.get_by_label("Evidence").input_value() == "a letter"
        other.get_by_text("There is another one that was not saved").wait_for()
        one.get_by_role("button", name="Show the question as it is now").click()
        one.get_by_role("button", name="Withdraw the answer").wait_for()
        assert one.get_by_label("Evidence").input_value() == "minutes of June"
        assert violations_here(one, axe_core()) == []
        other.get_by_role("button", name="Discard it").click()
        one.reload()
        one.get_by_role("button", name="Withdraw the answer").wait_for()
        assert one.get_by_label("Evidence").input_value() == "a letter"


def test_a_clause_says_that_its_register_changed(browser: Any, own_workbench: RunningWorkbench) -> None:
    register = own_workbench.home / RULEBOOK / "clauses.toml"
    with workbench_page(browser, own_workbench, "#/questions/SC-ERP-FULL-1a") as page:
        page.get_by_label("Wording").wait_for()
        register.write_text(
            register.read_text().replace("the seller may cancel the full order", "the seller may cancel all of the order", 1)
        )
        page.get_by_role("button", name="Show the clause as it is now").click()
        until(page, "document.querySelector('#screen .lead')?.textContent.includes('cancel all of the order')")
        assert page.get_by_role("alert").count() == 0


def test_the_wording_of_a_clause_is_corrected(browser: Any, own_workbench: RunningWorkbench) -> None:
    register = own_workbench.home / RULEBOOK / "clauses.toml"
    with workbench_page(browser, own_workbench, "#/case#case-seller-full-erp-fulfillable-generated") as page:
        page.locator("#case-answer").get_by_role("link", name="SC-ERP-FULL-1a").click()
        page.get_by_label("Wording").fill("While Assure OMS shows FULFILLABLE, the seller may cancel the <i>whole</i> order.")
        page.get_by_label("Force").select_option("must-not")
        page.get_by_role("button", name="Show what will change").click()
        page.get_by_text("contradicts the outcome").wait_for(timeout=TRIAL_MS)
        page.get_by_label("Force").select_option("may")
        show_changes(page)
        assert "<i>whole</i>" not in register.read_text()
        assert violations_here(page, axe_core()) == []
        page.get_by_role("button", name="Save 1 file").click()
        until(page, "document.querySelector('#screen .lead')?.textContent.includes('the <i>whole</i> order')")
    assert "the <i>whole</i> order" in register.read_text()


def test_a_trial_is_cancelled(browser: Any, workbench: RunningWorkbench) -> None:
    register = (workbench.home / RULEBOOK / "gaps.toml").read_bytes()
    with workbench_page(browser, workbench, "#/questions/GAP-04") as page:
        fill_in(page)
        page.get_by_role("button", name="Show what will change").click()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text("Cancelled; nothing was saved.").wait_for()
        page.wait_for_timeout(300)
        assert page.get_by_role("heading", name="What will change").count() == 0
    assert (workbench.home / RULEBOOK / "gaps.toml").read_bytes() == register


def test_axe_finds_nothing(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/questions") as page:
        page.locator("table.questions td").first.wait_for()
        assert violations_here(page, axe_core()) == []
        assert page.evaluate(OVERFLOW) == 0
        page.evaluate("location.hash = '#/questions/GAP-04'")
        fill_in(page)
        show_changes(page)
        assert violations_here(page, axe_core()) == []
        assert page.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("place", ["", "/GAP-04", "/SC-ERP-FULL-1a"])
def test_a_word_without_end_makes_no_page_wider(browser: Any, own_workbench: RunningWorkbench, place: str) -> None:
    for name in ("gaps", "clauses"):
        register = own_workbench.home / RULEBOOK / f"{name}.toml"
        text = register.read_text()
        for field in ("title", "question", "why", "watch", "nearest", "text"):
            text = text.replace(f'\n{field} = "', f'\n{field} = "{"W" * 700} ')
        register.write_text(text)
    with workbench_page(browser, own_workbench, f"#/questions{place}") as page:
        page.wait_for_selector("#screen h1")
        until(page, "document.querySelector('#screen').textContent.includes('WWWW')")
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate(OVERFLOW) == 0


def test_read_only_shows_questions_and_no_form(browser: Any, tmp_path: Path) -> None:
    with (
        running_workbench(copy_project(tmp_path / "project"), "--read-only") as running,
        workbench_page(browser, running, "#/questions") as page,
    ):
        page.locator("table.questions td").first.wait_for()
        assert page.locator("input[type=file]").count() == 0
        page.evaluate("location.hash = '#/questions/GAP-04'")
        page.get_by_role("heading", name="Readings").wait_for()
        assert page.locator("#screen form").count() == 0
