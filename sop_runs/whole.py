"""Writing whole: a file of a run is there as it should be, or not at all."""

import os
from pathlib import Path


def write_whole(file: Path, data: bytes, mode: int | None = None) -> None:
    """Write beside *file* and put it in its place at once; what was there stays when that fails. *mode* is its rights.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        if mode is not None:
            draft.chmod(mode)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
