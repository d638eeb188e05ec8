# ruff: noqa: F811 - a fixture is asked for by its name
"""The site in a real browser: links open what is folded, phones need no sideways scrolling, everybody can read it.

See `tests.support.browsing` for what this needs.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.site.builder import write_site
from sop_engine import load_rulebook
from tests.support.browsing import OVERFLOW, PHONE, UNFOLD, WIDE, axe_core, browser, opened, tab, violations_everywhere  # noqa: F401 - a fixture
from tests.support.hostile_site import catalogue
from tests.support.run_samples import record, write
from tests.support.study_samples import study

MOVING = """[document.documentElement, ...document.querySelectorAll('*')].filter(each => {
    const style = getComputedStyle(each)
    return parseFloat(style.animationDuration) > 0 || parseFloat(style.transitionDuration) > 0 || style.scrollBehavior === 'smooth'
}).length"""
HOSTILE = [
    "<img src=x onerror=\"document.documentElement.dataset.pwned='1'\">",
    "<script>document.documentElement.dataset.pwned='1'</script>",
    "\"'><svg onload=\"document.documentElement.dataset.pwned='1'\">",
    "</style><style>body{display:none}</style>",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with every status, every case and every page: beside a base run, studies, sentences and a copy of the source."""
    folder = tmp_path_factory.mktemp("page")
    rulebook = load_rulebook().to_plain()
    run, base = write(record(rulebook=rulebook), folder / "runs" / "2"), write(record(fates={}, rulebook=rulebook), folder / "runs" / "1")
    run.with_name("steps.json").write_text(json.dumps(catalogue(60)), encoding="utf-8")
    for kind in ("single", "paired", "sweep"):
        (folder / "studies" / kind).mkdir(parents=True)
        (folder / "studies" / kind / "study.json").write_text(
            json.dumps(study(kind, {"credit notes due": [(203, 17)] * 4})), encoding="utf-8"
        )
    source = folder / "source.txt"
    source.write_text("\n".join(f"Their line {number}." for number in range(1, 200)), encoding="utf-8")
    return write_site(run.parent, folder / "site", base=base.parent, source=source, simulations=folder / "studies").parent


def names(site: Path) -> list[str]:
    """The pages of *site*; of the feature pages, which are alike, the first two."""
    found = sorted(file.name for file in site.glob("*.html"))
    alike = [name for name in found if name.startswith("feature-")]
    return [name for name in found if name not in alike[2:]]


def walked(browser: Any, site: Path, **options: Any) -> Iterator[tuple[str, Any]]:
    """Every page of *site*, one after the other in one tab."""
    page = opened(browser, site, "index.html", **options)
    for name in names(site):
        page.goto(f"{site.as_uri()}/{name}")
        yield name, page
    assert page.complaints == []
    page.close()


FOLDED = next(line["id"] for line in record() if line.get("name") == "A part of a PROCESSING order")
ROW = next(line["id"] for line in record() if line.get("name") == "The e-invoice does not stand in the way")
FULL = "feature-seller-cancellation-full-erp.html"


@pytest.mark.parametrize(
    ("address", "viewport"),
    [
        *((f"sop.html#{anchor}", WIDE) for anchor in ("SC-ERP-FULL-1a", "RT-RSI-3b", "AC-ERP-FULL", FOLDED, ROW)),
        *((f"sop.html#{anchor}", PHONE) for anchor in ("SC-ERP-FULL-1a", FOLDED, ROW)),
        ("questions.html#GAP-02", WIDE),
        ("questions.html#GAP-02", PHONE),
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
    page = opened(browser, site, "sop.html")
    target = page.locator(f'[id="{FOLDED}"]')

    before = target.is_visible()
    page.locator("#SC-ERP-PART-2 summary").first.press("Enter")

    assert (before, target.is_visible()) == (False, True)
    page.close()


def test_an_example_that_failed_is_open_at_once(browser: Any, site: Path) -> None:
    page = opened(browser, site, "sop.html")

    assert page.locator("#SC-ERP-FULL-3 .scenario del").first.is_visible()
    page.close()


def test_one_button_unfolds_a_long_page_and_folds_it_again(browser: Any, site: Path) -> None:
    page = opened(browser, site, "sop.html", java_script_enabled=True)
    target = page.locator(f'[id="{FOLDED}"]')
    shown = []
    for name in ("Unfold everything", "Fold everything"):
        page.get_by_role("button", name=name).click()
        shown.append(target.is_visible())

    assert shown == [True, False]
    page.close()


def test_no_width_needs_sideways_scrolling(browser: Any, site: Path) -> None:
    for name, page in walked(browser, site, java_script_enabled=True):
        page.evaluate(UNFOLD)
        for width in (320, 390, 1087, 1088, 1400, 2200):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate(OVERFLOW) <= 0, (name, width)


def test_print_shows_what_is_folded_and_hides_what_is_for_the_screen(browser: Any, site: Path) -> None:
    page = opened(browser, site, "sop.html")
    page.emulate_media(media="print")

    assert page.locator(f'[id="{FOLDED}"]').is_visible()
    assert page.locator(".band").is_visible()
    assert not page.locator("nav.pages").is_visible()
    assert not page.locator(".filter").is_visible()
    page.close()


def test_without_scripts_every_page_can_be_read_and_says_the_result(browser: Any, site: Path) -> None:
    for name, page in walked(browser, site):
        band = page.locator(".band")
        assert "examples failed" in band.inner_text(), name
        assert band.bounding_box()["y"] == 0, name
        assert page.locator("main").inner_text().strip(), name
        assert page.locator("h1").count() == 1, name


def test_bad_news_stays_in_sight_while_reading(browser: Any, site: Path) -> None:
    page = opened(browser, site, "sop.html")
    page.mouse.wheel(0, 5000)
    page.wait_for_function("scrollY > 1000")

    assert page.locator(".band").bounding_box()["y"] == 0
    page.close()


def test_every_sentence_and_every_question_is_there(browser: Any, site: Path) -> None:
    page = opened(browser, site, "sop.html")
    sentences = page.locator("article.clause").count()
    page.goto(f"{site.as_uri()}/questions.html")

    rulebook = load_rulebook()
    assert (sentences, page.locator("article.gap").count()) == (len(rulebook.clauses), len(rulebook.gaps))
    page.close()


def test_a_filter_leaves_only_what_it_names(browser: Any, site: Path) -> None:
    page = opened(browser, site, "sop.html")
    page.locator("#only-failed").check()

    assert page.locator("#SC-ERP-FULL-3").is_visible()
    assert not page.locator("#SC-ERP-FULL-1a").is_visible()
    page.close()


def test_the_keyboard_reaches_the_text_on_every_page(browser: Any, site: Path) -> None:
    for name, page in walked(browser, site, java_script_enabled=True):
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.className")
        assert first == "skip", name
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(
            """document.querySelector('main').contains(document.activeElement) || document.activeElement === document.body
            || !document.querySelector('main :is(a[href], button, input, select, summary, [tabindex])')"""
        ), name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dark_mode_follows_the_reader(browser: Any, site: Path, scheme: str) -> None:
    page = opened(browser, site, "index.html", color_scheme=scheme, java_script_enabled=True)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    level = sum(int(part) for part in colour[4:-1].split(","))

    assert (level > 600) == (scheme == "light")
    page.close()


def test_hostile_text_runs_nothing(browser: Any, tmp_path: Path) -> None:
    lines = record()
    for line in lines:
        for step in line.get("steps", ()):
            step["text"] += HOSTILE[0]
            if step["error"]:
                step["error"]["message"] += "".join(HOSTILE)
        if line["type"] == "feature" and line["document"]:
            line["document"]["description"] += "".join(HOSTILE)
            for child in line["document"]["children"]:
                child["name"] += HOSTILE[2]
    site = write_site(write(lines, tmp_path).parent, tmp_path).parent
    for _, page in walked(browser, site, java_script_enabled=True):
        assert page.evaluate("document.documentElement.dataset.pwned") is None
        assert page.evaluate("document.querySelectorAll('img, body script, svg[onload]').length") == 0
        assert page.locator("h1").is_visible()


def test_axe_finds_nothing_on_any_page_in_any_scheme_at_any_width(browser: Any, site: Path) -> None:
    axe, page = axe_core(), tab(browser)

    assert [wrong for name in names(site) for wrong in violations_everywhere(page, site / name, axe)] == []
    page.close()


def test_axe_would_find_something(browser: Any, site: Path) -> None:
    axe, page = axe_core(), tab(browser)
    worse = site / "worse.html"
    text = (site / "features.html").read_text(encoding="utf-8")
    worse.write_text(text.replace("</main>", '<p class="quiet passed"><img src="data:,"><button></button></p></main>'), encoding="utf-8")
    found = violations_everywhere(page, worse, axe)
    worse.unlink()

    assert {(width, rule) for _, width, _, rule, _ in found} == {
        (width, rule) for width in (1400, 390) for rule in ("image-alt", "button-name")
    }
    page.close()


def test_without_colours_of_its_own_a_status_is_still_a_symbol_and_a_word(browser: Any, site: Path) -> None:
    page = tab(browser, forced_colors="active")
    page.goto((site / "sop.html").as_uri())
    marks = page.evaluate("[...document.querySelectorAll('.clause > .margin .mark')].map(each => each.innerText.trim())")

    assert set(marks) == {"✗ failed", "✓ passed", "∅ no example", "○ not run", "· not operative"}
    assert page.locator(".scenario del").first.is_visible()
    page.close()


def test_who_wants_no_motion_gets_none(browser: Any, site: Path) -> None:
    page = tab(browser, reduced_motion="reduce")
    for name in names(site):
        page.goto((site / name).as_uri())
        assert page.evaluate(MOVING) == 0, name
    page.close()
