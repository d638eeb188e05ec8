"""Credit notes and the invoices that they credit: exact document numbers, and nothing weaker.

A note without the number of its invoice closes nothing; that it may belong to an invoice of its order with the same value is a
suggestion. A number that two notes of one financial year have closes nothing either.
An entry with the other sign than the notes of its file, a debit note, and an entry that names a note as its original can take back a
note: what they concern is uncertain.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np

from orders.amounts import rupees
from orders.audit.coverage import DOCUMENT_SYSTEMS
from orders.audit.documents import OTHER_SIGN, Document, DocumentRows
from orders.audit.facts import fill_first
from orders.audit.rows.columns import ABSENT, Numbers
from orders.audit.rows.evidence import Evidence
from orders.audit.rows.near_ids import names
from orders.audit.rows.numbering import Grouped
from orders.audit.rows.references import Reference
from orders.audit.tables import Kind

IN_TWO_FILES = "is a debit note in one file and a credit note in another"
"""Why an entry can take back a note; see also `OTHER_SIGN`."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A credit note whose original, *text*, names several invoices, or may name one, and that closes none of their duties: why, as a clause."""

    note: Document
    text: str
    reference: Reference
    why: str


@dataclass(slots=True)
class Credit:
    """What credits one invoice: the notes that together make its value, those beyond it, and what is left.

    It is incomparable if sources have values and one of these has none: then it is not known whether the notes are for the whole.

    Attributes:
        short: whether they certainly make less than its value, and *rest* is only the least that is left.
        excess: the least by which they may make more than its value, as rows leave open what a document is worth; None if they cannot.
        invoice_valued: whether the invoice has a value.
        taking_back: entries that can take back one of its notes.
        perhaps: notes that name it and have no state: it is open whether they are made. They credit nothing.
    """

    used: list[Document] = field(default_factory=list)
    beyond: list[Document] = field(default_factory=list)
    rest: int | None = None
    incomparable: bool = False
    short: bool = False
    excess: int | None = None
    invoice_valued: bool = False
    taking_back: list[Document] = field(default_factory=list)
    perhaps: list[Document] = field(default_factory=list)

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

    def compare(self, invoice: Document | None) -> None:
        """Compare it with *invoice*, where rows that can be further lines leave several values open: one can be certain nevertheless."""
        if invoice is None or not any(document.worth.totals for document in (invoice, *self.used)):
            return
        ranges = [document.worth.ranges for document in (invoice, *self.used)]
        if None in ranges:
            return
        of_invoice, *of_notes = (pair for pair in ranges if pair is not None)
        lacking = []
        for view, (least, most) in enumerate(of_invoice):
            notes = [pair[view] for pair in of_notes]
            lacking.append((least - sum(largest for _, largest in notes), most - sum(smallest for smallest, _ in notes)))
        is_whole, self.short = (all(most <= 0 for _, most in lacking), all(least > 0 for least, _ in lacking))
        self.excess = max(0, min(-most for _, most in lacking)) if any(least < 0 for least, _ in lacking) else None
        self.incomparable = not (is_whole or self.short)
        self.rest = min(least for least, _ in lacking) if self.short else None


class Ledger:
    """The invoices and credit notes of a run, by number, original and order."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._have_values = _have_values(evidence)
        self._invoices: dict[int, Document | None] = {}
        self.rows = DocumentRows(evidence)
        documents = self.rows.credit_notes()
        numbers = frozenset(document.number for document in documents) - {ABSENT}
        judged = [self._judged(document, numbers) for document in documents]
        self.mentioning: dict[int, list[Mention]] = defaultdict(list)
        """By the number of an invoice the notes that name it, or may name it, together with others, and are not shared out."""
        self.mentions: list[Mention] = []
        notes = [document for document in judged if document.takes_back is None]
        if evidence.references:
            naming = self._naming(notes)
            notes = [of_invoice for note in notes for of_invoice in self._shared_out(note, naming)]
        self.notes = notes
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

    def _shared_out(self, note: Document, naming: Counter[int]) -> list[Document]:
        """Return *note* as one for each invoice that it names, if it certainly is for the whole of each; otherwise as it is, and mentioned.

        *naming* is for each invoice how many notes in force name it.
        """
        reference = self.evidence.references.get(note.original)
        if reference is None:
            return [note]
        invoices = [invoice for invoice in map(self.invoice, reference.numbers) if invoice is not None]
        why = _why_not_shared(note, reference, invoices, naming)
        if why is not None:
            mention = Mention(note, self.evidence.document_text(note.original) or "", reference, why)
            for number in reference.numbers if note.counts else ():
                self.mentioning[number].append(mention)
            self.mentions.append(mention)
            return [note]
        is_of_one = any(self.is_about(note, int(self.order_of_invoice[number])) for number in reference.numbers)
        order = ABSENT if is_of_one else note.order
        return [replace(note, original=invoice.number, order=order, worth=invoice.worth) for invoice in invoices]

    def _naming(self, notes: list[Document]) -> Counter[int]:
        """Return for each invoice how many of *notes* in force name it, alone or with others; a row set aside can be one too."""
        references, aside, moved = self.evidence.references, self.evidence.aside, self.evidence.moved
        naming: Counter[int] = Counter()
        for note in notes:
            also = references.get(note.original)
            if note.counts:
                naming.update({note.original, *(() if also is None else also.numbers)})
        listing = self.evidence.systems("aside", *DOCUMENT_SYSTEMS)
        naming.update(aside["original"][listing].tolist() + moved["number"][listing[moved["place"]]].tolist())
        return naming

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
            entry = replace(self.rows.document([place], ambiguous=False), takes_back=f"is a {columns['kind'][place]}")
            if itself[place]:
                of_note = next((self.order_of(note) for note in self.notes if note.number == entry.number), ABSENT)
                entry = replace(entry, original=entry.number, order=of_note, takes_back=IN_TWO_FILES)
            entries.append(entry)
        return [entry for entry in entries if entry.counts]

    def invoice(self, number: int) -> Document | None:
        """Return the invoice with *number*, or None."""
        if number not in self._invoices:
            places = self._of_number(number)
            self._invoices[number] = min(self.rows.documents_of(places), key=_first_by_day) if places else None
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
            order = int(self.order_of_invoice[note.original]) if named else ABSENT
            if order != ABSENT and note.counts and not self.is_about(note, order):
                by_order[note.order].append(note)
        return {order: wrong for order, notes in by_order.items() if (wrong := [note for note in notes if not self._names(note)])}

    def is_about(self, note: Document, order: int) -> bool:
        """Return whether *note* names no other order than *order*: none, this one, or a list or package of it."""
        keys = self.evidence.orders.keys
        return note.order in (ABSENT, order) or (order != ABSENT and names(keys[note.order], keys[order]))

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
            if note.counts and note.open_rows:
                credit.perhaps.append(note)
            if not note.counts or note.open_rows or note.ambiguous:
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
        if credit.used and self.evidence.further:
            credit.compare(document)
        return credit


def _why_not_shared(note: Document, reference: Reference, invoices: list[Document], naming: Counter[int]) -> str | None:
    """Return why it is uncertain for how much of each of *invoices* a *note* is, as a clause; None if it is for the whole of each."""
    if not reference.is_certain:
        return "it is not certain which e-invoices that means"
    if len(invoices) < len(reference.numbers) or None in (note.value, *(invoice.value for invoice in invoices)):
        return "not all of the values are known"
    worths = [invoice.worth for invoice in invoices]
    if (
        note.value is None
        or note.value != sum(worth.lines or 0 for worth in worths)
        or note.worth.whole != sum(worth.whole or 0 for worth in worths)
    ):
        return f"its value, {rupees(note.value)}, is not the sum of theirs, {rupees(sum(worth.lines or 0 for worth in worths))}"
    if note.ambiguous or any(naming[number] > 1 for number in reference.numbers):
        return "another credit note, or a row set aside, names one of them"
    return None


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


def _first_by_day(document: Document) -> tuple[date, str, int]:
    return document.day or date.max, document.text, document.value or 0
