"""Status of the steps of an example in Cucumber's words, with a message that has the expected and the actual value."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.examples.status_marks import claims_of
from sop_runs.problem import Problem
from sop_runs.record import status as run_status
from sop_runs.record.schema import FeatureRecord, ScenarioRecord, StepRecord
from sop_runs.record.status import KNOWN_FAILURE, UNEXPECTED_PASS, as_expected, holds, passed

PASSED, SKIPPED, UNDEFINED, AMBIGUOUS, FAILED = "PASSED", "SKIPPED", "UNDEFINED", "AMBIGUOUS", "FAILED"
_STATUSES = {
    run_status.PASSED: PASSED,
    run_status.SKIPPED: SKIPPED,
    run_status.NOT_RUN: SKIPPED,
    run_status.OTHER_VERSION: SKIPPED,
    run_status.NOT_SUPPORTED: SKIPPED,
    run_status.UNDEFINED: UNDEFINED,
    run_status.AMBIGUOUS: AMBIGUOUS,
}
_RULES = {"undefined-step": UNDEFINED, "ambiguous-step": AMBIGUOUS}
_ON_STEPS = frozenset({*_RULES, "impossible-value", "unexpected-table", "unknown-placeholder", "too-large"})
"""Lint rules about a single step."""
MOST_FINDINGS = 10


@dataclass(frozen=True, slots=True)
class CucumberResult:
    """The result of one step: Cucumber's *status*, the *message* that explains it, and the kind of failure."""

    status: str
    message: str = ""
    kind: str = ""

    @property
    def failed(self) -> bool:
        """Whether the example fails because of it."""
        return self.status not in {PASSED, SKIPPED}


def outcomes_of(scenario: ScenarioRecord) -> tuple[CucumberResult, ...]:
    """Map the steps of an example that ran; one of them has failed if and only if the example did not end as expected.

    A failure that is expected is skipped, as Cucumber has no word for it; so is a step that is not supported, with the reason.
    """
    outcomes = [_outcome(scenario, step) for step in scenario.steps]
    if scenario.status == run_status.NOT_SUPPORTED and not any(outcome.failed for outcome in outcomes):
        return tuple(outcomes)
    if as_expected(scenario):
        return tuple(map(_expected, outcomes))
    if outcomes and not any(outcome.failed for outcome in outcomes):
        better = passed(scenario)
        why = (
            f"it passes now; remove the tag {KNOWN_FAILURE}"
            if better
            else outcomes[-1].message or "it did not pass, and no step has a message"
        )
        outcomes[-1] = CucumberResult(FAILED, why, UNEXPECTED_PASS if better else scenario.status)
    return tuple(outcomes)


def _outcome(scenario: ScenarioRecord, step: StepRecord) -> CucumberResult:
    status, error = _STATUSES.get(step.status, FAILED), step.error
    if status == PASSED:
        untrue = next((claim for claim in claims_of(scenario, step) if not holds(claim)), None)
        if untrue is not None:
            message = f"the step is marked passed, but its claim about `{untrue.facet}` does not hold"
            return CucumberResult(FAILED, _compared(message, untrue.expected, untrue.actual), run_status.FAILED)
    if error is None:
        return CucumberResult(status, kind="" if status in {PASSED, SKIPPED} else step.status)
    if step.status != run_status.FAILED:
        return CucumberResult(status, error.message, step.status)
    return CucumberResult(status, _compared(error.message, error.expected, error.actual), run_status.FAILED)


def _compared(message: str, expected: object, actual: object) -> str:
    return f"{message}\n\nexpected: {_text_or_json(expected)}\nactual:   {_text_or_json(actual)}"


def _expected(outcome: CucumberResult) -> CucumberResult:
    if not outcome.failed:
        return outcome
    return CucumberResult(SKIPPED, f"known failure ({KNOWN_FAILURE}): {outcome.message}")


def outcomes_without_run(feature: FeatureRecord, lines: Sequence[int], counts: Sequence[int | None]) -> tuple[CucumberResult, ...]:
    """Status of the steps of an example that did not run because of findings in its file.

    Args:
        feature: the file with its findings.
        lines: the line of each step.
        counts: how many step sentences each step matches, None if unknown.
    """
    outcomes = list(_prevented(feature.findings, lines, counts))
    if outcomes and all(outcome.status == SKIPPED for outcome in outcomes):
        outcomes[0] = CucumberResult(SKIPPED, reason_not_run(feature))
    return tuple(outcomes)


def _prevented(findings: Sequence[Problem], lines: Sequence[int], counts: Sequence[int | None]) -> Iterator[CucumberResult]:
    for line, count in zip(lines, counts, strict=True):
        step_findings = [finding for finding in findings if finding.line == line and finding.rule in _ON_STEPS]
        message = "\n".join(map(str, step_findings))
        if count == 0:
            yield CucumberResult(UNDEFINED, message)
        elif count is not None and count > 1:
            yield CucumberResult(AMBIGUOUS, message)
        elif step_findings:
            status = _RULES.get(step_findings[0].rule, FAILED)
            yield CucumberResult(status, message, step_findings[0].rule)
        else:
            yield CucumberResult(SKIPPED)


def reason_not_run(feature: FeatureRecord) -> str:
    """Return the reason why no example of a file ran."""
    findings = feature.findings
    listed = "\n".join(map(str, findings[:MOST_FINDINGS]))
    left = len(findings) - MOST_FINDINGS
    return f"not run, because the file has findings:\n{listed}" + (f"\n… and {left:,} more" if left > 0 else "")


def _text_or_json(value: object) -> str:
    """Format a value: text as it is, anything else as JSON."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
