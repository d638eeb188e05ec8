"""The log as objects and events once more, row by row with dictionaries: readable, to check the fast conversion.

It gives what `orders.log.export.ocel_json` writes, as one dictionary; `docs/event-log.md` says the same in words.
"""

from collections import defaultdict
from dataclasses import asdict
from datetime import UTC
from typing import Any

from orders.log.columns import VERSION, Event
from orders.log.export.object_types import (
    ATTRIBUTES,
    EVENT_ATTRIBUTES,
    EVENTS_WITHOUT_ORDER,
    OBJECT_RELATIONS,
    ROLES,
    ObjectType,
    column_kind,
)
from orders.log.order_blocks import OrderBlock
from orders.log.provenance import Provenance
from orders.log.timestamps import FIRST, in_india

Row = dict[str, Any]
RETURNS = {Event.RETURN_REQUESTED: "asked", Event.RETURN_RECEIVED: "back", Event.QUALITY_CHECK: "checked"}


def naive_ocel(block: OrderBlock, provenance: Provenance) -> dict[str, Any]:
    """Return the whole file as JSON is read."""
    return Naive(block, provenance).to_plain()


class Naive:
    """Goes through the rows of each order in time."""

    def __init__(self, block: OrderBlock, provenance: Provenance) -> None:
        self.provenance = provenance
        self.rows: dict[int, list[Row]] = defaultdict(list)
        for row in block.log.rows():
            self.rows[row.order].append(row._asdict())
        self.orders = {row.order: row for row in block.orders.rows()}
        self.name = f"{provenance.name}-{provenance.replication:04}"
        self.objects: dict[str, Row] = {}
        self.events: list[Row] = []

    def to_plain(self) -> dict[str, Any]:
        for number in sorted(self.rows):
            if number:
                self.order(number, self.rows[number])
            else:
                self.house(self.rows[number])
        for customer, name, address in sorted({(row.customer_id, row.customer, row.address) for row in self.orders.values()}):
            self.add_object(ObjectType.CUSTOMER, customer, name=name, address=address)
        self.add_object(ObjectType.LOG, self.name, version=VERSION, **asdict(self.provenance))
        kinds = [str(kind) for kind in ObjectType]
        return {
            "objectTypes": [
                {"name": kind, "attributes": [{"name": one.name, "type": one.kind} for one in ones]} for kind, ones in ATTRIBUTES.items()
            ],
            "eventTypes": [
                {"name": event, "attributes": [{"name": name, "type": column_kind(name)} for name in names]}
                for event, names in EVENT_ATTRIBUTES.items()
            ],
            "objects": sorted(self.objects.values(), key=lambda one: kinds.index(one["type"])),
            "events": self.events,
        }

    def house(self, rows: list[Row]) -> None:
        about = {EVENTS_WITHOUT_ORDER[Event(row["event"])][1] for row in rows}
        for kind, name, _ in EVENTS_WITHOUT_ORDER.values():
            if name in about:
                self.add_object(kind, name, **({"people": 0} if kind is ObjectType.TEAM else {"state": "up"}))
        for place, row in enumerate(rows, 1):
            kind, name, qualifier = EVENTS_WITHOUT_ORDER[Event(row["event"])]
            if kind is ObjectType.TEAM:
                self.add_object(kind, name, people=0)
                self.change(name, row, "people", row["units"])
            else:
                self.add_object(kind, name, state="up")
                self.change(name, row, "state", "down" if row["event"].endswith("down") else "up")
            self.event(f"{self.name}-{place:05}", row, [(name, qualifier)])

    def order(self, number: int, rows: list[Row]) -> None:
        facts = self.orders[number]
        name, customer = facts.order_id, facts.customer_id
        first = next(row for row in rows if row["event"] == Event.CREATED)
        units = [f"{name}-U{place}" for place in range(1, first["units"] + 1)]
        for unit in units:
            self.add_object(ObjectType.UNIT, unit)
        self.add_object(
            ObjectType.ORDER,
            name,
            number=number,
            invoicing=first["invoicing"],
            units=first["units"],
            seller_gstin=facts.seller_gstin,
            purchase_order=facts.purchase_order,
            stage="CREATED",
            e_invoice="not posted",
        )
        self.bond(name, customer, OBJECT_RELATIONS[ObjectType.ORDER, ObjectType.CUSTOMER])
        for unit in units:
            self.bond(name, unit, OBJECT_RELATIONS[ObjectType.ORDER, ObjectType.UNIT])
        left, seen = list(units), dict.fromkeys([*RETURNS, "cancellations"], 0)
        for place, row in enumerate(rows, 1):
            event = Event(row["event"])
            roles = ROLES[event]
            about = [(name, roles[ObjectType.ORDER])]
            if event in (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER):
                seen["cancellations"] += 1
                about += self.cancellation(name, seen["cancellations"], row, left, customer)
            else:
                self.change(name, row, "stage", row["stage"])
                self.change(name, row, "e_invoice", row["e_invoice"])
            if event is Event.CREATED:
                about += [(customer, roles[ObjectType.CUSTOMER])]
            if event in (Event.CREATED, Event.PACKED):
                about += [(unit, roles[ObjectType.UNIT]) for unit in (units if event is Event.CREATED else left)]
            if event in (Event.INVOICED, Event.PUSHED, Event.CREDIT_NOTE_DUE, Event.CREDIT_NOTE_MADE):
                about += self.paper(number, name, row)
            if event in RETURNS:
                seen[event] += 1
                about += self.unit_back(number, name, seen[event], row, units)
            self.event(f"{name}-{place:02}", row, about)

    def cancellation(self, order: str, place: int, row: Row, left: list[str], customer: str) -> list[tuple[str, str]]:
        roles = ROLES[Event(row["event"])]
        name = f"{order}-C{place}"
        by_customer = row["event"] == Event.CANCELLED_BY_CUSTOMER
        facts = {key: row[key] for key in ("canceller", "scope", "stage", "e_invoice", "outcome", "units")}
        if by_customer:
            facts |= {"canceller": "customer", "scope": "full"}
        self.add_object(ObjectType.CANCELLATION, name, **facts, reason=row["reason"], because=row["because"])
        taken: list[str] = []
        if by_customer or (row["outcome"], row["scope"]) == ("allowed", "full"):
            taken = left[:]
            self.change(order, row, "stage", "CANCELLED")
        elif row["outcome"] == "allowed":
            taken = left[len(left) - row["units"] :]
        del left[len(left) - len(taken) :]
        self.bond(name, order, OBJECT_RELATIONS[ObjectType.CANCELLATION, ObjectType.ORDER])
        for unit in taken:
            self.bond(name, unit, OBJECT_RELATIONS[ObjectType.CANCELLATION, ObjectType.UNIT])
        about = [(name, roles[ObjectType.CANCELLATION]), *((unit, roles[ObjectType.UNIT]) for unit in taken)]
        return [*about, (customer, roles[ObjectType.CUSTOMER])] if by_customer else about

    def paper(self, number: int, order: str, row: Row) -> list[tuple[str, str]]:
        roles = ROLES[Event(row["event"])]
        invoice, note = self.orders[number].invoice_number, self.orders[number].credit_note_number
        if row["event"] == Event.INVOICED:
            self.add_object(ObjectType.E_INVOICE, invoice, number=invoice, made_in=row["system"])
            self.bond(invoice, order, OBJECT_RELATIONS[ObjectType.E_INVOICE, ObjectType.ORDER])
        if row["event"] == Event.CREDIT_NOTE_DUE:
            self.add_object(ObjectType.CREDIT_NOTE, note, number=note, state="due", because=row["because"])
            self.bond(note, invoice, OBJECT_RELATIONS[ObjectType.CREDIT_NOTE, ObjectType.E_INVOICE])
            self.bond(note, order, OBJECT_RELATIONS[ObjectType.CREDIT_NOTE, ObjectType.ORDER])
        if row["event"] == Event.CREDIT_NOTE_MADE:
            self.change(note, row, "state", "made")
        names = {ObjectType.CREDIT_NOTE: note, ObjectType.E_INVOICE: invoice}
        return [(names[kind], qualifier) for kind, qualifier in roles.items() if kind in names]

    def unit_back(self, number: int, order: str, place: int, row: Row, units: list[str]) -> list[tuple[str, str]]:
        roles = ROLES[Event(row["event"])]
        name = f"{order}-R{place}"
        to_origin = any(one["reason"] == "return to origin" for one in self.rows[number])
        returned_units = units[: row["units"]] if to_origin else units[place - 1 : place]
        if name not in self.objects:
            kind = "return to origin" if to_origin else "customer return"
            self.add_object(ObjectType.RETURN, name, kind=kind, units=row["units"], quality_check="not recorded")
            self.bond(name, order, OBJECT_RELATIONS[ObjectType.RETURN, ObjectType.ORDER])
            for unit in returned_units:
                self.bond(name, unit, OBJECT_RELATIONS[ObjectType.RETURN, ObjectType.UNIT])
        if row["event"] == Event.QUALITY_CHECK:
            self.change(name, row, "quality_check", row["reason"])
        return [(name, roles[ObjectType.RETURN]), *((unit, roles[ObjectType.UNIT]) for unit in returned_units)]

    def add_object(self, kind: ObjectType, name: str, /, **facts: Any) -> None:
        attributes = [{"name": key, "time": FIRST, "value": value} for key, value in facts.items() if value != ""]
        self.objects.setdefault(name, {"id": name, "type": str(kind), "attributes": attributes, "relationships": []})

    def change(self, name: str, row: Row, key: str, value: Any) -> None:
        attributes = self.objects[name]["attributes"]
        if [one["value"] for one in attributes if one["name"] == key][-1] != value:
            attributes.append({"name": key, "time": in_utc(row), "value": value})

    def bond(self, name: str, other: str, qualifier: str) -> None:
        self.objects[name]["relationships"].append({"objectId": other, "qualifier": qualifier})

    def event(self, name: str, row: Row, about: list[tuple[str, str]]) -> None:
        left_out = {"units": 0, "precision": "ms", "lifecycle": "complete"}
        keys = [key for key in EVENT_ATTRIBUTES[Event(row["event"])] if row[key] not in (left_out.get(key, ""), None)]
        attributes = [{"name": key, "value": row[key]} for key in keys]
        relations = [{"objectId": other, "qualifier": qualifier} for other, qualifier in about]
        self.events.append({"id": name, "type": row["event"], "time": in_utc(row), "attributes": attributes, "relationships": relations})


def in_utc(row: Row) -> str:
    return in_india(row["at"]).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
