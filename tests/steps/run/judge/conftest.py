"""A small specification and the record of its run."""

import shutil
from pathlib import Path

import pytest

from steps.run.runner import run
from tests.support.compared_records import FEATURES, HOME
from tests.support.in_process import child_replaced


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A specification of some feature files."""
    home = tmp_path_factory.mktemp("compared") / "features"
    for name in FEATURES:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HOME / name, home / name)
    return home


@pytest.fixture(scope="session")
def raw(folder: Path) -> bytes:
    """The record of a run of these files."""
    with child_replaced():
        return run([folder], out=folder.parent / "runs").record.read_bytes()
