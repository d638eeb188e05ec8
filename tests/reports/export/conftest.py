"""A run that ends in every way, its messages and its record."""

import pytest

from reports.export.run_files import MESSAGES
from tests.support.messages_sample import exported, lines


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def messages(run_dir):
    return lines(run_dir / MESSAGES)


@pytest.fixture(scope="session")
def record(run_dir):
    return lines(run_dir / "run.ndjson")
