"""Worker process of the workbench: reads calls as JSON lines from stdin and writes progress, results and errors as JSON lines to stdout.

It has one thread, so that a run of the specification is a fork of it (`steps.run.process`), and ends when stdin ends, or at most a second
after the server has ended. Whatever else prints, prints to stderr.
"""

import gc
import inspect
import json
import os
import signal
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir
from time import sleep
from typing import Any, TextIO, get_type_hints

import msgspec

from sop_cli.web import progress
from sop_cli.web.methods import FOLDER_OF_WORKER, METHODS
from sop_cli.web.uploads_folder import remove_folder, uploads_folder

LOOK_S = 1.0
"""Seconds between two looks whether the server has ended."""
BACKGROUND_NICE = 5
"""Niceness of a worker in the background."""
ATTEMPTS, ATTEMPT_S = 20, 0.05
"""How often, and how many seconds apart, a worker tries to remove its folder."""


def answer_calls(lines: TextIO, results: TextIO) -> None:
    """Answer each call in *lines* until they end."""
    for line in lines:
        call = json.loads(line)
        send = partial(_send, results, call["id"])
        with progress.progress_sent_to(lambda part: send({"progress": part})):  # noqa: B023 - used before the next call
            for message in answers(call["method"], call["params"]):
                send(message)


def refuse(error: Exception, lines: TextIO, results: TextIO) -> None:
    """Answer each call in *lines* with *error*, with which this process began; the server replaces it when a file changes."""
    is_input = any(base.__name__ == "SopError" for base in type(error).__mro__)  # whose module may be what cannot be imported
    message = {"error": {"message": str(error), "kind": "input"}} if is_input else _internal_error(error)
    for line in lines:
        _send(results, json.loads(line)["id"], message)


def _send(results: TextIO, number: int, message: Mapping[str, Any]) -> None:
    results.write(_line(number, message))
    results.flush()


def answers(method: str, params: Mapping[str, Any] | str) -> Generator[dict[str, Any], None, None]:
    """Yield the progress of a call, then its result or its error; *params* are its parameters, or their JSON."""
    errors = import_module("sop_engine.errors")
    try:
        if method not in METHODS:
            raise errors.SopError(f"there is no method `{method}`")  # noqa: TRY301
        screen = method.partition(".")[0]
        function = import_module(f"sop_cli.web.screens.{screen}").METHODS[method]
        try:
            arguments = _converted(function, params)
        except (TypeError, msgspec.MsgspecError, RecursionError) as error:
            raise errors.SopError(f"`{method}` was asked in another way than expected ({error}); reload the page") from None
        result = function(**arguments)
        if isinstance(result, Generator):
            result = yield from _drained(result)
    except errors.SopError as error:
        yield {"error": {"message": str(error), "kind": "input"}}
    except OSError as error:
        yield {"error": {"message": f"{error.filename or 'a file'}: {error.strerror or error}", "kind": "system"}}
    except Exception as error:  # noqa: BLE001 - the last resort: the page says that it is our fault, and stderr has the traceback
        yield _internal_error(error)
    else:
        yield {"result": result}


def _converted(function: Callable[..., Any], params: Mapping[str, Any] | str) -> dict[str, Any]:
    """Return the arguments for *function*, each of the type that its annotation names.

    Raises:
        msgspec.MsgspecError: *params* are no JSON object, or a value has another type.
        TypeError: a parameter is missing or unknown.
        RecursionError: they are nested too deeply.
    """
    given = msgspec.json.decode(params, type=dict[str, Any]) if isinstance(params, str) else params
    arguments = inspect.signature(function).bind(**given).arguments
    hints = get_type_hints(function)
    return {name: msgspec.convert(value, hints.get(name, Any)) for name, value in arguments.items()}


def _line(number: int, message: Mapping[str, Any]) -> str:
    """Return *message* of the call *number* as a line; an internal error if it is no JSON."""
    try:
        return json.dumps({"id": number, **message}, allow_nan=False) + "\n"
    except (TypeError, ValueError, RecursionError) as error:
        return json.dumps({"id": number, **_internal_error(error)}) + "\n"


def _internal_error(error: BaseException) -> dict[str, Any]:
    """Print the traceback of *error* for a report, and return the message that the page shows."""
    sys.excepthook(type(error), error, error.__traceback__)
    return {"error": {"message": f"internal error, not caused by your input: {type(error).__name__}", "kind": "internal"}}


def _drained(parts: Generator[Any, None, Any]) -> Generator[dict[str, Any], None, Any]:
    """Yield each part as progress; return the generator's result."""
    while True:
        try:
            part = next(parts)
        except StopIteration as end:
            return end.value
        yield {"progress": part}


def _end_with(server: int) -> None:
    """End this process and all that it has started when the process *server* has ended, however that ended."""
    if not hasattr(signal, "setitimer"):
        return

    def look(*_: object) -> None:
        if os.getppid() != server:
            _remove_folder()
            os.killpg(0, signal.SIGKILL)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_S, LOOK_S)


def serve_stdin(*, in_background: bool) -> None:
    """Serve the calls that arrive on stdin; *in_background* without loading what runs need, and giving way to other processes."""
    _end_with(os.getppid())
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    calls = os.fdopen(os.dup(0), "r", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    with suppress(KeyboardInterrupt, BrokenPipeError):
        if not in_background:
            try:
                import_module("sop_cli.web.context").preload()
            except Exception as error:  # noqa: BLE001 - of a register or a step definition that the user edits, on any line of it
                refuse(error, calls, channel)
                return
        elif hasattr(os, "nice"):
            os.nice(BACKGROUND_NICE)
        gc.collect()
        gc.freeze()
        answer_calls(calls, channel)
    _remove_folder()


def _remove_folder() -> None:
    """Remove the folder for temporary files of this worker, and the files that the page sent: the server has ended without doing so."""
    remove_folder(uploads_folder())
    folder = Path(gettempdir())
    if not folder.name.startswith(FOLDER_OF_WORKER):
        return
    for _ in range(ATTEMPTS):  # a run, which ends only when its worker has ended, may still write into it
        rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        sleep(ATTEMPT_S)


if __name__ == "__main__":
    serve_stdin(in_background="--background" in sys.argv)
