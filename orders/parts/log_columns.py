"""Events as columns of a log."""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.tables import WORDS
from orders.log.columns import COLUMN_NAMES, VERSION, Actor, CarriedOut, Event, Lifecycle, Precision, System
from orders.log.export.tables import METADATA
from orders.parts.distinct_events import ORDER
from orders.parts.event_rows import CODES, CUSTOMER, EVENT_KINDS, MADE_FROM, OF_DOCUMENTS

_TYPES: Final = {
    **dict.fromkeys(("time_ms", "order", "units", "value_paise", "row"), pa.int64()),
    "at": pa.timestamp("ms", tz="UTC"),
}
"""Types of the columns that are no texts."""
_CANCELLERS: Final = {1: (Actor.SELLER, "seller"), 2: (Actor.AJIO, "Ajio"), CUSTOMER: (Actor.CUSTOMER, None)}
"""Actor of a request by its set of cancellers, and the canceller of one that the SOP is asked about."""
_PRECISION_SPANS: Final = ((1, Precision.MILLISECOND), (1_000, Precision.SECOND), (60_000, Precision.MINUTE))
"""Milliseconds within which the event was, at most; a longer time is a day."""
_SYSTEMS: Final = {
    **{event: system for event, system, _ in (*MADE_FROM.values(), *OF_DOCUMENTS.values())},
    Event.CANCELLATION: System.OMS,
    Event.CANCELLED_BY_CUSTOMER: System.AJIO,
}
_ACTORS: Final = {event: actor for event, _, actor in (*MADE_FROM.values(), *OF_DOCUMENTS.values())}


def log_schema(sources: pa.Table) -> pa.Schema:
    """Return the schema of the log of an audit of *sources*, with their names and digests."""
    schema = pa.schema([pa.field(name, _TYPES.get(name, pa.dictionary(pa.int32(), pa.string()))) for name in COLUMN_NAMES])
    names, digests = (sorted(sources[name].to_pylist()) for name in ("name", "sha256"))
    about = {"version": VERSION, "name": ", ".join(dict.fromkeys(names)), "sha256": "".join(digests)[:64]}
    return schema.with_metadata({METADATA: json.dumps(about, ensure_ascii=False)})


def log_columns(events: pa.Table, sources: pa.Array) -> pa.Table:
    """Return *events* with their numbers of orders as columns of a log, texts as texts; *sources* are the names of the sources by number."""
    codes, cancellers = events["event"].to_numpy(), events["canceller"].to_numpy()
    is_request = codes == CODES[Event.CANCELLATION]
    is_cancellation = is_request | (codes == CODES[Event.CANCELLED_BY_CUSTOMER])
    actors = _word_cells(codes, {CODES[event]: actor for event, actor in _ACTORS.items()})
    of_requests = _word_cells(cancellers, {code: actor for code, (actor, _) in _CANCELLERS.items()}, only=is_cancellation)
    columns: dict[str, Any] = {
        "order": events[ORDER],
        "event": _word_cells(codes, dict(enumerate(EVENT_KINDS))),
        "system": _word_cells(codes, {CODES[event]: system for event, system in _SYSTEMS.items()}),
        "actor": pc.coalesce(of_requests, actors),
        "canceller": _word_cells(cancellers, {code: word for code, (_, word) in _CANCELLERS.items() if word}, only=is_request),
        "invoicing": _word_cells(events["invoicing"].to_numpy(), _only_words("invoicing")),
        "stage": _word_cells(events["stage"].to_numpy(), _only_words("stage"), only=is_cancellation),
        "units": events["units"],
        "order_id": events["order_text"],
        "at": events["start"].cast(pa.timestamp("ms")).cast(pa.timestamp("ms", tz="UTC")),
        "precision": _precisions(events),
        "document": events["document"],
        "value_paise": events["value_paise"],
        "carried_out": _word_cells(
            events["carried_out"].to_numpy(), {0: CarriedOut.UNKNOWN, 1: CarriedOut.YES, 2: CarriedOut.NO}, only=is_cancellation
        ),
        "lifecycle": _word_cells(np.zeros(len(codes), np.uint8), {0: Lifecycle.COMPLETE}),
        "source": sources.take(events["source"].combine_chunks()),
        "row": events["row"].cast(pa.int64()),
    }
    empty = {name: pa.nulls(len(codes), pa.int64() if name in _TYPES else pa.string()) for name in COLUMN_NAMES if name not in columns}
    return pa.table({name: (columns | empty)[name] for name in COLUMN_NAMES})


def _word_cells(codes: Any, words: Mapping[int, str], only: Any = None) -> pa.Array:
    """Return the word of each of *codes*, null for a code without one, and where *only* is given and false."""
    places = np.full(256, -1, np.int32)
    places[list(words)] = np.arange(len(words))
    of_codes = places[codes]
    if only is not None:
        of_codes = np.where(only, of_codes, -1)
    return pa.array([str(word) for word in words.values()], pa.string()).take(pa.array(of_codes, mask=of_codes < 0))


def _only_words(name: str) -> dict[int, str]:
    """Return the word of each set of one word."""
    return {1 << bit: word for bit, word in enumerate(WORDS[name])}


def _precisions(events: pa.Table) -> pa.Array:
    """Return how exactly the time of each event is known."""
    lengths = pc.subtract(events["ending"], events["start"])
    lengths = pc.fill_null(lengths, _PRECISION_SPANS[-1][0] + 1).to_numpy()
    kinds = np.searchsorted([most for most, _ in _PRECISION_SPANS], lengths, side="left")
    return _word_cells(kinds, dict(enumerate([*(word for _, word in _PRECISION_SPANS), Precision.DAY])))
