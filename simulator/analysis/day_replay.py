"""Replay of a day: what waits at each station at every full hour, who is at work, and what happens in the hour after it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import HOUR, NEVER
from orders.log.columns import WORD_CODES, Event
from orders.log.event_log import Log
from orders.log.order_times import OrderTimes
from orders.log.stations import STATIONS
from simulator.analysis.daily_flow import CLERKS, VANS, stays_at_stations
from simulator.analysis.measures import EFFECTIVE_OUTCOMES
from simulator.analysis.station_stays import stay_at
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import clerks_of
from sop_engine import Canceller, Outcome

BEFORE_RELEASE, PACKED = "before the release", "packed"
HOURS = 24
TEAMS = tuple(station.name for station in STATIONS)
CANCELLED = {"cancelled by customers": None, "cancelled by the seller": Canceller.SELLER, "cancelled by Ajio": Canceller.AJIO}
REFUSED = "requests refused or failed"
HAPPENINGS = {
    "placed": Event.CREATED,
    "released": Event.RELEASED,
    "packed": Event.PACKED,
    "dispatched": Event.DISPATCHED,
    "credit notes due": Event.CREDIT_NOTE_DUE,
    "credit notes made": Event.CREDIT_NOTE_MADE,
}


@dataclass(frozen=True, slots=True)
class DayReplay:
    """One day: *waiting* by queue, *at_work* and *busy* by team, at each full hour, and *counts* of what happens in each hour.

    *busy* has no clerks, because the log does not have the beginning of their work.
    """

    day: int
    waiting: dict[str, list[int]]
    at_work: dict[str, list[int]]
    busy: dict[str, list[int]]
    counts: dict[str, list[int]]


def replay_busiest_day(blocks: Iterable[Log], experiment: Experiment) -> DayReplay:
    """Replay the measured day on which most orders wait for the ERP and the warehouse at a full hour; the first of equal ones."""
    totals = _HourTotals(experiment)
    for log in blocks:
        totals.add(OrderTimes(log))
    return totals.busiest_day()


class _HourTotals:
    """What is inside, and what happens, at every full hour of all days, added up block by block."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.hours = experiment.run.days * HOURS
        self.marks = np.arange(self.hours, dtype=np.int64) * HOUR
        self.inside: dict[str, IntArray] = {}
        self.busy = {team: np.zeros(self.hours, dtype=np.int64) for team in TEAMS}
        self.counts = {name: np.zeros(self.hours, dtype=np.int64) for name in (*HAPPENINGS, *CANCELLED, REFUSED)}
        self.shifts: dict[str, list[tuple[IntArray, IntArray]]] = {team: [] for team in TEAMS}

    def add(self, order_times: OrderTimes) -> None:
        """Add the orders of a block."""
        stays = {BEFORE_RELEASE: (order_times.at(Event.CREATED), np.minimum(order_times.at(Event.RELEASED), order_times.ended))}
        stays |= {station: (arrived, left) for station, arrived, left in stays_at_stations(order_times, self.experiment)}
        vans, notes = stays.pop(VANS), stays.pop(CLERKS)
        stays |= {PACKED: (order_times.at(Event.PACKED), order_times.at(Event.READY)), VANS: vans, CLERKS: notes}
        for name, (arrived, left) in stays.items():
            self.inside[name] = self.inside.get(name, 0) + self._inside(arrived, left)
        for station in STATIONS:
            _, begun, finished = stay_at(station, order_times)
            self.busy[station.name] += self._inside(begun, np.minimum(finished, order_times.ended))
            presence = Event(station.presence)
            self.shifts[station.name].append((order_times.cells(presence, "time_ms"), order_times.cells(presence, "units")))
        for name, event in HAPPENINGS.items():
            self.counts[name] += self._by_hour(order_times.cells(event, "time_ms"))
        self._add_cancellations(order_times)

    def _add_cancellations(self, order_times: OrderTimes) -> None:
        times, outcomes, cancellers = (order_times.cells(Event.CANCELLATION, name) for name in ("time_ms", "outcome", "canceller"))
        allowed = outcomes == WORD_CODES["outcome"][Outcome.ALLOWED]
        for name, canceller in CANCELLED.items():
            if canceller is None:
                self.counts[name] += self._by_hour(order_times.cells(Event.CANCELLED_BY_CUSTOMER, "time_ms"))
            else:
                self.counts[name] += self._by_hour(times[allowed & (cancellers == WORD_CODES["canceller"][canceller])])
        self.counts[REFUSED] += self._by_hour(times[~np.isin(outcomes, list(EFFECTIVE_OUTCOMES))])

    def busiest_day(self) -> DayReplay:
        """Return the replay of the busiest measured day."""
        stations = [column for name, column in self.inside.items() if name not in (BEFORE_RELEASE, PACKED, VANS, CLERKS)]
        first = self.experiment.run.warm_up_days
        by_day = np.sum(stations, axis=0).reshape(-1, HOURS).max(axis=1)
        day = first + int(np.argmax(by_day[first:]))
        part = slice(day * HOURS, (day + 1) * HOURS)
        at_work = {team: self._at_work(team)[part].tolist() for team in TEAMS}
        at_work[CLERKS] = clerks_of(self.experiment.erp).people_at(self.marks[part]).tolist()
        return DayReplay(
            day,
            {name: column[part].tolist() for name, column in self.inside.items()},
            at_work,
            {team: column[part].tolist() for team, column in self.busy.items()},
            {name: column[part].tolist() for name, column in self.counts.items()},
        )

    def _inside(self, arrived: IntArray, left: IntArray) -> IntArray:
        """Count at each full hour what has come and has not left; what comes at the hour is counted, what leaves is not."""
        present = arrived < NEVER
        return self._so_far(arrived[present]) - self._so_far(left[present])

    def _so_far(self, times: IntArray) -> IntArray:
        places = np.searchsorted(self.marks, times)
        return np.cumsum(np.bincount(places, minlength=self.hours + 1)[: self.hours])

    def _by_hour(self, times: IntArray) -> IntArray:
        hours = times // HOUR
        return np.bincount(hours[hours < self.hours], minlength=self.hours)

    def _at_work(self, team: str) -> IntArray:
        times, people = (np.concatenate(column) for column in zip(*self.shifts[team], strict=True))
        places = np.searchsorted(times, self.marks, side="right") - 1
        return np.where(places >= 0, people[np.maximum(places, 0)], 0) if len(times) else np.zeros(self.hours, dtype=np.int64)
