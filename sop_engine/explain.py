"""Why a case is answered as it is, why not otherwise, and what would have to differ."""

from dataclasses import dataclass

from sop_engine.case import EVERY_CASE, FACTS, Case
from sop_engine.decision import Decision, Outcome, Reading
from sop_engine.engine import ENGINE, Engine
from sop_engine.statement import CASE, Statement


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A sentence under the same heading that did not speak: the facts that differ, as *fact: needed words*."""

    id: str
    text: str
    needs: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """A case that is allowed, and the facts in which it differs, as *fact: its word there*."""

    case: Case
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A question that stands beside a settled answer, how we take it, and what to watch as long as it is open."""

    id: str
    question: str
    chosen: str
    watch: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with the sentences behind it.

    Attributes:
        because: id and text of each clause cited.
        open_questions: id, question and chosen reading of each gap cited.
        beside: the questions that change nothing of the answer.
        why_not: sentences of the same heading that did not speak, with what they ask for.
        nearest: the allowed cases with the fewest facts changed; empty where the case is allowed itself.
    """

    decision: Decision
    because: tuple[tuple[str, str], ...]
    open_questions: tuple[tuple[str, str, str], ...]
    beside: tuple[Beside, ...]
    why_not: tuple[WhyNot, ...]
    nearest: tuple[Nearest, ...]

    def to_plain(self) -> dict[str, object]:
        """All of it, ready for JSON."""
        return {
            "because": [{"id": identifier, "text": text} for identifier, text in self.because],
            "open_questions": [{"id": i, "question": question, "chosen": chosen} for i, question, chosen in self.open_questions],
            "beside": [{"id": b.id, "question": b.question, "chosen": b.chosen, "watch": b.watch or None} for b in self.beside],
            "why_not": [
                {"id": other.id, "text": other.text, "needs": {fact: list(words) for fact, words in other.needs}} for other in self.why_not
            ],
            "nearest_allowed": [{"case": near.case.facts, "changes": dict(near.changes)} for near in self.nearest],
        }


def explain(case: Case, reading: Reading = Reading.AS_PRACTISED, engine: Engine = ENGINE) -> Explanation:
    """The decision on *case*, and everything that can be said about it."""
    decision = engine.decide(case, reading)
    clauses = {clause.id: clause for clause in engine.rulebook.clauses}
    gaps = {gap.id: gap for gap in engine.rulebook.gaps}
    return Explanation(
        decision=decision,
        because=tuple((identifier, clauses[identifier].text) for identifier in decision.clauses),
        open_questions=tuple((i, gaps[i].question, gaps[i].chosen) for i in decision.gaps),
        beside=tuple(Beside(i, gaps[i].question, gaps[i].chosen, gaps[i].watch) for i in decision.notes),
        why_not=tuple(_why_not(case, decision, engine)),
        nearest=nearest_allowed(case, reading, engine),
    )


def nearest_allowed(case: Case, reading: Reading = Reading.AS_PRACTISED, engine: Engine = ENGINE) -> tuple[Nearest, ...]:
    """The allowed cases with the fewest facts changed, in the order of the table; none for an allowed case."""
    if engine.decide(case, reading).outcome is Outcome.ALLOWED:
        return ()
    allowed = [other for other in EVERY_CASE if engine.decide(other, reading).outcome is Outcome.ALLOWED]
    changes = {other: _changes(case, other) for other in allowed}
    fewest = min((len(change) for change in changes.values()), default=0)
    return tuple(Nearest(other, change) for other, change in changes.items() if len(change) == fewest)


def _changes(case: Case, other: Case) -> tuple[tuple[str, str], ...]:
    return tuple((fact, there) for fact, here, there in zip(FACTS, case.key, other.key, strict=True) if here != there)


def _why_not(case: Case, decision: Decision, engine: Engine) -> list[WhyNot]:
    facts = case.facts

    def same_heading(clause: Statement) -> bool:
        named = clause.when.facts
        return all(word in named.get(fact, {word}) for fact, word in facts.items() if fact not in ("stage", "e_invoice"))

    return [
        WhyNot(
            clause.id,
            clause.text,
            tuple((fact, tuple(sorted(words))) for fact, words in clause.when.facts.items() if facts[fact] not in words),
        )
        for clause in engine.rulebook.clauses
        if clause.subject == CASE and clause.id not in decision.clauses and same_heading(clause) and not clause.when.covers(facts)
    ]
