"""The audit as JSON, for other programs; the published schema is `sop_engine/schemas/audit.schema.json`."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.row_places import RowPlaces
from reports.audit.earlier_audit import Comparison
from reports.audit.figures import figures_of
from reports.audit.material import BATCH, AuditMaterial, records
from reports.audit.references import duty_references, finding_references, row_references
from reports.audit.sheets import source_names
from reports.html.json_columns import objects
from sop_engine import load_rulebook

JSON_FILE: Final = "audit.json"
VERSION: Final = 1
"""Version of the format; it changes when a name is removed or changes its meaning."""


def write_json(file: Path, material: AuditMaterial, comparison: Comparison | None) -> None:
    """Write *material* as *file*, in pieces; the same audit gives the same bytes.

    Raises:
        OSError: *file* cannot be written.
    """
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(json_lines(material, comparison))


def json_lines(material: AuditMaterial, comparison: Comparison | None) -> Iterator[str]:
    """Yield the text of the JSON document."""
    names = source_names(material)
    yield "{\n"
    for name, value in _head(material).items():
        yield f'"{name}": {_encoded(value)},\n'
    yield from _list("sources", (_source_entry(source, material) for source in records(material.sources)))
    yield from _table("set_aside", material.rows_set_aside, row_references(material), lambda rows, _: _row_columns(rows, names))
    for name, table, references in (
        ("duties", material.duties, duty_references(material)),
        ("findings", material.findings, finding_references(material)),
    ):
        yield from _table(name, table, references, lambda rows, numbers: _placed(rows, names) | {"note": _notes_of(numbers, material)})
    for name, table in (("cancelled_after_posting", material.cancelled_after_posting), ("returned_units", material.returned_units)):
        yield from _list(name, _list_entries(table, names))
    yield f'"since": {_encoded(None if comparison is None else comparison.to_plain())}\n}}\n'


def _head(material: AuditMaterial) -> dict[str, Any]:
    figures, rulebook = figures_of(material), load_rulebook()
    return {
        "version": VERSION,
        "as_of": material.as_of,
        "reading": str(material.reading),
        "rulebook": {"name": rulebook.name, "sha256": rulebook.sha256},
        "assumed": list(material.assumed),
        "vms_days": None if material.vms_days is None else dict(zip(("from", "to"), material.vms_days, strict=True)),
        "figures": {
            "against_the_sop": figures.against,
            "credit_notes_due": figures.due,
            "credit_notes_due_paise": figures.due_paise,
            "credit_notes_due_of_unknown_value": figures.without_value,
            "credit_notes_undecided": figures.undecided,
            "other_duties": figures.other_duties,
            "questions": figures.questions,
            "rows": figures.rows,
            **{f"rows_{name}": count for name, count in figures.states.items()},
            "rows_of_other_channels": figures.of_other_channels,
            "findings_by_rule": dict(figures.rules),
        },
    }


def _source_entry(source: Mapping[str, Any], material: AuditMaterial) -> dict[str, Any]:
    columns = material.columns_of(source["source"])
    return {
        **{name: value for name, value in source.items() if name not in ("parts", "other_channels") or value is not None},
        "columns": [{"column": column, "read_as": name} for column, name in columns.read],
        "columns_not_read": [{"letter": letter, "column": name} for letter, name in columns.not_read],
        "without_column": list(columns.missing),
        "without_value": list(columns.empty_beside_others),
    }


def _row_columns(rows: pa.RecordBatch, names: RowPlaces) -> dict[str, pa.Array]:
    none = pa.array([[]], rows["reasons"].type)[0]
    files, numbers = names.columns(rows["source"], rows["row"])
    return {
        "file": files,
        "row": numbers,
        "order": rows["order_text"],
        "reasons": pc.fill_null(rows["reasons"], none),
    }


def _placed(records: pa.RecordBatch, names: RowPlaces) -> dict[str, pa.Array]:
    """Return the columns of findings or duties, with names of files in place of numbers of sources."""
    columns = {("order" if name == "order_text" else name): records[name] for name in records.schema.names}
    flat = pc.list_flatten(columns["seen"])
    counts = pc.fill_null(pc.list_value_length(columns["seen"]), 0).to_numpy(zero_copy_only=False)
    files, rows = names.columns(pc.struct_field(flat, "source"), pc.struct_field(flat, "row"))
    places = {"file": files, "row": rows, "text": pc.struct_field(flat, "text")}
    seen = pa.StructArray.from_arrays(list(places.values()), list(places))
    return columns | {"seen": pa.ListArray.from_arrays(pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32()), seen)}


def _list_entries(table: pa.Table, names: RowPlaces) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list of the VMS, with names of files in place of numbers of sources."""
    for entry in records(table):
        file, row = names.place(entry.pop("source"), entry.pop("row"))
        order = {"order": entry.pop("order_text"), "order_key": entry.pop("order_key")}
        yield order | entry | {"file": file, "row": row}


def _notes_of(references: pa.Array, material: AuditMaterial) -> pa.Array:
    if not material.notes:
        return pa.nulls(len(references), pa.string())
    return pa.array([material.notes.get(reference) for reference in references.to_pylist()], pa.string())


def _table(
    name: str, table: pa.Table, references: pa.Array, columns_of: Callable[[pa.RecordBatch, pa.Array], dict[str, pa.Array]]
) -> Iterator[str]:
    """Yield the rows of *table* as a list of objects, each with its reference."""
    yield f'"{name}": ['
    start, between = 0, "\n"
    for batch in table.to_batches(max_chunksize=BATCH):
        numbers = references.slice(start, batch.num_rows)
        lines = objects({"reference": numbers} | columns_of(batch, numbers))
        for line in lines.to_pylist():
            yield between + line
            between = ",\n"
        start += batch.num_rows
    yield "\n],\n"


def _list(name: str, entries: Iterable[object]) -> Iterator[str]:
    yield f'"{name}": ['
    between = "\n"
    for entry in entries:
        yield f"{between}{_encoded(entry)}"
        between = ",\n"
    yield "\n],\n"


def _encoded(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=_iso_day, allow_nan=False)
    return text.encode("utf-8", "replace").decode()


def _iso_day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)
