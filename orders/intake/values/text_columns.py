"""Columns of text as arrays of bytes: lengths, cells of one length as a matrix, trimming, and hashes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.log.arrays import IntArray, Mask, SmallArray

SPACES = " \t\r\n\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
"""Characters that are removed around a cell: spaces of all widths, also those without width."""
APOSTROPHE = 0x27
_LAST_SPACE = 0x20
_FIRST_NOT_ASCII = 0x80
_SMALL_A, _SMALL_Z = ord("a"), ord("z")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


class TextCells:
    """The bytes of a column of text.

    Attributes:
        data: the bytes of all cells, in UTF-8.
        starts, lengths: place and number of bytes of each cell.
    """

    def __init__(self, column: pa.Array) -> None:
        column = as_text(column)
        _, offsets, data = column.buffers()
        ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1] if len(column) else np.zeros(1, np.int32)
        self.data: SmallArray = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
        self.starts: IntArray = ends[:-1].astype(np.int64)
        self.lengths: IntArray = np.diff(ends).astype(np.int64)

    def __len__(self) -> int:
        return len(self.lengths)

    def of_length(self, length: int) -> tuple[IntArray, SmallArray]:
        """Return the places of the cells of *length* bytes, and their bytes as a matrix with a row for each."""
        places = np.flatnonzero(self.lengths == length)
        if len(places) == len(self) and len(self):
            first = int(self.starts[0])
            return places, self.data[first : first + length * len(self)].reshape(len(self), length)
        return places, self.data[self.starts[places][:, None] + np.arange(length)]

    def first(self) -> SmallArray:
        """Return the first byte of each cell; 0 for an empty one."""
        return self._byte(self.starts)

    def last(self) -> SmallArray:
        """Return the last byte of each cell; 0 for an empty one."""
        return self._byte(self.starts + self.lengths - 1)

    def _byte(self, places: IntArray) -> SmallArray:
        if not len(self.data):
            return np.zeros(len(self), np.uint8)
        return self.data[np.minimum(places, len(self.data) - 1)] * (self.lengths > 0)

    def with_any(self, signs: bytes) -> Mask:
        """Return which cells have one of the bytes *signs*."""
        mask = np.zeros(len(self), bool)
        if not len(self):
            return mask
        first, last = int(self.starts[0]), int(self.starts[-1] + self.lengths[-1])
        content = self.data[first:last]
        if len(signs) == 1:
            at = np.flatnonzero(content == signs[0])
        else:
            table = np.zeros(256, bool)
            table[list(signs)] = True
            at = np.flatnonzero(table[content])
        if len(at):
            mask[np.searchsorted(self.starts + self.lengths, at + first, side="right")] = True
        return mask

    def hashes(self) -> NDArray[np.uint64]:
        """Return a 64-bit hash of each cell: equal texts have equal hashes."""
        result = np.zeros(len(self), np.uint64)
        for length in np.unique(self.lengths).tolist():
            places, matrix = self.of_length(length)
            padded = np.zeros((len(places), -(-length // 8) * 8), np.uint8)
            padded[:, :length] = matrix
            value = np.full(len(places), np.uint64(length + 1))
            for word in padded.view(np.uint64).T:
                value = mixed(value, word)
            result[places] = value
        return result


def mixed(value: NDArray[np.uint64], word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a hash of *value* and *word*."""
    value = (value ^ word) * _MULTIPLIER
    return value ^ (value >> _SHIFT)


def as_text(column: Any) -> pa.Array:
    """Return *column* as one array of strings, without nulls and dictionary."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    return column.fill_null("") if column.null_count else column


def with_texts(column: pa.Array, places: IntArray, change: Callable[[str], str]) -> pa.Array:
    """Return *column* with the cells at *places* changed."""
    if not len(places):
        return column
    mask = np.zeros(len(column), bool)
    mask[places] = True
    changed = [change(text) for text in column.take(pa.array(places)).to_pylist()]
    return pc.replace_with_mask(column, pa.array(mask), pa.array(changed, pa.string()))


def trimmed(column: pa.Array) -> pa.Array:
    """Return *column* without the spaces around each cell."""
    column = as_text(column)
    cells = TextCells(column)
    ends = ((byte > 0) & ((byte <= _LAST_SPACE) | (byte >= _FIRST_NOT_ASCII)) for byte in (cells.first(), cells.last()))
    places = np.flatnonzero(np.logical_or(*ends))
    return with_texts(column, places, lambda text: text.strip(SPACES))


def keys_of(column: pa.Array) -> pa.Array:
    """Return the key of each id in the trimmed *column*: without one leading apostrophe, upper case; null for an empty cell."""
    cells = TextCells(column)
    column = with_texts(column, np.flatnonzero(cells.first() == APOSTROPHE), lambda text: text[1:].strip(SPACES))
    is_ascii = not len(cells.data) or int(cells.data.max()) < _FIRST_NOT_ASCII
    if not is_ascii:
        column = pc.utf8_upper(column)
    elif ((cells.data >= _SMALL_A) & (cells.data <= _SMALL_Z)).any():
        column = pc.ascii_upper(column)
    is_empty = pc.equal(pc.binary_length(column), 0)
    return pc.if_else(is_empty, pa.scalar(None, pa.string()), column) if pc.any(is_empty).as_py() else column
