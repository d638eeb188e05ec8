"""The launcher, in a small tree of its own whose lock is empty and whose `sop` says what it was given."""

import ast
import os
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.launcher_trees import BASE, ROOT, SETTING_UP, environments, launch, locks_of, make_tree, offline, processes_in

NOT_TO_BE_HAD = f"there-is-no-such-thing==1 \\\n    --hash=sha256:{'0' * 64}\n"
pytestmark = pytest.mark.slow


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree in which nothing was done yet."""
    return make_tree(tmp_path)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree that was set up; setting up takes seconds, so tests that leave it as it is share it."""
    tree = make_tree(tmp_path_factory.mktemp("used"))
    done = launch(tree)
    assert done.stderr.startswith(f"{SETTING_UP}: 0 packages of requirements.lock, requirements-logs.lock\n")
    return tree


def error_of(done: subprocess.CompletedProcess[str]) -> str:
    """The only line that a launch wrote, if it refused to start."""
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    return line


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


# Extras


def test_the_first_start_installs_what_the_specification_needs_and_nothing_else(used: Path) -> None:
    """Examples of audits read tables with the package of the extra."""
    assert locks_of(used) == {"main", "logs"}


def test_a_command_that_runs_no_features_needs_less(tree: Path) -> None:
    launch(tree, "decide")

    assert locks_of(tree) == {"main"}


def test_an_extra_is_installed_with_the_command_that_needs_it(tree: Path) -> None:
    launch(tree, "decide")

    done = launch(tree, "ask")

    assert done.stderr.startswith(
        "the package `pyarrow` comes with the extra `logs`, which is installed now\n"
        f"{SETTING_UP}: 0 packages of requirements.lock, requirements-logs.lock\n"
    )
    assert done.stdout == "python3 run.py\n", "the hints name the call of the user"
    assert done.returncode == 0
    assert launch(tree, "--with", "logs", "extras").stdout == "logs\n"
    assert launch(tree).stderr == ""
    assert locks_of(tree) == {"main", "logs"}


def test_an_extra_that_was_installed_stays_when_another_comes(tree: Path) -> None:
    assert launch(tree, "setup", "logs").returncode == 0
    assert launch(tree, "setup", "cluster").returncode == 0

    assert locks_of(tree) == {"main", "logs", "cluster"}


def test_everything_can_be_installed_ahead(tree: Path) -> None:
    done = launch(tree, "setup", "--all")

    assert locks_of(tree) == {"main", "logs", "cluster", "spreadsheets", "workbench", "audit", "dev"}
    assert subprocess.run([done.stdout.rstrip("\n"), "-c", ""], check=False).returncode == 0
    assert launch(tree, "setup", "logs").stdout == done.stdout
    assert launch(tree, "test", "-q").stderr == ""


@pytest.mark.parametrize("arguments", [("setup", "log"), ("setup", "--al"), ("--with", "web", "verify"), ("--with",)])
def test_an_unknown_extra_is_refused(used: Path, arguments: tuple[str, ...]) -> None:
    assert "expected one of logs, cluster, spreadsheets, workbench, audit" in error_of(launch(used, *arguments))


# Places that cannot be used


def colon(tree: Path) -> Path:
    return tree.rename(tree.with_name(f"a{os.pathsep}b"))


def no_text(tree: Path) -> Path:
    return tree.rename(tree.with_name("a\udcff"))


def file(tree: Path) -> None:
    (tree / ".venv").write_text("mine", encoding="utf-8")


def fifo(tree: Path) -> None:
    os.mkfifo(tree / ".venv")


def link(tree: Path) -> None:
    (tree.parent / "elsewhere").mkdir()
    (tree / ".venv").symlink_to(tree.parent / "elsewhere")


def dead_link(tree: Path) -> None:
    (tree / ".venv").symlink_to("nothing")


def no_lock(tree: Path) -> None:
    (tree / "requirements.lock").unlink()


def folder_as_lock(tree: Path) -> None:
    no_lock(tree)
    (tree / "requirements.lock").mkdir()


def damaged_lock(tree: Path) -> None:
    (tree / "requirements.lock").write_bytes(b"\xff\xfe\0")


def fifo_as_lock(tree: Path) -> None:
    no_lock(tree)
    os.mkfifo(tree / "requirements.lock")


PLACES = {
    colon: "rename or move the folder",
    no_text: "is not UTF-8 text",
    damaged_lock: "`requirements.lock` is damaged",
    file: "`.venv` is not a folder; remove it",
    fifo: "`.venv` is not a folder; remove it",
    link: "`.venv` is a link; remove it",
    dead_link: "`.venv` is a link; remove it",
    no_lock: "`requirements.lock` cannot be read (No such file or directory)",
    folder_as_lock: "`requirements.lock` is not a file; restore it",
    fifo_as_lock: "`requirements.lock` is not a file; restore it",
}


@pytest.mark.skipif(os.name == "nt", reason="links and FIFOs of POSIX")
@pytest.mark.parametrize("spoil", PLACES)
def test_a_place_that_cannot_be_used_is_refused_in_one_line(tree: Path, spoil: Callable[[Path], Path | None]) -> None:
    place = spoil(tree) or tree

    assert PLACES[spoil] in error_of(launch(place))
    if spoil is link:
        assert list((tree.parent / "elsewhere").iterdir()) == []
    if spoil is file:
        assert (tree / ".venv").read_text(encoding="utf-8") == "mine"


NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}


def public_python() -> str | None:
    """A Python that other users can run, with pip."""
    for python in (BASE, shutil.which("python3", path="/usr/bin"), shutil.which("python3.11", path="/usr/bin")):
        with suppress(OSError, TypeError):
            code = "import sys, pip, venv; sys.exit(sys.version_info < (3, 11))"
            if subprocess.run([python, "-c", code], **NOBODY, cwd="/", capture_output=True, check=False).returncode == 0:
                return python
    return None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
def test_a_folder_of_another_user_is_refused_in_one_line_unless_it_is_set_up() -> None:
    python = public_python()
    if python is None:
        pytest.skip("no Python that other users can run")
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        tree = make_tree(Path(name))

        refused = launch(tree, python=python, **NOBODY)
        launch(tree, python=python)
        used = launch(tree, python=python, **NOBODY)

    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    assert refused.stderr.splitlines()[-1].startswith(f"error: `{tree / '.venv'}` cannot be written or run (Permission denied)")
    assert (used.returncode, used.stderr) == (7, "")


OLDER = [*Path.home().glob(".pyenv/versions/3.[6-9].*/bin/python"), *Path.home().glob(".pyenv/versions/3.10.*/bin/python")]


@pytest.mark.parametrize("python", OLDER, ids=lambda python: python.parts[-3])
def test_an_older_python_is_refused_in_one_line(used: Path, python: Path) -> None:
    done = subprocess.run([python, "run.py"], cwd=used, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)

    assert f"Python 3.11 or newer is needed, this is {'.'.join(python.parts[-3].split('.')[:2])} (" in error_of(done)


def test_a_python_that_says_it_is_older_is_refused_in_one_line(used: Path) -> None:
    code = "import runpy, sys; sys.version_info = (3, 10, 1); runpy.run_path('run.py', run_name='__main__')"
    done = subprocess.run([BASE, "-c", code], cwd=used, capture_output=True, text=True, check=False)

    assert "Python 3.11 or newer is needed, this is 3.10 (" in error_of(done)


# Signals


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
    told = [each.communicate(timeout=120) for each in both]

    assert [each.returncode for each in both] == [7, 7]
    assert sum(SETTING_UP in err for _, err in told) == 1
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
