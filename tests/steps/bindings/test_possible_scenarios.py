"""A scenario passes where every case that agrees with its facts is answered alike, and fails by naming the facts that decide."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product

import pytest

from sop_engine import ENGINE, EVERY_CASE, FACTS, Case, Reading
from sop_engine.case import FACT_TYPES, Stage
from sop_runs.claim_messages import FACT_NAMES
from steps.language.examples import Example, StepLine
from steps.run.executor import Result
from tests.support.feature_runs import result_of

WHO = {"seller": "the seller", "Ajio": "Ajio", None: "the seller or Ajio"}
HOW_MUCH = {"full": "the full order", "partial": "part of the order", None: "the full order or part of the order"}
THROUGH = {"ERP": "the client's ERP", "RMS": "RMS"}
Stated = Mapping[str, str | None]


def every_statement() -> Iterator[Stated]:
    """Each fact with one of its words, or not stated: 3·3·3·9·5 scenarios."""
    for words in product(*([*map(str, words_of_fact), None] for words_of_fact in FACT_TYPES.values())):
        yield dict(zip(FACTS, words, strict=True))


def outcome_of(stated: Stated, *thens: str) -> Result:
    """The result of a scenario that states these facts."""
    givens = []
    if stated["invoicing"]:
        givens.append(f"an order invoiced through {THROUGH[stated['invoicing']]}")
    givens += [f"{words} {stated[fact]}" for fact, words in (("stage", "the order is"), ("e_invoice", "its e-invoice is")) if stated[fact]]
    when = f"{WHO[stated['canceller']]} cancels {HOW_MUCH[stated['scope']]}"
    lines = [*(("given", text) for text in givens), ("when", when), *(("then", text) for text in thens)]
    steps = tuple(StepLine(kind.capitalize(), kind, text, line, 1, None, None, ()) for line, (kind, text) in enumerate(lines, start=1))  # type: ignore[arg-type]
    return result_of(Example("a.feature", "A", None, "B", None, 1, None, (), steps, "b"))


def agreeing(stated: Stated) -> list[Case]:
    return [case for case in EVERY_CASE if all(word in (None, case.facts[fact]) for fact, word in stated.items())]


ANSWERS = {case.key: [getattr(ENGINE.decide(case), part) for part in ("outcome", "tasks", "clauses")] for case in EVERY_CASE}
"""What a likeness to another case is about."""


def outcome(case: Case) -> str:
    return str(ENGINE.decide(case, Reading.AS_PRACTISED).outcome)


def fewest(cases: list[Case]) -> set[str]:
    """The facts of the smallest set whose words leave one outcome each, found by trying every set."""
    for size in range(len(FACTS) + 1):
        for facts in combinations(FACTS, size):
            pairs = {(tuple(case.facts[fact] for fact in facts), outcome(case)) for case in cases}
            if len(pairs) == len({words for words, _ in pairs}):
                return set(facts)
    raise AssertionError(cases)


@pytest.mark.parametrize("stage", [*map(str, FACT_TYPES["stage"]), None])
def test_an_outcome_holds_in_every_case_that_agrees_or_the_deciding_facts_are_named(stage: str | None) -> None:
    for stated in every_statement():
        if stated["stage"] != stage:
            continue
        cases = agreeing(stated)
        claimed = outcome(cases[-1])
        words = f"the cancellation {'' if claimed.startswith('fails') else 'is '}{claimed}"
        result = outcome_of(stated, words)
        assert [claim.subject["facts"] for claim in result.claims.entries] == [case.facts for case in cases]
        deciding = fewest(cases)
        assert (result.status == "passed") == (not deciding), stated
        if deciding:
            error = result.steps[-1].error
            assert error is not None
            depends = f"the outcome depends on {' and '.join(FACT_NAMES[fact] for fact in FACTS if fact in deciding)}: "
            assert error.message.startswith(depends), (stated, error.message)
            assert "\n" not in error.message


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["FULFILLABLE", "PACKED"])
def test_likeness_to_a_stage_holds_in_every_case_or_fails(stage: str) -> None:
    for stated in every_statement():
        like = agreeing(stated)
        if len(like) <= 32:
            same = all(ANSWERS[case.key] == ANSWERS[replace(case, stage=Stage(stage)).key] for case in like)
            assert (outcome_of(stated, f"the answer is the same as for an order that is {stage}").status == "passed") == same, stated
