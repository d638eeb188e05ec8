"""How pages mark an answer: a symbol and a class for the colour of each outcome, and a short code for each task."""

from sop_engine import Outcome, Task, load_rulebook
from sop_engine.decision import Timing

_OUTCOME_SYMBOLS = {
    Outcome.ALLOWED: "✓",
    Outcome.REFUSED: "✗",
    Outcome.FAILS_ON_SCREEN: "⚠",
    Outcome.FAILS_AT_PACKING: "⚠",
    Outcome.WITHOUT_EFFECT: "=",
    Outcome.UNSPECIFIED: "?",
}
_OUTCOME_MEANINGS = {
    Outcome.ALLOWED: "the order, or the part of it, is cancelled",
    Outcome.REFUSED: "the request is not accepted; the order is unchanged",
    Outcome.FAILS_ON_SCREEN: "the request is accepted and then shows an error; the order is unchanged",
    Outcome.FAILS_AT_PACKING: "the request is accepted, and the order cannot be packed",
    Outcome.WITHOUT_EFFECT: "the order is cancelled already",
    Outcome.UNSPECIFIED: "the SOP does not say",
}

_CODES = {task.key: task.code for task in load_rulebook().tasks if task.code}
LATER = "*"
"""Behind the code of a task that falls due later."""


def symbol_of(outcome: str) -> str:
    """Return a symbol that can be read without colour."""
    return _OUTCOME_SYMBOLS[Outcome(outcome)]


def slug_of(outcome: str) -> str:
    """Return *outcome* as a class name."""
    return str(outcome).replace(" ", "-")


def meaning_of(outcome: str) -> str:
    """Return the meaning of *outcome*, for a legend."""
    return _OUTCOME_MEANINGS[Outcome(outcome)]


def code_of(task: Task) -> str:
    """Return *task* as force and short code: ``must CN``, ``must ASK*`` when packing fails."""
    return f"{task.modality.words} {_CODES.get(task.task, str(task.task))}{'' if task.when is Timing.NOW else LATER}"


def code_meanings() -> tuple[tuple[str, str], ...]:
    """Return each code with its task in words, for a legend."""
    return (*((code, task.words) for task, code in _CODES.items()), (LATER, f"{Timing.WHEN_PACKING_FAILS}, not before"))
