"""Pulls from Ajio, waves of picking, cut-offs and capacity of the couriers, sales that fade, and their returns."""

import re

import numpy as np
import pytest

from orders.log.calendar import DAY, HOUR, MINUTE, NEVER, Daily
from orders.log.columns import Event, EventReason
from orders.log.order_times import OrderTimes
from simulator.analysis.checks import check
from simulator.errors import ExperimentError
from simulator.experiment.expected_orders import expected_by_hour
from simulator.experiment.experiment import load, parse, setting_of
from simulator.model.draws.order_draws import draw_orders
from simulator.study.simulate import simulate
from simulator.study.study import run_study
from tests.support.station_table import PAGE

SMALL = ("run.days=7", "ajio.orders_per_day=300")
HOURS = Daily.at((12.0, 16.0, 20.0, 22.5))


def times_of(*changes, name="ordinary_week_erp"):
    """Simulate; every check must hold. Return the times of each order's events."""
    experiment = load(name, [*SMALL, *changes])
    log = simulate(experiment)

    assert [result for result in check([log], experiment) if not result.holds] == []
    return OrderTimes(log)


def real(times):
    return times[times < NEVER]


def test_orders_are_pulled_from_ajio_at_intervals():
    at_once, pulled = (
        draw_orders(load("ordinary_week_erp", [*SMALL, *change]), 0)
        for change in (["ajio.pull_interval_minutes=0"], ["ajio.pull_interval_minutes=30"])
    )
    delays = np.array(pulled.allocated) - np.array(at_once.allocated)
    normal = np.array(pulled.unfulfillable) == NEVER

    assert at_once.created == pulled.created
    assert delays[normal].min() > 0
    assert delays[normal].max() <= 30 * MINUTE
    assert delays[normal].mean() == pytest.approx(15 * MINUTE, rel=0.1)
    assert ((np.array(pulled.allocated)[normal] - delays[normal] - np.array(at_once.allocated)[normal]) == 0).all()


def test_pickers_get_the_orders_in_waves():
    order_times = times_of("wms.waves_at_hours=[8, 14]", "wms.pickers=2")
    released, started = order_times.at(Event.RELEASED), order_times.at(Event.PICK_STARTED)
    picked = started < NEVER
    waves = Daily.at((8.0, 14.0))

    assert picked.sum() > 1500
    assert all(begin >= waves.after(pull) for pull, begin in zip(released[picked].tolist(), started[picked].tolist(), strict=True))
    assert {8 * HOUR, 14 * HOUR} <= set((started[picked] % DAY).tolist())
    assert not (started[picked] % DAY < 8 * HOUR).any(), "the night's orders are picked in the first wave of the day"


def test_a_parcel_packed_after_the_cut_off_waits_for_the_next_van():
    order_times = times_of("wms.courier_cut_off_minutes=60")
    packed, ready, dispatched = (real(order_times.at(event)) for event in (Event.PACKED, Event.READY, Event.DISPATCHED))
    late = np.array([HOURS.after(at) - at <= HOUR for at in packed.tolist()])

    assert 50 < late.sum() < len(packed) / 2
    assert ready.tolist() == [HOURS.after(at + HOUR) for at in packed.tolist()]
    assert (dispatched == ready + 30 * MINUTE).all()


def test_a_van_takes_what_it_holds_and_those_that_have_waited_longest():
    order_times = times_of("wms.shipments_per_van=70")
    packed, dispatched = order_times.at(Event.PACKED), order_times.at(Event.DISPATCHED)
    sent = dispatched < NEVER
    sequence = np.lexsort([order_times.orders[sent], packed[sent]])
    vans, loads = np.unique(dispatched, return_counts=True)

    assert loads[vans < NEVER].max() == 70
    assert (np.diff(dispatched[sent][sequence]) >= 0).all(), "first packed, first taken along"
    assert any(HOURS.after(at) + 30 * MINUTE < left for at, left in zip(packed[sent].tolist(), dispatched[sent].tolist(), strict=True))
    assert {(at - 30 * MINUTE) % DAY for at in vans[vans < NEVER].tolist()} <= set(HOURS.moments)


def test_on_a_day_without_vans_nothing_is_dispatched_and_all_of_it_later():
    order_times = times_of("wms.vans_by_weekday=[1, 1, 1, 1, 1, 1, 0]")
    usual = times_of()

    assert 6 not in set((real(order_times.at(Event.DISPATCHED)) // DAY % 7).tolist())
    assert 6 in set((real(usual.at(Event.DISPATCHED)) // DAY % 7).tolist())
    assert (order_times.at(Event.PACKED) == usual.at(Event.PACKED)).all()
    assert (order_times.at(Event.DISPATCHED) >= usual.at(Event.DISPATCHED)).all()
    assert (order_times.occurred(Event.DISPATCHED) == usual.occurred(Event.DISPATCHED)).all()


@pytest.mark.parametrize(("shipments", "verdict"), [(50, "growing"), (120, "steady")])
def test_vans_that_are_too_small_are_a_queue_that_grows(shipments, verdict):
    judged = (
        run_study(load("ordinary_week_erp", [*SMALL, f"wms.shipments_per_van={shipments}", "run.replications=2"])).variants[0].stability
    )
    (queue,) = (queue for queue in judged.queues if queue.station == "couriers' vans")

    assert queue.verdict == verdict
    assert queue.load == pytest.approx(300 / 4 / shipments, rel=0.15)


def test_vans_that_hold_everything_are_no_station():
    judged = run_study(load("ordinary_week_erp", [*SMALL, "run.replications=2"])).variants[0].stability

    assert "couriers' vans" not in {queue.station for queue in judged.queues}


@pytest.mark.parametrize(("decay", "expected"), [(1.0, [1, 4, 4, 4, 1, 4, 1]), (0.5, [1, 4, 2.5, 1.75, 1, 4, 1])])
def test_a_sale_fades_day_by_day_and_a_new_one_starts_at_full_strength(decay, expected):
    experiment = load("sale_days", ["ajio.sale_days=[1, 2, 3, 5]", f"ajio.sale_decay={decay}", "run.days=7", "ajio.orders_per_day=1000"])
    by_day = np.array(expected_by_hour(experiment.ajio, 7)).reshape(7, 24).sum(axis=1)
    counts = np.bincount(np.array(draw_orders(experiment, 0).created) // DAY, minlength=7)

    assert by_day == pytest.approx(1000 * np.array(expected))
    assert (np.abs(counts - by_day) < 5 * np.sqrt(by_day)).all()


def test_more_comes_back_of_orders_from_sale_days():
    changes = ("ajio.sale_days=[2, 3]", "ajio.sale_factor=2", "returns.unit_return_share=0.25", "ajio.orders_per_day=500")
    shares = {}
    for factor in (1, 2):
        order_times = times_of(*changes, f"returns.sale_return_factor={factor}", name="sale_days")
        day = order_times.at(Event.CREATED) // DAY
        back = order_times.units(
            Event.RETURN_RECEIVED,
            among=order_times.cells(Event.RETURN_RECEIVED, "reason") == reason(order_times, EventReason.CUSTOMER_RETURN),
        )
        sent = np.where(order_times.occurred(Event.DISPATCHED), order_times.units(Event.PACKED), 0)
        shares[factor] = [back[among].sum() / sent[among].sum() for among in (np.isin(day, [2, 3]), ~np.isin(day, [2, 3]))]

    assert shares[1][1] == shares[2][1], "other days are as they were"
    assert shares[2][0] / shares[1][0] == pytest.approx(2, rel=0.1)


def test_the_example_of_the_guide_runs_and_does_what_it_says():
    page = PAGE.read_text(encoding="utf-8")
    (example,) = (block for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "waves_at_hours" in block)
    experiment = parse(example.encode(), "sale.toml", ["ajio.orders_per_day=200", "wms.shipments_per_van=150"])
    log = simulate(experiment)
    order_times = OrderTimes(log)

    assert [result for result in check([log], experiment) if not result.holds] == []
    assert 6 not in set((real(order_times.at(Event.DISPATCHED)) // DAY % 7).tolist())
    assert sum(expected_by_hour(experiment.ajio, 8)[96:120]) == pytest.approx(200 * (1 + 3 * 0.7))
    keys = set(re.findall(r"`((?:ajio|wms|returns)\.[a-z_]+)`", page[page.index("## Pulls") : page.index("## Outages")]))
    assert all(setting_of(experiment, key) != setting_of(load("ordinary_week_erp"), key) for key in keys)


def reason(order_times, word):
    return order_times.log.texts["reason"].index(word)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("ajio.pull_interval_minutes=-5", "`ajio.pull_interval_minutes`: must be a whole number from 0 to 1,440, got -5"),
        ("ajio.sale_decay=0", "`ajio.sale_decay`: must be a number from 0.01 to 1.0, got 0"),
        ("wms.waves_at_hours=[24]", "`wms.waves_at_hours`: must be a list of numbers from 0.0 to 23.99, got [24]"),
        ("wms.courier_cut_off_minutes=-1", "`wms.courier_cut_off_minutes`: must be a number from 0.0 to 720.0, got -1"),
        ("wms.shipments_per_van=0", "`wms.shipments_per_van`: must be a whole number from 1 to 1,000,000, got 0"),
        ("wms.vans_by_weekday=[1, 1]", "`wms.vans_by_weekday`: must be a list of 7 numbers from 0.0 to 100.0, got [1, 1]"),
        ("wms.vans_by_weekday=[0, 0, 0, 0, 0, 0, 0]", "`wms.vans_by_weekday`: must not leave every van without a shipment"),
        ("returns.sale_return_factor=5", "`returns.sale_return_factor`: must be a number from 1.0 to 4.0, got 5"),
    ],
)
def test_a_wrong_setting_of_the_flow_is_one_error_with_key_reason_and_range(change, finding):
    with pytest.raises(ExperimentError) as error:
        load("ordinary_week_erp", [change])

    assert error.value.findings == (f"ordinary_week_erp.toml: {finding}",)
