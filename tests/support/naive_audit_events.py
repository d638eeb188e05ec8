"""The event log of an audit, made row by row: to be read, not to be fast."""

from collections.abc import Iterator, Sequence
from typing import Any

from orders.audit.tables import WORDS
from orders.log.columns import Event

TIMES = {
    "created": ("created", "Ajio", "customer"),
    "allocated": ("allocated", "Assure OMS", "system"),
    "posted": ("posted", "Assure OMS", "system"),
    "invoiced": ("e-invoice generated", "client's ERP", "system"),
    "pushed": ("e-invoice pushed", "client's ERP", "system"),
    "released": ("released", "WMS", "system"),
    "packed": ("packed", "WMS", "packer"),
    "packing_failed": ("packing error", "WMS", "packer"),
    "ready": ("ready to dispatch", "WMS", "warehouse"),
    "dispatched": ("dispatched", "WMS", "courier"),
}
SORTED = [str(event) for event in Event]
Row = dict[str, Any]


def naive_events(requests: Sequence[Row], documents: Sequence[Row], sources: Sequence[str]) -> list[Row]:
    """Return the events of the log, by time."""
    has_own = {row["order_key"] for row in requests if row["invoiced_start"] is not None}
    every = [event for row in requests for event in _of_request(row)]
    every += [event for row in documents for event in _of_document(row, has_own)]
    once: dict[tuple[Any, ...], Row] = {}
    for event in sorted(every, key=lambda event: (event["source"], event["row"])):
        equal = (event["key"], event["event"], event["start"], event["document"], event["effect"] or 0)
        once.setdefault(equal, event)
    keys = sorted({event["key"] for event in once.values()})
    events = sorted(once.values(), key=lambda e: (e["start"], e["key"], SORTED.index(e["event"]), e["source"], e["row"]))
    return [_public(event, keys, sources) for event in events]


def _of_request(row: Row) -> Iterator[Row]:
    for name, (event, system, actor) in TIMES.items():
        if row[f"{name}_start"] is not None:
            document = row["invoice_text"] if name == "invoiced" else None
            yield _event(row, name, event, system, actor, row["units"], document, stage=None)
    if row["is_cancellation"] and row["cancelled_start"] is not None:
        who = row["canceller"]
        event, system = ("cancelled by customer", "Ajio") if who == 4 else ("cancellation", "Assure OMS")
        actor = {1: "seller", 2: "Ajio", 4: "customer"}.get(who)
        effect = {1: "yes", 2: "no"}.get(row["carried_out"], "unknown")
        asked = {1: "seller", 2: "Ajio"}.get(who)
        yield _event(row, "cancelled", event, system, actor, row["units_cancelled"], None, _word("stage", row["stage"])) | {
            "carried_out": effect,
            "canceller": asked,
        }


def _of_document(row: Row, has_own: set[str]) -> Iterator[Row]:
    if row["dated_start"] is None or not row["order_key"] or row["counts"] is False:
        return
    if row["kind"] == "credit note" and not row["cancelled"]:
        yield _event(row, "dated", "credit note made", "client's ERP", "client", 0, row["number_text"], None)
    if row["kind"] == "invoice" and row["order_key"] not in has_own:
        yield _event(row, "dated", "e-invoice generated", "client's ERP", "system", 0, row["number_text"], None)


def _event(row: Row, time: str, event: str, system: str, actor: str | None, units: int | None, document: str | None, stage: Any) -> Row:  # noqa: PLR0913
    return {
        "key": row["order_key"], "order_id": row["order_text"], "event": event, "system": system, "actor": actor,
        "start": row[f"{time}_start"], "ending": row[f"{time}_end"], "units": units or 0, "document": document,
        "value_paise": row.get("value_paise"), "invoicing": _word("invoicing", row.get("invoicing")), "stage": stage,
        "carried_out": None, "canceller": None, "effect": row.get("carried_out"), "source": row["source"], "row": row["row"],
    }  # fmt: skip


def _word(name: str, words: int | None) -> str | None:
    """Return the only word of a set."""
    only = [word for bit, word in enumerate(WORDS[name]) if words == 1 << bit]
    return only[0] if only else None


def _public(event: Row, keys: list[str], sources: Sequence[str]) -> Row:
    public = {name: value for name, value in event.items() if name not in {"key", "start", "ending", "effect"}}
    length = event["ending"] - event["start"]
    precision = next((word for most, word in ((1, "ms"), (1_000, "s"), (60_000, "min")) if length <= most), "day")
    empty = dict.fromkeys(("time_ms", "scope", "e_invoice", "outcome", "reason", "because", "message_id", "resource"))
    return (
        public
        | {"order": 1 + keys.index(event["key"]), "at": event["start"], "precision": precision, "lifecycle": "complete"}
        | {"source": sources[event["source"]]}
        | empty
    )
