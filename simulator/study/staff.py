"""Staff: the person who worked on each order at each station, such as its picker and its packer, as numbers from 0.

People of a team are alike, so the log does not depend on who does what. The next order goes to the person who has been free longest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapreplace

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import NEVER, TICK
from orders.log.columns import Actor, Event
from orders.log.stations import STATIONS, Station
from simulator.experiment.experiment import Experiment, setting_of
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
    return tuple(_team(station, setting_of(experiment, station.people), states, freed) for station in STATIONS)


def _team(station: Station, people: int, states: OrderStates, freed: IntArray) -> Team:
    times = {event: np.asarray(states.at_stations[event], dtype=np.int64) for event in station.events}
    ends = [times[event] for event in station.ends]
    by_order = _people_by_order(people, times[station.started], *ends, freed)
    return Team(Actor(station.person), people, tuple(map(Event, station.events)), by_order)


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
