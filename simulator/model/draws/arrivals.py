"""Arrivals: the times at which customers place orders at Ajio.

They are a Poisson process whose rate follows hour, weekday and sale, drawn by inversion of the cumulative rate: when
the rate is scaled, order number 100 is still the same order with the same random draws.
"""

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import HOUR, TICK
from simulator.experiment.settings import Ajio
from simulator.model.draws.random_streams import RandomStreams, exponential

UNIT = 1 << 20
"""Scale of the cumulative rate: one expected order as a whole number."""


def expected_by_hour(ajio: Ajio, days: int) -> list[float]:
    """Compute the expected number of orders in every hour."""
    weights = [weight / sum(ajio.hourly_weights) for weight in ajio.hourly_weights]
    expected: list[float] = []
    for day in range(days):
        orders = ajio.orders_per_day * ajio.weekday_weights[day % 7]
        shape = weights
        if day in ajio.sale_days:
            orders *= 1 + (ajio.sale_factor - 1) * ajio.sale_decay ** day_of_sale(ajio, day)
            rest = sum(weights[1:])
            if day - 1 not in ajio.sale_days and rest > 0:
                first = ajio.sale_first_hour_share
                shape = [first, *(weight / rest * (1 - first) for weight in weights[1:])]
        expected += [orders * weight for weight in shape]
    return expected


def day_of_sale(ajio: Ajio, day: int) -> int:
    """Return the number of sale days without a break before *day*."""
    first = day
    while first - 1 in ajio.sale_days:
        first -= 1
    return day - first


def arrivals(ajio: Ajio, days: int, streams: RandomStreams) -> IntArray:
    """Draw the times at which orders are placed, ascending, on ticks."""
    cumulated = np.concatenate([[0], np.cumsum([round(orders * UNIT) for orders in expected_by_hour(ajio, days)])]).astype(np.int64)
    most = int(cumulated[-1])
    likely = most // UNIT
    gaps = exponential(1.0, UNIT)
    count = likely + 8 * int(likely**0.5) + 64
    while True:
        at = np.cumsum(streams.sample("arrival", np.arange(count, dtype=np.int64), gaps))
        if at[-1] >= most:
            break
        count *= 2
    at = at[at < most]
    hour = np.searchsorted(cumulated, at, side="right") - 1
    within = (at - cumulated[hour]) * HOUR // (cumulated[hour + 1] - cumulated[hour])
    return (hour * HOUR + within) // TICK * TICK
