"""The requests to cancel that the SOP is asked about: their facts, their possible cases, and whether they took effect.

The requests of one order are taken in the order of their times: whether one is full depends on the units that earlier ones left
(GAP-24, GAP-39), and after a full one, also of the customer, the order is CANCELLED (GAP-37). All first requests are handled at once,
then all second ones.

What the files leave open stays open: a request without a result may have been carried out or not; the quantity of a later request may
be what it took or what all took until then; an order number at several locations may be one order or several.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from orders.audit.answers import UNDECIDED, PossibleAnswers
from orders.audit.cancellers import cancellers
from orders.audit.facts import ALIVE, CANCELLED_BIT, OrderTimes, cancellation_times, e_invoices, stages
from orders.audit.keys import Keys, keys_of
from orders.audit.rows.columns import ABSENT, NEVER, Flags, Numbers
from orders.audit.rows.copies import copied_requests
from orders.audit.rows.evidence import Evidence
from orders.audit.tables import ALL, Observed, System
from sop_engine import Outcome

CUSTOMER: Final = 4
"""The set of the canceller customer alone."""
SELLER_OR_AJIO: Final = 3
"""The set of the cancellers that the SOP knows."""
NO, YES, MAYBE = 0, 1, 2
"""Codes of what a request did: nothing, took its units, or either."""
FULL, PARTIAL = 1, 2
"""Sets of one scope."""
EVENT_LOG: Final = "event-log"
"""The profile of sources in which each quantity is that of one request."""
_OBSERVED: Final = np.array([{Observed.UNKNOWN: MAYBE, Observed.YES: YES, Observed.NO: NO}[word] for word in Observed], dtype=np.uint8)


@dataclass(frozen=True)
class Cancellations:
    """The requests of the seller and Ajio, in the order of order and time, as columns of equal length.

    Attributes:
        rows: places in `REQUESTS`.
        order: numbers of the orders.
        start, end: when each was made; `NEVER` if unknown.
        canceller: set of the words of `WORDS["canceller"]`; `inferred` where Ajio is only what is left (GAP-57).
        reported: the set of those that Ajio's report names in place of the canceller of the row; 0 where it does not differ.
        units: that it takes; ABSENT if unknown.
        stage, e_invoice, scope: sets.
        key: of the possible case.
        outcome, forbidden: codes of parts of the answer.
        effect: NO, YES or MAYBE.
        result_unknown: whether no cell says if it was carried out.
        maybe_failed: whether it may have failed at packing: because of that, or because the time of the error is after the day of the audit.
        in_all: whether its quantity may be that of all requests until then.
        left_least, left_most: units that may be left after it; ABSENT if unknown.
        ended_before: whether an earlier request had cancelled the order in full, of the customer too: NO, YES or MAYBE.
    """

    rows: Numbers
    order: Numbers
    start: Numbers
    end: Numbers
    canceller: NDArray[np.uint8]
    inferred: Flags
    reported: NDArray[np.uint8]
    units: Numbers
    scope: NDArray[np.uint8]
    stage: NDArray[np.uint8]
    e_invoice: NDArray[np.uint8]
    key: Keys
    outcome: NDArray[np.uint8]
    forbidden: NDArray[np.uint8]
    effect: NDArray[np.uint8]
    ended_before: NDArray[np.uint8]
    result_unknown: Flags
    maybe_failed: Flags
    in_all: Flags
    left_least: Numbers
    left_most: Numbers
    answers: PossibleAnswers

    def __len__(self) -> int:
        return len(self.rows)

    def is_outcome(self, outcome: Outcome) -> Flags:
        """Return for each whether its outcome is certainly *outcome*."""
        return np.asarray(self.outcome == self.answers["outcome"].code_of(str(outcome)))

    @property
    def is_orphan(self) -> Flags:
        """Return for each whether it found the order CANCELLED, and no row of the run has the cancellation before it."""
        return np.asarray(self.is_outcome(Outcome.WITHOUT_EFFECT) & (self.ended_before == NO))

    @property
    def is_forbidden(self) -> Flags:
        """Return for each whether it is certainly not to be carried out."""
        return np.asarray(self.forbidden == self.answers["forbidden"].code_of(value=True))


def subjects(evidence: Evidence) -> Flags:
    """Return which requests the SOP is asked about: those of the OMS and WMS; without such a source those of the VMS report, or Ajio's.

    A request that several of their exports have alike is asked about once.
    """
    wanted = np.asarray(evidence.systems("requests", *asked_systems(evidence)) & evidence.requests["is_cancellation"])
    return wanted & ~copied_requests(evidence.requests, wanted, [source["system"] for source in evidence.sources])


def asked_systems(evidence: Evidence) -> tuple[System, ...]:
    """Return the systems whose requests the SOP is asked about."""
    for systems in ((System.OMS, System.WMS), (System.VMS,), (System.AJIO,)):
        if any(evidence.sources[source]["system"] in systems for source in evidence.facts.requesting):
            return systems
    return ()


def cancellations_of(evidence: Evidence, times: OrderTimes, answers: PossibleAnswers, outside: Flags) -> Cancellations:
    """Return the requests that the SOP is asked about, each with its possible case; *outside* are rows that it does not apply to."""
    who = cancellers(evidence, answers.reading)
    requests = evidence.requests
    rows = np.flatnonzero(subjects(evidence) & ~outside)
    rows, ordered, taken = _units_of(evidence, rows)
    found_cancelled = requests["stage"] == CANCELLED_BIT
    tie = (
        *(requests["source"], requests["carried_out"], taken, who.sets),
        *(found_cancelled, requests["cancelled_end"], requests["cancelled_start"]),
    )
    chosen = np.lexsort((requests["row"][rows], *(column[rows] for column in tie), requests["order"][rows]))
    rows = rows[chosen]
    cancelled = cancellation_times(evidence, rows)
    stage = stages(evidence, times, rows, cancelled)
    columns: dict[str, Any] = {
        "rows": rows,
        "order": requests["order"][rows],
        "start": cancelled.start,
        "end": cancelled.end,
        "canceller": who.sets[rows],
        "inferred": who.inferred[rows],
        "reported": who.reported[rows],
        "units": taken[rows],
        "e_invoice": e_invoices(evidence, times, rows, cancelled),
        "stage": stage,
        "scope": np.full(len(rows), ALL["scope"], dtype=np.uint8),
        "key": np.zeros(len(rows), dtype=np.uint32),
        "effect": np.zeros(len(rows), dtype=np.uint8),
        "ended_before": np.zeros(len(rows), dtype=np.uint8),
        "in_all": np.zeros(len(rows), dtype=bool),
        "left_least": np.full(len(rows), ABSENT),
        "left_most": np.full(len(rows), ABSENT),
        "result_unknown": requests["carried_out"][rows] == Observed.UNKNOWN,
    }
    _Sequence(evidence, answers, columns, ordered[rows]).decide()
    _open_contradictory_stages(evidence, answers, columns)
    asked = columns["canceller"] != CUSTOMER
    columns = {name: column[asked] for name, column in columns.items()}
    outcome, forbidden = (answers[name].of(columns["key"]) for name in ("outcome", "forbidden"))
    error_known = requests["packing_error"] | requests["packing_error_known"]
    columns["result_unknown"] &= ~requests["packing_error"][columns["rows"]]
    columns["maybe_failed"] = ~error_known[columns["rows"]]
    return Cancellations(answers=answers, outcome=outcome, forbidden=forbidden, **columns)


def _open_contradictory_stages(evidence: Evidence, answers: PossibleAnswers, columns: dict[str, Any]) -> None:
    """Add CANCELLED to the stages of requests that cannot all have cancelled their order in full, in *columns*.

    Each states a stage before CANCELLED and was carried out, and the SOP answers them differently. That which was certainly the first
    keeps its stage; any other may have found the order CANCELLED.
    """
    order, outcome = columns["order"], answers["outcome"].of(columns["key"])
    whole = (columns["effect"] == YES) & (columns["scope"] == FULL) & (columns["canceller"] != CUSTOMER)
    stated = evidence.requests["stage"][columns["rows"]] & ALIVE != 0
    places = np.flatnonzero(whole & stated & (outcome != UNDECIDED) & ~evidence.at_several_places[order])
    least, most = np.full(len(evidence.orders), UNDECIDED, dtype=np.uint8), np.zeros(len(evidence.orders), dtype=np.uint8)
    np.minimum.at(least, order[places], outcome[places])
    np.maximum.at(most, order[places], outcome[places])
    places = places[least[order[places]] < most[order[places]]]
    if not len(places):
        return
    _, first, group = np.unique(order[places], return_index=True, return_inverse=True)
    later = np.arange(len(places)) != first[group]
    start, end = columns["start"][places], columns["end"][places]
    crossing = later & ((start == NEVER) | (end[first[group]] == NEVER) | (start < end[first[group]]))
    later[first[group[crossing]]] = True
    places = places[later]
    columns["stage"][places] |= CANCELLED_BIT
    names = ("canceller", "scope", "stage", "e_invoice")
    who, scope, stage, e_invoice = (columns[name][places] for name in names)
    invoicing = evidence.requests["invoicing"][columns["rows"][places]]
    columns["key"][places] = keys_of((who & SELLER_OR_AJIO).astype(np.uint8), scope, invoicing, stage, e_invoice)


def _units_of(evidence: Evidence, rows: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the rows that are requests, and for all rows the units ordered and taken; Ajio's report has one row for each article.

    Its rows of one order are one request, with their sums. Where it has another number of units ordered than the seller's systems, they
    are unknown: these may list the units of the order in rows of their own.
    """
    requests = evidence.requests
    ordered, taken = requests["units"], requests["units_cancelled"]
    if not len(rows) or not evidence.systems("requests", System.AJIO)[rows].all():
        differ = evidence.units_ordered_differ
        return rows, np.where(differ[requests["order"]], ABSENT, ordered) if differ.any() else ordered, taken
    of_report = evidence.systems("requests", System.AJIO)
    sums = []
    for column in (ordered, taken):
        given = of_report & (column != ABSENT)
        total = np.bincount(requests["order"][given], weights=column[given], minlength=len(evidence.orders)).astype(np.int64)
        total[requests["order"][of_report & (column == ABSENT)]] = ABSENT
        total[evidence.set_aside(System.AJIO)] = ABSENT
        sums.append(total[requests["order"]])
    _, first = np.unique(requests["order"][rows], return_index=True)
    return rows[first], sums[0], sums[1]


class _Sequence:
    """Decides the requests, first those that are the first of their order, and so on; keeps what is left of each order.

    A row set aside that names an order can be a request before any other: it may have taken all units.
    """

    def __init__(self, evidence: Evidence, answers: PossibleAnswers, columns: dict[str, Any], ordered: Numbers) -> None:
        self.columns, self.answers, self.ordered = columns, answers, ordered
        self.requests = evidence.requests
        orders = columns["order"]
        begins = np.flatnonzero(np.concatenate(([True], orders[1:] != orders[:-1]))) if len(orders) else np.zeros(0, dtype=np.int64)
        self.group = np.cumsum(np.bincount(begins, minlength=len(orders))[: len(orders)]) - 1 if len(orders) else begins
        self.rank = np.arange(len(orders)) - begins[self.group] if len(orders) else begins
        self.unseen = evidence.set_aside(*asked_systems(evidence))[orders[begins]]
        self.several = evidence.at_several_places[orders[begins]]
        logs = np.array([source["profile"] == EVENT_LOG for source in evidence.sources], dtype=bool)
        of_log = logs[self.requests["source"][columns["rows"]]] if len(orders) else np.zeros(0, dtype=bool)
        of_report = evidence.systems("requests", System.AJIO)[columns["rows"]]
        self.may_be_sum = np.asarray(~of_log & ~of_report & ~self.requests["of_lines"][columns["rows"]] & (self.rank > 0))
        self.most = ordered[begins].copy()
        self.least = np.where(self.unseen, np.minimum(self.most, 0), self.most)
        self.ended = np.zeros(len(begins), dtype=np.uint8)
        self.last_end = np.full(len(begins), NEVER)

    def decide(self) -> None:
        """Decide all requests."""
        by_rank = np.argsort(self.rank, kind="stable")
        ranks = self.rank.max() + 2 if len(by_rank) else 1
        for start, end in pairwise(np.searchsorted(self.rank[by_rank], np.arange(ranks)).tolist()):
            self._decide(by_rank[start:end], first=start == 0)

    def _decide(self, places: Numbers, *, first: bool) -> None:
        columns, group = self.columns, self.group[places]
        rows = columns["rows"][places]
        start, end = columns["start"][places], columns["end"][places]
        unclear = np.zeros(len(places), dtype=bool)
        if not first:
            unclear = (start == NEVER) | (self.last_end[group] == NEVER) | (start < self.last_end[group]) | self.several[group]
        ended = self.ended[group]
        stage = columns["stage"][places]
        if not first:
            not_stated = self.requests["stage"][rows] == 0
            stage = np.where(not_stated & (ended == YES) & ~unclear, CANCELLED_BIT, stage)
            stage = np.where(not_stated & (ended != NO) & ((ended == MAYBE) | unclear), stage | CANCELLED_BIT, stage).astype(np.uint8)
        crossing, taken_next = self._crossing(places, end)
        other_first = (self.requests["stage"][rows] == 0) & (crossing | self.unseen[group])
        stage = np.where(other_first, stage | CANCELLED_BIT, stage).astype(np.uint8)
        scope = self._scope(places, rows, unclear, taken_next)
        customer = columns["canceller"][places] == CUSTOMER
        who = np.where(customer, SELLER_OR_AJIO, columns["canceller"][places] & SELLER_OR_AJIO).astype(np.uint8)
        key = keys_of(who, scope, self.requests["invoicing"][rows], stage, columns["e_invoice"][places])
        effect = np.where(customer, _OBSERVED.take(self.requests["carried_out"][rows]), self._effect(rows, key))
        columns["stage"][places], columns["scope"][places], columns["ended_before"][places] = stage, scope, ended
        columns["key"][places], columns["effect"][places] = key, effect
        self._take(places, effect)
        ends = np.where((effect == YES) & (scope == FULL), YES, np.where((effect != NO) & (scope & FULL != 0), MAYBE, NO))
        self.ended[group] = np.where(ended == YES, YES, np.where(ends == NO, ended, ends))
        self.last_end[group] = end

    def _take(self, places: Numbers, effect: NDArray[np.uint8]) -> None:
        """Take the units of each request from those left; where its quantity may be that of all, down to what then is left."""
        group, taken = self.group[places], self.columns["units"][places]
        given = (taken != ABSENT) & (self.most[group] != ABSENT)
        least, most = np.maximum(self.least[group] - taken, 0), np.maximum(self.most[group] - taken, 0)
        left_of_all = np.minimum(self.most[group], self.ordered[places] - taken)
        most = np.where(self.columns["in_all"][places], np.maximum(most, left_of_all), most)
        self.least[group] = np.where(effect != NO, np.where(given, least, ABSENT), self.least[group])
        self.most[group] = np.where(effect == YES, np.where(given, most, ABSENT), self.most[group])
        self.columns["left_least"][places], self.columns["left_most"][places] = self.least[group], self.most[group]

    def _crossing(self, places: Numbers, end: Numbers) -> tuple[Flags, Numbers]:
        """Return whether the next request of the order may have been before this one, and the units that it takes then."""
        after = np.minimum(places + 1, len(self.group) - 1)
        start = self.columns["start"][after]
        same = (self.group[after] == self.group[places]) & (after != places)
        crossing = same & ((start == NEVER) | (end == NEVER) | (start < end))
        return crossing, np.where(crossing, np.maximum(self.columns["units"][after], 0), 0)

    def _scope(self, places: Numbers, rows: Numbers, unclear: Flags, taken_next: Numbers) -> NDArray[np.uint8]:
        """Return the scope of each request: stated, or from the units that are left; of an order that was ended, of those ordered."""
        group, taken, ordered = self.group[places], self.columns["units"][places], self.ordered[places]
        ended = self.ended[group] == YES
        most = np.where(ended | unclear, ordered, self.most[group])
        least = np.where(ended, ordered, self.least[group])
        given = (taken != ABSENT) & (most != ABSENT) & (least != ABSENT) & (ordered != ABSENT)
        least = np.maximum(least - taken_next, 0)
        scope = np.where(taken >= most, FULL, np.where(taken < least, PARTIAL, ALL["scope"]))
        in_all = given & self.may_be_sum[places] & ~ended & (least < ordered) & (taken >= ordered - self.most[group])
        self.columns["in_all"][places] = in_all & (self.requests["scope"][rows] == 0)
        scope = np.where(in_all & (taken < ordered), scope | PARTIAL, scope)
        stated = self.requests["scope"][rows]
        return np.where(stated != 0, stated, np.where(given, scope, ALL["scope"])).astype(np.uint8)

    def _effect(self, rows: Numbers, key: Keys) -> NDArray[np.uint8]:
        """Return what each request did: as observed, either without a result; an error at packing and a second request do nothing."""
        effect = _OBSERVED.take(self.requests["carried_out"][rows])
        outcome = self.answers["outcome"].of(key)
        repeated = outcome == self.answers["outcome"].code_of(str(Outcome.WITHOUT_EFFECT))
        return np.where(self.requests["packing_error"][rows] | repeated, NO, effect).astype(np.uint8)
