"""Random draws of returns: for each order the units that come back, in which parcel, and when.

A latent return takes effect if its order is dispatched and its unit is not cancelled before.
"""

from array import array
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from orders.log.arrays import IntArray, SmallArray
from orders.log.calendar import DAY, HOUR
from simulator.experiment.experiment import Experiment
from simulator.model.draws.random_streams import RandomStreams, lognormal, triangular

MOST_UNITS = 5
MILLISECONDS = 1000
PIECE = 1 << 14
"""Number of orders whose draws are made at once; only the units that come back are kept."""

Times: TypeAlias = "array[int]"
"""A column of whole numbers."""


@dataclass(slots=True)
class LatentReturns:
    """Units that come back if they are dispatched, a row each, ascending by order and unit; times take 8 bytes, other values one.

    Attributes:
        first: for each order its first row, and at the end the number of rows; the rows of order k are ``first[k]`` to ``first[k + 1]``.
        unit: number of the unit in its order.
        parcel: number of the parcel of the order; units with the same number travel together.
        undelivered: whether the whole order comes back because it was not delivered.
        requested_after, arrived_after: times from the dispatch to the customer's request and to the arrival; equal within a parcel.
        laid_out_after: time from the receipt until the parcel can be checked; equal within a parcel.
        check_takes, quality: work and finding of the quality check; an undelivered order has one finding.
    """

    first: Times
    unit: SmallArray
    parcel: SmallArray
    undelivered: NDArray[np.bool_]
    requested_after: IntArray
    arrived_after: IntArray
    check_ready_after: IntArray
    check_takes: IntArray
    quality: SmallArray

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.unit)


def draw_returns(experiment: Experiment, streams: RandomStreams, created: IntArray, units: IntArray) -> LatentReturns:
    """Draw the latent returns of orders that are *created* at these times and have so many *units*."""
    pieces = [
        _draw_piece(experiment, streams, first, created[first : first + PIECE], units[first : first + PIECE])
        for first in range(0, max(len(created), 1), PIECE)
    ]
    counts, *columns = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return LatentReturns(time_column(np.concatenate([[0], np.cumsum(counts)])), *columns)


def _draw_piece(experiment: Experiment, streams: RandomStreams, first: int, created: IntArray, units: IntArray) -> tuple[Any, ...]:
    """Draw for a piece of the orders, from place *first*: the number of rows of each order, and the columns from `unit` on."""
    settings = experiment.returns
    places = np.arange(first, first + len(created), dtype=np.int64)
    cells = places[:, None] * MOST_UNITS + np.arange(MOST_UNITS, dtype=np.int64)
    undelivered = np.where(
        streams.bernoulli("payment", places, experiment.ajio.cash_on_delivery_share),
        streams.bernoulli("undelivered", places, settings.rto_share_cash),
        streams.bernoulli("undelivered", places, settings.rto_share_prepaid),
    )
    share, share_in_sales = settings.unit_return_share, min(settings.unit_return_share * settings.sale_return_factor, 1.0)
    of_sale = np.isin(created // DAY, experiment.ajio.sale_days)
    returned = np.where(of_sale[:, None], streams.bernoulli("return", cells, share_in_sales), streams.bernoulli("return", cells, share))
    exists = np.arange(MOST_UNITS) < units[:, None]
    comes_back = (undelivered[:, None] | returned) & exists
    order, unit = np.nonzero(comes_back)
    of_order, cell = places[order], cells[order, unit]
    is_lost = undelivered[order]
    together = is_lost | streams.bernoulli("together", of_order, settings.same_parcel_share)
    of_parcel = np.where(together, cells[order, 0], cell)

    delivered = streams.sample_duration("delivery", of_order, triangular(*settings.delivery_days, DAY))
    requested = delivered + streams.sample_duration("return request", of_parcel, triangular(*settings.request_days, DAY))
    arrived = requested + streams.sample_duration("return transit", of_parcel, triangular(*settings.transit_days, DAY))
    lost = streams.sample_duration("undelivered time", of_order, triangular(*settings.rto_days, DAY))
    weights = (1 - settings.fail_share - settings.missing_share, settings.fail_share, settings.missing_share)
    work = lognormal(experiment.wms.check_seconds_per_unit_median, 0.5, MILLISECONDS)
    return (
        comes_back.sum(axis=1),
        unit.astype(np.uint8),
        np.where(together, 0, unit).astype(np.uint8),
        is_lost,
        requested,
        np.where(is_lost, lost, arrived),
        streams.sample_duration("quality check time", of_parcel, triangular(*settings.quality_check_hours, HOUR)),
        streams.sample_duration("quality check work", cell, work),
        streams.pick("quality check", np.where(is_lost, cells[order, 0], cell), weights).astype(np.uint8),
    )


def time_column(column: IntArray) -> Times:
    """Return *column* as an array that is quick to read one by one."""
    return array("q", column.astype(np.int64, copy=False).tobytes())
