"""Object types of a log, their attributes, and their relations to events and to each other.

This is the vocabulary of the object-centric formats of the log; `docs/event-log.md` describes it for analysts, and the schema
`object-log.schema.json` is its contract. A qualifier completes a sentence: the event *concerns* the order.
"""

from dataclasses import dataclass
from enum import StrEnum

from orders.log.columns import COLUMNS, OUTAGE_EVENTS, TEXT_COLUMNS, Event
from orders.log.stations import STATIONS


class ObjectType(StrEnum):
    """Types of objects that events are about."""

    ORDER = "order"
    UNIT = "unit"
    E_INVOICE = "e-invoice"
    CREDIT_NOTE = "credit note"
    CANCELLATION = "cancellation"
    RETURN = "return"
    CUSTOMER = "customer"
    TEAM = "team"
    SYSTEM = "system"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Attribute of an object type; `kind` is its data type in OCEL 2.0. An attribute with `changes` has a history of values."""

    name: str
    kind: str = "string"
    changes: bool = False


ATTRIBUTES: dict[ObjectType, tuple[Attribute, ...]] = {
    ObjectType.ORDER: (
        Attribute("number", "integer"),
        Attribute("invoicing"),
        Attribute("units", "integer"),
        Attribute("seller_gstin"),
        Attribute("purchase_order"),
        Attribute("stage", changes=True),
        Attribute("e_invoice", changes=True),
    ),
    ObjectType.UNIT: (),
    ObjectType.E_INVOICE: (Attribute("number"), Attribute("made_in")),
    ObjectType.CREDIT_NOTE: (Attribute("number"), Attribute("state", changes=True), Attribute("because")),
    ObjectType.CANCELLATION: (
        Attribute("canceller"),
        Attribute("scope"),
        Attribute("stage"),
        Attribute("e_invoice"),
        Attribute("outcome"),
        Attribute("units", "integer"),
        Attribute("reason"),
        Attribute("because"),
    ),
    ObjectType.RETURN: (Attribute("kind"), Attribute("units", "integer"), Attribute("quality_check", changes=True)),
    ObjectType.CUSTOMER: (Attribute("name"), Attribute("address")),
    ObjectType.TEAM: (Attribute("people", "integer", changes=True),),
    ObjectType.SYSTEM: (Attribute("state", changes=True),),
    ObjectType.LOG: (
        Attribute("version", "integer"),
        Attribute("name"),
        Attribute("sha256"),
        Attribute("seed", "integer"),
        Attribute("replication", "integer"),
    ),
}
"""Attributes by object type. A unit has none, because the log only counts units. The log itself is in no event."""

CANONICAL = ("document", "value_paise", "precision", "resource", "lifecycle", "message_id", "source", "row")
"""Columns that every type of event may have."""

CONCERNS = "concerns"
_FURTHER_QUALIFIERS: dict[Event, dict[ObjectType, str]] = {
    Event.CREATED: {ObjectType.CUSTOMER: "placed by", ObjectType.UNIT: "orders"},
    Event.CANCELLED_BY_CUSTOMER: {
        ObjectType.CUSTOMER: "asked by",
        ObjectType.CANCELLATION: "asks for",
        ObjectType.UNIT: "takes out",
    },
    Event.CANCELLATION: {ObjectType.CANCELLATION: "asks for", ObjectType.UNIT: "takes out"},
    Event.INVOICED: {ObjectType.E_INVOICE: "makes"},
    Event.PUSHED: {ObjectType.E_INVOICE: "pushes"},
    Event.PACKED: {ObjectType.UNIT: "packs"},
    Event.CREDIT_NOTE_DUE: {ObjectType.CREDIT_NOTE: "calls for", ObjectType.E_INVOICE: "corrects"},
    Event.CREDIT_NOTE_MADE: {ObjectType.CREDIT_NOTE: "makes", ObjectType.E_INVOICE: "corrects"},
    Event.RETURN_REQUESTED: {ObjectType.RETURN: "asks for", ObjectType.UNIT: "asks back"},
    Event.RETURN_RECEIVED: {ObjectType.RETURN: "receives", ObjectType.UNIT: "brings back"},
    Event.QUALITY_CHECK: {ObjectType.RETURN: "checks", ObjectType.UNIT: "checks"},
}
EVENTS_WITHOUT_ORDER: dict[Event, tuple[ObjectType, str, str]] = {
    **{Event(station.presence): (ObjectType.TEAM, station.name, "staffs") for station in STATIONS},
    **{down: (ObjectType.SYSTEM, str(system), "stops") for system, (down, _) in OUTAGE_EVENTS.items()},
    **{up: (ObjectType.SYSTEM, str(system), "starts") for system, (_, up) in OUTAGE_EVENTS.items()},
}
"""Events about no order: type and name of their object, and the qualifier."""

ROLES: dict[Event, dict[ObjectType, str]] = {
    event: {EVENTS_WITHOUT_ORDER[event][0]: EVENTS_WITHOUT_ORDER[event][2]}
    if event in EVENTS_WITHOUT_ORDER
    else {ObjectType.ORDER: CONCERNS, **_FURTHER_QUALIFIERS.get(event, {})}
    for event in Event
}
"""Types of objects that each type of event may be about, with the qualifier."""


def _columns_of(event: Event) -> tuple[str, ...]:
    request = ("canceller", "scope", "outcome") if event is Event.CANCELLATION else ()
    result = ("carried_out",) if event in (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER) else ()
    stands = () if event in EVENTS_WITHOUT_ORDER else ("stage", "e_invoice")
    return ("system", "actor", *request, *stands, "units", "reason", "because", *result, *CANONICAL)


EVENT_ATTRIBUTES: dict[Event, tuple[str, ...]] = {event: _columns_of(event) for event in Event}
"""Columns of the log that are attributes of each type of event. A cell that is empty, 0 or as in `DEFAULTS` is left out."""

OBJECT_RELATIONS: dict[tuple[ObjectType, ObjectType], str] = {
    (ObjectType.ORDER, ObjectType.CUSTOMER): "placed by",
    (ObjectType.ORDER, ObjectType.UNIT): "contains",
    (ObjectType.E_INVOICE, ObjectType.ORDER): "invoices",
    (ObjectType.CREDIT_NOTE, ObjectType.E_INVOICE): "corrects",
    (ObjectType.CREDIT_NOTE, ObjectType.ORDER): "credits",
    (ObjectType.CANCELLATION, ObjectType.ORDER): "of",
    (ObjectType.CANCELLATION, ObjectType.UNIT): "takes out",
    (ObjectType.RETURN, ObjectType.ORDER): "of",
    (ObjectType.RETURN, ObjectType.UNIT): "brings back",
}
"""Qualifiers of the relations between types of objects."""


def column_kind(name: str) -> str:
    """Return the OCEL 2.0 data type of a column of the log."""
    return "integer" if COLUMNS[name] is None and name not in TEXT_COLUMNS else "string"
