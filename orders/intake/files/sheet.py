"""A sheet: its first rows, and its rows in batches of columns of text."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

import pyarrow as pa

from orders.intake.values.text_columns import TextCells
from orders.log.arrays import IntArray

HEAD_ROWS = 31
"""Rows at the beginning of a sheet in which the header is searched, and one more for a header of two rows."""
MOST_COLUMNS = 512
MOST_CELL_BYTES = 32_768
FULL_SHEET = 1_048_576
"""Rows of a sheet of a spreadsheet; a sheet with all of them was cut off."""


class Fault(StrEnum):
    """Faults in the structure of a row."""

    CELLS = "cells"
    QUOTES = "quotes"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row that does not fit into the columns: its number, its cells as far as they can be separated, and its fault."""

    row: int
    cells: tuple[str, ...]
    fault: Fault


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a sheet.

    Attributes:
        rows: the number of each row, from 1, as a spreadsheet shows it.
        columns: the texts of each column that was asked for, by its place from 0.
        kinds: of a spreadsheet, for each column the kinds of its cells (see `orders.intake.values.ids`).
        odd: the rows between them that do not fit into the columns.
    """

    rows: IntArray
    columns: dict[int, pa.Array]
    odd: Sequence[OddRow] = ()
    kinds: dict[int, IntArray] = field(default_factory=dict)
    _cells: dict[int, TextCells] = field(default_factory=dict, init=False, compare=False, repr=False)

    def cells(self, place: int) -> TextCells:
        """Return the bytes of the column at *place*, the same object each time."""
        if place not in self._cells:
            self._cells[place] = TextCells(self.columns[place])
        return self._cells[place]

    def only(self, places: Collection[int]) -> "Batch":
        """Return the batch without the columns that are not at *places*."""
        columns, kinds = ({place: of[place] for place in of if place in places} for of in (self.columns, self.kinds))
        return replace(self, columns=columns, kinds=kinds)


class Sheet(Protocol):
    """A sheet of a file.

    Attributes:
        name: of the sheet; None for a file without sheets.
        header_is_row: whether the header is one of the rows; in files of records it is not.
        head: the cells of its first rows, at most `HEAD_ROWS`.
    """

    name: str | None
    header_is_row: bool
    head: Sequence[Sequence[str]]

    def batches(self, first: int, width: int, kept: Sequence[int]) -> Iterator[Batch]:
        """Yield the rows from number *first* on.

        Args:
            first: number of the first row after the header.
            width: number of columns of the header; rows with more or fewer cells are odd.
            kept: places of the columns to read.
        """


def column_letter(place: int) -> str:
    """Return the letters of a column as a spreadsheet shows them: A for 0, AA for 26."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
