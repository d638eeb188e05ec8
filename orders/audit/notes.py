"""Credit notes and the invoices that they credit: exact document numbers, and nothing weaker.

A note without the number of its invoice closes nothing; that it may belong to an invoice of its order with the same value is a
suggestion. A number that two notes of one financial year have closes nothing either; one note of one day can credit several invoices.
An entry with the other sign than the notes of its file, a debit note, and an entry that names a note as its original can take back a
note: what they concern is uncertain.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np

from orders.audit.columns import ABSENT, NEVER, Evidence, Grouped, Numbers, day_at
from orders.audit.doubts.signs import contra_entries
from orders.audit.doubts.values import LINE_ASIDE, NO_WORTH, Worth, joined_value, value_in_source
from orders.audit.facts import fill_first
from orders.audit.findings import Seen
from orders.audit.tables import Kind, System
from orders.duties import financial_year

OTHER_SIGN = "has the other sign than the notes of its file"
IN_TWO_FILES = "is a debit note in one file and a credit note in another"
"""Why an entry can take back a note."""
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

    @property
    def value(self) -> int | None:
        """Return its value in paise, of its rows as its lines; None if it is unknown."""
        return self.worth.lines

    @property
    def is_void(self) -> bool:
        """Return whether it is an invoice that its own system has as void, draft or cancelled."""
        return not self.counts


@dataclass(slots=True)
class Credit:
    """What credits one invoice: the notes that together make its value, those beyond it, and what is left.

    It is incomparable if sources have values and one of these has none: then it is not known whether the notes are for the whole.

    Attributes:
        invoice_valued: whether the invoice has a value.
        taking_back: entries that can take back one of its notes.
    """

    used: list[Document] = field(default_factory=list)
    beyond: list[Document] = field(default_factory=list)
    rest: int | None = None
    incomparable: bool = False
    invoice_valued: bool = False
    taking_back: list[Document] = field(default_factory=list)

    @property
    def unvalued(self) -> list[Document]:
        """Return the notes without a value."""
        return [note for note in self.used if note.value is None]

    @property
    def is_shaken(self) -> bool:
        """Return whether an entry can take back a note that there is, or can itself be a note, with the wrong sign."""
        return any(self.used or entry.takes_back == OTHER_SIGN for entry in self.taking_back)

    @property
    def whole(self) -> bool:
        """Return whether the invoice is credited in full, as far as its value is given."""
        return bool(self.used) and (self.rest is None or self.rest <= 0)


class Ledger:
    """The invoices and credit notes of a run, by number, original and order."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._have_values = _have_values(evidence)
        self._invoices: dict[int, Document | None] = {}
        aside = evidence.aside
        self._aside = {*zip(aside["source"].tolist(), aside["number"].tolist(), strict=True)}
        self.is_contra = contra_entries(evidence.documents, evidence.facts.signs)
        documents = self._credit_notes()
        numbers = frozenset(document.number for document in documents) - {ABSENT}
        judged = [self._judged(document, numbers) for document in documents]
        self.notes = [document for document in judged if document.takes_back is None]
        self.taking_back = [document for document in judged if document.takes_back is not None] + self._against(numbers)
        self.by_original: dict[int, list[Document]] = defaultdict(list)
        self.without_original: dict[int, list[Document]] = defaultdict(list)
        for note in self.notes:
            if note.original != ABSENT:
                self.by_original[note.original].append(note)
            else:
                self.without_original[note.order].append(note)
        self._against_number: dict[int, list[Document]] = defaultdict(list)
        self._against_order: dict[int, list[Document]] = defaultdict(list)
        for entry in self.taking_back:
            if entry.original != ABSENT:
                self._against_number[entry.original].append(entry)
            elif entry.order != ABSENT:
                self._against_order[entry.order].append(entry)

    def _judged(self, document: Document, numbers: frozenset[int]) -> Document:
        """Return a credit note, with why it can take back another one: its sign, or one of the *numbers* of notes as its original."""
        if not document.counts:
            return replace(document, takes_back=None)
        is_for_a_note = document.original in numbers and document.original != document.number
        if document.takes_back is None and is_for_a_note and not self._of_number(document.original):
            return replace(document, takes_back="credits a credit note")
        return document

    def _against(self, numbers: frozenset[int]) -> list[Document]:
        """Return the debit notes, and the other entries whose original is one of the *numbers* of notes.

        A number that is a credit note in one file and a debit note in another is an entry against itself.
        """
        columns = self.evidence.documents
        debits = columns["kind"] == Kind.DEBIT_NOTE
        itself = debits & np.isin(columns["number"], list(numbers))
        debits &= (columns["original"] != ABSENT) | (columns["order"] != ABSENT) | itself
        others = (columns["kind"] == Kind.INVOICE) & np.isin(columns["original"], list(numbers))
        entries = []
        for place in np.flatnonzero(debits | others).tolist():
            entry = replace(self._document([place], ambiguous=False), takes_back=f"is a {columns['kind'][place]}")
            if itself[place]:
                of_note = next((self.order_of(note) for note in self.notes if note.number == entry.number), ABSENT)
                entry = replace(entry, original=entry.number, order=of_note, takes_back=IN_TWO_FILES)
            entries.append(entry)
        return [entry for entry in entries if entry.counts]

    def invoice(self, number: int) -> Document | None:
        """Return the invoice with *number*, or None."""
        if number not in self._invoices:
            places = self._of_number(number)
            self._invoices[number] = min(self._merged(places), key=_first_by_day) if places else None
        return self._invoices[number]

    def _of_number(self, number: int) -> list[int]:
        """Return the places of the invoices with *number*."""
        return self._numbered.of(number)

    @cached_property
    def _numbered(self) -> Grouped:
        """Return the places of all invoices by number."""
        columns = self.evidence.documents
        places = np.flatnonzero(columns["kind"] == Kind.INVOICE)
        return Grouped(columns["number"][places], len(self.evidence.documents_named), places)

    @cached_property
    def order_of_invoice(self) -> Numbers:
        """Return for each document number the order that an invoice or a request connects with it, or ABSENT; of several the first by key."""
        requests, documents = self.evidence.requests, self.evidence.documents
        of_invoice = (documents["kind"] == Kind.INVOICE) & (documents["order"] != ABSENT) & (documents["number"] != ABSENT)
        of_request = requests["invoice"] != ABSENT
        orders = np.full(len(self.evidence.documents_named), ABSENT, dtype=np.int64)
        numbers = np.concatenate([requests["invoice"][of_request], documents["number"][of_invoice]])
        fill_first(orders, numbers, np.concatenate([requests["order"][of_request], documents["order"][of_invoice]]), self.evidence.orders)
        return orders

    def order_of(self, note: Document) -> int:
        """Return the order of *note*: that it names, otherwise that of its invoice; ABSENT if neither is given."""
        if note.order != ABSENT or note.original == ABSENT:
            return note.order
        return int(self.order_of_invoice[note.original])

    @cached_property
    def contradictory(self) -> dict[int, list[Document]]:
        """Return by the order that they name the notes for an invoice of other orders only."""
        by_order: dict[int, list[Document]] = defaultdict(list)
        for note in self.notes:
            named = ABSENT not in (note.order, note.original)
            if named and note.counts and int(self.order_of_invoice[note.original]) not in (ABSENT, note.order):
                by_order[note.order].append(note)
        return {order: wrong for order, notes in by_order.items() if (wrong := [note for note in notes if not self._names(note)])}

    def _names(self, note: Document) -> bool:
        """Return whether a row connects the order of *note* with its invoice."""
        requests, documents = self.evidence.requests, self.evidence.documents
        return any(requests["invoice"][row] == note.original for row in self.evidence.rows_of("requests", note.order)) or any(
            documents["kind"][place] == Kind.INVOICE and documents["number"][place] == note.original
            for place in self.evidence.rows_of("documents", note.order)
        )

    def contradicts(self, note: Document) -> bool:
        """Return whether *note* names an order, and an invoice of other orders only."""
        return note in self.contradictory.get(note.order, ())

    def credit(self, invoice: int, order: int = ABSENT) -> Credit:
        """Return what credits *invoice* of *order*, taking its notes by day; if no source has values one note is enough."""
        credit = Credit()
        if invoice == ABSENT:
            return credit
        document = self.invoice(invoice)
        value = document.value if document is not None else None
        left = value
        for note in sorted(self.by_original.get(invoice, ()), key=_first_by_day):
            if not note.counts or note.ambiguous:
                continue
            enough = not self._have_values if left is None else left <= 0
            if credit.used and enough:
                credit.beyond.append(note)
                continue
            credit.used.append(note)
            left = None if left is None or note.value is None else left - note.value
        notes = [entry for note in credit.used for entry in self._against_number.get(note.number, ())]
        credit.taking_back = [*self._against_number.get(invoice, ()), *notes, *self._against_order.get(order, ())]
        credit.invoice_valued = value is not None
        lacking = value is None or bool(credit.unvalued)
        credit.incomparable = bool(credit.used) and lacking and self._have_values
        if document is not None and left is not None and credit.used and (left <= 0) is not _is_whole_otherwise(document, credit):
            left, credit.incomparable = None, True
        credit.rest = left if credit.used and left is not None else (value if not credit.used else None)
        return credit

    def _credit_notes(self) -> list[Document]:
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
        documents += [document for places in groups.values() for document in self._merged(places)]
        return sorted(documents, key=lambda document: (document.text, document.seen))

    def _merged(self, places: list[int]) -> list[Document]:
        """Return the documents of rows with one number: one for each financial year; several in a year if the rows contradict each other."""
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
            return [self._document(places, ambiguous=False)]
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
            return [self._document(group, ambiguous=False, also=also) for _, group in sorted(by_original.items())]
        groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for identity, place in zip(identities, places, strict=True):
            groups[identity].append(place)
        return [self._document(group, ambiguous=True) for _, group in sorted(groups.items())]

    def _with_its_end(self, places: list[int]) -> Document | None:
        """Return the one document of *places* if the rows that differ only end it: void, draft or cancelled, or with the other sign."""
        columns = self.evidence.documents
        dead = [place for place in places if not columns["counts"][place] or columns["cancelled"][place]]
        ending = {*dead, *(place for place in places if self.is_contra[place])}
        base = [place for place in places if place not in ending]
        names = ("original", "order")
        if not base or not ending or not _agree([tuple(int(columns[name][place]) for name in (*names, "dated_start")) for place in base]):
            return None
        if not _agree([tuple(int(columns[name][place]) for name in names) for place in places]):
            return None
        made = self._document(base, ambiguous=False)
        whole = self._document([place for place in places if place not in dead] or base, ambiguous=False)
        replaced = all(
            columns["dated_end"][place] <= columns["dated_start"][base[0]] for place in dead if columns["dated_end"][place] != NEVER
        )
        ended = bool(dead) and (not replaced or any(columns["dated_end"][place] == NEVER for place in dead))
        seen = tuple(self.seen(place) for place in sorted(places))
        return replace(made, worth=whole.worth, counts=whole.counts and not ended, takes_back=whole.takes_back, seen=seen)

    def _document_of_row(self, place: int) -> Document:
        """Return the document that only the row at *place* is about, as most are: the same as `_document` of it, in less time."""
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
        )

    def _document(self, places: list[int], *, ambiguous: bool, also: Sequence[int] = ()) -> Document:
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
            seen=tuple(self.seen(place) for place in sorted((*places, *also))),
            text=text,
            takes_back=OTHER_SIGN if worth.lines is not None and worth.lines < 0 else None,
        )

    def _value_in(self, places: list[int], *, counts: bool) -> Worth:
        """Return the value of the document of *places*, which are all in one source; unknown if another line of it is set aside."""
        columns = self.evidence.documents
        if self._has_line_aside(places):
            return LINE_ASIDE
        values = [int(columns["value_paise"][place]) for place in places]
        signed = [
            None if value == ABSENT else -value if self.is_contra[place] else value for place, value in zip(places, values, strict=True)
        ]
        of_portal = self.evidence.sources[int(columns["source"][places[0]])]["system"] == System.IRP
        return value_in_source(signed, are_whole=of_portal, counts=counts)

    def _has_line_aside(self, places: list[int]) -> bool:
        """Return whether a row set aside has the number of the document of *places*, in its source: it can be a line of it."""
        columns = self.evidence.documents
        return (int(columns["source"][places[0]]), int(columns["number"][places[0]])) in self._aside

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


def _have_values(evidence: Evidence) -> bool:
    """Return whether values can be compared: a source has the column. An event log has it always, and values only in real logs."""
    return any(
        "value_paise" in source["has"] and (source["profile"] != "event-log" or source["source"] in evidence.facts.valued)
        for source in evidence.sources
    )


def _is_whole_otherwise(invoice: Document, credit: Credit) -> bool:
    """Return whether the notes of *credit* are for all of *invoice*, if each row of a document has its whole value."""
    whole = [note.worth.whole for note in credit.used]
    return invoice.worth.whole is not None and None not in whole and sum(value or 0 for value in whole) >= invoice.worth.whole


def _agree(identities: Sequence[tuple[int, ...]]) -> bool:
    """Return whether no column of *identities* has two different values, empty ones aside."""
    return all(len(set(values) - {ABSENT, int(NEVER)}) <= 1 for values in zip(*identities, strict=True))


def _first_by_day(document: Document) -> tuple[date, str, int]:
    return document.day or date.max, document.text, document.value or 0


def rupees(paise: int) -> str:
    """Return an amount as text, grouped as in India: ₹2,10,000.00."""
    whole, rest = divmod(abs(paise), 100)
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    groups = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return f"{'-' if paise < 0 else ''}₹{','.join([*groups, tail])}.{rest:02}"
