"""Columns of an audit: texts and places by number, columns of nulls, and documents of one row."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from orders.audit.audit import audit
from orders.audit.rows.columns import ABSENT
from orders.audit.rows.later import without_later
from orders.audit.rows.numbering import Grouped, Texts
from orders.audit.tables import NULLS, Kind, nulls
from tests.support.audit_tables import ajio, assure, daybook, joined


def test_a_text_is_read_by_its_number_also_in_a_part_of_a_column() -> None:
    texts = Texts(pa.array(["x", "", "ü₹", "abc", "y"]).slice(1, 3))

    assert [texts[number] for number in range(len(texts))] == ["", "ü₹", "abc"]
    for number in (-1, 5):
        with pytest.raises(IndexError):
            texts[number]
    assert len(Texts(pa.array([], pa.string()))) == 0


def test_rows_are_found_by_their_number_in_their_order() -> None:
    numbers = np.array([2, 0, ABSENT, 2, 0, 4], dtype=np.int64)
    rows = Grouped(numbers, 5)

    assert [rows.of(number) for number in (ABSENT, 0, 1, 2, 3, 4)] == [[], [1, 4], [], [0, 3], [], [5]]
    assert Grouped(numbers, 5, np.arange(10, 16)).of(2) == [10, 13]


@pytest.mark.parametrize("count", [0, 1, NULLS, NULLS + 1, 3 * NULLS])
def test_a_column_of_nulls_has_one_chunk_of_memory(count: int) -> None:
    before = pa.total_allocated_bytes()
    column = nulls(count, pa.string())

    assert (len(column), column.null_count, column.type) == (count, count, pa.string())
    assert pa.total_allocated_bytes() - before <= NULLS * 5


def test_the_document_of_one_row_is_what_its_rows_together_say() -> None:
    context = audit(joined(assure(), ajio(), daybook()), date(2026, 7, 15)).context
    documents, ledger = context.evidence.documents, context.ledger
    places = np.flatnonzero(np.isin(documents["kind"], [Kind.INVOICE, Kind.CREDIT_NOTE])).tolist()

    assert len(places) > 5
    for place in places:
        assert ledger.rows._document_of_row(place) == ledger.rows.document([place], ambiguous=False)


def test_tables_without_later_rows_are_not_copied() -> None:
    tables = joined(assure(), daybook())

    assert without_later(tables, date(2026, 12, 31)).documents is tables.documents
    assert without_later(tables, date(2026, 6, 4)).documents.num_rows < tables.documents.num_rows
