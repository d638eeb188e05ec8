"""The event log: one flat table of what happened, in the order of time, order and kind of event.

The rows of a log are columns of whole numbers until somebody reads them; words are looked up then. Every measure is a
function of such a table, and the digest is one of its rows, not of the bytes of a file or of the blocks it is read in.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from orders.log.arrays import IntArray
from sop_engine import Canceller, EInvoice, Invoicing, Outcome, Scope, Stage


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
    "detail": None,
}
"""Each column and its words; numbers where it has none, and `detail` is free text.

- time_ms: milliseconds since midnight in India of day 0, a Monday
- order: number of the order from 1, by arrival; 0 where the event is about no order
- stage, e_invoice: where the order stands after the event; for a cancellation of any kind, where it stood when it was asked for
- canceller, scope, outcome: of a cancellation by seller or Ajio, the case and the engine's answer; empty otherwise
- units: what the event is about: units ordered, asked for, packed, returned, or people at work; 0 where none
- detail: clauses and gaps that decided, or a word of explanation
"""

NAMES = tuple(COLUMNS)
WORDS = {name: {str(word): code for code, word in enumerate(words)} for name, words in COLUMNS.items() if words}
NONE = -1
Row = tuple[int, int, str, str, str, str, str, str, str, str, str, int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """Columns of whole numbers, sorted; *details* are the words of the last one, sorted."""

    columns: dict[str, IntArray]
    details: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.columns["order"])

    @classmethod
    def of(cls, parts: Sequence[Mapping[str, IntArray]], details: Sequence[str]) -> "Log":
        """The log of *parts*, each some rows as columns of codes; `detail` counts into *details*."""
        columns = {name: np.concatenate([part[name] for part in parts]) for name in NAMES}
        known = sorted({details[code] for code in np.flatnonzero(np.bincount(columns["detail"])).tolist()})
        place = {word: code for code, word in enumerate(known)}
        recoded = np.array([place.get(word, 0) for word in details], dtype=np.int64)
        columns["detail"] = recoded[columns["detail"]]
        order = _sorted(columns)
        return cls({name: column[order] for name, column in columns.items()}, tuple(known))

    @classmethod
    def from_rows(cls, rows: Sequence[Row]) -> "Log":
        """The log of *rows*, in any order."""
        details = sorted({row[-1] for row in rows})
        codes = {**WORDS, "detail": {word: code for code, word in enumerate(details)}}
        columns = {
            name: np.array([codes[name].get(str(row[k]), NONE) if name in codes else row[k] for row in rows], dtype=np.int64)
            for k, name in enumerate(NAMES)
        }
        return cls.of([columns], details)

    def rows(self) -> Iterator[Row]:
        """The rows in words; an empty cell is an empty text."""
        words = [self._words(name) for name in NAMES]
        return zip(*words, strict=True)

    def where(self, event: Event) -> "Log":
        """The rows of one kind of event."""
        mask = self.columns["event"] == WORDS["event"][event]
        return Log({name: column[mask] for name, column in self.columns.items()}, self.details)

    def slice(self, start: int, end: int) -> "Log":
        """The rows from place *start* to before *end*."""
        return Log({name: column[start:end] for name, column in self.columns.items()}, self.details)

    def digest(self) -> str:
        """SHA-256 of the rows, see `Digest`."""
        digest = Digest()
        digest.add(self)
        return digest.hexdigest()

    def _words(self, name: str) -> Sequence[object]:
        column: list[int] = self.columns[name].tolist()
        if name == "detail":
            return [self.details[code] for code in column]
        words = COLUMNS[name]
        if words is None:
            return column
        plain = [*map(str, words), ""]
        return [plain[code] for code in column]


class Digest:
    """The digest of a log that comes in pieces, in the order of its rows; how it is cut changes nothing.

    It is the SHA-256 of the SHA-256 of each column, in their order. A column is its cells in 8 bytes each, the lowest first: a number,
    the place of a word among the words of the column (-1 where there is none), and for `detail` the first 8 bytes of the SHA-256 of
    the text.
    """

    def __init__(self) -> None:
        self.columns = {name: hashlib.sha256() for name in NAMES}

    def add(self, log: Log) -> None:
        """The next rows."""
        words = np.array([int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little") for word in log.details], dtype="<u8")
        for name, column in self.columns.items():
            cells = log.columns[name]
            column.update((words[cells] if name == "detail" else np.ascontiguousarray(cells, dtype="<i8")).tobytes())

    def hexdigest(self) -> str:
        """Of the rows so far."""
        return hashlib.sha256(b"".join(column.digest() for column in self.columns.values())).hexdigest()


def _sorted(columns: dict[str, IntArray]) -> IntArray:
    """The order of time, order number and event; the other columns decide only where these are equal."""
    key = (columns["time_ms"] << 27) + (columns["order"] << 5) + columns["event"]
    if int(columns["order"].max(initial=0)) < 1 << 22 and int(columns["time_ms"].max(initial=0)) < 1 << 36:
        order = np.argsort(key, kind="stable")
        ranked = key[order]
        if not (ranked[1:] == ranked[:-1]).any():
            return order
    return np.lexsort([columns[name] for name in reversed(NAMES)])
