"""A file that is complete or absent: it is written under another name in the same folder and put in its place at once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(file: Path, parts: int = 1) -> Iterator[tuple[Path, ...]]:
    """*parts* neighbours of *file* to write to; at the end the first becomes *file*, and nothing else stays, whatever happens.

    Raises:
        OSError: *file* cannot be written.
    """
    neighbours = tuple(file.with_name(f".{file.name}.{os.getpid()}.{part}.part") for part in range(parts))
    try:
        yield neighbours
        neighbours[0].replace(file)
    finally:
        for neighbour in neighbours:
            neighbour.unlink(missing_ok=True)
