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
    return claim.holds and same(claim.expected, claim.actual)


def same(one: object, other: object) -> bool:
    """Whether two JSON values are the same: ``1`` is neither ``true`` nor ``1.0``."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return one == other


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
