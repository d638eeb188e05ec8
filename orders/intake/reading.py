"""The intake as one function: from a mapping to the canonical tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from orders.audit.tables import DOCUMENTS, REQUESTS, ROWS, SOURCES, Claim, RowState, System, nulls
from orders.intake import event_logs
from orders.intake.errors import IntakeError, NoHeaderError
from orders.intake.files.folders import digest_beside, digest_of, read_unchanged
from orders.intake.files.opening import open_sheets
from orders.intake.files.sheet import Sheet
from orders.intake.files.tables import POSTED
from orders.intake.mapping.headers import Header, find_header, known_names, score
from orders.intake.mapping.source_mapping import CANCELLATIONS, LINES, AuditMapping, MappedColumn, SourceMapping
from orders.intake.mapping.targets import NAMED_BY, TYPES, Type
from orders.intake.pieces.piece import SourceJob
from orders.intake.pieces.source import SheetReader, read_sheet_whole
from orders.intake.source_columns import SourceColumns
from orders.intake.source_rows import SourceRows
from orders.intake.unread import UnreadSheet, unread_sheets
from orders.intake.values.dates import LAST_YEAR
from orders.intake.values.moved_cells import Parts, with_named
from orders.intake.values.references import with_originals, with_originals_of_rows
from orders.memory import release_freed_memory
from sop_engine.text import quoted

STAGES = ("oms_status", "wms_status")


@dataclass(frozen=True, slots=True)
class Intake:
    """The canonical tables of a run, see `orders.audit.tables`; the columns of each source, and the sheets that no source reads."""

    rows: pa.Table
    requests: pa.Table
    documents: pa.Table
    sources: pa.Table
    columns: tuple[SourceColumns, ...]
    unread: tuple[UnreadSheet, ...] = ()


def read_sources(
    mapping: AuditMapping,
    as_of: date | None = None,
    progress: Callable[[str], None] = lambda _: None,
    read_sheet: SheetReader = read_sheet_whole,
) -> Intake:
    """Read all sources of *mapping* into the canonical tables.

    Args:
        mapping: of all sources.
        as_of: the day of the audit; times after its next year are errors. Without it, that of the mapping.
        progress: called with the name of each sheet before it is read.
        read_sheet: reads one sheet, or the parts of a folder.

    Raises:
        IntakeError: a file cannot be read, or has no header or column that the mapping names.
        ConservationError: rows were lost.
    """
    day = as_of or mapping.as_of
    last_year = min(day.year + 1, LAST_YEAR) if day else LAST_YEAR
    rows: list[pa.Table] = []
    requests: list[pa.Table] = []
    documents: list[pa.Table] = []
    sources: list[dict[str, object]] = []
    moved: dict[int, Parts] = {}
    columns: list[SourceColumns] = []
    read: dict[Path, set[str | None]] = {}
    for source_mapping in mapping.sources:
        with read_unchanged(source_mapping.file):
            if source_mapping.profile == event_logs.PROFILE:
                progress(source_mapping.file.name)
                log = event_logs.read_event_log(source_mapping.file, len(sources))
                requests.append(log.sources[0].canonical)
                documents.append(log.sources[1].canonical)
                for sheet_rows, described, has in zip(log.sources, event_logs.LOG_SOURCES, log.has, strict=True):
                    rows.append(sheet_rows.rows)
                    columns.append(sheet_rows.columns)
                    sources.append(_source_of_log(len(sources), source_mapping, sheet_rows, described, has, log.days))
                continue
            sheets = sheets_of(source_mapping)
            digest = digest_beside(source_mapping.file)
            for sheet, header in sheets:
                source = len(sources)
                name = shown_name(source_mapping, sheet)
                progress(name)
                invoicing = source_mapping.columns.get("invoicing") or mapping.invoicing
                sheet_rows, parts = read_sheet(SourceJob(source, name, source_mapping, header, invoicing, last_year), sheet, progress)
                rows.append(sheet_rows.rows)
                moved[source] = sheet_rows.moved
                columns.append(sheet_rows.columns)
                (documents if source_mapping.has_documents else requests).append(sheet_rows.canonical)
                sources.append(_source_row(source, source_mapping, digest, sheet, header, sheet_rows, invoicing) | {"parts": parts})
                release_freed_memory()
                read.setdefault(source_mapping.file, set()).add(sheet.name)
    _require_invoicing(mapping, sources)
    _require_no_copy(sources)
    unread = unread_sheets(read)
    _take_claims(sources, mapping, unread)
    of_requests, of_documents = _joined_table(requests, REQUESTS), _joined_table(documents, DOCUMENTS)
    return Intake(
        with_originals_of_rows(with_named(_joined_table(rows, ROWS), moved, [*requests, *documents]), of_documents, of_requests),
        of_requests,
        with_originals(of_documents, of_requests),
        pa.Table.from_pylist(sources, schema=SOURCES),
        tuple(columns),
        unread,
    )


def _require_invoicing(mapping: AuditMapping, sources: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a column for all files, of how e-invoices are made, that none of them has."""
    has_requests = any(not source.has_documents for source in mapping.sources)
    if mapping.invoicing.names and has_requests and not any("invoicing" in source["has"] for source in sources):
        names = " or ".join(quoted(name) for name in mapping.invoicing.names)
        raise IntakeError("[audit]", f"no file has the column {names} that `invoicing` names", "correct the name, or write ERP or RMS")


def _require_no_copy(sources: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a file with the same bytes as another one: each of its cancellations would be one more."""
    names = {source["sha256"]: source["name"] for source in reversed(sources) if source["used"]}
    for source in sources:
        first = names.get(source["sha256"], source["name"])
        if source["name"] != first:
            raise IntakeError(str(source["name"]), f"it is a copy of {first}, byte for byte", "leave one of them out")


def _take_claims(sources: list[dict[str, object]], mapping: AuditMapping, unread: Sequence[UnreadSheet]) -> None:
    """Let no file claim to be complete of which only a part is read, unless its mapping names that sheet."""
    partly = {sheet.file for sheet in unread} & {source.file.name for source in mapping.sources if source.sheet is None}
    for source in sources:
        if source["name"] in partly:
            source.update(complete_from=None, complete_to=None, complete_of=None)


def sheets_of(mapping: SourceMapping) -> list[tuple[Sheet, Header]]:
    """Return the sheets of a source with their headers; of a spreadsheet without a named sheet, those that have the header.

    Raises:
        IntakeError: see `read_sources`.
    """
    names = known_names(mapping.columns)
    sheets = open_sheets(mapping.file, mapping.sheet, mapping.encoding, mapping.delimiter, lambda rows: score(rows, names))
    if any(column.formats is None and TYPES[target] is Type.TIME for target, column in mapping.columns.items()) and not mapping.formats:
        raise IntakeError(
            mapping.file.name,
            "the mapping has columns of dates, but no form of dates",
            'add dates = { format = "dd-mm-yyyy", zone = "Asia/Kolkata" }',
        )
    _require_zone(mapping)
    sheet_rows: list[tuple[Sheet, Header]] = []
    failure: NoHeaderError | None = None
    for sheet in sheets:
        try:
            sheet_rows.append((sheet, find_header(sheet.head, mapping, shown_name(mapping, sheet), is_row=sheet.header_is_row)))
        except NoHeaderError as error:
            failure = failure or error
    if failure is not None and not sheet_rows:
        raise failure
    return sheet_rows


def _require_zone(mapping: SourceMapping) -> None:
    for target, column in mapping.columns.items():
        if TYPES[target] is Type.TIME and column.value is None and mapping.zone is None and column.zone is None:
            formats = column.formats or mapping.formats
            if any("ZZ" not in form and form != "iso" for form in formats):
                raise IntakeError(
                    mapping.file.name, f"the times of `{target}` have no zone: 04-06-2026 23:00 in India is 17:30 of that day in UTC",
                    'add zone = "Asia/Kolkata" to `dates`',
                )  # fmt: skip


def shown_name(mapping: SourceMapping, sheet: Sheet) -> str:
    """Return the name of a sheet in messages."""
    return mapping.file.name if sheet.name is None else f"{mapping.file.name}, sheet {sheet.name}"


def _source_of_log(  # noqa: PLR0913 (the parts of a row)
    source: int,
    mapping: SourceMapping,
    sheet_rows: SourceRows,
    described: tuple[System, Claim, str],
    has: Sequence[str],
    days: tuple[date, date] | None,
) -> dict[str, object]:
    system, claim, sheet = described
    complete = {"complete_from": days[0], "complete_to": days[1], "complete_of": str(claim)} if days else {}
    return {
        **_counts(source, mapping, digest_of(mapping.file), sheet_rows),
        "sheet": sheet,
        "system": str(system),
        "has": sorted(has),
        **complete,
    }


def _source_row(  # noqa: PLR0913 (the parts of a row)
    source: int,
    mapping: SourceMapping,
    digest: Callable[[], str],
    sheet: Sheet,
    header: Header,
    sheet_rows: SourceRows,
    invoicing: MappedColumn,
) -> dict[str, object]:
    return {
        **_counts(source, mapping, digest(), sheet_rows),
        "sheet": sheet.name,
        "system": str(mapping.system),
        "complete_from": mapping.complete_from,
        "complete_to": mapping.complete_to,
        "complete_of": mapping.complete_of and str(mapping.complete_of),
        "has": _has(mapping, header, invoicing),
    }


def _counts(source: int, mapping: SourceMapping, digest: str, sheet_rows: SourceRows) -> dict[str, object]:
    counts = sheet_rows.counts
    return {
        "source": source,
        "name": mapping.file.name,
        "sha256": digest,
        "profile": mapping.profile,
        "confidence": mapping.confidence,
        "rows": sum(counts.values()),
        **{state.column: counts[state] for state in RowState},
        "totals": sheet_rows.totals,
        "other_channels": None
        if sheet_rows.channels is None
        else [{"name": name, "rows": rows} for name, rows in sheet_rows.channels.items()],
    }


def _has(mapping: SourceMapping, header: Header, invoicing: MappedColumn) -> list[str]:
    """Return the canonical columns that the source fills."""
    targets = {target for target, column in mapping.columns.items() if target in header.places or column.value is not None}
    names = {NAMED_BY.get(target, target) for target in targets - {*STAGES, "message"}}
    if POSTED in header.names:  # messages of an order can follow on those of an earlier file, and later ones on these
        names -= {"posted", "cancelled", "units_cancelled"}
    if mapping.rows == CANCELLATIONS and targets & set(STAGES):
        names.add("stage")
    if mapping.rows == LINES and not mapping.has_documents:
        names.add("lines")
    if not mapping.has_documents and invoicing.value is not None:
        names.add("invoicing")
    return sorted(names)


def _joined_table(parts: list[pa.Table], schema: pa.Schema) -> pa.Table:
    """Join *parts* in the order of *schema*; columns that none of them fills are left out."""
    filled = [part for part in parts if part.num_columns]
    if not filled:
        return schema.empty_table()
    names = {name for part in filled for name in part.column_names}
    fields = [field for field in schema if field.name in names]
    columns = [pa.chunked_array([chunk for part in filled for chunk in _filled_column(part, field).chunks], field.type) for field in fields]
    return pa.table(columns, schema=pa.schema(fields))


def _filled_column(part: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    """Return a column of *part*; nulls if it has none."""
    if field.name not in part.column_names:
        return nulls(part.num_rows, field.type)
    return part[field.name].cast(field.type)
