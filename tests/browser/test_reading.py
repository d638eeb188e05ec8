"""What a reader sees on every page of the project's own site, of an audit and of the scenario reports, at both widths."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import PHONE, UNFOLD, WIDE, tab

HEADINGS = """() => {
    const sizes = (names) => [...document.querySelectorAll(names)].map(heading => parseFloat(getComputedStyle(heading).fontSize));
    return [Math.min(...sizes('h1')), Math.max(0, ...sizes('h2, h3, h4'))];
}"""
DIVIDED = """() => {
    const pattern = /(?<![\\w-])(?:(?:SC|AC|RT)-(?:[A-Z]+-)+[0-9][\\w.]*|GAP-[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\\w-])/g;
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
        if (!node.parentElement.closest('.data td, .examples td, .id, .ref, .cites a, .ids, .seen-in')) continue;
        for (const match of node.data.matchAll(pattern)) {
            const range = new Range();
            range.setStart(node, match.index);
            range.setEnd(node, match.index + match[0].length);
            if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(match[0]);
        }
    }
    return found;
}"""
"""Ids and dates in the tables of examples, in links, and in what an audit rests on, that stand on two lines."""
WORDS_IN_MONO = """() => [...document.querySelectorAll('body *')].filter(part =>
    !part.closest('code, pre, .source, .tag') && getComputedStyle(part).fontFamily.startsWith('ui-monospace')
    && [...part.childNodes].some(node => node.nodeType === 3 && /[a-z]{2,} [a-z]{2,}/.test(node.data))
).map(part => part.textContent.slice(0, 60))"""
"""Words of a sentence that are set in the typeface of figures and ids, except code and names of files."""
FAMILIES = """() => [...new Set([...document.querySelectorAll('body *')].filter(part =>
    part.matches('input[type="search"], select, button') || [...part.childNodes].some(node => node.nodeType === 3 && node.data.trim())
).map(part => getComputedStyle(part).fontFamily.split(',')[0]))]"""
MARKS = re.compile(r"`|(?<!\w)\*\w+\*(?!\w)")
"""Marks of Markdown, and the backticks of messages."""


@pytest.fixture(scope="module")
def pages(own_site: Path, audit: Path, reports: dict[str, Path]) -> list[Path]:
    return [*sorted(own_site.glob("*.html")), audit, *reports.values()]


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    page = tab(browser)
    yield page
    page.close()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_title_is_the_largest_heading_and_no_id_or_date_is_divided(page: Any, pages: list[Path], size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    for file in pages:
        page.goto(file.as_uri())
        page.evaluate(UNFOLD)
        title, largest = page.evaluate(HEADINGS)
        assert title > largest, file.name
        assert page.evaluate(DIVIDED) == [], file.name


def test_there_is_one_typeface_for_words_and_one_for_figures_and_ids(page: Any, pages: list[Path]) -> None:
    for file in pages:
        page.goto(file.as_uri())
        assert set(page.evaluate(FAMILIES)) <= {"system-ui", "ui-monospace"}, file.name
        assert page.evaluate(WORDS_IN_MONO) == [], file.name


def test_no_page_shows_marks_of_markdown(page: Any, pages: list[Path]) -> None:
    for file in pages:
        page.goto(file.as_uri())
        page.evaluate(UNFOLD)
        assert MARKS.findall(page.inner_text("body")) == [], file.name
