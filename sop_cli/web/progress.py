"""Progress of the call that a worker answers, for functions that get it in a callback and cannot yield it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Listener = Callable[[Mapping[str, Any]], None]
_listeners: list[Listener] = []


@contextmanager
def progress_sent_to(listener: Listener) -> Iterator[None]:
    """Send the progress inside the context to *listener*."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def progress_counter() -> Callable[[int, int | None], None]:
    """Return a callback for the number that is finished and the number expected (None: not known yet); it sends each change once."""
    last: tuple[int, int | None] | None = None

    def count(finished: int, expected: int | None) -> None:
        nonlocal last
        if (finished, expected) != last:
            last = finished, expected
            for listener in _listeners:
                listener({"finished": finished, "expected": expected})

    return count


def steps(expected: int) -> Callable[[str], None]:
    """Return a callback for what is done next, such as ``reading orders.csv``; it sends how many of the *expected* steps are done."""
    finished = 0

    def announce(doing: str) -> None:
        nonlocal finished
        for listener in _listeners:
            listener({"finished": min(finished, expected), "expected": expected, "doing": doing})
        finished += 1

    return announce
