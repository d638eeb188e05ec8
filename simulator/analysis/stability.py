"""Stability: whether the queues of a variant reach a steady state, and whether the warm-up days are enough.

A queue grows without end where more work arrives than can be done, however few days are simulated; so the offered load decides,
and the orders that wait support it. A peak on purpose (sale days) is judged by what is left at the end.
"""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Literal

from simulator.analysis.daily_flow import CLERKS, DailyFlow, StationFlow
from simulator.analysis.intervals import half_width
from simulator.experiment.experiment import Experiment
from simulator.study_data import NOTE_AGE, NOTES_LATE, Estimate, Queue, Stability, WarmUp

FULL = 1.0
"""Offered load over capacity from which on there is no steady state."""
MATERIAL = 0.1
"""Orders left at the end, as a share of the orders of a day, that matter."""
EXCESS = 0.05
"""Difference of the first measured days from the later ones, as a share of their mean, that matters."""
FEWEST_DAYS = 5
"""Days below which the warm-up is not judged."""


def judge(flows: Sequence[DailyFlow], experiment: Experiment) -> Stability:
    """Judge a variant from the daily flow of its replications."""
    stations = dict.fromkeys(station for flow in flows for station in flow.stations)
    queues = [_queue(station, [flow.stations[station] for flow in flows if station in flow.stations], experiment) for station in stations]
    return Stability(queues, _warm_up(flows, experiment))


def unsteady_queues(stability: Stability | None, measure: str) -> list[Queue]:
    """Return the queues because of which *measure* has no steady rate: those of the clerks for the age of credit notes, otherwise the others."""
    of_clerks = measure in (NOTE_AGE, NOTES_LATE)
    return [queue for queue in (stability.unsteady if stability is not None else []) if (queue.station == CLERKS) == of_clerks]


def mser(values: Sequence[float]) -> int:
    """Compute the number of first values to cut off: that with the least marginal standard error, at most half of them.

    Source: White, Simulation 69 (1997). It is applied to the mean of all replications by day (Welch), because within a day the
    hours differ on purpose, and batches of 5 orders (MSER-5) would cut at an hour of the day.
    """
    errors = []
    for cut in range(len(values) // 2 + 1):
        rest = values[cut:]
        mean = fmean(rest)
        errors.append(sum((value - mean) ** 2 for value in rest) / len(rest) ** 2)
    return errors.index(min(errors))


def _queue(station: str, flows: Sequence[StationFlow], experiment: Experiment) -> Queue:
    first, days = experiment.run.warm_up_days, experiment.run.days
    factors = [experiment.ajio.sale_factor if day in experiment.ajio.sale_days else 1.0 for day in range(first, days)]
    has_peak = max(factors) > 1
    load = fmean(_load(flow, first, days) for flow in flows)
    starts = [flow.waiting[first - 1] if first else 0 for flow in flows]
    ends = [flow.waiting[-1] for flow in flows]
    slopes = [(end - start) / (days - first) for start, end in zip(starts, ends, strict=True)]
    growth = Estimate(fmean(slopes), half_width(slopes), len(slopes))
    a_day = fmean(sum(flow.came[first:]) for flow in flows) / sum(factors)
    is_larger = fmean(ends) - fmean(starts) > MATERIAL * max(1.0, a_day)
    verdict: Literal["steady", "growing", "left"] = (
        "growing" if load * len(factors) / sum(factors) >= FULL else "left" if has_peak and is_larger else "steady"
    )
    if verdict == "steady" and is_larger and growth.is_clear and station != CLERKS:
        verdict = "growing"  # not for clerks: they do not work at weekends, so what waits depends on the weekday
    return Queue(
        station,
        load,
        fmean(starts),
        fmean(ends),
        growth,
        _by_day(flow.waiting for flow in flows),
        _by_day(flow.closed for flow in flows),
        _by_day(flow.queue for flow in flows),
        verdict,
    )


def _by_day(columns: Iterable[Sequence[float]]) -> list[float]:
    """Return the mean of all replications for each day."""
    return [fmean(day) for day in zip(*columns, strict=True)]


def _load(flow: StationFlow, first: int, days: int) -> float:
    """Compute the offered load over capacity on the measured days."""
    return sum(flow.came[first:days]) * flow.work / (sum(flow.capacity[first:days]) or 1.0)


def _warm_up(flows: Sequence[DailyFlow], experiment: Experiment) -> WarmUp:
    first, days = experiment.run.warm_up_days, experiment.run.days
    by_day = [[flow.hours[day] / flow.dispatched[day] for flow in flows if flow.dispatched[day]] for day in range(days)]
    means = [fmean(values) if values else None for values in by_day]
    complete = [mean for mean in means if mean is not None]
    wms = experiment.wms
    unlike_days = (
        experiment.ajio.sale_days,
        experiment.erp.outage_starts_at_hours,
        wms.holidays,
        wms.temporary_days,
        experiment.has_random_outages,
    )
    differ_on_purpose = any(unlike_days) or any(len(set(by_day)) > 1 for by_day in (experiment.ajio.weekday_weights, wms.staff_by_weekday))
    if differ_on_purpose or days < FEWEST_DAYS or len(complete) < days:
        return WarmUp(means, first, None, "not judged")
    cut = mser(complete)
    if cut <= first:
        return WarmUp(means, cut, None, "enough")
    complete_flows = [flow for flow in flows if all(flow.dispatched)]
    excesses = [_mean_hours(flow, first, cut) - _mean_hours(flow, cut, days) for flow in complete_flows]
    if not excesses:
        return WarmUp(means, cut, None, "not judged")
    excess = Estimate(fmean(excesses), half_width(excesses), len(excesses))
    matters = abs(excess.mean) > EXCESS * fmean(complete[cut:]) and (excess.is_clear or excess.half_width is None)
    return WarmUp(means, cut, excess, "short" if matters else "enough")


def _mean_hours(flow: DailyFlow, first: int, last: int) -> float:
    return sum(flow.hours[first:last]) / sum(flow.dispatched[first:last])
