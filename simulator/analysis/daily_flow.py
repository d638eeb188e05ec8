"""Daily flow: for each station, the work that arrives, the capacity, and the orders that wait at the close of each day.

Orders wait for a limited capacity at the stations of the warehouse, for posts to the client's ERP, for clerks who make credit notes,
and for vans where these hold a limited number of shipments.
"""

import math
from collections.abc import Iterable, Iterator

import numpy as np
from msgspec import Struct

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import DAY, HOUR, MINUTE, NEVER, on_tick
from orders.log.columns import WORD_CODES, Event, System
from orders.log.event_log import Log
from orders.log.order_times import OrderTimes
from orders.log.stations import STATIONS
from simulator.analysis.station_stays import stay_at
from simulator.analysis.system_outages import SystemOutages
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import WEEK, clerks_of, roster_of
from sop_engine import Invoicing

POSTS, CLERKS, VANS = "posts to the ERP", "credit-note clerks", "couriers' vans"
CREDIT_NOTE_SIGMA = 0.5
"""Spread of the work on a credit note, as in the settings."""


class StationFlow(Struct, frozen=True, forbid_unknown_fields=True):
    """One station in one replication, day by day from day 0: orders that arrive, and orders that wait at the close of the day.

    *closed* and *queue* are the mean hours for which the orders that arrive on a day wait while the station is closed, and while it is
    open; 0 on a day without any. *work* is the mean work on an order, and *capacity* the work that can be done in a day, in the same unit.
    """

    came: list[int]
    waiting: list[int]
    closed: list[float]
    queue: list[float]
    work: float
    capacity: list[float]


class DailyFlow(Struct, frozen=True, forbid_unknown_fields=True):
    """The stations of a replication, and the sum and number of the hours to dispatch by day of the order."""

    stations: dict[str, StationFlow]
    hours: list[float]
    dispatched: list[int]

    def __post_init__(self) -> None:
        for name, station in self.stations.items():
            if {len(column) for column in (station.came, station.waiting, station.closed, station.queue, station.capacity)} != {
                len(self.hours)
            }:
                raise ValueError(f"`{name}` has {len(station.came)} days, expected {len(self.hours)}, one for each of `hours`")
        if len(self.dispatched) != len(self.hours):
            raise ValueError(f"`dispatched` has {len(self.dispatched)} days, expected {len(self.hours)}, one for each of `hours`")


def stays_at_stations(order_times: OrderTimes, experiment: Experiment) -> Iterator[tuple[str, IntArray, IntArray]]:
    """Yield each station with the times at which each order of a block joins and leaves its queue."""
    yield POSTS, _ready_for_erp(order_times, experiment), np.minimum(order_times.at(Event.POSTED), order_times.ended)
    for station in STATIONS:
        arrived, begun, _ = stay_at(station, order_times)
        yield station.name, arrived, np.minimum(begun, order_times.ended)
    yield VANS, order_times.at(Event.READY), order_times.at(Event.DISPATCHED)
    yield CLERKS, order_times.at(Event.CREDIT_NOTE_DUE), order_times.at(Event.CREDIT_NOTE_MADE)


def _ready_for_erp(order_times: OrderTimes, experiment: Experiment) -> IntArray:
    """Return when the details of each order of the client's ERP are complete; `NEVER` if it was cancelled before."""
    ready = np.full(len(order_times.orders), NEVER, dtype=np.int64)
    of_erp: Mask = order_times.cells(Event.ACKNOWLEDGED, "invoicing") == WORD_CODES["invoicing"][Invoicing.ERP]
    whose = order_times.order_places(Event.ACKNOWLEDGED)[of_erp]
    ready[whose] = order_times.at(Event.ACKNOWLEDGED)[whose] + on_tick(experiment.oms.details_minutes * MINUTE)
    ready[ready >= order_times.ended] = NEVER
    return ready


class FlowTotals:
    """Daily flow, added up block by block."""

    def __init__(self, experiment: Experiment) -> None:
        days = experiment.run.days
        self.experiment, self.days = experiment, days
        self.outages = SystemOutages(experiment)
        self.starts = np.arange(days + 1, dtype=np.int64) * DAY
        self.rosters = {station.name: roster_of(experiment, station) for station in STATIONS} | {CLERKS: clerks_of(experiment.erp)}
        close = on_tick(experiment.wms.shift_ends_at_hour * HOUR)
        closes = {station.name: close for station in STATIONS} | dict.fromkeys((POSTS, CLERKS, VANS), DAY)
        self.closes = {station: self.starts[:-1] + close for station, close in closes.items()}
        self.came = {station: np.zeros(days, dtype=np.int64) for station in closes}
        self.inside = {station: np.zeros(days + 1, dtype=np.int64) for station in closes}
        self.waits = {station: np.zeros((3, days), dtype=np.int64) for station in closes}
        """By station and day of arrival: orders that were served, their waits, and the part of these in the open hours."""
        self.work_ms, self.works = dict.fromkeys(closes, 0), dict.fromkeys(closes, 0)
        self.sums, self.counts = np.zeros(days, dtype=np.int64), np.zeros(days, dtype=np.int64)

    def add_each(self, blocks: Iterable[Log]) -> Iterator[Log]:
        """Yield *blocks*, and add each."""
        for log in blocks:
            self.add(OrderTimes(log))
            yield log

    def add(self, order_times: OrderTimes) -> None:
        """Add the orders of a block."""
        self.outages.add(order_times)
        created, dispatched = order_times.at(Event.CREATED), order_times.at(Event.DISPATCHED)
        sent = (created < self.starts[-1]) & (dispatched < NEVER)
        places = created[sent] // DAY
        self.sums += np.bincount(places, (dispatched - created)[sent], self.days).astype(np.int64)
        self.counts += np.bincount(places, minlength=self.days)
        for name, arrived, left in stays_at_stations(order_times, self.experiment):
            self._stay(name, arrived, left)
        for station in STATIONS:
            _, begun, finished = stay_at(station, order_times)
            complete = (begun < NEVER) & (finished < NEVER)
            self.work_ms[station.name] += int((finished - begun)[complete].sum())
            self.works[station.name] += int(complete.sum())

    def flow(self) -> DailyFlow:
        """Return the daily flow of the blocks so far."""
        return DailyFlow(
            {
                station: StationFlow(
                    self.came[station].tolist(),
                    np.cumsum(self.inside[station][:-1]).tolist(),
                    *self._wait_hours(station),
                    work,
                    self._capacity(station),
                )
                for station in self.came
                if (work := self._work(station))
            },
            [total / 60 / MINUTE for total in self.sums.tolist()],
            self.counts.tolist(),
        )

    def _stay(self, station: str, arrived: IntArray, departed: IntArray) -> None:
        """Add orders that came to *station*, and left it."""
        present = arrived < self.starts[-1]
        arrived, departed = arrived[present], departed[present]
        self.came[station] += np.bincount(arrived // DAY, minlength=self.days)
        for times, change in ((arrived, 1), (departed[departed < NEVER], -1)):
            places = np.searchsorted(self.closes[station], times)
            self.inside[station] += change * np.bincount(places, minlength=self.days + 1)
        arrived, departed = arrived[departed < NEVER], departed[departed < NEVER]
        in_open_hours = departed - arrived
        if station in self.rosters:
            in_open_hours = self.rosters[station].staffed_ms(departed) - self.rosters[station].staffed_ms(arrived)
        for row, amounts in enumerate((np.ones(len(arrived)), departed - arrived, in_open_hours)):
            self.waits[station][row] += np.bincount(arrived // DAY, amounts, self.days).astype(np.int64)

    def _wait_hours(self, station: str) -> tuple[list[float], list[float]]:
        """Return by day the mean hours of waiting while *station* is closed, and while it is open."""
        served, total, in_open_hours = self.waits[station]
        per_order = 1 / (np.maximum(served, 1) * HOUR)
        return ((total - in_open_hours) * per_order).tolist(), (in_open_hours * per_order).tolist()

    def _work(self, station: str) -> float:
        if station == POSTS:
            return 1.0 if self.came[POSTS].any() else 0.0
        if station == VANS:
            return 1.0 if self.experiment.wms.has_limited_vans and self.came[VANS].any() else 0.0
        if station == CLERKS:
            minutes = self.experiment.erp.credit_note_minutes_median * math.exp(CREDIT_NOTE_SIGMA**2 / 2)
            return minutes if self.came[CLERKS].any() else 0.0
        return self.work_ms[station] / self.works[station] / MINUTE if self.works[station] else 0.0

    def _capacity(self, station: str) -> list[float]:
        """Return the orders that can be posted or taken along, or the minutes of people at work, on each day."""
        erp = self.experiment.erp
        if station == POSTS:
            interval, outages = erp.post_interval_minutes * MINUTE, self.outages.by_system[System.ERP]
            ups = [sum(not outages.down(moment) for moment in range(start, start + DAY, interval)) for start in self.starts[:-1].tolist()]
            return [float(up * erp.posts_per_interval) for up in ups]
        if station == VANS:
            wms = self.experiment.wms
            return [float(len(wms.manifest_closes_at_hours) * wms.van_capacity(day % WEEK)) for day in range(self.days)]
        minutes = np.diff(self.rosters[station].person_ms(self.starts)) / MINUTE
        if station == CLERKS and not erp.office_holidays:  # days differ by weekday only: their mean does not depend on the days measured
            week = np.arange(WEEK + 1, dtype=np.int64) * DAY
            minutes = np.full(self.days, np.diff(self.rosters[station].person_ms(week)).mean() / MINUTE)
        return [float(minute) for minute in minutes]
