"""What is certain of a possible case is what every case that it may be is answered; and the deciding facts are the fewest."""

from collections.abc import Iterable
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_engine import ENGINE, EVERY_CASE, FACTS, PossibleCase, Reading, SopError, decide_possible, possible_case_from
from sop_engine.case import FACT_TYPES, Canceller, EInvoice, Stage
from sop_engine.possible_cases import DECISION_PARTS, DecisionPart
from tests.support import oracle

READINGS = list(Reading)


def ranges(words: Iterable[object]) -> list[tuple[object, ...]]:
    """Every run of neighbouring words; of two words that is every nonempty set."""
    values = list(words)
    return [tuple(values[start:end]) for start in range(len(values)) for end in range(start + 1, len(values) + 1)]


EVERY_POSSIBLE_CASE = [PossibleCase(*words) for words in product(*map(ranges, FACT_TYPES.values()))]  # type: ignore[arg-type]


def projected(words: tuple[str, ...], facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(words[FACTS.index(fact)] for fact in facts)


def settles(facts: Iterable[str], part: DecisionPart) -> bool:  # type: ignore[type-arg]
    """Whether the words of *facts* leave one answer each."""
    places = [FACTS.index(fact) for fact in facts]
    numbers = {answer: number for number, answer in enumerate(part.distinct)}
    pairs = {(tuple(words[place] for place in places), numbers[answer]) for words, answer in part.answers.items()}
    return len(pairs) == len({words for words, _ in pairs})


def test_there_are_as_many_as_were_counted() -> None:
    assert len(EVERY_POSSIBLE_CASE) == 3 * 3 * 3 * 36 * 10 == len(set(EVERY_POSSIBLE_CASE))


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_every_possible_case_is_answered_by_the_union_of_its_cases(reading: Reading) -> None:
    engine = {name: {case.key: getattr(ENGINE.decide(case, reading), name) for case in EVERY_CASE} for name in DECISION_PARTS}
    for possible in EVERY_POSSIBLE_CASE:
        decided = decide_possible(possible, reading)
        keys = list(product(*possible.facts.values()))
        assert [decision.case.key for decision in decided.decisions] == keys
        for name in DECISION_PARTS:
            part = decided.parts[name]
            union = {engine[name][key] for key in keys}
            assert set(part.distinct) == union
            assert part.certain == (len(union) == 1)
            assert set(part.depends_on) <= set(possible.unknown)
            if not part.certain:
                assert settles(part.depends_on, part)
                assert not any(settles(set(part.depends_on) - {fact}, part) for fact in part.depends_on)


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_what_is_certain_is_what_a_second_opinion_says_of_every_case(reading: Reading) -> None:
    opinions = {case.key: oracle.decide(*map(str, case.key), str(reading)) for case in EVERY_CASE}
    for possible in EVERY_POSSIBLE_CASE:
        outcomes = {opinions[key][0] for key in product(*possible.facts.values())}
        assert set(map(str, decide_possible(possible, reading).parts["outcome"].distinct)) == outcomes


@pytest.mark.parametrize("reading", READINGS)
def test_two_cases_that_differ_in_one_deciding_fact_show_what_is_undecided(reading: Reading) -> None:
    for possible in EVERY_POSSIBLE_CASE[::7]:
        for part in decide_possible(possible, reading).parts.values():
            if part.certain:
                assert (part.witnesses, part.depends_on, len(part.by_words)) == (None, (), 1)
                continue
            one, other = part.witnesses or ((), ())
            assert [fact for fact, a, b in zip(FACTS, one, other, strict=True) if a != b] == [part.depends_on[0]]
            assert part.answers[one] != part.answers[other]


def any_words() -> st.SearchStrategy[PossibleCase]:
    """Any nonempty set of words for each fact, neighbours or not."""
    words_of_facts = [st.sets(st.sampled_from(list(words)), min_size=1).map(tuple) for words in FACT_TYPES.values()]
    return st.builds(PossibleCase, *words_of_facts)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(any_words(), st.sampled_from(READINGS))
def test_no_smaller_set_of_facts_settles_what_is_undecided(possible: PossibleCase, reading: Reading) -> None:
    for part in decide_possible(possible, reading).parts.values():
        smallest = next(facts for size in range(6) for facts in combinations(FACTS, size) if settles(facts, part))
        assert part.depends_on == smallest


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(any_words(), st.sampled_from(READINGS))
def test_the_regions_of_a_part_are_its_answers_by_the_words_of_the_deciding_facts(possible: PossibleCase, reading: Reading) -> None:
    for part in decide_possible(possible, reading).parts.values():
        result = [(words, answer) for box, answer in part.regions for words in product(*box.values())]
        assert len(result) == len(part.by_words)
        assert dict(result) == part.by_words
        assert all(part.by_words[projected(words, part.depends_on)] == answer for words, answer in part.answers.items())


def test_a_known_case_is_answered_as_it_always_was() -> None:
    for case in EVERY_CASE:
        decided = decide_possible(possible_case_from(case.facts))
        assert decided.decisions == (ENGINE.decide(case),)
        assert decided.certain


def test_a_fact_left_out_may_have_every_word() -> None:
    assert possible_case_from({}) == PossibleCase()
    assert list(PossibleCase().cases()) == list(EVERY_CASE)
    assert PossibleCase().unknown == FACTS
    possible = possible_case_from({"stage": ["PACKED", "CREATED", "PACKED"], "canceller": "Ajio"})
    assert possible.stage == (Stage.CREATED, Stage.PACKED)
    assert possible.canceller == (Canceller.AJIO,)
    assert possible.unknown == ("scope", "invoicing", "stage", "e_invoice")


def test_the_facts_that_settle_an_answer_are_named_with_their_words() -> None:
    part = decide_possible(
        possible_case_from({"canceller": "seller", "scope": "partial", "invoicing": "ERP", "stage": "FULFILLABLE"})
    ).parts
    assert part["outcome"].depends_on == ("e_invoice",)
    assert [({fact: list(words) for fact, words in box.items()}, str(answer)) for box, answer in part["outcome"].regions] == [
        ({"e_invoice": ["not posted"]}, "allowed"),
        ({"e_invoice": ["posted", "generated", "pushed"]}, "fails on screen"),
    ]
    assert part["tasks"].certain


STAGES = ", ".join(f"`{stage}`" for stage in Stage)


@pytest.mark.parametrize(
    ("given_facts", "message"),
    [
        (["stage"], 'a case is an object of five facts, got a list; write it like {"stage": "PACKED"}'),
        ({"stge": "PACKED"}, "unknown fact `stge`; did you mean `stage`?"),
        ({"stage": "PAKED"}, "unknown stage `PAKED`; did you mean `PACKED`?"),
        ({"stage": ["PACKED", 1]}, f"stage must be a word, got a number `1`; expected one of {STAGES}"),
        ({"stage": None}, f"stage must be a word, got null; expected one of {STAGES}"),
        ({"scope": []}, "the list of `scope` is empty; leave it out if it is unknown, or give one or more of `full`, `partial`"),
    ],
)
def test_what_is_no_possible_case_is_refused(given_facts: object, message: str) -> None:
    with pytest.raises(SopError) as caught:
        possible_case_from(given_facts)
    assert str(caught.value) == message


def test_a_possible_case_without_a_word_cannot_be_made() -> None:
    with pytest.raises(SopError, match="the list of `e_invoice` is empty"):
        PossibleCase(e_invoice=())
    assert PossibleCase(e_invoice=(EInvoice.PUSHED,)).facts["e_invoice"] == ("pushed",)
