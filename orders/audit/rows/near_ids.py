"""Ids that are not the same and look alike: O and 0, I and 1, marks between the characters, zeros before them.

Ids are joined exactly. An id that looks like another one is a suggestion for a person, and closes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_ALIKE = (("O", "0"), ("I", "1"), ("L", "1"), ("S", "5"), ("B", "8"), ("Z", "2"))
_MOST_SUGGESTED = 3
"""The most ids that are suggested for one."""


def look_alike_keys(keys: pa.Array) -> pa.Array:
    """Return for each of *keys* what it looks like: characters that are easily taken for one another are one, marks are left out."""
    shapes = pc.utf8_upper(keys)
    for one, other in _ALIKE:
        shapes = pc.replace_substring(shapes, one, other)
    shapes = pc.replace_substring_regex(shapes, r"[^0-9A-Z]+", "")
    return pc.replace_substring_regex(shapes, r"(^|[A-Z])0+([0-9])", r"\1\2")


class NearIds:
    """The ids of a run by what they look like.

    Args:
        keys: all ids, each once.
    """

    def __init__(self, keys: pa.Array) -> None:
        shapes = look_alike_keys(keys)
        counts = pc.value_counts(shapes)
        shared = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
        alike = pc.is_in(shapes, value_set=shared)
        self._by_shape: dict[str, list[str]] = defaultdict(list)
        for shape, key in zip(shapes.filter(alike).to_pylist(), keys.filter(alike).to_pylist(), strict=True):
            self._by_shape[shape].append(key)

    def near(self, key: str) -> list[str]:
        """Return the other ids that look like *key*, one of the ids of the run, in their order."""
        if not self._by_shape:
            return []
        [shape] = look_alike_keys(pa.array([key], pa.string())).to_pylist()
        return sorted(other for other in self._by_shape.get(shape, ()) if other != key)[:_MOST_SUGGESTED]


def hint(near: Sequence[str]) -> str:
    """Return a sentence that suggests the ids *near*, with a space before it; empty if there are none."""
    if not near:
        return ""
    verb = "looks" if len(near) == 1 else "look"
    return f" {' and '.join(near)} {verb} like it: compare them; nothing was taken from the one for the other."
