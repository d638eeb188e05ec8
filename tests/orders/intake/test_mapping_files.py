"""Mapping files and profiles: strict, with the nearest known key or word."""

from pathlib import Path

import pytest

from orders.audit.tables import System
from orders.intake.errors import IntakeError
from orders.intake.mapping.profiles import CONFIDENCES, profiles
from orders.intake.mapping.reading import from_profile, read_mapping
from orders.intake.reading import read_sources
from tests.support.intake import ASSURE, AUDIT, HEADER, lines, messages, orders, read, reasons, used

PLAIN = lines(*orders(2))
SHIPPED = {
    "assure-cancellations", "increff-outward-sku", "increff-postings", "ajio-order-report", "ajio-returns", "vms-cancelled-after-posting", "rsi",
    "uniware-sale-orders", "gstr1-cdnr", "gst-e-invoices", "inv01-json", "tally-daybook", "event-log",
}  # fmt: skip


def test_every_profile_has_a_source_a_confidence_and_a_mapping():
    assert set(profiles()) == SHIPPED
    for profile in profiles().values():
        mapping = from_profile(Path("x.csv"), profile)
        assert profile.title
        assert profile.source
        assert profile.confidence in CONFIDENCES
        assert mapping.system in System
        assert set(mapping.required) <= set(mapping.columns)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (AUDIT, r"no \[\[source\]\]"),
        (AUDIT + "[[source]]\n", "`file` is missing"),
        (AUDIT + '[[source]]\nfile = "a.csv"\n', "`system` is missing"),
        (AUDIT + '[[source]]\nfile = "a.csv"\nprofile = "tally-daybok"\n', "did you mean `tally-daybook`"),
        (AUDIT + '[[source]]\nfile = "a.csv"\nprofil = "rsi"\n', "did you mean `profile`"),
        ('[audit]\ninvoicin = "ERP"\n', "did you mean `invoicing`"),
        ("[audt]\n", "did you mean `audit`"),
        (AUDIT + '[[source]]\nfile = "a.csv"\nsystem = "Assure"\n', "did you mean `Assure OMS`"),
        (AUDIT + f'[[source]]\nfile = "a.csv"\n{ASSURE}[source.columns]\nordr = "A"\n', "did you mean `order`"),
        (AUDIT + f'[[source]]\nfile = "a.csv"\n{ASSURE}[source.columns]\ncanceller = {{ column = "A", words = {{ X = "sellr" }} }}\n', "did you mean `seller`"),
        (AUDIT + f'[[source]]\nfile = "a.csv"\n{ASSURE}dates = {{ format = "dd-mm-yyyy XX" }}\n', "unknown part `X`"),
        (AUDIT + f'[[source]]\nfile = "a.csv"\n{ASSURE}dates = {{ format = ["dd-mm-yyyy", "mm-dd-yyyy"] }}\n', "different days"),
        (AUDIT + f'[[source]]\nfile = "a.csv"\n{ASSURE}dates = {{ zone = "Mars" }}\n', "unknown zone"),
        (AUDIT + f'[[source]]\nfile = "a.csv"\n{ASSURE}numbers = "1.000,00"\n', "unknown word"),
        (AUDIT + f'[[source]]\nfile = "a.csv"\n{ASSURE}complete = {{ from = 2026-06-30, to = 2026-06-01, of = "orders" }}\n', "not before"),
        (AUDIT + f'[[source]]\nfile = "a.csv"\n{ASSURE}complete = {{ from = 0026-06-01, to = 2026-06-30, of = "orders" }}\n', "year outside 2017"),
        (AUDIT + f'[[source]]\nfile = "a.csv"\n{ASSURE}header = "2"\n', "must be a whole number"),
        (AUDIT.replace("2026-07-15", '"2026-07-15"') + f'[[source]]\nfile = "a.csv"\n{ASSURE}', "must be a date"),
        ("x = [", "TOML"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping_is_one_line_with_the_nearest_word(tmp_path, text, words):
    file = tmp_path / "audit.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(IntakeError, match=words) as caught:
        read_mapping(file)

    assert "\n" not in str(caught.value)
    assert "audit.toml" in str(caught.value)


def test_a_column_that_the_mapping_names_must_be_there(tmp_path):
    with pytest.raises(IntakeError, match="no column `Order Quantty` for `units`; did you mean `Order Qty`"):
        read(tmp_path, PLAIN, ASSURE + '[source.columns]\nunits = "Order Quantty"\n')


def test_a_file_of_documents_needs_the_column_that_says_what_each_of_them_is(tmp_path):
    keys = 'profile = "gst-e-invoices"\n'
    with pytest.raises(IntakeError, match=r"no column .*Note Type"):
        read(tmp_path, "Invoice number,Invoice date,Invoice value,E-invoice status\nINV-1,04-06-2026,100.00,Valid\n", keys)


def test_what_is_not_read_of_a_file_is_listed(tmp_path):
    header = HEADER.replace("WMS Status", "Warehouse").replace("Result", "Outcome")
    row = "FN0001,2,2,SELLER,FULFILLABLE,PACKED,04-06-2026 09:00,,,,04-06-2026 11:00,SUCCESS"

    (columns,) = read(tmp_path, lines(row, header=header)).columns

    assert ("Order Qty", "units") in columns.read
    assert columns.not_read == (("F", "Warehouse"), ("L", "Outcome"))
    assert columns.missing == ("location", "wms_status", "result")
    assert columns.empty == ("invoice", "invoiced", "pushed")


def test_a_mapping_of_cancellations_without_a_result_misses_it(tmp_path):
    columns = 'system = "Assure OMS"\nrows = "cancellations"\n[source.columns]\norder = "Order"\nunits = { value = 1 }\n'

    assert read(tmp_path, "Order,Result\nFN0001,SUCCESS\n", columns).columns[0].missing == ("result",)


def test_a_file_without_an_order_column_is_refused(tmp_path):
    with pytest.raises(IntakeError, match="for `order`"):
        read(tmp_path, PLAIN.replace("Channel Order ID", "Remark"))


def test_a_personal_column_cannot_be_mapped(tmp_path):
    with pytest.raises(IntakeError, match="is personal"):
        read(tmp_path, PLAIN.replace("Cancelled By", "Customer Name"), ASSURE + '[source.columns]\nlocation = "Customer Name"\n')


def test_a_channel_can_be_read_from_a_personal_column_and_nothing_else_is_kept_of_it(tmp_path):
    content = "Date,Particulars,Voucher Type,Voucher No.,Order No,Value\n4-Jun-26,AJIO b2b,Sales,INV-1,A1,7.00\n4-Jun-26,Zubeida,Sales,INV-2,A2,7.00\n"
    keys = 'profile = "tally-daybook"\n[source.columns]\nchannel = { column = "Particulars", words = { "Ajio B2B" = "Ajio" } }\n'

    intake = read(tmp_path, content, keys)

    assert intake.documents.select(["number_key", "of_ajio"]).to_pylist() == [{"number_key": "INV-1", "of_ajio": True}]
    assert reasons(intake) == {3: [("ROW-04", "B")]}
    assert "Zubeida" not in str(intake.rows.to_pylist())


def test_columns_can_be_dropped_and_words_added(tmp_path):
    keys = ASSURE + '[source.columns]\nwms_status = false\ncanceller = { words = { VENDOR = "seller" } }\n'
    content = lines(*orders(1), orders(1, 2)[0].replace("SELLER", "Vendor"))

    intake = read(tmp_path, content, keys)

    assert intake.requests.column("canceller").to_pylist() == [1, 1]
    assert used(intake) == ["FN0001", "FN0002"]


def test_a_mapping_without_a_profile_needs_the_form_of_dates_and_its_zone(tmp_path):
    columns = '[source.columns]\norder = "Channel Order ID"\nunits = "Order Qty"\ncancelled = "Cancelled At"\n'

    with pytest.raises(IntakeError, match="no form of dates"):
        read(tmp_path, PLAIN, f'system = "Assure OMS"\n{columns}')
    with pytest.raises(IntakeError, match="have no zone"):
        read(tmp_path, PLAIN, f'system = "Assure OMS"\ndates = {{ format = "dd-mm-yyyy HH:MM" }}\n{columns}')
    keys = f'system = "Assure OMS"\ndates = {{ format = "dd-mm-yyyy HH:MM", zone = "+05:30" }}\n{columns}'
    assert read(tmp_path, PLAIN, keys).requests.column("cancelled_start").to_pylist() == [1780551000000] * 2


def test_invoicing_can_be_a_column(tmp_path):
    content = lines(*[f"{row},{model}" for row, model in zip(orders(3), ("1", "2", ""), strict=True)], header=HEADER + ",Model")
    keys = ASSURE + '[source.columns]\ninvoicing = { column = "Model", words = { "1" = "ERP", "2" = "RMS" } }\n'

    assert read(tmp_path, content, keys).requests.column("invoicing").to_pylist() == [1, 2, 3]


def test_invoicing_of_all_files_can_be_a_column(tmp_path):
    text = lines(*(f"{row},{model}" for row, model in zip(orders(3), ("1", "2", ""), strict=True)), header=f"{HEADER},Model")
    audit = '[audit]\ninvoicing = { column = "Model", words = { "1" = "ERP", "2" = "RMS" } }\n'

    intake = read(tmp_path, text, audit=audit)

    assert intake.requests.column("invoicing").to_pylist() == [1, 2, 3]
    assert (
        read(tmp_path, text, ASSURE + '[source.columns]\ninvoicing = "RMS"\n', audit=audit).requests.column("invoicing").to_pylist()
        == [2] * 3
    )
    with pytest.raises(IntakeError, match=r"no file has the column `Model` that `invoicing` names"):
        read(tmp_path, PLAIN, audit=audit)
    with pytest.raises(IntakeError, match="has a letter, which is another column in each file"):
        read(tmp_path, text, audit=audit.replace('column = "Model"', 'letter = "M"'))


def test_two_sources_of_the_same_rows_or_of_one_name_are_refused(tmp_path):
    def source(file, more=""):
        return f'[[source]]\nfile = "{file}"\n{ASSURE}{more}'

    for first, second, words in (
        (source("orders.csv"), source("orders.csv"), "source 1 reads the same file; remove it, or name another `sheet` in each"),
        (source("orders.csv"), source("./orders.csv"), "source 1 reads the same file"),
        (source("x.xlsx"), source("x.xlsx", 'sheet = "a"\n'), "source 1 reads the same file"),
        (source("june/x.csv"), source("july/x.csv"), "source 1 has another file of the same name; rename one"),
    ):
        (tmp_path / "audit.toml").write_text(first + second, encoding="utf-8")
        with pytest.raises(IntakeError, match=f"audit.toml, source 2: {words}"):
            read_mapping(tmp_path / "audit.toml")
    (tmp_path / "audit.toml").write_text(source("x.xlsx", 'sheet = "a"\n') + source("x.xlsx", 'sheet = "b"\n'), encoding="utf-8")
    assert [mapping.sheet for mapping in read_mapping(tmp_path / "audit.toml").sources] == ["a", "b"]


def test_a_copy_of_a_file_is_refused_unless_it_has_no_rows(tmp_path):
    (tmp_path / "audit.toml").write_text("".join(f'[[source]]\nfile = "{name}.csv"\n{ASSURE}' for name in "ab"), encoding="utf-8")
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(PLAIN, encoding="utf-8")
    with pytest.raises(IntakeError, match=r"b.csv: it is a copy of a.csv, byte for byte; leave one of them out"):
        read_sources(read_mapping(tmp_path / "audit.toml"))
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(lines(), encoding="utf-8")
    assert read_sources(read_mapping(tmp_path / "audit.toml")).sources.num_rows == 2


def test_a_row_for_the_header_must_be_one_of_the_first(tmp_path):
    for row, words in ((99, "it has no row 99 among its first 30"), (2, "none of its first 30 rows has 1 known")):
        with pytest.raises(IntakeError, match=words):
            read(tmp_path, PLAIN, f"{ASSURE}header = {row}\n")


def test_a_status_of_processing_without_a_wms_status_may_be_packed(tmp_path):
    """The status in Assure OMS stays PROCESSING until the order is dispatched."""
    content = lines(orders(1)[0].replace("FULFILLABLE", "PROCESSING"))

    assert read(tmp_path, content).requests.column("stage").to_pylist() == [1 << 3]
    without = read(tmp_path, content, ASSURE + "[source.columns]\nwms_status = false\n")
    assert without.requests.column("stage").to_pylist() == [1 << 3 | 1 << 4 | 1 << 5]


def test_the_stage_of_a_report_of_orders_is_todays_and_not_taken(tmp_path):
    intake = read(tmp_path, PLAIN, ASSURE + 'rows = "orders"\n')

    assert "stage" not in intake.requests.column_names
    assert "stage" not in intake.sources.column("has").to_pylist()[0]


def test_no_message_has_two_lines_or_a_traceback(tmp_path):
    rows = [row.replace("SELLER", "SEL\x1bLER\u202e") for row in orders(1)]

    assert all("\n" not in message for message in messages(read(tmp_path, lines(*rows))))
