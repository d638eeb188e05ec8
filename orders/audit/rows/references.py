"""Originals of credit notes that name several invoices, or may name one; `orders.intake` has read them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orders.audit.rows.columns import ABSENT, Columns
from orders.audit.rows.numbering import Names, numbers_in


@dataclass(frozen=True, slots=True)
class Reference:
    """The invoices that an original which is none itself names, and whether it certainly names all of them and nothing else."""

    numbers: tuple[int, ...]
    is_certain: bool


def references_of(documents: pa.Table, columns: Columns, names: Names) -> dict[int, Reference]:
    """Return what the originals that name several invoices name, by their number; an invoice that is no longer there makes it uncertain."""
    if "originals" not in documents.column_names or documents["originals"].null_count == documents.num_rows:
        return {}
    references: dict[int, Reference] = {}
    places = np.flatnonzero(documents["originals"].is_valid().to_numpy())
    given = documents.select(["originals", "originals_certain"]).take(pa.array(places))
    for original, keys, is_certain in zip(
        columns["original"][places].tolist(), *(column.to_pylist() for column in given.columns), strict=True
    ):
        if original not in references:
            numbers = numbers_in(pa.array(keys, pa.string()), names).tolist()
            there = tuple(number for number in numbers if number != ABSENT)
            references[original] = Reference(there, bool(is_certain) and len(there) == len(numbers))
    return references
