"""`sop approve`: keep the present behaviour as what later changes are held against."""

from pathlib import Path

import click

from sop_cli.exit_status import GOOD
from sop_cli.paths import APPROVED
from sop_runs.change.baseline import approve as keep
from sop_runs.record.folder import RunNeededError, complete_run, folder_of
from sop_runs.record.verdict import judge
from sop_runs.record.verdict_text import reason_texts


@click.command(short_help="Keep the present answers and examples as approved.")
@click.option("--run", type=click.Path(path_type=Path, file_okay=False), help="Run whose examples are approved (the last one).")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=APPROVED, help="Folder to keep them in (approved)."
)
def approve(run: Path | None, folder: Path) -> int:
    """Write what the rulebook answers, and what the examples of the last run say, into a folder to be committed.

    The run must be complete and without failures. `sop gate` holds later changes against it.
    """
    record = complete_run(folder_of(run))
    verdict = judge(record)
    if not verdict.good or verdict.known_failures:
        reasons = "; ".join(reason_texts(verdict)) or f"{len(verdict.known_failures)} known failures"
        raise RunNeededError(f"only a run that passed can be approved: {reasons}")
    for file in keep(record, folder):
        click.echo(file.as_posix())
    return GOOD
