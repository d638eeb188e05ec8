"""Stays at the stations: when each order came to a station, when work on it began, and when that ended."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from orders.log.arrays import IntArray
from orders.log.columns import Event
from orders.log.order_times import OrderTimes
from orders.log.stations import Station, events_before


class Stay(NamedTuple):
    """Times by order, `NEVER` where it did not happen; *finished* is the end of work by any event but a cancellation."""

    came: IntArray
    begun: IntArray
    finished: IntArray


def first_of(order_times: OrderTimes, events: Iterable[str]) -> IntArray:
    """Return for each order the time of the first of *events*."""
    times: IntArray = np.minimum.reduce([order_times.at(Event(event)) for event in events])
    return times


def stay_at(station: Station, order_times: OrderTimes) -> Stay:
    """Return the stays of the orders of a block at *station*."""
    return Stay(first_of(order_times, events_before(station)), order_times.at(Event(station.started)), first_of(order_times, station.ends))
