"""The launcher passes signals on, and runs the tests in their order."""

import ast
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.launcher_trees import BASE, SETTING_UP, launch, make_tree, offline, processes_in

pytestmark = pytest.mark.slow


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_interrupted_it_lets_the_command_end_in_its_own_way(used):
    """The command takes its time to put its things in order, and its status is what comes back."""
    launched = subprocess.Popen([BASE, used / "run.py", "wait"], env=offline(), stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert launched.stdout is not None
    assert launched.stdout.readline() == "ready\n"
    time.sleep(0.1)

    os.killpg(launched.pid, signal.SIGINT)

    assert launched.communicate(timeout=30)[0] == "in order\n"
    assert launched.returncode == 130


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_launcher_ends_the_tests_and_what_would_follow(developed: Path, number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_DFL)  # below nohup, SIGHUP is ignored and the launcher would inherit that
    try:
        launched = subprocess.Popen(
            [BASE, "run.py", "test"], cwd=developed, env={**offline(), "WAIT": "1"}, stdout=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(number, before)
    assert launched.stdout is not None
    assert launched.stdout.readline() == "the quick tests ...\n"
    assert launched.stdout.readline().startswith("pytest ")

    launched.send_signal(number)

    assert launched.communicate(timeout=30)[0] == ""
    assert launched.returncode == 128 + number
    assert processes_in(developed) == []


def test_two_first_uses_at_once_set_up_once_and_both_answer(tree: Path) -> None:
    both = [subprocess.Popen([BASE, "run.py", "x"], cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    output = [process.communicate(timeout=120) for process in both]

    assert [process.returncode for process in both] == [7, 7]
    assert sum(SETTING_UP in err for _, err in output) == 1
    assert all("'x'" in out for out, _ in output)


@pytest.fixture(scope="module")
def developed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with the tools of development, where pytest says what it was given."""
    tree = make_tree(tmp_path_factory.mktemp("developed"))
    assert launch(tree, "test", "-q").returncode == 0
    return tree


def parts(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What was run, by its marks or its verb, and what was said of it, without the seconds."""
    output = [re.sub(r"\d+ s$", "", line) for line in done.stdout.splitlines()]
    return [ast.literal_eval(line.removeprefix("pytest "))[-1] if line.startswith("pytest ") else line for line in output]


def test_the_quick_tests_come_first_then_the_slow_ones_then_the_specification(developed):
    done = launch(developed, "test")

    assert parts(done) == [
        *("the quick tests ...", "not slow and not peers", "the quick tests passed in "),
        *("the slow tests ...", "slow and not peers", "the slow tests passed in "),
        f"{[str(developed), 'ours', 'verify']}",
    ]
    assert done.returncode == 7


def test_the_outcome_of_the_quick_tests_is_said_at_once_and_is_not_forgotten(developed, monkeypatch):
    monkeypatch.setenv("STATUS_OF_QUICK", "9")

    done = launch(developed, "test")

    assert parts(done)[:5] == [
        "the quick tests ...",
        "not slow and not peers",
        "the quick tests failed in ",
        "the slow tests ...",
        "slow and not peers",
    ]
    assert done.returncode == 9


def test_quick_stops_after_the_first_part_and_all_adds_the_peers(developed):
    quick, everything = launch(developed, "test", "--quick"), launch(developed, "test", "--all")

    assert (parts(quick)[1::2], quick.returncode) == (["not slow and not peers"], 0)
    assert parts(everything)[1:5:3] == ["not slow and not peers", "slow or peers"]


def test_with_other_arguments_it_is_pytest_and_nothing_else(developed):
    done = launch(developed, "test", "-q", "tests/x.py", "--quick")

    assert (done.stdout, done.returncode) == ("pytest ['-q', 'tests/x.py', '--quick']\n", 0)
