"""Folders that the program writes into: marked as its own, locked while one process writes, and no file in them touched that it did not write.

A marker file says what a folder holds, and which files the program wrote there, with their digests. Locks are those of the operating
system, so the lock of a process that ended is free.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path

from sop_engine.errors import SopError
from sop_engine.files import write_atomically, write_together
from sop_engine.input_files import UnreadableFileError, read_json, read_text
from sop_engine.text import path_shown, visible

MARKER, LOCK, WRITER = ".sop-folder.json", ".sop-folder.lock", ".sop-folder.writer"
VERSION = 1
"""Version of the marker file."""
MOVE = "move this file elsewhere, or remove it"
CHOOSE_NEW = "choose a new or empty folder, or remove this one"
WAIT_S = 60.0
"""Seconds to wait for another process that writes pages or approved files, which takes it a few seconds."""
_DRAFT = re.compile(r"\..+\.(\d+)\.\d+\.part")
_FILE_NAME = re.compile(r"[^./\\:\0][^/\\:\0]*")
_WITHOUT_CONTENT = frozenset({LOCK, WRITER, ".DS_Store", "Thumbs.db", "desktop.ini"})
_MOST_NAMED = 3
_LONGEST_WRITER = 200
"""Characters of a message about the process that has a lock."""


class ForeignFolderError(SopError):
    """A folder that holds files of others."""

    def __init__(self, folder: Path, reason: str, remedy: str = CHOOSE_NEW) -> None:
        super().__init__(f"`{path_shown(folder)}` {reason}; {remedy}")


class BusyFolderError(SopError):
    """A folder that another process is writing into."""

    def __init__(self, folder: Path) -> None:
        writer = ""
        with suppress(UnreadableFileError):
            writer = f": {visible(read_text(folder / WRITER, CHOOSE_NEW).strip())[:_LONGEST_WRITER]}"
        super().__init__(
            f"another process is writing into `{path_shown(folder)}`{writer}; wait until it has ended, or choose another folder"
        )


@dataclass(slots=True)
class OutputFolder:
    """A locked folder of the program; *written* has the digests of each file that the program wrote, by name.

    A file has two digests while it is being replaced, so that after a kill both contents are known as the program's own. A folder
    is unfinished from `begin_files` to `end_files`.
    """

    folder: Path
    kind: str
    written: dict[str, list[str]] = field(default_factory=dict)
    is_unfinished: bool = False

    def replace(self, contents: Mapping[str, bytes], changing: Collection[str] = ()) -> None:
        """Write *contents*, file name to bytes, in their order, so that a reader finds old files or new ones; remove other earlier files.

        An earlier file that someone has changed since is not removed. *changing* are files that the program changes in other ways too.

        Raises:
            ForeignFolderError: a file with the name of one of *contents* is not as the program wrote it.
            OSError: a file cannot be written; none has changed, unless renaming failed half-way.
        """
        digests = {name: [sha256(content).hexdigest()] for name, content in contents.items()}
        self._refuse_foreign(digests.keys(), changing)
        both = {name: [*self.written.get(name, ()), *digests.get(name, ())] for name in {*self.written, *digests}}
        self._mark({name: list(dict.fromkeys(parts)) for name, parts in both.items()})
        write_together({self.folder / name: content for name, content in contents.items()})
        for name in sorted(self.written.keys() - digests.keys()):
            with suppress(OSError):
                file = self.folder / name
                if not file.is_symlink() and _digest_of_file(file) in self.written[name]:
                    file.unlink()
        self._mark(digests)

    def begin_files(self, is_own: Callable[[str], bool]) -> None:
        """Let the caller write and remove files whose names *is_own* accepts; `end_files` records their digests when they are complete.

        After an interruption every such file counts as the program's own, until the next `end_files`.

        Raises:
            ForeignFolderError: there is such a file that is not as the program wrote it.
        """
        names = sorted(file.name for file in self.folder.iterdir() if is_own(file.name))
        if self.is_unfinished:
            for name in names:
                refuse_link(self.folder, name)
        else:
            self._refuse_foreign(names)
        self.is_unfinished = True
        self._mark(self.written)

    def end_files(self, is_own: Callable[[str], bool]) -> None:
        """Record the digests of the files whose names *is_own* accepts."""
        names = sorted(file.name for file in self.folder.iterdir())
        others = {name: digests for name, digests in self.written.items() if name in names}
        self.is_unfinished = False
        self._mark(others | {name: [_digest_of_file(self.folder / name)] for name in names if is_own(name)})

    def require_own(self, names: Iterable[str], remedy: str = MOVE) -> None:
        """Check that each of the files *names* that is there is as the program wrote it; *remedy* is what to do with one that is not.

        Raises:
            ForeignFolderError: one is not.
        """
        self._refuse_foreign(names, remedy=remedy)

    def _refuse_foreign(self, names: Iterable[str], changing: Collection[str] = (), remedy: str = MOVE) -> None:
        """Refuse the folder if one of the files *names* is there and not as the program wrote it; those of *changing* only if they are new.

        Raises:
            ForeignFolderError: so it is.
        """
        for name in sorted(names):
            refuse_link(self.folder, name)
            if not (self.folder / name).exists():
                continue
            if name not in self.written:
                raise ForeignFolderError(self.folder, f"has a file `{visible(name)[:80]}` that this program did not write", remedy)
            if name not in changing and _digest_of_file(self.folder / name) not in self.written[name]:
                raise ForeignFolderError(
                    self.folder, f"has a file `{visible(name)[:80]}` that was changed after this program wrote it", remedy
                )

    def begin(self) -> None:
        """Write the marker of a folder that has none."""
        if not (self.folder / MARKER).exists():
            self._mark(self.written)

    def _mark(self, written: dict[str, list[str]]) -> None:
        unfinished = {"unfinished": True} if self.is_unfinished else {}
        plain = {"folder_of": self.kind, "version": VERSION, **unfinished, "files": dict(sorted(written.items()))}
        write_atomically(self.folder / MARKER, f"{json.dumps(plain, indent=1)}\n".encode())
        self.written = written


@contextmanager
def output_folder(folder: Path, kind: str, wait_s: float = WAIT_S) -> Iterator[OutputFolder]:
    """Create *folder* or check that it is the program's own, lock it, and remove what killed processes left of their writing.

    *kind* is what the folder holds, such as ``study``. *wait_s* is how long to wait for another process that has the lock.

    Raises:
        ForeignFolderError: the folder is not empty and was not written by this program, or holds something else.
        BusyFolderError: another process has the lock.
        OSError: the folder cannot be created or written.
    """
    _check_marker(folder, kind)
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder, wait_s):
        own = OutputFolder(folder, kind, *_check_marker(folder, kind))
        own.begin()
        remove_drafts(folder)
        yield own


def is_output_folder(folder: Path, kind: str) -> bool:
    """Return whether the program has written *folder*, as one that holds a *kind*."""
    try:
        return (folder / MARKER).is_file() and _check_marker(folder, kind) is not None
    except ForeignFolderError:
        return False


def _check_marker(folder: Path, kind: str) -> tuple[dict[str, list[str]], bool]:
    """Return the files that the program wrote into *folder*, with their digests, and whether it is unfinished; none if it is new or empty."""
    if not folder.exists() and not folder.is_symlink():
        return {}, False
    if not folder.is_dir():
        raise ForeignFolderError(folder, "is not a folder")
    refuse_link(folder, MARKER)
    marker = folder / MARKER
    if not marker.exists():
        others = sorted(file.name for file in folder.iterdir() if file.name not in _WITHOUT_CONTENT and not _DRAFT.fullmatch(file.name))
        if others:
            names = ", ".join(f"`{visible(name)[:80]}`" for name in others[:_MOST_NAMED]) + ", …" * (len(others) > _MOST_NAMED)
            raise ForeignFolderError(folder, f"is not empty and was not written by this program ({names})")
        return {}, False
    try:
        content = read_json(marker, CHOOSE_NEW)
    except UnreadableFileError as error:
        raise ForeignFolderError(folder, f"has a file `{MARKER}` that this program cannot read ({error.reason})") from None
    if not isinstance(content, dict) or not isinstance(content.get("files"), dict) or content.get("version") != VERSION:
        raise ForeignFolderError(folder, f"has a file `{MARKER}` that this program cannot read")
    if content.get("folder_of") != kind:
        raise ForeignFolderError(folder, f"holds a {visible(str(content.get('folder_of')))[:80]}, not a {kind}")
    files = content["files"].items()
    written = {name: digests for name, digests in files if _FILE_NAME.fullmatch(name) and isinstance(digests, list)}
    return written, content.get("unfinished") is True


def _digest_of_file(file: Path) -> str:
    """Return the digest of *file*; an empty text if it is no regular file or cannot be read."""
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as opened:
            return file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def refuse_link(folder: Path, name: str) -> None:
    """Refuse *folder* if its file *name* is a link, which the program never writes.

    Raises:
        ForeignFolderError: it is.
    """
    if (folder / name).is_symlink():
        raise ForeignFolderError(folder, f"has a file `{name}` that is a link, which this program did not write", "remove this link")


@contextmanager
def _locked(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Lock *folder* while the context is open, so that one process at a time writes into it.

    Raises:
        BusyFolderError: another process has the lock, and still after *wait_s* seconds.
        ForeignFolderError: the file of the lock is a link.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - slow to import, and most commands only read

    refuse_link(folder, LOCK)
    lock = FileLock(folder / LOCK, timeout=wait_s)
    try:
        lock.acquire()
    except Timeout:
        raise BusyFolderError(folder) from None
    try:
        writer = f"process {os.getpid()}, `sop {' '.join(sys.argv[1:])}`"
        write_atomically(folder / WRITER, writer.encode(errors="backslashreplace"))
        yield
    finally:
        (folder / WRITER).unlink(missing_ok=True)
        lock.release()


def remove_drafts(folder: Path) -> None:
    """Remove the unfinished files in *folder* of processes that no longer run; see `sop_engine.files`."""
    for file in folder.glob(".*.part"):
        name = _DRAFT.fullmatch(file.name)
        if name is not None and file.is_file() and not is_running(int(name[1])):
            with suppress(OSError):
                file.unlink(missing_ok=True)


def is_running(process: int) -> bool:
    """Return whether the process with this number runs; on Windows, whether it is this one. One that has ended and waits for its parent does not."""
    if os.name == "nt":  # where `kill` with the number 0 would end the process
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    try:
        state = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[0]  # only Linux has it
    except (OSError, IndexError):
        return True
    return state not in (b"Z", b"X")
