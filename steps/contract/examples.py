"""Examples of the contract: for each operation the bodies of requests, by name; the answers to them are computed."""

from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]

_SELLER_FULL_ERP = {"canceller": ["seller"], "scope": ["full"], "invoicing": ["ERP"], "stage": ["FULFILLABLE"]}
_REGULAR_UNDER_RMS = ["allocated", "released", "packing tried", "made ready", "dispatched"]

_POSTED = [
    {"event": "allocated"},
    {"event": "posted", "at": "2026-04-01T10:00:00+05:30"},
    {"event": "e-invoiced", "at": "2026-04-01T11:00:00+05:30", "invoice_number": "INV-1"},
    {"event": "pushed", "at": "2026-04-01T11:30:00+05:30"},
]
_CANCELLED_AFTER_POSTING = {
    "order_id": "A1",
    "invoicing": "ERP",
    "units": 2,
    "events": [
        *_POSTED,
        {"event": "cancellation", "canceller": "Ajio", "scope": "full", "at": "2026-04-02T09:00:00+05:30"},
    ],
}
_RETURNED = {
    "order_id": "B7",
    "invoicing": "RMS",
    "units": 2,
    "events": [
        *({"event": event} for event in _REGULAR_UNDER_RMS),
        {"event": "returned", "at": "2026-04-20T12:00:00+05:30"},
        {"event": "quality check recorded", "quality_check": "fail", "at": "2026-04-21T12:00:00+05:30"},
        {"event": "returned"},
    ],
}

_DECISIONS_EXAMPLES: Mapping[str, Body] = {
    "one case": {"requests": [{"possible": {**_SELLER_FULL_ERP, "e_invoice": ["pushed"]}, "reading": "as-practised"}]},
    "unknown e-invoice": {
        "requests": [{"possible": {"canceller": ["Ajio"], "scope": ["partial"], "invoicing": ["ERP"], "stage": ["PROCESSING"]}}]
    },
    "two questions": {
        "requests": [
            {"possible": {**_SELLER_FULL_ERP, "e_invoice": ["generated"]}},
            {"possible": {**_SELLER_FULL_ERP, "stage": ["PACKED"], "e_invoice": ["pushed"]}},
        ]
    },
    "as written, with why": {
        "requests": [{"possible": {**_SELLER_FULL_ERP, "e_invoice": ["pushed"]}, "reading": "as-written"}],
        "why": True,
    },
}
_RETURNS_EXAMPLES: Mapping[str, Body] = {
    "failed quality check": {"quality_check": "fail", "reading": "as-practised"},
    "as written": {"quality_check": "missing", "reading": "as-written"},
}
_ORDERS_EXAMPLES: Mapping[str, Body] = {
    "late e-invoice": {
        "order_id": "A1",
        "invoicing": "ERP",
        "units": 1,
        "created_at": "2026-04-01T09:00:00+05:30",
        "events": [
            *_POSTED[:2],
            {"event": "cancellation", "canceller": "seller", "scope": "full", "at": "2026-04-01T10:30:00+05:30"},
            _POSTED[2],
            {"event": "duty done", "task": "credit-note"},
        ],
    },
    "packing fails": {
        "order_id": "A1",
        "invoicing": "ERP",
        "units": 3,
        "events": [
            *_POSTED,
            {"event": "released"},
            {"event": "cancellation", "canceller": "Ajio", "scope": "partial", "units": 1},
            {"event": "packing tried"},
            {"event": "packing tried"},
        ],
    },
    "events that are not taken": {
        "order_id": "A1",
        "invoicing": "ERP",
        "units": 3,
        "events": [
            {"event": "released"},
            {"event": "cancellation", "canceller": "seller", "scope": "partial", "units": 5},
            {"event": "duty done", "task": "credit-note"},
            {"event": "taken off hold"},
        ],
    },
    "returned units": _RETURNED,
}
_CANCELLED_AFTER_POSTING_EXAMPLES: Mapping[str, Body] = {
    "two orders": {
        "orders": [_CANCELLED_AFTER_POSTING, {"order_id": "A2", "invoicing": "ERP", "units": 1, "events": [*_POSTED]}],
        "from": "2026-04-01",
        "to": "2026-04-30",
    }
}
_RSI_EXAMPLES: Mapping[str, Body] = {"one order": {"orders": [_RETURNED]}}
_CREDIT_NOTE_AGES_EXAMPLES: Mapping[str, Body] = {
    "one order": {
        "orders": [_CANCELLED_AFTER_POSTING],
        "on": "2026-05-20",
        "annual_returns": [{"year_to_march": 2027, "furnished_on": "2027-10-15"}],
    }
}
_SIMULATIONS_EXAMPLES: Mapping[str, Body] = {
    "two orders": {
        "experiment": "ordinary_week_erp",
        "settings": [
            {"key": "run.days", "value": "1"},
            {"key": "run.warm_up_days", "value": "0"},
            {"key": "ajio.orders_per_day", "value": "2"},
        ],
        "each_variant": False,
    }
}

EXAMPLES: Mapping[str, Mapping[str, Body]] = {
    "decisions": _DECISIONS_EXAMPLES,
    "returns": _RETURNS_EXAMPLES,
    "orders": _ORDERS_EXAMPLES,
    "cancelledAfterPosting": _CANCELLED_AFTER_POSTING_EXAMPLES,
    "rsi": _RSI_EXAMPLES,
    "creditNoteAges": _CREDIT_NOTE_AGES_EXAMPLES,
    "simulations": _SIMULATIONS_EXAMPLES,
}
"""The bodies by operation and name."""
