"""Rules on errors at packing and on cancellations turned away, each in a run that has just what it needs."""

from datetime import date

from orders.audit.tables import Observed
from tests.support.audit_runs import cancelled, duties, failed_at_packing, invoice, minute, note, reported, rules, run, whole
from tests.support.audit_tables import bits


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


AJIOS_ROW_ASIDE = [{"source": 6, "order_key": "A"}]


def of_ajio(units_cancelled, units=2, **cells):
    return reported(units=units, units_cancelled=units_cancelled, canceller=None, by_customer=0, by_seller=0, **cells)


def test_a_row_of_ajios_report_that_is_set_aside_leaves_open_whether_ajio_has_cancelled_the_order():
    """Assure OMS has not, which is certain."""
    result = run([failed_at_packing(), {**of_ajio(0), "order_key": "B"}], aside=AJIOS_ROW_ASIDE)

    assert {task: state for task, (state, *_) in duties(result).items()} == {
        "ask-ajio-to-cancel": "uncertain",
        "cancel-in-assure": "open",
        "credit-note": "open",
    }
    (finding,) = [row for row in result.findings.to_pylist() if row["rule"] == "R-4"]
    assert (finding["strength"], finding["cannot_tell"]) == ("must", False)
    assert "It is uncertain how many units Ajio's report has cancelled: a row of it is set aside" in finding["text"]
    assert (1, 202) in [(seen["source"], seen["row"]) for seen in finding["seen"]]


def test_steps_of_which_none_is_certainly_left_are_uncertain():
    """The order is cancelled in Assure OMS and credited; what Ajio's row says is unknown."""
    result = run([failed_at_packing(), whole("seller"), {**of_ajio(0), "order_key": "B"}], [invoice(), note()], AJIOS_ROW_ASIDE)

    assert {task: state for task, (state, *_) in duties(result).items()} == {
        "ask-ajio-to-cancel": "uncertain",
        "cancel-in-assure": "done",
        "credit-note": "done",
    }
    assert rules(result, "C-3", "R-4") == [("C-3?", "ask"), ("R-4?", "ask")]


def test_all_units_of_the_rows_that_were_read_are_not_all_units_of_the_order():
    result = run([failed_at_packing(), of_ajio(2)], aside=AJIOS_ROW_ASIDE)

    assert duties(result)["ask-ajio-to-cancel"][0] == "uncertain"


def test_a_whole_cancellation_by_ajio_in_assure_needs_no_row_of_its_report():
    assert duties(run([failed_at_packing(), whole("Ajio")], aside=AJIOS_ROW_ASIDE))["ask-ajio-to-cancel"][0] == "done"


def test_a_report_of_ajio_without_the_order_has_no_units_of_it():
    result = run([failed_at_packing(), {**of_ajio(0), "order_key": "B"}])

    (text,) = [row["text"] for row in result.findings.to_pylist() if row["rule"] == "R-4"]
    assert "Ajio's report has no row of it" in text
