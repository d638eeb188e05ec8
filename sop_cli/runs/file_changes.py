"""Changes of files, noticed by their size and time of change."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

Stamps = Mapping[Path, tuple[int, int, int]]
"""For each file: time of change in nanoseconds, size in bytes, and number of the file, which a rename over it changes."""


def stamps_of(files: Iterable[Path]) -> Stamps:
    """Return the stamps of those of *files* that exist."""
    stamps = {}
    for file in files:
        try:
            status = os.stat(file)  # noqa: PTH116 - many files, several times a second
        except OSError:
            continue
        stamps[file] = status.st_mtime_ns, status.st_size, status.st_ino
    return stamps


def changed(before: Stamps, after: Stamps) -> set[Path]:
    """Return the files that are new, gone or different in *after*."""
    return {file for file in before.keys() | after.keys() if before.get(file) != after.get(file)}
