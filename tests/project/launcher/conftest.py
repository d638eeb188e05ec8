"""Small trees of the launcher: the lock is empty, and `sop` says what it was given."""

from pathlib import Path

import pytest

from tests.support.launcher_trees import SETTING_UP, launch, make_tree


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree in which nothing was done yet."""
    return make_tree(tmp_path)


@pytest.fixture(scope="session")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree that was set up; setting up takes seconds, so tests that leave it as it is share it."""
    tree = make_tree(tmp_path_factory.mktemp("used"))
    done = launch(tree)
    assert done.stderr.startswith(f"{SETTING_UP}: 0 packages of requirements.lock, requirements-logs.lock\n")
    return tree
