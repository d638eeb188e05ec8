"""Words for each event on pages, in commands and in other programs: a sentence, a short form for charts, and its activity."""

from dataclasses import dataclass
from functools import cache

from orders.log.arrays import Texts, texts
from orders.log.columns import MISSING_UNITS_GAP, OUTAGE_EVENTS, Event, EventReason, EventRow, Lifecycle, System
from orders.log.event_log import Log
from orders.log.stations import STATIONS
from sop_engine import Canceller, QualityCheck, Stage, decide_return
from sop_engine.order import PARTIAL_OF_EVERYTHING

NO_SPECIAL_REASON = ("", EventReason.SELLER, EventReason.AJIO_BY_HAND)
"""Reasons of a cancellation that add nothing to the canceller."""

CAUSES: dict[str, str] = {
    EventReason.MISSING_UNITS: f"because units are missing at packing ({MISSING_UNITS_GAP})",
    EventReason.NO_STOCK: "because no stock arrives",
    EventReason.STEP_TWO: "after the packing error",
    EventReason.TECHNICAL_ISSUE: "because of a technical issue",
    EventReason.SLA_BREACH: "because the SLA is breached",
}
"""Causes of a request to cancel, at the end of a sentence; the other reasons only repeat who asks."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """Sentence of an event in lower case, with `{units}` for their number; *short* is at most three words."""

    sentence: str
    short: str


_SYSTEM_WORDS = {system: f"the {system}" if system in (System.ERP, System.IRP) else str(system) for system in OUTAGE_EVENTS}
EVENT_WORDS: dict[str, EventWords] = {
    Event.CREATED: EventWords("the customer orders {units}", "order placed"),
    Event.UNFULFILLABLE: EventWords("there is no stock: UNFULFILLABLE", "unfulfillable"),
    Event.ALLOCATED: EventWords("stock is reserved: FULFILLABLE", "stock reserved"),
    Event.ACKNOWLEDGED: EventWords("acknowledged; the customer's time to cancel is over", "acknowledged"),
    Event.POSTED: EventWords("posted to the client's ERP", "posted"),
    Event.CANCELLED_BY_CUSTOMER: EventWords("the customer cancels", "customer cancels"),
    Event.CANCELLATION: EventWords("a cancellation of {units} is asked for", "cancellation"),
    Event.INVOICED: EventWords("the e-invoice is generated", "e-invoice made"),
    Event.PUSHED: EventWords("the e-invoice is pushed", "e-invoice pushed"),
    Event.RELEASED: EventWords("released to the warehouse: PROCESSING", "released"),
    Event.PICK_STARTED: EventWords("picking begins", "pick started"),
    Event.PICKED: EventWords("picked", "picked"),
    Event.PACK_STARTED: EventWords("packing begins", "pack started"),
    Event.PACKING_ERROR: EventWords("an error stops the packing, because Ajio cancelled part of the order", "packing error"),
    Event.PACKED: EventWords("{units} packed: PACKED", "packed"),
    Event.READY: EventWords("the manifest closes: READY_TO_DISPATCH", "manifest closes"),
    Event.DISPATCHED: EventWords("dispatched: COMPLETED", "dispatched"),
    Event.CREDIT_NOTE_DUE: EventWords("the client must make a credit note", "credit note due"),
    Event.CREDIT_NOTE_MADE: EventWords("the client has made the credit note", "credit note made"),
    Event.RETURN_REQUESTED: EventWords("the customer asks to return {units}", "return requested"),
    Event.RETURN_RECEIVED: EventWords("{units} back in the warehouse", "return received"),
    Event.QUALITY_CHECK: EventWords("quality check of {units}", "quality check"),
    **{Event(station.presence): EventWords(f"{station.name} come or go", station.presence) for station in STATIONS},
    **{
        event: EventWords(f"{_SYSTEM_WORDS[system]} {what}", event)
        for system, events in OUTAGE_EVENTS.items()
        for event, what in zip(events, ("goes down", "is up again"), strict=True)
    },
}

ACTIVITIES: dict[str, tuple[str, Lifecycle]] = {
    event: (station.activity, lifecycle)
    for station in STATIONS
    for event, lifecycle in ((station.started, Lifecycle.START), (station.done, Lifecycle.COMPLETE))
}
"""Activities with a start and an end, as programs for process mining pair them; every other event is an activity of its own."""


def activity_of(event: str, lifecycle: str) -> str:
    """Return the activity of an event with its lifecycle transition."""
    activity, transition = ACTIVITIES.get(event, ("", ""))
    return activity if lifecycle == transition else str(event)


def activities_of(log: Log) -> Texts:
    """Return the activity of each row."""
    transitions = (*Lifecycle, "")
    words = texts([activity_of(event, lifecycle) for event in Event for lifecycle in transitions])
    activities: Texts = words[log.column("event") * len(transitions) + log.column("lifecycle") % len(transitions)]
    return activities


def units_in_words(units: int) -> str:
    """Return ``1 unit`` or ``3 units``."""
    return "1 unit" if units == 1 else f"{units} units"


def sentence_of(row: EventRow) -> str:
    """Return the sentence of an event, without canceller and outcome of a cancellation; an unknown event is its own name."""
    words = EVENT_WORDS.get(row.event)
    return words.sentence.format(units=units_in_words(row.units)) if words else row.event


def short_form_of(row: EventRow) -> str:
    """Return the event in at most three words."""
    words = EVENT_WORDS.get(row.event)
    return words.short if words else row.event


def reason_in_words(row: EventRow) -> str:
    """Return the reason; for a quality check, with what is done with the unit."""
    return quality_check_words(row.reason) if row.event == Event.QUALITY_CHECK else row.reason


@cache
def quality_check_words(finding: str) -> str:
    """Return a finding and the engine's decision on the returned unit: ``fail: quarantine, offline claim``."""
    if finding not in tuple(QualityCheck):
        return finding
    decision = decide_return(QualityCheck(finding))
    return f"{finding}: {decision.stock or 'no GRN'}{', offline claim' if decision.offline_claim else ''}"


def canceller_in_words(canceller: str) -> str:
    """Return ``the seller`` or ``Ajio``, for use in a sentence."""
    return "the seller" if canceller == Canceller.SELLER else canceller


def with_cause(sentence: str, row: EventRow) -> str:
    """Return *sentence*, about the request to cancel *row*, with the cause of the request."""
    return f"{sentence} {CAUSES[row.reason]}" if row.reason in CAUSES else sentence


def asks_for_all_units(row: EventRow) -> bool:
    """Return whether a cancellation is requested as part of the order and covers all its units."""
    return PARTIAL_OF_EVERYTHING in row.ids


def is_late_e_invoice(row: EventRow) -> bool:
    """Return whether the ERP invoices an order that is already cancelled."""
    return row.event == Event.INVOICED and row.stage == Stage.CANCELLED
