"""Files that the page sends for an audit: in pieces, into a temporary folder that is removed when the workbench ends.

The folder is outside the project, only its user may enter it, and a file in it has the name that it has on the user's disk, because
findings name it.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir
from threading import Lock

from sop_cli.web.uploads_folder import FILES, UPLOADS_NAME, remove_folder, uploads_folder
from sop_engine.errors import SopError
from sop_engine.text import counted, visible

LARGEST, LARGEST_TOGETHER, MOST_FILES = 2 << 30, 4 << 30, 50
"""Bytes of a file and of all files, and how many there may be."""
LONGEST_FILE_NAME = 200
"""Bytes of the name of a file."""
REMOVED = "a file is not here any more; choose it again"
_SEPARATORS = frozenset("/\\:")
_UNSEEN = frozenset(("Cc", "Cs", "Zl", "Zp"))
"""Categories of characters that a name must not have."""
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of a text, so that a name looks like another."""


class UploadError(SopError):
    """A file that is not taken, or a piece of it."""


@dataclass(slots=True)
class Upload:
    """A file that the page sends: its name, its size in bytes, and how many of them have arrived."""

    name: str
    size: int
    received: int = 0
    lock: Lock = field(default_factory=Lock)


@dataclass(slots=True)
class Uploads:
    """The files of this start of the workbench, by id; *folder* is made when the first one comes."""

    folder: Path = field(default_factory=lambda: Path(gettempdir()) / f"{UPLOADS_NAME}{secrets.token_hex(8)}")
    files: dict[str, Upload] = field(default_factory=dict)
    is_closed: bool = False
    lock: Lock = field(default_factory=Lock)

    def begin(self, name: str, size: int) -> str:
        """Return the id for a file of *size* bytes.

        Raises:
            UploadError: it has no name for a file, or is too large.
            OSError: the temporary folder cannot be written.
        """
        _check_name(name)
        place = visible(name)
        if size <= 0:
            raise UploadError(f"{place}: the file is empty; export it again")
        if size > LARGEST:
            raise UploadError(f"{place}: it has more than 2 GiB; export shorter ranges of dates, or Parquet")
        upload = secrets.token_hex(8)
        with self.lock:
            if self.is_closed:
                raise UploadError("the workbench ends; start it again")
            if len(self.files) >= MOST_FILES:
                raise UploadError(f"{place}: there are {counted(MOST_FILES, 'file')} already; remove one")
            if size + sum(file.size for file in self.files.values()) > LARGEST_TOGETHER:
                raise UploadError(f"{place}: all files together have more than 4 GiB; remove one, or use `sop audit` in the terminal")
            self.folder.mkdir(0o700, exist_ok=True)
            path = self._path(upload, name)
            path.parent.mkdir(0o700, parents=True)
            try:
                path.touch(0o600, exist_ok=False)
            except OSError:
                rmtree(path.parent, ignore_errors=True)
                raise
            self.files[upload] = Upload(name, size)
        return upload

    def put(self, upload: str, offset: int, piece: bytes) -> int:
        """Write the next *piece*, which begins at the byte *offset*, and return how many bytes have arrived.

        Raises:
            UploadError: there is no such file, or this is not its next piece.
            OSError: it cannot be written; what arrived before is kept.
        """
        file = self.files.get(upload)
        if file is None:
            raise UploadError(REMOVED)
        with file.lock:
            if upload not in self.files:
                raise UploadError(REMOVED)
            if offset != file.received or not piece or offset + len(piece) > file.size:
                raise UploadError(f"{visible(file.name)}: it did not arrive in order; choose it again")
            with self._path(upload, file.name).open("r+b") as written:
                written.seek(offset)
                written.write(piece)
            file.received += len(piece)
            return file.received

    def discard(self, upload: str) -> None:
        """Remove a file, if it is there."""
        with self.lock:
            file = self.files.pop(upload, None)
            if file is not None:
                with file.lock:
                    rmtree(self.folder / FILES / upload, ignore_errors=True)

    def close(self) -> None:
        """Remove all files, and take none any more."""
        with self.lock:
            self.is_closed = True
            self.files.clear()
            remove_folder(self.folder)

    def _path(self, upload: str, name: str) -> Path:
        return self.folder / FILES / upload / name


def uploaded_file(upload: str, folder: Path | None = None) -> Path:
    """Return the file with the id *upload*, in a worker.

    Raises:
        UploadError: there is no such file.
    """
    base = folder or uploads_folder()
    if base is not None and len(upload) == 16 and set(upload) <= set("0123456789abcdef"):  # noqa: PLR2004 - as `begin` makes them
        files = list((base / FILES / upload).glob("*"))
        if len(files) == 1:
            return files[0]
    raise UploadError(REMOVED)


def _check_name(name: str) -> None:
    """Check that *name* is a name of a file and not of a place elsewhere.

    Raises:
        UploadError: it is not.
    """
    characters = set(name)
    if name in {"", ".", ".."} or name != name.strip() or characters & _SEPARATORS:
        raise UploadError(f"`{visible(name)[:80]}` is not the name of a file; rename it")
    if characters & _TURNING or any(unicodedata.category(character) in _UNSEEN for character in characters):
        raise UploadError(f"`{visible(name)[:80]}` has a character that cannot be seen; rename the file")
    if len(name.encode()) > LONGEST_FILE_NAME:
        raise UploadError(f"`{visible(name)[:80]}…` is longer than {LONGEST_FILE_NAME} bytes; rename the file")
