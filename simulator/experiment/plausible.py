"""Plausible ranges of the assumed defaults, for sensitivity analysis: two values for each, one below and one above the default.

They are our judgement, like the defaults, and wide on purpose. A new assumed setting needs an entry here: a test demands it.
"""

from collections.abc import Mapping

from simulator.field_types import Value, setting_words

Range = tuple[Value, Value]

PLAUSIBLE: Mapping[str, Range] = {
    "ajio.orders_per_day": (1600.0, 2400.0),
    "ajio.weekday_weights": ([1.1, 1.1, 1.1, 1.1, 1.1, 0.75, 0.75], [0.9, 0.9, 0.9, 0.9, 0.9, 1.25, 1.25]),
    "ajio.customer_cancellation_share": (0.02, 0.08),
    "ajio.breach_cancellation_share": (0.4, 1.0),
    "ajio.breach_reaction_hours_mean": (2.0, 24.0),
    "ajio.stale_status_share": (0.0, 0.1),
    "ajio.technical_cancellation_share": (0.001, 0.01),
    "ajio.technical_delay_hours_mean": (4.0, 24.0),
    "ajio.partial_delay_hours_mean": (4.0, 16.0),
    "oms.allocation_minutes_median": (0.5, 15.0),
    "oms.allocation_sigma": (0.3, 1.0),
    "oms.unfulfillable_share": (0.0, 0.01),
    "oms.restock_hours_median": (2.0, 24.0),
    "oms.stock_out_cancellation_share": (0.1, 0.6),
    "oms.seller_delay_hours_mean": (4.0, 16.0),
    "oms.seller_partial_share": (0.0, 0.03),
    "oms.seller_partial_delay_hours_mean": (3.0, 12.0),
    "erp.posts_per_interval": (100, 1000),
    "erp.invoice_interval_minutes": (5, 240),
    "erp.invoice_lag_minutes_median": (2.0, 30.0),
    "erp.invoice_lag_sigma": (0.4, 1.2),
    "erp.push_interval_minutes": (1, 30),
    "erp.outage_hours": (1.0, 12.0),
    "erp.learns_of_cancellation_share": (0.4, 0.95),
    "erp.clerks": (1, 2),
    "erp.office_opens_at_hour": (9.0, 11.0),
    "erp.office_closes_at_hour": (17.0, 20.0),
    "erp.credit_note_minutes_median": (6.0, 20.0),
    "wms.pull_interval_minutes": (1, 15),
    "wms.shift_starts_at_hour": (5.0, 8.0),
    "wms.shift_ends_at_hour": (20.0, 24.0),
    "wms.pickers": (3, 5),
    "wms.packers": (6, 8),
    "wms.work_order": ("first-come", "earliest-due"),
    "wms.pick_sigma": (0.3, 0.7),
    "wms.pack_sigma": (0.3, 0.7),
    "wms.packing_error_hours_median": (1.0, 8.0),
    "wms.manifest_closes_at_hours": ([16.0, 22.5], [10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 22.5]),
    "wms.checkers": (1, 3),
    "wms.check_seconds_per_unit_median": (30.0, 120.0),
    "wms.courier_minutes_after": (15.0, 90.0),
    "returns.delivery_days": ([1.0, 3.0, 6.0], [3.0, 6.0, 10.0]),
    "returns.same_parcel_share": (0.6, 1.0),
    "returns.fail_share": (0.02, 0.1),
    "returns.missing_share": (0.0, 0.03),
    "ajio.sale_decay": (0.6, 1.0),
    "wms.break_minutes": (15.0, 60.0),
    "wms.holiday_staff_share": (0.0, 0.5),
    "wms.courier_cut_off_minutes": (0.0, 60.0),
    "returns.sale_return_factor": (1.0, 1.4),
    "outages.erp_days_between_mean": (0.0, 30.0),
    "outages.rms_days_between_mean": (0.0, 30.0),
    "outages.irp_days_between_mean": (0.0, 30.0),
    "outages.irp_repair_hours_mean": (0.5, 4.0),
    "outages.ajio_days_between_mean": (0.0, 30.0),
    "prices.lost_order_rupees": (50.0, 400.0),
    "prices.breach_penalty_rupees": (0.0, 200.0),
    "prices.credit_note_rupees": (0.0, 100.0),
}
"""The values at the ends of the range, by key. A value equal to the default leaves one end."""

_CHOICE = "a choice of the experiment"
NOT_VARIED: Mapping[str, str] = {
    **dict.fromkeys(("run.days", "run.warm_up_days", "run.replications", "run.seed"), _CHOICE),
    **dict.fromkeys(("wms.shift_changes_at_hours", "wms.staff_by_shift", "wms.staff_by_weekday", "wms.breaks_at_hours"), _CHOICE),
    **dict.fromkeys(("wms.holidays", "wms.temporary_days", "wms.temporary_pickers", "wms.temporary_packers"), _CHOICE),
    **dict.fromkeys(("erp.office_holidays", "wms.waves_at_hours", "wms.shipments_per_van", "wms.vans_by_weekday"), _CHOICE),
    **dict.fromkeys(("ajio.sale_days", "erp.outage_starts_at_hours", "oms.invoicing_erp_share"), _CHOICE),
}
"""Assumed settings without a range, each with the reason."""


def plausible_text(key: str) -> str:
    """Return the plausible range of an assumed setting in words; empty if it has none."""
    if key not in PLAUSIBLE:
        return ""
    low, high = map(setting_words, PLAUSIBLE[key])
    return f"{low}, or {high}" if isinstance(PLAUSIBLE[key][0], (list, str)) else f"{low} to {high}"
