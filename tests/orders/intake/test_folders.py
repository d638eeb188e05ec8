"""A folder with the parts of one export is one source: its rows go on from part to part, and each is named with its part."""

import csv
import io

import pyarrow as pa
import pytest
from pyarrow import parquet

from orders.intake.errors import IntakeError
from orders.row_places import RowPlaces
from tests.support.intake import HEADER, lines, messages, orders, read_file


def write_parts(folder, *contents):
    folder.mkdir()
    for number, content in enumerate(contents, 1):
        (folder / f"part-{number}.csv").write_text(content)
    return folder


def plain(table):
    """The rows of a canonical table without their numbers."""
    return [{name: value for name, value in row.items() if name != "row"} for row in table.to_pylist()]


ROWS = [*orders(3), *orders(1), "FN0900,2,2,SELLER,FULFILLABLE,,31-06-2026 09:00,,,,04-06-2026 11:00,SUCCESS", *orders(4, 10), *orders(2)]


def test_the_rows_of_parts_are_those_of_one_file(tmp_path):
    (tmp_path / "orders.csv").write_text(lines(*ROWS, "Total,22,,,,,,,,,,"))
    whole = read_file(tmp_path / "orders.csv")
    parts = read_file(write_parts(tmp_path / "orders", lines(*ROWS[:2]), lines(*ROWS[2:6]), lines(*ROWS[6:], "Total,22,,,,,,,,,,")))

    assert plain(parts.requests) == plain(whole.requests)
    states = parts.rows["state"].to_pylist()
    assert [state for state in states if state != "header"] == whole.rows["state"].to_pylist()[1:]
    assert parts.rows["row"].to_pylist() == list(range(1, len(ROWS) + 5))
    assert [row for row, state in enumerate(states, 1) if state == "header"] == [1, 4, 9]
    assert messages(parts) == messages(whole)
    of_parts, of_file = parts.sources.to_pylist()[0], whole.sources.to_pylist()[0]
    for name in ("used", "repeated", "set_aside", "total", "blank", "system", "has", "profile"):
        assert of_parts[name] == of_file[name], name
    assert of_parts["repeated"] == 3
    assert of_parts["name"] == "orders"
    assert [{**total, "row": 0} for total in of_parts["totals"]] == [{**total, "row": 0} for total in of_file["totals"]]
    assert (of_parts["parts"], of_file["parts"]) == (
        [{"name": "part-1.csv", "rows": 3}, {"name": "part-2.csv", "rows": 5}, {"name": "part-3.csv", "rows": 7}],
        None,
    )


def test_a_row_is_named_with_its_part(tmp_path):
    intake = read_file(write_parts(tmp_path / "orders", lines(*orders(2)), lines(*orders(2, 5)), lines(*orders(1, 9))))

    places = RowPlaces(intake.sources.to_pylist())
    assert [places.text(0, row) for row in (2, 3, 4, 5, 6, 8)] == [
        "orders/part-1.csv row 2", "orders/part-1.csv row 3", "orders/part-2.csv row 1", "orders/part-2.csv row 2", "orders/part-2.csv row 3",
        "orders/part-3.csv row 2",
    ]  # fmt: skip
    files, numbers = places.columns(pa.array([0, 0, 0], pa.int16()), pa.array([2, 5, 8], pa.int32()))
    assert (files.to_pylist(), numbers.to_pylist()) == (["orders/part-1.csv", "orders/part-2.csv", "orders/part-3.csv"], [2, 2, 2])


def test_a_total_counts_the_rows_of_its_part_or_of_all_parts(tmp_path):
    own = read_file(write_parts(tmp_path / "own", lines(*orders(2), "Total,4,,,,,,,,,,"), lines(*orders(3, 5), "Total,6,,,,,,,,,,")))
    all_parts = read_file(write_parts(tmp_path / "all", lines(*orders(2)), lines(*orders(3, 5), "Total,10,,,,,,,,,,")))
    wrong = read_file(write_parts(tmp_path / "wrong", lines(*orders(2)), lines(*orders(3, 5), "Total,9,,,,,,,,,,")))

    def totals(intake):
        return [(total["said"], total["used"]) for total in intake.sources["totals"].to_pylist()[0] if total["letter"] == "B"]

    assert totals(own) == [(4, 4), (6, 6)]
    assert totals(all_parts) == [(10, 10)]
    assert totals(wrong) == [(9, 10)]


def test_a_message_that_another_part_has_is_repeated(tmp_path):
    keys = 'profile = "assure-cancellations"\ncolumns = { message = "Message" }\n'
    header = f"{HEADER},Message,Note"
    first, again = (f"{orders(1)[0]},m1,{note}" for note in ("sent", "sent again"))
    intake = read_file(write_parts(tmp_path / "orders", lines(first, header=header), lines(again, header=header)), keys)

    assert intake.rows["state"].to_pylist() == ["header", "used", "header", "repeated"]


def test_parts_as_parquet(tmp_path):
    (tmp_path / "orders").mkdir()
    for number in range(3):
        rows = list(csv.DictReader(io.StringIO(lines(*orders(2, number * 2 + 1)))))
        parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "orders" / f"{number}.parquet")
    (tmp_path / "orders" / "_SUCCESS").write_text("")

    intake = read_file(tmp_path / "orders")

    assert intake.requests["order_text"].to_pylist() == [f"FN{number:04}" for number in range(1, 7)]
    assert intake.requests["row"].to_pylist() == [1, 2, 3, 4, 5, 6]
    assert intake.sources["rows"].to_pylist() == [6]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("part-1.csv", "part-2.xlsx"), "part-2.xlsx`, which is no part of an export"),
        (("part-1.csv", "part-2.parquet"), "parts of two kinds"),
        (("part-1.csv", "other.csv"), "its columns are not those of the first part"),
        (("part-1.csv", "part-2/"), "`part-2`, which is no part"),
        (("part-1.csv", "part-0.csv"), "part-0.csv.*empty"),
    ],
)
def test_what_is_no_part_is_one_error(tmp_path, names, words):
    folder = tmp_path / "orders"
    folder.mkdir()
    for name in names:
        if name.endswith("/"):
            (folder / name).mkdir()
        else:
            (folder / name).write_text(
                {"part-0.csv": "", "other.csv": "Channel Order ID,Order Qty,Cancelled Qty\nA,1,1\n"}.get(name, lines(*orders(2)))
            )

    with pytest.raises(IntakeError, match=words) as caught:
        read_file(folder)
    assert "\n" not in str(caught.value)
