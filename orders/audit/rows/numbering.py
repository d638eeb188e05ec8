"""One number for each order and each document number of the run, and the places of the rows by number."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.rows.columns import ABSENT, Numbers
from orders.audit.tables import nulls


class Texts:
    """A column of texts without nulls, read one by one: a million Python strings take more memory than all numbers of a run."""

    def __init__(self, array: pa.Array) -> None:
        self.array = array
        _, ends, content = array.buffers()
        self._ends = np.frombuffer(ends, np.int32)[array.offset :] if len(array) else np.zeros(0, np.int32)
        self._content = memoryview(content if content is not None else b"")

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        return str(self._content[self._ends.item(number) : self._ends.item(number + 1)], "utf-8")

    def __len__(self) -> int:
        return len(self.array)


@dataclass(frozen=True)
class Names:
    """The texts of numbered keys: `keys[number]` is the key, which is unique."""

    keys: Texts

    def __len__(self) -> int:
        return len(self.keys)


class Grouped:
    """The places of rows by a number that they have: of an order, or of a document.

    Args:
        numbers: of each row, ABSENT for none.
        size: how many numbers there are.
        places: of the rows in their table; without them the rows are all of it.
    """

    def __init__(self, numbers: Numbers, size: int, places: Numbers | None = None) -> None:
        order = np.argsort(numbers, kind="stable")
        self._places = (order if places is None else places[order]).astype(np.int32)
        self._ends = np.searchsorted(numbers[order], np.arange(size + 1)).astype(np.int32)

    def of(self, number: int) -> list[int]:
        """Return the places of the rows with *number*, in their order; none for ABSENT."""
        if number < 0:
            return []
        places: list[int] = self._places[self._ends.item(number) : self._ends.item(number + 1)].tolist()
        return places


def numbers_of_keys(keyed: tuple[tuple[pa.Table, str], ...]) -> tuple[list[Numbers], Names]:
    """Return for each column of keys the numbers of its keys, which are the same for equal keys in all of them; and the keys."""
    if not any(name in table.column_names for table, name in keyed):
        return [np.broadcast_to(np.int64(ABSENT), table.num_rows) for table, _ in keyed], Names(Texts(pa.array([], pa.string())))
    chunks = [key_column(table, name) for table, name in keyed]
    encoded = pa.concat_arrays([chunk.combine_chunks() for chunk in chunks]).dictionary_encode()
    numbers = np.asarray(pc.fill_null(encoded.indices, ABSENT).to_numpy(zero_copy_only=False), dtype=np.int64)
    ends = np.cumsum([len(chunk) for chunk in chunks])
    return np.split(numbers, ends[:-1]), Names(Texts(encoded.dictionary))


def numbers_in(keys: pa.Array, names: Names) -> Numbers:
    """Return the numbers that *keys* have in *names*; ABSENT for a key that is not there."""
    places = pc.fill_null(pc.index_in(keys, value_set=names.keys.array, skip_nulls=True), ABSENT)
    return np.asarray(places.to_numpy(zero_copy_only=False), dtype=np.int64)


def key_column(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Return a column of keys as texts; nulls if it is left out."""
    if name not in table.column_names:
        return nulls(table.num_rows, pa.string())
    return table.column(name).cast(pa.string())
