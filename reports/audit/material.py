"""The material of the outputs of one audit: its tables, and what was assumed on the way."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.audit import AuditTables
from orders.audit.result_tables import CANCELLED_AFTER_POSTING, RETURNED_UNITS
from orders.audit.tables import DOCUMENTS, REQUESTS, ROWS, RowState, Tables, nulls
from orders.intake.source_columns import NO_COLUMNS, SourceColumns
from sop_engine import Reading

BATCH = 8_192
"""Rows that are converted to Python objects at a time."""


@dataclass(frozen=True)
class AuditMaterial:
    """The tables of an audit, with the schemas of `orders.audit`, and what was assumed.

    Attributes:
        as_of: the day of the audit; ages are counted to its end.
        vms_days: first and last day of the list of orders cancelled after posting; None for all.
        assumed: what was taken for granted and not said by a file, a sentence each.
        columns: of each source, what they were read as, and what was not read.
        notes: notes of the client from an earlier worklist, by reference.
        explained: the orders whose life is shown in full, as the caller wrote them.
    """

    as_of: date
    reading: Reading
    sources: pa.Table
    rows: pa.Table
    requests: pa.Table
    documents: pa.Table
    answers: pa.Table
    findings: pa.Table
    duties: pa.Table
    assumed: tuple[str, ...] = ()
    columns: tuple[SourceColumns, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    explained: tuple[str, ...] = ()
    cancelled_after_posting: pa.Table = field(default_factory=CANCELLED_AFTER_POSTING.empty_table)
    returned_units: pa.Table = field(default_factory=RETURNED_UNITS.empty_table)
    vms_days: tuple[date, date] | None = None
    _computed: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def rows_set_aside(self) -> pa.Table:
        """Return the rows set aside."""
        return self.rows.filter(pc.equal(self.rows["state"].cast("string"), RowState.SET_ASIDE))

    def cached(self, name: str, computed: Callable[[], Any]) -> Any:
        """Return what *computed* returns; it is called once for each *name*, as several outputs need it."""
        if name not in self._computed:
            self._computed[name] = computed()
        return self._computed[name]

    def columns_of(self, source: int) -> SourceColumns:
        """Return the columns of a source, by its number."""
        return self.columns[source] if source < len(self.columns) else NO_COLUMNS


def records(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of *table* one after another, without holding all of them as Python objects."""
    for batch in table.to_batches(max_chunksize=BATCH):
        yield from batch.to_pylist()


def material_of(result: AuditTables, tables: Tables, **more: Any) -> AuditMaterial:
    """Return the material of the audit *result* of *tables*; *more* are further attributes."""
    return AuditMaterial(
        as_of=result.as_of,
        reading=result.reading,
        sources=tables.sources,
        rows=_completed(tables.rows, ROWS),
        requests=_completed(tables.requests, REQUESTS),
        documents=_completed(tables.documents, DOCUMENTS),
        answers=result.answers,
        findings=result.findings,
        duties=result.duties,
        cancelled_after_posting=result.cancelled_after_posting,
        returned_units=result.returned_units,
        **more,
    )


def _completed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return *table* with all columns of *schema*; those that no source filled are null."""
    columns = {field.name: table[field.name] if field.name in table.column_names else nulls(table.num_rows, field.type) for field in schema}
    return pa.table(columns)
