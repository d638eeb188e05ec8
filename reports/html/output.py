"""Write a set of files into a folder so that a reader finds the old ones or the new ones.

All of them are written and flushed under temporary names, then renamed one by one. Files of the previous call that are
no longer part of the set are removed. The folder itself is never replaced: Windows does not rename a folder that is open. A full disk therefore leaves the old site. Only a machine that stops
between two renames leaves a mixture, which the next run corrects.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from reports.html.errors import ReportError
from sop_engine.files import atomic
from sop_runs.output_folder import output_folder

SITE = "site"
"""What a folder of pages holds, in its marker."""


def write_files(folder: Path, contents: Mapping[str, bytes], changing: Collection[str] = ()) -> None:
    """Write *contents*, file name to bytes, into *folder*, and remove what an earlier call wrote and this one does not.

    *changing* are files that `write_file` changes too.

    Raises:
        ReportError: a file cannot be written; none has changed, unless renaming failed half-way.
        ForeignFolderError, BusyFolderError: the folder or a page is someone else's, or another process is writing into it.
    """
    try:
        with output_folder(folder, SITE) as own:
            own.replace(contents, changing)
    except OSError as error:
        raise _unwritten("page", Path(error.filename or folder), error) from error


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
