"""All rows of a run as columns, with what each can mean beside what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.rows.columns import (
    ABSENT,
    Columns,
    Flags,
    Numbers,
    column_values,
    document_columns,
    flags_at,
    is_given,
    request_columns,
)
from orders.audit.rows.days import milliseconds_after
from orders.audit.rows.lines import further_lines, join_lines, listed_by_line, rows_repeating, units_of_ajio
from orders.audit.rows.locations import orders_at_several_places, with_different
from orders.audit.rows.numbering import Grouped, Names, Texts, key_column, numbers_in, numbers_of_keys
from orders.audit.rows.observed import complete_results, set_aside_later_times
from orders.audit.rows.references import Reference, references_of
from orders.audit.rows.restarts import YEAR_MARK, split_by_year
from orders.audit.rows.states import add_open_states
from orders.audit.tables import DOCUMENTS, REQUESTS, ROWS, SOURCES, RowState, System, Tables
from orders.run_facts import RunFacts, run_facts


@dataclass(frozen=True)
class Evidence:
    """All rows of a run as columns.

    Attributes:
        requests, documents, aside: columns of the rows of `REQUESTS`, of `DOCUMENTS`, and of the rows of `ROWS` that are set aside. An
            order is its number in `orders`, a document number its number in `documents_named`, a text its own array of objects.
        moved: a row for each key that a row set aside has in any of its cells, which may have moved: `place` in `aside`, `order`, `number`.
        texts: the tables themselves, for what is only shown.
        further: rows that can be a further line of the document at a place in `documents`, which they repeat, by that place.
        references: by the number of an original that names several invoices, or may name one, what it names.
        later: documents that are left out because they are dated after the day of the audit: source, row, order, number and original.
        sources: the rows of `SOURCES`, as dictionaries.
        facts: of all rows of the run, where these are only a part of them.
    """

    requests: Columns
    documents: Columns
    aside: Columns
    moved: Columns
    further: dict[int, list[int]]
    references: dict[int, Reference]
    later: Columns
    orders: Names
    documents_named: Names
    texts: Tables
    sources: list[dict[str, Any]]
    facts: RunFacts

    @cached_property
    def at_several_places(self) -> Flags:
        """Return for each order whether its number is at several locations."""
        return orders_at_several_places(self.requests, len(self.orders))

    @cached_property
    def units_ordered_differ(self) -> Flags:
        """Return for each order whether the seller's systems have another number of units ordered than all rows of Ajio's report together."""
        units, comparable = units_of_ajio(self.requests, self.systems("requests", System.AJIO), self.set_aside(System.AJIO))
        rows = np.flatnonzero(self.systems("requests", System.OMS, System.WMS) & (self.requests["units"] != ABSENT))
        orders, ours = self.requests["order"][rows], self.requests["units"][rows]
        differ = flags_at(orders[ours != units[orders]], len(self.orders))
        return comparable & differ & ~self.at_several_places & ~with_different(orders, ours, len(self.orders))

    @cached_property
    def rows_by_order(self) -> dict[str, "Grouped"]:
        """Return for `requests` and `documents` the places of the rows by order."""
        return {name: Grouped(getattr(self, name)["order"], len(self.orders)) for name in ("requests", "documents")}

    def rows_of(self, name: str, order: int) -> list[int]:
        """Return the places of the rows of *order* in `requests` or `documents`."""
        return self.rows_by_order[name].of(order)

    def order_text(self, order: int) -> str:
        """Return *order* as the files have it, of several texts the first in their order; empty for none."""
        if order == ABSENT:
            return ""
        return self._other_texts.get(order) or self.orders.keys[order]

    def order_texts(self, orders: Numbers) -> pa.Array:
        """Return the text of each of *orders*; see `order_text`."""
        texts = self.order_keys(orders)
        other = np.isin(orders, list(self._other_texts))
        changed = [self._other_texts[order] for order in orders[other].tolist()]
        return pc.replace_with_mask(texts, pa.array(other), pa.array(changed, pa.string())) if changed else texts

    def order_keys(self, orders: Numbers) -> pa.Array:
        """Return the key of each of *orders*; empty for none."""
        return pc.fill_null(self.orders.keys.array.take(pa.array(orders, mask=orders == ABSENT)), "")

    @cached_property
    def _other_texts(self) -> dict[int, str]:
        """Return the texts of the orders of which a row has another text than the key."""
        other: dict[int, str] = {}
        same = np.zeros(len(self.orders), dtype=bool)
        for name, table in (("requests", self.texts.requests), ("documents", self.texts.documents)):
            if not {"order_text", "order_key"} <= set(table.column_names):
                continue
            differs = np.asarray(pc.fill_null(pc.not_equal(table.column("order_text"), table.column("order_key")), True).to_numpy())  # noqa: FBT003
            orders = getattr(self, name)["order"]
            same[orders[~differs & (orders != ABSENT)]] = True
            for row in np.flatnonzero(differs & (orders != ABSENT)).tolist():
                text = table.column("order_text")[row].as_py()
                if text is not None:
                    other[int(orders[row])] = min(text, other.get(int(orders[row]), text))
        return {order: min(text, self.orders.keys[order]) if same[order] else text for order, text in other.items()}

    def document_text(self, number: int) -> str | None:
        """Return how a document number is shown, or None for none."""
        return None if number == ABSENT else self.documents_named.keys[number].partition(YEAR_MARK)[0]

    def systems(self, table: str, *systems: str) -> Flags:
        """Return for each row of the columns *table* whether its source is of one of *systems*."""
        return _of_system(getattr(self, table)["source"], self.sources, *systems)

    def set_aside(self, *systems: str) -> Flags:
        """Return for each order whether a row set aside names it, also in a cell that may have moved, in a source of *systems* about orders."""
        is_aside = self.aside_of_orders(*systems)
        named = np.concatenate([self.aside["order"][is_aside], self.moved["order"][is_aside[self.moved["place"]]]])
        return flags_at(named[named != ABSENT], len(self.orders))

    def aside_of_orders(self, *systems: str) -> Flags:
        """Return which rows set aside are of a source of *systems* that is about orders, not about documents or returns."""
        of_orders = _of_sources(self.aside["source"], ["kind" not in source["has"] for source in self.sources])
        return self.systems("aside", *systems) & of_orders

    def has(self, name: str) -> Flags:
        """Return for each request whether its source has the column *name*."""
        having = np.array([name in source["has"] for source in self.sources], dtype=bool)
        sources = self.requests["source"]
        return having[sources] if len(sources) else np.zeros(0, dtype=bool)


def evidence_of(tables: Tables, day: date, later: pa.Table | None = None, facts: RunFacts | None = None) -> Evidence:
    """Return *tables* as columns; columns that are left out count as null.

    *later* are documents that do not count on *day* yet; *facts* those of the whole run, if the tables are a part of it.
    """
    rows, requests, documents = tables.rows, tables.requests, tables.documents
    _check_columns(tables)
    states = rows.column("state").cast(pa.string())
    aside = rows.filter(pc.equal(states, RowState.SET_ASIDE))
    keyed = ((requests, "order_key"), (documents, "order_key"), (aside, "order_key"))
    numbered = (
        (requests, "invoice_key"),
        (documents, "number_key"),
        (documents, "original_key"),
        (aside, "number_key"),
        (aside, "original_key"),
    )
    orders, order_names = numbers_of_keys(keyed)
    numbers, document_names = numbers_of_keys(numbered)
    po, place, unit = (
        numbers_of_keys(((table, name),))[0][0] for table, name in ((requests, "po_key"), (requests, "location"), (documents, "unit_key"))
    )
    of_requests = {**request_columns(requests), "order": orders[0], "invoice": numbers[0], "po": po, "place": place}
    sources = tables.sources.to_pylist()
    of_ajio, of_vms = (_of_system(of_requests["source"], sources, system) for system in (System.AJIO, System.VMS))
    complete_results(of_requests, of_ajio, of_vms)
    set_aside_later_times(of_requests, milliseconds_after(day))
    moved = _moved_columns(aside, order_names, document_names)
    of_requests["outside"] = is_given(requests, "outside")
    of_aside = {"source": column_values(aside, "source"), "order": orders[2]}
    named_aside = _named_aside(of_requests, of_aside, moved)
    lines = _of_sources(of_requests["source"], ["lines" in source["has"] for source in sources])
    lines |= listed_by_line(of_requests, _of_system(of_requests["source"], sources, System.OMS, System.WMS), of_ajio) & ~named_aside
    join_lines(of_requests, lines, named_aside, rows_repeating(rows, of_requests), _units_at_ajio(of_requests, of_ajio, of_aside, sources))
    of_documents = {
        **document_columns(documents),
        "order": orders[1],
        "number": numbers[1],
        "original": numbers[2],
        "unit": unit,
    }
    add_open_states(of_documents, documents, sources)
    of_aside |= {"row": column_values(aside, "row"), "number": numbers[3], "original": numbers[4]}
    of_later = _later_columns(documents.slice(0, 0) if later is None else later, order_names, document_names)
    references = references_of(documents, of_documents, document_names)
    named = {"number": np.array([number for reference in references.values() for number in reference.numbers], dtype=np.int64)}
    document_names = _with_years(of_requests, of_documents, (of_aside, moved, of_later, named), document_names)
    return Evidence(
        requests=of_requests,
        documents=of_documents,
        aside=of_aside,
        moved=moved,
        references=references,
        further=further_lines(rows, of_documents),
        later=of_later,
        orders=order_names,
        documents_named=document_names,
        texts=tables,
        sources=sources,
        facts=facts or run_facts(requests, documents, aside, tables.sources),
    )


def _with_years(requests: Columns, documents: Columns, others: tuple[Columns, ...], names: Names) -> Names:
    """Return *names* with a new one for each further financial year of a number that begins again, which the columns then have."""
    made = split_by_year(requests, documents, others, len(names))
    keys = [f"{names.keys[number]}{YEAR_MARK}{year}" for number, year in made]
    return Names(Texts(pa.concat_arrays([names.keys.array, pa.array(keys, pa.string())]))) if keys else names


def _units_at_ajio(requests: Columns, of_ajio: Flags, aside: Columns, sources: Sequence[Mapping[str, Any]]) -> Numbers:
    """Return for each of *requests* the units of its order in all rows of Ajio's report, ABSENT where they are not known."""
    orders = aside["order"][_of_system(aside["source"], sources, System.AJIO)]
    size = int(max(requests["order"].max(initial=-1), orders.max(initial=-1))) + 1
    units, is_known = units_of_ajio(requests, of_ajio, flags_at(orders[orders != ABSENT], size))
    return np.where(is_known, units, ABSENT)[requests["order"]]


def _named_aside(requests: Columns, aside: Columns, moved: Columns) -> Flags:
    """Return for each of *requests* whether a row set aside of its source names its order, also in a cell that may have moved."""
    sources = np.concatenate([aside["source"], aside["source"][moved["place"]]]).astype(np.int64)
    orders = np.concatenate([aside["order"], moved["order"]])
    given = orders != ABSENT
    width = np.int64(max(int(requests["order"].max(initial=0)), int(orders.max(initial=0))) + 1)
    named = sources[given] * width + orders[given]
    return np.isin(requests["source"].astype(np.int64) * width + requests["order"], named)


def _of_system(column: Numbers, sources: Sequence[Mapping[str, Any]], *systems: str) -> Flags:
    """Return for each place of a column of sources whether the source is of one of *systems*."""
    return _of_sources(column, [source["system"] in systems for source in sources])


def _of_sources(column: Numbers, wanted: Sequence[bool]) -> Flags:
    """Return for each place of a column of sources whether the source is *wanted*."""
    return np.array(wanted, dtype=bool)[column] if len(column) else np.zeros(0, dtype=bool)


def _moved_columns(aside: pa.Table, orders: Names, numbers: Names) -> Columns:
    """Return the keys in cells that may have moved: the row in *aside*, and which order and which document number the key is."""
    named = aside.column("named").to_pylist() if "named" in aside.column_names else []
    pairs = [(place, key) for place, keys in enumerate(named) for key in keys or ()]
    keys = pa.array([key for _, key in pairs], pa.string())
    places = np.array([place for place, _ in pairs], dtype=np.int64)
    return {"place": places, "order": numbers_in(keys, orders), "number": numbers_in(keys, numbers)}


def _later_columns(later: pa.Table, orders: Names, numbers: Names) -> Columns:
    names = {"order": ("order_key", orders), "number": ("number_key", numbers), "original": ("original_key", numbers)}
    return {name: column_values(later, name) for name in ("source", "row")} | {
        name: numbers_in(key_column(later, column).combine_chunks(), of) for name, (column, of) in names.items()
    }


def _check_columns(tables: Tables) -> None:
    """Raise ValueError if a table has a column that its schema does not have: a mistake of the program that made it."""
    schemas = {"rows": ROWS, "requests": REQUESTS, "documents": DOCUMENTS, "sources": SOURCES}
    for name, schema in schemas.items():
        unknown = set(getattr(tables, name).column_names) - set(schema.names)
        if unknown:
            raise ValueError(f"the table `{name}` has unknown columns: {', '.join(sorted(unknown))}")
