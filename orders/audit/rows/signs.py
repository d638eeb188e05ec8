"""Signs of amounts: which entries have the other sign than the others of their kind and source, and so can take one of them back."""

import numpy as np

from orders.audit.rows.columns import Columns, Flags
from orders.audit.tables import Kind
from orders.run_facts import Signs


def contra_entries(documents: Columns, signs: Signs) -> Flags:
    """Return which invoices and credit notes have the other sign than most of their kind in their source.

    Some sources give notes with a minus sign, others do not. If one has both equally often, its notes are those that differ from its
    invoices. *signs* are those of all documents of the run.
    """
    contra = np.zeros(len(documents["kind"]), dtype=bool)
    if not any(below for below, _ in signs.values()):
        return contra
    signed = documents["negative_known"] & (documents["value_paise"] > 0)
    negative = documents["negative"]
    for source in np.unique(documents["source"][signed]).tolist():
        of_source = signed & (documents["source"] == source)
        invoices, notes = (of_source & (documents["kind"] == kind) for kind in (Kind.INVOICE, Kind.CREDIT_NOTE))
        below, total = signs.get((source, Kind.INVOICE), (0, 0))
        invoices_negative = 2 * below > total
        below, total = signs.get((source, Kind.CREDIT_NOTE), (0, 0))
        notes_negative = not invoices_negative if 2 * below == total else 2 * below > total
        contra |= (invoices & (negative != invoices_negative)) | (notes & (negative != notes_negative))
    return contra
