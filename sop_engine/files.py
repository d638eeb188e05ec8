"""Atomic file writes: a temporary neighbour, flushed to the disk and then renamed; a file is complete or absent."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def write_atomically(file: Path, data: bytes, mode: int | None = None) -> None:
    """Put *data* into *file*, with the rights *mode* if given; what was there stays when that fails.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    with atomic(file) as (part,):
        part.write_bytes(data)
        if mode is not None:
            part.chmod(mode)


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Put *contents* into their files, which are renamed one after the other when all are written.

    Raises:
        OSError: its file cannot be written; none has changed, unless renaming failed half-way.
    """
    drafts = {file: _neighbour(file) for file in contents}
    at = Path()
    try:
        for at, draft in drafts.items():
            draft.write_bytes(contents[at])
            _flush(draft)
        for at, draft in drafts.items():
            draft.replace(at)
    except OSError as error:
        error.filename, error.filename2 = str(at), None
        raise
    finally:
        _remove(drafts.values())


@contextmanager
def atomic(file: Path, parts: int = 1) -> Iterator[tuple[Path, ...]]:
    """*parts* neighbours of *file* to write to; at the end the first becomes *file*, and nothing else stays, whatever happens.

    Raises:
        OSError: the first was not written, or cannot be put in its place.
    """
    neighbours = tuple(_neighbour(file, part) for part in range(parts))
    try:
        yield neighbours
        _flush(neighbours[0])
        neighbours[0].replace(file)
    finally:
        _remove(neighbours)


def _neighbour(file: Path, part: int = 0) -> Path:
    return file.with_name(f".{file.name}.{os.getpid()}.{part}.part")


def _flush(file: Path) -> None:
    with file.open("r+b") as written:
        os.fsync(written.fileno())


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)
