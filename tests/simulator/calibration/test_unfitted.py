"""Settings that a log does not show are not fitted, with the reason."""

import numpy as np
import pytest

from orders.log.calendar import DAY, HOUR, MINUTE
from orders.log.columns import Event, EventRow
from orders.log.event_log import Log
from orders.log.timestamps import START_MS
from simulator.calibration.calibrate import fit_settings
from simulator.errors import CalibrationError
from simulator.experiment.experiment import load
from simulator.study.simulate import record_replication
from tests.support.calibration_logs import log_of, setting


def reasons(log, base="ordinary_week_erp"):
    return {left.key: left.reason for left in fit_settings(log, load(base)).unfitted}


def test_what_happens_too_seldom_is_not_fitted_and_says_why():
    log = log_of(load("ordinary_week_erp", ["run.days=2", "ajio.orders_per_day=50"]))

    assert reasons(log)["ajio.technical_cancellation_share"] == "the log has 0 such requests, expected at least 10"
    assert reasons(log)["ajio.weekday_weights"] == "the log does not have whole, ordinary days of all seven weekdays"
    assert reasons(log)["erp.posts_per_interval"].startswith("no post of the log is full")


def test_times_that_are_not_those_of_batches_are_not_taken_for_batches(changed):
    _, log = changed
    jitter = np.random.default_rng(1).integers(1, 50_000, len(log))
    late = Log.of([{**log.columns, "time_ms": log.columns["time_ms"] + jitter // 8 * 8}], log.texts)

    assert "not at multiples of whole minutes" in reasons(late)["erp.post_interval_minutes"]


def test_a_value_that_the_setting_does_not_accept_is_not_written(changed):
    _, log = changed
    columns = dict(log.columns)
    late = columns["event"] >= list(Event).index(Event.ACKNOWLEDGED)
    columns["time_ms"] = columns["time_ms"] + np.where(late, 80 * HOUR, 0)

    reason = reasons(Log.of([columns], log.texts))["ajio.acknowledgement_window_hours"]
    assert "must be a number from 0.0 to 72.0" in reason


def test_days_that_the_log_has_only_in_part_do_not_count(changed):
    experiment, log = changed
    cut = log.take((log.columns["time_ms"] > 15 * HOUR) & (log.columns["time_ms"] < 6 * DAY + 14 * HOUR))
    whole = cut.take(np.isin(cut.columns["order"], cut.where(Event.CREATED).columns["order"]))
    (fit,) = (fit for fit in fit_settings(whole, load("ordinary_week_erp"), 0.9999).fits if fit.key == "ajio.orders_per_day")

    assert fit.sample.endswith("on 5 days")
    assert fit.contains(setting(experiment, "ajio.orders_per_day"))


def test_a_log_without_people_or_staff_leaves_them():
    experiment = load("ordinary_week_erp", ["run.days=2", "ajio.orders_per_day=50"])
    log = record_replication(experiment, 0).full_log
    left = reasons(log.take(log.columns["order"] > 0))

    assert "does not name the people" in left["wms.packers"]
    assert "does not say when people come and go" in left["wms.shift_starts_at_hour"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "has no event `created`"),
        ([EventRow(None, 0, str(Event.ERP_DOWN), "", "", at=START_MS)], "has no event `created`"),
        (
            [
                EventRow(None, 1, str(Event.CREATED), "", "", at=START_MS),
                EventRow(None, 1, str(Event.PACKED), "", "", order_id="A-1", at=START_MS, precision="day"),
            ],
            "order `A-1`, `packed`: only its day is given",
        ),
    ],
)
def test_a_log_to_which_nothing_can_be_fitted_is_refused(rows, reason):
    with pytest.raises(CalibrationError, match=reason):
        fit_settings(Log.from_rows(rows), load("ordinary_week_erp"))


def test_one_order_alone_is_no_error():
    log = Log.from_rows([EventRow(None, 7, str(Event.CREATED), "", "", at=START_MS + MINUTE, units=0)])
    calibration = fit_settings(log, load("ordinary_week_erp"))

    assert {fit.key for fit in calibration.fits} <= {"ajio.orders_per_day", "ajio.hourly_weights"}
