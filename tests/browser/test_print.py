# ruff: noqa: F811 - a fixture is asked for by its name
"""On paper every page is a document: its verdict on every sheet, its folds open, nothing beyond the edge, nothing dark.

Real sheets come from Chromium's printer.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from reports.site.builder import write_site
from tests.browser.test_scenario_report import reports  # noqa: F401 - a fixture
from tests.browser.test_site import FOLDED, names, site  # noqa: F401 - a fixture
from tests.support.browsing import browser, opened, tab  # noqa: F401 - a fixture
from tests.support.pdf_text import sheets, words
from tests.support.run_samples import record, write

PAPER = {"width": 673, "height": 970}
"""A4 without its margins, in pixels of the screen."""
SHEET = {"format": "A4", "prefer_css_page_size": True}
BEYOND = """() => {
    const edge = document.documentElement.clientWidth + 1
    return [...document.querySelectorAll('body *')]
        .filter(each => !each.closest('svg, .unseen, .skip') && each.getClientRects().length && each.getBoundingClientRect().right > edge)
        .map(each => `${each.localName}.${each.className} ${each.textContent.slice(0, 40)}`)
}"""
SCREEN_ONLY = "nav, .side, .filter, .filters, .explorer, .search, button, input, select, summary::marker"
FOLDED_AWAY = """[...document.querySelectorAll('details')].filter(
    each => each.checkVisibility() && [...each.children].some(child => !child.checkVisibility())).length"""


def test_a_printed_page_holds_the_verdict_the_date_and_what_is_folded(browser: Any, site: Path) -> None:
    page = opened(browser, site, "sop.html", java_script_enabled=True, color_scheme="dark")
    folded = page.locator(f'[id="{FOLDED}"] .name').first.text_content()
    pdf = page.pdf(**SHEET)
    text = words(pdf)

    assert sheets(pdf) > 5
    assert "8examplesfailed" in text
    assert re.search(r"Written\d{1,2}[A-Z][a-z]+20\d\dat\d\d:\d\d,printed", text)
    assert text.count("notagoodrun:seethefirstsheet") == sheets(pdf)
    assert f"1/{sheets(pdf)}" in text
    assert "".join(folded.split()) in text
    assert "Unfoldeverything" not in text
    assert page.locator(".printed").count() == 0
    page.close()


@pytest.mark.parametrize(("kind", "words_of"), [("good", "agoodrun"), ("partial", "onlyaselectionran")])
def test_every_sheet_says_what_the_run_is_worth(browser: Any, tmp_path: Path, kind: str, words_of: str) -> None:
    selection = {"paths": ["returns"], "keyword": None, "tags": None} if kind == "partial" else None
    site = write_site(write(record(fates={}, selection=selection), tmp_path / "run").parent, tmp_path / "site").parent
    page = opened(browser, site, "sop.html")
    pdf = page.pdf(**SHEET)

    assert words(pdf).count(words_of) == sheets(pdf)
    page.close()


def test_on_paper_no_page_is_wider_than_the_sheet_or_dark_or_folded_or_has_what_only_a_screen_can_use(
    browser: Any, site: Path, reports: dict[str, Path]
) -> None:
    page = tab(browser, viewport=PAPER, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for file in (*(site / name for name in names(site)), *reports.values()):
        page.goto(file.as_uri())
        assert page.evaluate(BEYOND) == [], file.name
        assert page.evaluate(f"[...document.querySelectorAll('{SCREEN_ONLY}')].filter(each => each.checkVisibility()).length") == 0, (
            file.name
        )
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", file.name
        assert page.evaluate(FOLDED_AWAY) == 0, file.name
    assert page.complaints == []
    page.close()


def test_a_printed_link_into_the_web_says_where_it_leads(browser: Any, tmp_path: Path) -> None:
    lines = record()
    feature = next(line for line in lines if line["type"] == "feature" and line["document"])
    feature["document"]["description"] = "See [the page](https://example.invalid/page)."
    site = write_site(write(lines, tmp_path / "run").parent, tmp_path / "site").parent
    page = opened(browser, site, "features.html")
    page.goto(f"{site.as_uri()}/{page.locator('.files a').first.get_attribute('href')}")

    assert "thepage(https://example.invalid/page)" in words(page.pdf(**SHEET))
    page.close()


def test_a_printed_report_shows_its_answer_and_every_step(browser: Any, reports: dict[str, Path]) -> None:
    page = tab(browser, color_scheme="dark")
    page.goto(reports["paired"].as_uri())
    text = words(page.pdf(**SHEET)).lower()

    for told in ("donotrelyonthisreport", "whatcameofit", "everystepinwords", "everymeasure"):
        assert told in text
    page.close()
