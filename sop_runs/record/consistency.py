"""Contradictions in a run record: statuses, claims and counts that do not follow from each other.

The results are stored more than once, for readers that do not compute them: `holds` of a claim, the status of a step, of its example,
and the counts. They are computed again here from what they follow from; a record that differs cannot be used.
"""

import re
from collections.abc import Iterator, Sequence

from sop_runs.record.schema import Closing, Counts, FeatureRecord, Manifest, ScenarioRecord, StepRecord
from sop_runs.record.status import (
    AMBIGUOUS,
    BROKEN,
    FAILED,
    NO_CLAIM,
    NOT_RUN,
    NOT_SUPPORTED,
    OTHER_VERSION,
    PASSED,
    SKIPPED,
    UNDEFINED,
    has_claims,
    holds,
    passed,
    ran,
    status_of_steps,
)

_LETTERS = {PASSED: "p", FAILED: "x", UNDEFINED: "x", AMBIGUOUS: "x", BROKEN: "x", NOT_SUPPORTED: "u", NOT_RUN: "n", SKIPPED: "s"}
_STEP_STATUSES = re.compile("n*|[pu]+|[pu]*[xu]s*|s*x")
"""The statuses of the steps of one example: none ran, all passed, one ended the example, or its process ended (the last step has the message).

A Then that is not supported does not end it.
"""


_FIRST_FEATURE = 3
"""The number of the line of the first feature, after manifest and rulebook."""


def contradictions(
    manifest: Manifest, features: Sequence[FeatureRecord], scenarios: Sequence[ScenarioRecord], closing: Closing | None
) -> Iterator[tuple[int, str]]:
    """Yield the contradictions in a record: the number of the line, 0 if there is none, and the reason."""
    paths: set[str] = {feature.path for feature in features}
    keys: set[tuple[str, str]] = set()
    first_scenario = _FIRST_FEATURE + len(features)
    for number, feature in enumerate(features, _FIRST_FEATURE):
        if manifest.features.get(feature.path, feature.sha256) != feature.sha256:
            yield number, "the sha256 of the feature differs from that of the manifest"
    for number, scenario in enumerate(scenarios, first_scenario):
        if scenario.feature not in paths:
            yield number, "the scenario belongs to a feature that has no line"
        if scenario.key in keys:
            yield number, "the scenario is recorded twice"
        keys.add(scenario.key)
        for reason in _contradictions_of_scenario(scenario):
            yield number, reason
    if closing is None:
        return
    if paths != set(manifest.features):
        yield 0, "the features differ from those of the manifest"
    for reason in _contradictions_of_closing(closing, manifest, features, scenarios):
        yield first_scenario + len(scenarios), f"in the closing line, {reason}"


def _contradictions_of_scenario(scenario: ScenarioRecord) -> Iterator[str]:
    for number, step in enumerate(scenario.steps):
        if not step.claims:
            continue
        if any(not 0 <= index < len(scenario.claims) for index in step.claims):
            yield "a step refers to a claim that does not exist"
            return
        if any(scenario.claims[index].step != number for index in step.claims):
            yield f"step {number + 1} refers to a claim of another step"
    if [index for step in scenario.steps for index in step.claims] != list(range(len(scenario.claims))):
        yield "the steps do not refer to each claim once, in order"
    for number, claim in enumerate(scenario.claims):
        if claim.holds != holds(claim):
            expected_and_actual = "are the same" if holds(claim) else "differ"
            yield f"claims[{number}].holds is {str(claim.holds).lower()}, but its expected and actual values {expected_and_actual}"
        if claim.cell is not None and not _is_in_table(claim.cell, scenario.steps[claim.step or 0].table):
            yield f"claims[{number}].cell is not in the table of its step"
    yield from _contradictions_of_statuses(scenario)


def _is_in_table(cell: tuple[int, int], table: tuple[tuple[str, ...], ...] | None) -> bool:
    row, column = cell
    return table is not None and 0 <= row < len(table) and 0 <= column < len(table[row])


def _contradictions_of_statuses(scenario: ScenarioRecord) -> Iterator[str]:
    unknown = {scenario.status} - {*_LETTERS, OTHER_VERSION} | {step.status for step in scenario.steps} - _LETTERS.keys()
    if unknown:
        yield f"there is no status `{min(unknown)}`"
        return
    if not _STEP_STATUSES.fullmatch("".join(_LETTERS[step.status] for step in scenario.steps)):
        yield f"the statuses of its steps do not follow from each other: {', '.join(step.status for step in scenario.steps)}"
    for number, step in enumerate(scenario.steps, 1):
        if reason := _contradiction_of_step(scenario, step):
            yield f"step {number} has the status {step.status}, but {reason}"
    status = status_of_steps([step.status for step in scenario.steps])
    if scenario.status != status and (scenario.status, status) != (OTHER_VERSION, NOT_RUN):
        yield f"the example has the status {scenario.status}, by its steps it is {status}"


def _contradiction_of_step(scenario: ScenarioRecord, step: StepRecord) -> str:
    all_hold = not step.claims or all(holds(scenario.claims[index]) for index in step.claims)
    if step.status == PASSED and not all_hold:
        return "a claim of it does not hold"
    if step.status == PASSED and not has_claims(step):
        return NO_CLAIM
    if step.status == FAILED and all_hold:
        return "every claim of it holds"
    if step.status in {SKIPPED, NOT_RUN} and step.claims:
        return "it has claims"
    if step.status in {PASSED, SKIPPED, NOT_RUN} and step.error is not None:
        return "it has an error"
    return "nothing says what is not supported" if step.status == NOT_SUPPORTED and step.error is None else ""


def _contradictions_of_closing(
    closing: Closing, manifest: Manifest, features: Sequence[FeatureRecord], scenarios: Sequence[ScenarioRecord]
) -> Iterator[str]:
    """Yield the counts in the closing line that differ from the other lines."""
    executed, number = sum(map(ran, scenarios)), sum(map(passed, scenarios))
    counts = Counts(manifest.written, manifest.expected, executed, number, executed - number)
    findings = len(manifest.binding_findings) + len(manifest.file_findings) + sum(len(feature.findings) for feature in features)
    for name in Counts.__struct_fields__:
        if getattr(closing.counts, name) != getattr(counts, name):
            yield f"counts.{name} is {getattr(closing.counts, name):,}, by the other lines it is {getattr(counts, name):,}"
    if closing.findings != findings:
        yield f"findings is {closing.findings:,}, by the other lines it is {findings:,}"
