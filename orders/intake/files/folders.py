"""A folder with the parts of one export, in the order of their names, as one sheet."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from orders.intake.errors import IntakeError
from orders.intake.files.encodings import digest, require_file
from orders.intake.files.sheet import Batch, Sheet
from sop_engine.text import quoted

PART_KINDS = ((".parquet",), (".csv", ".tsv", ".txt"))
"""Endings of parts: all parts of a folder are of one kind."""
_IGNORED = (".", "_")
_SMALL = 1 << 22
"""Bytes of which the digest is computed before a thread has begun."""


class FolderSheet:
    """The parts of a folder as one sheet; its first rows are those of the first part."""

    name: str | None = None

    def __init__(self, folder: Path, parts: Sequence[Path], first: Sheet) -> None:
        self.folder, self.parts, self.first = folder, tuple(parts), first
        self.head, self.header_is_row = first.head, first.header_is_row

    def batches(self, first: int, width: int, kept: Sequence[int]) -> Iterator[Batch]:
        """Yield the rows of the first part, from which a mapping is suggested; see `Sheet.batches`."""
        return self.first.batches(first, width, kept)


def open_folder(folder: Path, open_part: Callable[[Path], Sequence[Sheet]]) -> FolderSheet:
    """Return the parts of *folder* as a sheet.

    Raises:
        IntakeError: it has no parts, or something else.
    """
    parts = part_files(folder)
    return FolderSheet(folder, parts, open_part(parts[0])[0])


def require_source(file: Path) -> None:
    """Refuse what is neither a file with content nor a folder with the parts of an export.

    Raises:
        IntakeError: see `require_file` and `part_files`.
    """
    if not _is_folder(file):
        require_file(file)
        return
    for part in part_files(file):
        require_file(part)


def _is_folder(file: Path) -> bool:
    try:
        return file.is_dir()
    except (OSError, ValueError):
        return False


def part_files(folder: Path) -> list[Path]:
    """Return the parts of *folder* by name; names that begin with a dot or an underscore are no parts.

    Raises:
        IntakeError: it has no parts, or something else.
    """
    try:
        files = sorted((file for file in folder.iterdir() if not file.name.startswith(_IGNORED)), key=lambda file: file.name)
    except OSError as error:
        raise IntakeError(str(folder), f"it cannot be read ({(error.strerror or 'unknown').lower()})", "check its permissions") from None
    remedy = "leave only the parts of one export in it, as .parquet or .csv"
    if not files:
        raise IntakeError(str(folder), "the folder has no parts of an export", remedy)
    kinds = {file: next((kind for kind in PART_KINDS if file.suffix.casefold() in kind), None) for file in files}
    for file, kind in kinds.items():
        if kind is None or not file.is_file():
            raise IntakeError(str(folder), f"it has {quoted(file.name)}, which is no part of an export", remedy)
        if kind != kinds[files[0]]:
            raise IntakeError(str(folder), f"it has {quoted(files[0].name)} and {quoted(file.name)}, parts of two kinds", remedy)
    return files


@contextmanager
def read_unchanged(file: Path) -> Iterator[None]:
    """Refuse a file, or a folder with parts, that changes while it is read inside the context: it is read more than once.

    Raises:
        IntakeError: it has changed; also in place of another error, which then is a consequence.
    """
    before = _state_of(file)
    try:
        yield
    except Exception:
        _require_state(file, before)
        raise
    _require_state(file, before)


def _require_state(file: Path, before: object) -> None:
    if _state_of(file) != before:
        raise IntakeError(file.name, "it was changed while it was read", "run it again when no program writes into it") from None


def _state_of(file: Path) -> object:
    """Return name, size and time of the file, or of each part of the folder, so that a change shows."""
    try:
        parts = sorted(part for part in file.iterdir() if not part.name.startswith(_IGNORED)) if file.is_dir() else [file]
        stats = [(part.name, part.stat()) for part in parts]
    except (OSError, ValueError):
        return None
    return [(name, stat.st_size, stat.st_mtime_ns, stat.st_ino) for name, stat in stats]


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, or of the names and digests of the parts of a folder.

    Raises:
        IntakeError: it cannot be read.
    """
    from hashlib import sha256  # noqa: PLC0415 (only here)

    if not file.is_dir():
        return digest(file)
    return sha256("".join(f"{digest(part)}  {part.name}\n" for part in part_files(file)).encode("utf-8", "surrogateescape")).hexdigest()


def digest_beside(file: Path) -> Callable[[], str]:
    """Return a function that returns `digest_of` *file* or raises its error; of a large file it is computed in a thread from now on."""
    if not file.is_dir() and file.stat().st_size <= _SMALL:
        return partial(digest_of, file)
    thread = ThreadPoolExecutor(1)
    digest = thread.submit(digest_of, file)
    thread.shutdown(wait=False)
    return digest.result
