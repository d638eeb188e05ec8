"""Rules on credit notes, each in a run that has just what it needs."""

from datetime import date, timedelta

import pytest

from tests.support.audit_runs import back, cancelled, invoice, note, rules, run, statuses
from tests.support.audit_tables import interval


@pytest.mark.parametrize(
    ("notes", "findings", "status"),
    [
        ([], [("D-1", "must")], "open"),
        ([note()], [], "done"),
        ([note(value_paise=400)], [("D-3", "must")], "partly done"),
        ([note("N1", value_paise=400), note("N2", value_paise=600)], [], "done"),
        ([note(value_paise=1500)], [("D-3", "must")], "done"),
        ([note("N1"), note("N2")], [("D-4", "must")], "done"),
        ([note(counts=False)], [("D-1", "must")], "open"),
        ([note(cancelled=True)], [("D-1", "must")], "open"),
        ([note(original="i-a")], [("D-1", "must"), ("R-7", "must")], "open"),
        ([note(day="03-06-2026")], [("D-5", "ask")], "done"),
        ([note(original=None, order_key="A")], [("D-1", "must"), ("D-6", "ask")], "open"),
        ([note(shared_with_ajio=True)], [("D-9", "info")], "done"),
        ([note(), note(original="I-B", order_key="B", day="06-06-2026")], [("D-1", "must"), ("D-7", "must"), ("R-7", "must")], "open"),
    ],
    ids=[
        "none",
        "whole",
        "part",
        "two-halves",
        "excess",
        "second",
        "draft",
        "void",
        "other-case",
        "early",
        "no-invoice",
        "shared",
        "twice",
    ],
)
def test_what_credits_an_invoice(notes, findings, status):
    """Numbers are compared exactly, and a number that two notes have closes nothing."""
    result = run([cancelled()], [invoice(), *notes])

    assert sorted(rules(result)) == sorted(findings)
    assert statuses(result) == [status]


def test_a_row_set_aside_that_names_the_invoice_or_the_order_stands_in_the_way():
    for named in ({"original_key": "I-A"}, {"order_key": "A"}):
        result = run([cancelled()], [invoice()], [{"source": 1, "number_key": "N", **named}])
        assert rules(result) == [("D-1?", "ask")]
        assert statuses(result) == ["uncertain"]


def test_a_row_set_aside_that_is_the_invoice_itself_does_not():
    assert statuses(run([cancelled()], [], [{"source": 1, "number_key": "I-A", "order_key": "A"}])) == ["open"]


def test_an_unknown_value_leaves_open_whether_a_note_is_whole():
    result = run([cancelled()], [note()])

    assert rules(result, "D-3", "D-1") == [("D-3?", "ask")]
    assert statuses(result) == ["uncertain"]


@pytest.mark.parametrize(
    ("documents", "aside", "why"),
    [
        ([note()], [], "no file has the value of the e-invoice"),
        ([note()], [{"source": 1, "number_key": "I-A", "order_key": "A"}], "the row of the e-invoice was set aside"),
        ([invoice(), note(value_paise=None)], [], "N has no value"),
    ],
)
def test_the_question_says_which_value_is_not_there(documents, aside, why):
    result = run([cancelled()], documents, aside)
    [finding] = [row for row in result.findings.to_pylist() if row["rule"] == "D-3"]

    assert finding["text"].startswith(f"N credits the e-invoice, and it is uncertain whether it is credited in full, as {why}.")
    assert len([seen for seen in finding["seen"] if seen["text"] == "set aside"]) == len(aside)
    assert why in result.duties.to_pylist()[0]["remark"]


def test_without_a_value_a_second_note_is_not_called_superfluous():
    assert rules(run([cancelled()], [note("N1"), note("N2")])) == [("D-3?", "ask")]
    assert rules(run([cancelled()], [invoice(), note("N1", value_paise=None), note("N2")])) == [("D-3?", "ask")]


def test_a_note_of_no_value_credits_an_invoice_of_no_value():
    free = [invoice(value_paise=0), note(value_paise=0)]

    assert (rules(run([cancelled()], free)), statuses(run([cancelled()], free))) == ([], ["done"])
    assert rules(run([cancelled()], [*free, note("N2")])) == [("D-4", "must")]


def test_the_lines_of_one_note_are_one_note():
    assert statuses(run([cancelled()], [invoice(), note(value_paise=400), note(value_paise=600)])) == ["done"]


def test_the_same_number_in_another_financial_year_is_another_note():
    """The law asks for a number that is unique within a year only. That of March is dated before its e-invoice, which another one can be for."""
    rows = [cancelled(), cancelled("B")]
    documents = [invoice(), invoice("B"), note(original="I-B"), note(day="05-03-2026")]

    assert statuses(run(rows, documents)) == ["uncertain", "done"]
    assert rules(run(rows, documents), "D-7") == []
    assert rules(run(rows, [*documents, note("N", "I-C", "31-03-2026")]), "D-7") == [("D-7", "must")]
    assert rules(run(rows, [*documents, {**note("N", "I-C"), "dated_start": None, "dated_end": None}]), "D-7") == [("D-7", "must")]


def test_one_note_of_one_day_can_credit_two_invoices():
    rows, documents = [cancelled(), cancelled("B")], [invoice(), invoice("B"), note(), note(original="I-B", value_paise=400)]
    result = run(rows, documents)

    assert statuses(result) == ["done", "partly done"]
    assert rules(result) == [("D-3", "must")]
    assert statuses(run(rows, [*documents, {**note(original=None), "source": 2, "cancelled": True}])) == ["open", "open"]
    assert ("D-7", "must") in rules(run(rows, [*documents, note(order_key="A"), note(order_key="B")]))


TWO_ROWS = [invoice(value_paise=700), invoice(value_paise=700)]
"""Two lines of 700 each, or an e-invoice of 700 that is listed twice."""


@pytest.mark.parametrize(
    ("documents", "expected", "status"),
    [
        ([*TWO_ROWS, note(value_paise=700)], [("D-3?", "ask")], "uncertain"),
        ([*TWO_ROWS, note(value_paise=1400)], [], "done"),
        ([*TWO_ROWS, note(value_paise=700), note(value_paise=700)], [], "done"),
        ([*TWO_ROWS, note(value_paise=600)], [("D-3", "must")], "partly done"),
        ([*TWO_ROWS, {**invoice(value_paise=1400), "source": 2}, note(value_paise=700)], [("D-3", "must")], "partly done"),
        ([*TWO_ROWS, {**invoice(value_paise=700), "source": 2}, note(value_paise=700)], [], "done"),
        ([{**row, "source": 2} for row in TWO_ROWS] + [note(value_paise=700)], [], "done"),
        ([invoice(value_paise=700), {**invoice(value_paise=1400), "source": 2}, note(value_paise=700)], [("D-3?", "ask")], "uncertain"),
        ([invoice(value_paise=1400), {**invoice(value_paise=700), "source": 2}, note(value_paise=1400)], [("D-3?", "ask")], "uncertain"),
        ([invoice(value_paise=700), invoice(value_paise=300), note(value_paise=700)], [("D-3", "must")], "partly done"),
        ([invoice(), note(counts=False), {**note(), "source": 2, "original_key": None}], [("D-3?", "ask")], "uncertain"),
    ],
    ids=["listed-twice-or-lines", "both", "as-often", "neither", "the-portal-has-both", "the-portal-has-one", "rates", "two-values", "two-values-more", "lines", "void-in-one"],
)  # fmt: skip
def test_rows_of_one_e_invoice_are_its_lines_or_each_have_the_whole_value(documents, expected, status):
    for reverse in (False, True):
        result = run([cancelled()], documents[::-1] if reverse else documents)

        assert (rules(result), statuses(result)) == (expected, [status])


def test_a_note_that_two_systems_list_is_one_note():
    of_portal = {**note(), "source": 2, "original_key": None, "irn_cancelled": False}
    assert rules(run([cancelled()], [invoice(), note(), of_portal])) == []
    assert rules(run([cancelled()], [invoice(), note(), {**of_portal, "value_paise": 900}])) == [("D-3?", "ask")]


def test_a_credit_note_for_an_order_that_lives_is_superfluous():
    alive = {**cancelled(), "is_cancellation": False, "units_cancelled": 0, "source": 6}

    assert rules(run([alive], [invoice(), note()])) == [("D-4", "must")]
    assert rules(run([alive], [invoice(), note(), back()]), "D-4") == []
    assert rules(run([alive], [invoice(), note()], [{"source": 0, "order_key": "A"}]), "D-4") == [("D-4?", "ask")]


def test_a_credit_note_for_a_cancellation_without_e_invoice_is_superfluous():
    without = {key: value for key, value in cancelled().items() if not key.startswith("invoice")}

    assert ("D-4", "must") in rules(run([without], [note(original=None, order_key="A")]))


def test_the_deadline_of_the_law_is_a_finding_and_the_reminder_is_in_the_duty():
    old = {**cancelled(), **interval("invoiced", "10-03-2025 10:00", "%d-%m-%Y %H:%M", timedelta(minutes=1))}
    result = run([old])

    assert rules(result) == [("D-1", "must"), ("D-2", "must")]
    assert [row["urgency"] for row in result.duties.to_pylist()] == ["overdue"]
    assert [row["urgency"] for row in run([cancelled()]).duties.to_pylist()] == ["reminder"]


def test_the_annual_return_ends_the_time():
    assert ("D-2", "must") in rules(run([cancelled()], annual_returns={2027: date(2026, 7, 1)}))


def test_an_irn_cancelled_at_the_portal_makes_the_duty_a_question():
    result = run([cancelled()], [invoice(), {**invoice(), "source": 2, "irn_cancelled": True, "value_paise": None}])

    assert rules(result) == [("D-8", "ask")]
    assert statuses(result) == ["question"]
    assert result.findings.column("gaps").to_pylist() == [["GAP-48"]]
