"""Replications until half-widths are small enough: no fewer, no more than the limit, and equal for all variants."""

import random
from dataclasses import replace

import pytest
from msgspec import structs

from reports.scenario.wording.measure_catalogue import TABLE
from simulator.experiment.experiment import load
from simulator.search.goals import read_precision
from simulator.search.target_precision import run_to_precision
from simulator.study.replication import Job, replicate
from simulator.study.study import run_study
from simulator.study_data import to_json
from tests.support.recorded_jobs import recording

SMALL = ("run.days=3", "run.warm_up_days=1", "ajio.orders_per_day=60")
DISPATCH = "time to dispatch, hours"


def wanted(*texts):
    return [read_precision("--until", text, TABLE) for text in texts]


@pytest.fixture(scope="module")
def noisy():
    """An executor whose hours to dispatch have a standard deviation of 1 around 10; under RMS of 2 around 20."""
    sample = replicate(Job("base", load("ordinary_week_erp", SMALL), 0))

    def executor(jobs):
        for job in jobs:
            spread = 2.0 if job.variant == "rms" else 1.0
            hours = 10 * spread + random.Random(f"{job.stem}").gauss(0, spread)  # noqa: S311 (no secret)
            yield job, structs.replace(sample, number=job.number, measures=sample.measures | {DISPATCH: hours})

    return executor


@pytest.mark.parametrize(
    ("text", "least", "most"), [("time to dispatch ± 2", 5, 5), ("time to dispatch ± 0.5", 12, 40), ("time to dispatch ± 5 %", 12, 40)]
)
def test_it_stops_when_the_half_width_is_small_enough(noisy, text, least, most):
    study = run_to_precision(load("ordinary_week_erp", SMALL), wanted(text), 100, executor=noisy)
    (reached,) = study.precision

    assert least <= study.replications <= most
    assert reached.reached
    assert reached.wanted.startswith(text)
    half = study.variants[0].estimates[DISPATCH].half_width
    assert reached.half_width == pytest.approx(half if "%" not in text else half / study.variants[0].estimates[DISPATCH].mean)
    assert half <= {"2": 2, "0.5": 0.5, "%": 0.05 * study.variants[0].estimates[DISPATCH].mean}[text.split()[-1]]


def test_all_variants_have_the_replications_that_the_widest_one_needs(noisy):
    study = run_to_precision(load("erp_against_rms", SMALL), wanted("time to dispatch ± 0.8"), 100, executor=noisy)

    assert {len(variant.replications) for variant in study.variants} == {study.replications}
    assert study.replications > 12
    assert study.precision[0].half_width == pytest.approx(study.variants[1].estimates[DISPATCH].half_width)


def test_every_wanted_half_width_counts(noisy):
    study = run_to_precision(
        load("ordinary_week_erp", SMALL), wanted("time to dispatch ± 2", "time to dispatch ± 0.5"), 100, executor=noisy
    )

    assert study.replications >= 12
    assert [one.reached for one in study.precision] == [True, True]


def test_the_limit_ends_it_and_is_said(noisy):
    study = run_to_precision(load("ordinary_week_erp", SMALL), wanted("time to dispatch ± 0.01"), 7, executor=noisy)

    assert (study.replications, study.precision[0].reached, study.precision[0].limit) == (7, False, 7)


def test_its_figures_are_those_of_a_study_with_so_many_replications(tmp_path):
    study = run_to_precision(load("ordinary_week_erp", SMALL), wanted("time to dispatch ± 9"), 20, out=tmp_path)
    plain = run_study(load("ordinary_week_erp", [*SMALL, f"run.replications={study.replications}"]))

    assert to_json(structs.replace(study, precision=None)) == to_json(plain)


def test_it_goes_on_after_an_interruption(tmp_path):
    experiment, asked = load("ordinary_week_erp", SMALL), []
    whole = run_to_precision(experiment, wanted("time to dispatch ± 9"), 20, out=tmp_path)
    (tmp_path / "parts" / "base-0003.json").unlink()

    resumed = run_to_precision(experiment, wanted("time to dispatch ± 9"), 20, executor=recording(asked), out=tmp_path, resume=True)

    assert asked == ["base-0003"]
    assert resumed == whole


def test_a_measure_without_values_is_no_reason_to_go_on(noisy):
    experiment = load("ordinary_week_rms", SMALL)
    study = run_to_precision(replace(experiment), wanted("age of a credit note when made ± 1"), 20, executor=noisy)

    assert study.replications >= 5
