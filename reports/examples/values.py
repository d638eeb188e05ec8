"""JSON values in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from sop_engine import load_rulebook

_SHORT: Mapping[str, str] = {task.id: task.short for task in load_rulebook().tasks}
_OPEN = {"tasks": "left open", "outcome": "unspecified"}
_NOW = "now"
_EMPTY = {"tasks": "nothing to do", "duties": "nothing due", "rows": "no row"}


def value_text(value: Any, facet: str = "") -> str:
    """Return *value* in words; None and an empty list mean something different for each *facet*."""
    if value is None or isinstance(value, bool):
        return _OPEN.get(facet, "nothing") if value is None else "yes" if value else "no"
    if isinstance(value, Mapping):
        return _mapping_text(value)
    if isinstance(value, (list, tuple)):
        return _items(value) or _EMPTY.get(facet, "none")
    return str(value)


def _mapping_text(value: Mapping[str, Any]) -> str:
    """Return a task as ``must make a credit note (when packing fails)``, anything else as ``name: value`` pairs."""
    if "modality" in value and "task" in value:
        return _task(value_text(value["modality"]), value_text(value["task"]), value_text(value.get("when", _NOW)))
    return ", ".join(f"{name}: {value_text(part)}" for name, part in value.items())


def _items(values: Sequence[Any]) -> str:
    """Join values: modality, task and when as one text, words with commas, anything longer with semicolons."""
    plain = all(isinstance(value, str) for value in values)
    if plain and len(values) in (2, 3) and values[1] in _SHORT:
        return _task(*values)
    return (", " if plain else "; ").join(value_text(value) for value in values)


def _task(modality: str, task: str, when: str = _NOW) -> str:
    words = f"{modality.replace('-', ' ')} {_SHORT.get(task, task.replace('-', ' '))}"
    return words if when == _NOW else f"{words} ({when})"
