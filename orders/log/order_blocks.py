"""Rows of a log by order, for the formats that group the rows of an order.

Writers read a log as blocks of whole orders, in ascending order; the whole log as one block in a list is accepted. They process
`ORDERS_AT_ONCE` orders and `LINES_AT_ONCE` lines at a time, so memory does not grow with a block and texts stay in the
processor's cache.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import prod
from typing import Any

import numpy as np

from orders.log.columns import COLUMNS, TEXT_COLUMNS
from orders.log.event_log import Log, words_of_codes
from orders.log.orders_table import OrdersTable

ORDERS_AT_ONCE = 4000
"""Orders that are processed together."""

LINES_AT_ONCE = 1000
"""Lines of text that are written together."""

MOST_COMBINATIONS = 1 << 62
"""Most combinations that one whole number can encode."""


@dataclass(frozen=True, slots=True, eq=False)
class OrderBlock:
    """Whole orders: their rows of the log, and their table."""

    log: Log
    orders: OrdersTable


class OrderCutter:
    """Cutter of the blocks of a log, which must come in ascending order."""

    def __init__(self) -> None:
        self.last = -1

    def cut(self, block: OrderBlock) -> tuple[Log, Iterator[OrderBlock]]:
        """Return the rows about no order, by time, and the others in blocks of a few orders, by order and time.

        Raises:
            ValueError: the block does not hold whole orders that come after those of the blocks before, or its table lacks an order.
        """
        log = block.log.take(np.argsort(block.log.columns["order"], kind="stable"))
        numbers = log.columns["order"]
        if len(numbers):
            if int(numbers[0]) <= self.last:
                message = "the blocks of a log hold whole orders, in ascending order"
                raise ValueError(message)
            self.last = int(numbers[-1])
        first = int(np.searchsorted(numbers, 1))
        return log.take(slice(0, first)), _order_batches(log.take(slice(first, None)), block.orders)


def _order_batches(log: Log, orders: OrdersTable) -> Iterator[OrderBlock]:
    begins = np.flatnonzero(np.diff(log.columns["order"], prepend=-1))
    for start, end in pairwise([*begins[::ORDERS_AT_ONCE].tolist(), len(log)]):
        batch = log.take(slice(start, end))
        yield OrderBlock(batch, orders.of(np.unique(batch.columns["order"])))


def line_batches(lines: Iterable[str], between: str) -> Iterator[str]:
    """Join *lines* by the separator *between*, `LINES_AT_ONCE` at a time."""
    lines = iter(lines)
    while batch := between.join(islice(lines, LINES_AT_ONCE)):
        yield batch


class CellTexts(dict[Any, str]):
    """Texts made of the cells of some columns, each made once for a combination of cells."""

    def __init__(self, names: Sequence[str], log: Log, text_of: Callable[[dict[str, Any]], str]) -> None:
        self.names, self.texts, self.text_of = tuple(names), log.texts, text_of
        self.widths = {name: _width(name, log) for name in names}
        self.fits = prod(self.widths.values()) <= MOST_COMBINATIONS

    def of(self, log: Log) -> list[str]:
        """Return the text of each row of *log*, which is a part of the log given at the start."""
        if not self.fits:  # more combinations than one number can encode
            return [self[key] for key in zip(*(log.column(name).tolist() for name in self.names), strict=True)]
        keys = np.zeros(len(log), dtype=np.int64)
        for name, width in self.widths.items():
            keys = keys * width + (log.column(name) + 1)
        return [self[key] for key in keys.tolist()]

    def __missing__(self, key: int | tuple[int, ...]) -> str:
        codes = key if isinstance(key, tuple) else self._codes(key)
        row = {name: words_of_codes(np.array([code]), name, self.texts)[0] for name, code in zip(self.names, codes, strict=True)}
        self[key] = text = self.text_of(row)
        return text

    def _codes(self, key: int) -> tuple[int, ...]:
        codes: list[int] = []
        for width in reversed(self.widths.values()):
            key, code = divmod(key, width)
            codes.append(code - 1)
        return tuple(reversed(codes))


def _width(name: str, log: Log) -> int:
    """Return a number larger than every code of a column, counted from -1."""
    words = log.texts.get(name, ()) if name in TEXT_COLUMNS else COLUMNS[name]
    return int(log.column(name).max(initial=0)) + 2 if words is None else len(words) + 1
