"""Types of what a study has besides its variants: a search, the wanted precision, and a sensitivity analysis."""

from typing import Literal

from msgspec import Struct

from simulator.field_types import Confidence, Count, HalfWidth, Positive, Probability, Value


class Trial(Struct, frozen=True, forbid_unknown_fields=True):
    """One value that a search simulated.

    Attributes:
        verdict: "met" and "missed" are clear at the confidence of the search; "unsteady" where a queue grows, so that no rate exists;
            "worse" than another value; "open" where the replications do not decide.
        sure: confidence of the verdict, corrected for the number of decisions; null where the verdict is no estimate.
        reason: the requirement or the queue that decided, in words; empty where all requirements are met.
        queue_at: the station whose queue decided; empty if none did.
    """

    value: Value
    replications: Positive
    verdict: Literal["met", "missed", "unsteady", "worse", "open"]
    sure: Probability | None
    reason: str
    queue_at: str


class Search(Struct, frozen=True, forbid_unknown_fields=True):
    """A search for the first of *candidates*, cheapest first, that meets the goal, or for the best of them.

    Attributes:
        is_best: whether the best candidate is searched, and not the first that meets the goal.
        answer: the value; null if no candidate meets the goal.
        is_clear: whether the answer is certain at *confidence*, with the next cheaper value (or the next best one) excluded.
        limit: most replications of a value.
        replications: replications that were simulated; a grid would need *limit* of each candidate.
        trials: the values that were simulated, in the order of the candidates.
    """

    key: str
    says: str
    goal: str
    is_best: bool
    measure: str
    candidates: list[Value]
    confidence: Confidence
    limit: Positive
    answer: Value | None
    is_clear: bool
    replications: Positive
    trials: list[Trial]

    def trial(self, value: Value | None) -> Trial | None:
        """Return the trial of *value*; None if it was not simulated."""
        return next((trial for trial in self.trials if trial.value == value), None)

    @property
    def displayed_value(self) -> Value:
        """The value whose orders are shown: the answer, or the last value that was simulated."""
        return self.answer if self.answer is not None else self.trials[-1].value

    @property
    def before(self) -> Trial | None:
        """The trial of the candidate just before the answer, which is the next cheaper one."""
        if self.answer is None or self.answer not in self.candidates:
            return None
        place = self.candidates.index(self.answer)
        return self.trial(self.candidates[place - 1]) if place else None


class Precision(Struct, frozen=True, forbid_unknown_fields=True):
    """A wanted half-width: *wanted* is its text, *reached* whether every variant has it, after *replications* of at most *limit*."""

    measure: str
    wanted: str
    half_width: HalfWidth
    reached: bool
    limit: Positive


class Swing(Struct, frozen=True, forbid_unknown_fields=True):
    """Change of a measure when an assumption has another value: paired difference from the base, with its interval."""

    value: Value
    mean: float
    low: float
    high: float


class Assumption(Struct, frozen=True, forbid_unknown_fields=True):
    """An assumed setting at the ends of its plausible range: its value and the changes of each measure.

    *turns* has what is different at an end of the range, in words: a queue that grows, a comparison that turns.
    """

    key: str
    says: str
    value: Value
    swings: dict[str, list[Swing]]
    turns: list[str]


class Sensitivity(Struct, frozen=True, forbid_unknown_fields=True):
    """One-at-a-time sensitivity analysis of the first variant.

    Attributes:
        bases: the mean of each measure with all assumptions as they are.
        left_out: keys that are assumed but not varied, each with the reason.
        failed_checks: number of logs in which a check failed.
    """

    replications: Positive
    bases: dict[str, float]
    assumptions: list[Assumption]
    left_out: dict[str, str]
    failed_checks: Count
