"""The audit of a run in parts, one after another or by an executor; what comes out is that of the whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.audit import AuditTables, NoTimeError, audit
from orders.audit.rows.later import dated_later, latest_day, without_later
from orders.audit.rules.context import Options
from orders.audit.rules.returning import ORDER_AND_UNIT
from orders.audit.rules.vms_report import DAY_AND_ORDER, sorted_list
from orders.audit.tables import RowState, Tables
from orders.parts.disk_tables import read_table
from orders.parts.merging import merged_by_row, merged_duties, merged_findings
from orders.parts.split import PLACE, RunPart, split
from orders.parts.workspace import Workspace
from orders.run_facts import RunFacts, run_facts
from sop_engine import Reading


@dataclass(frozen=True)
class PartJob:
    """A part to be audited, with what it has to know of the whole run."""

    part: RunPart
    sources: pa.Table
    day: date
    reading: Reading
    options: Options
    facts: RunFacts


@dataclass(frozen=True)
class PartResult:
    """The results of a part, as tables of `orders.audit.result_tables`."""

    answers: pa.Table
    findings: pa.Table
    duties: pa.Table
    cancelled_after_posting: pa.Table
    returned_units: pa.Table


MERGED: Final[Mapping[str, Callable[[Sequence[pa.Table]], pa.Table]]] = {
    "answers": merged_by_row,
    "findings": merged_findings,
    "duties": merged_duties,
    "cancelled_after_posting": lambda parts: sorted_list(pa.concat_tables(parts), DAY_AND_ORDER),
    "returned_units": lambda parts: sorted_list(pa.concat_tables(parts), ORDER_AND_UNIT),
}
"""How each table of the results is put together from those of the parts."""

Executor = Callable[[Iterable[PartJob]], Iterator[tuple[int, PartResult]]]
"""Audits parts, in any order; yields the number of each with its result."""


def serial_executor(jobs: Iterable[PartJob]) -> Iterator[tuple[int, PartResult]]:
    """Audit parts one after another in this process."""
    for job in jobs:
        yield job.part.number, audit_part(job, {name: read_table(file) for name, file in job.part.files.items()})


def audit_part(job: PartJob, tables: dict[str, pa.Table]) -> PartResult:
    """Audit the *tables* of a part."""
    places = tables["requests"][PLACE]
    of_part = Tables(tables["rows"], tables["requests"].drop_columns([PLACE]), tables["documents"], job.sources)
    result = audit(of_part, job.day, job.reading, job.options, job.facts)
    answers = result.answers.set_column(0, result.answers.schema.field(0), places.take(result.answers["request"]))
    return PartResult(answers, *(getattr(result, name) for name in MERGED if name != "answers"))


_OF_REQUESTS = ("source", "row", "outside", "cancelled_start", "invoice_key")
_OF_ROWS = ("source", "row", "state", "order_key", "number_key", "original_key")
_OF_DOCUMENTS = (
    "source", "row", "kind", "value_paise", "negative", "dated_start", "dated_end", "order_key", "number_key", "counts", "cancelled",
)  # fmt: skip
"""The columns that the facts of a run need."""


def _facts(tables: Tables, day: date) -> RunFacts:
    """Return the facts of the whole run until *day*; only the columns that they need are read."""
    requests = [name for name in _OF_REQUESTS if name in tables.requests.column_names]
    documents = [name for name in _OF_DOCUMENTS if name in tables.documents.column_names]
    of_day = without_later(Tables(tables.rows, tables.requests.select(requests), tables.documents.select(documents), tables.sources), day)
    return run_facts(of_day.requests, of_day.documents, _aside(tables.rows), tables.sources)


def _aside(rows: pa.Table) -> pa.Table:
    """Return the rows that are set aside."""
    columns = [name for name in _OF_ROWS if name in rows.column_names]
    batches = (batch.filter(pc.equal(batch["state"].cast(pa.string()), RowState.SET_ASIDE)) for batch in rows.select(columns).to_batches())
    return pa.Table.from_batches(batches, rows.select(columns).schema)


def audit_in_parts(  # noqa: PLR0913 (what to audit, and how)
    tables: Tables,
    as_of: date | None,
    reading: Reading,
    options: Options,
    count: int,
    workspace: Workspace,
    executor: Executor = serial_executor,
    progress: Callable[[str], None] = lambda _: None,
) -> AuditTables:
    """Audit *tables* in *count* parts, whose files are in *workspace* meanwhile; the result is that of `orders.audit.audit.audit`.

    Raises:
        NoTimeError: there is no *as_of* and no time in the tables.
    """
    day = as_of or latest_day(tables)
    if day is None:
        raise NoTimeError
    progress("sorting rows by order")
    facts = _facts(tables, day)
    parts = split(tables, day, count, workspace)
    jobs = (PartJob(part, tables.sources, day, reading, options, facts) for part in parts)
    results: dict[int, PartResult] = {}
    progress(f"deciding, 0 of {count:,} parts")
    for number, result in executor(jobs):
        results[number] = PartResult(*(workspace.keep(getattr(result, name)) for name in MERGED))
        workspace.release()
        progress(f"deciding, {len(results):,} of {count:,} parts")
    in_order = [results[number] for number in sorted(results)]
    return AuditTables(
        as_of=day,
        as_of_given=as_of is not None,
        reading=reading,
        dated_later=dated_later(tables, day),
        **{name: workspace.keep(merged([getattr(result, name) for result in in_order])) for name, merged in MERGED.items()},
    )
