"""The CSV files: every row and reason once, and no cell that a spreadsheet takes for a formula or changes."""

import csv
import io
from pathlib import Path

import pytest

from reports.audit.csv_files import CSV_FILES, id_cell, write_csv_files
from tests.support.audit_samples import material


def read(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8-sig"), newline="")))


def test_each_row_of_each_file_is_listed_with_its_state(tmp_path: Path) -> None:
    write_csv_files(tmp_path, material())
    rows = read(tmp_path, "rows.csv")

    assert [(row["file"], int(row["row"])) for row in rows] == [("dev1-assure.csv", row) for row in range(1, 19)] + [
        ("dev3-erp-daybook.csv", row) for row in range(1, 5)
    ]
    assert {row["row"]: row["reason"] for row in rows if row["state"] == "set aside"} == {"11": "ROW-05", "12": "ROW-17", "15": "ROW-02"}


def test_a_row_with_two_reasons_has_two_lines_and_its_neighbours_one(tmp_path: Path) -> None:
    one = material()
    plain = one.rows.to_pylist()
    plain[10]["reasons"] = [*plain[10]["reasons"], plain[11]["reasons"][0]]
    write_csv_files(tmp_path, material(rows=one.rows.from_pylist(plain, one.rows.schema)))

    assert [(row["row"], row["reason"]) for row in read(tmp_path, "rows.csv")][9:14] == [
        ("10", ""),
        ("11", "ROW-05"),
        ("11", "ROW-17"),
        ("12", "ROW-17"),
        ("13", ""),
    ]


def test_duties_have_amounts_in_rupees_and_findings_their_places(tmp_path: Path) -> None:
    write_csv_files(tmp_path, material())
    duties = {row["order"]: row for row in read(tmp_path, "duties.csv")}

    assert (duties["FN0008"]["value"], duties["FN0008"]["not_yet_credited"]) == ("210000.00", "10000.00")
    assert duties["FN0010"]["value"] == ""
    assert read(tmp_path, "findings.csv")[5]["seen_in"] == "dev3-erp-daybook.csv row 11"


@pytest.mark.parametrize(
    "text", ["00123", "1.23E+15", "8901234567890123", "04-06-2026", "1/2", "=1", "+1", "JUN-4", "sep 12", "2-3", "5e3", "12:30"]
)
def test_a_number_that_a_spreadsheet_would_change_gets_an_apostrophe(text: str) -> None:
    assert id_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["FN0001", "INV-002", "123456789012345", "S123456789", "March", "DECOR", "CN/26-27/1", ""])
def test_other_numbers_stay(text: str) -> None:
    assert id_cell(text) == text


@pytest.mark.parametrize("spoil", ["=", "+", "-", "@", "\t=", "\u3164=", "00"])
def test_no_cell_of_any_file_is_a_formula(tmp_path: Path, spoil: str) -> None:
    write_csv_files(tmp_path, material(spoil=f"{spoil}1"))
    cells = [cell for name in CSV_FILES for row in read(tmp_path, name) for cell in row.values()]

    assert [cell for cell in cells if cell[:1] in set("=+-@\t")] == []
    assert f"'{spoil}1FN0003" in cells


def test_the_same_audit_gives_the_same_bytes_and_no_rows_give_only_a_heading(tmp_path: Path) -> None:
    one = material()
    write_csv_files(tmp_path, one)
    first = (tmp_path / "rows.csv").read_bytes()
    write_csv_files(tmp_path, material())

    assert (tmp_path / "rows.csv").read_bytes() == first
    write_csv_files(tmp_path, material(findings=one.findings.slice(0, 0), rows=one.rows.slice(0, 0)))
    assert (read(tmp_path, "findings.csv"), read(tmp_path, "rows.csv")) == ([], [])
