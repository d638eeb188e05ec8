"""The site in a real browser: links open what is folded, phones need no sideways scrolling, everybody can read it.

What is asked of every page is asked in one visit: see `tests.support.whole_site`.
"""

from pathlib import Path
from typing import Any

import pytest

from sop_engine import load_rulebook
from tests.support.browsing import PHONE, WIDE, opened, tab
from tests.support.whole_site import FOLDED, ROW

FULL = "feature-seller-cancellation-full-erp.html"


@pytest.mark.parametrize(
    ("address", "viewport"),
    [
        *((f"the-sop.html#{anchor}", WIDE) for anchor in ("SC-ERP-FULL-1a", "RT-RSI-3b", "AC-ERP-FULL", FOLDED, ROW)),
        *((f"the-sop.html#{anchor}", PHONE) for anchor in ("SC-ERP-FULL-1a", FOLDED, ROW)),
        ("open-questions.html#GAP-02", WIDE),
        ("open-questions.html#GAP-02", PHONE),
        (f"{FULL}#{ROW}", WIDE),
        (f"{FULL}#{ROW}", PHONE),
    ],
)
def test_a_link_shows_its_target_below_the_band_even_inside_something_folded(
    browser: Any, site: Path, address: str, viewport: dict[str, int]
) -> None:
    page = opened(browser, site, address, viewport=viewport)
    target = page.locator(f'[id="{address.partition("#")[2]}"]')
    band = page.locator(".band").bounding_box()

    assert target.is_visible()
    box = target.bounding_box()
    assert band["y"] + band["height"] <= box["y"] + 1
    assert box["y"] < viewport["height"] - 20
    page.close()


def test_an_example_that_passed_is_folded_until_it_is_asked_for(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html")
    target = page.locator(f'[id="{FOLDED}"]')

    before = target.is_visible()
    page.locator("#SC-ERP-PART-2 summary").first.press("Enter")

    assert (before, target.is_visible()) == (False, True)
    page.close()


def test_an_example_that_failed_is_open_at_once(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html")

    assert page.locator("#SC-ERP-FULL-3 .scenario del").first.is_visible()
    page.close()


def test_one_button_unfolds_a_long_page_and_folds_it_again(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html", java_script_enabled=True)
    target = page.locator(f'[id="{FOLDED}"]')
    is_visible = []
    for name in ("Unfold everything", "Fold everything"):
        page.get_by_role("button", name=name).click()
        is_visible.append(target.is_visible())

    assert is_visible == [True, False]
    page.close()


def test_print_shows_what_is_folded_and_hides_what_is_for_the_screen(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html")
    page.emulate_media(media="print")

    assert page.locator(f'[id="{FOLDED}"]').is_visible()
    assert page.locator(".band").is_visible()
    assert not page.locator("nav.pages").is_visible()
    assert not page.locator(".filter").is_visible()
    page.close()


def test_a_failed_verdict_stays_visible_while_scrolling(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html")
    page.mouse.wheel(0, 5000)
    page.wait_for_function("scrollY > 1000")

    assert page.locator(".band").bounding_box()["y"] == 0
    page.close()


def test_every_sentence_and_every_question_is_there(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html")
    sentences = page.locator("article.clause").count()
    page.goto(f"{site.as_uri()}/open-questions.html")

    rulebook = load_rulebook()
    assert (sentences, page.locator("article.gap").count()) == (len(rulebook.clauses), len(rulebook.gaps))
    page.close()


def test_a_filter_leaves_only_what_it_names(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html")
    page.locator("#only-failed").check()

    assert page.locator("#SC-ERP-FULL-3").is_visible()
    assert not page.locator("#SC-ERP-FULL-1a").is_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dark_mode_follows_the_reader(browser: Any, site: Path, scheme: str) -> None:
    page = opened(browser, site, "index.html", color_scheme=scheme, java_script_enabled=True)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    level = sum(int(part) for part in colour[4:-1].split(","))

    assert (level > 600) == (scheme == "light")
    page.close()


def test_without_colours_of_its_own_a_status_is_still_a_symbol_and_a_word(browser: Any, site: Path) -> None:
    page = tab(browser, forced_colors="active")
    page.goto((site / "the-sop.html").as_uri())
    marks = page.evaluate(
        "[...document.querySelectorAll('.clause > .margin .mark')].filter(each => each.checkVisibility()).map(each => each.innerText.trim())"
    )

    assert set(marks) == {"✗ failed", "✓ passed", "∅ no example", "○ not run", "· not operative"}
    assert page.locator(".scenario del").first.is_visible()
    page.close()


def test_the_overview_fits_two_screens_and_no_heading_is_larger_than_32_pixels(browser: Any, own_site: Path) -> None:
    page = opened(browser, own_site, "index.html", java_script_enabled=True)

    assert page.evaluate("document.documentElement.scrollHeight") <= 2 * WIDE["height"]
    for name in sorted(file.name for file in own_site.glob("*.html")):
        page.goto(f"{own_site.as_uri()}/{name}")
        sizes = page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4')].map(heading => parseFloat(getComputedStyle(heading).fontSize))"
        )
        assert max(sizes) <= 32, name
    page.close()


def test_no_text_leaves_its_box_where_something_is_wrong(browser: Any, site: Path) -> None:
    page = opened(browser, site, "index.html", java_script_enabled=True)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    for width in (WIDE["width"], 1000, PHONE["width"]):
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate("""[...document.querySelectorAll('main *')].filter(part => {
            const box = part.closest('.problems, .explorer, .figure');
            return box && part !== box && part.getBoundingClientRect().right > box.getBoundingClientRect().right + 1;
        }).map(part => part.textContent.slice(0, 80))""")
        assert page.locator(".problems li").count() > 0
        assert beyond == [], width
    page.close()
