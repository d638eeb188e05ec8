"""The two reports of the VMS on the page of an audit."""

from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from orders.row_places import RowPlaces
from reports.audit.material import AuditMaterial, records
from reports.audit.page.views import VmsList
from reports.audit.wording import day_text
from sop_engine.text import counted

SHOWN: Final = 300
"""Orders left out that are on the page; the CSV file has all of them."""


def vms_lists(material: AuditMaterial, names: RowPlaces) -> tuple[VmsList, ...]:
    """Return the lists that have an entry, or an order of which this is not known."""
    cancelled, returned = material.cancelled_after_posting, material.returned_units
    lists = (
        _list(cancelled, names, ("order cancelled in full after posting", "orders cancelled in full after posting"), "cancelled-after-posting.csv",
              days_text(material.vms_days)),
        _list(returned, names, ("returned unit, or row of some, with its quality check", "returned units, or rows of some, with their quality check"), "rsi.csv"),
    )  # fmt: skip
    return tuple(of_report for of_report, table in zip(lists, (cancelled, returned), strict=True) if table.num_rows)


def days_text(days: tuple[date, date] | None) -> str:
    """Return the chosen days of cancellation in words; an empty text for all."""
    return "" if days is None else f"cancelled from {day_text(days[0])} to {day_text(days[1])}"


def _list(table: pa.Table, names: RowPlaces, nouns: tuple[str, str], file: str, days: str = "") -> VmsList:
    left_out = table.filter(pc.is_valid(table["left_out"]))
    count = table.num_rows - left_out.num_rows
    shown = tuple(
        (entry["order_text"], entry["left_out"], names.text(entry["source"], entry["row"])) for entry in records(left_out.slice(0, SHOWN))
    )
    return VmsList(counted(count, *nouns), count, days, file, shown, left_out.num_rows - len(shown))
