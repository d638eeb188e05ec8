"""The e-invoices of an order: each one that a report of orders or the ERP names, and whether it certainly is one of this order.

An order can have several: one for each of its requests, one that the ERP made after another, or one for each location that uses its
number. Each of them is credited by itself. Where two sources contradict each other the e-invoice is kept, and is unclear.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from orders.audit.coverage import DOCUMENT_SYSTEMS
from orders.audit.facts import OrderTimes
from orders.audit.rows.columns import ABSENT, NEVER, Flags, Numbers, flags_at
from orders.audit.rows.evidence import Evidence
from orders.audit.rows.locations import with_different
from orders.audit.tables import Kind, System

UNNUMBERED: Final = "E-INVOICE OF "
"""Begins what an event log calls an e-invoice without a number; see `REQUESTS`."""


@dataclass(frozen=True, slots=True)
class OrderInvoice:
    """An e-invoice of an order.

    Attributes:
        number: of the document, or ABSENT if there is none.
        start, end: when it was made, in milliseconds; `NEVER` if unknown.
        remark: what else to know: the other e-invoices, or why it is unclear.
        is_unclear: whether it may be of another order, or not exist; `is_shared` whether other orders name it too.
    """

    number: int
    start: int
    end: int
    remark: str | None = None
    is_unclear: bool = False
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class _Named:
    """Numbers of the e-invoices of an order, each with the first place: named at the location of a request, at others, and listed."""

    here: dict[int, int]
    elsewhere: dict[int, int]
    listed: dict[int, int]


class OrderInvoices:
    """The e-invoices of the orders of a run."""

    def __init__(self, evidence: Evidence, times: OrderTimes) -> None:
        self.evidence, self.times = evidence, times
        self._named, self._listed = _naming(evidence)
        self._orders, self._numbers = invoices_named(evidence)
        self._shared = with_different(self._numbers, self._orders, len(evidence.documents_named))
        self._differing = self._in_detail()
        self._at_several_places = evidence.at_several_places
        self._orders_of_number = self._documented()

    def of_request(self, order: int, row: int) -> list[OrderInvoice]:
        """Return the e-invoices that the cancellation in *row* of `REQUESTS` concerns; one without a number if none is known."""
        if not self._differing[order] and not self._at_several_places[order]:
            return [self._single(order)]
        named = self._named_for(order, row)
        texts = {number: self._text(number) for number in (*named.here, *named.elsewhere, *named.listed)}
        real = {number: text for number, text in texts.items() if not text.startswith(UNNUMBERED)} or texts
        return [self._one(order, number, real, named) for number in sorted(real, key=real.__getitem__)] or [self._single(order)]

    def _single(self, order: int) -> OrderInvoice:
        moments = self.times.moments["invoiced"]
        return OrderInvoice(int(self.times.invoice[order]), int(moments.start[order]), int(moments.end[order]))

    def _one(self, order: int, number: int, texts: dict[int, str], named: _Named) -> OrderInvoice:
        """Return the e-invoice with *number*, with the time that a report of orders gives it, otherwise the day of the document."""
        requests, documents = self.evidence.requests, self.evidence.documents
        row, place = named.here.get(number, named.elsewhere.get(number)), named.listed.get(number)
        start, end = int(NEVER), int(NEVER)
        if row is not None:
            start, end = int(requests["invoiced_start"][row]), int(requests["invoiced_end"][row])
        if start == NEVER and place is not None:
            start, end = int(documents["dated_start"][place]), int(documents["dated_end"][place])
        others = [text for other, text in texts.items() if other != number]
        remark = f"named for the order too: {', '.join(sorted(others))}" if others else None
        why = self._why_unclear(order, number, named)
        return OrderInvoice(number, start, end, why or remark, why is not None, why is not None and bool(self._shared[number]))

    def _why_unclear(self, order: int, number: int, named: _Named) -> str | None:
        if self._at_several_places[order] and number not in named.here:
            return f"the order number is at several locations, and it is not known of which one {self._text(number)} is"
        orders = self._orders_of_number.get(number, set())
        if self._shared[number] and orders - {ABSENT} != {order}:
            return f"{self._text(number)} is named for other orders too"
        if named.listed and not orders & {order, ABSENT}:
            listed = sorted(self._text(other) for other in named.listed)
            return f"a report of orders names {self._text(number)} for this order, and the ERP has {', '.join(listed)}"
        return None

    def _named_for(self, order: int, row: int) -> _Named:
        """Return the numbers of the e-invoices of *order*, as its request in *row* sees them."""
        requests, documents = self.evidence.requests, self.evidence.documents
        several = self._at_several_places[order]
        here: dict[int, int] = {}
        elsewhere: dict[int, int] = {}
        for other in self.evidence.rows_of("requests", order):
            if self._named[other]:
                named = here if not several or requests["place"][other] == requests["place"][row] != ABSENT else elsewhere
                number = int(requests["invoice"][other])
                if requests["invoiced_start"][named.setdefault(number, other)] == NEVER:
                    named[number] = other
        places = [place for place in self.evidence.rows_of("documents", order) if self._listed[place]]
        listed = {int(documents["number"][place]): place for place in reversed(places)}
        if here:
            listed = {number: place for number, place in listed.items() if number in here or number not in elsewhere}
            elsewhere = {}
        return _Named(here, elsewhere, listed)

    def _in_detail(self) -> Flags:
        """Return for each order whether it has more than the e-invoice in the times of the orders, or shares it with another order."""
        return flags_at(
            self._orders[(self._numbers != self.times.invoice[self._orders]) | self._shared[self._numbers]], len(self.evidence.orders)
        )

    def _documented(self) -> dict[int, set[int]]:
        """Return for each number that is listed, and that an order looked at in detail has, the orders that its documents name.

        Those that rows set aside name count too.
        """
        documents, aside = self.evidence.documents, self.evidence.aside
        wanted = np.zeros(len(self.evidence.documents_named) + 1, dtype=bool)
        wanted[self._numbers[(self._differing | self._at_several_places)[self._orders]]] = True
        orders: dict[int, set[int]] = defaultdict(set)
        for place in np.flatnonzero(self._listed & wanted[documents["number"]]).tolist():
            orders[int(documents["number"][place])].add(int(documents["order"][place]))
        of_erp = self.evidence.systems("aside", *DOCUMENT_SYSTEMS)
        for place in np.flatnonzero(of_erp & wanted[aside["number"]] & (aside["order"] != ABSENT)).tolist():
            orders[int(aside["number"][place])].add(int(aside["order"][place]))
        return orders

    def _text(self, number: int) -> str:
        return self.evidence.document_text(number) or ""


def _naming(evidence: Evidence) -> tuple[Flags, Flags]:
    """Return which requests name the client's e-invoice, and which documents are one with a number."""
    requests, documents = evidence.requests, evidence.documents
    named = (requests["invoice"] != ABSENT) & ~evidence.systems("requests", System.AJIO)
    return named, (documents["kind"] == Kind.INVOICE) & (documents["number"] != ABSENT)


def invoices_named(evidence: Evidence) -> tuple[Numbers, Numbers]:
    """Return the orders and the numbers of the e-invoices that requests and documents name together."""
    requests, documents = evidence.requests, evidence.documents
    named, listed = _naming(evidence)
    listed = listed & (documents["order"] != ABSENT)
    orders = np.concatenate([requests["order"][named], documents["order"][listed]])
    return orders, np.concatenate([requests["invoice"][named], documents["number"][listed]])


def invoice_texts(evidence: Evidence, orders: Numbers) -> pa.Array:
    """Return for each of *orders* the numbers of its e-invoices, in the order of the texts and joined by commas; null for none."""
    named, numbers = invoices_named(evidence)
    texts: dict[int, set[str]] = {}
    wanted = np.isin(named, orders) & (named != ABSENT)
    for order, number in zip(named[wanted].tolist(), numbers[wanted].tolist(), strict=True):
        texts.setdefault(order, set()).add(evidence.document_text(number) or "")
    joined = {order: ", ".join(sorted(of_order)) for order, of_order in texts.items()}
    return pa.array([joined.get(order) for order in orders.tolist()], pa.string())
