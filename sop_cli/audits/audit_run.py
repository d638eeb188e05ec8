"""The course of an audit: choose the mapping, read, decide, write everything or nothing, and print the summary."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import click

from orders.audit.rules.context import Options
from orders.audit.tables import Tables
from orders.intake.mapping.profiles import CONFIDENCES, profiles
from orders.intake.reading import Intake
from orders.intake.values.dates import FIRST_YEAR
from orders.memory import release_freed_memory, use_system_memory
from orders.vms_reports import DateRangeError
from reports.audit.audit_json import json_lines
from reports.audit.earlier_audit import EarlierAudit, compare, read_earlier
from reports.audit.figures import figures_of
from reports.audit.material import AuditMaterial, material_of, records
from reports.audit.order_life import life_lines, order_key, order_life
from reports.audit.writing import check_audit_folder, write_audit
from sop_cli.audits.assumptions import Remedies, assumed_in, empty_text, is_without_evidence, remedies_in, unread_text
from sop_cli.audits.chosen_mapping import MAPPING, ChosenMapping, choose_mapping
from sop_cli.audits.progress import progress_of_audit
from sop_cli.audits.strategy import AuditStrategy, audit_strategy
from sop_cli.audits.summary import aside_lines, print_lines, summary_lines
from sop_cli.exit_status import FAILURE, MISUSE, ROWS_SET_ASIDE, SUCCESS, end_if_interrupted
from sop_cli.paths import AUDITS, near
from sop_engine import Reading, SopError
from sop_engine.garbage_collection import collection_paused
from sop_engine.text import counted

LINES_AT_A_TIME = 1_000
"""Lines of JSON that are printed at a time."""
__all__ = ["MAPPING", "AuditRequest", "profile_lines", "profiles_as_json", "run_audit"]


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What the command was called with, see its options; or the workbench, with *notes* of a worklist by reference."""

    files: tuple[Path, ...]
    mapping: Path | None
    as_of: date | None
    reading: Reading
    out: Path | None
    since: Path | None
    explained: tuple[str, ...]
    encoding: str | None
    strict: bool
    accepts: bool
    as_json: bool
    cluster: str | None = None
    remedies: Remedies | None = None
    vms_days: tuple[date, date] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


def run_audit(request: AuditRequest) -> int:
    """Run an audit and return its exit status.

    Raises:
        DateRangeError: the days of the list of the VMS end before they begin.
        SopError: it cannot be run; nothing is written, except a suggested mapping.
        OSError: a file cannot be written; the folder is as it was.
    """
    _check_options(request)
    earlier = None if request.since is None else read_earlier(request.since)
    if request.out is not None:
        check_audit_folder(request.out)
    chosen = choose_mapping(request.files, request.mapping, request.encoding, accepts=request.accepts)
    use_system_memory()
    beside = AUDITS if request.out is None else request.out.parent
    with (
        collection_paused(),
        progress_of_audit() as progress,
        audit_strategy(chosen.mapping, request.cluster, beside, progress) as strategy,
    ):
        tables, material = material_for(request, chosen, earlier, strategy, progress)
        release_freed_memory()
        lives = [order_life(order, material) for order in request.explained]
        figures = figures_of(material)
        if request.strict and figures.set_aside:
            print_lines(aside_lines(material), err=True)
            return _refuse(counted(figures.set_aside, "row"), "cannot be read; correct what is listed")
        remedies = remedies_in(chosen.file.name)
        if request.strict and tables.unread:
            print_lines((unread_text(sheet, remedies) for sheet in tables.unread), err=True)
            return _refuse(counted(len(tables.unread), "sheet"), "not read; give it a header and a [[source]], or remove it")
        silent = [source for source in records(tables.sources) if is_without_evidence(source)]
        if request.strict and silent:
            print_lines((empty_text(source, remedies) for source in silent), err=True)
            return _refuse(counted(len(silent), "file"), "without rows; say that there was nothing, or export again")
        comparison = None if earlier is None else compare(earlier, material)
        out = request.out or AUDITS / material.as_of.isoformat()
        write_audit(out, material, comparison, lambda name: _writing(strategy, progress, name))
    if request.as_json:
        lines = json_lines(material, comparison)
        while text := "".join(islice(lines, LINES_AT_A_TIME)):
            click.echo(text, nl=False)
    elif lives:
        for life in lives:
            print_lines((*life_lines(life), ""))
        click.echo(f"audit          {near(out)}")
    else:
        print_lines(summary_lines(material, comparison, out), heading=True)
    if figures.set_aside or tables.unread or silent:
        return ROWS_SET_ASIDE
    return FAILURE if figures.is_open else SUCCESS


def material_for(
    request: AuditRequest, chosen: ChosenMapping, earlier: EarlierAudit | None, strategy: AuditStrategy, progress: Callable[[str], None]
) -> tuple[Intake, AuditMaterial]:
    """Read the files of *chosen* and decide; *progress* is called with what is done next, such as ``reading orders.csv``.

    With what is assumed stand the remedies of *request*; without any, those of the command.

    The evidence, which takes more memory than the result, is given up.

    Raises:
        SopError: it cannot be run.
    """
    remedies = request.remedies or remedies_in(chosen.file.name)
    as_of = request.as_of or chosen.mapping.as_of
    _check_as_of(as_of)
    tables = strategy.read(chosen.mapping, request.as_of, progress)
    options = Options(stock_in_erp=chosen.mapping.stock_in_erp, bounds=chosen.mapping.bounds, vms_days=request.vms_days)
    result = strategy.audit(_tables(tables), as_of, request.reading, options, progress)
    return tables, material_of(
        result, _tables(tables), assumed=tuple(assumed_in(result, chosen.mapping, chosen.assumed, tables, remedies)), columns=tables.columns,
        notes=request.notes if earlier is None else earlier.notes, explained=request.explained, vms_days=request.vms_days,
    )  # fmt: skip


def _check_options(request: AuditRequest) -> None:
    """Refuse days that end before they begin, and an order without a number, before any file is read."""
    if request.vms_days is not None and request.vms_days[1] < request.vms_days[0]:
        raise DateRangeError(*request.vms_days)
    for order in request.explained:
        order_key(order)


def _check_as_of(as_of: date | None) -> None:
    if as_of is not None and as_of.year < FIRST_YEAR:
        raise SopError(f"the day of the audit is {as_of}, and no row can be of a year before {FIRST_YEAR}; write a later day")


def _refuse(what: str, why: str) -> int:
    """Say why --strict stops the audit."""
    click.echo(f"error: {what} {why}, or leave out --strict; nothing was written", err=True)
    return MISUSE


def _tables(intake: Intake) -> Tables:
    return Tables(rows=intake.rows, requests=intake.requests, documents=intake.documents, sources=intake.sources)


def _writing(strategy: AuditStrategy, progress: Callable[[str], None], name: str) -> None:
    end_if_interrupted()
    strategy.release()
    progress(f"writing {name}")


def profile_lines() -> Iterator[str]:
    """Yield the shipped profiles: name, what it is of, its system, how sure its facts are and where they come from."""
    for profile in profiles().values():
        yield f"{profile.name:28} {profile.title}"
        yield f"{'':28} {profile.system}; {CONFIDENCES[profile.confidence]}: {profile.source}"


def profiles_as_json() -> str:
    """Return the shipped profiles as a list in JSON; each also has the names of its columns that it knows, by what they are taken for."""
    return json.dumps(
        [
            {
                "name": profile.name,
                "title": profile.title,
                "system": profile.system,
                "confidence": profile.confidence,
                "confidence_text": CONFIDENCES[profile.confidence],
                "source": profile.source,
                "columns": {target: list(names) for target, names in profile.names.items()},
            }
            for profile in profiles().values()
        ],
        ensure_ascii=False,
        indent=2,
    )
