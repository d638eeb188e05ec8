"""The scenario report in a real browser: readable on a telephone, in the dark and on paper, and by everybody."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import opened as opened_in


def opened(browser: Any, file: Path, **options: Any) -> Any:
    """*file* in a tab of its own; a tab that asks for anything else, or complains, fails the test."""
    return opened_in(browser, file.parent, file.name, **({"java_script_enabled": True} | options))


@pytest.mark.parametrize("kind", ["single", "paired", "sweep", "search", "sensitivity"])
def test_the_answer_is_on_the_first_screen(browser: Any, reports: dict[str, Path], kind: str) -> None:
    page = opened(browser, reports[kind], viewport={"width": 1400, "height": 900})
    answer = page.locator(".answer li").first.bounding_box()

    assert answer["y"] + answer["height"] < 600
    page.close()


def test_letters_of_a_picture_are_as_large_on_a_telephone(browser: Any, reports: dict[str, Path]) -> None:
    sizes = []
    for width in (390, 1400):
        page = opened(browser, reports["sweep"], viewport={"width": width, "height": 844})
        sizes.append(page.locator(".cliff .remark").first.bounding_box()["height"])
        page.close()

    assert sizes[0] == pytest.approx(sizes[1], abs=1)


def test_print_shows_what_is_folded(browser: Any, reports: dict[str, Path]) -> None:
    page = opened(browser, reports["paired"])
    before = page.locator(".steps-table").first.is_visible()
    page.emulate_media(media="print")

    assert (before, page.locator(".steps-table").first.is_visible()) == (False, True)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dark_mode_follows_the_reader(browser: Any, reports: dict[str, Path], scheme: str) -> None:
    page = opened(browser, reports["single"], color_scheme=scheme)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert (sum(int(part) for part in colour[4:-1].split(",")) > 600) == (scheme == "light")
    page.close()


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("kind", ["search", "sensitivity"])
def test_nothing_of_a_search_or_an_analysis_is_wider_than_the_screen(browser: Any, reports: dict[str, Path], kind: str, width: int) -> None:
    page = opened(browser, reports[kind], viewport={"width": width, "height": 844})
    labels = page.evaluate(
        "[...document.querySelectorAll('.tornado text')].filter(text => text.getBoundingClientRect().right > document.documentElement.clientWidth)"
        ".map(text => text.textContent)"
    )

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert labels == []
    assert page.locator("#trials, #sensitivity").count() == 1
    page.close()
