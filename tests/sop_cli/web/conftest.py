"""One workbench in a copy of the project, for the tests that leave its files as they were."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.support.feature_screen import Screen
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench


@pytest.fixture(scope="package")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkbench]:
    """A running workbench."""
    with running_workbench(copy_project(tmp_path_factory.mktemp("workbench") / "project")) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[Any]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the Feature screens showed when a test failed to its report."""
    report = yield
    if report.failed and call.when == "call":
        report.sections += [("Feature screen", seen) for seen in Screen.seen()]
    return report
