"""`--sensitivity`: every assumed default at the ends of its plausible range, one at a time, on common random numbers.

A source is Saltelli et al., Sensitivity Analysis in Practice (2004), chapter 2: one at a time shows which assumption matters, and
not whether two of them matter together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Unpack

from simulator.analysis.estimates import paired_differences
from simulator.analysis.stability import judge
from simulator.errors import ExperimentError
from simulator.experiment.effects import unmet_precondition
from simulator.experiment.experiment import Experiment, describe, with_setting
from simulator.experiment.plausible import NOT_VARIED, PLAUSIBLE
from simulator.experiment.variants import VariantSpec, variant_slug
from simulator.field_types import Value, setting_words
from simulator.search_data import Assumption, Sensitivity, Swing
from simulator.study.replication import Job, JobResult
from simulator.study.runner import Runner, RunOptions
from simulator.study.study import as_json, jobs_of, source_of, study_of, variants_of
from simulator.study_data import HEADLINE_MEASURES, PAIR, Estimate, Stability, Study

ENDS = ("low", "high")
STEADY = "steady"


@dataclass(frozen=True, slots=True)
class AssumptionValue:
    """A plausible value of an assumption, with the experiment of each side that is compared."""

    key: str
    value: Value
    slug: str
    sides: tuple[tuple[VariantSpec, Experiment], ...]

    def jobs(self, count: int) -> list[list[Job]]:
        """List the jobs by side."""
        return [[Job(f"{spec.slug}-{self.slug}", changed, number) for number in range(count)] for spec, changed in self.sides]


def run_with_sensitivity(experiment: Experiment, **options: Unpack[RunOptions]) -> Study:
    """Run a study and its sensitivity analysis. Errors are those of `simulator.study.study.run_study`."""
    variants, count = variants_of(experiment), experiment.run.replications
    jobs = jobs_of(variants, count, options)
    sides = variants if len(variants) == PAIR else variants[:1]
    ends, left_out = assumption_values(sides)
    groups = [*jobs, *(of_side for end in ends for of_side in end.jobs(count))]
    with Runner(list(chain(*groups)), options) as runner:
        results = iter(runner.run(groups))
    base = list(islice(results, len(variants)))
    end_results = {end.slug: list(islice(results, len(sides))) for end in ends}
    assumptions = _assumptions(sides, base[: len(sides)], ends, end_results)
    failed = sum(not check.holds for by_side in end_results.values() for side in by_side for result in side for check in result.checks)
    bases = {name: value for name, value in _means(base[0]).items() if name in HEADLINE_MEASURES}
    return study_of(experiment, base, sensitivity=Sensitivity(count, bases, assumptions, left_out, failed))


def assumption_values(sides: Sequence[tuple[VariantSpec, Experiment]]) -> tuple[list[AssumptionValue], dict[str, str]]:
    """Return the ends of the assumptions of the first of *sides*, and the assumptions that are not varied with their reasons."""
    ends: list[AssumptionValue] = []
    left_out: dict[str, str] = {}
    experiments = [changed for _, changed in sides]
    varied = _keys_that_differ(experiments)
    for key, value, meaning in describe(experiments[0]):
        if not source_of(key, value, meaning).startswith("assumed"):
            continue
        if key in NOT_VARIED:
            left_out[key] = NOT_VARIED[key]
        elif key in varied:
            left_out[key] = "the variants compare it"
        elif (need := unmet_precondition(key, experiments)) is not None:
            left_out[key] = f"it has no effect here: {need.problem}"
        else:
            made = list(_values_to_try(sides, key, as_json(value)))
            ends += made
            if not made:
                left_out[key] = "its plausible values contradict other settings" if key in PLAUSIBLE else "no plausible range is declared"
    return ends, left_out


def _keys_that_differ(experiments: Sequence[Experiment]) -> set[str]:
    values = [{key: value for key, value, _ in describe(side)} for side in experiments]
    return {key for key, value in values[0].items() if any(side[key] != value for side in values)}


def _values_to_try(sides: Sequence[tuple[VariantSpec, Experiment]], key: str, present: Value) -> Iterator[AssumptionValue]:
    for name, value in zip(ENDS, PLAUSIBLE.get(key, ()), strict=False):
        if value == present:
            continue
        try:
            changed = tuple((spec, with_setting(experiment, key, value)) for spec, experiment in sides)
        except ExperimentError:
            continue
        yield AssumptionValue(key, value, f"{variant_slug(key)}-{name}", changed)


def _assumptions(
    sides: Sequence[tuple[VariantSpec, Experiment]],
    base: Sequence[Sequence[JobResult]],
    ends: Sequence[AssumptionValue],
    results: Mapping[str, Sequence[Sequence[JobResult]]],
) -> list[Assumption]:
    says = {key: (as_json(value), meaning.says) for key, value, meaning in describe(sides[0][1])}
    stable = [judge([result.flow for result in of_side], changed) for of_side, (_, changed) in zip(base, sides, strict=True)]
    assumptions = []
    for key in dict.fromkeys(end.key for end in ends):
        swings: dict[str, list[Swing]] = {}
        turns: list[str] = []
        for end in (end for end in ends if end.key == key):
            at_end = results[end.slug]
            for name, change in _differences(base[0], at_end[0]).items():
                if name in HEADLINE_MEASURES:
                    swings.setdefault(name, []).append(Swing(end.value, change.mean, change.low, change.high))
            turns += _turns(end, stable, base, at_end)
        assumptions.append(Assumption(key, says[key][1], says[key][0], swings, turns))
    return assumptions


def _turns(
    end: AssumptionValue, stable: Sequence[Stability], base: Sequence[Sequence[JobResult]], at_end: Sequence[Sequence[JobResult]]
) -> Iterator[str]:
    """Yield what is different at *end*: the verdict on a queue, or the sign of a clear difference between two variants."""
    at = f"at {setting_words(end.value)}"
    for (spec, changed), before, results in zip(end.sides, stable, at_end, strict=True):
        after = judge([result.flow for result in results], changed)
        verdicts = {queue.station: queue.verdict for queue in before.queues}
        where = f" ({spec.name})" if len(end.sides) > 1 else ""
        for queue in after.queues:
            if (verdicts.get(queue.station, STEADY) == STEADY) != (queue.verdict == STEADY):
                grows = "is steady" if queue.verdict == STEADY else "grows" if queue.verdict == "growing" else "is not worked off"
                yield f"{at} the queue for {queue.station} {grows}{where}"
    if len(base) == PAIR:
        yield from _reversed_differences(at, end, base, at_end)


def _reversed_differences(
    at: str, end: AssumptionValue, base: Sequence[Sequence[JobResult]], at_end: Sequence[Sequence[JobResult]]
) -> Iterator[str]:
    before, after = (_differences(*sides) for sides in ((base[0], base[1]), (at_end[0], at_end[1])))
    first, second = (spec.name for spec, _ in end.sides)
    for name in HEADLINE_MEASURES:
        if name in before and name in after and before[name].is_clear and before[name].mean:
            if not after[name].is_clear:
                yield f"{at} {second} and {first} no longer differ clearly in {name}"
            elif (after[name].mean > 0) != (before[name].mean > 0):
                yield f"{at} {second} has {'more' if after[name].mean > 0 else 'less'} than {first} in {name}"


def _differences(first: Sequence[JobResult], second: Sequence[JobResult]) -> dict[str, Estimate]:
    return paired_differences([result.measures for result in first], [result.measures for result in second])


def _means(results: Sequence[JobResult]) -> dict[str, float]:
    names = dict.fromkeys(name for result in results for name in result.measures)
    values = {name: [result.measures[name] for result in results if name in result.measures] for name in names}
    return {name: sum(of_name) / len(of_name) for name, of_name in values.items()}
