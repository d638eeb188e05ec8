"""Keys of possible cases: five sets of words of one row as one number below 9,720.

Who cancels, how much and the invoicing have 3 sets each; the stage has 36 ranges and the e-invoice 10 ranges of neighbouring words. A
set with words missing in between is widened to the smallest range around it, so that an answer that is certain for the key is
certain for the set.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sop_engine.case import FACT_TYPES, FACTS, LIFE_STAGES
from sop_engine.possible_cases import PossibleCase

Column = NDArray[np.uint8]
Keys = NDArray[np.uint16]
Range = tuple[int, int]

WORDS_OF: Final = {name: LIFE_STAGES if name == "stage" else tuple(FACT_TYPES[name]) for name in FACTS}
"""The words of each fact of real orders; a stage is one that their events lead to."""
RANGES: Final[dict[str, tuple[Range, ...]]] = {
    name: tuple((start, end) for start in range(len(words)) for end in range(start + 1, len(words) + 1)) for name, words in WORDS_OF.items()
}
"""For each fact its ranges of words: places of the first word and of the one after the last. Two words have three ranges."""

SHAPE: Final = tuple(len(ranges) for ranges in RANGES.values())
KEYS: Final = int(np.prod(SHAPE))
"""The number of keys: 3 x 3 x 3 x 36 x 10."""

_BLOCK: Final = 1 << 16
"""Rows in one pass, so that the intermediate columns stay in the cache."""


def _ranges_of_sets(name: str) -> NDArray[np.uint16]:
    """Return for each set of words the number of the smallest range around it; 0 for the empty set, which no row has."""
    numbers = {ends: number for number, ends in enumerate(RANGES[name])}
    sets = range(1, 1 << len(WORDS_OF[name]))
    return np.array([0, *(numbers[(words & -words).bit_length() - 1, words.bit_length()] for words in sets)], dtype=np.uint16)


def _first_table() -> NDArray[np.uint16]:
    """Return the part of the key that who, how much and the invoicing give, by their bits: two each."""
    who, how_much, invoicing = (_ranges_of_sets(name) for name in FACTS[:3])
    place = np.arange(64)
    number = (who[place & 3] * SHAPE[1] + how_much[place >> 2 & 3]) * SHAPE[2] + invoicing[place >> 4]
    return np.asarray(number * SHAPE[3] * SHAPE[4], dtype=np.uint16)


def _second_table() -> NDArray[np.uint16]:
    """Return the part of the key that the stage (eight bits) and the e-invoice (four bits above them) give."""
    stage, e_invoice = _ranges_of_sets("stage"), _ranges_of_sets("e_invoice")
    place = np.arange(1 << 12)
    return np.asarray(stage[place & 255] * SHAPE[4] + e_invoice[place >> 8], dtype=np.uint16)


_FIRST, _SECOND = _first_table(), _second_table()


def keys_of(canceller: Column, scope: Column, invoicing: Column, stage: Column, e_invoice: Column) -> Keys:
    """Return the key of each row from its five sets of words, as bit masks; a row with an empty set has no meaning."""
    keys = np.empty(len(stage), dtype=np.uint16)
    for start in range(0, len(keys), _BLOCK):
        block = slice(start, start + _BLOCK)
        first = canceller[block] | scope[block] << 2 | invoicing[block] << 4
        second = stage[block] | e_invoice[block].astype(np.uint16) << 8
        np.add(_FIRST.take(first, mode="clip"), _SECOND.take(second, mode="clip"), out=keys[block])
    return keys


def look_up(table: NDArray[np.generic], keys: Keys) -> NDArray[np.generic]:
    """Return `table[keys]`, block by block."""
    values = np.empty(len(keys), dtype=table.dtype)
    for start in range(0, len(keys), _BLOCK):
        block = slice(start, start + _BLOCK)
        table.take(keys[block], out=values[block], mode="clip")
    return values


def possible_case(key: int) -> PossibleCase:
    """Return the possible case of *key*."""
    places = np.unravel_index(key, SHAPE)
    ranges = ((name, RANGES[name][place]) for name, place in zip(FACTS, places, strict=True))
    return PossibleCase(**{name: WORDS_OF[name][start:end] for name, (start, end) in ranges})  # type: ignore[arg-type]


def every_possible_case() -> Iterator[PossibleCase]:
    """Yield the possible cases in the order of their keys."""
    return (possible_case(key) for key in range(KEYS))
