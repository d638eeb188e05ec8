"""What an absence proves: whether a source claims to hold all of a range of days, and whether a row set aside names what is missing.

A row that could not be read can be the very one that is missing. A source that claims nothing proves nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import numpy as np

from orders.audit.findings import Seen
from orders.audit.rows.columns import ABSENT, Numbers
from orders.audit.rows.days import milliseconds_after
from orders.audit.rows.evidence import Evidence
from orders.audit.tables import Claim, System
from orders.row_places import RowPlaces

ENTER_ORDER = "Find out to which order each e-invoice without one belongs, and enter it; if none belongs to this order, it has none."
MOST_SHOWN = 3
"""E-invoices without an order that are named, at most."""
DOCUMENT_SYSTEMS = (System.ERP, System.IRP)
"""The systems whose sources list invoices and credit notes."""


class Proof(StrEnum):
    """What an absence means."""

    MISSING = "missing"
    """A source claims to hold everything, and it is not there."""
    UNCLAIMED = "unclaimed"
    """Not in the file, and the file does not claim to hold it."""
    ASIDE = "aside"
    """A row set aside names it."""
    UNNAMED = "unnamed"
    """An e-invoice that names no order can be it."""
    NO_SOURCE = "no source"
    """No file of the run could hold it."""


@dataclass(frozen=True)
class Absence:
    """An absence: what it means, and where; the sources that could hold it, or the rows set aside.

    `later` are rows that name it, and are left out because they are dated after the day of the audit.
    """

    proof: Proof
    sources: tuple[int, ...] = ()
    rows: tuple[Seen, ...] = ()
    later: tuple[Seen, ...] = ()

    @property
    def cannot_tell(self) -> bool:
        """Return whether it is open that something is missing."""
        return self.proof in (Proof.ASIDE, Proof.UNCLAIMED, Proof.UNNAMED)


class Coverage:
    """The claims of the sources, and the rows set aside by what they name."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.places = RowPlaces(evidence.sources)
        self._sources: dict[tuple[str, ...], tuple[int, ...]] = {}
        self.by_order: dict[int, list[int]] = defaultdict(list)
        self.by_number: dict[int, list[int]] = defaultdict(list)
        aside = evidence.aside
        for place, (order, number, original) in enumerate(
            zip(aside["order"].tolist(), aside["number"].tolist(), aside["original"].tolist(), strict=True)
        ):
            self.by_order[order].append(place)
            for named in {number, original}:
                self.by_number[named].append(place)
        self.moved = frozenset(evidence.moved["place"].tolist())
        for place, order, number in zip(*(evidence.moved[name].tolist() for name in ("place", "order", "number")), strict=True):
            self.by_order[order].append(place)
            self.by_number[number].append(place)
        self.by_order.pop(ABSENT, None)
        self.by_number.pop(ABSENT, None)

    def sources(self, systems: Iterable[str]) -> tuple[int, ...]:
        """Return the sources of *systems*."""
        wanted = tuple(systems)
        if wanted not in self._sources:
            self._sources[wanted] = tuple(source["source"] for source in self.evidence.sources if source["system"] in wanted)
        return self._sources[wanted]

    def sources_of_orders(self, systems: Iterable[str]) -> tuple[int, ...]:
        """Return the sources of *systems* that are about orders, not about documents or returns."""
        return tuple(source for source in self.sources(systems) if "kind" not in self.evidence.sources[source]["has"])

    def claiming(self, sources: Iterable[int], claims: Iterable[Claim], first: date | None, last: date | None) -> tuple[int, ...]:
        """Return those of *sources* that claim to hold all of *claims* from *first* to *last*; none for an unknown day.

        Exports of one system, such as one a month, can claim it together.
        """
        if first is None or last is None:
            return ()
        wanted = set(claims)
        ranges = [
            (source["complete_from"], source["complete_to"], source["source"], (source["system"], source["complete_of"]))
            for source in (self.evidence.sources[source] for source in sources)
            if source["complete_of"] in wanted and source["complete_from"] is not None and source["complete_to"] is not None
        ]
        alone = tuple(number for begins, ends, number, _ in ranges if begins <= first and last <= ends)
        if alone:
            return alone
        together: list[int] = []
        for kind in sorted({kind for *_, kind in ranges}):
            until = first
            reached = []
            for begins, ends, number, _ in sorted(of_kind for of_kind in ranges if of_kind[3] == kind and of_kind[1] >= first):
                if begins <= until <= last:
                    reached.append(number)
                    until = max(until, ends + timedelta(days=1))
            together += reached if until > last else []
        return tuple(sorted(together))

    def aside(self, systems: Iterable[str], order: int = ABSENT, number: int = ABSENT, but_number: int = ABSENT) -> tuple[Seen, ...]:
        """Return the rows set aside in *systems* that name *order* or the document *number*, except those of the document *but_number*.

        A row whose cells may have moved names what any of its cells has, and may be of any document.
        """
        places = sorted({*self.by_order.get(order, ()), *self.by_number.get(number, ())})
        if not places:
            return ()
        sources, columns = set(self.sources(systems)), self.evidence.aside
        return tuple(
            Seen(int(columns["source"][place]), int(columns["row"][place]), "set aside")
            for place in places
            if int(columns["source"][place]) in sources
            and (but_number == ABSENT or place in self.moved or int(columns["number"][place]) != but_number)
        )

    def aside_of_orders(self, systems: Iterable[str], order: int = ABSENT, number: int = ABSENT) -> tuple[Seen, ...]:
        """Return the rows set aside as `aside`, of sources that are about orders, not about documents or returns."""
        sources = self.sources_of_orders(systems)
        return tuple(seen for seen in self.aside(systems, order, number) if seen.source in sources)

    def later(self, sources: Iterable[int], order: int, number: int, but_number: int) -> tuple[Seen, ...]:
        """Return the documents of *sources* after the day of the audit that name *order* or *number*, except *but_number* itself."""
        columns, wanted = self.evidence.later, tuple(sources)
        if not len(columns["row"]):
            return ()
        names_it = (columns["order"] == order) & (order != ABSENT)
        names_it |= ((columns["number"] == number) | (columns["original"] == number)) & (number != ABSENT)
        if but_number != ABSENT:
            names_it &= columns["number"] != but_number
        places = np.flatnonzero(names_it & np.isin(columns["source"], wanted)).tolist()
        return tuple(Seen(int(columns["source"][place]), int(columns["row"][place]), "dated later") for place in places)

    def absence(  # noqa: PLR0913 (what is missing, and where and when it would be)
        self,
        systems: Iterable[str],
        claims: Iterable[Claim],
        first: date | None,
        last: date | None,
        order: int = ABSENT,
        number: int = ABSENT,
        but_number: int = ABSENT,
    ) -> Absence:
        """Return what it means that *systems* lack the order or document; see `aside` and `claiming`."""
        of_orders = {Claim.ORDERS, Claim.CANCELLATIONS}.issuperset(claims)
        sources = (self.sources_of_orders if of_orders else self.sources)(systems)
        if not sources:
            return Absence(Proof.NO_SOURCE)
        rows = tuple(seen for seen in self.aside(systems, order, number, but_number) if seen.source in sources)
        if rows:
            return Absence(Proof.ASIDE, tuple(dict.fromkeys(seen.source for seen in rows)), rows)
        claiming = self.claiming(sources, claims, first, last)
        later = self.later(sources, order, number, but_number)
        return Absence(Proof.MISSING, claiming, later=later) if claiming else Absence(Proof.UNCLAIMED, sources, later=later)

    def absence_of_invoice(self, first: date | None, last: date | None, order: int, since: Callable[[], date | None]) -> Absence:
        """Return what it means that no e-invoice from *first* to *last* names *order*, which is there *since* a day; see `absence`."""
        absence = self.absence(DOCUMENT_SYSTEMS, (Claim.DOCUMENTS,), first, last, order)
        could_be = self.evidence.facts.unnamed and absence.proof in (Proof.MISSING, Proof.UNCLAIMED)
        rows = self.unnamed(since()) if could_be else ()
        return Absence(Proof.UNNAMED, tuple(dict.fromkeys(seen.source for seen in rows)), rows, absence.later) if rows else absence

    def unnamed(self, since: date | None) -> tuple[Seen, ...]:
        """Return a few e-invoices *since* a day that no row connects with an order, so that each of them can be that of any order."""
        first = 0 if since is None else milliseconds_after(since - timedelta(days=1))
        latest = self.evidence.facts.unnamed[:MOST_SHOWN]
        return tuple(sorted(Seen(source, row, "names no order") for end, source, row in latest if end > first))

    def names(self, sources: Iterable[int]) -> str:
        """Return the names of *sources*, as text."""
        texts = (f"{source['name']}, sheet {source['sheet']}" if source["sheet"] else source["name"] for source in self._of(sources))
        return " and ".join(dict.fromkeys(texts))

    def _of(self, sources: Iterable[int]) -> list[dict[str, Any]]:
        return [self.evidence.sources[source] for source in sources]

    @property
    def orders_aside(self) -> Numbers:
        """Return the numbers of the orders that rows set aside name."""
        return np.array(sorted(self.by_order), dtype=np.int64)


def absence_text(absence: Absence, coverage: Coverage, what: str) -> str:
    """Return one sentence about the absence of *what*, a noun without an article."""
    if absence.proof is Proof.NO_SOURCE:
        return f"No file of this audit can hold a {what}."
    if absence.proof is Proof.ASIDE:
        verb = "was" if len(absence.rows) == 1 else "were"
        return f"It is uncertain whether there is a {what}: {_rows_text(absence.rows, coverage)} {verb} set aside."
    if absence.proof is Proof.UNNAMED:
        return f"It is uncertain whether there is a {what}: no row connects {unnamed_text(absence.rows, coverage)} with an order."
    file, verb = ("the file", "claims") if len(absence.sources) == 1 else ("the files", "claim")
    claim = f"{verb} to be complete"
    if absence.proof is Proof.UNCLAIMED:
        claim = f"{'does' if len(absence.sources) == 1 else 'do'} not claim to hold it"
    if absence.later:
        later = _rows_text(absence.later, coverage)
        return f"{coverage.names(absence.sources)}: no {what} until the day of the audit; dated after it and left out: {later}."
    return f"{coverage.names(absence.sources)}: no {what}, and {file} {claim}."


def unnamed_text(rows: tuple[Seen, ...], coverage: Coverage) -> str:
    """Return which e-invoices name no order, as text; there can be more than *rows*."""
    more = " and others" if len(rows) == MOST_SHOWN < len(coverage.evidence.facts.unnamed) else ""
    return f"{'the e-invoice' if len(rows) == 1 else 'the e-invoices'} in {_rows_text(rows, coverage)}{more}"


def remedy_of(absence: Absence) -> str | None:
    """Return how it can be known what *absence* means; None if it is known, or if no file could hold it."""
    if absence.proof is Proof.ASIDE:
        return "Correct the row set aside and audit again."
    if absence.proof is Proof.UNCLAIMED:
        return "Bring a report that covers that day, or declare what the file holds completely."
    if absence.proof is Proof.UNNAMED:
        return ENTER_ORDER
    return None


def _rows_text(rows: Iterable[Seen], coverage: Coverage) -> str:
    return ", ".join(coverage.places.text(seen.source, seen.row) for seen in rows)
