"""The columns of the event log, version 2: their names, their words, and a row of them.

`sop_engine/schemas/event-log.schema.json` and `docs/event-log.md` publish the same.
"""

from enum import StrEnum
from typing import NamedTuple

from orders.log.stations import members_of_presence, members_of_stations, persons_of_stations
from sop_engine import Canceller, EInvoice, Invoicing, Outcome, Scope
from sop_engine.case import LIFE_STAGES
from sop_engine.ids import is_gap

VERSION = 2
"""Version of the log and of its object types; it changes when a name is removed or changes its meaning, not when one is added."""


class Event(StrEnum):
    """Kinds of events; events of an order in the same millisecond are sorted in this order. Those of stations are made from their table."""

    PICK_STARTED: "Event"
    PICKED: "Event"
    PACK_STARTED: "Event"
    PACKING_ERROR: "Event"
    PACKED: "Event"
    PICKERS: "Event"
    PACKERS: "Event"

    CREATED = "created"
    UNFULFILLABLE = "unfulfillable"
    ALLOCATED = "allocated"
    ACKNOWLEDGED = "acknowledged"
    POSTED = "posted"
    CANCELLED_BY_CUSTOMER = "cancelled by customer"
    CANCELLATION = "cancellation"
    INVOICED = "e-invoice generated"
    PUSHED = "e-invoice pushed"
    RELEASED = "released"
    vars().update(members_of_stations())
    READY = "ready to dispatch"
    DISPATCHED = "dispatched"
    CREDIT_NOTE_DUE = "credit note due"
    CREDIT_NOTE_MADE = "credit note made"
    RETURN_REQUESTED = "return requested"
    RETURN_RECEIVED = "return received"
    QUALITY_CHECK = "quality check recorded"
    vars().update(members_of_presence())
    ERP_DOWN = "ERP down"
    ERP_UP = "ERP up"
    RMS_DOWN = "RMS down"
    RMS_UP = "RMS up"
    IRP_DOWN = "IRP down"
    IRP_UP = "IRP up"
    AJIO_DOWN = "Ajio down"
    AJIO_UP = "Ajio up"


class System(StrEnum):
    """Systems in which events happen."""

    AJIO = "Ajio"
    OMS = "Assure OMS"
    WMS = "WMS"
    ERP = "client's ERP"
    RMS = "RMS"
    IRP = "IRP"


OUTAGE_EVENTS = {
    System.ERP: (Event.ERP_DOWN, Event.ERP_UP),
    System.RMS: (Event.RMS_DOWN, Event.RMS_UP),
    System.IRP: (Event.IRP_DOWN, Event.IRP_UP),
    System.AJIO: (Event.AJIO_DOWN, Event.AJIO_UP),
}
"""Beginning and end of an outage, by system."""


class Actor(StrEnum):
    """Actors of events. The people of stations are made from their table."""

    PICKER: "Actor"
    PACKER: "Actor"

    CUSTOMER = "customer"
    AJIO = "Ajio"
    SELLER = "seller"
    CLIENT = "client"
    SYSTEM = "system"
    vars().update(persons_of_stations())
    COURIER = "courier"
    WAREHOUSE = "warehouse"


class Precision(StrEnum):
    """Precision of a time: the event was within the millisecond, second, minute or day that begins at it."""

    MILLISECOND = "ms"
    SECOND = "s"
    MINUTE = "min"
    DAY = "day"


class CarriedOut(StrEnum):
    """Whether a cancellation took effect, as observed."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Lifecycle(StrEnum):
    """Whether the event starts or completes an activity; a transition of the standard lifecycle model of XES."""

    START = "start"
    COMPLETE = "complete"


COLUMNS: dict[str, tuple[str, ...] | None] = {
    "time_ms": None,
    "order": None,
    "event": tuple(Event),
    "system": tuple(System),
    "actor": tuple(Actor),
    "canceller": tuple(Canceller),
    "scope": tuple(Scope),
    "invoicing": tuple(Invoicing),
    "stage": LIFE_STAGES,
    "e_invoice": tuple(EInvoice),
    "outcome": tuple(Outcome),
    "units": None,
    "reason": None,
    "because": None,
    "order_id": None,
    "at": None,
    "precision": tuple(Precision),
    "document": None,
    "value_paise": None,
    "carried_out": tuple(CarriedOut),
    "message_id": None,
    "resource": None,
    "lifecycle": tuple(Lifecycle),
    "source": None,
    "row": None,
}
"""Each column and its words; `None` for numbers and free text.

- time_ms: milliseconds since midnight in India of day 0, a Monday; empty outside simulations
- order: number of the order within the log, from 1; 0 where the event is about no order
- canceller, scope, outcome: of a cancellation by seller or Ajio, the case and the engine's answer; empty otherwise
- stage, e_invoice: state of the order after the event; for a cancellation of any kind, the state when it was requested
- units: number of units ordered, requested, packed or returned, or of people at work; 0 where none
- reason: see `EventReason`
- because: ids of the clauses and gaps that decided, separated by spaces
- order_id: the order's number at Ajio
- at: UTC milliseconds since 1970; the same moment as time_ms where that is known
- precision: how exactly `at` is known
- document: number of the invoice or credit note that the event is about
- value_paise: value of the document
- carried_out: of a cancellation of any kind, whether it took effect
- message_id: the sender's id of the message
- resource: the person or system that did it, where known
- lifecycle: whether an activity starts or completes
- source, row: the file from which the event was read, and the row there
"""

COLUMN_NAMES = tuple(COLUMNS)
TEXT_COLUMNS = ("reason", "because", "order_id", "document", "message_id", "resource", "source")
"""The columns of free text; their codes are places in `Log.texts`."""
FACT_COLUMNS = COLUMN_NAMES[: COLUMN_NAMES.index("because") + 1]
"""The columns that a replication decides and every log stores; outside simulations `at` replaces `time_ms`."""
OPTIONAL_NUMBERS = ("time_ms", "at", "value_paise", "row")
"""The columns of numbers in which a cell may be empty."""

WORD_CODES = {name: {str(word): code for code, word in enumerate(words)} for name, words in COLUMNS.items() if words}
NONE = -1
"""The code of an empty cell of words or text."""
EMPTY = -(1 << 63)
"""An empty cell of `OPTIONAL_NUMBERS`."""
DEFAULTS = dict.fromkeys(COLUMN_NAMES, NONE) | {
    **dict.fromkeys(OPTIONAL_NUMBERS, EMPTY),
    "precision": WORD_CODES["precision"][Precision.MILLISECOND],
    "lifecycle": WORD_CODES["lifecycle"][Lifecycle.COMPLETE],
}
"""The cells of a column that a log does not store."""


class EventReason(StrEnum):
    """Words of the column `reason` in simulations; a real log may have others. For a quality check the column has its finding."""

    SELLER = "seller"
    MISSING_UNITS = "missing units"
    NO_STOCK = "no stock"
    STEP_TWO = "step two after the packing error"
    TECHNICAL_ISSUE = "technical issue"
    SLA_BREACH = "SLA breach"
    AJIO_BY_HAND = "Ajio by hand"
    FACT_OF_THE_FLOW = "fact of the flow"
    LATE = "late"
    RETURN_TO_ORIGIN = "return to origin"
    CUSTOMER_RETURN = "customer return"


MISSING_UNITS_GAP = "GAP-40"
"""The gap behind a cancellation because of missing units; it is about the kind of request and not part of the engine's answer."""


class EventRow(NamedTuple):
    """A row of the log in words; an empty cell is an empty text, and `None` in `time_ms`, `value_paise` and `row`."""

    time_ms: int | None
    order: int
    event: str
    system: str
    actor: str
    canceller: str = ""
    scope: str = ""
    invoicing: str = ""
    stage: str = ""
    e_invoice: str = ""
    outcome: str = ""
    units: int = 0
    reason: str = ""
    because: str = ""
    order_id: str = ""
    at: int = EMPTY
    precision: str = Precision.MILLISECOND
    document: str = ""
    value_paise: int | None = None
    carried_out: str = ""
    message_id: str = ""
    resource: str = ""
    lifecycle: str = Lifecycle.COMPLETE
    source: str = ""
    row: int | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The clauses and gaps that decided."""
        return tuple(self.because.split())

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses among `ids`."""
        return tuple(identifier for identifier in self.ids if not is_gap(identifier))

    @property
    def gaps(self) -> tuple[str, ...]:
        """The gaps among `ids`."""
        return tuple(identifier for identifier in self.ids if is_gap(identifier))

    @property
    def cancels_the_order(self) -> bool:
        """Whether the event cancels the whole order, by any canceller."""
        ended = self.event == Event.CANCELLATION and (self.outcome, self.scope) == (Outcome.ALLOWED, Scope.FULL)
        return ended or self.event == Event.CANCELLED_BY_CUSTOMER
