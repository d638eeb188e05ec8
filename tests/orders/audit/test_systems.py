"""Rules on what two systems have of one order, each in a run that has just what it needs."""

from datetime import timedelta

import pytest

from orders.audit.tables import Observed
from tests.support.audit_runs import cancelled, invoice, listed, minute, reported, rules, run, statuses
from tests.support.audit_tables import bits, interval

NOT_INVOICED = {"invoice_key": None, "invoiced_start": None, "invoiced_end": None}


@pytest.mark.parametrize(
    ("requests", "aside", "expected"),
    [
        ([cancelled(), listed()], [], []),
        ([cancelled(), listed("B")], [], [("R-5", "must"), ("R-5", "must")]),
        ([cancelled(), listed("B")], [{"source": 3, "order_key": "A"}], [("R-5?", "ask"), ("R-5", "must")]),
        ([cancelled(), listed(), listed("B")], [], [("R-5", "must")]),
        ([cancelled(), listed(), listed("B")], [{"source": 0, "order_key": "B"}], [("R-5?", "ask")]),
        ([cancelled(), listed(), listed("B", cancelled_start=None, cancelled_end=None)], [], [("R-5?", "ask")]),
        ([cancelled(carried_out=Observed.NO), listed()], [], [("R-5", "must")]),
        ([cancelled(), listed(**interval("cancelled", "02-07-2026 09:00", "%d-%m-%Y %H:%M", timedelta(minutes=1)))], [], [("R-5", "must")]),
        ([cancelled(scope=2), listed("B")], [], [("R-5", "must")]),
        ([cancelled(**NOT_INVOICED, **minute("posted", 4, 13)), listed("B")], [], [("R-5", "must")]),
        ([cancelled(**NOT_INVOICED, **minute("posted", 4, 12)), listed("B")], [], [("R-5?", "ask"), ("R-5", "must")]),
        ([cancelled(invoicing=bits("invoicing", "RMS")), listed("B")], [], [("R-5", "must")]),
        ([cancelled(invoicing=bits("invoicing", "ERP", "RMS")), listed("B")], [], [("R-5", "must")]),
    ],
    ids=[
        "same",
        "missing",
        "set-aside",
        "unknown",
        "unknown-set-aside",
        "unknown-undated",
        "extra",
        "outside-its-range",
        "a-part",
        "posted-after-it",
        "posted-in-its-minute",
        "rms",
        "perhaps-rms",
    ],
)
def test_the_vms_report_is_compared_with_the_orders(requests, aside, expected):
    assert rules(run(requests, [], aside), "R-5") == expected


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([reported(outside="JIT")], [2]),
        ([reported(outside="JIT"), reported(outside="JIT")], [2]),
        ([reported(outside="JIT"), reported()], []),
        ([reported(), reported("B", outside="JIT")], []),
    ],
    ids=["outside", "all-outside", "both", "another-order"],
)
def test_an_order_that_another_source_has_as_outside_is_not_decided(reports, expected):
    result = run([cancelled(), *reports], [invoice()])

    assert [row["seen"][0]["row"] for row in result.findings.to_pylist() if row["rule"] == "C-7"] == expected
    assert statuses(result) == ([] if expected else ["open"])
    assert rules(run([cancelled(), listed(), *reports]), "R-5") == []


def test_one_id_is_one_order():
    assert rules(run([cancelled(), cancelled(units=2)]), "R-8") == [("R-8", "must")]
    assert rules(run([cancelled(), cancelled(units=2, location="X")]), "R-8") == []
    assert rules(run([cancelled(po_key="P"), cancelled("B", po_key="P")]), "R-8") == [("R-8", "must")]
    assert rules(run([cancelled(po_key="P"), cancelled("B", po_key="Q")]), "R-8") == []
