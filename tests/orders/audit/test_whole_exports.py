"""Sets of exports with every kind of dirt: the state of every row, every finding and every duty, and nothing more.

Each file in `samples/exports` is one set. Its sections are the exports, the mapping, the rows that are not used, the findings
(`?` if it is uncertain) and the duties. The answers were worked out by hand from the SOP.
"""

from datetime import date
from pathlib import Path

import pytest

from orders.audit.audit import audit
from orders.audit.tables import RowState, Tables
from orders.intake.mapping.reading import read_mapping
from orders.intake.reading import read_sources

FOLDER = Path(__file__).parents[2] / "samples" / "exports"
AS_OF = date(2026, 7, 15)
HEADER = "=== "


def sections(text):
    """The sections by their headings, without the comments in lines that begin with ;;."""
    parts = {}
    for part in text.split(f"\n{HEADER}")[1:]:
        heading, _, content = part.partition("\n")
        parts[heading] = "".join(line for line in content.splitlines(keepends=True) if not line.startswith(";;"))
    return parts


def write_exports(folder, parts):
    """Write the exports of a set: a heading is the name of the file, its encoding, and crlf if its lines end so."""
    for heading, content in parts.items():
        name, *how = heading.split()
        if not how:
            continue
        text = content.replace("\n", "\r\n") if "crlf" in how else content
        (folder / name).write_bytes(text.encode(how[0]))
    (folder / "audit.toml").write_text(parts["mapping"], encoding="utf-8")


def found(folder):
    """The rows that are not used, the findings and the duties, as lines."""
    tables = read_sources(read_mapping(folder / "audit.toml"), AS_OF)
    result = audit(Tables(tables.rows, tables.requests, tables.documents, tables.sources), AS_OF)
    names = [source["name"] for source in tables.sources.to_pylist()]
    rows = [
        " ".join([names[row["source"]], str(row["row"]), row["state"], *(reason["id"] for reason in row["reasons"] or ())])
        for row in tables.rows.to_pylist()
        if row["state"] not in (RowState.USED, "header")
    ]
    findings = [
        f"{row['order_text'] or '-'} {row['rule']} {row['strength']}{'?' if row['cannot_tell'] else ''}"
        for row in result.findings.to_pylist()
    ]
    duties = [f"{row['order_text']} {row['task']} {row['invoice'] or '-'} {row['status']}" for row in result.duties.to_pylist()]
    return {"rows": sorted(rows), "findings": sorted(findings), "duties": sorted(duties)}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_every_row_finding_and_duty_of_a_set_of_exports(tmp_path, file):
    parts = sections(file.read_text(encoding="utf-8"))
    write_exports(tmp_path, parts)

    assert found(tmp_path) == {name: sorted(parts[name].splitlines()) for name in ("rows", "findings", "duties")}


def test_there_are_enough_sets():
    assert len(list(FOLDER.glob("*.txt"))) >= 12
