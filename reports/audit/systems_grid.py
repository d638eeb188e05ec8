"""The systems of an audit against each other: how many orders each pair has in common."""

from dataclasses import dataclass

import numpy as np

from orders.audit.columns import Flags
from reports.audit.material import AuditMaterial, records
from reports.audit.work import numbered_orders


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
    names = [source["system"] for source in records(material.sources)]
    numbers, size = numbered_orders(material.requests, material.documents)
    orders: dict[str, Flags] = {}
    for system in dict.fromkeys(names):
        of_system = np.isin(np.arange(len(names)), [number for number, name in enumerate(names) if name == system])
        named = np.zeros(size + 1, bool)
        for table, codes in zip((material.requests, material.documents), numbers, strict=True):
            named[codes[of_system[table["source"].to_numpy()]]] = True
        if named[:size].any():
            orders[system] = named[:size]
    cells = tuple(tuple(_shared(named, other) for other in orders.values()) for named in orders.values())
    return SystemsGrid(tuple(orders), cells)


def _shared(named: Flags, other: Flags) -> tuple[int, int]:
    both = int(np.count_nonzero(named & other))
    return both, int(np.count_nonzero(named)) - both
