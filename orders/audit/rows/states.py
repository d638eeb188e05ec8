"""States of documents that a file leaves open: it has a column for them, and the cell is empty or says that the state is unknown.

A file without such a column says nothing of states: its notes count as made, and as far as it shows no IRN was cancelled. In a file
with one, an empty cell is no answer: a note can be a draft. A document without an IRN has none that can be cancelled; GSTR-1 leaves both
cells of such a row empty (GSTN advisory of 3 March 2022).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from orders.audit.rows.columns import Columns, Flags, is_given


def add_open_states(documents: Columns, table: pa.Table, sources: Sequence[Mapping[str, Any]]) -> None:
    """Add to *documents*, the columns of *table*, the columns `made_open` and `irn_open`.

    They are whether it is open that the document was made, as draft and void ones are not, and that its IRN was cancelled.
    """
    irn_given = is_given(table, "irn") | ~_has("irn", documents, sources)
    documents["made_open"] = _has("counts", documents, sources) & ~is_given(table, "counts")
    documents["irn_open"] = _has("irn_cancelled", documents, sources) & irn_given & ~documents["irn_cancelled_known"]


def _has(name: str, documents: Columns, sources: Sequence[Mapping[str, Any]]) -> Flags:
    """Return for each document whether its source has the column *name*."""
    having = np.array([name in source["has"] for source in sources], dtype=bool)
    return having[documents["source"]] if len(documents["source"]) else np.zeros(0, dtype=bool)
