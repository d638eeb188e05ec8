"""Keys of possible cases: five sets of words of one row as the bits of one number, and the 9,720 different cases behind them.

Who cancels, how much and the invoicing have 3 sets each; the stage has 36 ranges and the e-invoice 10 ranges of neighbouring words. A
set with words missing in between is widened to the smallest range around it, so that an answer that is certain for the case is
certain for the set. A key has 18 bits: one table of all keys, a byte each, answers a row in one look-up.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sop_engine.case import FACT_TYPES, FACTS, LIFE_STAGES
from sop_engine.possible_cases import PossibleCase

Column = NDArray[np.uint8]
Keys = NDArray[np.uint32]
Range = tuple[int, int]

WORDS_OF: Final = {name: LIFE_STAGES if name == "stage" else tuple(FACT_TYPES[name]) for name in FACTS}
"""The words of each fact of real orders; a stage is one that their events lead to."""
RANGES: Final[dict[str, tuple[Range, ...]]] = {
    name: tuple((start, end) for start in range(len(words)) for end in range(start + 1, len(words) + 1)) for name, words in WORDS_OF.items()
}
"""For each fact its ranges of words: places of the first word and of the one after the last. Two words have three ranges."""

SHAPE: Final = tuple(len(ranges) for ranges in RANGES.values())
POSSIBLE_CASES: Final = int(np.prod(SHAPE))
"""The number of possible cases: 3 x 3 x 3 x 36 x 10."""
KEY_BITS: Final = sum(len(words) for words in WORDS_OF.values())

_BLOCK: Final = 1 << 17
"""Rows in one pass, so that the intermediate columns stay in the cache."""


def _ranges_of_sets(name: str) -> NDArray[np.uint16]:
    """Return for each set of words the place of the smallest range around it; 0 for the empty set, which no row has."""
    places = {ends: place for place, ends in enumerate(RANGES[name])}
    sets = range(1, 1 << len(WORDS_OF[name]))
    return np.array([0, *(places[(words & -words).bit_length() - 1, words.bit_length()] for words in sets)], dtype=np.uint16)


def _numbers_of_keys() -> NDArray[np.uint16]:
    keys, numbers, below = np.arange(1 << KEY_BITS), np.zeros(1 << KEY_BITS, dtype=np.uint16), 0
    for name, words in WORDS_OF.items():
        sets = keys >> below & ((1 << len(words)) - 1)
        numbers = numbers * np.uint16(len(RANGES[name])) + _ranges_of_sets(name)[sets]
        below += len(words)
    return numbers


NUMBERS: Final = _numbers_of_keys()
"""For each key the number of its possible case, below `POSSIBLE_CASES`."""


def keys_of(canceller: Column, scope: Column, invoicing: Column, stage: Column, e_invoice: Column) -> Keys:
    """Return the key of each row from its five sets of words, as bit masks; a row with an empty set has no meaning.

    The canceller has the lowest bits; products are quicker here than shifts.
    """
    keys = np.empty(len(stage), dtype=np.uint32)
    for block in _cache_blocks(len(keys)):
        low = (invoicing[block] * np.uint8(4) + scope[block]) * np.uint8(4) + canceller[block]
        high = e_invoice[block].astype(np.uint16) * np.uint16(256) + stage[block]
        np.add(np.multiply(high, 64, dtype=np.uint32), low, out=keys[block])
    return keys


def look_up(table: NDArray[np.generic], keys: Keys) -> NDArray[np.generic]:
    """Return `table[keys]`, block by block; *table* has a value for each key."""
    values = np.empty(len(keys), dtype=table.dtype)
    for block in _cache_blocks(len(keys)):
        table.take(keys[block], out=values[block], mode="clip")
    return values


def _cache_blocks(rows: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, rows, _BLOCK))


def possible_case(number: int) -> PossibleCase:
    """Return the possible case of that *number*."""
    places = np.unravel_index(number, SHAPE)
    ranges = ((name, RANGES[name][place]) for name, place in zip(FACTS, places, strict=True))
    return PossibleCase(**{name: WORDS_OF[name][start:end] for name, (start, end) in ranges})  # type: ignore[arg-type]


def every_possible_case() -> Iterator[PossibleCase]:
    """Yield the possible cases in the order of their numbers."""
    return (possible_case(number) for number in range(POSSIBLE_CASES))
