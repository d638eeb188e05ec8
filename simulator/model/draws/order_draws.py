"""Random draws for every order, sampled before the simulation starts.

The simulator and the simple reference model of the tests run on the same draws. A planned request has the time at which a
cancellation *would* be requested; its outcome depends on the state of the order then.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from orders.log.arrays import IntArray
from orders.log.calendar import HOUR, MINUTE, NEVER, TICK, Outages, on_tick
from orders.log.columns import System
from orders.log.stations import STATIONS, Station
from simulator.experiment.experiment import Experiment, setting_of
from simulator.model.draws.arrivals import arrivals
from simulator.model.draws.outages import draw_outages, up_from
from simulator.model.draws.random_streams import RandomStreams, exponential, lognormal
from simulator.model.draws.return_draws import MOST_UNITS, LatentReturns, Times, draw_returns, time_column

MILLISECONDS = 1000


class RequestKind(IntEnum):
    """Request kind: who asks for a cancellation, and of how much; the value is the place of such requests between two ticks."""

    CUSTOMER = 1
    SELLER = 2
    SELLER_PARTIAL = 3
    AJIO_TECHNICAL = 4
    AJIO_BREACH = 5
    AJIO_PARTIAL = 6
    STEP_TWO = 7
    """The seller cancels in Assure after a packing error."""
    MISSING = 8
    """The packer does not find a unit; requested at that moment, so never latent."""
    NO_STOCK = 9
    """The seller cancels an order for which no stock arrives, on the tick at which it would have been reserved."""


Request = tuple[int, RequestKind, int]
"""Time, kind, and number of units if it is partial."""


@dataclass(slots=True)
class OrderDraws:
    """The random draws of every order, by its place in order of arrival; times take 8 bytes each, other values one.

    Attributes:
        created, allocated, acknowledged, details: times, the last three `NEVER` if no stock arrives.
        unfulfillable: time at which no stock is found, `NEVER` if there is stock at first.
        clock: time of the SLA breach; `breach` is the time at which Ajio would cancel, or `NEVER`.
        stale: whether Ajio does not see the manifest of the order.
        requests: the latent requests in time order, for the few orders that have any.
        work: time of the work at each station, by the name of its people.
        outages: times at which each system is down.
        missing: number of units that the packer will not find.
        returns: the units that come back.
    """

    created: Times
    units: bytes
    erp: bytes
    unfulfillable: Times
    allocated: Times
    acknowledged: Times
    details: Times
    lag: Times
    learns: bytes
    work: dict[str, Times]
    missing: bytes
    manual: Times
    clerk: Times
    clock: Times
    breach: Times
    stale: bytes
    requests: dict[int, list[Request]]
    outages: dict[System, Outages]
    returns: LatentReturns


def draw_orders(experiment: Experiment, replication: int) -> OrderDraws:
    """Draw all random values of the orders of a replication, except returns."""
    streams = RandomStreams(experiment.run.seed, replication)
    ajio, oms, erp, wms = experiment.ajio, experiment.oms, experiment.erp, experiment.wms
    created, own_units = _own_orders(experiment) or (arrivals(ajio, experiment.run.days, streams), None)
    places = np.arange(len(created), dtype=np.int64)
    units = own_units if own_units is not None else streams.pick("units", places, ajio.units_weights) + 1
    outages = draw_outages(experiment, streams)
    ajio_down = outages[System.AJIO]
    pull = ajio.pull_interval_minutes * MINUTE
    pulled = (created // pull + 1) * pull if pull else created
    stock_checked = up_from(ajio_down, pulled) + streams.sample_duration(
        "allocation", places, lognormal(oms.allocation_minutes_median, oms.allocation_sigma, MINUTE)
    )
    out_of_stock = streams.bernoulli("stock", places, oms.unfulfillable_share)
    restocked = streams.sample_duration("restock", places, lognormal(oms.restock_hours_median, 0.8, HOUR))
    given_up = out_of_stock & streams.bernoulli("stock-out", places, oms.stock_out_cancellation_share)
    expected = stock_checked + np.where(out_of_stock, restocked, 0)
    window_ends = expected + on_tick(ajio.acknowledgement_window_hours * HOUR)
    acknowledged = up_from(ajio_down, window_ends)
    clock = created + on_tick(ajio.breach_hours * HOUR)
    reacts = streams.bernoulli("breach", places, ajio.breach_cancellation_share)
    reaction = streams.sample_duration("reaction", places, exponential(ajio.breach_reaction_hours_mean, HOUR))
    return OrderDraws(
        created=time_column(created),
        units=_byte_column(units),
        erp=_byte_column(streams.bernoulli("invoicing", places, oms.invoicing_erp_share)),
        unfulfillable=time_column(np.where(out_of_stock, stock_checked, NEVER)),
        allocated=time_column(np.where(given_up, NEVER, expected)),
        acknowledged=time_column(np.where(given_up, NEVER, acknowledged)),
        details=time_column(np.where(given_up, NEVER, acknowledged + on_tick(oms.details_minutes * MINUTE))),
        lag=time_column(
            streams.sample_duration("invoice lag", places, lognormal(erp.invoice_lag_minutes_median, erp.invoice_lag_sigma, MINUTE))
        ),
        learns=_byte_column(streams.bernoulli("ERP learns", places, erp.learns_of_cancellation_share)),
        work={station.name: time_column(_draw_work(experiment, station, streams, units)) for station in STATIONS},
        missing=_byte_column(_draw_missing_units(experiment, streams, places, units)),
        manual=time_column(streams.sample_duration("packing error", places, lognormal(wms.packing_error_hours_median, 0.6, HOUR))),
        clerk=time_column(streams.sample_duration("credit note", places, lognormal(erp.credit_note_minutes_median, 0.5, MINUTE))),
        clock=time_column(clock),
        breach=time_column(np.where(reacts, clock + reaction + RequestKind.AJIO_BREACH, NEVER)),
        stale=_byte_column(streams.bernoulli("stale status", places, ajio.stale_status_share)),
        requests=_draw_requests(experiment, streams, created, units, window_ends, np.where(given_up, expected, NEVER)),
        outages=outages,
        returns=draw_returns(experiment, streams, created, units),
    )


def _own_orders(experiment: Experiment) -> tuple[IntArray, IntArray | None] | None:
    """Return times and units of real orders, if the experiment has them."""
    own = experiment.own_orders
    if own is None:
        return None
    return np.array(own.created, dtype=np.int64), None if own.units is None else np.array(own.units, dtype=np.int64)


def _byte_column(column: NDArray[np.generic]) -> bytes:
    return column.astype(np.uint8).tobytes()


def _draw_missing_units(experiment: Experiment, streams: RandomStreams, places: IntArray, units: IntArray) -> IntArray:
    """Draw for each order the number of units that will not be found."""
    missing = np.zeros_like(places)
    for unit in range(MOST_UNITS):
        missing += streams.bernoulli("missing", places * MOST_UNITS + unit, experiment.wms.missing_unit_share) & (unit < units)
    return missing


def _draw_work(experiment: Experiment, station: Station, streams: RandomStreams, units: IntArray) -> IntArray:
    """Draw for each order the time of the work at a station."""
    table = lognormal(setting_of(experiment, station.seconds), setting_of(experiment, station.sigma), MILLISECONDS)
    times = streams.sample_duration(station.stream, np.arange(len(units), dtype=np.int64), table)
    return times * units if station.by_unit else times


def _draw_requests(  # noqa: PLR0913 (what the requests depend on)
    experiment: Experiment, streams: RandomStreams, created: IntArray, units: IntArray, window_ends: IntArray, given_up: IntArray
) -> dict[int, list[Request]]:
    ajio, oms = experiment.ajio, experiment.oms
    places = np.arange(len(created), dtype=np.int64)
    requests: dict[int, list[Request]] = {}

    def add_requests(kind: RequestKind, orders: IntArray, delay: IntArray) -> None:
        times = (created[orders] + delay) // TICK * TICK + int(kind)
        parts = streams.below(f"{kind.name} units", orders, np.maximum(units[orders] - 1, 1)) + 1
        for order, at, part in zip(orders.tolist(), times.tolist(), parts.tolist(), strict=True):
            requests.setdefault(order, []).append((at, kind, part))

    customers = places[streams.bernoulli("customer", places, ajio.customer_cancellation_share)]
    add_requests(RequestKind.CUSTOMER, customers, streams.below("customer time", customers, window_ends[customers] - created[customers]))
    for kind, share, hours, several_units in (
        (RequestKind.SELLER, oms.seller_cancellation_share, oms.seller_delay_hours_mean, False),
        (RequestKind.SELLER_PARTIAL, oms.seller_partial_share, oms.seller_partial_delay_hours_mean, True),
        (RequestKind.AJIO_TECHNICAL, ajio.technical_cancellation_share, ajio.technical_delay_hours_mean, False),
        (RequestKind.AJIO_PARTIAL, ajio.partial_cancellation_share, ajio.partial_delay_hours_mean, True),
    ):
        orders = places[streams.bernoulli(kind.name, places, share) & ((units > 1) | (not several_units))]
        add_requests(kind, orders, streams.sample_duration(f"{kind.name} time", orders, exponential(hours, HOUR)))
    for order in np.flatnonzero(given_up < NEVER).tolist():
        requests.setdefault(order, []).append((int(given_up[order]), RequestKind.NO_STOCK, 0))
    for wishes in requests.values():
        wishes.sort()
    return requests
