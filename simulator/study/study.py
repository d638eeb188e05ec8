"""Run a study: every replication of every variant of an experiment, on common random numbers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Literal, Unpack

from msgspec.structs import replace

from simulator.analysis.checks import CheckResult
from simulator.analysis.estimates import corrected, estimates, paired_differences
from simulator.analysis.intervals import CONFIDENCE
from simulator.analysis.stability import judge
from simulator.experiment.experiment import Experiment, describe, setting_fields
from simulator.experiment.settings import SettingSpec
from simulator.experiment.sources import ASSUMED
from simulator.experiment.variants import BASE, VariantSpec
from simulator.search_data import Precision, Search, Sensitivity
from simulator.study.replication import Job, JobResult
from simulator.study.runner import Runner, RunOptions
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


def jobs_of(variants: Sequence[tuple[VariantSpec, Experiment]], count: int, options: RunOptions) -> list[list[Job]]:
    """List *count* jobs of each variant, with the folder and the forms of their logs."""
    out, forms = options.get("out"), tuple(options.get("forms", ()))
    folder = out.resolve() if out is not None else None  # workers may have another working directory
    return [[Job(variant.slug, changed, number, folder, forms) for number in range(count)] for variant, changed in variants]


def run_study(experiment: Experiment, **options: Unpack[RunOptions]) -> Study:
    """Run all replications of all variants.

    Raises:
        CheckpointError: a checkpoint is of another study or program.
        UnreadableFileError: a checkpoint is damaged.
        UnexpectedLogError: a log was written on another machine.
        WorkersLostError, ClusterError: the executor failed; complete replications are kept.
        OSError: *out* cannot be written.
    """
    jobs = jobs_of(variants_of(experiment), experiment.run.replications, options)
    with Runner(list(chain(*jobs)), options) as runner:
        return study_of(experiment, runner.run(jobs))


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
