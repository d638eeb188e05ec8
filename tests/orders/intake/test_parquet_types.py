"""Columns of Parquet files in the types that data tools write: the same values as a column of text, and never an empty cell for a value."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.support.intake import HEADER, messages, read_file, reasons, used

NAMES = HEADER.split(",")
POSTED, CANCELLED = datetime(2026, 6, 4, 9, 0), datetime(2026, 6, 4, 11, 0)  # noqa: DTZ001 (a time without a zone)
COLUMNS = {
    "Channel Order ID": pa.array(["FN0001", "FN0002"]),
    "Order Qty": pa.array([2, 2], pa.int32()),
    "Cancelled Qty": pa.array([2, 2], pa.int32()),
    "Cancelled By": pa.array(["SELLER", "SELLER"]),
    "OMS Status": pa.array(["FULFILLABLE", "FULFILLABLE"]),
    "Posted At": pa.array([POSTED, POSTED], pa.timestamp("ms")),
    "E-Invoice No": pa.array(["INV-1", None]),
    "E-Invoice At": pa.array([POSTED, None], pa.timestamp("ms")),
    "Cancelled At": pa.array([CANCELLED, CANCELLED], pa.timestamp("ms")),
    "Result": pa.array(["SUCCESS", "SUCCESS"]),
}


def read_columns(folder, changed, more=()):
    columns = COLUMNS | changed
    table = pa.table([*columns.values(), *(values for _, values in more)], names=[*columns, *(name for name, _ in more)])
    parquet.write_table(table, folder / "orders.parquet")
    return read_file(folder / "orders.parquet")


def times(kind, zone_hours=0.0):
    moments = [moment + timedelta(microseconds=123_456) - timedelta(hours=zone_hours) for moment in (CANCELLED, CANCELLED)]
    return pa.array([moment.replace(tzinfo=UTC) for moment in moments] if zone_hours else moments, kind)


@pytest.mark.parametrize(
    "column",
    [
        times(pa.timestamp("us")),
        times(pa.timestamp("ns")),
        times(pa.timestamp("ns", "Asia/Kolkata"), 5.5),
        times(pa.timestamp("us")).dictionary_encode(),
    ],
    ids=["microseconds", "nanoseconds", "zone", "dictionary"],
)
def test_a_time_may_be_finer_than_a_millisecond(tmp_path, column):
    """A data tool writes them so; it was called damaged."""
    requests = read_columns(tmp_path, {"Cancelled At": column}).requests

    assert requests.column("cancelled_start").to_pylist() == [1780551000000] * 2


@pytest.mark.parametrize(
    "column",
    [
        pa.array([Decimal("2.00"), Decimal("2.00")]),
        pa.array(["2", "2"], pa.large_string()),
        pa.array(["2", "2"], pa.string_view()),
        pa.array([2.0, 2.0], pa.float32()),
        pa.array([b"2", b"2"], pa.binary()),
        pa.array(["2", "2"]).dictionary_encode(),
    ],
    ids=lambda column: str(column.type),
)
def test_units_of_any_type_are_the_same(tmp_path, column):
    assert read_columns(tmp_path, {"Order Qty": column}).requests.column("units").to_pylist() == [2, 2]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("E-Invoice No", pa.array([{"number": "INV-1"}, None])),
        ("E-Invoice No", pa.array([["INV-1"], None])),
        ("E-Invoice No", pa.array([b"\xffINV-1", None], pa.binary())),
        ("Result", pa.array([["SUCCESS"], None])),
        ("Channel Order ID", pa.array([{"id": "Asha Verma"}, {"id": "FN0002"}])),
    ],
    ids=["structure", "list", "bytes", "words", "orders"],
)
def test_a_value_that_is_no_text_is_reported_and_not_taken_for_an_empty_cell(tmp_path, name, column):
    intake = read_columns(tmp_path, {name: column})

    assert 1 in reasons(intake)
    assert "Asha" not in str(messages(intake))


def test_columns_of_one_name_are_no_internal_error(tmp_path):
    note = ("Note", pa.array(["a", "b"]))

    assert used(read_columns(tmp_path, {}, more=[note, note])) == ["FN0001", "FN0002"]


@pytest.mark.parametrize(
    ("column", "paise"),
    [(pa.array([1399.9999999999998]), 140_000), (pa.array([1399.99], pa.float32()), 139_999), (pa.array([Decimal("1399.9900")]), 139_999)],
)
def test_an_amount_is_what_was_written(tmp_path, column, paise):
    names = ["Date", "Voucher Type", "Voucher No.", "Value"]
    parquet.write_table(pa.table([["4-Jun-26"], ["Sales"], ["INV-1"], column], names=names), tmp_path / "daybook.parquet")

    assert read_file(tmp_path / "daybook.parquet", 'profile = "tally-daybook"\n').documents.column("value_paise").to_pylist() == [paise]


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_stored_date_of_another_time_says_so(tmp_path, year):
    """The epoch, and 2099 for never, are what programs write for an empty date."""
    times = pa.array([CANCELLED, CANCELLED.replace(year=year)], pa.timestamp("us"))
    intake = read_columns(tmp_path, {"Cancelled At": times})

    assert reasons(intake) == {2: [("ROW-08", "I")]}
    assert [message for message in messages(intake) if f"is in the year {year}; expected 2017 to" in message]
