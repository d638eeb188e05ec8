"""The e-invoices of an order: each one that a report of orders or the ERP names, and whether it certainly is one of this order.

An order can have several: one for each of its requests, one that the ERP made after another, or one for each location that uses its
number. Each of them is credited by itself. Where two sources contradict each other the e-invoice is kept, and is unclear.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from orders.audit.columns import ABSENT, NEVER, Evidence, Flags, Numbers
from orders.audit.facts import OrderTimes
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
        is_unclear: whether it may be of another order, or not exist.
    """

    number: int
    start: int
    end: int
    remark: str | None = None
    is_unclear: bool = False


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
        requests, documents = evidence.requests, evidence.documents
        self._named = (requests["invoice"] != ABSENT) & ~evidence.systems("requests", System.AJIO)
        self._listed = (documents["kind"] == Kind.INVOICE) & (documents["number"] != ABSENT)
        self._differing = self._with_several()
        self._at_several_places = orders_at_several_places(evidence)
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
        return OrderInvoice(number, start, end, why or remark, is_unclear=why is not None)

    def _why_unclear(self, order: int, number: int, named: _Named) -> str | None:
        if self._at_several_places[order] and number not in named.here:
            return f"the order number is at several locations, and it is not known of which one {self._text(number)} is"
        orders = self._orders_of_number.get(number, set())
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

    def _with_several(self) -> Flags:
        """Return for each order whether a row names another e-invoice than the one in the times of the orders."""
        requests, documents = self.evidence.requests, self.evidence.documents
        listed = self._listed & (documents["order"] != ABSENT)
        orders = np.concatenate([requests["order"][self._named], documents["order"][listed]])
        numbers = np.concatenate([requests["invoice"][self._named], documents["number"][listed]])
        flags = np.zeros(len(self.evidence.orders), dtype=bool)
        flags[orders[numbers != self.times.invoice[orders]]] = True
        return flags

    def _documented(self) -> dict[int, set[int]]:
        """Return for each number that is listed, and that an order with several has, the orders that its documents name."""
        requests, documents = self.evidence.requests, self.evidence.documents
        wanted = np.zeros(len(self.evidence.documents_named) + 1, dtype=bool)
        wanted[requests["invoice"][self._named & self._differing[requests["order"]]]] = True
        wanted[documents["number"][self._listed & (documents["order"] != ABSENT) & self._differing[documents["order"]]]] = True
        orders: dict[int, set[int]] = defaultdict(set)
        for place in np.flatnonzero(self._listed & wanted[documents["number"]]).tolist():
            orders[int(documents["number"][place])].add(int(documents["order"][place]))
        return orders

    def _text(self, number: int) -> str:
        return self.evidence.document_text(number) or ""


def orders_at_several_places(evidence: Evidence) -> Flags:
    """Return for each order whether its requests name more than one location."""
    requests = evidence.requests
    given = requests["place"] != ABSENT
    orders, places = requests["order"][given], requests["place"][given]
    last: Numbers = np.full(len(evidence.orders), ABSENT, dtype=np.int64)
    last[orders] = places
    flags = np.zeros(len(evidence.orders), dtype=bool)
    flags[orders[last[orders] != places]] = True
    return flags
