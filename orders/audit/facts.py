"""What was so at the cancellation: stage and e-invoice as sets of words, from words or from observed times.

A time is an interval. Of two events whose intervals overlap neither is first: what depends on their order becomes a set. Today's
status says nothing about the past and is not used.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from orders.audit.rows.columns import ABSENT, NEVER, Flags, Numbers, flags_at
from orders.audit.rows.evidence import Evidence
from orders.audit.rows.numbering import Names
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

ONLY_ERP: Final = 1
"""The set of the invoicing model ERP alone."""
ALIVE: Final = ALL["stage"] & ~CANCELLED_BIT
"""The set of all other stages."""


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
        places: for each request a number of its order and location, ABSENT if its order is at one location only.
        of_places: the events by that number, as if each location had an order of its own; empty without such orders.
    """

    moments: dict[str, Moments]
    invoice: Numbers
    document: Numbers
    places: Numbers
    of_places: dict[str, Moments]

    def at(self, name: str, orders: Numbers) -> Moments:
        """Return the event *name* of each of *orders*."""
        return _taken(self.moments[name], orders)

    def views(self, name: str, rows: Numbers, orders: Numbers) -> tuple[Moments, ...]:
        """Return the event *name* for each of *rows*, requests of *orders*: of the whole order, and of its location alone if it has several."""
        whole = self.at(name, orders)
        apart = self.places[rows] != ABSENT
        if not apart.any():
            return (whole,)
        of_place = _taken(self.of_places[name], self.places[rows])
        pairs = ((getattr(of_place, part), getattr(whole, part)) for part in ("start", "end", "certain", "possible"))
        return whole, Moments(*(np.where(apart, *pair) for pair in pairs))


def _taken(moments: Moments, places: Numbers) -> Moments:
    return Moments(moments.start[places], moments.end[places], moments.certain[places], moments.possible[places])


def order_times(evidence: Evidence) -> OrderTimes:
    """Return the events of every order: from the requests, and the e-invoice also from the documents."""
    size = len(evidence.orders)
    names = (*STAGE_TIMES.values(), *E_INVOICE_TIMES.values())
    moments = {name: _merged(evidence, name, evidence.requests["order"], size) for name in names}
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
    named = flags_at(requests["order"][numbered & ~requests["invoiced_later"]], size)
    exists = moments["invoiced"].certain | there | named
    moments["invoiced"] = Moments(start, end, exists, moments["invoiced"].possible | there | (invoice != ABSENT))
    places, number = _order_places(evidence)
    of_places = {name: _merged(evidence, name, places, number) for name in names} if number else {}
    return OrderTimes(moments, invoice, document, places, of_places)


def _order_places(evidence: Evidence) -> tuple[Numbers, int]:
    """Return for each request the number of its order and location together, ABSENT if its order is at one only; and how many there are."""
    requests = evidence.requests
    numbers = np.full(len(requests["order"]), ABSENT, dtype=np.int64)
    rows = np.flatnonzero(evidence.at_several_places[requests["order"]])
    if not len(rows):
        return numbers, 0
    pairs, numbers[rows] = np.unique(np.stack([requests["order"][rows], requests["place"][rows]]), axis=1, return_inverse=True)
    return numbers, pairs.shape[1]


def stages(evidence: Evidence, times: OrderTimes, rows: Numbers, cancelled: Moments) -> NDArray[np.uint8]:
    """Return for each request the set of stages at its cancellation, without CANCELLED unless the source says it.

    Of several stages that the source leaves open those count that the times allow. If they allow none, one of the two is wrong, and
    either is possible.
    """
    places = {name: LIFE_STAGES.index(word) for word, name in STAGE_TIMES.items()}
    first = LIFE_STAGES.index(Stage.UNFULFILLABLE)
    stated = evidence.requests["stage"][rows]
    timed = _stated_or_timed(evidence, np.zeros_like(stated), places, times, rows, cancelled, first)
    packed = times.at("packed", evidence.requests["order"][rows])
    agreeing = stated & (timed | CANCELLED_BIT)
    sets = np.where(stated == 0, timed, stated)
    sets = np.where((agreeing & ALIVE != 0) & (packed.certain | ~packed.possible), agreeing, sets)
    contradictory = packed.certain & (stated & ALIVE != 0) & (agreeing & ALIVE == 0)
    sets = np.where(contradictory, stated | timed, sets).astype(np.uint8)
    return _with_earlier_stages(evidence, times, rows, cancelled, sets)


def _with_earlier_stages(
    evidence: Evidence, times: OrderTimes, rows: Numbers, cancelled: Moments, sets: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Return *sets* with the stages before those that an order cannot have had: released before it was posted, or packed before its e-invoice.

    Such a stage can be that of the day of the export.
    """
    orders, alive = evidence.requests["order"][rows], sets & ALIVE
    not_posted = cancelled.surely_before(times.at("posted", orders)) & (evidence.requests["invoicing"][rows] == ONLY_ERP)
    not_invoiced = cancelled.surely_before(times.at("invoiced", orders))
    for too_early, stage in ((not_posted, Stage.PROCESSING), (not_invoiced, Stage.PACKED)):
        before = (1 << LIFE_STAGES.index(stage)) - 1
        sets = np.where(too_early & (alive != 0) & (alive & before == 0), sets | before, sets)
    return sets.astype(np.uint8)


def e_invoices(evidence: Evidence, times: OrderTimes, rows: Numbers, cancelled: Moments) -> NDArray[np.uint8]:
    """Return for each request the set of states of the e-invoice at its cancellation."""
    places = {name: word.rank for word, name in E_INVOICE_TIMES.items()}
    return _stated_or_timed(evidence, evidence.requests["e_invoice"][rows], places, times, rows, cancelled, 0)


def e_invoices_at(evidence: Evidence, times: OrderTimes, rows: Numbers, moments: Moments, lower: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the sets of the e-invoice at later *moments* of the same orders: from the times, and at least what it was before, *lower*."""
    places = {name: word.rank for word, name in E_INVOICE_TIMES.items()}
    sets = _stated_or_timed(evidence, np.zeros(len(rows), dtype=np.uint8), places, times, rows, moments, 0)
    at_least = (0x100 - (lower & -lower.astype(np.int16))) & ALL["e_invoice"]
    later = np.asarray(sets & at_least, dtype=np.uint8)
    return np.where(later != 0, later, lower)


def cancellation_times(evidence: Evidence, rows: Numbers) -> Moments:
    """Return when each request was made."""
    start, end = evidence.requests["cancelled_start"][rows], evidence.requests["cancelled_end"][rows]
    there = np.ones(len(rows), dtype=bool)
    return Moments(start, end, there, there)


def _stated_or_timed(  # noqa: PLR0913 (the words, and what the times need)
    evidence: Evidence,
    stated: NDArray[np.uint8],
    places: dict[str, int],
    times: OrderTimes,
    rows: Numbers,
    cancelled: Moments,
    first: int,
) -> NDArray[np.uint8]:
    """Return the stated sets, and where there is none those that the times leave; without any event they end at the place *first*."""
    orders = evidence.requests["order"][rows]
    by_name = [(place, times.views(name, rows, orders)) for name, place in places.items()]
    sets = stated
    for view in range(len(by_name[0][1])):
        lowest, highest = np.zeros(len(orders), dtype=np.int64), np.full(len(orders), first, dtype=np.int64)
        reached = np.ones(len(orders), dtype=bool)
        for place, views in by_name:
            moments = views[view]
            reached = moments.maybe_before(cancelled) & (reached | moments.certain)
            lowest = np.where(moments.surely_before(cancelled), place, lowest)
            highest = np.where(reached, place, highest)
        sets = np.where(stated != 0, stated, sets | _range_sets(lowest, np.maximum(lowest, highest))).astype(np.uint8)
    return sets


def _range_sets(lowest: Numbers, highest: Numbers) -> NDArray[np.uint8]:
    """Return the sets of the words from place *lowest* to place *highest*, both included."""
    return np.asarray((np.int64(2) << highest) - (np.int64(1) << lowest), dtype=np.uint8)


def _merged(evidence: Evidence, name: str, groups: Numbers, size: int) -> Moments:
    """Return the event *name* of each of *size* orders, from all requests that name it; the earliest if they differ.

    Without a time it cannot have happened if every source that has the order and the column has none, and none has a later one.
    *groups* are the orders of the requests, or those at one location; ABSENT for a request that does not count.
    """
    requests, has = evidence.requests, evidence.has(name) & (groups != ABSENT)
    start, end = requests[f"{name}_start"], requests[f"{name}_end"]
    timed, later = (start != NEVER) & (groups != ABSENT), requests[f"{name}_later"] & (groups != ABSENT)
    if not timed.any() and not later.any() and name != "invoiced":
        never = np.broadcast_to(np.int64(NEVER), size)
        absent = flags_at(groups[has], size)
        return Moments(never, never, np.broadcast_to(np.False_, size), ~absent)
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(first, groups[timed], start[timed])
    np.minimum.at(last, groups[timed], end[timed])
    given, absent, unclear = (np.zeros(size, dtype=bool) for _ in range(3))
    given[groups[timed]] = True
    absent[groups[has & ~timed & ~later]] = True
    if name == "invoiced":
        unnamed = evidence.has("invoice") & (requests["invoice"] == ABSENT) & ~evidence.systems("requests", "Ajio")
        absent[groups[unnamed & ~later & (groups != ABSENT)]] = True
        unclear[groups[(requests["invoice"] != ABSENT) & ~evidence.systems("requests", "Ajio") & (groups != ABSENT)]] = True
    unclear[groups[later]] = True
    return Moments(np.where(given, first, NEVER), np.where(given, last, NEVER), given, given | unclear | ~absent)


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
