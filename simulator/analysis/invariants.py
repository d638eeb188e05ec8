"""Invariants: conditions that every order of every log meets, whatever the random draws; each marks its violations.

They are computed from the log, the engine's answers and the order of the steps, without the model that moves the orders;
so they also fit logs from other sources.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import HOUR, NEVER, on_tick
from orders.log.columns import COLUMNS, MISSING_UNITS_GAP, NONE, WORD_CODES, Actor, Event, EventReason
from orders.log.order_times import OrderTimes
from orders.log.stations import STATIONS, events_before, stages_after
from simulator.analysis.station_stays import first_of
from simulator.experiment.experiment import Experiment
from sop_engine import EInvoice, Invoicing, Scope, Stage, decide
from sop_engine.case import LIFE_CASES
from sop_engine.order import LATE_E_INVOICE, PARTIAL_OF_EVERYTHING

Violations = tuple[IntArray, Mask]
"""For each item checked, its order and whether it breaks the invariant."""

STAGE, E_INVOICE = WORD_CODES["stage"], WORD_CODES["e_invoice"]
CASE_COLUMNS = ("canceller", "scope", "invoicing", "stage", "e_invoice")
CASE_BASES = tuple(len(COLUMNS[name] or ()) for name in CASE_COLUMNS)
TOO_LATE = [STAGE[stage] for stage in (Stage.PACKED, Stage.READY_TO_DISPATCH, Stage.COMPLETED)]
STATION_EVENTS = tuple(Event(event) for station in STATIONS for event in station.events)
ORDERED_WORK = (
    *(Event.ALLOCATED, Event.ACKNOWLEDGED, Event.POSTED, Event.PUSHED, Event.RELEASED, *STATION_EVENTS),
    *(Event.READY, Event.DISPATCHED, Event.RETURN_REQUESTED, Event.RETURN_RECEIVED),
)
EVENTS_AT_MOST_ONCE = (
    *(Event.CREATED, Event.UNFULFILLABLE, Event.ALLOCATED, Event.ACKNOWLEDGED, Event.POSTED, Event.CANCELLED_BY_CUSTOMER),
    *(Event.INVOICED, Event.PUSHED, Event.RELEASED, *STATION_EVENTS, Event.READY, Event.DISPATCHED),
)
PRECEDENCES: tuple[tuple[tuple[str, ...], str], ...] = (
    *(((Event.CREATED,), event) for event in (Event.UNFULFILLABLE, Event.ALLOCATED, Event.CANCELLED_BY_CUSTOMER, Event.CANCELLATION)),
    *(((Event.ALLOCATED,), Event.ACKNOWLEDGED), ((Event.ACKNOWLEDGED,), Event.RELEASED)),
    *((events_before(station), station.started) for station in STATIONS),
    *(((station.started,), end) for station in STATIONS for end in station.ends),
    *((STATIONS[-1].onward_events, Event.READY), ((Event.READY,), Event.DISPATCHED)),
)
"""Events, and an event that never occurs without one of them, nor before it."""
PRECEDENCES_UNDER_ERP: tuple[tuple[tuple[str, ...], str], ...] = (
    *(((Event.ACKNOWLEDGED,), Event.POSTED), ((Event.POSTED,), Event.INVOICED), ((Event.INVOICED,), Event.PUSHED)),
    ((Event.PUSHED,), Event.RELEASED),
)
STAGE_AFTER = {
    Event.CREATED: Stage.CREATED,
    Event.UNFULFILLABLE: Stage.UNFULFILLABLE,
    **dict.fromkeys((Event.ALLOCATED, Event.ACKNOWLEDGED, Event.POSTED, Event.PUSHED), Stage.FULFILLABLE),
    Event.RELEASED: Stage.PROCESSING,
    **{Event(event): stage for event, _, stage in stages_after()},
    Event.READY: Stage.READY_TO_DISPATCH,
    Event.DISPATCHED: Stage.COMPLETED,
}


@dataclass(frozen=True, slots=True)
class Invariant:
    """An invariant: its name, its text for readers who do not know simulation, what it counts, and a function that finds violations."""

    name: str
    says: str
    things: str
    broken: Callable[[OrderTimes, Experiment], Violations]


@lru_cache(maxsize=1)
def engine_answers() -> tuple[IntArray, dict[int, frozenset[str]]]:
    """Compute the engine's outcome by the number of the case, and its clauses and gaps."""
    outcomes = np.full(int(np.prod(CASE_BASES)), NONE, dtype=np.int64)
    reasons: dict[int, frozenset[str]] = {}
    for case in LIFE_CASES:
        decision = decide(case)
        place = int(np.ravel_multi_index([WORD_CODES[name][str(getattr(case, name))] for name in CASE_COLUMNS], CASE_BASES))
        outcomes[place] = WORD_CODES["outcome"][decision.outcome]
        reasons[place] = frozenset({*decision.clauses, *decision.gaps} - {PARTIAL_OF_EVERYTHING})
    return outcomes, reasons


def wrong_answers(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find cancellations whose outcome, clauses or gaps are not the engine's."""
    outcomes, reasons = engine_answers()
    cells = [order_times.cells(Event.CANCELLATION, name) for name in CASE_COLUMNS]
    in_range = np.all([(cell >= 0) & (cell < base) for cell, base in zip(cells, CASE_BASES, strict=True)], axis=0)
    cases = np.ravel_multi_index(cells, CASE_BASES, mode="clip")
    wrong = ~in_range | (outcomes[cases] != order_times.cells(Event.CANCELLATION, "outcome"))
    ids_by_code = [_ids_of_answer(ids) for ids in (*order_times.log.texts["because"], "")]
    pairs, which = np.unique(
        cases * len(ids_by_code) + order_times.cells(Event.CANCELLATION, "because") % len(ids_by_code), return_inverse=True
    )
    strange = [ids_by_code[pair % len(ids_by_code)] != reasons.get(pair // len(ids_by_code)) for pair in pairs.tolist()]
    missing = [text == EventReason.MISSING_UNITS for text in (*order_times.log.texts["reason"], "")]
    names_gap = [MISSING_UNITS_GAP in ids.split() for ids in (*order_times.log.texts["because"], "")]
    wrong |= (
        np.array(missing)[order_times.cells(Event.CANCELLATION, "reason")]
        != np.array(names_gap)[order_times.cells(Event.CANCELLATION, "because")]
    )
    return order_times.cells(Event.CANCELLATION, "order"), wrong | np.array(strange, dtype=bool)[which]


def _ids_of_answer(because: str) -> frozenset[str]:
    """Return the clauses and gaps of an answer, without those about the kind of request."""
    return frozenset(because.split()) - {PARTIAL_OF_EVERYTHING, MISSING_UNITS_GAP}


def wrong_cases(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find cancellations decided on another stage or e-invoice than follows from the order's events."""
    whose, now = order_times.order_places(Event.CANCELLATION), order_times.cells(Event.CANCELLATION, "time_ms")

    def before(times: IntArray) -> Mask:
        return times[whose] < now

    steps = (
        (order_times.at(Event.UNFULFILLABLE), Stage.UNFULFILLABLE),
        (order_times.at(Event.ALLOCATED), Stage.FULFILLABLE),
        (order_times.at(Event.RELEASED), Stage.PROCESSING),
        (order_times.at(Event.PACKED), Stage.PACKED),
        (order_times.at(Event.READY), Stage.READY_TO_DISPATCH),
        (order_times.at(Event.DISPATCHED), Stage.COMPLETED),
        (order_times.ended, Stage.CANCELLED),
    )
    stage = np.full(len(whose), STAGE[Stage.CREATED], dtype=np.int64)
    for times, then in steps:
        stage[before(times)] = STAGE[then]
    e_invoice = np.full(len(whose), E_INVOICE[EInvoice.NOT_POSTED], dtype=np.int64)
    for event, state in ((Event.POSTED, EInvoice.POSTED), (Event.INVOICED, EInvoice.GENERATED), (Event.PUSHED, EInvoice.PUSHED)):
        e_invoice[before(order_times.at(event))] = E_INVOICE[state]
    wrong = (stage != order_times.cells(Event.CANCELLATION, "stage")) | (e_invoice != order_times.cells(Event.CANCELLATION, "e_invoice"))
    return order_times.cells(Event.CANCELLATION, "order"), wrong


def unfounded_requests(order_times: OrderTimes, experiment: Experiment) -> Violations:
    """Find requests on a closed manifest by who sees it, and requests for a breach of the SLA that did not happen."""
    whose, at = order_times.order_places(Event.CANCELLATION), order_times.cells(Event.CANCELLATION, "time_ms")
    closed = order_times.at(Event.READY)[whose] < at
    sees = order_times.cells(Event.CANCELLATION, "actor") != WORD_CODES["actor"][Actor.AJIO]
    breach = order_times.at(Event.CREATED)[whose] + on_tick(experiment.ajio.breach_hours * HOUR)
    breaches = [text == EventReason.SLA_BREACH for text in (*order_times.log.texts["reason"], "")]
    for_breach = np.array(breaches)[order_times.cells(Event.CANCELLATION, "reason")]
    wrong = closed & (sees | (experiment.ajio.stale_status_share == 0))
    wrong |= for_breach & ((at <= breach) | (order_times.at(Event.DISPATCHED)[whose] <= breach))
    return order_times.cells(Event.CANCELLATION, "order"), wrong


def late_cancellations(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find cancellations, in full or in part, that took effect after PACKED."""
    orders, wrong = [], []
    for event in (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER):
        effective = order_times.allowed(Scope.FULL) | order_times.allowed(Scope.PARTIAL) if event is Event.CANCELLATION else slice(None)
        late = np.isin(order_times.cells(event, "stage"), TOO_LATE) | (
            order_times.cells(event, "time_ms") > order_times.at(Event.PACKED)[order_times.order_places(event)]
        )
        orders.append(order_times.cells(event, "order")[effective])
        wrong.append(late[effective])
    return np.concatenate(orders), np.concatenate(wrong)


def work_after_cancellation(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find cancelled orders with a step of the flow after the cancellation; a late e-invoice is not counted (GAP-17)."""
    ended = order_times.ended < NEVER
    wrong = np.zeros(len(order_times.orders), dtype=bool)
    for event in ORDERED_WORK:
        wrong |= order_times.occurred(event) & (order_times.at(event) >= order_times.ended)
    return order_times.orders[ended], wrong[ended]


def steps_out_of_order(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find orders with a step too early, twice, without the step before it, or with a wrong stage after it."""
    erp = order_times.occurred(Event.POSTED)
    wrong = np.zeros(len(order_times.orders), dtype=bool)
    for precedences, concerned in ((PRECEDENCES, slice(None)), (PRECEDENCES_UNDER_ERP, erp)):
        for first, second in precedences:
            at = order_times.at(Event(second))
            wrong[concerned] |= ((at < NEVER) & (first_of(order_times, first) > at))[concerned]
    wrong |= order_times.occurred(Event.UNFULFILLABLE) & (order_times.at(Event.UNFULFILLABLE) > order_times.at(Event.ALLOCATED))
    wrong |= ~erp & (
        order_times.occurred(Event.PUSHED)
        | order_times.occurred(Event.PACKING_ERROR)
        | (order_times.at(Event.INVOICED) != order_times.at(Event.PACKED))
    )
    wrong |= ~order_times.occurred(Event.CREATED)
    for event in EVENTS_AT_MOST_ONCE:
        if len(order_times.rows(event)) != int(order_times.occurred(event).sum()):
            wrong |= order_times.occurrences(event) > 1
    for event, stage in STAGE_AFTER.items():
        wrong[order_times.order_places(event)[order_times.cells(event, "stage") != STAGE[stage]]] = True
    numbers, models = order_times.log.columns["order"], order_times.log.columns["invoicing"]
    model = np.full(len(order_times.orders), NONE, dtype=np.int64)
    model[order_times.order_places(Event.CREATED)] = order_times.cells(Event.CREATED, "invoicing")
    of_orders = numbers > 0
    other_model = of_orders.copy()
    other_model[of_orders] = models[of_orders] != model[numbers[of_orders] - order_times.first]
    wrong[numbers[other_model] - order_times.first] = True
    wrong |= erp & (model != WORD_CODES["invoicing"][Invoicing.ERP])
    return order_times.orders, wrong


def orders_without_one_end(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find orders that were neither dispatched nor cancelled at the end, or both; or that are not numbered by arrival."""
    wrong = order_times.occurred(Event.DISPATCHED) == (order_times.ended < NEVER)
    created = order_times.at(Event.CREATED)
    wrong[1:] |= created[1:] < created[:-1]
    return order_times.orders, wrong


def units_not_conserved(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find orders in which some unit is not either cancelled or packed, exactly once."""
    parts, full = (order_times.units(Event.CANCELLATION, order_times.allowed(scope)) for scope in (Scope.PARTIAL, Scope.FULL))
    cancelled = parts + full + order_times.units(Event.CANCELLED_BY_CUSTOMER)
    return order_times.orders, order_times.units(Event.CREATED) != cancelled + order_times.units(Event.PACKED)


def unexpected_returns(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find orders with more units returned than sent, returned before dispatch, or without exactly one quality check."""
    received, checked = order_times.units(Event.RETURN_RECEIVED), order_times.units(Event.QUALITY_CHECK)
    with_returns = (
        order_times.occurred(Event.RETURN_REQUESTED)
        | order_times.occurred(Event.RETURN_RECEIVED)
        | order_times.occurred(Event.QUALITY_CHECK)
    )
    sent = np.where(order_times.occurred(Event.DISPATCHED), order_times.units(Event.PACKED), 0)
    first = np.minimum(order_times.at(Event.RETURN_REQUESTED), order_times.at(Event.RETURN_RECEIVED))
    wrong = (
        (received > sent)
        | (checked != received)
        | (order_times.occurrences(Event.QUALITY_CHECK) != order_times.occurrences(Event.RETURN_RECEIVED))
    )
    wrong |= (first < order_times.at(Event.DISPATCHED)) | (order_times.at(Event.QUALITY_CHECK) < order_times.at(Event.RETURN_RECEIVED))
    wrong |= order_times.units(Event.RETURN_REQUESTED) > received
    return order_times.orders[with_returns], wrong[with_returns]


def wrong_credit_notes_due(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find orders whose credit notes due are not the ones owed: missing, superfluous, at a wrong time, twice, or for a wrong reason.

    One is owed for an e-invoice whose order was cancelled in full or stopped by the packing error, from the later of the two on.
    """
    invoiced, due = order_times.at(Event.INVOICED), order_times.at(Event.CREDIT_NOTE_DUE)
    stopped = np.minimum(order_times.ended, order_times.at(Event.PACKING_ERROR))
    owed = np.maximum(invoiced, stopped)
    wrong = (due != owed) | (order_times.occurrences(Event.CREDIT_NOTE_DUE) > 1)
    whose = order_times.order_places(Event.CREDIT_NOTE_DUE)
    late = [code for code, ids in enumerate(order_times.log.texts["because"]) if ids == LATE_E_INVOICE]
    wrong[whose[np.isin(order_times.cells(Event.CREDIT_NOTE_DUE, "because"), late) != (invoiced > stopped)[whose]]] = True
    concerned = (owed < NEVER) | (due < NEVER)
    return order_times.orders[concerned], wrong[concerned]


def credit_notes_not_made(order_times: OrderTimes, _: Experiment) -> Violations:
    """Find credit notes that are due and not made exactly once, or made before they are due, or made and never due."""
    due, note_made = order_times.at(Event.CREDIT_NOTE_DUE), order_times.at(Event.CREDIT_NOTE_MADE)
    wrong = (
        (order_times.occurred(Event.CREDIT_NOTE_DUE) != order_times.occurred(Event.CREDIT_NOTE_MADE))
        | (note_made < due)
        | (order_times.occurrences(Event.CREDIT_NOTE_MADE) > 1)
    )
    concerned = order_times.occurred(Event.CREDIT_NOTE_DUE) | order_times.occurred(Event.CREDIT_NOTE_MADE)
    return order_times.orders[concerned], wrong[concerned]
