"""What was approved of two small features."""

import pytest

from sop_runs.change.baseline import Baseline, approve, read_baseline
from tests.support.wording import FEATURE, write


@pytest.fixture(scope="session")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    place = tmp_path_factory.mktemp("approved")
    approve(write(place / "features", FEATURE), place)
    return read_baseline(place)
