"""Settings without effect: what each setting needs is complete, and without it the log is the same."""

from dataclasses import fields

import pytest

from simulator.experiment.effects import (
    AJIO_OUTAGES,
    BREACHES,
    BREAKS,
    CASH,
    COMES_BACK,
    ERP,
    ERP_OUTAGES,
    HOLIDAYS,
    INDEPENDENT,
    IRP_OUTAGES,
    LONG_SALE,
    NEEDS,
    OUTAGE,
    OUTAGE_IN_TIME,
    PARTIAL,
    PREPAID,
    RETURNED,
    RMS,
    RMS_OUTAGES,
    SALE,
    SELLER,
    SELLER_PARTIAL,
    SEVERAL_UNITS,
    TECHNICAL,
    TEMPORARY_DAYS,
    TEMPORARY_STAFF,
    TWO_SHARES,
    UNDELIVERED,
    UNFULFILLABLE,
    Precondition,
    unmet_precondition,
)  # fmt: skip
from simulator.experiment.experiment import SECTIONS, load
from simulator.study.simulate import simulate
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.support.setting_tables import SHOWN_BY

KEYS = {f"{section}.{entry.name}": entry.default for section, kind in SECTIONS.items() for entry in fields(kind)}
SMALL = (
    "run.days=1",
    "run.warm_up_days=0",
    "ajio.orders_per_day=60",
    "oms.seller_partial_share=0.3",
    "ajio.partial_cancellation_share=0.3",
)
LACK: dict[Precondition, tuple[str, ...]] = {
    **dict.fromkeys((AJIO_OUTAGES, ERP_OUTAGES, IRP_OUTAGES, RMS_OUTAGES), ()),
    LONG_SALE: ("ajio.sale_days=[0]",),
    RMS: ("oms.invoicing_erp_share=1.0",),
    BREAKS: (),
    HOLIDAYS: (),
    TEMPORARY_DAYS: (),
    TEMPORARY_STAFF: (),
    BREACHES: ("ajio.breach_cancellation_share=0.0",),
    CASH: ("ajio.cash_on_delivery_share=0.0",),
    COMES_BACK: ("returns.unit_return_share=0.0", "returns.rto_share_cash=0.0", "returns.rto_share_prepaid=0.0"),
    ERP: ("oms.invoicing_erp_share=0.0",),
    OUTAGE: (),
    PARTIAL: ("ajio.partial_cancellation_share=0.0",),
    PREPAID: ("ajio.cash_on_delivery_share=1.0",),
    RETURNED: ("returns.unit_return_share=0.0",),
    SALE: (),
    SELLER: ("oms.seller_cancellation_share=0.0",),
    SELLER_PARTIAL: ("oms.seller_partial_share=0.0",),
    SEVERAL_UNITS: ("ajio.units_weights=[1.0, 0.0, 0.0, 0.0, 0.0]",),
    TECHNICAL: ("ajio.technical_cancellation_share=0.0",),
    TWO_SHARES: ("returns.rto_share_cash=0.3", "returns.rto_share_prepaid=0.3"),
    UNDELIVERED: ("returns.rto_share_cash=0.0", "returns.rto_share_prepaid=0.0"),
    UNFULFILLABLE: ("oms.unfulfillable_share=0.0",),
}
"""Settings with which each need is not met. An outage that comes too late is an event of its own, so its log differs."""


def test_every_setting_says_what_it_needs() -> None:
    assert NEEDS.keys() & INDEPENDENT == set()
    assert NEEDS.keys() | INDEPENDENT == KEYS.keys()


def test_each_then_that_shows_a_setting_exists() -> None:
    sentences = {definition.expression for definition in Registry.from_modules(built_in_modules()).definitions}

    assert {sentence for shown_by in SHOWN_BY.values() for sentence in shown_by} <= sentences
    assert {key for key in SHOWN_BY if key not in KEYS and key not in SECTIONS} == set()


BETWEEN = {f"outages.{system}_days_between_mean": "0.1" for system in ("erp", "rms", "irp", "ajio")}
OUTAGES_OF_NOTHING = {
    ("erp.outage_starts_at_hours", ERP),
    ("outages.erp_days_between_mean", ERP),
    ("outages.rms_days_between_mean", RMS),
}
"""Outages are events of the log, also where they concern no order."""
ANOTHER = BETWEEN | {
    "ajio.sale_decay": "0.3",
    "returns.sale_return_factor": "2.0",
    "wms.temporary_days": "[0]",
    "erp.office_holidays": "[1]",
    "wms.temporary_pickers": "4",
    "wms.temporary_packers": "4",
}


def another_value(key: str) -> str:
    """Return a valid value of *key* that differs much from the default."""
    default = KEYS[key]
    if key in ANOTHER:
        return ANOTHER[key]
    if isinstance(default, tuple):
        return str([2 * value for value in default] or [5.0])
    if key in ("erp.posts_per_interval", "erp.invoice_lag_sigma", "returns.same_parcel_share"):
        return "1"
    return str(0.9 if key.endswith("share") else default + 1 if key.startswith("erp.office") else default * 3)


@pytest.mark.parametrize(
    ("key", "need"),
    [(key, need) for key, needs in NEEDS.items() for need in needs if need is not OUTAGE_IN_TIME and (key, need) not in OUTAGES_OF_NOTHING],
    ids=lambda part: part if isinstance(part, str) else part.problem,
)
def test_a_setting_that_lacks_something_leaves_the_log_as_it_is(key: str, need: Precondition) -> None:
    lack = (*SMALL, *(change for change in LACK[need] if not change.startswith(f"{key}=")))
    without, changed = load("ordinary_week_erp", lack), load("ordinary_week_erp", (*lack, f"{key}={another_value(key)}"))

    assert unmet_precondition(key, [changed]) in NEEDS[key]
    assert without != changed
    assert simulate(without).digest() == simulate(changed).digest()


@pytest.mark.parametrize("key", sorted(NEEDS))
def test_a_setting_that_lacks_nothing_has_an_effect(key: str) -> None:
    sale, outage = ("run.days=2", "ajio.sale_days=[0, 1]"), ("erp.outage_starts_at_hours=[9.0]",)
    all_needs = (
        *SMALL,
        "ajio.orders_per_day=200",
        "ajio.breach_hours=24",
        "oms.unfulfillable_share=0.2",
        "ajio.technical_cancellation_share=0.2",
        "oms.seller_cancellation_share=0.1",
        *sale,
        *outage,
        "wms.breaks_at_hours=[10]",
        "wms.holidays=[1]",
        "oms.invoicing_erp_share=0.5",
        *(f"{other}={value}" for other, value in BETWEEN.items() if other != key and other.startswith(key[:11])),
        *(change for change in ("wms.temporary_days=[0]", "wms.temporary_packers=2") if not change.startswith(key)),
        "wms.packers=1",
        "wms.pickers=1",
    )
    without, changed = load("ordinary_week_erp", all_needs), load("ordinary_week_erp", (*all_needs, f"{key}={another_value(key)}"))

    assert unmet_precondition(key, [changed]) is None
    assert simulate(without).digest() != simulate(changed).digest()


@pytest.mark.parametrize(("days", "start", "is_late"), [(2, 2000, True), (2, 300, True), (2, 47, False), (2, 60, False), (90, 2000, False)])
def test_an_outage_after_the_last_order_has_no_effect(days: int, start: int, is_late: bool) -> None:  # noqa: FBT001 (a column)
    experiment = load("ordinary_week_erp", (f"run.days={days}", f"erp.outage_starts_at_hours=[{start}]"))

    assert (unmet_precondition("erp.outage_starts_at_hours", [experiment]) is OUTAGE_IN_TIME) == is_late


def test_a_need_is_met_if_one_variant_meets_it() -> None:
    variants = [variant for _, variant in load("erp_against_rms").variants]

    assert unmet_precondition("erp.clerks", variants) is None
    assert unmet_precondition("erp.clerks", variants[1:]) is ERP
