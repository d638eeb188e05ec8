"""Write a set of files into a folder so that a reader finds the old ones or the new ones.

All of them are written and flushed under temporary names, then renamed one by one. Files of the previous call that are
no longer part of the set are removed. The folder itself is never replaced: it may hold files of other programs, and
Windows does not rename a folder that is open. A full disk therefore leaves the old site. Only a machine that stops
between two renames leaves a mixture, which the next run corrects.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from reports.html.errors import ReportError
from sop_engine.files import atomic, write_together

LIST = ".site-files"
"""File with the names of the written files, one a line; the next call may remove these."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write *contents*, file name to bytes, into *folder*, and remove what an earlier call wrote and this one does not.

    Raises:
        ReportError: a file cannot be written; none has changed, unless renaming failed half-way.
    """
    wanted = {**contents, LIST: "".join(f"{name}\n" for name in sorted(contents)).encode()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        old = list(_previous_files(folder))
        write_together({folder / name: content for name, content in wanted.items()})
    except OSError as error:
        raise _unwritten("page", Path(error.filename), error) from error
    for name in old:
        if name not in wanted:
            with suppress(OSError):
                (folder / name).unlink(missing_ok=True)


def write_file(file: Path, content: bytes | Iterable[bytes], kind: str) -> Path:
    """Write *content*, as one or in pieces, atomically to *file*; return *file*. *kind* is what it is, in a word.

    Raises:
        ReportError: it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic(file) as (part,), part.open("wb") as opened:
            opened.writelines([content] if isinstance(content, bytes) else content)
    except OSError as error:
        raise _unwritten(kind, file, error) from error
    return file


def _unwritten(kind: str, file: Path, error: OSError) -> ReportError:
    reason = (error.strerror or "cannot be written").lower()
    return ReportError(file.name, f"the {kind} cannot be written: {reason}", "free the disk or choose another folder")


def _previous_files(folder: Path) -> Iterator[str]:
    """Return the names of the files that the previous call wrote; names with a path in the list are ignored."""
    with suppress(OSError, UnicodeDecodeError):
        yield from filter(_PLAIN.fullmatch, (folder / LIST).read_text(encoding="utf-8").splitlines())
