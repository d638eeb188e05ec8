"""Possible cases: for each fact the words that it may have; and the answer to them.

A part of the answer is certain if it is the same for all cases of the possible case. Otherwise it depends on some of the facts;
these facts decide it, and no others are needed.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, Generic, TypeVar

from sop_engine.boxes import Box, boxes
from sop_engine.case import FACT_TYPES, FACTS, Canceller, Case, EInvoice, Invoicing, Scope, Stage, facts_in, word_of
from sop_engine.decision import Decision, Reading, Task
from sop_engine.engine import decide
from sop_engine.errors import EmptyFactError

Value = TypeVar("Value", bound=Hashable)
CaseWords = tuple[str, ...]

DECISION_PARTS = ("outcome", "outcome_source", "tasks", "tasks_source", "clauses", "gaps", "notes")
"""The parts of a decision; each is certain or undecided independently."""


@dataclass(frozen=True, slots=True)
class PossibleCase:
    """The words that each fact of a case may have: one if the fact is known, all if it is unknown.

    Raises:
        EmptyFactError: a fact has none.
    """

    canceller: tuple[Canceller, ...] = tuple(Canceller)
    scope: tuple[Scope, ...] = tuple(Scope)
    invoicing: tuple[Invoicing, ...] = tuple(Invoicing)
    stage: tuple[Stage, ...] = tuple(Stage)
    e_invoice: tuple[EInvoice, ...] = tuple(EInvoice)

    def __post_init__(self) -> None:
        for name, vocabulary in FACT_TYPES.items():
            words = getattr(self, name)
            if not words:
                raise EmptyFactError(name, [str(word) for word in vocabulary])
            object.__setattr__(self, name, tuple(word for word in vocabulary if word in words))

    @property
    def facts(self) -> dict[str, CaseWords]:
        """Return fact name to plain words, in the order of `FACTS`."""
        return {name: tuple(str(word) for word in getattr(self, name)) for name in FACTS}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the facts that may have more than one word."""
        return tuple(name for name in FACTS if len(getattr(self, name)) > 1)

    def cases(self) -> Iterator[Case]:
        """Return its cases, in the order of the table."""
        return (Case(*words) for words in product(*(getattr(self, name) for name in FACTS)))


def possible_case_from(facts: object) -> PossibleCase:
    """Parse a possible case from a mapping of fact names to a word or a list of words; facts left out are unknown.

    Raises:
        NotACaseError: it is not a mapping.
        UnknownFactError, UnknownValueError: with the nearest known word.
        EmptyFactError: the list of a fact is empty.
    """
    words_by_fact = {name: value if isinstance(value, (list, tuple)) else [value] for name, value in facts_in(facts).items()}
    return PossibleCase(**{name: tuple(word_of(name, word) for word in words) for name, words in words_by_fact.items()})  # type: ignore[arg-type]


def deciding_facts(answers: Mapping[CaseWords, Hashable]) -> tuple[str, ...]:
    """Return the fewest facts that decide which of *answers* applies; none if all answers are the same.

    These are the facts for which two cases differ only in this fact and have different answers. The set is unique, because
    any two cases of a product are connected by steps that change one fact each.

    Args:
        answers: for each case of a product of words, as the tuple of its words, the answer.
    """
    if len(set(answers.values())) == 1:
        return ()
    return tuple(name for place, name in enumerate(FACTS) if _witnesses(answers, place) is not None)


def witnesses(answers: Mapping[CaseWords, Value], fact: str) -> tuple[CaseWords, CaseWords] | None:
    """Return the first two cases of *answers* that differ only in *fact* and have different answers; None if there are none."""
    return _witnesses(answers, FACTS.index(fact))


def _witnesses(answers: Mapping[CaseWords, Hashable], place: int) -> tuple[CaseWords, CaseWords] | None:
    first: dict[CaseWords, CaseWords] = {}
    for words, answer in answers.items():
        other = first.setdefault(words[:place] + words[place + 1 :], words)
        if answers[other] != answer:
            return other, words
    return None


@dataclass(frozen=True)
class DecisionPart(Generic[Value]):
    """One part of the answer to a possible case.

    Attributes:
        name: one of `DECISION_PARTS`.
        answers: the answer to each of the cases, by their words.
    """

    name: str
    answers: Mapping[CaseWords, Value]

    @property
    def certain(self) -> bool:
        """Return whether every case has the same answer."""
        return len(self.distinct) == 1

    @cached_property
    def distinct(self) -> tuple[Value, ...]:
        """Return the different answers, in the order of their first case."""
        return tuple(dict.fromkeys(self.answers.values()))

    @cached_property
    def depends_on(self) -> tuple[str, ...]:
        """Return the fewest facts that decide the part; none if it is certain."""
        return deciding_facts(self.answers)

    @property
    def by_words(self) -> dict[CaseWords, Value]:
        """Return the answer for each combination of words of the facts in `depends_on`, in their order."""
        places = [FACTS.index(name) for name in self.depends_on]
        return {tuple(words[place] for place in places): answer for words, answer in self.answers.items()}

    @property
    def regions(self) -> tuple[tuple[Box, Value], ...]:
        """Return `by_words` as boxes: for each answer, the words of the deciding facts under which it applies."""
        by_words = self.by_words
        facts = {name: FACT_TYPES[name] for name in self.depends_on}
        return tuple(
            (box, answer)
            for answer in self.distinct
            for box in boxes([words for words, other in by_words.items() if other == answer], facts)
        )

    @property
    def witnesses(self) -> tuple[CaseWords, CaseWords] | None:
        """Return two cases that differ only in the first deciding fact and have different answers; None if it is certain."""
        return None if self.certain else witnesses(self.answers, self.depends_on[0])

    def to_plain(self) -> dict[str, object]:
        """Return the facts that an undecided part depends on, its answers by these facts, and two cases as a witness, ready for JSON."""
        return {
            "depends_on": list(self.depends_on),
            "answers": [
                {"when": {name: list(words) for name, words in box.items()}, "answer": _part_as_json(answer)}
                for box, answer in self.regions
            ],
            "witnesses": [dict(zip(FACTS, words, strict=True)) for words in self.witnesses or ()],
        }


@dataclass(frozen=True)
class PossibleDecision:
    """The answer to a possible case under one reading: the decision on each of its cases."""

    possible: PossibleCase
    reading: Reading
    decisions: tuple[Decision, ...]

    @cached_property
    def parts(self) -> dict[str, DecisionPart[Any]]:
        """Return each of `DECISION_PARTS`, in their order."""
        return {
            name: DecisionPart(name, {decision.case.key: getattr(decision, name) for decision in self.decisions}) for name in DECISION_PARTS
        }

    @property
    def certain(self) -> bool:
        """Return whether every part is certain."""
        return all(part.certain for part in self.parts.values())

    def to_plain(self) -> dict[str, object]:
        """Return the possible case, and each part as certain or undecided, ready for JSON; for a known case, the decision."""
        if not self.possible.unknown:
            return self.decisions[0].to_plain()
        return {
            "possible": {name: list(words) for name, words in self.possible.facts.items()},
            "cases": len(self.decisions),
            "reading": str(self.reading),
            "certain": {name: _part_as_json(part.distinct[0]) for name, part in self.parts.items() if part.certain},
            "undecided": {name: part.to_plain() for name, part in self.parts.items() if not part.certain},
        }


def _part_as_json(value: object) -> object:
    """Return a value of a part, ready for JSON."""
    if isinstance(value, tuple):
        return [_part_as_json(entry) for entry in value]
    return value.to_plain() if isinstance(value, Task) else value if value is None else str(value)


def decide_possible(possible: PossibleCase, reading: Reading = Reading.AS_PRACTISED) -> PossibleDecision:
    """Return the answer to every case of *possible*."""
    return PossibleDecision(possible, reading, tuple(decide(case, reading) for case in possible.cases()))
