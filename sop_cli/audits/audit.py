"""`sop audit`: say what exports of real orders show against the SOP, and which credit notes are due."""

from datetime import date
from importlib import import_module
from pathlib import Path

import click

from sop_cli.called_as import require
from sop_cli.decision_text import Day, OneOf
from sop_cli.exit_status import end_at_once, signals_handled_by
from sop_cli.paths import FolderType
from sop_engine import Reading

EXTRA_PACKAGES = ("duckdb", "python_calamine", "xlsxwriter", "pyarrow")
"""What the extra `audit` installs."""


@click.command(short_help="Say what exports of real orders show against the SOP, and which credit notes are due.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[FILE]...")
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="Mapping of the files' columns (default: audit.toml here; without one it is suggested and written).",
)
@click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="Day of the audit, such as 2026-07-15 (default: that of the mapping, otherwise the latest day in the files).",
)
@click.option(
    "--reading",
    type=OneOf(Reading),
    default=Reading.AS_PRACTISED,
    help="as-practised (default), or as-written: without our readings of gaps.",
)
@click.option("--out", type=FolderType(), help="Folder for all files (default: build/audits/DATE).")
@click.option("--since", type=FolderType(), help="Folder of an earlier audit: show what changed, and keep the notes in its worklist.")
@click.option(
    "--explain", "explained", multiple=True, metavar="ORDER", help="Print the life of this order, and show it on the page; can be repeated."
)
@click.option(
    "--vms-days",
    nargs=2,
    type=Day(),
    metavar="FROM TO",
    help="Days of cancellation of the list of orders cancelled after posting, such as 2026-06-01 2026-06-30 (default: all).",
)
@click.option("--cluster", metavar="ADDRESS", help="Audit on the Dask cluster whose scheduler is at ADDRESS, such as tcp://host:8786.")
@click.option("--encoding", metavar="NAME", help="Encoding of files that are not UTF-8 while a mapping is suggested, such as cp1252.")
@click.option(
    "--strict",
    is_flag=True,
    help="Stop with exit status 2 and write nothing if a row is set aside, a sheet is not read, or a file without rows does not say that there was nothing.",
)
@click.option("--yes", is_flag=True, help="Accept a suggested mapping without confirming it; every output says so.")
@click.option("--json", "as_json", is_flag=True, help="Print the audit, or the list of --profiles, as JSON.")
@click.option("--profiles", "listing", is_flag=True, help="List the exports that are known, with their source and how sure it is.")
def audit(  # noqa: PLR0913 - one for each option
    files: tuple[Path, ...],
    mapping: Path | None,
    as_of: date | None,
    reading: Reading,
    out: Path | None,
    since: Path | None,
    explained: tuple[str, ...],
    vms_days: tuple[date, date] | None,
    cluster: str | None,
    encoding: str | None,
    strict: bool,  # noqa: FBT001
    yes: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    listing: bool,  # noqa: FBT001
) -> int:
    """Read exports of real orders, FILE..., and say what they show against the SOP.

    Cancellations that were carried out although the SOP refuses them, credit notes that are due with their age, and where two
    systems differ. Also what is not certain, and every row that could not be read.

    \b
      sop audit orders.csv daybook.xlsx --as-of 2026-07-15     suggest a mapping, write it to audit.toml, audit
      sop audit --mapping audit.toml                           again, when the mapping is confirmed
      sop audit --mapping audit.toml --since build/audits/2026-06-30
      sop audit orders.csv --explain FN0009                    why: the life of one order

    Nothing leaves this machine, and no file of yours is changed. The page, a worklist for a spreadsheet program and files for other
    programs are written to one folder, all or nothing. Names, addresses, phone numbers and e-mail addresses are in none of them.

    Exit status: 0 read whole and nothing is open, 1 findings or duties are open, 2 it cannot be run, 3 done, but rows are set aside,
    a sheet is not read, or a file without rows does not say that there was nothing (2 with --strict), 130 interrupted and nothing written.
    """
    for package in (*EXTRA_PACKAGES, *(["distributed"] if cluster is not None else [])):
        require(package)
    with signals_handled_by(end_at_once):
        run = import_module("sop_cli.audits.audit_run")
    if listing:
        click.echo(run.profiles_as_json() if as_json else "\n".join(run.profile_lines()))
        return 0
    if not files and mapping is None and not Path(run.MAPPING).exists():
        raise click.UsageError("no file named; name exports of orders, such as orders.csv, or a mapping with --mapping")
    request = run.AuditRequest(
        files,
        mapping,
        as_of,
        reading,
        out,
        since,
        explained,
        encoding,
        strict=strict,
        accepts=yes,
        as_json=as_json,
        cluster=cluster,
        vms_days=vms_days,
    )
    status: int = run.run_audit(request)
    return status
