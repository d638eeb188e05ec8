"""Plain pytest: the garbage collector runs seldom among examples only, and as before for other tests and after the session."""

import re
from pathlib import Path

import pytest

from tests.steps.run.test_plugin import output_of_pytest

FEATURE = "Feature: One\n\n  Scenario: One\n    Given a number 1\n    Then the number is 1\n"
CONFTEST = """
import gc, pytest
gc.set_threshold(701, 12, 13)

def pytest_runtest_logreport(report):
    if report.when == "call":
        print(f"[call {gc.get_threshold()[0]}]")

@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    print(f"[end {gc.get_threshold()}]")
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text(FEATURE)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    return tmp_path


def thresholds(folder: Path, *arguments: str) -> list[str]:
    return re.findall(r"\[((?:call|end) [^]]+)\]", output_of_pytest(folder, *arguments, "-s"))


def test_among_examples_only_it_runs_seldom_and_afterwards_as_before(here: Path) -> None:
    assert thresholds(here, "features") == ["call 500000", "end (701, 12, 13)"]


def test_beside_another_test_it_runs_as_before(here: Path) -> None:
    (here / "test_other.py").write_text("def test_other(): pass\n")
    assert thresholds(here, "features", "test_other.py") == ["call 701", "call 701", "end (701, 12, 13)"]
