"""What changed since an earlier audit, and the client's notes: kept however a spreadsheet program saved the worklist."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from openpyxl import load_workbook

from reports.audit.earlier_audit import Comparison, compare, read_earlier, read_notes
from reports.audit.material import AuditMaterial
from reports.audit.writing import write_audit
from reports.html.errors import ReportError
from sop_cli.main import main
from sop_engine import Reading, SopError
from tests.support.audit_samples import AS_OF, material
from tests.support.intake import HEADER

ASIDE = ({"order_key": "FN0004"}, {"order_key": None, "named": ["FN0004"]})
"""How a row set aside can name an order: in its column, or in a cell that has moved."""
SHEET = "Credit notes due"
pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_audit(tmp_path / "june", material())
    return tmp_path / "june"


def without(table: pa.Table, order: str) -> pa.Table:
    return table.from_pylist([row for row in table.to_pylist() if row["order_key"] != order], table.schema)


def changed(table: pa.Table, order: str, **values: Any) -> pa.Table:
    return table.from_pylist([row | values if row["order_key"] == order else row for row in table.to_pylist()], table.schema)


def compared(folder: Path, now: AuditMaterial) -> Comparison:
    return compare(read_earlier(folder), now)


def test_the_same_audit_again_has_everything_older(folder: Path) -> None:
    change = compared(folder, material())

    assert (change.closed, change.gone, change.new) == ((), (), ())
    assert len(change.older) == 5 + 6  # duties, and findings that count or ask
    assert change.as_of == AS_OF.isoformat()


@pytest.mark.parametrize(
    ("now", "message"),
    [
        ({"as_of": AS_OF - timedelta(days=1)}, "after that of this one"),
        ({"reading": Reading.AS_WRITTEN}, "its reading is as-practised, that of this one as-written"),
    ],
)
def test_an_audit_of_a_later_day_or_of_the_other_reading_is_not_compared(folder: Path, now: dict[str, Any], message: str) -> None:
    """What differs from it was not done since."""
    with pytest.raises(ReportError, match=message):
        compare(read_earlier(folder), replace(material(), **now))


def test_a_duty_that_is_done_is_closed_with_its_credit_note(folder: Path) -> None:
    duties = changed(material().duties, "FN0003", status="done", urgency=None, done_by="CN-006")
    change = compared(folder, material(duties=duties))

    assert [(entry.order, entry.how) for entry in change.closed] == [("FN0003", "done by CN-006")]
    assert change.new == ()


def test_what_is_not_found_any_more_is_closed_only_if_the_files_could_show_it(folder: Path) -> None:
    now = material()
    findings = without(now.findings, "FN0004")
    absent = {"requests": without(now.requests, "FN0004"), "findings": findings}
    one_system = {"sources": now.sources.slice(0, 1), "findings": findings}

    assert {entry.how for entry in compared(folder, material(findings=findings)).closed} == {"not found any more"}
    for more, how in (
        (absent, "no file of this audit names the order"),
        *(({"findings": findings, "rows": changed(now.rows, "FN0010", **names)}, "a row that names it is set aside") for names in ASIDE),
        (one_system, "this audit has no file of client's ERP"),
    ):
        change = compared(folder, material(**more))
        assert change.closed == ()
        assert {entry.how for entry in change.gone if entry.order == "FN0004"} == {how}


def test_a_row_set_aside_that_names_the_e_invoice_keeps_its_credit_note_open(folder: Path) -> None:
    now = material()
    rows = changed(now.rows, "FN0010", order_key=None, original_key="INV-003")

    assert [entry.how for entry in compared(folder, material(duties=without(now.duties, "FN0003"), rows=rows)).gone] == [
        "a row that names it is set aside"
    ]


def test_an_order_that_only_another_export_still_names_is_not_closed(folder: Path) -> None:
    """The next month's cancellations do not list it, the day book of the whole year does."""
    now = material()
    later = {"requests": without(now.requests, "FN0003"), "duties": without(now.duties, "FN0003")}
    invoice = now.documents.slice(0, 1).to_pylist()[0] | {"order_key": "FN0003", "number_key": "INV-003"}
    documents = pa.concat_tables([now.documents, now.documents.from_pylist([invoice], now.documents.schema)])
    change = compared(folder, material(**later, documents=documents))

    assert change.closed == ()
    assert [(entry.order, entry.how) for entry in change.gone] == [
        ("FN0003", "the export of Assure OMS that showed it does not name the order any more")
    ]
    assert [entry.order for entry in compared(folder, material(duties=later["duties"])).closed] == ["FN0003"]


def test_what_the_files_of_one_month_do_not_say_is_not_forgotten_in_the_next(folder: Path, tmp_path: Path) -> None:
    now = material()
    absent = {name: without(getattr(now, name), "FN0003") for name in ("requests", "duties")}
    silent = material(**absent)
    write_audit(tmp_path / "july", silent, compare(read_earlier(folder), silent))
    write_audit(tmp_path / "august", silent, compare(read_earlier(tmp_path / "july"), silent))
    done = changed(now.duties, "FN0003", status="done", urgency=None, done_by="CN-006")
    last = {name: compared(tmp_path / "august", material(**change)) for name, change in (("open", {}), ("done", {"duties": done}))}

    assert [was.entry.order for was in read_earlier(tmp_path / "august").open.values()].count("FN0003") == 1
    assert "FN0003" in [entry.order for entry in last["open"].older]
    assert last["open"].new == ()
    assert [(entry.order, entry.how) for entry in last["done"].closed] == [("FN0003", "done by CN-006")]


def test_what_was_not_there_is_new(folder: Path) -> None:
    now = material()
    findings = pa.concat_tables([now.findings, changed(now.findings, "FN0004", order_key="FN9", order_text="FN9").slice(1, 1)])

    assert [entry.order for entry in compared(folder, material(findings=findings)).new] == ["FN9"]


def edit(folder: Path, change: Any) -> Path:
    book = load_workbook(folder / "worklist.xlsx")
    change(book)
    book.save(folder / "worklist.xlsx")
    return folder / "worklist.xlsx"


def write_note(book: Any, order: str, note: object) -> str:
    page = book[SHEET]
    titles = [cell.value for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        if row[titles.index("Order")].value == order:
            row[titles.index("Your note")].value = note
            return str(row[titles.index("Reference")].value)
    raise AssertionError(order)


def test_a_note_is_read_back_and_kept_in_every_output(folder: Path, tmp_path: Path) -> None:
    edit(folder, lambda book: write_note(book, "FN0008", "asked Ms Rao"))
    earlier = read_earlier(folder)
    now = material(notes=earlier.notes)
    write_audit(tmp_path / "july", now, compare(earlier, now))

    assert list(earlier.notes.values()) == ["asked Ms Rao"]
    assert read_notes(tmp_path / "july" / "worklist.xlsx") | earlier.notes == read_notes(tmp_path / "july" / "worklist.xlsx")
    assert "asked Ms Rao" in (tmp_path / "july" / "audit.html").read_text(encoding="utf-8")
    assert read_earlier(tmp_path / "july").notes == earlier.notes


def test_a_note_of_something_closed_is_kept_for_the_audits_after(folder: Path, tmp_path: Path) -> None:
    edit(folder, lambda book: write_note(book, "FN0003", "posted by courier"))
    earlier = read_earlier(folder)
    now = material(duties=changed(material().duties, "FN0003", status="done", done_by="CN-006"), notes=earlier.notes)
    write_audit(tmp_path / "july", now, compare(earlier, now))

    assert "posted by courier" in read_earlier(tmp_path / "july").notes.values()
    assert "posted by courier" in read_notes(tmp_path / "july" / "worklist.xlsx").values()


def test_notes_are_found_after_sorting_moving_hiding_and_renaming(folder: Path) -> None:
    def rearrange(book: Any) -> None:
        write_note(book, "FN0008", "  two lines\nof text ")
        write_note(book, "FN0003", 4711)
        page = book[SHEET]
        rows = [[cell.value for cell in row] for row in page.iter_rows()]
        heading, body = rows[0], sorted(rows[1:], key=lambda row: str(row[3]), reverse=True)
        page.delete_rows(1, len(rows))
        page.title = "My list"
        for row in ([None], ["my own title"], [*heading[::-1], "mine"], *([*row[::-1], "x"] for row in body)):
            page.append(row)
        page.column_dimensions["C"].hidden = True
        page.row_dimensions[4].hidden = True

    notes = read_notes(edit(folder, rearrange))

    assert sorted(note for note in notes.values() if note) == ["4711", "two lines\nof text"]
    assert set(notes) >= set(read_earlier(folder).open)


def test_a_note_that_was_removed_is_gone(folder: Path, tmp_path: Path) -> None:
    edit(folder, lambda book: write_note(book, "FN0003", "x"))
    now = material(notes=read_earlier(folder).notes)
    write_audit(tmp_path / "july", now)
    edit(tmp_path / "july", lambda book: write_note(book, "FN0003", None))

    assert read_earlier(tmp_path / "july").notes == {}


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"duties": [], "findings": [{}], "since": null, "sources": [], "as_of": 1}', "nonsense"])
def test_a_folder_without_an_audit_is_one_error(folder: Path, text: str) -> None:
    (folder / "audit.json").write_text(text, encoding="utf-8")

    with pytest.raises(SopError, match=r"audit\.json"):
        read_earlier(folder)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"text"])
def test_a_damaged_worklist_is_one_error(folder: Path, content: bytes) -> None:
    (folder / "worklist.xlsx").write_bytes(content)

    with pytest.raises(ReportError, match="is not a workbook, or it is damaged"):
        read_earlier(folder)


def test_a_folder_that_is_no_audit_says_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"it has no audit\.json; name the folder of an earlier audit"):
        read_earlier(tmp_path)


MONTH = '[audit]\ninvoicing = "ERP"\n[[source]]\nfile = "assure.csv"\nprofile = "assure-cancellations"\n[[source]]\nfile = "daybook.csv"\nprofile = "tally-daybook"\ncomplete = {{ from = 2026-{0}-01, to = 2026-{0}-30, of = "documents" }}\n'
REQUEST = "FN{0},1,1,SELLER,FULFILLABLE,,14-{1}-2026 09:00,INV-{0},14-{1}-2026 10:00,,14-{1}-2026 12:00,SUCCESS\n"
BOOK = "Date,Particulars,Voucher Type,Voucher No.,Original Invoice,Order No,Value\n"


def month(number: str, requests: str, documents: str, *options: str) -> dict[str, Any]:
    """Audit the exports of a month into a folder of its number, and return what changed since the earlier one."""
    Path("audit.toml").write_text(MONTH.format(number))
    Path("assure.csv").write_text(HEADER + "\n" + requests)
    Path("daybook.csv").write_text(BOOK + documents)
    main(["audit", "--as-of", f"2026-{number}-30", "--out", number, *options])
    since = json.loads(Path(number, "audit.json").read_bytes())["since"]
    return {name: {entry["what"][-7:]: entry["how"] for entry in entries} for name, entries in (since or {}).items() if name != "as_of"}


@pytest.mark.parametrize("note", ["CN-1,INV-2,FN2", "CN-1,INV-2,", "CN-1,,FN2"], ids=["both", "e-invoice", "order"])
def test_a_credit_note_of_a_later_month_points_at_the_duty_that_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: str) -> None:
    """It was a credit note without its invoice (R-7), and nothing said for which duty it can be."""
    monkeypatch.chdir(tmp_path)
    sale = "14-{1}-26,Ajio B2B,Sales,INV-{0},,FN{0},700.00\n"
    month("06", REQUEST.format(2, "06"), sale.format(2, "Jun"))
    since = month("07", REQUEST.format(3, "07"), sale.format(3, "Jul") + f"6-Jul-26,Ajio B2B,Credit Note,{note},-700.00\n", "--since", "06")

    assert since["closed"] == {}
    (how,) = since["gone"].values()
    assert how.startswith("CN-1 (daybook.csv row 3) names it; audit these files together with those of the earlier audit")
    assert [text for text in since["new"].values() if text] == [
        "it can be for what is kept since then: FN2 make a credit note by hand and keep it in the ERP (INV-2)"
    ]
