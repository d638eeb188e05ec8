"""Columns that a mapping can fill, with their types, and the words that each column of words can mean."""

from enum import StrEnum
from typing import Final

from orders.audit.tables import TIMES, WORDS, Channel, Kind


class Type(StrEnum):
    """Types of columns."""

    ORDER = "order id"
    DOCUMENT = "document number"
    ID = "id"
    TEXT = "text"
    UNITS = "units"
    MONEY = "money"
    TIME = "time"
    WORDS = "words"


UNKNOWN_MEANING = "unknown"
OTHER = "other"
OF_AJIO = "Ajio"
NO_STATUS = "none"
CARRIED_OUT, FAILED, PACKING_ERROR = "carried out", "failed", "packing error"
BREACHED, WITHIN = "breached", "within"
NORMAL, JIT = "normal", "JIT"
VALID, CANCELLED, DRAFT, VOID = "valid", "cancelled", "draft", "void"

MEANINGS: Final[dict[str, tuple[str, ...]]] = {
    **{name: (*words, UNKNOWN_MEANING) for name, words in WORDS.items()},
    "oms_status": (*WORDS["stage"], UNKNOWN_MEANING),
    "wms_status": (*WORDS["stage"], NO_STATUS, UNKNOWN_MEANING),
    "result": (CARRIED_OUT, FAILED, PACKING_ERROR, UNKNOWN_MEANING),
    "channel_status": (*Channel, OTHER),
    "sla": (BREACHED, WITHIN),
    "fulfilment": (NORMAL, JIT),
    "kind": (*Kind, OTHER),
    "irn_status": (VALID, CANCELLED, UNKNOWN_MEANING),
    "status": (VALID, DRAFT, VOID, CANCELLED, UNKNOWN_MEANING),
    "shared": ("yes", "no"),
    "channel": (OF_AJIO, OTHER),
    "quality_check": ("pass", "fail", "missing", "not recorded"),
}
"""The meanings of each column of words."""

REQUEST_TARGETS: Final[dict[str, Type]] = {
    "order": Type.ORDER,
    "location": Type.TEXT,
    "po": Type.ID,
    "units": Type.UNITS,
    "units_cancelled": Type.UNITS,
    "by_customer": Type.UNITS,
    "by_seller": Type.UNITS,
    "units_shipped": Type.UNITS,
    **dict.fromkeys(("canceller", "scope", "invoicing", "oms_status", "wms_status", "e_invoice"), Type.WORDS),
    **dict.fromkeys(TIMES, Type.TIME),
    "invoice": Type.DOCUMENT,
    **dict.fromkeys(("result", "channel_status", "sla", "fulfilment"), Type.WORDS),
    "line": Type.TEXT,
    "message": Type.ID,
}
"""Columns of a source with orders and cancellations."""

DOCUMENT_TARGETS: Final[dict[str, Type]] = {
    "kind": Type.WORDS,
    "number": Type.DOCUMENT,
    "dated": Type.TIME,
    "value": Type.MONEY,
    "original": Type.DOCUMENT,
    "order": Type.ORDER,
    "irn": Type.ID,
    **dict.fromkeys(("irn_status", "status", "shared", "channel", "quality_check"), Type.WORDS),
    "units": Type.UNITS,
    "unit": Type.ID,
    "line": Type.TEXT,
    "message": Type.ID,
}
"""Columns of a source that has documents, or lines of a report of returns; it is one if its mapping fills `kind`."""

OF_PERSONAL_COLUMNS: Final = ("channel",)
"""Columns that a mapping may take from one with personal data, such as the party of a voucher: only a word that the mapping has is kept of it."""

TYPES: Final = REQUEST_TARGETS | DOCUMENT_TARGETS
NAMED_BY = {
    "oms_status": "stage",
    "wms_status": "stage",
    "result": "carried_out",
    "sla": "sla_breached",
    "fulfilment": "outside",
    "value": "value_paise",
    "irn_status": "irn_cancelled",
    "status": "counts",
    "shared": "shared_with_ajio",
    "channel": "of_ajio",
}
"""Columns of the canonical tables that have another name than the column of the mapping; a key and its text are named without both."""
