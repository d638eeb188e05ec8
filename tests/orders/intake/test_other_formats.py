"""Spreadsheets, Parquet, messages and event logs as sources."""

import zipfile
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter

from orders.intake.errors import IntakeError
from orders.intake.unread import UnreadSheet
from tests.support.intake import ASSURE, HEADER, messages, read_file, reasons, states, used

POSTED, CANCELLED = datetime(2026, 6, 4, 9, 0), datetime(2026, 6, 4, 11, 0)  # noqa: DTZ001 (a spreadsheet has no zones)


def row(order, cancelled=CANCELLED):
    return [order, 2, 2, "SELLER", "FULFILLABLE", None, POSTED, None, None, None, cancelled, "SUCCESS"]


def workbook(folder, *sheets, name="orders.xlsx"):
    """A workbook with a sheet of rows for each of *sheets*; dates are cells of dates."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append(cells)
    book.save(folder / name)
    return folder / name


def test_a_spreadsheet_gives_the_same_as_text(tmp_path):
    file = workbook(tmp_path, ("June", [["Report"], [], HEADER.split(","), row("FN0001"), row("FN0002"), ["Total", 4]]))

    intake = read_file(file)

    assert used(intake) == ["FN0001", "FN0002"]
    assert states(intake) == {1: "blank", 2: "blank", 3: "header", 6: "total"}
    assert intake.requests.column("cancelled_start").to_pylist() == [1780551000000] * 2
    assert intake.requests.column("cancelled_end").to_pylist() == [1780551060000] * 2
    assert intake.sources.column("totals").to_pylist()[0][0]["said"] == 4


def test_ids_kept_as_numbers_are_text_again_up_to_fifteen_digits(tmp_path):
    file = workbook(tmp_path, ("June", [HEADER.split(","), row(8901234567890), row(8656400230129456), row(POSTED)]))

    intake = read_file(file)

    assert used(intake) == ["8901234567890"]
    assert reasons(intake) == {3: [("ROW-03", "A")], 4: [("ROW-20", "A")]}


def test_a_date_that_is_not_formatted_is_a_serial_number(tmp_path):
    file = workbook(tmp_path, ("June", [HEADER.split(","), row("FN0001", 45123.4166), row("FN0002", "04-06-2026 11:00")]))

    intake = read_file(file)

    assert used(intake) == ["FN0002"]
    assert messages(intake) == ['"45123.4166" is the serial number of a date, 16 July 2023 in the calendar from 1900']


def members_of(file):
    with zipfile.ZipFile(file) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


def write_members(file, members):
    with zipfile.ZipFile(file, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)


def test_a_date_without_a_time_of_day_is_the_whole_day(tmp_path):
    file = workbook(tmp_path, ("June", [HEADER.split(","), row("FN0001", datetime(2026, 6, 4)), row("FN0002")]))  # noqa: DTZ001

    requests = read_file(file).requests

    assert [
        end - start for start, end in zip(*(requests.column(f"cancelled_{name}").to_pylist() for name in ("start", "end")), strict=True)
    ] == [
        86_400_000,
        60_000,
    ]


def test_a_formula_without_a_stored_value_is_not_empty(tmp_path):
    """Calamine gives an empty text for it."""
    file = workbook(tmp_path, ("June", [HEADER.split(","), row("FN0001"), ["FN0002", "=1+1", *row("FN0002")[2:]]]))

    intake = read_file(file)

    assert used(intake) == ["FN0001"]
    assert reasons(intake) == {3: [("ROW-19", "B")]}


def test_a_formula_without_a_stored_value_is_found_in_whichever_part_its_sheet_is(tmp_path):
    """The part of the first sheet has the number 2, and another name in another prefix; a sheet for a chart would come between too."""
    file = workbook(tmp_path, ("A & B", [HEADER.split(","), row("FN0001"), ["FN0002", "=1+1", *row("FN0002")[2:]]]), ("Notes", [["x"]]))
    one, two, relations = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/_rels/workbook.xml.rels"
    members = members_of(file)
    swapped = (
        members[relations].replace(b"sheet1.xml", b"sheet0.xml").replace(b"sheet2.xml", b"sheet1.xml").replace(b"sheet0.xml", b"sheet2.xml")
    )
    write_members(file, {**members, one: members[two], two: members[one], relations: swapped})

    intake = read_file(file)

    assert used(intake) == ["FN0001"]
    assert reasons(intake) == {3: [("ROW-19", "B")]}


@pytest.mark.parametrize(
    ("stored", "paise"), [("1399.9999999999998", 140_000), ("0.30000000000000004", 30), ("1400.5", 140_050), ("1399.996", None)]
)
def test_an_amount_is_what_a_spreadsheet_shows_without_what_binary_arithmetic_put_behind_it(tmp_path, stored, paise):
    book = openpyxl.Workbook()
    book.active.append(["Date", "Voucher Type", "Voucher No.", "Value"])
    book.active.append(["4-Jun-26", "Sales", "INV-1", 77.25])
    book.save(tmp_path / "daybook.xlsx")
    members = members_of(tmp_path / "daybook.xlsx")
    write_members(tmp_path / "daybook.xlsx", {name: content.replace(b"77.25", stored.encode()) for name, content in members.items()})

    intake = read_file(tmp_path / "daybook.xlsx", 'profile = "tally-daybook"\n')

    assert intake.documents.column("value_paise").to_pylist() == ([] if paise is None else [paise])


def test_a_formula_with_its_value_is_that_value(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "orders.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, ["FN0001", 2, 2, "SELLER", "FULFILLABLE", "", "04-06-2026 09:00", "", "", "", "04-06-2026 11:00", "SUCCESS"])
        sheet.write_formula(1, 1, "=1+1", None, 2)

    assert read_file(tmp_path / "orders.xlsx").requests.column("units").to_pylist() == [2]


def test_two_sheets_with_the_header_are_two_sources_and_others_are_left_out(tmp_path):
    sheets = [("June", [HEADER.split(","), row("FN0001")]), ("Notes", [["only", "words"]]), ("July", [HEADER.split(","), row("FN0002")])]
    file = workbook(tmp_path, *sheets)

    intake = read_file(file)

    assert intake.sources.select(["source", "sheet", "used"]).to_pylist() == [
        {"source": 0, "sheet": "June", "used": 1},
        {"source": 1, "sheet": "July", "used": 1},
    ]
    assert intake.unread == (UnreadSheet("orders.xlsx", "Notes", 1),)
    assert read_file(file, ASSURE + 'sheet = "July"\n').sources.column("sheet").to_pylist() == ["July"]
    with pytest.raises(IntakeError, match="no sheet `May`"):
        read_file(file, ASSURE + 'sheet = "May"\n')


def test_a_file_with_a_sheet_that_is_not_read_does_not_claim_to_be_complete(tmp_path):
    claim = 'complete = { from = 2026-06-01, to = 2026-06-30, of = "orders" }\n'
    rest = [row("FN0002"), row("FN0003")]
    file = workbook(tmp_path, ("p1", [HEADER.split(","), row("FN0001")]), ("p2", rest), ("empty", [[], [" "]]))

    whole, named = read_file(file, ASSURE + claim), read_file(file, ASSURE + claim + 'sheet = "p1"\n')

    assert whole.unread == named.unread == (UnreadSheet("orders.xlsx", "p2", 2),)
    assert whole.sources.column("complete_of").to_pylist() == [None]
    assert named.sources.column("complete_of").to_pylist() == ["orders"]
