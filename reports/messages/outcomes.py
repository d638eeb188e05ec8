"""What became of the steps of an example, in Cucumber's words, with a message that says what was expected and what came."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sop_engine.run_record import Feature, Finding, Scenario, Step

PASSED, SKIPPED, UNDEFINED, AMBIGUOUS, FAILED = "PASSED", "SKIPPED", "UNDEFINED", "AMBIGUOUS", "FAILED"
_WORDS = {"passed": PASSED, "skipped": SKIPPED, "not-run": SKIPPED, "undefined": UNDEFINED, "ambiguous": AMBIGUOUS}
_RULES = {"undefined-step": UNDEFINED, "ambiguous-step": AMBIGUOUS}
_ON_STEPS = frozenset({*_RULES, "unexpected-table", "unknown-placeholder", "too-large"})
"""Rules of the lint that speak of one step."""
MOST_FINDINGS = 10
KNOWN_FAILURE = "@expected-to-fail"
"""The tag of an example that is known to fail: it may, until it passes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one step: Cucumber's *status*, the *message* that explains it, and the kind of failure."""

    status: str
    message: str = ""
    kind: str = ""


def ran(scenario: Scenario | None) -> bool:
    """Whether an example has run at all."""
    return scenario is not None and scenario["status"] != "not-run"


def passed(scenario: Scenario) -> bool:
    """Whether it says so, and every step and every claim says the same."""
    steps = bool(scenario["steps"]) and all(step["status"] == "passed" for step in scenario["steps"])
    return scenario["status"] == "passed" and steps and all(claim["holds"] for claim in scenario["claims"])


def as_expected(scenario: Scenario) -> bool:
    """Whether an example that ran passed, or failed where its author says that it does; only a claim can be expected to fail."""
    return scenario["status"] == "failed" if KNOWN_FAILURE in scenario["tags"] else passed(scenario)


def outcomes_of(scenario: Scenario) -> tuple[Outcome, ...]:
    """What became of each step of an example that ran. A failure that is expected is skipped over, as Cucumber has no word for it."""
    outcomes = [_outcome(step) for step in scenario["steps"]]
    good = all(outcome.status == PASSED for outcome in outcomes)
    if KNOWN_FAILURE in scenario["tags"] and as_expected(scenario):
        return tuple(_expected(outcome) for outcome in outcomes)
    if good and outcomes and not as_expected(scenario):
        better = passed(scenario)
        why = f"it passes by now; take {KNOWN_FAILURE} away" if better else "it did not pass, and no step says why"
        outcomes[-1] = Outcome(FAILED, why, "passes" if better else scenario["status"])
    return tuple(outcomes)


def _outcome(step: Step) -> Outcome:
    status, error = _WORDS.get(step["status"], FAILED), step["error"]
    if error is None:
        return Outcome(status, kind="" if status in {PASSED, SKIPPED} else step["status"])
    if step["status"] != "failed":
        return Outcome(status, error["message"], step["status"])
    return Outcome(status, f"{error['message']}\n\nexpected: {_plain(error['expected'])}\nactual:   {_plain(error['actual'])}", "failed")


def _expected(outcome: Outcome) -> Outcome:
    if outcome.status in {PASSED, SKIPPED}:
        return outcome
    return Outcome(SKIPPED, f"fails as expected ({KNOWN_FAILURE}): {outcome.message}")


def prevented(feature: Feature, lines: Sequence[int], counts: Sequence[int | None]) -> tuple[Outcome, ...]:
    """What becomes of the steps of an example that the findings of its file kept from running.

    Args:
        feature: the file with its findings.
        lines: the line of each step.
        counts: how many sentences each step follows, None where that is not known.
    """
    found = list(_prevented(feature["findings"], lines, counts))
    if found and all(outcome.status == SKIPPED for outcome in found):
        found[0] = Outcome(SKIPPED, why_not(feature))
    return tuple(found)


def _prevented(findings: Sequence[Finding], lines: Sequence[int], counts: Sequence[int | None]) -> Iterator[Outcome]:
    for line, count in zip(lines, counts, strict=True):
        own = [finding for finding in findings if finding["line"] == line and finding["rule"] in _ON_STEPS]
        message = "\n".join(map(finding_line, own))
        if count == 0:
            yield Outcome(UNDEFINED, message)
        elif count is not None and count > 1:
            yield Outcome(AMBIGUOUS, message)
        elif own:
            status = _RULES.get(own[0]["rule"], FAILED)
            yield Outcome(status, message, own[0]["rule"])
        else:
            yield Outcome(SKIPPED)


def why_not(feature: Feature) -> str:
    """Why nothing of a file ran."""
    findings = feature["findings"]
    shown = "\n".join(map(finding_line, findings[:MOST_FINDINGS]))
    left = len(findings) - MOST_FINDINGS
    return f"not run, because the file is not sound:\n{shown}" + (f"\n… and {left:,} more" if left > 0 else "")


def finding_line(finding: Finding) -> str:
    """A finding in one line."""
    return f"{finding['path']}:{finding['line']}:{finding['column']}: {finding['rule']}: {finding['message']}; {finding['remedy']}"


def _plain(value: object) -> str:
    """A plain value: text as it is, anything else as JSON."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
