"""Rows without an id of their own below a row with one: they can be further lines of its order or document.

Many programs write the number of an order or document in its first line only, and so do merged cells of a spreadsheet. Nothing is read
from such a row, which is set aside; but what it names is not all known any more.
"""

from collections.abc import Mapping

import numpy as np

from orders.audit.tables import System
from orders.intake.mapping.source_mapping import LINES, SourceMapping
from orders.intake.parsing import Parsed
from orders.intake.rows_table import BLANK, HEADER_AGAIN, SET_ASIDE
from orders.log.arrays import SmallArray

_KEYS = {"order": ("order_key", "order_text"), "number": ("number_key",)}


class IdsAbove:
    """Finds the id above rows that are set aside and have none, in a source of lines of orders, or of documents."""

    def __init__(self, mapping: SourceMapping) -> None:
        of_lines = mapping.rows == LINES or mapping.system == System.AJIO
        self._target = "number" if mapping.has_documents else "order" if of_lines else None
        self._last: tuple[str | None, str | None] = (None, None)
        """Key and text of the last id of the batch before; nothing below a blank row or a header."""

    def continue_from(self, earlier: "IdsAbove") -> None:
        """Go on where *earlier*, of the slice before, has ended."""
        self._last = earlier._last  # noqa: SLF001 (of the same class)

    def fill(self, parsed: Parsed, states: SmallArray, keys: Mapping[int, dict[str, str | None]]) -> None:
        """Add to *keys*, by row, the id above each row of the batch that is set aside and has none."""
        ids = parsed.ids.get(self._target or "")
        if ids is None or not len(states):
            return
        places = np.arange(len(states))
        begins = np.maximum.accumulate(np.where((states == BLANK) | (states == HEADER_AGAIN), places, -1))
        given = np.maximum.accumulate(np.where(ids.given, places, -1))
        above = np.where(given > begins, given, np.where(begins < 0, -1, len(states)))
        for place in [*np.flatnonzero((states == SET_ASIDE) & ~ids.given).tolist(), len(states) - 1]:
            at = int(above[place])
            if at == len(states):
                last: tuple[str | None, str | None] = (None, None)
            else:
                last = self._last if at < 0 else (ids.keys[at].as_py(), ids.cells.column[at].as_py())
            if last[0] is not None and states[place] == SET_ASIDE and not ids.given[place]:
                keys[int(parsed.rows[place])].update(zip(_KEYS[self._target or ""], last, strict=False))
        self._last = last
