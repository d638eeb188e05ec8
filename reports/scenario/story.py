"""The life of one order as a reader follows it: what happened, where, when, and which sentence of the SOP decided."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orders.log.calendar import DAY, HOUR, MINUTE
from orders.log.event_log import NAMES, Event, System
from orders.log.order_histories import OrderHistory
from sop_engine import EInvoice, Invoicing, Outcome, Rulebook
from sop_engine.ids import ID
from sop_engine.text import WEEKDAYS, counted

WORDS: dict[str, str] = {
    Event.CREATED: "The customer orders {units}",
    Event.UNFULFILLABLE: "No stock yet",
    Event.ALLOCATED: "Stock is reserved: FULFILLABLE",
    Event.ACKNOWLEDGED: "Acknowledged; the customer's time to cancel is over",
    Event.POSTED: "Posted to the client's ERP",
    Event.CANCELLED_BY_CUSTOMER: "The customer cancels",
    Event.INVOICED: "The e-invoice is made",
    Event.PUSHED: "The e-invoice is pushed to Assure",
    Event.RELEASED: "Released to the warehouse: PROCESSING",
    Event.PICK_STARTED: "Picking begins",
    Event.PICKED: "Picked",
    Event.PACK_STARTED: "Packing begins",
    Event.PACKING_ERROR: "Packing error: a part was cancelled at Ajio",
    Event.PACKED: "Packed: {units}",
    Event.READY: "The manifest closes: READY TO DISPATCH",
    Event.DISPATCHED: "Dispatched",
    Event.CREDIT_NOTE_DUE: "The client must make a credit note",
    Event.CREDIT_NOTE_MADE: "The client has made the credit note",
    Event.RETURN_REQUESTED: "The customer asks to return {units}",
    Event.RETURN_RECEIVED: "{units} back in the warehouse",
    Event.QUALITY_CHECK: "Quality check of {units}",
}
SHORT: dict[str, str] = {
    Event.CREATED: "order placed",
    Event.ALLOCATED: "stock reserved",
    Event.CANCELLED_BY_CUSTOMER: "customer cancels",
    Event.INVOICED: "e-invoice made",
    Event.READY: "manifest closes",
    Event.RETURN_RECEIVED: "return received",
    Event.QUALITY_CHECK: "quality check",
}
PAPER: dict[str, str] = {
    EInvoice.NOT_POSTED: "not yet posted to the ERP",
    EInvoice.POSTED: "posted, no e-invoice yet",
    EInvoice.GENERATED: "with an e-invoice",
    EInvoice.PUSHED: "with an e-invoice, pushed",
}
BAD: frozenset[str] = frozenset({Event.PACKING_ERROR, Event.CREDIT_NOTE_DUE, Event.UNFULFILLABLE})


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: *lane* counts the systems, *short* is for the picture, *ids* are the clauses and gaps that decided."""

    number: int
    when: str
    day: int
    lane: int
    short: str
    says: str
    detail: str
    ids: tuple[str, ...]
    decision: bool
    bad: bool


@dataclass(frozen=True, slots=True)
class Because:
    """A clause or gap that decided, in our own words; *steps* are the events it decided. A gap says what we assume."""

    id: str
    text: str
    gap: bool
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An order's life: its *title*, a sentence that sums it up, the systems as *lanes*, and what happened."""

    title: str
    summary: str
    lanes: tuple[str, ...]
    happenings: tuple[Happening, ...]
    because: tuple[Because, ...]


def story(life: OrderHistory, rulebook: Rulebook) -> Story:
    """The story of *life*, told with the sentences of *rulebook*."""
    invoicer = System.RMS if life.invoicing is Invoicing.RMS else System.ERP
    rows = [dict(zip(NAMES, row, strict=True)) for row in life.rows]
    lanes = [str(System.AJIO), str(System.OMS), str(System.WMS), str(invoicer)]
    lanes += [system for system in dict.fromkeys(str(row["system"]) for row in rows) if system not in lanes]
    known = _sentences(rulebook)
    happenings = tuple(_happening(k, row, lanes, known) for k, row in enumerate(rows, 1))
    steps: dict[str, list[int]] = {}
    for each in happenings:
        for identifier in each.ids:
            steps.setdefault(identifier, []).append(each.number)
    by = "RMS" if invoicer is System.RMS else "the client's ERP"
    return Story(
        title=f"Order {life.number}: {counted(life.units, 'unit')}, e-invoiced by {by}",
        summary=". ".join(_summary(rows)) + "." if rows else "Nothing happened.",
        lanes=tuple(lanes),
        happenings=happenings,
        because=tuple(Because(each, *known[each], tuple(steps[each])) for each in steps),
    )


def moment(time_ms: int) -> str:
    """Weekday and time of a simulated moment; the weeks after the first are counted."""
    day, rest = divmod(int(time_ms), DAY)
    week = f" wk {day // 7 + 1}" if day >= len(WEEKDAYS) else ""
    return f"{WEEKDAYS[day % 7]}{week} {rest // HOUR:02}:{rest % HOUR // MINUTE:02}"


def _happening(number: int, row: Mapping[str, Any], lanes: Sequence[str], known: Mapping[str, tuple[str, bool]]) -> Happening:
    event, detail = str(row["event"]), str(row["detail"])
    ids = tuple(dict.fromkeys(each for each in ID.findall(detail) if each in known))
    asked = event == Event.CANCELLATION
    return Happening(
        number=number,
        when=moment(row["time_ms"]),
        day=int(row["time_ms"]) // DAY,
        lane=lanes.index(str(row["system"])),
        short=f"asks to cancel: {row['outcome']}" if asked else SHORT.get(event, event),
        says=_request(row) if asked else WORDS.get(event, event).format(units=counted(int(row["units"]), "unit")),
        detail=_reason(detail, ids),
        ids=ids,
        decision=asked,
        bad=event in BAD or (asked and row["outcome"] != Outcome.ALLOWED),
    )


def _request(row: Mapping[str, Any]) -> str:
    what = "the whole order" if row["scope"] == "full" else counted(int(row["units"]), "unit")
    who = "The seller" if row["canceller"] == "seller" else "Ajio"
    paper = PAPER.get(str(row["e_invoice"]), "") if row["invoicing"] == Invoicing.ERP else ""
    standing = f"{row['stage']}, {paper}" if paper else str(row["stage"])
    return f"{who} asks to cancel {what} ({standing}): {row['outcome']}"


def _reason(detail: str, ids: Iterable[str]) -> str:
    """What *detail* says besides the ids: "SLA breach", "customer return"."""
    for identifier in ids:
        detail = re.sub(rf"{re.escape(identifier)}(?![\w.])", "", detail)
    return re.sub(r"\s+", " ", detail).strip(" :,")


def _summary(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    events = {str(row["event"]): row for row in reversed(rows)}
    for row in rows:
        if row["event"] == Event.CANCELLED_BY_CUSTOMER:
            yield "The customer cancelled in time"
        elif row["event"] == Event.CANCELLATION:
            yield _request(row).replace(" asks ", " asked ")
        elif row["event"] == Event.PACKING_ERROR:
            yield "At packing it failed"
    created = events.get(Event.CREATED)
    if Event.CREDIT_NOTE_DUE in events:
        yield "The client owed a credit note" + (" and made it" if Event.CREDIT_NOTE_MADE in events else "")
    if Event.DISPATCHED in events and created is not None:
        took = (int(events[Event.DISPATCHED]["time_ms"]) - int(created["time_ms"])) / HOUR
        yield f"It left after {took:.0f} hours"
    elif rows:
        yield "It was never dispatched"
    if Event.RETURN_RECEIVED in events:
        yield f"Units came back: {events[Event.RETURN_RECEIVED]['detail']}"


def _sentences(rulebook: Rulebook) -> dict[str, tuple[str, bool]]:
    """What each id says, and whether it is a gap, of which the reading is told that we chose."""
    return {clause.id: (clause.text, False) for clause in rulebook.clauses} | {
        gap.id: (f"{gap.title}{'' if gap.title.endswith('?') else '.'} We assume: {gap.chosen}.", True) for gap in rulebook.gaps
    }
