"""The answers to all possible cases of one reading, looked up by key.

Each part of an answer is certain, with its value, or undecided, with the facts that decide it: those along which two cases of the
possible case differ. All are computed at once, by widening the table of the 256 cases of real orders, one fact after the other, to its ranges.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from orders.audit.keys import NUMBERS, RANGES, SHAPE, WORDS_OF, Keys, look_up, possible_case
from sop_engine import ENGINE, FACTS, Decision, EInvoice, Invoicing, Modality, Outcome, Reading, Scope, TaskKey, Timing
from sop_engine.case import LIFE_CASES
from sop_engine.possible_cases import PossibleDecision, decide_possible

UNDECIDED: Final = 255
"""The code of a part that is not the same for all cases."""

DUE, NOT_DUE, DUE_AT_PACKING, NOT_SETTLED = "due", "not due", "due when packing fails", "not settled"
"""Values of the parts `credit_note` and `late_credit_note`; not settled where the SOP, as read, does not say."""

FORBIDDEN: Final = frozenset({Outcome.REFUSED, Outcome.FAILS_ON_SCREEN})
"""Outcomes that the SOP names for a cancellation that is not to be carried out."""


def _credit_note(decision: Decision) -> str:
    """Return whether the decision requires a credit note."""
    if decision.tasks is None:
        return NOT_SETTLED
    required = {task.task: task.when for task in decision.tasks if task.modality is Modality.MUST}
    if TaskKey.CREDIT_NOTE not in required:
        return NOT_DUE
    return DUE if required[TaskKey.CREDIT_NOTE] is Timing.NOW else DUE_AT_PACKING


def _late_credit_note(decision: Decision) -> str:
    """Return whether a credit note is due if an e-invoice exists by now, made before the cancellation or after it (GAP-17, GAP-46)."""
    case, now = decision.case, _credit_note(decision)
    late = case.invoicing is Invoicing.ERP and case.scope is Scope.FULL and not case.e_invoice.exists
    if late and decision.outcome is Outcome.ALLOWED and now in (NOT_DUE, NOT_SETTLED):
        return DUE if decision.reading is Reading.AS_PRACTISED else NOT_SETTLED
    return now


PARTS: Final[dict[str, Callable[[Decision], Hashable]]] = {
    "outcome": lambda decision: str(decision.outcome),
    "forbidden": lambda decision: decision.outcome in FORBIDDEN,
    "tasks": lambda decision: decision.tasks,
    "clauses": lambda decision: decision.clauses,
    "gaps": lambda decision: decision.gaps,
    "credit_note": _credit_note,
    "late_credit_note": _late_credit_note,
}
"""The parts of an answer here: four of the decision, and three that the rules of the audit ask for."""


@dataclass(frozen=True)
class AnswerPart:
    """One part of the answers to all possible cases.

    Attributes:
        values: its different values.
        codes: for each possible case the place of its value in `values`, or `UNDECIDED`.
        deciding: for each possible case the facts that decide it, as bits in the order of `FACTS`; 0 where it is certain.
    """

    values: tuple[Hashable, ...]
    codes: NDArray[np.uint8]
    deciding: NDArray[np.uint8]

    @cached_property
    def by_key(self) -> NDArray[np.uint8]:
        """The code of each key."""
        return self.codes[NUMBERS]

    def code_of(self, value: Hashable) -> int:
        """Return the code of *value*; one that nothing has if no case is answered so."""
        return self.values.index(value) if value in self.values else UNDECIDED - 1

    def of(self, keys: Keys) -> NDArray[np.uint8]:
        """Return the code of each key."""
        return look_up(self.by_key, keys)  # type: ignore[return-value]

    def is_value(self, keys: Keys, value: Hashable) -> NDArray[np.bool_]:
        """Return for each key whether the part is certainly *value*."""
        return np.asarray(self.of(keys) == self.code_of(value))

    def at(self, key: int) -> Hashable | None:
        """Return the value of *key*, or None where it is undecided."""
        code = int(self.by_key[key])
        return None if code == UNDECIDED else self.values[code]

    def facts_deciding(self, key: int) -> tuple[str, ...]:
        """Return the fewest facts that decide the part of *key*; none if it is certain."""
        bits = int(self.deciding[NUMBERS[key]])
        return tuple(name for place, name in enumerate(FACTS) if bits >> place & 1)


@dataclass(frozen=True)
class PossibleAnswers:
    """The answers to all 9,720 possible cases under one reading."""

    reading: Reading
    parts: dict[str, AnswerPart]

    def __getitem__(self, name: str) -> AnswerPart:
        return self.parts[name]

    def deciding(self, key: int, *names: str) -> tuple[str, ...]:
        """Return the facts that decide any of the parts *names* of *key*, in the order of `FACTS`."""
        facts = {fact for name in names for fact in self.parts[name].facts_deciding(key)}
        return tuple(name for name in FACTS if name in facts)

    def decided(self, key: int) -> PossibleDecision:
        """Return the whole answer to *key*, from the engine."""
        return _decision_of(int(NUMBERS[key]), self.reading)


@cache
def _decision_of(number: int, reading: Reading) -> PossibleDecision:
    return decide_possible(possible_case(number), reading)


@cache
def possible_answers(reading: Reading = Reading.AS_PRACTISED) -> PossibleAnswers:
    """Return the answers to all possible cases under *reading*; computed once."""
    decisions = [ENGINE.decide(case, reading) for case in LIFE_CASES]
    return PossibleAnswers(reading, {name: _part([value_of(decision) for decision in decisions]) for name, value_of in PARTS.items()})


def _part(by_case: list[Hashable]) -> AnswerPart:
    """Return a part from its value in each case, in the order of `LIFE_CASES`."""
    values = tuple(dict.fromkeys(by_case))
    places = {value: place for place, value in enumerate(values)}
    cases = np.array([places[value] for value in by_case], dtype=np.uint8).reshape([len(words) for words in WORDS_OF.values()])
    deciding = np.zeros(SHAPE, dtype=np.uint8)
    for axis in range(len(FACTS)):
        deciding |= _differs_along(cases, axis).astype(np.uint8) << axis
    first = cases
    for axis, ranges in enumerate(RANGES.values()):
        first = first.take([start for start, _ in ranges], axis=axis)
    return AnswerPart(values, np.where(deciding == 0, first, UNDECIDED).astype(np.uint8).ravel(), deciding.ravel())


def _differs_along(cases: NDArray[np.uint8], axis: int) -> NDArray[np.bool_]:
    """Return for each possible case whether two of its cases that are neighbours along *axis* have different values."""
    differs = np.diff(cases.astype(np.int16), axis=axis) != 0
    for other, ranges in enumerate(RANGES.values()):
        last = 1 if other == axis else 0
        moved = np.moveaxis(differs, other, 0)
        differs = np.stack([np.any(moved[start : end - last], axis=0) for start, end in ranges], axis=other)
    return np.asarray(differs)


def outcome_words(answers: PossibleAnswers, key: int) -> tuple[str, ...]:
    """Return the outcomes that *key* can have, in the order of the cases."""
    value = answers["outcome"].at(key)
    return (str(value),) if value is not None else tuple(str(word) for word in answers.decided(key).parts["outcome"].distinct)


E_INVOICE_EXISTS: Final = sum(1 << word.rank for word in EInvoice if word.exists)
"""The set of the words of the e-invoice under which one exists."""
