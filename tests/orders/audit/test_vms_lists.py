"""What the two reports of the VMS should list, by the audited orders: one order that cannot be placed costs its own row only."""

from datetime import date

import pytest

from orders.audit.tables import Observed
from tests.support import audit_runs
from tests.support.audit_runs import back, cancelled, document, invoice, listed, minute, run
from tests.support.audit_tables import bits

JUNE_4, JUNE_5 = date(2026, 6, 4), date(2026, 6, 5)
NO_POSTING = {"posted_start": None, "posted_end": None, "invoiced_start": None, "invoiced_end": None, "invoice_key": None}
UNDATED = {"cancelled_start": None, "cancelled_end": None}


def entries(result):
    """The orders of the list with their days, and those left out with the first words of the reason."""
    rows = result.cancelled_after_posting.to_pylist()
    placed = [(row["order_text"], row["cancelled_on"]) for row in rows if row["left_out"] is None]
    return placed, [(row["order_text"], row["left_out"]) for row in rows if row["left_out"] is not None]


def test_an_undated_order_costs_that_order_and_not_the_report():
    placed, left_out = entries(run([cancelled("B", **UNDATED), cancelled("A")]))

    assert placed == [("A", JUNE_4)]
    assert left_out == [("B", "It has no time of cancellation; bring it.")]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"carried_out": Observed.UNKNOWN, "stage": 255}, "It may be cancelled or not"),
        ({"units": 3, "units_cancelled": None}, "It may be cancelled in full or not"),
        ({"posted_end": minute("cancelled", 4, 13)["cancelled_end"], "invoiced_start": None, "invoiced_end": None, "invoice_key": None},
         "It may be posted or not"),
        ({"invoicing": 3}, "Its e-invoices may be made by the client's ERP or by RMS"),
        ({"cancelled_end": minute("cancelled", 6)["cancelled_end"]}, "The time of its cancellation covers several days"),
    ],
    ids=["result", "units", "posting", "invoicing", "days"],
)  # fmt: skip
def test_what_is_not_certain_is_left_out_with_the_fact_to_bring(cells, why):
    placed, left_out = entries(run([cancelled("A", **cells), cancelled("B")]))

    assert placed == [("B", JUNE_4)]
    assert [(order, text.startswith(why)) for order, text in left_out] == [("A", True)], left_out


@pytest.mark.parametrize(
    "cells",
    [
        {"carried_out": Observed.NO},
        {"units": 2, "scope": bits("scope", "partial")},
        NO_POSTING,
        {"invoicing": bits("invoicing", "RMS")},
        {"canceller": bits("canceller", "customer")},
    ],
    ids=["failed", "partial", "never posted", "invoiced by RMS", "by the customer"],
)
def test_what_was_not_cancelled_in_full_after_posting_is_not_listed(cells):
    assert entries(run([cancelled("A", **cells)])) == ([], [])


def test_an_order_is_listed_once_with_its_full_cancellation_and_all_its_e_invoices():
    requests = [
        cancelled("A", units=3, units_cancelled=1, **minute("cancelled", 4, 8)),
        cancelled("A", units=3, units_cancelled=3, **minute("cancelled", 5)),
        cancelled("A", units=3, units_cancelled=3, **minute("cancelled", 6)),
    ]
    result = run(requests, [invoice("A"), document("invoice", "I-2", "04-06-2026", order_key="A")])
    rows = result.cancelled_after_posting.to_pylist()

    assert [(row["cancelled_on"], row["invoices"], row["canceller"], row["left_out"]) for row in rows] == [
        (JUNE_5, "I-2, I-A", "seller", None)
    ]


@pytest.mark.parametrize(
    ("days", "expected"),
    [((JUNE_4, JUNE_4), ["A"]), ((JUNE_5, JUNE_5), ["B"]), ((JUNE_4, JUNE_5), ["A", "B"]), ((date(2026, 6, 6), date(2026, 6, 9)), [])],
)
def test_the_first_and_the_last_chosen_day_belong_to_the_list(days, expected):
    requests = [cancelled("A", **minute("cancelled", 4, 23)), cancelled("B", **minute("cancelled", 5, 10)), cancelled("C", **UNDATED)]
    placed, left_out = entries(run(requests, vms_days=days))

    assert [order for order, _ in placed] == expected
    assert [order for order, _ in left_out] == ["C"]


def test_a_row_set_aside_leaves_out_its_order_unless_another_row_has_it():
    aside = [{"source": 0, "order_key": "A"}, {"source": 0, "order_key": "Z"}, {"source": 0, "order_key": "Z"}, {"source": 0}]
    aside += [{"source": 1, "order_key": "Y"}]
    placed, left_out = entries(run([cancelled("A")], [invoice("A")], aside))

    assert placed == [("A", JUNE_4)]
    assert left_out == [(order, "Its row is set aside; correct the row.") for order in ("", "Z")]


def test_the_report_itself_is_no_evidence_where_the_seller_has_exports():
    assert entries(run([cancelled("A"), listed("B")]))[0] == [("A", JUNE_4)]


def test_the_rsi_list_has_each_unit_with_a_quality_check():
    documents = [
        back("B", unit_key="1"), back("A", unit_key="2", quality_check="missing"), back("A", unit_key="1", quality_check="fail"),
        back("A", unit_key="3", quality_check="not recorded"), back("A", unit_key="4", quality_check=None), back(None, unit_key="5"),
        invoice("A"),
    ]  # fmt: skip
    aside = [{"source": 4, "order_key": "A"}, {"source": 4, "order_key": "A"}, {"source": 5, "order_key": "Q"}]
    result = run([cancelled("A", is_cancellation=False)], documents, aside, rsi_has=("dated", "quality_check"))
    rows = result.returned_units.to_pylist()

    assert [(row["order_text"], row["unit"], row["quality_check"], row["invoices"], row["left_out"]) for row in rows] == [
        ("A", "1", "fail", "I-A", None),
        ("A", "2", "missing", "I-A", None),
        ("B", "1", "pass", None, None),
        ("", "5", "pass", None, "It names no order; enter it."),
        *[("A", None, None, None, "Its row is set aside; correct the row.")] * 2,
    ]


@pytest.mark.parametrize(("has", "left_out"), [(("dated",), ["Z"]), (("dated", "kind"), [])], ids=["of-orders", "of-returns"])
def test_a_return_set_aside_is_no_order_that_could_not_be_placed(monkeypatch, has, left_out):
    wms = {**audit_runs.WMS, "has": list(has)}
    monkeypatch.setattr(audit_runs, "SOURCES", [wms if other is audit_runs.WMS else other for other in audit_runs.SOURCES])

    _, orders = entries(run([cancelled("A")], [invoice("A")], [{"source": 4, "order_key": "Z"}]))

    assert [order for order, _ in orders] == left_out
