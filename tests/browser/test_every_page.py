"""Every page of the site, every scenario report and the page of an audit, each opened once: keyboard, widths, paper, motion, and axe-core in every mode."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.html.links import CASES_PAGE, SOP_PAGE
from tests.support.browsing import MODES, axe_core, opened, tab, violations_everywhere, violations_here
from tests.support.whole_site import Visit, names, visit


@pytest.fixture(scope="module")
def visits(browser: Any, site: Path, reports: dict[str, Path], audit: Path) -> list[Visit]:
    """What is seen of each, with scripts."""
    page, axe = tab(browser), axe_core() if "AXE_CORE" in os.environ else None
    seen = [visit(page, file, axe) for file in (*(site / name for name in names(site)), *reports.values(), audit)]
    seen += [visit(page, site / name, axe, "?reading=as-written") for name in (SOP_PAGE, CASES_PAGE)]
    page.close()
    return seen


def walked(browser: Any, site: Path, **options: Any) -> Iterator[tuple[str, Any]]:
    """Every page of *site*, one after the other in one tab."""
    page = opened(browser, site, "index.html", **options)
    for name in names(site):
        page.goto(f"{site.as_uri()}/{name}")
        yield name, page
    assert page.complaints == []
    page.close()


def test_no_width_needs_sideways_scrolling(visits: list[Visit]) -> None:
    assert {(visited.name, width): more for visited in visits for width, more in visited.overflow.items() if more > 0} == {}


def test_the_keyboard_reaches_the_text_on_every_page(visits: list[Visit]) -> None:
    assert [visited.name for visited in visits if visited.first_focus != "skip"] == []
    assert [visited.name for visited in visits if not visited.text_reached] == []


def test_no_page_complains_or_asks_for_anything(visits: list[Visit]) -> None:
    assert {visited.name: visited.complaints for visited in visits if visited.complaints} == {}


def test_axe_finds_nothing_on_any_page_in_any_scheme_at_any_width(visits: list[Visit]) -> None:
    axe_core()

    assert {visited.name: visited.violations for visited in visits if visited.violations} == {}


def test_axe_would_find_something(browser: Any, site: Path, tmp_path: Path) -> None:
    axe, page = axe_core(), tab(browser)
    worse = shutil.copytree(site, tmp_path / "site") / "worse.html"
    text = (site / "features.html").read_text(encoding="utf-8")
    worse.write_text(text.replace("</main>", '<p class="quiet passed"><img src="data:,"><button></button></p></main>'), encoding="utf-8")
    actual = violations_everywhere(page, worse, axe)

    assert {(width, rule) for _, width, _, rule, _ in actual} == {
        (width, rule) for width in (1400, 390) for rule in ("image-alt", "button-name")
    }
    page.close()


def test_axe_would_find_text_that_is_too_pale_in_every_mode(browser: Any, site: Path) -> None:
    page = opened(browser, site, "decision-tables.html", java_script_enabled=True)
    page.evaluate(
        "document.querySelectorAll('.cases td strong').forEach((each, place) => { if (place === 20) each.style.color = '#777777' })"
    )
    actual = violations_here(page, axe_core())

    assert [(width, scheme, rule) for width, scheme, rule, _ in actual] == [(*mode, "color-contrast") for mode in MODES]
    page.close()


def test_who_wants_no_motion_gets_none(visits: list[Visit]) -> None:
    assert [visited.name for visited in visits if visited.moving] == []


def test_without_scripts_every_page_can_be_read_and_says_the_result(browser: Any, site: Path) -> None:
    for name, page in walked(browser, site):
        band = page.locator(".band")
        assert "examples failed" in band.inner_text(), name
        assert band.bounding_box()["y"] == 0, name
        assert page.locator("main").inner_text().strip(), name
        assert page.locator("h1").count() == 1, name


def test_on_paper_no_page_is_wider_than_the_sheet_or_dark_or_folded_or_has_what_only_a_screen_can_use(
    visits: list[Visit],
) -> None:
    for visited in visits:
        assert visited.beyond_paper == [], visited.name
        assert visited.screen_only_on_paper == 0, visited.name
        assert visited.paper == "rgb(255, 255, 255)", visited.name
        assert visited.folded_on_paper == 0, visited.name
