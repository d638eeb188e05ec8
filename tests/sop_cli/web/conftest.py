"""One workbench in a copy of the project, for the tests that leave its files as they were."""

from collections.abc import Iterator

import pytest

from tests.support.workbench import RunningWorkbench, copy_project, running_workbench


@pytest.fixture(scope="package")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkbench]:
    """A running workbench."""
    with running_workbench(copy_project(tmp_path_factory.mktemp("workbench") / "project")) as running:
        yield running
