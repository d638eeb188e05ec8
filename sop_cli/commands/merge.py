"""`sop merge`: merge the shards of a run."""

from pathlib import Path

import click

from sop_cli.called_as import as_called
from sop_cli.commands.verify import finish
from sop_cli.other_code import allow_other_code_option
from sop_cli.paths import BUILD, FolderType
from sop_cli.runs.run_exports import JUNIT
from steps.run.shards import merge as merge_runs


@click.command(short_help="Merge the shards of `sop verify --shard` into one run.")
@click.argument("runs", nargs=-1, required=True, type=FolderType())
@click.option("--out", type=FolderType(), default=BUILD, help="Folder for the run and the document (default: build).")
@allow_other_code_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--no-docs", is_flag=True, help="Do not write the living document.")
def merge(runs: tuple[Path, ...], out: Path, *, allow_other_code: bool, as_json: bool, no_docs: bool) -> int:
    """Merge the runs of all shards, in the folders RUNS, into the record that one run would have written.

    Exit status: 0 all examples passed, 1 an example failed or did not run, 2 invalid input or option, 70 internal error,
    130 interrupted.
    """
    result = merge_runs(list(runs), out / "runs", allow_other_code=allow_other_code)
    if result.note:
        click.echo(f"warning: {as_called(result.note)}", err=True)
    return finish(result, out / "site", [JUNIT], as_json=as_json, documented=not no_docs)
