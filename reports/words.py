"""Plain JSON values as a reader would say them."""

from collections.abc import Mapping
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
    if value is None:
        return _OPEN.get(facet, "nothing")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return _record(value)
    if isinstance(value, (list, tuple)):
        between = ", " if all(isinstance(item, str) for item in value) else "; "
        return between.join(say(item) for item in value) or _EMPTY.get(facet, "none")
    return str(value)


def _record(value: Mapping[str, Any]) -> str:
    """A task as ``must make a credit note``; anything else as ``name: value`` pairs."""
    if "modality" in value and "task" in value:
        modality, task = say(value["modality"]), say(value["task"])
        return f"{modality.replace('-', ' ')} {_TASKS.get(task, task.replace('-', ' '))}"
    return ", ".join(f"{name}: {say(item)}" for name, item in value.items())
