"""Total rows below a column of debits and one of credits: each states its column, or what is left when both are added up."""

import pytest

from tests.support.intake import TALLY, lines, read

HEADER = "Date,Particulars,Voucher Type,Voucher No.,Order No,Debit,Credit"
ROWS = (
    '4-Jun-26,Ajio B2B,Sales,INV-1,A1,"1,400.00",',
    "4-Jun-26,Ajio B2B,Sales,INV-2,A2,700.00,",
    "5-Jun-26,Ajio B2B,Credit Note,CN-1,A2,,500.00",
    "no date,Ajio B2B,Credit Note,CN-2,A2,,100.00",
)


def compared(folder, *totals):
    (source,) = read(folder, lines(*ROWS, *totals, header=HEADER), TALLY).sources.to_pylist()
    return [(total["letter"], total["said"], total["used"], total["set_aside"]) for total in source["totals"]]


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ('Grand Total,,,,,"2,100.00",', [("F", 210_000, 210_000, 0)]),
        ("Grand Total,,,,,,600.00", [("G", 60_000, 50_000, 10_000)]),
        ('Grand Total,,,,,"2,100.00",600.00', [("F", 210_000, 210_000, 0), ("G", 60_000, 50_000, 10_000)]),
        ('Grand Total,,,,,"1,500.00",', [("F", 150_000, 160_000, -10_000)]),
        ('Grand Total,,,,,"2,000.00",', [("F", 200_000, 210_000, 0)]),
        ("Grand Total,,,,,,700.00", [("G", 70_000, 50_000, 10_000)]),
        ("Grand Total,,,,,,", []),
    ],
    ids=["debits", "credits", "both", "net", "debits cut off", "credits cut off", "nothing"],
)
def test_a_total_is_compared_with_its_column_or_with_what_is_left(tmp_path, total, expected):
    assert compared(tmp_path, total) == expected


def test_what_is_left_of_more_credits_stands_in_their_column(tmp_path):
    rows = ("4-Jun-26,Ajio B2B,Credit Note,CN-1,A2,,900.00", "4-Jun-26,Ajio B2B,Sales,INV-2,A2,700.00,", "Grand Total,,,,,,200.00")
    (source,) = read(tmp_path, lines(*rows, header=HEADER), TALLY).sources.to_pylist()

    assert [(total["letter"], total["said"], total["used"]) for total in source["totals"]] == [("G", 20_000, 20_000)]
