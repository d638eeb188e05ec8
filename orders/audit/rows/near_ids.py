"""Ids that are not the same and can be of one order: they look alike, or one stands in the other.

O and 0, I and 1, marks between the characters and zeros before them look alike. A cell can have the numbers of several orders, such as
*FN1, FN2*, or the number of a package behind that of the order, such as *FN1-2*. Ids are joined exactly. An id that can be another one is
a suggestion for a person, and closes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.log.arrays import IntArray

_ALIKE = (("O", "0"), ("I", "1"), ("L", "1"), ("S", "5"), ("B", "8"), ("Z", "2"))
_MOST_SUGGESTED = 3
"""The most ids that are suggested for one."""
_BETWEEN_IDS = r"[][(),;&+|/\s]+"
_PERHAPS_SEVERAL = r"[0-9A-Z][][(),;&+|/\s]+[0-9A-Z]"
_OF_PACKAGE = r"^(.*[0-9A-Z])[-_/.#:](?:[0-9]{1,2}|[A-Z])$"
"""For RE2: an id and the number or letter of a package behind it."""
_OF_ORDER = re.compile(r"(?=.*\d)(?:([A-Z]+).*|\d{6,})")
"""An id that can be that of an order if it is a part of another one: letters before digits, or many digits; 26 in 26-27 is none."""


def look_alike_keys(keys: pa.Array) -> pa.Array:
    """Return for each of *keys* what it looks like: characters that are easily taken for one another are one, marks are left out."""
    shapes = pc.utf8_upper(keys)
    for one, other in _ALIKE:
        shapes = pc.replace_substring(shapes, one, other)
    shapes = pc.replace_substring_regex(shapes, r"[^0-9A-Z]+", "")
    return pc.replace_substring_regex(shapes, r"(^|[A-Z])0+([0-9])", r"\1\2")


def ids_within(keys: pa.Array) -> tuple[IntArray, pa.Array]:
    """Return the ids that stand in *keys*, and for each the place of its key: those of a list, and that before the number of a package."""
    several = np.flatnonzero(np.asarray(pc.fill_null(pc.match_substring_regex(keys, _PERHAPS_SEVERAL), False)))  # noqa: FBT003
    of_package = np.flatnonzero(np.asarray(pc.fill_null(pc.match_substring_regex(keys, _OF_PACKAGE), False)))  # noqa: FBT003
    lists = [(place, part) for place, text in _texts_at(keys, several) for part in _ids_in_list(text)]
    bases = pc.replace_substring_regex(keys.take(pa.array(of_package)), _OF_PACKAGE, r"\1").to_pylist()
    packages = [(place, base) for place, base in zip(of_package.tolist(), bases, strict=True) if _OF_ORDER.fullmatch(base)]
    within = sorted({*lists, *packages})
    return np.array([place for place, _ in within], np.int64), pa.array([part for _, part in within], pa.string())


def _texts_at(keys: pa.Array, places: IntArray) -> list[tuple[int, str]]:
    return list(zip(places.tolist(), keys.take(pa.array(places)).to_pylist(), strict=True))


def _ids_in_list(text: str) -> list[str]:
    """Return the ids of a list, which begin with the same letters, or the one beside words; none if *text* has no orders."""
    parts = [part for part in re.split(_BETWEEN_IDS, text) if any(map(str.isdecimal, part))]
    matches = [_OF_ORDER.fullmatch(part) for part in parts]
    letters = {match and match[1] for match in matches}
    return parts if all(matches) and len(letters) == 1 else []


def names(key: str, other: str) -> bool:
    """Return whether *other* stands in *key*."""
    return other in ids_within(pa.array([key], pa.string()))[1].to_pylist()


class NearIds:
    """The ids of a run by what they look like, and by the ids that stand in them.

    Args:
        keys: all ids, each once.
        are_orders: whether one id can stand in another; numbers of documents are looked at elsewhere.
    """

    def __init__(self, keys: pa.Array, *, are_orders: bool = False) -> None:
        self._related: dict[str, list[str]] = defaultdict(list)
        if are_orders:
            places, parts = ids_within(keys)
            among = np.asarray(pc.is_in(parts, value_set=keys))
            whole = keys.take(pa.array(places[among])).to_pylist()
            for key, part in zip(whole, parts.filter(pa.array(among)).to_pylist(), strict=True):
                self._related[part].append(key)
                self._related[key].append(part)
        shapes = look_alike_keys(keys)
        counts = pc.value_counts(shapes)
        shared = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
        alike = pc.is_in(shapes, value_set=shared)
        self._by_shape: dict[str, list[str]] = defaultdict(list)
        for shape, key in zip(shapes.filter(alike).to_pylist(), keys.filter(alike).to_pylist(), strict=True):
            self._by_shape[shape].append(key)

    def near(self, key: str) -> list[str]:
        """Return the other ids that look like *key*, one of the ids of the run, or stand in it, or in which it stands; in their order."""
        related = self._related.get(key, [])
        if not self._by_shape:
            return sorted(set(related))
        [shape] = look_alike_keys(pa.array([key], pa.string())).to_pylist()
        return sorted({*related, *(other for other in self._by_shape.get(shape, ()) if other != key)})

    def is_part(self, key: str) -> bool:
        """Return whether *key* stands in another id of the run, or another one in it."""
        return key in self._related


def hint(near: Sequence[str]) -> str:
    """Return a sentence that suggests the ids *near*, with a space before it; empty if there are none."""
    if not near:
        return ""
    verb = "looks" if len(near) == 1 else "look"
    return f" {' and '.join(near[:_MOST_SUGGESTED])} {verb} like it: compare them; nothing was taken from the one for the other."
