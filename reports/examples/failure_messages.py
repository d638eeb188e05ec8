"""What a run says of itself, in sentences."""

from collections.abc import Mapping, Sequence

from reports.examples.status_marks import Status, about_several, claims_of, status_of_step
from reports.examples.values import value_text
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
    UNDEFINED: "no binding knows this sentence",
    AMBIGUOUS: "several bindings match this sentence",
    BROKEN: "the binding broke",
    FAILED: "not so",
}
"""A step's statuses that are bad news, and what they mean where the run left no message."""

_ENOUGH = 4


def failure_messages(run: ScenarioRecord) -> tuple[str, ...]:
    """What went wrong in a run, line by line; a run that failed without a message has at least its status."""
    if passed(run) and expected_to_fail(run):
        return (f"it passes now; remove the tag {KNOWN_FAILURE}",)
    lines = [
        line for step in run.steps if step.error or status_of_step(run, step) is Status.FAILED for line in step_failure_messages(run, step)
    ]
    if not lines and ran(run) and not as_expected(run):
        lines = [_claim_difference(claim) for claim in run.claims if not holds(claim)]
        lines = lines or ["it did not pass, and does not say why" if run.status == PASSED else f"the example is {run.status}"]
    return first_lines(lines)


def step_failure_messages(run: ScenarioRecord, step: StepRecord) -> tuple[str, ...]:
    """What went wrong in a step, line by line: its claims that do not hold, else its message; that alone where it speaks of several situations."""
    claims = claims_of(run, step)
    failing = [] if step.error and about_several(claims) else [claim for claim in claims if not holds(claim)]
    # Where single cells differ, the table as a whole differs too: once is enough.
    cells = [claim for claim in failing if claim.cell]
    if failing:
        return tuple(_claim_difference(claim) for claim in cells or failing)
    text = step.error.message if step.error else f"{PROBLEMS.get(step.status, f'the step is {step.status}')}: {step.text}"
    return tuple(line for line in text.splitlines() if line.strip())


def _claim_difference(claim: Claim) -> str:
    expected, actual = value_text(claim.expected, claim.facet), value_text(claim.actual, claim.facet)
    return f"{claim.facet}: expected {expected}, found {actual}"


def first_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """The first few lines, and how many there are besides."""
    omitted = len(lines) - _ENOUGH
    return tuple(lines) if omitted <= 1 else (*lines[:_ENOUGH], f"and {omitted} more differences")
