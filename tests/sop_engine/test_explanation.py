"""Explanations of an answer, each against a plain restatement."""

from dataclasses import replace

import pytest

from sop_engine import ENGINE, EVERY_CASE, FACTS, Engine, Outcome, Reading, explain, nearest_allowed
from sop_engine.explanation import GapWithoutEffect
from sop_engine.statement import CASE

WRITTEN, PRACTISED = Reading


@pytest.mark.parametrize("reading", Reading)
def test_an_explanation_says_who_spoke_who_did_not_and_what_would_be_allowed(reading: Reading) -> None:
    clauses = {clause.id: clause for clause in ENGINE.rulebook.clauses}
    gaps = {gap.id: gap for gap in ENGINE.rulebook.gaps}
    allowed = [case for case in EVERY_CASE if ENGINE.decide(case, reading).outcome is Outcome.ALLOWED]
    for case in EVERY_CASE[::5]:
        decision = ENGINE.decide(case, reading)
        explanation = explain(case, reading)

        assert explanation.decision is decision
        assert explanation.because == tuple((identifier, clauses[identifier].text) for identifier in decision.clauses)
        assert explanation.open_questions == tuple(
            (identifier, gaps[identifier].question, gaps[identifier].chosen, "we assume") for identifier in decision.gaps
        )
        assert explanation.beside == tuple(
            GapWithoutEffect(i, gaps[i].question, gaps[i].chosen, gaps[i].watch, "we assume") for i in decision.notes
        )
        silent = {}
        for clause in clauses.values():
            needs = (
                {fact: words for fact, words in clause.when.facts.items() if case.facts[fact] not in words}
                if clause.subject == CASE
                else {}
            )
            if needs and clause.id not in decision.clauses and not needs.keys() & {"canceller", "scope", "invoicing"}:
                silent[clause.id] = (clause.text, tuple((fact, tuple(sorted(words))) for fact, words in needs.items()))
        assert {other.id: (other.text, other.needs) for other in explanation.why_not} == silent
        assert [other.id for other in explanation.why_not] == list(silent)
        if decision.outcome is Outcome.ALLOWED:
            assert explanation.nearest == ()
        else:
            ways = {
                other: [(f, str(there)) for f, here, there in zip(FACTS, case.key, other.key, strict=True) if here != there]
                for other in allowed
            }
            fewest = min(map(len, ways.values()))
            assert [(near.case, list(near.changes)) for near in explanation.nearest] == [
                (o, w) for o, w in ways.items() if len(w) == fewest
            ]
        assert explanation.nearest == nearest_allowed(case, reading)
        assert explanation.to_plain() == {
            "because": [{"id": i, "text": text} for i, text in explanation.because],
            "open_questions": [
                {"id": i, "question": question, "chosen": chosen, "basis": basis}
                for i, question, chosen, basis in explanation.open_questions
            ],
            "beside": [
                {"id": note.id, "question": note.question, "chosen": note.chosen, "watch": note.watch or None, "basis": "we assume"}
                for note in explanation.beside
            ],
            "why_not": [
                {"id": other.id, "text": other.text, "needs": {fact: list(words) for fact, words in other.needs}}
                for other in explanation.why_not
            ],
            "nearest_allowed": [{"case": near.case.facts, "changes": dict(near.changes)} for near in explanation.nearest],
        }


def test_an_explanation_is_as_practised_by_the_engine_of_the_project_unless_they_are_said() -> None:
    for case in EVERY_CASE[::31]:
        assert explain(case) == explain(case, PRACTISED, ENGINE)
        assert nearest_allowed(case) == nearest_allowed(case, PRACTISED, ENGINE)

    refusing = Engine(ENGINE.proof)
    for table in refusing.tables.values():
        table.update({key: replace(decision, outcome=Outcome.REFUSED) for key, decision in table.items()})
    assert nearest_allowed(EVERY_CASE[0], WRITTEN, refusing) == ()
    assert explain(EVERY_CASE[0], WRITTEN, refusing).nearest == ()
