"""Headers below the first one: the same columns go on, other columns or another order set the rows below aside."""

import pytest
from openpyxl import Workbook

from tests.support.intake import ASSURE, HEADER, ROW, lines, messages, orders, read, read_file, reasons, states, used

NAMES = HEADER.split(",")
OTHER = [1, 0, 2, 3, 4, 5, 10, 7, 8, 9, 6, 11]
"""Order Qty before the order, and Posted At where Cancelled At is: two columns that both are dates."""


def placed(row, places=OTHER):
    """Return the cells of *row* in another order of columns."""
    cells = row.split(",")
    return ",".join(cells[place] for place in places)


SHUFFLED = placed(HEADER)
SWAPPED = ",".join([*NAMES[:6], NAMES[10], *NAMES[7:10], NAMES[6], NAMES[11]])


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (SHUFFLED, placed(ROW)),
        (SWAPPED, ROW),
        (",".join(["S. No.", *NAMES[:11]]), "1," + ROW.removesuffix(",SUCCESS")),
        (",".join(NAMES[:11]), ROW.removesuffix(",SUCCESS")),
        (",".join(["Remark", *NAMES]), "," + ROW),
        (SHUFFLED.upper().replace("-", "  "), placed(ROW)),
    ],
    ids=["order", "two dates", "one column instead of another", "fewer", "more", "other spelling"],
)
def test_rows_below_a_header_with_other_columns_are_set_aside(tmp_path, header, row):
    """The two dates fit either column, so that nothing but the header shows that they are swapped."""
    intake = read(tmp_path, lines(*orders(2), header, row.format("FN0003"), "", row.format("FN0004"), HEADER, *orders(1, first=5)))

    assert used(intake) == ["FN0001", "FN0002", "FN0005"]
    assert states(intake) == {
        1: "header", 4: "header again", 5: "set aside", 6: "blank", 7: "set aside", 8: "header again",
    }  # fmt: skip
    assert reasons(intake) == {5: [("ROW-24", None)], 7: [("ROW-24", None)]}
    assert set(messages(intake)) == {"the header in row 4 has not the columns of row 1 in the same places"}


def test_a_row_that_is_joined_with_a_header_is_set_aside_with_what_it_names(tmp_path):
    """The file above had no end of its last line, so that the header of the next one stands behind it."""
    intake = read(tmp_path, lines(*orders(2), ROW.format("FN0003") + HEADER, ROW.format("FN0004"), HEADER, ROW.format("FN0003")))
    (row,) = [row for row in intake.rows.to_pylist() if row["row"] == 4]

    assert states(intake) == {1: "header", 4: "set aside", 5: "set aside", 6: "header again"}
    assert row["named"] == ["FN0003"]


def test_what_a_misread_row_names_is_known_for_the_orders_that_other_rows_have(tmp_path):
    intake = read(tmp_path, lines(*orders(2), SHUFFLED, placed(ROW.format("FN0002")), placed(ROW.format("FN0009"))))
    (row,) = [row for row in intake.rows.to_pylist() if row["row"] == 5]

    assert row["named"] == ["FN0002"]
    assert row["order_key"] is row["order_text"] is None


@pytest.mark.parametrize("header", [HEADER, HEADER.upper(), HEADER.replace("E-Invoice No", "E Invoice No."), HEADER + ",Remark"])
def test_rows_below_the_same_columns_go_on(tmp_path, header):
    intake = read(tmp_path, lines(*orders(2), header, *orders(2, first=3)))

    assert used(intake) == ["FN0001", "FN0002", "FN0003", "FN0004"]
    assert states(intake) == {1: "header", 4: "header again"}


def test_a_total_below_another_header_is_no_total_and_adds_to_none(tmp_path):
    total = ",".join(["Total", "2", *[""] * 10])
    intake = read(tmp_path, lines(*orders(1), SHUFFLED, placed(ROW.format("FN0002")), total, HEADER, total))

    assert states(intake) == {1: "header", 3: "header again", 4: "set aside", 5: "set aside", 6: "header again", 7: "total"}
    assert [(entry["row"], entry["said"], entry["used"], entry["set_aside"]) for entry in intake.sources.to_pylist()[0]["totals"]] == [
        (7, 2, 2, 0)
    ]


def test_another_header_counts_for_all_rows_below_it_in_a_large_file(tmp_path):
    intake = read(tmp_path, lines(*orders(90_000), SWAPPED, *orders(90_000, first=100_000)))
    counts = intake.sources.select(["used", "set_aside", "header", "header_again"]).to_pylist()

    assert counts == [{"used": 90_000, "set_aside": 90_000, "header": 1, "header_again": 1}]


def test_no_cell_below_another_header_is_shown(tmp_path):
    """A personal column can stand where an order was."""
    header = ",".join(["Customer Name", *NAMES[1:], NAMES[0]])
    intake = read(tmp_path, lines(*orders(1), header, "Asha9," + ROW.partition(",")[2] + ",FN0002"))

    assert states(intake)[4] == "set aside"
    assert "Asha9" not in str(intake.rows.to_pylist())
    assert "ASHA9" not in str(intake.rows.to_pylist())


GROUPS = [
    "Order,Quantity,,,Status,,Posted At,E-Invoice,,,Cancelled At,Result",
    "Id,Ordered,Cancelled,By,OMS,WMS,,No,At,Pushed,,",
]
JOINED = """[source.columns]
order = "Order | Id"
units = "Quantity | Ordered"
units_cancelled = "Quantity | Cancelled"
canceller = { column = "Quantity | By" }
oms_status = { column = "Status | OMS" }
wms_status = { column = "Status | WMS" }
invoice = "E-Invoice | No"
invoiced = "E-Invoice | At"
pushed = "E-Invoice | Pushed"
"""


@pytest.mark.parametrize(("swap", "last"), [([1, 2], "used"), ([2, 1], "set aside")], ids=["same", "other order"])
def test_a_header_of_two_rows_is_found_again(tmp_path, swap, last):
    book = Workbook()
    upper, lower = (line.split(",") for line in GROUPS)
    below = [lower[0], *(lower[place] for place in swap), *lower[3:]]
    for cells in (upper, lower, ROW.format("FN0001").split(","), upper, below, ROW.format("FN0002").split(",")):
        book.active.append(cells)
    book.save(tmp_path / "orders.xlsx")
    intake = read_file(tmp_path / "orders.xlsx", ASSURE + JOINED)

    assert [row["state"] for row in intake.rows.to_pylist()] == ["header", "header", "used", "header again", "header again", last]
