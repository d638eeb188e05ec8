"""Returns: parcels come back, are received in the shift of the warehouse, and people check their units one after the other.

No other step depends on returns, so those of all orders are computed at once, after the simulation of the warehouse. The queue for
the quality check is first come, first served, so the next parcel goes to the person who is free first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapreplace

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import DAY, NEVER, Hours
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import shift_of
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
    shift = shift_of(experiment.wms)
    received = _in_shift(arrived, shift)
    checked = _checked(parcels, received + lag, takes, experiment.wms.checkers, shift)
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


def _in_shift(arrived: IntArray, shift: Hours) -> IntArray:
    """Return the times at which parcels are received: at once, or when the warehouse opens."""
    day, moment = np.divmod(arrived, DAY)
    closed = (day % 7 >= shift.days) | (moment < shift.opens) | (moment >= shift.closes)
    received = arrived.copy()
    received[closed] = [shift.opening_after(at) for at in arrived[closed].tolist()]
    return received


def _checked(parcels: IntArray, laid_out: IntArray, takes: IntArray, people: int, shift: Hours) -> IntArray:
    """Return the end of the check of each row; rows with the same number in *parcels* are adjacent and checked by one person."""
    if not len(parcels):
        return parcels
    first = np.flatnonzero(np.concatenate([[True], parcels[1:] != parcels[:-1]]))
    turn = np.lexsort([parcels[first], laid_out[first]])
    begun = np.empty(len(first), dtype=np.int64)
    begun[turn] = list(_beginnings(laid_out[first][turn].tolist(), np.add.reduceat(takes, first)[turn].tolist(), people, shift))
    work = np.cumsum(takes)
    sizes = np.diff(np.append(first, len(parcels)))
    return work + np.repeat(begun - work[first] + takes[first], sizes)


def _beginnings(laid_out: Sequence[int], takes: Sequence[int], people: int, shift: Hours) -> Iterator[int]:
    """Yield when the check of each parcel begins; work that has begun is finished after the shift."""
    free = [0] * people
    for ready, work in zip(laid_out, takes, strict=True):
        moment = max(ready, free[0])
        begun = moment if shift.open_at(moment) else shift.opening_after(moment)
        heapreplace(free, begun + work)
        yield begun
