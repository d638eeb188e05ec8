"""Errors of the engine, with their messages.

An error has a place, a reason and a remedy; its message is defined here, not where it is raised. All errors derive from
`SopError`, so that a command needs one ``except``.
"""

import json
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from sop_engine.text import quoted_list

_JSON_KINDS = {
    bool: "a truth value",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    tuple: "a list",
    dict: "an object",
    type(None): "null",
}
"""The kinds of values in JSON, in words, by their type in Python."""


def nearest_word(word: str, candidates: Iterable[str]) -> str | None:
    """Return the known word that is nearest to *word*; None if none is near.

    A word with the same numbers is nearest: ``GAP-04`` to ``GAP-4``.
    """
    folded = {name.casefold(): name for name in candidates}
    bare = _without_leading_zeros(word.casefold())
    near = [name for name in folded if _without_leading_zeros(name) == bare] or get_close_matches(word.casefold(), folded)
    return folded[near[0]] if near else None


def _without_leading_zeros(word: str) -> str:
    return re.sub(r"0+(?=\d)", "", word)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return the hint after an unknown word: the nearest known word, or all words if none is near."""
    names = list(candidates)
    near = nearest_word(word, names)
    if near is not None:
        return f"did you mean `{near}`?"
    return "expected one of " + quoted_list(names)


def kind_of(value: object) -> str:
    """Return what *value* is in JSON, in words: ``a number``, ``an object``."""
    return _JSON_KINDS.get(type(value), "another kind of value")


def _in_backticks(value: object) -> str:
    """Return a number or a truth value as in JSON, to follow its kind; empty for other values."""
    return f" `{json.dumps(value):.40}`" if isinstance(value, bool | int | float) else ""


class SopError(Exception):
    """Base of every error that the caller can correct."""


class UnknownFactError(SopError):
    """A case has an unknown fact."""

    def __init__(self, fact: str, facts: Sequence[str]) -> None:
        super().__init__(f"unknown fact `{fact}`; {did_you_mean(fact, facts)}")
        self.fact = fact


class MissingFactError(SopError):
    """A case has no value for a fact."""

    def __init__(self, fact: str, words: Sequence[str]) -> None:
        values = quoted_list(words)
        super().__init__(f"the case has no `{fact}`; add it with one of {values}")
        self.fact = fact


class UnknownValueError(SopError):
    """A fact has a value outside its vocabulary."""

    def __init__(self, fact: str, value: object, words: Sequence[str]) -> None:
        if isinstance(value, str):
            super().__init__(f"unknown {fact} `{value}`; {did_you_mean(value, words)}")
        else:
            super().__init__(f"{fact} must be a word, got {kind_of(value)}{_in_backticks(value)}; {did_you_mean('', words)}")
        self.fact = fact
        self.value = value


class EmptyFactError(SopError):
    """A possible case has a fact with an empty list of words."""

    def __init__(self, fact: str, words: Sequence[str]) -> None:
        values = quoted_list(words)
        super().__init__(f"the list of `{fact}` is empty; leave it out if it is unknown, or give one or more of {values}")
        self.fact = fact


class NotACaseError(SopError):
    """A value given as a case is not a mapping of facts."""

    def __init__(self, value: object) -> None:
        super().__init__(f'a case is an object of five facts, got {kind_of(value)}; write it like {{"stage": "PACKED"}}')


class RulebookError(SopError):
    """A rulebook is refused; `findings` has one line for each reason, with file and line."""

    def __init__(self, name: str, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        count = f"{len(findings)} reason{'s' if len(findings) != 1 else ''}"
        super().__init__(f"the rulebook `{name}` is refused for {count}:\n" + "\n".join(f"  {line}" for line in findings))


class ContradictionError(SopError):
    """Statements in force that answer one case differently; `ids` are all of them."""

    def __init__(self, case: str, ids: Sequence[str], answers: Sequence[str]) -> None:
        self.case = case
        self.ids = tuple(ids)
        super().__init__(
            f"{', '.join(ids)} contradict each other on {case}: {' / '.join(answers)}; use `over` for the one that takes precedence, or narrow a `when`"
        )


class ImpossibleStepError(SopError):
    """A step is not possible in the current state of an order; *reason* is the message without the remedy."""

    def __init__(self, step: str, state: str, needed: str) -> None:
        self.reason = f"cannot {step}: the order is {state}, expected {needed}"
        super().__init__(f"{self.reason}; take the steps that lead there first, or leave this step out")
        self.step = step
        self.state = state
        self.needed = needed


class UnitsError(SopError):
    """A number of units that an order cannot have, or does not have left; *reason* is the message without the remedy."""

    def __init__(self, units: object, most: int) -> None:
        self.reason = f"units must be a whole number from 1 to {most}, got {units!r}"
        super().__init__(f"{self.reason}; write a number in this range")
        self.units = units
        self.most = most
