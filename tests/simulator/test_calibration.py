"""Calibrating on a simulated log gives back its settings within their intervals; what the log does not show stays."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from orders.log.calendar import DAY, HOUR, MINUTE
from orders.log.columns import Event, EventRow
from orders.log.event_log import Log
from orders.log.export.formats import ENDINGS, LogFormat, read_log
from orders.log.timestamps import START_MS
from simulator.analysis.intervals import binomial_interval
from simulator.calibration import experiment_file, goodness
from simulator.calibration.calibrate import fit_settings, with_values
from simulator.calibration.experiment_file import calibrated_experiment
from simulator.calibration.fits import Fit, Unfitted, numbers
from simulator.calibration.likelihood import maximise
from simulator.calibration.triangular import triangular
from simulator.errors import CalibrationError, ExperimentError
from simulator.experiment.experiment import describe, load, parse, setting_fields
from simulator.study.identities import Identities
from simulator.study.log_files import write_log_files
from simulator.study.simulate import record_replication
from simulator.study.study import source_of, variants_of

CHANGED = {
    "ajio.orders_per_day": 800.0,
    "ajio.hourly_weights": (1.0,) * 6 + (2.0,) * 12 + (5.0,) * 6,
    "ajio.units_weights": (0.5, 0.2, 0.15, 0.1, 0.05),
    "ajio.acknowledgement_window_hours": 2.5,
    "ajio.customer_cancellation_share": 0.08,
    "ajio.technical_cancellation_share": 0.05,
    "ajio.technical_delay_hours_mean": 9.0,
    "oms.allocation_minutes_median": 5.0,
    "oms.allocation_sigma": 0.4,
    "oms.unfulfillable_share": 0.03,
    "oms.restock_hours_median": 3.0,
    "oms.stock_out_cancellation_share": 0.5,
    "oms.details_minutes": 20.0,
    "oms.seller_cancellation_share": 0.04,
    "oms.seller_delay_hours_mean": 5.0,
    "oms.seller_partial_share": 0.06,
    "erp.post_interval_minutes": 10,
    "erp.invoice_interval_minutes": 20,
    "erp.invoice_lag_minutes_median": 14.0,
    "erp.invoice_lag_sigma": 0.5,
    "erp.push_interval_minutes": 4,
    "erp.learns_of_cancellation_share": 0.4,
    "erp.credit_note_minutes_median": 9.0,
    "wms.pull_interval_minutes": 6,
    "wms.shift_starts_at_hour": 7.0,
    "wms.shift_ends_at_hour": 21.0,
    "wms.pickers": 3,
    "wms.packers": 6,
    "wms.pick_seconds_per_unit_median": 50.0,
    "wms.pick_sigma": 0.3,
    "wms.pack_seconds_median": 90.0,
    "wms.pack_sigma": 0.35,
    "wms.missing_unit_share": 0.02,
    "wms.courier_minutes_after": 45.0,
    "returns.unit_return_share": 0.2,
    "returns.rto_share_cash": 0.15,
    "returns.same_parcel_share": 0.6,
    "returns.fail_share": 0.12,
    "returns.missing_share": 0.04,
    "returns.transit_days": (5.0, 7.0, 12.0),
    "returns.rto_days": (6.0, 11.0, 18.0),
}
"""Settings other than the defaults, so that a value cannot be that of the base experiment."""
ONE_CLERK = ["erp.clerks=1"]
"""With more clerks a log does not show when work on a credit note begins."""
NORMALISED = {"ajio.hourly_weights": 100.0, "ajio.units_weights": 1.0, "ajio.weekday_weights": 7.0}
"""Sum of the weights as they are fitted."""


def log_of(experiment, replication=0):
    """The log of a replication, with the names of people."""
    recorded = record_replication(experiment, replication)
    return Identities(experiment.run.seed, replication, recorded.teams).with_ids(recorded.full_log)


def setting(experiment, key):
    section, _, name = key.partition(".")
    value = getattr(getattr(experiment, section), name)
    return tuple(part * NORMALISED[key] / sum(value) for part in value) if key in NORMALISED else value


def pairs(fit, experiment):
    """Bounds and true value of each number of a fit."""
    return zip(numbers(fit.low), numbers(setting(experiment, fit.key)), numbers(fit.high), strict=True)


@pytest.fixture(scope="module")
def changed():
    experiment = with_values(load("ordinary_week_erp", ONE_CLERK), CHANGED)
    return experiment, log_of(experiment)


@pytest.fixture(scope="module")
def fits(changed):
    """Fits with wide intervals, by key."""
    return {fit.key: fit for fit in fit_settings(changed[1], load("ordinary_week_erp", ONE_CLERK), 0.9999).fits}


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


def test_the_file_has_the_fitted_values_with_their_sources_and_the_rest_as_it_was(changed):
    _, log = changed
    base = load("sla_squeeze")
    calibration = fit_settings(log, base)
    fitted = calibration.values()
    del fitted["wms.packers"]  # swept in this experiment, but fitted too
    experiment = parse(calibrated_experiment("sla_squeeze", calibration, "log.csv").encode(), "fitted.toml")

    assert experiment.sweep == base.sweep
    assert experiment.description == base.description
    assert experiment.run == base.run
    for (key, value, spec), (_, before, plain) in zip(describe(experiment), describe(base), strict=True):
        if key in calibration.values():
            assert source_of(key, value, spec).startswith("fitted to log.csv: ")
        else:
            assert (value, spec) == (before, plain)
    assert {key: setting(experiment, key) for key in fitted if key not in NORMALISED} == {
        key: tuple(value) if isinstance(value, list) else value for key, value in fitted.items() if key not in NORMALISED
    }


def test_a_fitted_experiment_can_be_simulated_and_fitted_again(changed, tmp_path):
    _, log = changed
    text = calibrated_experiment("ordinary_week_erp", fit_settings(log, load("ordinary_week_erp")), "log.csv")
    file = tmp_path / "fitted.toml"
    file.write_text(text, encoding="utf-8")
    again = calibrated_experiment(str(file), fit_settings(log, load(str(file))), "log.csv")

    assert again == text
    assert len(log_of(load(str(file), ["run.days=2", "run.warm_up_days=0"]))) > 1000


COMMENTED = """# our week
description = "a week"  # of May

# the people
[wms]
packers = 3  # counted on Monday
manifest_closes_at_hours = [
    12.0,  # noon
    16.0,
]

[sources]
# who measured
"wms.packers" = "counted"  # by hand

[[variant]]
name = "one"  # the base
[[variant]]
name = "two"
set = { "wms.pickers" = 6 }  # two more
"""
FORMS = {
    "tables": COMMENTED,
    "dotted keys": COMMENTED.replace("[wms]\npackers", "wms.packers").replace("\nmanifest", "\nwms.manifest"),
    "an inline table": 'description = "x"  # one\nwms = { packers = 3 }  # two\n',
    "nested sources": 'description = "x"  # one\n[wms]  # two\n[sources]\nwms.packers = "counted"\n',
    "lines of Windows": COMMENTED.replace("\n", "\r\n"),
    "a mark of the byte order": "\ufeff" + COMMENTED,
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_comments_blank_lines_and_order_stay(changed, tmp_path, text):
    _, log = changed
    file = tmp_path / "commented.toml"
    file.write_bytes(text.encode())
    calibration = fit_settings(log, load(str(file)))
    after = calibrated_experiment(str(file), calibration, "log.csv")

    comments = [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]
    assert [line.partition("#")[2].strip() for line in after.splitlines() if "#" in line] == comments
    assert parse(after.encode(), "commented.toml").wms.packers == calibration.values()["wms.packers"]
    file.write_bytes(after.encode())
    assert calibrated_experiment(str(file), calibration, "log.csv") == after


def test_a_file_whose_text_would_not_have_the_fitted_values_is_refused(changed, tmp_path, monkeypatch):
    _, log = changed
    file = tmp_path / "week.toml"
    file.write_text(COMMENTED, encoding="utf-8")
    monkeypatch.setattr(experiment_file, "_set", lambda *_: None)

    with pytest.raises(ExperimentError, match=r"week\.toml: cannot be changed without loss"):
        calibrated_experiment(str(file), fit_settings(log, load(str(file))), "log.csv")


def test_an_awkward_experiment_is_written_as_it_is_read(changed, tmp_path):
    _, log = changed
    text = """
description = 'a "quoted" text \\ with a backslash and ünï 😀'
wms.packers = 3 # dotted
[sources]
erp.outage_hours = "measured"
"run.days" = "two weeks"
[[variant]]
name = "one"
set.wms.pickers = 3
[[variant]]
name = "two"
says = "more"
set = { "wms.pickers" = 4, "wms.work_order" = "earliest-due" }
"""
    file = tmp_path / "awkward.toml"
    file.write_text(text, encoding="utf-8")
    before = load(str(file))
    after = parse(calibrated_experiment(str(file), fit_settings(log, before), "log.csv").encode(), "awkward.toml")

    assert after.description == before.description
    assert [(spec.name, spec.says, spec.changes) for spec, _ in after.variants] == [
        (spec.name, spec.says, spec.changes) for spec, _ in before.variants
    ]
    assert after.sources["erp.outage_hours"] == "measured"
    assert after.sources["run.days"] == "two weeks"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('sources = "x"', "`sources`: must be a table"),
        ('[sources]\n"wms.packer" = "x"', "`wms.packer`: unknown; did you mean `wms.packers`?"),
        ('[sources]\n"wms.packers" = 3', "`wms.packers`: must be a sentence in quotes, got 3"),
        ('[sources]\n"wms.packers" = " "', "must be a sentence in quotes"),
        ('[sources]\n"wms.packers" = "a\\nb"', "must be a sentence in quotes"),
        ('[sources]\nwms.packers = "x"\n"wms.packers" = "y"', "wms.packers is set twice"),
        ('[source]\nwms.packers = "x"', "`source`: unknown; did you mean `sources`?"),
    ],
)
def test_a_wrong_source_is_refused(text, reason):
    with pytest.raises(ExperimentError) as error:
        parse(f'description = "x"\n{text}\n'.encode(), "x.toml")

    assert reason in str(error.value)


# What a log does not show


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


# Estimators against the textbook


def test_the_distance_is_that_of_kolmogorov_and_smirnov():
    """Table of a small sample, computed by hand: values 0.1, 0.4, 0.45 of a uniform distribution."""
    assert goodness.distance(np.array([0.45, 0.1, 0.4])) == pytest.approx(0.55)


@pytest.mark.parametrize(
    ("estimated", "draw"),
    [
        (goodness.Estimated.NOTHING, lambda random, count: random.random(count)),
        (goodness.Estimated.NORMAL, lambda random, count: random.normal(size=count)),
        (goodness.Estimated.EXPONENTIAL, lambda random, count: random.exponential(size=count)),
    ],
)
@pytest.mark.parametrize("count", [10, 200])
def test_a_sample_of_the_fitted_distribution_exceeds_the_limit_in_5_percent(estimated, draw, count):
    random = np.random.default_rng(7)
    exceeded = 0
    for _ in range(2000):
        values = draw(random, count)
        if estimated is goodness.Estimated.NORMAL:
            values = goodness.normal_probability((values - values.mean()) / values.std(ddof=1))
        elif estimated is goodness.Estimated.EXPONENTIAL:
            values = -np.expm1(-values / values.mean())
        exceeded += goodness.distance(values) > goodness.limit(count, estimated)

    assert 0.035 < exceeded / 2000 < 0.065


def test_another_distribution_differs():
    values = np.random.default_rng(1).gamma(1.0, size=5000)

    assert goodness.lognormal_in_words(values, float(np.log(values).mean()), float(np.log(values).std())).startswith("differs")


def test_the_normal_probabilities_are_those_of_python():
    z = np.linspace(-9, 9, 1001)
    exact = [NormalDist().cdf(value) for value in z.tolist()]

    assert np.abs(goodness.normal_probability(z) - exact).max() < 1e-7


def test_the_maximum_of_a_normal_sample_and_its_intervals_are_those_of_the_textbook():
    values = np.random.default_rng(3).normal(4, 2, 400)

    def log_likelihood(mean, log_sigma):
        return float((-log_sigma - ((values - mean) / math.exp(log_sigma)) ** 2 / 2).sum())

    maximum = maximise(log_likelihood, ((-50.0, 50.0), (-3.0, 3.0)), 0.95)
    assert maximum is not None
    assert maximum.at[0] == pytest.approx(values.mean(), abs=1e-5)
    assert math.exp(maximum.at[1]) == pytest.approx(values.std(), abs=1e-5)
    half = (maximum.intervals[0][1] - maximum.intervals[0][0]) / 2
    assert half == pytest.approx(1.96 * values.std() / 20, rel=0.01)


def test_a_triangular_sample_has_its_parameters_within_their_intervals_and_another_one_differs():
    random = np.random.default_rng(5)
    values, others = random.triangular(2, 3, 9, 900), random.uniform(2, 9, 900)
    fit, other = (triangular("returns.rto_days", sample, sample, "parcel", 0.999) for sample in (values, others))

    assert isinstance(fit, Fit)
    assert fit.contains((2.0, 3.0, 9.0))
    assert all(high - low < 1.5 for low, high in zip(numbers(fit.low), numbers(fit.high), strict=True))
    assert (fit.goodness[:4], other.goodness[:7]) == ("fits", "differs")
    assert numbers(fit.value) == tuple(sorted(numbers(fit.value)))


@pytest.mark.parametrize("values", [np.full(40, 3.0), np.arange(5.0)])
def test_times_that_are_equal_or_few_are_not_triangular(values):
    assert isinstance(triangular("returns.rto_days", values, values, "parcel", 0.95), Unfitted)


def test_without_a_maximum_inside_the_range_there_is_no_estimate():
    assert maximise(lambda first, second: first - second**2, ((0.0, 1.0), (-1.0, 1.0)), 0.95) is None


@pytest.mark.parametrize(
    ("value", "low", "high", "whole", "rounded"),
    [
        (1988.123, 1956.0, 2020.0, False, 1988.0),
        (0.0200123, 0.0189, 0.0211, False, 0.02),
        (6.0123, 2.9, 720.0, False, 6.0),
        (4.0, 4.0, 4.0, False, 4.0),
        (6.6, 5.0, 8.0, True, 7),
        (0.0, 0.0, 0.01, False, 0.0),
    ],
)
def test_a_value_has_as_many_digits_as_its_interval_allows(value, low, high, whole, rounded):
    assert Fit("x", value, low, high, "").rounded(whole=whole) == rounded


def test_every_fitted_key_is_a_setting(changed):
    _, log = changed
    calibration = fit_settings(log, load("sale_days"))
    keys = [*(fit.key for fit in calibration.fits), *(left.key for left in calibration.unfitted)]

    assert set(keys) <= set(setting_fields())
    assert len(keys) == len(set(keys)) >= 50
    assert binomial_interval(0, 10)[0] == 0
    assert replace(calibration, unfitted=()).values() == calibration.values()
