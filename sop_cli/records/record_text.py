"""Records of the registers as text for a terminal: each part with its name."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from sop_engine.text import visible

NAMES = {"modality": "force", "not_operative": "not operative", "instead_of": "instead of", "rests_on": "rests on", "manner": "how"}
"""Parts that have another name in words than in the register."""
MARGIN = 14


def record_in_words(parts: Mapping[str, Any], heading: str = "") -> Iterator[str]:
    """Yield the parts of a clause or a gap, line by line."""
    yield click.style(visible(str(parts["id"])), bold=True) + (f"  below {heading}" if heading else "")
    for name, value in parts.items():
        if name != "id":
            yield f"  {part_name(name):{MARGIN}} {part_in_words(value)}"


def part_name(name: str) -> str:
    """Return the name of a part in words."""
    return NAMES.get(name, name)


def part_in_words(value: Any) -> str:
    """Return a value of a record as text on one line."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name.replace('_', '-')}: {part_in_words(words)}" for name, words in value.items())
    if isinstance(value, list):
        return " / ".join(map(part_in_words, value))
    return visible(str(value))
