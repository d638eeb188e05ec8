"""Rows that repeat an earlier one: identical in all columns that are kept, or a message with the same id and the same values.

A document can have two equal lines, too. A row is certainly a repetition if it has the number of a message or of its line, or stands in
another export: in another part of a folder, or below a header that stands again. Otherwise it can be a further line of its document.
"""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from orders.intake.files.sheet import Batch
from orders.intake.parsing import Parsed
from orders.intake.values.text_columns import TextCells, mixed
from orders.log.arrays import IntArray, Mask
from orders.memory import kept_array

TELLING_APART = ("message", "line")
"""Columns whose number says that two rows are the same one."""


class Twins(NamedTuple):
    """Rows that repeat another one, and the number of the first that each of them repeats."""

    rows: IntArray
    firsts: IntArray


NO_TWINS = Twins(np.zeros(0, np.int64), np.zeros(0, np.int64))


class UsedRows(NamedTuple):
    """The rows of a sheet that are used: their numbers, and hashes of their cells.

    `messages` are hashes of their messages, with the number and the values, 0 for none, and `apart` whether a row has a number of its own; both are empty if
    the sheet has no such column.
    """

    rows: IntArray
    hashes: NDArray[np.uint64]
    messages: NDArray[np.uint64]
    apart: Mask


class Repeats:
    """Collects batches; whole rows are compared only where another row has the same order and document number.

    Two messages with one id and different values in the columns at *mapped*, which the audit reads, are two messages.
    """

    def __init__(self, mapped: Collection[int]) -> None:
        self.mapped = mapped
        self._rows: list[IntArray] = []
        self._ids: list[NDArray[np.uint64]] = []
        self._messages: list[NDArray[np.uint64]] = []
        self._apart: list[Mask] = []
        self._columns: list[dict[int, pa.Array]] = []

    def add(self, batch: Batch, parsed: Parsed) -> None:
        """Add the rows of a batch."""
        ids = np.zeros(len(batch.rows), np.uint64)
        for target in ("order", "number"):
            if target in parsed.ids:
                ids = mixed(ids, parsed.ids[target].cells.hashes())
        self._rows.append(batch.rows)
        self._ids.append(kept_array(ids))
        if "message" in parsed.ids:
            message = parsed.ids["message"]
            hashes = np.zeros(len(batch.rows), np.uint64)
            for place, column in batch.columns.items():
                if place in self.mapped:
                    hashes = mixed(hashes, TextCells(column).hashes())
            self._messages.append(np.where(message.given, hashes, 0).astype(np.uint64))
        given = [parsed.ids[target].given for target in TELLING_APART if target in parsed.ids]
        if given:
            self._apart.append(np.logical_or.reduce(given))
        self._columns.append(batch.columns)

    def find(self, used: Mask) -> tuple[IntArray, Twins]:
        """Return the numbers of the rows, in ascending order, that repeat an earlier one; and those of them without a number of their own.

        *used* is for each row from 1 whether it counts.
        """
        if not self._rows:
            return np.zeros(0, np.int64), NO_TWINS
        rows = np.concatenate(self._rows)
        is_used = used[rows - 1]
        ids = np.concatenate(self._ids)
        candidates = np.flatnonzero(is_used & _is_double(ids, is_used))
        first = _firsts(self._whole_rows(candidates))
        is_later = first != np.arange(len(candidates))
        repeated = rows[candidates[is_later]]
        twins = Twins(repeated, rows[candidates[first[is_later]]])
        if self._apart:
            alike = ~np.concatenate(self._apart)[candidates[is_later]]
            twins = Twins(twins.rows[alike], twins.firsts[alike])
        if self._messages:
            messages = np.concatenate(self._messages)
            given = np.flatnonzero(is_used & (messages != 0) & ~np.isin(rows, repeated))
            repeated = np.union1d(repeated, rows[given[_firsts(messages[given]) != np.arange(len(given))]])
        return repeated, twins

    def used_rows(self, used: Mask) -> UsedRows:
        """Return the rows *used*, with what shows whether another sheet has them too."""
        rows = np.concatenate([*self._rows, np.zeros(0, np.int64)])
        places = np.flatnonzero(used[rows - 1]) if len(rows) else rows
        messages = np.concatenate([*self._messages, np.zeros(0, np.uint64)])
        apart = np.concatenate([*self._apart, np.zeros(0, bool)])
        return UsedRows(
            rows[places],
            self._whole_rows(places),
            messages[places] if len(messages) else messages,
            apart[places] if len(apart) else apart,
        )

    def _whole_rows(self, places: IntArray) -> NDArray[np.uint64]:
        """Return a hash of each row at *places*."""
        hashes, start = [np.zeros(0, np.uint64)], 0
        for rows, columns in zip(self._rows, self._columns, strict=True):
            inside = places[(places >= start) & (places < start + len(rows))] - start
            value = np.zeros(len(inside), np.uint64)
            if len(inside):
                for column in columns.values():
                    value = mixed(value, TextCells(column.take(pa.array(inside))).hashes())
            hashes.append(value)
            start += len(rows)
        return np.concatenate(hashes)


def further_lines(twins: Twins, breaks: IntArray) -> Twins:
    """Return those of *twins* that can be further lines of their documents: the ones in the export that has most of them.

    *breaks* are the numbers of the rows, in ascending order, below which another export begins.
    """
    if not len(twins.rows):
        return twins
    firsts = np.unique(twins.firsts)
    rows, groups = np.concatenate([firsts, twins.rows]), np.concatenate([firsts, twins.firsts])
    exports = np.searchsorted(breaks, rows)
    order = np.lexsort((rows, exports, groups))
    rows, groups, exports = rows[order], groups[order], exports[order]
    begins = np.flatnonzero(np.r_[True, (groups[1:] != groups[:-1]) | (exports[1:] != exports[:-1])])
    counts = np.diff(np.r_[begins, len(rows)])
    largest = np.lexsort((begins, -counts, groups[begins]))
    _, at = np.unique(groups[begins][largest], return_index=True)
    chosen = np.zeros(len(begins), bool)
    chosen[largest[at]] = True
    is_further = np.repeat(chosen, counts)
    is_further[begins] = False
    return Twins(rows[is_further], groups[is_further])


def _is_double(values: NDArray[np.uint64], among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    ordered = np.sort(values[among])
    doubles = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(doubles):
        return np.zeros(len(values), bool)
    places = np.minimum(np.searchsorted(doubles, values), len(doubles) - 1)
    is_double: NDArray[np.bool_] = doubles[places] == values
    return is_double


def _firsts(values: NDArray[np.uint64]) -> IntArray:
    """Return for each value the place of the first one that is equal to it."""
    order = np.argsort(values, kind="stable")
    begins = np.r_[True, values[order[1:]] != values[order[:-1]]] if len(values) else np.zeros(0, bool)
    first = np.zeros(len(values), np.int64)
    first[order] = order[np.flatnonzero(begins)[np.cumsum(begins) - 1]] if len(values) else order
    return first
