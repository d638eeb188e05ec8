"""Atomic file writes: temporary file in the same folder, fsync, rename; a file is complete or absent."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def write_atomically(file: Path, data: bytes, mode: int | None = None) -> None:
    """Write *data* to *file*, with the permissions *mode* if given; on failure the old content is kept.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    with atomic(file) as (part,):
        part.write_bytes(data)
        if mode is not None:
            part.chmod(mode)


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write *contents* to their files; the files are renamed one after another when all are written.

    Raises:
        OSError: a file cannot be written; no file has changed, unless a rename failed after others.
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
    """Yield *parts* temporary files beside *file*; at the end the first is renamed to *file* and the others are removed, also on errors.

    Raises:
        OSError: the first was not written, or cannot be renamed.
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
