"""Whole runs against the second implementation; it needs Node.js."""

from pathlib import Path

import pytest

from tests.support.double import Verified, double, record_simulations, verified


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("peers")


@pytest.fixture(scope="package")
def without_fault(tmp_path_factory: pytest.TempPathFactory) -> Verified:
    """The whole specification against the second implementation without a fault."""
    with double() as address:
        return verified(address, tmp_path_factory.mktemp("double"))


@pytest.fixture(scope="package")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What this project's simulator answers, recorded now, for a second implementation that simulates nothing itself."""
    folder = tmp_path_factory.mktemp("recordings")
    record_simulations(folder / "simulations.json", folder)
    return folder / "simulations.json"


@pytest.fixture(scope="package")
def with_recordings(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Verified:
    """The whole specification against the second implementation with these simulations and without a fault."""
    with double(recordings=recordings) as address:
        return verified(address, tmp_path_factory.mktemp("double"))


@pytest.fixture(scope="package")
def without_citations(tmp_path_factory: pytest.TempPathFactory) -> Verified:
    """The whole specification against the second implementation without citations and without a fault."""
    with double(cites=False) as address:
        return verified(address, tmp_path_factory.mktemp("double"))
