"""What a file that does not have a thing proves: nothing, unless it claims to be complete and no row of it is left out."""

from datetime import date

import pytest

from orders.audit.tables import Claim
from tests.orders.audit import test_rules
from tests.orders.audit.test_rules import AS_OF, ERP, SOURCES, cancelled, invoice, note, rules, run, statuses


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
    monkeypatch.setattr(test_rules, "SOURCES", [erp if other is ERP else other for other in SOURCES])
    result = run([cancelled()], [invoice()])

    assert (rules(result), statuses(result)) == expected
    assert statuses(run([cancelled()], [invoice(), note()])) == ["done"]
