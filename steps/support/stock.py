"""pytest plugin for stock pytest-bdd: the step definitions and fixtures of this program, for ``scenarios("features")`` in a test module.

``pytest_plugins = ["steps.support.stock"]`` in a conftest.py is enough. Step definitions that ``[tool.sop]`` names are included.
"""

import pytest

from sop_engine import SopError
from steps.definitions.settings import binding_modules
from steps.support import fixtures


def pytest_configure(config: pytest.Config) -> None:
    """Register the fixtures and every module with step definitions as plugins, so that pytest-bdd finds the steps."""
    try:
        modules = binding_modules(config.rootpath, ()).load()
    except SopError as error:
        raise pytest.UsageError(str(error)) from None
    for module in (fixtures, *modules):
        if not config.pluginmanager.is_registered(module):
            config.pluginmanager.register(module, module.__name__)
