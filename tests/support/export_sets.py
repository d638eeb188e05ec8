"""Sets of exports as text: their sections, their files, and what an audit says of them."""

from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from orders.audit.audit import AuditResult, audit
from orders.audit.tables import RowState, Tables
from orders.intake.mapping.reading import read_mapping
from orders.intake.reading import Intake, read_sources

FOLDER = Path(__file__).parents[1] / "samples" / "exports"
AS_OF = date(2026, 7, 15)
HEADER = "=== "
SHEET, MERGED, HIDDEN = "--- ", "+++ ", " hidden"
"""In the section of a workbook: a line that begins a sheet, one that names merged cells, and the end of the name of a hidden sheet."""


def sections(text: str) -> dict[str, str]:
    """Return the sections by their headings, without the comments in lines that begin with ;;."""
    parts = {}
    for part in text.split(f"\n{HEADER}")[1:]:
        heading, _, content = part.partition("\n")
        parts[heading] = "".join(line for line in content.splitlines(keepends=True) if not line.startswith(";;"))
    return parts


def write_exports(folder: Path, parts: dict[str, str]) -> None:
    """Write the exports of a set: a heading is the name of the file, its encoding or xlsx, and crlf or cr if its lines end so."""
    for heading, content in parts.items():
        name, *how = heading.split()
        if "xlsx" in how:
            _write_workbook(folder / name, content.splitlines())
        elif how:
            end = "\r\n" if "crlf" in how else "\r" if "cr" in how else "\n"
            text = content.replace("\n", end)
            (folder / name).write_bytes(text.encode(how[0]))
    (folder / "audit.toml").write_text(parts["mapping"], encoding="utf-8")


def _write_workbook(file: Path, lines: list[str]) -> None:
    """Write a workbook: cells between tabs, with # before a number and @ before a date."""
    with xlsxwriter.Workbook(str(file), {"default_date_format": "dd-mm-yyyy hh:mm"}) as book:
        for line in lines:
            if line.startswith(SHEET):
                sheet, row = book.add_worksheet(line.removeprefix(SHEET).removesuffix(HIDDEN)), 0
                if line.endswith(HIDDEN):
                    sheet.hide()
            elif line.startswith(MERGED):
                sheet.merge_range(*line.removeprefix(MERGED).split(" ", 1))
            else:
                for place, cell in enumerate(line.split("\t")):
                    _write_cell(sheet, row, place, cell)
                row += 1


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, place: int, cell: str) -> None:
    if cell.startswith("#"):
        sheet.write_number(row, place, float(cell[1:]))
    elif cell.startswith("@"):
        sheet.write_datetime(row, place, datetime.fromisoformat(cell[1:]))
    elif cell:
        sheet.write_string(row, place, cell)


def read(folder: Path) -> Intake:
    """Read the exports in *folder* with its mapping."""
    return read_sources(read_mapping(folder / "audit.toml"), AS_OF)


def audited(tables: Intake) -> AuditResult:
    """Audit what was read."""
    return audit(Tables(tables.rows, tables.requests, tables.documents, tables.sources), AS_OF)


def parts_as_text(tables: Intake) -> dict[str, list[str]]:
    """Return the rows that are not used, the findings and the duties, as lines."""
    result = audited(tables)
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
