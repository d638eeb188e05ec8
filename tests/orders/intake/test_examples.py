"""The three example files: the state of every row with its reasons, the totals, and the canonical rows."""

from pathlib import Path

import pytest

from orders.audit.audit import audit
from orders.audit.tables import ALL, Tables
from orders.intake.mapping.reading import read_mapping
from orders.intake.reading import Intake, read_sources
from tests.support.audit_tables import ajio, assure, daybook, joined

FOLDER = Path(__file__).parents[2] / "samples" / "audit"
FILES = {0: assure, 1: ajio, 2: daybook}


@pytest.fixture(scope="module")
def intake() -> Intake:
    return read_sources(read_mapping(FOLDER / "audit.toml"))


def test_each_row_has_the_state_of_the_specification(intake):
    actual = {(row["source"], row["row"]): row["state"] for row in intake.rows.to_pylist() if row["state"] != "used"}

    assert actual == {
        (0, 1): "header", (0, 11): "set aside", (0, 12): "set aside", (0, 13): "set aside", (0, 15): "set aside", (0, 18): "total",
        (1, 1): "blank", (1, 2): "header", (1, 15): "set aside", (1, 16): "set aside", (1, 17): "repeated", (1, 18): "set aside",
        (1, 19): "total",
        (2, 1): "blank", (2, 2): "blank", (2, 3): "blank", (2, 4): "header", (2, 17): "set aside", (2, 20): "total",
    }  # fmt: skip


def test_each_row_set_aside_has_its_reason_and_its_order(intake):
    actual = {
        (row["source"], row["row"]): (
            row["order_key"],
            *((reason["id"], reason["letter"], reason["message"], reason["gap"]) for reason in row["reasons"]),
        )
        for row in intake.rows.to_pylist()
        if row["reasons"]
    }

    assert actual == {
        (0, 11): ("FN0010", ("ROW-05", "G", '"31-06-2026 09:00" is no date: June has 30 days', None)),
        (0, 12): ("FN0011", ("ROW-15", "F", "the order is packed in WMS and not yet released in Assure OMS (GAP-01)", "GAP-01")),
        (0, 13): ("FN0012", ("ROW-15", "H", "an e-invoice for an order that was never posted (GAP-05)", "GAP-05")),
        (0, 15): (None, ("ROW-02", "A", '"1.23E+15" was shortened by a spreadsheet and cannot be restored', None)),
        (1, 15): ("FN0017", ("ROW-11", "K", "2 units cancelled of 1 ordered", None)),
        (1, 16): ("FN0018", ("ROW-12", "K", "2 units cancelled by the customer and 1 by the seller, but 2 in all", None)),
        (1, 18): ("FN0019", ("ROW-05", "B", '"13/14/2026" is no date: there is no month 14', None)),
        (2, 17): ("FN0007", ("ROW-05", "A", '"04-06-2026" is not `d-MMM-yy`; it could be 4 June or 6 April 2026', None)),
    }


def test_the_counts_and_totals_are_those_of_the_specification(intake):
    actual = intake.sources.to_pylist()
    totals = [
        {(total["letter"], total["said"], total["used"] + total["set_aside"] + total["repeated"]) for total in row["totals"]}
        for row in actual
    ]

    assert [(row["used"], row["set_aside"], row["repeated"], row["total"]) for row in actual] == [
        (12, 4, 0, 1),
        (12, 3, 1, 1),
        (14, 1, 0, 1),
    ]
    assert totals[0] == {("B", 29, 29)}
    assert totals[1] == {("H", 34, 29), ("I", 2, 2), ("K", 18, 18), ("L", 2, 2), ("M", 14, 14)}
    assert totals[2] == {("G", 1_250_000, 1_250_000)}
    assert (actual[2]["totals"][0]["used"], actual[2]["totals"][0]["set_aside"]) == (1_040_000, 210_000)


@pytest.mark.parametrize("name", ["requests", "documents"])
def test_the_canonical_rows_are_those_that_another_reader_makes(intake, name):
    """Cell by cell, in every column that the other reader fills."""
    other = getattr(joined(*(part() for part in FILES.values())), name)
    table = getattr(intake, name)

    assert table.num_rows == other.num_rows > 0
    for column in {*other.column_names} - {"invoice_text"}:  # the other reader has none for Ajio
        unknown = {"canceller": ALL["canceller"]}.get(column)
        expected = [unknown if value is None else value for value in other.column(column).to_pylist()]
        assert [unknown if value is None else value for value in table.column(column).to_pylist()] == expected, column


def test_the_audit_of_what_was_read_is_that_of_the_other_reader(intake):
    expected = audit(joined(*(part() for part in FILES.values())), read_mapping(FOLDER / "audit.toml").as_of)
    result = audit(Tables(intake.rows, intake.requests, intake.documents, intake.sources), read_mapping(FOLDER / "audit.toml").as_of)

    assert result.findings.select(["rule", "order_key", "document", "cannot_tell"]) == expected.findings.select(
        ["rule", "order_key", "document", "cannot_tell"]
    )
    assert result.duties.select(["order_key", "task", "status", "days", "rest_paise"]) == expected.duties.select(
        ["order_key", "task", "status", "days", "rest_paise"]
    )
