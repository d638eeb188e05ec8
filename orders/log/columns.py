"""The columns of the event log, version 2: their names, their words, and a row of them.

`sop_engine/schemas/event-log.schema.json` and `docs/event-log.md` say the same to others.
"""

from enum import StrEnum
from typing import NamedTuple

from sop_engine import Canceller, EInvoice, Invoicing, Outcome, Scope, Stage
from sop_engine.ids import is_gap

VERSION = 2
"""Of the log and of its vocabulary of objects; it changes when a name changes its meaning or goes, not when one is added."""


class Event(StrEnum):
    """What happens; where two things happen to an order in the same millisecond, they come in this order."""

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
    PICK_STARTED = "pick started"
    PICKED = "picked"
    PACK_STARTED = "pack started"
    PACKING_ERROR = "packing error"
    PACKED = "packed"
    READY = "ready to dispatch"
    DISPATCHED = "dispatched"
    CREDIT_NOTE_DUE = "credit note due"
    CREDIT_NOTE_MADE = "credit note made"
    RETURN_REQUESTED = "return requested"
    RETURN_RECEIVED = "return received"
    QUALITY_CHECK = "quality check recorded"
    PICKERS = "pickers at work"
    PACKERS = "packers at work"
    ERP_DOWN = "ERP down"
    ERP_UP = "ERP up"


class System(StrEnum):
    """Where it happens."""

    AJIO = "Ajio"
    OMS = "Assure OMS"
    WMS = "WMS"
    ERP = "client's ERP"
    RMS = "RMS"


class Actor(StrEnum):
    """Who does it."""

    CUSTOMER = "customer"
    AJIO = "Ajio"
    SELLER = "seller"
    CLIENT = "client"
    SYSTEM = "system"
    PICKER = "picker"
    PACKER = "packer"
    COURIER = "courier"
    WAREHOUSE = "warehouse"


class Precision(StrEnum):
    """How exactly a time is known: it lies within the millisecond, second, minute or day that begins there."""

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
    """Whether the event begins a piece of work or completes one; a transition of the standard model of XES."""

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
    "stage": tuple(Stage),
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
- stage, e_invoice: where the order stands after the event; for a cancellation of any kind, where it stood when it was asked for
- units: what the event is about: units ordered, asked for, packed, returned, or people at work; 0 where none
- reason: a word of explanation, see `EventReason`
- because: ids of the clauses and gaps that decided, separated by spaces
- order_id: the order's number at Ajio
- at: UTC milliseconds since 1970; the same moment as time_ms where that is known
- precision: how exactly `at` is known
- document: number of the invoice or credit note that the event is about
- value_paise: value of the document
- carried_out: of a cancellation of any kind, whether it took effect
- message_id: the name by which a sender would recognise the message
- resource: the person or system that did it, where known
- lifecycle: whether work begins or is complete
- source, row: the file from which the event was read, and the row there
"""

COLUMN_NAMES = tuple(COLUMNS)
TEXT_COLUMNS = ("reason", "because", "order_id", "document", "message_id", "resource", "source")
"""The columns of free text: codes into the words that a log brings along."""
FACT_COLUMNS = COLUMN_NAMES[: COLUMN_NAMES.index("because") + 1]
"""What a replication decides, and every log stores; `at` stands for `time_ms` outside simulations."""
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
    """The words of the column `reason` in simulations; a real log may have others. A quality check has its finding there."""

    SELLER = "seller"
    MISSING_UNITS = "missing units"
    STEP_TWO = "step two after the packing error"
    TECHNICAL_ISSUE = "technical issue"
    SLA_BREACH = "SLA breach"
    AJIO_BY_HAND = "Ajio by hand"
    FACT_OF_THE_FLOW = "fact of the flow"
    LATE = "late"
    RETURN_TO_ORIGIN = "return to origin"
    CUSTOMER_RETURN = "customer return"


MISSING_UNITS_GAP = "GAP-40"
"""The gap behind a cancellation because of missing units; it says who asks for what, and is no part of the engine's answer."""


class EventRow(NamedTuple):
    """A row of the log in words; an empty cell is an empty text, and of `time_ms`, `value_paise` and `row` `None`."""

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
        """Whether the event cancels the whole order, whoever asked."""
        ended = self.event == Event.CANCELLATION and (self.outcome, self.scope) == (Outcome.ALLOWED, Scope.FULL)
        return ended or self.event == Event.CANCELLED_BY_CUSTOMER
