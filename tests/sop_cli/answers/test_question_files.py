"""Tables of questions as files: what this program writes, what spreadsheets make of it, and what is no such table."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from sop_cli.answers.question_files import read_questions, write_questions
from sop_cli.main import main
from sop_engine import load_rulebook
from sop_engine.register.question_rows import TableError, question_rows

ROWS = list(question_rows(load_rulebook()))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "questions.csv"
    write_questions(file, ROWS)
    assert read_questions(file) == ROWS
    assert file.read_bytes().startswith(b"\xef\xbb\xbfid,question,")


def test_no_cell_can_act_as_a_formula_and_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "questions.csv"
    rows = [["id", "answer"], ["GAP-04", "=1+1"], ["GAP-05", "@SUM(A1)"], ["GAP-06", "'quoted"]]
    write_questions(file, rows)
    cells = [cell for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+-@"] == []
    assert read_questions(file) == rows
    with pytest.raises(TableError, match=r"questions\.csv` exists, and may have answers in it; name a new file"):
        write_questions(file, ROWS)
    assert read_questions(file) == rows


def saved(separator: str, encoding: str, line_end: str) -> bytes:
    """The table as a spreadsheet saves it again."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=line_end).writerows(ROWS)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    "content",
    [saved(",", "utf-8", "\n"), saved(";", "utf-8-sig", "\r\n"), saved("\t", "utf-16", "\r\n"), saved("\t", "utf-8", "\n")],
    ids=["plain", "semicolons", "Unicode text", "tabs"],
)
def test_a_table_that_a_spreadsheet_saved_again_is_read(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_bytes(content)
    assert read_questions(tmp_path / "q.csv") == ROWS


DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a workbook": (lambda _: b"PK\x03\x04rest", "this is a workbook and not CSV; give it a name that ends in `.xlsx`"),
    "another encoding": (lambda data: data + "é".encode("latin-1"), "it is not UTF-8 text (byte "),
    "null characters": (lambda data: data.replace(b"GAP-04", b"GAP\0-04"), "it has null characters, so it is not text"),
    "half a quotation": (lambda data: data.rstrip()[:-40] + b'"x', "it is not CSV ("),
    "half of UTF-16": (lambda data: b"\xff\xfe" + data[:101], "it is not UTF-8 text (byte "),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_with_what_to_do(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage, message = DAMAGED[name]
    file = tmp_path / "q.csv"
    write_questions(file, ROWS)
    file.write_bytes(damage(file.read_bytes()))

    assert main(["questions", "--in", str(file)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.startswith("error: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "q.xls"], "name a file that ends in `.csv` or `.xlsx`"),
        (["--in", "q.ods"], "name a file that ends in `.csv` or `.xlsx`"),
        (["--in", "missing.xlsx"], "the file does not exist"),
        (["--in", "missing.csv"], "the file does not exist"),
        (["--in", "a.csv", "--out", "b.csv"], "--out and --in cannot be used together"),
        (["--out", "q.csv", "--yes"], "--yes and --patch are about answers; add --in FILE"),
    ],
)
def test_options_that_do_not_fit_are_refused(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_the_orders_of_the_last_audit_are_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The column is empty without an audit; the latest one counts, and another one can be named."""
    audit = tmp_path / "build" / "audits" / "june"
    audit.mkdir(parents=True)
    finding = '{"order_key": "FN1", "gaps": ["GAP-04"]}'
    (audit / "audit.json").write_text('{\n"as_of": "2026-06-30",\n"findings": [\n' + finding + "\n],\n}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def orders(*arguments: str) -> set[tuple[bool, str]]:
        Path("q.csv").unlink(missing_ok=True)
        assert main(["questions", "--out", "q.csv", *arguments]) == 0
        heading, *rows = csv.reader(Path("q.csv").read_text("utf-8-sig").splitlines())
        return {(row[0] == "GAP-04", row[heading.index("orders in the last audit")]) for row in rows if len(row) == len(heading)}

    assert orders() == {(True, "1 on 2026-06-30"), (False, "0 on 2026-06-30")}
    assert orders("--audit", "build/audits/june") == orders()
    audit.rename(tmp_path / "june")
    assert {text for _, text in orders()} == {""}
    assert orders("--audit", "june") == {(True, "1 on 2026-06-30"), (False, "0 on 2026-06-30")}
    assert main(["questions", "--out", "r.csv", "--audit", "build"]) == 2
    assert "it has no audit.json; name the folder of an earlier audit" in capsys.readouterr().err
    assert not Path("r.csv").exists()


def test_a_table_without_a_new_answer_writes_nothing_and_says_why_a_row_is_not_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "q.csv"
    write_questions(file, ROWS)
    assert main(["questions", "--in", str(file)]) == 0
    assert "57 rows without an answer\nthere is no new answer; nothing was written\n" in capsys.readouterr().out

    rows = [[*row[:8], "9", "A\x1b[31m", "2026-12-01", "", ""] if row[0] == "GAP-04" else row for row in ROWS]
    file.unlink()
    write_questions(file, rows)
    assert main(["questions", "--in", str(file)]) == 1
    out = capsys.readouterr().out
    assert "✗ row 5 `GAP-04`: not taken: `GAP-04` has no reading 9; expected 1 to 3\n" in out
    assert "\x1b" not in out


def test_the_questions_are_listed_with_their_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 57
    assert lines[3].startswith("GAP-04  open: Can an order")
