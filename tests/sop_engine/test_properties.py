"""Laws of the engine, each checked on every one of the 256 cases under both readings."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine import (
    EVERY_CASE,
    FACTS,
    Canceller,
    Case,
    Decision,
    EInvoice,
    Invoicing,
    Modality,
    Outcome,
    QualityCheck,
    Reading,
    ReturnDecision,
    Scope,
    SopError,
    Source,
    Stage,
    TaskKey,
    Timing,
    case_from,
    decide,
    decide_each,
    decide_mapping,
    decide_return,
    load_rulebook,
    nearest_allowed,
)
from sop_engine.decision import Answer
from sop_engine.evaluation import evaluate, statements_of

RULEBOOK = load_rulebook()
EVERY_DECISION = tuple(decide(case, reading) for reading in Reading for case in EVERY_CASE)
PRACTISED = tuple(decide(case) for case in EVERY_CASE)
EARLY = (Stage.CREATED, Stage.UNFULFILLABLE)
LIFE = (Stage.FULFILLABLE, Stage.PROCESSING, Stage.PACKED, Stage.READY_TO_DISPATCH, Stage.COMPLETED)
WORDS = {name: tuple(dict.fromkeys(case.facts[name] for case in EVERY_CASE)) for name in FACTS}


def test_every_case_has_a_decision_under_both_readings() -> None:
    assert [(d.case, d.reading) for d in EVERY_DECISION] == [(case, reading) for reading in Reading for case in EVERY_CASE]
    assert len(set(EVERY_CASE)) == 256


def test_a_decision_from_words_is_the_decision_on_the_case() -> None:
    facts = [case.facts for case in EVERY_CASE]

    assert [decide_mapping(words) for words in facts] == list(PRACTISED)
    assert list(decide_each(facts)) == list(PRACTISED)
    assert [case_from(words) for words in facts] == list(EVERY_CASE)


# Silence


def test_silence_is_never_a_refusal() -> None:
    prohibitions = {clause.id for clause in RULEBOOK.clauses if clause.modality == "must-not"}
    for decision in _written():
        if decision.outcome is Outcome.REFUSED:
            assert prohibitions & set(decision.outcome_by), decision.case


def test_as_written_a_case_is_unspecified_only_where_a_gap_of_the_verdict_is_cited() -> None:
    verdicts = {gap.id for gap in RULEBOOK.gaps if gap.aspect == "verdict"}
    for decision in _written():
        if decision.outcome is Outcome.UNSPECIFIED:
            assert verdicts & set(decision.gaps), decision.case


def test_as_written_tasks_are_open_only_where_a_gap_is_cited() -> None:
    for decision in _written():
        if decision.tasks is None:
            assert decision.gaps, decision.case


def test_an_unspecified_case_leaves_its_tasks_open() -> None:
    for decision in EVERY_DECISION:
        if decision.outcome is Outcome.UNSPECIFIED:
            assert decision.tasks is None, decision.case


def test_as_practised_every_outcome_is_settled() -> None:
    assert [str(d.case) for d in PRACTISED if d.outcome is Outcome.UNSPECIFIED] == []


def test_as_practised_tasks_are_open_exactly_where_gap_11_is_cited() -> None:
    open_tasks = {decision.case for decision in PRACTISED if decision.tasks is None}

    assert open_tasks == {decision.case for decision in PRACTISED if "GAP-11" in decision.gaps}
    assert len(open_tasks) == 12


# Readings


def test_as_practised_differs_from_as_written_only_where_a_gap_is_cited() -> None:
    for written, practised in zip(_written(), PRACTISED, strict=True):
        if (written.outcome, written.tasks) != (practised.outcome, practised.tasks):
            assert set(practised.gaps) & {*practised.outcome_by, *practised.tasks_by}, written.case


def test_as_practised_never_takes_back_an_outcome_that_is_written() -> None:
    for written, practised in zip(_written(), PRACTISED, strict=True):
        if written.outcome is not Outcome.UNSPECIFIED:
            assert practised.outcome is written.outcome, written.case


def test_as_practised_adds_no_task_where_the_written_ones_are_settled() -> None:
    for written, practised in zip(_written(), PRACTISED, strict=True):
        if written.tasks is not None:
            assert set(practised.tasks or ()) <= set(written.tasks), written.case


def test_as_written_no_part_of_a_decision_rests_on_a_gap() -> None:
    for decision in _written():
        assert not any(source.startswith("GAP-") for source in (*decision.outcome_by, *decision.tasks_by)), decision.case


# Citations


def test_every_cited_id_exists() -> None:
    clauses = {clause.id for clause in RULEBOOK.clauses}
    gaps = {gap.id for gap in RULEBOOK.gaps}
    sections = {section.id for section in RULEBOOK.sections}
    for decision in EVERY_DECISION:
        assert set(decision.clauses) <= clauses
        assert set(decision.gaps) <= gaps
        assert set(decision.outcome_by) <= clauses | gaps
        assert set(decision.tasks_by) <= clauses | gaps | sections


def test_no_id_is_cited_twice_in_a_decision() -> None:
    for decision in EVERY_DECISION:
        for ids in (decision.clauses, decision.gaps, decision.outcome_by, decision.tasks_by):
            assert len(ids) == len(set(ids)), decision.case


def test_ids_are_cited_in_the_order_of_the_registers() -> None:
    clauses = [clause.id for clause in RULEBOOK.clauses]
    gaps = [gap.id for gap in RULEBOOK.gaps]
    for decision in EVERY_DECISION:
        assert list(decision.clauses) == sorted(decision.clauses, key=clauses.index)
        assert list(decision.gaps) == sorted(decision.gaps, key=gaps.index)


def test_a_settled_outcome_names_what_settled_it() -> None:
    for decision in EVERY_DECISION:
        assert bool(decision.outcome_by) == (decision.outcome is not Outcome.UNSPECIFIED), decision.case
        assert bool(decision.tasks_by) == (decision.tasks is not None), decision.case


def test_what_settled_a_part_of_a_decision_is_cited_by_it_and_nothing_else_is() -> None:
    sections = {section.id for section in RULEBOOK.sections}
    for decision in EVERY_DECISION:
        settled_by = {*decision.outcome_by, *decision.tasks_by} - sections
        assert settled_by <= {*decision.clauses, *decision.gaps}, decision.case
        assert set(decision.clauses) <= settled_by, decision.case


def test_a_stage_answered_like_another_cites_what_the_other_cites_and_its_own_gap() -> None:
    for decision in PRACTISED:
        case = decision.case
        if gap := _answered_like(case):
            other = decide(replace(case, stage=Stage.FULFILLABLE if gap == "GAP-35" else Stage.PACKED))
            assert (decision.outcome, decision.tasks, decision.clauses) == (other.outcome, other.tasks, other.clauses)
            assert set(decision.gaps) == {*other.gaps, gap}
            assert set(other.notes) <= set(decision.notes)


def test_before_fulfillable_and_after_packed_every_other_case_is_answered_as_the_nearest_stage_is_and_by_the_text() -> None:
    for decision in PRACTISED:
        case = decision.case
        like = {**dict.fromkeys(LIFE[-2:], Stage.PACKED), **dict.fromkeys(EARLY, Stage.FULFILLABLE)}.get(case.stage)
        if like and not _answered_like(case):
            other = decide(replace(case, stage=like))
            assert (decision.outcome, decision.tasks, decision.clauses) == (other.outcome, other.tasks, other.clauses)
            assert decision.outcome_source is Source.STATED


def test_every_clause_with_an_outcome_or_a_task_is_cited_somewhere() -> None:
    cited = {identifier for decision in EVERY_DECISION for identifier in decision.clauses}
    cited |= {identifier for check in QualityCheck for reading in Reading for identifier in decide_return(check, reading).clauses}

    assert [clause.id for clause in RULEBOOK.clauses if clause.decides and clause.is_citable and clause.id not in cited] == []


def test_every_gap_that_decides_is_cited_in_the_cases_it_claims() -> None:
    for gap in RULEBOOK.gaps:
        if gap.subject == "case" and gap.decides:
            covered = {decision.case for decision in PRACTISED if gap.when is not None and gap.when.covers(decision.case.facts)}
            citing = {decision.case for decision in PRACTISED if gap.id in decision.gaps}

            assert len(covered) == gap.cases, gap.id
            assert covered <= citing, gap.id


def test_a_gap_outside_its_cases_is_cited_only_by_a_stage_answered_like_another() -> None:
    gaps = {gap.id: gap for gap in RULEBOOK.gaps}
    for decision in EVERY_DECISION:
        for identifier in decision.gaps:
            when = gaps[identifier].when
            if when is None or not when.covers(decision.case.facts):
                assert decision.reading is Reading.AS_PRACTISED
                assert _answered_like(decision.case) in decision.gaps


# How certain an answer is


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
    counts = Counter(decision.gaps for decision in _written() if decision.outcome is Outcome.UNSPECIFIED)

    assert counts == {("GAP-37",): 32, ("GAP-35",): 16, ("GAP-36",): 16, ("GAP-14",): 8}


def test_tasks_wait_for_the_packing_error_exactly_where_the_cancellation_fails_at_packing() -> None:
    for decision in EVERY_DECISION:
        wanted = Timing.WHEN_PACKING_FAILS if decision.outcome is Outcome.FAILS_AT_PACKING else Timing.NOW
        assert all(task.when is wanted for task in decision.tasks or ()), decision.case


def test_nobody_owes_a_credit_note_now_for_an_e_invoice_that_does_not_exist() -> None:
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


# What the SOP says, seen from above


def test_a_refusal_is_never_followed_by_a_permission_later_in_the_life_of_an_order() -> None:
    for case in EVERY_CASE:
        outcomes = [decide(replace(case, stage=stage)).outcome for stage in LIFE]
        for before, after in pairwise(outcomes):
            assert not (before is Outcome.REFUSED and after is not Outcome.REFUSED), case


def test_nothing_is_allowed_from_packed_on() -> None:
    for decision in EVERY_DECISION:
        if decision.case.stage in (Stage.PACKED, Stage.READY_TO_DISPATCH, Stage.COMPLETED):
            assert decision.outcome in (Outcome.REFUSED, Outcome.UNSPECIFIED), decision.case


def test_under_rms_neither_scope_nor_e_invoice_nor_canceller_changes_the_answer() -> None:
    for decision in PRACTISED:
        if decision.case.invoicing is Invoicing.RMS:
            twin = decide(Case(Canceller.SELLER, Scope.FULL, Invoicing.RMS, decision.case.stage, EInvoice.NOT_POSTED))
            assert (decision.outcome, decision.tasks) == (twin.outcome, twin.tasks), decision.case


def test_under_rms_there_is_never_a_task() -> None:
    for decision in EVERY_DECISION:
        if decision.case.invoicing is Invoicing.RMS:
            assert not decision.tasks, decision.case


def test_a_whole_order_cancelled_by_ajio_asks_for_what_a_seller_cancellation_asks_for() -> None:
    for decision in PRACTISED:
        if decision.case.canceller is Canceller.AJIO and decision.case.scope is Scope.FULL:
            twin = decide(replace(decision.case, canceller=Canceller.SELLER))
            assert (decision.outcome, decision.tasks) == (twin.outcome, twin.tasks), decision.case


def test_as_practised_an_allowed_full_cancellation_under_erp_asks_for_a_credit_note_exactly_where_an_invoice_exists() -> None:
    for decision in PRACTISED:
        case = decision.case
        if decision.outcome is Outcome.ALLOWED and case.scope is Scope.FULL and case.invoicing is Invoicing.ERP:
            assert (TaskKey.CREDIT_NOTE in _keys(decision)) == case.e_invoice.exists, case


def test_each_task_has_one_force_and_its_place_in_the_order_of_the_sop() -> None:
    force = {
        TaskKey.ASK_AJIO_TO_CANCEL: Modality.MUST,
        TaskKey.CANCEL_IN_ASSURE: Modality.MUST,
        TaskKey("download-report"): Modality.MAY,
        TaskKey.CREDIT_NOTE: Modality.MUST,
        TaskKey("share-credit-note"): Modality.NEED_NOT,
    }
    order = list(force)
    for decision in EVERY_DECISION:
        keys = _keys(decision)
        assert keys == sorted(set(keys), key=order.index), decision.case
        assert all(task.modality is force[task.task] for task in decision.tasks or ()), decision.case


def test_sharing_is_spoken_of_exactly_where_there_is_a_credit_note_to_share() -> None:
    for decision in EVERY_DECISION:
        keys = _keys(decision)
        assert (TaskKey.CREDIT_NOTE in keys) == (TaskKey("share-credit-note") in keys), decision.case


def test_every_task_says_who_does_it_and_where() -> None:
    for decision in EVERY_DECISION:
        for task in decision.tasks or ():
            assert task.actor, decision.case
            assert task.system, decision.case


def test_a_refused_or_failing_cancellation_leaves_nothing_to_do_unless_gap_11_leaves_it_open() -> None:
    idle = (Outcome.REFUSED, Outcome.FAILS_ON_SCREEN, Outcome.WITHOUT_EFFECT)
    for decision in EVERY_DECISION:
        if decision.outcome in idle and "GAP-11" not in decision.gaps:
            assert decision.tasks == (), decision.case


# Nearest allowed cases


@pytest.mark.parametrize("reading", Reading)
def test_the_nearest_allowed_cases_are_all_those_with_the_fewest_facts_changed(reading: Reading) -> None:
    allowed = [case for case in EVERY_CASE if decide(case, reading).outcome is Outcome.ALLOWED]
    for case in EVERY_CASE:
        fewest = min(_distance(case, other) for other in allowed)
        expected = [other for other in allowed if _distance(case, other) == fewest]

        found = nearest_allowed(case, reading)

        assert [near.case for near in found] == ([] if case in allowed else expected), case
        for near in found:
            assert case_from({**case.facts, **dict(near.changes)}) == near.case
            assert len(near.changes) == fewest


# Words


def test_a_word_with_a_letter_missing_is_refused_with_the_word_that_was_meant() -> None:
    for name, words in WORDS.items():
        for word in words:
            for at in range(len(word)):
                typo = word[:at] + word[at + 1 :]
                if typo not in words:
                    with pytest.raises(SopError, match=f"unknown {name} `{typo}`; did you mean `{word}`"):
                        decide_mapping(EVERY_CASE[0].facts | {name: typo})


def test_a_word_in_other_capitals_is_refused_with_the_word_that_was_meant() -> None:
    for name, words in WORDS.items():
        for word in words:
            with pytest.raises(SopError, match=f"did you mean `{word}`"):
                decide_mapping(EVERY_CASE[0].facts | {name: word.swapcase()})


def test_a_fact_with_a_letter_missing_is_refused_with_the_fact_that_was_meant() -> None:
    for name in FACTS:
        facts: dict[str, str] = {**EVERY_CASE[0].facts}
        facts[name[:-1]] = facts.pop(name)
        with pytest.raises(SopError, match=f"unknown fact `{name[:-1]}`; did you mean `{name}`"):
            case_from(facts)


@given(name=st.sampled_from(FACTS), value=st.one_of(st.text(), st.none(), st.integers(), st.lists(st.text()), st.binary()))
def test_no_other_value_is_ever_answered(name: str, value: Any) -> None:
    facts: dict[str, Any] = {**EVERY_CASE[0].facts, name: value}
    if value in WORDS[name]:
        return

    for answer in (decide_mapping, case_from, lambda given: list(decide_each([given]))):
        with pytest.raises(SopError):
            answer(facts)


@pytest.mark.parametrize("name", FACTS)
def test_a_missing_fact_is_named_with_its_words(name: str) -> None:
    facts = {fact: word for fact, word in EVERY_CASE[0].facts.items() if fact != name}

    with pytest.raises(SopError, match=f"the case has no `{name}`.*`{WORDS[name][-1]}`"):
        decide_mapping(facts)


@pytest.mark.parametrize("nonsense", [None, 5, "seller", [], ["seller"], b"{}"])
def test_what_is_no_set_of_facts_is_refused(nonsense: object) -> None:
    with pytest.raises(SopError, match="a case is an object of five facts"):
        decide_mapping(nonsense)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", [list, tuple, iter])
def test_many_cases_are_answered_up_to_the_faulty_one(form: Callable[[list[Any]], Iterable[Any]]) -> None:
    facts = [case.facts for case in EVERY_CASE] * 5
    answers = decide_each(form([*facts, {"stage": "PACKED"}, EVERY_CASE[0].facts]))

    assert [next(answers) for _ in facts] == list(PRACTISED) * 5
    with pytest.raises(SopError, match="the case has no `canceller`"):
        next(answers)


# Data


def test_a_row_of_the_table_has_exactly_the_published_keys() -> None:
    expected = [*FACTS, "outcome", "tasks", "clauses", "gaps"]
    for decision in EVERY_DECISION:
        row = decision.row()
        assert list(row) == expected
        assert {name: row[name] for name in FACTS} == decision.case.facts
        assert (row["outcome"], row["clauses"], row["gaps"]) == (decision.outcome, [*decision.clauses], [*decision.gaps])
        assert row["tasks"] == (None if decision.tasks is None else [task.to_plain() for task in decision.tasks])
        assert json.loads(json.dumps(decision.to_plain())) == decision.to_plain()
        for task in decision.tasks or ():
            assert list(task.to_plain()) == ["modality", "task", "actor", "system", "when"]


@pytest.mark.slow
def test_the_decisions_do_not_depend_on_the_hash_seed() -> None:
    program = "from sop_engine import *; print([decide(c, r).to_plain() for r in Reading for c in EVERY_CASE])"
    tables = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(tables) == 1


def _written() -> tuple[Decision, ...]:
    return tuple(decide(case, Reading.AS_WRITTEN) for case in EVERY_CASE)


def _answered_like(case: Case) -> str:
    """The gap by which a stage is answered like another one; empty where the text answers."""
    if case.stage in EARLY and (case.canceller, case.invoicing) == (Canceller.SELLER, Invoicing.ERP):
        return "GAP-35"
    later = case.stage in LIFE[-2:] and (case.canceller, case.invoicing) == (Canceller.AJIO, Invoicing.RMS)
    return "GAP-36" if later else ""


def _keys(decision: Decision) -> list[TaskKey]:
    return [task.task for task in decision.tasks or ()]


def _set(tasks: tuple[object, ...] | None) -> frozenset[object] | None:
    return None if tasks is None else frozenset(tasks)


def _distance(case: Case, other: Case) -> int:
    return sum(case.facts[name] != other.facts[name] for name in FACTS)
