"""A row whose cells have moved to other columns still names its order and its documents."""

import pytest

from orders.audit.audit import audit
from orders.audit.tables import Tables
from orders.intake.mapping.reading import read_mapping
from orders.intake.reading import read_sources
from tests.support.audit_files import DUE
from tests.support.intake import DAY_BOOK, lines

INVOICE = "4-Jun-26,Ajio B2B,Sales,INV-003,,FN0003,700.00"
MAPPING = """[audit]
invoicing = "ERP"
as_of = 2026-07-15
[[source]]
file = "orders.csv"
profile = "assure-cancellations"
complete = { from = 2026-04-01, to = 2026-07-15, of = "cancellations" }
[[source]]
file = "daybook.csv"
profile = "tally-daybook"
complete = { from = 2026-04-01, to = 2026-07-15, of = "documents" }
"""


def intake(folder, *documents, requests=DUE):
    """An order whose credit note is due, and a day book with its e-invoice and *documents*."""
    (folder / "orders.csv").write_text(requests, encoding="utf-8")
    (folder / "daybook.csv").write_text(lines(INVOICE, *documents, header=DAY_BOOK), encoding="utf-8")
    (folder / "audit.toml").write_text(MAPPING, encoding="utf-8")
    return read_sources(read_mapping(folder / "audit.toml"))


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("21-Jun-26,Ajio, B2B,Credit Note,CN-1,INV-003,FN0003,-700.00", "uncertain"),
        ("21-Jun-26,Credit Note,CN-1,INV-003,FN0003,-700.00", "uncertain"),
        ("Ajio B2B,Credit Note,CN-1,INV-003,-700.00", "uncertain"),
        ('21-Jun-26,"Ajio,Credit Note,CN-1,INV-003,FN0003,-700.00', "uncertain"),
        ('21-Jun-26,Ajio B2B,Credit Note,CN-1,"INV-002, INV-003",FN0002,-700.00', "uncertain"),
        ("21-Jun-26,Ajio, B2B,Credit Note,CN-1,INV-004,FN0004,-700.00", "open"),
        ("21-Jun-26,Ajio, B2B,Credit Note,CN-1,INV-0031,FN00031,-700.00", "open"),
        ("21-Jun-31,Ajio FN0003,Credit Note,CN-1,INV-004,FN0004,-700.00", "open"),
    ],
    ids=["one-more", "one-less", "two-less", "quote", "two-in-one-cell", "another-order", "longer", "not-moved"],
)
def test_a_note_in_moved_cells_may_credit_what_it_names(tmp_path, row, status):
    read = intake(tmp_path, row)
    result = audit(Tables(read.rows, read.requests, read.documents, read.sources), None)

    assert [duty["status"] for duty in result.duties.to_pylist()] == [status]


def test_of_moved_cells_only_what_is_known_gets_on(tmp_path):
    read = intake(tmp_path, "21-Jun-26,Asha, Rao,Credit Note,CN-1,INV-003,fn0003,-700.00")

    assert [row["named"] for row in read.rows.to_pylist() if row["state"] == "set aside"] == [["FN0003", "INV-003"]]
    assert "ASHA" not in str(read.rows.to_pylist()).upper()
