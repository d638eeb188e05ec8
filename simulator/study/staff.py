"""Staff: the picker and the packer of each order, as numbers from 0.

People of a team are alike, so the log does not depend on who does what. The next order goes to the person who has been free longest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapreplace

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import NEVER, TICK
from orders.log.columns import Actor, Event
from simulator.experiment.settings import Wms
from simulator.model.order_states import OrderStates


@dataclass(frozen=True, slots=True)
class Team:
    """People who do one kind of work: their actor, number, events, and which of them worked on each order (-1 for no one)."""

    actor: Actor
    people: int
    events: tuple[Event, ...]
    by_order: IntArray


def teams_of(wms: Wms, states: OrderStates) -> tuple[Team, ...]:
    """Assign the work of a replication to people."""
    cancelled = np.asarray(states.cancelled, dtype=np.int64)
    freed = -(-cancelled // TICK) * TICK
    pickers, packers = (
        _people_by_order(people, *(np.asarray(times, dtype=np.int64) for times in (begun, *ends)), freed)
        for people, begun, ends in (
            (wms.pickers, states.pick_started, (states.picked,)),
            (wms.packers, states.pack_started, (states.packed, states.error)),
        )
    )
    return (
        Team(Actor.PICKER, wms.pickers, (Event.PICK_STARTED, Event.PICKED), pickers),
        Team(Actor.PACKER, wms.packers, (Event.PACK_STARTED, Event.PACKED, Event.PACKING_ERROR), packers),
    )


def _people_by_order(people: int, begun: IntArray, *ends: IntArray) -> IntArray:
    """Return the person for each order whose work begins at *begun* and ends with the first of *ends*."""
    by_order = np.full(len(begun), -1, dtype=np.int64)
    orders = np.flatnonzero(begun < NEVER)
    orders = orders[np.argsort(begun[orders], kind="stable")]
    by_order[orders] = _longest_free(people, np.minimum.reduce(ends)[orders].tolist())
    return by_order


def _longest_free(people: int, ends: Sequence[int]) -> list[int]:
    free = [(0, person) for person in range(people)]
    chosen = []
    for end in ends:
        person = free[0][1]
        chosen.append(person)
        heapreplace(free, (end, person))
    return chosen
