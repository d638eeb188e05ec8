"""Process of a run: starts, monitors and terminates the pytest process."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sop_engine.versions import variables_for_children
from sop_runs.record.reader import RECORD, RecordTail
from steps.run.plan import PLAN

WORKER_FILE = Path(__file__).with_name("worker.py")
GRACE_S = 3.0
"""Seconds between SIGINT and SIGKILL, in which an interrupted run can write its last line."""
_POLL_S = 0.05
_UNWANTED_VARIABLES = frozenset({"PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONINSPECT", "PYTHONOPTIMIZE", "PYTHONSTARTUP"})
"""Environment variables that would change what runs, or disable the assertions of step definitions."""

Progress = Callable[[int, int | None], None]
"""Callback with the number of examples that have run, and of those that will run (None until it is known)."""


def execute_plan(folder: Path, workers: int, progress: Progress | None) -> tuple[int, bool]:
    """Start the child process and wait for it; return its exit status and whether it was interrupted.

    Standard input of the child is a pipe from this process, so that it sees the end of this process, however that ends, and ends too.
    """
    command = [sys.executable, "-P", str(WORKER_FILE), str(folder / PLAN), str(workers)]
    with (folder / "output.txt").open("wb") as output:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, env=_environment(), start_new_session=True
        )
        try:
            _watch(child, folder / RECORD, progress)
        except KeyboardInterrupt:
            _stop(child)
            return child.returncode, True
        finally:
            _kill(child)
            if child.stdin is not None:
                child.stdin.close()
    return child.returncode, False


def _watch(child: "subprocess.Popen[bytes]", record: Path, progress: Progress | None) -> None:
    tail = RecordTail(record)
    while True:
        with suppress(subprocess.TimeoutExpired):
            child.wait(_POLL_S)
        if progress is not None:
            progress(*tail.counts())
        if child.returncode is not None:
            return


def _stop(child: "subprocess.Popen[bytes]") -> None:
    """Send SIGINT, as Ctrl-C does, and wait for `GRACE_S`; the caller then kills the process."""
    with suppress(OSError, ValueError):  # Windows has no such signal
        child.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        child.wait(GRACE_S)


def _kill(child: "subprocess.Popen[bytes]") -> None:
    """Kill the child process and its workers, and close its standard input."""
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    child.wait()
    if child.stdin is not None:
        child.stdin.close()


def _environment() -> dict[str, str]:
    """Return this process's environment without variables that would load other plugins or change the run."""
    variables = {name: value for name, value in os.environ.items() if name not in _UNWANTED_VARIABLES}
    return {**variables, **variables_for_children(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
