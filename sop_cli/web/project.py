"""Files that the workbench reads and writes: the feature files and the registers of the rulebook, and no others.

A file has a name: its path in the project, with forward slashes. A name is looked up in the listing of the files that exist; nothing is
made of it. What a page saves names the digest of the content that it was made from, and is refused if the file has another one by then.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock
from time import monotonic, time
from types import MappingProxyType

from filelock import FileLock, Timeout

from sop_cli.answers.writing import ANSWERS_LOCK, LONGEST_WAIT_S
from sop_cli.runs.file_changes import Stamps, changed, stamps_of
from sop_cli.web.new_names import name_fault
from sop_engine.errors import SopError
from sop_engine.files import write_atomically, write_together
from sop_engine.input_files import read_bytes
from sop_engine.versions import CLAUSES, GAPS
from steps.language.file_names import feature_files_below

MOST_BYTES = 2_000_000
"""Bytes of a file that the workbench opens or saves."""
NO_MODULES: Mapping[str, Path] = MappingProxyType({})
LEFTOVER = re.compile(r"\..+\.[0-9]+\.[0-9]+\.part")
"""Name of a temporary file of `sop_engine.files`."""
LEFTOVER_S = 60.0
WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
"""Rights of a file, of which one that may be changed has at least one."""
PAUSE = 5
"""Least pause between two looks at the files, in durations of a look."""


class FileNameError(SopError):
    """A name that is not that of a file of the project."""


class FileContentError(SopError):
    """A file that cannot be edited."""


class ConflictError(SopError):
    """Files that are not as the changes expect."""

    def __init__(self, conflicts: "Sequence[Conflict]") -> None:
        super().__init__(f"{', '.join(conflict.name for conflict in conflicts)}: changed on disk")
        self.conflicts = conflicts


class ReadOnlyError(SopError):
    """A change in a workbench that changes nothing."""


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a file and the digest of its bytes."""

    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Change:
    """The new text of the file *name*, made from the content with *digest*; None: there was no file."""

    name: str
    digest: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file that is not as the change expects: its present content, None if it is gone."""

    name: str
    content: Content | None


@dataclass(slots=True)
class Project:
    """The files of the specification in the folder *home*; *rulebook* is the folder of the registers, None if it is not in *home*."""

    home: Path
    rulebook: Path | None
    read_only: bool = False
    lock: Path = field(init=False)

    def __post_init__(self) -> None:
        self.home = self.home.resolve()
        self.lock = self.home / ANSWERS_LOCK

    @property
    def registers(self) -> tuple[Path, ...]:
        """The files of the rulebook; none if it is not in *home*."""
        return () if self.rulebook is None else (self.rulebook / CLAUSES, self.rulebook / GAPS)

    @property
    def features(self) -> Path:
        """The folder of the feature files."""
        return self.home / "features"

    def files(self) -> Mapping[str, Path]:
        """Return the files of the project by name; links that lead out of its folders are not among them."""
        return dict(self._files())

    def stamps(self) -> Stamps:
        """Return the stamps of all files."""
        return stamps_of(self.files().values())

    def names_of(self, files: set[Path]) -> list[str]:
        """Return the names of *files*, sorted."""
        return sorted(file.relative_to(self.home).as_posix() for file in files)

    def digests(self, names: Iterable[str] | None = None) -> Mapping[str, str]:
        """Return the digests of all files that can be read, or of those with *names*, by name."""
        files, digests = self.files(), {}
        for name in files if names is None else files.keys() & {*names}:
            with suppress(OSError):
                digests[name] = digest_of(files[name].read_bytes())
        return digests

    def read(self, name: str) -> Content:
        """Return the content of the file *name*.

        Raises:
            FileNameError: there is no such file.
            FileContentError: it cannot be read or edited as text.
        """
        file = self.files().get(name)
        if file is None:
            raise FileNameError(f"there is no file `{name[:200]}` in the specification; choose one from the list")
        return _content_of(file, name)

    def save(self, changes: Sequence[Change], modules: Mapping[str, Path] = NO_MODULES) -> None:
        """Write all *changes*, or none.

        *modules* are modules with step definitions that may be written too, by name: those of a renamed step sentence.

        Raises:
            ConflictError: a file has changed since it was read; this is checked last, directly before the files are renamed.
            ReadOnlyError: the project is read only.
            FileNameError: a name is not allowed.
            FileContentError: a text is too large, or cannot be encoded.
            SopError: another process writes.
            OSError: a file cannot be written.
        """
        if self.read_only:
            raise ReadOnlyError("this workbench is read only; start it without --read-only to save")
        if len({change.name for change in changes}) < len(changes):
            raise FileNameError("a file is named twice; name it once")
        targets = [(self._target(change, modules), change) for change in changes]
        contents = {file: _encoded(change) for file, change in targets}
        self.lock.parent.mkdir(exist_ok=True)
        try:
            with FileLock(self.lock, timeout=LONGEST_WAIT_S):
                _check(targets)
                before = {file: file.read_bytes() if file.exists() else None for file in contents}
                folders = sorted({folder for file in contents for folder in file.parents if not folder.exists()}, reverse=True)
                try:
                    for file in contents:
                        file.parent.mkdir(parents=True, exist_ok=True)
                    write_together(contents, check=lambda: _check(targets))
                except OSError:
                    _restore(before, contents)
                    raise
                finally:
                    _remove_empty(folders)
        except Timeout:
            raise SopError("another process writes the specification; wait until it has ended, then save again") from None

    def remove_leftovers(self) -> None:
        """Remove the temporary files of saves that were killed; not new ones, which another program may be writing."""
        folders = {self.features, *(file.parent for file in self.files().values())}
        for file in (file for folder in folders for file in folder.glob(".*.part")):
            with suppress(OSError):
                if LEFTOVER.fullmatch(file.name) and time() - file.lstat().st_mtime > LEFTOVER_S:
                    file.unlink()

    def _files(self) -> Iterator[tuple[str, Path]]:
        for file in (*feature_files_below(self.features), *self.registers):
            if file.is_file() and not file.is_symlink():  # links to folders are not followed
                yield str(file)[len(str(self.home)) + 1 :].replace(os.sep, "/"), file

    def _target(self, change: Change, modules: Mapping[str, Path]) -> Path:
        """Return the file to write for *change*.

        Raises:
            FileNameError: it is no file of the project, and no new feature file either.
        """
        file = self.files().get(change.name) or modules.get(change.name)
        if file is not None:
            return file
        prefix, _, path = change.name.partition("/")
        new = self.features / path
        fault = name_fault(path, self.features) if prefix == "features" else "it is not in the folder features; choose a name there"
        if fault is None and _is_within(new, self.features):
            return new
        if change.digest is not None:
            raise FileNameError(f"there is no file `{change.name[:200]}` any more; copy your text, and reload the page")
        raise FileNameError(f"`{change.name[:200]}` cannot be written: {fault or 'a folder of it is a link; choose another folder'}")


@dataclass(slots=True)
class Watch:
    """Changes of the project's files, numbered: *revision* grows with each look at which a file was different."""

    project: Project
    revision: int = 0
    changes: dict[str, int] = field(default_factory=dict)
    stamps: Stamps = field(init=False)
    next_look: float = 0.0
    one_at_a_time: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.stamps = self.project.stamps()

    def look(self) -> None:
        """Look at the files, and number what changed since the last look; of thousands of files not at each call."""
        with self.one_at_a_time:
            if (begin := monotonic()) < self.next_look:
                return
            now = self.project.stamps()
            self.next_look = monotonic() + PAUSE * (monotonic() - begin)
            different = changed(self.stamps, now)
            self.stamps = now
            if different:
                self.revision += 1
                self.changes |= dict.fromkeys(self.project.names_of(different), self.revision)

    def look_now(self) -> None:
        """Look at the files, however short ago the last look was."""
        self.next_look = 0.0
        self.look()

    def since(self, revision: int) -> list[str]:
        """Return the names of the files that changed after *revision*."""
        return sorted(name for name, at in self.changes.items() if at > revision)


def digest_of(data: bytes) -> str:
    """Return the digest of a file's bytes."""
    return sha256(data).hexdigest()


def digest_of_files(files: Iterable[Path]) -> str:
    """Return one digest of those of *files* that exist."""
    return digest_of(
        b"".join(f"{file.name} {digest_of(read_bytes(file, 'check the file'))}\n".encode() for file in files if file.is_file())
    )


def _check(targets: Sequence[tuple[Path, Change]]) -> None:
    """Check that each file is as its change expects.

    Raises:
        ConflictError: one is not.
        FileNameError: a link, a folder or a device has its name, or it is read-only.
        FileContentError: it cannot be read as text.
    """
    conflicts = []
    for file, change in targets:
        if not os.path.lexists(file):
            conflicts += [Conflict(change.name, None)] if change.digest is not None else []
        elif file.is_symlink() or not file.is_file():
            kind = "link" if file.is_symlink() else "folder" if file.is_dir() else "device"
            raise FileNameError(f"`{change.name[:200]}` is a {kind} now; your text is kept: remove it, then save again")
        elif not file.stat().st_mode & WRITABLE:
            raise FileNameError(f"`{change.name[:200]}` is read-only on disk; your text is kept: make the file writable, then save again")
        elif (content := _content_of(file, change.name)).digest != change.digest:
            conflicts.append(Conflict(change.name, content))
    if conflicts:
        raise ConflictError(conflicts)


def _content_of(file: Path, name: str) -> Content:
    try:
        data = file.read_bytes()
        if len(data) > MOST_BYTES:
            raise FileContentError(f"`{name}` has more than {MOST_BYTES:,} bytes; edit it with another program")
        return Content(data.decode("utf-8"), digest_of(data))
    except UnicodeDecodeError as error:
        raise FileContentError(f"`{name}` is not UTF-8 at byte {error.start:,}; save it as UTF-8 with another program") from None
    except OSError as error:
        raise FileContentError(f"`{name}` cannot be read: {error.strerror}; check it and its folder") from None


def _restore(before: Mapping[Path, bytes | None], contents: Mapping[Path, bytes]) -> None:
    """Give those files that have their new content already the one *before*."""
    for file, data in before.items():
        with suppress(OSError):
            if file.read_bytes() == contents[file]:
                file.unlink() if data is None else write_atomically(file, data)


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of the new *folders*, the deepest first, in which nothing was written."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _encoded(change: Change) -> bytes:
    try:
        data = change.text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise FileContentError(f"the text of `{change.name}` has half a character at position {error.start:,}; remove it") from None
    if len(data) > MOST_BYTES:
        raise FileContentError(f"the text of `{change.name}` has more than {MOST_BYTES:,} bytes; make two files of it")
    return data


def _is_within(file: Path, folder: Path) -> bool:
    """Return whether *file*, which may not exist, is below *folder* without a link on the way."""
    return file.parent.resolve() == file.parent and file.is_relative_to(folder)
