"""Columns of text as arrays of bytes: lengths, cells of one length as a matrix, trimming, and hashes."""

import unicodedata
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.log.arrays import IntArray, Mask, SmallArray

_MARKS_OF_DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SPACES = (
    " \t\r\n\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060"
    "\u3000\ufeff" + _MARKS_OF_DIRECTION
)
"""Characters that are removed around a cell: spaces of all widths, also those without width, and marks of the direction of a text."""
INVISIBLE = rf"[\x{{AD}}\x{{200B}}-\x{{200D}}\x{{2060}}\x{{FEFF}}{_MARKS_OF_DIRECTION}]"
"""For RE2: characters of ids that are not visible."""
APOSTROPHE = 0x27
ORDINARY = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/"
"""Bytes of most ids: a column with no others has no spaces, no addresses and no characters outside ASCII."""
_LAST_SPACE = 0x20
_FIRST_NOT_ASCII = 0x80
_SMALL_A, _SMALL_Z = ord("a"), ord("z")
_WORD = 8
_FIRST_CELLS = 1000
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


class TextCells:
    """A column of text and the bytes of its cells; what is computed from them is kept, as several questions are asked about a column.

    Attributes:
        column: the texts, without nulls.
        data: the bytes of all cells, in UTF-8.
        starts, lengths: place and number of bytes of each cell.
    """

    def __init__(self, column: Any) -> None:
        self.column: pa.Array = as_text(column)
        _, offsets, data = self.column.buffers()
        first, count = self.column.offset, len(self.column)
        bounds = np.frombuffer(offsets, np.int32)[first : first + count + 1] if count else np.zeros(1, np.int32)
        self.data: SmallArray = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
        self.starts: NDArray[np.int32] = bounds[:-1]
        self.lengths: NDArray[np.int32] = bounds[1:] - bounds[:-1]
        self._content = self.data[int(bounds[0]) : int(bounds[-1])]

    def __len__(self) -> int:
        return len(self.lengths)

    def of_length(self, length: int) -> tuple[IntArray, SmallArray]:
        """Return the places of the cells of *length* bytes, and their bytes as a matrix with a row for each."""
        places = np.flatnonzero(self.lengths == length)
        if len(places) * length == len(self._content):  # all others are empty
            return places, self._content.reshape(len(places), length)
        return places, self.data[self.starts[places][:, None] + np.arange(length)]

    def texts_at(self, places: IntArray) -> list[str]:
        """Return the texts at *places*."""
        texts: list[str] = self.column.take(pa.array(places, pa.int64())).to_pylist() if len(places) else []
        return texts

    @cached_property
    def is_empty(self) -> Mask:
        """Which cells have no bytes."""
        return np.asarray(self.lengths == 0)

    @cached_property
    def first(self) -> SmallArray:
        """The first byte of each cell; 0 for an empty one."""
        return self._bytes_at(self.starts)

    @cached_property
    def last(self) -> SmallArray:
        """The last byte of each cell; 0 for an empty one."""
        return self._bytes_at(self.starts + self.lengths - 1)

    def _bytes_at(self, places: NDArray[np.int32]) -> SmallArray:
        if not len(self.data):
            return np.zeros(len(self), np.uint8)
        signs: SmallArray = self.data.take(places, mode="clip")
        return np.multiply(signs, ~self.is_empty, out=signs)

    @cached_property
    def extraordinary(self) -> bytes:
        """The bytes of all cells that are not `ORDINARY`."""
        return self._content.tobytes().translate(None, ORDINARY)

    @property
    def is_ascii(self) -> bool:
        """Whether all cells are ASCII."""
        return self.extraordinary.isascii()

    @property
    def has_small_letters(self) -> bool:
        """Whether a cell has one of the letters a to z."""
        return bool(((self._content >= _SMALL_A) & (self._content <= _SMALL_Z)).any())

    @property
    def may_have_spaces(self) -> bool:
        """Whether a cell has a byte of one of the `SPACES`."""
        return any(sign <= _LAST_SPACE or sign >= _FIRST_NOT_ASCII for sign in set(self.extraordinary))

    def with_any(self, signs: bytes) -> Mask:
        """Return which cells have one of the bytes *signs*."""
        mask = np.zeros(len(self), bool)
        signs = bytes(sign for sign in signs if sign in ORDINARY or sign in self.extraordinary)
        if not signs:
            return mask
        if len(signs) == 1:
            at = np.flatnonzero(self._content == signs[0])
        else:
            table = np.zeros(256, bool)
            table[list(signs)] = True
            at = np.flatnonzero(table[self._content])
        if len(at):
            mask[np.searchsorted(self.starts + self.lengths, at + int(self.starts[0]), side="right")] = True
        return mask

    def distinct(self) -> tuple[list[str], IntArray]:
        """Return the different texts, and for each cell the place of its text among them.

        Cells of one byte are looked up by it, longer ones among the texts of the first cells, in which a column of words has all of them.
        """
        if not len(self) or int(self.lengths.max()) > 1:
            texts = self.column.slice(0, _FIRST_CELLS).unique()
            places = pc.index_in(self.column, texts)
            if places.null_count:
                encoded = self.column.dictionary_encode()
                texts, places = encoded.dictionary, encoded.indices
            return texts.to_pylist(), places.to_numpy()
        signs = np.flatnonzero(np.bincount(self.first))
        place_of = np.zeros(256, np.int64)
        place_of[signs] = np.arange(len(signs))
        return [chr(sign) if sign else "" for sign in signs.tolist()], place_of[self.first]

    def hashes(self) -> NDArray[np.uint64]:
        """Return a 64-bit hash of each cell: equal texts have equal hashes."""
        result = np.zeros(len(self), np.uint64)
        for length in distinct_lengths(self.lengths):
            places, matrix = self.of_length(length)
            value = np.full(len(places), np.uint64(length + 1))
            for word in _overlapping_words(matrix) if length >= _WORD else words_of_eight_bytes(matrix):
                value = mixed(value, word)
            if len(places) == len(self):
                return value
            result[places] = value
        return result


def distinct_lengths(lengths: NDArray[np.int32]) -> list[int]:
    """Return the different values of *lengths* in ascending order."""
    return sorted({*np.flatnonzero(np.bincount(lengths, minlength=1)).tolist()}) if len(lengths) else []


def _overlapping_words(matrix: SmallArray) -> list[NDArray[np.uint64]]:
    """Return the bytes of a matrix of eight columns or more, eight at a time as one number; the last eight overlap those before them."""
    rows, length = matrix.shape
    flat = np.ascontiguousarray(matrix)
    return [np.ndarray((rows,), "<u8", flat, place, (length,)).copy() for place in (*range(0, length - 8, 8), length - 8)]


def words_of_eight_bytes(matrix: SmallArray) -> list[NDArray[np.uint64]]:
    """Return the columns of a matrix of bytes, eight at a time as one number with the first byte lowest; zeros after the last."""
    rows, length = matrix.shape
    if length % 8:
        padded = np.zeros((rows, -(-length // 8) * 8), np.uint8)
        padded[:, :length] = matrix
        matrix = padded
    return [np.ascontiguousarray(word) for word in np.ascontiguousarray(matrix).view("<u8").T]


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


def trimmed(cells: TextCells) -> TextCells:
    """Return *cells* without the spaces around each; the same if there are none."""
    if not cells.may_have_spaces:
        return cells
    ends = ((byte > 0) & ((byte <= _LAST_SPACE) | (byte >= _FIRST_NOT_ASCII)) for byte in (cells.first, cells.last))
    places = np.flatnonzero(np.logical_or(*ends))
    return TextCells(with_texts(cells.column, places, lambda text: text.strip(SPACES))) if len(places) else cells


def without(column: pa.Array, places: Mask) -> pa.Array:
    """Return a column of text, which has no nulls, with nulls at *places*, in the same memory."""
    if not places.any():
        return column
    if column.offset:
        return pc.if_else(pa.array(places), pa.scalar(None, pa.string()), column)
    valid = pa.py_buffer(np.packbits(~places, bitorder="little"))
    return pa.Array.from_buffers(column.type, len(column), [valid, *column.buffers()[1:]])


def keys_of(cells: TextCells, spoilt: Mask | None = None) -> pa.Array:
    """Return the key of each of the trimmed ids *cells*: without one leading apostrophe and invisible characters, upper case.

    Wide letters and the digits of other scripts are those of ASCII. It is null for an empty cell and for a *spoilt* one.
    """
    if APOSTROPHE in cells.extraordinary:
        places = np.flatnonzero(cells.first == APOSTROPHE)
        cells = TextCells(with_texts(cells.column, places, lambda text: text[1:].strip(SPACES))) if len(places) else cells
    column = cells.column
    if not cells.is_ascii:
        column = pc.utf8_upper(pc.replace_substring_regex(column, INVISIBLE, ""))
        column = with_texts(column, np.flatnonzero(~np.asarray(pc.string_is_ascii(column))), _with_plain_signs)
    elif cells.has_small_letters:
        column = pc.ascii_upper(column)
    return without(column, cells.is_empty if spoilt is None else cells.is_empty | spoilt)


def _with_plain_signs(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in unicodedata.normalize("NFKC", text))
