# ruff: noqa: F811 - a fixture is asked for by its name
"""The scenario report in a real browser: readable on a telephone, in the dark and on paper, and by everybody.

See `tests.browsing` for what this needs.
"""

from pathlib import Path
from typing import Any

import pytest

from orders.log.order_histories import select_diverse
from reports.scenario.report import write_report
from simulator.experiment.experiment import load
from simulator.study.simulate import simulate
from tests.browsing import OVERFLOW, UNFOLD, axe_core, browser, tab, violations_everywhere  # noqa: F401 - a fixture
from tests.browsing import opened as opened_in
from tests.study_samples import study, typed

MEASURES = {
    "SLA breached, share of orders": [(0.00003, 0.00005), (0.0021, 0.0004), (0.1, 0.02), (0.56, 0.03)],
    "credit notes due": [(203.4, 16.8), (0, 0), (210, 17), (2343, 119)],
    "time to dispatch, hours": [(11.74, 0.03), (10.89, 0.03), (19, 1), (44, 0.6)],
    "packers busy, share of staffed time": [(0.61, 0.006)] * 4,
    "cancellations: seller / full / allowed": [(288.6, 26), (187, 16), (300, 20), (500, 20)],
    "cancellations: seller / full / refused": [(76, 15), (87, 14), (80, 10), (90, 10)],
    "cancellations at: ERP / READY_TO_DISPATCH / refused": [(5.6, 2.6), (6, 2), (7, 2), (8, 2)],
    "credit notes made": [(203.4, 16.8), (0, 0), (210, 17), (2343, 119)],
    "age of a credit note when made, hours": [(28.7, 5), (28.7, 5), (30, 5), (967, 65)],
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report of each kind, with everything that a report can show."""
    folder = tmp_path_factory.mktemp("reports")
    lives = select_diverse(simulate(load("partial_cancels", ["ajio.orders_per_day=100", "run.days=2"]), 0), 2)
    made = {}
    for kind in ("single", "paired", "sweep"):
        plain = study(kind, MEASURES)
        plain["checks"].append({"name": "x", "says": "Nothing is lost.", "held": 4, "of": 5, "failed": []})
        made[kind] = write_report(typed(plain), lives, folder / kind)
    return made


def opened(browser: Any, file: Path, **options: Any) -> Any:
    """*file* in a tab of its own; a tab that asks for anything else, or complains, fails the test."""
    return opened_in(browser, file.parent, file.name, **({"java_script_enabled": True} | options))


@pytest.mark.parametrize("kind", ["single", "paired", "sweep"])
def test_the_answer_is_on_the_first_screen_and_no_width_scrolls_sideways(browser: Any, reports: dict[str, Path], kind: str) -> None:
    page = opened(browser, reports[kind], viewport={"width": 1400, "height": 900})
    answer = page.locator(".answer li").first.bounding_box()
    page.evaluate(UNFOLD)

    assert answer["y"] + answer["height"] < 600
    for width in (320, 390, 768, 1400, 2200):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(OVERFLOW) <= 0, width
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


def test_axe_finds_nothing_on_any_report_in_any_scheme_at_any_width(browser: Any, reports: dict[str, Path]) -> None:
    axe, page = axe_core(), tab(browser)

    assert [wrong for report in reports.values() for wrong in violations_everywhere(page, report, axe)] == []
    page.close()
