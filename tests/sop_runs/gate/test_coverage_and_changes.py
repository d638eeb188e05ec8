"""The gate is closed by missing examples, by unnoticed changes of the rulebook and by answers or examples that differ from the approved ones."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from msgspec.structs import replace as altered

from sop_engine.decision_table import Behaviour
from sop_runs.gate import Gate
from sop_runs.problem import Problem
from sop_runs.record.schema import ScenarioRecord, SelectionRecord
from sop_runs.record.verdict import Failure, Reason, ReasonKind, judge
from sop_runs.record.verdict_text import reason_text
from steps.generation.proposals import suggestion
from tests.support.gate_runs import FEATURES

CODES = ("lint", "complete", "passed", "clauses", "gaps", "cases", "behaviour", "wording", "examples", "mutation")
pytestmark = pytest.mark.usefixtures("in_process")


def red(gate: Gate) -> list[str]:
    return [check.code for check in gate.checks() if not check.holds]


def test_it_is_open_for_what_was_approved(gate: Gate) -> None:
    assert [(check.code, check.holds) for check in gate.checks()] == [(code, True) for code in CODES]


def with_scenarios(gate: Gate, scenarios: Iterable[ScenarioRecord]) -> Gate:
    return Gate(replace(gate.record, scenarios=list(scenarios)), gate.verdict, gate.baseline, suggestion)


def less(gate: Gate, keep: Callable[[ScenarioRecord], bool]) -> Gate:
    return with_scenarios(gate, filter(keep, gate.record.scenarios))


def test_a_sentence_without_example_is_named(gate: Gate) -> None:
    checks = {check.code: check for check in less(gate, lambda scenario: "@SC-RMS-PART-2" not in scenario.tags).checks()}

    assert [problem.message.partition(":")[0] for problem in checks["clauses"].problems] == ["SC-RMS-PART-2"]
    assert not checks["examples"].holds
    assert not checks["cases"].holds
    assert not checks["mutation"].holds


def test_a_gap_without_example_is_named(gate: Gate) -> None:
    checks = {check.code: check for check in less(gate, lambda scenario: "@GAP-14" not in scenario.tags).checks()}

    assert "GAP-14" in {problem.message.partition(":")[0] for problem in checks["gaps"].problems}


def test_a_question_to_watch_needs_no_example(gate: Gate) -> None:
    """GAP-16 and GAP-18 stand beside an answer and say what to watch; GAP-14 decides its cases."""
    checks = {
        check.code: check for check in less(gate, lambda scenario: not {"@GAP-14", "@GAP-16", "@GAP-18"} & set(scenario.tags)).checks()
    }

    assert {problem.message.partition(":")[0] for problem in checks["gaps"].problems} == {"GAP-14"}
    assert checks["gaps"].summary == "25 of 26 asserted by passed examples; 5 gaps to watch without an example"


def test_a_tag_alone_covers_nothing(gate: Gate) -> None:
    silent = with_scenarios(gate, (altered(scenario, claims=[]) for scenario in gate.record.scenarios))
    checks = {check.code: check for check in silent.checks()}

    assert not checks["clauses"].holds
    assert len(checks["cases"].problems) == 384
    assert not checks["mutation"].holds


def test_a_failed_example_asserts_nothing(gate: Gate) -> None:
    failed = with_scenarios(gate, (altered(scenario, status="failed") for scenario in gate.record.scenarios))
    checks = {check.code: check for check in failed.checks()}

    assert {code for code in ("clauses", "gaps", "cases", "mutation") if checks[code].holds} == set()


@pytest.mark.parametrize("cause", ["failures", "findings"])
def test_what_only_passed_examples_can_say_is_not_judged_while_some_do_not_pass(gate: Gate, cause: str) -> None:
    failure = Failure("x", "a.feature", 2, 3, None, None, "A", "failed", "Then b", "the outcome of c: expected d, got e", "d", "e")
    finding = Problem("a.feature", 2, 1, "r", "m", "n")
    gate.verdict = replace(gate.verdict, **{cause: (failure,) if cause == "failures" else (finding,)})
    checks = {check.code: check for check in gate.checks()}

    assert {code for code, check in checks.items() if check.blocked} == {"clauses", "gaps", "cases", "mutation"}
    assert not any(check.holds or check.problems for check in checks.values() if check.blocked)
    assert [code for code, check in checks.items() if check.problems] == ["passed" if cause == "failures" else "lint"]


def test_rows_of_an_outline_with_one_problem_are_reported_once(gate: Gate) -> None:
    rows = [Failure(str(row), "a.feature", 2, 3, row, None, "A", "failed", "Then b", f"row {row} is wrong", "d", "e") for row in (7, 8, 9)]
    other = replace(rows[0], name="B", scenario=19, row=None)
    gate.verdict = replace(gate.verdict, failures=(*rows, other))

    check = next(check for check in gate.checks() if check.code == "passed")

    assert [(problem.message, problem.line) for problem in check.problems] == [
        ("A: row 7 is wrong; and 2 more rows", 3),
        ("B: row 7 is wrong", 3),
    ]
    assert "4 failed" in check.summary


def test_a_surviving_mutant_is_reported_where_the_row_is_missing(gate: Gate) -> None:
    thin = less(
        gate,
        lambda scenario: (
            "beyond_the_sop" not in scenario.feature
            and scenario.name != "The seller cannot cancel a packed order in full under the client's ERP"
        ),
    )
    check = next(check for check in thin.checks() if check.code == "mutation")

    placed = [problem for problem in check.problems if problem.path]
    assert placed
    for problem in placed:
        assert re.fullmatch(r"if .+, every example would still pass", problem.message)
        row = re.fullmatch(r"add `(\|.+\|)` below", problem.remedy)
        assert row, problem.remedy
        lines = (FEATURES / problem.path).read_text(encoding="utf-8").splitlines()
        assert lines[problem.line - 1].count("|") == row[1].count("|")
    assert {problem.remedy for problem in check.problems if not problem.path} <= {"`sop mutate` shows the scenario to add"}


def test_another_answer_than_approved_is_named_with_the_example_that_says_so(gate: Gate) -> None:
    assert gate.baseline is not None
    rows = dict(gate.baseline.behaviour.rows)
    key = next(key for key in rows if key[1] == "as-practised" and key[2] == ("seller", "full", "ERP", "PACKED", "pushed"))
    rows[key] = replace(rows[key], outcome="allowed")
    gate.baseline = replace(gate.baseline, behaviour=Behaviour("x", "0", rows))

    check = next(check for check in gate.checks() if not check.holds)

    assert (check.code, len(check.problems)) == ("behaviour", 1)
    assert "seller / full / ERP / PACKED / pushed" in check.problems[0].message
    assert check.problems[0].path.endswith(".feature")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda _: None, "gone"),
        (
            lambda description: altered(description, steps=[altered(description.steps[0], text="something else"), *description.steps[1:]]),
            "edited",
        ),
        (lambda description: altered(description, tags=()), "edited"),
        (lambda description: altered(description, id="elsewhere", name="Elsewhere"), "renamed"),
    ],
)
def test_an_example_that_is_not_as_approved_is_named(
    change: Callable[[ScenarioRecord], ScenarioRecord | None], kind: str, gate: Gate
) -> None:
    first, *others = gate.record.scenarios
    changed = change(first)
    later = with_scenarios(gate, [changed, *others] if changed else others)

    check = next(check for check in later.checks() if check.code == "examples")

    assert [problem.message.partition(":")[0] for problem in check.problems] == [kind]


def test_examples_of_one_name_in_two_files_are_listed_separately(gate: Gate) -> None:
    assert gate.baseline is not None
    files = ["seller_cancellation/full_rms.feature", "seller_cancellation/partial_rms.feature"]
    lost = [[scenario for scenario in gate.record.scenarios if scenario.feature == file][-1] for file in files]
    keys = {(example.feature, example.id) for example in lost}
    kept = gate.baseline.examples
    misnamed_features_folders = {
        key: altered(text, name="One name") if (text.feature, text.id) in keys else text for key, text in kept.items()
    }
    gate.baseline = replace(gate.baseline, examples=misnamed_features_folders)
    check = next(check for check in less(gate, lambda example: example not in lost).checks() if check.code == "examples")

    assert [problem.path for problem in check.problems] == files


def test_a_new_example_is_no_loss(gate: Gate) -> None:
    first = gate.record.scenarios[0]
    more = altered(first, id="new", name="New", steps=[altered(first.steps[0], text="new")])
    check = next(check for check in with_scenarios(gate, [*gate.record.scenarios, more]).checks() if check.code == "examples")

    assert check.holds
    assert "1 new" in check.summary


def test_what_examples_and_files_say_themselves_is_not_said_of_completeness_too(gate: Gate) -> None:
    kinds = (ReasonKind.FAILED, ReasonKind.UNEXPECTED_PASS, ReasonKind.FINDINGS, ReasonKind.BINDING_FINDINGS, ReasonKind.FILE_FINDINGS)
    at_its_place = [Reason(kind, 1, 1) for kind in kinds]
    others = [Reason(kind, 1, 2, "x", "y") for kind in ReasonKind if kind not in {reason.kind for reason in at_its_place}]

    assert Gate(gate.record, gate.verdict.with_reasons(*at_its_place), gate.baseline, suggestion).complete().holds
    for reason in others:
        check = Gate(gate.record, gate.verdict.with_reasons(reason), gate.baseline, suggestion).complete()
        assert [problem.message for problem in check.problems] == [reason_text(reason, since=True)]


def test_a_selection_never_opens_it_not_even_of_everything(gate: Gate) -> None:
    selected = replace(gate.record, manifest=altered(gate.record.head, selection=SelectionRecord(None, "", None, None)))

    assert red(Gate(selected, judge(selected), gate.baseline, suggestion)) == ["complete"]
