"""The figures of an audit: what is against the SOP, which credit notes are due, what could not be read, and the orders that systems share."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.amounts import rupees
from orders.audit.audit import AGAINST_THE_SOP
from orders.audit.rows.columns import flags_of
from orders.audit.tables import RowState
from orders.intake.values.text_columns import TextCells
from orders.row_places import RowPlaces
from reports.audit.material import AuditMaterial, records
from reports.audit.wording import CREDIT_NOTE, OPEN, UNDECIDED, day_text
from sop_engine.text import counted

ROW_STATES = tuple(state.column for state in RowState)
"""The columns of `SOURCES` that count the states of rows."""
CANCELLED_FILE, RSI_FILE = "cancelled-after-posting.csv", "rsi.csv"
_CANCELLED = ("order cancelled in full after posting", "orders cancelled in full after posting")
_RETURNED = ("returned unit with its quality check", "returned units with their quality check")
LEFT_OUT_SHOWN = 300
ROWS_AT_A_TIME, MOST_SLICES = 500_000, 250
"""Rows whose orders are compared at a time, about, and into how many slices they are divided at most."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of an audit; each can be counted again in its tables.

    Attributes:
        against: findings that a cancellation was carried out or turned away against the SOP.
        due: open credit notes; due_paise: what they have to credit, as far as the invoice's value is known; without_value: those of
            unknown value; oldest: the one that has waited longest.
        undecided: credit notes of which it is not certain whether they are due or made.
        other_duties: open duties that are no credit notes.
        rules: number of findings by rule; questions: those that ask for something; must: the findings that count.
        rows, set_aside: rows of all files; of_other_channels: those that are of another sales channel than Ajio.
    """

    against: int
    due: int
    due_paise: int
    without_value: int
    oldest: Mapping[str, Any] | None
    undecided: int
    other_duties: int
    rules: Mapping[str, int]
    must: int
    questions: int
    rows: int
    states: Mapping[str, int]
    of_other_channels: int = 0

    @property
    def set_aside(self) -> int:
        """Return the number of rows set aside."""
        return self.states["set_aside"]

    @property
    def due_value(self) -> str:
        """Return what the credit notes due have to credit, as far as it is known; an empty text without any."""
        if not self.without_value:
            return rupees(self.due_paise) if self.due else ""
        if self.without_value == self.due:
            return "of unknown value"
        return f"{rupees(self.due_paise)} and {self.without_value:,} of unknown value"

    @property
    def is_open(self) -> bool:
        """Return whether something has to be done, corrected or asked."""
        return bool(self.must or self.due or self.undecided or self.other_duties or self.questions)


def figures_of(material: AuditMaterial) -> Figures:
    """Count *material*."""
    findings, duties = material.findings, material.duties
    is_open = pc.is_in(duties["status"], pa.array(OPEN))
    is_note = pc.equal(duties["task"], CREDIT_NOTE)
    notes = duties.filter(pc.and_(is_note, is_open))
    rest = pc.coalesce(notes["rest_paise"], notes["value_paise"])
    oldest = notes.sort_by([("days", "descending"), ("order_key", "ascending"), ("invoice", "ascending")]).slice(0, 1).to_pylist()
    rules = Counter(findings["rule"].to_pylist())
    asked = pc.or_(findings["cannot_tell"], pc.equal(findings["strength"], "ask"))
    must = pc.and_(pc.invert(asked), pc.equal(findings["strength"], "must"))
    against = pc.and_(must, pc.is_in(findings["rule"], pa.array(AGAINST_THE_SOP)))
    other = pc.and_(pc.not_equal(duties["task"], CREDIT_NOTE), pc.equal(duties["modality"], "must"))
    other = pc.and_(other, pc.is_in(duties["status"], pa.array([*OPEN, *UNDECIDED])))
    sources = list(records(material.sources))
    return Figures(
        against=_count(against),
        due=notes.num_rows,
        due_paise=_count(rest),
        without_value=rest.null_count,
        oldest=oldest[0] if oldest else None,
        undecided=_count(pc.and_(is_note, pc.is_in(duties["status"], pa.array(UNDECIDED)))),
        other_duties=_count(other),
        rules=dict(sorted(rules.items())),
        must=_count(must),
        questions=_count(asked),
        rows=sum(source["rows"] for source in sources),
        states={name: sum(source[name] for source in sources) for name in ROW_STATES},
        of_other_channels=sum(channel["rows"] for source in sources for channel in source["other_channels"] or ()),
    )


@dataclass(frozen=True, slots=True)
class VmsList:
    """What a report of the VMS should list, in numbers, and the orders of which this is not known.

    Attributes:
        what: the number of its entries with what they are.
        days: the days that were chosen, in words; empty for all.
        file: which has all of them.
        left_out: order, why and place of the first orders of which it is not known, the CSV file has all; left_out_count: how many.
    """

    what: str
    days: str
    file: str
    left_out: tuple[tuple[str, str, str], ...]
    left_out_count: int


def vms_lists(material: AuditMaterial) -> tuple[VmsList, ...]:
    """Return the reports of the VMS that should list something, or of which this is not known."""
    days = "" if material.vms_days is None else " to ".join(day_text(day) for day in material.vms_days)
    reports = (
        (material.cancelled_after_posting, _CANCELLED, f"from {days}" if days else "", CANCELLED_FILE),
        (material.returned_units, _RETURNED, "", RSI_FILE),
    )
    return tuple(_vms_list(material, *report) for report in reports if report[0].num_rows)


def _vms_list(material: AuditMaterial, table: pa.Table, nouns: tuple[str, str], days: str, file: str) -> VmsList:
    left_out, names = table.filter(pc.is_valid(table["left_out"])), RowPlaces(records(material.sources))
    first_ones = left_out.slice(0, LEFT_OUT_SHOWN).to_pylist()
    entries = tuple((entry["order_text"], entry["left_out"], names.text(entry["source"], entry["row"])) for entry in first_ones)
    return VmsList(counted(table.num_rows - left_out.num_rows, *nouns), days, file, entries, left_out.num_rows)


def _count(numbers: pa.Array) -> int:
    """Return the sum of numbers or flags."""
    return int(pc.sum(numbers).as_py() or 0)


@dataclass(frozen=True, slots=True)
class SystemsGrid:
    """Numbers of orders.

    Attributes:
        systems: those that name orders, as rows and as columns.
        cells: for each row and column how many orders are in both, and how many only in the row's; on the diagonal all of the row's.
    """

    systems: tuple[str, ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]


def grid_of(material: AuditMaterial) -> SystemsGrid:
    """Count the orders that the used rows of each system name."""
    systems = [source["system"] for source in records(material.sources)]
    every = tuple(dict.fromkeys(systems))
    bits = np.array([1 << every.index(system) for system in systems], np.int64)
    counts: Counter[int] = Counter()
    for keys, sources in _orders_in_slices(material):
        encoded = keys.dictionary_encode()
        named = np.zeros(len(encoded.dictionary), np.int64)
        np.bitwise_or.at(named, encoded.indices.to_numpy(), bits[sources])
        together, orders = np.unique(named, return_counts=True)
        counts.update(dict(zip(together.tolist(), orders.tolist(), strict=True)))
    with_orders = [place for place in range(len(every)) if any(named >> place & 1 for named in counts)]
    cells = tuple(tuple(_shared(counts, 1 << row, 1 << column) for column in with_orders) for row in with_orders)
    return SystemsGrid(tuple(every[place] for place in with_orders), cells)


def _shared(counts: Mapping[int, int], one: int, other: int) -> tuple[int, int]:
    """Return how many orders are in two systems, and how many only in *one* of them; *counts* has orders by the set of their systems."""
    both = sum(count for named, count in counts.items() if named & one and named & other)
    return both, sum(count for named, count in counts.items() if named & one and not named & other)


def _orders_in_slices(material: AuditMaterial) -> Iterator[tuple[pa.Array, NDArray[np.int64]]]:
    """Yield the keys of the orders of all rows, and the source of each row, in slices that have all rows of an order."""
    tables = (material.requests, material.documents)
    count = min(MOST_SLICES, 1 + sum(table.num_rows for table in tables) // ROWS_AT_A_TIME)
    chunks = [(chunk["order_key"], chunk["source"].to_numpy()) for table in tables for chunk in _rows_of_keys(table)]
    slices = [_slice_numbers(keys, count) for keys, _ in chunks]
    for number in range(count):
        chosen = [np.flatnonzero(of_slice == number) for of_slice in slices]
        keys = [keys.take(pa.array(places)) for (keys, _), places in zip(chunks, chosen, strict=True)]
        sources = [sources[places] for (_, sources), places in zip(chunks, chosen, strict=True)]
        yield pa.concat_arrays([pa.array([], pa.string()), *keys]), np.concatenate([np.zeros(0, np.int64), *sources])


def _rows_of_keys(table: pa.Table) -> Iterator[pa.RecordBatch]:
    yield from table.select(["order_key", "source"]).to_batches(max_chunksize=ROWS_AT_A_TIME)


def _slice_numbers(keys: pa.Array, count: int) -> NDArray[np.uint8]:
    """Return for each of *keys* one of *count* numbers, the same for equal keys; the number after the last for no key."""
    numbers = TextCells(pc.fill_null(keys, "")).hashes() % np.uint64(count)
    return np.where(flags_of(keys.is_valid()), numbers, count).astype(np.uint8)
