"""Conversion of a log to objects and events: the objects, their attributes with times, and the events they are in.

Blocks of whole orders are converted as columns; the writers of JSON and SQLite use the result. It does not depend on how the
orders are cut into blocks, because every name is made from that of its order.
"""

from collections.abc import Iterator

import numpy as np

from orders.log.arrays import Texts, texts
from orders.log.columns import OUTAGE_EVENTS, VERSION, WORD_CODES, Event
from orders.log.event_log import Log
from orders.log.export.object_tables import EventTable, ObjectLinks, ObjectTable, last_changes
from orders.log.export.object_types import EVENTS_WITHOUT_ORDER, ObjectType
from orders.log.export.ocel_order_objects import OrderObjectBuilder
from orders.log.order_blocks import OrderBlock, OrderCutter
from orders.log.provenance import Provenance
from orders.log.stations import STATIONS


class ObjectLogBuilder:
    """Converter of the blocks of a log, in order, to objects and events; the log and the customers come at the end, each once."""

    def __init__(self, provenance: Provenance) -> None:
        self.provenance = provenance
        self.customers: dict[str, tuple[str, str]] = {}
        self.cutter = OrderCutter()

    @property
    def id(self) -> str:
        """Name of the object that is the log."""
        number = self.provenance.replication
        return self.provenance.name if number is None else f"{self.provenance.name}-{number:04}"

    def tables(self, block: OrderBlock) -> Iterator[tuple[list[ObjectTable], EventTable]]:
        """Convert a block to objects and events; those about no order come first.

        Raises:
            ValueError: the block does not hold whole orders that come after those of the blocks before, or its table lacks an order.
        """
        without_order, batches = self.cutter.cut(block)
        if len(without_order):
            yield _tables_without_order(without_order, self.id)
        for batch in batches:
            cells = (batch.orders.columns[name].tolist() for name in ("customer_id", "customer", "address"))
            self.customers |= {customer: (name, address) for customer, name, address in zip(*cells, strict=True) if customer}
            yield OrderObjectBuilder(batch).tables()

    def last_objects(self) -> Iterator[ObjectTable]:
        """Return the customers of the orders in the blocks so far, and the log."""
        ids = sorted(self.customers)
        cells = zip(*(self.customers[customer] for customer in ids), strict=True) if ids else [(), ()]
        values = dict(zip(("name", "address"), map(texts, cells), strict=True))
        yield ObjectTable(ObjectType.CUSTOMER, texts(ids), values)
        texts_of_log = {"version": VERSION, "name": self.provenance.name, "sha256": self.provenance.sha256}
        numbers = {"seed": self.provenance.seed, "replication": self.provenance.replication}
        cells_of_log = texts_of_log | {name: "" if number is None else number for name, number in numbers.items()}
        yield ObjectTable(ObjectType.LOG, texts([self.id]), {name: texts([cell]) for name, cell in cells_of_log.items()})


def _tables_without_order(log: Log, prefix: str) -> tuple[list[ObjectTable], EventTable]:
    """Convert the rows about no order: teams coming and going, systems going down and up."""
    events = [Event(word) for word in log.words("event").tolist()]
    tables = []
    about = texts([EVENTS_WITHOUT_ORDER[event][1] for event in events])
    for (kind, name), value, first in (
        *(((ObjectType.TEAM, station.name), "people", 0) for station in STATIONS),
        *(((ObjectType.SYSTEM, str(system)), "state", "up") for system in OUTAGE_EVENTS),
    ):
        rows = np.flatnonzero(about == name)
        if not len(rows):
            continue
        down = np.isin(log.columns["event"][rows], [WORD_CODES["event"][event] for event, _ in OUTAGE_EVENTS.values()])
        values = log.columns["units"][rows] if kind is ObjectType.TEAM else np.where(down, "down", "up")
        changes = last_changes(np.zeros(len(rows), dtype=np.int64), log.column("at")[rows], values.astype(object), value)
        tables.append(ObjectTable(kind, texts([name]), {value: texts([first])}, [changes]))
    names = texts([prefix] * len(events))
    marks = texts([f"-{k:05}" for k in range(1, len(events) + 1)])
    return tables, EventTable(names, "", marks, log, _links_without_order(events, about))


def _links_without_order(events: list[Event], about: Texts) -> list[ObjectLinks]:
    qualifiers = np.array([EVENTS_WITHOUT_ORDER[event][2] for event in events])
    return [
        ObjectLinks(str(qualifier), np.flatnonzero(qualifiers == qualifier), about[qualifiers == qualifier])
        for qualifier in sorted(set(qualifiers.tolist()))
    ]
