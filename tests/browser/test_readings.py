"""The control for the reading in a real browser: what it shows is the engine's answer, without scripts, by keyboard, on paper."""

from pathlib import Path
from typing import Any

import pytest

from reports.document.answer_marks import code_of, symbol_of
from reports.document.certainty import certainty_of_answer
from reports.html.links import case_anchor
from sop_engine import EVERY_CASE, Reading, Timing, decide
from tests.support.browsing import follow, opened, tab
from tests.support.pdf_text import words

NAMES = {Reading.AS_PRACTISED: "as practised", Reading.AS_WRITTEN: "as written"}
PAGES = ["the-sop.html", "decision-tables.html"]
CELLS = """() => Object.fromEntries([...document.querySelectorAll('.cases td')].flatMap(cell => {
    const seen = (selector) => [...cell.querySelectorAll(selector)].filter(each => each.checkVisibility())
    const words = (selector) => seen(selector).map(each => each.innerText.trim())
    const look = getComputedStyle(cell)
    const shown = [words('strong')[0], ...words('.certainty'), words('.task').join(), seen('.tasks .unseen')[0]?.textContent ?? '', look.outlineStyle]
    return [...cell.querySelectorAll('i[id]')].map(anchor => [anchor.id, shown])
}))"""
FRAMES = {"stated": "none", "follows": "none", "assumed": "dashed", "open": "dotted"}
SIGNS = {"stated": "■ stated", "follows": "∴ follows", "assumed": "◧ assumed", "silent": "□ open"}


def chosen(page: Any) -> str:
    """The reading that the control marks."""
    text: str = page.locator(".taken label:has(:checked)").inner_text()
    return text.strip()


def choose(page: Any, reading: Reading) -> None:
    page.get_by_label(NAMES[reading], exact=True).check()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_the_control_shows_of_every_case_is_the_answer_of_the_engine(browser: Any, site: Path, scripts: bool) -> None:  # noqa: FBT001
    page = opened(browser, site, "decision-tables.html", java_script_enabled=scripts)
    for reading in (Reading.AS_PRACTISED, Reading.AS_WRITTEN, Reading.AS_PRACTISED):
        choose(page, reading)
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
            frame = FRAMES[str(certainty_of_answer(decision))]
            assert cells[case_anchor(case)] == [outcome, *signs, " · ".join(tasks), words, frame], (reading, case)
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_switches_and_the_address_keeps_the_choice_and_the_place(browser: Any, site: Path, name: str) -> None:
    place = "#SC-ERP-FULL-1a" if name == "the-sop.html" else "#case-seller-full-erp-created-posted"
    page = opened(browser, site, f"{name}{place}", java_script_enabled=True)
    page.get_by_label("as practised", exact=True).focus()
    page.keyboard.press("ArrowRight")

    assert page.url.endswith(f"{name}?reading=as-written{place}")
    assert chosen(page) == "as written"
    other = opened(browser, site, page.url.rpartition("/")[2], java_script_enabled=True)
    assert chosen(other) == "as written"
    page.keyboard.press("ArrowLeft")
    assert page.url.endswith(f"{name}{place}")
    assert chosen(page) == "as practised"
    page.close()
    other.close()


def test_the_choice_goes_along_from_the_sop_to_the_tables_and_into_a_sentence(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html?reading=as-written", java_script_enabled=True)
    follow(page, page.locator("nav.pages").get_by_role("link", name="Decision tables"))
    assert chosen(page) == "as written"
    follow(page, page.locator(".cites a:visible", has_text="1.2.1").first)
    assert page.url.endswith("the-sop.html?reading=as-written#SC-ERP-FULL-1.2.1")
    assert chosen(page) == "as written"
    page.close()


def test_what_differs_is_named_beside_each_answer(browser: Any, site: Path) -> None:
    page = opened(browser, site, "decision-tables.html")
    cell = page.locator("td:has(#case-seller-full-erp-created-posted)")
    for reading, outcome, other in (
        (Reading.AS_PRACTISED, "✓ allowed", "≠ as written: unspecified; what to do is left open"),
        (Reading.AS_WRITTEN, "? unspecified", "≠ as practised: allowed; nothing to do"),
    ):
        choose(page, reading)
        assert cell.locator("strong:visible").all_inner_texts() == [outcome]
        assert cell.locator(".other:visible").all_inner_texts() == [other]
    page.goto(f"{site.as_uri()}/the-sop.html")
    choose(page, Reading.AS_WRITTEN)
    assert page.locator("#RT-RSI-0 .meta").inner_text().count("□ open in 1 returned unit") == 1
    page.close()


def test_the_form_answers_in_the_chosen_reading_and_leads_to_the_other(browser: Any, site: Path) -> None:
    page = opened(browser, site, "decision-tables.html#case-seller-full-erp-created-posted", java_script_enabled=True)
    answer = page.locator("#case-answer .headline .outcome")
    assert answer.inner_text() == "✓ allowed"
    choose(page, Reading.AS_WRITTEN)
    assert answer.inner_text() == "? unspecified"
    follow(page, page.locator("#case-answer .other a"))
    assert (chosen(page), answer.inner_text()) == ("as practised", "✓ allowed")
    follow(page, page.locator("#case-answer .other a"))
    assert (chosen(page), answer.inner_text()) == ("as written", "? unspecified")
    assert page.complaints == []
    page.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("reading", Reading)
def test_paper_says_which_reading_it_shows_and_has_no_control(browser: Any, site: Path, name: str, reading: Reading) -> None:
    page = opened(browser, site, name)
    choose(page, reading)
    page.emulate_media(media="print")
    text = words(page.pdf(format="A4"))

    assert not page.locator(".taken").is_visible()
    assert f"Shown{NAMES[reading].replace(' ', '')}:" in text
    for other_reading, named in NAMES.items():  # what differs names the other reading
        assert (f"≠{named.replace(' ', '')}:" in text) == (other_reading is not reading)
    page.close()


def test_without_colours_the_chosen_reading_is_marked_all_the_same(browser: Any, site: Path) -> None:
    page = tab(browser, forced_colors="active")
    page.goto((site / "decision-tables.html").as_uri())
    choose(page, Reading.AS_WRITTEN)
    marks = [
        page.evaluate(f"getComputedStyle(document.querySelectorAll('.taken label')[{number}], '::before').content") for number in (0, 1)
    ]

    assert ["✓" in mark for mark in marks] == [False, True]
    page.close()
