"""Ordinary fixtures in a run: prepared when a binding asks, given back after the scenario or the run, and never in silence."""

import pytest

from steps.run.runner import RunResult, run
from tests.support.run_features import BINDINGS, feature

pytestmark = pytest.mark.usefixtures("in_process")


def scenario(name: str, first: str, number: int) -> str:
    return f"  Scenario: {name}\n    {first}\n    Then the number is {number}\n\n"


def go(tmp_path, *scenarios: str, workers: int = 0) -> RunResult:
    folder = feature(tmp_path / "features", "z.feature", "Then the number is 1")
    (folder / "a.feature").write_text("Feature: A\n\n" + "".join(scenarios))
    return run([folder], out=tmp_path / "runs", bindings=BINDINGS, workers=workers)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_fixture_that_cannot_be_given_back_spoils_its_scenario_alone(tmp_path, workers):
    plain, lent = scenario("Plain", "Given a number 7", 7), scenario("Lent", "Given a number that is lent", 7)

    result = go(tmp_path, plain, lent, plain.replace("Plain", "Plain too").replace("7", "8"), workers=workers)

    assert (result.verdict.state, result.verdict.counts.executed, result.verdict.counts.passed) == ("complete", 4, 3)
    assert [(failure.name, failure.status) for failure in result.verdict.failures] == [("Lent", "broken")]
    assert "it is not given back" in result.verdict.failures[0].message


def test_a_fixture_that_cannot_be_prepared_breaks_its_step(tmp_path):
    result = go(tmp_path, scenario("Unready", "Given a number that is not ready", 7))

    assert [(failure.name, failure.status, failure.line) for failure in result.verdict.failures] == [("Unready", "broken", 4)]
    assert "RuntimeError: it is not ready" in result.verdict.failures[0].message


@pytest.mark.parametrize(("asked", "broken"), [(2, []), (3, ["About z.feature"])])
def test_a_fixture_of_the_session_lasts_to_the_end_of_the_run(tmp_path, asked, broken):
    counted = [scenario(f"Counted {number}", "Given the number of times this was asked", number) for number in range(1, asked + 1)]
    between = [scenario(f"After {number}", f"Given a number {number + 20}", number + 20) for number in range(1, asked + 1)]

    result = go(tmp_path, *(piece for pair in zip(counted, between, strict=True) for piece in pair))

    assert [failure.name for failure in result.verdict.failures] == broken
    assert all("three is too many" in failure.message for failure in result.verdict.failures)
