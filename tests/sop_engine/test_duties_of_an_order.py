"""A task becomes a duty of the order when it falls due, once, and is done while it is due."""

from dataclasses import replace

import pytest

from sop_engine import (
    Canceller,
    Case,
    Decision,
    EInvoice,
    Invoicing,
    Modality,
    Outcome,
    Reading,
    Scope,
    Stage,
    Task,
    TaskKey,
    Timing,
    decide,
)
from sop_engine.order import Duty, Order, OrderEvent
from tests.support.order_steps import AT, BEFORE, LATER, refused


def test_packing_notices_what_ajio_cancelled_in_part() -> None:
    for e_invoice in EInvoice:
        order = Order("A1", Invoicing.ERP, 3, 3, Stage.PROCESSING, e_invoice, pending_partial=1, history=BEFORE)
        decision = decide(Case(Canceller.AJIO, Scope.PARTIAL, Invoicing.ERP, Stage.PROCESSING, e_invoice))
        musts = [task.task for task in decision.tasks or () if task.modality is Modality.MUST]
        assert musts[:2] == ["ask-ajio-to-cancel", "cancel-in-assure"]

        duties = tuple(Duty(task, AT, decision.task_by[task]) for task in musts)
        assert [duty.because for duty in duties] == [("AC-ERP-PART-1.1",), ("AC-ERP-PART-1.2",), ("AC-ERP-PART-1.4a", "AC-ERP-PART-1.4b")][
            : len(musts)
        ]
        assert order.pack(AT) == replace(order, packing_error=True, duties=duties, history=(*BEFORE, OrderEvent("packing error", AT)))


def test_a_task_becomes_a_duty_when_it_falls_due(monkeypatch: pytest.MonkeyPatch) -> None:
    now, later = (
        Task(Modality.MUST, key, "seller", "ERP", when)
        for key, when in ((TaskKey.CREDIT_NOTE, Timing.NOW), (TaskKey.CANCEL_IN_ASSURE, Timing.WHEN_PACKING_FAILS))
    )

    def both(case: Case, reading: Reading = Reading.AS_PRACTISED) -> Decision:
        by = {task.task: (f"C-{task.task}",) for task in (now, later)}
        return replace(decide(case, reading), tasks=(now, later), task_by=by)

    monkeypatch.setattr("sop_engine.order.decide", both)
    order = Order("A1", Invoicing.ERP, 3, 3, Stage.PROCESSING, EInvoice.PUSHED, history=BEFORE)

    cancelled, _ = order.cancel(Canceller.SELLER, Scope.FULL, at=AT)
    stuck = replace(order, pending_partial=1).pack(AT)

    assert cancelled.duties == (Duty(TaskKey.CREDIT_NOTE, AT, ("C-credit-note",)),)
    assert stuck.duties == (Duty(TaskKey.CANCEL_IN_ASSURE, AT, ("C-cancel-in-assure",)),)


def test_a_task_is_done_while_it_is_due() -> None:
    duties = (Duty(TaskKey.CREDIT_NOTE, AT, ("SC-1",)), Duty(TaskKey.CANCEL_IN_ASSURE, AT, ("SC-2",)))
    order = Order("A1", Invoicing.ERP, 3, 3, history=BEFORE, duties=duties)

    noted = order.make_credit_note(LATER)

    done = replace(duties[0], done=True, done_at=LATER)
    assert noted == replace(order, duties=(done, duties[1]), history=(*BEFORE, OrderEvent("credit-note done", LATER)))
    assert noted == order.do(TaskKey.CREDIT_NOTE, LATER)
    assert noted.open_duties() == (duties[1],)
    assert order.open_duties() == duties
    task = "make a credit note by hand and keep it in the ERP"
    assert refused(noted.make_credit_note, LATER) == (
        f"cannot {task}: the order is CREATED under ERP with its e-invoice not posted, expected an order with the duty to {task}"
    )
    assert order.make_credit_note().duties[0].done_at is None


@pytest.mark.parametrize("due", [(), ("ask",), ("cancel",), ("ask", "cancel"), ("ask", "cancel", "note")])
@pytest.mark.parametrize("done", [False, True])
def test_cancelling_after_a_packing_error_does_the_steps_that_wait_for_it(due: tuple[str, ...], done: bool) -> None:  # noqa: FBT001
    """The seller's is step two; Ajio's step one, which brings step two about. Neither raises a duty, or does one twice."""
    keys = {"ask": TaskKey.ASK_AJIO_TO_CANCEL, "cancel": TaskKey.CANCEL_IN_ASSURE, "note": TaskKey.CREDIT_NOTE}
    duties = tuple(Duty(keys[word], None, ("GAP-29",), done=done) for word in due)
    order = Order("A1", Invoicing.ERP, 3, 3, Stage.PROCESSING, EInvoice.PUSHED, packing_error=True, duties=duties, history=BEFORE)
    for canceller, steps in ((Canceller.SELLER, ["cancel"]), (Canceller.AJIO, ["ask", "cancel"])):
        ended, decision = order.cancel(canceller, Scope.FULL, at=AT)
        assert decision.outcome is Outcome.ALLOWED

        taken = [keys[word] for word in steps if word in due and not done]
        events = [OrderEvent("cancelled", AT), *(OrderEvent(f"{task} done", AT) for task in taken)]
        assert ended.history == (*BEFORE, *events)
        assert ended.duties == tuple(replace(d, done=True, done_at=AT) if d.task in taken else d for d in duties)
        assert (ended.stage, ended.packing_error) == ("CANCELLED", True)


def test_a_duty_arises_once_whether_it_is_done_or_not() -> None:
    order = Order("A1", Invoicing.ERP, 3, 3, Stage.FULFILLABLE, EInvoice.PUSHED, history=BEFORE)
    for done in (False, True):
        present = (Duty(TaskKey.CREDIT_NOTE, AT, ("GAP-17",), done=done),)
        ended, decision = replace(order, duties=present).cancel(Canceller.SELLER, Scope.FULL, at=LATER)
        others = [t.task for t in decision.tasks or () if t.modality is Modality.MUST and t.task != "credit-note"]
        assert ended.duties[:1] == present
        assert [duty.task for duty in ended.duties[1:]] == others
