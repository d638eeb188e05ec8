"""Invoices and credit notes from the rows that name their numbers: one document of each number and financial year.

Rows with one number are one document unless they contradict each other. A number that two notes of one financial year have is
ambiguous; one note of one day can credit several invoices.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from orders.amounts import rupees
from orders.audit.findings import Seen
from orders.audit.rows.columns import ABSENT, NEVER
from orders.audit.rows.days import day_at
from orders.audit.rows.evidence import Evidence
from orders.audit.rows.signs import contra_entries
from orders.audit.rows.values import LINE_ASIDE, NO_WORTH, Worth, joined_value, value_in_source
from orders.audit.tables import Kind, System
from orders.duties import financial_year

OTHER_SIGN = "has the other sign than the notes of its file"
_STATES = ("irn_cancelled", "cancelled")


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or credit note, of one row or of several with its number.

    Attributes:
        number, original, order: numbers of the document, of the one that it credits and of the order that it names; ABSENT if none.
        worth: its value; of rows with both signs what is left.
        counts: whether it has effect: not draft, void, cancelled, or taken back by rows of its own.
        takes_back: why it can take back a note, as a verb with its object; None if it cannot.
        ambiguous: whether two different documents have this number.
        open_rows: its rows that leave open whether it is made, so that it may have no effect; open_irn: whether its IRN was cancelled.
    """

    number: int
    original: int
    order: int
    day: date | None
    ends: int
    worth: Worth
    counts: bool
    shared: bool
    irn_cancelled: bool | None
    cancelled: bool | None
    ambiguous: bool
    seen: tuple[Seen, ...]
    text: str
    takes_back: str | None = None
    open_rows: tuple[Seen, ...] = ()
    open_irn: tuple[Seen, ...] = ()

    @property
    def value(self) -> int | None:
        """Return its value in paise, of its rows as its lines; None if it is unknown."""
        return self.worth.lines

    @property
    def is_void(self) -> bool:
        """Return whether it is an invoice that its own system has as void, draft or cancelled."""
        return not self.counts


class DocumentRows:
    """The rows of documents of a run, and the documents that they are about."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        aside = evidence.aside
        self._aside = {*zip(aside["source"].tolist(), aside["number"].tolist(), strict=True)}
        self.is_contra = contra_entries(evidence.documents, evidence.facts.signs)

    def credit_notes(self) -> list[Document]:
        """Return the credit notes; rows with one number are one note unless they contradict each other."""
        columns = self.evidence.documents
        groups: dict[int, list[int]] = defaultdict(list)
        documents = []
        for place in np.flatnonzero(columns["kind"] == Kind.CREDIT_NOTE).tolist():
            number = int(columns["number"][place])
            if number == ABSENT:
                documents.append(self._document_of_row(place))
            else:
                groups[number].append(place)
        documents += [document for places in groups.values() for document in self.documents_of(places)]
        return sorted(documents, key=lambda document: (document.text, document.seen))

    def documents_of(self, places: list[int]) -> list[Document]:
        """Return the documents of *places*, rows with one number: one for each financial year; several in a year if the rows contradict each other."""
        if len(places) == 1:
            return [self._document_of_row(places[0])]
        starts = self.evidence.documents["dated_start"]
        years: dict[int | None, list[int]] = defaultdict(list)
        for place in places:
            years[None if starts[place] == NEVER else financial_year(day_at(int(starts[place])))].append(place)
        undated = years.pop(None, [])
        if len(years) > 1 and not undated:
            return [document for of_year in sorted(years.values()) for document in self._of_one_year(of_year)]
        return self._of_one_year(places)

    def _of_one_year(self, places: list[int]) -> list[Document]:
        """Return the documents of rows with one number and year; a note of one day can name several invoices, each in rows of its own."""
        columns = self.evidence.documents
        identities = [tuple(int(columns[name][place]) for name in ("original", "order", "dated_start")) for place in places]
        if _agree(identities):
            return [self.document(places, ambiguous=False)]
        later = self._with_its_end(places)
        if later is not None:
            return [later]
        by_original: dict[int, list[int]] = defaultdict(list)
        for place in places:
            by_original[int(columns["original"][place])].append(place)
        also = by_original.pop(ABSENT, [])
        days = {day for _, _, day in identities} - {int(NEVER)}
        orders = [[(int(columns["order"][place]),) for place in group] for group in by_original.values()]
        if len(days) == 1 and len(by_original) > 1 and all(map(_agree, orders)):
            return [self.document(group, ambiguous=False, also=also) for _, group in sorted(by_original.items())]
        groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for identity, place in zip(identities, places, strict=True):
            groups[identity].append(place)
        open_rows = self._open_rows("made_open", places)
        return [replace(self.document(group, ambiguous=True), open_rows=open_rows) for _, group in sorted(groups.items())]

    def _with_its_end(self, places: list[int]) -> Document | None:
        """Return the one document of *places* if the rows that differ only end it: void, draft or cancelled, or with the other sign.

        So can a row without a state.
        """
        columns = self.evidence.documents
        dead = [place for place in places if not columns["counts"][place] or columns["cancelled"][place]]
        without_state = [place for place in places if columns["made_open"][place]]
        ending = {*dead, *without_state, *(place for place in places if self.is_contra[place])}
        base = [place for place in places if place not in ending]
        names = ("original", "order")
        if not base or not ending or not _agree([tuple(int(columns[name][place]) for name in (*names, "dated_start")) for place in base]):
            return None
        if not _agree([tuple(int(columns[name][place]) for name in names) for place in places]):
            return None
        made = self.document(base, ambiguous=False)
        whole = self.document([place for place in places if place not in {*dead, *without_state}] or base, ambiguous=False)
        replaced = all(
            columns["dated_end"][place] <= columns["dated_start"][base[0]] for place in dead if columns["dated_end"][place] != NEVER
        )
        ended = bool(dead) and (not replaced or any(columns["dated_end"][place] == NEVER for place in dead))
        seen = tuple(self.seen(place) for place in sorted(places))
        counts, open_rows = whole.counts and not ended, self._open_rows("made_open", places)
        return replace(made, worth=whole.worth, counts=counts, takes_back=whole.takes_back, seen=seen, open_rows=open_rows)

    def _document_of_row(self, place: int) -> Document:
        """Return the document that only the row at *place* is about, as most are: the same as `document` of it, in less time."""
        if place in self.evidence.further:
            return self.document([place], ambiguous=False)
        columns = self.evidence.documents
        number, start = columns["number"].item(place), columns["dated_start"].item(place)
        value = columns["value_paise"].item(place)
        irn_cancelled, cancelled = (columns[name].item(place) if columns[f"{name}_known"].item(place) else None for name in _STATES)
        return Document(
            number=number,
            original=columns["original"].item(place),
            order=columns["order"].item(place),
            day=None if start == NEVER else day_at(start),
            ends=columns["dated_end"].item(place),
            worth=LINE_ASIDE if self._has_line_aside([place]) else NO_WORTH if value == ABSENT else Worth(value, value, (value,)),
            counts=columns["counts"].item(place) and cancelled is not True,
            shared=columns["shared_with_ajio"].item(place),
            irn_cancelled=irn_cancelled,
            cancelled=cancelled,
            ambiguous=False,
            seen=(self.seen(place),),
            text=self.evidence.document_text(number) or "",
            takes_back=OTHER_SIGN if self.is_contra[place] and value != ABSENT else None,
            open_rows=(self.seen(place),) if columns["made_open"].item(place) else (),
            open_irn=(self.seen(place),) if columns["irn_open"].item(place) else (),
        )

    def document(self, places: list[int], *, ambiguous: bool, also: Sequence[int] = ()) -> Document:
        """Return the document of *places*; its values from the first source that has it, what one row lacks from the others.

        Rows in *also* are about the whole document, of which *places* are a part: only its states are taken from them.
        """
        columns = self.evidence.documents
        own = [place for place in places if columns["source"][place] == columns["source"][places].min()]
        by_source: dict[int, list[int]] = defaultdict(list)
        for place in places:
            by_source[int(columns["source"][place])].append(place)
        in_effect = {source: all(bool(columns["counts"][place]) for place in of_source) for source, of_source in by_source.items()}
        worth = joined_value(self._value_in(of_source, counts=in_effect[source]) for source, of_source in by_source.items())
        is_contra = bool(self.is_contra[places].any())

        def first(name: str, empty: int) -> int:
            return next((int(columns[name][place]) for place in [*own, *places] if columns[name][place] != empty), empty)

        def stated(name: str) -> bool | None:
            given = [bool(columns[name][place]) for place in (*places, *also) if columns[f"{name}_known"][place]]
            return any(given) if given else None

        start, number = first("dated_start", int(NEVER)), first("number", ABSENT)
        text = self.evidence.document_text(number) or ""
        counts = any(in_effect.values()) and stated("cancelled") is not True and not (is_contra and worth.named == (0,))
        return Document(
            number=number,
            original=first("original", ABSENT),
            order=first("order", ABSENT),
            day=None if start == NEVER else day_at(start),
            ends=first("dated_end", int(NEVER)),
            worth=worth.unsigned,
            counts=counts,
            shared=any(bool(columns["shared_with_ajio"][place]) for place in (*places, *also)),
            irn_cancelled=stated("irn_cancelled"),
            cancelled=stated("cancelled"),
            ambiguous=ambiguous,
            seen=tuple(seen for place in sorted((*places, *also)) for seen in self._seen_with_further(place)),
            text=text,
            takes_back=OTHER_SIGN if any(amount < 0 for amount in (worth.lines or 0, *worth.totals)) else None,
            open_rows=self._open_rows("made_open", (*places, *also)),
            open_irn=self._open_rows("irn_open", (*places, *also)) if stated("irn_cancelled") is not True else (),
        )

    def _open_rows(self, name: str, places: Sequence[int]) -> tuple[Seen, ...]:
        """Return those of *places* in which the state *name* is open."""
        return tuple(self.seen(place) for place in sorted(places) if self.evidence.documents[name][place])

    def _value_in(self, places: list[int], *, counts: bool) -> Worth:
        """Return the value of the document of *places*, which are all in one source; unknown if another line of it is set aside."""
        columns = self.evidence.documents
        if self._has_line_aside(places):
            return LINE_ASIDE
        values = [int(columns["value_paise"][place]) for place in places]
        signed = [
            None if value == ABSENT else -value if self.is_contra[place] else value for place, value in zip(places, values, strict=True)
        ]
        source = self.evidence.sources[int(columns["source"][places[0]])]
        of_portal, are_lines = source["system"] == System.IRP, "line" in source["has"]
        further = [len(self.evidence.further.get(place, ())) for place in places]
        return value_in_source(signed, further, are_whole=of_portal, are_lines=are_lines, counts=counts)

    def _has_line_aside(self, places: list[int]) -> bool:
        """Return whether a row set aside has the number of the document of *places*, in its source: it can be a line of it."""
        columns = self.evidence.documents
        return (int(columns["source"][places[0]]), int(columns["number"][places[0]])) in self._aside

    def _seen_with_further(self, place: int) -> Iterator[Seen]:
        """Yield what the row of a document says, and the rows that can be further lines like it."""
        seen = self.seen(place)
        yield seen
        yield from (Seen(seen.source, row, f"{seen.text}, again") for row in self.evidence.further.get(place, ()))

    def seen(self, place: int) -> Seen:
        """Return what the row of a document says."""
        columns = self.evidence.documents
        original, value = columns["original"].item(place), columns["value_paise"].item(place)
        parts = [str(columns["kind"][place]), self.evidence.document_text(columns["number"].item(place)) or "without a number"]
        if original != ABSENT:
            parts.append(f"for {self.evidence.document_text(original)}")
        if value != ABSENT:
            parts.append(rupees(value))
        return Seen(columns["source"].item(place), columns["row"].item(place), " ".join(parts))


def _agree(identities: Sequence[tuple[int, ...]]) -> bool:
    """Return whether no column of *identities* has two different values, empty ones aside."""
    return all(len(set(values) - {ABSENT, int(NEVER)}) <= 1 for values in zip(*identities, strict=True))
