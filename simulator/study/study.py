"""Run a study: every replication of every variant of an experiment, on common random numbers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec.structs import replace

from orders.log.export.formats import LogFormat
from simulator.analysis.checks import CheckResult
from simulator.analysis.estimates import corrected, estimates, paired_differences
from simulator.analysis.intervals import CONFIDENCE
from simulator.analysis.stability import judge
from simulator.experiment.experiment import Experiment, describe, setting_fields
from simulator.experiment.settings import SettingSpec
from simulator.experiment.sources import ASSUMED
from simulator.experiment.variants import BASE, VariantSpec
from simulator.search_data import Precision, Search, Sensitivity
from simulator.study.replication import Executor, Job, JobResult, serial_executor
from simulator.study.runner import Progress, Runner
from simulator.study_data import CheckSummary, Estimate, FailedCheck, Setting, Study, Sweep, Variant, hash_of

MOST_FAILED = 20
"""Number of failed checks that are listed; the others are only counted."""


def source_of(key: str, value: object, meaning: SettingSpec) -> str:
    """Return the source of *value*: the one that the experiment states, that of the default if it is the default, otherwise the experiment."""
    entry = setting_fields()[key]
    is_stated = meaning != entry.metadata["meaning"]
    if is_stated or as_json(value) == as_json(entry.default):
        return meaning.source
    return f"set by the experiment; the default is {json.dumps(as_json(entry.default))}"


def kind_of(experiment: Experiment) -> Literal["single", "paired", "sweep"]:
    """Return the kind of study: no comparison, named variants, or a sweep."""
    if experiment.sweep is not None:
        return "sweep"
    return "paired" if experiment.variants else "single"


def variants_of(experiment: Experiment) -> tuple[tuple[VariantSpec, Experiment], ...]:
    """Return the variants of *experiment* with their settings; a single one named ``base`` without a comparison."""
    return experiment.variants or ((VariantSpec(BASE, "", {}), experiment),)


def jobs_of(experiment: Experiment, out: Path | None = None, forms: Sequence[LogFormat] = ()) -> list[Job]:
    """List the jobs of a study: every replication of every variant."""
    folder = out.resolve() if out is not None else None  # workers may have another working directory
    numbers = range(experiment.run.replications)
    variants = variants_of(experiment)
    return [Job(variant.slug, changed, number, folder, tuple(forms)) for variant, changed in variants for number in numbers]


def conduct(  # noqa: PLR0913 (one for each option)
    experiment: Experiment,
    executor: Executor = serial_executor,
    out: Path | None = None,
    *,
    forms: Sequence[LogFormat] = (),
    resume: bool = False,
    progress: Progress | None = None,
) -> Study:
    """Run all replications of all variants; *progress* is called with the number done and the total.

    With *out*, each replication is saved there as soon as it is complete; with *resume*, saved replications are not run again.

    Raises:
        CheckpointError: a checkpoint is of another study or program.
        UnreadableFileError: a checkpoint is damaged.
        StrayLogError: a log was written on another machine.
        WorkersLostError, ClusterError: the executor failed; complete replications are kept.
        OSError: *out* cannot be written.
    """
    jobs = jobs_of(experiment, out, forms)
    with Runner(jobs, executor, out, resume=resume, progress=progress) as runner:
        results = dict(zip((job.stem for job in jobs), runner.run(jobs), strict=True))
    return study_of(
        experiment, [[results[job.stem] for job in jobs if job.variant == variant.slug] for variant, _ in variants_of(experiment)]
    )


def study_of(
    experiment: Experiment,
    results: Sequence[Sequence[JobResult]],
    *,
    search: Search | None = None,
    precision: list[Precision] | None = None,
    sensitivity: Sensitivity | None = None,
) -> Study:
    """Build the study of *experiment* from the *results* of each variant, in order of number.

    Differences are of the replications that both variants have: a search runs more of the values that are hard to decide.
    """
    variants, run = variants_of(experiment), experiment.run
    measures = [[result.measures for result in side] for side in results]
    pairs = [(measures[0][: len(side)], side[: len(measures[0])]) for side in measures[1:]]
    differences = [None, *corrected([paired_differences(*pair) for pair in pairs])]
    return Study(
        version=1,
        name=experiment.name,
        description=experiment.description,
        sha256=hash_of((variant.name, changed.sha256) for variant, changed in variants),
        seed=run.seed,
        days=run.days,
        warm_up_days=run.warm_up_days,
        replications=run.replications,
        confidence=CONFIDENCE,
        kind=kind_of(experiment),
        sweep=_sweep(experiment),
        settings=list(_study_settings([changed for _, changed in variants])),
        variants=[
            _variant_results(*variant, of, difference) for variant, of, difference in zip(variants, results, differences, strict=True)
        ],
        checks=_check_summaries({variant.name: of for (variant, _), of in zip(variants, results, strict=True)}),
        search=search,
        precision=precision,
        sensitivity=sensitivity,
    )


def _sweep(experiment: Experiment) -> Sweep | None:
    sweep = experiment.sweep
    if sweep is None or sweep.says:
        return sweep
    return replace(sweep, says=next(meaning.says for key, _, meaning in describe(experiment) if key == sweep.key))


def _study_settings(sides: Sequence[Experiment]) -> Iterator[Setting]:
    """Yield every setting of the first of *sides*, and whether another side has a different value."""
    columns = zip(*([as_json(value) for _, value, _ in describe(side)] for side in sides), strict=True)
    for (key, _, meaning), values in zip(describe(sides[0]), columns, strict=True):
        source = source_of(key, values[0], meaning)
        varied = any(value != values[0] for value in values)
        yield Setting(key, values[0], meaning.says, source, source.startswith(ASSUMED), varied)


def _variant_results(
    spec: VariantSpec, experiment: Experiment, results: Sequence[JobResult], against_base: dict[str, Estimate] | None
) -> Variant:
    return Variant(
        name=spec.name,
        says=spec.says,
        changes={key: as_json(value) for key, value in spec.changes.items()},
        sha256=experiment.sha256,
        replications=[result.replication for result in results],
        estimates=estimates([result.measures for result in results]),
        against_base=against_base,
        stability=judge([result.flow for result in results], experiment),
    )


def _check_summaries(results: Mapping[str, Sequence[JobResult]]) -> list[CheckSummary]:
    """Summarize every check over all *results*, by name of variant."""
    rows_by_name: dict[str, list[tuple[str, int, CheckResult]]] = {}
    for variant, variant_results in results.items():
        for result in variant_results:
            for check in result.checks:
                rows_by_name.setdefault(check.name, []).append((variant, result.number, check))
    return [
        CheckSummary(
            name,
            rows[0][-1].says,
            held=sum(check.holds for _, _, check in rows),
            of=len(rows),
            failed=[
                FailedCheck(where, number, f"{check.expected} {check.things}", check.found)
                for where, number, check in rows
                if not check.holds
            ][:MOST_FAILED],
        )
        for name, rows in rows_by_name.items()
    ]


def as_json(value: Any) -> Any:
    """Return the value of a setting as JSON has it."""
    return list(value) if isinstance(value, tuple) else value
