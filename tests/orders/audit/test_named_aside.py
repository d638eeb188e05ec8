"""Rows set aside that name an order or a document, in whichever system: what they could say is uncertain, and never missing."""

import pytest

from tests.support import audit_runs
from tests.support.audit_runs import cancelled, document, invoice, note, reported, rules, run
from tests.support.export_sets import audited, read, sections, write_exports

NOT_INVOICED = {"invoice_key": None, "invoiced_start": None, "invoiced_end": None}


@pytest.mark.parametrize(
    ("source", "expected"), [(0, [("R-7?", "ask")]), (6, [("R-7?", "ask")]), (1, [("R-7?", "ask")])], ids=["oms", "ajio", "erp"]
)
def test_a_note_whose_e_invoice_a_row_set_aside_names_is_not_certainly_lost(source, expected):
    lost = note(original="I-Z")

    assert rules(run([cancelled()], [invoice(), note(), lost]), "R-7") == [("R-7", "must")]
    assert (
        rules(run([cancelled()], [invoice(), note(), lost], [{"source": source, "order_key": "Z", "number_key": "I-Z"}]), "R-7") == expected
    )


@pytest.mark.parametrize(
    ("request_row", "aside", "expected"),
    [
        (cancelled(**NOT_INVOICED), [], [("D-4", "must")]),
        (cancelled(**NOT_INVOICED), [{"source": 1, "order_key": "A", "number_key": "I-9"}], [("D-4?", "ask")]),
        (reported(units_cancelled=0, is_cancellation=False), [], [("D-4", "must")]),
        (reported(units_cancelled=0, is_cancellation=False), [{"source": 4, "order_key": "A"}], [("D-4?", "ask")]),
        (reported(units_cancelled=0, is_cancellation=False), [{"source": 5, "order_key": "A"}], [("D-4?", "ask")]),
        (reported(units_cancelled=0, is_cancellation=False), [{"source": 5, "order_key": "B"}], [("D-4", "must")]),
    ],
    ids=["no-e-invoice", "its-e-invoice", "delivered", "its-return", "its-rsi", "another-return"],
)
def test_a_note_is_not_certainly_superfluous_if_a_row_set_aside_can_be_its_reason(request_row, aside, expected):
    assert rules(run([request_row], [note(original=None, order_key="A")], aside), "D-4") == expected


def test_units_of_rows_are_not_certainly_those_of_two_orders_if_a_line_is_set_aside():
    unit = cancelled(units=1, units_cancelled=1)
    of_ajio = reported(units=2, units_cancelled=2)

    assert rules(run([unit, of_ajio], [invoice()]), "R-8") == [("R-8", "must")]
    assert rules(run([unit, of_ajio], [invoice()], [{"source": 0, "order_key": "A"}]), "R-8") == [("R-8?", "ask")]
    assert rules(run([unit, cancelled(units=2)], [invoice()], [{"source": 0, "order_key": "A"}]), "R-8") == [("R-8?", "ask")]
    assert rules(run([unit, cancelled(units=2)], [invoice()], [{"source": 0, "order_key": "B"}]), "R-8") == [("R-8", "must")]


def test_a_row_of_ajio_that_stands_there_again_with_another_cell_is_no_certain_second_order():
    row = reported(units=2, units_cancelled=2)
    whole = cancelled(units=2, units_cancelled=2)

    assert rules(run([whole, row, {**row, "units_shipped": 1}], [invoice()]), "R-8") == [("R-8?", "ask")]
    assert rules(run([whole, row, {**row, "units_shipped": 1}], [invoice()]), "R-4") == [("R-4?", "ask")]
    assert rules(run([whole, row, {**row, "units": 3}], [invoice()]), "R-8") == [("R-8", "must")]
    assert rules(run([whole, {**row, "units": 3}], [invoice()]), "R-8") == [("R-8", "must")]


def test_a_package_whose_order_is_in_a_row_set_aside_is_no_certain_breach():
    package = document("invoice", "I-1", "09-06-2026", order_key="FN1-2", of_ajio=True)

    assert rules(run([reported("B", units_cancelled=0, is_cancellation=False)], [package]), "R-3") == [("R-3", "must")]
    aside = [{"source": 6, "order_key": "FN1"}]
    assert rules(run([reported("B", units_cancelled=0, is_cancellation=False)], [package], aside), "R-3") == [("R-3?", "ask")]


SEVERAL = """Credit notes for several e-invoices, one of which cannot be read.
=== assure.csv utf-8
Channel Order ID,Order Qty,Cancelled Qty,Cancelled By,OMS Status,WMS Status,Posted At,E-Invoice No,E-Invoice At,Pushed At,Cancelled At,Result
N1,1,1,SELLER,FULFILLABLE,,04-06-2026 09:00,INV/26-27/1,04-06-2026 10:00,,04-06-2026 12:00,SUCCESS
N2,1,1,SELLER,FULFILLABLE,,04-06-2026 09:00,INV/26-27/2,04-06-2026 10:00,,04-06-2026 12:00,SUCCESS
N3,1,1,SELLER,FULFILLABLE,,04-06-2026 09:00,INV/26-27/3,04-06-2026 10:00,,04-06-2026 12:00,SUCCESS
=== daybook.csv utf-8
Date,Particulars,Voucher Type,Voucher No.,Original Invoice,Order No,Value
31-Jun-26,Ajio,Credit Note,CN-1,{original},,"-2,000.00"
{more}
=== mapping
[audit]
invoicing = "ERP"
[[source]]
file = "assure.csv"
profile = "assure-cancellations"
[[source]]
file = "daybook.csv"
profile = "tally-daybook"
complete = {{ from = 2026-04-01, to = 2026-07-15, of = "documents" }}
"""


@pytest.mark.parametrize(
    "more", ["", '6-Jun-26,Ajio,Credit Note,,,,"-2,000.00', "6-Jun-26,Ajio,Sales"], ids=["alone", "open-quote", "few-cells"]
)
@pytest.mark.parametrize("original", ["INV/26-27/1/INV/26-27/2", '"INV/26-27/1, INV/26-27/2"', "INV/26-27/1-2"])
def test_a_note_set_aside_names_each_of_its_e_invoices(tmp_path, original, more):
    write_exports(tmp_path, sections(SEVERAL.format(original=original, more=more)))
    result = audited(read(tmp_path))

    assert [(row["order_text"], row["status"]) for row in result.duties.to_pylist()] == [
        ("N1", "uncertain"), ("N2", "uncertain"), ("N3", "open")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("has", "expected"),
    [(("dated",), [("C-6?", "ask")]), (("dated", "kind"), [("C-2", "must"), ("C-8", "ask")])],
    ids=["of-orders", "of-returns"],
)
def test_a_return_set_aside_is_no_cancellation(monkeypatch, has, expected):
    part = cancelled(units=3, units_cancelled=2)
    wms = {**audit_runs.WMS, "has": list(has)}
    monkeypatch.setattr(audit_runs, "SOURCES", [wms if other is audit_runs.WMS else other for other in audit_runs.SOURCES])

    assert rules(run([part], [invoice()], [{"source": 4, "order_key": "A"}])) == expected
