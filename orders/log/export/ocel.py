"""A log as objects and events: which objects there are, what is known of each and since when, and which events they are in.

A block of whole orders is read in columns; JSON and SQLite are two ways to write what is given here. Nothing depends on how the
orders are cut into blocks, because every name is made of the number of its order.
"""

from collections.abc import Iterator

import numpy as np

from orders.log.arrays import Texts, texts
from orders.log.event_log import WORDS, Event, Log
from orders.log.export.object_tables import Happenings, Links, Things, latest
from orders.log.export.object_types import HOUSE, ObjectType
from orders.log.export.ocel_order_objects import CUSTOMERS, Orders
from orders.log.order_blocks import Blocks, Columns, few_at_once, in_words
from simulator.people import POOL, order_prefix, people


class Reading:
    """Reads the blocks of a replication, in order; the customers come at the end, each once."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed, self.replication = seed, replication
        self.known = np.zeros(POOL, dtype=bool)
        self.blocks = Blocks()

    def read(self, log: Log) -> Iterator[tuple[list[Things], Happenings]]:
        """Objects and events of a block; first those that are about no order.

        Raises:
            ValueError: the block does not hold whole orders that come after those of the blocks before.
        """
        house, others = self.blocks.house(log)
        if len(house["order"]):
            yield _house(house, log.details, order_prefix(self.replication))
        for few in few_at_once(others):
            orders = Orders(few, log.details, self.seed, self.replication)
            self.known[orders.persons] = True
            yield orders.told()

    def customers(self) -> Things:
        """Everybody who placed an order in the blocks read so far."""
        seen = np.flatnonzero(self.known)
        pool = people(self.seed) if len(seen) else ()
        chosen = [pool[person] for person in seen.tolist()]
        values = {"name": texts([name for name, _ in chosen]), "address": texts([address for _, address in chosen])}
        return Things(ObjectType.CUSTOMER, CUSTOMERS[seen], values)


def _house(columns: Columns, details: tuple[str, ...], prefix: str) -> tuple[list[Things], Happenings]:
    """What is about no order: teams coming and going, systems going down and up."""
    events = [Event(word) for word in in_words(columns["event"], "event", details).tolist()]
    things = []
    about = texts([HOUSE[event][1] for event in events])
    for (kind, name), value, first in (
        ((ObjectType.TEAM, "pickers"), "people", 0),
        ((ObjectType.TEAM, "packers"), "people", 0),
        ((ObjectType.SYSTEM, "client's ERP"), "state", "up"),
    ):
        rows = np.flatnonzero(about == name)
        if not len(rows):
            continue
        down = WORDS["event"][Event.ERP_DOWN]
        values = columns["units"][rows] if kind is ObjectType.TEAM else np.where(columns["event"][rows] == down, "down", "up")
        changes = latest(np.zeros(len(rows), dtype=np.int64), columns["time_ms"][rows], values.astype(object), value)
        things.append(Things(kind, texts([name]), {value: texts([first])}, [changes]))
    names = texts([f"{prefix}{0:08}"] * len(events))
    marks = texts([f"-{k:05}" for k in range(1, len(events) + 1)])
    happened = Happenings(names, "", marks, columns, details, _house_links(events, about))
    return things, happened


def _house_links(events: list[Event], about: Texts) -> list[Links]:
    qualifiers = np.array([HOUSE[event][2] for event in events])
    return [Links(str(one), np.flatnonzero(qualifiers == one), about[qualifiers == one]) for one in sorted(set(qualifiers.tolist()))]
