"""What is slow, or needs other people's programs, is marked where that can be seen without running it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("marks", "paths"),
    [
        (
            "not slow",
            [
                "tests/browser/test_print.py",
                "tests/steps/run/test_pytest_html.py::test_the_page_runs_in_a_browser_without_a_foreign_script",
                "tests/steps/run/test_known_failures.py::test_a_known_failure_is_reported_and_the_run_is_good[2]",
            ],
        ),
        ("not peers", ["tests/compatibility"]),
        (
            "slow or peers",
            [
                "tests/steps/run/test_known_failures.py::test_a_known_failure_is_reported_and_the_run_is_good[0]",
                "tests/sop_engine/test_ids.py",
            ],
        ),
    ],
)
def test_nothing_is_left_of_a_kind_that_is_left_out(marks: str, paths: list[str]) -> None:
    command = [sys.executable, "-P", "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", "-m", marks, *paths]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, done.stdout
    assert "error" not in done.stdout
    assert " deselected" in done.stdout
