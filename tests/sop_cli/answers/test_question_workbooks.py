"""Workbooks of questions: written without a formula, read as spreadsheets save them again; damaged ones are one error."""

import errno
import os
import random
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sop_cli.answers.question_files import read_questions, write_questions
from sop_cli.main import main
from sop_engine import load_rulebook
from sop_engine.register.question_rows import QUESTION_COLUMNS, TableError, question_rows, results_of

BOOK = load_rulebook()
ROWS = list(question_rows(BOOK))
HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-2",
    "'=1",
    "'s",
    "a\x1b[31mb",
    "two\nlines",
    "a\r\nb",
    "\x00",
    "<b>&amp;",
    "\ufffe",
    "\tx",
    " y ",
    "#N/A",
    "#REF!",
    "TRUE",
    "12",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The questions as a workbook."""
    write_questions(tmp_path / "questions.xlsx", ROWS)
    return tmp_path / "questions.xlsx"


def texts(rows: list) -> list[list[str]]:
    """The cells of *rows* as texts, as long as the first row."""
    return [["" if cell is None else str(cell) for cell in [*row, *[None] * (len(rows[0]) - len(row))]] for row in rows]


def saved_again(file: Path, change: Callable[[openpyxl.Workbook], object]) -> None:
    book = openpyxl.load_workbook(file)
    change(book)
    book.save(file)


def cell(book: openpyxl.Workbook, identifier: str, column: str) -> object:
    """The cell of a question in a column."""
    sheet = book["Questions"]
    place = [heading.value for heading in sheet[1]].index(column)
    return next(row[place] for row in sheet.iter_rows() if row[0].value == identifier)


def fill(book: openpyxl.Workbook, identifier: str, **values: object) -> None:
    for column, value in values.items():
        cell(book, identifier, column.replace("_", " ")).value = value


def results(file: Path) -> dict[str, object]:
    return {result.gap_id: result for result in results_of(read_questions(file), BOOK) if not result.is_blank}


def test_what_is_written_is_read_back(file: Path) -> None:
    assert texts(read_questions(file)) == ROWS
    with pytest.raises(TableError, match=r"questions\.xlsx` exists, and may have answers in it; name a new file"):
        write_questions(file, ROWS)


def test_no_cell_is_a_formula_and_hostile_texts_stay_texts(tmp_path: Path) -> None:
    file = tmp_path / "q.XLSX"
    write_questions(file, [["id", *HOSTILE]])
    assert read_questions(file) == [["id", *HOSTILE]]
    for row in openpyxl.load_workbook(file)["Questions"].iter_rows():
        assert {one.data_type for one in row} == {"s"}
        assert [one.value for one in row if one.value[:1] in "=+-@"] == []
    assert b"<f>" not in ZipFile(file).read("xl/worksheets/sheet1.xml")


def test_a_text_that_is_too_long_for_a_cell_is_not_cut(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"`GAP-04` has a text of 32,768 characters, and a cell has at most 32,767; write a \.csv file"):
        write_questions(tmp_path / "q.xlsx", [["GAP-04", "x" * 32_768]])
    assert list(tmp_path.iterdir()) == []


def test_the_owners_cells_can_be_filled_in_and_long_texts_wrap(file: Path) -> None:
    sheet = openpyxl.load_workbook(file)["Questions"]
    assert sheet.protection.sheet
    assert {(one.column > len(QUESTION_COLUMNS), one.protection.locked) for row in sheet.iter_rows(min_row=2) for one in row} == {
        (False, True),
        (True, False),
    }
    assert {one.fill.fgColor.rgb for one in sheet["I"]} == {"00FFF4CC"}
    assert all(one.alignment.wrap_text for row in sheet.iter_rows() for one in row)
    assert (sheet.freeze_panes, sheet.column_dimensions["B"].width) == ("B2", 55)


@pytest.mark.parametrize(
    ("answer", "day"),
    [(3, date(2026, 12, 1)), (3.0, datetime.fromisoformat("2026-12-01 00:00")), ("3", "2026-12-01"), ("No step, because no listed situation applies.", "1 Dec 2026")],
    ids=["a day", "a day with a time", "texts", "words"],
)  # fmt: skip
def test_an_answer_is_read_as_a_spreadsheet_stores_it(answer: object, day: object, file: Path) -> None:
    saved_again(
        file, lambda book: fill(book, "GAP-04", answer=answer, decided_by="A. Owner", on=day, evidence="=1+1 in a text".replace("=", "'="))
    )
    (result,) = results(file).values()
    assert result.reason == ""
    assert (result.answer.reading, result.answer.by, result.answer.on, result.answer.evidence) == (
        3,
        "A. Owner",
        date(2026, 12, 1),
        "=1+1 in a text",
    )


def test_a_workbook_that_counts_days_from_1904_is_read(file: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        fill(book, "GAP-04", answer=3, decided_by="A", on=date(2026, 12, 1))

    saved_again(file, change)
    assert results(file)["GAP-04"].answer.on == date(2026, 12, 1)


def test_other_columns_rows_and_sheets_do_not_disturb(file: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        fill(book, "GAP-04", answer=3, decided_by="A", on=date(2026, 12, 1))
        sheet = book["Questions"]
        sheet.delete_rows(2, 2)
        sheet.insert_rows(3)
        sheet.move_range("A4:L6", rows=60)
        sheet.insert_cols(1)
        sheet["A1"] = "our note"
        book.create_sheet("Notes", 0)["A1"] = "id"
        sheet.move_range("I1:I70", cols=10)

    saved_again(file, change)
    (result,) = results(file).values()
    assert (result.gap_id, result.reason, result.answer.reading) == ("GAP-04", "", 3)


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "a formula as the answer": ({"answer": "=1+1", "decided_by": "A", "on": date(2026, 12, 1)}, "`answer` has a formula or an error"),
    "a formula as the day": ({"answer": 3, "decided_by": "A", "on": "=TODAY()"}, "`on` has a formula or an error; write the value itself"),
    "a formula in the evidence": ({"answer": 3, "decided_by": "A", "on": date(2026, 12, 1), "evidence": "=A1"}, "`evidence` has a formula"),
    "an error": ({"answer": "#N/A", "decided_by": "A", "on": date(2026, 12, 1)}, "`answer` has a formula or an error"),
    "half a reading": ({"answer": 2.5, "decided_by": "A", "on": date(2026, 12, 1)}, "the answer `2.5` is not the number of a reading"),
    "a truth value": ({"answer": True, "decided_by": "A", "on": date(2026, 12, 1)}, "the answer `True` is not the number of a reading"),
    "a truth value as the day": ({"answer": 3, "decided_by": "A", "on": False}, "`False` is not a day"),
    "nobody": ({"answer": 3, "on": date(2026, 12, 1)}, "the answer does not say who decided it"),
    "no day": ({"answer": 3, "decided_by": "A"}, "it has no `on`"),
    "no answer": ({"decided_by": "A"}, "it has `decided by` but no `answer`"),
    "other readings": ({"answer": 3, "decided_by": "A", "on": date(2026, 12, 1), "readings": "1: x"}, "its readings are not those of the register"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_that_is_not_understood_says_why_and_the_others_are_read(name: str, file: Path) -> None:
    values, message = REFUSED[name]

    def change(book: openpyxl.Workbook) -> None:
        fill(book, "GAP-04", **values)
        fill(book, "GAP-03", answer=3, decided_by="B", on=date(2026, 12, 1))

    saved_again(file, change)
    row_results = results(file)
    assert message in row_results["GAP-04"].reason
    assert row_results["GAP-04"].answer is None
    assert row_results["GAP-03"].answer.reading == 3


def zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def without(data: bytes, left_out: str) -> bytes:
    with ZipFile(BytesIO(data)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist() if name != left_out})


DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "it is not a workbook, or it is damaged"),
    "CSV": (lambda _: b"id,answer\r\nGAP-04,3\r\n", "it is not a workbook, or it is damaged"),
    "half of it": (lambda data: data[: len(data) // 2], "it is not a workbook, or it is damaged"),
    "another archive": (lambda _: zipped({"a.txt": b"x"}), "it is not a workbook, or it is damaged"),
    "no sheet": (lambda data: without(data, "xl/worksheets/sheet1.xml"), "it has no sheet; open it in a spreadsheet program"),
    "broken XML": (lambda data: zipped({**parts_of(data), "xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}), "it is not a workbook"),
    "a password": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "it is protected by a password"),
    "a bomb": (lambda data: zipped({**parts_of(data), "x": b"0" * 60_000_000}), "bytes, expected at most 50,000,000"),
}  # fmt: skip


def parts_of(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_one_error_with_what_to_do(name: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage, message = DAMAGED[name]
    file.write_bytes(damage(file.read_bytes()))
    assert main(["questions", "--in", str(file)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), message in err) == ("", 1, True), err
    assert err.startswith("error: ")


@pytest.mark.slow
def test_whatever_byte_is_damaged_the_result_is_rows_or_one_error(file: Path) -> None:
    data, rng = file.read_bytes(), random.Random(7)  # noqa: S311
    messages = []
    for _ in range(150):
        spoilt = bytearray(data)
        for _ in range(rng.choice((1, 3, 20))):
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        file.write_bytes(spoilt)
        try:
            results_of(read_questions(file), BOOK)
        except TableError as error:
            messages.append(str(error))
    assert len(messages) > 50
    assert [message for message in messages if "\n" in message] == []


@pytest.mark.slow
def test_blank_rows_far_below_are_skipped_and_too_many_rows_are_refused(file: Path) -> None:
    saved_again(file, lambda book: setattr(book["Questions"].cell(20_000, 1), "value", None))
    assert len(results_of(read_questions(file), BOOK)) == 57
    saved_again(file, lambda book: setattr(book["Questions"].cell(20_000, 1), "value", "GAP-04"))
    with pytest.raises(TableError, match="it has more than 10,000 rows"):
        read_questions(file)


def test_answers_in_a_workbook_are_listed_row_by_row(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved_again(file, lambda book: fill(book, "GAP-04", answer="9", decided_by="A\n=1", on="soon"))
    assert main(["questions", "--in", str(file)]) == 1
    assert "✗ row 5 `GAP-04`: not taken: `GAP-04` has no reading 9; expected 1 to 3\n" in capsys.readouterr().out


def test_a_full_folder_of_temporary_files_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The library writes each sheet to a temporary file first, and its error has no name of a file."""

    def full(_book: object, _out: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("openpyxl.Workbook.save", full)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["questions", "--out", str(tmp_path / "questions.xlsx")]) == 2

    errors = capsys.readouterr().err
    assert errors == f"error: `{tmp_path}`: {os.strerror(errno.ENOSPC)}; free some space or choose another disk\n"
    assert not (tmp_path / "questions.xlsx").exists()
