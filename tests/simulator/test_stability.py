"""Stability: a queue that grows is called so for any station and any number of days; a steady one is not."""

import math

import pytest

from orders.log.calendar import DAY, HOUR
from orders.log.columns import Event
from simulator.analysis.daily_flow import CLERKS, POSTS, FlowTotals
from simulator.analysis.stability import judge, mser
from simulator.experiment.experiment import load
from simulator.study.recorded_log import RecordedLog
from simulator.study.simulate import record_replication
from simulator.study.study import run_study
from simulator.study_data import Stability
from tests.support.naive_measures import NEVER, at, ended, open_time

PICKERS, PACKERS = "pickers", "packers"
SMALL = ("ajio.orders_per_day=200", "run.replications=3", "erp.clerks=2", "wms.packers=1", "wms.pickers=1")
OVERLOADED = {
    POSTS: ("erp.posts_per_interval=2",),
    PICKERS: ("wms.pick_seconds_per_unit_median=300",),
    PACKERS: ("wms.pack_seconds_median=330",),
    CLERKS: ("erp.credit_note_minutes_median=300",),
}


def stability(name: str, *changes: str) -> Stability:
    judged = run_study(load(name, [*SMALL, *changes])).variants[0].stability
    assert judged is not None
    return judged


def verdicts(judged: Stability) -> dict[str, str]:
    return {queue.station: queue.verdict for queue in judged.queues}


def test_every_queue_of_an_ordinary_week_with_spare_capacity_is_steady() -> None:
    judged = stability("ordinary_week_erp")

    assert verdicts(judged) == dict.fromkeys((PICKERS, PACKERS, POSTS, CLERKS), "steady")
    assert all(0 < queue.load < 1 for queue in judged.queues)
    assert judged.unsteady == []


@pytest.mark.parametrize("station", OVERLOADED)
def test_an_overloaded_station_grows(station: str) -> None:
    judged = stability("ordinary_week_erp", *OVERLOADED[station])
    (queue,) = (queue for queue in judged.queues if queue.station == station)

    assert (queue.verdict, station in {other.station for other in judged.unsteady}) == ("growing", True)
    assert queue.load >= 1
    assert queue.end > queue.start


@pytest.mark.parametrize(
    ("name", "changes"), [("packers", ("wms.pack_seconds_median=300",)), ("pickers", ("wms.pick_seconds_per_unit_median=235",))]
)
def test_the_verdict_does_not_depend_on_the_number_of_days(name: str, changes: tuple[str, ...]) -> None:
    by_days = {days: stability("ordinary_week_erp", *changes, f"run.days={days}", "run.replications=2") for days in (8, 15, 29)}

    assert {verdicts(judged)[name] for judged in by_days.values()} == {"growing"}
    loads = [queue.load for judged in by_days.values() for queue in judged.queues if queue.station == name]
    assert max(loads) - min(loads) < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("days", [8, 15, 29])
@pytest.mark.parametrize(("packers", "verdict"), [(5, "steady"), (4, "growing")])
def test_five_packers_keep_up_and_four_do_not(packers: int, verdict: str, days: int) -> None:
    judged = (
        run_study(load("ordinary_week_erp", [f"wms.packers={packers}", f"run.days={days}", "run.replications=2"])).variants[0].stability
    )

    assert judged is not None
    assert verdicts(judged)[PACKERS] == verdict


def test_a_peak_that_is_not_worked_off_is_left_and_one_that_is_is_steady() -> None:
    sale = ("ajio.sale_days=[3]", "ajio.sale_factor=6")

    assert verdicts(stability("ordinary_week_erp", *sale, "run.days=5"))[PACKERS] == "left"
    assert verdicts(stability("ordinary_week_erp", *sale, "run.days=20"))[PACKERS] == "steady"


def test_what_waits_and_comes_is_counted_as_in_the_log() -> None:
    experiment = load("ordinary_week_erp", [*SMALL, "wms.pack_seconds_median=260", "run.days=4", "ajio.customer_cancellation_share=0.2"])
    log: RecordedLog = record_replication(experiment)
    totals = FlowTotals(experiment)
    assert len(list(totals.add_each(log.by_order(17)))) > 5
    packers = totals.flow().stations[PACKERS]
    lives: dict[int, list] = {}
    for row in log.full_log.rows():
        lives.setdefault(row.order, []).append(row)
    del lives[0]
    stays = [(at(life, "picked"), min(at(life, "pack started"), ended(life))) for life in lives.values() if at(life, "picked") < NEVER]
    closes = [day * DAY + 22 * HOUR for day in range(4)]

    assert packers.waiting == [sum(came <= close < went for came, went in stays) for close in closes]
    assert packers.came == [sum(came // DAY == day for came, _ in stays) for day in range(4)]
    for day in range(4):
        waits = [(came, went) for came, went in stays if came // DAY == day and went < NEVER]
        in_shift = sum(open_time(came, went, experiment) for came, went in waits)
        total = sum(went - came for came, went in waits)
        assert packers.queue[day] == pytest.approx(in_shift / len(waits) / HOUR)
        assert packers.closed[day] == pytest.approx((total - in_shift) / len(waits) / HOUR)
    assert max(packers.closed) > 0
    works = [
        (at(life, "pack started"), min(at(life, "packed"), at(life, "packing error")))
        for life in lives.values()
        if max(at(life, "pack started"), min(at(life, "packed"), at(life, "packing error"))) < NEVER
    ]
    assert packers.work == pytest.approx(sum(end - start for start, end in works) / len(works) / 60_000)
    assert Event.PACKED == "packed"


def test_an_outage_lowers_the_capacity_of_posts() -> None:
    def capacity(*changes: str) -> list[float]:
        experiment = load("ordinary_week_erp", [*SMALL, "run.days=2", "run.warm_up_days=0", *changes])
        totals = FlowTotals(experiment)
        assert list(totals.add_each(record_replication(experiment).by_order()))
        return totals.flow().stations[POSTS].capacity

    assert capacity() == [96 * 250] * 2
    assert capacity("erp.outage_starts_at_hours=[26]", "erp.outage_hours=6") == [96 * 250, 72 * 250]


def test_mser_cuts_the_values_of_the_start_and_nothing_of_a_level_series() -> None:
    assert mser([20, 9, 1.1, 1.0, 0.9, 1.0, 1.1, 1.0, 0.9, 1.0]) in (2, 3)
    assert mser([1.0, 1.1, 0.9, 1.0, 1.1, 0.9, 1.0, 1.1]) <= 1
    assert mser([1.0]) == 0


def test_a_warm_up_is_short_while_the_system_fills_up() -> None:
    filling = ("ajio.orders_per_day=150", "run.warm_up_days=0", "run.days=8", "wms.shift_starts_at_hour=6")

    assert stability("ordinary_week_erp", *filling).warm_up.verdict == "enough"
    late = judge_with_hours([30.0, 22.0, 12.0, 11.9, 12.1, 12.0, 12.0, 11.9])
    assert (late.warm_up.verdict, late.warm_up.days) == ("short", 2)


def judge_with_hours(hours: list[float]) -> Stability:
    """Judge three replications whose orders of each day are dispatched after *hours* on average."""
    experiment = load("ordinary_week_erp", [*SMALL, "run.days=8"])
    totals = FlowTotals(experiment)
    list(totals.add_each(record_replication(experiment).by_order()))
    flow = totals.flow()
    flows = [type(flow)(flow.stations, [(mean + jitter) * 10 for mean in hours], [10] * 8) for jitter in (0.0, 0.1, -0.1)]
    return judge(flows, experiment)


def test_the_warm_up_is_not_judged_where_days_differ_on_purpose() -> None:
    for changes in (
        ("ajio.sale_days=[3]",),
        ("erp.outage_starts_at_hours=[60]",),
        ("ajio.weekday_weights=[1,1,1,1,1,2,2]",),
        ("run.days=3",),
    ):
        assert stability("ordinary_week_erp", *changes).warm_up.verdict == "not judged", changes


def test_a_study_without_dispatch_or_replication_spread_is_judged_too() -> None:
    judged = stability("ordinary_week_erp", "ajio.orders_per_day=1", "run.days=2", "run.replications=1")

    assert all(math.isfinite(queue.load) for queue in judged.queues)
