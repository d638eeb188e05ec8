"""Firefox for the tests: the system's own, driven by Playwright over WebDriver BiDi (not a Firefox that Playwright has changed)."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import missing, running_browser

CHANNEL = "moz-firefox"
"""Playwright's name for a Firefox as Mozilla builds it."""
COMMANDS = Path(__file__).with_name("firefox_commands.cjs")
PREFERENCES = {
    "app.update.enabled": False, "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False, "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}  # fmt: skip


def running_firefox(*, dark: bool = False) -> Iterator[Any]:
    """Yield the system's Firefox, in dark colours if *dark*; it is closed when the iterator goes on."""
    firefox = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
    if firefox is None:
        missing("Firefox")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra
    except ImportError:
        missing("Playwright")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NODE_OPTIONS", f'{os.environ.get("NODE_OPTIONS", "")} --require "{COMMANDS}"'.strip())
        with sync_playwright() as playwright:
            preferences = PREFERENCES | {
                "ui.systemUsesDarkTheme": int(dark),
                "layout.css.prefers-color-scheme.content-override": 0 if dark else 1,
            }
            running = playwright.firefox.launch(channel=CHANNEL, executable_path=firefox, firefox_user_prefs=preferences)
            running.idle_tabs = {}
            yield running
            running.close()


BROWSERS = {"chromium": running_browser, "firefox": running_firefox}
"""How to start each browser; one at a time."""
