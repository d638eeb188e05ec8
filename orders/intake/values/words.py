"""Columns of words: each distinct text is looked up once in the words of the mapping."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa

from orders.intake.values.text_columns import SPACES
from orders.log.arrays import IntArray, Mask
from sop_engine.text import caseless

Meaning = TypeVar("Meaning", bound=Hashable)
NO_MEANING = -1
"""The code of an empty cell and of an unknown word."""


@dataclass(frozen=True, slots=True)
class Words(Generic[Meaning]):
    """Codes of a column of words: places in *meanings*, `NOTHING` where there is none; *unknown* marks words without a meaning."""

    codes: IntArray
    meanings: tuple[Meaning, ...]
    unknown: Mask

    def numbers(self, values: Mapping[Meaning, int], empty: int) -> IntArray:
        """Return the value of each cell's meaning; *empty* for a cell without."""
        table = np.array([*(values[meaning] for meaning in self.meanings), empty], np.int64)
        return table[self.codes]

    def texts(self) -> pa.Array:
        """Return the meaning of each cell as text; null for a cell without."""
        indices = pa.array(np.where(self.codes == NO_MEANING, 0, self.codes), pa.int32(), mask=self.codes == NO_MEANING)
        return pa.DictionaryArray.from_arrays(indices, pa.array([str(meaning) for meaning in self.meanings], pa.string())).cast(pa.string())


def folded(text: str) -> str:
    """Return *text* for comparing words: without outer spaces and letter case, one space between parts."""
    return " ".join(caseless(text.strip(SPACES)).split())


def look_up(column: pa.Array, words: Mapping[str, Meaning], empty: Mask) -> Words[Meaning]:
    """Look up each text of *column* in *words*, without regard to letter case and outer spaces.

    Args:
        column: texts, or a dictionary of texts.
        words: for each text its meaning.
        empty: cells that are to be taken as empty.
    """
    meaning_of = {folded(text): meaning for text, meaning in words.items()}
    meanings = tuple(dict.fromkeys(meaning_of.values()))
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = [folded(text) for text in encoded.dictionary.to_pylist()]
    table = np.array([meanings.index(meaning_of[text]) if text in meaning_of else NO_MEANING for text in texts], np.int64)
    codes = table[encoded.indices.to_numpy()] if texts else np.full(len(column), NO_MEANING, np.int64)
    codes = np.where(empty, NO_MEANING, codes)
    return Words(codes, meanings, (codes == NO_MEANING) & ~empty)
