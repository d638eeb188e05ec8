"""`sop approve`: save the current behaviour as the baseline of later comparisons."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from sop_cli.answers.change_listing import changes_as_text
from sop_cli.called_as import as_called
from sop_cli.exit_status import BAD_NEWS, GOOD
from sop_cli.other_code import allow_other_code_option, other_code
from sop_cli.paths import FolderType
from sop_engine import SopError
from sop_engine.text import counted
from sop_runs.change.baseline import approve as keep
from sop_runs.change.baseline import approved_folder, is_approved, read_baseline
from sop_runs.change.snapshot import snapshot_of_baseline, snapshot_of_run
from sop_runs.change.snapshot_changes import changes
from sop_runs.record.folder import RunNeededError, complete_run, folder_of
from sop_runs.record.reader import RunRecord
from sop_runs.record.verdict import judge
from sop_runs.record.verdict_text import reason_texts
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

    Exit status: 0 saved, 1 not confirmed, 2 invalid input or option, or a run that did not pass, 3 internal error, 130 interrupted.
    """
    run = folder_of(run)
    record = complete_run(run)
    note = other_code(run, record, allow=allow_other_code)
    verdict = compared(judge(record), record)
    if not verdict.good or verdict.known_failures:
        reasons = "; ".join(reason_texts(verdict)) or f"{len(verdict.known_failures)} known failures"
        raise RunNeededError(f"only a run that passed can be approved: {reasons}; correct this and run `sop verify` again")
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
            return BAD_NEWS
    for file in keep(record, folder):
        click.echo(file.as_posix())
    return GOOD


def _what_is_accepted(record: RunRecord, folder: Path) -> Iterator[str]:
    """Yield what changed since the last approval in *folder*, line by line; at the first approval, how much is approved."""
    present = snapshot_of_run(record, with_table=True)
    if is_approved(folder):
        try:
            approved = snapshot_of_baseline(read_baseline(folder))
        except SopError as error:
            yield f"the last approval cannot be compared: {error}"
        else:
            yield from changes_as_text(changes(approved, present))
            return
    answers = len(present.behaviour.rows) if present.behaviour is not None else 0
    yield f"approved for the first time: {counted(answers, 'answer')} and {counted(len(present.examples or ()), 'example')}"
