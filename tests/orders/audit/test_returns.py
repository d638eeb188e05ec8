"""Rules on returns, each in a run that has just what it needs."""

import pytest

from orders.audit.tables import Kind
from tests.support.audit_runs import back, cancelled, document, line, note, on, rules, run


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([line(), back()], []),
        ([line(), back("B")], [("T-1", "must"), ("T-1", "info")]),
        ([back(quality_check="not recorded"), line("A")], [("T-3", "ask")]),
        ([back(quality_check="missing"), line(), document(Kind.GRN, "G", order_key="A")], [("T-3", "ask")]),
        ([back(unit_key="1"), back(unit_key="1"), line()], [("T-4", "must"), ("T-4", "must")]),
        ([back(units=2), line()], [("T-4", "must")]),
        ([back(), line(), note(original=None, order_key="A")], [("T-5", "ask")]),
        ([back(), line(), document(Kind.GRN, "G", order_key="A", **on("25-06-2026"))], [("T-2", "info")]),
    ],
    ids=["agree", "one-sided", "unchecked", "missing-unit", "unit-twice", "too-many", "note-too", "no-po"],
)
def test_returns(documents, expected):
    sold = {**cancelled(), "is_cancellation": False, "units_cancelled": 0}
    actual = [pair for pair in rules(run([sold], documents)) if pair[0][0] == "T"]

    assert sorted(actual) == sorted(expected)


def test_a_missing_grn_counts_only_for_a_client_that_books_returns_in_its_erp():
    sold = {**cancelled(), "is_cancellation": False, "units_cancelled": 0}
    documents = [back(), line(), document(Kind.GRN, "G", order_key="A")]

    assert rules(run([sold], documents, stock_in_erp=True), "T-2") == [("T-2", "must")]
