"""Order histories, and the selection of the orders whose histories differ most.

A trait is a kind of event of an order (a cancellation with its case and its answer, a packing error, a late e-invoice, a quality
check …). Orders are chosen so that together they have as many traits as possible; when all traits are shown, orders with other
combinations of traits follow. The selection is deterministic.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import numpy as np

from orders.log.arrays import IntArray
from orders.log.columns import COLUMNS, NONE, WORD_CODES, Event, EventRow
from orders.log.event_log import Log
from orders.log.event_words import CAUSES
from sop_engine import Invoicing, Outcome, Stage

REQUEST_COLUMNS = ("canceller", "scope", "stage", "e_invoice", "outcome")
DISTINCTIVE_EVENTS = (
    Event.CANCELLED_BY_CUSTOMER,
    Event.CANCELLATION,
    Event.UNFULFILLABLE,
    Event.INVOICED,
    Event.PACKING_ERROR,
    Event.DISPATCHED,
    Event.CREDIT_NOTE_DUE,
    Event.CREDIT_NOTE_MADE,
    Event.RETURN_RECEIVED,
    Event.QUALITY_CHECK,
)
"""The events that make an order different from others; an e-invoice only where it is late."""

EVENTS_WITH_REASON = (Event.RETURN_RECEIVED, Event.QUALITY_CHECK)
WEIGHTS = {Event.PACKING_ERROR: 8, Event.INVOICED: 8, Event.CREDIT_NOTE_DUE: 4}
"""Weights above 1, for events that cause work for the client. A cancellation that changes the order weighs `WEIGHT_OF_CHANGE`,
another one 2, and an outcome that no chosen order has yet `WEIGHT_OF_OUTCOME` more."""

WEIGHT_OF_CHANGE, WEIGHT_OF_OUTCOME = 5, 8
CHANGING_OUTCOMES = (Outcome.ALLOWED, Outcome.FAILS_AT_PACKING, Outcome.FAILS_ON_SCREEN)
Trait = tuple[str, ...]
"""Event, case and outcome of a cancellation, and the reason of a return or quality check, or the cause of a cancellation."""
Traits = frozenset[Trait]


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """One order: its number by arrival, how it is invoiced, the units ordered, and every row about it in the order of time."""

    number: int
    invoicing: Invoicing
    units: int
    rows: tuple[EventRow, ...]


def histories_of(log: Log | Iterable[Log]) -> Iterator[OrderHistory]:
    """Yield the history of every order of *log* (or of blocks of whole orders), by number; rows about no order are left out."""
    for block in _blocks(log):
        yield from _histories(block, np.unique(block.columns["order"]))


def select_diverse(log: Log | Iterable[Log], count: int) -> tuple[OrderHistory, ...]:
    """Select *count* orders of *log* (or of blocks of whole orders) that differ most, most distinctive first; all if there are fewer."""
    first: dict[Traits, OrderHistory] = {}
    spare_histories: dict[int, OrderHistory] = {}
    for block in _blocks(log):
        traits = _traits_of(block)
        new = {traits[number]: number for number in reversed(traits) if traits[number] not in first}
        spare = [number for number in traits if new.get(traits[number]) != number][: max(0, count - len(spare_histories))]
        for history in _histories(block, np.array([*new.values(), *spare], dtype=np.int64)):
            if new.get(traits[history.number]) == history.number:
                first[traits[history.number]] = history
            else:
                spare_histories[history.number] = history
    chosen = [first[traits] for traits in _most_diverse(first, count)]
    return (*chosen, *list(spare_histories.values())[: max(0, count - len(chosen))])


def _blocks(log: Log | Iterable[Log]) -> Iterable[Log]:
    return [log] if isinstance(log, Log) else log


def _histories(log: Log, numbers: IntArray) -> Iterator[OrderHistory]:
    """Yield the histories of the orders with *numbers*."""
    selected = np.isin(log.columns["order"], numbers[numbers > 0])
    by_order = attrgetter("order")
    for number, group in groupby(sorted(log.take(selected).rows(), key=by_order), key=by_order):  # stable: rows stay sorted by time
        rows = tuple(group)
        yield OrderHistory(number, Invoicing(rows[0].invoicing), rows[0].units, rows)


def _traits_of(log: Log) -> dict[int, Traits]:
    """Return the traits of each order, by number, ascending."""
    columns = log.columns
    events = columns["event"]
    distinctive = np.isin(events, [WORD_CODES["event"][event] for event in DISTINCTIVE_EVENTS]) & (columns["order"] > 0)
    distinctive &= (events != WORD_CODES["event"][Event.INVOICED]) | (columns["stage"] == WORD_CODES["stage"][Stage.CANCELLED])
    requests = events == WORD_CODES["event"][Event.CANCELLATION]
    with_reason = np.isin(events, [WORD_CODES["event"][event] for event in EVENTS_WITH_REASON])
    with_reason |= requests & np.isin(columns["reason"], [code for code, word in enumerate(log.texts["reason"]) if word in CAUSES])
    cells = [events, columns["invoicing"], *(np.where(requests, columns[name], NONE) for name in REQUEST_COLUMNS)]
    table = np.stack([*cells, np.where(with_reason, columns["reason"], NONE)], axis=1)[distinctive]
    kinds, places = np.unique(table, axis=0, return_inverse=True)
    traits = [_trait(kind, log.texts["reason"]) for kind in kinds.tolist()]
    numbers: list[int] = np.unique(columns["order"]).tolist()
    places_of_orders: dict[int, set[int]] = {number: set() for number in numbers if number}
    for order, place in zip(columns["order"][distinctive].tolist(), places.reshape(-1).tolist(), strict=True):
        places_of_orders[order].add(place)
    combinations = {frozenset(places): frozenset(traits[place] for place in places) for places in places_of_orders.values()}
    return {order: combinations[frozenset(places)] for order, places in places_of_orders.items()}


def _trait(kind: Sequence[int], reasons: Sequence[str]) -> Trait:
    names = ("event", "invoicing", *REQUEST_COLUMNS)
    words = [str((COLUMNS[name] or ())[code]) if code != NONE else "" for name, code in zip(names, kind[:-1], strict=True)]
    return (*words, reasons[kind[-1]] if kind[-1] != NONE else "")


def _weight(trait: Trait) -> int:
    event, *_, outcome, _ = trait
    if event == Event.CANCELLATION:
        return WEIGHT_OF_CHANGE if outcome in CHANGING_OUTCOMES else 2
    return WEIGHTS.get(Event(event), 1)


def _outcomes(traits: Traits) -> set[str]:
    """Return the outcomes of the cancellations in *traits*."""
    return {trait[-2] for trait in traits if trait[-2]}


def _most_diverse(first: Mapping[Traits, OrderHistory], count: int) -> Sequence[Traits]:
    """Choose combinations of traits: each time the one with the largest weight of traits not yet shown, then the earliest order."""
    waiting = sorted(first, key=lambda traits: first[traits].number)
    chosen: list[Traits] = []
    shown_traits: set[Trait] = set()
    shown_outcomes: set[str] = set()
    while waiting and len(chosen) < count:
        weights = [
            sum(map(_weight, traits - shown_traits)) + WEIGHT_OF_OUTCOME * len(_outcomes(traits) - shown_outcomes) for traits in waiting
        ]
        best = waiting[weights.index(max(weights))]  # the first of equal weights
        if shown_traits and not best - shown_traits:
            shown_traits.clear()  # all traits are shown: begin again with other combinations
            continue
        chosen.append(best)
        waiting.remove(best)
        shown_traits |= best
        shown_outcomes |= _outcomes(best)
    return chosen
