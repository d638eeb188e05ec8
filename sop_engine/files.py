"""Atomic file writes: temporary file in the same folder, fsync, rename; a file is complete or absent.

A file that is replaced keeps its permissions, and its owner and access control list where the system allows it. A link is itself
replaced, so that it leads no write out of its folder; with *keep_link*, for files that people edit, the file that it points to is replaced.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def write_atomically(file: Path, data: bytes, *, keep_link: bool = False) -> None:
    """Write *data* to *file*; on failure the old content is kept.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    with atomic(file, keep_link=keep_link) as (part,):
        part.write_bytes(data)


def write_together(contents: Mapping[Path, bytes], *, keep_link: bool = False, check: Callable[[], None] | None = None) -> None:
    """Write *contents* to their files; the files are renamed one after another when all are written.

    *check* is called directly before that; what it raises leaves every file as it was.

    Raises:
        OSError: a file cannot be written; no file has changed, unless a rename failed after others.
    """
    targets = {file: _target(file, keep_link=keep_link) for file in contents}
    drafts = {file: _neighbour(target) for file, target in targets.items()}
    at = Path()
    _remove(drafts.values())
    try:
        for at, draft in drafts.items():
            _write_flushed(draft, contents[at])
            _copy_permissions(targets[at], draft)
        if check is not None:
            check()
        for at, draft in drafts.items():
            draft.replace(targets[at])
    except OSError as error:
        error.filename, error.filename2 = str(at), None
        raise
    finally:
        _remove(drafts.values())


@contextmanager
def atomic(file: Path, parts: int = 1, *, keep_link: bool = False) -> Iterator[tuple[Path, ...]]:
    """Yield *parts* temporary files beside *file*; at the end the first is renamed to *file* and the others are removed, also on errors.

    Raises:
        OSError: the first was not written, or cannot be renamed.
    """
    target = _target(file, keep_link=keep_link)
    neighbours = tuple(_neighbour(target, part) for part in range(parts))
    _remove(neighbours)
    try:
        yield neighbours
        _flush(neighbours[0])
        _copy_permissions(target, neighbours[0])
        neighbours[0].replace(target)
    except OSError as error:
        if error.filename is None or error.filename in {str(neighbour) for neighbour in neighbours}:
            error.filename, error.filename2 = str(file), None
        raise
    finally:
        _remove(neighbours)


def _target(file: Path, *, keep_link: bool) -> Path:
    """Return the file to replace: with *keep_link* the one that a link points to, otherwise *file* itself."""
    return Path(os.path.realpath(file)) if keep_link and file.is_symlink() else file


def _copy_permissions(file: Path, draft: Path) -> None:
    """Give *draft* the owner, the extended attributes (such as an access control list) and the permissions of *file*, if that exists and is no link."""
    try:
        status = file.lstat()
    except OSError:
        return
    if stat.S_ISLNK(status.st_mode):
        return
    if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (draft.stat().st_uid, draft.stat().st_gid):
        with suppress(OSError):
            os.chown(draft, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(file):
                with suppress(OSError):
                    os.setxattr(draft, name, os.getxattr(file, name))
    draft.chmod(stat.S_IMODE(status.st_mode))


def _neighbour(file: Path, part: int = 0) -> Path:
    return file.with_name(f".{file.name}.{os.getpid()}.{part}.part")


def _write_flushed(file: Path, data: bytes) -> None:
    with file.open("wb") as written:
        written.write(data)
        written.flush()
        os.fsync(written.fileno())


def _flush(file: Path) -> None:
    with file.open("r+b") as written:
        os.fsync(written.fileno())


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)
