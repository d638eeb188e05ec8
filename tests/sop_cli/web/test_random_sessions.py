"""Random editing sessions on the Feature screen: whatever happens in one, the file on disk is as before or after a save, and no draft is lost."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.support.browsing import running_browser
from tests.support.editing_model import Server
from tests.support.editing_session import Session
from tests.support.workbench import copy_project, running_workbench

pytestmark = [pytest.mark.slow, pytest.mark.once]

SESSIONS = 50 if os.environ.get("NIGHTLY") == "1" else 6
ACTIONS = 25 if SESSIONS == 50 else 10


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    yield from running_browser()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A workbench that the sessions kill and start again."""
    with ExitStack() as starts:
        yield Server(starts.enter_context(running_workbench(copy_project(tmp_path_factory.mktemp("sessions") / "project"))), starts)


@pytest.mark.parametrize("seed", range(SESSIONS))
def test_a_random_session_keeps_file_and_drafts(browser: Any, server: Server, seed: int) -> None:
    session = Session(browser, server, seed)
    try:
        session.run(ACTIONS)
    finally:
        session.close()
