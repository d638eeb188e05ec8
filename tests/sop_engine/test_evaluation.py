"""The answer of several statements to one case: which decide, which are overridden, what follows, and what is cited."""

import pytest

from sop_engine import Outcome, Reading, Source, TaskKey
from sop_engine.decision import Answer
from sop_engine.evaluation import statements_of
from sop_engine.statement import CASE, ORDER, RETURN, Gap, Section, Statement, When
from tests.support.small_statements import CREATED, GRN, HERE, MAY_NOTE, NOTE, PACKED, answer, book, gap, statement


def test_a_when_covers_the_facts_that_have_one_of_its_words_each() -> None:
    both = When({"stage": frozenset({"PACKED", "CREATED"}), "scope": frozenset({"full"})})

    assert both.covers(HERE)
    assert not both.covers({**HERE, "scope": "partial"})
    assert not both.covers({**HERE, "stage": "COMPLETED"})
    assert When().covers({})
    assert both.narrowed(PACKED) == When({"stage": frozenset({"PACKED"}), "scope": frozenset({"full"})})
    assert PACKED.narrowed(When()) == PACKED


def test_the_clauses_answer_as_written_and_the_resolutions_too_as_practised() -> None:
    resolutions = (statement("GAP-01.1", gap="GAP-01"), statement("GAP-01.2", gap="GAP-01", subject=RETURN))
    rulebook = book(
        statement("C-1"), statement("R-1", subject=RETURN), statement("O-1", subject=ORDER), gaps=[gap("GAP-01", resolutions=resolutions)]
    )

    def ids(reading: Reading, *subject: str) -> list[str]:
        return [statement.id for statement in statements_of(rulebook, reading, *subject)]

    assert ids(Reading.AS_WRITTEN) == ["C-1"]
    assert ids(Reading.AS_PRACTISED) == ["C-1", "GAP-01.1"]
    assert ids(Reading.AS_WRITTEN, RETURN) == ["R-1"]
    assert ids(Reading.AS_PRACTISED, RETURN) == ["R-1", "GAP-01.2"]


def test_a_sentence_is_what_it_says_and_what_it_is_about() -> None:
    quiet = statement("C-1")

    assert [statement("C", subject=subject).decides for subject in (CASE, RETURN, ORDER, "report", "")] == [True, True, False, False, False]
    assert not quiet.is_citable
    assert statement("C", outcome=Outcome.REFUSED).is_citable
    assert statement("C", tasks=()).is_citable
    assert statement("C", manner="by hand").is_citable
    assert (quiet.source, statement("GAP-01.1", gap="GAP-01").source) == ("C-1", "GAP-01")
    assert [gap("G", aspect=aspect).decides for aspect in ("verdict", "actions", "data")] == [True, True, False]
    assert not gap("G", when=None).decides
    assert not gap("G", when=None, aspect="data").decides


def test_without_a_statement_the_outcome_is_unspecified_and_the_tasks_are_open() -> None:
    assert answer() == Answer(Outcome.UNSPECIFIED, None)
    assert answer(statement("C-1", when=CREATED, outcome=Outcome.REFUSED, tasks=())) == Answer(Outcome.UNSPECIFIED, None)
    assert answer(statement("C-1")) == Answer(Outcome.UNSPECIFIED, None)


def test_who_speaks_is_cited_and_named_as_what_settled_its_part() -> None:
    answered = answer(
        statement("C-1", outcome=Outcome.ALLOWED),
        statement("C-2", tasks=(NOTE, GRN), manner="by hand"),
        statement("C-3"),
        statement("C-4", tasks=(GRN,)),
    )

    assert answered == Answer(
        Outcome.ALLOWED,
        (NOTE, GRN),
        ("C-1", "C-2", "C-4"),
        (),
        tasks_stated=True,
        outcome_by=("C-1",),
        tasks_by=("C-2", "C-4"),
        manner="by hand",
    )


def test_sentences_that_agree_are_all_cited() -> None:
    answered = answer(statement("C-1", outcome=Outcome.ALLOWED, tasks=(NOTE,)), statement("C-2", outcome=Outcome.ALLOWED, tasks=(NOTE,)))

    assert (answered.outcome, answered.tasks, answered.outcome_by, answered.tasks_by) == (
        Outcome.ALLOWED,
        (NOTE,),
        ("C-1", "C-2"),
        ("C-1", "C-2"),
    )


def test_a_resolution_is_named_by_its_gap_and_no_clause() -> None:
    resolved = [
        statement("GAP-01.1", gap="GAP-01", outcome=Outcome.ALLOWED, manner="by hand"),
        statement("GAP-01.2", gap="GAP-01", tasks=(NOTE,)),
    ]
    other = statement("GAP-01.3", gap="GAP-01", outcome=Outcome.ALLOWED, manner="by phone")

    assert answer(*resolved, other, gaps=[gap("GAP-01")]) == Answer(
        Outcome.ALLOWED,
        (NOTE,),
        (),
        ("GAP-01",),
        tasks_stated=True,
        outcome_by=("GAP-01",),
        tasks_by=("GAP-01",),
        manner="by hand, by phone",
    )


def test_a_manner_is_said_once_and_its_clause_is_cited() -> None:
    answered = answer(statement("C-1", manner="by hand"), statement("C-2", manner="by hand"), statement("C-3", manner="by phone"))

    assert answered == Answer(Outcome.UNSPECIFIED, None, ("C-1", "C-2", "C-3"), manner="by hand, by phone")


def test_a_beaten_sentence_is_silent_in_the_part_that_the_other_speaks_on() -> None:
    loser = statement("C-1", outcome=Outcome.REFUSED, tasks=(GRN,))
    on_outcome = statement("C-2", outcome=Outcome.ALLOWED, over=("C-1",))
    on_tasks = statement("C-2", tasks=(NOTE,), over=("C-1",))
    on_both = statement("C-2", outcome=Outcome.ALLOWED, tasks=(), over=("C-1",))
    on_neither = statement("C-2", over=("C-1",))
    elsewhere = statement("C-2", when=CREATED, over=("C-1",))

    def parts_of_answer(winner: Statement) -> tuple[object, ...]:
        answered = answer(loser, winner)
        return answered.outcome, answered.tasks, answered.clauses, answered.outcome_by, answered.tasks_by

    assert parts_of_answer(on_outcome) == (Outcome.ALLOWED, (GRN,), ("C-1", "C-2"), ("C-2",), ("C-1",))
    assert parts_of_answer(on_tasks) == (Outcome.REFUSED, (NOTE,), ("C-1", "C-2"), ("C-1",), ("C-2",))
    assert parts_of_answer(on_both) == (Outcome.ALLOWED, (), ("C-2",), ("C-2",), ("C-2",))
    assert parts_of_answer(on_neither) == (Outcome.UNSPECIFIED, None, (), (), ())
    assert parts_of_answer(elsewhere) == (Outcome.REFUSED, (GRN,), ("C-1",), ("C-1",), ("C-1",))


def test_a_gap_that_takes_a_task_away_is_named_beside_what_settles_the_tasks() -> None:
    loser, other = statement("C-1", tasks=(GRN,)), statement("C-2", tasks=(NOTE,))
    over = ("C-9", "C-1")
    for taker, named in (
        (statement("GAP-01.1", gap="GAP-01", over=over), ("C-2", "GAP-01")),
        (statement("GAP-01.1", gap="GAP-01", tasks=(NOTE,), over=over), ("C-2", "GAP-01")),
        (statement("GAP-01.1", gap="GAP-01", tasks=(NOTE,), over=("C-9",)), ("C-2", "GAP-01")),
        (statement("C-3", over=over), ("C-2",)),
    ):
        answered = answer(*([other] if taker.over == ("C-9",) else [loser, other]), taker)
        assert (answered.tasks, answered.tasks_by) == ((NOTE,), named)
    nothing = statement("C-1", tasks=())
    answered = answer(nothing, statement("GAP-01.1", gap="GAP-01", over=over), other)
    assert (answered.tasks, answered.tasks_by) == ((NOTE,), ("C-2",)), "there was no task to take away"
    answered = answer(loser, statement("GAP-01.1", gap="GAP-01", outcome=Outcome.ALLOWED, over=over), other)
    assert (answered.tasks, answered.tasks_by) == ((GRN, NOTE), ("C-1", "C-2")), "it speaks on the outcome only"
    silenced = statement("GAP-01.1", gap="GAP-01", over=over)
    answered = answer(loser, silenced, gaps=[gap("GAP-01", leaves_open=("tasks",))])
    assert (answered.tasks, answered.tasks_by) == (None, ()), "nothing settles what is left open"


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.FAILS_ON_SCREEN, Outcome.WITHOUT_EFFECT])
def test_nothing_is_to_do_after_what_did_not_happen(outcome: Outcome) -> None:
    answered = answer(statement("C-1", outcome=outcome))

    assert answered == Answer(outcome, (), ("C-1",), outcome_by=("C-1",), tasks_by=("C-1",))
    assert answer(statement("C-1", outcome=outcome), statement("C-2", tasks=(NOTE,))).tasks == (NOTE,)


def test_nothing_else_is_to_do_where_the_heading_lists_every_step() -> None:
    sections = [
        Section("A", "x:1", "1", "", PACKED, "it lists all"),
        Section("B", "x:1", "1", "", CREATED, "it lists all"),
        Section("C", "x:1", "1", "", PACKED),
        Section("D", "x:1", "1", "", When(), "it lists all"),
    ]
    allowed = statement("C-1", outcome=Outcome.ALLOWED)

    assert answer(allowed, sections=sections) == Answer(Outcome.ALLOWED, (), ("C-1",), outcome_by=("C-1",), tasks_by=("A", "D"))
    assert answer(allowed, sections=sections[1:3]) == Answer(Outcome.ALLOWED, None, ("C-1",), outcome_by=("C-1",))
    assert answer(statement("C-1", outcome=Outcome.FAILS_AT_PACKING), sections=sections).tasks is None
    assert answer(sections=sections).tasks is None


def test_what_a_gap_leaves_open_does_not_follow() -> None:
    refused = statement("C-1", outcome=Outcome.REFUSED)
    opened = gap("GAP-01", aspect="actions", leaves_open=("tasks",))

    assert answer(refused, gaps=[opened]) == Answer(Outcome.REFUSED, None, ("C-1",), ("GAP-01",), outcome_by=("C-1",))
    assert answer(refused, gaps=[gap("GAP-01", leaves_open=("outcome",))]).tasks == ()
    assert answer(refused, gaps=[gap("GAP-01", leaves_open=("tasks",), when=CREATED)]).tasks == ()
    assert answer(refused, statement("C-2", tasks=(NOTE,)), gaps=[opened]).tasks == (NOTE,)


def test_gaps_are_cited_where_they_cover_the_case_and_its_answer_depends_on_them() -> None:
    gaps = [
        gap("GAP-04"),
        gap("GAP-01", aspect="actions", when=PACKED),
        gap("GAP-02", when=CREATED),
        gap("GAP-03", aspect="data"),
        gap("GAP-05", when=None),
        gap("GAP-06", subject=RETURN),
    ]

    assert answer(gaps=gaps).gaps == ("GAP-04", "GAP-01")
    assert answer(gaps=gaps, subject=RETURN).gaps == ("GAP-06",)


def test_what_a_gap_covers_is_open_as_written_and_assumed_as_practised() -> None:
    speaks = statement("C-1", outcome=Outcome.ALLOWED, tasks=(NOTE,), manner="by hand")
    verdict, actions, note = (gap("GAP-01", aspect=aspect) for aspect in ("verdict", "actions", "note"))

    def parts_of_answer(asked: Gap, reading: Reading) -> tuple[object, ...]:
        answered = answer(speaks, gaps=[asked], reading=reading)
        assert answered.clauses == ("C-1",), "its manner stays said"
        return answered.outcome, answered.tasks, answered.outcome_by, answered.tasks_by, answered.outcome_source, answered.tasks_source

    assert parts_of_answer(verdict, Reading.AS_WRITTEN) == (Outcome.UNSPECIFIED, None, (), (), Source.SILENT, Source.SILENT)
    assert parts_of_answer(actions, Reading.AS_WRITTEN) == (Outcome.ALLOWED, None, ("C-1",), (), Source.STATED, Source.SILENT)
    assumed, stated = ("GAP-01", "C-1"), ("C-1",)
    assert parts_of_answer(verdict, Reading.AS_PRACTISED) == (Outcome.ALLOWED, (NOTE,), assumed, assumed, Source.ASSUMED, Source.ASSUMED)
    assert parts_of_answer(actions, Reading.AS_PRACTISED) == (Outcome.ALLOWED, (NOTE,), stated, assumed, Source.STATED, Source.ASSUMED)
    for reading in Reading:
        assert parts_of_answer(note, reading) == (Outcome.ALLOWED, (NOTE,), stated, stated, Source.STATED, Source.STATED)


def test_what_follows_rests_on_a_gap_too_where_one_covers_it() -> None:
    refused = statement("C-1", outcome=Outcome.REFUSED)
    asked = [gap("GAP-01", aspect="actions")]

    assert answer(refused, gaps=asked, reading=Reading.AS_WRITTEN).tasks is None
    practised = answer(refused, gaps=asked)
    assert (practised.tasks, practised.tasks_by, practised.tasks_source) == ((), ("GAP-01", "C-1"), Source.ASSUMED)


def test_each_task_names_the_statements_that_ask_for_it_and_no_others() -> None:
    answered = answer(
        statement("C-1", outcome=Outcome.ALLOWED),
        statement("C-2", tasks=(NOTE,)),
        statement("C-3", tasks=(GRN, NOTE)),
        statement("GAP-01.1", gap="GAP-01", tasks=(GRN,)),
        statement("C-4", tasks=(MAY_NOTE,)),
        statement("C-5", over=("C-4",)),
    )

    assert answered.task_by == {TaskKey.CREDIT_NOTE: ("C-2", "C-3"), TaskKey("grn"): ("C-3", "GAP-01")}


def test_a_sentence_that_rests_on_another_makes_its_outcome_more_precise_and_falls_with_it() -> None:
    barred = statement("C-1", outcome=Outcome.REFUSED)
    resting = statement("C-2", outcome=Outcome.FAILS_ON_SCREEN, rests_on="C-1")

    answered = answer(resting, barred)
    assert (answered.outcome, answered.clauses, answered.outcome_by, answered.tasks_by) == (
        Outcome.FAILS_ON_SCREEN,
        ("C-2", "C-1"),
        ("C-2", "C-1"),
        ("C-2", "C-1"),
    )
    assert answer(resting).outcome is Outcome.UNSPECIFIED
    assert answer(resting, statement("C-1", when=CREATED, outcome=Outcome.REFUSED)).outcome is Outcome.UNSPECIFIED
    assert answer(statement("C-2", rests_on="C-1", tasks=(NOTE,)), barred).outcome is Outcome.REFUSED


def test_the_source_of_a_part_is_read_from_what_settled_it() -> None:
    stated = Answer(Outcome.ALLOWED, (NOTE,), tasks_stated=True, outcome_by=("C-1",), tasks_by=("C-1",))
    followed = Answer(Outcome.ALLOWED, (), outcome_by=("C-1",), tasks_by=("A",))
    assumed = Answer(Outcome.ALLOWED, (), outcome_by=("C-1", "GAP-01"), tasks_by=("C-1", "GAP-01"), tasks_stated=True)

    assert [(a.outcome_source, a.tasks_source) for a in (stated, followed, assumed, Answer(Outcome.UNSPECIFIED, None))] == [
        (Source.STATED, Source.STATED),
        (Source.STATED, Source.FOLLOWS),
        (Source.ASSUMED, Source.ASSUMED),
        (Source.SILENT, Source.SILENT),
    ]
    assert Answer(Outcome.UNSPECIFIED, None, outcome_by=("GAP-02",)).outcome_source is Source.SILENT
    assert Answer(Outcome.ALLOWED, (), outcome_by=("SC-GAP-1",), tasks_by=("SC-GAP-1",), tasks_stated=True).outcome_source is Source.STATED
