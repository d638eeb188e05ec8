"""What is measured side by side gives the same answers; how fast, no test says."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_the_rule_engines_agree_with_ours_on_all_256_cases_before_they_are_timed() -> None:
    pytest.importorskip("zen")
    pytest.importorskip("rule_engine")

    ran = subprocess.run(
        [sys.executable, "benchmarks/decide.py", "--rounds", "1", "--copies", "1"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("6 contenders agree on all 256 cases, outcome and tasks\n")
