"""Experiments that are refused, each with one clear error; the sources and the hash of settings."""

import pytest

from simulator.errors import ExperimentError, UnknownExperimentError
from simulator.experiment.experiment import describe, load, parse

BAD = [
    ("x = 1", "`x`: unknown"),
    ("[wsm]\npackers = 1", "did you mean `wms`"),
    ("[wms]\npackers = 0", "`wms.packers`: must be a whole number from 1 to 100,000, got 0"),
    ("[wms]\npaker = 1", "did you mean `packers`"),
    ("[wms]\npackers = 1.5", "whole number"),
    ("[wms]\npackers = true", "whole number"),
    ('[wms]\npackers = "7"', 'got "7"'),
    ("[wms]\npickers = -1", "`wms.pickers`"),
    ("wms = 1", "must be a table"),
    ('[wms]\nwork_order = "random"', '"first-come", "earliest-due"'),
    ("[wms]\nwork_order = 1", "must be one of"),
    ("[wms]\nshift_starts_at_hour = 22", "shift_ends_at_hour"),
    ("[wms]\nshift_ends_at_hour = 25", "from 1.0 to 24.0"),
    ("[wms]\nmanifest_closes_at_hours = []", "at least one"),
    ("[wms]\nmanifest_closes_at_hours = [24]", "list of numbers"),
    ("[wms]\nmanifest_closes_at_hours = 12", "must be a list"),
    ("[wms]\npick_sigma = 3", "from 0.0 to 2.0"),
    ("[wms]\nmissing_unit_share = 1.1", "from 0.0 to 1.0"),
    ("[wms]\nmissing_unit_share = nan", "missing_unit_share"),
    ("[wms]\npack_seconds_median = inf", "pack_seconds_median"),
    ("[wms]\npack_seconds_median = 0", "pack_seconds_median"),
    ("[run]\ndays = 0", "`run.days`"),
    ("[run]\ndays = 367", "to 366"),
    ("[run]\nwarm_up_days = 8", "less than run.days"),
    ("[run]\nreplications = 0", "replications"),
    ("[run]\nseed = -1", "seed"),
    ("[run]\nseed = 1e3", "seed"),
    ("[ajio]\norders_per_day = 0", "orders_per_day"),
    ("[ajio]\nhourly_weights = [1, 2]", "24 numbers"),
    ("[ajio]\nunits_weights = [0, 0, 0, 0, 0]", "must not all be 0"),
    ("[ajio]\nweekday_weights = [1, 1, 1, 1, 1, 1, -1]", "weekday_weights"),
    ("[ajio]\nsale_days = [1.5]", "whole numbers"),
    ("[ajio]\nsale_days = [8]", "before run.days"),
    ("[ajio]\nsale_days = [true]", "whole numbers"),
    ("[ajio]\nbreach_hours = 12", "target_hours"),
    ("[ajio]\ntarget_hours = []", "must be a number"),
    ("[erp]\noffice_closes_at_hour = 9", "after the office opens"),
    ("[erp]\nposts_per_interval = 0", "posts_per_interval"),
    ("[erp]\noutage_starts_at_hours = [-1]", "outage_starts_at_hours"),
    ("[erp]\nclerks = {}", "clerks"),
    ("[oms]\ninvoicing_erp_share = 2", "invoicing_erp_share"),
    ("[oms]\nseller_delay_hours_mean = 0", "seller_delay_hours_mean"),
    ("[returns]\nfail_share = 0.995", "together"),
    ("[returns]\nrto_days = [8, 6, 20]", "minimum, most likely"),
    ("[returns]\nrto_days = [8, 12]", "3 numbers"),
    ("[returns]\nrto_days = [8, 12, 200]", "to 60.0"),
    ("[run", "not TOML"),
    ("[run]\ndays = 2\ndays = 3", "not TOML"),
]


@pytest.mark.parametrize(("text", "reason"), BAD, ids=[f"{k:02}" for k in range(len(BAD))])
def test_a_bad_experiment_gets_one_clear_error(text, reason):
    with pytest.raises(ExperimentError) as caught:
        parse(f'description = "bad"\n{text}\n'.encode(), "bad.toml")

    (finding,) = caught.value.findings
    assert finding.startswith("bad.toml: ")
    assert reason in finding
    assert "\n" not in finding


def test_all_findings_come_at_once():
    with pytest.raises(ExperimentError) as caught:
        parse(b"[wms]\npackers = 0\npaker = 1\n[run]\ndays = 'x'", "bad.toml")

    assert len(caught.value.findings) == 4


def test_not_utf_8_and_no_description_are_said():
    with pytest.raises(ExperimentError, match="not UTF-8"):
        parse(b"description = '\xff'", "bad.toml")
    with pytest.raises(ExperimentError, match="description"):
        parse(b"", "bad.toml")


def test_every_setting_says_what_it_means_and_where_it_comes_from():
    for key, _, meaning in describe(load("ordinary_week_erp")):
        assert meaning.says, key
        assert meaning.source, key


def test_the_hash_of_an_experiment_is_of_what_decides_the_logs():
    one = load("ordinary_week_erp")

    assert one.sha256 == load("ordinary_week_erp", ["run.replications=9", "run.warm_up_days=0"]).sha256
    assert one.sha256 != load("ordinary_week_erp", ["wms.packers=8"]).sha256


def test_an_unknown_experiment_gets_a_hint():
    with pytest.raises(UnknownExperimentError, match="did you mean `sale_days`"):
        load("sale_day")
