"""Returns: parcels come back, are received in the shift of the warehouse, and people check their units one after the other."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from simpy import Environment

from orders.log.arrays import IntArray, Mask, SmallArray
from orders.log.calendar import NEVER
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import checkers_of
from simulator.model.draws.return_draws import MOST_UNITS
from simulator.model.order_states import OrderStates
from simulator.model.worker_pool import Process, WorkerPool


class Returns:
    """The returns of a replication: a process for the orders of each van, and the people who check what comes back.

    A parcel that arrives while the warehouse is closed is received when it opens. It is laid out later and waits for a person. A parcel
    is named by the row of its first unit in the draws.
    """

    def __init__(self, env: Environment, experiment: Experiment, states: OrderStates) -> None:
        self.env, self.states = env, states
        self.roster = checkers_of(experiment.wms)
        self.checkers = WorkerPool(env, self.roster, self._begin_check, self._finish_check)
        self.work = array("q", [0]) * len(states.draws.returns)

    def expect(self, orders: Sequence[int]) -> None:
        """Start the process that returns units of *orders*, which are dispatched now."""
        self.env.process(self.return_parcels(orders))

    def return_parcels(self, orders: Sequence[int]) -> Process:
        """Bring back the parcels of orders that left together; each waits for its check from the time at which it is laid out."""
        for parcel, check_ready in self._receive(np.array(orders, dtype=np.int64)):
            yield self.env.timeout(check_ready - self.env.now)
            self.checkers.enqueue(parcel, check_ready)

    def _receive(self, orders: IntArray) -> Iterator[tuple[int, int]]:
        """Receive what comes back of *orders* in the shift; return the parcels, each with the time at which it is laid out, in that order."""
        draws, states = self.states.draws.returns, self.states
        rows, of_order = _rows_of(orders, np.asarray(draws.first, dtype=np.int64))
        is_sent = draws.unit[rows] < np.frombuffer(states.left, dtype=np.uint8)[of_order]
        rows, of_order = rows[is_sent], of_order[is_sent]
        received = self.roster.next_staffed_time(int(self.env.now) + draws.arrived_after[rows])
        np.frombuffer(states.received, dtype=np.int64)[rows] = received
        heads = np.flatnonzero(_begins_parcel(of_order, draws.parcel[rows]))
        parcels = rows[heads]
        check_ready = received[heads] + draws.check_ready_after[parcels]
        if len(parcels):
            np.frombuffer(self.work, dtype=np.int64)[parcels] = np.add.reduceat(draws.check_takes[rows], heads)
        turn = np.argsort(check_ready, kind="stable")
        return zip(array("q", parcels[turn].tobytes()), array("q", check_ready[turn].tobytes()), strict=True)

    def _begin_check(self, parcel: int) -> int:
        self.states.check_begun[parcel] = now = int(self.env.now)
        return now + self.work[parcel]

    def _finish_check(self, parcel: int) -> None:
        """Do nothing more: the times of the units follow from the beginning of the check and their work."""


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
    units: SmallArray
    undelivered: Mask
    quality: SmallArray


def returned_units(states: OrderStates) -> ReturnedUnits:
    """Return what has come back of all orders, and when it was received and checked."""
    draws = states.draws.returns
    rows = np.flatnonzero(np.asarray(states.received, dtype=np.int64) < NEVER)
    _, of_rows = _rows_of(np.arange(len(draws.first) - 1, dtype=np.int64), np.asarray(draws.first, dtype=np.int64))
    orders = of_rows[rows]
    checked = _checked(_begins_parcel(orders, draws.parcel[rows]), np.asarray(states.check_begun)[rows], draws.check_takes[rows])
    undelivered = draws.undelivered[rows]
    is_row = ~undelivered | np.append(orders[1:] != orders[:-1], True)[: len(rows)]
    left = np.frombuffer(states.left, dtype=np.uint8)[orders]
    dispatched = np.asarray(states.dispatched, dtype=np.int64)[orders]
    return ReturnedUnits(
        orders=orders[is_row],
        requested=np.where(undelivered, NEVER, dispatched + draws.requested_after[rows])[is_row],
        received=np.asarray(states.received, dtype=np.int64)[rows[is_row]],
        checked=checked[is_row],
        units=np.where(undelivered, left, 1).astype(np.uint8)[is_row],
        undelivered=undelivered[is_row],
        quality=draws.quality[rows[is_row]],
    )


def _rows_of(orders: IntArray, first: IntArray) -> tuple[IntArray, IntArray]:
    """Return the rows of *orders*, one after the other, and the order of each row."""
    counts = first[orders + 1] - first[orders]
    before = np.cumsum(counts) - counts
    rows = np.arange(int(counts.sum()), dtype=np.int64) + np.repeat(first[orders] - before, counts)
    return rows, np.repeat(orders, counts)


def _begins_parcel(orders: IntArray, parcels: SmallArray) -> Mask:
    """Return which rows are the first of their parcel."""
    numbers = orders * MOST_UNITS + parcels
    return np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]


def _checked(begins_parcel: Mask, begun: IntArray, takes: IntArray) -> IntArray:
    """Return the end of the check of each row; the check of a parcel has *begun* at the time in its first row."""
    if not len(takes):
        return takes
    heads = np.flatnonzero(begins_parcel)
    work = np.cumsum(takes)
    start = begun[heads] - work[heads] + takes[heads]
    return work + np.repeat(start, np.diff(np.append(heads, len(takes))))
