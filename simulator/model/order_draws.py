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
from simulator.model.random_streams import Chance, exponential, lognormal, triangular

MOST_UNITS = 5
MILLISECONDS = 1000


class Asks(IntEnum):
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
Request = tuple[int, Asks, int]
"""When, who asks for what, and for how many units where it is a part."""


@dataclass(slots=True)
class Fates:
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
    chance: Chance


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


def draw(experiment: Experiment, replication: int) -> Fates:
    """The fates of a replication."""
    chance = Chance(experiment.run.seed, replication)
    ajio, oms, erp, wms = experiment.ajio, experiment.oms, experiment.erp, experiment.wms
    created = arrivals(ajio, experiment.run.days, chance)
    each = np.arange(len(created), dtype=np.int64)
    units = chance.pick("units", each, ajio.units_weights) + 1
    looked_at = created + chance.span("allocation", each, lognormal(oms.allocation_minutes_median, oms.allocation_sigma, MINUTE))
    short = chance.happens("stock", each, oms.unfulfillable_share)
    restocked = chance.span("restock", each, lognormal(oms.restock_hours_median, 0.8, HOUR))
    allocated = looked_at + np.where(short, restocked, 0)
    acknowledged = allocated + on_tick(ajio.acknowledgement_window_hours * HOUR)
    clock = created + on_tick(ajio.breach_hours * HOUR)
    reacts = chance.happens("breach", each, ajio.breach_cancellation_share)
    reaction = chance.span("reaction", each, exponential(ajio.breach_reaction_hours_mean, HOUR))
    return Fates(
        created=_times(created),
        units=_small(units),
        erp=_small(chance.happens("invoicing", each, oms.invoicing_erp_share)),
        unfulfillable=_times(np.where(short, looked_at, NEVER)),
        allocated=_times(allocated),
        acknowledged=_times(acknowledged),
        details=_times(acknowledged + on_tick(oms.details_minutes * MINUTE)),
        lag=_times(chance.span("invoice lag", each, lognormal(erp.invoice_lag_minutes_median, erp.invoice_lag_sigma, MINUTE))),
        learns=_small(chance.happens("ERP learns", each, erp.learns_of_cancellation_share)),
        pick=_times(_picking(experiment, chance, each, units)),
        pack=_times(chance.span("packing", each, lognormal(wms.pack_seconds_median, wms.pack_sigma, MILLISECONDS))),
        missing=_small(_missing(experiment, chance, each, units)),
        manual=_times(chance.span("packing error", each, lognormal(wms.packing_error_hours_median, 0.6, HOUR))),
        clerk=_times(chance.span("credit note", each, lognormal(erp.credit_note_minutes_median, 0.5, MINUTE))),
        clock=_times(clock),
        breach=_times(np.where(reacts, clock + reaction + Asks.AJIO_BREACH, NEVER)),
        requests=_requests(experiment, chance, created, units, acknowledged),
        chance=chance,
    )


def _times(column: IntArray) -> Times:
    return array("q", column.astype(np.int64, copy=False).tobytes())


def _small(column: NDArray[np.generic]) -> bytes:
    return column.astype(np.uint8).tobytes()


def _missing(experiment: Experiment, chance: Chance, each: IntArray, units: IntArray) -> IntArray:
    """How many units of each order will not be found."""
    missing = np.zeros_like(each)
    for unit in range(MOST_UNITS):
        missing += chance.happens("missing", each * MOST_UNITS + unit, experiment.wms.missing_unit_share) & (unit < units)
    return missing


def _picking(experiment: Experiment, chance: Chance, each: IntArray, units: IntArray) -> IntArray:
    wms = experiment.wms
    return chance.span("picking", each, lognormal(wms.pick_seconds_per_unit_median, wms.pick_sigma, MILLISECONDS)) * units


def _requests(
    experiment: Experiment, chance: Chance, created: IntArray, units: IntArray, acknowledged: IntArray
) -> dict[int, list[Request]]:
    ajio, oms = experiment.ajio, experiment.oms
    each = np.arange(len(created), dtype=np.int64)
    found: dict[int, list[Request]] = {}

    def ask(who: Asks, orders: IntArray, delay: IntArray) -> None:
        times = (created[orders] + delay) // TICK * TICK + int(who)
        parts = chance.below(f"{who.name} units", orders, np.maximum(units[orders] - 1, 1)) + 1
        for order, at, part in zip(orders.tolist(), times.tolist(), parts.tolist(), strict=True):
            found.setdefault(order, []).append((at, who, part))

    customers = each[chance.happens("customer", each, ajio.customer_cancellation_share)]
    ask(Asks.CUSTOMER, customers, chance.below("customer time", customers, acknowledged[customers] - created[customers]))
    for who, share, hours, several in (
        (Asks.SELLER, oms.seller_cancellation_share, oms.seller_delay_hours_mean, False),
        (Asks.SELLER_PARTIAL, oms.seller_partial_share, oms.seller_partial_delay_hours_mean, True),
        (Asks.AJIO_TECHNICAL, ajio.technical_cancellation_share, ajio.technical_delay_hours_mean, False),
        (Asks.AJIO_PARTIAL, ajio.partial_cancellation_share, ajio.partial_delay_hours_mean, True),
    ):
        orders = each[chance.happens(who.name, each, share) & ((units > 1) | (not several))]
        ask(who, orders, chance.span(f"{who.name} time", orders, exponential(hours, HOUR)))
    for wishes in found.values():
        wishes.sort()
    return found


def returns_of(experiment: Experiment, fates: Fates, first: int, last: int) -> ReturnDraws:
    """What would come back of the orders from place *first* to before *last*."""
    chance, ways = fates.chance, experiment.returns
    each = np.arange(first, last, dtype=np.int64)
    units = np.frombuffer(fates.units, dtype=np.uint8)[first:last]
    cells = each[:, None] * MOST_UNITS + np.arange(MOST_UNITS, dtype=np.int64)
    cash = chance.happens("payment", each, experiment.ajio.cash_on_delivery_share)
    undelivered = np.where(
        cash, chance.happens("undelivered", each, ways.rto_share_cash), chance.happens("undelivered", each, ways.rto_share_prepaid)
    )
    exists = np.arange(MOST_UNITS) < units[:, None]
    delivered = chance.span("delivery", each, triangular(*ways.delivery_days, DAY))
    asked = chance.span("return request", cells, triangular(*ways.request_days, DAY)) + delivered[:, None]
    received = asked + chance.span("return transit", cells, triangular(*ways.transit_days, DAY))
    return ReturnDraws(
        undelivered=undelivered,
        undelivered_after=chance.span("undelivered time", each, triangular(*ways.rto_days, DAY)),
        returned=chance.happens("return", cells, ways.unit_return_share) & exists & ~undelivered[:, None],
        requested_after=asked,
        received_after=received,
        checked_after=chance.span("quality check time", cells, triangular(*ways.quality_check_hours, HOUR)),
        quality=chance.pick("quality check", cells, (1 - ways.fail_share - ways.missing_share, ways.fail_share, ways.missing_share)),
    )
