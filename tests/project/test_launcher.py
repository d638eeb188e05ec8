"""The launcher, in a small tree of its own whose lock is empty and whose `sop` says what it was given."""

import ast
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.slow

LAUNCHER = Path(__file__).resolve().parents[2] / "run.py"
BASE = getattr(sys, "_base_executable", sys.executable)  # the Python that made this environment: it has the pip
NOT_TO_BE_HAD = f"there-is-no-such-thing==1 \\\n    --hash=sha256:{'0' * 64}\n"
SOP = """
import os, sys, time
import steps
if sys.argv[1:] == ["wait"]:
    try:
        print("ready", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        time.sleep(1)
        print("in order")
        sys.exit(130)
if sys.argv[1:] == ["name"]:
    print(os.environ["SOP_CALLED_AS"])
    sys.exit(0)
print([os.getcwd(), steps.__doc__, *sys.argv[1:]])
sys.exit(7)
"""


PYTEST = """
import os, sys
print("pytest", sys.argv[1:], flush=True)
sys.exit(int(os.environ.get("STATUS_OF_QUICK", "0")) if "not slow and not peers" in sys.argv else 0)
"""


def make_tree(folder: Path) -> Path:
    tree = folder / "a tree é"
    (tree / "sop_cli").mkdir(parents=True)
    (tree / "steps").mkdir()
    (tree / "sop_cli" / "__init__.py").touch()
    (tree / "sop_cli" / "main.py").write_text(SOP, encoding="utf-8")
    (tree / "steps" / "__init__.py").write_text("'ours'", encoding="utf-8")
    (tree / "pytest.py").write_text(PYTEST, encoding="utf-8")
    (tree / "requirements.lock").touch()
    (tree / "requirements-dev.lock").touch()
    shutil.copy(LAUNCHER, tree)
    return tree


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree in which nothing was done yet."""
    return make_tree(tmp_path)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree that was set up; setting up takes seconds, so tests that leave it as it is share it."""
    tree = make_tree(tmp_path_factory.mktemp("used"))
    done = launch(tree)
    assert done.stderr == "setting up .venv from requirements.lock ...\n"
    return tree


def launch(tree: Path, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [BASE, tree / "run.py", *arguments]
    return subprocess.run(
        command, cwd=folder or tree, env=offline(), capture_output=True, check=False, encoding="utf-8", stdin=subprocess.DEVNULL
    )


def offline() -> dict[str, str]:
    return {**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}


def launcher_of(tree: Path) -> ModuleType:
    spec = spec_from_file_location("launcher", tree / "run.py")
    assert spec is not None
    assert spec.loader is not None
    launcher = module_from_spec(spec)
    spec.loader.exec_module(launcher)
    return launcher


def test_without_a_word_it_verifies(used):
    assert launch(used).stdout == f"{[str(used), 'ours', 'verify']}\n"


def test_a_verb_is_passed_on_with_its_arguments_and_its_status_passed_back(used):
    done = launch(used, "decide", "--stage", "a b", "é")

    assert done.stdout == f"{[str(used), 'ours', 'decide', '--stage', 'a b', 'é']}\n"
    assert done.returncode == 7


@pytest.mark.skipif(os.name == "nt", reason="`py` instead of `python3`, and other quotes")
def test_the_command_is_given_the_call_of_the_launcher_for_its_hints(used):
    assert launch(used, "name").stdout == f"python3 {shlex.quote(str(used / 'run.py'))}\n"


def test_it_sets_up_once(used):
    assert launch(used).stderr == ""


def test_only_the_very_lock_counts_as_installed(used, tmp_path):
    """Not a changed lock, not an environment half made or moved to another folder: its scripts name the old one."""
    launcher = launcher_of(used)
    lock = tmp_path / "requirements.lock"
    lock.write_text("# changed\n", encoding="utf-8")
    elsewhere = tmp_path / "copy"
    shutil.copytree(used, elsewhere, symlinks=True)
    half_made = launcher_of(elsewhere)

    assert launcher.is_installed(launcher.TO_USE)
    assert not launcher.is_installed(lock)
    assert not launcher.is_installed(launcher.TO_DEVELOP)
    assert not half_made.is_installed(half_made.TO_USE)


def test_one_stays_where_one_is_and_no_package_of_that_folder_is_taken(used, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "steps").mkdir(parents=True)
    (elsewhere / "steps" / "__init__.py").write_text("'theirs'", encoding="utf-8")

    done = launch(used, "lint", folder=elsewhere)

    assert done.stdout == f"{[str(elsewhere), 'ours', 'lint']}\n"


def test_when_pip_fails_it_says_so_in_pips_words_and_nothing_stays(tree):
    (tree / "requirements.lock").write_text(NOT_TO_BE_HAD, encoding="utf-8")

    done = launch(tree)

    assert "there-is-no-such-thing" in done.stderr
    assert done.stderr.rstrip().endswith("nothing was installed, correct this and run the command again")
    assert done.returncode == 1
    assert not (tree / ".venv").exists()


def test_when_the_tools_cannot_be_had_nothing_half_installed_stays(tree):
    """The tools come on top of what is needed to use it; here the first lock goes in and the second does not."""
    (tree / "requirements-dev.lock").write_text(NOT_TO_BE_HAD, encoding="utf-8")

    done = launch(tree, "check")

    assert done.stderr.startswith("setting up .venv from requirements.lock and requirements-dev.lock ...\n")
    assert "could not install requirements-dev.lock" in done.stderr
    assert done.returncode == 1
    assert not (tree / ".venv").exists()


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


def test_two_first_uses_at_once_set_up_once_and_both_answer(tree: Path) -> None:
    both = [subprocess.Popen([BASE, "run.py", "x"], cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [each.communicate(timeout=120) for each in both]

    assert [each.returncode for each in both] == [7, 7]
    assert sum("setting up .venv from" in err for _, err in told) == 1
    assert all("'x'" in out for out, _ in told)


@pytest.fixture(scope="module")
def developed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with the tools of development, where pytest says what it was given."""
    tree = make_tree(tmp_path_factory.mktemp("developed"))
    assert launch(tree, "test", "-q").returncode == 0
    return tree


def parts(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What was run, by its marks or its verb, and what was said of it, without the seconds."""
    said = [re.sub(r"\d+ s$", "", line) for line in done.stdout.splitlines()]
    return [ast.literal_eval(line.removeprefix("pytest "))[-1] if line.startswith("pytest ") else line for line in said]


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
