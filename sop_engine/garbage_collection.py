"""Pause of Python's collection of cyclic garbage, for work that makes many objects which stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Collect no cyclic garbage within this context; nothing is changed if collection is off already.

    A collector that runs while a large record is read, its pages are made, or orders are audited looks at every object again and again and
    finds nothing: it takes a fifth to a third of the time. Objects in no cycle are freed as always.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
