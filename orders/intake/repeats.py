"""Rows that repeat an earlier one: identical in all columns that are kept, or a message with the same id and the same values."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from orders.intake.files.sheet import Batch
from orders.intake.parsing import Parsed
from orders.intake.values.text_columns import TextCells, mixed
from orders.log.arrays import IntArray, Mask


class Repeats:
    """Collects batches; whole rows are compared only where another row has the same order and document number.

    Two messages with one id and different values in the columns at *mapped*, which the audit reads, are two messages.
    """

    def __init__(self, mapped: Collection[int]) -> None:
        self.mapped = mapped
        self._rows: list[IntArray] = []
        self._ids: list[NDArray[np.uint64]] = []
        self._messages: list[NDArray[np.uint64]] = []
        self._columns: list[dict[int, pa.Array]] = []

    def add(self, batch: Batch, parsed: Parsed) -> None:
        """Add the rows of a batch."""
        ids = np.zeros(len(batch.rows), np.uint64)
        for target in ("order", "number"):
            if target in parsed.ids:
                ids = mixed(ids, parsed.ids[target].cells.hashes())
        self._rows.append(batch.rows)
        self._ids.append(ids)
        if "message" in parsed.ids:
            message = parsed.ids["message"]
            hashes = np.zeros(len(batch.rows), np.uint64)
            for place, column in batch.columns.items():
                if place in self.mapped:
                    hashes = mixed(hashes, TextCells(column).hashes())
            self._messages.append(np.where(message.given, hashes, 0).astype(np.uint64))
        self._columns.append(batch.columns)

    def find(self, used: Mask) -> IntArray:
        """Return the numbers of the rows, in ascending order, that repeat an earlier one; *used* is for each row from 1 whether it counts."""
        if not self._rows:
            return np.zeros(0, np.int64)
        rows = np.concatenate(self._rows)
        is_used = used[rows - 1]
        ids = np.concatenate(self._ids)
        candidates = np.flatnonzero(is_used & _is_double(ids, is_used))
        repeated = rows[candidates][_later(self._whole_rows(candidates))]
        if self._messages:
            messages = np.concatenate(self._messages)
            given = np.flatnonzero(is_used & (messages != 0) & ~np.isin(rows, repeated))
            repeated = np.union1d(repeated, rows[given][_later(messages[given])])
        return repeated

    def hashes(self, used: Mask) -> tuple[IntArray, NDArray[np.uint64], NDArray[np.uint64]]:
        """Return the numbers of the rows *used*, the hashes of their cells, and those of their messages, if the sheet has any."""
        rows = np.concatenate([*self._rows, np.zeros(0, np.int64)])
        places = np.flatnonzero(used[rows - 1]) if len(rows) else rows
        messages = np.concatenate([*self._messages, np.zeros(0, np.uint64)])
        return rows[places], self._whole_rows(places), messages[places] if len(messages) else messages

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


def _is_double(values: NDArray[np.uint64], among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    ordered = np.sort(values[among])
    doubles = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(doubles):
        return np.zeros(len(values), bool)
    places = np.minimum(np.searchsorted(doubles, values), len(doubles) - 1)
    is_double: NDArray[np.bool_] = doubles[places] == values
    return is_double


def _later(values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which values stand earlier in the array too."""
    order = np.argsort(values, kind="stable")
    mask = np.zeros(len(values), bool)
    mask[order[1:]] = values[order[1:]] == values[order[:-1]]
    return mask
