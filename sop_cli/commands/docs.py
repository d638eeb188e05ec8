"""`sop docs`: write the living document of a run again, beside a run, a release, or the reader's own copy of the SOP."""

import json
from importlib import import_module
from pathlib import Path

import click

from sop_cli.exit_status import GOOD, MISUSE
from sop_cli.paths import APPROVED, BUILD
from sop_cli.run_exports import CUCUMBER_JSON, MESSAGES, write_exports
from sop_runs.record.folder import folder_of

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(short_help="Write the living document of a run.")
@click.option("--run", "folder", type=FOLDER, help="Run to show (the last one).")
@click.option("--out", type=FOLDER, default=BUILD / "site", help="Folder for the pages (build/site).")
@click.option(
    "--base", metavar="WHAT", help="What to compare with: a run, a table, an approved folder, a git revision (what was approved)."
)
@click.option(
    "--source", type=click.Path(path_type=Path, dir_okay=False), help="Your copy of the SOP as text: its lines stand beside ours."
)
@click.option(
    "--simulations",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder with the results of `sop simulate` (build/simulations).",
)
@click.option("--messages", is_flag=True, help="Also write the run as Cucumber Messages, beside its record.")
@click.option("--cucumber-json", is_flag=True, help="Also write the run as Cucumber JSON, beside its record.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def docs(  # noqa: PLR0913 - one for each option
    folder: Path | None,
    out: Path,
    base: str | None,
    source: Path | None,
    simulations: Path | None,
    *,
    messages: bool,
    cucumber_json: bool,
    as_json: bool,
) -> int:
    """Write the living document as a folder of pages that can be opened by a double click.

    WHAT is a run (its id, folder or file), a folder that `sop approve` wrote, a saved table, a folder with a rulebook, or a
    git revision such as the tag of a release; without it, the page of changes compares with ./approved, if there is one.

    The lines of your copy of the SOP are written into that folder and nowhere else. Exit status: 0 the document is
    written, whatever it says of the run, 2 something cannot be read or written.
    """
    site, snapshots = import_module("reports.site.builder"), import_module("sop_cli.snapshots")
    run = folder_of(folder)
    context = site.read_context(
        run,
        base=snapshots.approved_snapshot(APPROVED) if base is None else snapshots.find_snapshot(base),
        source=source,
        simulations=simulations or BUILD / "simulations",
    )
    document = site.write_pages(context, out)
    trouble = write_exports(run, None, [*[MESSAGES] * messages, *[CUCUMBER_JSON] * cucumber_json], record=context.record)
    band = context.document.band
    if as_json:
        result = {
            "document": document.as_posix(),
            "run": run.as_posix(),
            "verdict": band.kind,
            "title": band.title,
            "reasons": band.reasons,
        }
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{band.symbol} {band.title}")
        for reason in band.reasons:
            click.echo(f"  {reason}")
        click.echo(f"{'living document':16} {document.as_posix()}")
        click.echo(f"{'run':16} {run.as_posix()}")
    if trouble:
        click.echo(f"error: the run is not written for other tools: {trouble}", err=True)
    return MISUSE if trouble else GOOD
