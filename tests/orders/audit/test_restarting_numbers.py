"""Numbers of e-invoices that begin again with the financial year are kept apart by their years, and only where these are certain."""

from datetime import timedelta

import pytest

from tests.support.audit_runs import cancelled, invoice, note, on, rules, run
from tests.support.audit_tables import interval


def of_march(order="A", **cells):
    """An order of the year before, with the same number of its e-invoice as one of this year."""
    return cancelled(order, **{"invoice_key": "I", **moment("posted", 9), **moment("invoiced", 10), **cells})


def of_june(order="B", **cells):
    return cancelled(order, invoice_key="I", **cells)


def moment(name, hour):
    return interval(name, f"31-03-2026 {hour:02}:00", "%d-%m-%Y %H:%M", timedelta(minutes=1))


MARCH = invoice("A", number_key="I", **on("31-03-2026"))
JUNE = invoice("B", number_key="I")


def states(result):
    return {(row["order_key"], row["invoice"]): row["status"] for row in result.duties.to_pylist()}


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([MARCH, JUNE], {("A", "I"): "open", ("B", "I"): "open"}),
        ([MARCH, JUNE, note(original="I", order_key="A")], {("A", "I"): "done", ("B", "I"): "open"}),
        ([MARCH, JUNE, note(original="I", order_key="B")], {("A", "I"): "open", ("B", "I"): "done"}),
    ],
    ids=["no-note", "of-the-first", "of-the-second"],
)
def test_a_number_that_begins_again_is_two_e_invoices(documents, expected):
    result = run([of_march(), of_june()], documents)

    assert "R-8" not in dict(rules(result))
    assert states(result) == expected


@pytest.mark.parametrize(
    ("requests", "documents", "aside"),
    [
        ([of_march(), of_june()], [MARCH, JUNE, note(original="I")], []),
        ([of_march(), of_june()], [MARCH, JUNE, note(original="I", order_key="C")], []),
        ([of_march(), of_june()], [MARCH, JUNE], [{"source": 1, "original_key": "I"}]),
        ([of_march(), of_june(invoiced_start=None, invoiced_end=None)], [], []),
        ([of_june("A"), of_june()], [], []),
    ],
    ids=["note-without-an-order", "note-for-another-order", "row-set-aside", "year-unknown", "one-year"],
)
def test_a_number_whose_years_are_not_certain_stays_one_and_is_asked_about(requests, documents, aside):
    result = run(requests, documents, aside)

    assert ("R-8", "ask") in rules(result)
    assert set(states(result).values()) == {"uncertain"}


def test_the_year_of_an_order_is_that_of_either_of_its_rows():
    """Assure's row has no time of the e-invoice, and the day book has its day."""
    undated = {"invoiced_start": None, "invoiced_end": None}
    result = run([of_march(**undated), of_june(**undated)], [MARCH, JUNE, note(original="I", order_key="B")])

    assert states(result) == {("A", "I"): "open", ("B", "I"): "done"}
