"""`sop approve`: keep the present behaviour as what later changes are held against."""

from pathlib import Path

import click

from steps.baseline import approve as keep
from steps.last_run import RunNeededError, folder_of, whole_run

GOOD = 0


@click.command(short_help="Keep the present answers and examples as approved.")
@click.option("--run", type=click.Path(path_type=Path, file_okay=False), help="Run whose examples are approved (the last one).")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("approved"), help="Folder to keep them in (approved)."
)
def approve(run: Path | None, folder: Path) -> int:
    """Write what the rulebook answers, and what the examples of the last run say, into a folder to be committed.

    The run must be complete and without failures. `sop gate` holds later changes against it.
    """
    record = whole_run(folder_of(run))
    failed = sum(scenario["status"] != "passed" for scenario in record.scenarios)
    findings = sum(len(feature["findings"]) for feature in record.features)
    if failed or findings or not record.scenarios:
        raise RunNeededError(f"the run has {failed} failures and {findings} findings; only a run that holds can be approved")
    for file in keep(record, folder):
        click.echo(file.as_posix())
    return GOOD
