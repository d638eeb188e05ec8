"""A possible case: what is known of a case, each fact as the words that it may have; and what the SOP says of it.

A part of the answer is certain where every case that it may be is answered alike. Otherwise the part depends on some of
the facts; these alone settle it, and no others are needed.
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
from sop_engine.errors import NoWordError

Value = TypeVar("Value", bound=Hashable)
CaseWords = tuple[str, ...]

DECISION_PARTS = ("outcome", "outcome_source", "tasks", "tasks_source", "clauses", "gaps", "notes")
"""The parts of a decision, each of them certain or undecided by itself."""


@dataclass(frozen=True, slots=True)
class PossibleCase:
    """The words that each fact of a case may have: one where the fact is known, all of them where nothing is known of it.

    Raises:
        NoWordError: a fact has none.
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
                raise NoWordError(name, [str(word) for word in vocabulary])
            object.__setattr__(self, name, tuple(word for word in vocabulary if word in words))

    @property
    def facts(self) -> dict[str, CaseWords]:
        """Fact name to plain words, in the order of `FACTS`."""
        return {name: tuple(str(word) for word in getattr(self, name)) for name in FACTS}

    @property
    def unknown(self) -> tuple[str, ...]:
        """The facts that may have more than one word."""
        return tuple(name for name in FACTS if len(getattr(self, name)) > 1)

    def cases(self) -> Iterator[Case]:
        """Every case that it may be, in the order of the table."""
        return (Case(*words) for words in product(*(getattr(self, name) for name in FACTS)))


def possible_case_from(facts: object) -> PossibleCase:
    """The possible case that a mapping of fact names to a word, or to a list of words, describes; what is left out is unknown.

    Raises:
        NotACaseError: it is no mapping.
        UnknownFactError, UnknownValueError: with the nearest known word.
        NoWordError: the list of a fact is empty.
    """
    words_by_fact = {name: value if isinstance(value, (list, tuple)) else [value] for name, value in facts_in(facts).items()}
    return PossibleCase(**{name: tuple(word_of(name, word) for word in words) for name, words in words_by_fact.items()})  # type: ignore[arg-type]


def deciding_facts(answers: Mapping[CaseWords, Hashable]) -> tuple[str, ...]:
    """The fewest facts that settle which of *answers* is given; none where all are the same.

    These are the facts in which alone two cases differ that are answered differently; there is no choice among them, as
    any two cases of a product are joined by steps that change one fact each.

    Args:
        answers: for each case of a product of words, as the tuple of its words, the answer.
    """
    if len(set(answers.values())) == 1:
        return ()
    return tuple(name for place, name in enumerate(FACTS) if _witnesses(answers, place) is not None)


def witnesses(answers: Mapping[CaseWords, Value], fact: str) -> tuple[CaseWords, CaseWords] | None:
    """The first two cases of *answers* that differ in *fact* only and are answered differently; None where there are none."""
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
        answers: what each of the cases is answered, by their words.
    """

    name: str
    answers: Mapping[CaseWords, Value]

    @property
    def certain(self) -> bool:
        """Whether every case is answered alike."""
        return len(self.distinct) == 1

    @cached_property
    def distinct(self) -> tuple[Value, ...]:
        """The different answers, in the order of their first case."""
        return tuple(dict.fromkeys(self.answers.values()))

    @cached_property
    def depends_on(self) -> tuple[str, ...]:
        """The fewest facts that settle the part; none where it is certain."""
        return deciding_facts(self.answers)

    @property
    def by_words(self) -> dict[CaseWords, Value]:
        """For each combination of words of the facts in `depends_on`, in their order, the answer."""
        places = [FACTS.index(name) for name in self.depends_on]
        return {tuple(words[place] for place in places): answer for words, answer in self.answers.items()}

    @property
    def regions(self) -> tuple[tuple[Box, Value], ...]:
        """`by_words` in boxes: the words of the deciding facts under which an answer is given, answer by answer."""
        by_words = self.by_words
        facts = {name: FACT_TYPES[name] for name in self.depends_on}
        return tuple(
            (box, answer)
            for answer in self.distinct
            for box in boxes([words for words, other in by_words.items() if other == answer], facts)
        )

    @property
    def witnesses(self) -> tuple[CaseWords, CaseWords] | None:
        """Two cases that differ in the first deciding fact only and are answered differently; None where it is certain."""
        return None if self.certain else witnesses(self.answers, self.depends_on[0])

    def to_plain(self) -> dict[str, object]:
        """What an undecided part depends on, its answers by the words of these facts, and two cases that show it, ready for JSON."""
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
    """What the SOP says of a possible case under one reading: the decision on every case that it may be."""

    possible: PossibleCase
    reading: Reading
    decisions: tuple[Decision, ...]

    @cached_property
    def parts(self) -> dict[str, DecisionPart[Any]]:
        """Each of `DECISION_PARTS`, in their order."""
        return {
            name: DecisionPart(name, {decision.case.key: getattr(decision, name) for decision in self.decisions}) for name in DECISION_PARTS
        }

    @property
    def certain(self) -> bool:
        """Whether every part is certain."""
        return all(part.certain for part in self.parts.values())

    def to_plain(self) -> dict[str, object]:
        """The possible case, and each part as certain or undecided, ready for JSON; of a case that is known, the decision."""
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
    """A value of a part, ready for JSON."""
    if isinstance(value, tuple):
        return [_part_as_json(entry) for entry in value]
    return value.to_plain() if isinstance(value, Task) else value if value is None else str(value)


def decide_possible(possible: PossibleCase, reading: Reading = Reading.AS_PRACTISED) -> PossibleDecision:
    """The SOP's answer to every case that *possible* may be."""
    return PossibleDecision(possible, reading, tuple(decide(case, reading) for case in possible.cases()))
