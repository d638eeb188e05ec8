"""Values of claims in the words of the features, for failure messages and pages."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from sop_engine import load_rulebook
from sop_engine.decision import Modality, Outcome, Source, Timing

TASKS, TASK, PLACES = "tasks", "task", "places"
OPEN_QUESTION = "an open question"

_TASK_WORDS: Mapping[str, str] = {task.id: task.words for task in load_rulebook().tasks}
_MODALITIES: Mapping[str, str] = {modality: modality.words for modality in Modality}
_SOURCES: dict[str, str] = {
    Source.STATED: "the SOP says so",
    Source.FOLLOWS: "it follows",
    Source.DECIDED: "the owner's answer",
    Source.ASSUMED: "our reading",
    Source.SILENT: OPEN_QUESTION,
}
_SOURCES |= {
    f"{outcome} and {tasks}": " and ".join(dict.fromkeys((_SOURCES[outcome], _SOURCES[tasks])))
    for outcome, tasks in product(Source, repeat=2)
}
_NONE = {TASKS: OPEN_QUESTION, TASK: "no such task", "stock": "no stock"}
_EMPTY = {
    TASKS: "nothing to do",
    "duties": "no open duty",
    "rows": "no row",
    "clauses": "no clause",
    "gaps": "no gap",
    "question beside it": "no question",
    "alternatives": "no alternative",
    PLACES: "no task",
    "because": "no such duty",
}
_WORDS = {
    "outcome": {str(Outcome.UNSPECIFIED): OPEN_QUESTION},
    "packing error": {"yes": "an error", "no": "no error"},
    "by hand": {"yes": "by hand", "no": "not by hand"},
    "offline claim": {"yes": "an offline claim", "no": "nothing to settle"},
    "stock": {"saleable": "saleable stock"},
}
_TASK_FACETS = (TASKS, TASK, PLACES, "duties", "alternatives")


def facet_without_comparison(facet: str) -> str:
    """Return the facet without what it is compared with: ``outcome`` for ``outcome, as for PACKED``."""
    return facet.partition(",")[0]


def value_in_words(value: Any, facet: str = "") -> str:
    """Return the value of a claim of *facet* in the words of the features; None and an empty list mean something different for each."""
    facet = facet_without_comparison(facet)
    if value is None:
        return _NONE.get(facet, "nothing")
    if isinstance(value, (list, tuple)):
        return _list_in_words(value, facet) or _EMPTY.get(facet, "nothing")
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {value_in_words(part)}" for name, part in value.items()) or "nothing"
    return _word(value, facet) or _EMPTY.get(facet, "nothing")


def _word(value: object, facet: str) -> str:
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    if facet.startswith("source"):
        return _SOURCES.get(text, text)
    if facet in _TASK_FACETS:
        return _MODALITIES.get(text, _TASK_WORDS.get(text, text))
    return _WORDS.get(facet, {}).get(text, text)


def _list_in_words(values: Sequence[Any], facet: str) -> str:
    entry = _ENTRIES.get(facet, _row)
    if facet == TASK and not any(isinstance(value, (list, tuple)) for value in values):
        return _task(values)
    if all(isinstance(value, str) for value in values):
        return ("; " if facet in _TASK_FACETS else ", ").join(value_in_words(value, facet) for value in values)
    return "; ".join(entry(value) if isinstance(value, (list, tuple)) else value_in_words(value) for value in values)


def _task(values: Sequence[Any]) -> str:
    """Return ``must make a credit note by hand and keep it in the ERP when packing fails``."""
    words = " ".join(_MODALITIES.get(str(value), _TASK_WORDS.get(str(value), str(value))) for value in values)
    return words.removesuffix(f" {Timing.NOW}")


def _place(values: Sequence[Any]) -> str:
    task, *places = map(str, values)
    return f"{_TASK_WORDS.get(task, task)} ({', '.join(filter(None, places))})"


def _row(values: Sequence[Any]) -> str:
    return " | ".join(value_in_words(value) for value in values)


_ENTRIES: dict[str, Callable[[Sequence[Any]], str]] = {
    TASKS: _task,
    PLACES: _place,
    "alternatives": lambda values: " or ".join(value_in_words(value, TASK) for value in values),
    "because": lambda values: ", ".join(map(str, values)),
}
