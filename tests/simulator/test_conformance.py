"""Simulated orders satisfy every invariant, whatever the experiment; and every check can fail, each for its own cause."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.log.calendar import HOUR
from simulator.analysis.checks import INVARIANTS, check
from simulator.analysis.occupancy import Occupancy
from simulator.experiment.experiment import load, shipped_experiments
from simulator.study.simulate import simulate
from sop_engine.errors import SopError
from tests.support.corruptions import CORRUPTIONS, Rows
from tests.support.replay import DiffersError, lives, replay, report_of_each_day

SMALL = ("run.days=3", "run.warm_up_days=1", "ajio.orders_per_day=250")


def blocks(log, orders=150):
    """The log in blocks of whole orders; what is about no order comes with the first."""
    numbers = log.columns["order"]
    for low in range(0, int(numbers.max()) + 1, orders):
        selected = (numbers > low) & (numbers <= low + orders) | ((numbers == 0) & (low == 0))
        yield log.take(selected)


@pytest.mark.parametrize("name", shipped_experiments())
def test_every_shipped_experiment_passes_every_check(name):
    experiment = load(name, [*SMALL, *(["ajio.sale_days=[1]"] if name == "sale_days" else [])])
    results = check([simulate(experiment)], experiment)

    assert [result for result in results if not result.holds] == []
    assert len(results) == len(INVARIANTS) + 10


def test_blocks_are_judged_as_the_whole_log_is():
    experiment = load("erp_outage", SMALL)
    log = simulate(experiment)

    assert check(blocks(log), experiment) == check([log], experiment)
    assert np.array_equal(np.sort(np.concatenate([part.columns["order"] for part in blocks(log)])), np.sort(log.columns["order"]))


# Replayed by the engine's own orders


@pytest.mark.parametrize("name", shipped_experiments())
def test_the_lives_are_those_of_the_engines_orders_and_its_reports_list_them_on_their_day(name):
    experiment = load(name, [*SMALL, *(["ajio.sale_days=[1]"] if name == "sale_days" else [])])
    log = simulate(experiment)
    orders = [replay(life) for life in lives(log)]

    assert len(orders) == log.columns["order"].max()
    assert (report_of_each_day(log, orders) > 0) == (experiment.oms.invoicing_erp_share > 0)


def test_where_everything_happens_the_lives_are_the_same_too(log):
    orders = [replay(life) for life in lives(log)]

    assert report_of_each_day(log, orders) >= 30
    assert sum(1 for order in orders for duty in order.duties if duty.because == ("GAP-17",)) >= 5
    assert any(order.packing_error for order in orders)


THE_ENGINES = {"answers", "cases", "not after PACKED", "no work after cancellation", "credit notes due", "credit notes made"}


@pytest.mark.parametrize(
    "corruption", [corrupted for corrupted in CORRUPTIONS if corrupted.red & THE_ENGINES], ids=lambda corrupted: corrupted.what
)
def test_a_life_that_is_not_the_engines_is_refused_by_its_orders(corruption, log):
    rows = Rows(log)
    corruption.do(rows)
    changed = rows.log()

    with pytest.raises((SopError, DiffersError, ValueError)):
        report_of_each_day(changed, [replay(life) for life in lives(changed)])


@pytest.mark.parametrize("change", ["time_ms", "units", "stage"])
def test_a_cancellation_with_other_facts_is_not_the_one_of_the_vms_report(change, log):
    orders = [replay(life) for life in lives(log)]
    rows = Rows(log)
    row = next(row for row in rows.find("cancellation", scope="full", outcome="allowed") if rows.has(row["order"], "posted"))
    row[change] = {"time_ms": row["time_ms"] + 24 * HOUR, "units": row["units"] + 1, "stage": "PACKED"}[change]

    with pytest.raises(DiffersError, match="report of"):
        report_of_each_day(rows.log(), orders)


# Every check can fail


@pytest.fixture(scope="module")
def experiment():
    """Everything happens in it, with people to spare."""
    changes = {
        "run.days": 4,
        "run.warm_up_days": 0,
        "ajio.orders_per_day": 120,
        "ajio.partial_cancellation_share": 0.1,
        "ajio.technical_cancellation_share": 0.1,
        "ajio.stale_status_share": 0.5,
        "oms.invoicing_erp_share": 0.6,
        "oms.seller_cancellation_share": 0.4,
        "oms.seller_partial_share": 0.3,
        "oms.unfulfillable_share": 0.1,
        "erp.learns_of_cancellation_share": 0.2,
        "erp.invoice_interval_minutes": 120,
        "wms.pickers": 2,
        "wms.packers": 2,
    }
    return load("ordinary_week_erp", [f"{key}={value}" for key, value in changes.items()])


@pytest.fixture(scope="module")
def log(experiment):
    return simulate(experiment)


def test_the_log_that_is_corrupted_was_right_before(log, experiment):
    assert red(log, experiment) == set()


def red(log, experiment):
    return {result.name for result in check([log], experiment) if not result.holds}


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corrupted: corrupted.what)
def test_a_corrupted_log_turns_exactly_its_checks_red(corruption, log, experiment):
    rows = Rows(log)
    corruption.do(rows)

    assert red(rows.log(), experiment) == corruption.red


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (["wms.packers=1"], {"staff, packers"}),
        (["wms.pickers=1"], {"staff, pickers"}),
        (["wms.shift_starts_at_hour=9"], {"staff, pickers", "staff, packers", "returns in the shift"}),
        (["erp.outage_starts_at_hours=[10]", "erp.outage_hours=8"], {"outages"}),
        (["ajio.stale_status_share=0"], {"requests"}),
        (["wms.shipments_per_manifest=5"], {"manifests"}),
        (["wms.shipments_per_van=5"], {"vans"}),
        (["wms.shift_changes_at_hours=[14]", "wms.staff_by_shift=[1, 0.5]"], {"staff, pickers", "staff, packers"}),
        (["wms.breaks_at_hours=[12]"], {"staff, pickers", "staff, packers", "returns in the shift"}),
    ],
)
def test_a_log_does_not_fit_an_experiment_with_fewer_people_smaller_manifests_or_an_outage(changes, expected, log):
    other = load("ordinary_week_erp", ["wms.pickers=2", "wms.packers=2", *changes])

    assert red(log, other) == expected


def test_every_check_can_fail(log, experiment):
    noticed = {name for corruption in CORRUPTIONS for name in corruption.red} | {"staff, pickers", "staff, packers", "outages"}

    assert noticed == {result.name for result in check([log], experiment)}


def test_a_check_says_how_many_things_of_which_kind_it_looked_at(log, experiment):
    broken = {result.name: result.things for result in check([log], experiment)}

    assert broken["orders conserved"] == "orders dispatched or cancelled"
    assert broken["life cycle"] == "orders with steps in sequence"


def test_a_check_that_fails_says_what_was_found_and_where(log, experiment):
    rows = Rows(log)
    row = next(rows.find("credit note made"))
    rows.drop(row)
    (broken,) = [result for result in check([rows.log()], experiment) if not result.holds]
    count = sum(1 for _ in rows.find("credit note due"))

    assert (broken.expected, broken.things) == (f"{count}", "credit notes made")
    assert broken.found == f"{count - 1}; not order {row['order']}"


# Who is where


MOMENTS = st.integers(0, 40)


@settings(max_examples=60, deadline=None)
@given(stays=st.lists(st.tuples(MOMENTS, st.integers(0, 15)), max_size=30), cut=MOMENTS, places=st.booleans())
def test_a_crowd_counted_in_two_blocks_is_the_crowd_counted_by_hand(stays, cut, places):
    stays = [(came, came + max(stay, int(places))) for came, stay in stays]
    crowd = Occupancy(places=places)
    for part in ([s for s in stays if s[0] < cut], [s for s in stays if s[0] >= cut]):
        crowd.add(*(np.array([stay[k] for stay in part], dtype=np.int64) for k in (0, 1)), cut)
    crowd.finish()
    there = [sum(came <= now < went for came, went in stays) for now in range(60)]

    assert (crowd.area, crowd.stays, crowd.inside) == (sum(there), sum(went - came for came, went in stays), 0)
    assert crowd.least == 0
    assert crowd.entered == len(stays)
    if places:
        assert crowd.most == max(there)


# Any experiment


def share():
    return st.sampled_from([0.0, 0.1, 0.5, 1.0])


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    changes=st.fixed_dictionaries(
        {
            "run.seed": st.integers(0, 10_000),
            "run.days": st.integers(1, 4),
            "ajio.orders_per_day": st.integers(1, 150),
            "ajio.units_weights": st.just([2, 3, 2, 1, 1]),
            "ajio.acknowledgement_window_hours": st.sampled_from([0.0, 0.5, 4.0, 40.0]),
            "ajio.customer_cancellation_share": share(),
            "ajio.technical_cancellation_share": share(),
            "ajio.partial_cancellation_share": share(),
            "ajio.breach_hours": st.sampled_from([24, 30, 48]),
            "oms.invoicing_erp_share": share(),
            "oms.unfulfillable_share": share(),
            "oms.details_minutes": st.sampled_from([0.0, 30.0]),
            "oms.seller_cancellation_share": share(),
            "oms.seller_partial_share": share(),
            "erp.posts_per_interval": st.sampled_from([1, 3, 250]),
            "erp.invoice_interval_minutes": st.sampled_from([1, 30, 600]),
            "erp.learns_of_cancellation_share": share(),
            "erp.outage_starts_at_hours": st.lists(st.integers(0, 60), max_size=2),
            "erp.clerks": st.integers(1, 2),
            "wms.pickers": st.integers(1, 3),
            "wms.packers": st.integers(1, 3),
            "wms.pack_seconds_median": st.sampled_from([1, 60, 1200, 7200]),
            "wms.missing_unit_share": st.sampled_from([0.0, 0.2, 1.0]),
            "wms.shift_starts_at_hour": st.sampled_from([0, 6, 21]),
            "wms.work_order": st.sampled_from(["first-come", "earliest-due"]),
            "returns.unit_return_share": share(),
            "returns.same_parcel_share": share(),
            "oms.stock_out_cancellation_share": share(),
            "ajio.stale_status_share": share(),
            "wms.shipments_per_manifest": st.sampled_from([1, 3, 250]),
            "wms.checkers": st.integers(1, 3),
            "wms.check_seconds_per_unit_median": st.sampled_from([1, 53, 40_000]),
            "wms.breaks_at_hours": st.sampled_from([[], [21.25], [21]]),
            "wms.staff_by_weekday": st.sampled_from([[1] * 7, [1, 0, 2, 0.3, 1, 1, 0]]),
            "wms.holidays": st.lists(st.integers(0, 6), max_size=2),
            "wms.waves_at_hours": st.sampled_from([[], [8, 13.5]]),
            "wms.courier_cut_off_minutes": st.sampled_from([0, 45, 300]),
            "wms.shipments_per_van": st.sampled_from([3, 1_000_000]),
            "wms.vans_by_weekday": st.sampled_from([[1] * 7, [1, 0.5, 0, 1, 1, 0, 2]]),
            "ajio.pull_interval_minutes": st.sampled_from([0, 15]),
            **{f"outages.{system}_days_between_mean": st.sampled_from([0.0, 0.5]) for system in ("erp", "rms", "irp", "ajio")},
        }
    ),
    size=st.sampled_from([7, 100_000]),
)
def test_any_experiment_passes_every_check_and_lives_as_the_engines_orders_do(changes, size):
    experiment = load("ordinary_week_erp", ["run.warm_up_days=0", *(f"{key}={json.dumps(value)}" for key, value in changes.items())])
    log = simulate(experiment)

    assert [result for result in check(blocks(log, size), experiment) if not result.holds] == []
    report_of_each_day(log, [replay(life) for life in lives(log)])
