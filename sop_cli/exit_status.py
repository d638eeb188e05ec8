"""The exit statuses of `sop`, as ADR 7 defines them, and the signals that end a command.

A command that is interrupted returns `INTERRUPTED` or raises KeyboardInterrupt; `interruption_status` then is 130 after SIGINT (Ctrl-C)
and 143 after SIGTERM.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], None] | signal.Handlers
"""A function that handles a signal, or one of the two effects that a signal has without one."""

SUCCESS, FAILURE, MISUSE, ROWS_SET_ASIDE, INTERNAL_ERROR, INTERRUPTED, READER_GONE = 0, 1, 2, 3, 70, 130, 141
"""ROWS_SET_ASIDE: an audit is done, and rows are set aside or a sheet is not read. INTERNAL_ERROR: EX_SOFTWARE of sysexits.h.
READER_GONE: the reader of standard output has closed it, as after ``| head``; 128 + the number of SIGPIPE, as shells report it."""

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_received = [signal.SIGINT]
_interrupted = threading.Event()


def interruption_status() -> int:
    """Return the exit status for the last signal that was received: 128 and its number."""
    return 128 + _received[-1]


def handle_signals(handler: Handler) -> dict[signal.Signals, Any]:
    """Handle `ENDING_SIGNALS` with *handler* from now on, and return the handlers before.

    A signal that the caller of the process ignores stays ignored. Nothing changes outside the main thread, where handlers cannot be set.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    before = {number: signal.getsignal(number) for number in ENDING_SIGNALS}
    return {number: signal.signal(number, handler) for number, old in before.items() if old is not signal.SIG_IGN}


@contextmanager
def signals_handled_by(handler: Handler) -> Iterator[None]:
    """Handle `ENDING_SIGNALS` with *handler* inside the context, like `handle_signals`."""
    before = handle_signals(handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """Raise KeyboardInterrupt, as the handler of a signal that arrives while a command works."""
    _received[:] = [signal.Signals(number)]
    _interrupted.set()
    raise KeyboardInterrupt


def forget_interruption() -> None:
    """Begin a command: no signal has interrupted it yet."""
    _interrupted.clear()


def end_if_interrupted() -> None:
    """Raise KeyboardInterrupt again if a signal has arrived and the work went on, as after one in a callback of a library, which drops it."""
    if _interrupted.is_set():
        raise KeyboardInterrupt


def end_at_once(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """End the process, as the handler of a signal that arrives while modules are imported: nothing is written yet, so nothing is lost.

    An exception would not do: an import can turn it into an ImportError.
    """
    os.write(2, b"error: interrupted\n")
    os._exit(128 + number)
