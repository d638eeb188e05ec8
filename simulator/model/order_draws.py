"""What chance has in store for every order, drawn before anything moves.

Both models, the one that is read and the one that is fast, run on the same fates. A latent request says when somebody
*would* ask; what comes of it depends on where the order stands then.
"""

from array import array
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from orders.log.arrays import IntArray
from orders.log.calendar import DAY, HOUR, MINUTE, NEVER, TICK, on_tick
from simulator.experiment.experiment import Experiment
from simulator.model.marketplace import arrivals
from simulator.model.random_streams import RandomStreams, exponential, lognormal, triangular

MOST_UNITS = 5
MILLISECONDS = 1000


class RequestKind(IntEnum):
    """Who asks for what; the value is the place of such requests between two ticks."""

    CUSTOMER = 1
    SELLER = 2
    SELLER_PARTIAL = 3
    AJIO_TECHNICAL = 4
    AJIO_BREACH = 5
    AJIO_PARTIAL = 6
    STEP_TWO = 7
    """The seller cancels in Assure after a packing error."""
    MISSING = 8
    """The packer does not find a unit; at that very moment, so never latent."""


Times: TypeAlias = "array[int]"
"""A column of whole numbers."""
Request = tuple[int, RequestKind, int]
"""When, who asks for what, and for how many units where it is a part."""


@dataclass(slots=True)
class OrderDraws:
    """The luck of every order, by its place in order of arrival; times take 8 bytes each, the rest one.

    Attributes:
        created, allocated, acknowledged, details: times; `unfulfillable` is `NEVER` where there is stock at once.
        clock: the time of the SLA breach; `breach` is when Ajio would cancel, or `NEVER`.
        requests: the latent requests, in time, of the few orders that have any.
        missing: units that the packer will not find.
        chance: where they come from, for what is drawn only when it is asked for.
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
    pick: Times
    pack: Times
    missing: bytes
    manual: Times
    clerk: Times
    clock: Times
    breach: Times
    requests: dict[int, list[Request]]
    streams: RandomStreams


@dataclass(frozen=True, slots=True)
class ReturnDraws:
    """What would come back of some orders once they are dispatched; times after that, by order or by order and unit.

    Attributes:
        undelivered: whether the parcel comes back as a whole, and after how long.
        returned: for each order and unit, whether the customer sends it back; then times and the quality check.
    """

    undelivered: NDArray[np.bool_]
    undelivered_after: IntArray
    returned: NDArray[np.bool_]
    requested_after: IntArray
    received_after: IntArray
    checked_after: IntArray
    quality: IntArray


def draw_orders(experiment: Experiment, replication: int) -> OrderDraws:
    """The fates of a replication."""
    streams = RandomStreams(experiment.run.seed, replication)
    ajio, oms, erp, wms = experiment.ajio, experiment.oms, experiment.erp, experiment.wms
    created = arrivals(ajio, experiment.run.days, streams)
    each = np.arange(len(created), dtype=np.int64)
    units = streams.pick("units", each, ajio.units_weights) + 1
    looked_at = created + streams.sample_duration(
        "allocation", each, lognormal(oms.allocation_minutes_median, oms.allocation_sigma, MINUTE)
    )
    short = streams.happens("stock", each, oms.unfulfillable_share)
    restocked = streams.sample_duration("restock", each, lognormal(oms.restock_hours_median, 0.8, HOUR))
    allocated = looked_at + np.where(short, restocked, 0)
    acknowledged = allocated + on_tick(ajio.acknowledgement_window_hours * HOUR)
    clock = created + on_tick(ajio.breach_hours * HOUR)
    reacts = streams.happens("breach", each, ajio.breach_cancellation_share)
    reaction = streams.sample_duration("reaction", each, exponential(ajio.breach_reaction_hours_mean, HOUR))
    return OrderDraws(
        created=_times(created),
        units=_small(units),
        erp=_small(streams.happens("invoicing", each, oms.invoicing_erp_share)),
        unfulfillable=_times(np.where(short, looked_at, NEVER)),
        allocated=_times(allocated),
        acknowledged=_times(acknowledged),
        details=_times(acknowledged + on_tick(oms.details_minutes * MINUTE)),
        lag=_times(streams.sample_duration("invoice lag", each, lognormal(erp.invoice_lag_minutes_median, erp.invoice_lag_sigma, MINUTE))),
        learns=_small(streams.happens("ERP learns", each, erp.learns_of_cancellation_share)),
        pick=_times(_picking(experiment, streams, each, units)),
        pack=_times(streams.sample_duration("packing", each, lognormal(wms.pack_seconds_median, wms.pack_sigma, MILLISECONDS))),
        missing=_small(_missing(experiment, streams, each, units)),
        manual=_times(streams.sample_duration("packing error", each, lognormal(wms.packing_error_hours_median, 0.6, HOUR))),
        clerk=_times(streams.sample_duration("credit note", each, lognormal(erp.credit_note_minutes_median, 0.5, MINUTE))),
        clock=_times(clock),
        breach=_times(np.where(reacts, clock + reaction + RequestKind.AJIO_BREACH, NEVER)),
        requests=_requests(experiment, streams, created, units, acknowledged),
        streams=streams,
    )


def _times(column: IntArray) -> Times:
    return array("q", column.astype(np.int64, copy=False).tobytes())


def _small(column: NDArray[np.generic]) -> bytes:
    return column.astype(np.uint8).tobytes()


def _missing(experiment: Experiment, streams: RandomStreams, each: IntArray, units: IntArray) -> IntArray:
    """How many units of each order will not be found."""
    missing = np.zeros_like(each)
    for unit in range(MOST_UNITS):
        missing += streams.happens("missing", each * MOST_UNITS + unit, experiment.wms.missing_unit_share) & (unit < units)
    return missing


def _picking(experiment: Experiment, streams: RandomStreams, each: IntArray, units: IntArray) -> IntArray:
    wms = experiment.wms
    return streams.sample_duration("picking", each, lognormal(wms.pick_seconds_per_unit_median, wms.pick_sigma, MILLISECONDS)) * units


def _requests(
    experiment: Experiment, streams: RandomStreams, created: IntArray, units: IntArray, acknowledged: IntArray
) -> dict[int, list[Request]]:
    ajio, oms = experiment.ajio, experiment.oms
    each = np.arange(len(created), dtype=np.int64)
    found: dict[int, list[Request]] = {}

    def ask(who: RequestKind, orders: IntArray, delay: IntArray) -> None:
        times = (created[orders] + delay) // TICK * TICK + int(who)
        parts = streams.below(f"{who.name} units", orders, np.maximum(units[orders] - 1, 1)) + 1
        for order, at, part in zip(orders.tolist(), times.tolist(), parts.tolist(), strict=True):
            found.setdefault(order, []).append((at, who, part))

    customers = each[streams.happens("customer", each, ajio.customer_cancellation_share)]
    ask(RequestKind.CUSTOMER, customers, streams.below("customer time", customers, acknowledged[customers] - created[customers]))
    for who, share, hours, several in (
        (RequestKind.SELLER, oms.seller_cancellation_share, oms.seller_delay_hours_mean, False),
        (RequestKind.SELLER_PARTIAL, oms.seller_partial_share, oms.seller_partial_delay_hours_mean, True),
        (RequestKind.AJIO_TECHNICAL, ajio.technical_cancellation_share, ajio.technical_delay_hours_mean, False),
        (RequestKind.AJIO_PARTIAL, ajio.partial_cancellation_share, ajio.partial_delay_hours_mean, True),
    ):
        orders = each[streams.happens(who.name, each, share) & ((units > 1) | (not several))]
        ask(who, orders, streams.sample_duration(f"{who.name} time", orders, exponential(hours, HOUR)))
    for wishes in found.values():
        wishes.sort()
    return found


def returns_of(experiment: Experiment, draws: OrderDraws, first: int, last: int) -> ReturnDraws:
    """What would come back of the orders from place *first* to before *last*."""
    streams, ways = draws.streams, experiment.returns
    each = np.arange(first, last, dtype=np.int64)
    units = np.frombuffer(draws.units, dtype=np.uint8)[first:last]
    cells = each[:, None] * MOST_UNITS + np.arange(MOST_UNITS, dtype=np.int64)
    cash = streams.happens("payment", each, experiment.ajio.cash_on_delivery_share)
    undelivered = np.where(
        cash, streams.happens("undelivered", each, ways.rto_share_cash), streams.happens("undelivered", each, ways.rto_share_prepaid)
    )
    exists = np.arange(MOST_UNITS) < units[:, None]
    delivered = streams.sample_duration("delivery", each, triangular(*ways.delivery_days, DAY))
    asked = streams.sample_duration("return request", cells, triangular(*ways.request_days, DAY)) + delivered[:, None]
    received = asked + streams.sample_duration("return transit", cells, triangular(*ways.transit_days, DAY))
    return ReturnDraws(
        undelivered=undelivered,
        undelivered_after=streams.sample_duration("undelivered time", each, triangular(*ways.rto_days, DAY)),
        returned=streams.happens("return", cells, ways.unit_return_share) & exists & ~undelivered[:, None],
        requested_after=asked,
        received_after=received,
        checked_after=streams.sample_duration("quality check time", cells, triangular(*ways.quality_check_hours, HOUR)),
        quality=streams.pick("quality check", cells, (1 - ways.fail_share - ways.missing_share, ways.fail_share, ways.missing_share)),
    )
