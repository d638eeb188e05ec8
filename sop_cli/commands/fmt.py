"""`sop fmt`: lay out feature files in one way, without changing a word."""

import difflib
import stat
from collections.abc import Iterator
from pathlib import Path

import click

from sop_cli.exit_status import BAD_NEWS, GOOD, MISUSE
from sop_cli.paths import FEATURES
from sop_engine import SopError
from sop_engine.files import write_atomically
from steps.language.document import find_features
from steps.language.formatter import formatted


@click.command(short_help="Lay out feature files in one way, without changing a word.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit status 1 if a file would change.")
@click.option("--diff", "differing", is_flag=True, help="Write nothing; show what would change.")
def fmt(paths: tuple[Path, ...], *, check: bool, differing: bool) -> int:
    """Indent blocks, align tables and part blocks by one empty line, in the files at PATHS (./features without any).

    Every file says the same before and after: its tree is compared, and one that would say something else is left as it
    is. Comments, byte order mark and line ends stay. Exit status: 0 done, 1 something would change (with --check or
    --diff), 2 a file cannot be read.
    """
    changed, refused = 0, 0
    for file in find_features(list(paths) or [Path(FEATURES)]):
        old = file.read_bytes()
        try:
            new = formatted(old, file.as_posix())
        except SopError as error:
            refused += 1
            click.echo(f"error: {error}", err=True)
            continue
        if new == old:
            continue
        changed += 1
        if differing:
            click.echo("\n".join(_unified_diff(file.as_posix(), old, new)))
        elif check:
            click.echo(f"{file.as_posix()}: would be laid out anew")
        else:
            write_atomically(file.resolve(), new, stat.S_IMODE(file.stat().st_mode))
            click.echo(f"{file.as_posix()}: laid out anew")
    if changed and (check or differing):
        click.echo("`sop fmt` lays the files out; nothing has been written", err=True)
    if refused:
        return MISUSE
    return BAD_NEWS if changed and (check or differing) else GOOD


def _unified_diff(name: str, old: bytes, new: bytes) -> Iterator[str]:
    before, after = (data.decode("utf-8-sig").splitlines() for data in (old, new))
    return difflib.unified_diff(before, after, name, name, lineterm="")
