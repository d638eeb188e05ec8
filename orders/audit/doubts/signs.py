"""Signs of amounts: which entries have the other sign than the others of their kind and source, and so can take one of them back."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from orders.audit.tables import Kind


def contra_entries(documents: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Return which invoices and credit notes have the other sign than most of their kind in their source.

    Some sources give notes with a minus sign, others do not. If one has both equally often, its notes are those that differ from its
    invoices.
    """
    contra = np.zeros(len(documents["kind"]), dtype=bool)
    signed = documents["negative_known"] & (documents["value_paise"] > 0)
    negative = documents["negative"]
    if not (signed & negative).any():
        return contra
    for source in np.unique(documents["source"][signed]).tolist():
        of_source = signed & (documents["source"] == source)
        invoices, notes = (of_source & (documents["kind"] == kind) for kind in (Kind.INVOICE, Kind.CREDIT_NOTE))
        invoices_negative = 2 * int(negative[invoices].sum()) > int(invoices.sum())
        below, total = int(negative[notes].sum()), int(notes.sum())
        notes_negative = not invoices_negative if 2 * below == total else 2 * below > total
        contra |= (invoices & (negative != invoices_negative)) | (notes & (negative != notes_negative))
    return contra
