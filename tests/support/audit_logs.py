"""Canonical tables of a simulated log: what its events show, without the answers and duties that it also has."""

from collections import defaultdict

from orders.audit.tables import TIMES, WORDS, Kind, Observed, System
from orders.log.columns import Event
from sop_engine import Outcome
from tests.support.audit_tables import bits, source, tables

NAMES = {
    Event.CREATED: "created",
    Event.ALLOCATED: "allocated",
    Event.POSTED: "posted",
    Event.INVOICED: "invoiced",
    Event.PUSHED: "pushed",
    Event.RELEASED: "released",
    Event.PACKED: "packed",
    Event.READY: "ready",
    Event.DISPATCHED: "dispatched",
    Event.PACKING_ERROR: "packing_failed",
}
REQUESTED = (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER)
STATED = ("scope", "stage", "e_invoice")


def lives(log):
    """The events of each order."""
    orders = defaultdict(list)
    for row in log.rows():
        if row.order:
            orders[row.order].append(row)
    return orders


def log_tables(orders, *, stated=True):
    """Tables of the events of *orders*; unless *stated*, stage, e-invoice and scope have to be taken from times and units.

    A row of the requests has the number of its order in thousands and its place among the order's requests.
    """
    requests, documents = [], []
    for order, events in orders.items():
        life = _life(order, events)
        asked = [event for event in events if event.event in REQUESTED]
        for number, event in enumerate(asked):
            failed = _is_the_failed_one(events, asked, event)
            requests.append({**life, "row": order * 1000 + number, **_request(event, stated=stated), "packing_error": failed})
        if not asked:
            requests.append({**life, "row": order * 1000, "is_cancellation": False})
        if any(event.event == Event.INVOICED for event in events):
            documents.append(_document(life, order * 1000 + 1, Kind.INVOICE, next(e for e in events if e.event == Event.INVOICED)))
        made = [event for event in events if event.event == Event.CREDIT_NOTE_MADE]
        documents += [_document(life, order * 1000 + 2, Kind.CREDIT_NOTE, event) for event in made]
    has = ("units", "units_cancelled", "canceller", *(name for name in TIMES), "invoice", "packing_error", *(STATED if stated else ()))
    return tables([{**source(0, System.OMS, "log", has), "profile": "event-log"}, source(1, System.ERP, "notes")], requests, documents)


def _life(order, events):
    key = f"{order:06}"
    times = {}
    for event in events:
        if event.event in NAMES:
            times.setdefault(f"{NAMES[event.event]}_start", event.at)
            times.setdefault(f"{NAMES[event.event]}_end", event.at + 1)
    invoiced = any(event.event == Event.INVOICED for event in events)
    return {
        "source": 0,
        "order_key": key,
        "order_text": key,
        "units": events[0].units,
        "invoicing": bits("invoicing", events[0].invoicing),
        "invoice_key": f"E-INVOICE OF {key}" if invoiced else None,
        **times,
    }


def _request(event, *, stated):
    facts = {"canceller": event.canceller or "customer"}
    if stated and event.event == Event.CANCELLATION:
        facts |= {name: getattr(event, name) for name in STATED}
    return {
        "is_cancellation": True,
        "carried_out": Observed.YES if event.event == Event.CANCELLED_BY_CUSTOMER or event.outcome == Outcome.ALLOWED else Observed.NO,
        "units_cancelled": event.units,
        "cancelled_start": event.at,
        "cancelled_end": event.at + 1,
        **{name: bits(name, word) for name, word in facts.items() if word in WORDS[name]},
    }


def _is_the_failed_one(events, asked, event):
    """Whether packing failed because of the request *event*: the last one by Ajio before it."""
    failed = next((other for other in events if other.event == Event.PACKING_ERROR), None)
    before = [other for other in asked if failed is not None and other.canceller == "Ajio" and events.index(other) < events.index(failed)]
    return bool(before) and event is before[-1]


def _document(life, row, kind, event):
    return {
        "source": 1,
        "row": row,
        "kind": kind,
        "number_key": life["invoice_key"] if kind is Kind.INVOICE else f"NOTE OF {life['order_key']}",
        "original_key": None if kind is Kind.INVOICE else life["invoice_key"],
        "order_key": life["order_key"],
        "order_text": life["order_key"],
        "dated_start": event.at,
        "dated_end": event.at + 1,
    }
