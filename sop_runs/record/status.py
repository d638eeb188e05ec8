"""Statuses of steps and examples, and what follows from them: defined here and nowhere else."""

from sop_runs.record.schema import Claim, ScenarioRecord

PASSED, FAILED, UNDEFINED, AMBIGUOUS, BROKEN, NOT_RUN, SKIPPED = (
    "passed", "failed", "undefined", "ambiguous", "broken", "not-run", "skipped",
)  # fmt: skip
UNEXPECTED_PASS = "passes"  # noqa: S105 (a status)
"""The status of an expected failure that passed."""
KNOWN_FAILURE = "@expected-to-fail"
"""The tag of an example that its author expects to fail, for a reason given there; it must go when the example passes."""


def holds(claim: Claim) -> bool:
    """Whether the claim says that it holds, and its two values are the same JSON."""
    return claim.holds and same_json(claim.expected, claim.actual)


def same_json(first: object, second: object) -> bool:
    """Whether two JSON values are the same: ``1`` is neither ``true`` nor ``1.0``."""
    if type(first) is not type(second):
        return False
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same_json, first, second))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same_json(value, second[key]) for key, value in first.items())
    return first == second


def ran(scenario: ScenarioRecord | None) -> bool:
    """Whether an example has run at all."""
    return scenario is not None and scenario.status != NOT_RUN


def passed(scenario: ScenarioRecord) -> bool:
    """Whether an example passed: in name, in every step and in every claim."""
    steps = bool(scenario.steps) and all(step.status == PASSED for step in scenario.steps)
    return scenario.status == PASSED and steps and all(map(holds, scenario.claims))


def expected_to_fail(scenario: ScenarioRecord) -> bool:
    """Whether its author expects the example to fail."""
    return KNOWN_FAILURE in scenario.tags


def as_expected(scenario: ScenarioRecord) -> bool:
    """Whether an example that ran passed, or failed where its author expects it; only a claim can be expected to fail."""
    if expected_to_fail(scenario):
        failed = scenario.status == FAILED and any(step.status == FAILED for step in scenario.steps)
        return failed and not all(map(holds, scenario.claims))
    return passed(scenario)
