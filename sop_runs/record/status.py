"""Statuses of steps and examples, and the predicates on them; defined only here."""

from collections.abc import Sequence

from sop_runs.record.schema import Claim, ScenarioRecord, StepRecord

PASSED, FAILED, UNDEFINED, AMBIGUOUS, BROKEN, NOT_RUN, SKIPPED = (
    "passed", "failed", "undefined", "ambiguous", "broken", "not-run", "skipped",
)  # fmt: skip
OTHER_VERSION = "other-version"
"""The status of an example that does not belong to the version of its run, by its tags (`version_tags`)."""
NOT_SUPPORTED = "not-supported"
"""The status of a step, and of its example, that needs what the system under test does not offer; it covers nothing."""
UNEXPECTED_PASS = "passes"  # noqa: S105 (a status)
"""The status of an expected failure that passed."""
KNOWN_FAILURE = "@expected-to-fail"
"""The tag of a known failure, whose reason is in the description; it must be removed when the example passes."""


def status_of_steps(statuses: Sequence[str]) -> str:
    """Return the status of an example by the *statuses* of its steps.

    That of the first step that ended it, or did not pass; one that is not supported, if no other failed. Without steps, it has not run.
    """
    if statuses and statuses.count(PASSED) == len(statuses):
        return PASSED
    ended = [status for status in statuses if status not in {PASSED, SKIPPED}]
    if not ended:
        return PASSED if statuses else NOT_RUN
    return next((status for status in ended if status != NOT_SUPPORTED), NOT_SUPPORTED)


NO_CLAIM = "it made no claim, so nothing was checked"
"""Why a Then that returned has not passed."""


def holds(claim: Claim) -> bool:
    """Return whether the two values of the claim are the same JSON; the recorded `holds` is not used."""
    return same_json(claim.expected, claim.actual)


def same_json(first: object, second: object) -> bool:
    """Return whether two JSON values are the same: ``1`` is neither ``true`` nor ``1.0``."""
    if type(first) is not type(second):
        return False
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same_json, first, second))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same_json(value, second[key]) for key, value in first.items())
    return first == second


def ran(scenario: ScenarioRecord | None) -> bool:
    """Return whether an example has run to a result; one that is not supported has not."""
    return scenario is not None and scenario.status not in {NOT_RUN, OTHER_VERSION, NOT_SUPPORTED}


def has_claims(step: StepRecord) -> bool:
    """Return whether the step made a claim, as every Then must; a Given or a When need not."""
    return step.kind != "then" or bool(step.claims)


def passed(scenario: ScenarioRecord) -> bool:
    """Return whether an example passed: by its status, in every step and claim, with a Then, and with a claim of every Then."""
    if scenario.status != PASSED:
        return False
    checked = False
    for step in scenario.steps:
        if step.status != PASSED:
            return False
        if step.kind == "then":
            if not step.claims:
                return False
            checked = True
    return checked and all(map(holds, scenario.claims))


def passed_in_part(scenario: ScenarioRecord) -> bool:
    """Return whether an example ran to its end and passed but for Thens that are not supported, with at least one Then that passed."""
    statuses = {step.status for step in scenario.steps}
    checked = any(step.kind == "then" and step.status == PASSED and step.claims for step in scenario.steps)
    return scenario.status == NOT_SUPPORTED and statuses <= {PASSED, NOT_SUPPORTED} and checked and all(map(holds, scenario.claims))


def expected_to_fail(scenario: ScenarioRecord) -> bool:
    """Return whether the example is tagged as expected to fail."""
    return KNOWN_FAILURE in scenario.tags


def as_expected(scenario: ScenarioRecord) -> bool:
    """Return whether an example that ran passed, or is a known failure; only a failed claim counts as expected, and if all is supported."""
    if expected_to_fail(scenario):
        failed = scenario.status == FAILED and any(step.status == FAILED for step in scenario.steps)
        supported = all(step.status != NOT_SUPPORTED for step in scenario.steps)
        return failed and supported and not all(map(holds, scenario.claims))
    return passed(scenario)


def has_unexpected_result(scenario: ScenarioRecord) -> bool:
    """Return whether an example of the version of its run is not as expected, or did not run."""
    return scenario.status != OTHER_VERSION and not as_expected(scenario)
