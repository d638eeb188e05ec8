"""What a rule has to know of all rows of a run, also where it sees only a part of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

INVOICE: Final = "invoice"
"""The kind of an e-invoice, as in `orders.audit.tables.Kind`."""
INVOICE_SYSTEMS: Final = ("client's ERP", "IRP")
"""The systems whose sources list e-invoices, as in `orders.audit.tables.System`."""
MOST_UNNAMED: Final = 1_000
"""Invoices without an order that are kept, those of the latest days."""
MOST_ROWS_COMPARED: Final = 1_000_000
"""Invoices without an order whose numbers are compared with those that orders name; of more none is taken for one of them."""
ALWAYS: Final = (1 << 63) - 1
"""The end of the day of an invoice without one."""

Signs = Mapping[tuple[int, str], tuple[int, int]]
"""For a source and a kind of document: how many of its documents with a value are negative, and how many there are."""


@dataclass(frozen=True)
class RunFacts:
    """Facts of a run that are not of one order.

    Attributes:
        requesting: sources that have a row in `REQUESTS`.
        naming_outside: sources of which a row says that the SOP does not apply to its order.
        of_kind: for each kind of document the sources that have one.
        valued: sources of which a document has a value.
        signs: signs of the values of each source.
        unnamed: invoices in force that no row connects with an order, and rows set aside that can be one: end of their day in milliseconds,
            source, and row; the latest first, and only so many.
    """

    requesting: frozenset[int] = frozenset()
    naming_outside: frozenset[int] = frozenset()
    of_kind: Mapping[str, frozenset[int]] | None = None
    valued: frozenset[int] = frozenset()
    signs: Signs = field(default_factory=dict)
    unnamed: tuple[tuple[int, int, int], ...] = ()

    def kinds(self, kind: str) -> frozenset[int]:
        """Return the sources that have a document of *kind*."""
        return (self.of_kind or {}).get(kind, frozenset())


def run_facts(requests: pa.Table, documents: pa.Table, aside: pa.Table, sources: pa.Table) -> RunFacts:
    """Return the facts of the rows of *requests* and *documents*, without those after the day of the audit, and of rows set *aside*."""
    of_kind: dict[str, frozenset[int]] = {}
    if documents.num_rows:
        pairs = pa.table({"kind": documents["kind"].cast(pa.string()), "source": documents["source"]}).group_by(["kind", "source"])
        for pair in pairs.aggregate([]).to_pylist():
            of_kind[pair["kind"]] = of_kind.get(pair["kind"], frozenset()) | {pair["source"]}
    return RunFacts(
        requesting=_sources_of(requests),
        naming_outside=_sources_with(requests, "outside"),
        of_kind=of_kind,
        valued=_sources_with(documents, "value_paise"),
        signs=_signs_of(documents),
        unnamed=_unnamed(requests, documents, _perhaps_invoices(aside, sources)),
    )


def _sources_of(table: pa.Table) -> frozenset[int]:
    return frozenset(table["source"].unique().to_pylist()) if table.num_rows else frozenset()


def _sources_with(table: pa.Table, name: str) -> frozenset[int]:
    """Return the sources of the rows of *table* that have a value in the column *name*."""
    if name not in table.column_names or table[name].null_count == table.num_rows:
        return frozenset()
    return _sources_of(table.select(["source"]).filter(pc.is_valid(table[name])))


def _signs_of(documents: pa.Table) -> Signs:
    if not {"negative", "value_paise"} <= {*documents.column_names} or documents["negative"].null_count == documents.num_rows:
        return {}
    given = documents.filter(pc.and_kleene(pc.is_valid(documents["negative"]), pc.greater(documents["value_paise"], 0)))
    table = pa.table({"source": given["source"], "kind": given["kind"].cast(pa.string()), "negative": given["negative"].cast(pa.int64())})
    counts = table.group_by(["source", "kind"]).aggregate([("negative", "sum"), ("negative", "count")]).to_pylist()
    return {(count["source"], count["kind"]): (count["negative_sum"], count["negative_count"]) for count in counts}


def _perhaps_invoices(aside: pa.Table, sources: pa.Table) -> pa.Table:
    """Return those of the rows set *aside* that have a number of their own, and name neither an order nor another document."""
    listing = [source["source"] for source in sources.select(["source", "system", "has"]).to_pylist() if _lists_invoices(source)]
    columns = [
        aside[name] if name in aside.column_names else pa.nulls(aside.num_rows) for name in ("order_key", "number_key", "original_key")
    ]
    wanted = pc.is_in(aside["source"], value_set=pa.array(listing, aside["source"].type))
    order, number, original = (pc.is_valid(column) for column in columns)
    wanted = pc.and_(pc.and_(wanted, number), pc.invert(pc.or_(order, original)))
    return aside.select(["source", "row"]).append_column("number_key", columns[1]).filter(wanted)


def _lists_invoices(source: Mapping[str, Any]) -> bool:
    return source["system"] in INVOICE_SYSTEMS and "kind" in source["has"]


def _unnamed(requests: pa.Table, documents: pa.Table, aside: pa.Table) -> tuple[tuple[int, int, int], ...]:
    """Return the invoices in force that name no order, and whose number no request and no invoice with an order has; *aside* can be some."""
    names = documents.column_names
    if not aside.num_rows and (not documents.num_rows or ("order_key" in names and not documents["order_key"].null_count)):
        return ()
    invoices = documents.filter(pc.equal(documents["kind"].cast(pa.string()), INVOICE))
    in_force = pa.chunked_array([np.ones(invoices.num_rows, bool)])
    if "counts" in names:
        in_force = pc.fill_null(invoices["counts"], True)  # noqa: FBT003 (a value)
    if "cancelled" in names:
        in_force = pc.and_(in_force, pc.invert(pc.fill_null(invoices["cancelled"], False)))  # noqa: FBT003 (a value)
    without = pc.is_null(invoices["order_key"]) if "order_key" in names else pa.chunked_array([np.ones(invoices.num_rows, bool)])
    rows = invoices.filter(pc.and_(without, in_force))
    ends = pc.fill_null(rows["dated_end"], ALWAYS) if "dated_end" in names else pa.chunked_array([np.full(rows.num_rows, ALWAYS)])
    numbers = rows["number_key"].cast(pa.string()) if "number_key" in names else pa.chunked_array([pa.nulls(rows.num_rows, pa.string())])
    table = pa.concat_tables(
        pa.table(
            {
                "end": pc.negate(end.cast(pa.int64())),
                "source": of["source"].cast(pa.int64()),
                "row": of["row"].cast(pa.int64()),
                "number": number.cast(pa.string()),
            }
        )
        for of, end, number in ((rows, ends, numbers), (aside, pa.chunked_array([np.full(aside.num_rows, ALWAYS)]), aside["number_key"]))
    )
    if 0 < table.num_rows <= MOST_ROWS_COMPARED:
        columns = [requests["invoice_key"]] if "invoice_key" in requests.column_names else []
        columns += [invoices["number_key"].filter(invoices["order_key"].is_valid())] if {"number_key", "order_key"} <= {*names} else []
        wanted = pa.array(table["number"].unique().drop_null())
        named = [chunk.filter(pc.is_in(chunk, value_set=wanted)) for column in columns for chunk in column.cast(pa.string()).chunks]
        taken = pa.chunked_array(named, pa.string()).unique().drop_null()
        table = table.filter(pc.invert(pc.is_in(table["number"], value_set=taken)))
    latest = table.take(pc.select_k_unstable(table, MOST_UNNAMED, [("end", "ascending"), ("source", "ascending"), ("row", "ascending")]))
    return tuple(
        (-end, source, row) for end, source, row in zip(*(latest[name].to_pylist() for name in ("end", "source", "row")), strict=True)
    )
