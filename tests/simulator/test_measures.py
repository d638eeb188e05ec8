"""Every measure is what a second computation, row by row, finds in the same log, whole or in blocks."""

import math
from statistics import stdev

import numpy as np
import pytest

from orders.log.calendar import DAY, HOUR
from orders.log.columns import EventRow
from orders.log.event_log import Log
from simulator.analysis.estimates import estimates, paired_differences
from simulator.analysis.intervals import half_width, student_quantile
from simulator.analysis.measures import measure
from simulator.experiment.experiment import Experiment, load
from simulator.study.recorded_log import RecordedLog
from simulator.study.simulate import record_replication
from tests.support.naive_measures import naive_measures

SMALL = ("run.days=3", "run.warm_up_days=1", "ajio.orders_per_day=150")
EXPERIMENTS = {
    "partial_cancels": ("oms.invoicing_erp_share=0.5", "ajio.partial_cancellation_share=0.3", "ajio.customer_cancellation_share=0.3"),
    "ordinary_week_erp": (
        *("ajio.target_hours=12", "ajio.breach_hours=13", "wms.packers=1", "oms.unfulfillable_share=0.3"),
        "ajio.breach_reaction_hours_mean=1",
    ),
    "returns_rsi": ("run.days=12", "ajio.orders_per_day=60"),
    "erp_outage": ("erp.learns_of_cancellation_share=0", "oms.seller_cancellation_share=0.5"),
    "ordinary_week_rms": ("run.warm_up_days=0", "wms.pickers=1"),
}


@pytest.fixture(scope="module", params=EXPERIMENTS)
def run(request: pytest.FixtureRequest) -> tuple[Experiment, RecordedLog]:
    experiment = load(request.param, [*SMALL, *EXPERIMENTS[request.param]])
    return experiment, record_replication(experiment)


def event(at: int, order: int, name: str) -> EventRow:
    return EventRow(at, order, name, "WMS", "courier", units=1)


def same(actual: dict[str, float], expected: dict[str, float]) -> None:
    assert sorted(actual) == sorted(expected)
    for name, value in expected.items():
        assert actual[name] == pytest.approx(value, rel=1e-9, nan_ok=True), name
        assert type(actual[name]) is float, name


def test_the_measures_are_those_of_a_second_computation(run: tuple[Experiment, RecordedLog]) -> None:
    experiment, log = run

    same(measure([log.full_log], experiment), naive_measures(log.full_log.rows(), experiment))


def test_blocks_of_orders_have_the_measures_of_the_whole(run: tuple[Experiment, RecordedLog]) -> None:
    experiment, log = run
    blocks = list(log.by_order(7))

    assert len(blocks) > 5
    assert measure(blocks, experiment) == measure([log.full_log], experiment)


def test_a_log_without_orders_has_no_measures() -> None:
    experiment = load("ordinary_week_erp", SMALL)
    early = Log.from_rows([event(0, 1, "created"), event(5, 1, "released")])

    assert measure([], experiment) == measure([early], experiment) == {"orders": 0.0}


def test_an_order_that_nothing_happened_to_has_no_times() -> None:
    experiment = load("ordinary_week_erp", [*SMALL, "run.warm_up_days=0"])
    measures = measure([Log.from_rows([event(5, 1, "created")])], experiment)

    same(measures, naive_measures([event(5, 1, "created")], experiment))
    assert (measures["orders"], measures["orders a day"]) == (1, pytest.approx(1 / 3))
    assert all(math.isnan(measures[name]) for name in measures if "time to" in name or "wait" in name or "missed" in name)
    assert measures["SLA breached, share of orders"] == 1, "it is never dispatched"


def test_an_order_of_the_first_measured_moment_counts_and_one_before_it_does_not() -> None:
    experiment = load("ordinary_week_erp", SMALL)
    rows = [event(DAY - 1, 1, "created"), event(DAY, 2, "created")]
    ends = [event(3 * DAY - 1, 1, "dispatched"), event(3 * DAY, 2, "dispatched")]
    measures = measure([Log.from_rows([*rows, *ends])], experiment)

    assert (measures["orders"], measures["dispatched a day"]) == (1, 0.5)


def test_a_target_that_is_met_to_the_minute_is_not_missed() -> None:
    experiment = load("ordinary_week_erp", [*SMALL, "run.warm_up_days=0", "ajio.target_hours=24", "ajio.breach_hours=24"])
    rows = [event(0, number, "created") for number in (1, 2)]
    late = [event(DAY, 1, "dispatched"), event(DAY + 1, 2, "dispatched")]
    measures = measure([Log.from_rows([*rows, *late])], experiment)

    assert measures["SLA target missed, share of dispatched"] == measures["SLA breached, share of orders"] == 0.5


@pytest.mark.parametrize("freedom", range(1, 12))
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_students_quantile_leaves_the_confidence_in_the_middle(freedom: int, confidence: float) -> None:
    t = student_quantile(freedom, confidence)
    angles = np.linspace(-math.atan(t / math.sqrt(freedom)), math.atan(t / math.sqrt(freedom)), 20_001)
    density = np.cos(angles) ** (freedom - 1)
    scale = math.gamma((freedom + 1) / 2) / (math.sqrt(math.pi) * math.gamma(freedom / 2))

    assert scale * np.trapezoid(density, angles) == pytest.approx(confidence, abs=1e-7)


def test_an_interval_is_students_about_the_mean() -> None:
    values = [1.0, 2.0, 4.0]

    assert half_width(values) == pytest.approx(student_quantile(2, 0.95) * stdev(values) / math.sqrt(3))
    assert half_width(values, 0.5) == pytest.approx(student_quantile(2, 0.5) * stdev(values) / math.sqrt(3))
    assert half_width([1.0, 3.0]) == pytest.approx(12.7062, rel=1e-5)
    assert (half_width([1.0]), half_width([])) == (None, None)


def test_a_measure_is_estimated_from_the_replications_that_have_it() -> None:
    kinds = ("cancellations: a", "cancellations at: b", "units back: c", "quality check: d")
    first = {"x": 1.0, "wait": math.nan} | dict.fromkeys(kinds, 2.0)
    estimated = estimates([first, {"x": 3.0, "wait": math.nan}, {"x": 8.0, "wait": 5.0, "once": 7.0}], 0.9)

    assert list(estimated) == ["x", "wait", *kinds, "once"]
    assert (estimated["x"].mean, estimated["x"].half_width, estimated["x"].replications) == (4.0, half_width([1.0, 3.0, 8.0], 0.9), 3)
    assert (estimated["wait"].mean, estimated["wait"].half_width, estimated["wait"].replications) == (5.0, None, 1)
    assert {(estimated[kind].mean, estimated[kind].replications) for kind in kinds} == {(2 / 3, 3)}
    assert (estimated["once"].mean, estimated["once"].replications) == (7.0, 1)
    assert estimates([{"wait": math.nan}]) == {}
    assert estimates([{"x": 1.0}, {"x": 2.0}])["x"].half_width == half_width([1.0, 2.0], 0.95)


def test_differences_are_paired_by_replication() -> None:
    first = [{"x": 1.0, "cancellations: a": 1.0, "old": 1.0}, {"x": 5.0}]
    second = [{"x": 2.0}, {"x": 9.0, "cancellations: a": 3.0, "new": 1.0}]
    differences = paired_differences(first, second, 0.9)

    assert list(differences) == ["cancellations: a", "x"]
    assert (differences["x"].mean, differences["x"].half_width) == (2.5, half_width([1.0, 4.0], 0.9))
    assert (differences["cancellations: a"].mean, differences["cancellations: a"].replications) == (1.0, 2)
    assert paired_differences(first, second)["x"].half_width == half_width([1.0, 4.0])
    with pytest.raises(ValueError, match="zip"):
        paired_differences(first, second[:1])


@pytest.mark.parametrize("changes", [("wms.packers=1", "wms.pickers=1"), ("wms.pack_seconds_median=4000",), ("wms.shift_ends_at_hour=7",)])
def test_work_beyond_the_shift_is_overtime_and_not_busy_time(changes: tuple[str, ...]) -> None:
    experiment = load("ordinary_week_erp", [*SMALL, *changes, "ajio.orders_per_day=600", "wms.packers=1"])
    measures = measure([record_replication(experiment).full_log], experiment)

    assert 0.5 < measures["packers busy, share of staffed time"] <= 1
    assert measures["packers' overtime, hours a day"] > 0


def test_work_after_the_shift_is_overtime_and_a_night_is_no_queue() -> None:
    experiment = load("ordinary_week_erp", [*SMALL, "run.warm_up_days=0"])
    hours = [("created", 1), ("released", 2), ("pick started", 6.5), ("picked", 21), ("pack started", 21.5), ("packed", 23)]
    team = [event(int(at * HOUR), 0, "packers at work")._replace(units=units) for at, units in ((6, 7), (22, 0))]
    measures = measure([Log.from_rows([*team, *(event(int(at * HOUR), 1, name) for name, at in hours)])], experiment)

    assert (measures["wait for a picker, minutes"], measures["wait for a picker, closed, minutes"]) == (270, 240)
    assert measures["wait for a picker, queue, minutes"] == measures["wait for a packer, queue, minutes"] == 30
    assert measures["packers' overtime, hours a day"] == pytest.approx(1 / 3)
    assert measures["packers busy, share of staffed time"] == pytest.approx(0.5 / (7 * 16))


def test_a_credit_note_is_late_after_30_days() -> None:
    experiment = load("ordinary_week_erp", [*SMALL, "run.warm_up_days=0"])
    rows = [event(0, order, name) for order in (1, 2) for name in ("created", "credit note due")]
    made = [event(30 * DAY + late, 1 + late, "credit note made") for late in (0, 1)]
    measures = measure([Log.from_rows([*rows, *made])], experiment)

    assert measures["credit notes made after 30 days, share"] == 0.5
    assert measures["oldest credit note when made, hours"] == pytest.approx(720, abs=1e-5)


def test_late_credit_notes_of_all_blocks_count() -> None:
    experiment = load("ordinary_week_erp", [*SMALL, "run.warm_up_days=0"])
    blocks = [
        Log.from_rows([
            *(event(0, order, name) for name in ("created", "credit note due")), event(30 * DAY + late, order, "credit note made"),
        ])
        for order, late in ((1, 1), (2, 1), (3, 0))
    ]  # fmt: skip

    assert measure(blocks, experiment)["credit notes made after 30 days, share"] == pytest.approx(2 / 3)


def test_an_order_that_ends_or_is_dispatched_at_the_limit_is_not_beyond_it() -> None:
    experiment = load("ordinary_week_erp", [*SMALL, "ajio.target_hours=24", "ajio.breach_hours=24"])
    ends = [event(DAY, 1, "dispatched"), *(event(2 * DAY + order, order + 2, "cancelled by customer") for order in (0, 1))]
    created = [event(DAY, order, "created") for order in (1, 2, 3)]
    measures = measure([Log.from_rows([*created, *ends])], experiment)

    assert measures["dispatched a day"] == 0.5
    assert measures["SLA breached, share of orders"] == pytest.approx(1 / 3)
