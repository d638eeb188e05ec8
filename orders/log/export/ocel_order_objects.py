"""Conversion of the orders of a block to objects and events, with their units, documents, cancellations and returns.

The log counts units and does not name them. So the units of an order are numbered here; a partial cancellation takes out the
last ones, and the k-th unit of the return requests is the k-th that is received and the k-th that is checked.
"""

import numpy as np

from orders.log.arrays import IntArray, Mask, Texts, texts
from orders.log.columns import WORD_CODES, Event, EventReason
from orders.log.event_log import words_of_codes
from orders.log.export.object_tables import AttributeChanges, EventTable, ObjectLinks, ObjectTable, last_changes
from orders.log.export.object_types import OBJECT_RELATIONS, ROLES, ObjectType
from orders.log.order_blocks import OrderBlock
from sop_engine import EInvoice, Outcome, Scope, Stage

CODES = {event: WORD_CODES["event"][event] for event in Event}
CANCELLED = WORD_CODES["stage"][Stage.CANCELLED]
BEGINNING = {"stage": WORD_CODES["stage"][Stage.CREATED], "e_invoice": WORD_CODES["e_invoice"][EInvoice.NOT_POSTED]}
EVENT_MARKS = texts([f"-{number:02}" for number in range(1, 1000)])
NOT_CHECKED = "not recorded"


class OrderObjectBuilder:
    """Converter of the orders of a block; rows are sorted by order and then by time."""

    def __init__(self, block: OrderBlock) -> None:
        self.log, self.orders = block.log, block.orders.columns
        self.columns, self.at = block.log.columns, block.log.column("at")
        numbers = self.columns["order"]
        self.starts = np.flatnonzero(np.diff(numbers, prepend=-1))
        self.counts = np.diff(np.append(self.starts, len(numbers)))
        self.order = np.repeat(np.arange(len(self.starts)), self.counts)
        """For each row, the place of its order in the block."""
        self.ids: Texts = self.orders["order_id"]
        self.units = np.zeros(len(self.ids), dtype=np.int64)
        created = self.rows(Event.CREATED)
        self.units[self.order[created]] = self.columns["units"][created]
        self.first_unit = np.cumsum(self.units) - self.units
        self.unit_orders = np.repeat(np.arange(len(self.ids)), self.units)
        unit_numbers = np.arange(len(self.unit_orders)) - self.first_unit[self.unit_orders] + 1
        self.unit_ids = texts(
            [f"{order}-U{n}" for order, n in zip(self.ids[self.unit_orders].tolist(), unit_numbers.tolist(), strict=True)]
        )
        self.invoices = self._papers("invoice_number", "I", Event.INVOICED, Event.PUSHED)
        self.notes = self._papers("credit_note_number", "N", Event.CREDIT_NOTE_DUE, Event.CREDIT_NOTE_MADE)
        self.links: list[ObjectLinks] = []

    def rows(self, *events: Event) -> IntArray:
        """Return the places of the rows of *events*."""
        return np.flatnonzero(np.isin(self.columns["event"], [CODES[event] for event in events]))

    def tables(self) -> tuple[list[ObjectTable], EventTable]:
        """Convert the block to objects and events."""
        tables = [self._orders(), self._units(), self._invoices(), self._notes(), self._cancellations(), self._returns()]
        place = np.arange(len(self.order)) - self.starts[self.order]
        most = int(self.counts.max())
        marks = EVENT_MARKS if most <= len(EVENT_MARKS) else texts([f"-{k:02}" for k in range(1, most + 1)])
        names = self.ids[self.order]
        return tables, EventTable(names, ROLES[Event.CREATED][ObjectType.ORDER], marks[place], self.log, self.links)

    def link(self, event: Event, kind: ObjectType, rows: IntArray, targets: Texts) -> None:
        """Link the events at *rows* also to *targets*."""
        if len(rows):
            self.links.append(ObjectLinks(ROLES[event][kind], rows, targets))

    def words(self, name: str, rows: IntArray) -> Texts:
        """Return the cells of a column at *rows*."""
        return self.log.words(name, rows)

    def _papers(self, name: str, mark: str, *events: Event) -> Texts:
        """Return for each order the name of its document: its number, or one made from the order's; an empty text without a document."""
        names: Texts = self.orders[name].copy()
        having = np.unique(self.order[self.rows(*events)])
        unnumbered = having[names[having] == ""]
        names[unnumbered] = [f"{order}-{mark}" for order in self.ids[unnumbered].tolist()]
        return names

    def _orders(self) -> ObjectTable:
        columns, customers = self.columns, self.orders["customer_id"]
        created = self.rows(Event.CREATED)
        placed = created[customers[self.order[created]] != ""]
        self.link(Event.CREATED, ObjectType.CUSTOMER, placed, customers[self.order[placed]])
        self._of_units(Event.CREATED, created, np.zeros_like(created), columns["units"][created])
        packed = self.rows(Event.PACKED)
        self._of_units(Event.PACKED, packed, np.zeros_like(packed), columns["units"][packed])
        count = len(self.ids)
        values = {
            "number": self.orders["order"].astype(object),
            **{name: self.orders[name] for name in ("invoicing", "seller_gstin", "purchase_order")},
            "units": self.orders["units"].astype(object),
            "stage": texts([str(Stage.CREATED)] * count),
            "e_invoice": texts([str(EInvoice.NOT_POSTED)] * count),
        }
        with_customer = np.flatnonzero(customers != "")
        links = [
            ObjectLinks(OBJECT_RELATIONS[ObjectType.ORDER, ObjectType.CUSTOMER], with_customer, customers[with_customer]),
            ObjectLinks(OBJECT_RELATIONS[ObjectType.ORDER, ObjectType.UNIT], self.unit_orders, self.unit_ids),
        ]
        return ObjectTable(ObjectType.ORDER, self.ids, values, [self._history("stage"), self._history("e_invoice")], links)

    def _history(self, name: str) -> AttributeChanges:
        """Return the changes of an order's state, with times; a cancellation has the state before it."""
        now = self.columns[name]
        if name == "stage":
            now = np.where(self._cancelled(), CANCELLED, now)
        before = np.empty_like(now)
        before[1:] = now[:-1]
        before[self.starts] = BEGINNING[name]
        rows = np.flatnonzero(now != before)
        rows = rows[now[rows] >= 0]
        return last_changes(self.order[rows], self.at[rows], words_of_codes(now[rows], name, {}), name)

    def _cancelled(self) -> Mask:
        """Return a mask of the rows that cancel the whole order."""
        columns = self.columns
        full = columns["scope"] == WORD_CODES["scope"][Scope.FULL]
        allowed = columns["outcome"] == WORD_CODES["outcome"][Outcome.ALLOWED]
        by_others = (columns["event"] == CODES[Event.CANCELLATION]) & full & allowed
        cancelled: Mask = by_others | (columns["event"] == CODES[Event.CANCELLED_BY_CUSTOMER])
        return cancelled

    def _units(self) -> ObjectTable:
        return ObjectTable(ObjectType.UNIT, self.unit_ids, {})

    def _invoices(self) -> ObjectTable:
        having = np.flatnonzero(self.invoices != "")
        for event in (Event.INVOICED, Event.PUSHED):
            rows = self.rows(event)
            self.link(event, ObjectType.E_INVOICE, rows, self.invoices[self.order[rows]])
        made_in = texts([""] * len(self.ids))
        for event in (Event.PUSHED, Event.INVOICED):
            rows = self.rows(event)
            made_in[self.order[rows]] = self.words("system", rows)
        bond = ObjectLinks(OBJECT_RELATIONS[ObjectType.E_INVOICE, ObjectType.ORDER], np.arange(len(having)), self.ids[having])
        values = {"number": self.orders["invoice_number"][having], "made_in": made_in[having]}
        return ObjectTable(ObjectType.E_INVOICE, self.invoices[having], values, [], [bond])

    def _notes(self) -> ObjectTable:
        having = np.flatnonzero(self.notes != "")
        place = np.zeros(len(self.ids), dtype=np.int64)
        place[having] = np.arange(len(having))
        because = texts([""] * len(self.ids))
        for event in (Event.CREDIT_NOTE_MADE, Event.CREDIT_NOTE_DUE):
            rows = self.rows(event)
            self.link(event, ObjectType.CREDIT_NOTE, rows, self.notes[self.order[rows]])
            invoiced = rows[self.invoices[self.order[rows]] != ""]
            self.link(event, ObjectType.E_INVOICE, invoiced, self.invoices[self.order[invoiced]])
            because[self.order[rows]] = self.words("because", rows)
        made_rows = self.rows(Event.CREDIT_NOTE_MADE)
        changes = last_changes(place[self.order[made_rows]], self.at[made_rows], texts(["made"] * len(made_rows)), "state")
        values = {"number": self.orders["credit_note_number"][having], "state": texts(["due"] * len(having)), "because": because[having]}
        corrects = np.flatnonzero(self.invoices[having] != "")
        links = [
            ObjectLinks(OBJECT_RELATIONS[ObjectType.CREDIT_NOTE, ObjectType.E_INVOICE], corrects, self.invoices[having[corrects]]),
            ObjectLinks(OBJECT_RELATIONS[ObjectType.CREDIT_NOTE, ObjectType.ORDER], np.arange(len(having)), self.ids[having]),
        ]
        return ObjectTable(ObjectType.CREDIT_NOTE, self.notes[having], values, [changes], links)

    def _cancellations(self) -> ObjectTable:
        rows = self.rows(Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER)
        ids = texts(
            [f"{order}-C{place + 1}" for order, place in zip(self.ids[self.order[rows]].tolist(), self._rank(rows).tolist(), strict=True)]
        )
        customer = self.columns["event"][rows] == CODES[Event.CANCELLED_BY_CUSTOMER]
        low, high = self._taken(rows)
        of_cancellation, unit_ids = self._spread(rows, low, high)
        for event, mask in ((Event.CANCELLATION, ~customer), (Event.CANCELLED_BY_CUSTOMER, customer)):
            self.link(event, ObjectType.CANCELLATION, rows[mask], ids[mask])
            of_kind = mask[of_cancellation]
            self.link(event, ObjectType.UNIT, rows[of_cancellation[of_kind]], unit_ids[of_kind])
        customers = self.orders["customer_id"][self.order[rows]]
        asking = customer & (customers != "")
        self.link(Event.CANCELLED_BY_CUSTOMER, ObjectType.CUSTOMER, rows[asking], customers[asking])
        facts = ("canceller", "scope", "stage", "e_invoice", "outcome", "units", "reason", "because")
        values = {name: self.words(name, rows) for name in facts}
        values["canceller"][customer] = "customer"
        values["scope"][customer] = str(Scope.FULL)
        links = [
            ObjectLinks(OBJECT_RELATIONS[ObjectType.CANCELLATION, ObjectType.ORDER], np.arange(len(rows)), self.ids[self.order[rows]]),
            ObjectLinks(OBJECT_RELATIONS[ObjectType.CANCELLATION, ObjectType.UNIT], of_cancellation, unit_ids),
        ]
        return ObjectTable(ObjectType.CANCELLATION, ids, values, [], links)

    def _taken(self, rows: IntArray) -> tuple[IntArray, IntArray]:
        """Return for each cancellation the range of units that it takes out; an empty range if it was not allowed."""
        columns = self.columns
        cancels_all = self._cancelled()[rows]
        units = columns["units"][rows]
        low, high = np.zeros_like(units), np.where(cancels_all, units, 0)
        part = (columns["outcome"][rows] == WORD_CODES["outcome"][Outcome.ALLOWED]) & ~cancels_all
        left = self.units.copy()
        for k in np.flatnonzero(part).tolist():
            order = self.order[rows[k]]
            high[k] = left[order]
            left[order] = low[k] = max(int(left[order] - units[k]), 0)
        return low, high

    def _returns(self) -> ObjectTable:
        rows = {event: self.rows(event) for event in (Event.RETURN_REQUESTED, Event.QUALITY_CHECK, Event.RETURN_RECEIVED)}
        most = 1 + max(int(self._rank(event_rows).max(initial=0)) for event_rows in rows.values())
        keys = {event: self.order[event_rows] * most + self._rank(event_rows) for event, event_rows in rows.items()}
        keys_of_returns = np.unique(np.concatenate(list(keys.values())))
        orders, ranks = np.divmod(keys_of_returns, most)
        places = {event: np.searchsorted(keys_of_returns, key) for event, key in keys.items()}
        ids = texts([f"{order}-R{rank + 1}" for order, rank in zip(self.ids[orders].tolist(), ranks.tolist(), strict=True)])
        units, kinds = np.zeros(len(keys_of_returns), dtype=np.int64), texts([""] * len(keys_of_returns))
        for event, event_rows in rows.items():
            units[places[event]] = self.columns["units"][event_rows]
        kinds[places[Event.RETURN_RECEIVED]] = self.words("reason", rows[Event.RETURN_RECEIVED])
        kinds[kinds == ""] = str(EventReason.CUSTOMER_RETURN)
        low = np.where(kinds == EventReason.CUSTOMER_RETURN, ranks, 0)
        for event, event_rows in rows.items():
            place = places[event]
            self.link(event, ObjectType.RETURN, event_rows, ids[place])
            self._of_units(event, event_rows, low[place], low[place] + units[place])
        checked = rows[Event.QUALITY_CHECK]
        results = self.words("reason", checked)
        changes = last_changes(places[Event.QUALITY_CHECK], self.at[checked], results, "quality_check")
        values = {"kind": kinds, "units": units.astype(object), "quality_check": texts([NOT_CHECKED] * len(keys_of_returns))}
        of_return, unit_ids = self._spread_of(orders, low, low + units)
        links = [
            ObjectLinks(OBJECT_RELATIONS[ObjectType.RETURN, ObjectType.ORDER], np.arange(len(keys_of_returns)), self.ids[orders]),
            ObjectLinks(OBJECT_RELATIONS[ObjectType.RETURN, ObjectType.UNIT], of_return, unit_ids),
        ]
        return ObjectTable(ObjectType.RETURN, ids, values, [changes], links)

    def _rank(self, rows: IntArray) -> IntArray:
        """Count for each of *rows* the earlier ones of the same order."""
        orders = self.order[rows]
        first = np.searchsorted(orders, orders)
        return np.arange(len(rows)) - first

    def _of_units(self, event: Event, rows: IntArray, low: IntArray, high: IntArray) -> None:
        """Link the events at *rows* to the units from place *low* to before *high* of their orders."""
        repeated, unit_ids = self._spread(rows, low, high)
        self.link(event, ObjectType.UNIT, rows[repeated], unit_ids)

    def _spread(self, rows: IntArray, low: IntArray, high: IntArray) -> tuple[IntArray, Texts]:
        return self._spread_of(self.order[rows], low, high)

    def _spread_of(self, orders: IntArray, low: IntArray, high: IntArray) -> tuple[IntArray, Texts]:
        """Return the units from place *low* to before *high* of each of *orders*, and for each unit the place in *orders*."""
        high = np.minimum(high, self.units[orders])
        low = np.minimum(low, high)
        counts = high - low
        repeated = np.repeat(np.arange(len(orders)), counts)
        within = np.arange(len(repeated)) - np.repeat(np.cumsum(counts) - counts, counts)
        return repeated, self.unit_ids[self.first_unit[orders[repeated]] + low[repeated] + within]
