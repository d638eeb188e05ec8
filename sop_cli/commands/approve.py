"""`sop approve`: save the current behaviour as the baseline of later comparisons."""

from pathlib import Path

import click

from sop_cli.called_as import as_called
from sop_cli.exit_status import GOOD
from sop_cli.other_code import allow_other_code_option, other_code
from sop_cli.paths import FolderType
from sop_runs.change.baseline import approve as keep
from sop_runs.change.baseline import approved_folder
from sop_runs.record.folder import RunNeededError, complete_run, folder_of
from sop_runs.record.verdict import judge
from sop_runs.record.verdict_text import reason_texts
from steps.run.judge import compared


@click.command(short_help="Save the current answers, wording and examples as approved.")
@click.option("--run", type=FolderType(), help="Folder of the run whose examples are approved (default: the last run).")
@click.option(
    "--to", "folder", type=FolderType(), help="Folder to write (default: approved; of another version than the first, approved/VERSION)."
)
@allow_other_code_option
def approve(run: Path | None, folder: Path | None, *, allow_other_code: bool) -> int:
    """Save the answers of the rulebook, and the wording and the examples of the last run, in a folder. Commit that folder.

    The run must be complete, without failures, and of the present code. `sop gate` compares later changes with the approved folder.

    Exit status: 0 saved, 2 invalid input or option, or a run that did not pass, 3 internal error, 130 interrupted.
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
    for file in keep(record, folder or approved_folder()):
        click.echo(file.as_posix())
    return GOOD
