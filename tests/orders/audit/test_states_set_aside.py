"""An e-invoice whose row is set aside in a file with the state of documents: it can be cancelled, and then its credit note is a question."""

import pytest

from tests.support.audit_runs import ERP, cancelled, invoice, minute, note, rules, run, statuses

AT_PORTAL = [{"source": 2, "number_key": "I-A"}]
IN_ERP = [{"source": 1, "number_key": "I-A"}]
WITH_STATES = {"erp_has": (*ERP["has"], "counts")}


@pytest.mark.parametrize(
    ("documents", "aside", "options", "expected", "status"),
    [
        ([invoice()], AT_PORTAL, {}, [("D-1?", "ask")], "uncertain"),
        ([invoice(irn_cancelled=True, source=2, value_paise=None), invoice()], AT_PORTAL, {}, [("D-8", "ask")], "question"),
        ([invoice(), note()], AT_PORTAL, {}, [], "done"),
        ([invoice(), invoice("B")], [{"source": 2, "number_key": "I-B"}], {}, [("D-1", "must")], "open"),
        ([invoice()], [{"source": 2, "number_key": "N", "original_key": "I-A"}], {}, [("D-1?", "ask")], "uncertain"),
        ([], IN_ERP, {}, [("D-1", "must")], "open"),
        ([], IN_ERP, WITH_STATES, [("D-1?", "ask")], "uncertain"),
        ([invoice()], IN_ERP, WITH_STATES, [("D-1", "must")], "open"),
    ],
    ids=["portal", "cancelled", "credited", "another", "a-note", "no-states", "erp", "further-line"],
)
def test_a_state_that_cannot_be_read_can_be_cancelled(documents, aside, options, expected, status):
    result = run([cancelled()], documents, aside, **options)

    assert rules(result, "D-1", "D-8") == expected
    assert statuses(result) == [status]


def test_the_finding_names_the_row():
    (finding,) = run([cancelled()], [invoice()], AT_PORTAL).findings.to_pylist()

    assert (
        "is due if the e-invoice stands. It is uncertain whether there is a cancellation of the e-invoice: irp.csv row 202 was set aside."
        in finding["text"]
    )
    assert finding["remedy"] == "Correct the row set aside and audit again."


def test_a_late_e_invoice_can_be_cancelled_too():
    late = cancelled(invoice_key=None, invoiced_start=None, invoiced_end=None)
    result = run([late], [invoice(**minute("dated", 9))], AT_PORTAL)

    assert rules(result) == [("R-2?", "ask")]
    assert "irp.csv row 202 was set aside" in result.findings.to_pylist()[0]["text"]
