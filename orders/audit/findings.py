"""A finding of a rule, what a row says in a few words, and findings as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from orders.audit.cancellations import Cancellations
from orders.audit.result_tables import FINDINGS, SEEN
from orders.audit.rows.columns import ABSENT, NEVER
from orders.audit.rows.days import day_at
from orders.audit.rows.evidence import Evidence
from orders.audit.tables import WORDS, Observed
from sop_engine.text import MONTHS, counted


class Strength(StrEnum):
    """Strengths of a finding: it counts, it is an open question, or it is only information."""

    MUST = "must"
    ASK = "ask"
    INFO = "info"


class Seen(NamedTuple):
    """What a finding rests on: the source, the row there, and what it says."""

    source: int
    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding; the fields are the columns of `FINDINGS`, and *order* is the number of the order or ABSENT."""

    rule: str
    strength: Strength
    order: int
    text: str
    remedy: str
    clauses: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    document: str | None = None
    basis: str | None = None
    cannot_tell: bool = False
    since: date | None = None
    seen: tuple[Seen, ...] = ()


def findings_table(findings: Sequence[Finding], evidence: Evidence) -> pa.Table:
    """Return *findings* as a table, sorted by order, rule, document and text."""
    keys = {order: "" if order == ABSENT else evidence.orders.keys[order] for order in {finding.order for finding in findings}}

    def place(finding: Finding) -> tuple[object, ...]:
        return keys[finding.order], finding.rule, finding.document or "", finding.text, finding.seen

    ordered = sorted(findings, key=place)
    orders = np.array([finding.order for finding in ordered], dtype=np.int64)
    columns = {
        "rule": [finding.rule for finding in ordered],
        "strength": [str(finding.strength) for finding in ordered],
        "order_key": evidence.order_keys(orders),
        "order_text": evidence.order_texts(orders),
        "document": [finding.document for finding in ordered],
        "text": [finding.text for finding in ordered],
        "remedy": [finding.remedy for finding in ordered],
        "clauses": [finding.clauses for finding in ordered],
        "gaps": [finding.gaps for finding in ordered],
        "basis": [finding.basis for finding in ordered],
        "cannot_tell": [finding.cannot_tell for finding in ordered],
        "since": [finding.since for finding in ordered],
        "seen": seen_array([finding.seen for finding in ordered]),
    }
    return pa.table(columns, schema=FINDINGS)


def seen_array(rows: Sequence[Sequence[Seen]]) -> pa.Array:
    """Return what each of *rows* rests on as a column; its structures are built column by column, because there can be very many."""
    flat = [seen for row in rows for seen in row]
    ends = pa.array(np.cumsum([0, *(len(row) for row in rows)]), pa.int32())
    parts = [pa.array([seen[place] for seen in flat], SEEN[place].type) for place in range(len(SEEN))]
    return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays(parts, fields=list(SEEN)))


RESULTS = {int(Observed.YES): "carried out", int(Observed.NO): "not carried out"}


@cache
def words_of(name: str, bits: int) -> str:
    """Return a set of words as text: one word, several with *or*, or *unknown*."""
    words = [word for place, word in enumerate(WORDS[name]) if bits >> place & 1]
    return "unknown" if len(words) == len(WORDS[name]) else " or ".join(words)


def request_seen(evidence: Evidence, cancellations: Cancellations, place: int) -> Seen:
    """Return what the row of a request says."""
    row = cancellations.rows.item(place)
    requests = evidence.requests
    who = words_of("canceller", cancellations.canceller.item(place))
    units, ordered, start = cancellations.units.item(place), requests["units"].item(row), cancellations.start.item(place)
    parts = [f"{'canceller unknown' if who == 'unknown' else who} cancels {_quantity(units, ordered)}"]
    if start != NEVER:
        day = day_at(start)
        parts.append(f"on {day.day} {MONTHS[day.month - 1]} {day.year}")
    parts.append(f"stage {words_of('stage', cancellations.stage.item(place))}")
    parts.append(f"e-invoice {words_of('e_invoice', cancellations.e_invoice.item(place))}")
    result = "error at packing" if requests["packing_error"].item(row) else RESULTS.get(requests["carried_out"].item(row))
    return Seen(requests["source"].item(row), requests["row"].item(row), ", ".join([*parts, *([result] if result else [])]))


def order_seen(evidence: Evidence, row: int, text: str) -> Seen:
    """Return *text* about a row of `REQUESTS`."""
    return Seen(int(evidence.requests["source"][row]), int(evidence.requests["row"][row]), text)


def _quantity(units: int, ordered: int) -> str:
    if units == ABSENT:
        return "an unknown quantity"
    return f"{units} of {ordered} units" if ordered not in (ABSENT, 1) else counted(units, "unit")
