"""Effects of settings: what else an experiment must have for a setting to change its log, or for a price its cost.

A new setting needs an entry: in `NEEDS`, or in `INDEPENDENT` if it has an effect in every experiment. A test demands it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orders.log.stations import STATIONS
from simulator.experiment.experiment import Experiment, setting_of
from simulator.experiment.settings import HOURS_OF_A_DAY

_LONG_RESTOCK = 7.0
"""Quantile of 99 % of the time until stock arrives, in medians (log-normal with sigma 0.8)."""


@dataclass(frozen=True, slots=True)
class Precondition:
    """A condition on an experiment: *problem* says that it is not met, *remedy* what to do."""

    is_met: Callable[[Experiment], bool]
    problem: str
    remedy: str


def _is_positive(key: str, problem: str) -> Precondition:
    return Precondition(lambda experiment: setting_of(experiment, key) > 0, f"{problem} (`{key}` is 0)", f"set `{key}`")


def _have_several_units(experiment: Experiment) -> bool:
    return sum(experiment.ajio.units_weights[1:]) > 0


def _come_back(experiment: Experiment) -> bool:
    return experiment.returns.unit_return_share > 0 or _come_undelivered(experiment)


def _come_undelivered(experiment: Experiment) -> bool:
    returns, cash = experiment.returns, experiment.ajio.cash_on_delivery_share
    return cash * returns.rto_share_cash + (1 - cash) * returns.rto_share_prepaid > 0


def _outages_are_in_time(experiment: Experiment) -> bool:
    return all(start < hours_until_the_erp_is_done(experiment) for start in experiment.erp.outage_starts_at_hours)


def hours_until_the_erp_is_done(experiment: Experiment) -> float:
    """Return an estimate, rather too late, of the hour after which the client's ERP has no more order to post, e-invoice or push."""
    run, ajio, oms, erp = experiment.run, experiment.ajio, experiment.oms, experiment.erp
    busiest = ajio.orders_per_day * max(1.0, *ajio.weekday_weights) * (ajio.sale_factor if ajio.sale_days else 1.0)
    backlog = run.days * busiest * erp.post_interval_minutes / erp.posts_per_interval / 60
    restock = oms.restock_hours_median * _LONG_RESTOCK if oms.unfulfillable_share else 0.0
    waits = ajio.acknowledgement_window_hours + oms.details_minutes / 60 + erp.invoice_lag_minutes_median / 6 + restock
    outages = erp.outage_hours * sum(start < run.days * HOURS_OF_A_DAY for start in erp.outage_starts_at_hours)
    return (run.days + 1) * HOURS_OF_A_DAY + waits + outages + backlog


ERP = _is_positive("oms.invoicing_erp_share", "RMS makes every e-invoice")
SALE = Precondition(lambda experiment: bool(experiment.ajio.sale_days), "no day is a sale day", "set `ajio.sale_days`")
LONG_SALE = Precondition(
    lambda experiment: any(day - 1 in experiment.ajio.sale_days for day in experiment.ajio.sale_days),
    "no sale lasts longer than a day",
    "set `ajio.sale_days`",
)
OUTAGE = Precondition(
    lambda experiment: bool(experiment.erp.outage_starts_at_hours), "there is no outage", "set `erp.outage_starts_at_hours`"
)
OUTAGE_IN_TIME = Precondition(
    _outages_are_in_time, "an outage begins when no order waits for the client's ERP any more", "write an earlier hour, or more `run.days`"
)
SEVERAL_UNITS = Precondition(_have_several_units, "no order has several units", "set `ajio.units_weights`")
BREACHES = _is_positive("ajio.breach_cancellation_share", "Ajio cancels no order with a breached SLA")
TECHNICAL = _is_positive("ajio.technical_cancellation_share", "Ajio cancels no order for a technical issue")
PARTIAL = _is_positive("ajio.partial_cancellation_share", "Ajio cancels no order in part")
UNFULFILLABLE = _is_positive("oms.unfulfillable_share", "there is stock for every order")
SELLER = _is_positive("oms.seller_cancellation_share", "the seller cancels no order in full")
SELLER_PARTIAL = _is_positive("oms.seller_partial_share", "the seller cancels no order in part")
RETURNED = _is_positive("returns.unit_return_share", "customers send nothing back")
UNDELIVERED = Precondition(_come_undelivered, "no parcel comes back undelivered", "set `returns.rto_share_cash`")
COMES_BACK = Precondition(_come_back, "nothing comes back", "set `returns.unit_return_share`")
CASH = _is_positive("ajio.cash_on_delivery_share", "no order is paid in cash")
PREPAID = Precondition(
    lambda experiment: experiment.ajio.cash_on_delivery_share < 1, "every order is paid in cash", "set `ajio.cash_on_delivery_share`"
)
TWO_SHARES = Precondition(
    lambda experiment: experiment.returns.rto_share_cash != experiment.returns.rto_share_prepaid,
    "parcels paid in cash come back as often as the others",
    "set `returns.rto_share_cash`",
)
RMS = Precondition(
    lambda experiment: experiment.oms.invoicing_erp_share < 1,
    "the client's ERP makes every e-invoice",
    "set `oms.invoicing_erp_share`",
)
ERP_OUTAGES = _is_positive("outages.erp_days_between_mean", "the client's ERP has no random outages")
RMS_OUTAGES = _is_positive("outages.rms_days_between_mean", "RMS has no random outages")
IRP_OUTAGES = _is_positive("outages.irp_days_between_mean", "the IRP has no random outages")
AJIO_OUTAGES = _is_positive("outages.ajio_days_between_mean", "the Ajio VMS has no random outages")
BREAKS = Precondition(lambda experiment: bool(experiment.wms.breaks_at_hours), "there is no break", "set `wms.breaks_at_hours`")
HOLIDAYS = Precondition(lambda experiment: bool(experiment.wms.holidays), "no day is a holiday", "set `wms.holidays`")
TEMPORARY_DAYS = Precondition(
    lambda experiment: bool(experiment.wms.temporary_days), "no day has temporary people", "set `wms.temporary_days`"
)
TEMPORARY_STAFF = Precondition(
    lambda experiment: any(setting_of(experiment, station.temporary) for station in STATIONS if station.temporary),
    "there are no temporary people",
    "set `wms.temporary_packers`",
)

NEEDS: dict[str, tuple[Precondition, ...]] = {
    "ajio.sale_factor": (SALE,),
    "ajio.sale_first_hour_share": (SALE,),
    "ajio.sale_decay": (LONG_SALE,),
    "returns.sale_return_factor": (SALE, RETURNED),
    "ajio.cash_on_delivery_share": (TWO_SHARES,),
    "ajio.breach_reaction_hours_mean": (BREACHES,),
    "ajio.technical_delay_hours_mean": (TECHNICAL,),
    "ajio.partial_cancellation_share": (SEVERAL_UNITS,),
    "ajio.partial_delay_hours_mean": (PARTIAL, SEVERAL_UNITS),
    "oms.restock_hours_median": (UNFULFILLABLE,),
    "oms.stock_out_cancellation_share": (UNFULFILLABLE,),
    "oms.seller_delay_hours_mean": (SELLER,),
    "oms.seller_partial_share": (SEVERAL_UNITS,),
    "oms.seller_partial_delay_hours_mean": (SELLER_PARTIAL, SEVERAL_UNITS),
    "erp.post_interval_minutes": (ERP,),
    "erp.posts_per_interval": (ERP,),
    "erp.invoice_interval_minutes": (ERP,),
    "erp.invoice_lag_minutes_median": (ERP,),
    "erp.invoice_lag_sigma": (ERP,),
    "erp.push_interval_minutes": (ERP,),
    "erp.outage_starts_at_hours": (ERP, OUTAGE_IN_TIME),
    "erp.outage_hours": (ERP, OUTAGE, OUTAGE_IN_TIME),
    "erp.learns_of_cancellation_share": (ERP,),
    "erp.clerks": (ERP,),
    "erp.office_opens_at_hour": (ERP,),
    "erp.office_closes_at_hour": (ERP,),
    "erp.credit_note_minutes_median": (ERP,),
    "erp.office_holidays": (ERP,),
    "wms.break_minutes": (BREAKS,),
    "wms.holiday_staff_share": (HOLIDAYS,),
    "wms.temporary_days": (TEMPORARY_STAFF,),
    "wms.temporary_pickers": (TEMPORARY_DAYS,),
    "wms.temporary_packers": (TEMPORARY_DAYS,),
    "wms.packing_error_hours_median": (ERP, PARTIAL, SEVERAL_UNITS),
    "wms.checkers": (COMES_BACK,),
    "wms.check_seconds_per_unit_median": (COMES_BACK,),
    "outages.erp_days_between_mean": (ERP,),
    "outages.erp_repair_hours_mean": (ERP, ERP_OUTAGES),
    "outages.rms_days_between_mean": (RMS,),
    "outages.rms_repair_hours_mean": (RMS, RMS_OUTAGES),
    "outages.irp_repair_hours_mean": (IRP_OUTAGES,),
    "outages.ajio_repair_hours_mean": (AJIO_OUTAGES,),
    "returns.rto_share_cash": (CASH,),
    "returns.rto_share_prepaid": (PREPAID,),
    "returns.delivery_days": (RETURNED,),
    "returns.request_days": (RETURNED,),
    "returns.transit_days": (RETURNED,),
    "returns.same_parcel_share": (RETURNED, SEVERAL_UNITS),
    "returns.rto_days": (UNDELIVERED,),
    "returns.quality_check_hours": (COMES_BACK,),
    "returns.fail_share": (COMES_BACK,),
    "returns.missing_share": (COMES_BACK,),
}
"""What each setting needs besides itself, by its key."""

INDEPENDENT = frozenset({
    "run.days", "run.warm_up_days", "run.replications", "run.seed",
    "ajio.orders_per_day", "ajio.hourly_weights", "ajio.weekday_weights", "ajio.sale_days", "ajio.units_weights",
    "ajio.acknowledgement_window_hours", "ajio.stale_status_share", "ajio.customer_cancellation_share", "ajio.target_hours", "ajio.breach_hours",
    "ajio.breach_cancellation_share", "ajio.technical_cancellation_share",
    "oms.invoicing_erp_share", "oms.allocation_minutes_median", "oms.allocation_sigma", "oms.unfulfillable_share", "oms.details_minutes",
    "oms.seller_cancellation_share",
    "wms.pull_interval_minutes", "wms.shift_starts_at_hour", "wms.shift_ends_at_hour",
    "wms.shift_changes_at_hours", "wms.staff_by_shift", "wms.staff_by_weekday", "wms.breaks_at_hours", "wms.holidays", "wms.work_order", "wms.missing_unit_share",
    "wms.manifest_closes_at_hours", "wms.shipments_per_manifest", "wms.courier_minutes_after",
    "wms.courier_cut_off_minutes", "wms.shipments_per_van", "wms.vans_by_weekday", "wms.waves_at_hours", "ajio.pull_interval_minutes",
    "returns.unit_return_share", "outages.irp_days_between_mean", "outages.ajio_days_between_mean",
    *(key for station in STATIONS for key in (station.people, station.seconds, station.sigma)),
    "prices.picker_rupees_an_hour", "prices.packer_rupees_an_hour", "prices.checker_rupees_an_hour", "prices.clerk_rupees_an_hour",
    "prices.overtime_factor", "prices.lost_order_rupees", "prices.breach_penalty_rupees", "prices.credit_note_rupees",
})  # fmt: skip
"""The settings that need no other one."""


def unmet_precondition(key: str, experiments: Sequence[Experiment]) -> Precondition | None:
    """Return the first need of the setting *key* that none of *experiments* meets; None if there is none."""
    unmet = (need for need in NEEDS.get(key, ()) if not any(need.is_met(experiment) for experiment in experiments))
    return next(unmet, None)
