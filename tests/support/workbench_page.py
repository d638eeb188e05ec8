"""The page of a running workbench in a tab of a browser, with all that goes wrong in it."""

import base64
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.browsing import WIDE
from tests.support.drafts_sent import context_with_drafts_sent
from tests.support.workbench import RunningWorkbench

LONGEST_S = 60.0
STYLE_OF_SCREENSHOTS = base64.b64encode(hashlib.sha256(b"body {}").digest()).decode()
"""The hash of the style that Playwright adds to a page and takes away again before each screenshot.

The page's policy blocks it, and the browser reports that with the hash, sooner or later: it is no error of the page. No other style is
excused.
"""


@contextmanager
def workbench_page(browser: Any, workbench: RunningWorkbench, route: str = "", allowed: str = "") -> Iterator[Any]:
    """Open *route* of *workbench* in a new context of *browser*; an error of the page, or a request elsewhere, fails the test.

    *allowed* is a text of console messages that the test expects, such as ``409``. Screenshots can be taken at any time.
    """
    with context_with_drafts_sent(browser, viewport=WIDE) as context:
        page, complaints = context.new_page(), []
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((workbench.url, "data:")) else complaints.append(request.url))
        page.goto(workbench.link)
        page.wait_for_selector("#screens a")
        if route:
            page.evaluate("route => { location.hash = route; }", route)
        yield page
        excused = (STYLE_OF_SCREENSHOTS, *([allowed] if allowed else []))
        assert [text for text in complaints if not any(excused_text in text for excused_text in excused)] == []


def until(page: Any, expression: str) -> None:
    """Wait until *expression* is true in *page*; the page's policy forbids Playwright's own way, which evaluates a text there."""
    end = time.monotonic() + LONGEST_S
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise AssertionError(f"never true: {expression}\n{page.locator('#screen').inner_text()}")
        page.wait_for_timeout(30)


@contextmanager
def file_chooser(page: Any) -> Iterator[Any]:
    """Expect that a key or a click opens the dialog for files, and yield its future.

    The driver asks the page to hand over such dialogs and does not wait for the answer. A key overtakes that in a page that is busy,
    and the dialog opens unseen. The answer to a question that was asked later shows that the page has received the order.
    """
    with page.expect_file_chooser() as chooser:
        page.evaluate("null")
        yield chooser
