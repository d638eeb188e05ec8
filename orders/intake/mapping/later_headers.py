"""Headers below the first one whose columns are other ones, or in another order: the rows below them are set aside.

An export that was put below another one brings its own header. Where that has the same columns in the same places, the rows go on; where
not, they would be read into wrong columns, so none of them is read until the first header stands there again.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from orders.intake.files.sheet import Batch
from orders.intake.mapping.headers import ENOUGH, Header, compact, known_names
from orders.intake.mapping.source_mapping import SourceMapping
from orders.intake.values.text_columns import TextCells
from orders.intake.values.words import cells_like
from orders.log.arrays import IntArray

FEWEST_VALUES = 3
"""Cells with digits of a row that is no header alone."""


class LaterHeaders:
    """Finds other headers among the rows of a sheet that cannot be read, and says which rows are below one.

    Args:
        mapping, header: of the sheet; kept: places of its columns that are not personal.
    """

    def __init__(self, mapping: SourceMapping, header: Header, kept: Sequence[int]) -> None:
        self.header, self.kept = header, kept
        names = {compact(name) for name in (*header.names, *(name for row in header.rows for name in row))} | known_names(mapping.columns)
        self._enough = min(ENOUGH, len(header.places))
        self._names = frozenset(names - {""})
        self._of_place = {
            place: {compact(name) for name in (*mapping.columns[target].names, header.names[place])}
            for target, place in header.places.items()
        }
        self.first_row = header.first
        """The row of the first header."""
        self._before = 0
        """Rows of the sheet before these, if they are a slice of it."""
        self._above = 0
        """The row of the other header above the next batch; 0 if the rows are below the first one, or below the same again."""

    def continue_from(self, earlier: "LaterHeaders", before: int) -> None:
        """Go on where *earlier*, of the slice before, has ended, with *before* rows of the sheet read."""
        self.first_row, self._before, self._above = earlier.first_row, before, earlier._above  # noqa: SLF001 (of the same class)

    def among(self, batch: Batch, places: IntArray) -> dict[int, bool]:
        """Return, by number, the rows of *batch* at *places* and its odd rows that are headers, and whether each has other columns."""
        headers = {row.row: self._is_other(row.cells) for row in batch.odd if self._is_header(row.cells)}
        if not self.header.rows or not len(places):
            return headers
        counts = np.zeros(len(places), np.int64)
        for place in self.kept:
            counts[cells_like(TextCells(batch.columns[place].take(pa.array(places))), self._names, compact)] += 1
        for at in places[counts >= self._enough].tolist():
            cells = [batch.columns[place][at].as_py() if place in batch.columns else "" for place in range(len(self.header.names))]
            headers[int(batch.rows[at])] = self._is_other(cells)
        return headers

    @property
    def is_below_other(self) -> bool:
        """Return whether the next batch begins below another header."""
        return bool(self._above)

    def above(self, rows: IntArray, headers: Mapping[int, bool]) -> IntArray:
        """Return for each of *rows* the row in the sheet of the other header above it, or 0.

        Args:
            rows: numbers of the rows of a batch.
            headers: the headers of the batch, by number, and whether each has other columns.
        """
        numbers = np.array(sorted(headers), np.int64)
        others = np.array([self._above, *(number + self._before if headers[number] else 0 for number in sorted(headers))], np.int64)
        return np.asarray(others[np.searchsorted(numbers, rows, side="left")])

    def go_on(self, headers: Mapping[int, bool]) -> None:
        """Go on to the next batch."""
        if headers:
            last = max(headers)
            self._above = last + self._before if headers[last] else 0

    @staticmethod
    def is_joined(cells: Sequence[str]) -> bool:
        """Return whether a header stands behind a row of data, as where files were joined and the first had no end of its last line."""
        return sum(any(sign.isdecimal() for sign in cell) for cell in cells) >= FEWEST_VALUES

    def _is_header(self, cells: Sequence[str]) -> bool:
        return bool(self.header.rows) and len({compact(cell) for cell in cells} & self._names) >= self._enough

    def _is_other(self, cells: Sequence[str]) -> bool:
        names = [compact(cell) for cell in cells] + [""] * len(self.header.names)
        is_again = any(
            all(names[place] == compact("".join(row[place : place + 1])) for place in self._of_place) for row in self.header.rows
        )
        return not is_again and any(names[place] not in wanted for place, wanted in self._of_place.items())
