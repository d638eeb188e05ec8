"""The systems of an audit against each other: how many orders each pair has in common."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.intake.values.text_columns import TextCells
from reports.audit.material import AuditMaterial, records

OrderHashes = NDArray[np.uint64]
ROWS_AT_A_TIME = 65_536


@dataclass(frozen=True, slots=True)
class SystemsGrid:
    """Numbers of orders.

    Attributes:
        systems: those that name orders, as rows and as columns.
        cells: for each row and column how many orders are in both, and how many only in the row's; on the diagonal all of the row's.
    """

    systems: tuple[str, ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]


def grid_of(material: AuditMaterial) -> SystemsGrid:
    """Count the orders that the used rows of each system name; a key is taken as its hash of 64 bits, so that millions need little memory."""
    systems = [source["system"] for source in records(material.sources)]
    keys: dict[str, list[OrderHashes]] = {system: [] for system in systems}
    for table in (material.requests, material.documents):
        for rows in table.select(["source", "order_key"]).to_batches(max_chunksize=ROWS_AT_A_TIME):
            for number in filter(lambda number: number < len(systems), rows["source"].unique().to_pylist()):
                named = rows["order_key"].filter(pc.equal(rows["source"], number)).drop_null()
                keys[systems[number]].append(np.unique(TextCells(named).hashes()))
    orders = {system: np.unique(np.concatenate(parts)) for system, parts in keys.items() if sum(map(len, parts))}
    cells = tuple(
        tuple(_shared(named, other, is_same=system == name) for name, other in orders.items()) for system, named in orders.items()
    )
    return SystemsGrid(tuple(orders), cells)


def _shared(named: OrderHashes, other: OrderHashes, *, is_same: bool) -> tuple[int, int]:
    both = len(named) if is_same else len(np.intersect1d(named, other, assume_unique=True))
    return both, len(named) - both
