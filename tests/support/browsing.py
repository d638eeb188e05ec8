"""A real browser for the tests: the system's Chromium driven by Playwright, tabs that record errors, and axe-core.

Without them the tests are skipped with the reason, except where ``CI=true``: there they fail. The fixture `browser` lasts as
long as one module, or all of `tests/browser`, because Playwright keeps an event loop running, which other tests must not find.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MEDIA = ("color_scheme", "reduced_motion", "forced_colors")
"""Media features that a tab can emulate, besides the medium."""
DECODED = "window.sopData && Promise.all(['sopSearch', 'sopCases'].map(sopData)).then(() => null)"
"""Resolves when the scripts of a page have their data, which they decode after the page has been loaded."""
UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"


def missing(what: str) -> NoReturn:
    """Skip the test, or fail it where CI must have *what*."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is needed for this test and is not here")
    pytest.skip(f"{what} is not here")


def running_browser() -> Iterator[Any]:
    """Yield the system's Chromium, driven by Playwright; it is closed when the iterator goes on."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        missing("Chromium")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra
    except ImportError:
        missing("Playwright")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        running.idle_tabs = {}
        yield running
        running.close()


def tab(browser: Any, **options: Any) -> Any:
    """Return a tab that records messages of the console, dialogs, errors, and every address that is no file's, in its ``complaints``.

    Its ``goto`` ends when the scripts of the page have their data: before that the page has other elements. A new tab costs a third of a second, so one that a test has closed is kept, blank, for the next test with the same *options*.
    """
    options = {"viewport": WIDE} | options
    kept = browser.idle_tabs.setdefault(repr(sorted(options.items())), [])
    if kept:
        return kept.pop()
    page = browser.new_page(**options)
    complaints: list[str] = []
    page.complaints = complaints
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith("file:") else None)
    load = page.goto

    def goto(address: str) -> None:
        load(address)
        page.evaluate(DECODED)

    def close() -> None:
        page.goto("about:blank")
        page.emulate_media(media="null", **{name: options.get(name, "null") for name in MEDIA})
        page.set_viewport_size(options["viewport"])
        complaints.clear()
        kept.append(page)

    page.goto, page.close = goto, close
    return page


def opened(browser: Any, site: Path, address: str, **options: Any) -> Any:
    """Open a page of *site* in a tab of its own without scripts; a tab that asks for anything else, or complains, fails the test."""
    page = tab(browser, **({"java_script_enabled": False} | options))
    page.goto(f"{site.as_uri()}/{address}")
    assert page.complaints == []
    return page


def follow(page: Any, link: Any) -> None:
    """Click *link* and wait until what it leads to, a page or a place in this one, is there; a click alone waits for neither."""
    with page.expect_navigation():
        link.click()


def axe_core() -> str:
    """Return the script of axe-core, from the file that ``AXE_CORE`` names."""
    file = os.environ.get("AXE_CORE")
    if not file:
        missing("axe-core (a copy of axe.min.js, named by AXE_CORE)")
    return Path(file).read_text(encoding="utf-8")


COLOURS = ("color-contrast", "link-in-text-block")
"""Rules whose result depends on the colour scheme."""
MODES = ((1400, "light"), (1400, "dark"), (390, "dark"), (390, "light"))
"""Screen widths of a desktop and a telephone, in the light and in the dark scheme."""
MARK_LOOKS = """() => {
    const grounds = new Map([[null, '']])
    const ground = (element) => {
        if (!grounds.has(element)) {
            const style = getComputedStyle(element)
            const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.position === 'static' ? '' : element.className]
            const plain = own.join() === 'rgba(0, 0, 0, 0),none,1,'
            grounds.set(element, ground(element.parentElement) + (plain ? '' : ` > ${own}`))
        }
        return grounds.get(element)
    }
    const look = (element) => {
        const style = getComputedStyle(element)
        return [element.localName, style.color, style.fontSize, style.fontWeight, style.textDecorationLine, ground(element)].join(' ')
    }
    const seen = new Set()
    for (const element of document.querySelectorAll('body *')) {
        element.removeAttribute('data-look')
        if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue
        if (!element.getClientRects().length || !element.checkVisibility({visibilityProperty: true})) continue
        if (!seen.has(look(element))) element.setAttribute('data-look', '')
        seen.add(look(element))
    }
    return seen.size
}"""
"""Mark one visible element with text of each look: same colour, size and weight, on the same backgrounds from the body down."""


def violations_everywhere(page: Any, file: Path, axe: str) -> list[Any]:
    """Return the violations that axe-core finds in *file* with everything unfolded, at every width and in every scheme."""
    page.goto(file.as_uri())
    page.evaluate(UNFOLD)
    return [(file.name, *violation) for violation in violations_here(page, axe)]


def violations_here(page: Any, axe: str) -> list[Any]:
    """Return the violations that axe-core finds in the page as it is, in each of `MODES`.

    What elements there are depends on the width and not on the colours: so the rules that are not about colours are asked
    once for each width. Those about colours are asked in every mode, of one element of each look, since they take long.
    """
    page.evaluate(axe)
    violated, now = [], None
    for width, scheme in MODES:
        page.emulate_media(color_scheme=scheme)
        kinds = []
        if width != now:
            now = width
            page.set_viewport_size({"width": width, "height": 900})
            kinds.append({"rules": {rule: {"enabled": False} for rule in COLOURS}})
        if page.evaluate(MARK_LOOKS):
            kinds.append({"runOnly": {"type": "rule", "values": list(COLOURS)}, "only": "[data-look]"})
        violated += [(width, scheme, *violation) for options in kinds for violation in violations(page, options)]
    return violated


def violations(page: Any, options: dict[str, Any] | None = None) -> list[Any]:
    """Return the violations that axe-core, already in *page*, finds: rule and first elements; *options* are axe's, ``only`` a selector."""
    options = dict(options or {})
    only = options.pop("only", None)
    return page.evaluate(
        """([only, options]) => axe.run(only ? {include: [[only]]} : document,
            Object.assign({preload: false, resultTypes: ['violations']}, options)).then(
            result => result.violations.map(each => [each.id, each.nodes.map(node => node.html.slice(0, 300)).slice(0, 3)]))""",
        [only, options],
    )
