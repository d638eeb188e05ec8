"""Contexts of a browser that are closed only when the server has the drafts of their pages: one that came later would be shown in the next test."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LONGEST_S = 10.0
SEND = "() => { dispatchEvent(new Event('pagehide')) }"
"""A page that is being closed sends the draft that waits for the end of a burst of typing."""


@contextmanager
def context_with_drafts_sent(browser: Any, **options: Any) -> Iterator[Any]:
    """Yield a context of *browser*; at the end its pages send what they have not sent, and it is closed when that has arrived."""
    context = browser.new_context(**options)
    underway: set[Any] = set()
    context.on("request", lambda request: underway.add(request) if "/api/draft" in request.url else None)
    for ended in ("requestfinished", "requestfailed"):
        context.on(ended, lambda request: underway.discard(request))  # noqa: PLW0108 - Playwright marks the function
    try:
        yield context
        end = time.monotonic() + LONGEST_S
        for page in context.pages:
            page.evaluate(SEND)
        while context.pages and underway and time.monotonic() < end:
            context.pages[0].wait_for_timeout(10)
    finally:
        context.close()
