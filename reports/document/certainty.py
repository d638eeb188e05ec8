"""How certain a part of an answer is, in the words and signs that every page uses, and how certain each sentence's part is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from sop_engine import ENGINE, EVERY_CASE, Decision, Reading, Source
from sop_engine.decision import Answer
from sop_engine.returns import QualityCheck
from sop_engine.statement import CASE, RETURN, Statement
from sop_engine.text import counted


class Certainty(StrEnum):
    """Who says a part of an answer, the most certain first."""

    STATED = "stated"
    FOLLOWS = "follows"
    ASSUMED = "assumed"
    OPEN = "open"

    @property
    def symbol(self) -> str:
        """A mark that needs no colour, and that no result of a run has."""
        return _SYMBOLS[self]

    @property
    def meaning(self) -> str:
        """What the word says, for a legend."""
        return _MEANINGS[self]


_SYMBOLS = {Certainty.STATED: "■", Certainty.FOLLOWS: "∴", Certainty.ASSUMED: "◧", Certainty.OPEN: "□"}
_MEANINGS = {
    Certainty.STATED: "a clause of the SOP says it, and no gap has a part in it",
    Certainty.FOLLOWS: "no clause says it; there is nothing to do because of the outcome, or because that part of the SOP lists no step",
    Certainty.ASSUMED: "the SOP does not say; this is our reading of a gap, which is named",
    Certainty.OPEN: "the SOP does not say, and no reading is assumed",
}
_OF = {
    Source.STATED: Certainty.STATED,
    Source.FOLLOWS: Certainty.FOLLOWS,
    Source.ASSUMED: Certainty.ASSUMED,
    Source.SILENT: Certainty.OPEN,
}
BESIDE = ("?", "question beside it", "the question does not change the answer; it says what to watch until it is answered")
DIFFERS = ("≠", "differs", "the other reading has another answer; the mark shows it and links to it")

CertaintyCounts = tuple[tuple[Certainty, str], ...]
"""How certain the part of the answers is on which a sentence rules: each certainty with its number of cases, in words."""


def certainty_of(source: Source) -> Certainty:
    """The certainty of a part that comes from *source*."""
    return _OF[source]


def least_certain(certainties: Iterable[Certainty]) -> Certainty:
    """Of several, the one that an answer can be relied on for as a whole."""
    return max(certainties, key=tuple(Certainty).index)


def certainty_of_answer(decision: Decision) -> Certainty:
    """The less certain of the outcome and the tasks."""
    return least_certain(map(certainty_of, (decision.outcome_source, decision.tasks_source)))


def certainty_counts_by_clause(reading: Reading) -> Mapping[str, CertaintyCounts]:
    """For each sentence, how certain its part is of the answers that cite it, or that a gap leaves open although it covers them."""
    return {clause.id: counts for clause in ENGINE.rulebook.clauses if (counts := _certainty_counts(clause, reading))}


def _certainty_counts(clause: Statement, reading: Reading) -> CertaintyCounts:
    answers: Iterable[tuple[Mapping[str, str], Answer]] = ()
    if clause.subject == CASE:
        answers = ((case.facts, ENGINE.decide(case, reading)) for case in EVERY_CASE)
    elif clause.subject == RETURN:
        answers = (({"quality_check": check}, ENGINE.returns[check, reading]) for check in QualityCheck)
    elif clause.subject:
        return ((Certainty.STATED, ""),)
    numbers: Counter[Certainty] = Counter()
    for facts, answer in answers:
        certainty = _of_part(clause, answer)
        if clause.id in answer.clauses or (certainty is Certainty.OPEN and clause.when.covers(facts)):
            numbers[certainty] += 1
    noun = "case" if clause.subject == CASE else "returned unit"
    return tuple((certainty, counted(numbers[certainty], noun)) for certainty in Certainty if numbers[certainty])


def _of_part(clause: Statement, answer: Answer) -> Certainty:
    """How certain the parts of *answer* are on which *clause* rules; a manner belongs to the tasks."""
    sources = [answer.outcome_source] if clause.outcome is not None else []
    if clause.tasks is not None or clause.outcome is None:
        sources.append(answer.tasks_source)
    return least_certain(map(certainty_of, sources))


def certainty_counts_in_words(counts: CertaintyCounts) -> str:
    """*counts* in a line: ``■ stated in 8 cases, □ open in 4 cases``."""
    return ", ".join(f"{certainty.symbol} {certainty}" + (f" in {number}" if number else "") for certainty, number in counts)
