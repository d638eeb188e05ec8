"""Calibrating on a simulated log gives back its settings within their intervals."""

from dataclasses import replace

import pytest

from orders.log.calendar import DAY
from orders.log.event_log import Log
from orders.log.export.formats import ENDINGS, LogFormat, read_log
from orders.log.timestamps import START_MS
from simulator.analysis.intervals import binomial_interval
from simulator.calibration.calibrate import fit_settings, with_values
from simulator.calibration.fits import numbers
from simulator.experiment.experiment import load, setting_fields
from simulator.study.log_files import write_log_files
from simulator.study.simulate import record_replication
from simulator.study.study import variants_of
from tests.support.calibration_logs import CHANGED, ONE_CLERK, log_of, setting


def pairs(fit, experiment):
    """Bounds and true value of each number of a fit."""
    return zip(numbers(fit.low), numbers(setting(experiment, fit.key)), numbers(fit.high), strict=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ordinary_week_erp", "sale_days", "erp_outage", "returns_rsi", "partial_cancels", "erp_against_rms"])
def test_calibrating_on_a_simulated_log_gives_back_its_settings_within_their_intervals(name):
    """Every number within its interval of 99.99 %, and at least 90 % of all within those of 95 %; three seeds each."""
    inside = []
    for seed in (1, 2, 3):
        base = load(name, ONE_CLERK)
        values = CHANGED | (
            {"ajio.sale_factor": 3.0, "ajio.sale_decay": 0.5, "ajio.sale_first_hour_share": 0.2} if name == "sale_days" else {}
        )
        experiment = with_values(variants_of(base)[-1][1], values | {"run.seed": seed})
        log = log_of(experiment)
        wide, usual = (fit_settings(log, base, confidence).fits for confidence in (0.9999, 0.95))

        assert [fit for fit in wide if not all(low <= true <= high for low, true, high in pairs(fit, experiment))] == []
        assert len(wide) >= (26 if experiment.oms.invoicing_erp_share == 0 else 33)
        inside += [low <= true <= high for fit in usual for low, true, high in pairs(fit, experiment)]
    assert len(inside) > 200
    assert sum(inside) / len(inside) >= 0.9


@pytest.mark.parametrize("key", sorted(CHANGED))
def test_each_setting_is_fitted_and_not_taken_from_the_base(changed, fits, key):
    assert fits[key].contains(setting(changed[0], key))


@pytest.mark.parametrize("form", LogFormat)
def test_every_form_of_the_log_gives_the_same_values(tmp_path, form):
    experiment = load("ordinary_week_erp", ["run.days=3", "ajio.orders_per_day=150"])
    recorded = record_replication(experiment, 0)
    write_log_files(form, recorded, experiment, 0, tmp_path, "base-0000")
    read = read_log(tmp_path / f"log-base-0000.{ENDINGS[form]}").log

    assert fit_settings(read, experiment) == fit_settings(log_of(experiment), experiment)


def test_a_log_of_real_orders_on_other_dates_gives_the_same_values(changed):
    """Without the clock of a simulation, 53 weeks earlier, so that weekdays are the same."""
    _, log = changed
    base = load("ordinary_week_erp")
    columns = {name: column for name, column in log.columns.items() if name != "time_ms"}
    real = Log({**columns, "at": log.columns["time_ms"] + START_MS - 53 * 7 * DAY}, log.texts)

    assert fit_settings(real, base) == fit_settings(log, base)


def test_every_fitted_key_is_a_setting(changed):
    _, log = changed
    calibration = fit_settings(log, load("sale_days"))
    keys = [*(fit.key for fit in calibration.fits), *(left.key for left in calibration.unfitted)]

    assert set(keys) <= set(setting_fields())
    assert len(keys) == len(set(keys)) >= 50
    assert binomial_interval(0, 10)[0] == 0
    assert replace(calibration, unfitted=()).values() == calibration.values()
