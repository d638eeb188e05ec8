"""A folder of one feature, and the reference server."""

from pathlib import Path

import pytest

from tests.support.driver_commands import FEATURE


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a small specification."""
    (tmp_path / "features").mkdir()
    (tmp_path / "features/two.feature").write_text(FEATURE, encoding="utf-8")
    return tmp_path
