"""A run of the specification, approved, and its gate."""

from pathlib import Path

import pytest

from sop_runs.change.baseline import approve, read_baseline
from sop_runs.gate import Gate
from sop_runs.record.reader import read
from steps.generation.proposals import suggestion
from tests.support.gate_runs import verdict


@pytest.fixture(scope="session")
def folder(specification_run: Path) -> Path:
    return specification_run


@pytest.fixture(scope="session")
def approved(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("approved")
    approve(read(folder / "run.ndjson"), place)
    return place


@pytest.fixture
def gate(folder: Path, approved: Path) -> Gate:
    return Gate(read(folder / "run.ndjson"), verdict(folder), read_baseline(approved), suggestion)
