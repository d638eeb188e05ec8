"""An empty cell of a column of words never says that nothing is to do: each column by itself, and in all sets of exports."""

import pytest

from orders.audit.tables import Kind
from orders.intake.errors import IntakeError
from orders.intake.mapping.headers import plain
from orders.intake.mapping.reading import read_mapping
from orders.intake.mapping.targets import MEANINGS, TYPES, Type
from tests.orders.audit.test_changed_exports import SETS
from tests.orders.audit.test_changed_rows import spoken_of
from tests.support.audit_runs import IRP, cancelled, document, invoice, note, rules, run, statuses
from tests.support.export_sets import MERGED, SHEET, audited, read, sections, write_exports
from tests.support.intake import lines, reasons
from tests.support.intake import read as read_export

EMPTY_MEANS = {
    **dict.fromkeys(("canceller", "scope", "invoicing", "e_invoice", "oms_status", "result"), "every word is possible"),
    "stage": "no column of a mapping",
    "wms_status": "the order is not in the WMS: so have it the examples of the specification",
    "channel_status": "nothing: the quantities decide",
    "sla": "nothing",
    "fulfilment": "the SOP applies",
    "kind": "the row is set aside",
    "irn_status": "it is open whether the IRN was cancelled",
    "status": "it is open whether the document is made",
    "shared": "nothing",
    "channel": "the document can be Ajio's",
    "quality_check": "none is recorded",
}
"""What an empty cell of each column of words means. None may mean that a duty is done, or that there is none."""


def test_it_is_ruled_for_each_column_of_words_what_an_empty_cell_means():
    assert set(EMPTY_MEANS) == set(MEANINGS)


ERP = ("dated", "value_paise", "counts")
OPEN = {"counts": None}


def erp(documents, requests=None, has=ERP, **options):
    """An audit of documents of an ERP that has a column of states."""
    return run([cancelled()] if requests is None else requests, documents, erp_has=has, **options)


@pytest.mark.parametrize(
    ("documents", "expected", "status"),
    [
        ([note(**OPEN)], [("D-1?", "ask")], "uncertain"),
        ([note(counts=True)], [], "done"),
        ([note(counts=False)], [("D-1", "must")], "open"),
        ([note(value_paise=400, counts=True), note("M", value_paise=600, **OPEN)], [("D-3?", "ask")], "uncertain"),
        ([note(counts=True), note("M", **OPEN)], [("D-4?", "ask")], "done"),
        ([note(counts=True), note("M", day="04-06-2026", **OPEN)], [("D-4?", "ask")], "done"),
        ([note(counts=True), note(day="09-06-2026", **OPEN)], [("D-1?", "ask")], "uncertain"),
        ([note(counts=True), note(original="I-B", day="09-06-2026", **OPEN)], [("D-1?", "ask"), ("D-7?", "ask")], "uncertain"),
        ([note(order_key="A", original=None, **OPEN)], [("D-1", "must"), ("D-6?", "ask")], "open"),
        ([note(counts=True), document(Kind.DEBIT_NOTE, "D", original_key="I-A", **OPEN)], [("D-3?", "ask")], "uncertain"),
    ],
    ids=[
        "only-one", "made", "draft", "for-the-rest", "beside-one-made", "before-one-made", "its-later-row", "number-used-twice", "without-invoice",
        "debit-note",
    ],
)  # fmt: skip
def test_a_note_without_a_state_neither_closes_its_duty_nor_leaves_it_certainly_open(documents, expected, status):
    for reverse in (False, True):
        result = erp([invoice(counts=True), *(documents[::-1] if reverse else documents)])
        actual = [rule for rule in rules(result) if rule[0] not in ("R-7", "R-7?", "R-8")]

        assert (sorted(actual), statuses(result)) == (expected, [status])


def test_it_is_said_where_the_state_of_a_note_is_not_given():
    result = erp([invoice(counts=True), note(**OPEN)])

    assert "erp.csv row 103 has no state of N: is it made?" in result.findings.to_pylist()[0]["text"]
    assert result.duties.to_pylist()[0]["remark"] == "erp.csv row 103 has no state of N: is it made?"
    assert {"source": 1, "row": 103, "text": "credit note N for I-A ₹10.00"} in result.findings.to_pylist()[0]["seen"]


def test_without_a_column_of_states_a_note_counts_as_made():
    assert statuses(erp([invoice(), note()], has=("dated", "value_paise"))) == ["done"]


def test_a_note_that_may_not_be_made_is_not_certainly_wrong():
    """Findings that count ask for something to be undone, which perhaps is not there."""
    alive = {**cancelled(), "is_cancellation": False, "units_cancelled": 0, "source": 6}
    assert rules(erp([invoice(counts=True), note(**OPEN)], [alive])) == [("D-4?", "ask")]
    assert ("R-7?", "ask") in rules(erp([invoice(counts=True), note(original="I-99", **OPEN)]))


AT_PORTAL = {"source": 2, "original": None, "value_paise": None}


@pytest.mark.parametrize(
    ("of_portal", "has", "expected", "status"),
    [
        ({}, IRP["has"], [("D-8?", "ask")], "uncertain"),
        ({"irn": "x"}, [*IRP["has"], "irn"], [("D-8?", "ask")], "uncertain"),
        ({}, [*IRP["has"], "irn"], [], "done"),
        ({"irn_cancelled": False}, IRP["has"], [], "done"),
        ({"irn_cancelled": True}, IRP["has"], [("D-8", "ask")], "question"),
        ({}, ["dated"], [], "done"),
    ],
    ids=["no-state", "no-state-of-an-irn", "no-irn", "valid", "cancelled", "no-column"],
)
def test_a_note_whose_irn_has_no_state_does_not_certainly_stand(of_portal, has, expected, status):
    result = run([cancelled()], [invoice(), note(), note(**AT_PORTAL, **of_portal)], irp_has=has)

    assert (rules(result), statuses(result)) == (expected, [status])


def cells_of_words(parts, folder):
    """Yield the files of a set, their lines with one cell of a column of words emptied, and what that was."""
    wanted = {}
    for source in read_mapping(folder / "audit.toml").sources:
        for target, column in source.columns.items():
            if TYPES[target] is Type.WORDS or column.words is not None:
                names = {plain(name) for name in column.names}
                wanted.setdefault(source.file.name, []).append((target, names, column.letter))
    for heading, content in parts.items():
        lines = content.splitlines()
        for target, names, letter in wanted.get(heading.split()[0], ()):
            at = None if letter is None else ord(letter) - ord("A")
            for place, line in enumerate(lines):
                delimiter = next((sign for sign in "\t;," if sign in line), None)
                cells = [] if delimiter is None or line.startswith((SHEET, MERGED)) else line.split(delimiter)
                header = next((index for index, cell in enumerate(cells) if plain(cell) in names), None)
                if header is not None or at is None or at >= len(cells) or not cells[at]:
                    at = at if header is None else header
                    continue
                row = delimiter.join([*cells[:at], "", *cells[at + 1 :]])
                yield heading, [*lines[:place], row, *lines[place + 1 :]], f"{target}: {line}"


@pytest.mark.slow
@SETS
def test_no_empty_cell_of_words_turns_what_is_open_or_asked_into_nothing_to_do(tmp_path, file):
    parts = sections(file.read_text(encoding="utf-8"))
    write_exports(tmp_path, parts)
    before = audited(read(tmp_path))
    undone = [row for row in before.duties.to_pylist() if row["status"] != "done"]
    for heading, changed, what in cells_of_words(parts, tmp_path):
        write_exports(tmp_path, {**parts, heading: "\n".join(changed) + "\n"})
        try:
            after = audited(read(tmp_path))
        except IntakeError:
            continue
        now = {(row["order_key"], row["task"], row["invoice"]): row["status"] for row in after.duties.to_pylist()}
        spoken = spoken_of(after)
        for duty in undone:
            status = now.get((duty["order_key"], duty["task"], duty["invoice"]))
            assert status != "done", what
            assert status is not None or duty["order_key"] in spoken, what


UNIWARE = "Sale Order Item Code,Display Order Code,Sale Order Item Status"
OF_STATES = """system = "client's ERP"
dates = { format = "dd-mm-yyyy", zone = "Asia/Kolkata" }
[source.columns]
number = "No"
dated = "Day"
kind = { value = "credit note" }
status = { column = "State", words = { Draft = "draft", Open = "unknown"%s } }
"""


def test_a_status_that_says_what_is_cancelled_has_to_be_there(tmp_path):
    rows = lines("1,A,CANCELLED", "2,B,", "3,C,CREATED", header=UNIWARE)

    assert reasons(read_export(tmp_path, rows, 'profile = "uniware-sale-orders"\n')) == {3: [("ROW-17", "C")]}


@pytest.mark.parametrize(("more", "counts"), [("", [False, None, None]), (', "" = "valid"', [False, None, True])])
def test_an_empty_word_says_what_an_empty_cell_means(tmp_path, more, counts):
    rows = lines("N-1,05-06-2026,Draft", "N-2,05-06-2026,open", "N-3,05-06-2026, ", "", header="No,Day,State")
    intake = read_export(tmp_path, rows, OF_STATES % more)

    assert intake.documents["counts"].to_pylist() == counts
