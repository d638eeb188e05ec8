"""Writes a set of files into a folder so that a reader finds the old ones or the new ones.

All of them are written and flushed under a temporary name first, then renamed one after the other, and files of the last
time that are no longer wanted are removed. The folder itself is never swapped: it may hold somebody else's files, and
Windows does not rename a folder that is being looked at. A full disk therefore leaves the old site; only a machine that
stops between two renames leaves a mixture, and the next run mends it.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from reports.errors import ReportError

LIST = ".site-files"
"""Names of the files that were written, one a line: what may be removed next time."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write *contents*, file name to bytes, into *folder*, and remove what an earlier call wrote and this one does not.

    Raises:
        ReportError: a file cannot be written; none has changed, unless renaming failed half-way.
    """
    wanted = {**contents, LIST: "".join(f"{name}\n" for name in sorted(contents)).encode()}
    drafts: list[tuple[Path, Path]] = []
    at = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        old = list(_listed(folder))
        for name, content in wanted.items():
            at = folder / name
            draft = folder / f".{name}.{os.getpid()}.part"
            drafts.append((draft, at))
            _write(draft, content)
        for draft, target in drafts:
            at = target
            draft.replace(target)
        _remove(folder / name for name in old if name not in wanted)
    except OSError as error:
        _remove(draft for draft, _ in drafts)
        reason = (error.strerror or "cannot be written").lower()
        raise ReportError(at.name, f"the page cannot be written: {reason}", "free the disk or choose another folder") from error


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _listed(folder: Path) -> Iterator[str]:
    """What the last call wrote: plain names only, whatever the list says."""
    with suppress(OSError, UnicodeDecodeError):
        yield from filter(_PLAIN.fullmatch, (folder / LIST).read_text(encoding="utf-8").splitlines())


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)
