"""The checks of the gate on failures, findings and coverage, on a record made of the engine's own answers, word for word."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace as altered

from sop_runs.gate import Check
from sop_runs.problem import Problem
from sop_runs.record.schema import (
    ScenarioRecord,
)
from tests.support.gate_checks import (
    ADD,
    CITED,
    CLAIMS,
    DECIDING,
    OPERATIVE,
    TAGS,
    WATCHED,
    WHOLE,
    WITH_CASES,
    failure,
    gate,
    without_place,
)


def test_what_the_engine_says_of_itself_is_covered_whole() -> None:
    whole = gate(WHOLE)
    clauses, gaps = len(OPERATIVE), len(WITH_CASES)

    assert whole.clauses() == Check("clauses", "clauses of the SOP", f"{clauses} of {clauses} asserted by passed examples", ADD)
    assert whole.gaps() == Check(
        "gaps", "gaps with cases", f"{gaps} of {gaps} asserted by passed examples; 0 gaps to watch without an example", ADD
    )
    assert whole.cases() == Check(
        "cases", "answers of the named stages", "384 of 384 asserted by passed examples; examples cover 256 of 256 cases", ADD
    )
    assert all(check.holds for check in (whole.clauses(), whole.gaps(), whole.cases()))


@pytest.mark.parametrize("status", ["failed", "broken", "not-run"])
def test_only_a_passed_example_covers_anything(status: str) -> None:
    failed = gate(altered(WHOLE, status=status))

    assert failed.clauses().problems == without_place("clauses", *(f"{clause.id}: {clause.text}" for clause in OPERATIVE))
    assert failed.clauses().summary == f"0 of {len(OPERATIVE)} asserted by passed examples"
    assert failed.gaps().problems == without_place("gaps", *(f"{gap.id}: {gap.title}" for gap in WITH_CASES if gap not in WATCHED))
    assert failed.gaps().summary == (
        f"0 of {len(WITH_CASES) - len(WATCHED)} asserted by passed examples; {len(WATCHED)} gaps to watch without an example"
    )
    assert failed.cases().summary == "0 of 384 asserted by passed examples; examples cover 0 of 256 cases"
    assert not failed.cases().holds


def untagged(*ids: str) -> ScenarioRecord:
    return altered(WHOLE, tags=tuple(tag for tag in TAGS if tag[1:] not in ids))


def uncited(facet: str, identifier: str) -> ScenarioRecord:
    return altered(WHOLE, claims=[entry for entry in CLAIMS if entry.facet != facet or identifier not in entry.expected])


@pytest.mark.parametrize("clause", CITED, ids=lambda clause: str(clause.id))
def test_a_clause_needs_a_tag_and_a_citation(clause: SimpleNamespace) -> None:
    named = without_place("clauses", f"{clause.id}: {clause.text}")

    assert gate(untagged(clause.id)).clauses().problems == named
    assert clause.id in {problem.message.partition(":")[0] for problem in gate(uncited("clauses", clause.id)).clauses().problems}


def test_a_clause_that_rules_on_no_case_needs_a_tag_only() -> None:
    clause = next(clause for clause in OPERATIVE if clause not in CITED)

    assert gate(altered(WHOLE, claims=[])).clauses().problems == without_place("clauses", *(f"{cited.id}: {cited.text}" for cited in CITED))
    assert gate(untagged(clause.id)).clauses().problems == without_place("clauses", f"{clause.id}: {clause.text}")


def test_a_gap_that_decides_needs_a_tag_and_a_citation_and_another_a_tag_or_a_watch() -> None:
    decides, watched = DECIDING[0], WATCHED[0]

    assert gate(untagged(decides.id)).gaps().problems == without_place("gaps", f"{decides.id}: {decides.title}")
    assert decides.id in {problem.message.partition(":")[0] for problem in gate(uncited("gaps", decides.id)).gaps().problems}
    assert gate(altered(WHOLE, claims=[])).gaps().problems == without_place("gaps", *(f"{gap.id}: {gap.title}" for gap in DECIDING))
    check = gate(untagged(watched.id)).gaps()
    assert (check.problems, check.summary.partition("; ")[2]) == ((), "1 gap to watch without an example")


@pytest.mark.parametrize("facet", ["outcome", "tasks", "clauses", "gaps"])
def test_every_facet_of_a_case_of_a_named_stage_is_asserted_as_practised(facet: str) -> None:
    values = ("seller", "full", "ERP", "PACKED", "pushed")
    lost = [
        entry
        for entry in CLAIMS
        if (entry.facet, tuple(entry.subject.get("facts", {}).values()), entry.reading) != (facet, values, "as-practised")
    ]

    check = gate(altered(WHOLE, claims=lost)).cases()

    assert check.problems == without_place("cases", f"no example asserts the {facet} of seller / full / ERP / PACKED / pushed")
    assert check.summary == "383 of 384 asserted by passed examples; examples cover 256 of 256 cases"


def test_claims_of_something_else_cover_no_case() -> None:
    others = [entry for entry in CLAIMS if entry.reading == "as-written" or entry.subject["kind"] != "case"]
    strange = altered(CLAIMS[0], subject={"kind": "order", "facts": {}})

    check = gate(altered(WHOLE, claims=[*others, strange])).cases()

    assert len(check.problems) == 384
    assert check.summary.endswith("examples cover 0 of 256 cases")


def test_findings_and_failures_are_at_their_place() -> None:
    finding = Problem("a.feature", 2, 1, "no-then", "m", "n")
    rows = [failure("A", 5, row=7), failure("A", 5, row=8), failure("A", 5, row=9), failure("B", 6, scenario=20)]
    correct = "correct the rulebook or the feature file"

    assert gate(findings=(finding,)).lint() == Check("lint", "feature files", "1 finding", "correct the findings of `sop lint`", (finding,))
    assert gate().lint() == Check("lint", "feature files", "0 findings", "correct the findings of `sop lint`")
    assert gate(failures=tuple(rows)).passed() == Check(
        "passed", "examples", "1,199 passed, 4 failed", correct,
        (
            Problem("a.feature", 5, 1, "passed", "A: A is wrong; and 2 more rows", correct),
            Problem("a.feature", 6, 1, "passed", "B: B is wrong", correct),
        ),
    )  # fmt: skip
    assert gate(failures=tuple(rows[:2])).passed().problems[0].message == "A: A is wrong; and 1 more row"
    assert gate(known_failures=(rows[0],)).passed() == Check("passed", "examples", "1,199 passed, 0 failed, 1 known failure", correct)


@pytest.mark.parametrize("problems", [{"failures": (failure("A", 5),)}, {"findings": (Problem("a.feature", 2, 1, "r", "m", "n"),)}])
def test_coverage_is_not_judged_while_examples_do_not_pass(problems: dict[str, object]) -> None:
    closed = gate(WHOLE, **problems)
    names = {
        "clauses": "clauses of the SOP", "gaps": "gaps with cases", "cases": "answers of the named stages",
        "mutation": "changes of the rulebook",
    }  # fmt: skip

    for code, name in names.items():
        check = getattr(closed, code)()
        remedy = "correct the problems of the other checks first"
        assert check == Check(code, name, "not judged until every example passes", remedy, blocked=True)
        assert not check.holds
    assert not gate(WHOLE).blocked
