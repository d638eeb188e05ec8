"""What is measured side by side gives the same answers; how fast, no test says."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.npm_tools import node, package

ROOT = Path(__file__).parents[2]
STOCK, SOP_RUNNERS = "stock pytest-bdd", ["ours, tests alone", "ours, lint, record, JUnit and page", "ours, and the living document"]


@pytest.mark.peers
def test_the_other_rule_engines_agree_on_all_256_cases_before_they_are_timed() -> None:
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


def cucumber() -> Path | None:
    """The folder that has cucumber-js, if it and Node.js are here."""
    try:
        node()
        return package("@cucumber/cucumber").parents[2]
    except pytest.skip.Exception:
        return None


@pytest.mark.peers
def test_every_runner_at_hand_runs_the_same_scenarios_and_steps() -> None:
    tools, behave = cucumber(), importlib.util.find_spec("behave") is not None

    ran = subprocess.run(
        [sys.executable, "benchmarks/run_speed.py", "10", "--turns", "1", "--cucumber", str(tools or ROOT / "absent")],
        cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip

    assert (ran.returncode, ran.stderr) == (0, "")
    first, _, *rows = ran.stdout.splitlines()
    assert first == "10 scenarios and 30 steps passed in each of 1 turn of every runner"
    peers = [*["behave"] * behave, *["cucumber-js"] * (tools is not None)]
    assert [row[:36].strip() for row in rows if " is not installed: " not in row] == [STOCK, *peers, *SOP_RUNNERS]


def test_a_peer_that_is_not_at_hand_is_named_and_left_out(monkeypatch, tmp_path) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    race = importlib.import_module("run_speed")
    monkeypatch.setattr(race, "find_spec", lambda _: None)

    here, absent = race.runners(tmp_path)

    assert [runner.name for runner in here] == [STOCK, *SOP_RUNNERS]
    assert [line.partition(" is not installed: ")[0] for line in absent] == ["behave", "cucumber-js"]


def test_a_runner_that_ran_too_little_is_not_timed(monkeypatch, tmp_path) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    race = importlib.import_module("run_speed")
    idle = race.Runner("idle", (sys.executable, "-c", "print('9 passed in 0 s')"), ("{scenarios} passed in",))

    with pytest.raises(SystemExit, match=r"idle did not say \['10 passed in'\]"):
        race.take(idle, tmp_path, 10, None)
