"""For a life that `Order` allows, an audit of what its events show has the answers and the duties of the order."""

from datetime import datetime, timedelta
from random import Random

import pytest

from orders.audit.audit import audit
from orders.audit.tables import Claim, Kind, Observed, System
from orders.log.india import INDIA, day_of
from sop_engine import Canceller, Invoicing, Outcome, Scope, TaskKey
from sop_engine.errors import SopError
from sop_engine.order import Order
from tests.support.audit_tables import bits, source, tables

LIVES = 400
BEGIN = datetime(2026, 6, 1, 9, tzinfo=INDIA)
STEPS = ("allocate", "mark_unfulfillable", "post", "generate", "push", "release", "pack", "ready", "dispatch", "cancel", "cancel", "credit")
TIMES = {
    "created": "created",
    "allocated": "allocated",
    "posted": "posted",
    "e-invoice generated": "invoiced",
    "e-invoice pushed": "pushed",
    "released": "released",
    "packed": "packed",
    "ready to dispatch": "ready",
    "dispatched": "dispatched",
    "packing error": "packing_failed",
}


def life(random, number):
    """An order that lives by chance, with a step each minute; also in the same minute, in half of the lives."""
    order = Order.created(f"L{number}", random.choice(list(Invoicing)), random.randint(1, 3), BEGIN)
    apart = random.choice([1, 1, 1440])
    for minute in range(1, 40):
        at = BEGIN + timedelta(minutes=minute * apart)
        step = random.choice(STEPS)
        try:
            if step == "cancel":
                scope = random.choice(list(Scope))
                units = random.randint(1, 3) if scope is Scope.PARTIAL else None
                order, _ = order.cancel(random.choice(list(Canceller)), scope, units, at)
            elif step == "credit":
                order = order.make_credit_note(at)
            else:
                order = getattr(order, step)(at)
        except SopError:
            continue
    return order


def milliseconds(at):
    return round(at.timestamp() * 1000)


def observed(order, *, stated):
    """The rows of *order*: its events with their times, its requests with their units; its facts only if they are *stated*."""
    times = {}
    for event in order.history:
        if event.name in TIMES:
            times[f"{TIMES[event.name]}_start"], times[f"{TIMES[event.name]}_end"] = milliseconds(event.at), milliseconds(event.at) + 1
    invoice = f"E-INVOICE OF {order.order_id}" if "invoiced_start" in times else None
    usual = {"source": 0, "order_key": order.order_id, "order_text": order.order_id, "units": order.units_ordered, "invoice_key": invoice}
    usual |= {"invoicing": bits("invoicing", order.invoicing), **times}
    failed = max(
        (r.at for r in order.cancellations if (r.canceller, r.scope) == (Canceller.AJIO, Scope.PARTIAL) and before(r, order)), default=None
    )
    requests = []
    for request in order.cancellations:
        row = {
            **usual,
            "is_cancellation": True,
            "canceller": bits("canceller", request.canceller),
            "units_cancelled": request.units,
            "cancelled_start": milliseconds(request.at),
            "cancelled_end": milliseconds(request.at) + 1,
            "packing_error": request.at == failed,
            "carried_out": Observed.YES if request.decision.outcome is Outcome.ALLOWED else Observed.NO,
        }
        facts = {"stage": request.stage, "e_invoice": request.e_invoice, "scope": request.scope} if stated else {}
        requests.append(row | {name: bits(name, word) for name, word in facts.items()})
    documents = []
    for event in order.history:
        if event.name == "credit-note done":
            number = f"NOTE OF {order.order_id}"
            row = {"source": 1, "kind": Kind.CREDIT_NOTE, "number_key": number, "original_key": invoice, "order_key": order.order_id}
            documents.append(row | {"dated_start": milliseconds(event.at), "dated_end": milliseconds(event.at) + 1})
    return requests or [{**usual, "is_cancellation": False}], documents


def before(request, order):
    """Whether *request* was before the error at packing."""
    return any(event.name == "packing error" and request.at < event.at for event in order.history)


def audited(orders, *, stated):
    rows = [observed(order, stated=stated) for order in orders]
    requests = [row for of_order, _ in rows for row in of_order]
    documents = [row for _, of_order in rows for row in of_order]
    has = ("units", "units_cancelled", "canceller", "invoice", "cancelled", *TIMES.values())
    day = (BEGIN + timedelta(days=60)).date()
    sources = [
        {**source(0, System.OMS, "lives", has), "profile": "event-log"},
        source(1, System.ERP, "notes", (), (BEGIN.date(), day, Claim.DOCUMENTS)),
    ]
    numbered = [[{**row, "row": number} for number, row in enumerate(part, 2)] for part in (requests, documents)]
    return audit(tables(sources, *numbered), day)


@pytest.mark.slow
@pytest.mark.parametrize("stated", [True, False], ids=["facts-stated", "from-times-alone"])
def test_an_audit_of_a_life_agrees_with_the_order(stated):
    random = Random(31)  # noqa: S311 (cases, not secrets)
    orders = {order.order_id: order for order in (life(random, number) for number in range(LIVES))}
    result = audited(orders.values(), stated=stated)
    outcomes, due = {}, {}
    for row in sorted(result.answers.to_pylist(), key=lambda row: row["row"]):
        outcomes.setdefault(row["order_key"], []).append(row["outcome"])
    for row in result.duties.to_pylist():
        due[row["order_key"], row["task"]] = (row["status"], row["since"])

    assert {
        key: [str(request.decision.outcome) for request in order.cancellations] for key, order in orders.items() if order.cancellations
    } == outcomes
    assert due == {
        (key, str(duty.task)): ("done" if duty.done else "open", day_of(duty.since))
        for key, order in orders.items()
        for duty in order.duties
    }
    assert sum(status == "done" for status, _ in due.values()) > 5
    assert {str(TaskKey.ASK_AJIO_TO_CANCEL), str(TaskKey.CREDIT_NOTE)} <= {task for _, task in due}
