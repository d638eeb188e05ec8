"""Orders that the SOP does not cover, states of documents in two systems, and stages that another file limits."""

import pytest

from orders.audit.tables import Kind, Observed
from tests.orders.audit.test_rules import cancelled, document, failed_at_packing, invoice, minute, note, reported, rules, run, statuses
from tests.support.audit_tables import bits


def test_an_order_of_another_kind_in_the_report_of_ajio_only_is_no_difference():
    outside = reported("B", units=1, units_cancelled=1, outside="JIT")
    assert ("R-4", "ask") not in rules(run([cancelled(), reported(units=1, units_cancelled=1), outside], [note(), invoice()]))
    assert ("R-4", "ask") in rules(run([cancelled(), {**outside, "outside": None}]))


AT_PORTAL = {"source": 2, "value_paise": None}


def test_a_credit_note_whose_irn_was_cancelled_neither_stands_nor_is_missing():
    result = run([cancelled()], [invoice(), note(), note(irn_cancelled=True, original=None, **AT_PORTAL)])

    assert sorted(rules(result)) == [("D-8", "ask")]
    assert statuses(result) == ["question"]


def test_a_note_that_another_file_has_as_a_debit_note_may_not_credit():
    """A credit note that arrived at the portal as a debit note."""
    result = run([cancelled()], [invoice(), note(), document(Kind.DEBIT_NOTE, "N", **AT_PORTAL)])

    assert sorted(rules(result)) == [("D-3?", "ask")]
    assert statuses(result) == ["uncertain"]
    finding = result.findings.to_pylist()[0]
    assert finding["order_key"] == "A"
    assert finding["text"].startswith("N is a debit note in one file and a credit note in another: ")
