"""The worklist: texts that stay texts, real dates, one sheet a kind of work, the same bytes each time."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from orders.amounts import rupees
from reports.audit import worklist
from reports.audit.sheets import work_sheets
from reports.audit.worklist import write_worklist
from sop_engine.text import text_of_cell
from tests.support.audit_samples import material


def written(folder: Path, **more: object) -> Path:
    write_worklist(folder / "worklist.xlsx", ["A heading"], work_sheets(material(**more)))
    return folder / "worklist.xlsx"


def rows_of(file: Path, sheet: str) -> list[dict[str, object]]:
    titles, *rows = load_workbook(file)[sheet].iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def test_each_kind_of_work_has_a_sheet_with_a_frozen_heading_and_a_filter(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path))

    assert book.sheetnames == [
        "Read me",
        "Credit notes due",
        "Against the SOP",
        "Both systems",
        "Returns",
        "Questions",
        "Rows set aside",
        "Sources",
    ]
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "B2", page.title
        assert page.auto_filter.ref, page.title


def test_credit_notes_are_sorted_by_age_and_have_dates_and_numbers(tmp_path: Path) -> None:
    rows = rows_of(written(tmp_path), "Credit notes due")

    assert [row["Order"] for row in rows] == ["FN0017", "FN0008", "FN0003", "FN0010"]
    assert rows[1]["Due since"] == datetime(2026, 6, 4)  # noqa: DTZ001 (a cell has no zone)
    assert (rows[1]["Value"], rows[1]["Not yet credited"]) == (210_000, 10_000)
    assert rows[1]["State"] == "older than 30 days (our reminder), partly done"
    assert rows[3]["State"] == "uncertain"


def test_every_open_duty_and_finding_that_asks_for_work_is_in_exactly_one_sheet(tmp_path: Path) -> None:
    file = written(tmp_path)
    actual = {
        sheet: [(row["Order"], row["Rule"]) for row in rows_of(file, sheet)]
        for sheet in ("Against the SOP", "Both systems", "Returns", "Questions")
    }

    assert actual == {
        "Against the SOP": [("FN0004", "C-1"), ("FN0016", "D-4")],
        "Both systems": [("FN0001", "R-1"), ("FN0013", "R-4"), ("FN0009", "duty")],
        "Returns": [("FN0017", "T-1")],
        "Questions": [("FN0004", "C-8"), ("FN0010", "R-4")],
    }


@pytest.mark.parametrize("spoil", ["00", "=1+", "+", "@SUM(", "-", "\t", "{=", "http://x/", "1E5"])
def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path, spoil: str) -> None:
    file = written(tmp_path, spoil=spoil)
    rows = rows_of(file, "Credit notes due")
    cells = [cell for page in load_workbook(file).worksheets for row in page.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    assert [cell for cell in cells if cell.hyperlink] == []
    assert text_of_cell(str(rows[1]["Order"])) == f"{spoil}FN0008"
    assert text_of_cell(str(rows[1]["E-invoice"])) == f"{spoil}INV-008"


def test_the_same_audit_gives_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path).read_bytes() == written(tmp_path).read_bytes()


def test_a_long_list_says_how_many_rows_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklist, "MOST_SHEET_ROWS", 1)
    rows = rows_of(written(tmp_path), "Credit notes due")

    assert [row["Order"] for row in rows] == ["FN0017", "3 more rows are in the CSV files only"]


def test_an_empty_sheet_says_so(tmp_path: Path) -> None:
    nothing = material()
    write_worklist(tmp_path / "x.xlsx", [], work_sheets(material(findings=nothing.findings.slice(0, 0))))

    assert [row["Order"] for row in rows_of(tmp_path / "x.xlsx", "Returns")] == ["nothing"]


@pytest.mark.parametrize(
    ("paise", "text"),
    [(0, "₹0.00"), (5, "₹0.05"), (99_999, "₹999.99"), (100_000, "₹1,000.00"), (21_000_000, "₹2,10,000.00"), (1_234_567_890_12, "₹1,23,45,67,890.12"), (-70_000, "\u2212₹700.00"), (None, "")],
)  # fmt: skip
def test_amounts_are_grouped_as_in_india(paise: int | None, text: str) -> None:
    assert rupees(paise) == text


def test_the_notes_of_the_client_stand_beside_their_work(tmp_path: Path) -> None:
    reference = str(rows_of(written(tmp_path), "Credit notes due")[0]["Reference"])

    assert rows_of(written(tmp_path, notes={reference: "with the accountant"}), "Credit notes due")[0]["Your note"] == "with the accountant"
    assert date(2026, 7, 15) == material().as_of
