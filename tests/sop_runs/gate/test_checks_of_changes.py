"""The checks of the gate on what changed since the approval: answers, wording and examples, word for word."""

from dataclasses import replace

from msgspec.structs import replace as altered

from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE
from sop_runs.change.baseline import Baseline
from sop_runs.change.change_text import reference_line
from sop_runs.change.example_text import ExampleText
from sop_runs.change.references import Reference
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.snapshot_changes import Changes, ExampleChange
from sop_runs.change.text_changes import ChangeKind, TextChange
from sop_runs.gate import APPROVE, Check
from sop_runs.problem import Problem
from tests.support.gate_checks import RULEBOOK, WHOLE, gate, without_place

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
