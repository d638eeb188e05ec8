"""The check of the gate that every change of the rulebook fails an example, and the examples that it proposes."""

from itertools import islice

import pytest
from msgspec.structs import replace as altered

from sop_engine.engine import ENGINE
from sop_engine.mutation import Mutant, mutants
from sop_runs import gate as gate_module
from sop_runs.gate import Check, first_order
from sop_runs.mutation_score import Proposal
from sop_runs.problem import Problem
from sop_runs.record.schema import (
    Counts,
    SelectionRecord,
    Surroundings,
)
from sop_runs.record.verdict import Reason, ReasonKind
from tests.support.gate_checks import PROPOSED, WHOLE, gate, without_place


def test_a_run_is_complete_if_everything_ran_and_nothing_changed() -> None:
    remedy = "run `sop verify` without a selection and without interrupting it"
    name = "1,200 of 1,200 examples ran"

    assert gate().complete() == Check("complete", "completeness", name, remedy)
    assert gate(reasons=(Reason(ReasonKind.FAILED, 1, 2), Reason(ReasonKind.FILE_CHANGED, path="b.feature"))).complete() == Check(
        "complete", "completeness", f"{name}, but this is not a complete run of the current features", remedy,
        without_place("complete", "b.feature changed since the run began", remedy=remedy),
    )  # fmt: skip
    again = "run `sop verify` again, and do not change its record"
    spoilt = gate(
        reasons=(Reason(ReasonKind.UNREADABLE, path="run.ndjson:9", detail="findings is 3, by the other lines it is 0"),)
    ).complete()
    assert (spoilt.summary, spoilt.remedy) == (f"{name}, but this is not a complete run of the current features", again)
    finding = Problem("a.feature", 2, 1, "r", "m", "n")
    unread = gate(findings=(finding,), counts=Counts(1200, 1187, 1187, 1187, 0)).complete()
    lint = "correct the findings of `sop lint`"
    assert (unread.summary, unread.holds) == ("1,187 of 1,200 examples ran", False)
    assert unread.problems == without_place("complete", "13 examples did not run, because their files have findings", remedy=lint)
    noted = gate()
    noted.note = "other code"
    assert noted.complete().summary == "1,200 of 1,200 examples ran; accepted: other code"
    few = gate(selection=SelectionRecord(None, "x", None), counts=Counts(1200, 3, 3, 3, 0)).complete()
    assert few.summary == "3 of 1,200 examples ran"
    assert few.problems == without_place("complete", "only a selection ran: 3 of 1,200 examples", remedy=remedy)
    move = "move these files into the folder `features`, or away from it"
    beside = gate(surroundings=Surroundings(beside=("more/", "x.feature"))).complete()
    assert beside.problems == without_place("complete", "not run: more/, x.feature, beside the specification", remedy=move)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[Mutant]:
    first_mutants = list(islice(mutants(ENGINE.proof), 40))
    monkeypatch.setattr(gate_module, "first_order", lambda: first_mutants)
    return first_mutants


def test_a_change_of_the_rulebook_that_no_example_notices_is_a_problem(few: list[Mutant]) -> None:
    whole, silent = gate(WHOLE).mutation(), gate(altered(WHOLE, claims=[])).mutation()

    remedy = "add the examples that `sop mutate` proposes"
    refused, equivalent = (int(whole.summary.split(", ")[place].split(" ")[0]) for place in (1, 2))
    judged = len(few) - refused - equivalent
    assert judged > 0
    assert whole == Check(
        "mutation", "changes of the rulebook", f"{judged} of {judged} detected, {refused} refused, {equivalent} equivalent", remedy
    )
    assert silent.summary == f"0 of {judged} detected, {refused} refused, {equivalent} equivalent"
    assert len(silent.problems) == judged
    texts = {mutant.description for mutant in few}
    for problem in silent.problems:
        assert replace_message(problem) == Problem("a.feature", 7, 1, "mutation", "", "add `| b |` below")
        assert problem.message.removeprefix("if ").removesuffix(", every example would still pass") in texts


def replace_message(problem: Problem) -> Problem:
    return altered(problem, message="")


def test_a_scenario_to_add_has_no_place(few: list[Mutant]) -> None:
    silent = gate()
    silent.propose = lambda *_: Proposal(("Scenario: A",))

    assert few
    assert {(problem.path, problem.line, problem.remedy) for problem in silent.mutation().problems} == {
        ("", 1, "`sop mutate` shows the scenario to add")
    }


def test_the_proposal_is_made_for_the_mutant_with_record_and_answers(few: list[Mutant]) -> None:
    asked: list[tuple[object, ...]] = []
    silent = gate()
    silent.propose = lambda *given: asked.append(given) or PROPOSED  # type: ignore[func-returns-value]
    silent.mutation()

    assert {id(mutant) for _, mutant, _ in asked} <= {id(mutant) for mutant in few}  # type: ignore[misc]
    assert all((record, answers) == (silent.record, ENGINE.answers) for record, _, answers in asked)  # type: ignore[misc]


@pytest.mark.slow
def test_every_mutant_of_the_rulebook_is_tried() -> None:
    assert len(first_order()) == sum(1 for _ in mutants(ENGINE.proof))
    assert first_order() is first_order()


def test_the_checks_come_in_order_the_slowest_last() -> None:
    codes = [check.code for check in gate(findings=(Problem("a.feature", 2, 1, "r", "m", "n"),)).checks()]

    assert codes == ["lint", "complete", "passed", "clauses", "gaps", "cases", "behaviour", "wording", "examples", "mutation"]
