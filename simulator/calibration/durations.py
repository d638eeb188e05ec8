"""Durations: service times and lags, log-normal as in the simulator.

Orders that were cancelled during a step have no duration and are left out: they are too few to matter.
"""

import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from orders.log.arrays import IntArray
from orders.log.calendar import HOUR, MINUTE, NEVER
from orders.log.columns import Event, EventReason
from orders.log.stations import STATIONS
from simulator.analysis.intervals import TINY, student_quantile
from simulator.calibration.fits import FEWEST, Fit, Result, Unfitted
from simulator.calibration.goodness import lognormal_in_words
from simulator.calibration.likelihood import maximise
from simulator.calibration.observations import Observations
from simulator.experiment.schedule import clerks_of
from sop_engine.text import counted

SECOND = 1000
LOG_MINUTES, LOG_SIGMAS = (math.log(0.01), math.log(1440.0)), (math.log(0.01), math.log(2.0))
"""Ranges in which median and sigma of the lag of e-invoices are sought."""


def fit_durations(observations: Observations) -> Iterator[Result]:
    """Fit the durations of allocation, restock, picking, packing, packing errors and credit notes, and the lag of e-invoices."""
    yield from _fit_allocation(observations)
    for station in STATIONS:
        orders, times = observations.durations(Event(station.started), Event(station.done))
        units = observations.units[orders] if station.by_unit else np.ones(len(orders), dtype=np.int64)
        noun = f"{station.done} order"
        yield from lognormal(times[units > 0] / units[units > 0], SECOND, (station.seconds, station.sigma), noun, observations.confidence)
    yield from _fit_packing_errors(observations)
    yield from _fit_credit_notes(observations)
    yield from _fit_invoice_lag(observations)


def lognormal(times: IntArray | NDArray[np.float64], unit: int, keys: tuple[str, ...], noun: str, confidence: float) -> Iterator[Result]:
    """Fit median and, if *keys* has a second one, sigma of log-normal times in milliseconds; *unit* is that of the median."""
    count = len(times)
    if count < FEWEST:
        yield from (Unfitted(key, f"the log has {counted(count, noun)} with this duration, expected at least {FEWEST}") for key in keys)
        return
    logarithms = np.log(times / unit)
    middle, sigma = float(logarithms.mean()), float(logarithms.std(ddof=1))
    half = student_quantile(count - 1, confidence) * sigma / math.sqrt(count) if count < 1000 else _z(confidence) * sigma / math.sqrt(count)  # noqa: PLR2004
    goodness = lognormal_in_words(times / unit, middle, sigma)
    yield Fit(keys[0], math.exp(middle), math.exp(middle - half), math.exp(middle + half), counted(count, noun), goodness)
    for key in keys[1:]:
        low, high = (sigma * math.sqrt((count - 1) / _chi_squared(count - 1, side)) for side in (confidence, -confidence))
        yield Fit(key, sigma, low, high, counted(count, noun))


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _chi_squared(freedom: int, confidence: float) -> float:
    """Approximate a quantile of chi-squared: the upper one of a two-sided interval, or the lower one for a negative *confidence*.

    Source: Wilson and Hilferty, Proceedings of the National Academy of Sciences 17 (1931).
    """
    spread = 2 / (9 * freedom)
    return freedom * (1 - spread + math.copysign(_z(abs(confidence)), confidence) * math.sqrt(spread)) ** 3


def _fit_allocation(observations: Observations) -> Iterator[Result]:
    checked = np.minimum(observations.order_times.at(Event.UNFULFILLABLE), observations.order_times.at(Event.ALLOCATED))
    orders = np.flatnonzero(
        observations.present
        & (checked < NEVER)
        & (checked > observations.created)
        & observations.without_outage(observations.created, checked)
    )
    keys = ("oms.allocation_minutes_median", "oms.allocation_sigma")
    interval = observations.base.ajio.pull_interval_minutes * MINUTE
    pulled = (observations.created // interval + 1) * interval if interval else observations.created
    times = (checked - pulled)[orders]
    if (times <= 0).any():
        early = (
            f"{counted(int((times <= 0).sum()), 'order')} got stock before the pull from Ajio at a multiple of `ajio.pull_interval_minutes`"
        )
        yield from (Unfitted(key, f"{early}; set it in the experiment to the interval of your pulls, 0 for none") for key in keys)
    else:
        yield from lognormal(times, MINUTE, keys, "order", observations.confidence)
    given_up = np.full(len(observations.created), NEVER, dtype=np.int64)
    rows = observations.requests([EventReason.NO_STOCK])
    given_up[observations.order_times.order_places(Event.CANCELLATION)[rows]] = observations.order_times.cells(
        Event.CANCELLATION, "time_ms"
    )[rows]
    start, end = observations.order_times.at(Event.UNFULFILLABLE), np.minimum(observations.order_times.at(Event.ALLOCATED), given_up)
    times = (end - start)[(start < NEVER) & (end < NEVER) & (end > start)]
    yield from lognormal(times, HOUR, ("oms.restock_hours_median",), "restocked order", observations.confidence)


def _fit_packing_errors(observations: Observations) -> Iterator[Result]:
    rows = observations.requests([EventReason.STEP_TWO])
    start = observations.order_times.at(Event.PACKING_ERROR)[observations.order_times.order_places(Event.CANCELLATION)[rows]]
    end = observations.order_times.cells(Event.CANCELLATION, "time_ms")[rows]
    times = (end - start)[(start < NEVER) & (end > start)]
    yield from lognormal(times, HOUR, ("wms.packing_error_hours_median",), "packing error", observations.confidence)


def _fit_credit_notes(observations: Observations) -> Iterator[Result]:
    """Fit the work on a credit note: with one clerk, the time since the note before, where this one was due by then, on the same day."""
    key = "erp.credit_note_minutes_median"
    if observations.base.erp.clerks != 1:
        yield Unfitted(key, "when work on a credit note begins is in the log only with one clerk (`erp.clerks`)")
        return
    due, made = observations.order_times.at(Event.CREDIT_NOTE_DUE), observations.order_times.at(Event.CREDIT_NOTE_MADE)
    orders = np.flatnonzero((due < NEVER) & (made < NEVER))
    orders = orders[np.argsort(made[orders], kind="stable")]
    before, after = made[orders][:-1], made[orders][1:]
    follows = (clerks_of(observations.base.erp).people_at(before) > 0) & (due[orders][1:] <= before) & (after > before)
    yield from lognormal((after - before)[follows], MINUTE, (key,), "credit note", observations.confidence)


def _fit_invoice_lag(observations: Observations) -> Iterator[Result]:
    """Fit the lag between post and batch, of which the log only has between which batches it ended (grouped likelihood)."""
    keys = ("erp.invoice_lag_minutes_median", "erp.invoice_lag_sigma")
    posted, invoiced = observations.order_times.at(Event.POSTED), observations.order_times.at(Event.INVOICED)
    batch = observations.base.erp.invoice_interval_minutes * MINUTE
    orders = np.flatnonzero((posted < NEVER) & (invoiced < NEVER) & (posted < invoiced))
    orders = orders[observations.without_outage(posted[orders], invoiced[orders])]
    if len(orders) < FEWEST:
        reason = f"the log has {counted(len(orders), 'e-invoice')} of posted orders, expected at least {FEWEST}"
        yield from (Unfitted(key, reason) for key in keys)
        return
    if (invoiced[orders] % batch).any():
        reason = "e-invoices are not made at multiples of `erp.invoice_interval_minutes`, so the lag cannot be separated from the wait"
        yield from (Unfitted(key, reason) for key in keys)
        return
    waits = (invoiced - posted)[orders]
    groups, counts = np.unique(waits, return_counts=True)
    upper, lower = np.log(groups / MINUTE), np.log(np.maximum(groups - batch, 1) / MINUTE)
    no_lower = (groups <= batch).tolist()
    if len(groups) < 3:  # noqa: PLR2004 (two parameters)
        yield from (Unfitted(key, "the e-invoices wait for too few different batches to show their lag") for key in keys)
        return
    normal = NormalDist()

    def log_likelihood(log_median: float, log_sigma: float) -> float:
        sigma = math.exp(log_sigma)
        below = [normal.cdf(z) for z in ((upper - log_median) / sigma).tolist()]
        before = [0.0 if first else normal.cdf(z) for z, first in zip(((lower - log_median) / sigma).tolist(), no_lower, strict=True)]
        return float((counts * np.log(np.maximum(np.array(below) - np.array(before), TINY))).sum())

    maximum = maximise(log_likelihood, (LOG_MINUTES, LOG_SIGMAS), observations.confidence)
    if maximum is None:
        yield from (Unfitted(key, "the e-invoices of the log do not determine median and spread of the lag") for key in keys)
        return
    sample = f"{counted(len(orders), 'e-invoice')}, by batch"
    for key, value, (low, high) in zip(keys, maximum.at, maximum.intervals, strict=True):
        yield Fit(key, math.exp(value), math.exp(low), math.exp(high), sample)
