"""What was so at the cancellation: stage and e-invoice as sets of words, from words or from observed times.

A time is an interval. Of two events whose intervals overlap neither is first: what depends on their order becomes a set. Today's
status says nothing about the past and is not used.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from orders.audit.columns import ABSENT, NEVER, Evidence, Flags, Names, Numbers
from orders.audit.tables import ALL, Kind
from sop_engine import EInvoice, Stage
from sop_engine.case import LIFE_STAGES

STAGE_TIMES: Final = {
    Stage.FULFILLABLE: "allocated",
    Stage.PROCESSING: "released",
    Stage.PACKED: "packed",
    Stage.READY_TO_DISPATCH: "ready",
    Stage.COMPLETED: "dispatched",
}
E_INVOICE_TIMES: Final = {EInvoice.POSTED: "posted", EInvoice.GENERATED: "invoiced", EInvoice.PUSHED: "pushed"}

CANCELLED_BIT: Final = 1 << LIFE_STAGES.index(Stage.CANCELLED)
"""The set of the stage CANCELLED alone."""


@dataclass(frozen=True)
class Moments:
    """When an event happened, for each of some rows.

    Attributes:
        start, end: the interval; both `NEVER` where there is no time.
        certain: whether it happened.
        possible: whether it may have happened, at a time that may be unknown.
    """

    start: Numbers
    end: Numbers
    certain: Flags
    possible: Flags

    def surely_before(self, other: "Moments") -> Flags:
        """Return whether it certainly happened before *other*."""
        return np.asarray(self.certain & (self.end != NEVER) & (other.start != NEVER) & (self.end <= other.start))

    def maybe_before(self, other: "Moments") -> Flags:
        """Return whether it can have happened before *other*: also at the same time, or at an unknown one."""
        surely_after = (self.start != NEVER) & (other.end != NEVER) & (self.start >= other.end)
        return np.asarray(self.possible & ~surely_after)


@dataclass(frozen=True)
class OrderTimes:
    """The events of the orders of a run, from all rows that name them; by number of the order.

    Attributes:
        moments: by name of the event, as in `TIMES`.
        invoice: the number of its e-invoice, or ABSENT.
        document: the place in `DOCUMENTS` of its invoice, or ABSENT.
    """

    moments: dict[str, Moments]
    invoice: Numbers
    document: Numbers

    def at(self, name: str, orders: Numbers) -> Moments:
        """Return the event *name* of each of *orders*."""
        moments = self.moments[name]
        return Moments(moments.start[orders], moments.end[orders], moments.certain[orders], moments.possible[orders])


def order_times(evidence: Evidence) -> OrderTimes:
    """Return the events of every order: from the requests, and the e-invoice also from the documents."""
    size = len(evidence.orders)
    moments = {name: _merged(evidence, name, size) for name in (*STAGE_TIMES.values(), *E_INVOICE_TIMES.values())}
    requests = evidence.requests
    invoice = np.full(size, ABSENT, dtype=np.int64)
    numbered = (requests["invoice"] != ABSENT) & ~evidence.systems("requests", "Ajio")
    fill_first(invoice, requests["order"][numbered], requests["invoice"][numbered], evidence.documents_named)
    document = _invoices_of_orders(evidence, invoice)
    there = document != ABSENT
    dated = evidence.documents
    start, end = moments["invoiced"].start.copy(), moments["invoiced"].end.copy()
    unknown = there & (start == NEVER)
    start[unknown], end[unknown] = dated["dated_start"][document[unknown]], dated["dated_end"][document[unknown]]
    _take_earlier(evidence, unknown, start, end)
    invoice = np.where(there & (invoice == ABSENT), dated["number"][document] if len(dated["number"]) else ABSENT, invoice)
    exists = moments["invoiced"].certain | there | (invoice != ABSENT)
    moments["invoiced"] = Moments(start, end, exists, moments["invoiced"].possible | exists)
    return OrderTimes(moments, invoice, document)


def stages(evidence: Evidence, times: OrderTimes, rows: Numbers, cancelled: Moments) -> NDArray[np.uint8]:
    """Return for each request the set of stages at its cancellation, without CANCELLED unless the source says it."""
    places = {name: LIFE_STAGES.index(word) for word, name in STAGE_TIMES.items()}
    first = LIFE_STAGES.index(Stage.UNFULFILLABLE)
    return _stated_or_timed(evidence.requests["stage"][rows], places, times, evidence.requests["order"][rows], cancelled, first)


def e_invoices(evidence: Evidence, times: OrderTimes, rows: Numbers, cancelled: Moments) -> NDArray[np.uint8]:
    """Return for each request the set of states of the e-invoice at its cancellation."""
    places = {name: word.rank for word, name in E_INVOICE_TIMES.items()}
    return _stated_or_timed(evidence.requests["e_invoice"][rows], places, times, evidence.requests["order"][rows], cancelled, 0)


def e_invoices_at(evidence: Evidence, times: OrderTimes, rows: Numbers, moments: Moments, lower: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the sets of the e-invoice at later *moments* of the same orders: from the times, and at least what it was before, *lower*."""
    places = {name: word.rank for word, name in E_INVOICE_TIMES.items()}
    sets = _stated_or_timed(np.zeros(len(rows), dtype=np.uint8), places, times, evidence.requests["order"][rows], moments, 0)
    at_least = (0x100 - (lower & -lower.astype(np.int16))) & ALL["e_invoice"]
    later = np.asarray(sets & at_least, dtype=np.uint8)
    return np.where(later != 0, later, lower)


def cancellation_times(evidence: Evidence, rows: Numbers) -> Moments:
    """Return when each request was made."""
    start, end = evidence.requests["cancelled_start"][rows], evidence.requests["cancelled_end"][rows]
    there = np.ones(len(rows), dtype=bool)
    return Moments(start, end, there, there)


def _stated_or_timed(  # noqa: PLR0913 (the words, and what the times need)
    stated: NDArray[np.uint8], places: dict[str, int], times: OrderTimes, orders: Numbers, cancelled: Moments, first: int
) -> NDArray[np.uint8]:
    """Return the stated sets, and where there is none those that the times leave; without any event they end at the place *first*."""
    lowest, highest = np.zeros(len(orders), dtype=np.int64), np.full(len(orders), first, dtype=np.int64)
    reached = np.ones(len(orders), dtype=bool)
    for name, place in places.items():
        moments = times.at(name, orders)
        reached = moments.maybe_before(cancelled) & (reached | moments.certain)
        lowest = np.where(moments.surely_before(cancelled), place, lowest)
        highest = np.where(reached, place, highest)
    return np.where(stated != 0, stated, _range_sets(lowest, np.maximum(lowest, highest)))


def _range_sets(lowest: Numbers, highest: Numbers) -> NDArray[np.uint8]:
    """Return the sets of the words from place *lowest* to place *highest*, both included."""
    return np.asarray((np.int64(2) << highest) - (np.int64(1) << lowest), dtype=np.uint8)


def _merged(evidence: Evidence, name: str, size: int) -> Moments:
    """Return the event *name* of each order, from all requests that name it; the earliest if they differ.

    Without a time it cannot have happened if every source that has the order and the column has none.
    """
    requests, has = evidence.requests, evidence.has(name)
    orders, start, end = requests["order"], requests[f"{name}_start"], requests[f"{name}_end"]
    timed = start != NEVER
    if not timed.any() and name != "invoiced":
        never = np.broadcast_to(np.int64(NEVER), size)
        absent = np.zeros(size, dtype=bool)
        absent[orders[has]] = True
        return Moments(never, never, np.broadcast_to(np.False_, size), ~absent)
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(first, orders[timed], start[timed])
    np.minimum.at(last, orders[timed], end[timed])
    given, absent = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    given[orders[timed]] = True
    absent[orders[has & ~timed]] = True
    if name == "invoiced":
        absent[orders[evidence.has("invoice") & (requests["invoice"] == ABSENT) & ~evidence.systems("requests", "Ajio")]] = True
    return Moments(np.where(given, first, NEVER), np.where(given, last, NEVER), given, given | ~absent)


def _invoices_of_orders(evidence: Evidence, invoice: Numbers) -> Numbers:
    """Return for each order the place of its invoice: the one with the number that a request gives, otherwise the first by number."""
    documents, names = evidence.documents, evidence.documents_named
    places = np.flatnonzero((documents["kind"] == Kind.INVOICE) & (documents["number"] != ABSENT))
    by_number = np.full(len(names), ABSENT, dtype=np.int64)
    by_number[documents["number"][places][::-1]] = places[::-1]
    named = places[documents["order"][places] != ABSENT]
    number = invoice.copy()
    of_document = np.full(len(invoice), ABSENT, dtype=np.int64)
    fill_first(of_document, documents["order"][named], documents["number"][named], names)
    given = np.zeros(len(invoice), dtype=bool)
    given[invoice != ABSENT] = by_number[invoice[invoice != ABSENT]] != ABSENT
    number = np.where(given, invoice, of_document)
    chosen = np.full(len(invoice), ABSENT, dtype=np.int64)
    chosen[number != ABSENT] = by_number[number[number != ABSENT]]
    return chosen


def _take_earlier(evidence: Evidence, wanted: Flags, start: Numbers, end: Numbers) -> None:
    """Set the times of the *wanted* orders to those of their earliest e-invoice, of several that the ERP has."""
    documents = evidence.documents
    dated = (documents["kind"] == Kind.INVOICE) & (documents["order"] != ABSENT) & (documents["dated_start"] != NEVER)
    orders = documents["order"][dated]
    chosen = wanted[orders]
    for times, name in ((start, "dated_start"), (end, "dated_end")):
        earliest = np.where(times == NEVER, np.iinfo(np.int64).max, times)
        np.minimum.at(earliest, orders[chosen], documents[name][dated][chosen])
        times[wanted] = np.where(earliest == np.iinfo(np.int64).max, NEVER, earliest)[wanted]


def fill_first(column: Numbers, places: Numbers, values: Numbers, names: Names) -> None:
    """Set the *places* of *column* to *values*; of different ones for one place the first in the order of its name."""
    column[places] = values
    differing = np.zeros(len(column), dtype=bool)
    differing[places[column[places] != values]] = True
    several = differing[places]
    for place, value in zip(places[several].tolist(), values[several].tolist(), strict=True):
        column[place] = min(value, int(column[place]), key=names.keys.__getitem__)
