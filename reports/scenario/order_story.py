"""The history of one order for a reader: what happened, where, when, and which clause of the SOP decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orders.log.calendar import DAY, HOUR, MINUTE
from orders.log.columns import Event, EventRow, System
from orders.log.event_words import CAUSES, canceller_in_words, reason_in_words, sentence_of, short_form_of, with_cause
from orders.log.order_histories import OrderHistory
from orders.log.timestamps import START_MS
from sop_engine import EInvoice, Invoicing, Outcome, Rulebook, Scope
from sop_engine.text import WEEKDAYS, counted

PAPER: dict[str, str] = {
    EInvoice.NOT_POSTED: "not yet posted to the ERP",
    EInvoice.POSTED: "posted, no e-invoice yet",
    EInvoice.GENERATED: "e-invoice generated",
    EInvoice.PUSHED: "e-invoice pushed",
}
BAD: frozenset[str] = frozenset({Event.PACKING_ERROR, Event.CREDIT_NOTE_DUE, Event.UNFULFILLABLE})


@dataclass(frozen=True, slots=True)
class StoryEvent:
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
class StoryReason:
    """A clause or gap that decided, in our own words; *steps* are the events that it decided. A gap has the reading that we assume."""

    id: str
    text: str
    gap: bool
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OrderStory:
    """An order's history: its *title*, a summary in one sentence, the systems as *lanes*, and the events."""

    title: str
    summary: str
    lanes: tuple[str, ...]
    events: tuple[StoryEvent, ...]
    because: tuple[StoryReason, ...]


def order_story(life: OrderHistory, rulebook: Rulebook) -> OrderStory:
    """Build the history of *life* for a reader, with the clauses of *rulebook*."""
    invoicer = System.RMS if life.invoicing is Invoicing.RMS else System.ERP
    lanes = [str(System.AJIO), str(System.OMS), str(System.WMS), str(invoicer)]
    lanes += [system for system in dict.fromkeys(row.system for row in life.rows) if system not in lanes]
    texts = _texts_by_id(rulebook)
    events = tuple(_story_event(k, row, lanes, texts) for k, row in enumerate(life.rows, 1))
    steps: dict[str, list[int]] = {}
    for event in events:
        for identifier in event.ids:
            steps.setdefault(identifier, []).append(event.number)
    maker = "RMS" if invoicer is System.RMS else "the client's ERP"
    return OrderStory(
        title=f"Order {life.number}: {counted(life.units, 'unit')}, e-invoiced by {maker}",
        summary=". ".join(_summary(life.rows)) + "." if life.rows else "Nothing happened.",
        lanes=tuple(lanes),
        events=events,
        because=tuple(StoryReason(identifier, *texts[identifier], tuple(steps[identifier])) for identifier in steps),
    )


def weekday_and_time(at: int) -> str:
    """Format a simulated time, in UTC milliseconds, as weekday and time, from the second week on with the week's number."""
    day, rest = divmod(at - START_MS, DAY)
    week = f" wk {day // 7 + 1}" if day >= len(WEEKDAYS) else ""
    return f"{WEEKDAYS[day % 7]}{week} {rest // HOUR:02}:{rest % HOUR // MINUTE:02}"


def _story_event(number: int, row: EventRow, lanes: Sequence[str], texts: Mapping[str, tuple[str, bool]]) -> StoryEvent:
    is_request = row.event == Event.CANCELLATION
    sentence = _request(row) if is_request else sentence_of(row)
    unknown = [identifier for identifier in row.ids if identifier not in texts]
    return StoryEvent(
        number=number,
        when=weekday_and_time(row.at),
        day=(row.at - START_MS) // DAY,
        lane=lanes.index(row.system),
        short=f"asks to cancel: {row.outcome}" if is_request else short_form_of(row),
        says=_capitalised(sentence),
        detail=": ".join(filter(None, ("" if row.reason in CAUSES else reason_in_words(row), " ".join(unknown)))),
        ids=tuple(identifier for identifier in dict.fromkeys(row.ids) if identifier in texts),
        decision=is_request,
        bad=row.event in BAD or (is_request and row.outcome != Outcome.ALLOWED),
    )


def _request(row: EventRow, asks: str = "asks") -> str:
    quantity = "the whole order" if row.scope == Scope.FULL else counted(row.units, "unit")
    paper = PAPER.get(row.e_invoice, "") if row.invoicing == Invoicing.ERP else ""
    state = f"{row.stage}, {paper}" if paper else row.stage
    return with_cause(f"{canceller_in_words(row.canceller)} {asks} to cancel {quantity}", row) + f" ({state}): {row.outcome}"


def _summary(rows: Sequence[EventRow]) -> Iterator[str]:
    first = {row.event: row for row in reversed(rows)}
    for row in rows:
        if row.event == Event.CANCELLED_BY_CUSTOMER:
            yield "The customer cancelled in time"
        elif row.event == Event.CANCELLATION:
            yield _capitalised(_request(row, asks="asked"))
        elif row.event == Event.PACKING_ERROR:
            yield "Packing failed"
    created = first.get(Event.CREATED)
    if Event.CREDIT_NOTE_DUE in first:
        yield "A credit note was due" + (" and was made" if Event.CREDIT_NOTE_MADE in first else "")
    if Event.DISPATCHED in first and created is not None:
        yield f"It was dispatched after {(first[Event.DISPATCHED].at - created.at) / HOUR:.0f} hours"
    elif rows:
        yield "It was never dispatched"
    if Event.RETURN_RECEIVED in first:
        yield f"Units came back: {first[Event.RETURN_RECEIVED].reason}"


def _texts_by_id(rulebook: Rulebook) -> dict[str, tuple[str, bool]]:
    """Return the text of each id, and whether it is a gap; a gap's text is its assumed reading."""
    return {clause.id: (clause.text, False) for clause in rulebook.clauses} | {
        gap.id: (f"{gap.title}{'' if gap.title.endswith('?') else '.'} We assume: {gap.chosen}.", True) for gap in rulebook.gaps
    }


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
