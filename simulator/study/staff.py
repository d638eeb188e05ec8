"""Staff: the person who worked on each order at each station, such as its picker and its packer, as numbers from 0.

People of a team are alike, so the log does not depend on who does what. The next order goes to the person who has been free longest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import NEVER, TICK
from orders.log.columns import Actor, Event
from orders.log.stations import STATIONS, Station
from simulator.experiment.experiment import Experiment
from simulator.experiment.roster import Roster
from simulator.experiment.schedule import roster_of
from simulator.model.order_states import OrderStates


@dataclass(frozen=True, slots=True)
class Team:
    """People who do one kind of work: their actor, number, events, and which of them worked on each order (-1 for no one)."""

    actor: Actor
    people: int
    events: tuple[Event, ...]
    by_order: IntArray


def teams_of(experiment: Experiment, states: OrderStates) -> tuple[Team, ...]:
    """Assign the work of a replication to people, at each station."""
    cancelled = np.asarray(states.cancelled, dtype=np.int64)
    freed = -(-cancelled // TICK) * TICK
    return tuple(_team(station, roster_of(experiment, station), states, freed) for station in STATIONS)


def _team(station: Station, roster: Roster, states: OrderStates, freed: IntArray) -> Team:
    times = {event: np.asarray(states.at_stations[event], dtype=np.int64) for event in station.events}
    ends = [times[event] for event in station.ends]
    by_order = _people_by_order(roster, times[station.started], *ends, freed)
    return Team(Actor(station.person), int(by_order.max(initial=-1)) + 1, tuple(map(Event, station.events)), by_order)


def _people_by_order(roster: Roster, begun: IntArray, *ends: IntArray) -> IntArray:
    """Return the person for each order whose work begins at *begun* and ends with the first of *ends*."""
    by_order = np.full(len(begun), -1, dtype=np.int64)
    orders = np.flatnonzero(begun < NEVER)
    orders = orders[np.argsort(begun[orders], kind="stable")]
    at_work = roster.people_at(begun[orders])
    by_order[orders] = _longest_free(at_work.tolist(), np.minimum.reduce(ends)[orders].tolist())
    return by_order


def _longest_free(at_work: Sequence[int], ends: Sequence[int]) -> list[int]:
    """Choose for each work, in sequence, among the first people that are at work then, the one who has been free longest."""
    free = [(0, person) for person in range(max(at_work, default=0))]
    chosen = []
    for people, end in zip(at_work, ends, strict=True):
        absent = []
        while free[0][1] >= people:
            absent.append(heappop(free))
        person = free[0][1]
        chosen.append(person)
        heapreplace(free, (end, person))
        for entry in absent:
            heappush(free, entry)
    return chosen
