"""The certainty of each part of an answer, in words and signs for all pages; and the certainty of each clause."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from sop_engine import ENGINE, EVERY_CASE, Decision, Reading, Source
from sop_engine.decision import Answer
from sop_engine.returns import QualityCheck
from sop_engine.statement import CASE, RETURN, Statement
from sop_engine.text import counted


class Certainty(StrEnum):
    """Sources of a part of an answer, the most certain first."""

    STATED = "stated"
    FOLLOWS = "follows"
    DECIDED = "decided"
    ASSUMED = "assumed"
    OPEN = "open"

    @property
    def symbol(self) -> str:
        """Return a symbol that can be read without colour and that no status of a run has."""
        return _SYMBOLS[self]

    @property
    def meaning(self) -> str:
        """Return the meaning of the word, for a legend."""
        return _MEANINGS[self]


_SYMBOLS = {Certainty.STATED: "■", Certainty.FOLLOWS: "∴", Certainty.DECIDED: "◨", Certainty.ASSUMED: "◧", Certainty.OPEN: "□"}
_MEANINGS = {
    Certainty.STATED: "a clause of the SOP says it, and no gap has a part in it",
    Certainty.FOLLOWS: "no clause says it; there is nothing to do because of the outcome, or because that section of the SOP lists no step",
    Certainty.DECIDED: "the SOP does not say; its owner has answered the question of a gap, which is named",
    Certainty.ASSUMED: "the SOP does not say; this is our reading of a gap, which is named",
    Certainty.OPEN: "the SOP does not say, and no reading is assumed",
}
_OF = {
    Source.STATED: Certainty.STATED,
    Source.FOLLOWS: Certainty.FOLLOWS,
    Source.DECIDED: Certainty.DECIDED,
    Source.ASSUMED: Certainty.ASSUMED,
    Source.SILENT: Certainty.OPEN,
}
_ORDER = {certainty: place for place, certainty in enumerate(Certainty)}
BESIDE = ("?", "question beside it", "the question does not change the answer; it says what to watch until it is answered")
DIFFERS = ("≠", "differs", "the other reading has another answer, which stands beside the mark")

Answers = Sequence[tuple[Mapping[str, str], Answer]]
"""Situations with their answers."""
CertaintyCounts = tuple[tuple[Certainty, str], ...]
"""The certainty of a clause: each certainty with its number of cases, in words."""


def certainty_of(source: Source) -> Certainty:
    """Return the certainty of a part that comes from *source*."""
    return _OF[source]


def least_certain(certainties: Iterable[Certainty]) -> Certainty:
    """Return the least certain of several: the certainty of the answer as a whole."""
    return max(certainties, key=_ORDER.__getitem__)


def certainty_of_answer(decision: Decision) -> Certainty:
    """Return the less certain of the outcome and the tasks."""
    return least_certain(map(certainty_of, (decision.outcome_source, decision.tasks_source)))


def certainty_counts_by_clause(reading: Reading) -> Mapping[str, CertaintyCounts]:
    """Count, for each clause, the certainty of its part of the answers that cite it, or that a gap leaves open although it covers them."""
    answers: Mapping[str, Answers] = {
        CASE: [(case.facts, ENGINE.decide(case, reading)) for case in EVERY_CASE],
        RETURN: [({"quality_check": check}, ENGINE.returns[check, reading]) for check in QualityCheck],
        "": [],
    }
    counts_by_clause = ((clause, _certainty_counts(clause, answers.get(clause.subject))) for clause in ENGINE.rulebook.clauses)
    return {clause.id: counts for clause, counts in counts_by_clause if counts}


def _certainty_counts(clause: Statement, answers: Answers | None) -> CertaintyCounts:
    """Count the certainty of *clause* in *answers*, those to all situations of its subject; None if it is about an order or a report."""
    if answers is None:
        return ((Certainty.STATED, ""),)
    numbers: Counter[Certainty] = Counter()
    for facts, answer in answers:
        is_cited = clause.id in answer.clauses
        if is_cited or clause.when.covers(facts):
            certainty = _of_part(clause, answer)
            if is_cited or certainty is Certainty.OPEN:
                numbers[certainty] += 1
    noun = "case" if clause.subject == CASE else "returned unit"
    return tuple((certainty, counted(numbers[certainty], noun)) for certainty in Certainty if numbers[certainty])


def _of_part(clause: Statement, answer: Answer) -> Certainty:
    """Return the certainty of the parts of *answer* on which *clause* rules; a manner belongs to the tasks."""
    sources = [answer.outcome_source] if clause.outcome is not None else []
    if clause.tasks is not None or clause.outcome is None:
        sources.append(answer.tasks_source)
    return least_certain(map(certainty_of, sources))


def certainty_counts_in_words(counts: CertaintyCounts) -> str:
    """Return *counts* as one line: ``■ stated in 8 cases, □ open in 4 cases``."""
    return ", ".join(f"{certainty.symbol} {certainty}" + (f" in {number}" if number else "") for certainty, number in counts)
