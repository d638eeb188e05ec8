"""The process of a run: started, watched, and never left behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sop_runs.record.reader import RECORD, RecordTail

WORKER_FILE = Path(__file__).with_name("worker.py")
GRACE_S = 5.0
"""How long an interrupted run may take to write its last line."""
_POLL_S = 0.05
_UNWANTED_VARIABLES = frozenset({"PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONINSPECT", "PYTHONOPTIMIZE", "PYTHONSTARTUP"})
"""Variables that would change what runs, or make bindings forget their assertions."""

Progress = Callable[[int, int | None], None]
"""Is told how many examples have run, and how many are to, as soon as that is known."""


def execute_plan(folder: Path, workers: int, progress: Progress | None) -> tuple[int, bool]:
    """Start the child, wait for it, and say how it ended and whether somebody stopped it."""
    command = [sys.executable, "-P", str(WORKER_FILE), str(folder / "plan.json"), str(workers)]
    with (folder / "output.txt").open("wb") as output, _signals_as_interrupts():
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=_environment(), start_new_session=True
        )
        try:
            _watch(child, folder / RECORD, progress)
        except KeyboardInterrupt:
            _stop(child)
            return child.returncode, True
        finally:
            _kill(child)
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
    """Ask once, as Ctrl-C would; then insist."""
    with suppress(OSError, ValueError):  # Windows knows no such signal
        child.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        child.wait(GRACE_S)


def _kill(child: "subprocess.Popen[bytes]") -> None:
    """Leave nothing running, the workers included."""
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    child.wait()


@contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    """SIGTERM is taken as Ctrl-C is, where that can be arranged."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _environment() -> dict[str, str]:
    """Ours, without anything that would bring strangers into the run."""
    variables = {name: value for name, value in os.environ.items() if name not in _UNWANTED_VARIABLES}
    return {**variables, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
