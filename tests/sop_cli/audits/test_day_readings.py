"""What the dates of a column show of the order of day and month, and what the audit says where they show nothing."""

from datetime import date
from pathlib import Path

import pytest

from orders.intake.mapping.reading import read_mapping
from orders.intake.reading import read_sources
from orders.intake.values.day_readings import DayReading, Order
from sop_cli.audits.assumptions import days_left_open
from tests.support.export_sets import write_exports

HEADER = "Channel Order ID\tOrder Qty\tCancelled Qty\tPosted At\tCancelled At"


def said(folder: Path, posted: list[str], cancelled: list[str], form: str = '"dd-mm-yyyy"', name: str = "a.xlsx") -> list[str]:
    """What is assumed of a file with these times: @ before a stored date of a workbook."""
    rows = "\n".join(
        [HEADER, *(f"A{number}\t1\t1\t{one}\t{other}" for number, (one, other) in enumerate(zip(posted, cancelled, strict=True)))]
    )
    how = "xlsx" if name.endswith("xlsx") else "utf-8"
    mapping = f'[[source]]\nfile = "{name}"\nprofile = "assure-cancellations"\ndates = {{ format = {form}, zone = "Asia/Kolkata" }}\n'
    write_exports(folder, {f"{name} {how}": f"--- June\n{rows}\n" if how == "xlsx" else f"{rows}\n", "mapping": mapping})
    intake = read_sources(read_mapping(folder / "audit.toml"), date(2026, 7, 15))
    assert set(intake.rows["state"].to_pylist()) <= {"used", "header"}
    (columns,) = intake.columns
    return list(days_left_open("a", columns.days))


EARLY, LATE, SAME = "04-06-2026", "14-06-2026", "06-06-2026"
STORED, STORED_LATE, STORED_SAME = "@2026-06-04", "@2026-06-14", "@2026-06-06"
BOTH_WAYS, BESIDE, STORED_EARLY = "could be read both ways", "beside texts", "are stored by a spreadsheet"


@pytest.mark.parametrize(
    ("posted", "cancelled", "expected"),
    [
        ([EARLY, EARLY], [EARLY, EARLY], [BOTH_WAYS]),
        ([EARLY, EARLY], [EARLY, LATE], []),
        ([SAME, SAME], [SAME, SAME], []),
        ([SAME, SAME], [SAME, EARLY], [BOTH_WAYS]),
        ([STORED, STORED], [STORED, STORED], [STORED_EARLY]),
        ([STORED, STORED], [STORED, STORED_LATE], []),
        ([STORED_SAME, STORED_SAME], [STORED_SAME, STORED_SAME], []),
        ([STORED, EARLY], [STORED, EARLY], [BESIDE]),
        ([STORED, LATE], [STORED, STORED], [BESIDE, STORED_EARLY]),
        ([STORED, STORED], [EARLY, EARLY], [BOTH_WAYS, STORED_EARLY]),
        ([STORED, LATE], [STORED_LATE, EARLY], []),
    ],
    ids=[
        "texts", "another-column-shows-it", "same-either-way", "one-differs", "dates", "another-column-of-dates-shows-it", "same-dates", "mixed",
        "mixed-with-a-late-text", "one-of-each", "mixed-and-shown",
    ],
)  # fmt: skip
def test_the_audit_says_where_nothing_shows_the_order_of_day_and_month(tmp_path, posted, cancelled, expected):
    sentences = said(tmp_path, posted, cancelled)

    assert [next(part for part in (BOTH_WAYS, BESIDE, STORED_EARLY) if part in sentence) for sentence in sentences] == expected


def test_the_columns_and_the_declared_form_are_named(tmp_path):
    (sentence,) = said(tmp_path, [EARLY], [EARLY], name="a.csv")

    assert sentence.startswith(
        "a: all dates of “Posted At” and “Cancelled At” could be read both ways; they are read day first, because `dd-mm-yyyy` is"
    )
    assert "read month first, because `mm-dd-yyyy`" in said(tmp_path, [EARLY], [EARLY], '"mm-dd-yyyy"', name="a.csv")[0]


@pytest.mark.parametrize(
    ("form", "text", "is_open"),
    [
        ('"yyyy-mm-dd"', "2026-06-04", False),
        ('"d-MMM-yy"', "4-Jun-26", False),
        ('"iso"', "2026-06-04T09:00:00Z", False),
        ('["dd-mm-yyyy", "d-MMM-yy"]', "4-Jun-26", False),
        ('["dd-mm-yyyy", "yyyy-mm-dd"]', "2026-06-04", False),
        ('["d-MMM-yy", "dd-mm-yyyy"]', EARLY, True),
        ('"dd/mm/yy hh:MM AM"', "04/06/26 09:00 AM", True),
        ('["dd/mm/yyyy", "dd/mm/yyyy HH:MM:SS"]', "04/06/2026 09:00:00", True),
    ],
)
def test_only_day_and_month_as_numbers_can_be_read_both_ways(tmp_path, form, text, is_open):
    assert bool(said(tmp_path, [text], [text], form, name="a.csv")) == is_open


def test_a_column_of_several_pieces_shows_what_one_of_them_shows():
    one, other = (
        DayReading("posted", "Posted At", "dd-mm-yyyy", *shown) for shown in ((Order.SHOWN, Order.NONE), (Order.OPEN, Order.SAME))
    )

    assert one.joined(other) == other.joined(one) == DayReading("posted", "Posted At", "dd-mm-yyyy", Order.SHOWN, Order.SAME)
