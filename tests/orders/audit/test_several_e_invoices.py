"""An order with several e-invoices: each is credited by itself, and one that may be of another order is a question."""

from datetime import date

from orders.audit.tables import Observed
from sop_engine import Reading
from tests.support.audit_runs import cancelled, document, invoice, minute, note, on, rules, run
from tests.support.audit_tables import bits


def second(number="I-2", day="04-06-2026", **cells):
    """Another e-invoice of the order in the ERP."""
    return document("invoice", number, day, **{"order_key": "A", **cells})


def states(result):
    return {row["invoice"]: row["status"] for row in result.duties.to_pylist()}


def test_each_e_invoice_of_the_erp_is_to_be_credited():
    result = run([cancelled()], [invoice(), second(), note()])

    assert states(result) == {"I-A": "done", "I-2": "open"}
    assert rules(result) == [("D-1", "must")]
    assert [row["remark"] for row in result.duties.to_pylist()] == [
        "named for the order too: I-A",
        "named for the order too: I-2",
    ]


def test_each_e_invoice_of_two_rows_is_to_be_credited():
    assert states(run([cancelled(), cancelled(invoice_key="I-2")])) == {"I-A": "open", "I-2": "open"}


def test_a_second_e_invoice_after_the_cancellation_is_late():
    unnumbered = {name: value for name, value in cancelled().items() if not name.startswith("invoice")}
    result = run([unnumbered], [invoice(), second(day="09-06-2026"), note()])
    late = next(row for row in result.duties.to_pylist() if row["invoice"] == "I-2")

    assert states(result) == {"I-A": "done", "I-2": "open"}
    assert rules(result) == [("R-2", "must")]
    assert (late["since"], late["cancelled_on"]) == (date(2026, 6, 9), date(2026, 6, 4))


def test_as_written_a_second_e_invoice_after_the_cancellation_is_a_question():
    result = run([cancelled()], [invoice(), second(day="09-06-2026"), note()], reading=Reading.AS_WRITTEN)

    assert states(result) == {"I-A": "done", "I-2": "question"}


def test_the_earliest_e_invoice_of_the_erp_decides_the_state_at_the_cancellation():
    unnumbered = {name: value for name, value in cancelled().items() if not name.startswith("invoice")}
    result = run([unnumbered], [invoice("A", **on("03-06-2026")), second(day="09-06-2026")])

    assert int(result.context.cancellations.e_invoice[0]) == bits("e_invoice", "generated", "pushed")
    assert {row["invoice"]: row["remark"].startswith("the e-invoice was made after") for row in result.duties.to_pylist()} == {
        "I-A": False,
        "I-2": True,
    }


def test_another_number_in_the_erp_than_in_the_report_of_orders_is_a_question():
    result = run([cancelled()], [second("I-9"), note(original="I-9")])
    [finding] = result.findings.to_pylist()

    assert states(result) == {"I-9": "done", "I-A": "uncertain"}
    assert (finding["rule"], finding["strength"], finding["document"]) == ("D-1", "ask", "I-A")
    assert "names I-A for this order, and the ERP has I-9" in finding["text"]


def test_without_a_note_the_number_of_the_erp_is_due():
    assert states(run([cancelled()], [second("I-9")])) == {"I-9": "open", "I-A": "uncertain"}


def test_a_placeholder_for_a_number_gives_way_to_the_number():
    assert states(run([cancelled(invoice_key="E-INVOICE OF A")], [second("I-9")])) == {"I-9": "open"}


def at_place(place, **cells):
    return cancelled(location=place, **cells)


def test_orders_of_two_locations_have_their_own_e_invoices_and_are_asked_about():
    result = run([at_place("X"), at_place("Y", invoice_key="I-2", **minute("cancelled", 5))])

    assert states(result) == {"I-A": "open", "I-2": "open"}
    assert rules(result, "R-8") == [("R-8", "ask")]


def test_an_e_invoice_of_the_erp_that_can_be_of_either_location_is_a_question():
    unnumbered = {name: value for name, value in cancelled().items() if not name.startswith("invoice")}
    rows = [{**unnumbered, "location": place} for place in ("X", "Y")]

    assert states(run(rows, [invoice(), second()])) == {"I-A": "uncertain", "I-2": "uncertain"}


def test_the_e_invoice_of_a_location_where_the_order_lives_is_not_due():
    alive = at_place("Y", invoice_key="I-2", is_cancellation=False, units_cancelled=0, carried_out=Observed.UNKNOWN)

    assert states(run([at_place("X"), alive], [invoice(), second()])) == {"I-A": "open"}


def test_the_e_invoice_of_one_location_can_be_late():
    late = at_place("Y", invoice_key="I-2", **minute("invoiced", 9))
    result = run([at_place("X"), late])

    assert sorted(rules(result, "D-1", "R-2")) == [("D-1", "must"), ("R-2", "must")]
