"""Rules on errors at packing and on cancellations turned away, each in a run that has just what it needs."""

from datetime import date

from orders.audit.tables import Observed
from tests.support.audit_runs import cancelled, duties, failed_at_packing, minute, rules, run, whole
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
