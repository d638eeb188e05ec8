"""Sensitivity analysis: every assumed default has a plausible range and is varied over it, and what carries a conclusion is named."""

from dataclasses import fields

import pytest

from reports.scenario.assumptions import consequences_of, ranked
from reports.scenario.tornado_charts import tornado_rows
from simulator.errors import CheckpointError
from simulator.experiment.experiment import SECTIONS, describe, load, with_setting
from simulator.experiment.plausible import NOT_VARIED, PLAUSIBLE
from simulator.field_types import Value
from simulator.search.sensitivity import assumption_values, run_with_sensitivity
from simulator.study.study import as_json, run_study, source_of, variants_of
from simulator.study_data import COST, to_json
from tests.support.recorded_jobs import recording
from tests.support.study_samples import sensitive, study, typed

SMALL = ("run.days=2", "run.warm_up_days=0", "run.replications=2", "ajio.orders_per_day=30")
BASE = load("ordinary_week_erp")
ASSUMED = {key for key, value, meaning in describe(BASE) if source_of(key, value, meaning).startswith("assumed")}


def test_every_assumed_setting_has_a_plausible_range_or_a_reason():
    assert PLAUSIBLE.keys() & NOT_VARIED.keys() == set()
    assert PLAUSIBLE.keys() | NOT_VARIED.keys() == ASSUMED


@pytest.mark.parametrize("key", PLAUSIBLE)
def test_a_plausible_range_is_accepted_and_contains_the_default(key: str) -> None:
    section, _, name = key.partition(".")
    default = as_json(next(entry.default for entry in fields(SECTIONS[section]) if entry.name == name))
    low, high = PLAUSIBLE[key]

    for value in (low, high):
        assert as_json(getattr(getattr(with_setting(BASE, key, value), section), name)) == value
    assert low != high
    if not isinstance(default, (str, list)):
        assert type(low) is type(high) is type(default)
        assert low <= default <= high
        assert low < high


def test_each_assumption_is_varied_at_both_ends_or_left_out_with_the_reason() -> None:
    ends, left_out = assumption_values(variants_of(BASE))
    values: dict[str, list[Value]] = {}
    for end in ends:
        values.setdefault(end.key, []).append(end.value)

    assert values.keys() | left_out.keys() == ASSUMED
    assert values["wms.packers"] == [6, 8]
    assert values["wms.work_order"] == ["earliest-due"]
    assert left_out["erp.outage_hours"] == "it has no effect here: there is no outage"
    assert left_out["run.days"] == "a choice of the experiment"
    assert len({end.slug for end in ends}) == len(ends)


def test_what_the_experiment_sets_or_the_variants_compare_is_no_assumption() -> None:
    set_here, _ = assumption_values(variants_of(load("ordinary_week_erp", ["wms.packers=6"])))
    compared = assumption_values(variants_of(load("sla_squeeze", ["sweep.values=[7, 6]"])))

    assert "wms.packers" not in {end.key for end in set_here}
    assert compared[1]["wms.packers"] == "the variants compare it"


@pytest.fixture(scope="module")
def few():
    """A few assumptions, so that the analysis is quick."""
    with pytest.MonkeyPatch.context() as patch:
        chosen = ("wms.courier_minutes_after", "wms.checkers", "prices.lost_order_rupees", "ajio.technical_delay_hours_mean")
        patch.setattr("simulator.search.sensitivity.PLAUSIBLE", {key: PLAUSIBLE[key] for key in chosen})
        yield chosen


def test_the_study_of_a_sensitivity_analysis_has_the_figures_of_the_plain_one_and_paired_changes(few, tmp_path) -> None:
    experiment = load("ordinary_week_erp", SMALL)
    analysed, plain = run_with_sensitivity(experiment, out=tmp_path), run_study(experiment)
    changed = run_study(with_setting(experiment, "wms.checkers", 3))
    swings = {assumption.key: assumption.swings for assumption in analysed.sensitivity.assumptions}

    assert [variant.estimates for variant in analysed.variants] == [variant.estimates for variant in plain.variants]
    assert set(swings) == set(few)
    pairs = zip(plain.variants[0].replications, changed.variants[0].replications, strict=True)
    differences = [other.measures[COST] - base.measures[COST] for base, other in pairs]
    assert swings["wms.checkers"][COST][1].mean == pytest.approx(sum(differences) / 2)
    assert [swing.value for swing in swings["wms.checkers"][COST]] == [1, 3]
    assert swings["prices.lost_order_rupees"]["time to dispatch, hours"][0].mean == 0
    assert analysed.sensitivity.failed_checks == 0
    assert len(list((tmp_path / "parts").iterdir())) == 2 * (1 + 2 * len(few))


@pytest.mark.usefixtures("few")
def test_an_interrupted_analysis_goes_on(tmp_path) -> None:
    experiment, asked = load("ordinary_week_erp", SMALL), []
    whole = run_with_sensitivity(experiment, out=tmp_path)
    (tmp_path / "parts" / "base-wms-checkers-low-0001.json").unlink()

    resumed = run_with_sensitivity(experiment, executor=recording(asked), out=tmp_path, resume=True)

    assert asked == ["base-wms-checkers-low-0001"]
    assert to_json(resumed) == to_json(whole)
    with pytest.raises(CheckpointError, match="belongs to another experiment"):
        run_study(experiment, out=tmp_path, resume=True)


def test_a_pair_of_variants_is_compared_at_each_end(monkeypatch) -> None:
    monkeypatch.setattr("simulator.search.sensitivity.PLAUSIBLE", {"erp.learns_of_cancellation_share": (0.0, 1.0)})
    cancels = ("ajio.orders_per_day=100", "oms.seller_cancellation_share=0.6", "run.replications=4")
    analysed = run_with_sensitivity(load("erp_against_rms", [*SMALL, *cancels]))
    (assumption,) = analysed.sensitivity.assumptions

    assert analysed.kind == "paired"
    assert "at 1 RMS and ERP no longer differ clearly in late e-invoices (GAP-17)" in assumption.turns


@pytest.mark.slow
def test_an_assumption_at_which_a_queue_begins_to_grow_carries_the_conclusion(monkeypatch) -> None:
    monkeypatch.setattr("simulator.search.sensitivity.PLAUSIBLE", {"ajio.orders_per_day": (60.0, 9000.0)})
    experiment = load("ordinary_week_erp", ["run.days=3", "run.replications=2", "wms.packers=2", "wms.pickers=8"])
    analysed = run_with_sensitivity(experiment)
    (assumption,) = analysed.sensitivity.assumptions

    assert any(turn.startswith("at 60 the queue for packers is steady") for turn in assumption.turns)


# What the page says


def with_swings(base, **swings):
    """A study with a measure of *base* and assumptions that change it; each swing is mean, low and high of one end."""
    measure = "SLA breached, share of orders"
    assumptions = [
        {
            "key": f"ajio.{key}",
            "says": key,
            "value": 1.0,
            "swings": {measure: [{"value": 2.0, "mean": mean, "low": low, "high": high}]},
            "turns": [],
        }
        for key, (mean, low, high) in swings.items()
    ]
    plain = study("single", {measure: [(base, 0.001)]}) | {"sensitivity": sensitive(bases={measure: base}, assumptions=assumptions)}
    return typed(plain)


def test_an_assumption_carries_the_conclusion_where_a_limit_is_clearly_crossed():
    sample = with_swings(0.009, crosses=(0.005, 0.004, 0.006), stays=(0.0005, 0.0004, 0.0006), chance=(0.005, 0.0, 0.01))
    turns = {assumption.key: consequences_of(sample, assumption) for assumption in sample.sensitivity.assumptions}

    assert turns == {"ajio.crosses": ["at 2 SLA breaches: above 1 %"], "ajio.stays": [], "ajio.chance": []}


def test_the_tornado_has_the_largest_change_first_and_leaves_out_what_could_be_chance():
    sample = with_swings(0.01, small=(0.0005, 0.0004, 0.0006), large=(-0.005, -0.006, -0.004), chance=(0.009, -0.001, 0.019))

    assert [row.name for row in tornado_rows(sample, "SLA breached, share of orders")] == ["ajio.large", "ajio.small"]
    assert next(tornado_rows(sample, "SLA breached, share of orders")).text == "ajio.large 1 → 2: \N{MINUS SIGN}0.5"
    assert [assumption.key for assumption in ranked(sample, ["SLA breached, share of orders"])] == ["ajio.large"]
