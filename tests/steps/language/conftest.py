"""A folder of features."""

from pathlib import Path

import pytest

from tests.support.feature_folders import written


@pytest.fixture
def features(tmp_path: Path) -> Path:
    (tmp_path / "features").mkdir()
    written("x.feature")(tmp_path / "features")
    return tmp_path / "features"
