"""Real orders of a file arrive at their weekday and time of day, in every replication and variant; what they replace is refused."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from orders.arrivals import Arrivals
from orders.log.calendar import DAY, HOUR, TICK
from orders.log.columns import Event
from orders.log.timestamps import START_MS, from_utc
from simulator.analysis.checks import check
from simulator.errors import ExperimentError
from simulator.experiment.experiment import describe, load
from simulator.experiment.orders_file import REPLACED, with_own_orders
from simulator.experiment.own_orders import ORIGIN
from simulator.study.simulate import simulate
from simulator.study.study import run_study, source_of, variants_of
from tests.support.naive_simulation import naive_log

THURSDAY = from_utc("2026-11-26T00:00:00+05:30")


def arrivals(*hours: float, units: tuple[int, ...] | None = None, sha256: str = "a" * 64) -> Arrivals:
    """Orders so many hours after midnight of Thursday, 26 November 2026, in India."""
    return Arrivals("orders.csv", sha256, tuple(THURSDAY + round(hour * HOUR) for hour in hours), units)


def many(count: int = 300, days: int = 4) -> Arrivals:
    at = sorted(int(place) for place in np.random.default_rng(1).integers(0, days * DAY, count))
    return Arrivals("orders.csv", "b" * 64, tuple(THURSDAY + place for place in at), None)


def created(log):
    return log.where(Event.CREATED).columns["time_ms"].tolist()


def test_orders_keep_weekday_time_and_units():
    experiment = with_own_orders(load("ordinary_week_erp"), arrivals(9, 9, 33.5, units=(3, 1, 5)), ())
    log = simulate(experiment)

    assert created(log) == [3 * DAY + 9 * HOUR, 3 * DAY + 9 * HOUR, 4 * DAY + 9.5 * HOUR]
    assert log.where(Event.CREATED).columns["units"].tolist() == [3, 1, 5]
    assert (experiment.run.days, experiment.run.warm_up_days) == (5, 4)


@pytest.mark.parametrize("at", ["2026-01-05T00:00:00+05:30", "2024-02-29T23:59:59.999+05:30", "2019-12-30T00:00:00+05:30"])
def test_day_0_is_the_monday_of_the_first_order_in_any_year(at):
    moment = from_utc(at)
    experiment = with_own_orders(load("ordinary_week_erp", ["run.warm_up_days=0"]), Arrivals("x", "a" * 64, (moment,), None), ())
    (place,) = created(simulate(experiment))

    assert 0 <= place < 7 * DAY
    assert (moment - START_MS) // TICK * TICK % (7 * DAY) == place


def test_replications_and_variants_have_the_same_orders_and_differ_in_the_rest():
    experiment = with_own_orders(load("erp_against_rms"), many(), ())
    logs = [simulate(variant, number) for _, variant in variants_of(experiment) for number in (0, 1)]

    assert len({tuple(created(log)) for log in logs}) == 1
    assert len({log.digest() for log in logs}) == 4


def test_the_plain_twin_has_the_same_log_and_every_check_holds():
    experiment = with_own_orders(load("ordinary_week_erp", ["wms.packers=2", "oms.invoicing_erp_share=0.5"]), many(), ())
    log = simulate(experiment)

    assert naive_log(experiment).digest() == log.digest()
    assert [result for result in check([log], experiment) if not result.holds] == []


def test_other_orders_are_another_experiment_for_checkpoints():
    base = load("ordinary_week_erp")
    hashes = {
        experiment.sha256
        for experiment in (
            base,
            with_own_orders(base, arrivals(9, 33), ()),
            with_own_orders(base, arrivals(9, 33, sha256="c" * 64), ()),
        )
    }

    assert len(hashes) == 3
    assert replace(base, sources={"wms.packers": "counted"}).sha256 == base.sha256


def test_an_experiment_with_orders_goes_to_other_processes():
    experiment = with_own_orders(load("ordinary_week_erp"), many(), ())

    assert simulate(pickle.loads(pickle.dumps(experiment))).digest() == simulate(experiment).digest()  # noqa: S301


def test_the_study_names_the_file_as_source_and_has_its_figures():
    experiment = with_own_orders(load("ordinary_week_erp", ["run.replications=2"]), many(days=5), ())
    study = run_study(experiment)
    sources = {setting.key: setting.source for setting in study.settings}

    assert {key for key, source in sources.items() if source.startswith(ORIGIN)} == {"run.warm_up_days", *REPLACED}
    assert "orders.csv (SHA-256 bbbbbbbbbbbb)" in sources["ajio.orders_per_day"]
    assert study.value("ajio.orders_per_day") == 60
    assert study.days == 8
    assert sum(study.value("ajio.hourly_weights")) == 300
    assert not any(setting.assumed for setting in study.settings if setting.key in REPLACED)


@pytest.mark.parametrize(
    ("name", "changes", "units", "reason"),
    [
        ("ordinary_week_erp", ["ajio.orders_per_day=9"], None, "--set `ajio.orders_per_day=9`: has no effect with --orders"),
        ("ordinary_week_erp", ["run.days=9"], None, "--set `run.days=9`: has no effect"),
        ("ordinary_week_erp", ["ajio.units_weights=[1,1,0,0,0]"], (1, 1), "has no effect"),
        ("ordinary_week_erp", ["sweep.key=ajio.sale_factor", "sweep.values=[2,3]"], None, "`ajio.sale_factor`: differs between variants"),
        ("ordinary_week_erp", ["run.warm_up_days=7"], None, "`run.warm_up_days`: must be less than the days of its orders, 2, got 7"),
    ],
)
def test_a_setting_that_the_file_replaces_is_refused(name, changes, units, reason):
    with pytest.raises(ExperimentError) as error:
        with_own_orders(load(name, changes), arrivals(9, 33, units=units), changes)

    assert reason in str(error.value)
    assert len(error.value.findings) == 1


def test_orders_of_more_than_a_year_are_refused_with_their_dates():
    with pytest.raises(ExperimentError, match=r"orders are from 2026-11-26 to 2027-12-31, expected at most 366 days"):
        with_own_orders(load("ordinary_week_erp"), arrivals(1, 400 * 24), ())


def test_a_source_of_the_experiment_is_shown_and_is_not_assumed():
    experiment = load("ordinary_week_erp")
    stated = replace(experiment, sources={"wms.packers": "counted on 3 March"})
    sources = {key: source_of(key, value, spec) for key, value, spec in describe(stated)}

    assert sources["wms.packers"] == "counted on 3 March"
    assert sources["wms.pickers"].startswith("assumed")
