"""Show and write the renaming of a step sentence, for `sop steps --rename`."""

import difflib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tokenize import detect_encoding

import click

from sop_cli.called_as import as_called
from sop_cli.exit_status import SUCCESS
from sop_cli.paths import near
from sop_engine.files import write_together
from sop_engine.text import counted, quoted, visible
from steps.definitions.registry import Registry
from steps.editing.module_text import python_lines
from steps.editing.renaming import Edit, RenameError, Renaming, edits, renaming_of
from steps.language.document import find_features

SHORTEST_MENTION = 12
"""Characters of the words of a step sentence that are searched for in other modules; shorter words are in too many texts."""


def rename_sentence(registry: Registry, sentences: tuple[str, str], root: Path, *, write: bool) -> int:
    """Print the diff of every file that changes; write all of them if *write* is set.

    Raises:
        RenameError: the sentence cannot be renamed, or a file belongs to an installed package.
    """
    renaming = renaming_of(registry, *sentences)
    changes = list(edits(renaming, registry, [Path(near(file)) for file in find_features([root])], root))
    for change in changes:
        if not change.file.resolve().is_relative_to(Path.cwd().resolve()):
            name = near(change.file)
            raise RenameError(f"{name} is not in the current folder; run the command in the folder of the project that contains it")
    click.echo("\n".join(line for change in changes for line in _unified_diff(change)))
    for mention in _mentions(renaming, changes):
        click.echo(f"{mention}: contains the old words too; change it by hand if it means this step sentence", err=True)
    if write:
        write_together({change.file: change.new for change in changes}, keep_link=True)
        click.echo(as_called(f"{counted(len(changes), 'file')} written; run `sop verify` and, if you want the change, `sop approve`"))
    else:
        click.echo(f"{counted(len(changes), 'file')} would change; add --write to write them", err=True)
    return SUCCESS


def _unified_diff(change: Edit) -> Iterator[str]:
    before, after = (python_lines(_decoded(data)) for data in (change.old, change.new))
    name = visible(near(change.file))
    return difflib.unified_diff(before, after, name, name, lineterm="", n=1)


def _decoded(data: bytes) -> str:
    """Return the text of a feature file, or of a module in any encoding, to be shown."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(detect_encoding(BytesIO(data).readline)[0])


def _mentions(renaming: Renaming, changes: list[Edit]) -> Iterator[str]:
    """Yield the places in other modules of the package that contain the longest words of the old sentence, such as templates of steps."""
    words = max((piece for piece in renaming.definition.sentence.pieces if isinstance(piece, str)), key=len, default="").strip()
    changed = {change.file.resolve() for change in changes}
    depth = renaming.definition.module.count(".")
    if len(words) < SHORTEST_MENTION or not depth:
        return
    top = Path(renaming.definition.file).resolve().parents[depth - 1]
    for file in sorted(top.rglob("*.py")):
        if file not in changed:
            for number, line in enumerate(python_lines(file.read_text(encoding="utf-8", errors="replace")), 1):
                if words in line:
                    yield f"{near(file)}:{number}: {quoted(line.strip())}"
