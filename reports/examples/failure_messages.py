"""The messages of a run in sentences."""

from collections.abc import Mapping, Sequence

from reports.examples.status_marks import Status, claims_of, have_several_subjects, status_of_step
from sop_runs.claim_advice import ARROW
from sop_runs.claim_messages import without_repetitions
from sop_runs.claim_words import value_in_words
from sop_runs.record.schema import Claim, ScenarioRecord, StepRecord
from sop_runs.record.status import (
    AMBIGUOUS,
    BROKEN,
    FAILED,
    KNOWN_FAILURE,
    PASSED,
    UNDEFINED,
    as_expected,
    expected_to_fail,
    holds,
    passed,
    ran,
)

Results = Mapping[tuple[str, str], ScenarioRecord]
"""The examples of a record, by the path of the feature and the id."""

PROBLEMS = {
    UNDEFINED: "no step definition matches this step",
    AMBIGUOUS: "several step definitions match this step",
    BROKEN: "the step definition raised an error",
    FAILED: "failed",
}
"""Failing statuses of a step, and their meaning if the run left no message."""

_ENOUGH = 4


def failure_messages(run: ScenarioRecord) -> tuple[str, ...]:
    """Return the failure of an example, line by line; without a message, at least its status."""
    if passed(run) and expected_to_fail(run):
        return (f"it passes now; remove the tag {KNOWN_FAILURE}",)
    lines = [
        line for step in run.steps if step.error or status_of_step(run, step) is Status.FAILED for line in step_failure_messages(run, step)
    ]
    if not lines and ran(run) and not as_expected(run):
        lines = [_claim_difference(claim) for claim in run.claims if not holds(claim)]
        lines = lines or ["it did not pass, and the record has no message" if run.status == PASSED else f"the example is {run.status}"]
    return first_lines(lines)


def step_failure_messages(run: ScenarioRecord, step: StepRecord) -> tuple[str, ...]:
    """Return the failure of a step, line by line: its claims that do not hold with the advice in its message, otherwise the message.

    If its claims are about several situations, only the message.
    """
    claims = claims_of(run, step)
    failing = [] if step.error and have_several_subjects(claims) else [claim for claim in without_repetitions(claims) if not holds(claim)]
    text = step.error.message if step.error else f"{PROBLEMS.get(step.status, f'the step is {step.status}')}: {step.text}"
    lines = tuple(line for line in text.splitlines() if line.strip())
    if failing:
        cells = [claim for claim in failing if claim.cell]  # they show where the table as a whole differs
        advice = tuple(line for line in lines if line.startswith(ARROW)) if step.error else ()
        return (*map(_claim_difference, cells or failing), *advice)
    return lines


def _claim_difference(claim: Claim) -> str:
    expected, actual = value_in_words(claim.expected, claim.facet), value_in_words(claim.actual, claim.facet)
    return f"{claim.facet}: expected {expected}, found {actual}"


def first_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the first few lines, and the number of the omitted ones."""
    omitted = len(lines) - _ENOUGH
    return tuple(lines) if omitted <= 1 else (*lines[:_ENOUGH], f"and {omitted} more differences")
