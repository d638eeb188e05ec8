"""Plain JSON values as a reader would say them."""

from collections.abc import Mapping, Sequence
from typing import Any

_OPEN = {"tasks": "left open", "outcome": "unspecified"}
_TASKS = {
    "ask-ajio-to-cancel": "ask Ajio to cancel",
    "cancel-in-assure": "cancel in Assure",
    "download-report": "download the report",
    "credit-note": "make a credit note",
    "share-credit-note": "share the credit note",
    "rsi-report": "fetch the RSI report",
    "use-as-reference": "use it as a reference",
    "inward-po": "make an inward PO",
    "grn": "make a GRN",
}
_EMPTY = {"tasks": "nothing to do", "duties": "nothing due", "rows": "no row"}


def say(value: Any, facet: str = "") -> str:
    """*value* in words; *facet* tells what nothing and an empty list mean there."""
    if value is None or isinstance(value, bool):
        return _OPEN.get(facet, "nothing") if value is None else "yes" if value else "no"
    if isinstance(value, Mapping):
        return _record(value)
    if isinstance(value, (list, tuple)):
        return _items(value) or _EMPTY.get(facet, "none")
    return str(value)


def _record(value: Mapping[str, Any]) -> str:
    """A task as ``must make a credit note``; anything else as ``name: value`` pairs."""
    if "modality" in value and "task" in value:
        return _task(say(value["modality"]), say(value["task"]))
    return ", ".join(f"{name}: {say(item)}" for name, item in value.items())


def _items(values: Sequence[Any]) -> str:
    """A pair of modality and task as one, words with commas between, anything longer with semicolons."""
    plain = all(isinstance(item, str) for item in values)
    if plain and len(values) == 2 and values[1] in _TASKS:  # noqa: PLR2004 - a pair
        return _task(*values)
    return (", " if plain else "; ").join(say(item) for item in values)


def _task(modality: str, task: str) -> str:
    return f"{modality.replace('-', ' ')} {_TASKS.get(task, task.replace('-', ' '))}"
