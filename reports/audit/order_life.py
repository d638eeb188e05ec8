"""The life of one order, from everything that the files say of it: events, requests with their answers, documents, duties, findings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orders.amounts import rupees
from orders.audit.answers import possible_answers
from orders.audit.tables import TIMES, Observed
from orders.log.india import INDIA
from orders.row_places import RowPlaces
from reports.audit.material import AuditMaterial, records
from reports.audit.sheets import source_names
from reports.audit.wording import RULES, day_text, duty_state, grounds, row_location, task_words
from reports.html.errors import ReportError
from sop_engine import SopError
from sop_engine.errors import did_you_mean
from sop_engine.text import MONTHS, counted, quoted

_DAY_MS = 86_400_000
EVENTS = {
    "created": "placed at Ajio",
    "allocated": "stock reserved: FULFILLABLE",
    "posted": "posted to the client's ERP",
    "invoiced": "e-invoice generated",
    "pushed": "e-invoice pushed to Increff",
    "released": "released to WMS: PROCESSING",
    "packed": "PACKED",
    "ready": "READY_TO_DISPATCH",
    "dispatched": "dispatched: COMPLETED",
    "cancelled": "request to cancel",
    "packing_failed": "packing failed",
}
"""The times of a request in words."""
BY = {"done": " by", "partly done": " by"}
"""How the credit note of a duty is named, by its status; of one that is not certain it is only something to look at."""
CARRIED_OUT = {Observed.YES: "carried out", Observed.NO: "not carried out", Observed.UNKNOWN: "whether it was carried out is unknown"}
FACT_WORDS = {"canceller": "cancelled by", "scope": "scope", "invoicing": "invoicing", "stage": "stage then", "e_invoice": "e-invoice then"}


@dataclass(frozen=True, slots=True)
class LifeLine:
    """An observation of an order: when, what, and the place in the files."""

    when: str
    what: str
    where: str


@dataclass(frozen=True, slots=True)
class RequestAnswer:
    """A request to cancel and its answer.

    Attributes:
        facts: each fact with the words that it can have had.
        answer: the outcome, or the outcomes that are possible; missing: the facts that would decide.
    """

    where: str
    facts: tuple[tuple[str, str], ...]
    answer: str
    clauses: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderLife:
    """What the files say of one order."""

    order: str
    key: str
    events: tuple[LifeLine, ...]
    answers: tuple[RequestAnswer, ...]
    documents: tuple[LifeLine, ...]
    duties: tuple[LifeLine, ...]
    findings: tuple[LifeLine, ...]
    set_aside: tuple[LifeLine, ...]


def order_key(order: str) -> str:
    """Return the key of *order*, written as in a file.

    Raises:
        SopError: it is empty.
    """
    key = order.strip().removeprefix("'").strip().upper()
    if not key:
        raise SopError("no order is named; give its number")
    return key


def order_life(order: str, material: AuditMaterial) -> OrderLife:
    """Return the life of *order*, written as in a file.

    Raises:
        SopError: it is empty, or no file names it.
    """
    key = order_key(order)
    by_table = {
        name: _of_order(getattr(material, name), key) for name in ("requests", "documents", "answers", "duties", "findings", "rows")
    }
    if not any(by_table[name] for name in ("requests", "documents", "rows", "findings", "duties")):
        owners = _orders_of_document(key, material)
        if owners:
            raise ReportError(f"order {quoted(order)}", "this is the number of a document", f"name its order: {' or '.join(owners)}")
        named = {text for name in ("requests", "documents") for text in getattr(material, name)["order_key"].unique().to_pylist() if text}
        raise ReportError(f"order {quoted(order)}", "no file of this audit names it", did_you_mean(key, sorted(named)))
    names = source_names(material)
    texts = [
        record["order_text"]
        for name in ("requests", "documents", "rows", "duties", "findings")
        for record in by_table[name]
        if record.get("order_text")
    ]
    return OrderLife(
        texts[0] if texts else order,
        key,
        tuple(_events(by_table["requests"], names)),
        tuple(_answers(by_table["answers"], material, names)),
        tuple(
            _documents(
                _with_seen(by_table, material),
                names,
                {source["source"] for source in records(material.sources) if "counts" in source["has"]},
            )
        ),
        tuple(LifeLine(day_text(duty["since"]), _duty_text(duty), grounds(duty)) for duty in by_table["duties"]),
        tuple(LifeLine(finding["rule"], _finding_text(finding), grounds(finding)) for finding in by_table["findings"]),
        tuple(_set_aside(by_table["rows"], names)),
    )


def _with_seen(by_table: Mapping[str, list[dict[str, Any]]], material: AuditMaterial) -> list[dict[str, Any]]:
    """Return the documents that name the order, and those that its duties and findings rest on: a credit note can name its e-invoice only."""
    documents = by_table["documents"]
    seen: dict[int, set[int]] = defaultdict(set)
    for record in (*by_table["duties"], *by_table["findings"]):
        for of_row in record["seen"]:
            seen[of_row["source"]].add(of_row["row"])
    for document in documents:
        seen[document["source"]].discard(document["row"])
    table = material.documents
    for source, rows in sorted(seen.items()):
        wanted = pc.and_(pc.equal(table["source"], source), pc.is_in(table["row"], pa.array(sorted(rows), table["row"].type)))
        documents = [*documents, *records(table.filter(wanted))]
    return documents


def _orders_of_document(key: str, material: AuditMaterial) -> list[str]:
    """Return the orders of the documents whose number is *key*, as the files have them."""
    columns = ((material.documents, "number_key"), (material.requests, "invoice_key"))
    texts = [table.filter(pc.equal(table[name], key))["order_text"] for table, name in columns if name in table.column_names]
    return sorted({text for column in texts for text in column.to_pylist() if text})


def life_lines(life: OrderLife) -> Iterator[str]:
    """Yield the life of an order as lines of text."""
    yield f"order {life.order}"
    sections = (
        ("what the files say", life.events),
        ("documents", life.documents),
        ("duties", life.duties),
        ("findings", life.findings),
        ("rows set aside", life.set_aside),
    )
    for title, lines in sections[:1]:
        yield from _section(title, lines)
    for answer in life.answers:
        yield ""
        yield f"the SOP's answer to {answer.where}"
        for name, words in answer.facts:
            yield f"  {name:15} {words}"
        yield f"  {'answer':15} {answer.answer}" + (f" (bring: {', '.join(answer.missing)})" if answer.missing else "")
        yield f"  {'because of':15} {', '.join(answer.clauses) or 'no clause'}"
    for title, lines in sections[1:]:
        yield from _section(title, lines)


def _section(title: str, lines: Iterable[LifeLine]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if not number:
            yield ""
            yield title
        yield f"  {line.when:18} {line.what}" + (f"  [{line.where}]" if line.where else "")


def _of_order(table: pa.Table, key: str) -> list[dict[str, Any]]:
    return list(records(table.filter(pc.equal(table["order_key"], key))))


def _events(requests: list[dict[str, Any]], names: RowPlaces) -> Iterator[LifeLine]:
    """Yield the events of all requests by time; of rows with the same event, only the first."""
    seen: dict[tuple[int, int, str], LifeLine] = {}
    for request in requests:
        for name in TIMES:
            start, end = request.get(f"{name}_start"), request.get(f"{name}_end")
            if start is not None and end is not None:
                what = EVENTS[name]
                if name == "cancelled":
                    what = f"{_request_text(request)}: {CARRIED_OUT[Observed(request['carried_out'] or 0)]}"
                elif name == "invoiced" and request["invoice_text"]:
                    what = f"{what}: {request['invoice_text']}"
                seen.setdefault((start, end, what), LifeLine(_when(start, end), what, row_location(request, names)))
        if request["is_cancellation"] and request.get("cancelled_start") is None:
            seen.setdefault(
                (1 << 62, request["row"], _request_text(request)), LifeLine("no time", _request_text(request), row_location(request, names))
            )
        if request["channel_status"]:
            status = f"today {request['channel_status']}" + (", SLA breached" if request["sla_breached"] else "")
            seen.setdefault((1 << 63, request["row"], status), LifeLine("as exported", status, row_location(request, names)))
    yield from (seen[moment] for moment in sorted(seen))


def _request_text(request: dict[str, Any]) -> str:
    units = (
        f" {request['units_cancelled']} of {counted(request['units'], 'unit')}" if request["units_cancelled"] and request["units"] else ""
    )
    return f"{EVENTS['cancelled']}{units}"


def _answers(answers: list[dict[str, Any]], material: AuditMaterial, names: RowPlaces) -> Iterator[RequestAnswer]:
    table = possible_answers(material.reading)
    for answer in answers:
        decided = table.decided(answer["key"])
        outcome, clauses, gaps = (decided.parts[name] for name in ("outcome", "clauses", "gaps"))
        facts = tuple((FACT_WORDS[name], " or ".join(words)) for name, words in decided.possible.facts.items())
        grounds_of = tuple(dict.fromkeys(item for part in (clauses, gaps) for distinct in part.distinct for item in distinct))
        missing = () if outcome.certain else tuple(FACT_WORDS[name] for name in outcome.depends_on)
        yield RequestAnswer(row_location(answer, names), facts, " or ".join(map(str, outcome.distinct)), grounds_of, missing)


def _documents(documents: list[dict[str, Any]], names: RowPlaces, with_states: Collection[int]) -> Iterator[LifeLine]:
    """Yield the documents; those of the sources *with_states* can have none there."""
    for document in sorted(documents, key=lambda item: (item["dated_start"] or 0, item["source"], item["row"])):
        when = _when(document["dated_start"], document["dated_end"]) if document["dated_start"] is not None else "no date"
        parts = [str(document["kind"]), document["number_text"] or "without a number", rupees(document["value_paise"])]
        if document["original_text"]:
            parts.append(f"for {document['original_text']}")
        if document["counts"] is False or document["cancelled"]:
            parts.append("(void, draft or cancelled)")
        elif document["counts"] is None and document["source"] in with_states:
            parts.append("(no state: is it made?)")
        yield LifeLine(when, " ".join(filter(None, parts)), row_location(document, names))


def _duty_text(duty: dict[str, Any]) -> str:
    text = f"{duty['modality']} {task_words(duty['task'])}"
    if duty["invoice"]:
        text += f" for {duty['invoice']} {rupees(duty['value_paise'])}".rstrip()
    text += f": {duty_state(duty)}"
    if duty["done_by"]:
        text += f"{BY.get(duty['status'], ', see')} {duty['done_by']}" + (f" on {day_text(duty['done_on'])}" if duty["done_on"] else "")
    return text + (f" ({duty['remark']})" if duty["remark"] else "")


def _finding_text(finding: dict[str, Any]) -> str:
    kind = "uncertain" if finding["cannot_tell"] else finding["strength"]
    return f"{RULES.get(finding['rule'], '')} [{kind}]: {finding['text']} {finding['remedy']}".rstrip()


def _set_aside(rows: list[dict[str, Any]], names: RowPlaces) -> Iterator[LifeLine]:
    for row in rows:
        for why in row["reasons"] or ():
            column = f"column {why['letter']}" if why["letter"] else ""
            yield LifeLine(column, f"{why['message']}; {why['remedy']}", row_location(row, names))


def _when(start: int, end: int) -> str:
    """Return a time in India as exactly as it is known."""
    moment = datetime.fromtimestamp(0, UTC).astimezone(INDIA) + timedelta(milliseconds=start)
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return day if end - start >= _DAY_MS else f"{day} {moment:%H:%M}"
