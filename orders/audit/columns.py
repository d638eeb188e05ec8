"""The canonical tables as NumPy columns, with one number for each order and each document number of the run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.audit.doubts.lines import join_lines, listed_by_line, units_of_ajio
from orders.audit.doubts.locations import orders_at_several_places, with_different
from orders.audit.doubts.observed import complete_results, set_aside_later_times
from orders.audit.doubts.restarts import YEAR_MARK, split_by_year
from orders.audit.tables import ALL, DOCUMENTS, REQUESTS, ROWS, SOURCES, TIMES, RowState, System, nulls
from orders.run_facts import RunFacts, run_facts

ABSENT: Final = -1
"""The number of an order or document that a row does not name, and the value of an empty cell of units or money."""
NEVER: Final = np.iinfo(np.int64).min
"""An empty time."""
SETS: Final = ("canceller", "scope", "invoicing", "stage", "e_invoice")

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Tables:
    """The four canonical tables of a run; see `orders.audit.tables`."""

    rows: pa.Table
    requests: pa.Table
    documents: pa.Table
    sources: pa.Table


class Texts:
    """A column of texts without nulls, read one by one: a million Python strings take more memory than all numbers of a run."""

    def __init__(self, array: pa.Array) -> None:
        self.array = array
        _, ends, content = array.buffers()
        self._ends = np.frombuffer(ends, np.int32)[array.offset :] if len(array) else np.zeros(0, np.int32)
        self._content = memoryview(content if content is not None else b"")

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        return str(self._content[self._ends.item(number) : self._ends.item(number + 1)], "utf-8")

    def __len__(self) -> int:
        return len(self.array)


@dataclass(frozen=True)
class Names:
    """The texts of numbered keys: `keys[number]` is the key, which is unique."""

    keys: Texts

    def __len__(self) -> int:
        return len(self.keys)


class Grouped:
    """The places of rows by a number that they have: of an order, or of a document.

    Args:
        numbers: of each row, ABSENT for none.
        size: how many numbers there are.
        places: of the rows in their table; without them the rows are all of it.
    """

    def __init__(self, numbers: Numbers, size: int, places: Numbers | None = None) -> None:
        order = np.argsort(numbers, kind="stable")
        self._places = (order if places is None else places[order]).astype(np.int32)
        self._ends = np.searchsorted(numbers[order], np.arange(size + 1)).astype(np.int32)

    def of(self, number: int) -> list[int]:
        """Return the places of the rows with *number*, in their order; none for ABSENT."""
        if number < 0:
            return []
        places: list[int] = self._places[self._ends.item(number) : self._ends.item(number + 1)].tolist()
        return places


@dataclass(frozen=True)
class Evidence:
    """All rows of a run as columns.

    Attributes:
        requests, documents, aside: columns of the rows of `REQUESTS`, of `DOCUMENTS`, and of the rows of `ROWS` that are set aside. An
            order is its number in `orders`, a document number its number in `documents_named`, a text its own array of objects.
        moved: a row for each key that a row set aside has in any of its cells, which may have moved: `place` in `aside`, `order`, `number`.
        texts: the tables themselves, for what is only shown.
        later: documents that are left out because they are dated after the day of the audit: source, row, order, number and original.
        sources: the rows of `SOURCES`, as dictionaries.
        facts: of all rows of the run, where these are only a part of them.
    """

    requests: Columns
    documents: Columns
    aside: Columns
    moved: Columns
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
        differ = seen_orders({"order": orders}, ours != units[orders], len(self.orders))
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
        """Return for each order whether a row set aside in a source of *systems* names it, also in a cell that may have moved."""
        wanted = self.systems("aside", *systems)
        named = np.concatenate([self.aside["order"][wanted], self.moved["order"][wanted[self.moved["place"]]]])
        flags = np.zeros(len(self.orders), dtype=bool)
        flags[named[named != ABSENT]] = True
        return flags

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
    orders, order_names = _numbers(keyed)
    numbers, document_names = _numbers(numbered)
    po, place, unit = (
        _numbers(((table, name),))[0][0] for table, name in ((requests, "po_key"), (requests, "location"), (documents, "unit_key"))
    )
    of_requests = {**_request_columns(requests), "order": orders[0], "invoice": numbers[0], "po": po, "place": place}
    sources = tables.sources.to_pylist()
    of_ajio, of_vms = (_of_system(of_requests["source"], sources, system) for system in (System.AJIO, System.VMS))
    complete_results(of_requests, of_ajio, of_vms)
    set_aside_later_times(of_requests, milliseconds_after(day))
    moved = _moved_columns(aside, order_names, document_names)
    of_requests["outside"] = _is_given(requests, "outside")
    of_aside = {"source": _column_values(aside, "source"), "order": orders[2]}
    named_aside = _named_aside(of_requests, of_aside, moved)
    lines = _of_sources(of_requests["source"], ["lines" in source["has"] for source in sources])
    lines |= listed_by_line(of_requests, _of_system(of_requests["source"], sources, System.OMS, System.WMS), of_ajio) & ~named_aside
    join_lines(of_requests, lines, named_aside)
    of_documents = {
        **_document_columns(documents),
        "order": orders[1],
        "number": numbers[1],
        "original": numbers[2],
        "unit": unit,
    }
    of_aside |= {"row": _column_values(aside, "row"), "number": numbers[3], "original": numbers[4]}
    of_later = _later_columns(documents.slice(0, 0) if later is None else later, order_names, document_names)
    document_names = _with_years(of_requests, of_documents, (of_aside, moved, of_later), document_names)
    return Evidence(
        requests=of_requests,
        documents=of_documents,
        aside=of_aside,
        moved=moved,
        later=of_later,
        orders=order_names,
        documents_named=document_names,
        texts=tables,
        sources=sources,
        facts=facts or run_facts(requests, documents),
    )


def _with_years(requests: Columns, documents: Columns, others: tuple[Columns, ...], names: Names) -> Names:
    """Return *names* with a new one for each further financial year of a number that begins again, which the columns then have."""
    made = split_by_year(requests, documents, others, len(names))
    keys = [f"{names.keys[number]}{YEAR_MARK}{year}" for number, year in made]
    return Names(Texts(pa.concat_arrays([names.keys.array, pa.array(keys, pa.string())]))) if keys else names


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
    return {"place": places, "order": _numbers_in(keys, orders), "number": _numbers_in(keys, numbers)}


def _later_columns(later: pa.Table, orders: Names, numbers: Names) -> Columns:
    names = {"order": ("order_key", orders), "number": ("number_key", numbers), "original": ("original_key", numbers)}
    return {name: _column_values(later, name) for name in ("source", "row")} | {
        name: _numbers_in(_key_column(later, column).combine_chunks(), of) for name, (column, of) in names.items()
    }


def _numbers_in(keys: pa.Array, names: Names) -> Numbers:
    """Return the numbers that *keys* have in *names*; ABSENT for a key that is not there."""
    places = pc.fill_null(pc.index_in(keys, value_set=names.keys.array, skip_nulls=True), ABSENT)
    return np.asarray(places.to_numpy(zero_copy_only=False), dtype=np.int64)


def milliseconds_after(day: date) -> int:
    """Return the time of the end of *day* in India, in milliseconds of UTC since 1970."""
    return ((day - date(1970, 1, 1)).days + 1) * MS_OF_DAY - INDIA_OFFSET


def day_at(milliseconds: int) -> date:
    """Return the day in India of a time."""
    return _day_of_number((milliseconds + INDIA_OFFSET) // MS_OF_DAY)


@cache
def _day_of_number(number: int) -> date:
    return date.fromordinal(number + date(1970, 1, 1).toordinal())


def day_or_none(milliseconds: int) -> date | None:
    """Return the day in India of a time, or None for an empty one."""
    return None if milliseconds == NEVER else day_at(milliseconds)


MS_OF_DAY: Final = 86_400_000
INDIA_OFFSET: Final = 19_800_000
"""Milliseconds of a day, and by which the time in India is ahead of UTC."""


def _check_columns(tables: Tables) -> None:
    """Raise ValueError if a table has a column that its schema does not have: a mistake of the program that made it."""
    schemas = {"rows": ROWS, "requests": REQUESTS, "documents": DOCUMENTS, "sources": SOURCES}
    for name, schema in schemas.items():
        unknown = set(getattr(tables, name).column_names) - set(schema.names)
        if unknown:
            raise ValueError(f"the table `{name}` has unknown columns: {', '.join(sorted(unknown))}")


def _request_columns(table: pa.Table) -> Columns:
    columns: Columns = {name: _column_values(table, name) for name in ("source", "row")}
    for name in ("units", "units_cancelled", "by_customer", "by_seller", "units_shipped"):
        columns[name] = _filled(table, name, ABSENT, np.int32)
    for name in ("canceller", "invoicing"):
        columns[name] = _filled(table, name, ALL[name], np.uint8)
    for name in ("scope", "stage", "e_invoice"):
        columns[name] = _filled(table, name, 0, np.uint8)
    for name in TIMES:
        for end in ("start", "end"):
            columns[f"{name}_{end}"] = _filled(table, f"{name}_{end}", NEVER, np.int64)
    columns["is_cancellation"] = _filled(table, "is_cancellation", value=False, kind=np.bool_)
    columns["carried_out"] = _filled(table, "carried_out", 0, np.uint8)
    columns["channel_status"] = _word_column(table, "channel_status")
    columns["packing_error"] = _filled(table, "packing_error", value=False, kind=np.bool_)
    columns["packing_error_known"] = _is_given(table, "packing_error") | (columns["carried_out"] != 0)
    return columns


def _document_columns(table: pa.Table) -> Columns:
    columns: Columns = {name: _column_values(table, name) for name in ("source", "row")}
    columns["kind"] = _word_column(table, "kind")
    for name in ("dated_start", "dated_end"):
        columns[name] = _filled(table, name, NEVER, np.int64)
    columns["value_paise"] = _filled(table, "value_paise", ABSENT, np.int64)
    columns["units"] = _filled(table, "units", ABSENT, np.int64)
    columns["counts"] = _filled(table, "counts", value=True, kind=np.bool_)
    for name in ("irn_cancelled", "cancelled", "shared_with_ajio", "negative"):
        columns[name] = _filled(table, name, value=False, kind=np.bool_)
    for name in ("irn_cancelled", "cancelled", "negative"):
        columns[f"{name}_known"] = _is_given(table, name)
    return columns


def _column_values(table: pa.Table, name: str) -> NDArray[Any]:
    return np.asarray(table.column(name).to_numpy())


def _filled(table: pa.Table, name: str, value: Any, kind: type[Any]) -> NDArray[Any]:
    """Return a column with *value* in its empty cells, and everywhere if it is left out."""
    if name not in table.column_names:
        return np.broadcast_to(np.array(value, dtype=kind), table.num_rows)
    column = table.column(name)
    return np.asarray((pc.fill_null(column, value) if column.null_count else column).to_numpy(), dtype=kind)


def _is_given(table: pa.Table, name: str) -> Flags:
    if name not in table.column_names:
        return np.zeros(table.num_rows, dtype=bool)
    return np.asarray(table.column(name).is_valid().to_numpy(), dtype=bool)


def _word_column(table: pa.Table, name: str) -> NDArray[Any]:
    """Return a column of few different words as objects, one for each word; None where it is empty or left out."""
    if name not in table.column_names:
        return np.full(table.num_rows, None, dtype=object)
    encoded = table.column(name).cast(pa.string()).combine_chunks().dictionary_encode()
    words = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    return np.asarray(words[pc.fill_null(encoded.indices, len(words) - 1).to_numpy(zero_copy_only=False)])


def _numbers(keyed: tuple[tuple[pa.Table, str], ...]) -> tuple[list[Numbers], Names]:
    """Return for each column of keys the numbers of its keys, which are the same for equal keys in all of them; and the keys."""
    if not any(name in table.column_names for table, name in keyed):
        return [np.broadcast_to(np.int64(ABSENT), table.num_rows) for table, _ in keyed], Names(Texts(pa.array([], pa.string())))
    chunks = [_key_column(table, name) for table, name in keyed]
    encoded = pa.concat_arrays([chunk.combine_chunks() for chunk in chunks]).dictionary_encode()
    numbers = np.asarray(pc.fill_null(encoded.indices, ABSENT).to_numpy(zero_copy_only=False), dtype=np.int64)
    ends = np.cumsum([len(chunk) for chunk in chunks])
    return np.split(numbers, ends[:-1]), Names(Texts(encoded.dictionary))


def _key_column(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name not in table.column_names:
        return nulls(table.num_rows, pa.string())
    return table.column(name).cast(pa.string())


def without_later(tables: Tables, day: date) -> Tables:
    """Return *tables* without the requests and documents of days after *day*."""
    last = milliseconds_after(day)
    return Tables(
        tables.rows, _before(tables.requests, "cancelled_start", last), _before(tables.documents, "dated_start", last), tables.sources
    )


def later_documents(tables: Tables, day: date) -> pa.Table:
    """Return the documents of *tables* that are dated after *day*."""
    return tables.documents.filter(_is_later(tables.documents, ("dated",), day))


def dated_later(tables: Tables, day: date) -> pa.Table:
    """Return the rows of *tables* with a time after *day*: source, row, and whether the row is left out for it."""
    parts = []
    for table, names, decisive in ((tables.requests, TIMES, "cancelled"), (tables.documents, ("dated",), "dated")):
        later = table.filter(_is_later(table, names, day))
        parts.append(later.select(["source", "row"]).append_column("left_out", _is_later(later, (decisive,), day)))
    return pa.concat_tables(parts, promote_options="default").sort_by([("source", "ascending"), ("row", "ascending")])


def _is_later(table: pa.Table, names: Sequence[str], day: date) -> pa.Array:
    """Return for each row whether one of its times *names* is after *day*."""
    last = milliseconds_after(day)
    later = np.zeros(table.num_rows, dtype=bool)
    for name in names:
        if f"{name}_start" in table.column_names:
            later |= np.asarray(pc.fill_null(pc.greater_equal(table.column(f"{name}_start"), last), False).to_numpy())  # noqa: FBT003
    return pa.array(later)


def latest_day(tables: Tables) -> date | None:
    """Return the latest day of any time in *tables*, or None if they have none."""
    columns = [
        table.column(name) for table in (tables.requests, tables.documents) for name in table.column_names if name.endswith("_start")
    ]
    latest = [value for value in (pc.max(column).as_py() for column in columns) if value is not None]
    return day_at(max(latest)) if latest else None


def _before(table: pa.Table, name: str, last: int) -> pa.Table:
    if name not in table.column_names:
        return table
    keep = pc.fill_null(pc.less(table.column(name), last), True)  # noqa: FBT003 (a value, not a switch)
    return table if pc.all(keep).as_py() else table.filter(keep)  # a filter copies the whole table


def seen_orders(columns: Mapping[str, NDArray[Any]], rows: Flags, size: int) -> Flags:
    """Return for each of *size* orders whether one of *rows* names it."""
    flags = np.zeros(size, dtype=bool)
    orders = columns["order"][rows]
    flags[orders[orders != ABSENT]] = True
    return flags
