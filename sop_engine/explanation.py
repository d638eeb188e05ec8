"""Explanation of an answer: its clauses and gaps, the clauses that do not apply, and the nearest allowed cases."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from operator import ne
from typing import Any, TypeVar

from sop_engine.boxes import Box
from sop_engine.case import FACTS, Case
from sop_engine.decision import Decision, Outcome, Reading
from sop_engine.engine import ENGINE, Engine
from sop_engine.possible_cases import DecisionPart, PossibleCase, PossibleDecision, decide_possible
from sop_engine.statement import CASE, Statement

Conditions = tuple[Box, ...]
Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class InapplicableStatement:
    """A statement under the same heading that does not apply: the facts that differ, as *fact: required words*."""

    id: str
    text: str
    needs: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class NearestCase:
    """An allowed case, as the facts in which it differs: *fact: its word there*."""

    case: Case
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GapWithoutEffect:
    """A gap that does not change the answer, with our chosen reading and what to watch while it is open."""

    id: str
    question: str
    chosen: str
    watch: str
    basis: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with the clauses and gaps behind it.

    Attributes:
        because: id and text of each clause cited.
        open_questions: id, question, chosen reading and basis of each gap cited; the basis is ``we assume`` or ``decided by … on …``.
        beside: the gaps that do not change the answer.
        why_not: statements of the same heading that do not apply, with what they require.
        nearest: the allowed cases with the fewest facts changed; empty if the case is allowed itself.
    """

    decision: Decision
    because: tuple[tuple[str, str], ...]
    open_questions: tuple[tuple[str, str, str, str], ...]
    beside: tuple[GapWithoutEffect, ...]
    why_not: tuple[InapplicableStatement, ...]
    nearest: tuple[NearestCase, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {
            "because": [{"id": identifier, "text": text} for identifier, text in self.because],
            "open_questions": [{"id": i, "question": q, "chosen": chosen, "basis": basis} for i, q, chosen, basis in self.open_questions],
            "beside": [
                {"id": b.id, "question": b.question, "chosen": b.chosen, "watch": b.watch or None, "basis": b.basis} for b in self.beside
            ],
            "why_not": [
                {"id": other.id, "text": other.text, "needs": {fact: list(words) for fact, words in other.needs}} for other in self.why_not
            ],
            "nearest_allowed": [{"case": near.case.facts, "changes": dict(near.changes)} for near in self.nearest],
        }


def explain(case: Case, reading: Reading = Reading.AS_PRACTISED, engine: Engine = ENGINE) -> Explanation:
    """Compute the decision on *case* with its explanation."""
    decision = engine.decide(case, reading)
    clauses = {clause.id: clause for clause in engine.rulebook.clauses}
    gaps = {gap.id: gap for gap in engine.rulebook.gaps}
    return Explanation(
        decision=decision,
        because=tuple((identifier, clauses[identifier].text) for identifier in decision.clauses),
        open_questions=tuple((i, gaps[i].question, gaps[i].chosen, gaps[i].basis) for i in decision.gaps),
        beside=tuple(GapWithoutEffect(i, gaps[i].question, gaps[i].chosen, gaps[i].watch, gaps[i].basis) for i in decision.notes),
        why_not=tuple(_why_not(case, decision, engine)),
        nearest=nearest_allowed(case, reading, engine),
    )


@dataclass(frozen=True, slots=True)
class PossibleExplanation:
    """A decision on a possible case with the clauses and gaps behind it, each with the facts under which it applies (none if always).

    Attributes:
        because: id and text of each clause cited.
        open_questions: id, question, chosen reading and basis of each gap cited; the basis is ``we assume`` or ``decided by … on …``.
        beside: the gaps that do not change the answer.
        why_not: statements of the same heading that apply to none of the cases, with all that they require.
        nearest: the allowed cases with the fewest facts changed; empty if the case may be allowed itself.
    """

    decision: PossibleDecision
    because: tuple[tuple[tuple[str, str], Conditions], ...]
    open_questions: tuple[tuple[tuple[str, str, str, str], Conditions], ...]
    beside: tuple[tuple[GapWithoutEffect, Conditions], ...]
    why_not: tuple[InapplicableStatement, ...]
    nearest: tuple[NearestCase, ...]

    def to_plain(self) -> dict[str, object]:
        """Return all of it, ready for JSON."""
        plain = Explanation(
            self.decision.decisions[0],
            tuple(clause for clause, _ in self.because),
            tuple(gap for gap, _ in self.open_questions),
            tuple(note for note, _ in self.beside),
            self.why_not,
            self.nearest,
        ).to_plain()
        for name in ("because", "open_questions", "beside"):
            entries = [
                {**entry, "when": where} if where else entry for entry, (_, where) in zip(plain[name], getattr(self, name), strict=True)
            ]
            plain[name] = entries
        return plain


def explain_possible(possible: PossibleCase, reading: Reading = Reading.AS_PRACTISED) -> PossibleExplanation:
    """Compute the decision on *possible* with its explanation."""
    decided = decide_possible(possible, reading)
    explained = {decision.case.key: explain(decision.case, reading) for decision in decided.decisions}
    why_not: dict[str, list[InapplicableStatement]] = {}
    for other in (other for explanation in explained.values() for other in explanation.why_not):
        why_not.setdefault(other.id, []).append(other)
    nearest = [near for explanation in explained.values() for near in explanation.nearest]
    fewest = min((len(near.changes) for near in nearest), default=0)
    allowed = any(decision.outcome is Outcome.ALLOWED for decision in decided.decisions)
    return PossibleExplanation(
        decided,
        _with_conditions({key: explanation.because for key, explanation in explained.items()}),
        _with_conditions({key: explanation.open_questions for key, explanation in explained.items()}),
        _with_conditions({key: explanation.beside for key, explanation in explained.items()}),
        tuple(
            InapplicableStatement(
                sentences[0].id, sentences[0].text, tuple(dict.fromkeys(need for sentence in sentences for need in sentence.needs))
            )
            for sentences in why_not.values()
            if len(sentences) == len(explained)
        ),
        () if allowed else tuple({near.changes: near for near in nearest if len(near.changes) == fewest}.values()),
    )


def _with_conditions(items: Mapping[tuple[str, ...], tuple[Item, ...]]) -> tuple[tuple[Item, Conditions], ...]:
    """Return each of *items* (given for every case) with the facts under which it occurs; none if it always does."""
    distinct = dict.fromkeys(item for entries in items.values() for item in entries)
    parts = {item: DecisionPart("", {key: item in entries for key, entries in items.items()}) for item in distinct}
    return tuple((item, () if part.certain else tuple(box for box, holds in part.regions if holds)) for item, part in parts.items())


def nearest_allowed(case: Case, reading: Reading = Reading.AS_PRACTISED, engine: Engine = ENGINE) -> tuple[NearestCase, ...]:
    """Return the allowed cases with the fewest facts changed, in the order of the table; none for an allowed case."""
    if engine.decide(case, reading).outcome is Outcome.ALLOWED:
        return ()
    own, allowed = case.key, engine.allowed[reading]
    numbers = [sum(map(ne, own, key)) for key in allowed]
    fewest = min(numbers, default=0)
    return tuple(
        NearestCase(other, _changes(case, other)) for number, other in zip(numbers, allowed.values(), strict=True) if number == fewest
    )


def _changes(case: Case, other: Case) -> tuple[tuple[str, str], ...]:
    return tuple((fact, word) for fact, own, word in zip(FACTS, case.key, other.key, strict=True) if own != word)


def _why_not(case: Case, decision: Decision, engine: Engine) -> list[InapplicableStatement]:
    facts = case.facts

    def same_heading(clause: Statement) -> bool:
        named = clause.when.facts
        return all(word in named.get(fact, {word}) for fact, word in facts.items() if fact not in ("stage", "e_invoice"))

    return [
        InapplicableStatement(
            clause.id,
            clause.text,
            tuple((fact, tuple(sorted(words))) for fact, words in clause.when.facts.items() if facts[fact] not in words),
        )
        for clause in engine.rulebook.clauses
        if clause.subject == CASE and clause.id not in decision.clauses and same_heading(clause) and not clause.when.covers(facts)
    ]
