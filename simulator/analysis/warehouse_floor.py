"""Queues, work and manifests in the warehouse, computed from the log."""

from collections import Counter

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import DAY, MINUTE, NEVER, Daily, on_tick
from orders.log.columns import Event
from orders.log.order_times import OrderTimes
from orders.log.stations import STATIONS
from simulator.analysis.occupancy import Occupancy
from simulator.analysis.station_stays import first_of, stay_at
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import WEEK, checkers_of, roster_of


class WarehouseFloor:
    """Orders that wait, and people at work, over a whole log.

    An order waits until work on it begins or it is cancelled; a person works until the step is done or the order is cancelled.

    Attributes:
        waiting, working: occupancy, by team.
        staff: largest number of people at work, by team.
        backwards: number of waits, or of periods of work, that end before they begin.
        outside: number of periods of work that begin outside the shift.
        received_outside: number of returned units received outside the shift.
        checked_outside: number of quality checks finished while no one is at work, by the step of the roster before them.
        taken: number of shipments dispatched, by time.
        closed: number of shipments whose manifest closes, by the time of closing.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.rosters = {station.name: roster_of(experiment, station) for station in STATIONS}
        self.checkers = checkers_of(experiment.wms)
        self.staff = dict.fromkeys(self.rosters, 0)
        self.waiting = {team: Occupancy() for team in self.staff}
        self.working = {team: Occupancy(places=True, limit=roster.people_at) for team, roster in self.rosters.items()}
        self.backwards = {key: 0 for team in self.staff for key in (team, f"{team} at work")}
        self.outside = dict.fromkeys(self.staff, 0)
        self.received_outside = 0
        self.checked_outside: Counter[int] = Counter()
        self.most_checked = experiment.wms.checkers * len(experiment.ajio.units_weights)
        self.limit = experiment.wms.shipments_per_manifest
        self.hours = Daily.at(experiment.wms.manifest_closes_at_hours).moments
        self.closed: Counter[int] = Counter()
        self._filled: Counter[int] = Counter()
        self.taken: Counter[int] = Counter()
        self.wms = experiment.wms

    def add(self, order_times: OrderTimes) -> None:
        """Add the orders of a block; orders of later blocks arrive after its last order."""
        known_until = int(order_times.at(Event.CREATED)[-1])
        for station in STATIONS:
            team, (arrived, begun, finished) = station.name, stay_at(station, order_times)
            self._stay(team, self.waiting[team], arrived, np.minimum(begun, order_times.ended), known_until)
            self._stay(f"{team} at work", self.working[team], begun, np.minimum(finished, order_times.ended), known_until)
            begun = begun[begun < NEVER]
            at_work = self.rosters[team].people_at(begun)
            self.outside[team] += int((at_work == 0).sum())
            self.staff[team] = max(self.staff[team], int(at_work.max(initial=0)))
        self.received_outside += int((self.checkers.people_at(order_times.cells(Event.RETURN_RECEIVED, "time_ms")) == 0).sum())
        checked = order_times.cells(Event.QUALITY_CHECK, "time_ms")
        self.checked_outside.update(self.checkers.step_at(checked[self.checkers.people_at(checked) == 0]).tolist())
        ready = order_times.at(Event.READY)
        dispatched = order_times.at(Event.DISPATCHED)
        self.taken.update(dispatched[dispatched < NEVER].tolist())
        self.closed.update(ready[ready < NEVER].tolist())
        self._filled.update(ready[(ready < NEVER) & (ready == first_of(order_times, STATIONS[-1].onward_events))].tolist())

    def finish(self) -> None:
        """Finish the counts; there are no more blocks."""
        for occupancy in (*self.waiting.values(), *self.working.values()):
            occupancy.finish()

    def overfull_manifests(self) -> list[int]:
        """Return the times at which more shipments are closed than the manifests that close then can hold.

        At an hour of closing one manifest closes; besides, each shipment packed at that moment can fill one.
        """
        places = {at: self.limit * ((at % DAY in self.hours) + self._filled[at]) for at in self.closed}
        return sorted(at for at, shipments in self.closed.items() if shipments > places[at])

    def overloaded_vans(self) -> list[int]:
        """Return the times at which more shipments are dispatched than the vans hold that come then; at other times none come."""
        after = on_tick(self.wms.courier_minutes_after * MINUTE)
        return sorted(at for at, shipments in self.taken.items() if shipments > self._van_capacity(at - after))

    def _van_capacity(self, hour: int) -> int:
        return self.wms.van_capacity(hour // DAY % WEEK) if hour % DAY in self.hours else 0

    def _stay(self, key: str, occupancy: Occupancy, arrived: IntArray, departed: IntArray, known_until: int) -> None:
        present = arrived < NEVER
        arrived, departed = arrived[present], departed[present]
        self.backwards[key] += int((departed < arrived).sum())
        occupancy.add(arrived, departed, known_until)
