"""The page of an audit in a real browser: its first screen, the way from a duty to the life of its order, paper, and a telephone."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import OVERFLOW, PHONE, UNFOLD, WIDE, opened


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "telephone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figures_and_the_oldest_duty_are_on_the_first_screen(browser: Any, audit: Path, viewport: dict[str, int], scheme: str) -> None:
    page = opened(browser, audit.parent, audit.name, viewport=viewport, color_scheme=scheme)
    figures = [page.locator(".figure").nth(place).bounding_box() for place in range(3)]
    oldest = page.locator("#answer tbody tr").first.bounding_box()

    assert max(box["y"] + box["height"] for box in figures) < viewport["height"]
    assert oldest["y"] < viewport["height"] - 40
    page.close()


def test_a_duty_leads_to_the_life_of_its_order_without_scripts(browser: Any, audit: Path) -> None:
    page = opened(browser, audit.parent, audit.name)
    place = page.locator("#answer tbody th a").first.get_attribute("href")
    page.goto(f"{audit.as_uri()}{place}")

    assert page.locator(place).is_visible()
    assert page.locator(place).bounding_box()["y"] < 900
    page.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1400])
def test_nothing_is_wider_than_the_screen(browser: Any, audit: Path, width: int) -> None:
    page = opened(browser, audit.parent, audit.name, viewport={"width": width, "height": 844}, java_script_enabled=True)
    page.evaluate(UNFOLD)

    assert page.evaluate(OVERFLOW) == 0
    page.close()


def test_paper_shows_the_life_of_the_orders(browser: Any, audit: Path) -> None:
    page = opened(browser, audit.parent, audit.name)
    life = page.locator("#orders .life-of").nth(1)
    before = life.is_visible()
    page.emulate_media(media="print")

    assert (before, life.is_visible()) == (False, True)
    page.close()
