"""Measures: each is a number computed from one log; its confidence interval is computed from independent replications.

Only the log and the experiment are used. Orders of the warm-up days are left out; a log without orders has no measures.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean, stdev

import numpy as np

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import DAY, HOUR, MINUTE, NEVER
from orders.log.columns import COLUMNS, WORD_CODES, Event
from orders.log.event_log import Log
from orders.log.event_words import quality_check_words
from orders.log.order_times import OrderTimes
from simulator.experiment.experiment import Experiment
from simulator.study_data import SLA_BREACHED, Estimate
from sop_engine import Outcome, Stage

CONFIDENCE = 0.95
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
REQUESTS = (
    ("cancellations", ("canceller", "scope", "outcome")),
    ("cancellations at", ("invoicing", "stage", "outcome")),
)
RETURNS = ((Event.RETURN_RECEIVED, "units back"), (Event.QUALITY_CHECK, "quality check"))
COUNT_PREFIXES = tuple(f"{prefix}: " for prefix in (*(prefix for prefix, _ in REQUESTS), *(prefix for _, prefix in RETURNS)))
"""Prefixes of the names of counts by kind: a kind that never occurred is missing, and its count is 0."""
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


def estimates(replications: Sequence[Measures], confidence: float = CONFIDENCE) -> dict[str, Estimate]:
    """Compute the mean and Student's half-width of each measure over replications.

    Where a replication lacks a measure, a count or share by kind is 0 and any other value is left out.
    """
    names = list(dict.fromkeys(name for measures in replications for name in measures))
    estimates_by_name = {}
    for name in names:
        values = [measures.get(name, _value_where_missing(name)) for measures in replications]
        finite = [value for value in values if not math.isnan(value)]
        if finite:
            estimates_by_name[name] = Estimate(fmean(finite), half_width(finite, confidence), len(finite))
    return estimates_by_name


def paired_differences(first: Sequence[Measures], second: Sequence[Measures], confidence: float = CONFIDENCE) -> dict[str, Estimate]:
    """Estimate *second* minus *first*, paired by replication (common random numbers)."""
    names = {name for measures in (*first, *second) for name in measures}
    differences = [
        {name: b.get(name, _value_where_missing(name)) - a.get(name, _value_where_missing(name)) for name in sorted(names)}
        for a, b in zip(first, second, strict=True)
    ]
    return estimates(differences, confidence)


def _value_where_missing(name: str) -> float:
    """Return the value of a measure that a log lacks: 0 for a count by kind, otherwise NaN."""
    return 0.0 if name.startswith(COUNT_PREFIXES) else math.nan


def half_width(values: Sequence[float], confidence: float = CONFIDENCE) -> float | None:
    """Compute the half-width of Student's confidence interval for the mean; `None` for fewer than two values."""
    if len(values) < 2:  # noqa: PLR2004 (one value has no spread)
        return None
    return student_quantile(len(values) - 1, confidence) * stdev(values) / math.sqrt(len(values))


def student_quantile(freedom: int, confidence: float) -> float:
    """Compute the two-sided quantile of Student's t by bisection of its exact distribution for whole degrees of freedom."""
    low, high = 0.0, 1e6
    while high - low > 1e-12 * max(1.0, low):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _central_probability(middle, freedom) < confidence else (low, middle)
    return (low + high) / 2


def _central_probability(t: float, freedom: int) -> float:
    """Compute P(|T| < t). Source: Abramowitz and Stegun 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine = math.cos(angle)
    if freedom % 2:
        term = total = cosine if freedom > 1 else 0.0
        for k in range(2, freedom - 1, 2):
            term *= k / (k + 1) * cosine**2
            total += term
        return 2 / math.pi * (angle + math.sin(angle) * total)
    term = total = 1.0
    for k in range(1, freedom - 1, 2):
        term *= k / (k + 1) * cosine**2
        total += term
    return math.sin(angle) * total


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
        self.busy = dict.fromkeys(TEAM_EVENTS, 0)
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

    def _people(self, of: OrderTimes) -> None:
        """Add the busy time on the measured days; work ended by a cancellation counts until the cancellation."""
        for team, (came, start, ends) in TEAM_EVENTS.items():
            begun, finished = of.at(start), np.minimum.reduce([of.ended, *(of.at(event) for event in ends)])
            worked = (begun < NEVER) & (finished < NEVER)
            spent = np.clip(finished[worked], self.from_ms, self.to_ms) - np.clip(begun[worked], self.from_ms, self.to_ms)
            self.busy[team] += int(spent.sum())
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
            "dispatched a day": self.counts["dispatched"] / days,
            "time to pack, hours": means["pack"],
            "time to dispatch, hours": means["dispatch"],
            "time to dispatch, 95th percentile, hours": float(np.quantile(times_to_dispatch, 0.95)) / HOUR
            if len(times_to_dispatch)
            else math.nan,
            "wait for a picker, minutes": means["picker"],
            "wait for a packer, minutes": means["packer"],
            "SLA target missed, share of dispatched": self.counts["missed"] / len(times_to_dispatch)
            if len(times_to_dispatch)
            else math.nan,
            SLA_BREACHED: self.counts["breached"] / orders,
        }
        for team, busy in self.busy.items():
            staffed = self._staffed(team)
            measures[f"{team} busy, share of staffed time"] = busy / staffed if staffed else math.nan
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
            "age of a credit note when made, hours": means["credit note"],
            "late e-invoices (GAP-17)": float(self.counts["late"]),
        }
        for event, prefix in RETURNS:
            measures |= {f"{prefix}: {kind}": float(units) for kind, units in sorted(self.units[event].items())}
        return measures | {"units back, per order": sum(self.units[Event.RETURN_RECEIVED].values()) / orders}

    def _refused(self, stages: frozenset[int]) -> int:
        """Count the requests refused in one of *stages*."""
        return sum(n for (_, stage, outcome), n in self.requests[REQUESTS[1][1]].items() if stage in stages and outcome == REFUSED)

    def _staffed(self, team: str) -> int:
        """Compute people times milliseconds at work within the measured days."""
        times, people = (np.concatenate(column) for column in zip(*self.shifts[team], strict=True))
        within = np.clip(np.append(times, self.to_ms), self.from_ms, self.to_ms)
        return int((np.diff(within) * people).sum())


def _column_word(name: str, code: int) -> str:
    return [*map(str, COLUMNS[name] or ()), ""][code]
