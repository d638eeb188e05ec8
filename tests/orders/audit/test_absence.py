"""What a file that does not have a thing proves: nothing, unless it claims to be complete and no row of it is left out."""

from datetime import date, timedelta

import pytest

from orders.audit.tables import Claim
from tests.support import audit_runs
from tests.support.audit_runs import AS_OF, ERP, SOURCES, cancelled, invoice, minute, note, rules, run, statuses
from tests.support.audit_tables import bits, interval


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ((date(2026, 6, 1), AS_OF), ([("D-1", "must")], ["open"])),
        ((date(2026, 6, 1), date(2026, 7, 14)), ([("D-1?", "ask")], ["uncertain"])),
        ((date(2026, 6, 5), AS_OF), ([("D-1?", "ask")], ["uncertain"])),
        ((None, None), ([("D-1?", "ask")], ["uncertain"])),
    ],
    ids=["complete", "ends-before-the-audit", "begins-after-the-duty", "claims-nothing"],
)
def test_a_credit_note_is_missing_only_from_a_file_that_claims_all_days(monkeypatch, claim, expected):
    first, last = claim
    erp = {**ERP, "complete_from": first, "complete_to": last, "complete_of": Claim.DOCUMENTS if first else None}
    monkeypatch.setattr(audit_runs, "SOURCES", [erp if other is ERP else other for other in SOURCES])
    result = run([cancelled()], [invoice()])

    assert (rules(result), statuses(result)) == expected
    assert statuses(run([cancelled()], [invoice(), note()])) == ["done"]


PART = {"units": 2, "units_cancelled": 1, "canceller": bits("canceller", "Ajio"), "stage": bits("stage", "PROCESSING"), "carried_out": 0}


@pytest.mark.parametrize(
    ("aside", "scopes", "status"),
    [
        ([], [2], []),
        ([{"source": 0, "order_key": "A"}], [3], ["uncertain"]),
        ([{"source": 0, "named": ["A"]}], [3], ["uncertain"]),
        ([{"source": 0, "order_key": "B"}], [2], []),
        ([{"source": 1, "order_key": "A"}], [2], []),
    ],
    ids=["none", "the-order", "moved-cells", "another-order", "another-system"],
)
def test_a_request_set_aside_may_have_taken_the_other_units(aside, scopes, status):
    """Half of an order is a part of it, or all that is left."""
    result = run([cancelled(**PART, packing_error=False, **minute("pushed", 4, 11))], [invoice()], aside)

    assert result.context.cancellations.scope.tolist() == scopes
    assert [duty["status"] for duty in result.duties.to_pylist() if "credit" in duty["task"].lower()] == status


def test_a_request_set_aside_changes_nothing_of_one_of_all_units():
    result = run([cancelled()], [invoice()], [{"source": 0, "order_key": "A"}])

    assert result.context.cancellations.scope.tolist() == [1]
    assert statuses(result) == ["open"]


def test_an_order_may_have_been_cancelled_by_a_request_set_aside_unless_its_stage_is_stated():
    unstated = {key: value for key, value in cancelled(**minute("allocated", 4, 8)).items() if key != "stage"}
    stages = [
        run([request], [invoice()], [{"source": 0, "order_key": "A"}]).context.cancellations.stage for request in (unstated, cancelled())
    ]

    assert [bool(stage[0] & bits("stage", "CANCELLED")) for stage in stages] == [True, False]
    assert not run([unstated], [invoice()]).context.cancellations.stage[0] & bits("stage", "CANCELLED")


def test_a_note_after_the_day_of_the_audit_is_named_and_does_not_count():
    result = run([cancelled()], [invoice(), note(day="16-07-2026"), note("M", "I-B", "16-07-2026")])
    [text] = result.findings.column("text").to_pylist()

    assert (rules(result), statuses(result)) == ([("D-1", "must")], ["open"])
    assert "erp.csv row 103" in text
    assert "104" not in text
    assert "complete" not in text
    assert [(row["row"], row["left_out"]) for row in result.dated_later.to_pylist()] == [(103, True), (104, True)]


def test_a_time_after_the_day_of_the_audit_is_counted():
    """The day itself is not after it."""
    late = interval("invoiced", "16-07-2026 00:00", "%d-%m-%Y %H:%M", timedelta(minutes=1))
    on_the_day = interval("invoiced", "15-07-2026 23:59", "%d-%m-%Y %H:%M", timedelta(minutes=1))
    requests = [cancelled(**late), cancelled("B", **on_the_day), cancelled("C", cancelled_start=late["invoiced_start"])]

    assert [(row["row"], row["left_out"]) for row in run(requests).dated_later.to_pylist()] == [(2, False), (4, True)]


def test_all_rows_set_aside_are_named():
    aside = {"source": 1, "order_key": "A"}
    one, two = (run([cancelled()], [invoice()], rows).findings["text"][0].as_py() for rows in ([aside], [aside, aside]))

    assert one.endswith(": erp.csv row 202 was set aside.")
    assert two.endswith(": erp.csv row 202, erp.csv row 203 were set aside.")
