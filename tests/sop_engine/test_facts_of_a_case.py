"""Facts that are no case are refused with the word that was meant; many cases, and the columns of the table."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine import EVERY_CASE, FACTS, SopError, case_from, decide_each, decide_mapping
from tests.support.all_decisions import EVERY_DECISION, PRACTISED

WORDS = {name: tuple(dict.fromkeys(case.facts[name] for case in EVERY_CASE)) for name in FACTS}


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
