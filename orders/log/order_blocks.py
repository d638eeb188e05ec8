"""Rows of a log by order: what writers that put an order together work on.

Writers read a log as blocks of whole orders, in ascending order; a `Log` in a list is one. They look at a few orders at a time,
however large a block is, and at a few lines at a time, so memory stays flat and texts stay in the processor's cache.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from math import prod
from typing import Any

import numpy as np

from orders.log.arrays import IntArray, Texts, texts
from orders.log.event_log import COLUMNS, Log

AT_ONCE = 4000
"""Orders that are read together."""

LINES = 1000
"""Lines of text that are written together."""

MOST_UNITS = 1 << 24
"""More than anything that is counted in the column `units`."""

MOST_KINDS = 1 << 63
"""What a whole number of a column can tell apart."""

Columns = dict[str, IntArray]
"""Columns of a log, sorted by order and then in time."""


class Blocks:
    """Cuts the blocks of a log, which it must be given in order."""

    def __init__(self) -> None:
        self.last = -1

    def house(self, log: Log) -> tuple[Columns, Columns]:
        """The rows of a block that are about no order, and the others.

        Raises:
            ValueError: the block does not hold whole orders that come after those of the blocks before.
        """
        place = np.argsort(log.columns["order"], kind="stable")
        columns = {name: column[place] for name, column in log.columns.items()}
        numbers = columns["order"]
        if len(numbers):
            if int(numbers[0]) <= self.last:
                message = "the blocks of a log hold whole orders, in ascending order"
                raise ValueError(message)
            self.last = int(numbers[-1])
        first = int(np.searchsorted(numbers, 1))
        return slice_of(columns, 0, first), slice_of(columns, first, len(numbers))


def few_at_once(columns: Columns) -> Iterator[Columns]:
    """The rows of a few orders at a time."""
    begins = np.flatnonzero(np.diff(columns["order"], prepend=-1))
    for start, end in pairwise([*begins[::AT_ONCE].tolist(), len(columns["order"])]):
        yield slice_of(columns, start, end)


def few_lines(lines: Iterable[str], between: str) -> Iterator[str]:
    """The lines with what is *between* two of them, a few at a time."""
    lines = iter(lines)
    while some := between.join(islice(lines, LINES)):
        yield some


def slice_of(columns: Columns, start: int, end: int) -> Columns:
    """The rows from *start* to before *end*."""
    return {name: column[start:end] for name, column in columns.items()}


def in_words(codes: IntArray, name: str, details: Sequence[str]) -> Texts:
    """Cells of the column *name* in words, an empty text where there is none; a number stays one."""
    known = details if name == "detail" else COLUMNS[name]
    if known is None:
        return codes.astype(object)
    return texts([*map(str, known), ""])[codes]


class Kinds(dict[int, str]):
    """What is told of rows that are equal in some columns: made once for each kind of row."""

    def __init__(self, names: Sequence[str], details: tuple[str, ...], tell: Callable[[dict[str, Any]], str]) -> None:
        self.details, self.tell = details, tell
        self.widths = {name: _width(name, details) for name in names}
        if prod(self.widths.values()) > MOST_KINDS:
            message = f"a log of {len(details)} details has too many kinds of rows"
            raise ValueError(message)

    def of(self, columns: Columns) -> list[str]:
        """For each row, what is told of it."""
        keys = np.zeros(len(columns["order"]), dtype=np.int64)
        for name, width in self.widths.items():
            keys = keys * width + (columns[name] + 1)
        return [self[key] for key in keys.tolist()]

    def __missing__(self, key: int) -> str:
        row, rest = {}, key
        for name, width in reversed(self.widths.items()):
            rest, code = divmod(rest, width)
            row[name] = in_words(np.array([code - 1]), name, self.details)[0]
        self[key] = told = self.tell(row)
        return told


def _width(name: str, details: tuple[str, ...]) -> int:
    """More than the codes of a column."""
    words = details if name == "detail" else COLUMNS[name]
    return MOST_UNITS if words is None else len(words) + 1
