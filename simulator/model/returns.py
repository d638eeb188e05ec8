"""Returns: parcels come back, are received in the shift of the warehouse, and people check their units one after the other.

No other step depends on returns, so those of all orders are computed at once, after the simulation of the warehouse. The queue for
the quality check is first come, first served, so the next parcel goes to the person who is free first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import NEVER
from simulator.experiment.experiment import Experiment
from simulator.experiment.roster import Roster
from simulator.experiment.schedule import checkers_of
from simulator.model.order_draws import MOST_UNITS, draw_returns
from simulator.model.order_states import OrderStates

PIECE = 1 << 14
"""Number of orders whose draws are in memory at once."""


@dataclass(frozen=True, slots=True)
class ReturnedUnits:
    """Returned units, a row each, and undelivered parcels, a row each; ascending by order.

    Attributes:
        orders: places of the orders.
        requested: time of the customer's request, `NEVER` for an undelivered parcel.
        received, checked: times of receipt and of the end of the quality check.
        units: number of units of the row.
        undelivered: whether the row is a parcel that was not delivered.
        quality: place of the finding of the quality check.
    """

    orders: IntArray
    requested: IntArray
    received: IntArray
    checked: IntArray
    units: IntArray
    undelivered: IntArray
    quality: IntArray


def returned_units(experiment: Experiment, states: OrderStates) -> ReturnedUnits:
    """Compute what comes back of all orders, and when it is received and checked."""
    count = len(states.draws.created)
    pieces = [_arrivals(experiment, states, first) for first in range(0, max(count, 1), PIECE)]
    orders, requested, arrived, lag, takes, units, undelivered, quality, parcels = map(np.concatenate, zip(*pieces, strict=True))
    checkers = checkers_of(experiment.wms)
    received = checkers.open_from(arrived)
    checked = _checked(parcels, received + lag, takes, checkers)
    return ReturnedUnits(orders, requested, received, checked, units, undelivered, quality)


def _arrivals(experiment: Experiment, states: OrderStates, first: int) -> tuple[IntArray, ...]:
    """Return for a piece of the orders the columns of its rows: order … work of the check, units, finding, and number of the parcel."""
    last = min(first + PIECE, len(states.draws.created))
    dispatched = np.asarray(states.dispatched, dtype=np.int64)[first:last]
    left = np.frombuffer(states.left, dtype=np.uint8)[first:last].astype(np.int64)
    draws = draw_returns(experiment, states.draws, first, last)
    was_dispatched = dispatched < NEVER
    lost = np.flatnonzero(draws.undelivered & was_dispatched)
    sent = np.arange(MOST_UNITS) < left[:, None]
    orders, unit = np.nonzero(draws.returned & was_dispatched[:, None] & sent)
    place = orders, unit
    both = np.concatenate([lost, orders])
    by_order = np.argsort(both, kind="stable")
    columns = (
        both + first,
        np.concatenate([np.full(len(lost), NEVER, dtype=np.int64), dispatched[orders] + draws.requested_after[place]]),
        np.concatenate([dispatched[lost] + draws.undelivered_after[lost], dispatched[orders] + draws.received_after[place]]),
        np.concatenate([draws.laid_out_after[lost, 0], draws.laid_out_after[place]]),
        np.concatenate([np.where(sent, draws.check_takes, 0).sum(axis=1)[lost], draws.check_takes[place]]),
        np.concatenate([left[lost], np.ones(len(orders), dtype=np.int64)]),
        np.arange(len(both), dtype=np.int64) < len(lost),
        np.concatenate([draws.quality[lost, 0], draws.quality[place]]),
        (both + first) * MOST_UNITS + np.concatenate([np.zeros(len(lost), dtype=np.int64), np.where(draws.together[orders], 0, unit)]),
    )
    return tuple(column[by_order].astype(np.int64, copy=False) for column in columns)


def _checked(parcels: IntArray, laid_out: IntArray, takes: IntArray, checkers: Roster) -> IntArray:
    """Return the end of the check of each row; rows with the same number in *parcels* are adjacent and checked by one person."""
    if not len(parcels):
        return parcels
    first = np.flatnonzero(np.concatenate([[True], parcels[1:] != parcels[:-1]]))
    turn = np.lexsort([parcels[first], laid_out[first]])
    begun = np.empty(len(first), dtype=np.int64)
    begun[turn] = list(_beginnings(laid_out[first][turn].tolist(), np.add.reduceat(takes, first)[turn].tolist(), checkers))
    work = np.cumsum(takes)
    sizes = np.diff(np.append(first, len(parcels)))
    return work + np.repeat(begun - work[first] + takes[first], sizes)


def _beginnings(laid_out: Sequence[int], takes: Sequence[int], checkers: Roster) -> Iterator[int]:
    """Yield when the check of each parcel begins; work that has begun is finished after the shift."""
    ends: list[int] = []
    moment = until = people = 0
    for ready, work in zip(laid_out, takes, strict=True):
        moment = max(moment, ready)
        while True:
            if moment >= until:
                people, until = checkers.staffing(moment)
            while ends and ends[0] <= moment:
                heappop(ends)
            if len(ends) < people:
                break
            moment = min(ends[0], until) if ends else until
        heappush(ends, moment + work)
        yield moment
