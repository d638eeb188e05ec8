"""A log with settings other than the defaults, for calibrations."""

from simulator.study.identities import Identities
from simulator.study.simulate import record_replication

CHANGED = {
    "ajio.orders_per_day": 800.0,
    "ajio.hourly_weights": (1.0,) * 6 + (2.0,) * 12 + (5.0,) * 6,
    "ajio.units_weights": (0.5, 0.2, 0.15, 0.1, 0.05),
    "ajio.acknowledgement_window_hours": 2.5,
    "ajio.customer_cancellation_share": 0.08,
    "ajio.technical_cancellation_share": 0.05,
    "ajio.technical_delay_hours_mean": 9.0,
    "oms.allocation_minutes_median": 5.0,
    "oms.allocation_sigma": 0.4,
    "oms.unfulfillable_share": 0.03,
    "oms.restock_hours_median": 3.0,
    "oms.stock_out_cancellation_share": 0.5,
    "oms.details_minutes": 20.0,
    "oms.seller_cancellation_share": 0.04,
    "oms.seller_delay_hours_mean": 5.0,
    "oms.seller_partial_share": 0.06,
    "erp.post_interval_minutes": 10,
    "erp.invoice_interval_minutes": 20,
    "erp.invoice_lag_minutes_median": 14.0,
    "erp.invoice_lag_sigma": 0.5,
    "erp.push_interval_minutes": 4,
    "erp.learns_of_cancellation_share": 0.4,
    "erp.credit_note_minutes_median": 9.0,
    "wms.pull_interval_minutes": 6,
    "wms.shift_starts_at_hour": 7.0,
    "wms.shift_ends_at_hour": 21.0,
    "wms.pickers": 3,
    "wms.packers": 6,
    "wms.pick_seconds_per_unit_median": 50.0,
    "wms.pick_sigma": 0.3,
    "wms.pack_seconds_median": 90.0,
    "wms.pack_sigma": 0.35,
    "wms.missing_unit_share": 0.02,
    "wms.courier_minutes_after": 45.0,
    "returns.unit_return_share": 0.2,
    "returns.rto_share_cash": 0.15,
    "returns.same_parcel_share": 0.6,
    "returns.fail_share": 0.12,
    "returns.missing_share": 0.04,
    "returns.transit_days": (5.0, 7.0, 12.0),
    "returns.rto_days": (6.0, 11.0, 18.0),
}
"""Settings other than the defaults, so that a value cannot be that of the base experiment."""
ONE_CLERK = ["erp.clerks=1"]
"""With more clerks a log does not show when work on a credit note begins."""
NORMALISED = {"ajio.hourly_weights": 100.0, "ajio.units_weights": 1.0, "ajio.weekday_weights": 7.0}
"""Sum of the weights as they are fitted."""


def log_of(experiment, replication=0):
    """The log of a replication, with the names of people."""
    recorded = record_replication(experiment, replication)
    return Identities(experiment.run.seed, replication, recorded.teams).with_ids(recorded.full_log)


def setting(experiment, key):
    section, _, name = key.partition(".")
    value = getattr(getattr(experiment, section), name)
    return tuple(part * NORMALISED[key] / sum(value) for part in value) if key in NORMALISED else value
