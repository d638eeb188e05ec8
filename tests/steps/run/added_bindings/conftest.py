"""A folder with one feature, and a module name that no other test uses."""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from steps.definitions.decorators import DEFINITIONS
from steps.definitions.discovery import FOLDERS
from tests.support.added_modules import FEATURE, write

NUMBERS = itertools.count()


@pytest.fixture
def name() -> Iterator[str]:
    """A top-level name that no other test uses: a module is imported once in a process."""
    top = f"shop_of_test_{next(NUMBERS)}"
    yield top
    FOLDERS.pop(top, None)
    for module in [module for module in sys.modules if module.partition(".")[0] == top]:
        del sys.modules[module]
        DEFINITIONS.pop(module, None)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with features and nothing else."""
    write(tmp_path / "features" / "shop.feature", FEATURE)
    monkeypatch.chdir(tmp_path)
    return tmp_path
