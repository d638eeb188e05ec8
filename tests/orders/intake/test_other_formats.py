"""Spreadsheets, Parquet, messages and event logs as sources."""

import json
import zipfile
from datetime import UTC, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from orders.intake.errors import IntakeError
from orders.intake.event_logs import is_event_log
from orders.intake.unread import UnreadSheet
from tests.support.intake import ASSURE, HEADER, TALLY, messages, read, read_file, reasons, states, used

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
    assert states(intake) == {1: "blank", 2: "blank", 3: "header again", 6: "total"}
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


def test_a_date_without_a_time_of_day_is_the_whole_day(tmp_path):
    file = workbook(tmp_path, ("June", [HEADER.split(","), row("FN0001", datetime(2026, 6, 4)), row("FN0002")]))  # noqa: DTZ001

    found = read_file(file).requests

    assert [
        end - start for start, end in zip(*(found.column(f"cancelled_{name}").to_pylist() for name in ("start", "end")), strict=True)
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


@pytest.mark.parametrize("name", ["orders.xlsx", "orders.xls", "orders.ods"])
def test_a_damaged_spreadsheet_is_one_error(tmp_path, name):
    with pytest.raises(IntakeError, match="cannot be read as a spreadsheet"):
        read(tmp_path, b"no spreadsheet", name=name)


@pytest.mark.slow
@pytest.mark.parametrize(("entry", "remedy"), [("xl/workbook.xml", "ending .xlsx"), ("content.xml", "ending .ods"), ("a.csv", "unpack it")])
def test_a_spreadsheet_with_the_ending_of_text_is_told_from_an_archive(tmp_path, entry, remedy):
    with zipfile.ZipFile(tmp_path / "orders.csv", "w") as archive:
        archive.writestr(entry, "x")

    with pytest.raises(IntakeError, match=remedy):
        read_file(tmp_path / "orders.csv")


def test_a_full_sheet_was_cut_off(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(HEADER + "\n" + "".join(f"FN{number},1,1,SELLER,FULFILLABLE,,,,,,,\n" for number in range(1_048_575)))

    with pytest.raises(IntakeError, match="exactly 1,048,576 rows"):
        read_file(file)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("folder", "has no parts of an export"),
        ("missing.csv", "cannot be read"),
        ("orders.zip", "archive"),
        ("orders.parquet", "Parquet"),
        ("orders.ndjson", "no message"),
    ],
)
def test_what_is_no_export_is_one_error(tmp_path, name, words):
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "orders.zip", "w"):
        pass
    for other in ("orders.parquet", "orders.ndjson"):
        (tmp_path / other).write_bytes(b"nothing of the kind")
    if name == "orders.zip":
        (tmp_path / name).write_bytes(b"PK\x05\x06" + bytes(18))

    with pytest.raises(IntakeError, match=words) as caught:
        read_file(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_parquet_is_read_with_its_types(tmp_path):
    table = pa.table(
        {
            "Channel Order ID": ["fn0001", "FN0002", None],
            "Order Qty": pa.array([2, 3, 1], pa.int32()),
            "Cancelled Qty": pa.array([2.0, 1.0, 1.0]),
            "Cancelled By": pa.array(["SELLER", "AJIO", "AJIO"]).dictionary_encode(),
            "Cancelled At": pa.array([datetime(2026, 6, 4, 5, 30, tzinfo=UTC)] * 3, pa.timestamp("us", "UTC")),
        }
    )
    pq.write_table(table, tmp_path / "orders.parquet")

    intake = read_file(tmp_path / "orders.parquet", ASSURE)

    assert intake.requests.select(["row", "order_key", "units", "units_cancelled", "canceller"]).to_pylist() == [
        {"row": 1, "order_key": "FN0001", "units": 2, "units_cancelled": 2, "canceller": 1},
        {"row": 2, "order_key": "FN0002", "units": 3, "units_cancelled": 1, "canceller": 2},
    ]
    assert intake.requests.column("cancelled_start").to_pylist() == [1780551000000] * 2
    assert reasons(intake) == {3: [("ROW-01", "A")]}


def test_messages_are_rows_with_the_quantities_of_their_items_added_up(tmp_path):
    message = {
        "eventType": "OUTWARD_ORDER", "eventTime": "2026-06-04T09:00:00Z", "messageId": 19327, "orderCode": "FN0001", "locationCode": "WH1",
        "orderItems": [{"orderedQuantity": 2, "cancelledQuantity": 1}, {"orderedQuantity": 3, "cancelledQuantity": 0}],
    }  # fmt: skip
    rows = [json.dumps(message), json.dumps(message), "not JSON", json.dumps({**message, "messageId": 2, "orderCode": "FN0002"}), ""]

    intake = read(tmp_path, "\n".join(rows) + "\n", 'profile = "increff-postings"\n', name="orders.ndjson")

    assert intake.requests.select(["row", "order_key", "location", "units", "units_cancelled"]).to_pylist() == [
        {"row": 1, "order_key": "FN0001", "location": "WH1", "units": 5, "units_cancelled": 1},
        {"row": 4, "order_key": "FN0002", "location": "WH1", "units": 5, "units_cancelled": 1},
    ]
    assert states(intake) == {2: "repeated", 3: "set aside", 5: "blank"}


def test_a_message_that_cancels_has_its_time_and_that_of_the_posting(tmp_path):
    """Three zones in the messages of one vendor; the quantity cancelled is absolute, not a step."""
    message = {"eventType": "OUTWARD_ORDER_CREATE", "eventTime": "2026-06-04T09:00:00+05:30", "orderCode": "FN1", "locationCode": "WH1"}
    cancel = {**message, "eventType": "OUTWARD_ORDER_CANCEL", "eventTime": "2026-06-04T05:30:00.000+00:00"}
    elsewhere = {**cancel, "locationCode": "WH2", "eventTime": "2026-06-04T05:30:00"}
    items = [{"orderItems": [{"orderedQuantity": 2, "cancelledQuantity": number}]} for number in (0, 2, 2)]
    rows = [json.dumps(text | item) for text, item in zip((message, cancel, elsewhere), items, strict=True)]

    intake = read(tmp_path, "\n".join(rows), 'profile = "increff-postings"\n', name="orders.ndjson")

    assert intake.requests.select(["is_cancellation", "posted_start", "cancelled_start"]).to_pylist() == [
        {"is_cancellation": False, "posted_start": 1780543800000, "cancelled_start": None},
        {"is_cancellation": True, "posted_start": 1780543800000, "cancelled_start": 1780551000000},
    ]
    assert [reason[0][0] for reason in reasons(intake).values()] == ["ROW-07"]


def test_kinds_of_documents_that_the_audit_does_not_need_are_used_and_give_no_document(tmp_path):
    header = "Date,Particulars,Voucher Type,Voucher No.,Original Invoice,Order No,Value"
    content = f"{header}\n4-Jun-26,x,Sales,INV-1,,FN1,700.00\nnever,x,Receipt,a very long number,,,abc\n4-Jun-26,x,Sale,INV-2,,FN2,1.00\n"

    intake = read(tmp_path, content, TALLY)

    assert intake.documents.column("number_key").to_pylist() == ["INV-1"]
    assert reasons(intake) == {4: [("ROW-04", "C")]}
    assert intake.sources.column("used").to_pylist() == [2]


def test_nothing_is_an_event_log_by_its_ending_alone(tmp_path):
    pq.write_table(pa.table({"order": [1]}), tmp_path / "x.parquet")
    (tmp_path / "x.csv").write_text("order,event\n1,created\n", encoding="utf-8")

    assert not is_event_log(tmp_path / "x.parquet")
    assert not is_event_log(tmp_path / "x.csv")
