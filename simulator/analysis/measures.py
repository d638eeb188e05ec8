"""Measures: each is a number computed from one log; its confidence interval is computed from independent replications.

Only the log and the experiment are used. Orders of the warm-up days are left out; a log without orders has no measures.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import DAY, HOUR, MINUTE, NEVER
from orders.log.columns import COLUMNS, WORD_CODES, Event
from orders.log.event_log import Log
from orders.log.event_words import quality_check_words
from orders.log.order_times import OrderTimes
from orders.log.stations import STATIONS, Station
from simulator.analysis.costs import CostDrivers, cost_measures
from simulator.analysis.station_stays import stay_at
from simulator.experiment.experiment import Experiment
from simulator.experiment.roster import Roster
from simulator.experiment.schedule import checkers_of, clerks_of, roster_of
from simulator.study_data import NOTE_AGE, NOTES_LATE, OLDEST_NOTE, SLA_BREACHED
from sop_engine import Outcome, Stage

Measures = dict[str, float]
MEANS = {
    "pack": (Event.CREATED, Event.PACKED, HOUR),
    "dispatch": (Event.CREATED, Event.DISPATCHED, HOUR),
    "credit note": (Event.CREDIT_NOTE_DUE, Event.CREDIT_NOTE_MADE, HOUR),
}
"""Mean times: start event, end event, unit in milliseconds."""
NOTE_LIMIT = 30 * DAY
"""Age at which a credit note is late: e-invoicing sellers report it to the IRP within 30 days."""
REQUESTS = (
    ("cancellations", ("canceller", "scope", "outcome")),
    ("cancellations at", ("invoicing", "stage", "outcome")),
)
RETURNS = ((Event.RETURN_RECEIVED, "units back"), (Event.QUALITY_CHECK, "quality check"))
COUNT_PREFIXES = tuple(f"{prefix}: " for prefix in (*(prefix for prefix, _ in REQUESTS), *(prefix for _, prefix in RETURNS)))
"""Prefixes of the names of counts by kind: a kind that never occurred is missing, and its count is 0."""
COUNTS = ("refused or failed requests", "cancelled by customers", "packing errors", "credit notes due", "late e-invoices (GAP-17)")
"""Counts that may be small."""
SHARES = {
    SLA_BREACHED: "orders",
    "SLA target missed, share of dispatched": "orders dispatched",
    "orders cancelled in full, share": "orders",
    NOTES_LATE: "credit notes made",
}
"""Shares of independent items, each with the measure that counts the items."""
EFFECTIVE_OUTCOMES = {WORD_CODES["outcome"][Outcome.ALLOWED], WORD_CODES["outcome"][Outcome.WITHOUT_EFFECT]}
"""Outcomes that are neither a refusal nor a failure."""
REFUSED = WORD_CODES["outcome"][Outcome.REFUSED]
PACKED_ONLY = frozenset({WORD_CODES["stage"][Stage.PACKED]})
ON_A_MANIFEST = frozenset(WORD_CODES["stage"][stage] for stage in (Stage.READY_TO_DISPATCH, Stage.COMPLETED))


def measure(blocks: Iterable[Log], experiment: Experiment) -> Measures:
    """Compute the measures of a log that is given as blocks of whole orders; by name, which ends in the unit."""
    totals = _MeasureTotals(experiment)
    for log in blocks:
        totals.add(log)
    return totals.measures()


class _Mean:
    """A mean of whole milliseconds, exact and independent of the blocks."""

    def __init__(self) -> None:
        self.total, self.count = 0, 0

    def add(self, start: IntArray, end: IntArray, among: Mask) -> None:
        """Add the times from *start* to *end* of the orders in the mask *among* that have both."""
        complete = among & (start < NEVER) & (end < NEVER)
        self.total += int((end[complete] - start[complete]).sum())
        self.count += int(complete.sum())

    def in_unit(self, unit: int) -> float:
        """Return the mean in units of *unit* milliseconds; NaN without values."""
        return self.total / self.count / unit if self.count else math.nan


class _MeasureTotals:
    """Totals for the measures, added up block by block; of single orders only the times to dispatch are kept."""

    def __init__(self, experiment: Experiment) -> None:
        run = experiment.run
        self.experiment = experiment
        self.from_ms, self.to_ms = run.warm_up_days * DAY, run.days * DAY
        self.counts: Counter[str] = Counter()
        self.means = {name: _Mean() for name in MEANS}
        self.times_to_dispatch: list[IntArray] = []
        self.waits, self.queues = ({station.name: _Mean() for station in STATIONS} for _ in range(2))
        self.oldest_note = 0
        self.rosters = {station.name: roster_of(experiment, station) for station in STATIONS}
        self.work: dict[str, list[IntArray]] = {station.name: [] for station in STATIONS}
        self.shifts: dict[str, list[tuple[IntArray, IntArray]]] = {station.name: [] for station in STATIONS}
        self.requests: dict[tuple[str, ...], Counter[tuple[int, ...]]] = {names: Counter() for _, names in REQUESTS}
        self.units: dict[Event, Counter[str]] = {event: Counter() for event, _ in RETURNS}

    def add(self, log: Log) -> None:
        """Add the next block."""
        order_times = OrderTimes(log)
        created = order_times.at(Event.CREATED)
        counted = (created >= self.from_ms) & (created < NEVER)
        self.counts["orders"] += int(counted.sum())
        for name, (start, end, _) in MEANS.items():
            self.means[name].add(order_times.at(start), order_times.at(end), counted)
        self._credit_notes(order_times, counted)
        self._flow(order_times, created, counted)
        for station in STATIONS:
            self._people(station, order_times, counted)
        self._requests(order_times, counted)
        for event in (Event.CANCELLED_BY_CUSTOMER, Event.PACKING_ERROR, Event.CREDIT_NOTE_DUE, Event.CREDIT_NOTE_MADE):
            self.counts[event] += int(counted[order_times.order_places(event)].sum())
        self.counts["late"] += int(
            ((order_times.at(Event.INVOICED) > order_times.ended) & order_times.occurred(Event.INVOICED) & counted).sum()
        )
        for event, units in self.units.items():
            with_reason = counted[order_times.order_places(event)]
            reasons = log.texts["reason"]
            with_reason &= order_times.cells(event, "reason") >= 0
            sums = np.bincount(
                order_times.cells(event, "reason")[with_reason], order_times.cells(event, "units")[with_reason], len(reasons)
            ).astype(np.int64)
            units.update({quality_check_words(reasons[k]): int(sums[k]) for k in np.flatnonzero(sums).tolist()})

    def _flow(self, order_times: OrderTimes, created: IntArray, counted: Mask) -> None:
        ajio, dispatched, ended = self.experiment.ajio, order_times.at(Event.DISPATCHED), order_times.ended
        times_to_dispatch = (dispatched - created)[counted & (dispatched < NEVER)]
        self.times_to_dispatch.append(times_to_dispatch)
        self.counts["dispatched"] += int(((dispatched >= self.from_ms) & (dispatched < self.to_ms)).sum())
        self.counts["missed"] += int((times_to_dispatch > ajio.target_hours * HOUR).sum())
        breach = created + ajio.breach_hours * HOUR
        self.counts["breached"] += int(((dispatched > breach) & (ended > breach) & counted).sum())
        self.counts["ended"] += int(((ended < NEVER) & counted).sum())

    def _credit_notes(self, order_times: OrderTimes, counted: Mask) -> None:
        due, made = order_times.at(Event.CREDIT_NOTE_DUE), order_times.at(Event.CREDIT_NOTE_MADE)
        ages = (made - due)[counted & (due < NEVER) & (made < NEVER)]
        self.counts["late notes"] += int((ages > NOTE_LIMIT).sum())
        self.counts["aged notes"] += len(ages)
        self.oldest_note = max(self.oldest_note, int(ages.max(initial=0)))

    def _people(self, station: Station, order_times: OrderTimes, counted: Mask) -> None:
        """Add waits, and the times of work on the measured days; work ended by a cancellation counts until then."""
        team, (arrived, begun, finished) = station.name, stay_at(station, order_times)
        self.waits[team].add(arrived, begun, counted)
        roster = self.rosters[team]
        self.queues[team].add(roster.staffed_ms(arrived), roster.staffed_ms(begun), counted)
        finished = np.minimum(order_times.ended, finished)
        worked = (begun < NEVER) & (finished < NEVER)
        self.work[team].append(np.clip(np.stack([begun[worked], finished[worked]]), self.from_ms, self.to_ms))
        presence = Event(station.presence)
        self.shifts[team].append((order_times.cells(presence, "time_ms"), order_times.cells(presence, "units")))

    def _requests(self, order_times: OrderTimes, counted: Mask) -> None:
        measured = counted[order_times.order_places(Event.CANCELLATION)]
        for names, counter in self.requests.items():
            cells = (order_times.cells(Event.CANCELLATION, name)[measured].tolist() for name in names)
            counter.update(zip(*cells, strict=True))

    def measures(self) -> Measures:
        """Compute the measures of the blocks so far."""
        orders, days = self.counts["orders"], (self.to_ms - self.from_ms) / DAY
        if not orders:
            return {"orders": 0.0}
        times_to_dispatch = np.concatenate(self.times_to_dispatch)
        means = {name: self.means[name].in_unit(unit) for name, (_, _, unit) in MEANS.items()}
        measures: Measures = {
            "orders": float(orders),
            "orders a day": orders / days,
            "orders dispatched": float(len(times_to_dispatch)),
            "dispatched a day": self.counts["dispatched"] / days,
            "time to pack, hours": means["pack"],
            "time to dispatch, hours": means["dispatch"],
            "time to dispatch, 95th percentile, hours": float(np.quantile(times_to_dispatch, 0.95)) / HOUR
            if len(times_to_dispatch)
            else math.nan,
            **self._waits(),
            "SLA target missed, share of dispatched": self.counts["missed"] / len(times_to_dispatch)
            if len(times_to_dispatch)
            else math.nan,
            SLA_BREACHED: self.counts["breached"] / orders,
        }
        overtime_hours = {}
        for team, roster in self.rosters.items():
            staffed, (busy, overtime) = self._staffed(team), busy_and_overtime(np.concatenate(self.work[team], axis=1), roster)
            overtime_hours[team] = overtime / HOUR
            measures[f"{team} busy, share of staffed time"] = busy / staffed if staffed else math.nan
            measures[f"{team}' overtime, hours a day"] = overtime / HOUR / days
        for prefix, names in REQUESTS:
            for kind, count in sorted(self.requests[names].items()):
                measures[f"{prefix}: {' / '.join(_column_word(name, code) for name, code in zip(names, kind, strict=True))}"] = float(count)
        measures |= {
            "refused or failed requests": float(
                sum(n for kind, n in self.requests[REQUESTS[0][1]].items() if kind[-1] not in EFFECTIVE_OUTCOMES)
            ),
            "refused at PACKED": float(self._refused(PACKED_ONLY)),
            "refused on a closed manifest": float(self._refused(ON_A_MANIFEST)),
            "cancelled by customers": float(self.counts[Event.CANCELLED_BY_CUSTOMER]),
            "orders cancelled in full, share": self.counts["ended"] / orders,
            "packing errors": float(self.counts[Event.PACKING_ERROR]),
            "credit notes due": float(self.counts[Event.CREDIT_NOTE_DUE]),
            "credit notes made": float(self.counts[Event.CREDIT_NOTE_MADE]),
            NOTE_AGE: means["credit note"],
            OLDEST_NOTE: self.oldest_note / HOUR if self.counts["aged notes"] else math.nan,
            NOTES_LATE: self.counts["late notes"] / self.counts["aged notes"] if self.counts["aged notes"] else math.nan,
            "late e-invoices (GAP-17)": float(self.counts["late"]),
        }
        for event, prefix in RETURNS:
            measures |= {f"{prefix}: {kind}": float(units) for kind, units in sorted(self.units[event].items())}
        measures["units back, per order"] = sum(self.units[Event.RETURN_RECEIVED].values()) / orders
        return measures | cost_measures(self._cost_drivers(orders, days, overtime_hours), self.experiment.prices)

    def _cost_drivers(self, orders: int, days: float, overtime_hours: Mapping[str, float]) -> CostDrivers:
        """Return the hours paid on the measured days, and the numbers of orders and credit notes that cost something."""
        others = {"checkers": checkers_of(self.experiment.wms), "clerks": clerks_of(self.experiment.erp)}
        measured = np.array([self.from_ms, self.to_ms], dtype=np.int64)
        hours = {team: self._staffed(team) / HOUR for team in self.rosters}
        hours |= {team: float(np.diff(roster.person_ms(measured))[0]) / HOUR for team, roster in others.items()}
        return CostDrivers(
            days,
            hours,
            overtime_hours,
            orders,
            self.counts["ended"] - self.counts[Event.CANCELLED_BY_CUSTOMER],
            self.counts["breached"],
            self.counts[Event.CREDIT_NOTE_DUE],
        )

    def _refused(self, stages: frozenset[int]) -> int:
        """Count the requests refused in one of *stages*."""
        return sum(n for (_, stage, outcome), n in self.requests[REQUESTS[1][1]].items() if stage in stages and outcome == REFUSED)

    def _waits(self) -> Measures:
        """Compute the mean waits, and their parts while the shift is closed and while it is open."""
        measures: Measures = {}
        for station in STATIONS:
            wait, queue = self.waits[station.name], self.queues[station.name]
            closed = (wait.total - queue.total) / wait.count / MINUTE if wait.count else math.nan
            parts = {"minutes": wait.in_unit(MINUTE), "closed, minutes": closed, "queue, minutes": queue.in_unit(MINUTE)}
            measures |= {f"wait for {station.person_with_article}, {part}": value for part, value in parts.items()}
        return measures

    def _staffed(self, team: str) -> int:
        """Compute people times milliseconds at work within the measured days."""
        times, people = (np.concatenate(column) for column in zip(*self.shifts[team], strict=True))
        within = np.clip(np.append(times, self.to_ms), self.from_ms, self.to_ms)
        return int((np.diff(within) * people).sum())


def busy_and_overtime(work: IntArray, roster: Roster) -> tuple[int, int]:
    """Divide the time of *work*, rows of beginnings and ends, into that of as many people as the roster has, and that of more."""
    if not work.size:
        return 0, 0
    first, last = int(work[0].min()), int(work[1].max())
    steps = np.array([at for at, _ in roster.steps(last // DAY + 1) if first < at < last], dtype=np.int64)
    times = np.concatenate([work[0], work[1], steps])
    changes = np.repeat([1, -1, 0], [work.shape[1], work.shape[1], len(steps)])
    by_time = np.argsort(times, kind="stable")
    times, at_work = times[by_time], np.cumsum(changes[by_time])[:-1]
    widths = np.diff(times)
    busy = int((np.minimum(at_work, roster.people_at(times[:-1])) * widths).sum())
    return busy, int((at_work * widths).sum()) - busy


def _column_word(name: str, code: int) -> str:
    return [*map(str, COLUMNS[name] or ()), ""][code]
