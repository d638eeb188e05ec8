"""Settings of an experiment: a section for each system, each key with its range, meaning and source.

The name of a key has its unit. The source is that of the default, see `simulator.experiment.sources`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, make_dataclass
from typing import Any, TypeVar

from orders.log.stations import STATIONS, Station
from simulator.experiment import sources
from simulator.experiment.sources import ASSUMED

Section = TypeVar("Section")
HOURS_OF_A_DAY = 24
MOST_SHIPMENTS = 1_000_000
LONGEST_TABLE = 1000

HOURLY_WEIGHTS = (
    *(3.0, 1.7, 1.0, 0.6, 0.5, 0.5, 0.9, 1.7, 2.6, 3.7, 4.6, 5.3),
    *(6.0, 6.2, 6.0, 5.8, 5.6, 5.3, 5.3, 6.2, 7.5, 8.0, 7.5, 4.5),
)


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """Setting spec: meaning, source, range, words and length of a key, for `--describe` and validation."""

    says: str
    source: str
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    length: int | None = None


def number_setting(default: float, low: float, high: float, meaning: str, source: str = ASSUMED) -> Any:
    """Declare a number from *low* to *high*; a whole number if the default is one."""
    return field(default=default, metadata={"meaning": SettingSpec(meaning, source, low, high)})


def share_setting(default: float, meaning: str, source: str = ASSUMED) -> Any:
    """Declare a share from 0 to 1."""
    return number_setting(default, 0.0, 1.0, meaning, source)


def numbers_setting(  # noqa: PLR0913 (the fields of a SettingSpec)
    default: tuple[float, ...], low: float, high: float, meaning: str, source: str = ASSUMED, length: int | None = None
) -> Any:
    """Declare a list of numbers from *low* to *high*, of *length* if that is fixed."""
    return field(default=default, metadata={"meaning": SettingSpec(meaning, source, low, high, length=length)})


def word_setting(default: str, words: tuple[str, ...], meaning: str, source: str = ASSUMED) -> Any:
    """Declare a text that is one of *words*."""
    return field(default=default, metadata={"meaning": SettingSpec(meaning, source, words=words)})


@dataclass(frozen=True, slots=True)
class Run:
    """Length, number of replications and random seed."""

    days: int = number_setting(
        8, 1, 366, "days on which orders arrive; day 0 is a Monday, and the simulation ends when the last order is done"
    )
    warm_up_days: int = number_setting(1, 0, 365, "first days, whose orders are simulated but not measured")
    replications: int = number_setting(5, 1, 100_000, "replications of each variant, with independent random draws")
    seed: int = number_setting(1, 0, 2**63 - 1, "random seed")


@dataclass(frozen=True, slots=True)
class Ajio:
    """Ajio: orders, and cancellations by customers and Ajio."""

    orders_per_day: float = number_setting(2000.0, 1.0, 1_000_000.0, "orders on an ordinary day")
    hourly_weights: tuple[float, ...] = numbers_setting(
        HOURLY_WEIGHTS, 0.0, 1e6, "relative number of orders by hour of day, from 0 h", sources.NIELSEN, HOURS_OF_A_DAY
    )
    weekday_weights: tuple[float, ...] = numbers_setting(
        (1.0,) * 7, 0.0, 1e6, "relative number of orders by weekday, from Monday; 1 is ordinary", length=7
    )
    sale_days: tuple[int, ...] = numbers_setting((), 0, 365, "days with a sale, numbered from 0, or dates")
    sale_factor: float = number_setting(4.0, 1.0, 50.0, "orders on a sale day, as a multiple of an ordinary day", sources.REDSEER)
    sale_decay: float = number_setting(
        1.0,
        0.01,
        1.0,
        "orders beyond an ordinary day, on each further day of a sale, as a share of those on the day before",
        sources.SALE_DAYS_2023,
    )
    sale_first_hour_share: float = share_setting(0.15, "orders of the first sale day that come in its first hour", sources.MYNTRA_2021)
    units_weights: tuple[float, ...] = numbers_setting(
        (0.68, 0.20, 0.08, 0.03, 0.01), 0.0, 1e6, "relative number of orders of 1, 2 … units", sources.MYNTRA_2012, 5
    )
    cash_on_delivery_share: float = share_setting(0.45, "orders paid in cash on delivery", sources.CASH)
    pull_interval_minutes: int = number_setting(
        15, 0, 1440, "time between two pulls of orders from Ajio; 0: each order at once", sources.PULLS
    )
    acknowledgement_window_hours: float = number_setting(4.0, 0.0, 72.0, "time for the customer to cancel", sources.VMS_FLOW)
    customer_cancellation_share: float = share_setting(0.04, "orders that the customer cancels in that time")
    target_hours: float = number_setting(24.0, 1.0, 720.0, "promised time to dispatch", sources.FYND_TARGET)
    breach_hours: float = number_setting(48.0, 1.0, 720.0, "time to dispatch after which the SLA is breached", sources.FYND_BREACH)
    breach_cancellation_share: float = share_setting(0.8, "orders with a breached SLA that Ajio cancels")
    breach_reaction_hours_mean: float = number_setting(6.0, 0.01, 720.0, "mean time from the breach to the cancellation, exponential")
    stale_status_share: float = share_setting(
        0.02, "orders whose manifest Ajio does not see; only these may Ajio still ask to cancel once the manifest is closed"
    )
    technical_cancellation_share: float = share_setting(0.003, "orders that Ajio cancels for a technical issue")
    technical_delay_hours_mean: float = number_setting(12.0, 0.01, 720.0, "mean age of the order when Ajio does so, exponential")
    partial_cancellation_share: float = share_setting(0.0002, "orders of several units that Ajio cancels in part", sources.SOP)
    partial_delay_hours_mean: float = number_setting(8.0, 0.01, 720.0, "mean age of the order when Ajio does so, exponential")


@dataclass(frozen=True, slots=True)
class Oms:
    """Assure OMS: allocation, hold, and the seller's own cancellations."""

    invoicing_erp_share: float = share_setting(1.0, "orders e-invoiced by the client's ERP; the others by RMS")
    allocation_minutes_median: float = number_setting(2.0, 0.01, 1440.0, "median time from arrival to reserved stock, log-normal")
    allocation_sigma: float = number_setting(0.6, 0.0, 2.0, "spread of that time (sigma)")
    unfulfillable_share: float = share_setting(0.002, "orders without stock at first")
    restock_hours_median: float = number_setting(6.0, 0.01, 720.0, "median time until stock arrives for them, log-normal with sigma 0.8")
    stock_out_cancellation_share: float = share_setting(
        0.3, "orders without stock for which none arrives; the seller cancels them when he would have expected it"
    )
    details_minutes: float = number_setting(30.0, 0.0, 1440.0, "time from the acknowledgement to the B2B details", sources.VMS_HOLD)
    seller_cancellation_share: float = share_setting(0.015, "orders that the seller asks to cancel in full", sources.AMAZON)
    seller_delay_hours_mean: float = number_setting(8.0, 0.01, 720.0, "mean age of the order when the seller asks, exponential")
    seller_partial_share: float = share_setting(0.01, "orders of several units that the seller asks to cancel in part")
    seller_partial_delay_hours_mean: float = number_setting(6.0, 0.01, 720.0, "mean age of the order when the seller asks, exponential")


@dataclass(frozen=True, slots=True)
class Erp:
    """The client's ERP: posting, e-invoices, outages, credit notes."""

    post_interval_minutes: int = number_setting(15, 1, 1440, "time between two posts of orders to the ERP", sources.PULLS)
    posts_per_interval: int = number_setting(250, 1, 1_000_000, "largest number of orders in one post")
    invoice_interval_minutes: int = number_setting(
        30, 1, 1440, "time between two batches of e-invoices", "assumed: longer than between two posts"
    )
    invoice_lag_minutes_median: float = number_setting(8.0, 0.01, 1440.0, "median time before a posted order can join a batch, log-normal")
    invoice_lag_sigma: float = number_setting(0.8, 0.0, 2.0, "spread of that time (sigma)")
    push_interval_minutes: int = number_setting(5, 1, 1440, "time between two pushes of e-invoices")
    outage_starts_at_hours: tuple[float, ...] = numbers_setting((), 0.0, 8784.0, "hours after the start at which the ERP goes down")
    outage_hours: float = number_setting(4.0, 0.01, 720.0, "length of each outage")
    learns_of_cancellation_share: float = share_setting(
        0.7, "cancellations of posted orders that reach the ERP before it invoices (GAP-17)"
    )
    clerks: int = number_setting(
        2, 1, 1000, "people who make credit notes, in office hours", "assumed: 35 credit notes a day each, and spare capacity"
    )
    office_opens_at_hour: float = number_setting(10.0, 0.0, 23.0, "start of the office day, Monday to Friday")
    office_closes_at_hour: float = number_setting(18.0, 1.0, 24.0, "end of the office day")
    office_holidays: tuple[int, ...] = numbers_setting((), 0, 730, "holidays of the office, days numbered from 0, or dates")
    credit_note_minutes_median: float = number_setting(12.0, 0.01, 1440.0, "median work on one credit note, log-normal with sigma 0.5")


def with_station_settings(kind: type[Section]) -> type[Section]:
    """Add to a section the settings of stations that are declared only in the table of stations."""
    section, names = kind.__name__.lower(), {entry.name for entry in fields(kind)}  # type: ignore[arg-type]
    added = [
        (name, type(setting.default), setting)
        for station in STATIONS
        for key, setting in _settings_of(station)
        for key_section, _, name in [key.partition(".")]
        if key_section == section and name not in names
    ]
    return make_dataclass(kind.__name__, added, bases=(kind,), frozen=True, slots=True) if added else kind


def _settings_of(station: Station) -> Iterator[tuple[str, Any]]:
    if station.pace is not None:
        pace, source = station.pace, station.pace.source
        yield station.people, number_setting(pace.people, 1, 100_000, f"{station.name} at work", source)
        seconds = number_setting(pace.seconds, 0.01, 86400.0, f"median time to {station.activity} an order, log-normal", source)
        yield station.seconds, seconds
        yield station.sigma, number_setting(pace.sigma, 0.0, 2.0, f"spread of the time to {station.activity} (sigma)", source)


@with_station_settings
@dataclass(frozen=True, slots=True)
class Wms:
    """The warehouse: people, work, manifests, returns."""

    pull_interval_minutes: int = number_setting(5, 1, 1440, "time between two pulls of released orders by the warehouse")
    shift_starts_at_hour: float = number_setting(6.0, 0.0, 23.0, "start of work, every day")
    shift_ends_at_hour: float = number_setting(22.0, 1.0, 24.0, "end of work; work already begun is finished")
    pickers: int = number_setting(4, 1, 100_000, "pickers at work", "assumed: 90 units an hour each, and spare capacity")
    packers: int = number_setting(7, 1, 100_000, "packers at work", "assumed: 28 orders an hour each, and spare capacity")
    shift_changes_at_hours: tuple[float, ...] = numbers_setting(
        (), 0.0, 24.0, "hours at which one shift takes over from another; without any there is one shift"
    )
    staff_by_shift: tuple[float, ...] = numbers_setting(
        (), 0.0, 10.0, "people in each shift, as multiples of the numbers of pickers, packers and checkers; empty: 1 in each"
    )
    staff_by_weekday: tuple[float, ...] = numbers_setting(
        (1.0,) * 7, 0.0, 10.0, "people by weekday, from Monday, as multiples of these numbers; 0: closed", length=7
    )
    breaks_at_hours: tuple[float, ...] = numbers_setting(
        (), 0.0, 24.0, "starts of breaks, in which no work begins; work already begun is finished"
    )
    break_minutes: float = number_setting(30.0, 1.0, 240.0, "length of each break")
    holidays: tuple[int, ...] = numbers_setting((), 0, 730, "holidays of the warehouse, days numbered from 0, or dates")
    holiday_staff_share: float = share_setting(0.0, "people on holidays, as a share of an ordinary day; 0: closed")
    temporary_days: tuple[int, ...] = numbers_setting((), 0, 365, "days on which temporary people work, numbered from 0, or dates")
    temporary_pickers: int = number_setting(0, 0, 100_000, "temporary pickers on these days, in each shift")
    temporary_packers: int = number_setting(0, 0, 100_000, "temporary packers on these days, in each shift")
    waves_at_hours: tuple[float, ...] = numbers_setting(
        (), 0.0, 23.99, "hours of the day at which pulled orders are handed to the pickers, in waves; empty: at once"
    )
    work_order: str = word_setting("first-come", ("first-come", "earliest-due"), "which waiting order is next")
    pick_seconds_per_unit_median: float = number_setting(36.0, 0.01, 86400.0, "median time to pick a unit, log-normal", sources.PICKING)
    pick_sigma: float = number_setting(0.47, 0.0, 2.0, "spread of the picking time (sigma)", "assumed: a coefficient of variation of 0.5")
    pack_seconds_median: float = number_setting(115.0, 0.01, 86400.0, "median time to pack an order, log-normal", sources.PACKING)
    pack_sigma: float = number_setting(0.5, 0.0, 2.0, "spread of the packing time (sigma)")
    missing_unit_share: float = share_setting(0.008, "units not found or damaged when the order is packed (GAP-40)", sources.STOCK)
    packing_error_hours_median: float = number_setting(
        3.0, 0.01, 720.0, "median time from a packing error to the cancellation in Assure OMS, log-normal, sigma 0.6"
    )
    manifest_closes_at_hours: tuple[float, ...] = numbers_setting(
        (12.0, 16.0, 20.0, 22.5), 0.0, 23.99, "manifests close at these hours of the day"
    )
    shipments_per_manifest: int = number_setting(
        250, 1, 1_000_000, "largest number of shipments on a manifest; a full one closes at once", sources.MANIFEST
    )
    checkers: int = number_setting(
        2, 1, 100_000, "people who check returns, in the shift of the warehouse", "assumed: 60 units an hour each, and spare capacity"
    )
    check_seconds_per_unit_median: float = number_setting(
        53.0, 0.01, 86400.0, "median time to check a returned unit, log-normal with sigma 0.5", "assumed: a mean of 60 seconds"
    )
    courier_minutes_after: float = number_setting(30.0, 1.0, 1440.0, "time from the close of a manifest to the courier's van")
    courier_cut_off_minutes: float = number_setting(
        0.0, 0.0, 720.0, "time before a manifest closes after which a packed order waits for the next one"
    )
    shipments_per_van: int = number_setting(
        MOST_SHIPMENTS,
        1,
        MOST_SHIPMENTS,
        "largest number of shipments that a van takes; the others wait for the next van",
        "assumed: no limit",
    )
    vans_by_weekday: tuple[float, ...] = numbers_setting(
        (1.0,) * 7, 0.0, 100.0, "vans at each hour of closing by weekday, from Monday; 0: no van comes", length=7
    )

    @property
    def has_limited_vans(self) -> bool:
        """Whether the vans hold a limited number of shipments, or do not come every day."""
        return self.shipments_per_van < MOST_SHIPMENTS or not all(self.vans_by_weekday)

    def van_capacity(self, weekday: int) -> int:
        """Return the number of shipments that are taken along after each hour of closing on a weekday."""
        return int(self.shipments_per_van * self.vans_by_weekday[weekday])


@dataclass(frozen=True, slots=True)
class RandomOutages:
    """Random outages of the systems: up for an exponential time, then down for an exponential time."""

    erp_days_between_mean: float = number_setting(
        0.0, 0.0, 3650.0, "mean days from the end of an outage of the client's ERP to the next; 0: none"
    )
    erp_repair_hours_mean: float = number_setting(3.6, 0.01, 720.0, "mean length of these outages", sources.AVAILABILITY)
    rms_days_between_mean: float = number_setting(0.0, 0.0, 3650.0, "mean days from the end of an outage of RMS to the next; 0: none")
    rms_repair_hours_mean: float = number_setting(3.6, 0.01, 720.0, "mean length of these outages", sources.AVAILABILITY)
    irp_days_between_mean: float = number_setting(
        0.0, 0.0, 3650.0, "mean days from the end of an outage of all IRPs that are used to the next; 0: none"
    )
    irp_repair_hours_mean: float = number_setting(1.0, 0.01, 720.0, "mean length of these outages", sources.IRPS)
    ajio_days_between_mean: float = number_setting(
        0.0, 0.0, 3650.0, "mean days from the end of an outage of the Ajio VMS to the next; 0: none"
    )
    ajio_repair_hours_mean: float = number_setting(3.6, 0.01, 720.0, "mean length of these outages", sources.AVAILABILITY)


@dataclass(frozen=True, slots=True)
class Returns:
    """What comes back after dispatch."""

    unit_return_share: float = share_setting(0.28, "units that the customer sends back", sources.RETURNED)
    sale_return_factor: float = number_setting(
        1.0, 1.0, 4.0, "units sent back of orders from sale days, as a multiple of that share", sources.RETURNED_IN_SALES
    )
    rto_share_cash: float = share_setting(0.26, "parcels paid in cash that come back undelivered", sources.UNDELIVERED)
    rto_share_prepaid: float = share_setting(0.02, "prepaid parcels that come back undelivered", sources.UNDELIVERED)
    delivery_days: tuple[float, ...] = numbers_setting(
        (2.0, 4.0, 8.0), 0.01, 60.0, "minimum, most likely and maximum days to delivery", length=3
    )
    request_days: tuple[float, ...] = numbers_setting(
        (1.0, 4.0, 14.0), 0.01, 60.0, "days from delivery to the return request", sources.RETURN_WINDOW, 3
    )
    transit_days: tuple[float, ...] = numbers_setting(
        (6.0, 9.0, 14.0), 0.01, 60.0, "days from the return request to the warehouse", sources.RETURN_TRANSIT, 3
    )
    rto_days: tuple[float, ...] = numbers_setting(
        (8.0, 12.0, 20.0), 0.01, 60.0, "days from dispatch back to the warehouse, undelivered", sources.RTO_TRANSIT, 3
    )
    quality_check_hours: tuple[float, ...] = numbers_setting(
        (0.5, 6.0, 24.0), 0.01, 720.0, "hours from receipt until a parcel can be checked", sources.DOCK, 3
    )
    same_parcel_share: float = share_setting(0.9, "orders whose returned units come back in one parcel")
    fail_share: float = share_setting(0.05, "returned units that fail the quality check")
    missing_share: float = share_setting(0.01, "returned units that are missing from their parcel")


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in rupees. They have no part in the events of an order."""

    picker_rupees_an_hour: float = number_setting(98.0, 0.0, 1e6, "pay of a picker for an hour of the shift", sources.WAGES_SEMI_SKILLED)
    packer_rupees_an_hour: float = number_setting(98.0, 0.0, 1e6, "pay of a packer for an hour of the shift", sources.WAGES_SEMI_SKILLED)
    checker_rupees_an_hour: float = number_setting(
        98.0, 0.0, 1e6, "pay of a person who checks returns, for an hour of the shift", sources.WAGES_SEMI_SKILLED
    )
    clerk_rupees_an_hour: float = number_setting(108.0, 0.0, 1e6, "pay of a clerk for an hour of the office day", sources.WAGES_CLERICAL)
    overtime_factor: float = number_setting(2.0, 1.0, 10.0, "pay for an hour after the shift, as a multiple of one in it", sources.OVERTIME)
    lost_order_rupees: float = number_setting(
        150.0, 0.0, 1e6, "margin lost with an order that the seller or Ajio cancels", "assumed: 15 % of an order of 1,000 rupees"
    )
    breach_penalty_rupees: float = number_setting(
        50.0, 0.0, 1e6, "penalty for an order with a breached SLA; Ajio agrees it with each seller"
    )
    credit_note_rupees: float = number_setting(
        25.0, 0.0, 1e6, "cost of a credit note besides the clerk's hours: portal, filing, correspondence"
    )
