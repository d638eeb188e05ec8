"""Every reading of a gap that decides cases can be tried: the rulebook holds under it, and nothing else changes."""

from dataclasses import replace
from datetime import date

import pytest

from sop_engine import ENGINE, Reading, Source, load_rulebook
from sop_engine.comparison import regions
from sop_engine.decision_table import Behaviour
from sop_engine.engine import Engine
from sop_engine.register.readings import ReadingError, choices_from, effect_of, effect_without_proof, gap_of, ruling_of, with_readings
from sop_engine.statement import OwnersAnswer
from sop_engine.verification import SITUATIONS

BOOK = load_rulebook()
DECIDING = [gap for gap in BOOK.gaps if gap.decides and gap.cases]
EVERY_READING = [(gap.id, number) for gap in DECIDING for number in range(1, len(gap.readings) + 1)]
BEFORE = Behaviour.of(ENGINE)
SAME_ANSWERS = {("GAP-11", 2), ("GAP-14", 2)}
"""Readings with another reason and the same answers as the assumed one."""


def leading_to(gap_id: str) -> set[tuple[str, ...]]:
    """The situations that the gap covers, and those that are answered like one of them."""
    gap = gap_of(BOOK, gap_id)
    world = SITUATIONS[gap.subject]
    covered = {tuple(facts.values()) for facts in world if gap.when is not None and gap.when.covers(facts)}
    likes = [statement for statement in BOOK.statements if statement.like and statement.subject == gap.subject]
    led = {
        tuple(facts.values())
        for facts in world
        for statement in likes
        if statement.when.covers(facts) and tuple({**facts, **statement.like}.values()) in covered
    }
    return covered | led


def test_there_are_gaps_that_decide_cases_and_each_states_which_reading_is_assumed() -> None:
    assert len(DECIDING) == 13
    assert [gap.id for gap in DECIDING if not gap.reading] == []


@pytest.mark.parametrize(("gap_id", "number"), EVERY_READING)
def test_the_rulebook_holds_under_every_reading_and_as_written_stays(gap_id: str, number: int) -> None:
    engine = Engine.of(with_readings(BOOK, {gap_id: number}))
    changed = regions(BEFORE, Behaviour.of(engine))
    situations = {values for region in changed for values in region.values()}

    assert {region.reading for region in changed} <= {Reading.AS_PRACTISED}
    assert situations <= leading_to(gap_id)
    assert bool(changed) == (number != gap_of(BOOK, gap_id).reading and (gap_id, number) not in SAME_ANSWERS)
    assert effect_of(ENGINE, gap_id, number) == changed


@pytest.mark.parametrize(("gap_id", "number"), EVERY_READING)
def test_an_answer_makes_the_source_decided_where_no_other_gap_has_a_part(gap_id: str, number: int) -> None:
    gap = gap_of(BOOK, gap_id)
    answered = replace(gap.with_ruling(ruling_of(gap, number)), answer=OwnersAnswer(number, "A. Owner", date(2026, 12, 1)))
    engine = Engine.of(replace(BOOK, gaps=tuple(answered if other is gap else other for other in BOOK.gaps)))
    tried = Engine.of(with_readings(BOOK, {gap_id: number}))

    assert not regions(Behaviour.of(tried), Behaviour.of(engine))
    for key, answer in engine.proof.answers.items():
        other = tried.proof.answers[key]
        for part, by in (("outcome_source", answer.outcome_by), ("tasks_source", answer.tasks_by)):
            before, after = getattr(other, part), getattr(answer, part)
            gaps = {identifier for identifier in by if identifier.startswith("GAP-")}
            assert after is (Source.DECIDED if gaps == {gap_id} and before is Source.ASSUMED else before), (key, part)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["GAP-04"], "`GAP-04` is not a gap and a reading; write them like `GAP-04=3`"),
        (["GAP-04=two"], "`GAP-04=two` is not a gap and a reading; write them like `GAP-04=3`"),
        (["GAP-04=\x1b[31m"], "`GAP-04=\\x1b[31m` is not a gap and a reading; write them like `GAP-04=3`"),
        (["GAP-04=0"], "`GAP-04=0` is not a gap and a reading; write them like `GAP-04=3`"),
        (["GAP-04=1", "GAP-04=3"], "`GAP-04` is given twice; give it once"),
        (["gap-04=1"], "there is no gap `gap-04`; did you mean `GAP-04`?"),
        (["GAP-04=4"], "`GAP-04` has no reading 4; expected 1 to 3"),
    ],
)
def test_a_reading_that_cannot_be_tried_is_refused(texts: list[str], message: str) -> None:
    with pytest.raises(ReadingError) as error:
        with_readings(BOOK, choices_from(texts))
    assert str(error.value) == message


def test_a_reading_of_which_the_register_does_not_say_what_it_decides_is_refused_with_what_to_do() -> None:
    with pytest.raises(
        ReadingError, match=r"reading 2 of `GAP-40` cannot be put in force, .* expected one of 1, or say what it decides with"
    ):
        with_readings(BOOK, {"GAP-40": 2})


@pytest.mark.slow
@pytest.mark.parametrize(("gap_id", "number"), EVERY_READING)
def test_the_effect_without_a_proof_is_the_effect_as_practised(gap_id: str, number: int) -> None:
    proved = tuple(region for region in effect_of(ENGINE, gap_id, number) if region.reading is Reading.AS_PRACTISED)

    assert effect_without_proof(ENGINE, gap_id, number) == proved
