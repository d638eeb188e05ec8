"""Fixtures for every folder of tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from sop_runs.record.verdict_text import reason_texts
from steps.run import process
from steps.run.runner import run
from tests.support.browsing import running_browser
from tests.support.in_process import child_replaced
from tests.support.once import made_once

collect_ignore = ["samples"]
"""Features and records that tests read; the examples of `tests/samples` are not examples of the specification."""
ROOT = Path(__file__).parents[1]
TESTS = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, or needs other people's programs, wherever that can be seen without running it."""
    for item in items:
        if item.path.is_relative_to(TESTS / "compatibility"):
            item.add_marker("peers")
        elif (
            item.path.is_relative_to(TESTS / "browser")
            or SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
            or _starts_workers(item)
        ):
            item.add_marker("slow")


SLOW_FIXTURES = frozenset({"browser", "own_process", "process_results"})


def _starts_workers(item: pytest.Item) -> bool:
    return bool(item.callspec.params.get("workers")) if isinstance(item, pytest.Function) and hasattr(item, "callspec") else False


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Files are written and renamed as always, but not forced to the disk: no test is about a power failure."""
    with mock.patch("os.fsync", return_value=None):
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright."""
    yield from running_browser()


@pytest.fixture
def in_process() -> Iterator[None]:
    """Runs without workers take place in this process, in a tenth of the time. For tests whose subject is not the process."""
    with child_replaced():
        yield


@pytest.fixture
def own_process(in_process: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it is undone
    """Where a module asks for `in_process`: this one test still has a process of its own."""
    monkeypatch.setattr("steps.run.runner.execute_plan", process.execute_plan)


@pytest.fixture(scope="session")
def specification_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of the whole specification, in a process of its own; made once and never changed."""
    runs = made_once(tmp_path_factory, "specification", _run_specification)
    return runs / (runs / "latest").read_text(encoding="utf-8").strip()


def _run_specification(runs: Path) -> None:
    result = run([ROOT / "features"], out=runs)
    assert result.verdict.good, reason_texts(result.verdict)
