"""Which rows belong together: those that name the same order, document or purchase order, directly or through other rows.

A key is a hash of 64 bits. Two keys with one hash only put two groups of rows into one part, which changes no result.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.audit.rows.near_ids import ids_within, look_alike_keys
from orders.intake.values.text_columns import TextCells, as_text, mixed
from orders.log.arrays import IntArray

KeyHashes = NDArray[np.uint64]

SLICES: Final = 16
"""Files of named keys; one of them is in memory at a time."""
NO_KEY: Final = np.uint64(0)
"""The hash of a key that is not given, and the owner of a row without any key."""
_ORDER, _NUMBER, _PURCHASE = np.uint64(0x51), np.uint64(0x52), np.uint64(0x53)
_LIKE_NUMBER = np.uint64(0x55)
_LIKE = {"order_key": np.uint64(0x54), "invoice_key": _LIKE_NUMBER, "number_key": _LIKE_NUMBER, "original_key": _LIKE_NUMBER}
_SLICE_SHIFT = np.uint64(60)


class RowKeys(NamedTuple):
    """The keys of some rows.

    Attributes:
        owners: for each row the hash of its order, otherwise of its document; `NO_KEY` if it names none.
        named: pairs of a document or purchase order and the owner of a row that names it.
        orders: pairs of an order and the owner of a row that names it beside its own.
    """

    owners: KeyHashes
    named: tuple[KeyHashes, KeyHashes]
    orders: tuple[KeyHashes, KeyHashes]


def keys_of_rows(rows: Any) -> RowKeys:
    """Return the keys of *rows*, a table or batch with the columns of `REQUESTS`, `DOCUMENTS`, or `ROWS` of rows set aside."""
    orders = _hashes(rows, "order_key", _ORDER)
    numbers = [_hashes(rows, name, _NUMBER) for name in ("invoice_key", "number_key", "original_key") if name in rows.schema.names]
    owners = orders.copy()
    for number in numbers:
        owners = np.where(owners == NO_KEY, number, owners)
    if "po_key" in rows.schema.names:
        purchase = _hashes(rows, "po_key", _PURCHASE)
        source = np.asarray(rows["source"].to_numpy(), dtype=np.uint64)
        numbers.append(np.where(purchase == NO_KEY, NO_KEY, mixed(purchase, source) | np.uint64(1)))
    pairs = [(number[number != NO_KEY], owners[number != NO_KEY]) for number in numbers]
    if "originals" in rows.schema.names and len(owners):
        places, texts = _keys_in_lists(rows["originals"])
        pairs.append((_salted(texts, _NUMBER), owners[places]))
    others: list[tuple[KeyHashes, KeyHashes]] = []
    if "named" in rows.schema.names and len(owners):
        places, texts = _keys_in_lists(rows["named"])
        owners = _owned(owners, places, texts)
        pairs.append((_salted(texts, _NUMBER), owners[places]))
        others.append((_salted(texts, _ORDER), owners[places]))
    return RowKeys(owners, _all_pairs(pairs), _all_pairs(others))


def with_look_alikes(keys: RowKeys, rows: Any) -> RowKeys:
    """Return *keys* with links by what the ids of *rows* look like, or have in them, because such an id is suggested for the other one."""
    pairs = [keys.named]
    for name, salt in _LIKE.items():
        if name in rows.schema.names and rows.num_rows:
            given = np.flatnonzero(np.asarray(rows[name].is_valid().to_numpy(zero_copy_only=False)))
            texts = as_text(rows[name].take(pa.array(given)))
            pairs.append((_salted(look_alike_keys(texts), salt), keys.owners[given]))
            if name == "order_key":
                places, parts = ids_within(texts)
                pairs.append((_salted(look_alike_keys(parts), salt), keys.owners[given[places]]))
    return keys._replace(named=_all_pairs(pairs))


def _owned(owners: KeyHashes, places: IntArray, texts: pa.Array) -> KeyHashes:
    """Return *owners* with the first key of its moved cells for each row that has no other."""
    first, at = np.unique(places, return_index=True)
    owner_of_moved = np.full(len(owners), NO_KEY)
    owner_of_moved[first] = _salted(texts, _ORDER)[at]
    return np.where(owners == NO_KEY, owner_of_moved, owners)


def _keys_in_lists(lists: Any) -> tuple[IntArray, pa.Array]:
    """Return the texts of a column of lists, and for each the place of its row."""
    column = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    return np.asarray(pc.list_parent_indices(column).to_numpy(), dtype=np.int64), pc.list_flatten(column)


def _hashes(rows: Any, name: str, salt: np.uint64) -> KeyHashes:
    """Return the hashes of a column of keys; `NO_KEY` where there is none."""
    if name not in rows.schema.names or not rows.num_rows:
        return np.zeros(rows.num_rows, np.uint64)
    column = rows[name]
    given = np.asarray(column.is_valid().to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.is_valid().to_numpy())
    return np.where(given, _salted(column, salt), NO_KEY)


def _salted(texts: Any, salt: np.uint64) -> KeyHashes:
    """Return the hashes of *texts* as keys of one kind; none of them is `NO_KEY`."""
    hashes = TextCells(texts).hashes()
    return mixed(hashes, np.full(len(hashes), salt)) | np.uint64(1)


def _all_pairs(pairs: list[tuple[KeyHashes, KeyHashes]]) -> tuple[KeyHashes, KeyHashes]:
    empty = np.zeros(0, np.uint64)
    return np.concatenate([empty, *(pair[0] for pair in pairs)]), np.concatenate([empty, *(pair[1] for pair in pairs)])


class Links:
    """The owners that belong together with others: for each the smallest of its group."""

    def __init__(self, edges: tuple[KeyHashes, KeyHashes]) -> None:
        first, second = edges
        self.owners = np.unique(np.concatenate([first, second]))
        self.groups = self.owners[_least_places(len(self.owners), *(np.searchsorted(self.owners, ends) for ends in (first, second)))]

    def groups_of(self, owners: KeyHashes) -> KeyHashes:
        """Return the group of each of *owners*; an owner without a link is a group of its own."""
        if not len(self.owners):
            return owners
        places = np.minimum(np.searchsorted(self.owners, owners), len(self.owners) - 1)
        return np.where(self.owners[places] == owners, self.groups[places], owners)

    def parts_of(self, owners: KeyHashes, count: int) -> IntArray:
        """Return for each of *owners* the number of its part, of *count*; rows without any key are in the first."""
        groups = self.groups_of(owners)
        parts = (mixed(groups, np.full(len(groups), np.uint64(7))) >> np.uint64(32)) % np.uint64(count)
        return np.where(owners == NO_KEY, 0, parts.astype(np.int64))


def _least_places(size: int, first: IntArray, second: IntArray) -> IntArray:
    """Return for each of *size* places the least place that the edges from *first* to *second* connect with it."""
    least: IntArray = np.arange(size)
    while True:
        one, other = least[first], least[second]
        low = np.minimum(one, other)
        following = least.copy()
        np.minimum.at(following, one, low)
        np.minimum.at(following, other, low)
        while (following[following] != following).any():
            following = following[following]
        if (following == least).all():
            return least
        least = following


def links_of(keys: Iterable[RowKeys], folder: Path) -> Links:
    """Return the links between the owners of all rows; the pairs of keys and owners are kept in files of *folder* meanwhile."""
    files = [folder / f"named-{number:02}.bin" for number in range(SLICES)]
    direct = []
    with ExitStack() as stack:
        streams = [stack.enter_context(file.open("wb")) for file in files]
        for rows in keys:
            direct.append(rows.orders)
            named, owners = rows.named
            of_slice = (mixed(named, np.full(len(named), np.uint64(3))) >> _SLICE_SHIFT).astype(np.int64)
            order = np.argsort(of_slice, kind="stable")
            ends = np.searchsorted(of_slice[order], np.arange(SLICES + 1))
            pairs = np.stack([named[order], owners[order]], axis=1)
            for number in range(SLICES):
                pairs[ends[number] : ends[number + 1]].tofile(streams[number])
    edges = [_edges(np.fromfile(file, np.uint64).reshape(-1, 2)) for file in files]
    for file in files:
        file.unlink()
    return Links(_all_pairs([*edges, *direct]))


def _edges(pairs: NDArray[np.uint64]) -> tuple[KeyHashes, KeyHashes]:
    """Return pairs of different owners that connect all owners of each key."""
    keys = np.ascontiguousarray(pairs[:, 0])
    order = np.argsort(keys)
    keys, owners = keys[order], pairs[order, 1]
    differs = (keys[1:] == keys[:-1]) & (owners[1:] != owners[:-1])
    return owners[1:][differs], owners[:-1][differs]


def batches(table: pa.Table, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
    """Yield the rows of *table* in pieces of at most *rows*."""
    yield from table.to_batches(max_chunksize=rows)
