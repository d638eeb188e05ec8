"""A folder with one feature, and a module name that no other test uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.added_modules import FEATURE, unused_name, write


@pytest.fixture
def name() -> Iterator[str]:
    """A top-level name that no other test uses: a module is imported once in a process."""
    with unused_name() as top:
        yield top


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with features and nothing else."""
    write(tmp_path / "features" / "shop.feature", FEATURE)
    monkeypatch.chdir(tmp_path)
    return tmp_path
