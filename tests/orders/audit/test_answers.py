"""Every possible case has the engine's answer, and the independent oracle's, under its key."""

from itertools import product

import numpy as np
import pytest

from orders.audit.answers import PARTS, UNDECIDED, possible_answers
from orders.audit.keys import KEY_BITS, NUMBERS, POSSIBLE_CASES, WORDS_OF, every_possible_case, keys_of, look_up, possible_case
from sop_engine import FACTS, Reading, decide_possible
from sop_engine.possible_cases import deciding_facts
from tests.support import oracle

READINGS = list(Reading)
EVERY_POSSIBLE_CASE = list(every_possible_case())


def sets_of(possible):
    return [sum(1 << WORDS_OF[name].index(word) for word in getattr(possible, name)) for name in FACTS]


def columns(rows):
    return [np.array(column, dtype=np.uint8) for column in zip(*rows, strict=True)]


KEYS = keys_of(*columns([sets_of(possible) for possible in EVERY_POSSIBLE_CASE])).tolist()
"""A key of each possible case, in the order of their numbers."""


def test_each_possible_case_has_its_own_number():
    assert POSSIBLE_CASES == 3 * 3 * 3 * 36 * 10
    assert NUMBERS[KEYS].tolist() == list(range(POSSIBLE_CASES))


def test_a_set_with_words_missing_is_widened_to_the_smallest_range_around_it():
    every_set = list(product((1, 2, 3), (2,), (1,), range(1, 256), range(1, 16)))

    for sets, key in zip(every_set, keys_of(*columns(every_set)).tolist(), strict=True):
        for name, words in zip(FACTS, sets, strict=True):
            places = [place for place in range(8) if words >> place & 1]
            assert getattr(possible_case(NUMBERS[key]), name) == WORDS_OF[name][places[0] : places[-1] + 1]


def test_many_rows_have_the_keys_of_single_rows():
    """More rows than one block has."""
    rng = np.random.default_rng(5)
    sets = [rng.integers(1, 1 << len(words), 200_000).astype(np.uint8) for words in WORDS_OF.values()]
    keys = keys_of(*sets)

    for row in (0, 131_071, 131_072, 199_999):
        assert keys[row] == keys_of(*(column[row : row + 1] for column in sets))[0]
    assert (look_up(np.arange(1 << KEY_BITS), keys) == keys).all()


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_every_part_of_every_possible_case_is_the_engines(reading):
    answers = possible_answers(reading)
    for key, possible in zip(KEYS, EVERY_POSSIBLE_CASE, strict=True):
        decided = decide_possible(possible, reading)
        for name in ("outcome", "tasks", "clauses", "gaps"):
            part = decided.parts[name]
            assert answers[name].facts_deciding(key) == part.depends_on, (name, possible)
            assert answers[name].at(key) == (part.distinct[0] if part.certain else None), (name, possible)
        for name in set(PARTS) - set(decided.parts):
            by_case = {decision.case.key: PARTS[name](decision) for decision in decided.decisions}
            assert answers[name].facts_deciding(key) == deciding_facts(by_case), (name, possible)
            assert (answers[name].by_key[key] == UNDECIDED) == (len(set(by_case.values())) > 1)


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_every_possible_case_is_certain_where_the_oracle_gives_one_answer(reading):
    answers = possible_answers(reading)
    answer_of = {words: oracle.decide(*words, str(reading)) for words in product(*WORDS_OF.values())}
    for key, possible in zip(KEYS, EVERY_POSSIBLE_CASE, strict=True):
        union = [answer_of[words] for words in product(*(getattr(possible, name) for name in FACTS))]
        outcomes = {outcome for outcome, _ in union}
        tasks = {tasks for _, tasks in union}
        certain = answers["tasks"].at(key)

        assert answers["outcome"].at(key) == (outcomes.pop() if len(outcomes) == 1 else None), possible
        assert (answers["tasks"].by_key[key] == UNDECIDED) == (len(tasks) > 1), possible
        if len(tasks) == 1 and certain is not None:
            assert tuple((str(task.modality), str(task.task)) for task in certain) == tasks.pop(), possible
        notes = {note_of(words, answer_of[words]) for words in product(*(getattr(possible, name) for name in FACTS))}
        assert answers["credit_note"].at(key) == (notes.pop() if len(notes) == 1 else None), possible


def note_of(words, answer):
    tasks = answer[1]
    if tasks is None:
        return "not settled"
    if oracle.CREDIT_NOTE not in tasks:
        return "not due"
    return "due when packing fails" if oracle.falls_due(*words[:3]) == "when packing fails" else "due"


def test_the_citations_differ_and_the_credit_note_is_certain():
    """The e-invoice and the cancellation on one day: three citations and one answer, if the e-invoice exists."""
    possible = next(p for p in EVERY_POSSIBLE_CASE if sets_of(p) == [1, 1, 1, 4, 0b1110])
    key, answers = KEYS[EVERY_POSSIBLE_CASE.index(possible)], possible_answers()

    assert answers["late_credit_note"].at(key) == "due"
    assert answers["credit_note"].facts_deciding(key) == ("e_invoice",)
    assert answers["clauses"].facts_deciding(key) == ("e_invoice",)
    assert answers.deciding(key, "outcome", "late_credit_note") == ()
