"""The tables of an audit as CSV: in columns, with no cell that a spreadsheet takes for a formula and no number that it damages."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from orders.row_places import RowPlaces
from reports.audit.figures import CANCELLED_FILE, RSI_FILE
from reports.audit.material import AuditMaterial
from reports.audit.sheets import source_names
from sop_engine.text import UNWRITABLE, spreadsheet_cell

BATCH: Final = 65_536
"""Rows that are converted at a time."""
BOM: Final = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for the code page of the machine."""
_PLAIN: Final = r"^[A-Za-z\x{C0}-\x{24F}][^\x{00}-\x{1F}\x{7F}-\x{9F}\x{FFFE}\x{FFFF}]*$"
"""Texts that need no look at each of them."""
_MONTH: Final = r"(?i)^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ./-]?\d"
_DAMAGED: Final = re.compile(rf"^\s*(?:0\d|\d{{16,}}|\d[\d.,]*[eE][+-]?\d+$|\d+[-/.:]\d|\d+[ -]?[A-Za-z]{{3}})|{_MONTH[4:]}", re.IGNORECASE)
"""Numbers of orders and documents that a spreadsheet changes: zeros in front, more than 15 digits, exponents, dates."""


def write_csv_files(folder: Path, material: AuditMaterial) -> None:
    """Write the tables of `CSV_FILES` into *folder*; the same tables give the same bytes.

    Raises:
        OSError: a file cannot be written.
    """
    names = source_names(material)
    for name, (table_name, cells_of) in CSV_FILES.items():
        table: pa.Table = getattr(material, table_name)
        empty = pa.RecordBatch.from_pylist([], table.schema)
        with (folder / name).open("wb") as stream:
            stream.write(BOM + (",".join(cells_of(empty, names).column_names) + "\n").encode())
            for batch in table.to_batches(max_chunksize=BATCH):
                csv.write_csv(cells_of(batch, names), stream, csv.WriteOptions(include_header=False))


def _finding_cells(findings: pa.RecordBatch, names: RowPlaces) -> pa.Table:
    return pa.table({
        "order": _id_cells(findings["order_text"]),
        "rule": findings["rule"],
        "strength": findings["strength"],
        "cannot_tell": findings["cannot_tell"],
        "document": _id_cells(findings["document"]),
        "since": findings["since"],
        "seen": _text_cells(findings["text"]),
        "what_to_do": _text_cells(findings["remedy"]),
        "clauses": _joined_ids(findings["clauses"]),
        "gaps": _joined_ids(findings["gaps"]),
        "basis": findings["basis"],
        "seen_in": _seen(findings["seen"], names),
    })  # fmt: skip


def _duties(duties: pa.RecordBatch, names: RowPlaces) -> pa.Table:
    plain = ("days", "since", "cancelled_on", "reminder_on", "overdue_on")
    return pa.table({
        "order": _id_cells(duties["order_text"]),
        "task": duties["task"],
        "modality": duties["modality"],
        "status": duties["status"],
        "urgency": duties["urgency"],
        "invoice": _id_cells(duties["invoice"]),
        "value": _amounts(duties["value_paise"]),
        "not_yet_credited": _amounts(duties["rest_paise"]),
        **{name: duties[name] for name in plain},
        "done_by": _id_cells(duties["done_by"]),
        "done_on": duties["done_on"],
        "clauses": _joined_ids(duties["clauses"]),
        "gaps": _joined_ids(duties["gaps"]),
        "remark": _text_cells(duties["remark"]),
        "seen_in": _seen(duties["seen"], names),
    })  # fmt: skip


def _row_cells(rows: pa.RecordBatch, names: RowPlaces) -> pa.Table:
    """Return a line for each row, and for each further reason of a row set aside."""
    counts = np.maximum(np.asarray(pc.fill_null(pc.list_value_length(rows["reasons"]), 0)), 0)
    flat = pc.list_flatten(rows["reasons"])
    places = np.repeat(np.arange(len(counts)), np.maximum(counts, 1))
    which = pa.array(np.cumsum(counts[places] > 0) - 1, pa.int64(), mask=counts[places] == 0)
    rows, flat = rows.take(pa.array(places)), flat.take(which)
    files, numbers = names.columns(rows["source"], rows["row"])
    why = {name: pc.struct_field(flat, name) for name in ("id", "letter", "column", "text", "message", "remedy", "gap")}
    return pa.table({
        "file": _text_cells(files),
        "row": numbers,
        "state": rows["state"].cast(pa.string()),
        "order": _id_cells(rows["order_text"]),
        "reason": why["id"],
        "letter": why["letter"],
        "column": _text_cells(why["column"]),
        "cell": _id_cells(why["text"]),
        "what_is_wrong": _text_cells(why["message"]),
        "what_to_do": _text_cells(why["remedy"]),
        "gap": why["gap"],
    })  # fmt: skip


def _cancelled_cells(orders: pa.RecordBatch, names: RowPlaces) -> pa.Table:
    plain = ("posted_on", "cancelled_on", "canceller", "stage", "e_invoice", "units")
    return pa.table({
        "order": _id_cells(orders["order_text"]),
        **{name: orders[name] for name in plain},
        "invoices": _id_cells(orders["invoices"]),
        "left_out": orders["left_out"],
        **_place_cells(orders, names),
    })  # fmt: skip


def _returned_cells(units: pa.RecordBatch, names: RowPlaces) -> pa.Table:
    return pa.table({
        "order": _id_cells(units["order_text"]),
        "unit": _id_cells(units["unit"]),
        **{name: units[name] for name in ("units", "quality_check", "received_on")},
        "invoices": _id_cells(units["invoices"]),
        "left_out": units["left_out"],
        **_place_cells(units, names),
    })  # fmt: skip


def _place_cells(rows: pa.RecordBatch, names: RowPlaces) -> dict[str, pa.Array]:
    files, numbers = names.columns(rows["source"], rows["row"])
    return {"file": _text_cells(files), "row": numbers}


CSV_FILES: Final[Mapping[str, tuple[str, Callable[[pa.RecordBatch, RowPlaces], pa.Table]]]] = {
    "findings.csv": ("findings", _finding_cells),
    "duties.csv": ("duties", _duties),
    "rows.csv": ("rows", _row_cells),
    CANCELLED_FILE: ("cancelled_after_posting", _cancelled_cells),
    RSI_FILE: ("returned_units", _returned_cells),
}
"""The files, the table of `AuditMaterial` in each, and its columns."""


def _text_cells(column: pa.Array) -> pa.Array:
    """Return texts as cells that no spreadsheet takes for a formula."""
    return _changed(column, lambda text: spreadsheet_cell(UNWRITABLE.sub("\ufffd", text)))


def _id_cells(column: pa.Array) -> pa.Array:
    """Return numbers of orders and documents as cells; one that a spreadsheet would change has an apostrophe before it."""
    return _changed(column, lambda text: id_cell(UNWRITABLE.sub("\ufffd", text)), months=True)


def id_cell(text: str) -> str:
    """Return *text* with an apostrophe before it if a spreadsheet would take it for a formula, or change it as a number or date."""
    return f"'{text}" if _DAMAGED.search(text) else spreadsheet_cell(text)


def _changed(column: pa.Array, change: Callable[[str], str], *, months: bool = False) -> pa.Array:
    """Apply *change* to each text that does not begin with a letter or has a character that cannot be written."""
    column = column.cast(pa.string())
    plain = pc.match_substring_regex(column, _PLAIN)
    if months:
        plain = pc.and_(plain, pc.invert(pc.match_substring_regex(column, _MONTH)))
    if pc.all(pc.fill_null(plain, fill_value=True)).as_py():
        return column
    words = column.dictionary_encode()
    return pa.array([change(word) for word in words.dictionary.to_pylist()], pa.string()).take(words.indices)


def _joined_ids(column: pa.Array) -> pa.Array:
    return pc.binary_join(column, " ")


def _amounts(paise: pa.Array) -> pa.Array:
    """Return amounts in rupees, with two decimal places."""
    return pc.multiply(pc.cast(paise, pa.decimal128(19, 0)), pa.scalar(Decimal("0.01"), pa.decimal128(3, 2)))


def _seen(column: pa.Array, names: RowPlaces) -> pa.Array:
    """Return the places in which something was seen: ``orders.csv row 3``, separated by semicolons."""
    flat = pc.list_flatten(column)
    files, rows = names.columns(pc.struct_field(flat, "source"), pc.struct_field(flat, "row"))
    words = pc.binary_join_element_wise(files, rows.cast(pa.string()), " row ")
    return _text_cells(pc.binary_join(pa.ListArray.from_arrays(_offsets(column), words), "; "))


def _offsets(lists: pa.ListArray) -> pa.Array:
    lengths = pc.fill_null(pc.list_value_length(lists), 0).cast(pa.int32())
    return pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
