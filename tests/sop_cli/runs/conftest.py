"""A small project of feature files."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from steps.definitions.decorators import DEFINITIONS
from steps.definitions.discovery import FOLDERS
from tests.support.verified_project import BAD, GOOD, KNOWN, NUMBERS, Project


@pytest.fixture
def sop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    project = Project(tmp_path, capsys)
    project.write("a", A1=GOOD, A2=BAD, more=KNOWN)
    project.write("b", B1=BAD, B2=GOOD)
    return project


@pytest.fixture
def module() -> Iterator[str]:
    """The name of a module with step definitions that no other test uses."""
    name = f"steps_of_chosen_run_{next(NUMBERS)}"
    yield name
    FOLDERS.pop(name, None)
    DEFINITIONS.pop(name, None)
    sys.modules.pop(name, None)
