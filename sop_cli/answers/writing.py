"""Changed registers and features: written together under one lock after asking, or as a patch."""

import difflib
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click
from filelock import FileLock, Timeout

from sop_cli.called_as import as_called
from sop_cli.exit_status import FAILURE, SUCCESS
from sop_cli.paths import BUILD, near
from sop_engine import SopError
from sop_engine.files import write_atomically, write_together
from sop_engine.text import counted

ANSWERS_LOCK = BUILD / ".answers.lock"
LONGEST_WAIT_S = 10.0


class WritingError(SopError):
    """Files that cannot be written now; none has changed."""


def write_or_ask(changes: Mapping[Path, tuple[bytes, bytes]], *, yes: bool, patch_file: Path | None) -> int:
    """Write *changes* after asking, without asking (*yes*), or as a patch to the new file *patch_file*; return the exit status.

    Raises:
        WritingError: as `write_changes` and `write_patch`.
        click.UsageError: there is no terminal to ask.
    """
    if patch_file is not None:
        write_patch(patch_file, patch_of(changes))
        click.echo(f"patch written: {near(patch_file)}; `git apply {near(patch_file)}` puts it into the files")
        return SUCCESS
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("nothing was written; add --yes to write, or --patch FILE for a patch")
        if not click.confirm(f"write {counted(len(changes), 'file')}?"):
            click.echo("nothing was written")
            return FAILURE
    write_changes(changes)
    click.echo(as_called(f"{written_text(changes)}; next: `sop verify`, `sop gate`, and `sop approve` if you agree with every change"))
    return SUCCESS


def patch_of(changes: Mapping[Path, tuple[bytes, bytes]]) -> bytes:
    """Return *changes*, old and new content by file, as a patch that `git apply` and `patch -p1` read."""
    return "".join(line for file, (old, new) in changes.items() for line in _diff_for_git(near(file), old, new)).encode()


def _diff_for_git(name: str, old: bytes, new: bytes) -> Iterator[str]:
    before, after = ([f"{line}\n" for line in data.decode().split("\n")] for data in (old, new))
    for lines in (before, after):
        lines[-1] = lines[-1].removesuffix("\n")
        if not lines[-1]:
            lines.pop()
    for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def write_patch(file: Path, patch: bytes) -> None:
    """Write *patch* to the new file *file*.

    Raises:
        WritingError: there is such a file.
    """
    if file.exists() or file.is_symlink():
        raise WritingError(f"`{near(file)}` exists; name a new file for the patch")
    write_atomically(file, patch, keep_link=True)


def write_changes(changes: Mapping[Path, tuple[bytes, bytes]]) -> None:
    """Write the new content of every file, or of none.

    Raises:
        WritingError: another process writes registers, or a file has changed since it was read.
        OSError: a file cannot be written; the files have their old content.
    """
    BUILD.mkdir(exist_ok=True)
    try:
        with FileLock(ANSWERS_LOCK, timeout=LONGEST_WAIT_S):
            changed = [near(file) for file, (old, _) in changes.items() if not file.is_file() or file.read_bytes() != old]
            if changed:
                verb = "has" if len(changed) == 1 else "have"
                raise WritingError(f"{', '.join(changed)} {verb} changed meanwhile, so nothing was written; run the command again")
            _write_all(changes)
    except Timeout:
        raise WritingError(
            f"another process writes registers here (`{ANSWERS_LOCK.as_posix()}` is locked); wait until it has ended"
        ) from None


def _write_all(changes: Mapping[Path, tuple[bytes, bytes]]) -> None:
    try:
        write_together({file.resolve(): new for file, (_, new) in changes.items()})
    except BaseException:
        with suppress(OSError):
            write_together({file.resolve(): old for file, (old, new) in changes.items() if file.read_bytes() == new})
        raise


def written_text(changes: Mapping[Path, object]) -> str:
    """Return which files were written, in one line."""
    return f"{counted(len(changes), 'file')} written: {', '.join(map(near, changes))}"
