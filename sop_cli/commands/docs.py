"""`sop docs`: write the living document of a run, compared with another run or a release, or beside a copy of the SOP."""

import json
import os
from datetime import datetime
from importlib import import_module
from pathlib import Path

import click

from reports.site.newer_run import announce_newer_run
from reports.site.run_stamp import ABOUT, run_started
from sop_cli.called_as import as_called
from sop_cli.exit_status import MISUSE, SUCCESS
from sop_cli.paths import BUILD, FolderType
from sop_cli.runs.run_exports import CUCUMBER_JSON, MESSAGES, write_exports
from sop_engine.text import path_shown, visible
from sop_runs.record.folder import LATEST, RunNeededError, folder_of, latest_of, unrecorded_after

FOLDER = FolderType()


@click.command(short_help="Write the living document of a run.")
@click.option("--run", "folder", type=FOLDER, help="Folder of the run to show (default: the last run).")
@click.option("--out", type=FOLDER, default=BUILD / "site", help="Folder for the pages (default: build/site).")
@click.option("--base", metavar="WHAT", help="Compare with this run, table, approved folder or git revision (default: approved).")
@click.option(
    "--source",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Your copy of the SOP as text; its lines are shown beside our wording.",
)
@click.option(
    "--simulations",
    type=FolderType(exists=True),
    help="Folder with the results of `sop simulate` (default: build/simulations).",
)
@click.option(
    "--audits",
    type=FolderType(exists=True),
    help="Folder with audits of real orders, shown with the pages; an empty one leaves them out (default: build/audits).",
)
@click.option("--messages", is_flag=True, help="Also write the run as Cucumber Messages, beside its record.")
@click.option(
    "--real-time", is_flag=True, help="With --messages: give them the time of the run (default: 1970, so that bytes stay the same)."
)
@click.option("--cucumber-json", is_flag=True, help="Also write the run as Cucumber JSON, beside its record.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def docs(  # noqa: PLR0913 - one for each option
    folder: Path | None,
    out: Path,
    base: str | None,
    source: Path | None,
    simulations: Path | None,
    audits: Path | None,
    *,
    messages: bool,
    real_time: bool,
    cucumber_json: bool,
    as_json: bool,
) -> int:
    """Write the living document as a folder of pages. Open index.html in it with a double click.

    WHAT, in --base, is a run (its id, folder or file), a folder that `sop approve` wrote, a saved table, a version of the document,
    a folder with a rulebook, or a git revision such as the tag of a release. Without --base, the page of changes compares with
    ./approved, if there is one; of a later version with ./approved/VERSION, and until that exists with the version before.

    The lines of your copy of the SOP are written into the folder of the pages and nowhere else.

    Exit status: 0 the document is written, even if the run failed, 2 invalid input or option, 70 internal error, 130 interrupted.
    """
    if real_time and not messages:
        raise click.UsageError("--real-time is about the messages; add --messages")
    site, snapshots = import_module("reports.site.builder"), import_module("sop_cli.snapshots")
    run = folder_of(folder)
    context = site.read_context(
        run,
        base=snapshots.base_of_pages(Path()) if base is None else snapshots.find_snapshot(base),
        source=source,
        simulations=simulations or BUILD / "simulations",
        audits=audits or BUILD / "audits",
    )
    if base is not None and context.other_version:
        raise RunNeededError(
            f"the run `{run.name}` used the rulebook `{visible(context.other_version)}`, not `{context.version}`, so only a part of it could "
            f"be compared; add --rulebook {visible(context.other_version)}"
        )
    document = site.write_pages(context, out)
    if folder is None and (note := unrecorded_after(run)):
        click.echo(f"note: these are the pages of the run `{run.name}`; {note}", err=True)
    newer = latest_of(run.parent)
    if newer not in ("", run.name):
        announce_newer_run(out, newer)
    elif not newer and os.path.lexists(run.parent / LATEST):
        click.echo(f"note: `{path_shown(run.parent / LATEST)}` is not the id of a run, so a newer run may exist", err=True)
    names = [*[MESSAGES] * messages, *[CUCUMBER_JSON] * cucumber_json]
    trouble = write_exports(run, None, names, record=context.record, started=_started(run) if real_time else None)
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
        click.echo(f"error: the files for other tools are not written: {as_called(trouble)}", err=True)
    return MISUSE if trouble else SUCCESS


def _started(run: Path) -> datetime:
    """Return when *run* began.

    Raises:
        click.UsageError: its ``about.json`` does not say so.
    """
    started = run_started(run)
    if started is None:
        raise click.UsageError(f"`{path_shown(run / ABOUT)}` has no time of the run; leave out --real-time, or run `sop verify` again")
    return started
