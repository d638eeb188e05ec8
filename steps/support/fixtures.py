"""The fixtures `claims` and `driver` as pytest fixtures, for running the features under stock pytest-bdd."""

from collections.abc import Iterator

import pytest

from steps.support.claims import Claims
from steps.support.driver import Driver, EngineDriver


@pytest.fixture
def claims() -> Iterator[Claims]:
    """The claims of one example; an attempt whose result no Then claims is an error."""
    claims = Claims()
    yield claims
    advice = "; ".join(attempt.advice for attempt in claims.unclaimed_attempts())
    assert not advice, advice


@pytest.fixture
def driver() -> Driver:
    """The engine in the same process."""
    return EngineDriver()
