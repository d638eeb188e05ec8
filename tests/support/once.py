"""Folders made once for all workers of a test session."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE_S = 300


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder *name*, filled by *make* in the first worker; the other workers wait until it is complete."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, complete, failed = (shared / f"{name}{end}" for end in ("", ".complete", ".failed"))
    try:
        folder.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + PATIENCE_S
        while not complete.exists():
            if failed.exists() or time.monotonic() > deadline:
                pytest.fail(f"another worker could not make `{name}`; its own test says why")
            time.sleep(0.05)
        return folder
    try:
        make(folder)
    except BaseException:
        failed.touch()
        raise
    complete.touch()
    return folder
