"""What calamine itself writes to stderr where it stops with a panic: it is taken out, as the error says the same in one line."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_STDERR = 2
_PANIC = re.compile(rb"\n?thread '[^\n]*panicked at .*?(?:\nnote: [^\n]*RUST_BACKTRACE[^\n]*\n|\Z)", re.DOTALL)
_REDIRECTED = Lock()


@contextmanager
def without_text_of_panics() -> Iterator[None]:
    """Hold back what is written to stderr until the end of the block, and then write it without the texts of panics.

    They come from no Python code, so that only the file descriptor can be redirected; one thread at a time does.
    """
    with _REDIRECTED, tempfile.TemporaryFile() as held:
        try:
            stderr = os.dup(_STDERR)
        except OSError:  # it is closed
            yield
            return
        os.dup2(held.fileno(), _STDERR)
        try:
            yield
        finally:
            os.dup2(stderr, _STDERR)
            held.seek(0)
            with os.fdopen(stderr, "wb", buffering=0) as opened:
                opened.write(_PANIC.sub(b"", held.read()))
