"""A step that does not come back holds up nothing but its own scenario, and makes nothing green."""

import json
import signal
import threading
from pathlib import Path

import pytest

from sop_cli.main import main
from sop_runs.record.verdict_text import reason_texts
from steps.run.runner import RunError, RunResult, run
from steps.run.time_limit import Limit, TimeLimitError, hard_end_message
from tests.support.run_features import BINDINGS, feature

pytestmark = pytest.mark.slow

REMEDY = "make it faster, or raise the limit with `sop verify --limit SECONDS`"
ENDLESS = ["When 60000 ms go by", "When a loop of Python does not end", "When a loop of Python does not end and swallows what it can"]


def go(folder: Path, tmp_path: Path, limit: float = 0.3, workers: int = 0) -> RunResult:
    return run([folder], out=tmp_path / "runs", bindings=BINDINGS, limit=limit, workers=workers)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_step_without_an_end_fails_its_scenario_and_the_run_goes_on(tmp_path, workers):
    folder = feature(tmp_path / "features", "good.feature", "Then the number is 1")
    for number, step in enumerate(ENDLESS):
        feature(folder, f"bad{number}.feature", step, "Then the number is 1")

    result = go(folder, tmp_path, workers=workers)

    assert (result.verdict.state, reason_texts(result.verdict)) == ("complete", ("3 examples failed",))
    assert (result.verdict.counts.executed, result.verdict.counts.passed) == (4, 1)
    assert [(failure.step, failure.status) for failure in result.verdict.failures] == [(step, "broken") for step in ENDLESS]
    for failure in result.verdict.failures:
        assert failure.message.startswith("the example exceeded its time limit of 0.3 s in this step (tests/support/run_bindings.py:")
        assert failure.message.endswith(REMEDY)


def test_many_short_steps_are_over_the_limit_together_and_one_scenario_has_nothing_to_do_with_the_next(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", *["When 120 ms go by", "Then the number is 1"] * 5)
    feature(folder, "b.feature", "When 120 ms go by", "Then the number is 1")

    result = go(folder, tmp_path, limit=0.4)

    assert [(failure.path, failure.line, failure.status) for failure in result.verdict.failures] == [("a.feature", 11, "broken")]


def test_a_known_failure_does_not_excuse_a_step_without_an_end(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "When 60000 ms go by", "Then the number is 2")
    file = folder / "a.feature"
    good = file.read_text()
    file.write_text(good.replace("  Scenario", "  @expected-to-fail\n  Scenario").replace("    Given", "    It is too slow.\n\n    Given"))

    result = go(folder, tmp_path)

    assert (result.verdict.good, [failure.status for failure in result.verdict.failures]) == (False, ["broken"])


def test_a_binding_that_does_not_close_in_time_spoils_its_scenario(tmp_path):
    folder = tmp_path / "features"
    folder.mkdir()
    steps = "    Given an opened number 1 that takes for ever to close\n    Then the number is 1\n"
    (folder / "a.feature").write_text(f"Feature: A\n\n  Scenario: Closes\n{steps}")

    result = go(folder, tmp_path)

    assert [failure.status for failure in result.verdict.failures] == ["broken"]
    assert "after the last step: the example exceeded its time limit of 0.3 s in this step" in result.verdict.failures[0].message


def test_a_step_that_does_not_listen_ends_the_run_which_says_where(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")
    feature(folder, "b.feature", "When a loop of C does not end", "Then the number is 1")
    feature(folder, "c.feature", "Then the number is 1, and its double 2")

    result = go(folder, tmp_path)

    assert (result.verdict.good, result.verdict.state) == (False, "incomplete")
    first, why = reason_texts(result.verdict)
    assert first == "the run did not finish: it was killed or crashed after 1 of 3 examples"
    assert why.startswith(
        "an example exceeded its time limit in a step that could not be interrupted (busy at tests/support/run_bindings.py:"
    )
    assert why.endswith(REMEDY)


def test_a_worker_whose_step_does_not_listen_costs_one_scenario(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")
    feature(folder, "b.feature", "When a loop of C does not end", "Then the number is 1")
    feature(folder, "c.feature", "Then the number is 1, and its double 2")

    result = go(folder, tmp_path, workers=2)

    assert (result.verdict.state, reason_texts(result.verdict)) == ("complete", ("1 example failed",))
    assert [(failure.path, failure.status) for failure in result.verdict.failures] == [("b.feature", "broken")]


@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf"), 100_000])
def test_a_limit_that_is_none_is_refused(tmp_path, limit):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")

    with pytest.raises(RunError, match=r"a time limit of .+ s is not allowed"):
        go(folder, tmp_path, limit=limit)
    assert not (tmp_path / "runs").exists()


def test_the_command_takes_a_limit_and_refuses_one_that_is_none(tmp_path, capsys):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")

    assert main(["verify", str(folder), "--out", str(tmp_path / "build"), "--limit", "0"]) == 2
    assert "--limit" in capsys.readouterr().err
    assert main(["verify", str(folder), "--out", str(tmp_path / "build"), "--no-docs", "--limit", "7.5"]) == 1  # its steps are undefined
    (plan,) = (tmp_path / "build" / "runs").glob("*/plan.json")
    assert json.loads(plan.read_text())["limit"] == 7.5


def test_nothing_else_that_a_process_says_is_taken_for_its_hard_end():
    assert hard_end_message("") is None
    assert hard_end_message("it took a Timeout (0:00:03)! and went on\n") is None
    assert "busy at" not in (hard_end_message("Timeout (0:00:03)!\n") or "")


@pytest.fixture
def alarms():
    """Tests watch scenarios in their own process, where no other alarm is set."""
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.signal(signal.SIGALRM, before)


def test_beside_the_main_thread_a_step_that_took_too_long_is_known_when_it_returns():
    actual = []

    def elsewhere() -> None:
        limit = Limit(0.01)
        with limit:
            actual.append(limit.is_exceeded)
            limit.watch(lambda: threading.Event().wait(0.05))
            actual.append(limit.is_exceeded)
        limit.cancel_hard_end()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert actual == [False, True]


@pytest.mark.usefixtures("alarms")
def test_without_alarms_nothing_is_interrupted(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")
    monkeypatch.delattr(signal, "SIGALRM")
    limit = Limit(0.01)

    with limit:
        limit.watch(lambda: threading.Event().wait(0.05))
        assert limit.is_exceeded
    limit.cancel_hard_end()


@pytest.mark.usefixtures("alarms")
def test_the_alarm_strikes_nothing_but_a_binding():
    limit = Limit(0.01)

    with limit:
        threading.Event().wait(0.05)
        assert limit.is_exceeded
    with limit, pytest.raises(TimeLimitError):
        limit.watch(lambda: threading.Event().wait(5))
    limit.cancel_hard_end()
