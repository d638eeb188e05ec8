"""Laws of what an answer rests on, each checked on every one of the 256 cases under both readings."""

import random
from collections import Counter
from collections.abc import Iterator

from sop_engine import (
    EVERY_CASE,
    Decision,
    Outcome,
    QualityCheck,
    Reading,
    ReturnDecision,
    Source,
    TaskKey,
    Timing,
    decide,
    decide_return,
)
from sop_engine.decision import Answer
from sop_engine.evaluation import evaluate, statements_of
from tests.support.all_decisions import EVERY_DECISION, PRACTISED, RULEBOOK, decisions_as_written, gap_of_nearest_stage


def test_a_gap_outside_its_cases_is_cited_only_by_a_stage_answered_like_another() -> None:
    gaps = {gap.id: gap for gap in RULEBOOK.gaps}
    for decision in EVERY_DECISION:
        for identifier in decision.gaps:
            when = gaps[identifier].when
            if when is None or not when.covers(decision.case.facts):
                assert decision.reading is Reading.AS_PRACTISED
                assert gap_of_nearest_stage(decision.case) in decision.gaps


def _parts(answer: Answer) -> tuple[tuple[str, Source, tuple[str, ...]], ...]:
    """Each part with its source, and the gaps that cover it: of a verdict gap both parts depend, of an actions gap the tasks."""
    aspects = {gap.id: gap.aspect for gap in RULEBOOK.gaps}
    assert {aspects[gap] for gap in answer.gaps} <= {"verdict", "actions"}
    assert {aspects[gap] for gap in answer.notes} <= {"note"}
    verdicts = tuple(gap for gap in answer.gaps if aspects[gap] == "verdict")
    return ("outcome", answer.outcome_source, verdicts), ("tasks", answer.tasks_source, answer.gaps)


def _every_answer() -> Iterator[tuple[Reading, Answer]]:
    """512 decisions, and 8 on returned units."""
    yield from ((decision.reading, decision) for decision in EVERY_DECISION)
    yield from ((reading, decide_return(check, reading)) for check in QualityCheck for reading in Reading)


def test_nothing_that_a_gap_covers_is_labelled_stated_and_nothing_is_assumed_without_one() -> None:
    for reading, answer in _every_answer():
        for part, source, gaps in _parts(answer):
            if isinstance(answer, ReturnDecision) and part == "outcome":
                continue
            if gaps:
                assert source in ((Source.SILENT,) if reading is Reading.AS_WRITTEN else (Source.ASSUMED, Source.SILENT)), answer
            else:
                assert source in (Source.STATED, Source.FOLLOWS), answer


def test_what_is_labelled_assumed_names_a_gap_that_covers_it_and_what_is_stated_or_follows_names_none() -> None:
    for _, answer in _every_answer():
        for source, by in ((answer.outcome_source, answer.outcome_by), (answer.tasks_source, answer.tasks_by)):
            named = {identifier for identifier in by if identifier.startswith("GAP-")}
            assert bool(named) == (source is Source.ASSUMED), answer
            assert named <= set(answer.gaps), answer


def test_a_refusal_and_a_failure_on_screen_leave_nothing_to_do_by_our_convention_and_never_by_the_text() -> None:
    for decision in EVERY_DECISION:
        if decision.outcome in (Outcome.REFUSED, Outcome.FAILS_ON_SCREEN):
            assert decision.tasks_source is not Source.STATED, decision.case


def test_what_is_unspecified_as_written_is_so_by_the_gap_that_counts_it() -> None:
    counts = Counter(decision.gaps for decision in decisions_as_written() if decision.outcome is Outcome.UNSPECIFIED)

    assert counts == {("GAP-37",): 32, ("GAP-35",): 16, ("GAP-36",): 16, ("GAP-14",): 8}


def test_tasks_wait_for_the_packing_error_exactly_where_the_cancellation_fails_at_packing() -> None:
    for decision in EVERY_DECISION:
        wanted = Timing.WHEN_PACKING_FAILS if decision.outcome is Outcome.FAILS_AT_PACKING else Timing.NOW
        assert all(task.when is wanted for task in decision.tasks or ()), decision.case


def test_no_credit_note_is_due_now_for_an_e_invoice_that_does_not_exist() -> None:
    for decision in EVERY_DECISION:
        due = {task.task for task in decision.tasks or () if task.when is Timing.NOW}
        assert TaskKey.CREDIT_NOTE not in due or decision.case.e_invoice.exists, decision.case


def test_each_task_is_asked_for_by_sentences_of_its_own() -> None:
    asks = {statement.id: {task.task for task in statement.tasks or ()} for statement in RULEBOOK.statements}
    for gap in RULEBOOK.gaps:
        asks[gap.id] = {task.task for statement in gap.resolutions for task in statement.tasks or ()}
    for _, answer in _every_answer():
        assert set(answer.task_by) == {task.task for task in answer.tasks or ()}
        for task, by in answer.task_by.items():
            assert by, answer
            assert all(task in asks[identifier] for identifier in by), answer


def test_every_note_stands_beside_the_cases_it_claims() -> None:
    for gap in RULEBOOK.gaps:
        if gap.aspect == "note" and gap.when is not None:
            world = PRACTISED if gap.subject == "case" else tuple(decide_return(check) for check in QualityCheck)
            facts = [answer.case.facts if isinstance(answer, Decision) else {"quality_check": answer.quality_check} for answer in world]
            covered = [answer for answer, words in zip(world, facts, strict=True) if gap.when.covers(words)]
            assert len(covered) == gap.cases, gap.id
            assert all(gap.id in answer.notes for answer in covered), gap.id


def test_the_order_of_the_statements_does_not_matter() -> None:
    for reading in Reading:
        statements = list(statements_of(RULEBOOK, reading))
        for seed in range(3):
            random.Random(seed).shuffle(statements)  # noqa: S311 (a shuffle, not a secret)
            for case in EVERY_CASE:
                decision = decide(case, reading)

                answer = evaluate(case.facts, statements, RULEBOOK, reading=reading)

                assert answer.outcome is decision.outcome, case
                assert _set(answer.tasks) == _set(decision.tasks), case
                assert set(answer.clauses) == set(decision.clauses), case
                assert set(answer.gaps) == set(decision.gaps), case


def _set(tasks: tuple[object, ...] | None) -> frozenset[object] | None:
    return None if tasks is None else frozenset(tasks)
