"""Columns of words: each distinct text is looked up once in the words of the mapping."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa

from orders.intake.values.text_columns import SPACES, TextCells
from orders.log.arrays import IntArray, Mask
from sop_engine.text import caseless

Meaning = TypeVar("Meaning", bound=Hashable)
CANCELLED_VOUCHER = frozenset({"(cancelled)"})
"""What Tally shows as the party of a voucher that was cancelled."""
NO_MEANING = -1
"""The code of an empty cell and of an unknown word."""
_NO_LETTER = np.array([not chr(byte).isalnum() or byte >= 0x80 for byte in range(256)])  # noqa: PLR2004 (part of a character)
"""Bytes that a comparison of words may drop."""


@dataclass(frozen=True, slots=True)
class Words(Generic[Meaning]):
    """Codes of a column of words: places in *meanings*, `NOTHING` where there is none; *unknown* marks words without a meaning."""

    codes: IntArray
    meanings: tuple[Meaning, ...]
    unknown: Mask

    def numbers(self, values: Mapping[Meaning, int], empty: int) -> IntArray:
        """Return the value of each cell's meaning; *empty* for a cell without."""
        table = np.array([*(values[meaning] for meaning in self.meanings), empty], np.int64)
        return table.take(self.codes, mode="wrap")

    def texts(self) -> pa.Array:
        """Return the meaning of each cell as text; null for a cell without."""
        indices = pa.array(np.where(self.codes == NO_MEANING, 0, self.codes), pa.int32(), mask=self.codes == NO_MEANING)
        return pa.DictionaryArray.from_arrays(indices, pa.array([str(meaning) for meaning in self.meanings], pa.string())).cast(pa.string())


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return *text* for comparing words: without outer spaces and letter case, one space between parts."""
    return " ".join(caseless(text.strip(SPACES)).split())


def cells_like(cells: TextCells, words: frozenset[str], simplified: Callable[[str], str] = folded) -> list[int]:
    """Return the places of the cells that are one of *words* when *simplified*; only cells that begin and end like one are looked at."""
    places = _places_like(cells, words)
    return [place for place, text in zip(places.tolist(), cells.texts_at(places), strict=True) if simplified(text) in words]


def are_words(cells: TextCells, words: frozenset[str]) -> Mask:
    """Return which of the *cells* are one of *words* when `folded`."""
    places = _places_like(cells, words)
    mask = np.zeros(len(cells), bool)
    if len(places):
        texts, codes = TextCells(cells.column.take(pa.array(places))).distinct()
        mask[places] = np.array([folded(text) in words for text in texts], bool)[codes]
    return mask


def _places_like(cells: TextCells, words: frozenset[str]) -> IntArray:
    """Return the places of the cells that begin and end like one of *words*, and are not much longer."""
    first, last = _ends_of(words)
    most = max((len(word) for word in words), default=0) + 8
    places: IntArray = np.flatnonzero((cells.lengths > 0) & (cells.lengths <= most) & first.take(cells.first))
    return places[last.take(cells.last[places])]


@lru_cache(maxsize=256)
def _ends_of(words: frozenset[str]) -> tuple[Mask, Mask]:
    """Return for each byte whether a cell that is one of *words* can begin with it, and whether it can end with it."""
    first, last = (_NO_LETTER.copy() for _ in range(2))
    for word in words:
        for letters, table in ((word[:1], first), (word[-1:], last)):
            table[[ord(sign) for sign in letters.casefold() + letters.upper() if ord(sign) < 256]] = True  # noqa: PLR2004 (a byte)
    return first, last


def look_up(cells: TextCells, words: Mapping[str, Meaning], empty: Mask) -> Words[Meaning]:
    """Look up each text of *cells* in *words*, without regard to letter case and outer spaces.

    Args:
        cells: the texts.
        words: for each text its meaning.
        empty: cells that are to be taken as empty.
    """
    meaning_of = {folded(text): meaning for text, meaning in words.items()}
    meanings = tuple(dict.fromkeys(meaning_of.values()))
    texts, places = cells.distinct()
    texts = [folded(text) for text in texts]
    table = np.array([meanings.index(meaning_of[text]) if text in meaning_of else NO_MEANING for text in texts], np.int64)
    codes = table.take(places) if texts else np.full(len(cells), NO_MEANING, np.int64)
    codes = np.where(empty, NO_MEANING, codes)
    return Words(codes, meanings, (codes == NO_MEANING) & ~empty)
