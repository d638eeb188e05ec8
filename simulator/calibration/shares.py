"""Shares: how often something happens to an order, and after what time, where another event may come first.

A request to cancel can only be seen until the manifest of the order is closed, or the order is cancelled otherwise. So share and mean
delay of requests are estimated together, with every order that was not asked for as a censored one (a mixture with a cured share:
Boag, Journal of the Royal Statistical Society B 11, 1949).
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import HOUR, NEVER, on_tick
from orders.log.columns import WORD_CODES, Event, EventReason
from simulator.analysis.intervals import binomial_interval
from simulator.calibration.fits import FEWEST, Fit, Result, Unfitted
from simulator.calibration.likelihood import maximise
from simulator.calibration.observations import Observations
from simulator.experiment.experiment import setting_fields
from simulator.experiment.settings import SettingSpec
from sop_engine import Canceller
from sop_engine.order import PARTIAL_OF_EVERYTHING
from sop_engine.text import counted

LOG_ODDS = (-16.0, 16.0)
"""Range of the log-odds of a share."""
GROUPS = 1024
FEWEST_CASES = 5
"""Cases below which a share is not fitted."""


def fit_shares(observations: Observations) -> Iterator[Result]:
    """Fit the shares of orders and of units before dispatch, and the delays of requests to cancel."""
    yield share("oms.invoicing_erp_share", observations.erp[observations.present], "order", observations.confidence)
    yield from _fit_stock(observations)
    yield _fit_customers(observations)
    yield from _fit_requests(observations)
    yield from _fit_breaches(observations)
    yield _fit_learning(observations)
    yield _fit_missing_units(observations)


def share(key: str, happened: Mask, noun: str, confidence: float, many: str = "") -> Result:
    """Fit a share of independent cases, with its mid-P interval."""
    count = len(happened)
    if count < FEWEST_CASES:
        return Unfitted(key, f"the log has {counted(count, noun, many)} for it, expected at least {FEWEST_CASES}")
    events = int(happened.sum())
    return Fit(key, events / count, *binomial_interval(events, count, confidence), f"{events:,} of {counted(count, noun, many)}")


def _fit_stock(observations: Observations) -> Iterator[Result]:
    unfulfillable, allocated = observations.order_times.occurred(Event.UNFULFILLABLE), observations.order_times.occurred(Event.ALLOCATED)
    yield share(
        "oms.unfulfillable_share", unfulfillable[observations.present & (unfulfillable | allocated)], "order", observations.confidence
    )
    given_up = np.zeros(len(observations.created), dtype=bool)
    given_up[observations.order_times.order_places(Event.CANCELLATION)[observations.requests([EventReason.NO_STOCK])]] = True
    cases = unfulfillable & (given_up | allocated)
    yield share("oms.stock_out_cancellation_share", given_up[cases], "order", observations.confidence)


def _fit_customers(observations: Observations) -> Result:
    """Fit the share of customers who cancel, at any moment of their time; another cancellation may come before it."""
    key = "ajio.customer_cancellation_share"
    cancelled, acknowledged = (
        observations.order_times.occurred(Event.CANCELLED_BY_CUSTOMER),
        observations.order_times.at(Event.ACKNOWLEDGED),
    )
    over = acknowledged < NEVER
    complete = observations.present & over & ~cancelled
    if not complete.any():
        return Unfitted(key, "no order of the log is acknowledged")
    window = float((acknowledged - observations.created)[complete].mean())
    other = observations.present & ~over & ~cancelled & (observations.ended < NEVER)
    reached = np.minimum((observations.ended - observations.created)[other] / window, 1.0)
    events, count = int((cancelled & observations.present).sum()), int((complete | cancelled | other).sum())
    estimate = events / count
    for _ in range(100):
        estimate = (events + float((estimate * (1 - reached) / (1 - estimate * reached)).sum())) / count
    seen_cases = max(events, round(events / estimate)) if estimate else count
    return Fit(
        key, estimate, *binomial_interval(events, seen_cases, observations.confidence), f"{events:,} of {counted(seen_cases, 'order')}"
    )


def _fit_requests(observations: Observations) -> Iterator[Result]:
    several = observations.units > 1
    partial = observations.order_times.cells(Event.CANCELLATION, "scope") == WORD_CODES["scope"]["partial"]
    takes_all = [PARTIAL_OF_EVERYTHING in ids.split() for ids in (*observations.log.texts.get("because", ()), "")]
    partial |= np.array(takes_all)[observations.order_times.cells(Event.CANCELLATION, "because")]
    by_seller = observations.order_times.cells(Event.CANCELLATION, "canceller") == WORD_CODES["canceller"][Canceller.SELLER]
    sellers = by_seller & observations.requests([EventReason.SELLER])
    everyone = np.ones(len(several), dtype=bool)
    for rows, among, share_key, delay_key in (
        (sellers & ~partial, everyone, "oms.seller_cancellation_share", "oms.seller_delay_hours_mean"),
        (sellers & partial, several, "oms.seller_partial_share", "oms.seller_partial_delay_hours_mean"),
        (
            observations.requests([EventReason.TECHNICAL_ISSUE]),
            everyone,
            "ajio.technical_cancellation_share",
            "ajio.technical_delay_hours_mean",
        ),
        (observations.requests([EventReason.AJIO_BY_HAND]), several, "ajio.partial_cancellation_share", "ajio.partial_delay_hours_mean"),
    ):
        yield from _latent(observations, rows, among & observations.present, observations.created, (share_key, delay_key))


def _fit_breaches(observations: Observations) -> Iterator[Result]:
    """Fit share and delay of Ajio's cancellations for a breach, among the orders that were neither sent nor cancelled in time."""
    clock = observations.created + on_tick(observations.base.ajio.breach_hours * HOUR)
    dispatched = observations.order_times.at(Event.DISPATCHED)
    breached = (
        observations.present
        & (dispatched > clock)
        & (observations.ended > clock)
        & (observations.end > clock)
        & (observations.ready > clock)
    )
    keys = ("ajio.breach_cancellation_share", "ajio.breach_reaction_hours_mean")
    yield from _latent(observations, observations.requests([EventReason.SLA_BREACH]), breached, clock, keys)


def _latent(observations: Observations, rows: Mask, among: Mask, start: IntArray, keys: tuple[str, str]) -> Iterator[Result]:
    """Fit the share of the orders *among* that are asked for, and the mean time from *start* (hours, exponential)."""
    asked = np.full(len(start), NEVER, dtype=np.int64)
    np.minimum.at(
        asked,
        observations.order_times.order_places(Event.CANCELLATION)[rows],
        observations.order_times.cells(Event.CANCELLATION, "time_ms")[rows],
    )
    last = np.minimum(np.minimum(observations.ready, observations.ended), observations.end)
    happened = among & (asked <= last)
    count, events = int(among.sum()), int(happened.sum())
    if events < FEWEST:
        reason = f"the log has {counted(events, 'such request')}, expected at least {FEWEST}"
        yield from (Unfitted(key, reason) for key in keys)
        return
    total = float(((asked - start)[happened] / HOUR).sum())
    waits, weights = _grouped(np.maximum((last - start)[among & ~happened] / HOUR, 0.0))

    def log_likelihood(odds: float, log_mean: float) -> float:
        portion, mean = _portion(odds), math.exp(log_mean)
        survived = np.log1p(portion * np.expm1(-waits / mean))
        return events * (math.log(portion) - log_mean) - total / mean + float((weights * survived).sum())

    maximum = maximise(log_likelihood, (LOG_ODDS, _log_range(keys[1])), observations.confidence)
    if maximum is None:
        yield from (Unfitted(key, f"the {events:,} requests of the log do not determine share and delay together") for key in keys)
        return
    sample = f"{counted(events, 'request')} among {counted(count, 'order')}"
    for key, value, ends, back in zip(keys, maximum.at, maximum.intervals, (_portion, math.exp), strict=True):
        yield Fit(key, back(value), back(ends[0]), back(ends[1]), sample)


def _portion(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _log_range(key: str) -> tuple[float, float]:
    """Return the logarithms of the bounds of a setting."""
    spec: SettingSpec = setting_fields()[key].metadata["meaning"]
    return math.log(spec.low or 1.0), math.log(spec.high or 1.0)


def _grouped(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the means of at most `GROUPS` groups of near values, and their sizes, so that a likelihood is quick."""
    parts = [part for part in np.array_split(np.sort(values), GROUPS) if len(part)]
    return np.array([part.mean() for part in parts]), np.array([float(len(part)) for part in parts])


def _fit_learning(observations: Observations) -> Result:
    """Fit the share of cancellations, between posting and e-invoice, that the ERP knows of before it invoices."""
    posted, invoiced = observations.order_times.at(Event.POSTED), observations.order_times.at(Event.INVOICED)
    between = (posted < observations.ended) & (observations.ended < NEVER) & (invoiced > observations.ended)
    return share("erp.learns_of_cancellation_share", (invoiced == NEVER)[between], "cancellation", observations.confidence)


def _fit_missing_units(observations: Observations) -> Result:
    """Fit the share of units that are missing, from the orders with missing units among those packed to the end."""
    key = "wms.missing_unit_share"
    missing = np.zeros(len(observations.created), dtype=bool)
    missing[observations.order_times.order_places(Event.CANCELLATION)[observations.requests([EventReason.MISSING_UNITS])]] = True
    tried = observations.present & (missing | observations.order_times.occurred(Event.PACKED)) & (observations.units > 0)
    by_order = share(key, missing[tried], "packed order", observations.confidence)
    if isinstance(by_order, Unfitted):
        return by_order
    sizes, counts = np.unique(observations.units[tried], return_counts=True)

    def of_unit(of_order: float | tuple[float, ...]) -> float:
        """Return the share of units for which the mean share of orders is *of_order* (bisection; it rises with the share)."""
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            rises = float((counts * (1 - (1 - middle) ** sizes)).sum()) / float(counts.sum()) < float(of_order)  # type: ignore[arg-type]
            low, high = (middle, high) if rises else (low, middle)
        return (low + high) / 2

    return Fit(key, of_unit(by_order.value), of_unit(by_order.low), of_unit(by_order.high), by_order.sample)
