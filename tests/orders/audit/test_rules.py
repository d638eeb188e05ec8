"""Each rule on documents, systems and returns, in a run that has just what it needs."""

from datetime import date, datetime, timedelta

import pytest

from orders.audit.audit import NoTimeError, audit
from orders.audit.rules.context import Options
from orders.audit.rules.registry import RULES
from orders.audit.rules.vms_lists import cancelled_after_posting, rsi_report
from orders.audit.tables import Claim, Kind, Observed, RowState, System
from orders.log.india import INDIA
from orders.vms_reports import DateRangeError
from sop_engine import ENGINE, Reading
from tests.support.audit_tables import bits, interval, source, tables

AS_OF = date(2026, 7, 15)
OMS = source(
    0, System.OMS, "oms.csv", ("posted", "invoiced", "cancelled", "invoice"), (date(2026, 6, 1), date(2026, 6, 30), Claim.CANCELLATIONS)
)
ERP = source(1, System.ERP, "erp.csv", ("dated", "value_paise"), (date(2026, 6, 1), AS_OF, Claim.DOCUMENTS))
IRP = source(2, System.IRP, "irp.csv", ("dated", "irn_cancelled"))
VMS = source(3, System.VMS, "vms.csv", ("cancelled",), (date(2026, 6, 1), date(2026, 6, 30), Claim.CANCELLATIONS))
WMS = source(4, System.WMS, "returns.csv", ("dated", "quality_check"), (date(2026, 6, 1), AS_OF, Claim.RETURNS))
RSI = source(5, System.RSI, "rsi.csv", ("dated",), (date(2026, 6, 1), AS_OF, Claim.RETURNS))
AJIO = source(6, System.AJIO, "ajio.csv", ("units", "units_cancelled", "created"), (date(2026, 6, 1), date(2026, 6, 30), Claim.ORDERS))
SOURCES = [OMS, ERP, IRP, VMS, WMS, RSI, AJIO]


def minute(name, day, hour=12):
    start = round(datetime(2026, 6, day, hour, tzinfo=INDIA).timestamp() * 1000)
    return {f"{name}_start": start, f"{name}_end": start + 60_000}


def on(day):
    return interval("dated", day, "%d-%m-%Y", timedelta(days=1))


def cancelled(order="A", **cells):
    """Cancelled in full by the seller on 4 June, with the e-invoice generated."""
    usual = {"invoice_key": f"I-{order}", **minute("posted", 4, 9), **minute("invoiced", 4, 10), **minute("cancelled", 4)}
    return {
        "source": 0, "order_key": order, "order_text": order, "units": 1, "units_cancelled": 1, "is_cancellation": True,
        "canceller": bits("canceller", "seller"), "invoicing": bits("invoicing", "ERP"), "stage": bits("stage", "FULFILLABLE"),
        "carried_out": Observed.YES, **usual, **cells,
    }  # fmt: skip


def document(kind, number, day="05-06-2026", **cells):
    return {"source": 1, "kind": kind, "number_key": number, "number_text": number, **on(day), "value_paise": 1000, **cells}


def invoice(order="A", **cells):
    return document(Kind.INVOICE, f"I-{order}", "04-06-2026", **{"order_key": order, **cells})


def note(number="N", original="I-A", day="05-06-2026", **cells):
    return document(Kind.CREDIT_NOTE, number, day, **{"original_key": original, **cells})


def back(order="A", **cells):
    """A line of the report of returns."""
    return {"source": 4, "kind": Kind.RETURN, "order_key": order, **on("20-06-2026"), "units": 1, "quality_check": "pass", **cells}


def line(order="A", **cells):
    """A line of the RSI report."""
    return {"source": 5, "kind": Kind.RSI, "order_key": order, **on("21-06-2026"), "units": 1, **cells}


def run(requests=(), documents=(), aside=(), **options):
    """An audit of `run_tables`."""
    of_run = run_tables(requests, documents, aside, options.pop("with_sources", ()))
    return audit(of_run, AS_OF, options.pop("reading", Reading.AS_PRACTISED), Options(**options))


def run_tables(requests=(), documents=(), aside=(), with_sources=()):
    """Tables of rows that are numbered from 2 within each; sources without rows are left out, except those in *with_sources*."""
    named = {row["source"] for row in (*requests, *documents, *aside)} | set(with_sources)
    chosen = [of_source for of_source in SOURCES if of_source["source"] in named]
    numbers = {of_source["source"]: place for place, of_source in enumerate(chosen)}
    placed = [
        [{**row, "source": numbers[row["source"]], "row": number} for number, row in enumerate(rows, first)]
        for rows, first in ((requests, 2), (documents, 102), (aside, 202))
    ]
    rows = [{"source": row["source"], "row": row["row"], "state": RowState.USED} for row in (*placed[0], *placed[1])]
    rows += [{**row, "state": RowState.SET_ASIDE} for row in placed[2]]
    sources = [{**of_source, "source": numbers[of_source["source"]]} for of_source in chosen]
    return tables(sources, placed[0], placed[1], rows)


def rules(result, *of):
    """The findings, of some rules only if they are named: id, with `?` if it is uncertain, and strength."""
    rows = [row for row in result.findings.to_pylist() if not of or row["rule"] in of]
    return [(row["rule"] + ("?" if row["cannot_tell"] else ""), row["strength"]) for row in rows]


def statuses(result):
    return [row["status"] for row in result.duties.to_pylist()]


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

    assert finding["text"].startswith(f"N credits the e-invoice, and {why}: ")
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
    """The law asks for a number that is unique within a year only."""
    rows = [cancelled(), cancelled("B")]
    documents = [invoice(), invoice("B"), note(original="I-B"), note(day="05-03-2026")]

    assert statuses(run(rows, documents)) == ["done", "done"]
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
    of_portal = {**note(), "source": 2, "original_key": None}
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

    assert rules(run([order], [invoice("Z", **on(day))], aside), "R-3") == expected


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


def listed(order="A", **cells):
    return {**cancelled(order), "source": 3, **cells}


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
    ],
    ids=["same", "missing", "set-aside", "unknown", "unknown-set-aside", "unknown-undated", "extra", "outside-its-range", "a-part"],
)
def test_the_vms_report_is_compared_with_the_orders(requests, aside, expected):
    assert rules(run(requests, [], aside), "R-5") == expected


def reported(order="A", **cells):
    """A row of Ajio's report about what Assure's row has cancelled."""
    return {**cancelled(order), "source": 6, "invoice_key": None, **cells}


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


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([line(), back()], []),
        ([line(), back("B")], [("T-1", "must"), ("T-1", "info")]),
        ([back(quality_check="not recorded"), line("A")], [("T-3", "ask")]),
        ([back(quality_check="missing"), line(), document(Kind.GRN, "G", order_key="A")], [("T-3", "ask")]),
        ([back(unit_key="1"), back(unit_key="1"), line()], [("T-4", "must"), ("T-4", "must")]),
        ([back(units=2), line()], [("T-4", "must")]),
        ([back(), line(), note(original=None, order_key="A")], [("T-5", "ask")]),
        ([back(), line(), document(Kind.GRN, "G", order_key="A", **on("25-06-2026"))], [("T-2", "info")]),
    ],
    ids=["agree", "one-sided", "unchecked", "missing-unit", "unit-twice", "too-many", "note-too", "no-po"],
)
def test_returns(documents, expected):
    sold = {**cancelled(), "is_cancellation": False, "units_cancelled": 0}
    found = [pair for pair in rules(run([sold], documents)) if pair[0][0] == "T"]

    assert sorted(found) == sorted(expected)


def test_a_missing_grn_counts_only_for_a_client_that_books_returns_in_its_erp():
    sold = {**cancelled(), "is_cancellation": False, "units_cancelled": 0}
    documents = [back(), line(), document(Kind.GRN, "G", order_key="A")]

    assert rules(run([sold], documents, stock_in_erp=True), "T-2") == [("T-2", "must")]


def test_the_report_of_cancelled_orders_names_the_orders_that_it_cannot_place():
    undated = {key: value for key, value in cancelled("B").items() if not key.startswith("cancelled")}
    result = run([cancelled(), undated, cancelled("C", **minute("cancelled", 6))], [], [{"source": 0, "order_key": "D"}])

    report = cancelled_after_posting(result.context, date(2026, 6, 4), date(2026, 6, 5))

    assert [(row.order, row.canceller, row.stage, row.invoice) for row in report.rows] == [("A", "seller", "FULFILLABLE", "I-A")]
    assert [left.order_id for left in report.left_out] == ["B", "D"]
    with pytest.raises(DateRangeError):
        cancelled_after_posting(result.context, date(2026, 6, 5), date(2026, 6, 4))


def test_the_rsi_report_lists_units_with_a_quality_check():
    result = run([cancelled()], [back(), back("B", quality_check="not recorded"), back(None, unit_key="9")])
    report = rsi_report(result.context)

    assert [(row.order, row.quality_check) for row in report.rows] == [("A", "pass")]
    assert len(report.left_out) == 1


def test_every_rule_rests_on_what_the_register_has():
    known = {statement.id for statement in ENGINE.rulebook.clauses} | {gap.id for gap in ENGINE.rulebook.gaps}
    words = {"law", "ours", "flow", "silent"}

    assert list(RULES) == [f"C-{n}" for n in range(1, 10)] + [f"D-{n}" for n in range(1, 10)] + [f"R-{n}" for n in range(1, 9)] + [
        f"T-{n}" for n in range(1, 6)
    ]
    assert {name for rule in RULES.values() for name in rule.grounded} - words <= known


def test_without_a_day_the_latest_in_the_files_is_taken():
    parts = tables([OMS], [{**cancelled(), "row": 2}])

    assert (audit(parts).as_of, audit(parts).as_of_given) == (date(2026, 6, 4), False)
    with pytest.raises(NoTimeError, match="--as-of"):
        audit(tables([OMS]))


def failed_at_packing(**cells):
    """A part cancelled by Ajio, found at packing on 5 June."""
    part = {"units": 2, "canceller": bits("canceller", "Ajio"), "carried_out": Observed.NO, "packing_error": True}
    return cancelled(**{**part, "stage": bits("stage", "PROCESSING"), **minute("pushed", 4, 11), **minute("cancelled", 5), **cells})


def whole(who, day=8):
    return cancelled(
        units=2, units_cancelled=2, canceller=bits("canceller", who), stage=bits("stage", "PROCESSING"), **minute("cancelled", day)
    )


def duties(result):
    return {row["task"]: (row["status"], row["since"], row["cancelled_on"]) for row in result.duties.to_pylist()}


def test_the_seller_does_step_two_after_a_packing_error():
    """The age then counts from the cancellation, and the duty from the error."""
    error, end = date(2026, 6, 5), date(2026, 6, 8)
    result = run([failed_at_packing(), whole("seller")])

    assert duties(result) == {
        "ask-ajio-to-cancel": ("open", error, end),
        "cancel-in-assure": ("done", error, end),
        "credit-note": ("open", error, end),
    }
    assert rules(result) == [("C-3", "must")]


def test_ajios_cancellation_is_step_one_and_reaches_assure():
    """What is left is the credit note alone, and so it is D-1."""
    result = run([failed_at_packing(), whole("Ajio")])

    assert {task: state[0] for task, state in duties(result).items()} == {
        "ask-ajio-to-cancel": "done",
        "cancel-in-assure": "done",
        "credit-note": "open",
    }
    assert rules(result) == [("D-1", "must")]


def test_the_error_at_packing_can_have_a_time_of_its_own():
    late = failed_at_packing(**minute("packing_failed", 7), **minute("pushed", 6), **minute("invoiced", 6, 9))

    assert {task: since for task, (_, since, _) in duties(run([late])).items()} == dict.fromkeys(duties(run([late])), date(2026, 6, 7))
    assert "credit-note" in duties(run([late]))


def test_an_error_at_packing_that_the_sop_does_not_know_is_a_question():
    assert ("C-3", "ask") in rules(run([failed_at_packing(invoicing=bits("invoicing", "RMS"))]))


def test_a_part_that_ajio_has_taken_out_is_a_question_and_a_mere_request_is_not():
    assert rules(run([failed_at_packing(packing_error=False, carried_out=Observed.YES)])) == [("C-3", "ask")]
    assert rules(run([failed_at_packing(packing_error=False, carried_out=Observed.UNKNOWN)])) == [("C-3", "info")]


def test_a_cancellation_that_was_turned_away_though_allowed():
    assert rules(run([cancelled(carried_out=Observed.NO)])) == [("C-4", "must")]
    assert rules(run([cancelled(carried_out=Observed.NO, stage=bits("stage", "PACKED"))])) == []
