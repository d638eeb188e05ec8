"""A reference server for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.support.contract_server import ServedContract, served_contract


@pytest.fixture(scope="module")
def served() -> Iterator[ServedContract]:
    """A server at a free port."""
    with served_contract() as running:
        yield running
