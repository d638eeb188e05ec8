"""Main program of the process that runs a plan: pytest with this program's plugins, without any Python file near the features.

A new Python is started with this file, not with the module, so that the current folder is never searched for Python modules.
"""

import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

PLUGINS = ("steps.run.plugin", "steps.run.pytest_html", "pytest_html.plugin", "pytest_metadata.plugin")
UNUSED = (
    "cacheprovider",
    "doctest",
    "junitxml",
    "logging",
    "nose",
    "stepwise",
    "threadexception",
    "unittest",
    "unraisableexception",
    "warnings",
)


def _searched() -> tuple[str, ...]:
    """Return where modules were looked for when this process started: PYTHONPATH first, which its code could have left out of `sys.path`."""
    named = "" if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "")
    return tuple(os.path.abspath(entry) for entry in [*(named.split(os.pathsep) if named else ()), *sys.path])  # noqa: PTH100


def _find_our_packages() -> None:
    """Add the folder of this program's packages to the path in a checkout; if installed, they are already on it."""
    home = str(Path(__file__).resolve().parents[2])
    if home not in map(os.path.abspath, sys.path):
        sys.path.insert(0, home)


def _end_with_parent(from_parent: int) -> None:
    """Start a thread that kills this process and its workers when the process that started it has ended: its end of the pipe is closed.

    Standard input is empty from now on.
    """
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    threading.Thread(target=_kill_at_end_of, args=(from_parent,), daemon=True).start()


def _kill_at_end_of(descriptor: int) -> None:
    while os.read(descriptor, 1024):
        pass
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """Handle SIGTERM (a time-out of CI) like Ctrl-C, so that the record says that the run was interrupted."""
    raise KeyboardInterrupt


def arguments(plan: Path, root: Path, workers: int) -> list[str]:
    """Return the arguments of pytest. From a user come only names of existing folders, each after its option."""
    folder = plan.parent
    return [
        ".",
        f"--sop-plan={plan}",
        f"--rootdir={root.parent}",
        f"--confcutdir={root}",
        f"-c{os.devnull}",
        "--noconftest",
        "--quiet",
        "--no-header",
        "--tb=short",
        "--color=no",
        "--show-capture=all",
        "--capture=sys",
        f"--html={folder / 'pytest.html'}",
        "--self-contained-html",
        *(f"-p{plugin}" for plugin in PLUGINS),
        *(f"-pno:{plugin}" for plugin in UNUSED),
        *(("-pxdist.plugin", f"--numprocesses={workers}") if workers else ()),
    ]


def main(plan: Path, workers: int) -> int:
    """Run *plan* and return pytest's exit status; examples run in *workers* processes, or in this one if 0."""
    if not workers:
        gc.disable()  # until collection is finished, see steps.run.plugin
    _find_our_packages()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    import pytest  # noqa: PLC0415 - after the path and the signals are set

    from steps.run.plan import Plan  # noqa: PLC0415

    root = Plan.read(plan).root
    os.chdir(root)
    return int(pytest.main(arguments(plan, root, workers)))


def _write_outside_code(plan: Path, searched: Sequence[str]) -> None:
    """Write what was loaded into this process from outside the program, if the run could begin; *searched* was its path at the start."""
    from sop_runs.record.outside_code import outside_code_of_process, write_outside_code  # noqa: PLC0415
    from steps.run.plan import Plan  # noqa: PLC0415

    home = Path(__file__).resolve().parents[2]
    write_outside_code(outside_code_of_process(home, Plan.read(plan).bindings.names, searched), plan.parent)


def run_in_fork(  # noqa: PLR0913 - what a new Python gets as its surroundings
    plan: Path, workers: int, output: int, from_parent: int, lifeline: int, environment: Mapping[str, str]
) -> None:
    """Run *plan* in this process, a fork, as a new Python would run it, and end the process with pytest's exit status.

    Args:
        plan: file of the plan.
        workers: number of parallel processes, or 0.
        output: descriptor of the file for what this process prints.
        from_parent: descriptor of the reading end of the pipe from the parent.
        lifeline: descriptor of the writing end of that pipe, which only the parent must have open.
        environment: environment variables of the run.
    """
    os.setsid()
    os.close(lifeline)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", errors="backslashreplace", closefd=False) for number in (1, 2))  # noqa: SIM115
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr  # type: ignore[misc]
    os.environ.clear()
    os.environ.update(environment)
    _end_with_parent(from_parent)
    searched = _searched()
    status = main(plan, workers)
    _write_outside_code(plan, searched)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


class _QuickEnd:
    """End of this process without deleting its objects one by one, after all other functions that run at exit."""

    def __init__(self) -> None:
        self.status: int | None = None
        atexit.register(self._end)  # the first to be registered is the last to run

    def _end(self) -> None:
        if self.status is not None:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.status)


if __name__ == "__main__":
    _end_with_parent(os.dup(0))
    searched = _searched()  # before this process changes its folder or its path
    end = _QuickEnd()
    end.status = main(Path(sys.argv[1]), int(sys.argv[2]))
    _write_outside_code(Path(sys.argv[1]), searched)
    sys.exit(end.status)
