"""`sop fmt`: reformat feature files without changing a word."""

import difflib
from collections.abc import Iterator
from pathlib import Path

import click

from sop_cli.called_as import as_called
from sop_cli.exit_status import FAILURE, MISUSE, SUCCESS
from sop_cli.paths import FEATURES, FeaturePath
from sop_engine import SopError
from sop_engine.files import write_atomically
from sop_engine.text import counted, visible
from sop_runs.output_folder import remove_drafts
from steps.language.document import find_features
from steps.language.formatter import formatted


@click.command(short_help="Reformat feature files without changing a word.")
@click.argument("paths", nargs=-1, type=FeaturePath())
@click.option("--check", is_flag=True, help="Write nothing; list the files that would change, with exit status 1.")
@click.option("--diff", "differing", is_flag=True, help="Write nothing; show the changes as a diff, with exit status 1.")
def fmt(paths: tuple[Path, ...], *, check: bool, differing: bool) -> int:
    """Indent blocks, align tables and put one empty line between blocks, in the feature files at PATHS (default: ./features).

    The content of a file does not change: its syntax tree and all its characters but blanks are compared before and after. A
    file that would change, or that cannot be read, is left as it is, with a finding and exit status 2. Comments, byte order
    mark and the end of each line are kept.

    Exit status: 0 done, 1 a file would change (with --check or --diff), 2 invalid input or option, 70 internal error,
    130 interrupted.
    """
    changed, refused = 0, 0
    for file in find_features(list(paths) or [Path(FEATURES)]):
        old = file.read_bytes()
        try:
            new = formatted(old, file.as_posix())
        except SopError as error:
            refused += 1
            click.echo(f"error: {as_called(visible(str(error)))}", err=True)
            continue
        if new == old:
            continue
        changed += 1
        if differing:
            click.echo("".join(_unified_diff(visible(file.as_posix()), old, new)), nl=False)
        elif check:
            click.echo(f"{visible(file.as_posix())}: would be reformatted")
        else:
            remove_drafts(file.resolve().parent)
            write_atomically(file, new, keep_link=True)
            click.echo(f"{visible(file.as_posix())}: reformatted")
    if changed and (check or differing):
        click.echo(as_called(f"{counted(changed, 'file')} not written; run `sop fmt` to reformat"), err=True)
    if refused:
        return MISUSE
    return FAILURE if changed and (check or differing) else SUCCESS


def _unified_diff(name: str, old: bytes, new: bytes) -> Iterator[str]:
    before, after = (data.decode("utf-8-sig").splitlines(keepends=True) for data in (old, new))
    for line in difflib.unified_diff(before, after, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
