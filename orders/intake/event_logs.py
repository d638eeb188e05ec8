"""Event logs of this program, simulated or not, as two sources: orders with their cancellations, and documents.

Every row of the log is a row of one of the two. A simulated log has all that happened: an order whose history begins in the middle is set
aside with all its rows. A log of real orders has what some exports show: an event that it lacks can have happened, and a credit note in it
names its order, not the e-invoice that it credits.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from orders.audit.tables import DOCUMENTS, REQUESTS, ROWS, TIMES, WORDS, Claim, Kind, Observed, RowState, System
from orders.intake.checks import as_nullable
from orders.intake.errors import IntakeError
from orders.intake.reasons import MIDDLE, Reason, as_lists
from orders.intake.source_rows import SourceRows
from orders.intake.values.date_formats import LENGTHS
from orders.intake.values.text_columns import TextCells, keys_of, trimmed
from orders.log.arrays import IntArray, Mask
from orders.log.columns import COLUMNS, EMPTY, NONE, WORD_CODES, CarriedOut, Event, Precision
from orders.log.errors import EventLogError
from orders.log.event_log import Log
from orders.log.export.formats import read_log
from orders.log.india import INDIA
from sop_engine import Canceller, Outcome, SopError
from sop_engine.case import Scope

PROFILE = "event-log"
_EVENTS = dict(
    zip(
        TIMES,
        (
            Event.CREATED,
            Event.ALLOCATED,
            Event.POSTED,
            Event.INVOICED,
            Event.PUSHED,
            Event.RELEASED,
            Event.PACKED,
            Event.READY,
            Event.DISPATCHED,
            None,
            None,
        ),
        strict=True,
    )
)
_DOCUMENT_EVENTS = {Event.INVOICED: Kind.INVOICE, Event.CREDIT_NOTE_MADE: Kind.CREDIT_NOTE, Event.QUALITY_CHECK: Kind.RETURN}
LOG_SOURCES = ((System.OMS, Claim.ORDERS, "orders"), (System.ERP, Claim.DOCUMENTS, "documents"))
"""System, claim and name of the two sources of a log."""
HAS = (
    "order", "units", "units_cancelled", "canceller", "scope", "invoicing", "stage", "e_invoice", "invoice", "carried_out",
    "packing_error", *TIMES,
)  # fmt: skip
HAS_OF_REAL_ORDERS = tuple(name for name in HAS if name not in (*TIMES, "units_cancelled"))
HAS_OF_DOCUMENTS = ("kind", "number", "dated", "value_paise", "original", "order", "units", "quality_check")


@dataclass(frozen=True, slots=True)
class EventLogRows:
    """An event log as two sources.

    Attributes:
        sources: the rows of both.
        has: for each the columns of which an empty cell says that there is nothing.
        days: first and last day that a simulated log holds completely, otherwise None.
    """

    sources: tuple[SourceRows, SourceRows]
    has: tuple[tuple[str, ...], tuple[str, ...]]
    days: tuple[date, date] | None


def read_event_log(file: Path, source: int) -> EventLogRows:
    """Read an event log as the sources *source* and the next.

    Raises:
        IntakeError: it is no event log of this version.
    """
    try:
        log = read_log(file).log
    except (EventLogError, SopError) as error:
        raise IntakeError(file.name, getattr(error, "reason", str(error)), getattr(error, "remedy", "write it again")) from None
    except OSError as error:
        raise IntakeError(file.name, f"it cannot be read ({(error.strerror or 'unknown').lower()})", "check the file") from None
    orders = _Orders(log)
    days = None
    if len(log) and orders.is_simulated:
        first, last = (datetime.fromtimestamp(int(at) / 1000, INDIA).date() for at in (log.column("at").min(), log.column("at").max()))
        days = first, last
    has = HAS if orders.is_simulated else HAS_OF_REAL_ORDERS
    return EventLogRows((orders.requests(source), orders.documents(source + 1)), (has, HAS_OF_DOCUMENTS), days)


class _Orders:
    """The orders of a log: for each row the place of its order."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.is_simulated = log.clock == "time_ms"
        self.event = log.column("event")
        self.start = log.column("at")
        lengths = np.array([LENGTHS[Precision(word)] for word in COLUMNS["precision"] or ()], np.int64)
        self.end = self.start + lengths[log.column("precision")]
        self.numbers, first, self.of_row = np.unique(log.column("order"), return_index=True, return_inverse=True)
        self.first = first
        texts = log.words("order_id").tolist()
        self.ids = [texts[row] or str(number) for row, number in zip(first.tolist(), self.numbers.tolist(), strict=True)]
        self.keys = _keys_of_texts(self.ids)
        created = self._first(Event.CREATED)
        is_order = self.numbers > 0
        is_whole = self.is_simulated and bool((created != NONE).any())
        self.in_middle = is_order & (created == NONE) if is_whole else np.zeros(len(self.numbers), bool)
        documents = log.words("document").tolist()
        invoiced = self._first(Event.INVOICED)
        self.invoices = [
            None if row == NONE else documents[row] or f"e-invoice of {text}" for row, text in zip(invoiced.tolist(), self.ids, strict=True)
        ]
        self._documents = documents

    def _first(self, event: Event) -> IntArray:
        """Return the first row of an event for each order; `NONE` where it has none."""
        rows = np.flatnonzero(self.event == WORD_CODES["event"][event])
        rows_by_order = np.full(len(self.numbers), NONE, np.int64)
        rows_by_order[self.of_row[rows[::-1]]] = rows[::-1]
        return rows_by_order

    def _is_document(self) -> Mask:
        return np.isin(self.event, [WORD_CODES["event"][event] for event in _DOCUMENT_EVENTS])

    def requests(self, source: int) -> SourceRows:
        """Return a row for each request to cancel, and one for each order without any."""
        codes = [WORD_CODES["event"][event] for event in (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER)]
        attempts = np.flatnonzero(np.isin(self.event, codes))
        without = np.ones(len(self.numbers), bool)
        without[self.of_row[attempts]] = False
        rows = np.sort(np.concatenate([attempts, self.first[without & (self.numbers > 0)]]))
        rows = rows[~self.in_middle[self.of_row[rows]]]
        of_row = self.of_row[rows]
        is_request = np.isin(self.event[rows], codes)
        is_customer = self.event[rows] == codes[1]
        columns: dict[str, object] = {
            **self._ids(source, rows, of_row),
            "units": as_nullable(self._units(of_row), pa.int32()),
            "units_cancelled": as_nullable(np.where(is_request, self._taken(rows, of_row, is_customer), EMPTY), pa.int32()),
            "is_cancellation": pa.array(is_request),
            "canceller": pa.array(np.where(is_customer, 4, self._set("canceller", rows)), pa.uint8()),
        }
        for name in ("scope", "invoicing", "stage", "e_invoice"):
            values = self._set(name, rows)
            if name == "stage":
                values = np.where(self._is_of_several_files(attempts)[of_row], 0, values)
            if name == "scope":
                values = np.where(is_customer, 1 << WORDS["scope"].index(Scope.FULL), values)
            columns[name] = pa.array(np.where(values == 0, (1 << len(WORDS[name])) - 1, values), pa.uint8())
        for name, event in _EVENTS.items():
            if event is not None:
                columns |= self._interval(name, self._first(event)[of_row])
        columns |= self._interval("cancelled", np.where(is_request, rows, NONE))
        columns |= self._packing_error(rows, of_row)
        invoices = [self.invoices[order] for order in of_row.tolist()]
        columns["invoice_text"] = pa.array(invoices, pa.string())
        columns["invoice_key"] = pa.array(_keys_of_texts(invoices), pa.string())
        return self._source(source, ~self._is_document(), _canonical_table(columns, REQUESTS))

    def _is_of_several_files(self, attempts: IntArray) -> Mask:
        """Return for each order whether its requests, the rows *attempts*, are of several files: two of them can be one request, of which each file has another stage."""
        of_file = np.unique(np.stack([self.of_row[attempts], self.log.column("source")[attempts]]), axis=1)[0]
        return np.bincount(of_file, minlength=len(self.numbers)) > 1

    def _packing_error(self, rows: IntArray, of_row: IntArray) -> dict[str, object]:
        """Return the result of each request: an error at packing belongs to the partial cancellations by Ajio before it."""
        carried_out = self.log.column("carried_out")[rows]
        observed = {CarriedOut.YES: Observed.YES, CarriedOut.NO: Observed.NO, CarriedOut.UNKNOWN: Observed.UNKNOWN}
        table = np.array([*(int(observed[CarriedOut(word)]) for word in COLUMNS["carried_out"] or ()), 0], np.int64)
        result = table[carried_out]
        if self.log.clock == "time_ms":
            result = np.where(result == Observed.UNKNOWN, self._simulated_result(rows), result)
        error = self._first(Event.PACKING_ERROR)[of_row]
        by_ajio = self.log.column("canceller")[rows] == WORD_CODES["canceller"][Canceller.AJIO]
        in_part = self.log.column("scope")[rows] == WORD_CODES["scope"][Scope.PARTIAL]
        has_error = by_ajio & in_part & (error > rows)
        is_unclear = by_ajio & ~has_error & (result == Observed.NO) & (not self.is_simulated)  # turned away, or failed at packing
        return {
            "carried_out": pa.array(np.where(is_unclear, int(Observed.UNKNOWN), result), pa.uint8()),
            "packing_error": pa.array(has_error, mask=is_unclear),
            **self._interval("packing_failed", np.where(has_error, error, NONE)),
        }

    def _simulated_result(self, rows: IntArray) -> IntArray:
        """Return the result of each request of a simulation: allowed ones, and those of the customer, are carried out there."""
        allowed = self.log.column("outcome")[rows] == WORD_CODES["outcome"][Outcome.ALLOWED]
        is_customer = self.event[rows] == WORD_CODES["event"][Event.CANCELLED_BY_CUSTOMER]
        return np.where(allowed | is_customer, int(Observed.YES), int(Observed.NO))

    def documents(self, source: int) -> SourceRows:
        """Return a row for each e-invoice, credit note and quality check of a return."""
        rows = np.flatnonzero(self._is_document())
        used = rows[~self.in_middle[self.of_row[rows]]]
        of_row = self.of_row[used]
        kinds = {WORD_CODES["event"][event]: str(kind) for event, kind in _DOCUMENT_EVENTS.items()}
        kind = [kinds[code] for code in self.event[used].tolist()]
        numbers = [
            self._documents[row] or (self.invoices[order] if word == Kind.INVOICE else None)
            for row, order, word in zip(used.tolist(), of_row.tolist(), kind, strict=True)
        ]
        if not self.is_simulated:
            numbers = self._numbers_of_one_note(used, numbers)
        originals = [
            self.invoices[order] if word == Kind.CREDIT_NOTE and self.is_simulated else None
            for order, word in zip(of_row.tolist(), kind, strict=True)
        ]
        is_return = np.array([word == Kind.RETURN for word in kind], bool)
        findings = self.log.words("reason", used).tolist()
        columns: dict[str, object] = {
            **self._ids(source, used, of_row),
            "kind": pa.array(kind, pa.string()),
            "number_text": pa.array(numbers, pa.string()),
            "number_key": pa.array(_keys_of_texts(numbers), pa.string()),
            **self._interval("dated", used),
            "value_paise": as_nullable(self.log.column("value_paise")[used], pa.int64()),
            "original_text": pa.array(originals, pa.string()),
            "original_key": pa.array(_keys_of_texts(originals), pa.string()),
            "units": as_nullable(np.where(is_return, self.log.column("units")[used], EMPTY), pa.int32()),
            "quality_check": pa.array(
                [text if word == Kind.RETURN else None for text, word in zip(findings, kind, strict=True)], pa.string()
            ),
        }
        return self._source(source, self._is_document(), _canonical_table(columns, DOCUMENTS))

    def _numbers_of_one_note(self, rows: IntArray, numbers: Sequence[str | None]) -> list[str | None]:
        """Return *numbers* without those on several credit notes: these can be parts of one, or take another one back."""
        is_note = (self.event[rows] == WORD_CODES["event"][Event.CREDIT_NOTE_MADE]).tolist()
        counts = Counter(number for number, of_note in zip(numbers, is_note, strict=True) if of_note)
        return [None if of_note and counts[number] > 1 else number for number, of_note in zip(numbers, is_note, strict=True)]

    def _ids(self, source: int, rows: IntArray, of_row: IntArray) -> dict[str, object]:
        orders = of_row.tolist()
        return {
            "source": pa.array(np.full(len(rows), source), pa.int16()),
            "row": pa.array(rows + 1, pa.int32()),
            "order_key": pa.array([self.keys[order] for order in orders], pa.string()),
            "order_text": pa.array([self.ids[order] for order in orders], pa.string()),
        }

    def _units(self, of_row: IntArray) -> IntArray:
        created = self._first(Event.CREATED)[of_row]
        units = self.log.column("units")[np.maximum(created, 0)]
        return np.where((created == NONE) | (units == 0), EMPTY, units)

    def _taken(self, rows: IntArray, of_row: IntArray, is_customer: Mask) -> IntArray:
        units = self.log.column("units")[rows]
        return np.where(is_customer & (units == 0), self._units(of_row), np.where(units == 0, EMPTY, units))

    def _set(self, name: str, rows: IntArray) -> IntArray:
        """Return the set with the word of each row; no word at all where the cell is empty."""
        codes = self.log.column(name)[rows]
        table = np.array([*(1 << WORDS[name].index(str(word)) for word in COLUMNS[name] or ()), 0], np.int64)
        rows_by_order = table[codes]
        return np.where(rows_by_order == 0, (1 << len(WORDS[name])) - 1, rows_by_order) if name == "canceller" else rows_by_order

    def _interval(self, name: str, rows: IntArray) -> dict[str, object]:
        places = np.maximum(rows, 0)
        missing = (rows == NONE) | (self.start[places] == EMPTY) if len(self.start) else rows == NONE
        times = ((f"{name}_start", self.start), (f"{name}_end", self.end))
        return {
            column: as_nullable(np.where(missing, EMPTY, values[places] if len(values) else EMPTY), pa.int64()) for column, values in times
        }

    def _source(self, source: int, is_own: Mask, canonical: pa.Table) -> SourceRows:
        own = np.flatnonzero(is_own)
        aside = self.in_middle[self.of_row[own]]
        places = np.flatnonzero(aside)
        orders = self.of_row[own[places]].tolist()
        reason = Reason(MIDDLE.id, None, None, None, "the history of this order begins in the middle: it was never placed", MIDDLE.remedy)
        states: Sequence[str] = np.where(aside, str(RowState.SET_ASIDE), str(RowState.USED)).tolist()
        keys = np.full(len(own), None, object)
        keys[places] = [self.keys[order] for order in orders]
        columns: dict[str, object] = {
            "source": pa.array(np.full(len(own), source), pa.int16()),
            "row": pa.array(own + 1, pa.int32()),
            "state": pa.array(states, pa.string()),
            "order_key": pa.array(keys.tolist(), pa.string()),
            "order_text": pa.array(keys.tolist(), pa.string()),
            "number_key": pa.nulls(len(own), pa.string()),
            "original_key": pa.nulls(len(own), pa.string()),
            "reasons": as_lists([[reason]] * len(places), places, len(own)),
        }
        counts = dict.fromkeys(RowState, 0) | {RowState.USED: len(own) - len(places), RowState.SET_ASIDE: len(places)}
        fields = [field for field in ROWS if field.name in columns]
        return SourceRows(pa.table([columns[field.name] for field in fields], schema=pa.schema(fields)), canonical, counts, [])


def _keys_of_texts(texts: Sequence[str | None]) -> list[str | None]:
    """Return the key of each of *texts*, as those of other exports."""
    keys: list[str | None] = keys_of(trimmed(TextCells(pa.array([text or "" for text in texts], pa.string())))).to_pylist()
    return keys


def is_event_log(file: Path) -> bool:
    """Return whether *file* is an event log as Parquet, or as CSV, of this program."""
    try:
        if file.suffix.casefold() == ".parquet":
            from pyarrow import parquet  # noqa: PLC0415

            return b"event_log" in (parquet.read_schema(file).metadata or {})
        with file.open("rb") as opened:
            names = opened.readline(2000).decode("utf-8-sig", errors="replace").strip().split(",")
    except (OSError, pa.ArrowException):
        return False
    return file.suffix.casefold() == ".csv" and {"order", "event", "e_invoice", "outcome"} <= set(names)


def _canonical_table(columns: dict[str, object], schema: pa.Schema) -> pa.Table:
    fields = [pa.field(field.name, field.type) for field in schema if field.name in columns]
    return pa.table([columns[field.name] for field in fields], schema=pa.schema(fields))
