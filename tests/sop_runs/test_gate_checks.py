"""Each check of the gate alone, on a record made of the engine's own answers: its summary, its remedy and its problems, word for word."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from types import SimpleNamespace

import msgspec
import pytest
from msgspec.structs import replace as altered

from sop_engine import ReturnDecision, load_rulebook
from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE
from sop_engine.loading.words import FACTS_OF
from sop_engine.mutation import Mutant, mutants
from sop_runs import gate as gate_module
from sop_runs.change.baseline import Baseline
from sop_runs.change.change_text import reference_line
from sop_runs.change.example_text import ExampleText
from sop_runs.change.references import Reference
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.snapshot_changes import Changes, ExampleChange
from sop_runs.change.text_changes import ChangeKind, TextChange
from sop_runs.gate import APPROVE, Check, Gate, first_order
from sop_runs.mutation_score import Proposal
from sop_runs.problem import Problem
from sop_runs.record.reader import COMPLETE, RunRecord
from sop_runs.record.schema import (
    Claim,
    Closing,
    CodeRecord,
    Counts,
    Manifest,
    NamedHash,
    RulebookRecord,
    ScenarioRecord,
    SelectionRecord,
    StepRecord,
    Surroundings,
)
from sop_runs.record.verdict import Failure, Reason, ReasonKind, Verdict

BOOK = load_rulebook()
RULEBOOK = msgspec.convert(BOOK.to_plain(), RulebookRecord)
OPERATIVE = [clause for clause in BOOK.clauses if clause.subject]
CITED = [clause for clause in OPERATIVE if clause.decides and clause.is_citable]
WITH_CASES = [gap for gap in BOOK.gaps if gap.cases]
DECIDING = [gap for gap in WITH_CASES if gap.decides]
WATCHED = [gap for gap in WITH_CASES if not gap.decides and gap.watch]
ADD = "add an example for each"
PROPOSED = Proposal(("| a |", "| b |"), "a.feature", 7)


def claim(subject: str, values: Iterable[str], facet: str, expected: object, reading: str = "as-practised") -> Claim:
    facts = dict(zip(FACTS_OF[subject], values, strict=True))
    return Claim({"kind": subject, "facts": facts}, reading, facet, expected, expected, holds=True, step=0)


def claims_of_the_engine() -> list[Claim]:
    """Every facet of every situation, as the engine answers it."""
    result = []
    for (subject, reading, values), answer in ENGINE.answers.items():
        tasks = None if answer.tasks is None else [task.as_words for task in answer.tasks]
        facets = {"tasks": tasks, "clauses": list(answer.clauses), "gaps": list(answer.gaps)}
        if not isinstance(answer, ReturnDecision):
            facets |= {"outcome": str(answer.outcome)}  # type: ignore[dict-item]
        result += [claim(subject, values, facet, expected, str(reading)) for facet, expected in facets.items()]
    return result


CLAIMS = claims_of_the_engine()
TAGS = tuple(f"@{entry.id}" for entry in (*BOOK.clauses, *BOOK.gaps))
STEP = StepRecord(4, "Then", "b", "then", (), None, None, "passed", None, list(range(len(CLAIMS))))
WHOLE = ScenarioRecord("whole", "a.feature", None, "Whole", None, 3, None, TAGS, "passed", [STEP], CLAIMS)
COUNTS = Counts(1200, 1200, 1200, 1199, 1)


def gate(*scenarios: ScenarioRecord, baseline: Baseline | None = None, changes: Changes | None = None, **verdict: object) -> Gate:
    manifest = Manifest(
        version=2, state="running", reading="as-practised", features={}, rulebook=NamedHash(BOOK.name, BOOK.sha256), code=CodeRecord({}, {}), selection=None,
        written=1, expected=1,
    )  # fmt: skip
    record = RunRecord(manifest, None, [], list(scenarios), Closing(COMPLETE, COUNTS, 0))
    made = Gate(record, replace(Verdict(COMPLETE, COUNTS, ()), **verdict), baseline, lambda *_: PROPOSED)  # type: ignore[arg-type]
    if changes is not None:
        vars(made)["changes"] = changes
    return made


def without_place(code: str, *messages: str, remedy: str = ADD) -> tuple[Problem, ...]:
    return tuple(Problem("", 1, 1, code, message, remedy) for message in messages)


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


def failure(name: str, line: int, *, row: int | None = None, scenario: int = 2) -> Failure:
    return Failure(str(row), "a.feature", scenario, line, row, None, name, "failed", "Then b", f"{name} is wrong\nand more", "d", "e")


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


# What was approved

NOTHING = Snapshot("a")
KEY = ("a.feature", "whole")


def test_without_a_baseline_nothing_is_compared() -> None:
    remedy = "save a baseline with `sop approve`"
    bare = gate(WHOLE)

    assert bare.changes is None
    for code, name in (
        ("behaviour", "answers"),
        ("wording", "headings, clauses, gaps and descriptions"),
        ("examples", "approved examples"),
    ):
        assert getattr(bare, code)() == Check(
            code, name, "nothing is approved yet", remedy, without_place(code, "there is no baseline", remedy=remedy)
        )


def test_the_answers_of_the_whole_table_are_compared() -> None:
    table = Behaviour.of(ENGINE)
    whole = gate(WHOLE, baseline=Baseline(table, {KEY: ExampleText(*KEY, "Whole", "x")}, RULEBOOK, {}))

    assert whole.changes is not None
    assert whole.changes.answers_known == len(table.rows)
    assert whole.behaviour() == Check(
        "behaviour", "answers", f"0 of {len(table.rows)} answers changed", f"see `sop diff approved`; {APPROVE}"
    )
    assert whole.examples().summary == "1 approved, 1 edited"


def test_a_changed_answer_is_at_the_example_that_asserts_it() -> None:
    table = Behaviour.of(ENGINE)
    key = next(key for key in table.rows if key[1:] == ("as-practised", ("seller", "full", "ERP", "PACKED", "pushed")))
    approved = Baseline(
        Behaviour("x", "0", {**table.rows, key: replace(table.rows[key], outcome="allowed", offline_claim=True)}), {}, RULEBOOK, {}
    )

    check = gate(WHOLE, baseline=approved).behaviour()
    silent = gate(altered(WHOLE, claims=[]), baseline=approved).behaviour()

    remedy = f"see `sop diff approved`; {APPROVE}"
    message = (
        "outcome and offline claim changed: seller / full / ERP / PACKED / pushed (1 case, as practised): "
        "outcome allowed → refused; offline claim yes → no (because SC-ERP-FULL-3)"
    )
    assert (check.summary, check.remedy) == (f"1 of {len(table.rows)} answers changed", remedy)
    assert check.problems == (Problem("a.feature", 3, 1, "behaviour", message, remedy),)
    assert silent.problems == (Problem("", 1, 1, "behaviour", message, remedy),)


def test_changed_wording_is_listed_with_its_parts() -> None:
    texts = (
        TextChange("SC-1", ChangeKind.EDITED, (("text", "a", "b"), ("rules_on", "c", "d"))),
        TextChange("Rule R", ChangeKind.GONE, (), path="a.feature", line=9),
    )
    approved = Baseline(Behaviour.of(ENGINE), {}, RULEBOOK, {})

    check = gate(baseline=approved, changes=Changes(NOTHING, NOTHING, texts=texts, texts_known=120)).wording()
    unknown = gate(baseline=approved, changes=Changes(NOTHING, NOTHING)).wording()

    assert check == Check(
        "wording", "headings, clauses, gaps and descriptions", "2 of 120 changed", APPROVE,
        (
            Problem("", 1, 1, "wording", "edited: SC-1 (text, rules on)", APPROVE),
            Problem("a.feature", 9, 1, "wording", "gone: Rule R", APPROVE),
        ),
    )  # fmt: skip
    assert unknown == Check(
        "wording", "headings, clauses, gaps and descriptions", "not compared", APPROVE,
        without_place("wording", "the run has no rulebook", remedy=APPROVE),
    )  # fmt: skip


def test_texts_that_rest_on_a_changed_ruling_are_listed() -> None:
    resting = (Reference("GAP-10", "why", ("GAP-04",)), Reference("Rule R", "text", ("GAP-04",), "a.feature", 9))
    approved = Baseline(Behaviour.of(ENGINE), {}, RULEBOOK, {})
    difference = Changes(NOTHING, Snapshot("b", descriptions={KEY: None}), texts_known=120, references=resting)  # type: ignore[dict-item]

    check = gate(baseline=approved, changes=difference).wording()
    one = gate(baseline=approved, changes=replace(difference, references=resting[:1])).wording()

    assert check.summary == "0 of 121 changed, 2 texts on a changed answer"
    assert one.summary == "0 of 121 changed, 1 text on a changed answer"
    assert [(problem.path, problem.line, problem.column, problem.rule, problem.remedy) for problem in check.problems] == [
        (path, line, 1, "wording", f"read it again and correct it; {APPROVE}") for path, line in (("", 1), ("a.feature", 9))
    ]
    assert [problem.message for problem in check.problems] == [reference_line(text) for text in resting]


def change(kind: ChangeKind, name: str, line: int) -> ExampleChange:
    return ExampleChange(kind, name, "a.feature", line, ("a.feature", name))


def test_changed_examples_are_listed_and_rows_of_one_outline_once() -> None:
    changed = (
        change(ChangeKind.GONE, "A", 3), change(ChangeKind.GONE, "A", 4), change(ChangeKind.EDITED, "B", 5),
        change(ChangeKind.NEW, "C", 6), change(ChangeKind.NEWLY_FAILING, "D", 7), change(ChangeKind.NEWLY_PASSING, "E", 8),
    )  # fmt: skip
    approved = Baseline(Behaviour.of(ENGINE), dict.fromkeys(("a", "b"), ExampleText(*KEY, "Whole", "x")), RULEBOOK, {})  # type: ignore[arg-type]

    check = gate(baseline=approved, changes=Changes(NOTHING, NOTHING, examples=changed, examples_known=2)).examples()
    same = gate(baseline=approved, changes=Changes(NOTHING, NOTHING, examples_known=2)).examples()
    new = gate(baseline=approved, changes=Changes(NOTHING, NOTHING, examples=changed[3:], examples_known=2)).examples()

    assert check == Check(
        "examples", "approved examples", "2 approved, 2 gone, 1 edited, 1 new", APPROVE,
        (
            Problem("a.feature", 3, 1, "examples", "gone: A; and 1 more row", APPROVE),
            Problem("a.feature", 5, 1, "examples", "edited: B", APPROVE),
        ),
        notes=(Problem("a.feature", 6, 1, "examples", "new: C", APPROVE),), all_listed=True,
    )  # fmt: skip
    assert same == Check("examples", "approved examples", "2 approved, 0 changed", APPROVE, all_listed=True)
    assert (new.summary, new.problems) == ("2 approved, 1 new", ())
    assert gate(baseline=approved, changes=Changes(NOTHING, NOTHING)).examples() == Check(
        "examples", "approved examples", "not compared", APPROVE,
        without_place("examples", "no approved feature file is left", remedy=APPROVE),
    )  # fmt: skip


# Changes of the rulebook


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
