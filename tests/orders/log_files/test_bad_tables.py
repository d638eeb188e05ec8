"""A table, a file name or a memory that does not suit a log is one error, with its place, a reason and a remedy."""

import csv

import pytest

from orders.log.columns import COLUMN_NAMES
from orders.log.errors import EventLogError
from orders.log.export.formats import ENDINGS, LogFormat, read_log
from tests.support.spoilt_logs import cell, file_of, spoil_csv, without


def version_1(rows):
    return [{**{name: row[name] for name in COLUMN_NAMES[:12]}, "detail": ""} for row in rows]


BAD_CSV = {
    "an unknown word": (cell(2, event="packt"), "row 3, `event`: unknown word `packt`; did you mean `packed`?"),
    "no number": (cell(0, units="two"), "row 1, `units`: must be a whole number from 0, got 'two'"),
    "a negative number": (cell(4, units="-1"), "row 5, `units`: must be a whole number from 0, got '-1'"),
    "no event": (cell(3, event=""), "row 4, `event`: must not be empty"),
    "no order": (cell(3, order=""), "row 4, `order`: must not be empty"),
    "a time without zone": (cell(1, at="2026-01-05T03:30:00.000"), "row 2, `at`: must be a time with its zone"),
    "another time": (cell(1, at="2026-01-05T03:30:00.000Z"), "row 2: `time_ms` and `at` are different times"),
    "a missing clock": (cell(6, time_ms=""), "row 7, `time_ms`: empty, though other rows have it"),
    "no time at all": (lambda rows: [row | {"time_ms": "", "at": ""} for row in rows], "row 1, `at`: must not be empty where there is no"),
    "a missing column": (without("stage"), "has no column `stage`; give the file of a log"),
    "an unknown column": (lambda rows: [row | {"reasons": ""} for row in rows], "has the unknown column `reasons`; did you mean `reason`?"),
    "version 1": (version_1, "has version 1 of the event log, which is no longer read; write it again"),
}


@pytest.mark.parametrize("what", BAD_CSV)
def test_what_is_wrong_in_a_table_is_reported_with_place_reason_and_remedy(small, tmp_path, what):
    change, expected = BAD_CSV[what]
    file = tmp_path / "log-x.csv"
    file.write_bytes(file_of(small[0], LogFormat.CSV).read_bytes())
    spoil_csv(file, change)

    with pytest.raises(EventLogError) as caught:
        read_log(file)
    assert str(caught.value).startswith(f"{file.as_posix()}: {expected}")
    assert "; " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_of_orders_of_version_1_is_refused(small, tmp_path):
    for what in ("log", "orders"):
        (tmp_path / f"{what}-x.csv").write_bytes((small[0] / f"{what}-base-0000.csv").read_bytes())
    spoil_csv(tmp_path / "orders-x.csv", without("customer_id", "credit_note_number"))

    with pytest.raises(EventLogError, match=r"orders-x\.csv: has version 1"):
        read_log(tmp_path / "log-x.csv")


BAD_ORDERS = {
    "orders-x.parquet": (b"PAR1garbage", b"PAR1garbagePAR1", b"", b"\0" * 9),
    "orders-x.csv": (b"\xff\xfe\n1,2\n", b"order,order_id\n1,\xff\n", b"order\n" + b"x" * 200_000 + b"\n", b"order\n1,2,3\n", b'"'),
}


@pytest.mark.parametrize(("name", "content"), [(name, content) for name, contents in BAD_ORDERS.items() for content in contents])
def test_a_damaged_table_of_orders_is_one_error_with_its_name(small, tmp_path, name, content):
    log = tmp_path / name.replace("orders-", "log-")
    log.write_bytes((small[0] / name.replace("orders-x", "log-base-0000")).read_bytes())
    (tmp_path / name).write_bytes(content)

    if content == b'"':  # a header without rows
        assert len(read_log(log).orders) == 0
        return
    with pytest.raises(EventLogError) as caught:
        read_log(log)
    assert str(caught.value).startswith(f"{(tmp_path / name).as_posix()}: ")
    assert "; " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_message_is_short_and_printable(small, tmp_path):
    file = tmp_path / "log-x.csv"
    file.write_bytes(file_of(small[0], LogFormat.CSV).read_bytes())
    spoil_csv(file, cell(2, event="\x1b[31m" + "x" * 10_000))

    with pytest.raises(EventLogError) as caught:
        read_log(file)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1_000


def test_a_log_that_does_not_fit_into_memory_is_refused(small, monkeypatch):
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("orders.log.export.ocel_reader.parse_json", full)
    with pytest.raises(EventLogError, match="is too large for the memory of this machine; give a part of the log"):
        read_log(file_of(small[0], LogFormat.OCEL_JSON))


def test_a_name_that_does_not_say_the_form_is_refused(tmp_path):
    with pytest.raises(EventLogError, match=r"name it with one of \.csv, \.parquet, \.xes, \.ocel\.json, \.ocel\.sqlite"):
        read_log(tmp_path / "log.txt")


@pytest.mark.parametrize("form", LogFormat)
def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path, form):
    with pytest.raises(FileNotFoundError):
        read_log(tmp_path / f"log-x.{ENDINGS[form]}")
    assert list(tmp_path.iterdir()) == []


def test_the_activity_of_a_csv_file_pairs_start_and_end_and_must_be_that_of_its_event(small, tmp_path):
    source = file_of(small[0], LogFormat.CSV)
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    pairs = {(row["event"], row["lifecycle"]): row["activity"] for row in rows}
    assert pairs["pick started", "start"] == pairs["picked", "complete"] == "pick"
    assert pairs["dispatched", "complete"] == "dispatched"

    rows[2]["activity"] = "pick"
    file = tmp_path / "log-wrong.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(EventLogError, match=r"row 3, `activity`: expected `.+`, which follows from `event` and `lifecycle`, got `pick`"):
        read_log(file)
