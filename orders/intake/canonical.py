"""Parsed batches as rows of the canonical tables `REQUESTS` and `DOCUMENTS`."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.tables import DOCUMENTS, REQUESTS, TIMES, Channel, Observed, System
from orders.intake.checks import as_nullable, bits, with_nulls
from orders.intake.mapping.source_mapping import CANCELLATIONS, ORDERS, SourceMapping
from orders.intake.mapping.targets import (
    BREACHED,
    CANCELLED,
    CARRIED_OUT,
    DRAFT,
    FAILED,
    JIT,
    OF_AJIO,
    OTHER,
    PACKING_ERROR,
    UNKNOWN_MEANING,
    VALID,
    VOID,
)
from orders.intake.parsing import Parsed
from orders.intake.values.text_columns import without
from orders.intake.values.words import NO_MEANING, Words
from orders.log.arrays import IntArray, Mask
from orders.log.columns import EMPTY

_NOT_KNOWN = -1
_OBSERVED = {CARRIED_OUT: Observed.YES, FAILED: Observed.NO, PACKING_ERROR: Observed.NO, UNKNOWN_MEANING: Observed.UNKNOWN}


def requests_of(parsed: Parsed, mapping: SourceMapping, source: int, invoicing: IntArray, stages: IntArray | None) -> pa.RecordBatch:
    """Return a row of `REQUESTS` for each row of a batch."""
    count = len(parsed.rows)
    columns: dict[str, object] = {**_source_and_row(parsed, source), "invoicing": pa.array(invoicing, pa.uint8())}
    _add_ids(columns, parsed, {"order": "order", "po": "po", "invoice": "invoice"}, REQUESTS.names)
    for name in ("units", "units_cancelled", "by_customer", "by_seller", "units_shipped"):
        if name in parsed.numbers:
            columns[name] = as_nullable(parsed.numbers[name], pa.int32())
    for name in TIMES:
        if name in parsed.times:
            columns |= _time_columns(parsed, name)
    is_cancellation = np.ones(count, bool)
    if mapping.rows != CANCELLATIONS:
        is_cancellation = _taken(parsed) > 0
        for name in {"by_customer", "by_seller"} & parsed.numbers.keys():
            is_cancellation |= parsed.numbers[name] > 0
        is_cancellation |= _cancelled_without_quantity(parsed, columns, mapping)
        if mapping.system == System.AJIO:
            is_cancellation |= _is_meaning(parsed, "channel_status", Channel.CANCELLED)
    columns["is_cancellation"] = pa.array(is_cancellation)
    columns |= _words_of_request(parsed)
    if mapping.rows != CANCELLATIONS and mapping.system not in (System.AJIO, System.VMS):
        columns |= _listed_as_cancelled(parsed, columns, is_cancellation)
    if stages is not None and mapping.rows == CANCELLATIONS:
        columns["stage"] = pa.array(stages, pa.uint8())
    return _batch(columns, REQUESTS)


def _taken(parsed: Parsed) -> IntArray:
    """Return the units cancelled of each row, `EMPTY` where they are not given."""
    return parsed.numbers.get("units_cancelled", np.full(len(parsed.rows), EMPTY, np.int64))


def _cancelled_without_quantity(parsed: Parsed, columns: dict[str, object], mapping: SourceMapping) -> Mask:
    """Return which rows of a report of orders have the time of a cancellation and no quantity; *columns* then has none either.

    A row with a time and the quantity 0 contradicts itself: how much was cancelled is unknown. Of a line of an order, the time can be that of
    the other lines.
    """
    times, taken = parsed.times.get("cancelled"), _taken(parsed)
    if times is None:
        return np.zeros(len(taken), bool)
    without = (times.start != EMPTY) & ((taken == EMPTY) | ((taken == 0) & (mapping.rows == ORDERS)))
    if "units_cancelled" in columns:
        columns["units_cancelled"] = as_nullable(np.where(without, EMPTY, taken), pa.int32())
    return np.asarray(without)


def _listed_as_cancelled(parsed: Parsed, columns: dict[str, object], is_cancellation: Mask) -> dict[str, object]:
    """Return the result of each row of a report of orders without a column for it: what it has as cancelled was cancelled."""
    listed = is_cancellation & (_taken(parsed) != 0) & ("result" not in parsed.words)
    stated = columns.get("carried_out", pa.array(np.zeros(len(listed), np.uint8)))
    unknown = pc.equal(stated, int(Observed.UNKNOWN))
    return {"carried_out": pc.if_else(pc.and_(unknown, pa.array(listed)), pa.scalar(int(Observed.YES), pa.uint8()), stated)}


def _is_meaning(parsed: Parsed, target: str, wanted: str) -> Mask:
    """Return in which rows the column of words *target* means *wanted*."""
    words = parsed.words.get(target)
    if words is None:
        return np.zeros(len(parsed.rows), bool)
    is_wanted: Mask = words.numbers({meaning: int(meaning == wanted) for meaning in words.meanings}, 0) == 1
    return is_wanted


def _words_of_request(parsed: Parsed) -> dict[str, object]:
    """Return the columns of words, and the location, of a batch of orders and cancellations."""
    words, count = parsed.words, len(parsed.rows)
    columns: dict[str, object] = {"canceller": pa.array(bits(words.get("canceller"), "canceller", count), pa.uint8())}
    for name in ("scope", "e_invoice"):
        if name in words:
            columns[name] = pa.array(bits(words[name], name, count), pa.uint8())
    if "result" in words:
        result = words["result"]
        columns["carried_out"] = pa.array(result.numbers({word: int(_OBSERVED[word]) for word in result.meanings}, 0), pa.uint8())
        columns["packing_error"] = _yes_or_no(result, (PACKING_ERROR,), (CARRIED_OUT, FAILED))
    if "channel_status" in words:
        columns["channel_status"] = _meaning_texts(words["channel_status"], {OTHER})
    if "sla" in words:
        columns["sla_breached"] = _yes_or_no(words["sla"], (BREACHED,))
    if "fulfilment" in words:
        columns["outside"] = _meaning_texts(words["fulfilment"], set(words["fulfilment"].meanings) - {JIT})
    if "location" in parsed.ids:
        location = parsed.ids["location"]
        columns["location"] = pc.if_else(pa.array(location.given), location.cells.column, pa.scalar(None, pa.string()))
    return columns


def documents_of(parsed: Parsed, source: int) -> pa.RecordBatch:
    """Return a row of `DOCUMENTS` for each row of a batch; rows of other kinds and other sales channels have the kind `OTHER`."""
    kinds = pc.if_else(pa.array(is_other(parsed)), pa.scalar(OTHER), parsed.words["kind"].texts().fill_null(OTHER))
    columns: dict[str, object] = {**_source_and_row(parsed, source), "kind": kinds}
    _add_ids(columns, parsed, {"number": "number", "original": "original", "order": "order", "unit": "unit"}, DOCUMENTS.names)
    if "irn" in parsed.ids:
        columns["irn"] = parsed.ids["irn"].keys
    if "dated" in parsed.times:
        columns |= _time_columns(parsed, "dated")
    if "value" in parsed.numbers:
        values = parsed.numbers["value"]
        columns["negative"] = pa.array(values < 0, pa.bool_(), mask=values == np.iinfo(np.int64).min)
        columns["value_paise"] = as_nullable(np.where(values == np.iinfo(np.int64).min, values, np.abs(values)), pa.int64())
    if "units" in parsed.numbers:
        columns["units"] = as_nullable(parsed.numbers["units"], pa.int32())
    if "irn_status" in parsed.words:
        columns["irn_cancelled"] = _yes_or_no(parsed.words["irn_status"], (CANCELLED,))
    if "status" in parsed.words:
        columns["counts"] = _yes_or_no(parsed.words["status"], (VALID, CANCELLED), (DRAFT, VOID))
        columns["cancelled"] = _yes_or_no(parsed.words["status"], (CANCELLED,))
    if "shared" in parsed.words:
        columns["shared_with_ajio"] = _yes_or_no(parsed.words["shared"], ("yes",))
    if "channel" in parsed.words:
        columns["of_ajio"] = _yes_or_no(parsed.words["channel"], (OF_AJIO,))
    if "quality_check" in parsed.words:
        columns["quality_check"] = _meaning_texts(parsed.words["quality_check"], set())
    return _batch(columns, DOCUMENTS)


def is_other(parsed: Parsed) -> Mask:
    """Return which rows of a batch of documents are of no kind that the audit needs, or of another sales channel than Ajio."""
    return _is_meaning(parsed, "kind", OTHER) | is_of_other_channel(parsed)


def is_of_other_channel(parsed: Parsed) -> Mask:
    """Return which rows of a batch are of another sales channel than Ajio."""
    return _is_meaning(parsed, "channel", OTHER)


def _source_and_row(parsed: Parsed, source: int) -> dict[str, object]:
    return {"source": pa.array(np.full(len(parsed.rows), source), pa.int16()), "row": pa.array(parsed.rows, pa.int32())}


def _add_ids(columns: dict[str, object], parsed: Parsed, names: dict[str, str], names_of_table: Iterable[str]) -> None:
    for target, name in names.items():
        if target in parsed.ids:
            ids = parsed.ids[target]
            columns[f"{name}_key"] = ids.keys
            if f"{name}_text" in names_of_table:
                columns[f"{name}_text"] = without(ids.cells.column, np.asarray(ids.keys.is_null()))


def _time_columns(parsed: Parsed, name: str) -> dict[str, object]:
    times = parsed.times[name]
    is_empty = times.start == EMPTY
    return {f"{name}_start": with_nulls(times.start, is_empty, pa.int64()), f"{name}_end": with_nulls(times.end, is_empty, pa.int64())}


def _yes_or_no(words: Words[str], yes: tuple[str, ...], no: tuple[str, ...] | None = None) -> pa.Array:
    """Return whether a word is one of *yes*; null for an empty cell, an unknown state, and with *no* for every word in neither."""
    values = {}
    for meaning in words.meanings:
        is_no = meaning not in (*yes, UNKNOWN_MEANING) if no is None else meaning in no
        values[meaning] = 1 if meaning in yes else 0 if is_no else _NOT_KNOWN
    codes_of_rows = words.numbers(values, _NOT_KNOWN)
    return pa.array(codes_of_rows == 1, pa.bool_(), mask=codes_of_rows == _NOT_KNOWN)


def _meaning_texts(words: Words[str], without: set[str]) -> pa.Array:
    kept = [NO_MEANING if meaning in without else code for code, meaning in enumerate(words.meanings)]
    codes = np.array([*kept, NO_MEANING], np.int64)[words.codes]
    return Words(codes, words.meanings, words.unknown).texts()


def _batch(columns: dict[str, object], schema: pa.Schema) -> pa.RecordBatch:
    fields = [pa.field(field.name, field.type) for field in schema if field.name in columns]
    return pa.RecordBatch.from_arrays([columns[field.name] for field in fields], schema=pa.schema(fields))
