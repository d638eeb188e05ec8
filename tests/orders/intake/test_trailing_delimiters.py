"""Rows that end with a delimiter: empty last cells beyond the header, in all rows alike, are no fault."""

import pytest

from tests.support.intake import HEADER, lines, messages, orders, read, reasons, states, used

FIVE = [f"FN000{number}" for number in range(1, 6)]


def ending(sign, rows=5):
    return [row + sign for row in orders(rows)]


@pytest.mark.parametrize("sign", [",", ",,,", ',""', ", "])
@pytest.mark.parametrize("header", ["", ",", ",,,,"])
def test_rows_that_end_with_delimiters_are_read_whatever_the_header_ends_with(tmp_path, sign, header):
    intake = read(tmp_path, lines(*ending(sign), header=HEADER + header))

    assert used(intake) == FIVE
    assert states(intake) == {1: "header"}
    assert intake.sources.column("rows").to_pylist() == [6]


def test_a_header_may_end_with_a_delimiter_that_the_rows_do_not_have(tmp_path):
    assert used(read(tmp_path, lines(*orders(5), header=HEADER + ",,"))) == FIVE


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_so_it_is_with_each_delimiter(tmp_path, delimiter):
    assert used(read(tmp_path, lines(*ending(",")).replace(",", delimiter))) == FIVE


def test_a_cell_beyond_the_header_that_is_not_empty_is_a_fault(tmp_path):
    rows = ending(",")
    rows[2] += "more"
    intake = read(tmp_path, lines(*rows))

    assert used(intake) == [order for order in FIVE if order != "FN0003"]
    assert reasons(intake) == {4: [("ROW-13", None)]}
    assert intake.rows.column("order_key").to_pylist()[3] == "FN0003"


def test_a_row_without_the_delimiter_of_the_others_can_lack_a_cell(tmp_path):
    """Its last cell may be the empty one of the others, and one before it missing."""
    intake = read(tmp_path, lines(*ending(",", 4), "FN0005,2,2,SELLER,FULFILLABLE,04-06-2026 09:00,,,,04-06-2026 11:00,SUCCESS,"))

    assert used(intake) == FIVE[:4]
    assert messages(intake) == ["the row has 12 cells, most of the first rows have another number"]


def test_a_single_row_with_an_empty_cell_more_stays_set_aside(tmp_path):
    """A cell with the delimiter in it can have moved the others."""
    assert states(read(tmp_path, lines(*orders(4), *ending(",", 1)))) == {1: "header", 6: "set aside"}


def test_quoted_line_ends_totals_blank_rows_and_headers_again_are_read_in_such_rows_too(tmp_path):
    rows = [*ending(","), "," * 12, HEADER, HEADER + ",", "Total,10,,,,,,,,,,,", "Total,10,,,,,,,,,,"]
    rows[1] = rows[1].replace("SUCCESS", '"SUCCESS\n"')
    intake = read(tmp_path, lines(*rows, header=HEADER))

    assert used(intake) == FIVE
    assert states(intake) == {1: "header", 7: "blank", 8: "header again", 9: "header again", 10: "total", 11: "total"}


def test_a_large_file_keeps_each_row(tmp_path):
    rows = ending(",", 30_000)
    rows[20_000] += "x"
    rows[25_000] = rows[25_000][:-1]
    intake = read(tmp_path, lines(*rows))

    assert len(used(intake)) == 29_998
    assert sorted(reasons(intake)) == [20_002, 25_002]
