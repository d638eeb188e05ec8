"""Two simulations of one SOP: the fast one and the one that is written to be read give the same log, row by row."""

from array import array
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.log.calendar import MINUTE
from simulator.experiment.experiment import load, parse, shipped_experiments
from simulator.model.draws.order_draws import draw_orders
from simulator.study.recorded_log import RecordedLog
from simulator.study.simulate import run_processes, simulate
from tests.support.naive_simulation import naive_log

SMALL = ("run.days=3", "run.warm_up_days=0", "ajio.orders_per_day=120")


def small(name, people=1):
    """A shipped experiment with few orders, few days and few people."""
    base = load(name)
    ajio = replace(base.ajio, orders_per_day=120, sale_days=(1,) if name == "sale_days" else ())
    return replace(base, run=replace(base.run, days=3), ajio=ajio, wms=replace(base.wms, pickers=people, packers=people))


def same(experiment, replication=0):
    fast, plain = simulate(experiment, replication), naive_log(experiment, replication)
    for actual, reference in zip(fast.rows(), plain.rows(), strict=False):
        assert actual == reference
    assert len(fast) == len(plain)
    assert fast.digest() == plain.digest()


@pytest.mark.parametrize("name", shipped_experiments())
def test_the_shipped_experiments_on_a_smaller_scale(name):
    same(small(name))


def test_an_order_that_is_ready_at_the_moment_of_a_poll_waits_for_the_next():
    experiment = load("ordinary_week_erp", [*SMALL, "erp.posts_per_interval=3"])
    draws = draw_orders(experiment, 0)
    poll = experiment.erp.post_interval_minutes * MINUTE
    draws.details = array("q", (-(-at // poll) * poll for at in draws.details))

    fast = RecordedLog(experiment, run_processes(experiment, draws)).full_log
    plain = naive_log(experiment, draws=draws)

    assert list(fast.rows()) == list(plain.rows())


MANY = (
    "ajio.technical_cancellation_share=0.3",
    "ajio.customer_cancellation_share=0.1",
    "oms.seller_cancellation_share=0.3",
    "oms.seller_partial_share=0.5",
    "oms.unfulfillable_share=0.2",
    "ajio.units_weights=[2,3,2,1,1]",
)
HARD = {
    "late e-invoices": ("erp.learns_of_cancellation_share=0", "erp.invoice_lag_minutes_median=600"),
    "half of the e-invoices late": ("erp.learns_of_cancellation_share=0.5", "erp.outage_starts_at_hours=[5,30]"),
    "parts from Ajio": ("ajio.partial_cancellation_share=0.5", "ajio.stale_status_share=0.5"),
    "nothing in stock": ("oms.stock_out_cancellation_share=0.5", "wms.missing_unit_share=0.3"),
    "both kinds of invoicing": ("oms.invoicing_erp_share=0.5", "erp.posts_per_interval=2", "ajio.pull_interval_minutes=15"),
    "slow packers": ("wms.pack_seconds_median=3600", "ajio.breach_hours=24"),
}


@pytest.mark.parametrize("name", HARD)
def test_many_cancellations(name):
    same(load("ordinary_week_erp", [*SMALL, "wms.packers=1", "wms.pickers=1", *MANY, *HARD[name]]))


def share():
    return st.sampled_from([0.0, 0.1, 0.5, 1.0])


FLOWS = (
    "",
    "waves_at_hours = [8, 13, 18]",
    "courier_cut_off_minutes = 45",
    "shipments_per_van = 7\nvans_by_weekday = [1, 0.5, 1, 1, 1, 0, 2]",
    "shipments_per_van = 3\ncourier_minutes_after = 500\ncourier_cut_off_minutes = 100\nwaves_at_hours = [0, 12]",
)
CALENDARS = (
    "",
    "breaks_at_hours = [8.5, 12, 19]\nbreak_minutes = 60",
    "shift_changes_at_hours = [10, 16]\nstaff_by_shift = [1, 0.4, 2]\nstaff_by_weekday = [1, 0, 1, 1, 1, 2, 0]",
    "holidays = [1, 3]\nholiday_staff_share = 0.3\ntemporary_days = [0, 1]\ntemporary_packers = 2\ntemporary_pickers = 1",
    "shift_starts_at_hour = 0\nshift_ends_at_hour = 24\nshift_changes_at_hours = [8, 16]\nstaff_by_shift = [0, 1, 1]",
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    orders=st.integers(1, 150),
    erp=share(),
    seller=share(),
    part=share(),
    ajio=share(),
    ajio_part=share(),
    customer=share(),
    people=st.integers(1, 3),
    slow=st.sampled_from([60, 1200, 7200]),
    missing=st.sampled_from([0.0, 0.2]),
    breach=st.sampled_from([24, 30, 48]),
    limit=st.sampled_from([1, 3, 250]),
    learns=share(),
    outage=st.lists(st.integers(0, 60), max_size=2),
    work=st.sampled_from(["first-come", "earliest-due"]),
    shipments=st.sampled_from([1, 2, 5, 250]),
    stale=share(),
    checkers=st.integers(1, 3),
    check_seconds=st.sampled_from([1, 53, 3600, 40_000]),
    together=share(),
    stock_out=share(),
    calendar=st.sampled_from(CALENDARS),
    pull=st.sampled_from([0, 15, 100]),
    sale=st.sampled_from([[], [1], [0, 1]]),
    flow=st.sampled_from(FLOWS),
    failing=st.sets(st.sampled_from(["erp", "rms", "irp", "ajio"])),
)
def test_random_experiments(  # noqa: PLR0913 - one for each setting
    seed,
    orders,
    erp,
    seller,
    part,
    ajio,
    ajio_part,
    customer,
    people,
    slow,
    missing,
    breach,
    limit,
    learns,
    outage,
    work,
    shipments,
    stale,
    checkers,
    check_seconds,
    together,
    stock_out,
    calendar,
    pull,
    sale,
    flow,
    failing,
):
    text = f"""
description = "random"
[run]
days = 2
warm_up_days = 0
seed = {seed}
[ajio]
orders_per_day = {orders}
units_weights = [2, 3, 2, 1, 1]
customer_cancellation_share = {customer / 4}
technical_cancellation_share = {ajio}
partial_cancellation_share = {ajio_part}
breach_hours = {breach}
pull_interval_minutes = {pull}
sale_days = {sale}
sale_decay = 0.5
breach_reaction_hours_mean = 2
stale_status_share = {stale}
[oms]
invoicing_erp_share = {erp}
unfulfillable_share = 0.2
stock_out_cancellation_share = {stock_out}
seller_cancellation_share = {seller}
seller_partial_share = {part}
[erp]
posts_per_interval = {limit}
learns_of_cancellation_share = {learns}
outage_starts_at_hours = {outage}
[wms]
pickers = {people}
packers = {people}
pack_seconds_median = {slow}
missing_unit_share = {missing}
work_order = "{work}"
shipments_per_manifest = {shipments}
checkers = {checkers}
check_seconds_per_unit_median = {check_seconds}
{calendar}
{flow}
[returns]
same_parcel_share = {together}
sale_return_factor = 2
[outages]
""" + "".join(f"{system}_days_between_mean = 0.3\n{system}_repair_hours_mean = 3\n" for system in sorted(failing))
    same(parse(text.encode(), "random.toml"))
