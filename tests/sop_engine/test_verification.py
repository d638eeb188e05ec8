"""What is proved of a rulebook, in a world so small that every answer can be counted: three cases and two returned units."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from sop_engine import Modality, Outcome, Reading, Rulebook, Task, TaskKey
from sop_engine.errors import RulebookError
from sop_engine.statement import CASE, ORDER, RETURN, Gap, Statement, When
from sop_engine.verification import Witness, prove

NOTE = Task(Modality.MUST, TaskKey.CREDIT_NOTE, "client", "ERP")
WRITTEN, PRACTISED = Reading


@pytest.fixture(autouse=True)
def _small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = tuple({"stage": stage, "scope": "full"} for stage in ("one", "two", "three"))
    units = tuple({"quality_check": check} for check in ("pass", "fail"))
    monkeypatch.setattr("sop_engine.verification.SITUATIONS", {CASE: cases, RETURN: units})


def when(*words: str, fact: str = "stage") -> When:
    """A condition on one fact."""
    return When({fact: frozenset(words)})


def statement(identifier: str, place: int, *words: str, **parts: Any) -> Statement:
    """A statement about the cases *words*."""
    return Statement(identifier, f"clauses.toml:{place}", **{"subject": CASE, "when": when(*words) if words else When(), **parts})


def gap(identifier: str, place: int, *words: str, **parts: Any) -> Gap:
    """A question about the cases *words*."""
    texts = dict.fromkeys(("title", "kind", "nearest", "chosen", "why", "question"), "")
    given = {"aspect": "verdict", "readings": (), "when": when(*words) if words else None, "cases": len(words) or None}
    return Gap(**{"id": identifier, "location": f"gaps.toml:{place}", **given, **texts, **parts})


def resolves(identifier: str, *words: str, **parts: Any) -> Statement:
    """The first resolution of a gap."""
    return replace(statement(f"{identifier}.1", 0, *words, **parts), gap=identifier, location="gaps.toml:9")


NAMES = statement("DOC-1", 1, subject="", not_operative="names it")
ONE = statement("C-1", 2, "one", outcome=Outcome.REFUSED)
TWO = statement("C-2", 3, "two", outcome=Outcome.ALLOWED, tasks=(NOTE,))
UNIT = statement("R-1", 4, subject=RETURN, when=when("pass", fact="quality_check"), tasks=(NOTE,))
DATA = gap("GAP-09", 1, aspect="data")
THREE = gap("GAP-01", 2, "three", resolutions=(resolves("GAP-01", "three", outcome=Outcome.REFUSED),))
FAILED = gap("GAP-02", 3, subject=RETURN, when=when("fail", fact="quality_check"), cases=1, aspect="actions")
CLAUSES, GAPS = (NAMES, ONE, TWO, UNIT), (DATA, THREE, FAILED)


def book(clauses: Sequence[Statement] = CLAUSES, gaps: Sequence[Gap] = GAPS) -> Rulebook:
    """A rulebook of sentences."""
    return Rulebook("tiny", "", "", (), tuple(clauses), tuple(gaps))


def refused(clauses: Sequence[Statement] = CLAUSES, gaps: Sequence[Gap] = GAPS) -> list[str]:
    """Why a rulebook does not hold."""
    with pytest.raises(RulebookError) as refusal:
        prove(book(clauses, gaps))
    assert str(refusal.value).startswith("the rulebook `tiny` is refused for ")
    return list(refusal.value.findings)


def holds(clauses: Sequence[Statement] = CLAUSES, gaps: Sequence[Gap] = GAPS) -> dict[str, Witness]:
    """The witnesses of a rulebook that holds."""
    return dict(prove(book(clauses, gaps)).witnesses)


def test_a_rulebook_that_holds_has_every_answer_and_a_witness_for_every_sentence_that_decides() -> None:
    rulebook = book()

    proof = prove(rulebook)

    assert proof.rulebook is rulebook
    assert {key: (answer.outcome, answer.tasks, answer.gaps) for key, answer in proof.answers.items()} == {
        (CASE, WRITTEN, ("one", "full")): (Outcome.REFUSED, (), ()),
        (CASE, WRITTEN, ("two", "full")): (Outcome.ALLOWED, (NOTE,), ()),
        (CASE, WRITTEN, ("three", "full")): (Outcome.UNSPECIFIED, None, ("GAP-01",)),
        (CASE, PRACTISED, ("one", "full")): (Outcome.REFUSED, (), ()),
        (CASE, PRACTISED, ("two", "full")): (Outcome.ALLOWED, (NOTE,), ()),
        (CASE, PRACTISED, ("three", "full")): (Outcome.REFUSED, (), ("GAP-01",)),
        (RETURN, WRITTEN, ("pass",)): (Outcome.UNSPECIFIED, (NOTE,), ()),
        (RETURN, WRITTEN, ("fail",)): (Outcome.UNSPECIFIED, None, ("GAP-02",)),
        (RETURN, PRACTISED, ("pass",)): (Outcome.UNSPECIFIED, (NOTE,), ()),
        (RETURN, PRACTISED, ("fail",)): (Outcome.UNSPECIFIED, None, ("GAP-02",)),
    }
    assert proof.answer(CASE, WRITTEN, ("one", "full")) is proof.answers[CASE, WRITTEN, ("one", "full")]
    assert proof.witnesses == {
        "C-1": Witness("C-1", WRITTEN, {"stage": "one", "scope": "full"}),
        "C-2": Witness("C-2", WRITTEN, {"stage": "two", "scope": "full"}),
        "R-1": Witness("R-1", WRITTEN, {"quality_check": "pass"}),
        "GAP-01.1": Witness("GAP-01.1", PRACTISED, {"stage": "three", "scope": "full"}),
    }


def test_a_contradiction_is_reported_once_with_both_places_and_the_number_of_cases() -> None:
    hint = "use `over` for the one that takes precedence, or narrow a `when`"
    first = "clauses.toml:2 and clauses.toml:9: C-1, C-9 contradict each other on one / full: refused / allowed; "
    second = "clauses.toml:3 and clauses.toml:9: C-2, C-9 contradict each other on two / full: must credit-note / may credit-note; "
    third = "clauses.toml:4 and clauses.toml:8: R-1, R-8 contradict each other on pass: must credit-note / may credit-note; "
    may = replace(NOTE, modality=Modality.MAY)
    unit = statement("R-8", 8, subject=RETURN, tasks=(may,))

    assert refused((*CLAUSES, statement("C-9", 9, "one", outcome=Outcome.ALLOWED))) == [first + hint + " (case one / full)"]
    both = statement("C-9", 9, "one", "two", outcome=Outcome.ALLOWED, tasks=(may,))
    assert refused((*CLAUSES, both, unit)) == [
        first + hint + " (case one / full)",
        second + hint + " (case two / full)",
        third + hint + " (case pass)",
    ]
    wide = statement("C-1", 2, outcome=Outcome.REFUSED)
    (message,) = refused((NAMES, wide, UNIT, statement("C-9", 9, outcome=Outcome.ALLOWED)), (DATA, FAILED))
    assert message == first + hint + " (case one / full and 2 more)"
    wide, other = (replace(clause, when=when("one", "three")) for clause in (wide, statement("C-9", 9, outcome=Outcome.ALLOWED)))
    (message,) = refused((NAMES, wide, TWO, UNIT, other), (DATA, FAILED))
    assert message == first + hint + " (case one / full and 1 more)"


def test_a_case_without_an_outcome_is_reported() -> None:
    no_clause = 'clauses.toml: no clause covers {} / full, and no gap with `aspect = "verdict"`; add such a gap'
    no_resolution = "clauses.toml: nothing decides the outcome of {} / full; add a resolution to its gap"

    assert refused(gaps=(DATA, FAILED)) == [no_clause.format("three"), no_resolution.format("three")]
    assert refused((NAMES, TWO, UNIT), (DATA, FAILED)) == [
        *(no_clause.format(word) for word in ("one", "three")),
        *(no_resolution.format(word) for word in ("one", "three")),
    ]
    assert refused(gaps=(DATA, replace(THREE, resolutions=()), FAILED)) == [no_resolution.format("three")]
    assert refused(gaps=(DATA, replace(THREE, aspect="actions"), FAILED)) == [no_clause.format("three")]
    assert refused(gaps=(DATA, replace(THREE, resolutions=(), leaves_open=("tasks",)), FAILED)) == [no_resolution.format("three")]
    left_open = replace(THREE, resolutions=(), leaves_open=("outcome",))
    assert set(holds(gaps=(DATA, left_open, FAILED))) == {"C-1", "C-2", "R-1"}
    assert refused(gaps=(DATA, replace(left_open, aspect="actions"), FAILED)) == [no_clause.format("three")]


def test_a_case_without_tasks_is_reported() -> None:
    allowed = replace(TWO, tasks=None)
    nothing = "clauses.toml: no clause and no gap has the tasks of {}; add a gap"
    unsaid = "gaps.toml: GAP-03, GAP-04 leave the tasks of two / full open without `leaves_open`; add it"
    asked = [gap("GAP-03", 4, "two"), gap("GAP-04", 5, "two", aspect="actions")]
    opened = [replace(asked[0], leaves_open=("outcome",)), replace(asked[1], leaves_open=("tasks",))]

    assert refused((NAMES, ONE, allowed, UNIT)) == [nothing.format("two / full")]
    assert refused(gaps=(DATA, THREE)) == [nothing.format("fail")]
    assert refused((NAMES, ONE, allowed, UNIT), (*GAPS, *asked)) == [unsaid]
    one = "gaps.toml: GAP-03 leaves the tasks of two / full open without `leaves_open`; add it"
    assert refused((NAMES, ONE, allowed, UNIT), (*GAPS, asked[0])) == [one]
    assert set(holds((NAMES, ONE, allowed, UNIT), (*GAPS, *opened))) == {"C-1", "C-2", "R-1", "GAP-01.1"}


def test_a_gap_covers_as_many_cases_as_it_claims_and_its_resolutions_no_other() -> None:
    assert refused(gaps=(DATA, replace(THREE, cases=2), replace(FAILED, cases=2))) == [
        "gaps.toml:2: `GAP-01` states 2 cases and covers 1; correct `when` or `cases`",
        "gaps.toml:3: `GAP-02` states 2 cases and covers 1; correct `when` or `cases`",
    ]
    wide = resolves("GAP-01", "one", "two", "three", outcome=Outcome.REFUSED, over=("C-2",))
    assert refused(gaps=(DATA, replace(THREE, resolutions=(wide,)), FAILED)) == [
        "gaps.toml:2: `GAP-01.1` resolves 2 cases outside `GAP-01`; narrow its `when`"
    ]
    uncounted = replace(THREE, cases=None)
    assert set(holds(gaps=(DATA, uncounted, FAILED))) == {"C-1", "C-2", "R-1", "GAP-01.1"}
    assert refused(gaps=(uncounted, replace(FAILED, cases=2))) == [
        "gaps.toml:3: `GAP-02` states 2 cases and covers 1; correct `when` or `cases`"
    ]


def test_a_sentence_without_which_no_answer_changes_is_dead() -> None:
    again = statement("C-8", 8, "one", outcome=Outcome.REFUSED)
    dead = "clauses.toml:{}: `{}` has no effect: no answer changes without it; remove it or correct its `when`"

    assert refused((*CLAUSES, again)) == [dead.format(2, "C-1"), dead.format(8, "C-8")]
    assert refused((*CLAUSES, statement("C-8", 8, "none", outcome=Outcome.REFUSED))) == [dead.format(8, "C-8")]
    opened = gap("GAP-03", 4, "one", aspect="actions", leaves_open=("tasks",))
    assert refused((*CLAUSES, again), (*GAPS, opened)) == [dead.format(2, "C-1"), dead.format(8, "C-8")]
    assert refused((*CLAUSES, statement("R-8", 8, subject=RETURN))) == [dead.format(8, "R-8")]
    assert set(holds((*CLAUSES, statement("O-1", 8, subject=ORDER)))) == {"C-1", "C-2", "R-1", "GAP-01.1"}


def test_a_sentence_and_those_that_restate_it_live_and_die_together() -> None:
    again = statement("C-8", 8, "one", outcome=Outcome.REFUSED, restates="C-1")
    third = replace(again, id="C-9")
    stray = statement("C-7", 7, "one", outcome=Outcome.REFUSED, restates="C-2")

    witnesses = holds((*CLAUSES, again, third))

    assert [witnesses[identifier].facts["stage"] for identifier in ("C-1", "C-8", "C-9")] == ["one"] * 3
    assert witnesses["C-9"] == Witness("C-9", WRITTEN, {"stage": "one", "scope": "full"})
    assert len(refused((*CLAUSES, again, stray))) == 3
    narrow = replace(again, when=when("none"))
    assert refused((*CLAUSES, narrow)) == [
        "clauses.toml:8: `C-8` has no effect: no answer changes without it; remove it or correct its `when`"
    ]


def test_a_sentence_lives_by_its_tasks_or_its_manner_or_the_peace_it_keeps() -> None:
    manner = statement("C-8", 8, "one", manner="by hand")
    assert holds((*CLAUSES, manner))["C-8"] == Witness("C-8", WRITTEN, {"stage": "one", "scope": "full"})

    tasks = statement("C-8", 8, "one", tasks=(NOTE,))
    assert holds((*CLAUSES, tasks))["C-8"].facts["stage"] == "one"

    loud = statement("C-7", 7, "one", outcome=Outcome.ALLOWED, tasks=(NOTE,))
    peace = statement("C-8", 8, "one", over=("C-7",))
    quiet = (NAMES, replace(ONE, outcome=Outcome.REFUSED), TWO, UNIT, loud, peace)
    assert refused(quiet) == ["clauses.toml:7: `C-7` has no effect: no answer changes without it; remove it or correct its `when`"]
    loud = replace(loud, when=when("one", "three"))
    peaceful = holds((NAMES, ONE, TWO, UNIT, loud, peace), (DATA, FAILED))
    assert peaceful["C-8"] == Witness("C-8", WRITTEN, {"stage": "one", "scope": "full"}), "without it, two outcomes"


def test_an_over_between_sentences_that_never_meet_is_dead() -> None:
    unit = replace(UNIT, id="R-9")
    dead = "clauses.toml:{}: `{}` is over `{}`, but no case has both; remove the `over`"

    assert refused((NAMES, ONE, replace(TWO, over=("C-1",)), UNIT)) == [dead.format(3, "C-2", "C-1")]
    failing = replace(unit, over=("R-10",))
    other = replace(UNIT, id="R-10", location="clauses.toml:11", when=when("fail", fact="quality_check"))
    assert refused((NAMES, ONE, TWO, failing, other)) == [dead.format(4, "R-9", "R-10")]
    meets = replace(TWO, when=when("one", "two"), over=("C-1",))
    assert "C-2" in holds(
        (NAMES, replace(ONE, tasks=(NOTE,), outcome=Outcome.REFUSED, when=when("one", "three")), meets, UNIT), (DATA, FAILED)
    )


def test_a_sentence_rests_on_a_refusal_and_says_how_it_shows() -> None:
    resting = statement("C-3", 5, "one", outcome=Outcome.FAILS_ON_SCREEN, rests_on="C-1")
    reason = "clauses.toml:5: `C-3` rests on `C-1`, which says `{}`; only a refusal can be made more precise, and only by an outcome"

    assert holds((NAMES, ONE, TWO, UNIT, resting)).keys() >= {"C-1", "C-3"}
    allowed = replace(ONE, outcome=Outcome.ALLOWED)
    assert refused((NAMES, allowed, TWO, UNIT, resting)) == [reason.format("allowed")]
    noted = replace(resting, outcome=None, tasks=(NOTE,))
    assert refused((NAMES, ONE, TWO, UNIT, noted)) == [reason.format("refused")]
