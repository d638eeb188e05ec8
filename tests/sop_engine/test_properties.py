"""Laws of the decisions, each checked on every one of the 256 cases under both readings."""

from dataclasses import replace

from sop_engine import (
    EVERY_CASE,
    Outcome,
    QualityCheck,
    Reading,
    Source,
    Stage,
    case_from,
    decide,
    decide_each,
    decide_mapping,
    decide_return,
)
from tests.support.all_decisions import EARLY, EVERY_DECISION, LIFE, PRACTISED, RULEBOOK, decisions_as_written, gap_of_nearest_stage


def test_every_case_has_a_decision_under_both_readings() -> None:
    assert [(d.case, d.reading) for d in EVERY_DECISION] == [(case, reading) for reading in Reading for case in EVERY_CASE]
    assert len(set(EVERY_CASE)) == 256


def test_a_decision_from_words_is_the_decision_on_the_case() -> None:
    facts = [case.facts for case in EVERY_CASE]

    assert [decide_mapping(words) for words in facts] == list(PRACTISED)
    assert list(decide_each(facts)) == list(PRACTISED)
    assert [case_from(words) for words in facts] == list(EVERY_CASE)


def test_silence_is_never_a_refusal() -> None:
    prohibitions = {clause.id for clause in RULEBOOK.clauses if clause.modality == "must-not"}
    for decision in decisions_as_written():
        if decision.outcome is Outcome.REFUSED:
            assert prohibitions & set(decision.outcome_by), decision.case


def test_as_written_a_case_is_unspecified_only_where_a_gap_of_the_verdict_is_cited() -> None:
    verdicts = {gap.id for gap in RULEBOOK.gaps if gap.aspect == "verdict"}
    for decision in decisions_as_written():
        if decision.outcome is Outcome.UNSPECIFIED:
            assert verdicts & set(decision.gaps), decision.case


def test_as_written_tasks_are_open_only_where_a_gap_is_cited() -> None:
    for decision in decisions_as_written():
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


def test_as_practised_differs_from_as_written_only_where_a_gap_is_cited() -> None:
    for written, practised in zip(decisions_as_written(), PRACTISED, strict=True):
        if (written.outcome, written.tasks) != (practised.outcome, practised.tasks):
            assert set(practised.gaps) & {*practised.outcome_by, *practised.tasks_by}, written.case


def test_as_practised_never_takes_back_an_outcome_that_is_written() -> None:
    for written, practised in zip(decisions_as_written(), PRACTISED, strict=True):
        if written.outcome is not Outcome.UNSPECIFIED:
            assert practised.outcome is written.outcome, written.case


def test_as_practised_adds_no_task_where_the_written_ones_are_settled() -> None:
    for written, practised in zip(decisions_as_written(), PRACTISED, strict=True):
        if written.tasks is not None:
            assert set(practised.tasks or ()) <= set(written.tasks), written.case


def test_as_written_no_part_of_a_decision_rests_on_a_gap() -> None:
    for decision in decisions_as_written():
        assert not any(source.startswith("GAP-") for source in (*decision.outcome_by, *decision.tasks_by)), decision.case


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
        if gap := gap_of_nearest_stage(case):
            other = decide(replace(case, stage=Stage.FULFILLABLE if gap == "GAP-35" else Stage.PACKED))
            assert (decision.outcome, decision.tasks, decision.clauses) == (other.outcome, other.tasks, other.clauses)
            assert set(decision.gaps) == {*other.gaps, gap}
            assert set(other.notes) <= set(decision.notes)


def test_before_fulfillable_and_after_packed_every_other_case_is_answered_as_the_nearest_stage_is_and_by_the_text() -> None:
    for decision in PRACTISED:
        case = decision.case
        like = {**dict.fromkeys(LIFE[-2:], Stage.PACKED), **dict.fromkeys(EARLY, Stage.FULFILLABLE)}.get(case.stage)
        if like and not gap_of_nearest_stage(case):
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
