"""Rows without an id of their own below a row with one: they can be further lines of its order or document.

Many programs write the number of an order or document in its first line only, and so do merged cells of a spreadsheet. Nothing is read
from such a row, which is set aside; but what it names is not all known any more.
"""

import numpy as np
import pyarrow as pa

from orders.intake.values.text_columns import TextCells
from orders.log.arrays import Mask

Id = tuple[str | None, str | None]
"""The key of an id and its text; without both if there is none."""


class IdsAbove:
    """Finds the id above rows that have none, from batch to batch."""

    def __init__(self) -> None:
        self._last: Id = (None, None)

    def continue_from(self, earlier: "IdsAbove") -> None:
        """Go on where *earlier*, of the slice before, has ended."""
        self._last = earlier._last  # noqa: SLF001 (of the same class)

    def of(self, cells: TextCells, keys: pa.Array, given: Mask, is_break: Mask, wanted: Mask) -> dict[int, Id]:
        """Return for each *wanted* place of a batch that has no id the one above it, and go on to the next batch.

        Args:
            cells, keys: the ids of the rows, and their keys, null where they are spoilt.
            given: where there is an id.
            is_break: blank rows and headers, below which nothing goes on.
            wanted: rows that are set aside.
        """
        if not len(given):
            return {}
        places = np.arange(len(given))
        breaks = np.maximum.accumulate(np.where(is_break, places, -1))
        above = np.maximum.accumulate(np.where(given, places, -1))

        def at(place: int) -> Id:
            if above[place] > breaks[place]:
                return keys[above[place]].as_py(), cells.column[above[place]].as_py()
            return self._last if breaks[place] < 0 else (None, None)

        ids = {place: at(place) for place in np.flatnonzero(wanted & ~given).tolist()}
        self._last = at(len(given) - 1)
        return {place: (key, text) for place, (key, text) in ids.items() if key is not None}
