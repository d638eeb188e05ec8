"""Estimates: the mean of each measure over independent replications, with its confidence interval.

Student's interval needs events in most replications. Where there are few, the interval is the mid-P one of all replications together,
which is never 0 wide; where these few come in clusters, it covers both. No interval of a measure reaches below 0, and none of a share
above 1.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from msgspec.structs import replace

from simulator.analysis.intervals import CONFIDENCE, Interval, binomial_interval, half_width, holm, is_clustered, p_value, poisson_interval
from simulator.analysis.measures import COUNT_PREFIXES, COUNTS, SHARES, Measures
from simulator.study_data import HEADLINE_MEASURES, Estimate

FEW = 10
"""Number of events, or of items without the event, below which Student's interval is not enough."""


def estimates(replications: Sequence[Measures], confidence: float = CONFIDENCE) -> dict[str, Estimate]:
    """Estimate each measure from its values in *replications*.

    Where a replication lacks a measure, a count or share by kind is 0 and any other value is left out.
    """
    return {name: _bounded(name, mean, replications, confidence) for name, mean in _means(replications, confidence).items()}


def paired_differences(first: Sequence[Measures], second: Sequence[Measures], confidence: float = CONFIDENCE) -> dict[str, Estimate]:
    """Estimate *second* minus *first*, paired by replication (common random numbers)."""
    names = {name for measures in (*first, *second) for name in measures}
    differences = [
        {name: b.get(name, _value_where_missing(name)) - a.get(name, _value_where_missing(name)) for name in sorted(names)}
        for a, b in zip(first, second, strict=True)
    ]
    return _means(differences, confidence)


def corrected(differences: Sequence[Mapping[str, Estimate]], confidence: float = CONFIDENCE) -> list[dict[str, Estimate]]:
    """Add to each of the *differences* of a study, by variant and measure, its p-value, corrected by Holm.

    The headline measures of all variants are one family of tests, the other measures another. A measure with the same value in
    every replication of both variants is not tested.
    """
    adjusted: dict[tuple[int, str], float] = {}
    for is_headline in (True, False):
        family = {
            (place, name): p_value(estimate.mean, estimate.half_width, estimate.replications, confidence)
            for place, side in enumerate(differences)
            for name, estimate in side.items()
            if (name in HEADLINE_MEASURES) == is_headline and estimate.half_width is not None and (estimate.mean or estimate.half_width)
        }
        adjusted |= dict(zip(family, holm(list(family.values())), strict=True))
    return [
        {name: replace(estimate, p=adjusted.get((place, name))) for name, estimate in side.items()}
        for place, side in enumerate(differences)
    ]


def _means(replications: Sequence[Measures], confidence: float) -> dict[str, Estimate]:
    estimates_by_name = {}
    for name in dict.fromkeys(name for measures in replications for name in measures):
        finite = list(_values(name, replications))
        if finite:
            estimates_by_name[name] = Estimate(fmean(finite), half_width(finite, confidence), len(finite))
    return estimates_by_name


def _values(name: str, replications: Iterable[Measures]) -> Iterable[float]:
    """Yield the finite values of a measure."""
    for measures in replications:
        value = measures.get(name, _value_where_missing(name))
        if not math.isnan(value):
            yield value


def _bounded(name: str, estimate: Estimate, replications: Sequence[Measures], confidence: float) -> Estimate:
    """Return *estimate* with its number of events, and with its interval where that is not mean plus or minus half-width."""
    pooled = _pooled(name, replications)
    ends = []
    if pooled is not None and (pooled.are_few or estimate.half_width == 0):
        ends.append(pooled.interval(confidence))
    if estimate.half_width is not None and (not ends or is_clustered(pooled.counts if pooled is not None else ())):
        least = 0.0 if estimate.mean >= 0 else -math.inf
        most = 1.0 if name in SHARES else math.inf
        ends.append((max(least, estimate.mean - estimate.half_width), min(most, estimate.mean + estimate.half_width)))
    interval = (min(low for low, _ in ends), max(high for _, high in ends)) if ends else None
    if interval == (estimate.mean - (estimate.half_width or 0.0), estimate.mean + (estimate.half_width or 0.0)):
        interval = None
    return replace(estimate, interval=interval, events=pooled and pooled.events, of=pooled and pooled.total)


@dataclass(frozen=True, slots=True)
class _Pooled:
    """Events of all replications together.

    *counts* has the events of each replication, or the items without one where these are fewer; *events* is their number in all, and
    for a share *total* that of the items.
    """

    counts: Sequence[float]
    events: int
    total: int | None = None

    @property
    def are_few(self) -> bool:
        """Whether there are too few events, or items without one, for Student's interval."""
        return min(self.events, (self.total or math.inf) - self.events) < FEW

    def interval(self, confidence: float) -> Interval:
        """Return the mid-P interval of the share, or of the mean count of a replication."""
        if self.total is not None:
            return binomial_interval(self.events, self.total, confidence)
        low, high = poisson_interval(self.events, confidence)
        return low / len(self.counts), high / len(self.counts)


def _pooled(name: str, replications: Sequence[Measures]) -> _Pooled | None:
    """Return the events of all replications, for a share of items or a count that may be small; `None` for another measure."""
    if name in SHARES:
        complete = [measures for measures in replications if name in measures and not math.isnan(measures[name])]
        total = round(sum(measures.get(SHARES[name], 0.0) for measures in complete))
        counts = [measures[name] * measures.get(SHARES[name], 0.0) for measures in complete]
        events = min(total, round(sum(counts)))
        if events > total / 2:
            counts = [measures.get(SHARES[name], 0.0) - count for measures, count in zip(complete, counts, strict=True)]
        return _Pooled(counts, events, total) if total else None
    if name in COUNTS or name.startswith(COUNT_PREFIXES):
        counts = list(_values(name, replications))
        return _Pooled(counts, round(sum(counts)))
    return None


def _value_where_missing(name: str) -> float:
    """Return the value of a measure that a log lacks: 0 for a count by kind, otherwise NaN."""
    return 0.0 if name.startswith(COUNT_PREFIXES) else math.nan
