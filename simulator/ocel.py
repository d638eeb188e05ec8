"""A log as objects and events: which objects there are, what is known of each and since when, and which events they are in.

A block of whole orders is read at once, in columns; JSON and SQLite are two ways to write what is given here. Nothing depends
on how the orders are cut into blocks, because every name is made of the number of its order.

The log counts units and does not name them. So here the units of an order are numbered; a partial cancellation takes out the
last ones, and the k-th unit that is asked back is the k-th that comes back and the k-th that is checked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import add

import numpy as np
from numpy.typing import NDArray

from simulator.blocks import Blocks, Columns, few_at_once, in_words
from simulator.chance import Whole
from simulator.dates import Texts, texts
from simulator.log import WORDS, Event, Log
from simulator.objects import BONDS, HOUSE, ROLES, ObjectType
from simulator.people import (
    POOL,
    credit_note_number,
    customer_number,
    gstin,
    invoice_number,
    order_prefix,
    people,
    persons_of,
    purchase_order,
    return_number,
)
from sop_engine import EInvoice, Outcome, Scope, Stage

CODES = {event: WORDS["event"][event] for event in Event}
CANCELLED = WORDS["stage"][Stage.CANCELLED]
BEGINNING = {"stage": WORDS["stage"][Stage.CREATED], "e_invoice": WORDS["e_invoice"][EInvoice.NOT_POSTED]}
EVENT_MARKS = texts([f"-{number:02}" for number in range(1, 1000)])
Flags = NDArray[np.bool_]
NOT_CHECKED = "not recorded"


@dataclass(frozen=True, slots=True)
class Links:
    """From each source, by its place, to the name of a target; sources may repeat."""

    qualifier: str
    sources: Whole
    targets: Texts


@dataclass(frozen=True, slots=True)
class Changes:
    """New values of an attribute: whose, by its place, when, and what."""

    name: str
    objects: Whole
    times: Whole
    values: Texts


@dataclass(frozen=True, slots=True)
class Things:
    """Objects of one type: names, the values they begin with (an empty text is none), what changed, and whom they belong to."""

    type: ObjectType
    ids: Texts
    values: dict[str, Texts]
    changes: list[Changes] = field(default_factory=list)
    links: list[Links] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Happenings:
    """Events: the object each is about first, a mark that makes its name of that object's, and columns of the log.

    Attributes:
        columns: of the log, one row for each event.
        links: to further objects.
    """

    about: Texts
    qualifier: str
    marks: Texts
    columns: Columns
    details: tuple[str, ...]
    links: list[Links]

    def __len__(self) -> int:
        return len(self.about)

    def ids(self) -> list[str]:
        """The names of the events."""
        return list(map(add, self.about.tolist(), self.marks.tolist()))

    def words(self, name: str, rows: Whole | slice) -> Texts:
        """The cells of a column in words (or numbers), at *rows*."""
        return in_words(self.columns[name][rows], name, self.details)


class Reading:
    """Reads the blocks of a replication, in order; the customers come at the end, each once."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed, self.replication = seed, replication
        self.gstin = gstin(seed)
        self.known = np.zeros(POOL, dtype=bool)
        self.customer_numbers = texts([customer_number(person) for person in range(POOL)])
        self.blocks = Blocks()

    def read(self, log: Log) -> Iterator[tuple[list[Things], Happenings]]:
        """Objects and events of a block; first those that are about no order.

        Raises:
            ValueError: the block does not hold whole orders that come after those of the blocks before.
        """
        house, orders = self.blocks.house(log)
        if len(house["order"]):
            yield _house(house, log.details, order_prefix(self.replication))
        for few in few_at_once(orders):
            yield _Orders(self, few, log.details).told()

    def customers(self) -> Things:
        """Everybody who placed an order in the blocks read so far."""
        seen = np.flatnonzero(self.known)
        pool = people(self.seed) if len(seen) else ()
        chosen = [pool[person] for person in seen.tolist()]
        values = {"name": texts([name for name, _ in chosen]), "address": texts([address for _, address in chosen])}
        return Things(ObjectType.CUSTOMER, self.customer_numbers[seen], values)


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
        down = CODES[Event.ERP_DOWN]
        values = columns["units"][rows] if kind is ObjectType.TEAM else np.where(columns["event"][rows] == down, "down", "up")
        changes = _latest(np.zeros(len(rows), dtype=np.int64), columns["time_ms"][rows], values.astype(object), value)
        things.append(Things(kind, texts([name]), {value: texts([first])}, [changes]))
    names = texts([f"{prefix}{0:08}"] * len(events))
    marks = texts([f"-{k:05}" for k in range(1, len(events) + 1)])
    happened = Happenings(names, "", marks, columns, details, _house_links(events, about))
    return things, happened


def _house_links(events: list[Event], about: Texts) -> list[Links]:
    qualifiers = np.array([HOUSE[event][2] for event in events])
    return [Links(str(one), np.flatnonzero(qualifiers == one), about[qualifiers == one]) for one in sorted(set(qualifiers.tolist()))]


class _Orders:
    """The orders of a block; rows are sorted by order and then in time."""

    def __init__(self, reading: Reading, columns: Columns, details: tuple[str, ...]) -> None:
        self.reading, self.columns, self.details = reading, columns, details
        numbers = columns["order"]
        self.starts = np.flatnonzero(np.diff(numbers, prepend=-1))
        self.counts = np.diff(np.append(self.starts, len(numbers)))
        self.numbers = numbers[self.starts]
        self.order = np.repeat(np.arange(len(self.numbers)), self.counts)
        """For each row, the place of its order in the block."""
        replication = reading.replication
        prefix = order_prefix(replication)
        each = self.numbers.tolist()
        self.ids = texts([f"{prefix}{number:08}" for number in each])
        self.units = np.zeros(len(each), dtype=np.int64)
        created = self.rows(Event.CREATED)
        self.units[self.order[created]] = columns["units"][created]
        self.first_unit = np.cumsum(self.units) - self.units
        of_unit = np.repeat(np.arange(len(each)), self.units)
        self.unit_numbers = np.arange(len(of_unit)) - self.first_unit[of_unit] + 1
        self.unit_orders = of_unit
        self.unit_ids = texts([f"{order}-U{n}" for order, n in zip(self.ids[of_unit].tolist(), self.unit_numbers.tolist(), strict=True)])
        self.persons = persons_of(self.numbers, reading.seed, replication)
        self.invoices = self._papers(invoice_number, Event.INVOICED, Event.PUSHED)
        self.notes = self._papers(credit_note_number, Event.CREDIT_NOTE_DUE, Event.CREDIT_NOTE_MADE)
        self.links: list[Links] = []

    def rows(self, *events: Event) -> Whole:
        """The places of the rows of *events*."""
        return np.flatnonzero(np.isin(self.columns["event"], [CODES[event] for event in events]))

    def told(self) -> tuple[list[Things], Happenings]:
        """The objects and the events."""
        things = [self._orders(), self._units(), self._invoices(), self._notes(), self._cancellations(), self._returns()]
        columns = self.columns
        place = np.arange(len(self.order)) - self.starts[self.order]
        marks = (
            EVENT_MARKS if int(self.counts.max()) <= len(EVENT_MARKS) else texts([f"-{k:02}" for k in range(1, int(self.counts.max()) + 1)])
        )
        names = self.ids[self.order]
        return things, Happenings(names, ROLES[Event.CREATED][ObjectType.ORDER], marks[place], columns, self.details, self.links)

    def link(self, event: Event, kind: ObjectType, rows: Whole, targets: Texts) -> None:
        """The events at *rows* are about *targets* too."""
        if len(rows):
            self.links.append(Links(ROLES[event][kind], rows, targets))

    def words(self, name: str, rows: Whole) -> Texts:
        """Cells of a column at *rows*."""
        return in_words(self.columns[name][rows], name, self.details)

    def _papers(self, number: Callable[[int, int], str], *events: Event) -> Texts:
        """For each order, the number of its paper, or an empty text."""
        names = texts([""] * len(self.numbers))
        having = np.unique(self.order[self.rows(*events)])
        names[having] = [number(order, self.reading.replication) for order in self.numbers[having].tolist()]
        return names

    def _orders(self) -> Things:
        reading, columns = self.reading, self.columns
        created = self.rows(Event.CREATED)
        reading.known[self.persons] = True
        customers = reading.customer_numbers[self.persons]
        self.link(Event.CREATED, ObjectType.CUSTOMER, created, customers[self.order[created]])
        self._of_units(Event.CREATED, created, np.zeros_like(created), columns["units"][created])
        packed = self.rows(Event.PACKED)
        self._of_units(Event.PACKED, packed, np.zeros_like(packed), columns["units"][packed])
        everyone = np.arange(len(self.ids))
        count = len(everyone)
        values = {
            "invoicing": self.words("invoicing", self.starts),
            "units": self.units.astype(object),
            "seller_gstin": texts([reading.gstin] * count),
            "purchase_order": texts([purchase_order(number) for number in self.numbers.tolist()]),
            "stage": texts([str(Stage.CREATED)] * count),
            "e_invoice": texts([str(EInvoice.NOT_POSTED)] * count),
        }
        links = [
            Links(BONDS[ObjectType.ORDER, ObjectType.CUSTOMER], everyone, customers),
            Links(BONDS[ObjectType.ORDER, ObjectType.UNIT], self.unit_orders, self.unit_ids),
        ]
        return Things(ObjectType.ORDER, self.ids, values, [self._history("stage"), self._history("e_invoice")], links)

    def _history(self, name: str) -> Changes:
        """Where an order came to stand, and when; a cancellation tells where it stood before."""
        now = self.columns[name]
        if name == "stage":
            now = np.where(self._cancelled(), CANCELLED, now)
        before = np.empty_like(now)
        before[1:] = now[:-1]
        before[self.starts] = BEGINNING[name]
        rows = np.flatnonzero(now != before)
        return _latest(self.order[rows], self.columns["time_ms"][rows], in_words(now[rows], name, self.details), name)

    def _cancelled(self) -> Flags:
        """Whether the row cancels the whole order."""
        columns = self.columns
        full = columns["scope"] == WORDS["scope"][Scope.FULL]
        allowed = columns["outcome"] == WORDS["outcome"][Outcome.ALLOWED]
        by_others = (columns["event"] == CODES[Event.CANCELLATION]) & full & allowed
        cancelled: Flags = by_others | (columns["event"] == CODES[Event.CANCELLED_BY_CUSTOMER])
        return cancelled

    def _units(self) -> Things:
        return Things(ObjectType.UNIT, self.unit_ids, {})

    def _invoices(self) -> Things:
        having = np.flatnonzero(self.invoices != "")
        for event in (Event.INVOICED, Event.PUSHED):
            rows = self.rows(event)
            self.link(event, ObjectType.E_INVOICE, rows, self.invoices[self.order[rows]])
        made_in = texts([""] * len(self.ids))
        for event in (Event.PUSHED, Event.INVOICED):
            rows = self.rows(event)
            made_in[self.order[rows]] = self.words("system", rows)
        bond = Links(BONDS[ObjectType.E_INVOICE, ObjectType.ORDER], np.arange(len(having)), self.ids[having])
        return Things(ObjectType.E_INVOICE, self.invoices[having], {"made_in": made_in[having]}, [], [bond])

    def _notes(self) -> Things:
        having = np.flatnonzero(self.notes != "")
        place = np.zeros(len(self.ids), dtype=np.int64)
        place[having] = np.arange(len(having))
        because = texts([""] * len(self.ids))
        for event in (Event.CREDIT_NOTE_MADE, Event.CREDIT_NOTE_DUE):
            rows = self.rows(event)
            self.link(event, ObjectType.CREDIT_NOTE, rows, self.notes[self.order[rows]])
            invoiced = rows[self.invoices[self.order[rows]] != ""]
            self.link(event, ObjectType.E_INVOICE, invoiced, self.invoices[self.order[invoiced]])
            because[self.order[rows]] = self.words("detail", rows)
        made = self.rows(Event.CREDIT_NOTE_MADE)
        changes = _latest(place[self.order[made]], self.columns["time_ms"][made], texts(["made"] * len(made)), "state")
        values = {"state": texts(["due"] * len(having)), "because": because[having]}
        corrects = np.flatnonzero(self.invoices[having] != "")
        links = [
            Links(BONDS[ObjectType.CREDIT_NOTE, ObjectType.E_INVOICE], corrects, self.invoices[having[corrects]]),
            Links(BONDS[ObjectType.CREDIT_NOTE, ObjectType.ORDER], np.arange(len(having)), self.ids[having]),
        ]
        return Things(ObjectType.CREDIT_NOTE, self.notes[having], values, [changes], links)

    def _cancellations(self) -> Things:
        rows = self.rows(Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER)
        ids = texts(
            [f"{order}-C{place + 1}" for order, place in zip(self.ids[self.order[rows]].tolist(), self._rank(rows).tolist(), strict=True)]
        )
        customer = self.columns["event"][rows] == CODES[Event.CANCELLED_BY_CUSTOMER]
        low, high = self._taken(rows)
        of_cancellation, unit_ids = self._spread(rows, low, high)
        for event, mask in ((Event.CANCELLATION, ~customer), (Event.CANCELLED_BY_CUSTOMER, customer)):
            self.link(event, ObjectType.CANCELLATION, rows[mask], ids[mask])
            mine = mask[of_cancellation]
            self.link(event, ObjectType.UNIT, rows[of_cancellation[mine]], unit_ids[mine])
        asking = rows[customer]
        customers = self.reading.customer_numbers[self.persons[self.order[asking]]]
        self.link(Event.CANCELLED_BY_CUSTOMER, ObjectType.CUSTOMER, asking, customers)
        values = {name: self.words(name, rows) for name in ("canceller", "scope", "stage", "e_invoice", "outcome", "units")}
        values["canceller"][customer] = "customer"
        values["scope"][customer] = str(Scope.FULL)
        values["because"] = self.words("detail", rows)
        links = [
            Links(BONDS[ObjectType.CANCELLATION, ObjectType.ORDER], np.arange(len(rows)), self.ids[self.order[rows]]),
            Links(BONDS[ObjectType.CANCELLATION, ObjectType.UNIT], of_cancellation, unit_ids),
        ]
        return Things(ObjectType.CANCELLATION, ids, values, [], links)

    def _taken(self, rows: Whole) -> tuple[Whole, Whole]:
        """For each cancellation, from which unit to before which it takes out; nothing where it was not allowed."""
        columns = self.columns
        whole = self._cancelled()[rows]
        units = columns["units"][rows]
        low, high = np.zeros_like(units), np.where(whole, units, 0)
        part = (columns["outcome"][rows] == WORDS["outcome"][Outcome.ALLOWED]) & ~whole
        left = self.units.copy()
        for k in np.flatnonzero(part).tolist():
            order = self.order[rows[k]]
            high[k] = left[order]
            left[order] = low[k] = max(int(left[order] - units[k]), 0)
        return low, high

    def _returns(self) -> Things:
        asked, back, checked = (self.rows(event) for event in (Event.RETURN_REQUESTED, Event.RETURN_RECEIVED, Event.QUALITY_CHECK))
        most = 1 + max((int(self._rank(rows).max(initial=0)) for rows in (asked, back, checked)), default=0)
        keys = {id(rows): self.order[rows] * most + self._rank(rows) for rows in (asked, back, checked)}
        known = np.unique(np.concatenate(list(keys.values())))
        orders, ranks = np.divmod(known, most)
        numbers = self.numbers[orders].tolist()
        ids = texts([return_number(n, k + 1, self.reading.replication) for n, k in zip(numbers, ranks.tolist(), strict=True)])
        kinds, units = texts(["customer return"] * len(known)), np.zeros(len(known), dtype=np.int64)
        for event, rows in ((Event.RETURN_REQUESTED, asked), (Event.QUALITY_CHECK, checked), (Event.RETURN_RECEIVED, back)):
            place = np.searchsorted(known, keys[id(rows)])
            units[place] = self.columns["units"][rows]
            if event is Event.RETURN_RECEIVED:
                kinds[place] = self.words("detail", rows)
        kinds[kinds == ""] = "customer return"
        low = np.where(kinds == "customer return", ranks, 0)
        for event, rows in ((Event.RETURN_REQUESTED, asked), (Event.RETURN_RECEIVED, back), (Event.QUALITY_CHECK, checked)):
            place = np.searchsorted(known, keys[id(rows)])
            self.link(event, ObjectType.RETURN, rows, ids[place])
            self._of_units(event, rows, low[place], low[place] + units[place])
        results = texts([word.partition(":")[0] for word in self.words("detail", checked).tolist()])
        changes = _latest(np.searchsorted(known, keys[id(checked)]), self.columns["time_ms"][checked], results, "quality_check")
        values = {"kind": kinds, "units": units.astype(object), "quality_check": texts([NOT_CHECKED] * len(known))}
        of_return, unit_ids = self._spread_of(orders, low, low + units)
        links = [
            Links(BONDS[ObjectType.RETURN, ObjectType.ORDER], np.arange(len(known)), self.ids[orders]),
            Links(BONDS[ObjectType.RETURN, ObjectType.UNIT], of_return, unit_ids),
        ]
        return Things(ObjectType.RETURN, ids, values, [changes], links)

    def _rank(self, rows: Whole) -> Whole:
        """For each of *rows*, how many of them come before it in its order."""
        orders = self.order[rows]
        first = np.searchsorted(orders, orders)
        return np.arange(len(rows)) - first

    def _of_units(self, event: Event, rows: Whole, low: Whole, high: Whole) -> None:
        """The events at *rows* are about the units from place *low* to before *high* of their orders."""
        repeated, unit_ids = self._spread(rows, low, high)
        self.link(event, ObjectType.UNIT, rows[repeated], unit_ids)

    def _spread(self, rows: Whole, low: Whole, high: Whole) -> tuple[Whole, Texts]:
        return self._spread_of(self.order[rows], low, high)

    def _spread_of(self, orders: Whole, low: Whole, high: Whole) -> tuple[Whole, Texts]:
        """The units from place *low* to before *high* of each of *orders*, and for each unit the place in *orders*."""
        high = np.minimum(high, self.units[orders])
        low = np.minimum(low, high)
        counts = high - low
        repeated = np.repeat(np.arange(len(orders)), counts)
        within = np.arange(len(repeated)) - np.repeat(np.cumsum(counts) - counts, counts)
        return repeated, self.unit_ids[self.first_unit[orders[repeated]] + low[repeated] + within]


def _latest(objects: Whole, times: Whole, values: Texts, name: str) -> Changes:
    """Changes in order of object and time; of several at one moment, the last."""
    order = np.lexsort((times, objects))
    objects, times, values = objects[order], times[order], values[order]
    last = np.ones(len(objects), dtype=bool)
    last[:-1] = (objects[1:] != objects[:-1]) | (times[1:] != times[:-1])
    return Changes(name, objects[last], times[last], values[last])
