"""The fixtures `claims` and `driver` as pytest fixtures, for running the features under stock pytest-bdd."""

import pytest

from steps.support.claims import Claims
from steps.support.driver import Driver, EngineDriver


@pytest.fixture
def claims() -> Claims:
    """The claims of one example."""
    return Claims()


@pytest.fixture
def driver() -> Driver:
    """The engine in the same process."""
    return EngineDriver()
