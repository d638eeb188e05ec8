"""Pictures of the order life: no line runs through a label or a box that is not its end, and one that is too wide says that it scrolls."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import PHONE, WIDE, opened

CROSSED = """() => [...document.querySelectorAll('svg.drawing')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBBox()]);
  return [...svg.querySelectorAll('path.line, path.lane')].flatMap(path => {
    const found = new Set();
    for (let at = 0; at <= path.getTotalLength(); at += 1) {
      const point = path.getPointAtLength(at);
      for (const [words, box] of boxes)
        if (point.x > box.x && point.x < box.x + box.width && point.y > box.y + 1 && point.y < box.y + box.height - 1) found.add(words);
    }
    return [...found].map(words => `${svg.getAttribute('aria-label')}: ${words}`);
  });
})"""
OVERLAPS = """() => [...document.querySelectorAll('svg.drawing')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('text, rect.box')].map(part => [part, part.getBBox()]);
  return boxes.flatMap(([part, a], place) => boxes.slice(place + 1).filter(([other, b]) =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1
    && part.parentNode !== other.parentNode).map(([other]) => `${part.textContent || 'a box'} | ${other.textContent || 'a box'}`));
})"""
SCROLLING = """() => [...document.querySelectorAll('.wide:has(> .drawing)')].map(place =>
  [place.scrollWidth > place.clientWidth + 1, getComputedStyle(place.querySelector('.scrolls')).display !== 'none'])"""


@pytest.mark.parametrize("script", [CROSSED, OVERLAPS], ids=["lines", "labels"])
def test_no_line_crosses_a_label_and_no_label_another_or_a_box(browser: Any, own_site: Path, script: str) -> None:
    page = opened(browser, own_site, "order-life.html", java_script_enabled=True)

    assert page.locator("svg.drawing").count() == 6
    assert page.evaluate(script) == []
    page.close()


@pytest.mark.parametrize("width", [WIDE["width"], 1000, 900, 800, 700, PHONE["width"], 320])
def test_a_picture_says_that_it_scrolls_where_it_does_and_nowhere_else(browser: Any, own_site: Path, width: int) -> None:
    page = opened(browser, own_site, "order-life.html", java_script_enabled=True)
    page.set_viewport_size({"width": width, "height": 900})
    states = page.evaluate(SCROLLING)

    assert [scrolls for scrolls, _ in states] == [has_hint for _, has_hint in states]
    assert width != PHONE["width"] or all(has_hint for _, has_hint in states)
    assert width != WIDE["width"] or not any(has_hint for _, has_hint in states)
    page.close()
