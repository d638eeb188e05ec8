"""Returned units: what the RSI report should list, and rules T-1 to T-5, which compare it with the ERP's inward POs, GRNs and credit notes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.coverage import Absence, Proof, absence_text
from orders.audit.findings import Finding, Seen, Strength
from orders.audit.order_invoices import invoice_texts
from orders.audit.result_tables import RETURNED_UNITS
from orders.audit.rows.columns import ABSENT, NEVER, flags_of
from orders.audit.rows.days import day_at, day_column, day_numbers
from orders.audit.rows.numbering import key_column
from orders.audit.rules.context import Context, Rule
from orders.audit.rules.vms_report import rows_set_aside, sorted_list
from orders.audit.tables import Claim, Kind, System

PROCESSED = "GAP-42"
OPTIONAL = "GAP-32"
NOTE_AND_RSI = "GAP-56"
CHECKED = ("pass", "fail", "missing")
"""Quality checks after which a return counts as processed (GAP-42)."""
ALL_SYSTEMS = tuple(System)
ORDER_AND_UNIT: Final = ("order_key", "unit")
_NO_ORDER: Final = "It names no order; enter it."


@dataclass
class _OfOrder:
    """The documents of the returns of one order, by kind: their places."""

    places: dict[Kind, list[int]] = field(default_factory=lambda: defaultdict(list))


class _Returns:
    """The documents of returns by order; built once for each rule, from few documents."""

    def __init__(self, context: Context) -> None:
        self.context, self.columns = context, context.evidence.documents
        kinds = (Kind.RETURN, Kind.RSI, Kind.PO, Kind.GRN)
        self.by_order: dict[int, _OfOrder] = defaultdict(_OfOrder)
        wanted = np.isin(self.columns["kind"], kinds) & (self.columns["order"] != ABSENT)
        for place in np.flatnonzero(wanted).tolist():
            self.by_order[int(self.columns["order"][place])].places[Kind(self.columns["kind"][place])].append(place)
        quality = context.evidence.texts.documents
        self.quality = quality.column("quality_check").to_pylist() if "quality_check" in quality.column_names else None
        self.sources_of = {kind: self._sources(kind) for kind in kinds}

    def _sources(self, kind: Kind) -> tuple[int, ...]:
        """Return the sources that have documents of *kind*, and the RSI report; inward POs and GRNs are expected in one place."""
        kinds = (Kind.PO, Kind.GRN) if kind in (Kind.PO, Kind.GRN) else (kind,)
        having = {source for of_kind in kinds for source in self.context.evidence.facts.kinds(of_kind)}
        if kind is Kind.RSI:
            having |= set(self.context.coverage.sources((System.RSI,)))
        return tuple(sorted(having))

    def check(self, place: int) -> str:
        """Return the quality check of a document, `not recorded` if it has none."""
        return (self.quality[place] if self.quality is not None else None) or "not recorded"

    def records_checks(self, place: int) -> bool:
        """Return whether the source of a document has a column for the quality check."""
        return "quality_check" in self.context.evidence.sources[int(self.columns["source"][place])]["has"]

    def quantity(self, places: list[int]) -> int:
        """Return the units of *places*; a row without a number is one unit."""
        return sum(max(int(self.columns["units"][place]), 1) for place in places)

    def seen(self, places: list[int]) -> tuple[Seen, ...]:
        """Return what the rows of *places* say."""
        return tuple(sorted(self.context.ledger.rows.seen(place) for place in places))

    def absence(self, order: int, kind: Kind, near: list[int]) -> Absence:
        """Return what it means that *order* has no document of *kind*, on the day of the documents *near*."""
        sources = self.sources_of[kind]
        if not sources:
            return Absence(Proof.NO_SOURCE)
        starts = [int(self.columns["dated_start"][place]) for place in near if self.columns["dated_start"][place] != NEVER]
        day = day_at(min(starts)) if starts else None
        rows = tuple(seen for seen in self.context.coverage.aside(ALL_SYSTEMS, order) if seen.source in sources)
        if rows:
            return Absence(Proof.ASIDE, tuple(dict.fromkeys(seen.source for seen in rows)), rows)
        claims = (Claim.RETURNS,) if kind in (Kind.RETURN, Kind.RSI) else (Claim.DOCUMENTS,)
        claiming = self.context.coverage.claiming(sources, claims, day, day)
        return Absence(Proof.MISSING, claiming) if claiming else Absence(Proof.UNCLAIMED, sources)


def rsi_and_returns(context: Context) -> Iterator[Finding]:
    """Yield T-1: an RSI line without a return, and a processed return without an RSI line."""
    returns = _Returns(context)
    for order, documents in returns.by_order.items():
        lines, back = documents.places[Kind.RSI], documents.places[Kind.RETURN]
        if lines and not back and returns.sources_of[Kind.RETURN]:
            absence = returns.absence(order, Kind.RETURN, lines)
            text = f"The RSI report has the order. {absence_text(absence, context.coverage, 'return of it')}{context.order_hint(order)}"
            strength = Strength.MUST if absence.proof is Proof.MISSING else Strength.ASK
            yield _return_finding(returns, "T-1", strength, order, text, lines, ("RT-RSI-1", "RT-RSI-2"), (PROCESSED,), absence)
        processed = [place for place in back if returns.check(place) in CHECKED]
        if processed and not lines and returns.sources_of[Kind.RSI]:
            absence = returns.absence(order, Kind.RSI, processed)
            text = f"A return of the order is processed. {absence_text(absence, context.coverage, 'RSI line of it')}{context.order_hint(order)}"
            yield _return_finding(returns, "T-1", Strength.INFO, order, text, processed, ("RT-RSI-1", "RT-RSI-2"), (PROCESSED,), absence)


def stock_documents(context: Context) -> Iterator[Finding]:
    """Yield T-2: a returned unit of the RSI report without inward PO or GRN."""
    returns = _Returns(context)
    for order, documents in returns.by_order.items():
        lines = documents.places[Kind.RSI]
        gone = bool(documents.places[Kind.RETURN]) and {returns.check(place) for place in documents.places[Kind.RETURN]} == {"missing"}
        kept = [place for place in lines if not gone and returns.check(place) != "missing"]
        missing = [kind for kind in (Kind.PO, Kind.GRN) if not documents.places[kind]]
        sources = any(returns.sources_of[kind] for kind in missing)
        if not kept or not missing or not (sources or context.options.stock_in_erp):
            continue
        absence = returns.absence(order, missing[0], kept)
        text = f"The order came back, and has no {' and no '.join(missing)}. {absence_text(absence, context.coverage, missing[0])}"
        must = context.options.stock_in_erp and not absence.cannot_tell
        strength = Strength.MUST if must else Strength.INFO
        yield _return_finding(returns, "T-2", strength, order, text, kept, ("RT-RSI-3a", "RT-RSI-3b"), (OPTIONAL,), absence)


def booked_in_too_early(context: Context) -> Iterator[Finding]:
    """Yield T-3: a GRN of a missing unit; a GRN or RSI line of units of which no quality check is recorded where it would be."""
    returns = _Returns(context)
    for order, documents in returns.by_order.items():
        back, lines, receipts = (documents.places[kind] for kind in (Kind.RETURN, Kind.RSI, Kind.GRN))
        missing = returns.quantity([place for place in back or lines if returns.check(place) == "missing"])
        if receipts and missing and returns.quantity(receipts) > returns.quantity(back or lines) - missing:
            text = "A GRN books a unit that is missing."
            yield _return_finding(returns, "T-3", Strength.ASK, order, text, [*back, *lines, *receipts], (), (PROCESSED,))
        unchecked = [place for place in (*back, *lines) if returns.records_checks(place) and returns.check(place) not in CHECKED]
        checked = max(returns.quantity([place for place in places if returns.check(place) in CHECKED]) for places in (back, lines))
        booked = [*receipts, *lines]
        if unchecked and max(returns.quantity(lines), returns.quantity(receipts)) > checked:
            text = "It is booked or invoiced back, and no quality check is recorded."
            yield _return_finding(returns, "T-3", Strength.ASK, order, text, [*back, *booked], (), (PROCESSED,))


def returned_twice(context: Context) -> Iterator[Finding]:
    """Yield T-4: a unit returned twice, and more units back than were sent."""
    returns, requests = _Returns(context), context.evidence.requests
    for order, documents in returns.by_order.items():
        for kind in (Kind.RETURN, Kind.RSI):
            units: dict[tuple[int, int], list[int]] = defaultdict(list)
            for place in documents.places[kind]:
                if returns.columns["unit"][place] != ABSENT:
                    units[int(returns.columns["source"][place]), int(returns.columns["unit"][place])].append(place)
            for places in units.values():
                if len(places) > 1:
                    yield _return_finding(
                        returns, "T-4", Strength.MUST, order, f"One unit is returned {len(places)} times.", places, (), ()
                    )
        sent = [int(requests["units_shipped"][row]) for row in context.rows_of(order) if requests["units_shipped"][row] != ABSENT]
        ordered = [int(requests["units"][row]) for row in context.rows_of(order) if requests["units"][row] != ABSENT]
        most = sum(sent) if sent else max(ordered, default=None)
        back = documents.places[Kind.RETURN] or documents.places[Kind.RSI]
        if most is not None and back and returns.quantity(back) > most:
            text = f"{returns.quantity(back)} units came back, and {most} {'was' if most == 1 else 'were'} sent."
            yield _return_finding(returns, "T-4", Strength.MUST, order, text, back, (), ())


def note_and_rsi(context: Context) -> Iterator[Finding]:
    """Yield T-5: an RSI line and a credit note for one order."""
    returns = _Returns(context)
    notes = defaultdict(list)
    for note in context.ledger.notes:
        if note.counts:
            notes[context.ledger.order_of(note)].append(note)
    for order, documents in returns.by_order.items():
        lines = documents.places[Kind.RSI]
        if lines and notes.get(order):
            text = (
                f"The order has an RSI line and the credit note {', '.join(note.text for note in notes[order])}; either reverses the sale."
            )
            extra = tuple(seen for note in notes[order] for seen in note.seen)
            yield _return_finding(returns, "T-5", Strength.ASK, order, text, lines, (), (NOTE_AND_RSI, OPTIONAL), extra=extra)


def _return_finding(  # noqa: PLR0913 (the parts of a finding)
    returns: _Returns,
    rule: str,
    strength: Strength,
    order: int,
    text: str,
    places: list[int],
    clauses: tuple[str, ...],
    gaps: tuple[str, ...],
    absence: Absence | None = None,
    *,
    extra: tuple[Seen, ...] = (),
) -> Finding:
    starts = [int(returns.columns["dated_start"][place]) for place in places if returns.columns["dated_start"][place] != NEVER]
    return Finding(
        rule=rule,
        strength=strength,
        order=order,
        text=text,
        remedy="Compare the returns with the RSI report and the ERP.",
        clauses=clauses,
        gaps=gaps,
        basis=None if gaps else "ours",
        cannot_tell=absence is not None and absence.cannot_tell,
        since=day_at(min(starts)) if starts else None,
        seen=(*returns.seen(places), *(absence.rows if absence is not None else ()), *extra),
    )


def returned_units(context: Context) -> pa.Table:
    """Return the list as `RETURNED_UNITS`."""
    evidence, documents, table = context.evidence, context.evidence.documents, context.evidence.texts.documents
    checks = key_column(table, "quality_check")
    is_recorded = flags_of(pc.is_in(checks, pa.array(CHECKED)))
    places = np.flatnonzero((documents["kind"] == Kind.RETURN) & is_recorded)
    orders, units = documents["order"][places], documents["units"][places]
    at = pa.array(places)
    listed = pa.table(
        {
            "order_key": evidence.order_keys(orders),
            "order_text": evidence.order_texts(orders),
            "unit": key_column(table, "unit_key").take(at),
            "units": pa.array(units.astype(np.int32), mask=units == ABSENT),
            "quality_check": checks.take(at),
            "received_on": day_column(day_numbers(documents["dated_start"][places])),
            "invoices": invoice_texts(evidence, orders),
            "left_out": pa.array([_NO_ORDER], pa.string()).take(pa.array(np.zeros(len(places), np.int64), mask=orders != ABSENT)),
            "source": documents["source"][places],
            "row": documents["row"][places],
        },
        schema=RETURNED_UNITS,
    )
    of_returns = [source["source"] for source in evidence.sources if "quality_check" in source["has"] and source["system"] != System.RSI]
    aside = rows_set_aside(evidence, np.flatnonzero(np.isin(evidence.aside["source"], of_returns)), RETURNED_UNITS)
    return sorted_list(pa.concat_tables([listed, aside]), ORDER_AND_UNIT)


RULES = (
    Rule("T-1", "RSI line without a return, or the reverse", ("RT-RSI-1", "RT-RSI-2", PROCESSED), Strength.MUST, rsi_and_returns),
    Rule("T-2", "inward PO or GRN missing", ("RT-RSI-3a", "RT-RSI-3b", OPTIONAL), Strength.INFO, stock_documents),
    Rule("T-3", "booked in before or without its quality check", (PROCESSED,), Strength.ASK, booked_in_too_early),
    Rule("T-4", "returned twice, or more than was sent", ("ours",), Strength.MUST, returned_twice),
    Rule("T-5", "RSI line and credit note", (NOTE_AND_RSI, OPTIONAL), Strength.ASK, note_and_rsi),
)
