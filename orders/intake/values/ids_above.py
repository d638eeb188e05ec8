"""Rows without an id of their own below a row with one: they can be further lines of its order or document.

Many programs write the number of an order or document in its first line only, and so do merged cells of a spreadsheet. Nothing is read
from such a row, which is set aside; but what it names is not all known any more.
"""

import numpy as np
import pyarrow as pa

from orders.intake.values.text_columns import TextCells
from orders.log.arrays import IntArray, Mask

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
        places_of_ids, breaks = np.flatnonzero(given), np.flatnonzero(is_break)

        def at(place: int) -> Id:
            above, break_ = _last_until(places_of_ids, place), _last_until(breaks, place)
            if above > break_:
                return keys[above].as_py(), cells.column[above].as_py()
            return self._last if break_ < 0 else (None, None)

        ids = {place: at(place) for place in np.flatnonzero(wanted & ~given).tolist()}
        self._last = at(len(given) - 1)
        return {place: (key, text) for place, (key, text) in ids.items() if key is not None}


def _last_until(places: IntArray, place: int) -> int:
    """Return the last of the ascending *places* that is not after *place*; -1 if there is none."""
    index = int(np.searchsorted(places, place, side="right"))
    return int(places[index - 1]) if index else -1
