"""Rules on e-invoices, each in a run that has just what it needs."""

from datetime import date

import pytest

from tests.support.audit_runs import cancelled, invoice, minute, note, on, rules, run


@pytest.mark.parametrize(("in_erp", "at_portal", "expected"), [(True, False, 1), (False, True, 1), (True, True, 0), (False, False, 0)])
def test_the_erp_and_the_portal_agree_on_what_is_cancelled(in_erp, at_portal, expected):
    documents = [invoice(cancelled=in_erp), {**invoice(), "source": 2, "irn_cancelled": at_portal}]

    assert len(rules(run([cancelled()], documents), "R-6")) == expected


def test_a_late_e_invoice_is_r_2_and_counts_from_the_cancellation():
    late = cancelled(**minute("invoiced", 9))
    [duty] = run([late], [invoice()]).duties.to_pylist()

    assert rules(run([late], [invoice()])) == [("R-2", "must")]
    assert (duty["since"], duty["days"], duty["gaps"]) == (date(2026, 6, 9), 41, ["GAP-17"])


@pytest.mark.parametrize(
    ("day", "aside", "expected"),
    [
        ("10-06-2026", [], [("R-3", "must")]),
        ("10-07-2026", [], [("R-3?", "ask")]),
        ("10-06-2026", [{"source": 6, "order_key": "Z"}], [("R-3?", "ask")]),
    ],
)
def test_an_invoice_of_an_unknown_order_counts_where_the_report_claims_to_be_complete(day, aside, expected):
    order = {**cancelled(), "source": 6, "is_cancellation": False, "units_cancelled": 0}

    assert rules(run([order], [invoice("Z", of_ajio=True, **on(day))], aside), "R-3") == expected


def test_an_invoice_that_can_be_of_another_channel_is_a_question():
    order = {**cancelled(), "source": 6, "is_cancellation": False, "units_cancelled": 0}
    result = run([order], [invoice("Z", **on("10-06-2026"))])

    assert rules(result, "R-3") == [("R-3?", "ask")]
    assert "It can be of another sales channel." in result.findings["text"][0].as_py()


def test_a_packed_order_without_an_invoice():
    packed = {**cancelled(), "source": 6, "is_cancellation": False, "units_cancelled": 0, "channel_status": "delivered"}
    without = {key: value for key, value in packed.items() if not key.startswith("invoice")}

    assert rules(run([without], with_sources=[1]), "R-3") == [("R-3", "must")]
    assert rules(run([packed], with_sources=[1]), "R-3") == []


def test_a_credit_note_of_an_unknown_invoice_counts_only_in_a_complete_source():
    unknown = note(original="I-Z", order_key="Z")

    assert rules(run([], [unknown])) == [("R-7", "must")]
    assert rules(run([], [{**unknown, "source": 2}])) == [("R-7?", "ask")]
    assert rules(run([], [unknown], [{"source": 1, "number_key": "I-Z"}])) == [("R-7?", "ask")]
