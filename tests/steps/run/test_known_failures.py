"""A known failure is marked with its reason, does not close the gate, and closes it when it begins to pass."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

import pytest

from sop_engine import load_rulebook
from sop_runs.record.verdict_text import reason_texts
from steps.definitions.discovery import BindingModules
from steps.definitions.registry import Registry
from steps.language.examples import FAILS, Example, StepLine
from steps.lint.linter import known_tags_of, lint_text
from steps.run.executor import AFTER_FALSE_CLAIM, IDLE, _may_be, execute
from steps.run.runner import RunResult, run
from steps.support.claims import Claims

pytestmark = pytest.mark.usefixtures("in_process")

BINDINGS = BindingModules(("tests.support.run_bindings",))
FEATURE = """Feature: Sums

  Scenario: It adds
    Given a number 1
    When 2 is added
    Then the number is 3

  @expected-to-fail
  Scenario: It does not yet multiply
    Nobody has taught it; see the plan for spring.
    Fails: the number of experiment of the tests: expected 5, got 4

    Given a number 2
    When 2 is added
    Then the number is {expected}
"""


def go(tmp_path: Path, text: str, **more: int) -> RunResult:
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "sums.feature").write_text(text, encoding="utf-8")
    return run([folder], out=tmp_path / "runs", bindings=BINDINGS, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_known_failure_is_reported_and_the_run_is_good(workers: int, tmp_path: Path) -> None:
    result = go(tmp_path, FEATURE.format(expected=5), workers=workers)

    assert (result.verdict.good, reason_texts(result.verdict)) == (True, ())
    assert (result.verdict.counts.executed, result.verdict.counts.passed, result.verdict.counts.failed) == (2, 1, 1)
    assert [(failure.name, failure.expected, failure.actual) for failure in result.verdict.known_failures] == [
        ("It does not yet multiply", 5, 4)
    ]


def test_one_that_passes_by_now_closes_the_gate(tmp_path: Path) -> None:
    result = go(tmp_path, FEATURE.format(expected=4))

    assert (result.verdict.good, reason_texts(result.verdict)) == (False, ("1 example passed that is expected to fail",))
    assert "it passes now; remove the tag @expected-to-fail" in result.verdict.failures[0].message
    assert result.verdict.known_failures == ()


@pytest.mark.parametrize(
    "step", ["the binding raises", "the binding skips", "the binding expects to fail", "the binding swallows what it finds"]
)
def test_only_a_claim_can_be_expected_to_fail(step: str, tmp_path: Path) -> None:
    text = FEATURE.format(expected=5).replace("Then the number is 5", f"Then {step}")
    result = go(tmp_path, text.replace("expected 5, got 4", "expected 1, got 2"))

    if step == "the binding swallows what it finds":
        assert result.verdict.good
        assert len(result.verdict.known_failures) == 1
    else:
        assert not result.verdict.good
        assert result.verdict.known_failures == ()


def test_other_failures_beside_it_are_not_excused(tmp_path: Path) -> None:
    result = go(tmp_path, FEATURE.format(expected=5).replace("Then the number is 3", "Then the number is 6"))

    assert reason_texts(result.verdict) == ("1 example failed",)
    assert [failure.name for failure in result.verdict.failures] == ["It adds"]


TABLE = """Feature: Sums

  @expected-to-fail
  Scenario: It does not yet multiply
    Nobody has taught it.
{said}
    Given a number 2
    Then the numbers are
      | 2 | {cells} |
"""
FIVE, SIX = "Fails: the cell of experiment of the tests: expected 5, got 2", "Fails: the cell of experiment of the tests: expected 6, got 2"
NOT_EXACT = {
    "nothing is said": ("5", [], f"add\n{FIVE}"),
    "a second wrong cell": ("5 | | 6 | 2", [FIVE], f"add\n{SIX}"),
    "a second wrong cell of the same value": ("5 | | 2 | 5", [FIVE], f"add\n{FIVE}"),
    "another cell": ("2 | | 6 | 2", [FIVE], f"add\n{SIX}\n{IDLE}\n{FIVE}"),
    "another value": ("5", [FIVE.replace("got 2", "got 3")], f"add\n{FIVE}"),
    "a cell that holds by now": ("5 | | 2 | 2", [FIVE, SIX], f"known failure\n{SIX}"),
    "said twice": ("5", [FIVE, FIVE], f"known failure\n{FIVE}"),
    "not the whole line": ("5", [FIVE.partition(", got")[0]], f"add\n{FIVE}"),
}
EXACT = {
    "one cell": ("5", [FIVE]),
    "two cells": ("5 | | 6 | 2", [FIVE, SIX]),
    "in another order": ("5 | | 6 | 2", [SIX, FIVE]),
    "two cells of the same value": ("5 | | 2 | 5", [FIVE, FIVE]),
    "with other spaces": ("5", [FIVE.replace(" got", "   got ")]),
}


def table(cells: str, expected: list[str]) -> str:
    return TABLE.format(said="".join(f"    {line}\n" for line in expected), cells=cells.replace(" | | ", " |\n      | "))


@pytest.mark.parametrize(("cells", "expected", "message"), NOT_EXACT.values(), ids=NOT_EXACT)
def test_a_known_failure_says_exactly_what_fails(cells: str, expected: list[str], message: str, tmp_path: Path) -> None:
    result = go(tmp_path, table(cells, expected))

    assert result.verdict.known_failures == ()
    [failure] = result.verdict.failures
    assert failure.status == "broken"
    assert message in failure.message


@pytest.mark.parametrize(("cells", "expected"), EXACT.values(), ids=EXACT)
def test_what_it_says_exactly_is_known(cells: str, expected: list[str], tmp_path: Path) -> None:
    result = go(tmp_path, table(cells, expected))

    assert result.verdict.good
    assert len(result.verdict.known_failures) == 1


def test_a_step_definition_that_checks_twice_hides_no_second_difference(tmp_path: Path) -> None:
    text = FEATURE.format(expected=5).replace("Then the number is 5", "Then the number is 5, and its double 9")
    result = go(tmp_path, text)

    [failure] = result.verdict.failures
    assert failure.message == (
        "a known failure must say exactly what fails; below its reason, add\nFails: the double of experiment of the tests: expected 9, got 8"
    )


def findings(text: str) -> list[str]:
    problems = lint_text(
        text.encode(), "sums.feature", Registry.from_modules(["tests.support.run_bindings"]), known_tags_of(load_rulebook())
    )
    return [f"{finding.line}: {finding.rule}" for finding in problems]


def test_the_lint_wants_a_reason_and_one_scenario_at_a_time() -> None:
    good = FEATURE.format(expected=5)
    assert findings(good) == []
    assert findings(f"@expected-to-fail\n{good}") == ["1: no-reason", "9: idle-tag"]
    untagged = good.replace("  @expected-to-fail\n", "").replace("    Nobody has taught it; see the plan for spring.\n", "")
    assert findings(untagged) == ["8: no-reason"]
    assert findings(good.replace("    Nobody has taught it; see the plan for spring.\n", "")) == ["8: no-reason"]
    rows = good.replace("Scenario: It does", "Scenario Outline: It does").replace("is 5", "is <sum>")
    rows += "\n    Examples:\n      | sum |\n      | 5   |\n"
    assert findings(rows) == []
    assert findings(f"{rows}      | 6   |\n") == ["8: no-reason"]
    assert findings(f"{rows}\n    Examples: more\n      | sum |\n      | 6   |\n") == ["8: no-reason"]
    outline = (
        good.replace("Scenario: It does", "Scenario Outline: It does").replace("is 5", "is <sum>")
        + "\n    @expected-to-fail\n    Examples:\n      | sum |\n      | 5   |\n"
    )
    assert findings(outline) == ["17: idle-tag", "17: no-reason"]


HIDDEN = [
    "    And the number is 6\n",
    "    And the number is 4\n    And the number is 7\n",
    "    And the binding raises\n",
    "    And the binding checks nothing\n",
    "    When 1 is added\n    Then the number is 6\n",
]
BESIDE = ["    And the number is 4\n", "    When 1 is added\n    Then the number is 5\n"]


@pytest.mark.parametrize("more", HIDDEN)
def test_a_second_failure_is_not_hidden_behind_a_known_one(more: str, tmp_path: Path) -> None:
    result = go(tmp_path, FEATURE.format(expected=5) + more)

    assert reason_texts(result.verdict) == ("1 example failed",)
    assert result.verdict.known_failures == ()
    [failure] = result.verdict.failures
    line = FEATURE.count("\n") + more.count("\n")
    assert (failure.status, failure.line) == ("broken", FEATURE.count("\n"))
    assert failure.message.startswith(f"after this known failure line {line} fails too, ")
    assert "expected 5, got 4" in failure.message


@pytest.mark.parametrize("more", BESIDE)
def test_what_holds_beside_a_known_failure_is_run_and_passes(more: str, tmp_path: Path) -> None:
    result = go(tmp_path, FEATURE.format(expected=5) + more)

    assert result.verdict.good
    assert [failure.name for failure in result.verdict.known_failures] == ["It does not yet multiply"]


ATTEMPTS = {
    "the seller, packed": (
        "the order has been packed",
        "the seller cancels the order",
        "the order is PROCESSING",
        "the request is refused",
    ),
    "one unit, packed": (
        "the order has been packed",
        "the seller cancels 1 unit of the order",
        "2 units are left to fulfil",
        "the request is refused",
    ),
    "made ready": ("the order has been made ready", "the seller cancels the order", "the order is CANCELLED", "the request is refused"),
    "cancelled before": (
        "the order has been released\n    And the seller has cancelled the order",
        "the seller cancels the order",
        "the order is PROCESSING",
        "the request is without effect",
    ),
    "packing": (
        "the order has been released\n    And Ajio has cancelled 1 unit of the order",
        "packing is tried",
        "2 units are left to fulfil",
        "an error stops the packing",
    ),
}
ATTEMPT = """Feature: Attempts

  @expected-to-fail
  Scenario: It is not so yet
    The plan for spring has it.
{said}
    Given an order of 3 units, invoiced through the client's ERP
    And {past}
    When {act}
    Then {false}
"""


@pytest.mark.parametrize(("past", "act", "false", "true"), ATTEMPTS.values(), ids=ATTEMPTS)
def test_an_attempt_that_no_then_looks_at_is_not_hidden_by_the_tag(past: str, act: str, false: str, true: str, tmp_path: Path) -> None:
    def result(name: str, expected: str, more: str = "") -> RunResult:
        folder = tmp_path / name / "features"
        folder.mkdir(parents=True)
        (folder / "attempts.feature").write_text(ATTEMPT.format(said=expected, past=past, act=act, false=false) + more, encoding="utf-8")
        return run([folder], out=tmp_path / name / "runs")

    [unsaid] = result("unsaid", "", f"    And {true}\n").verdict.failures
    expected = "".join(f"    {line}\n" for line in unsaid.message.splitlines() if line.startswith(FAILS))
    hidden, looked_at = result("hidden", expected), result("looked-at", expected, f"    And {true}\n")

    [failure] = hidden.verdict.failures
    assert failure.status == "broken"
    assert f"`When {act}`: " in failure.message
    assert "no Then says so" in failure.message
    assert (looked_at.verdict.good, len(looked_at.verdict.known_failures)) == (True, 1)


RAISED = {
    "a RuntimeError": 'raise RuntimeError("boom")',
    "a wrong index": "[][0]",
    "a skip": 'pytest.skip("boom")',
    "the end of the run": "sys.exit(0)",
    "an assertion": "assert number == 5",
}


@pytest.mark.parametrize("raised", RAISED.values(), ids=RAISED)
def test_an_error_after_a_false_claim_is_not_hidden_by_the_tag(raised: str) -> None:
    def function(number: int, claims: Claims) -> None:
        claims.check({"kind": "experiment", "name": "of the tests"}, "number", 5, number)
        exec(raised, {"pytest": pytest, "sys": sys, "number": number})  # noqa: S102 - one of the lines above

    line = StepLine("Then", "then", "it is five", 7, 5, None, None, ())
    example = Example(
        "a.feature", "A", None, "B", None, 5, None, ("@expected-to-fail",), (line,), "b",
        ("the number of experiment of the tests: expected 5, got 4",),
    )  # fmt: skip
    definition = SimpleNamespace(
        function=function, fixtures=("number", "claims"), table=None, target_fixture=None, file=__file__, place="here"
    )
    registry = SimpleNamespace(match=lambda *_: [SimpleNamespace(definition=definition, values=())])

    [step] = execute(example, registry, {"number": 4}.__getitem__).steps  # type: ignore[arg-type]

    assert step.status == "broken"
    assert step.error is not None
    assert step.error.message.startswith(AFTER_FALSE_CLAIM)


class Untestable(Protocol):
    """A protocol of which `isinstance` raises a TypeError."""

    number: int


class Raising(type):
    """The type of a class whose own test raises."""

    def __instancecheck__(cls, instance: object) -> bool:
        raise RuntimeError(f"{instance} cannot be tested")


class Tested(metaclass=Raising):
    """A class whose test raises."""


@pytest.mark.parametrize("hint", [Untestable, Tested, list[int], dict[str, int] | None, list[int] | int, Untestable | None])
def test_a_type_hint_that_cannot_be_tested_explains_nothing(hint: object) -> None:
    assert _may_be("4", hint)


@pytest.mark.parametrize(("hint", "kind"), [(int, False), (int | None, False), (str, True), (object, True), (str | int, True)])
def test_a_type_hint_that_can_be_tested_is_tested(hint: object, kind: object) -> None:
    assert _may_be("4", hint) is kind
