"""Arrivals: the times at which customers place orders at Ajio.

They are a Poisson process whose rate follows hour, weekday and sale, drawn by inversion of the cumulative rate: when
the rate is scaled, order number 100 is still the same order with the same random draws.
"""

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import HOUR, TICK
from simulator.experiment.expected_orders import expected_by_hour
from simulator.experiment.settings import Ajio
from simulator.model.draws.random_streams import RandomStreams, exponential

UNIT = 1 << 20
"""Scale of the cumulative rate: one expected order as a whole number."""


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
