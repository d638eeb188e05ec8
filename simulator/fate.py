"""What chance has in store for every order, drawn before anything moves.

Both models, the one that is read and the one that is fast, run on the same fates. A latent request says when somebody
*would* ask; what comes of it depends on where the order stands then.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from simulator.ajio import arrivals
from simulator.chance import TICK, Chance, Whole, exponential, lognormal, on_tick, triangular
from simulator.clock import DAY, HOUR, MINUTE, NEVER
from simulator.experiment import Experiment

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


Request = tuple[int, Asks, int]
"""When, who asks for what, and for how many units where it is a part."""


@dataclass(slots=True)
class Fates:
    """The luck of every order, by its place in order of arrival.

    Attributes:
        created, allocated, acknowledged, details: times; `unfulfillable` is `NEVER` where there is stock at once.
        clock: the time of the SLA breach; `breach` is when Ajio would cancel, or `NEVER`.
        requests: the latent requests, in time, of the few orders that have any.
        missing: units that the packer will not find.
        returned: for each order and unit, whether the customer sends it back; then times and the quality check.
    """

    created: list[int]
    units: list[int]
    erp: list[bool]
    unfulfillable: list[int]
    allocated: list[int]
    acknowledged: list[int]
    details: list[int]
    lag: list[int]
    learns: list[bool]
    pick: list[int]
    pack: list[int]
    missing: list[int]
    manual: list[int]
    clerk: list[int]
    clock: list[int]
    breach: list[int]
    requests: dict[int, list[Request]]
    cash: NDArray[np.bool_]
    undelivered: NDArray[np.bool_]
    undelivered_after: Whole
    returned: NDArray[np.bool_]
    requested_after: Whole
    received_after: Whole
    checked_after: Whole
    quality: Whole


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
    cells = each[:, None] * MOST_UNITS + np.arange(MOST_UNITS, dtype=np.int64)
    exists = np.arange(MOST_UNITS) < units[:, None]
    cash = chance.happens("payment", each, ajio.cash_on_delivery_share)
    return Fates(
        created=created.tolist(),
        units=units.tolist(),
        erp=chance.happens("invoicing", each, oms.invoicing_erp_share).tolist(),
        unfulfillable=np.where(short, looked_at, NEVER).tolist(),
        allocated=allocated.tolist(),
        acknowledged=acknowledged.tolist(),
        details=(acknowledged + on_tick(oms.details_minutes * MINUTE)).tolist(),
        lag=chance.span("invoice lag", each, lognormal(erp.invoice_lag_minutes_median, erp.invoice_lag_sigma, MINUTE)).tolist(),
        learns=chance.happens("ERP learns", each, erp.learns_of_cancellation_share).tolist(),
        pick=_picking(experiment, chance, each, units).tolist(),
        pack=chance.span("packing", each, lognormal(wms.pack_seconds_median, wms.pack_sigma, MILLISECONDS)).tolist(),
        missing=(chance.happens("missing", cells, wms.missing_unit_share) & exists).sum(axis=1).tolist(),
        manual=chance.span("packing error", each, lognormal(wms.packing_error_hours_median, 0.6, HOUR)).tolist(),
        clerk=chance.span("credit note", each, lognormal(erp.credit_note_minutes_median, 0.5, MINUTE)).tolist(),
        clock=clock.tolist(),
        breach=np.where(reacts, clock + reaction + Asks.AJIO_BREACH, NEVER).tolist(),
        requests=_requests(experiment, chance, created, units, acknowledged),
        cash=cash,
        **_returns(experiment, chance, each, cells, exists, cash),
    )


def _picking(experiment: Experiment, chance: Chance, each: Whole, units: Whole) -> Whole:
    wms = experiment.wms
    return chance.span("picking", each, lognormal(wms.pick_seconds_per_unit_median, wms.pick_sigma, MILLISECONDS)) * units


def _requests(experiment: Experiment, chance: Chance, created: Whole, units: Whole, acknowledged: Whole) -> dict[int, list[Request]]:
    ajio, oms = experiment.ajio, experiment.oms
    each = np.arange(len(created), dtype=np.int64)
    found: dict[int, list[Request]] = {}

    def ask(who: Asks, orders: Whole, delay: Whole) -> None:
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


def _returns(  # noqa: PLR0913 (columns)
    experiment: Experiment, chance: Chance, each: Whole, cells: Whole, exists: NDArray[np.bool_], cash: NDArray[np.bool_]
) -> dict[str, NDArray]:  # type: ignore[type-arg]
    ways = experiment.returns
    undelivered = np.where(
        cash, chance.happens("undelivered", each, ways.rto_share_cash), chance.happens("undelivered", each, ways.rto_share_prepaid)
    )
    delivered = chance.span("delivery", each, triangular(*ways.delivery_days, DAY))
    asked = chance.span("return request", cells, triangular(*ways.request_days, DAY)) + delivered[:, None]
    received = asked + chance.span("return transit", cells, triangular(*ways.transit_days, DAY))
    return {
        "undelivered": undelivered,
        "undelivered_after": chance.span("undelivered time", each, triangular(*ways.rto_days, DAY)),
        "returned": chance.happens("return", cells, ways.unit_return_share) & exists & ~undelivered[:, None],
        "requested_after": asked,
        "received_after": received,
        "checked_after": chance.span("quality check time", cells, triangular(*ways.quality_check_hours, HOUR)),
        "quality": chance.pick("quality check", cells, (1 - ways.fail_share - ways.missing_share, ways.fail_share, ways.missing_share)),
    }
