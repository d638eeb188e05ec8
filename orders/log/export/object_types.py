"""The things a log is about: types of objects, what is known of each, and how events and objects belong together.

This is the vocabulary of the object-centric forms of the log, version 1; `docs/event-log.md` tells it to analysts, and the
schema `object-log.schema.json` holds it fast. A qualifier completes a sentence: the event *concerns* the order.
"""

from dataclasses import dataclass
from enum import StrEnum

from orders.log.event_log import COLUMNS, Event

VERSION = 1
"""Of this vocabulary; it changes when a name here changes its meaning or goes, not when one is added."""


class ObjectType(StrEnum):
    """What events are about."""

    ORDER = "order"
    UNIT = "unit"
    E_INVOICE = "e-invoice"
    CREDIT_NOTE = "credit note"
    CANCELLATION = "cancellation"
    RETURN = "return"
    CUSTOMER = "customer"
    TEAM = "team"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something known of every object of a type; `kind` is the word of OCEL 2.0. One that `changes` has a history."""

    name: str
    kind: str = "string"
    changes: bool = False


ATTRIBUTES: dict[ObjectType, tuple[Attribute, ...]] = {
    ObjectType.ORDER: (
        Attribute("invoicing"),
        Attribute("units", "integer"),
        Attribute("seller_gstin"),
        Attribute("purchase_order"),
        Attribute("stage", changes=True),
        Attribute("e_invoice", changes=True),
    ),
    ObjectType.UNIT: (),
    ObjectType.E_INVOICE: (Attribute("made_in"),),
    ObjectType.CREDIT_NOTE: (Attribute("state", changes=True), Attribute("because")),
    ObjectType.CANCELLATION: (
        Attribute("canceller"),
        Attribute("scope"),
        Attribute("stage"),
        Attribute("e_invoice"),
        Attribute("outcome"),
        Attribute("units", "integer"),
        Attribute("because"),
    ),
    ObjectType.RETURN: (Attribute("kind"), Attribute("units", "integer"), Attribute("quality_check", changes=True)),
    ObjectType.CUSTOMER: (Attribute("name"), Attribute("address")),
    ObjectType.TEAM: (Attribute("people", "integer", changes=True),),
    ObjectType.SYSTEM: (Attribute("state", changes=True),),
}
"""A unit has no attributes: the log counts units and does not tell them apart."""

_ASKED = ("system", "actor", "canceller", "scope", "outcome", "units", "detail")
_MORE: dict[Event, tuple[str, ...]] = {
    Event.CREATED: ("units",),
    Event.CANCELLED_BY_CUSTOMER: ("units", "detail"),
    Event.INVOICED: ("detail",),
    Event.PACKED: ("units",),
    Event.CREDIT_NOTE_DUE: ("detail",),
    Event.CREDIT_NOTE_MADE: ("detail",),
    Event.RETURN_REQUESTED: ("units",),
    Event.RETURN_RECEIVED: ("units", "detail"),
    Event.QUALITY_CHECK: ("units", "detail"),
    Event.PICKERS: ("units",),
    Event.PACKERS: ("units",),
}
EVENT_ATTRIBUTES: dict[Event, tuple[str, ...]] = {event: ("system", "actor", *_MORE.get(event, ())) for event in Event} | {
    Event.CANCELLATION: _ASKED
}
"""The columns of the log that each type of event keeps; the stage is the order's, and its history is there."""

CONCERNS = "concerns"
_OWN: dict[Event, dict[ObjectType, str]] = {
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
HOUSE: dict[Event, tuple[ObjectType, str, str]] = {
    Event.PICKERS: (ObjectType.TEAM, "pickers", "staffs"),
    Event.PACKERS: (ObjectType.TEAM, "packers", "staffs"),
    Event.ERP_DOWN: (ObjectType.SYSTEM, "client's ERP", "stops"),
    Event.ERP_UP: (ObjectType.SYSTEM, "client's ERP", "starts"),
}
"""The events about no order: type and name of the object they are about, and the qualifier."""

ROLES: dict[Event, dict[ObjectType, str]] = {
    event: {HOUSE[event][0]: HOUSE[event][2]} if event in HOUSE else {ObjectType.ORDER: CONCERNS, **_OWN.get(event, {})} for event in Event
}
"""What a type of event may be about, and as what."""

BONDS: dict[tuple[ObjectType, ObjectType], str] = {
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
"""How an object belongs to another."""


def column_kind(name: str) -> str:
    """What OCEL 2.0 calls the values of a column of the log."""
    return "integer" if COLUMNS[name] is None and name != "detail" else "string"
