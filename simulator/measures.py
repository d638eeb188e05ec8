"""What a log says: each measure is a number from one log, and its interval from the logs of independent replications.

Nothing here knows how a log came about; orders of the warm-up days are left out, and a log without orders has no measures.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

import numpy as np
from numpy.typing import NDArray

from simulator.chance import Whole
from simulator.clock import DAY, HOUR, MINUTE
from simulator.experiment import Experiment
from simulator.log import COLUMNS, WORDS, Event, Log
from sop_engine import Outcome

CONFIDENCE = 0.95
Measures = dict[str, float]
Times = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications and the half-width of its confidence interval; ``None`` with fewer than two."""

    mean: float
    half_width: float | None
    replications: int


def measure(log: Log, experiment: Experiment) -> Measures:
    """Every measure of one log, by name; the name ends in its unit."""
    return _Reader(log, experiment).measures()


def estimates(of: Sequence[Measures], confidence: float = CONFIDENCE) -> dict[str, Estimate]:
    """Mean and Student's half-width of each measure over replications; a measure that is missing in some is 0 there or left out.

    Counts and shares of kinds that never occurred are 0; a mean over nothing is left out.
    """
    names = list(dict.fromkeys(name for measures in of for name in measures))
    told = {}
    for name in names:
        values = [measures.get(name, 0.0 if ": " in name else math.nan) for measures in of]
        known = [value for value in values if not math.isnan(value)]
        if known:
            told[name] = Estimate(fmean(known), half_width(known, confidence), len(known))
    return told


def paired(first: Sequence[Measures], second: Sequence[Measures], confidence: float = CONFIDENCE) -> dict[str, Estimate]:
    """*second* minus *first*, replication by replication, on common random numbers."""
    names = {name for measures in (*first, *second) for name in measures}
    differences = [
        {name: b.get(name, 0.0 if ": " in name else math.nan) - a.get(name, 0.0 if ": " in name else math.nan) for name in sorted(names)}
        for a, b in zip(first, second, strict=True)
    ]
    return estimates(differences, confidence)


def half_width(values: Sequence[float], confidence: float = CONFIDENCE) -> float | None:
    """Half of Student's confidence interval for the mean."""
    if len(values) < 2:  # noqa: PLR2004 (one value has no spread)
        return None
    return student(len(values) - 1, confidence) * stdev(values) / math.sqrt(len(values))


def student(freedom: int, confidence: float) -> float:
    """The two-sided quantile of Student's t, by bisection of its exact distribution for whole degrees of freedom."""
    low, high = 0.0, 1e6
    while high - low > 1e-12 * max(1.0, low):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _inside(middle, freedom) < confidence else (low, middle)
    return (low + high) / 2


def _inside(t: float, freedom: int) -> float:
    """P(|T| < t), Abramowitz and Stegun 26.7.3 and 26.7.4."""
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


class _Reader:
    """The times of each order in columns, `nan` where something did not happen; only the orders that are measured."""

    def __init__(self, log: Log, experiment: Experiment) -> None:
        self.experiment = experiment
        self.log = log
        created = log.where(Event.CREATED).columns
        self.count = int(created["order"].max(initial=0))
        self.created = self._times(Event.CREATED)
        self.counted = self.created >= experiment.run.warm_up_days * DAY
        self.from_ms, self.to_ms = experiment.run.warm_up_days * DAY, experiment.run.days * DAY

    def measures(self) -> Measures:
        orders = int(self.counted.sum())
        days = (self.to_ms - self.from_ms) / DAY
        if not orders:
            return {"orders": 0.0}
        told: Measures = {"orders": float(orders), "orders a day": orders / days}
        told |= self._flow(orders, days)
        told |= self._people()
        told |= self._cancellations(orders)
        told |= self._paper()
        return told | self._returns(orders)

    def _flow(self, orders: int, days: float) -> Measures:
        packed, dispatched, released = (self._times(event) for event in (Event.PACKED, Event.DISPATCHED, Event.RELEASED))
        picking, picked, packing = (self._times(event) for event in (Event.PICK_STARTED, Event.PICKED, Event.PACK_STARTED))
        ajio = self.experiment.ajio
        took = (dispatched - self.created)[self.counted]
        shipped = dispatched[~np.isnan(dispatched)]
        done = took[~np.isnan(took)]
        told = {
            "dispatched a day": float(((shipped >= self.from_ms) & (shipped < self.to_ms)).sum()) / days,
            "time to pack, hours": self._mean(packed - self.created, HOUR),
            "time to dispatch, hours": self._mean(dispatched - self.created, HOUR),
            "time to dispatch, 95th percentile, hours": float(np.quantile(done, 0.95)) / HOUR if len(done) else math.nan,
            "wait for a picker, minutes": self._mean(picking - released, MINUTE),
            "wait for a packer, minutes": self._mean(packing - picked, MINUTE),
            "SLA target missed, share of dispatched": float((done > ajio.target_hours * HOUR).mean()) if len(done) else math.nan,
        }
        ended = self._ended()
        late = (~(dispatched <= self.created + ajio.breach_hours * HOUR) & ~(ended <= self.created + ajio.breach_hours * HOUR))[
            self.counted
        ]
        return told | {"SLA breached, share of orders": float(late.sum()) / orders}

    def _people(self) -> Measures:
        """Busy time against staffed time, on the measured days; work that a cancellation ended counts until then."""
        ended = self._ended()
        told = {}
        for who, came, start, end in (
            ("pickers", Event.PICKERS, Event.PICK_STARTED, (Event.PICKED,)),
            ("packers", Event.PACKERS, Event.PACK_STARTED, (Event.PACKED, Event.PACKING_ERROR)),
        ):
            begun = self._times(start)
            done = ended
            for event in end:
                done = np.fmin(done, self._times(event))
            busy = np.clip(done, self.from_ms, self.to_ms) - np.clip(begun, self.from_ms, self.to_ms)
            staffed = self._staffed(came)
            told[f"{who} busy, share of staffed time"] = float(np.nansum(busy)) / staffed if staffed else math.nan
        return told

    def _staffed(self, event: Event) -> float:
        """People times milliseconds at work within the measured days."""
        came = self.log.where(event).columns
        times = np.clip(np.append(came["time_ms"], self.to_ms), self.from_ms, self.to_ms)
        return float((np.diff(times) * came["units"]).sum())

    def _cancellations(self, orders: int) -> Measures:
        asked = self.log.where(Event.CANCELLATION).columns
        mine = self.counted[asked["order"]]
        told: Measures = {}
        for who, count in self._by(asked, mine, ("canceller", "scope", "outcome")).items():
            told[f"cancellations: {who}"] = count
        for where, count in self._by(asked, mine, ("invoicing", "stage", "outcome")).items():
            told[f"cancellations at: {where}"] = count
        allowed = asked["outcome"] == WORDS["outcome"][Outcome.ALLOWED]
        told["refused or failed requests"] = float((mine & ~allowed & (asked["outcome"] != WORDS["outcome"][Outcome.WITHOUT_EFFECT])).sum())
        customers = self._count(Event.CANCELLED_BY_CUSTOMER)
        ended = ~np.isnan(self._ended()) & self.counted
        return told | {"cancelled by customers": customers, "orders cancelled in full, share": float(ended.sum()) / orders}

    def _paper(self) -> Measures:
        due, made = self._times(Event.CREDIT_NOTE_DUE), self._times(Event.CREDIT_NOTE_MADE)
        invoiced, ended = self._times(Event.INVOICED), self._ended()
        return {
            "packing errors": self._count(Event.PACKING_ERROR),
            "credit notes due": self._count(Event.CREDIT_NOTE_DUE),
            "credit notes made": self._count(Event.CREDIT_NOTE_MADE),
            "age of a credit note when made, hours": self._mean(made - due, HOUR),
            "late e-invoices (GAP-17)": float(((invoiced > ended) & self.counted).sum()),
        }

    def _returns(self, orders: int) -> Measures:
        back = self.log.where(Event.RETURN_RECEIVED)
        checks = self.log.where(Event.QUALITY_CHECK)
        told: Measures = {}
        for kind, units in self._units_by_detail(back).items():
            told[f"units back: {kind}"] = units
        for kind, units in self._units_by_detail(checks).items():
            told[f"quality check: {kind}"] = units
        return told | {"units back, per order": sum(self._units_by_detail(back).values()) / orders}

    def _units_by_detail(self, log: Log) -> dict[str, float]:
        mine = self.counted[log.columns["order"]]
        codes, units = log.columns["detail"][mine], log.columns["units"][mine]
        return {word: float(units[codes == code].sum()) for code, word in enumerate(log.details) if (codes == code).any()}

    def _by(self, rows: Mapping[str, Whole], mine: NDArray[np.bool_], names: Sequence[str]) -> dict[str, float]:
        table = np.stack([rows[name][mine] for name in names], axis=1)
        kinds, counts = np.unique(table, axis=0, return_counts=True)
        words = [tuple(map(str, COLUMNS[name] or ())) for name in names]
        return {
            " / ".join(words[k][code] for k, code in enumerate(kind)): float(n)
            for kind, n in zip(kinds.tolist(), counts.tolist(), strict=True)
        }

    def _times(self, event: Event) -> Times:
        """When it first happened to each order, by number; `nan` where never."""
        columns = self.log.where(event).columns
        times = np.full(self.count + 1, np.nan)
        times[columns["order"][::-1]] = columns["time_ms"][::-1]
        times[0] = np.nan
        return times

    def _ended(self) -> Times:
        """When each order was cancelled in full, by anybody."""
        asked = self.log.where(Event.CANCELLATION).columns
        full = (asked["outcome"] == WORDS["outcome"][Outcome.ALLOWED]) & (asked["scope"] == WORDS["scope"]["full"])
        times = self._times(Event.CANCELLED_BY_CUSTOMER)
        times[asked["order"][full]] = asked["time_ms"][full]
        return times

    def _count(self, event: Event) -> float:
        return float(self.counted[self.log.where(event).columns["order"]].sum())

    def _mean(self, times: Times, unit: int) -> float:
        known = times[self.counted & ~np.isnan(times)]
        return float(known.mean()) / unit if len(known) else math.nan
