"""The control for the reading in a real browser: what it shows is the engine's answer, without scripts, by keyboard, on paper."""

from pathlib import Path
from typing import Any

import pytest

from reports.document.answer_marks import code_of, symbol_of
from reports.html.links import case_anchor
from sop_engine import EVERY_CASE, Reading, Timing, decide
from tests.support.browsing import follow, opened, tab
from tests.support.pdf_text import words

NAMES = {Reading.AS_PRACTISED: "as practised", Reading.AS_WRITTEN: "as written"}
PAGES = ["the-sop.html", "decision-tables.html"]
CELLS = """() => Object.fromEntries([...document.querySelectorAll('.cases td')].flatMap(cell => {
    const words = (selector) => [...cell.querySelectorAll(selector)].map(each => each.innerText.trim())
    const shown = [words('strong')[0], ...words('.certainty'), words('.task').join(), cell.querySelector('.tasks .unseen')?.textContent ?? '']
    return [...cell.querySelectorAll('i[id]')].map(anchor => [anchor.id, shown])
}))"""
SIGNS = {"stated": "■ stated", "follows": "∴ follows", "assumed": "◧ assumed", "silent": "□ open"}


def chosen(page: Any) -> str:
    """The reading that the control marks."""
    text: str = page.locator(".taken [aria-current]").inner_text()
    return text.strip()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_the_control_shows_of_every_case_is_the_answer_of_the_engine(browser: Any, site: Path, scripts: bool) -> None:  # noqa: FBT001
    page = opened(browser, site, "decision-tables.html", java_script_enabled=scripts)
    for reading in (Reading.AS_PRACTISED, Reading.AS_WRITTEN, Reading.AS_PRACTISED):
        follow(page, page.locator(".taken a", has_text=NAMES[reading]))
        assert chosen(page) == NAMES[reading]
        cells = page.evaluate(CELLS)
        for case in EVERY_CASE:
            decision = decide(case, reading)
            signs = [SIGNS[str(source)] for source in (decision.outcome_source, decision.tasks_source)]
            tasks = ["what to do is left open"] if decision.tasks is None else [*map(code_of, decision.tasks)] or ["nothing to do"]
            due = [str(task.when) for task in decision.tasks or () if task.when is not Timing.NOW][:1]
            spoken = [f"{task.modality.words} {task.task.short}" for task in decision.tasks or ()]
            words = f" ({', '.join(spoken + due)})" if spoken else ""
            outcome = f"{symbol_of(decision.outcome)} {decision.outcome}"
            assert cells[case_anchor(case)] == [outcome, *signs, " · ".join(tasks), words], (reading, case)
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_switches_and_the_address_keeps_the_choice_and_the_place(browser: Any, site: Path, name: str) -> None:
    place = "#SC-ERP-FULL-1a" if name == "the-sop.html" else "#case-seller-full-erp-created-posted"
    page = opened(browser, site, f"{name}{place}", java_script_enabled=True)
    page.locator(".taken a", has_text="as practised").focus()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith(f"{name.removesuffix('.html')}-as-written.html{place}")
    assert chosen(page) == "as written"
    other = opened(browser, site, page.url.rpartition("/")[2])
    assert chosen(other) == "as written"
    page.close()
    other.close()


def test_the_choice_goes_along_from_the_sop_to_the_tables_and_into_a_sentence(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop-as-written.html")
    follow(page, page.locator("nav.pages").get_by_role("link", name="Decision tables"))
    assert chosen(page) == "as written"
    follow(page, page.locator(".cites a", has_text="1.2.1").first)
    assert page.url.endswith("the-sop-as-written.html#SC-ERP-FULL-1.2.1")
    page.close()


def test_a_mark_of_what_differs_leads_to_the_same_place_in_the_other_reading(browser: Any, site: Path) -> None:
    page = opened(browser, site, "decision-tables.html")
    mark = page.locator("td:has(#case-seller-full-erp-created-posted) .other a")
    follow(page, mark)
    assert page.url.endswith("decision-tables-as-written.html#case-seller-full-erp-created-posted")
    assert page.locator("td:has(:target) strong").inner_text() == "? unspecified"
    page.goto(f"{site.as_uri()}/the-sop.html")
    follow(page, page.locator("#RT-RSI-0 .other a"))
    assert page.url.endswith("the-sop-as-written.html#RT-RSI-0")
    assert page.locator("#RT-RSI-0 .meta").inner_text().count("□ open in 1 returned unit") == 1
    page.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("reading", Reading)
def test_paper_says_which_reading_it_shows_and_has_no_control(browser: Any, site: Path, name: str, reading: Reading) -> None:
    address = name if reading is Reading.AS_PRACTISED else name.replace(".html", "-as-written.html")
    page = opened(browser, site, address)
    page.emulate_media(media="print")
    text = words(page.pdf(format="A4"))

    assert not page.locator(".taken").is_visible()
    assert f"Shown{NAMES[reading].replace(' ', '')}:" in text
    for each, named in NAMES.items():  # what differs names the other reading
        assert (f"≠{named.replace(' ', '')}:" in text) == (each is not reading)
    page.close()


def test_without_colours_the_chosen_reading_is_marked_all_the_same(browser: Any, site: Path) -> None:
    page = tab(browser, forced_colors="active")
    page.goto((site / "decision-tables-as-written.html").as_uri())
    marks = [page.evaluate(f"getComputedStyle(document.querySelectorAll('.taken a')[{number}], '::before').content") for number in (0, 1)]

    assert ["✓" in mark for mark in marks] == [False, True]
    page.close()
