"""Break one sentence of the rulebook at a time: it is refused at load, or its answers contradict the oracle.

Every ninth break there is, so that the test stays quick; `every_break` gives all of them.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sop_engine import EVERY_CASE, Modality, Outcome, Reading, Rulebook, SopError, load_rulebook
from sop_engine.case import FACT_TYPES
from sop_engine.evaluation import evaluate, statements_of
from sop_engine.statement import CASE, Statement, When
from sop_engine.verification import prove
from tests.support import oracle

RULEBOOK = load_rulebook()
WORDS = {(reading, case): (*map(str, case.key), str(reading)) for reading in Reading for case in EVERY_CASE}
EXPECTED = {key: tuple(part(*words) for part in (oracle.decide, oracle.clauses, oracle.gaps)) for key, words in WORDS.items()}
WITHOUT_A_TRACE = {
    # Where AC-ERP-PART-1c beats this sentence, it makes no difference whether it speaks.
    *(("AC-ERP-PART-1a", f"stage without {stage}") for stage in ("CREATED", "UNFULFILLABLE", "FULFILLABLE", "PROCESSING")),
}


RESTING = {clause.id for clause in RULEBOOK.clauses if clause.rests_on}
"""These speak only where another sentence does, so that a wider condition of theirs leaves no trace."""


def every_break() -> Iterator[tuple[str, str, Rulebook]]:
    """Id of the sentence, what was done to it, and the rulebook with it."""
    for number, clause in enumerate(RULEBOOK.clauses):
        for name, broken in _breaks(clause):
            clauses = (*RULEBOOK.clauses[:number], broken, *RULEBOOK.clauses[number + 1 :])
            yield clause.id, name, replace(RULEBOOK, clauses=clauses)
    for at, gap in enumerate(RULEBOOK.gaps):
        for number, resolution in enumerate(gap.resolutions):
            for name, broken in _breaks(resolution):
                resolutions = (*gap.resolutions[:number], broken, *gap.resolutions[number + 1 :])
                gaps = (*RULEBOOK.gaps[:at], replace(gap, resolutions=resolutions), *RULEBOOK.gaps[at + 1 :])
                yield resolution.id, name, replace(RULEBOOK, gaps=gaps)


def test_the_rulebook_as_it_is_does_not_contradict_the_oracle() -> None:
    assert not _contradicts(RULEBOOK)


@pytest.mark.slow
def test_a_broken_sentence_is_refused_or_contradicts_the_oracle() -> None:
    broken = [(identifier, name, book) for identifier, name, book in every_break() if not _without_a_trace(identifier, name)]

    unnoticed = [f"{identifier}: {name}" for identifier, name, book in broken[::9] if not _contradicts(book) and not _refused(book)]

    assert unnoticed == []
    assert len(broken) > 700


def _without_a_trace(identifier: str, name: str) -> bool:
    return (identifier, name) in WITHOUT_A_TRACE or (identifier in RESTING and " with " in name)


def _refused(book: Rulebook) -> bool:
    try:
        prove(book)
    except SopError:
        return True
    return False


def _breaks(sentence: Statement) -> Iterator[tuple[str, Statement]]:
    if sentence.subject == CASE:
        yield from _other_rulings(sentence)
        yield from _other_facts(sentence)


def _other_rulings(sentence: Statement) -> Iterator[tuple[str, Statement]]:
    if sentence.outcome is not None:
        for outcome in Outcome:
            if outcome not in (sentence.outcome, Outcome.UNSPECIFIED):
                yield f"outcome {outcome}", replace(sentence, outcome=outcome)
    if sentence.tasks:
        yield "nothing to do", replace(sentence, tasks=())
        first, *others = sentence.tasks
        for modality in Modality:
            if modality is not first.modality:
                yield f"modality {modality}", replace(sentence, tasks=(replace(first, modality=modality), *others))
    for number, over in enumerate(sentence.over):
        yield f"not over {over}", replace(sentence, over=sentence.over[:number] + sentence.over[number + 1 :])


def _other_facts(sentence: Statement) -> Iterator[tuple[str, Statement]]:
    for fact, words in sentence.when.facts.items():
        for word in map(str, FACT_TYPES[fact]):
            if word not in words:
                yield f"{fact} with {word}", replace(sentence, when=When({**sentence.when.facts, fact: words | {word}}))
            elif len(words) > 1:
                yield f"{fact} without {word}", replace(sentence, when=When({**sentence.when.facts, fact: words - {word}}))


def _contradicts(book: Rulebook) -> bool:
    for reading in Reading:
        statements = statements_of(book, reading)
        for case in EVERY_CASE:
            try:
                answer = evaluate(case.facts, statements, book, reading=reading)
            except SopError:
                return True
            tasks = None if answer.tasks is None else tuple((str(task.modality), str(task.task)) for task in answer.tasks)
            if ((str(answer.outcome), tasks), answer.clauses, answer.gaps) != EXPECTED[reading, case]:
                return True
    return False
