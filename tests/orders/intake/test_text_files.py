"""Text files: encodings, delimiters, headers, quotes, rows with other numbers of cells, and the numbers of rows."""

import random

import pytest

from orders.intake.errors import IntakeError
from orders.intake.files import csv_files, encodings, folders
from orders.intake.files.quoting import Structure, structure_of
from tests.support.intake import ASSURE, DAY_BOOK, HEADER, NOTE, ROW, TALLY, lines, messages, orders, read, reasons, states, used

PLAIN = lines(*orders(3))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_with_a_mark_or_declared_are_read_alike(tmp_path, encoding):
    keys = ASSURE + ('encoding = "utf-16-le"\n' if encoding == "utf-16-le" else "")

    assert used(read(tmp_path, PLAIN.encode(encoding), keys)) == ["FN0001", "FN0002", "FN0003"]


def test_a_declared_code_page_is_read(tmp_path):
    content = lines(*orders(1), header=HEADER + ",Description").replace("SUCCESS", "SUCCESS,Kurta \u2013 café")

    assert used(read(tmp_path, content.encode("cp1252"), ASSURE + 'encoding = "cp1252"\n')) == ["FN0001"]


@pytest.mark.parametrize(
    ("content", "keys", "words"),
    [
        (PLAIN.replace("SUCCESS", "caf\u00e9").encode("cp1252"), "", 'set encoding = "cp1252"'),
        ((PLAIN * 40_000).encode() + b"\xff\n", "", "not UTF-8 \\(byte"),
        (PLAIN.encode("utf-16-le"), "", "utf-16-le"),
        (PLAIN.encode("utf-8-sig"), 'encoding = "cp1252"\n', "byte order mark"),
        (PLAIN.encode(), 'encoding = "cp9999"\n', "unknown"),
        (b"\x81" + PLAIN.encode(), 'encoding = "cp1252"\n', "not cp1252"),
        (b"\x1f\x8b" + PLAIN.encode(), "", "gzip"),
        (b"", "", "empty"),
        (b"a,b,c\n1,2,3\n", "", "no header"),
    ],
)
def test_what_cannot_be_read_is_one_error_with_its_remedy(tmp_path, content, keys, words):
    with pytest.raises(IntakeError, match=words):
        read(tmp_path, content, ASSURE + keys)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(encodings, "LARGEST", 100)

    with pytest.raises(IntakeError, match="more than 2 GiB"):
        read(tmp_path, PLAIN)


def test_more_than_512_columns_are_refused(tmp_path):
    with pytest.raises(IntakeError, match="513 columns"):
        read(tmp_path, lines(header=HEADER + "".join(f",extra {number}" for number in range(501))))


def test_a_header_without_rows_is_an_empty_source(tmp_path):
    intake = read(tmp_path, lines())

    assert states(intake) == {1: "header"}
    assert intake.sources.column("rows").to_pylist() == [1]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_that_of_the_header(tmp_path, delimiter):
    assert used(read(tmp_path, PLAIN.replace(",", delimiter))) == ["FN0001", "FN0002", "FN0003"]


def test_a_declared_delimiter_is_taken(tmp_path):
    assert used(read(tmp_path, PLAIN.replace(",", "\t"), ASSURE + 'delimiter = "tab"\n')) == ["FN0001", "FN0002", "FN0003"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_is_read_and_the_last_may_be_missing(tmp_path, end, last):
    content = PLAIN.replace("\r\n", end)

    assert used(read(tmp_path, content if last else content.removesuffix(end))) == ["FN0001", "FN0002", "FN0003"]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_the_lines_of_a_text_are_counted_across_the_ends_of_its_blocks(size):
    text = b'a\r\nb\rc\n\r\r\n"d",e\r'
    blocks = [text[place : place + size] for place in range(0, len(text), size)]

    assert structure_of(blocks, b",") == Structure(is_plain=True, lines=6)


def test_title_rows_blank_rows_and_repeated_headers_are_counted(tmp_path):
    rows = ["Report,of June", "", HEADER, orders(1)[0], "", " , ,,,,,,,,,,", HEADER.upper(), orders(1, 2)[0], "", ""]

    intake = read(tmp_path, "\n".join(rows) + "\n")

    assert states(intake) == dict.fromkeys((1, 2, 5, 6, 9, 10), "blank") | {3: "header", 7: "header again"}
    assert intake.sources.select(["rows", "used", "blank", "header", "header_again"]).to_pylist() == [
        {"rows": 10, "used": 2, "blank": 6, "header": 1, "header_again": 1}
    ]


def test_a_header_in_row_31_is_not_searched(tmp_path):
    with pytest.raises(IntakeError, match="no header"):
        read(tmp_path, "\n" * 30 + PLAIN)
    assert used(read(tmp_path, "\n" * 29 + PLAIN)) == ["FN0001", "FN0002", "FN0003"]


def test_a_header_of_two_rows_is_joined(tmp_path):
    upper = "Order,,,Request,State,,Times,E-Invoice,,,Cancellation,"
    lower = "Id,Qty,Cancelled,By,OMS Status,WMS Status,Posted,No,At,Pushed,At,Result"
    keys = ASSURE + (
        '[source.columns]\norder = "Order | Id"\nunits = "Order | Qty"\nunits_cancelled = "Order | Cancelled"\n'
        'cancelled = "Cancellation | At"\ninvoiced = "E-Invoice | At"\n'
    )

    intake = read(tmp_path, "\n".join([upper, lower, *orders(2), ""]), keys)

    assert states(intake) == {1: "header", 2: "header"}
    assert intake.requests.column("units").to_pylist() == [2, 2]


def test_a_name_below_a_group_is_found_without_the_group(tmp_path):
    upper = "Channel Order ID,Order Qty,Cancelled Qty,Cancelled By,Status,,Times,,,,,"
    lower = ",,,,OMS Status,WMS Status,Posted At,E-Invoice No,E-Invoice At,Pushed At,Cancelled At,Result"
    intake = read(tmp_path, "\n".join([upper, lower, *orders(2), ""]))

    assert states(intake) == {1: "header", 2: "header"}
    assert used(intake) == ["FN0001", "FN0002"]
    with pytest.raises(IntakeError, match="its header has `OMS Status` twice, in columns E and F"):
        read(tmp_path, "\n".join([upper, lower.replace("WMS", "OMS"), *orders(2), ""]))


def test_a_header_with_spaces_and_other_capitals_is_found(tmp_path):
    assert used(read(tmp_path, lines(*orders(1), header=HEADER.upper().replace(",", " ,\u00a0")))) == ["FN0001"]


def test_a_header_with_a_name_twice_needs_a_letter(tmp_path):
    content = lines(*[f"{row},X" for row in orders(1)], header=HEADER + ",Order Qty")

    with pytest.raises(IntakeError, match="twice, in columns B and M"):
        read(tmp_path, content)
    assert used(read(tmp_path, content, ASSURE + '[source.columns]\nunits = { letter = "B" }\n')) == ["FN0001"]


def test_a_row_with_too_few_or_too_many_cells_is_set_aside_with_its_order(tmp_path):
    """Pyarrow hands such rows out; other readers drop cells, or read the whole file as one column."""
    rows = orders(4)
    rows[1] = rows[1].rsplit(",", 1)[0]
    rows[2] += ",more"

    intake = read(tmp_path, lines(*rows))

    assert used(intake) == ["FN0001", "FN0004"]
    assert reasons(intake) == {3: [("ROW-13", None)], 4: [("ROW-13", None)]}
    assert messages(intake) == ["the row has 11 cells, the header has 12", "the row has 13 cells, the header has 12"]
    assert [row["order_key"] for row in intake.rows.to_pylist() if row["reasons"]] == ["FN0002", "FN0003"]


def test_a_total_row_with_too_few_cells_is_a_total(tmp_path):
    intake = read(tmp_path, lines(*orders(3), "Grand Total,6"))

    assert states(intake) == {1: "header", 5: "total"}
    assert [(total["said"], total["used"]) for total in intake.sources.column("totals").to_pylist()[0]] == [(6, 6)]


def test_an_unclosed_quote_costs_its_row_and_no_other(tmp_path):
    """Pyarrow and others swallow the next order and say nothing."""
    rows = orders(6)
    rows[2] = rows[2].replace("SELLER", '"SELLER')

    intake = read(tmp_path, lines(*rows))

    assert reasons(intake) == {4: [("ROW-14", "D")]}
    assert used(intake) == ["FN0001", "FN0002", "FN0004", "FN0005", "FN0006"]
    assert next(row["order_key"] for row in intake.rows.to_pylist() if row["reasons"]) == "FN0003"


def test_a_quote_that_swallows_a_whole_row_up_to_another_quote_is_two_faults(tmp_path):
    rows = orders(5)
    rows[1], rows[2] = rows[1].replace("SELLER", '"SELLER'), rows[2].replace("SELLER", 'SELLER"')

    intake = read(tmp_path, lines(*rows))

    assert used(intake) == ["FN0001", "FN0004", "FN0005"]
    assert reasons(intake) == {3: [("ROW-14", "D")], 4: [("ROW-04", "D")]}


def test_an_unclosed_quote_among_quoted_cells_costs_its_row_only(tmp_path):
    notes = [NOTE.format("6-Jul-26", number) for number in range(1, 6)]
    notes[2] = notes[2].replace("Credit Note", '"Credit Note')

    intake = read(tmp_path, lines(*notes, header=DAY_BOOK), TALLY)

    assert [row for row, row_reasons in reasons(intake).items() if row_reasons[0][0] == "ROW-14"] == [4]
    assert intake.documents.column("number_key").to_pylist() == ["CN-001", "CN-002", "CN-004", "CN-005"]


def test_a_cell_with_line_ends_is_one_row(tmp_path):
    """A row that spans lines counts as one, as a spreadsheet counts it."""
    header = HEADER + ",Description"
    rows = [f"{row},plain" for row in orders(4)]
    rows[1] = rows[1].replace("plain", '"two\r\nlines, and\nmore"')
    rows[3] = rows[3].replace("04-06-2026 11:00", "31-06-2026 11:00")

    intake = read(tmp_path, lines(*rows, header=header))

    assert reasons(intake) == {5: [("ROW-05", "K")]}
    assert used(intake) == ["FN0001", "FN0002", "FN0003"]


def test_a_quote_inside_a_cell_is_an_ordinary_character(tmp_path):
    rows = [f'{row},15" collar' for row in orders(3)]

    assert used(read(tmp_path, lines(*rows, header=HEADER + ",Description"))) == ["FN0001", "FN0002", "FN0003"]


@pytest.mark.parametrize("place", [0, 20_000])
def test_quotes_in_one_row_of_many_are_read(tmp_path, place):
    rows = [f"{row},plain" for row in orders(20_001)]
    rows[place] = rows[place].replace(",plain", ',"a, b"')

    intake = read(tmp_path, lines(*rows, header=HEADER + ",Description"))

    assert intake.requests.num_rows == len(rows)


def test_doubled_quotes_and_quoted_delimiters_are_read(tmp_path):
    rows = [f'{row},"a ""b"", c"' for row in orders(3)]

    assert used(read(tmp_path, lines(*rows, header=HEADER + ",Description"))) == ["FN0001", "FN0002", "FN0003"]


def test_an_identical_row_is_repeated_and_a_different_one_is_not(tmp_path):
    rows = [*orders(2), orders(1)[0], orders(1)[0].replace("SUCCESS", "ERROR"), orders(1)[0]]

    assert states(read(tmp_path, lines(*rows))) == {1: "header", 4: "repeated", 6: "repeated"}


def test_a_message_with_the_same_id_is_repeated(tmp_path):
    first, second = orders(2)
    rows = [f"{first},m1,sent", f"{second},m2,sent", f"{first},m1,sent again"]

    assert states(read(tmp_path, lines(*rows, header=HEADER + ",Message ID,Note"))) == {1: "header", 4: "repeated"}


def test_an_apostrophe_before_a_number_or_a_time_is_no_part_of_it(tmp_path):
    """Spreadsheet users write it, and this program does in its own CSV files."""
    row = "'FN0001,'2, '1,SELLER,FULFILLABLE,,'04-06-2026 09:00,,,,'04-06-2026 11:00,SUCCESS"

    intake = read(tmp_path, lines(row, row.replace("FN0001", "FN0002").replace("'2", "''2")))

    assert (used(intake), reasons(intake)) == (["FN0001"], {3: [("ROW-10", "B")]})
    assert intake.requests.select(["units", "units_cancelled", "cancelled_start"]).to_pylist() == [
        {"units": 2, "units_cancelled": 1, "cancelled_start": 1780551000000}
    ]


def test_one_column_for_the_units_ordered_and_cancelled_is_refused(tmp_path):
    """Every cancellation would be of the whole order."""
    keys = ASSURE + 'columns = { units_cancelled = "Order Qty" }\n'

    with pytest.raises(IntakeError, match="both name the column `Order Qty`"):
        read(tmp_path, lines(*orders(1)), keys)


def test_two_messages_with_one_id_and_different_contents_are_two(tmp_path):
    """The second was dropped, whatever it said and of whatever order."""
    rows = [f"{row},{number}" for row, number in zip(orders(3), ("m1", "m2", "m1"), strict=True)]

    assert used(read(tmp_path, lines(*rows, header=HEADER + ",Message ID"))) == ["FN0001", "FN0002", "FN0003"]


def test_an_empty_cell_more_in_a_row_names_the_delimiter_at_its_end(tmp_path):
    intake = read(tmp_path, lines(f"{orders(1)[0]},", f"{orders(1)[0]},a note"))

    remedies = [reason["remedy"] for row in intake.rows.to_pylist() for reason in row["reasons"] or ()]
    assert remedies[0].startswith("put a cell with the delimiter in it into quotes; if there is none, remove the delimiter at the end")
    assert remedies[1].startswith("put a cell with the delimiter in it into quotes")


def test_twenty_equal_bad_rows_are_twenty(tmp_path):
    intake = read(tmp_path, lines(*[ROW.format("FN1").replace("SELLER", "SELER")] * 20))

    assert len(reasons(intake)) == 20
    assert set(messages(intake)) == {'"SELER" is an unknown word; did you mean `SELLER`?'}


def test_all_errors_of_a_row_are_reported(tmp_path):
    bad = "FN0001,0,two,SELER,FULFILABLE,,04-06-26,INV 1,45810,04-06-2016 10:00,31-06-2026 11:00,OK"

    intake = read(tmp_path, lines(bad))

    assert sorted(reasons(intake)[2], key=lambda reason: str(reason[1])) == [
        ("ROW-10", "B"), ("ROW-10", "C"), ("ROW-04", "D"), ("ROW-04", "E"), ("ROW-05", "G"), ("ROW-16", "H"), ("ROW-06", "I"),
        ("ROW-08", "J"), ("ROW-05", "K"), ("ROW-04", "L"),
    ]  # fmt: skip


def test_a_bad_row_at_the_end_of_many_has_its_number(tmp_path):
    """Beyond the first block that is read."""
    rows = orders(60_000)
    rows[49_998], rows[50_001], rows[59_999] = rows[49_998] + ",x", "", rows[59_999].replace("04-06-2026 11:00", "soon")

    intake = read(tmp_path, lines(*rows))

    assert reasons(intake) == {50_000: [("ROW-13", None)], 60_001: [("ROW-05", "K")]}
    assert states(intake) == {1: "header", 50_000: "set aside", 50_003: "blank", 60_001: "set aside"}
    assert len(used(intake)) == 59_997


def test_empty_words_are_empty_only_where_they_are_declared(tmp_path):
    row = ROW.format("FN1").replace(",,,,", ",NA,-,nan,")

    assert reasons(read(tmp_path, lines(row), ASSURE + 'empty = ["NA", "-", "nan"]\n')) == {}
    assert [row_reasons[0] for row_reasons in reasons(read(tmp_path, lines(row)))[2]] == ["ROW-23", "ROW-23", "ROW-23"]


def test_the_order_of_rows_changes_nothing_but_their_numbers(tmp_path):
    rows = orders(30)
    rows[3] = rows[3].replace("04-06-2026 11:00", "31-06-2026 11:00")
    rows[7] = rows[7] + ",x"
    rows[9] = rows[9].replace("SELLER", '"SELLER')
    rows += [rows[0], ""]
    shuffled = random.Random(5).sample(rows, len(rows))  # noqa: S311 (an order of rows)

    first, second = (read(tmp_path, lines(*part)) for part in (rows, shuffled))

    for table in ("requests", "sources"):
        kept = [name for name in getattr(first, table).column_names if name not in ("row", "sha256")]
        parts = [sorted(map(str, getattr(intake, table).select(kept).to_pylist())) for intake in (first, second)]
        assert parts[0] == parts[1]
    assert sorted(messages(first)) == sorted(messages(second))


def test_the_same_file_gives_the_same_tables(tmp_path):
    rows = [*orders(3), "x", *orders(2, 9)]

    first, second = (read(tmp_path, lines(*rows)) for _ in range(2))

    assert (first.rows, first.requests, first.sources) == (second.rows, second.requests, second.sources)


def test_a_total_is_compared_with_the_rows_before_it(tmp_path):
    intake = read(tmp_path, lines(*orders(2), "Total,4,,,,,,,,,,", *orders(2, 3), "Sub Total,4,,,,,,,,,,", "Grand Total,9,8,,,,,,,,,"))

    totals = intake.sources.column("totals").to_pylist()[0]
    assert [(total["row"], total["letter"], total["said"], total["used"]) for total in totals] == [
        (4, "B", 4, 4),
        (8, "B", 9, 8),
        (8, "C", 8, 8),
    ]


@pytest.mark.parametrize("words", ["Sub Total", "Carried Over", "Brought Forward", "Opening Balance"])
def test_a_total_of_a_part_whose_word_is_in_a_personal_column_is_not_compared(tmp_path, words):
    header = "Date,Particulars,Voucher Type,Voucher No.,Order No,Value"
    rows = ("4-Jun-26,Ajio,Sales,INV-1,A1,7.00", f",{words},,,,3.00", "4-Jun-26,Ajio,Sales,INV-2,A2,7.00", ",Grand Total,,,,15.00")

    intake = read(tmp_path, lines(*rows, header=header), 'profile = "tally-daybook"\n')

    assert states(intake) == {1: "header", 3: "total", 5: "total"}
    assert [(total["row"], total["said"], total["used"]) for total in intake.sources["totals"].to_pylist()[0]] == [(5, 1500, 1400)]


def test_a_row_with_one_name_of_the_header_is_no_header(tmp_path):
    assert states(read(tmp_path, lines(ROW.format("E-Invoice No")))) == {1: "header"}


def test_a_file_read_ahead_in_a_thread_has_the_same_rows_and_the_same_digest(tmp_path, monkeypatch):
    content = lines(*(order for start in range(0, 4_000, 1_000) for order in orders(1_000, start)))
    whole = read(tmp_path, content)
    monkeypatch.setattr(csv_files, "MOST_ROW_BYTES", 5_000)  # of many blocks
    monkeypatch.setattr(csv_files, "_FEW_LINES", 0)
    monkeypatch.setattr(folders, "_SMALL", 0)

    ahead = read(tmp_path, content)

    assert [ahead.rows, ahead.requests, ahead.sources] == [whole.rows, whole.requests, whole.sources]


def test_what_a_thread_cannot_read_is_the_error_of_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "MOST_ROW_BYTES", 500)
    monkeypatch.setattr(csv_files, "_FEW_LINES", 0)

    with pytest.raises(IntakeError, match="a row has more than 500 bytes"):
        read(tmp_path, lines(*orders(100), orders(1)[0] + "x" * 2_000))
