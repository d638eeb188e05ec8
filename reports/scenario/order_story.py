"""The history of one order for a reader: what happened, where, when, and which clause of the SOP decided; and its chart.

The chart has a lane for each system, time downwards, and a mark for each event.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from orders.log.calendar import DAY, HOUR, MINUTE
from orders.log.columns import Event, EventRow, System
from orders.log.event_words import CAUSES, canceller_in_words, reason_in_words, sentence_of, short_form_of, with_cause
from orders.log.order_histories import OrderHistory
from orders.log.timestamps import START_MS
from reports.svg.elements import box, dot, element, label, line, picture
from sop_engine import EInvoice, Invoicing, Outcome, Rulebook, Scope
from sop_engine.text import WEEKDAYS, counted, sentence_case

PAPER: dict[str, str] = {
    EInvoice.NOT_POSTED: "not yet posted to the ERP",
    EInvoice.POSTED: "posted, no e-invoice yet",
    EInvoice.GENERATED: "e-invoice generated",
    EInvoice.PUSHED: "e-invoice pushed",
}
HEAD, STEP, FOOT = 34.0, 38.0, 10.0
FIRST, LAST = 15.0, 100.0
_MARK = 9.0
BAD: frozenset[str] = frozenset({Event.PACKING_ERROR, Event.CREDIT_NOTE_DUE, Event.UNFULFILLABLE})


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One event: *lane* counts the systems, *short* is for the picture, *ids* are the clauses and gaps that decided."""

    number: int
    when: str
    day: int
    lane: int
    short: str
    sentence: str
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
        sentence=sentence_case(sentence),
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
            yield sentence_case(_request(row, asks="asked"))
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
        gap.id: (f"{gap.title}{'' if gap.title.endswith('?') else '.'} {gap.basis[0].upper()}{gap.basis[1:]}: {gap.chosen}.", True)
        for gap in rulebook.gaps
    }


def swim_lane_chart(story: OrderStory) -> Markup:
    """Draw the chart; each mark has the number of its row in the table of the same events."""
    count = len(story.lanes)
    wide = (LAST - FIRST) / count
    places = [FIRST + wide * k + 2.5 for k in range(count)]
    height = HEAD + STEP * len(story.events) + FOOT
    parts: list[Markup] = []
    for k, name in enumerate(story.lanes):
        parts.append(box(FIRST + wide * k, 0, wide - 0.6, height, "lane"))
        parts.append(label(FIRST + wide * k, 20, name, "lane-name", dx=6))
        parts.append(label(FIRST + wide * k, 20, name.split()[-1], "lane-short", dx=6))
        parts.append(line(places[k], HEAD - 4, places[k], height - 4, "grid"))
    centres = [HEAD + STEP * (k + 0.5) for k in range(len(story.events))]
    for k in range(len(centres) - 1):
        from_x, to_x = places[story.events[k].lane], places[story.events[k + 1].lane]
        turn = centres[k] + STEP / 2
        parts.append(line(from_x, centres[k], from_x, turn, "way"))
        parts += [line(from_x, turn, to_x, turn, "way")] if from_x != to_x else []
        parts.append(line(to_x, turn, to_x, centres[k + 1], "way"))
    day = -1
    for event, y in zip(story.events, centres, strict=True):
        if event.day != day:
            parts.append(line(0, y - STEP / 2, 100, y - STEP / 2, "midnight"))
        parts += _mark(event, places[event.lane], y, new_day=event.day != day)
        day = event.day
    return picture(story.title, f"{story.summary} The table has every step.", height, parts, "lanes")


def _mark(event: StoryEvent, x: float, y: float, *, new_day: bool) -> list[Markup]:
    date, _, time = event.when.rpartition(" ")
    kind = ("decision" if event.decision else "event") + (" bad" if event.bad else "")
    when = element("tspan", f"{date} " if new_day else "", class_="date")
    shape = (
        element("svg", element("path", d="M0 -11L11 0L0 11L-11 0Z", class_=f"mark {kind}"), x=f"{x:.3f}%", y=y, overflow="visible")
        if event.decision
        else dot(x, y, _MARK, f"mark {kind}")
    )
    why = " ".join(event.ids[:2]) + (f" +{len(event.ids) - 2}" if len(event.ids) > 2 else "")  # noqa: PLR2004 (as many as there is room for)
    two = bool(why) and event.decision
    words = [label(x, y - 2 if two else y + 4, event.short, "short", dx=15)]
    return [
        element("text", when, time, x="0", y=y + 4, class_="when"),
        shape,
        label(x, y + 4, str(event.number), "count", "middle"),
        *words,
        *([label(x, y + 11, why, "why", dx=15)] if two else []),
    ]
