"""The site that the tests of the browser share, a scenario report of each kind, and what is seen when each page is opened."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orders.log.order_histories import select_diverse
from reports.audit.content import audit_page
from reports.audit.earlier_audit import Comparison, WorkEntry
from reports.audit.references import numbered_duties
from reports.scenario.report import write_report
from reports.site.builder import write_site
from simulator.experiment.experiment import load
from simulator.experiment.plausible import PLAUSIBLE
from simulator.study.simulate import simulate
from sop_engine import load_rulebook
from tests.support.audit_samples import material
from tests.support.browsing import OVERFLOW, UNFOLD, WIDE, violations_here
from tests.support.hostile_site import catalogue
from tests.support.run_samples import own_run, record, write
from tests.support.study_samples import precision, searched, sensitive, study, typed

FOLDED = next(line["id"] for line in record() if line.get("name") == "A part of a PROCESSING order")
"""An example that passed."""
ROW = next(line["id"] for line in record() if line.get("name") == "The e-invoice does not stand in the way")
CHANGES = ("closed", "gone", "new", "older")
KINDS = ("single", "paired", "sweep")
REPORTS = (*KINDS, "search", "sensitivity")
"""A search is a sweep, and a sensitivity analysis is of a single variant."""
WIDTHS = (320, 390, 768, 1087, 1088, 2200, 1400)
PAPER = {"width": 673, "height": 970}
"""A4 without its margins, in pixels of the screen."""
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
MOVING = """[document.documentElement, ...document.querySelectorAll('*')].filter(each => {
    const style = getComputedStyle(each)
    return parseFloat(style.animationDuration) > 0 || parseFloat(style.transitionDuration) > 0 || style.scrollBehavior === 'smooth'
}).length"""
REACHED = """document.querySelector('main').contains(document.activeElement) || document.activeElement === document.body
    || !document.querySelector('main :is(a[href], button, input, select, summary, [tabindex])')"""
BEYOND = """() => {
    const edge = document.documentElement.clientWidth + 1
    return [...document.querySelectorAll('body *')]
        .filter(each => !each.closest('svg, .unseen, .skip') && each.getClientRects().length && each.getBoundingClientRect().right > edge)
        .map(each => `${each.localName}.${each.className} ${each.textContent.slice(0, 40)}`)
}"""
SCREEN_ONLY = "nav, .side, .filter, .filters, .explorer, .search, button, input, select, summary::marker"
FOLDED_AWAY = """[...document.querySelectorAll('details')].filter(
    each => each.checkVisibility() && [...each.children].some(child => !child.checkVisibility())).length"""


def write_whole_site(folder: Path) -> Path:
    """Write a site with every status, every case and every page: beside a base run, studies, sentences and a copy of the source."""
    base = write(record(results={}, rulebook=load_rulebook().to_plain()), folder / "runs" / "1")
    run = own_run(folder / "runs" / "2")
    run.with_name("steps.json").write_text(json.dumps(catalogue(60)), encoding="utf-8")
    for kind in KINDS:
        (folder / "studies" / kind).mkdir(parents=True)
        (folder / "studies" / kind / "study.json").write_text(
            json.dumps(study(kind, {"credit notes due": [(203, 17)] * 4})), encoding="utf-8"
        )
    source = folder / "source.txt"
    source.write_text("\n".join(f"Their line {number}." for number in range(1, 200)), encoding="utf-8")
    return write_site(run.parent, folder / "site", base=base.parent, source=source, simulations=folder / "studies").parent


def large_sensitivity() -> dict[str, Any]:
    """Return an analysis in which every setting with a plausible range changes every measure, one more than the other."""
    assumptions = [
        {
            "key": key,
            "says": f"what {key} means",
            "value": low,
            "swings": {
                name: [
                    {
                        "value": value,
                        "mean": mean * share * sign,
                        "low": mean * share * sign - mean / 50,
                        "high": mean * share * sign + mean / 50,
                    }
                    for value, sign in ((low, -1), (high, 1))
                ]
                for name, ((mean, _), *_) in MEASURES.items()
            },
            "turns": ["at 5 the queue for packers grows"] if not place else [],
        }
        for place, (key, (low, high)) in enumerate(PLAUSIBLE.items())
        for share in [place / 40]
    ]
    return sensitive(bases={name: of[0][0] for name, of in MEASURES.items()}, assumptions=assumptions)


def write_whole_reports(folder: Path) -> None:
    """Write a scenario report of each kind, in a folder named after it, with everything that a report can show."""
    lives = select_diverse(simulate(load("partial_cancels", ["ajio.orders_per_day=100", "run.days=2"]), 0), 2)
    more: dict[str, dict[str, Any]] = {
        "search": {"search": searched()},
        "sensitivity": {"sensitivity": large_sensitivity(), "precision": [precision(), precision(reached=False)]},
    }
    for kind in REPORTS:
        plain = study({"search": "sweep", "sensitivity": "single"}.get(kind, kind), MEASURES) | more.get(kind, {})
        plain["checks"].append({"name": "x", "says": "Nothing is lost.", "held": 4, "of": 5, "failed": []})
        write_report(typed(plain), lives, folder / kind)


def write_whole_audit(folder: Path) -> None:
    """Write the page of an audit with every section, with notes, and compared with an earlier one."""
    entries = {
        name: tuple(WorkEntry(f"D{place}", f"FN{place}", "make a credit note (INV-1)", "done by CN-1", "a note") for place in range(2))
        for name in CHANGES
    }
    plain = material()
    notes = {reference: "asked the accountant" for reference, _ in numbered_duties(plain)}
    content = audit_page(
        material(notes=notes, explained=("FN0002",), assumed=("the day is the latest one",)), Comparison("2026-06-30", **entries)
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "audit.html").write_bytes(content)


def names(site: Path) -> list[str]:
    """Return the pages of *site*; of the feature pages, which are alike, the first two."""
    actual = sorted(file.name for file in site.glob("*.html"))
    alike = [name for name in actual if name.startswith("feature-")]
    return [name for name in actual if name not in alike[2:]]


@dataclass(frozen=True)
class Visit:
    """Observations of one page, opened once with scripts."""

    name: str
    first_focus: str
    """The class of the element that the first Tab reaches."""
    text_reached: bool
    """Whether the next one, after Enter, reaches the text."""
    beyond_paper: list[str]
    """Elements beyond the edge of the sheet, when it is printed from a dark screen."""
    screen_only_on_paper: int
    folded_on_paper: int
    paper: str
    """The colour of the sheet."""
    overflow: dict[int, int]
    """How far it can be scrolled sideways at each width, with everything unfolded."""
    moving: int
    """Elements that move although the reader wants no motion."""
    violations: list[object]
    """Violations that axe-core finds in every scheme at every width."""
    complaints: list[str]


def visit(page: Any, file: Path, axe: str | None, query: str = "") -> Visit:
    """Open *file* with *query* in *page* and look at it in every way; without *axe* there are no violations."""
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size(WIDE)
    page.goto(f"{file.as_uri()}{query}")
    focus, reached = _by_keyboard(page)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(PAPER)
    beyond, colour, folded = (
        page.evaluate(expression) for expression in (BEYOND, "getComputedStyle(document.body).backgroundColor", FOLDED_AWAY)
    )
    controls = page.evaluate(f"[...document.querySelectorAll('{SCREEN_ONLY}')].filter(each => each.checkVisibility()).length")
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    moving = page.evaluate(MOVING)
    page.evaluate(UNFOLD)
    overflow = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        overflow[width] = page.evaluate(OVERFLOW)
    violations = violations_here(page, axe) if axe else []
    complaints = [*page.complaints]
    page.complaints.clear()
    return Visit(f"{file.name}{query}", focus, reached, beyond, controls, folded, colour, overflow, moving, violations, complaints)


def _by_keyboard(page: Any) -> tuple[str, bool]:
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    if first != "skip":
        return first, False
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    reached = page.evaluate(REACHED)
    page.evaluate("document.activeElement.blur()")
    return first, reached
