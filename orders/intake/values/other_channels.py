"""Rows of a file of documents that are of other sales channels than Ajio, by channel: they are no part of the audit."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from orders.intake.values.masking import visible_part
from orders.intake.values.text_columns import TextCells
from orders.intake.values.words import folded
from orders.log.arrays import Mask

NO_NAME = "without a name"
"""What an empty cell of the channel is called, if the mapping says what it means."""


class OtherChannels:
    """Counts the rows of other channels.

    Args:
        words: of the column of the channel in the mapping; a channel has the name that it has there.
        is_personal: whether that column can be personal, so that the names are masked.
    """

    def __init__(self, words: Mapping[str, str | int], *, is_personal: bool) -> None:
        self._names = {folded(word): visible_part(word, is_known=not is_personal) or NO_NAME for word in words}
        self._counts: Counter[str] = Counter()

    def add(self, cells: TextCells, are_of_others: Mask) -> None:
        """Add the rows of *cells* that are of other channels."""
        places = np.flatnonzero(are_of_others)
        encoded = cells.column.take(pa.array(places)).dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        for code, count in Counter(encoded.indices.to_pylist()).items():
            self._counts[self._names.get(folded(texts[code]), NO_NAME)] += count

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each channel, by its name."""
        return dict(sorted(self._counts.items()))
