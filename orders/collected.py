"""Rows of a report, and the orders for which it has none: in real data one bad order must not cost the report."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An order without its row, and the reason with its remedy."""

    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Collected(Generic[Row]):
    """The rows of a report, and what is left out of it."""

    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
