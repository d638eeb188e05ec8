"""A document that is connected with two orders closes nothing for certain, and is asked about."""

from tests.support.audit_runs import cancelled, invoice, note, rules, run


def states(result):
    return {row["order_key"]: row["status"] for row in result.duties.to_pylist()}


def test_an_e_invoice_that_the_erp_has_for_one_of_two_orders_closes_only_that():
    result = run([cancelled(), cancelled("B", invoice_key="I-A")], [invoice(), note()])

    assert states(result) == {"A": "done", "B": "uncertain"}
    assert rules(result) == [("R-8", "ask")]


def test_an_e_invoice_of_two_orders_that_no_document_settles_closes_neither():
    for documents in ([], [invoice(order_key=None), note()], [invoice(), invoice(order_key="B"), note()]):
        result = run([cancelled(), cancelled("B", invoice_key="I-A")], documents)
        assert states(result) == {"A": "uncertain", "B": "uncertain"}
        assert ("R-8", "ask") in rules(result)


def test_a_note_for_one_order_with_the_invoice_of_another_closes_neither_for_certain():
    result = run([cancelled(), cancelled("B")], [invoice(), invoice("B"), note(original="I-B", order_key="A")])

    assert states(result) == {"A": "uncertain", "B": "uncertain"}
    assert rules(result) == [("D-1?", "ask"), ("R-8", "ask")]
    assert "names the order A, and credits I-B of the order B" in result.findings.column("text")[1].as_py()


def test_a_note_that_contradicts_itself_is_not_called_superfluous():
    alive = cancelled("B", is_cancellation=False, units_cancelled=0)

    assert rules(run([cancelled(), alive], [invoice(), invoice("B"), note(original="I-A", order_key="B")])) == [("R-8", "ask")]


def test_a_note_that_names_its_own_order_is_no_contradiction():
    assert states(run([cancelled()], [invoice(), note(order_key="A")])) == {"A": "done"}


def test_a_note_for_another_order_with_the_same_e_invoice_closes_the_duty_of_neither():
    """The ERP has the e-invoice for B; its row for A names no order."""
    papers = [invoice("A", number_key="I", order_key=None), invoice("B", number_key="I"), note(original="I", order_key="A")]
    result = run([cancelled(invoice_key="I"), cancelled("B", invoice_key="I")], papers)

    assert states(result) == {"A": "uncertain", "B": "uncertain"}
