"""The table of the orders of a log: ids, customer, units and documents of each number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from orders.log.arrays import IntArray, texts


class OrderRow(NamedTuple):
    """A row of the table; an empty text for an unknown value."""

    order: int
    order_id: str
    customer_id: str = ""
    customer: str = ""
    address: str = ""
    units: int = 0
    invoicing: str = ""
    seller_gstin: str = ""
    purchase_order: str = ""
    invoice_number: str = ""
    credit_note_number: str = ""


ORDER_COLUMNS = OrderRow._fields
ORDER_NUMBERS = ("order", "units")
"""The columns of numbers; the others are texts."""


@dataclass(frozen=True, slots=True, eq=False)
class OrdersTable:
    """Columns with a row for each order, by ascending number.

    Attributes:
        columns: whole numbers, or texts.
    """

    columns: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.columns["order"])

    @classmethod
    def from_rows(cls, rows: Sequence[OrderRow]) -> "OrdersTable":
        """Build the table from *rows* in any order."""
        cells = zip(*sorted(rows), strict=True) if rows else [()] * len(ORDER_COLUMNS)
        return cls(
            {
                name: np.array(column, dtype=np.int64) if name in ORDER_NUMBERS else texts(column)
                for name, column in zip(ORDER_COLUMNS, cells, strict=True)
            }
        )

    def rows(self) -> Iterator[OrderRow]:
        """Return the rows, by number."""
        return map(OrderRow._make, zip(*(self.columns[name].tolist() for name in ORDER_COLUMNS), strict=True))

    def of(self, numbers: IntArray) -> "OrdersTable":
        """Return the rows of the orders with *numbers*.

        Raises:
            ValueError: an order is not in the table.
        """
        places = np.searchsorted(self.columns["order"], numbers)
        numbers_in_table = self.columns["order"][np.minimum(places, max(len(self) - 1, 0))] if len(self) else np.full(len(numbers), -1)
        if (numbers_in_table != numbers).any():
            message = f"order {numbers[numbers_in_table != numbers][0]} of the log is not in the table of orders"
            raise ValueError(message)
        return OrdersTable({name: column[places] for name, column in self.columns.items()})
