"""What is chosen on the Audit screen for all files: the days of the list for the VMS, and a worklist with notes that comes back."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.audit.references import NOTE, REFERENCE
from tests.support.audit_files import DUE
from tests.support.sent_files import SETTINGS, Sent, chosen

LATER = DUE.replace("FN0003", "FN0005").replace("INV-003", "INV-005").replace("20-06-2026", "02-07-2026").splitlines()[1]


def days(first: str, last: str) -> dict[str, Any]:
    return {**SETTINGS, "settings": {**SETTINGS["settings"], "vms_from": first, "vms_to": last}, "name": "days"}


def listed(folder: Path) -> list[str]:
    with (folder / "cancelled-after-posting.csv").open(encoding="utf-8-sig") as file:
        return [row["order"] for row in csv.DictReader(file)]


def worklist_with(note: str, worklist: Path, copy: Path) -> bytes:
    """Return a worklist as a person saves it elsewhere, with *note* at its first duty."""
    book = openpyxl.load_workbook(worklist)
    sheet = book["Credit notes due"]
    titles = [cell.value for cell in sheet[1]]
    assert REFERENCE in titles
    sheet.cell(2, titles.index(NOTE) + 1).value = note
    book.save(copy)
    return copy.read_bytes()


def test_the_days_of_the_list_for_the_vms_are_chosen(sent: Sent) -> None:
    upload = sent.send("orders.csv", f"{DUE}{LATER}\n")
    sources = [chosen(upload, sent.sheet(upload))]

    sent.result("audit.run", sources=sources, **days("2026-06-01", "2026-06-30"), replace=False)

    written = sent.home / "build/audits/days"
    assert listed(written) == ["FN0003"]
    assert json.loads((written / "audit.json").read_text())["vms_days"] == {"from": "2026-06-01", "to": "2026-06-30"}
    sent.result("audit.run", sources=sources, **days("", ""), replace=True)
    assert listed(written) == ["FN0003", "FN0005"]
    assert "vms" not in sent.result("audit.mapping", sources=sources, settings=days("2026-06-01", "2026-06-30")["settings"])["text"]


@pytest.mark.parametrize(("first", "last", "message"), [
    ("2026-06-30", "2026-06-01", "its last day, 2026-06-01, is before its first day, 2026-06-30"),
    ("2026-06-30", "", "choose its first and its last day, or neither"),
    ("", "2026-06-30", "choose its first and its last day, or neither"),
    ("2026-06-31", "2026-07-01", "a day is not one of the calendar"),
    ("0026-06-01", "2026-07-01", "before 2017"),
])  # fmt: skip
def test_days_of_the_list_that_cannot_be_are_one_line(sent: Sent, first: str, last: str, message: str) -> None:
    upload = sent.send("orders.csv", DUE)

    error = sent.error("audit.run", sources=[chosen(upload, sent.sheet(upload))], **days(first, last), replace=False)

    assert error.startswith("the list of orders cancelled after posting: ")
    assert message in error
    assert not (sent.home / "build").exists()


def test_a_worklist_with_notes_that_was_downloaded_is_read_back(sent: Sent, tmp_path: Path) -> None:
    """It is a copy: the worklist of the earlier result has no notes."""
    upload = sent.send("orders.csv", DUE)
    sources = [chosen(upload, sent.sheet(upload))]
    sent.result("audit.run", sources=sources, **{**SETTINGS, "name": "july"}, replace=False)
    noted = worklist_with("asked Meera", sent.home / "build/audits/july/worklist.xlsx", tmp_path / "copy.xlsx")

    offered = sent.result("audit.columns", file=sent.send("worklist (1).xlsx", noted), encoding=None)
    assert offered == {"error": "", "needs_encoding": False, "sheets": [], "notes": 1}
    notes = [sent.send("worklist (2).xlsx", noted)]
    settings = {"settings": {"invoicing": "ERP", "as_of": "2026-08-15"}}
    for name, since in (("alone", ""), ("compared", "july")):
        sent.result("audit.run", sources=sources, **settings, name=name, since=since, notes=notes, replace=False)

        written = json.loads((sent.home / "build/audits" / name / "audit.json").read_text())
        assert "asked Meera" in [duty["note"] for duty in written["duties"]]
    assert "asked Meera" in [entry["note"] for entry in written["since"]["older"]]


def test_a_workbook_of_orders_is_no_worklist(sent: Sent) -> None:
    assert sent.result("audit.columns", file=sent.send("orders.csv", f"{DUE.splitlines()[0]},Your note\n"), encoding=None)["notes"] is None


def test_a_result_says_of_a_file_that_it_may_be_cut_off_and_why_rows_are_set_aside(sent: Sent) -> None:
    """As the console does."""
    row = DUE.splitlines()[1]
    spoilt = [row.replace("FN0003", f"FN1{number}").replace("20-06-2026", "31-06-2026") for number in range(3)]
    upload = sent.send("orders.csv", "\n".join([DUE.strip(), *spoilt, f"Total,9{',' * row.count(',')}"[:-1] + "\n"]))
    source = chosen(upload, sent.sheet(upload))

    result = sent.result("audit.run", sources=[source], **SETTINGS, replace=False)

    assert result["sources"][0]["remarks"] == ["the total row 6 says 9 in “Order Qty”, the rows add up to 4: the file may be cut off"]
    (reason,) = result["aside"]
    assert reason.startswith("3 rows, the first is orders.csv row 3, column ")
    assert "31-06-2026" in reason
    assert result["vms"] == ["cancelled-after-posting.csv: 1 order cancelled in full after posting; 3 more could not be placed"]


def test_of_a_name_that_stands_twice_a_column_is_chosen_or_none(sent: Sent) -> None:
    """Otherwise such a file could not be audited without a mapping file."""
    head, row = DUE.splitlines()
    upload = sent.send("orders.csv", f"{head},E-Invoice No\n{row},X\n")
    sheet = sent.sheet(upload)
    source = chosen(upload, sheet)

    twice = [column["letter"] for column in sheet["columns"] if column["name"] == "E-Invoice No"]
    assert sheet["doubled"] == ["invoice"]
    twice_alike = sent.sheet(sent.send("alike.csv", DUE.replace("WMS Status", "OMS Status")))
    assert [column["target"] for column in twice_alike["columns"] if column["name"] == "OMS Status"] == ["", ""]
    assert not sheet["certain"]
    assert sheet["questions"] == [
        f"its header has `E-Invoice No` twice, in columns {' and '.join(twice)}: choose one of them for `invoice`, or leave both"
    ]
    assert [column["how"] for column in sheet["columns"] if column["letter"] in twice] == ["", ""]
    left = {**source, "left_out": ["invoice"]}
    assert sent.result("audit.run", sources=[left], **{**SETTINGS, "name": "left"}, replace=False)["oldest"][0]["invoice"] == ""
    source["columns"].append({"target": "invoice", "name": "", "letter": twice[0]})
    assert sent.result("audit.run", sources=[source], **{**SETTINGS, "name": "letter"}, replace=False)["oldest"][0]["invoice"] == "INV-003"


def test_the_bounds_of_days_are_offered_and_what_is_assumed_names_their_keys(sent: Sent) -> None:
    """The keys stand beside the fields too, and the files of an audit have the same text in both ways."""
    assert sent.result("audit.overview")["bounds"]["days_from_invoice_to_note"] == 30
    settings = {**SETTINGS["settings"], "days": {"days_from_order_to_invoice": 9}}

    assumed = sent.result("audit.run", sources=sent.examples(), **{**SETTINGS, "settings": settings}, replace=False)["assumed"]

    assert (
        "an e-invoice is made at most 9 days after its order: ours, not the SOP's; days_from_order_to_invoice sets another number"
        in assumed
    )
    assert [text for text in assumed if "in the mapping" in text] == []
