"""Orders that the SOP does not cover, states of documents in two systems, and stages that another file limits."""

import pytest

from orders.audit.tables import Kind, Observed
from sop_engine import Reading
from tests.support.audit_runs import cancelled, document, failed_at_packing, invoice, minute, note, on, reported, rules, run, statuses
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


def test_without_a_day_of_the_cancellation_the_day_of_the_e_invoice_bounds_where_its_note_can_be():
    undated = {"cancelled_start": None, "cancelled_end": None}

    assert rules(run([cancelled(**undated)], [invoice()])) == [("D-1", "must")]
    assert rules(run([cancelled(**undated, **minute("invoiced", 1, 0))], [invoice()])) == [("D-1", "must")]
    assert rules(run([cancelled(**undated, invoiced_start=None, invoiced_end=None)], [])) == [("D-1", "must")]
    assert rules(run([cancelled(**undated, invoiced_start=None, invoiced_end=None)], with_sources=[1])) == [("D-1?", "ask")]


OPEN_STAGE = {"stage": bits("stage", "PROCESSING", "PACKED", "READY_TO_DISPATCH"), **minute("pushed", 4, 11), **minute("cancelled", 5)}
"""The status PROCESSING in Assure OMS, of a file without that of the WMS."""


def packing(day, hour=12, **cells):
    """A row of a list of the WMS about the order."""
    row = {"source": 0, "order_key": "A", "order_text": "A", "is_cancellation": False, "invoicing": bits("invoicing", "ERP")}
    return {**row, **minute("packed", day, hour), **cells}


@pytest.mark.parametrize(
    ("request_row", "of_wms", "expected"),
    [
        (cancelled(**OPEN_STAGE), packing(5, 11), [("C-1", "must"), ("C-8", "ask")]),
        (cancelled(**OPEN_STAGE, carried_out=Observed.NO), packing(5, 11), []),
        (cancelled(**OPEN_STAGE), packing(5, 13), [("D-1", "must")]),
        (cancelled(**OPEN_STAGE), packing(5, 12), [("C-6?", "ask")]),
        (cancelled(**OPEN_STAGE), packing(5, packed_start=None, packed_end=None), [("C-6?", "ask")]),
        (cancelled(**{**OPEN_STAGE, "stage": bits("stage", "FULFILLABLE")}), packing(5, 11), [("C-6?", "ask")]),
        (cancelled(**{**OPEN_STAGE, "stage": bits("stage", "PACKED")}), packing(5, 11), [("C-1", "must"), ("C-8", "ask")]),
    ],
    ids=["before", "before-turned-away", "after", "same-minute", "without-a-time", "contradicting-the-status", "agreeing"],
)
def test_the_time_of_packing_limits_a_status_that_leaves_it_open(request_row, of_wms, expected):
    """Where the two contradict each other, both are possible."""
    assert sorted(rules(run([request_row, of_wms]))) == expected


@pytest.mark.parametrize(("who", "status"), [("Ajio", "done"), ("seller", "open"), (None, "uncertain")])
def test_that_ajio_cancelled_the_rest_is_not_inferred_from_a_row_without_a_canceller(who, status):
    """Ajio's report has one of two units, and the whole order is cancelled in Assure OMS by someone."""
    rest = cancelled(units=2, units_cancelled=2, canceller=who and bits("canceller", who), **minute("cancelled", 8))
    result = run([failed_at_packing(), rest, reported(units=2, units_cancelled=1, by_customer=0, by_seller=0, canceller=None)])

    assert [row["status"] for row in result.duties.to_pylist() if row["task"] == "ask-ajio-to-cancel"] == [status]


def test_units_ordered_that_ajio_has_otherwise_leave_open_how_much_was_cancelled():
    """A file with a row for each unit, of which only the cancelled one is listed: one of two units, not the whole order."""
    differing = run([cancelled(), reported(units=2, units_cancelled=1)], [invoice()])

    assert sorted(rules(differing)) == [("C-6?", "ask"), ("R-8", "must")]
    assert statuses(differing) == ["uncertain"]


def test_articles_of_ajios_report_are_added_up_before_units_are_compared():
    articles = [reported(units=1, units_cancelled=1), reported(units=1, units_cancelled=1, row=9)]
    whole = cancelled(units=2, units_cancelled=2)

    assert rules(run([whole, *articles], [invoice(), note()])) == []
    assert ("R-8", "must") not in rules(run([whole, articles[0]], [invoice(), note()], [{"source": 6, "order_key": "A"}]))


def test_an_order_that_is_watched_is_named_once():
    posted = {"invoice_key": None, "invoiced_start": None, "invoiced_end": None}

    assert rules(run([cancelled(**posted), cancelled(**posted)]), "R-1") == [("R-1", "info")]


def test_rows_that_have_the_units_of_ajios_report_only_together_are_lines_of_the_order():
    unit = cancelled(units=1, units_cancelled=1)
    whole = reported(units=2, units_cancelled=2)

    assert rules(run([unit, unit, whole], [invoice()])) == [("D-1", "must")]
    kept = {**unit, "units_cancelled": 0, "is_cancellation": False}
    part = run([kept, unit, reported(units=2, units_cancelled=1)], [invoice()])
    assert rules(part) == [("C-2", "must"), ("C-8", "ask")]
    assert ("C-6?", "ask") in rules(run([unit, unit, reported(units=3, units_cancelled=2)], [invoice()]))


AS_WRITTEN = {"reading": Reading.AS_WRITTEN}
LATE = {"invoice_key": None, "invoiced_start": None, "invoiced_end": None}


@pytest.mark.parametrize(
    ("request_row", "documents", "expected"),
    [
        (cancelled(stage=bits("stage", "PROCESSING"), **LATE), [], {"C-6": [], "D-1": ["GAP-03"]}),
        (cancelled(**LATE), [invoice(**on("09-07-2026"))], {"D-1": ["GAP-17"]}),
        (cancelled(stage=bits("stage", "CANCELLED")), [], {"C-6": ["GAP-37"], "D-1": ["GAP-37"]}),
        (cancelled(stage=bits("stage", "CREATED")), [], {"C-6": ["GAP-35"], "D-1": ["GAP-35"]}),
    ],
    ids=["processing-without-e-invoice", "late", "cancelled", "created"],
)
def test_as_written_a_finding_names_the_gap_that_leaves_it_open(request_row, documents, expected):
    findings = run([request_row], documents, **AS_WRITTEN).findings.to_pylist()
    named = {row["rule"]: row["gaps"] for row in findings if row["rule"] in expected}

    assert all(gaps for gaps in named.values())
    assert {rule: gaps for rule, gaps in expected.items() if gaps} == {rule: named[rule] for rule, gaps in expected.items() if gaps}


def test_no_more_units_are_taken_than_were_ordered():
    """As written, the second cancellation of an order may have effect."""
    again = cancelled(stage=bits("stage", "CANCELLED"), **minute("cancelled", 6))

    assert "R-4" not in dict(rules(run([cancelled(), again, reported(units=1, units_cancelled=1)], [invoice()], **AS_WRITTEN)))


def test_an_order_that_was_posted_after_its_cancellation_is_watched_too():
    """GAP-46: the ERP can make an e-invoice of it."""
    posted = cancelled(**{**LATE, **minute("posted", 6)})
    result = run([posted])

    assert rules(result) == [("R-1", "info")]
    assert result.findings.to_pylist()[0]["gaps"] == ["GAP-46", "GAP-17"]
    assert rules(run([cancelled(**{**LATE, "posted_start": None, "posted_end": None})])) == []


def test_an_order_that_both_systems_have_as_cancelled_in_full_differs_in_neither():
    """Whether packing failed is open: the result of the first request is not given."""
    whole = cancelled(units=2, units_cancelled=2, stage=bits("stage", "PROCESSING"), **minute("cancelled", 8))
    open_error = failed_at_packing(carried_out=Observed.UNKNOWN, packing_error=None)

    assert rules(run([open_error, whole, reported(units=2, units_cancelled=2)], [invoice()]), "R-4") == []
    assert rules(run([open_error, reported(units=2, units_cancelled=1)], [invoice()]), "R-4") == [("R-4?", "ask")]
    assert rules(run([failed_at_packing(), reported(units=2, units_cancelled=1)], [invoice()]), "R-4") == [("R-4", "must")]
