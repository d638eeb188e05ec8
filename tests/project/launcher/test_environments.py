"""The launcher sets up an environment once, keeps the one that works, and replaces a damaged one."""

import os
import runpy
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.launcher_trees import BASE, ROOT, SETTING_UP, environments, launch, offline

NOT_TO_BE_HAD = f"there-is-no-such-thing==1 \\\n    --hash=sha256:{'0' * 64}\n"
pytestmark = pytest.mark.slow


def test_without_a_word_it_verifies(used):
    assert launch(used).stdout == f"{[str(used), 'ours', 'verify']}\n"


def test_a_verb_is_passed_on_with_its_arguments_and_its_status_passed_back(used):
    done = launch(used, "decide", "--stage", "a b", "é")

    assert done.stdout == f"{[str(used), 'ours', 'decide', '--stage', 'a b', 'é']}\n"
    assert done.returncode == 7


@pytest.mark.skipif(os.name == "nt", reason="`py` instead of `python3`, and other quotes")
def test_the_command_is_given_the_call_of_the_launcher_for_its_hints(used):
    assert launch(used, "name").stdout == "python3 run.py\n"
    assert launch(used, "name", folder=used.parent).stdout == f"python3 {shlex.quote(str(used / 'run.py'))}\n"


def test_it_sets_up_once(used):
    assert launch(used).stderr == ""


def test_an_environment_that_was_moved_with_its_folder_does_not_count(used: Path, tmp_path: Path) -> None:
    """Its scripts name the old folder."""
    shutil.copytree(used, tmp_path / "copy", symlinks=True)

    done = launch(tmp_path / "copy")

    assert done.stderr.startswith(SETTING_UP)
    assert len(environments(tmp_path / "copy")) == 1


def test_one_stays_where_one_is_and_no_package_of_that_folder_is_taken(used, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "steps").mkdir(parents=True)
    (elsewhere / "steps" / "__init__.py").write_text("'theirs'", encoding="utf-8")

    done = launch(used, "lint", folder=elsewhere)

    assert done.stdout == f"{[str(elsewhere), 'ours', 'lint']}\n"


def test_when_pip_fails_it_says_so_in_pips_words_and_nothing_stays(tree: Path) -> None:
    (tree / "requirements.lock").write_text(NOT_TO_BE_HAD, encoding="utf-8")

    done = launch(tree)

    assert "there-is-no-such-thing" in done.stderr
    assert done.stderr.rstrip().endswith("nothing was installed, correct this and run the command again")
    assert done.returncode == 2
    assert environments(tree) == []


def no_such_package(tree: Path, lock: str) -> str:
    (tree / lock).write_text(NOT_TO_BE_HAD, encoding="utf-8")
    return f"pip could not install {lock}"


def no_import(tree: Path, lock: str) -> str:
    (tree / lock).write_text("# changed\n", encoding="utf-8")
    (tree / "numpy.py").write_text("raise ImportError('built for another system')", encoding="utf-8")
    return "are installed, but cannot be imported: ImportError: built for another system"


def no_start(tree: Path, lock: str) -> str:
    (tree / lock).write_text("# changed\n", encoding="utf-8")
    (tree / "numpy.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGABRT)", encoding="utf-8")
    return "are installed, but cannot be imported"


@pytest.mark.parametrize("spoil", [no_such_package, no_import, no_start])
def test_a_set_up_that_fails_keeps_the_environment_that_worked(tree: Path, spoil: Callable[[Path, str], str]) -> None:
    assert launch(tree).returncode == 7
    before = environments(tree)
    reason = spoil(tree, "requirements.lock")

    done = launch(tree)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert reason in done.stderr.splitlines()[-1]
    assert done.stderr.endswith("the environment that was there is kept, correct this and run the command again\n")
    assert environments(tree) == before
    (tree / "requirements.lock").write_text("", encoding="utf-8")
    assert launch(tree).stderr == ""


@pytest.mark.parametrize("content", [b"numpy==2.4.6\n", b"-e .\n", b"<<<<<<< HEAD\n"])
def test_a_damaged_lock_is_refused_and_keeps_the_environment(tree: Path, content: bytes) -> None:
    launch(tree)
    (tree / "requirements.lock").write_bytes(content)

    done = launch(tree)

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert (
        "pip could not install requirements.lock, requirements-logs.lock (see its output above); the environment that was there is kept"
        in done.stderr
    )


def test_tools_that_cannot_be_had_leave_the_environment_for_use(tree: Path) -> None:
    assert launch(tree).returncode == 7
    (tree / "requirements-dev.lock").write_text(NOT_TO_BE_HAD, encoding="utf-8")

    assert launch(tree, "check").returncode == 2
    assert launch(tree).stderr == ""


def test_a_changed_lock_replaces_the_environment(tree: Path) -> None:
    assert launch(tree).returncode == 7
    before = environments(tree)
    (tree / "requirements.lock").write_text("# changed\n", encoding="utf-8")

    assert launch(tree).returncode == 7
    assert len(environments(tree)) == 1
    assert environments(tree) != before


def test_an_environment_in_which_a_command_runs_is_removed_when_it_has_ended(tree: Path) -> None:
    running = subprocess.Popen([BASE, tree / "run.py", "wait"], env=offline(), stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    (old,) = environments(tree)
    (tree / "requirements.lock").write_text("# changed\n", encoding="utf-8")

    launch(tree)
    assert len(environments(tree)) == 2
    running.kill()
    running.communicate()
    assert launch(tree).stderr == ""

    assert len(environments(tree)) == 1
    assert old not in environments(tree)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"folder": 1, "locks": 2}', b"[" * 100_000])
def test_an_environment_with_a_damaged_stamp_is_replaced(tree: Path, content: bytes) -> None:
    launch(tree)
    (before,) = environments(tree)
    (tree / ".venv" / before / "installed.json").write_bytes(content)

    done = launch(tree)

    assert (done.returncode, done.stderr.startswith(SETTING_UP), "Traceback" in done.stderr) == (7, True, False)
    assert before not in environments(tree)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of the open files of a process")
def test_no_file_of_the_launcher_takes_the_place_of_a_closed_stdout(used: Path) -> None:
    """Else the command would write there."""
    command = ["sh", "-c", '"$0" run.py streams >&-', BASE]

    assert subprocess.run(command, cwd=used, env=offline(), check=False).returncode == 0


PIP = ["Collecting click==8.5.1", "  Using cached click", "Collecting numpy==2.4.6 (from -r x.lock (line 3))"]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([], "starting pip"),
        (PIP, "fetching package 2 of 29, numpy"),
        ([*PIP, "Installing collected packages: click, numpy"], "unpacking 29 packages"),
    ],
)
def test_progress_is_read_from_the_lines_of_pip(lines: list[str], text: str) -> None:
    assert runpy.run_path(str(ROOT / "run.py"))["progress"](lines, 29) == text


OTHER_PYTHON = "import runpy, sys; sys.version, sys.argv = 'another', ['run.py']; runpy.run_path('run.py', run_name='__main__')"


def test_two_pythons_keep_two_environments(tree: Path) -> None:
    def other() -> str:
        return subprocess.run([BASE, "-c", OTHER_PYTHON], cwd=tree, env=offline(), capture_output=True, text=True, check=False).stderr

    assert launch(tree).stderr.startswith(SETTING_UP)
    assert other().startswith(SETTING_UP)

    assert launch(tree).stderr == other() == ""
    assert len(environments(tree)) == 2


def test_an_environment_of_the_former_launcher_is_removed(tree: Path) -> None:
    """That one installed into `.venv` itself."""
    for name in (
        "bin/python",
        "lib/python3/site.py",
        "pyvenv.cfg",
        "requirements.lock.installed",
        "requirements-dev.lock.installed",
        "mine",
    ):
        (tree / ".venv" / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / ".venv" / name).touch()

    assert launch(tree).returncode == 7
    assert environments(tree)[1:] == ["mine"]
