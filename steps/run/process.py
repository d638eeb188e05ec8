"""Process of a run: starts, monitors and terminates the process that runs pytest.

On Linux it is a fork of this process, which has already imported most of what a run needs; see `can_fork`. Otherwise a new Python.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sop_engine.engine import FOLDER
from sop_engine.versions import chosen_version, variables_for_children
from sop_runs.record.reader import RECORD, RecordTail
from steps.run import worker
from steps.run.plan import PLAN

GRACE_S = 3.0
"""Seconds between SIGINT and SIGKILL, in which an interrupted run can write its last line."""
_POLL_S = 0.05
_UNWANTED_VARIABLES = frozenset({"PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONINSPECT", "PYTHONOPTIMIZE", "PYTHONSTARTUP"})
"""Environment variables that would change what runs, or disable the assertions of step definitions."""

Progress = Callable[[int, int | None], None]
"""Callback with the number of examples that have run, and of those that will run (None until it is known)."""


@dataclass(frozen=True, slots=True)
class _Child:
    """The process of a run; *wait* waits some seconds for its end and returns its exit status, None while it runs."""

    pid: int
    wait: Callable[[float | None], int | None]


def execute_plan(folder: Path, workers: int, progress: Progress | None) -> tuple[int, bool]:
    """Start the child process and wait for it; return its exit status and whether it was interrupted.

    The child has the reading end of a pipe from this process, so that it sees the end of this process, however that ends, and ends too.
    """
    from_parent, lifeline = os.pipe()
    try:
        with (folder / "output.txt").open("wb") as output:
            start = _fork if can_fork() else _spawn
            child = start(folder / PLAN, workers, output.fileno(), from_parent, lifeline)
        try:
            return _watch(child, folder / RECORD, progress), False
        except KeyboardInterrupt:
            _stop(child)
            return _kill(child), True
        finally:
            _kill(child)
    finally:
        os.close(from_parent)
        os.close(lifeline)


def can_fork() -> bool:
    """Return whether a fork of this process runs a plan as a new Python would.

    So it does not with other threads, with a debugger, inside pytest, without assertions, with modules of the current folder, or with
    another rulebook than this process has read.
    """
    alone = threading.active_count() == 1 and sys.gettrace() is None and sys.getprofile() is None
    strict = not sys.flags.optimize and (sys.flags.safe_path or sys.path[0] not in {"", os.getcwd()})  # noqa: PTH109 - as Python wrote it
    in_pytest = any(type(finder).__name__ == "AssertionRewritingHook" for finder in sys.meta_path)
    same_rulebook = str(chosen_version()) == str(FOLDER)
    return sys.platform == "linux" and alone and strict and same_rulebook and not in_pytest


def _fork(plan: Path, workers: int, output: int, from_parent: int, lifeline: int) -> _Child:
    child = multiprocessing.get_context("fork").Process(
        target=worker.run_in_fork, args=(plan, workers, output, from_parent, lifeline, _environment())
    )
    child.start()

    def wait(seconds: float | None) -> int | None:
        child.join(seconds)
        return child.exitcode

    return _Child(child.pid or 0, wait)


def _spawn(plan: Path, workers: int, output: int, from_parent: int, lifeline: int) -> _Child:  # noqa: ARG001 - closed at the start
    command = [sys.executable, "-P", str(Path(worker.__file__)), str(plan), str(workers)]
    child = subprocess.Popen(
        command, stdin=from_parent, stdout=output, stderr=subprocess.STDOUT, env=_environment(), start_new_session=True
    )

    def wait(seconds: float | None) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
        return child.returncode

    return _Child(child.pid, wait)


def _watch(child: _Child, record: Path, progress: Progress | None) -> int:
    tail = RecordTail(record)
    while True:
        status = child.wait(_POLL_S)
        if progress is not None:
            progress(*tail.counts())
        if status is not None:
            return status


def _stop(child: _Child) -> None:
    """Send SIGINT, as Ctrl-C does, and wait for `GRACE_S`; the caller then kills the process."""
    with suppress(OSError, ValueError):  # Windows has no such signal
        os.kill(child.pid, signal.SIGINT)
    with suppress(KeyboardInterrupt):
        child.wait(GRACE_S)


def _kill(child: _Child) -> int:
    """Kill the child process and its workers, and return its exit status."""
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.wait(0) is None:
        os.kill(child.pid, signal.SIGTERM)  # on Windows, which has no other, this ends the process at once
    return child.wait(None) or 0


def _environment() -> dict[str, str]:
    """Return this process's environment without variables that would load other plugins or change the run."""
    variables = {name: value for name, value in os.environ.items() if name not in _UNWANTED_VARIABLES}
    return {**variables, **variables_for_children(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
