"""pytest plugin for stock pytest-bdd: the step definitions and fixtures of this program, for ``scenarios("features")`` in a test module.

``pytest_plugins = ["steps.support.stock"]`` in a conftest.py is enough. Step definitions that ``[tool.sop]`` names are included.
"""

from collections.abc import Iterator

import pytest

from sop_engine import SopError
from steps.definitions.settings import binding_modules
from steps.support.claims import Claims
from steps.support.driver import Driver, EngineDriver


def pytest_configure(config: pytest.Config) -> None:
    """Register every module with step definitions as a plugin, so that pytest-bdd finds the steps."""
    try:
        modules = binding_modules(config.rootpath, ()).load()
    except SopError as error:
        raise pytest.UsageError(str(error)) from None
    for module in modules:
        if not config.pluginmanager.is_registered(module):
            config.pluginmanager.register(module, module.__name__)


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
