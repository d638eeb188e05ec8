"""Returns: how much comes back, how, and what the quality check finds.

Only orders are used that were dispatched long enough before the end of the log for everything to have come back, by the longest times
of the base experiment. When a parcel was delivered is not in a log.
"""

import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import DAY, NEVER
from orders.log.columns import Event, EventReason
from simulator.calibration.fits import FEWEST, Fit, Result, Unfitted
from simulator.calibration.observations import Observations
from simulator.calibration.shares import share
from simulator.calibration.triangular import triangular
from simulator.experiment.roster import Roster
from simulator.experiment.schedule import checkers_of
from sop_engine import QualityCheck
from sop_engine.text import counted


def fit_returns(observations: Observations) -> Iterator[Result]:
    """Fit the shares of units returned, of parcels not delivered, and of the findings of quality checks."""
    base = observations.base.returns
    dispatched = observations.order_times.at(Event.DISPATCHED)
    undelivered = np.zeros(len(dispatched), dtype=bool)
    rows = _rows_with(observations, Event.RETURN_RECEIVED, EventReason.RETURN_TO_ORIGIN)
    undelivered[observations.order_times.order_places(Event.RETURN_RECEIVED)[rows]] = True
    longest = max(base.rto_days[2], base.delivery_days[2] + base.request_days[2]) * DAY
    settled = (dispatched < NEVER) & (dispatched + longest <= observations.end)
    yield _undelivered(observations, undelivered[settled])
    yield from _fit_returned(observations, settled & ~undelivered)
    yield _together(observations)
    yield from _fit_ways(observations, undelivered)
    for key, finding in (("returns.fail_share", QualityCheck.FAIL), ("returns.missing_share", QualityCheck.MISSING)):
        yield share(key, _rows_with(observations, Event.QUALITY_CHECK, finding), "quality check", observations.confidence)


def _fit_ways(observations: Observations, undelivered: Mask) -> Iterator[Result]:
    """Fit the days on the way back, from the parcels that arrived while the warehouse was open; all are compared with the fit."""
    dispatched, requested, received = (
        observations.order_times.at(event) for event in (Event.DISPATCHED, Event.RETURN_REQUESTED, Event.RETURN_RECEIVED)
    )
    single = observations.order_times.occurrences(Event.RETURN_REQUESTED) == 1
    for key, start, among, noun in (
        ("returns.transit_days", requested, single & ~undelivered & (received < NEVER), "returned unit"),
        ("returns.rto_days", dispatched, undelivered & (dispatched < NEVER), "undelivered parcel"),
    ):
        orders = np.flatnonzero(among)
        arrived, waited = _arrivals(received[orders], checkers_of(observations.base.wms))
        days = (arrived - start[orders]) / DAY
        yield triangular(key, days[~waited], days, noun, observations.confidence)


def _arrivals(received: IntArray, checkers: Roster) -> tuple[IntArray, Mask]:
    """Return when parcels arrived, nearly, and which of them waited for the warehouse to open.

    Those that were received when it opened are spread evenly over the time for which it was closed.
    """
    if not len(received):
        return received, np.zeros(0, dtype=bool)
    steps = [(0, 0), *checkers.steps(int(received.max()) // DAY + 1)]
    at, people = (np.array(column, dtype=np.int64) for column in zip(*steps, strict=True))
    place = np.searchsorted(at, received - 1, side="right") - 1
    waited = people[place] == 0
    arrived = received.copy()
    orders = np.flatnonzero(waited)
    orders = orders[np.argsort(received[orders], kind="stable")]
    _, first, counts = np.unique(received[orders], return_index=True, return_counts=True)
    rank = np.arange(len(orders)) - np.repeat(first, counts)
    part = 1 - (rank + 0.5) / np.repeat(counts, counts)
    arrived[orders] -= (part * (received[orders] - at[place[orders]])).astype(np.int64)
    return arrived, waited


def _rows_with(observations: Observations, event: Event, reason: str) -> Mask:
    codes = [code for code, word in enumerate(observations.log.texts.get("reason", ())) if word == reason]
    return np.isin(observations.order_times.cells(event, "reason"), codes)


def _undelivered(observations: Observations, undelivered: Mask) -> Result:
    """Fit the share of cash parcels that come back; how an order is paid is not in the log, so the other shares are taken from the base."""
    key, base = "returns.rto_share_cash", observations.base
    cash = base.ajio.cash_on_delivery_share
    mixed = share(key, undelivered, "dispatched order", observations.confidence)
    if isinstance(mixed, Unfitted):
        return mixed
    if not cash:
        return Unfitted(key, "no order is paid in cash (`ajio.cash_on_delivery_share` of the base experiment)")
    prepaid = (1 - cash) * base.returns.rto_share_prepaid
    value, low, high = ((float(bound) - prepaid) / cash for bound in (mixed.value, mixed.low, mixed.high))  # type: ignore[arg-type]
    if not 0 <= value <= 1:
        return Unfitted(key, f"{mixed.sample} come back, which the cash and prepaid shares of the base experiment do not allow")
    return Fit(key, value, max(0.0, low), min(1.0, high), mixed.sample, "with the base experiment's shares of cash and of prepaid parcels")


def _fit_returned(observations: Observations, delivered: Mask) -> Iterator[Result]:
    """Fit the share of units sent back of ordinary days, and by how much it is higher for orders of sale days."""
    keys = ("returns.unit_return_share", "returns.sale_return_factor")
    sale = np.isin(observations.created // DAY, observations.base.ajio.sale_days)
    ordinary, of_sale = (_returned(observations, delivered & among) for among in (~sale, sale))
    yield share(keys[0], ordinary, "delivered unit", observations.confidence)
    events = int(ordinary.sum()), int(of_sale.sum())
    if min(events) < FEWEST:
        yield Unfitted(keys[1], f"the log has {counted(events[1], 'returned unit')} of orders from sale days, expected at least {FEWEST}")
        return
    ratio = float(of_sale.mean() / ordinary.mean())
    z = NormalDist().inv_cdf((1 + observations.confidence) / 2)
    width = math.exp(z * math.sqrt(sum(1 / count - 1 / len(units) for count, units in zip(events, (ordinary, of_sale), strict=True))))
    value, low, high = (max(1.0, ratio * factor) for factor in (1.0, 1 / width, width))
    yield Fit(keys[1], value, low, high, f"{events[1]:,} of {counted(len(of_sale), 'delivered unit')} of orders from sale days")


def _returned(observations: Observations, delivered: Mask) -> Mask:
    """Return for each unit of the orders *delivered* whether it was sent back."""
    sent, returned = (observations.order_times.units(event)[delivered] for event in (Event.PACKED, Event.RETURN_REQUESTED))
    units = np.arange(int(sent.max(initial=0)))
    happened: Mask = (units < np.minimum(returned, sent)[:, None])[units < sent[:, None]]
    return happened


def _together(observations: Observations) -> Result:
    """Fit the share of orders whose returned units were asked back together, among those with at least two."""
    whose, times = (
        observations.order_times.order_places(Event.RETURN_REQUESTED),
        observations.order_times.cells(Event.RETURN_REQUESTED, "time_ms"),
    )
    counts = np.bincount(whose, minlength=len(observations.created))
    first, last = np.full(len(counts), NEVER, dtype=np.int64), np.full(len(counts), -NEVER, dtype=np.int64)
    np.minimum.at(first, whose, times)
    np.maximum.at(last, whose, times)
    return share(
        "returns.same_parcel_share",
        (first == last)[counts > 1],
        "order with several returned units",
        observations.confidence,
        "orders with several returned units",
    )
