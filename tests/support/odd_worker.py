"""A worker of the workbench whose methods sleep, die, print, start processes, or return what is no JSON; started as a script."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from sop_cli.web import context, methods, worker
from steps.run.runner import run


def echo(value: Any, mark: str = "") -> Any:
    """Return *value*; write the file *mark*."""
    if mark:
        Path(mark).touch()
    return value


def variable(name: str) -> str:
    """Return an environment variable of this process."""
    return os.environ[name]


def sleep(mark: str, seconds: float = 60.0) -> int:
    """Write the own process id to the file *mark*, then sleep."""
    Path(mark).write_text(str(os.getpid()))
    time.sleep(seconds)
    return os.getpid()


def with_child(mark: str) -> None:
    """Write the ids of a child process and of this one to *mark*, then wait for the child."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(mark).write_text(f"{child.pid} {os.getpid()}")
    child.wait()


def run_all(mark: str) -> bool:
    """Run all features of the working directory, with the file *mark* for the id of this process."""
    Path(mark).write_text(str(os.getpid()))
    done = run([context.FEATURES_ROOT], out=Path(tempfile.mkdtemp()), bindings=context.bindings())
    return done.record.exists()


def count(to: int) -> Generator[dict[str, int], None, int]:
    """Yield each number."""
    for number in range(to):
        yield {"number": number}
    return to


def write(text: str) -> str:
    """Print *text* wherever a program can print."""
    sys.stdout.write(text)
    sys.stderr.write(text)
    os.write(1, text.encode())
    os.system("echo from a child")  # noqa: S605
    return input() if text == "input" else text


def end(status: int) -> None:
    """End the process."""
    os._exit(status)


def fail() -> None:
    """Fail as a program does that has a fault."""
    raise LookupError("a fault")


RESULTS: dict[str, Callable[[], Any]] = {
    "object": object, "bytes": lambda: b"x", "nan": lambda: float("nan"), "half a character": lambda: "\ud800", "set": lambda: {1},
    "key": lambda: {(1, 2): 3}, "circle": lambda: _circle([]), "deep": lambda: _deep(100_000),
}  # fmt: skip


def result(kind: str) -> Any:
    """Return something odd."""
    return RESULTS[kind]()


def _circle(circle: list[Any]) -> list[Any]:
    circle.append(circle)
    return circle


def _deep(levels: int) -> list[Any]:
    deep: list[Any] = []
    for _ in range(levels):
        deep = [deep]
    return deep


METHODS: Mapping[str, Callable[..., Any]] = {
    f"odd.{function.__name__}": function for function in (echo, variable, sleep, with_child, run_all, count, write, end, fail, result)
}

FOR_SERVER = f"""
import sys
if "workbench" in sys.orig_argv:
    from sop_cli.web import lanes, methods
    lanes.COMMAND = (sys.executable, "-P", {__file__!r})
    methods.METHODS.update(dict.fromkeys({list(METHODS)!r}, "edit") | {{"odd.run_all": "run"}})
"""
"""Module `sitecustomize` with which a workbench has such workers."""

if __name__ == "__main__":
    module = ModuleType("sop_cli.web.screens.odd")
    module.METHODS = METHODS  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    methods.METHODS.update(dict.fromkeys(METHODS, "edit"))
    context.preload = lambda: None
    worker.serve_stdin(in_background=False)
