"""`sop approve`: save the current behaviour as the baseline of later comparisons."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from sop_cli.answers.change_listing import changes_as_text
from sop_cli.called_as import as_called
from sop_cli.exit_status import FAILURE, SUCCESS
from sop_cli.other_code import allow_other_code_option, other_code
from sop_cli.paths import FolderType
from sop_cli.runs.approval import changes_since_approval, present_state, refuse_unless_passed
from sop_engine.text import counted
from sop_runs.change.baseline import approve as keep
from sop_runs.change.baseline import approved_folder
from sop_runs.record.folder import complete_run, folder_of
from sop_runs.record.reader import RunRecord
from sop_runs.record.verdict import judge
from steps.run.judge import compared


@click.command(short_help="Save the current answers, wording and examples as approved.")
@click.option("--run", type=FolderType(), help="Folder of the run whose examples are approved (default: the last run).")
@click.option(
    "--to", "folder", type=FolderType(), help="Folder to write (default: approved; of another version than the first, approved/VERSION)."
)
@click.option("--yes", is_flag=True, help="Save without asking.")
@allow_other_code_option
def approve(run: Path | None, folder: Path | None, *, yes: bool, allow_other_code: bool) -> int:
    """Save the answers of the rulebook, and the wording and the examples of the last run, in a folder. Commit that folder.

    It lists every answer, text and example that changed since the last approval, and asks before it saves them. The run must be
    complete, without failures, and of the present code. `sop gate` compares later changes with the approved folder.

    Exit status: 0 saved, 1 not confirmed, 2 invalid input or option, or a run that did not pass, 70 internal error, 130 interrupted.
    """
    run = folder_of(run)
    record = complete_run(run)
    note = other_code(run, record, allow=allow_other_code)
    refuse_unless_passed(compared(judge(record), record))
    if note:
        click.echo(f"warning: {as_called(note)}", err=True)
    folder = folder or approved_folder()
    for line in _what_is_accepted(record, folder):
        click.echo(line)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("nothing was saved; read the list above, and add --yes to save it")
        if not click.confirm(f"save this in {folder.as_posix()}?"):
            click.echo("nothing was saved")
            return FAILURE
    for file in keep(record, folder):
        click.echo(file.as_posix())
    return SUCCESS


def _what_is_accepted(record: RunRecord, folder: Path) -> Iterator[str]:
    """Yield what changed since the last approval in *folder*, line by line; at the first approval, how much is approved."""
    present = present_state(record)
    since = changes_since_approval(present, folder)
    if since is None:
        answers = len(present.behaviour.rows) if present.behaviour is not None else 0
        yield f"approved for the first time: {counted(answers, 'answer')} and {counted(len(present.examples or ()), 'example')}"
    elif isinstance(since, str):
        yield f"the last approval cannot be compared: {since}"
    else:
        yield from changes_as_text(since)
