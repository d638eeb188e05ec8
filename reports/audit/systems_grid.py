"""The systems of an audit against each other: how many orders each pair has in common."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from reports.audit.material import AuditMaterial, records


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
    """Count the orders that the used rows of each system name."""
    systems = [source["system"] for source in records(material.sources)]
    keys: dict[str, list[pa.ChunkedArray]] = {}
    for table in (material.requests, material.documents):
        for number, system in enumerate(systems):
            named = table.filter(pc.equal(table["source"], number))["order_key"]
            keys.setdefault(system, []).append(named.drop_null())
    orders = {
        system: pc.unique(pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string()))
        for system, parts in keys.items()
    }
    orders = {system: named for system, named in orders.items() if len(named)}
    cells = tuple(
        tuple(_shared(named, other, is_same=system == name) for name, other in orders.items()) for system, named in orders.items()
    )
    return SystemsGrid(tuple(orders), cells)


def _shared(named: pa.Array, other: pa.Array, *, is_same: bool) -> tuple[int, int]:
    both = len(named) if is_same else int(pc.sum(pc.is_in(named, other)).as_py() or 0)
    return both, len(named) - both
