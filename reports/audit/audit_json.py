"""The audit as JSON, for other programs; the published schema is `sop_engine/schemas/audit.schema.json`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from orders.row_places import RowPlaces
from reports.audit.earlier_audit import Comparison
from reports.audit.figures import figures_of
from reports.audit.material import AuditMaterial, records
from reports.audit.references import numbered_duties, numbered_findings, numbered_rows
from reports.audit.sheets import source_names
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
    yield from _list("set_aside", ({"reference": key} | _row_entry(row, names) for key, row in numbered_rows(material)))
    yield from _list(
        "duties", ({"reference": key} | _placed(duty, names, material.notes.get(key)) for key, duty in numbered_duties(material))
    )
    findings = numbered_findings(material)
    yield from _list("findings", ({"reference": key} | _placed(finding, names, material.notes.get(key)) for key, finding in findings))
    yield f'"since": {_encoded(None if comparison is None else comparison.to_plain())}\n}}\n'


def _head(material: AuditMaterial) -> dict[str, Any]:
    figures, rulebook = figures_of(material), load_rulebook()
    return {
        "version": VERSION,
        "as_of": material.as_of,
        "reading": str(material.reading),
        "rulebook": {"name": rulebook.name, "sha256": rulebook.sha256},
        "assumed": list(material.assumed),
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
            "findings_by_rule": dict(figures.rules),
        },
    }


def _source_entry(source: Mapping[str, Any], material: AuditMaterial) -> dict[str, Any]:
    columns = material.columns_of(source["source"])
    return {
        **{name: value for name, value in source.items() if name != "parts" or value is not None},
        "columns": [{"column": column, "read_as": name} for column, name in columns.read],
        "columns_not_read": [{"letter": letter, "column": name} for letter, name in columns.not_read],
        "without_column": list(columns.missing),
        "without_value": list(columns.empty),
    }


def _row_entry(row: Mapping[str, Any], names: RowPlaces) -> dict[str, Any]:
    file, number = names.place(row["source"], row["row"])
    return {"file": file, "row": number, "order": row["order_text"], "reasons": row["reasons"] or []}


def _placed(record: Mapping[str, Any], names: RowPlaces, note: str | None) -> dict[str, Any]:
    """Return a finding or duty with names of files in place of numbers of sources, and the client's note."""
    plain = {("order" if name == "order_text" else name): value for name, value in record.items()}
    plain["seen"] = [{"file": file, "row": row, "text": text} for file, row, text in (_shown_place(seen, names) for seen in record["seen"])]
    return plain | {"note": note}


def _shown_place(seen: Mapping[str, Any], names: RowPlaces) -> tuple[str, int, str]:
    return *names.place(seen["source"], seen["row"]), seen["text"]


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
