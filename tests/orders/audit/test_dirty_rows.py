"""Small dirty inputs of each rule: what it finds, what only looks like it, and what a file that lacks a row proves."""

from datetime import timedelta

import pytest

from orders.audit.tables import ALL, Channel, Kind, Observed
from tests.support.audit_runs import (
    back,
    cancelled,
    document,
    failed_at_packing,
    invoice,
    line,
    listed,
    minute,
    note,
    on,
    reported,
    rules,
    run,
    statuses,
    whole,
)
from tests.support.audit_tables import bits, interval

UNKNOWN, NO = {"carried_out": Observed.UNKNOWN}, {"carried_out": Observed.NO}
PACKED, PROCESSING = {"stage": bits("stage", "PACKED")}, {"stage": bits("stage", "PROCESSING")}
RMS, AJIO, CUSTOMER = (
    {"invoicing": bits("invoicing", "RMS")},
    {"canceller": bits("canceller", "Ajio")},
    {"canceller": bits("canceller", "customer")},
)
NO_INVOICE = {"invoice_key": None, "invoiced_start": None, "invoiced_end": None}
NOT_POSTED = {**NO_INVOICE, "posted_start": None, "posted_end": None}
UNKNOWN_STAGE = {"stage": ALL["stage"]}
AGAIN = cancelled(stage=None, **minute("cancelled", 5))
"""A second request, of an export that does not say what the stage was then."""
PART = {"units": 3, "units_cancelled": 1}


def checked(requests, documents=(), aside=(), **options):
    result = run(requests, documents, aside, **options)
    return sorted(rules(result)), sorted(statuses(result))


def july(name, day=9):
    return interval(name, f"{day:02}-07-2026 10:00", "%d-%m-%Y %H:%M", timedelta(minutes=1))


def cancelling(*cases):
    return pytest.mark.parametrize(("requests", "expected", "duties"), [case[1:] for case in cases], ids=[case[0] for case in cases])


@cancelling(
    ("c1-packed", [cancelled(**PACKED)], [("C-1", "must"), ("C-8", "ask")], []),
    ("c1-packed-rms", [cancelled(**PACKED, **RMS, **NO_INVOICE)], [("C-1", "must")], []),
    ("c1-turned-away", [cancelled(**PACKED, **NO)], [], []),
    ("c1-result-unknown", [cancelled(**PACKED, **UNKNOWN)], [("C-6?", "ask")], []),
    ("c1-stage-unknown", [cancelled(**UNKNOWN_STAGE)], [("C-6?", "ask")], ["uncertain"]),
    ("c2-part-after-posting", [cancelled(**PART)], [("C-2", "must"), ("C-8", "ask")], []),
    ("c2-error-on-screen", [cancelled(**PART, **NO)], [], []),
    ("c2-before-posting", [cancelled(**PART, **NOT_POSTED)], [], []),
    ("c2-result-unknown", [cancelled(**PART, **UNKNOWN)], [("C-6?", "ask")], []),
    ("c2-units-unknown", [cancelled(units=None)], [("C-6?", "ask")], ["uncertain"]),
    ("c3-result-unknown", [failed_at_packing(packing_error=None, **UNKNOWN)], [("C-3?", "ask")], ["uncertain"] * 3),
    ("c3-error-after-the-audit", [failed_at_packing(**july("packing_failed", 20))], [("C-3?", "ask")], ["uncertain"] * 3),
    ("c3-ended", [failed_at_packing(), whole("Ajio")], [("D-1", "must")], ["done", "done", "open"]),
    ("c3-perhaps-ended", [failed_at_packing(), {**whole("Ajio"), **UNKNOWN}], None, ["open", "uncertain", "uncertain"]),
    ("c4-turned-away", [cancelled(**NO)], [("C-4", "must")], []),
    ("c4-result-unknown", [cancelled(**UNKNOWN)], [("C-6?", "ask")], ["uncertain"]),
    ("c4-refused", [cancelled(**PACKED, **NO)], [], []),
    ("c4-nothing-left-to-do", [cancelled(**NOT_POSTED, **UNKNOWN)], [("C-6?", "ask")], []),
    ("c5-again", [cancelled(), AGAIN], [("C-5", "info"), ("D-1", "must")], ["open"]),
    ("c5-again-result-unknown", [cancelled(), {**AGAIN, **UNKNOWN}], [("C-5", "info"), ("D-1", "must")], ["open"]),
    ("c5-first-was-turned-away", [cancelled(**NO), AGAIN], [("C-4", "must"), ("C-6?", "ask")], ["uncertain"]),
    ("c5-first-is-unknown", [cancelled(**UNKNOWN), AGAIN], [("C-6?", "ask")] * 2, ["uncertain"]),
    ("c5-later-at-the-same-stage", [cancelled(), cancelled(**minute("cancelled", 5))], [("C-5", "info"), ("D-1", "must")], ["open"]),
    ("c5-of-other-units", [cancelled(), cancelled(units=2, units_cancelled=2, **minute("cancelled", 5))], [("D-1", "must"), ("R-8", "must")], ["open"]),
    ("c5-in-another-file", [cancelled(), cancelled(source=4, **minute("cancelled", 5))], [("D-1", "must")], ["open"]),
    ("c5-in-the-same-minute", [cancelled(), cancelled(canceller=bits("canceller", "Ajio"))], [("D-1", "must")], ["open"]),
    ("c5-later-and-turned-away", [cancelled(), cancelled(**minute("cancelled", 5), **NO)], [("C-5", "info"), ("D-1", "must")], ["open"]),
    ("c5-either-was-carried-out", [cancelled(**UNKNOWN), cancelled(**minute("cancelled", 5))], [("C-6?", "ask"), ("D-1", "must")], ["open"]),
    ("c7-customer", [cancelled(**CUSTOMER, **NOT_POSTED)], [("C-7", "info")], []),
    ("c7-customer-or-seller", [cancelled(canceller=bits("canceller", "seller", "customer"))], None, ["open"]),
    ("c8-no-invoice", [cancelled(**PACKED, **NO_INVOICE)], [("C-1", "must")], []),
    ("c9-unknown-part", [cancelled(**PART, canceller=ALL["canceller"])], [("C-6?", "ask"), ("C-9", "ask")], []),
    ("c9-unknown-and-packed", [cancelled(**PACKED, canceller=ALL["canceller"])], [("C-1", "must"), ("C-8", "ask")], []),
)  # fmt: skip
def test_rules_of_cancelling(requests, expected, duties):
    actual, states = checked(requests)

    assert states == duties
    assert expected is None or actual == sorted(expected)


def test_each_e_invoice_of_a_refused_cancellation_is_asked_about():
    result = run([cancelled(**PACKED)], [invoice(), document(Kind.INVOICE, "I-2", "04-06-2026", order_key="A")])

    assert sorted(row["document"] for row in result.findings.to_pylist() if row["rule"] == "C-8") == ["I-2", "I-A"]


def negative(**cells):
    return note(negative=True, **cells)


def contra(number="R", **cells):
    return note(number, negative=False, day="08-06-2026", **cells)


OTHER = {"original": "I-B", "order_key": "B"}
USUAL = [invoice(negative=False), negative(), negative(number="M", original="I-Z", order_key="Z"), invoice("Z", negative=False)]
"""An e-invoice with its note, and another note, as a day book gives them: notes with a minus sign."""


def crediting(*cases):
    return pytest.mark.parametrize(
        ("documents", "aside", "expected", "duty"), [case[1:] for case in cases], ids=[case[0] for case in cases]
    )


@crediting(
    ("usual", USUAL, [], [], "done"),
    ("reversed", [*USUAL, contra()], [], [("D-3?", "ask")], "uncertain"),
    ("reversed-in-its-own-rows", [*USUAL, negative() | {"negative": False}], [], [("D-1", "must")], "open"),
    ("reversed-later-with-its-number", [*USUAL, contra("N")], [], [("D-1", "must")], "open"),
    ("only-the-reversal", [USUAL[0], *USUAL[2:], negative(number="L", original="I-Z", order_key="Z", value_paise=0), contra()], [], [("D-1?", "ask"), ("D-3?", "ask")], "uncertain"),
    ("both-signs-elsewhere", [*USUAL, contra(**OTHER)], [], [("D-3?", "ask")], "done"),
    ("void-later", [*USUAL, negative(counts=False, day="09-06-2026")], [], [("D-1", "must")], "open"),
    ("void-undated", [*USUAL, {**negative(counts=False), "dated_start": None, "dated_end": None}], [], [("D-1", "must")], "open"),
    ("draft-before", [*USUAL, negative(counts=False, day="04-06-2026")], [], [], "done"),
    ("void-of-another-number", [*USUAL, negative(number="V", counts=False)], [], [], "done"),
    ("void-without-invoice", [*USUAL, negative(number="V", original=None, order_key="A", counts=False)], [], [], "done"),
    ("void-for-no-invoice", [*USUAL, negative(number="V", original="I-Y", counts=False)], [], [], "done"),
    ("debit-note", [*USUAL, document(Kind.DEBIT_NOTE, "D", original_key="I-A")], [], [("D-3?", "ask")], "uncertain"),
    ("debit-note-for-the-note", [*USUAL, document(Kind.DEBIT_NOTE, "D", original_key="N")], [], [("D-3?", "ask")], "uncertain"),
    ("debit-note-of-the-order", [*USUAL, document(Kind.DEBIT_NOTE, "D", order_key="A")], [], [("D-3?", "ask")], "uncertain"),
    ("debit-note-of-another", [*USUAL, document(Kind.DEBIT_NOTE, "D", original_key="I-Z")], [], [("D-3?", "ask")], "done"),
    ("debit-note-and-no-note", [invoice(), document(Kind.DEBIT_NOTE, "D", original_key="I-A")], [], [("D-1", "must"), ("D-3?", "ask")], "open"),
    ("void-debit-note", [*USUAL, document(Kind.DEBIT_NOTE, "D", original_key="I-A", counts=False)], [], [], "done"),
    ("note-for-the-note", [*USUAL, note("R", "N")], [], [("D-3?", "ask")], "uncertain"),
    ("sale-for-the-note", [*USUAL, document(Kind.INVOICE, "S", original_key="N", order_key="A")], [], None, None),
    ("void-invoice", [invoice(counts=False)], [], [("R-6?", "ask")], "question"),
    ("cancelled-invoice", [invoice(cancelled=True)], [], [("R-6?", "ask")], "question"),
    ("void-and-valid-at-the-portal", [invoice(cancelled=True), {**invoice(), "source": 2, "irn_cancelled": False}], [], [("D-1", "must"), ("R-6", "ask")], "open"),
    ("void-and-cancelled-at-the-portal", [invoice(cancelled=True), {**invoice(), "source": 2, "irn_cancelled": True}], [], [("D-8", "ask")], "question"),
    ("void-and-credited", [invoice(cancelled=True), note()], [], [], "done"),
    ("credited-and-its-note-aside", USUAL, [{"source": 1, "number_key": "N"}], [("D-3?", "ask")], "uncertain"),
    ("credited-and-its-order-aside", USUAL, [{"source": 1, "number_key": "N9", "order_key": "A"}], [("D-3?", "ask")], "uncertain"),
    ("credited-and-its-invoice-aside-as-original", USUAL, [{"source": 1, "original_key": "I-A"}], [("D-3?", "ask")], "uncertain"),
    ("credited-and-another-row-aside", USUAL, [{"source": 1, "number_key": "N9", "order_key": "Q"}], [], "done"),
    ("d1-note-of-the-near-number", [invoice(), note(original="1-A")], [], [("D-1", "must"), ("R-7", "must")], "open"),
    ("d1-aside", [invoice()], [{"source": 1, "original_key": "I-A"}], [("D-1?", "ask")], "uncertain"),
    ("d1-aside-of-another", [invoice()], [{"source": 1, "original_key": "I-Q"}], [("D-1", "must")], "open"),
    ("d3-part", [invoice(), note(value_paise=999)], [], [("D-3", "must")], "partly done"),
    ("d3-paisa-more", [invoice(), note(value_paise=1001)], [], [("D-3", "must")], "done"),
    ("d4-second-smaller", [invoice(), note(), note("N2", value_paise=1)], [], [("D-4", "must")], "done"),
    ("d4-second-on-the-rest", [invoice(), note(value_paise=400), note("N2", value_paise=600)], [], [], "done"),
    ("d5-before-both", [invoice(), note(day="01-06-2026")], [], [("D-5", "ask")], "done"),
    ("d5-earlier-year", [invoice(), note(day="31-03-2026")], [], [("D-5", "ask")], "uncertain"),
    ("d5-same-day", [invoice(), note(day="04-06-2026")], [], [], "done"),
    ("d6-another-value", [invoice(), note(original=None, order_key="A", value_paise=1)], [], [("D-1", "must"), ("D-6", "ask")], "open"),
    ("d7-two-orders", [invoice(), note(), note(original="I-Z", order_key="Z", day="06-06-2026")], [], [("D-1", "must"), ("D-1", "must"), ("D-7", "must")], "open"),
    ("d8-credited", [{**invoice(), "irn_cancelled": True}, note()], [], [], "done"),
    ("d8-unknown", [{**invoice(), "irn_cancelled": None}], [], [("D-1", "must")], "open"),
    ("d9-void", [invoice(), note(), note("V", counts=False, shared_with_ajio=True)], [], [("D-9", "info")], "done"),
)  # fmt: skip
def test_rules_of_crediting(documents, aside, expected, duty):
    """The other order Z is sold and delivered, and its note is that of a return."""
    requests = [cancelled()]
    if any(row.get("order_key") == "Z" for row in documents):
        requests.append(cancelled("Z"))
    result = run(requests, documents, aside)
    actual = sorted(pair for pair in rules(result))
    states = {row["order_key"]: row["status"] for row in result.duties.to_pylist() if row["invoice"] == "I-A"}

    assert states.get("A") == duty or duty is None
    assert expected is None or actual == sorted(expected)


ALIVE = {"is_cancellation": False, "units_cancelled": 0, "carried_out": Observed.UNKNOWN}
STATUS = {"channel_status": Channel.CANCELLED, "canceller": ALL["canceller"], "stage": None, "carried_out": Observed.UNKNOWN}


OF_AJIO = {"of_ajio": True, **on("10-06-2026")}


def sold(order="A", **cells):
    """A row of Ajio's report about an order that lives."""
    return reported(order, **ALIVE, **cells)


def of_ajio(order="A", **cells):
    """A row of Ajio's report about a cancellation; it has neither posting nor e-invoice."""
    return reported(order, **{**NOT_POSTED, "stage": None, **cells})


STEPS = [cancelled(**PART, **NOT_POSTED), cancelled(**PART, **NOT_POSTED, **minute("cancelled", 5))]
"""Two requests of one unit each: two units, or one in all."""
OTHERS = [cancelled("B", **NOT_POSTED), of_ajio("B")]


def between(*cases):
    return pytest.mark.parametrize(
        ("requests", "documents", "aside", "expected"), [case[1:] for case in cases], ids=[case[0] for case in cases]
    )


@between(
    ("r1-watch", [cancelled(**NO_INVOICE)], [], [], [("R-1", "info")]),
    ("r1-result-unknown", [cancelled(**NO_INVOICE, **UNKNOWN)], [], [], [("C-6?", "ask")]),
    ("r1-not-posted", [cancelled(**NOT_POSTED)], [], [], []),
    ("r1-invoice-aside", [cancelled(**NO_INVOICE)], [note("X", "I-X")], [{"source": 1, "order_key": "A"}], [("R-1?", "info"), ("R-7", "must")]),
    ("r2-late", [cancelled(**minute("invoiced", 9))], [], [], [("R-2", "must")]),
    ("r2-after-the-audit", [cancelled(**july("invoiced", 20))], [], [], [("C-6?", "ask")]),
    ("r2-after-the-audit-in-the-erp", [cancelled(**NO_INVOICE)], [invoice(**on("20-07-2026"))], [], [("R-1", "info")]),
    ("r2-after-the-audit-and-in-the-erp", [cancelled(**july("invoiced", 20))], [invoice(**on("09-06-2026"))], [], [("R-2", "must")]),
    ("posted-after-the-audit", [cancelled(**NO_INVOICE, **july("posted", 20))], [], [], []),
    ("packed-after-the-audit", [cancelled(stage=None, **NO_INVOICE, **july("packed", 20))], [], [], [("C-6?", "ask")]),
    ("r3-void-invoice", [sold()], [invoice("Z", counts=False)], [], []),
    ("r3-cancelled-invoice", [sold()], [invoice("Z", cancelled=True)], [], []),
    ("r3-unknown-order", [sold()], [invoice("Z", **OF_AJIO)], [], [("R-3", "must")]),
    ("r3-perhaps-of-another-channel", [sold()], [invoice("Z", **on("10-06-2026"))], [], [("R-3?", "ask")]),
    ("r3-perhaps-of-an-order-of-may", [sold()], [invoice("Z", **{**OF_AJIO, **on("07-06-2026")})], [], [("R-3?", "ask")]),
    ("r3-packed", [sold(channel_status="shipped")], [invoice("A"), invoice("Q", **OF_AJIO)], [], [("R-3", "must")]),
    ("r3-packed-under-rms", [sold(channel_status="shipped", **RMS), sold("Q")], [invoice("Q")], [], []),
    ("r4-agree", [cancelled(), reported()], [invoice(), note()], [], []),
    ("r4-ajio-has-less", [cancelled(**PART, **NOT_POSTED), sold(units=3, **NOT_POSTED)], [], [], [("R-4", "ask")]),
    ("r4-result-unknown", [cancelled(**UNKNOWN), sold()], [], [], [("C-6?", "ask")]),
    ("r4-cancelled-nowhere", [cancelled(**NO, **PACKED), sold()], [], [], []),
    ("r4-in-all", [*STEPS, of_ajio(**PART)], [], [], []),
    ("r4-as-steps", [*STEPS, of_ajio(units=3, units_cancelled=2)], [], [], []),
    ("r4-neither", [*STEPS, sold(units=3, **NOT_POSTED)], [], [], [("R-4", "ask")]),
    ("r4-neither-all", [*STEPS, of_ajio(units=3, units_cancelled=3)], [], [], [("R-4", "ask")]),
    ("r4-status-without-quantity", [*OTHERS, of_ajio(units_cancelled=None, **STATUS)], [], [], [("R-4", "ask")]),
    ("r4-status-agrees", [cancelled(**NOT_POSTED), of_ajio(units_cancelled=None, **STATUS)], [], [], []),
    ("r4-status-contradicts", [cancelled(**NOT_POSTED), of_ajio(units_cancelled=0, **STATUS)], [], [], [("R-4?", "ask")]),
    ("r4-aside", [*OTHERS, of_ajio()], [], [{"source": 0, "order_key": "A"}], [("R-4?", "ask")]),
    ("r5-result-unknown", [cancelled(**UNKNOWN), listed()], [], [], [("C-6?", "ask")]),
    ("r5-near-number", [cancelled("A10"), listed("A1O")], [], [], [("D-1", "must"), ("R-5", "must"), ("R-5", "must")]),
    ("r6-both-valid", [cancelled()], [invoice(cancelled=False), {**invoice(), "source": 2, "irn_cancelled": False}, note()], [], []),
    ("r7-known-by-the-order", [cancelled()], [note()], [], [("D-3?", "ask")]),
    ("r7-of-last-year", [cancelled()], [invoice(), note(), note("N2", "I-Q", "29-04-2026")], [], [("R-7?", "ask")]),
    ("r7-of-an-order", [cancelled(**NO_INVOICE)], [note("N2", "I-Q", "20-04-2026", order_key="A")], [], [("D-4", "must"), ("R-1", "info"), ("R-7", "must")]),
    ("r7-another-day", [cancelled()], [invoice(), note(), note("N2", "I-Q", "01-03-2026")], [], [("R-7?", "ask")]),
    ("r8-units", [cancelled(), cancelled(units=2, stage=None, **minute("cancelled", 5))], [], [], [("C-5", "info"), ("D-1", "must"), ("R-8", "must")]),
    ("r8-models", [cancelled(**PACKED, **NO), cancelled(**RMS, **PACKED, **NO)], [], [], [("R-8", "must")]),
)  # fmt: skip
def test_rules_between_systems(requests, documents, aside, expected):
    assert checked(requests, documents, aside)[0] == sorted(expected)


def at_place(place, **cells):
    return cancelled(location=place, **cells)


@between(
    ("two-orders", [at_place("X"), at_place("Y", invoice_key="I-2", **minute("cancelled", 5))], [], [], ["open", "open"]),
    ("packed-at-one", [at_place("X"), at_place("Y", **PACKED, **minute("cancelled", 5))], [], [], ["open"]),
    ("one-without-invoice", [at_place("X"), at_place("Y", **NOT_POSTED, **minute("cancelled", 5))], [], [], ["open"]),
    ("not-posted-at-one", [at_place("X", stage=None, **NOT_POSTED, **minute("cancelled", 5)), at_place("Y", **ALIVE)], [], [], ["uncertain"]),
    ("error-at-one", [{**failed_at_packing(), "location": "X"}, {**whole("Ajio"), "location": "Y"}], [], [], ["open", "uncertain", "uncertain"]),
)  # fmt: skip
def test_an_order_number_at_two_locations_keeps_the_facts_of_both(requests, documents, aside, expected):
    result = run(requests, documents, aside)

    assert sorted(statuses(result)) == expected
    assert rules(result, "R-8")[-1] == ("R-8", "ask")


def returned(*cases):
    return pytest.mark.parametrize(("documents", "aside", "expected"), [case[1:] for case in cases], ids=[case[0] for case in cases])


GRN = document(Kind.GRN, "G", order_key="A", **on("25-06-2026"))
PO = document(Kind.PO, "P", order_key="A", **on("25-06-2026"))
UNCHECKED, MISSING = {"quality_check": "not recorded"}, {"quality_check": "missing"}


@returned(
    ("t1-no-return", [line(), back("Q", **UNCHECKED)], [], [("T-1", "must")]),
    ("t1-no-return-aside", [line(), back("Q", **UNCHECKED)], [{"source": 4, "order_key": "A"}], [("T-1?", "ask")]),
    ("t1-another-month", [line(**on("21-05-2026")), back("Q", **UNCHECKED)], [], [("T-1?", "ask")]),
    ("t1-not-processed", [back(**UNCHECKED), line("Q"), back("Q")], [], []),
    ("t1-processed", [back(), line("Q"), back("Q")], [], [("T-1", "info")]),
    ("t2-both", [back(), line(), GRN, PO], [], []),
    ("t2-missing-unit", [back(**MISSING), line(), PO], [], []),
    ("t2-no-grn", [back(), line(), PO], [], [("T-2", "info")]),
    ("t2-no-grn-aside", [back(), line(), PO], [{"source": 1, "order_key": "A"}], [("T-2?", "info")]),
    ("t3-checked-by-the-rsi", [{**back(**UNCHECKED), "source": 6}, line(quality_check="pass")], [], []),
    ("t3-unchecked", [back(**UNCHECKED), line()], [], [("T-3", "ask")]),
    ("t3-one-of-two", [back(unit_key="1"), back(unit_key="2", **UNCHECKED), line(unit_key="1"), line(unit_key="2")], [], [("T-3", "ask")]),
    ("t3-one-of-two-checked-and-booked", [back(unit_key="1"), back(unit_key="2", **UNCHECKED), line(unit_key="1")], [], []),
    ("t3-missing-and-booked", [back(**MISSING), line(), GRN, PO], [], [("T-3", "ask")]),
    ("t3-one-missing", [back(unit_key="1"), back(unit_key="2", **MISSING), line(units=2), {**GRN, "units": 1}, PO], [], []),
    ("t3-one-missing-two-booked", [back(unit_key="1"), back(unit_key="2", **MISSING), line(units=2), {**GRN, "units": 2}, PO], [], [("T-3", "ask")]),
    ("t4-unit-twice", [back(unit_key="1"), back(unit_key="1"), line(units=2)], [], [("T-4", "must")]),
    ("t4-two-units", [back(unit_key="1"), back(unit_key="2"), line(units=2)], [], []),
    ("t4-too-many", [back(units=3), line()], [], [("T-4", "must")]),
    ("t5-both", [back(), line(), note(original=None, order_key="A")], [], [("T-5", "ask")]),
    ("t5-void-note", [back(), line(), note(original=None, order_key="A", counts=False)], [], []),
    ("t5-another-order", [back(), line(), note("N", "I-Q")], [], []),
)  # fmt: skip
def test_rules_of_returns(documents, aside, expected):
    result = run([{**cancelled(**ALIVE), "units": 2}], [*documents], aside)

    assert sorted(pair for pair in rules(result) if pair[0][0] == "T") == sorted(expected)


@pytest.mark.parametrize(
    ("own_number", "other_number", "is_near"),
    [("FN0O12", "FN0012", True), ("FN-012", "FN0012", True), ("FN0011", "FN0012", False), ("FNOO12", "FN0012", True)],
    ids=["letter-o", "mark-and-zero", "next-number", "two-letters"],
)
def test_an_id_that_looks_alike_is_suggested_and_closes_nothing(own_number, other_number, is_near):
    orders = run([*OTHERS, cancelled(own_number, **NOT_POSTED), of_ajio(other_number)])
    papers = run(
        [cancelled(invoice_key=other_number)], [invoice(number_key=other_number, number_text=other_number), note(original=own_number)]
    )

    assert rules(orders) == [("R-4", "ask")] * 2
    assert statuses(papers) == ["open"]
    for result, rule in ((orders, "R-4"), (papers, "R-7")):
        texts = [row["text"] for row in result.findings.to_pylist() if row["rule"] == rule]
        assert any(f"{other_number} looks like it" in text for text in texts) is is_near
