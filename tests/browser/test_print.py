"""On paper every page is a document: its verdict on every sheet, its folds open, nothing beyond the edge, nothing dark.

Real sheets come from Chromium's printer.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from reports.site.builder import write_site
from tests.support.browsing import opened, tab
from tests.support.pdf_text import sheets, words
from tests.support.run_samples import record, write
from tests.support.whole_site import FOLDED

SHEET = {"format": "A4", "prefer_css_page_size": True}


def test_a_printed_page_holds_the_verdict_the_date_and_what_is_folded(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html", java_script_enabled=True, color_scheme="dark")
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
    site = write_site(write(record(results={}, selection=selection), tmp_path / "run").parent, tmp_path / "site").parent
    page = opened(browser, site, "the-sop.html")
    pdf = page.pdf(**SHEET)

    assert words(pdf).count(words_of) == sheets(pdf)
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

    for passage in ("donotrelyonthisreport", "results", "everystepinwords", "allmeasures"):
        assert passage in text
    page.close()


@pytest.mark.parametrize("reading", ["", "?reading=as-written"])
def test_the_printed_sop_has_fewer_than_20_sheets_and_no_address_inside_the_site(browser: Any, own_site: Path, reading: str) -> None:
    page = opened(browser, own_site, f"the-sop.html{reading}", java_script_enabled=True)
    pdf = page.pdf(**SHEET)

    assert sheets(pdf) < 20
    assert ".html" not in words(pdf)
    page.close()


def test_no_page_prints_an_address_inside_the_site(browser: Any, own_site: Path) -> None:
    page = opened(browser, own_site, "index.html", java_script_enabled=True)
    page.emulate_media(media="print")
    for name in sorted(file.name for file in own_site.glob("*.html")):
        page.goto(f"{own_site.as_uri()}/{name}")
        after = page.evaluate("""[...document.querySelectorAll('a[href]')].filter(link => !/^https?:/.test(link.getAttribute('href')))
            .map(link => getComputedStyle(link, '::after').content).filter(text => text.includes('.html'))""")
        assert after == [], name
    page.close()
