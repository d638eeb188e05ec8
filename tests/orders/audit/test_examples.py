"""The three example files, alone and together: every finding and duty of the specification of the audit, and nothing more."""

from datetime import date

import pytest

from orders.audit.audit import audit
from sop_engine import Reading
from tests.support.audit_tables import ajio, assure, daybook, joined

AS_OF = date(2026, 7, 15)
PACKING = {"ask-ajio-to-cancel", "cancel-in-assure"}


def audited(*parts):
    return audit(joined(*(part() for part in parts)), AS_OF)


def findings(result):
    """Rule, order and document of each finding, with `?` where it is uncertain."""
    return {(row["rule"] + ("?" if row["cannot_tell"] else ""), row["order_text"], row["document"]) for row in result.findings.to_pylist()}


def credit_notes(result, *columns):
    return {row["order_text"]: tuple(row[name] for name in columns) for row in result.duties.to_pylist() if row["task"] == "credit-note"}


def rows_of(result, rule, order):
    """The rows that the findings of *rule* about *order* rest on, in the order of the findings."""
    return [
        [(seen["source"], seen["row"]) for seen in row["seen"]]
        for row in result.findings.to_pylist()
        if (row["rule"], row["order_text"]) == (rule, order)
    ]


OMS_ALONE = {
    ("R-1", "FN0001", None),
    ("D-1", "FN0002", "INV-002"),
    ("C-5", "FN0002", None),
    ("D-1", "FN0003", "INV-003"),
    ("C-1", "FN0004", None),
    ("C-8", "FN0004", "INV-004"),
    ("C-2", "FN0006", None),
    ("D-1", "FN0008", "INV-008"),
    ("C-3", "FN0009", None),
    ("R-1", "FN0013", None),
    ("C-7", "FN0014", None),
}
"""FN0013 is posted and not invoiced in PROCESSING: R-1 says that this is off the regular way."""

BOTH_SYSTEMS = {(rule, order, None) for rule, order in (("R-4", f"FN00{number}") for number in ("04", "06", "09", "13", "14", "15"))} | {
    ("R-4?", order, None) for order in ("FN0010", "FN0011", "FN0012")
}


def test_the_export_of_assure_alone():
    result = audited(assure)

    assert findings(result) == OMS_ALONE
    assert credit_notes(result, "status", "urgency", "invoice", "since", "days", "reminder_on", "overdue_on") == {
        "FN0002": ("open", "reminder", "INV-002", date(2026, 6, 4), 41, date(2026, 7, 4), date(2027, 12, 1)),
        "FN0003": ("open", "due", "INV-003", date(2026, 6, 20), 25, date(2026, 7, 20), date(2027, 12, 1)),
        "FN0008": ("open", "reminder", "INV-008", date(2026, 6, 4), 41, date(2026, 7, 4), date(2027, 12, 1)),
        "FN0009": ("open", "reminder", "INV-009", date(2026, 6, 5), 40, date(2026, 7, 5), date(2027, 12, 1)),
    }
    others = [(row["order_text"], row["task"], row["status"]) for row in result.duties.to_pylist() if row["task"] != "credit-note"]
    assert set(others) == {("FN0009", task, "open") for task in PACKING}
    assert len(others) == 2
    assert result.against_the_sop == 2
    assert len(result.open_credit_notes) == 4
    assert [row["rule"] for row in result.findings.to_pylist()].count("C-6") == 0


def test_each_answer_of_the_export_of_assure_is_that_of_the_sop():
    answers = {row["row"]: (row["outcome"], row["credit_note"]) for row in audited(assure).answers.to_pylist()}

    assert answers == {
        2: ("allowed", "not due"),
        3: ("allowed", "due"),
        4: ("allowed", "due"),
        5: ("refused", "not due"),
        6: ("fails on screen", "not due"),
        7: ("fails on screen", "not due"),
        8: ("allowed", "not due"),
        9: ("allowed", "due"),
        10: ("fails at packing", "due when packing fails"),
        14: ("without effect", "not due"),
        16: ("allowed", "not due"),
    }


def test_the_citations_are_those_of_the_answers():
    rows = {(row["rule"], row["order_text"]): row for row in audited(assure).findings.to_pylist()}

    assert rows["C-1", "FN0004"]["clauses"] == ["SC-ERP-FULL-3"]
    assert "SC-ERP-PART-1.1.1" in rows["C-2", "FN0006"]["clauses"]
    assert rows["R-1", "FN0001"]["clauses"] == ["SC-ERP-FULL-1a", "SC-ERP-FULL-1.2.1"]
    assert rows["R-1", "FN0001"]["gaps"] == ["GAP-17", "GAP-26"]
    assert rows["C-5", "FN0002"]["gaps"] == ["GAP-37"]
    assert "AC-ERP-FULL-1.1.2a" in rows["D-1", "FN0003"]["clauses"]
    assert "off the regular way" in rows["R-1", "FN0013"]["text"]
    assert "off the regular way" not in rows["R-1", "FN0001"]["text"]


def test_the_orders_that_rows_set_aside_name_are_known():
    context = audited(assure, ajio, daybook).context
    named = {context.evidence.orders.keys[order] for order in context.coverage.orders_aside}

    assert named == {"FN0007", "FN0010", "FN0011", "FN0012", "FN0017", "FN0018", "FN0019"}


def test_the_report_of_ajio_with_the_export_of_assure():
    result = audited(assure, ajio)

    assert findings(result) == OMS_ALONE | BOTH_SYSTEMS
    assert rows_of(result, "R-4", "FN0010") == [[(1, 12), (0, 11)]]
    assert {row["strength"] for row in result.findings.to_pylist() if row["rule"] == "R-4" and row["order_text"] != "FN0009"} == {"ask"}
    assert [row["strength"] for row in result.findings.to_pylist() if (row["rule"], row["order_text"]) == ("R-4", "FN0009")] == ["must"]


def test_all_three_files():
    result = audited(assure, ajio, daybook)
    documents = {
        ("R-2", "FN0001", "INV-001"),
        ("D-4", "FN0002", "CN-002"),
        ("D-3", "FN0008", "CN-004"),
        ("D-6", "FN0009", "CN-007"),
        ("D-4", "FN0016", "CN-005"),
        ("R-7", "FN0099", "CN-003"),
        ("R-3?", "FN0020", "INV-020"),
    }

    gone = {("R-1", "FN0001", None), ("D-1", "FN0002", "INV-002"), ("D-1", "FN0003", "INV-003"), ("D-1", "FN0008", "INV-008")}
    assert findings(result) == (OMS_ALONE - gone) | BOTH_SYSTEMS | documents
    assert credit_notes(result, "status", "done_by", "done_on", "rest_paise", "since", "days") == {
        "FN0001": ("open", None, None, 140_000, date(2026, 7, 9), 41),
        "FN0002": ("done", "CN-001", date(2026, 7, 6), 0, date(2026, 6, 4), 41),
        "FN0003": ("done", "CN-006", date(2026, 7, 11), 0, date(2026, 6, 20), 25),
        "FN0008": ("partly done", "CN-004", None, 1_000_000, date(2026, 6, 4), 41),
        "FN0009": ("open", None, None, 140_000, date(2026, 6, 5), 40),
    }
    assert credit_notes(result, "reminder_on", "overdue_on")["FN0001"] == (date(2026, 7, 4), date(2027, 12, 1))
    assert len(result.open_credit_notes) == 3
    assert rows_of(result, "D-4", "FN0002") == [[(2, 11), (2, 5)]]


def test_the_day_book_alone_says_only_what_it_shows():
    assert findings(audited(daybook)) == {
        ("D-4", "FN0002", "CN-002"),
        ("D-6", "FN0009", "CN-007"),
        ("R-7", "FN0016", "CN-005"),
        ("R-7", "FN0099", "CN-003"),
    }


def test_the_report_of_ajio_alone_leaves_each_cancellation_undecided():
    result = audited(ajio)
    cancelled = {f"FN00{number}" for number in ("01", "02", "03", "07", "08", "09", "10", "15")}

    assert findings(result) == {("C-6?", order, None) for order in cancelled} | {("C-9", "FN0009", None)}
    assert {row["status"] for row in result.duties.to_pylist()} == {"uncertain"}


@pytest.mark.parametrize("order", ["FN0002", "FN0003", "FN0008"])
def test_as_written_the_clauses_alone_still_make_the_credit_note_due(order):
    result = audit(joined(assure()), AS_OF, reading=Reading.AS_WRITTEN)

    assert credit_notes(result, "status")[order] == ("open",)
