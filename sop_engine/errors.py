"""Every error of the engine, and its wording.

An error is a fact with a place, a reason and a remedy; nobody words a message at the point of failure. All of them
derive from `SopError`, so that a command needs one ``except``.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """The hint after an unknown word: the nearest known one, or all of them when none is near."""
    names = list(candidates)
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(word.casefold(), folded)
    if near:
        return f"did you mean `{folded[near[0]]}`?"
    return "expected one of " + ", ".join(f"`{name}`" for name in names)


class SopError(Exception):
    """The base of every error that is the caller's to mend."""


class UnknownFactError(SopError):
    """A case names a fact the SOP does not know."""

    def __init__(self, fact: str, facts: Sequence[str]) -> None:
        super().__init__(f"unknown fact `{fact}`; {did_you_mean(fact, facts)}")
        self.fact = fact


class MissingFactError(SopError):
    """A case leaves a fact out."""

    def __init__(self, fact: str, words: Sequence[str]) -> None:
        values = ", ".join(f"`{value}`" for value in words)
        super().__init__(f"the case does not say `{fact}`; add it with one of {values}")
        self.fact = fact


class UnknownValueError(SopError):
    """A fact has a value outside its vocabulary."""

    def __init__(self, fact: str, value: object, words: Sequence[str]) -> None:
        if isinstance(value, str):
            super().__init__(f"unknown {fact} `{value}`; {did_you_mean(value, words)}")
        else:
            super().__init__(f"{fact} must be a word, got {type(value).__name__} `{value!r:.40}`")
        self.fact = fact
        self.value = value


class NoWordError(SopError):
    """A possible case leaves a fact without any word."""

    def __init__(self, fact: str, words: Sequence[str]) -> None:
        values = ", ".join(f"`{value}`" for value in words)
        super().__init__(f"`{fact}` has no word; leave it out where it is unknown, or give some of {values}")
        self.fact = fact


class NotACaseError(SopError):
    """What was given as a case is no set of facts at all."""

    def __init__(self, value: object) -> None:
        super().__init__(f"a case is an object of five facts, got {type(value).__name__}")


class RulebookError(SopError):
    """A rulebook was refused; `findings` has one line for each reason, with file and line."""

    def __init__(self, name: str, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        count = f"{len(findings)} reason{'s' if len(findings) != 1 else ''}"
        super().__init__(f"the rulebook `{name}` is refused for {count}:\n" + "\n".join(f"  {line}" for line in findings))


class ContradictionError(SopError):
    """Statements in force answer one case differently; `ids` are all of them."""

    def __init__(self, case: str, ids: Sequence[str], answers: Sequence[str]) -> None:
        self.case = case
        self.ids = tuple(ids)
        super().__init__(
            f"{', '.join(ids)} contradict each other on {case}: {' / '.join(answers)}; say with `over` which one wins, or narrow a `when`"
        )


class ImpossibleStepError(SopError):
    """An order cannot take a step from where it stands."""

    def __init__(self, step: str, state: str, needed: str) -> None:
        super().__init__(f"cannot {step}: the order is {state}, expected {needed}")
        self.step = step
        self.state = state
        self.needed = needed


class UnitsError(SopError):
    """A cancellation or return names a number of units that the order does not have."""

    def __init__(self, units: object, most: int) -> None:
        super().__init__(f"units must be a whole number from 1 to {most}, got {units!r}")
        self.most = most
