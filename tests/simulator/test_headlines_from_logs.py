"""Every headline of every shipped experiment, recomputed from its Parquet logs by DuckDB.

By day an eighth of the orders, each with eight times the work; with ``NIGHTLY=1`` the experiments as they are.
"""

import os
import re
from pathlib import Path

import duckdb
import msgspec
import pytest

from orders.log.export.formats import LogFormat
from reports.scenario.headlines import answer_sentences, further_headlines, headlines_of
from reports.scenario.wording.caveats import warm_up_sentences
from simulator.analysis.stability import mser
from simulator.experiment.experiment import load, shipped_experiments
from simulator.study.study import run_study, variants_of
from simulator.study_data import HEADLINE_MEASURES, Estimate, Stability, Study, Variant
from tests.support.log_figures import LogFigures, corrected_p_values, interval_of

GUIDE = Path(__file__).parents[2] / "docs" / "event-log.md"
NIGHTLY = os.environ.get("NIGHTLY") == "1"
AN_EIGHTH = (
    *("ajio.orders_per_day=250", "wms.pack_seconds_median=920", "wms.pick_seconds_per_unit_median=288"),
    *("erp.posts_per_interval=31", "erp.credit_note_minutes_median=96"),
)
CLOSE = {"rel": 1e-9, "abs": 1e-9}
Figures = list[dict[str, float]]


@pytest.fixture(scope="module", params=shipped_experiments())
def studied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, list[list[LogFigures]]]:
    """A study, and the figures of its logs by variant and replication."""
    folder = tmp_path_factory.mktemp(request.param)
    experiment = load(request.param, () if NIGHTLY else AN_EIGHTH)
    study = run_study(experiment, out=folder, forms=[LogFormat.PARQUET])
    base = {setting.key: setting.value for setting in study.settings}
    figures = [
        [LogFigures(folder / f"log-{spec.slug}-{number:04}.parquet", base | dict(spec.changes)) for number in range(study.replications)]
        for spec, _ in variants_of(experiment)
    ]
    return study, figures


@pytest.mark.slow
def test_every_headline_is_computed_from_the_log(studied: tuple[Study, list[list[LogFigures]]]) -> None:
    study, figures = studied
    replications = [[log.measures() for log in logs] for logs in figures]
    differences = [_differences(replications[0], side) for side in replications[1:]]
    p_values = corrected_p_values([{name: (of.mean, of.half_width or 0) for name, of in side.items()} for side in differences])
    sides = [
        None,
        *(
            {name: msgspec.structs.replace(of, p=p.get(name)) for name, of in side.items()}
            for side, p in zip(differences, p_values, strict=True)
        ),
    ]
    again = msgspec.structs.replace(
        study, variants=[_recomputed(*of, study) for of in zip(study.variants, replications, sides, figures, strict=True)]
    )

    assert again != study, "the measures that are no headline are left out"
    assert answer_sentences(again) == answer_sentences(study)
    assert headlines_of(again) == headlines_of(study)
    assert further_headlines(again) == further_headlines(study)
    assert list(warm_up_sentences(again)) == list(warm_up_sentences(study))


def _differences(base: Figures, side: Figures) -> dict[str, Estimate]:
    """Return the paired differences of the headline measures that both have."""
    pairs = [{name: after[name] - before[name] for name in after if name in before} for before, after in zip(base, side, strict=True)]
    names = {name for pair in pairs for name in pair if name in HEADLINE_MEASURES}
    intervals = {
        name: interval_of(f"difference of {name}", [{f"difference of {name}": pair[name]} for pair in pairs if name in pair])
        for name in names
    }
    return {name: Estimate(mean, half, sum(name in pair for pair in pairs)) for name, (mean, half, _, _) in intervals.items()}


def _recomputed(
    variant: Variant, replications: Figures, differences: dict[str, Estimate] | None, logs: list[LogFigures], study: Study
) -> Variant:
    """Return *variant* with the headline figures of *logs* alone, after comparing each with its own."""
    for own, measures in zip(variant.replications, replications, strict=True):
        assert {name: own.measures[name] for name in measures} == pytest.approx(measures, **CLOSE)
    estimates = {}
    for name in {name for measures in replications for name in measures}:
        mean, half, low, high = interval_of(name, replications)
        own = variant.estimates[name]
        assert (own.mean, own.low, own.high) == pytest.approx((mean, low, high), rel=1e-6, abs=1e-9), name
        estimates[name] = msgspec.structs.replace(own, mean=mean, half_width=half)
    assert set(HEADLINE_MEASURES) & set(variant.estimates) <= set(estimates)
    for name, difference in (differences or {}).items():
        own = variant.differences[name]
        for part in ("mean", "half_width", "p"):
            value, expected = getattr(own, part), getattr(difference, part)
            assert (value is None) == (expected is None), (name, part)
            assert value is None or value == pytest.approx(expected, rel=1e-6, abs=1e-9), (name, part)
    return msgspec.structs.replace(variant, estimates=estimates, against_base=differences, stability=_stability(variant, logs, study))


def _stability(variant: Variant, logs: list[LogFigures], study: Study) -> Stability:
    """Return the queues of *logs*; the verdict on each, and on the warm-up, is that of the study."""
    assert variant.stability is not None
    queues = []
    for own in variant.stability.queues:
        waiting = [log.waiting(own.station) for log in logs]
        means = [sum(day) / len(logs) for day in zip(*waiting, strict=True)]
        first = study.warm_up_days
        slopes = [(by_day[-1] - (by_day[first - 1] if first else 0)) / study.measured_days for by_day in waiting]
        load = sum(log.load(own.station) for log in logs) / len(logs)
        start = means[first - 1] if first else 0.0
        growth, half, _, _ = interval_of("change a day", [{"change a day": slope} for slope in slopes])
        assert (own.load, own.start, own.end) == pytest.approx((load, start, means[-1]), **CLOSE), own.station
        assert own.waiting == pytest.approx(means, **CLOSE), own.station
        assert (own.growth.mean, own.growth.half_width) == pytest.approx((growth, half), **CLOSE), own.station
        assert load < 1 or own.verdict != "steady", own.station
        queues.append(
            msgspec.structs.replace(own, load=load, start=start, end=means[-1], waiting=means, growth=Estimate(growth, half, len(logs)))
        )
    by_log = [log.hours_by_day() for log in logs]
    hours = [sum(day) / len(day) if (day := [of for of in column if of is not None]) else None for column in zip(*by_log, strict=True)]
    assert variant.stability.warm_up.hours == pytest.approx(hours, **CLOSE)
    if variant.stability.warm_up.verdict != "not judged":
        assert variant.stability.warm_up.days == mser([of for of in hours if of is not None])
    return msgspec.structs.replace(variant.stability, queues=queues)


def test_the_queries_of_the_guide_read_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last one needs an extension of DuckDB that is fetched when it is first used."""
    run_study(
        load("partial_cancels", ["ajio.orders_per_day=40", "run.days=2", "run.replications=1"]), out=tmp_path, forms=[LogFormat.PARQUET]
    )
    monkeypatch.chdir(tmp_path)
    queries = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    events, deciding = (duckdb.connect().execute(query).fetchall() for query in queries if "parquet" in query)

    assert events[0][1] >= events[0][2] > 0
    assert {"created", "cancellation"} <= {event for event, *_ in events}
    assert any(identifier.startswith("GAP-") for identifier, _ in deciding)
    assert all("/" not in identifier for identifier, _ in deciding)
