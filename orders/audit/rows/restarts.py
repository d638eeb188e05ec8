"""Numbers of e-invoices that begin again with each financial year: one number, and an invoice of each year for an order of its own.

They are kept apart only where every row that names the number says of which year it is, by its day or by its order. Otherwise the
number stays one, and which order its e-invoice belongs to is a question.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from orders.audit.rows.columns import ABSENT, NEVER, Columns
from orders.audit.rows.days import day_at
from orders.audit.rows.locations import with_different
from orders.audit.tables import Kind
from orders.duties import financial_year

YEAR_MARK: Final = "\x1f"
"""Stands in a key between a number and its year; what follows is not shown."""


def split_by_year(requests: Columns, documents: Columns, others: tuple[Columns, ...], size: int) -> list[tuple[int, int]]:
    """Give each financial year its own number of an e-invoice, where the years of a number are certain; change the columns.

    Args:
        requests, documents: the columns `invoice`, `number`, `original` and `order` with the numbers, and the times.
        others: columns `number` and perhaps `original` of rows that do not count: a number that they name stays as it is.
        size: how many numbers there are; new ones begin there.

    Returns:
        The number from which each new one comes, and the year in which its financial year ends, in the order of the new numbers.
    """
    of_invoice = (documents["kind"] == Kind.INVOICE) & (documents["number"] != ABSENT) & (documents["order"] != ABSENT)
    of_request = requests["invoice"] != ABSENT
    numbers = np.concatenate([requests["invoice"][of_request], documents["number"][of_invoice]])
    orders = np.concatenate([requests["order"][of_request], documents["order"][of_invoice]])
    shared = with_different(numbers, orders, size)
    for columns in others:
        for name in ("number", "original"):
            if name in columns:
                shared[columns[name][columns[name] != ABSENT]] = False
    made: list[tuple[int, int]] = []
    for number in np.flatnonzero(shared).tolist():
        years = _years(requests, documents, number)
        if years is None:
            continue
        for year in sorted(set(years.values()))[1:]:
            of_year = [order for order, other in years.items() if other == year]
            _renumber(requests, documents, number, of_year, size + len(made))
            made.append((number, year))
    return made


def _years(requests: Columns, documents: Columns, number: int) -> dict[int, int] | None:
    """Return the financial year of the e-invoice *number* of each order; None if a year is not certain, or all are the same."""
    years_of: dict[int, set[int]] = defaultdict(set)
    for order, start in _dated(requests, documents, number):
        if start != NEVER:
            years_of[order].add(financial_year(day_at(start)))
        else:
            years_of[order] |= set()
    years = {order: next(iter(of_order)) for order, of_order in years_of.items() if len(of_order) == 1}
    if len(years) < len(years_of) or ABSENT in years_of or len(set(years.values())) == 1:
        return None
    naming = (documents["original"] == number) | ((documents["number"] == number) & (documents["kind"] != Kind.INVOICE))
    return years if set(documents["order"][naming].tolist()) <= set(years) else None


def _dated(requests: Columns, documents: Columns, number: int) -> Iterator[tuple[int, int]]:
    """Yield the order and the day of each row of the e-invoice *number*."""
    rows = requests["invoice"] == number
    yield from zip(requests["order"][rows].tolist(), requests["invoiced_start"][rows].tolist(), strict=True)
    places = (documents["number"] == number) & (documents["kind"] == Kind.INVOICE)
    yield from zip(documents["order"][places].tolist(), documents["dated_start"][places].tolist(), strict=True)


def _renumber(requests: Columns, documents: Columns, number: int, orders: list[int], new: int) -> None:
    for columns, name in ((requests, "invoice"), (documents, "number"), (documents, "original")):
        columns[name] = np.array(columns[name])
    requests["invoice"][(requests["invoice"] == number) & np.isin(requests["order"], orders)] = new
    of_orders = np.isin(documents["order"], orders)
    documents["number"][(documents["number"] == number) & (documents["kind"] == Kind.INVOICE) & of_orders] = new
    documents["original"][(documents["original"] == number) & of_orders] = new
