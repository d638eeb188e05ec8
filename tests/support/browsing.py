"""A real browser for the tests: the system's Chromium driven by Playwright, tabs that hear every complaint, axe-core.

Without them the tests are skipped with the reason, except where ``CI=true``: there they fail. A module asks for the browser
with ``from tests.support.browsing import browser``; it lives as long as the tests of that module, because Playwright keeps an event
loop running, which tests of other modules must not find.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
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
UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"


def missing(what: str) -> NoReturn:
    """Skip the test, or fail it where CI promised *what*."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is needed for this test and is not here")
    pytest.skip(f"{what} is not here")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        missing("Chromium")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra
    except ImportError:
        missing("Playwright")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


def tab(browser: Any, **options: Any) -> Any:
    """A tab that writes whatever the console, a dialog or an error says, and every address that is no file's, into its ``complaints``."""
    page = browser.new_page(**({"viewport": WIDE} | options))
    complaints: list[str] = []
    page.complaints = complaints
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith("file:") else None)
    return page


def opened(browser: Any, site: Path, address: str, **options: Any) -> Any:
    """A page of *site* in a tab of its own without scripts; a tab that asks for anything else, or complains, fails the test."""
    page = tab(browser, **({"java_script_enabled": False} | options))
    page.goto(f"{site.as_uri()}/{address}")
    assert page.complaints == []
    return page


def follow(page: Any, link: Any) -> None:
    """Click *link* and wait until what it leads to, a page or a place in this one, is there; a click alone waits for neither."""
    with page.expect_navigation():
        link.click()


def axe_core() -> str:
    """The script of axe-core, from the file that ``AXE_CORE`` names."""
    file = os.environ.get("AXE_CORE")
    if not file:
        missing("axe-core (a copy of axe.min.js, named by AXE_CORE)")
    return Path(file).read_text(encoding="utf-8")


COLOURS = ("color-contrast", "link-in-text-block")
"""The rules whose answer a colour scheme can change."""


def violations_everywhere(page: Any, file: Path, axe: str) -> list[Any]:
    """What axe-core has against *file* with everything unfolded, on a desk and on a telephone, in the light and in the dark.

    What elements there are depends on the width and not on the colours: so all rules are asked once for each width, and those
    about colours in the other scheme too.
    """
    page.goto(file.as_uri())
    page.evaluate(UNFOLD)
    page.evaluate(axe)
    found = []
    for width, scheme, rules in ((1400, "light", ()), (1400, "dark", COLOURS), (390, "dark", ()), (390, "light", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [(file.name, width, scheme, *each) for each in violations(page, rules)]
    return found


def violations(page: Any, rules: Sequence[str] = ()) -> list[Any]:
    """What axe-core, which must be in *page*, has against it: rule and the first elements; *rules* are all, if not named."""
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    return page.evaluate(
        """options => axe.run(Object.assign({preload: false, resultTypes: ['violations']}, options)).then(
            result => result.violations.map(each => [each.id, each.nodes.map(node => node.html.slice(0, 300)).slice(0, 3)]))""",
        only,
    )
