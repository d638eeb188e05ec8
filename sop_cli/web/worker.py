"""Worker process of the workbench: reads calls as JSON lines from stdin and writes progress, results and errors as JSON lines to stdout.

It has one thread, so that a run of the specification is a fork of it (`steps.run.process`), and ends when stdin ends. Whatever else
prints, prints to stderr.
"""

import gc
import json
import os
import sys
from collections.abc import Generator
from contextlib import suppress
from importlib import import_module
from typing import Any, TextIO

from sop_cli.web.methods import METHODS


def serve(lines: TextIO, results: TextIO) -> None:
    """Answer each call in *lines* until they end."""
    for line in lines:
        call = json.loads(line)
        for message in answers(call["method"], call["params"]):
            results.write(json.dumps({"id": call["id"], **message}, ensure_ascii=False) + "\n")
            results.flush()


def answers(method: str, params: dict[str, Any]) -> Generator[dict[str, Any], None, None]:
    """Yield the progress of a call, then its result or its error."""
    errors = import_module("sop_engine.errors")
    try:
        if method not in METHODS:
            raise errors.SopError(f"there is no method `{method}`")  # noqa: TRY301
        screen = method.partition(".")[0]
        function = import_module(f"sop_cli.web.screens.{screen}").METHODS[method]
        result = function(**params)
        if isinstance(result, Generator):
            result = yield from _drained(result)
    except errors.SopError as error:
        yield {"error": {"message": str(error), "kind": "input"}}
    except OSError as error:
        yield {"error": {"message": f"{error.filename or 'a file'}: {error.strerror or error}", "kind": "system"}}
    except Exception as error:  # noqa: BLE001 - the last resort: the page says that it is our fault, and stderr has the traceback
        sys.excepthook(type(error), error, error.__traceback__)
        yield {"error": {"message": f"internal error, not caused by your input: {type(error).__name__}", "kind": "internal"}}
    else:
        yield {"result": result}


def _drained(parts: Generator[Any, None, Any]) -> Generator[dict[str, Any], None, Any]:
    """Yield each part as progress; return the generator's result."""
    while True:
        try:
            part = next(parts)
        except StopIteration as end:
            return end.value
        yield {"progress": part}


def serve_stdin() -> None:
    """Serve the calls that arrive on stdin."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    calls = os.fdopen(os.dup(0), "r", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    import_module("sop_cli.web.context").warm()
    gc.collect()
    gc.freeze()
    with suppress(KeyboardInterrupt, BrokenPipeError):
        serve(calls, channel)


if __name__ == "__main__":
    serve_stdin()
