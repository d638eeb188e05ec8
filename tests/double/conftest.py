"""Whole runs against the second implementation; it needs Node.js."""

from pathlib import Path

import pytest

from tests.support.double import Verified, double, verified


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
