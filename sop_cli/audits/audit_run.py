"""The course of an audit: choose the mapping, read, decide, write everything or nothing, and print the summary."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import click

from orders.audit.audit import AuditTables
from orders.audit.columns import Tables
from orders.audit.rules.context import Options
from orders.intake.event_logs import PROFILE as EVENT_LOG
from orders.intake.mapping.profiles import CONFIDENCES, profiles
from orders.intake.mapping.targets import UNKNOWN_MEANING
from orders.intake.reading import Intake
from orders.memory import give_back, use_system_memory, without_search_for_cycles
from orders.row_places import RowPlaces
from reports.audit.audit_json import json_lines
from reports.audit.earlier_audit import EarlierAudit, compare, read_earlier
from reports.audit.figures import figures_of
from reports.audit.material import AuditMaterial, material_of, records
from reports.audit.order_life import life_lines, order_life
from reports.audit.wording import day_text, source_name
from reports.audit.writing import check_audit_folder, write_audit
from sop_cli.audits.chosen_mapping import MAPPING, ChosenMapping, choose_mapping
from sop_cli.audits.course import Course, course_of
from sop_cli.audits.progress import progress_of_audit
from sop_cli.audits.summary import aside_lines, print_lines, summary_lines, unread_lines
from sop_cli.exit_status import BAD_NEWS, GOOD, MISUSE, ROWS_SET_ASIDE
from sop_cli.paths import BUILD, near
from sop_engine import Reading
from sop_engine.text import counted

OUT = BUILD / "audits"
MOST_LATER_ROWS = 10
LINES_AT_A_TIME = 1_000
"""Lines of JSON that are printed at a time."""
__all__ = ["MAPPING", "AuditRequest", "profile_lines", "run_audit"]


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What the command was called with; see its options."""

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


def run_audit(request: AuditRequest) -> int:
    """Run an audit and return its exit status.

    Raises:
        SopError: it cannot be run; nothing is written, except a suggested mapping.
        OSError: a file cannot be written; the folder is as it was.
    """
    earlier = None if request.since is None else read_earlier(request.since)
    if request.out is not None:
        check_audit_folder(request.out)
    chosen = choose_mapping(request.files, request.mapping, request.encoding, accepts=request.accepts)
    use_system_memory()
    beside = OUT if request.out is None else request.out.parent
    with (
        without_search_for_cycles(),
        progress_of_audit() as progress,
        course_of(chosen.mapping, request.cluster, beside) as course,
    ):
        tables, material = material_for(request, chosen, earlier, course, progress)
        give_back()
        lives = [order_life(order, material) for order in request.explained]
        figures = figures_of(material)
        if request.strict and figures.set_aside:
            print_lines(aside_lines(material), err=True)
            return _refuse(counted(figures.set_aside, "row"), "cannot be read; correct what is listed")
        if request.strict and tables.unread:
            print_lines(unread_lines(tables.unread), err=True)
            return _refuse(counted(len(tables.unread), "sheet"), "not read; give it a header and a [[source]], or remove it")
        comparison = None if earlier is None else compare(earlier, material)
        out = request.out or OUT / material.as_of.isoformat()
        write_audit(out, material, comparison, lambda name: _writing(course, progress, name))
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
    if figures.set_aside or tables.unread:
        return ROWS_SET_ASIDE
    return BAD_NEWS if figures.is_open else GOOD


def material_for(
    request: AuditRequest, chosen: ChosenMapping, earlier: EarlierAudit | None, course: Course, progress: Callable[[str], None]
) -> tuple[Intake, AuditMaterial]:
    """Read the files of *chosen* and decide; *progress* is called with what is done next, such as ``reading orders.csv``.

    The evidence, which takes more memory than the result, is given up.

    Raises:
        SopError: it cannot be run.
    """
    tables = course.read(chosen.mapping, request.as_of, progress)
    options = Options(stock_in_erp=chosen.mapping.stock_in_erp)
    result = course.audit(_tables(tables), request.as_of or chosen.mapping.as_of, request.reading, options, progress)
    return tables, material_of(
        result, _tables(tables), assumed=tuple(_assumed(result, chosen, tables)), columns=tables.columns,
        notes={} if earlier is None else earlier.notes, explained=request.explained,
    )  # fmt: skip


def _refuse(what: str, why: str) -> int:
    """Say why --strict stops the audit."""
    click.echo(f"error: {what} {why}, or leave out --strict; nothing was written", err=True)
    return MISUSE


def _tables(intake: Intake) -> Tables:
    return Tables(rows=intake.rows, requests=intake.requests, documents=intake.documents, sources=intake.sources)


def _writing(course: Course, progress: Callable[[str], None], name: str) -> None:
    course.release()
    progress(f"writing {name}")


def _assumed(result: AuditTables, chosen: ChosenMapping, intake: Intake) -> Iterator[str]:
    """Yield what was taken for granted and is not in a file."""
    if not result.as_of_given:
        yield f"the day of the audit is {day_text(result.as_of)}, the latest day in the files; --as-of names another one"
    yield from _later_rows(result, intake)
    yield from chosen.assumed
    says_invoicing = all(
        "invoicing" in source.columns or source.has_documents or source.profile == EVENT_LOG for source in chosen.mapping.sources
    )
    if chosen.mapping.invoicing.value in (None, UNKNOWN_MEANING) and not says_invoicing:
        yield f"where e-invoices are made is unknown, so ERP and RMS are both possible; set invoicing in {chosen.file.name}"
    yield from unread_lines(intake.unread)
    claims = {source.file.name for source in chosen.mapping.sources if source.complete_of}
    partly = [source_name(source) for source in records(intake.sources) if not source["complete_of"] and source["name"] in claims]
    if partly:
        yield f"{', '.join(partly)}: not taken as complete while a sheet is not read; name the sheet that is with `sheet` in {chosen.file.name}"
    silent = [source_name(source) for source in records(intake.sources) if not source["complete_of"] and source["name"] not in claims]
    if silent:
        yield f"{', '.join(silent)}: may be incomplete, so nothing is called missing from it; set `complete` in {chosen.file.name}"
    if result.reading is Reading.AS_WRITTEN:
        yield "our readings of the gaps are left out; what the SOP does not say is open"


def _later_rows(result: AuditTables, intake: Intake) -> Iterator[str]:
    """Yield which rows have a time after the day of the audit."""
    names = RowPlaces(records(intake.sources))
    places: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for row in records(result.dated_later):
        places[row["source"], row["left_out"]].append(row["row"])
    for (source, is_left_out), rows in sorted(places.items()):
        numbers = ", ".join(_row_text(names, source, row) for row in rows[:MOST_LATER_ROWS]) + (
            ", …" if len(rows) > MOST_LATER_ROWS else ""
        )
        what = "dated after the day of the audit and left out" if is_left_out else "with a time after the day of the audit"
        yield f"{names[source]}: {counted(len(rows), 'row')} {what}: {numbers}"


def _row_text(names: RowPlaces, source: int, row: int) -> str:
    """Return the number of a row, in a folder with its part."""
    file, number = names.place(source, row)
    return str(number) if file == names[source] else f"{file.rpartition('/')[2]} {number}"


def profile_lines() -> Iterator[str]:
    """Yield the shipped profiles: name, what it is of, its system, how sure its facts are and where they come from."""
    for profile in profiles().values():
        yield f"{profile.name:28} {profile.title}"
        yield f"{'':28} {profile.system}; {CONFIDENCES[profile.confidence]}: {profile.source}"
