"""One browser for the tests of each module of this folder."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browsing import running_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright."""
    yield from running_browser()
