"""Ranges of the values of a column, so that rows can be sorted range by range: about as many rows in each, and equal values in one."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.log.arrays import IntArray

SAMPLES_OF_RANGE = 256
"""Values that are looked at for each range."""


def text_borders(columns: Iterable[pa.ChunkedArray], count: int) -> pa.Array:
    """Return the texts at which the second range and those after it begin, for *count* ranges or fewer."""
    chunks = [chunk for column in columns for chunk in column.chunks]
    step = max(1, sum(map(len, chunks)) // (SAMPLES_OF_RANGE * count))
    if count == 1 or not chunks:
        return pa.array([], pa.string())
    sample = pa.concat_arrays([chunk.take(pa.array(np.arange(min(step, len(chunk)) // 2, len(chunk), step))) for chunk in chunks])
    ordered = sample.drop_null().take(pc.sort_indices(sample.drop_null()))
    return ordered.take(pa.array(np.arange(1, count) * len(ordered) // count)).unique() if len(ordered) else ordered


def text_ranges(texts: pa.Array, borders: pa.Array) -> IntArray:
    """Return for each of *texts* the number of its range, from 0; an empty cell is in the last one."""
    if not len(borders):
        return np.zeros(len(texts), np.int64)
    order = np.asarray(pc.sort_indices(pa.concat_arrays([borders, texts])).to_numpy(), dtype=np.int64)
    is_border = order < len(borders)
    numbers = np.empty(len(texts), np.int64)
    numbers[order[~is_border] - len(borders)] = np.cumsum(is_border)[~is_border]
    return numbers


def number_borders(sample: IntArray, count: int) -> IntArray:
    """Return the numbers at which the second range and those after it begin, for about *count* ranges of numbers such as *sample*.

    A number that is so frequent that it would fill a range has one of its own.
    """
    ordered = np.sort(sample)
    values, repeats = np.unique(ordered[np.arange(1, count) * len(ordered) // count], return_counts=True)
    return np.union1d(values, values[repeats > 1] + 1)


def number_ranges(numbers: NDArray[np.int64], borders: IntArray) -> IntArray:
    """Return for each of *numbers* the number of its range, from 0."""
    return np.searchsorted(borders, numbers, side="right")
