"""Measures: each is a number computed from one log; its confidence interval is computed from independent replications.

Only the log and the experiment are used. Orders of the warm-up days are left out; a log without orders has no measures.
"""

import math
from collections import Counter
from collections.abc import Iterable

import numpy as np

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import DAY, HOUR, MINUTE, NEVER, Hours
from orders.log.columns import COLUMNS, WORD_CODES, Event
from orders.log.event_log import Log
from orders.log.event_words import quality_check_words
from orders.log.order_times import OrderTimes
from simulator.analysis.costs import CostDrivers, cost_measures
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import office_of, shift_of
from simulator.study_data import NOTE_AGE, NOTES_LATE, OLDEST_NOTE, SLA_BREACHED
from sop_engine import Outcome, Stage

Measures = dict[str, float]
MEANS = {
    "pack": (Event.CREATED, Event.PACKED, HOUR),
    "dispatch": (Event.CREATED, Event.DISPATCHED, HOUR),
    "picker": (Event.RELEASED, Event.PICK_STARTED, MINUTE),
    "packer": (Event.PICKED, Event.PACK_STARTED, MINUTE),
    "credit note": (Event.CREDIT_NOTE_DUE, Event.CREDIT_NOTE_MADE, HOUR),
}
"""Mean times: start event, end event, unit in milliseconds."""
TEAM_EVENTS = {
    "pickers": (Event.PICKERS, Event.PICK_STARTED, (Event.PICKED,)),
    "packers": (Event.PACKERS, Event.PACK_STARTED, (Event.PACKED, Event.PACKING_ERROR)),
}
"""By team: the event of coming and going, the start of work on an order, and the events that end it."""
WAITS = {"picker": "a picker", "packer": "a packer"}
"""The means of `MEANS` that are waits for people of the warehouse; each is divided at the hours of the shift."""
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

    def of(self, unit: int) -> float:
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
        self.queues = {name: _Mean() for name in WAITS}
        self.oldest_note = 0
        self.shift = shift_of(experiment.wms)
        self.busy, self.overtime = dict.fromkeys(TEAM_EVENTS, 0), dict.fromkeys(TEAM_EVENTS, 0)
        self.shifts: dict[str, list[tuple[IntArray, IntArray]]] = {team: [] for team in TEAM_EVENTS}
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
            if name in WAITS:
                came, begun = (open_until(order_times.at(event), self.shift) for event in (start, end))
                self.queues[name].add(came, begun, counted)
        self._credit_notes(order_times, counted)
        self._flow(order_times, created, counted)
        self._people(order_times)
        self._requests(order_times, counted)
        for event in (Event.CANCELLED_BY_CUSTOMER, Event.PACKING_ERROR, Event.CREDIT_NOTE_DUE, Event.CREDIT_NOTE_MADE):
            self.counts[event] += int(counted[order_times.whose(event)].sum())
        self.counts["late"] += int(
            ((order_times.at(Event.INVOICED) > order_times.ended) & order_times.occurred(Event.INVOICED) & counted).sum()
        )
        for event, units in self.units.items():
            with_reason = counted[order_times.whose(event)]
            reasons = log.texts["reason"]
            with_reason &= order_times.cells(event, "reason") >= 0
            sums = np.bincount(
                order_times.cells(event, "reason")[with_reason], order_times.cells(event, "units")[with_reason], len(reasons)
            ).astype(np.int64)
            units.update({quality_check_words(reasons[k]): int(sums[k]) for k in np.flatnonzero(sums).tolist()})

    def _flow(self, of: OrderTimes, created: IntArray, counted: Mask) -> None:
        ajio, dispatched, ended = self.experiment.ajio, of.at(Event.DISPATCHED), of.ended
        times_to_dispatch = (dispatched - created)[counted & (dispatched < NEVER)]
        self.times_to_dispatch.append(times_to_dispatch)
        self.counts["dispatched"] += int(((dispatched >= self.from_ms) & (dispatched < self.to_ms)).sum())
        self.counts["missed"] += int((times_to_dispatch > ajio.target_hours * HOUR).sum())
        breach = created + ajio.breach_hours * HOUR
        self.counts["breached"] += int(((dispatched > breach) & (ended > breach) & counted).sum())
        self.counts["ended"] += int(((ended < NEVER) & counted).sum())

    def _credit_notes(self, of: OrderTimes, counted: Mask) -> None:
        due, made = of.at(Event.CREDIT_NOTE_DUE), of.at(Event.CREDIT_NOTE_MADE)
        ages = (made - due)[counted & (due < NEVER) & (made < NEVER)]
        self.counts["late notes"] += int((ages > NOTE_LIMIT).sum())
        self.counts["aged notes"] += len(ages)
        self.oldest_note = max(self.oldest_note, int(ages.max(initial=0)))

    def _people(self, of: OrderTimes) -> None:
        """Add the busy time on the measured days, in the shift and after it; work ended by a cancellation counts until then."""
        for team, (came, start, ends) in TEAM_EVENTS.items():
            begun, finished = of.at(start), np.minimum.reduce([of.ended, *(of.at(event) for event in ends)])
            worked = (begun < NEVER) & (finished < NEVER)
            start_ms, end_ms = (np.clip(times[worked], self.from_ms, self.to_ms) for times in (begun, finished))
            in_shift = int((open_until(end_ms, self.shift) - open_until(start_ms, self.shift)).sum())
            self.busy[team] += in_shift
            self.overtime[team] += int((end_ms - start_ms).sum()) - in_shift
            self.shifts[team].append((of.cells(came, "time_ms"), of.cells(came, "units")))

    def _requests(self, of: OrderTimes, counted: Mask) -> None:
        measured = counted[of.whose(Event.CANCELLATION)]
        for names, counter in self.requests.items():
            cells = (of.cells(Event.CANCELLATION, name)[measured].tolist() for name in names)
            counter.update(zip(*cells, strict=True))

    def measures(self) -> Measures:
        """Compute the measures of the blocks so far."""
        orders, days = self.counts["orders"], (self.to_ms - self.from_ms) / DAY
        if not orders:
            return {"orders": 0.0}
        times_to_dispatch = np.concatenate(self.times_to_dispatch)
        means = {name: self.means[name].of(unit) for name, (_, _, unit) in MEANS.items()}
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
        for team, busy in self.busy.items():
            staffed = self._staffed(team)
            measures[f"{team} busy, share of staffed time"] = busy / staffed if staffed else math.nan
            measures[f"{team}' overtime, hours a day"] = self.overtime[team] / HOUR / days
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
        return measures | cost_measures(self._cost_drivers(orders, days), self.experiment.prices)

    def _cost_drivers(self, orders: int, days: float) -> CostDrivers:
        """Return the hours paid on the measured days, and the numbers of orders and credit notes that cost something."""
        wms, erp = self.experiment.wms, self.experiment.erp
        shift, office = (self._open_hours(hours) for hours in (self.shift, office_of(erp)))
        return CostDrivers(
            days,
            {**{team: self._staffed(team) / HOUR for team in self.busy}, "checkers": wms.checkers * shift, "clerks": erp.clerks * office},
            {team: overtime / HOUR for team, overtime in self.overtime.items()},
            orders,
            self.counts["ended"] - self.counts[Event.CANCELLED_BY_CUSTOMER],
            self.counts["breached"],
            self.counts[Event.CREDIT_NOTE_DUE],
        )

    def _open_hours(self, hours: Hours) -> float:
        """Compute the working hours within the measured days."""
        start, end = open_until(np.array([self.from_ms, self.to_ms], dtype=np.int64), hours).tolist()
        return float(end - start) / HOUR

    def _refused(self, stages: frozenset[int]) -> int:
        """Count the requests refused in one of *stages*."""
        return sum(n for (_, stage, outcome), n in self.requests[REQUESTS[1][1]].items() if stage in stages and outcome == REFUSED)

    def _waits(self) -> Measures:
        """Compute the mean waits, and their parts while the shift is closed and while it is open."""
        measures: Measures = {}
        for name, words in WAITS.items():
            wait, queue = self.means[name], self.queues[name]
            closed = (wait.total - queue.total) / wait.count / MINUTE if wait.count else math.nan
            parts = {"minutes": wait.of(MINUTE), "closed, minutes": closed, "queue, minutes": queue.of(MINUTE)}
            measures |= {f"wait for {words}, {part}": value for part, value in parts.items()}
        return measures

    def _staffed(self, team: str) -> int:
        """Compute people times milliseconds at work within the measured days."""
        times, people = (np.concatenate(column) for column in zip(*self.shifts[team], strict=True))
        within = np.clip(np.append(times, self.to_ms), self.from_ms, self.to_ms)
        return int((np.diff(within) * people).sum())


def open_until(times: IntArray, hours: Hours) -> IntArray:
    """Compute the milliseconds of working hours from the start until each time; `NEVER` stays `NEVER`."""
    days, moments = np.divmod(times, DAY)
    weeks, weekdays = np.divmod(days, 7)
    full_days = weeks * hours.days + np.minimum(weekdays, hours.days)
    today = np.where(weekdays < hours.days, np.clip(moments - hours.opens, 0, hours.closes - hours.opens), 0)
    return np.where(times < NEVER, full_days * (hours.closes - hours.opens) + today, NEVER)


def _column_word(name: str, code: int) -> str:
    return [*map(str, COLUMNS[name] or ()), ""][code]
