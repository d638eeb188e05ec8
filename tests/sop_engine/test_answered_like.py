"""A case or a returned unit that a gap answers like another one."""

import pytest

from sop_engine import Outcome
from sop_engine.decision import Answer
from sop_engine.errors import ContradictionError
from sop_engine.evaluation import evaluate
from sop_engine.statement import RETURN, Section, When
from tests.support.small_statements import CREATED, GRN, HINT, NOTE, PACKED, answer, book, clash, gap, statement


def test_notes_are_the_questions_that_change_nothing_also_of_the_case_it_is_answered_like() -> None:
    gaps = [
        gap("GAP-01", aspect="note", when=CREATED),
        gap("GAP-02", aspect="note", when=PACKED),
        gap("GAP-03", aspect="document"),
        gap("GAP-04"),
    ]
    detour = statement("GAP-04.1", gap="GAP-04", when=PACKED, like={"stage": "CREATED"})

    assert answer(gaps=gaps).notes == ("GAP-02",)
    assert answer(gaps=gaps, subject=RETURN).notes == ()
    there = answer(statement("C-1", when=CREATED, outcome=Outcome.ALLOWED), detour, gaps=gaps)
    assert (there.notes, there.gaps) == (("GAP-01", "GAP-02"), ("GAP-04",))


def test_a_case_can_be_answered_like_another() -> None:
    there = statement("C-1", when=CREATED, outcome=Outcome.ALLOWED, tasks=(NOTE,), manner="by hand")
    detour = statement("GAP-02.1", gap="GAP-02", when=PACKED, like={"stage": "CREATED"})
    gaps = [gap("GAP-01", when=CREATED), gap("GAP-02", when=PACKED), gap("GAP-03", when=When({"stage": frozenset({"COMPLETED"})}))]

    assert answer(there, detour, gaps=gaps) == Answer(
        Outcome.ALLOWED,
        (NOTE,),
        ("C-1",),
        ("GAP-01", "GAP-02"),
        tasks_stated=True,
        outcome_by=("GAP-02", "GAP-01", "C-1"),
        tasks_by=("GAP-02", "GAP-01", "C-1"),
        manner="by hand",
    )
    assert answer(detour, gaps=gaps) == Answer(Outcome.UNSPECIFIED, None, (), ("GAP-01", "GAP-02"))
    heading = [Section("A", "x:1", "1", "", CREATED, "all")]
    followed = answer(statement("C-1", when=CREATED, outcome=Outcome.ALLOWED), detour, sections=heading)
    assert (followed.tasks, followed.tasks_stated, followed.tasks_by) == ((), False, ("GAP-02", "A"))


def test_a_returned_unit_can_be_answered_like_another() -> None:
    passed, failed = ({"quality_check": word} for word in ("pass", "fail"))
    statements = [
        statement("R-1", subject=RETURN, when=When({"quality_check": frozenset({"pass"})}), tasks=(GRN,)),
        statement("GAP-01.1", gap="GAP-01", subject=RETURN, when=When({"quality_check": frozenset({"fail"})}), like=passed),
    ]
    gaps = [gap("GAP-01", subject=RETURN), gap("GAP-02", when=PACKED)]

    answered = evaluate(failed, statements, book(gaps=gaps), RETURN)

    assert (answered.tasks, answered.clauses, answered.gaps, answered.tasks_by) == ((GRN,), ("R-1",), ("GAP-01",), ("GAP-01", "R-1"))


def test_a_case_cannot_be_answered_by_itself_and_like_another() -> None:
    detour = statement("C-1", like={"stage": "CREATED"})
    apart = "answered like another case / answered by itself" + HINT

    assert clash(detour, statement("C-2", outcome=Outcome.REFUSED)) == (
        f"C-1, C-2 contradict each other on PACKED / full: {apart}",
        ("C-1", "C-2"),
    )
    assert clash(detour, statement("C-2", like={"stage": "CREATED"}))[1] == ("C-1", "C-2")
    assert clash(statement("C-1", like={"stage": "CREATED"}, manner="by hand"))[1] == ("C-1", "C-1")
    assert answer(statement("C-1", when=PACKED, like={"stage": "CREATED"}), statement("C-2")).outcome is Outcome.UNSPECIFIED


def test_a_case_cannot_be_answered_like_itself() -> None:
    there = statement("C-1", when=PACKED, like={"stage": "CREATED"})
    back = statement("C-2", when=CREATED, like={"stage": "PACKED"})
    with pytest.raises(ContradictionError) as refused:
        answer(there, back)

    assert str(refused.value) == "C-1, C-2 contradict each other on PACKED / full: answered like itself" + HINT
    assert clash(statement("C-1", like={"scope": "full"}))[1] == ("C-1",)
