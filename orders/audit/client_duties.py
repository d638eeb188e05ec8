"""The duties of the client on the day of the audit: what is open, done, partly done or uncertain, and how old it is.

The ages are those of `orders.duties`: the reminder is ours, the deadline is the law's, and neither is the SOP's (GAP-43).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np

from orders.audit.cancellations import FULL, NO, YES, Cancellations
from orders.audit.coverage import DOCUMENT_SYSTEMS, Absence, Coverage, Proof
from orders.audit.documents import Document
from orders.audit.facts import OrderTimes
from orders.audit.findings import Seen
from orders.audit.ledger import Credit, Ledger, Mention
from orders.audit.owed import Arisen, ended_at
from orders.audit.rows.columns import ABSENT, NEVER, Flags, Numbers
from orders.audit.rows.days import day_at
from orders.audit.rows.evidence import Evidence
from orders.audit.tables import Claim, System
from orders.duties import REMINDER_AFTER, Urgency, financial_year, overdue_from
from sop_engine import TaskKey

AJIO_BIT = 2


class Status(StrEnum):
    """Statuses of a duty."""

    OPEN = "open"
    PARTLY_DONE = "partly done"
    DONE = "done"
    UNCERTAIN = "uncertain"
    """Whether it arose depends on an unknown fact, or whether it is done on a row set aside or a file that does not claim to be complete."""
    QUESTION = "question"
    """The SOP does not say: an IRN that was cancelled, or a case that it leaves open."""


@dataclass(frozen=True, slots=True)
class ClientDuty:
    """A duty on the day of the audit.

    Attributes:
        arisen: how it arose.
        invoice, credit: of a credit note; what credits the invoice.
        absence: what it means that nothing credits the invoice.
        suggested: notes without an invoice that may belong to it.
        invoice_aside: rows set aside that are its invoice.
        contradictory: notes that name its order and an invoice of another one, or the reverse.
        mentioned: notes that name its invoice together with others, or may name it, and are not shared out.
        of_earlier_year: notes of a financial year before that of the invoice: they can be for another one with its number.
        in_doubt: rows set aside that name its note or its order, and so can take the note back.
        irn_cancelled, note_irn_cancelled: whether the IRN of its invoice, or of its note, was cancelled at the portal.
        irn_open: the rows that leave open whether the IRN of its note was cancelled.
        state_aside: rows set aside that are its invoice, of files with a state of documents: the one that cannot be read can be *cancelled*.
        is_void: whether the ERP has its invoice as void or cancelled, and no file has the state of its IRN.
        cancelled_on: the day from which its age counts.
    """

    arisen: Arisen
    status: Status
    invoice: Document | None = None
    number: int = ABSENT
    credit: Credit | None = None
    absence: Absence | None = None
    suggested: tuple[Document, ...] = ()
    invoice_aside: tuple[Seen, ...] = ()
    contradictory: tuple[Document, ...] = ()
    mentioned: tuple[Mention, ...] = ()
    of_earlier_year: tuple[Document, ...] = ()
    in_doubt: tuple[Seen, ...] = ()
    irn_cancelled: bool = False
    note_irn_cancelled: bool = False
    irn_open: tuple[Seen, ...] = ()
    state_aside: tuple[Seen, ...] = ()
    is_void: bool = False
    cancelled_on: date | None = None
    days: int | None = None
    reminder_on: date | None = None
    overdue_on: date | None = None
    urgency: Urgency | None = None
    done_by: str | None = None
    done_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Return whether something of it is certainly left to do."""
        return self.status in (Status.OPEN, Status.PARTLY_DONE)

    @property
    def is_credited(self) -> bool:
        """Return whether a note credits it, whole or not."""
        return self.credit is not None and bool(self.credit.used)

    @property
    def perhaps(self) -> tuple[Document, ...]:
        """Return the notes that close it if they are made: their state is not given."""
        return tuple(self.credit.perhaps) if self.credit is not None and self.status is Status.UNCERTAIN else ()

    @property
    def rest_uncertain(self) -> bool:
        """Return whether it is credited in part, and only an unread row or an incomplete file leaves open whether the rest is."""
        if self.status is not Status.UNCERTAIN or self.credit is None or self.credit.whole or not self.arisen.certain:
            return False
        return self.is_credited and not (self.contradictory or self.of_earlier_year or self.credit.is_shaken)


class DutyBook:
    """Computes the state of each duty from the evidence."""

    def __init__(  # noqa: PLR0913 (what a state depends on)
        self,
        evidence: Evidence,
        times: OrderTimes,
        cancellations: Cancellations,
        ledger: Ledger,
        coverage: Coverage,
        as_of: date,
        annual_returns: Mapping[int, date],
    ) -> None:
        self.evidence, self.times, self.cancellations, self.ledger, self.coverage = evidence, times, cancellations, ledger, coverage
        self.as_of = as_of
        self.annual_returns = {year: day for year, day in annual_returns.items() if day <= as_of}
        self.ended = ended_at(cancellations, len(evidence.orders))
        self.asked_by_ajio, self.by_ajio, self.maybe_by_ajio = self._ended_by_ajio()
        self.several = evidence.at_several_places

    def state_of(self, arisen: Arisen) -> ClientDuty:
        """Return the state of a duty."""
        if arisen.task == TaskKey.CREDIT_NOTE:
            return self._credit_note(arisen)
        ended = int(self.ended[arisen.order])
        is_of_ajio = arisen.task == TaskKey.ASK_AJIO_TO_CANCEL
        done = bool(self.by_ajio[arisen.order]) if is_of_ajio else ended != NEVER
        if done:
            maybe_other = bool(self.several[arisen.order])
        else:
            maybe_other = self._maybe_ended(arisen.order)
            maybe_other |= is_of_ajio and bool(self.maybe_by_ajio[arisen.order])
        if is_of_ajio and not self.asked_by_ajio[arisen.order]:
            maybe_other |= bool(self.coverage.aside_of_orders((System.AJIO,), arisen.order))
        unclear = not arisen.certain or maybe_other
        status = Status.UNCERTAIN if unclear else Status.DONE if done else Status.OPEN
        counted = self._counted_from(arisen)
        days = None if counted is None else (self.as_of - counted).days
        done_on = day_at(ended) if status is Status.DONE and ended != NEVER else None
        return ClientDuty(arisen, status, cancelled_on=counted, days=days, done_on=done_on)

    def _credit_note(self, arisen: Arisen) -> ClientDuty:
        number, documents = arisen.invoice, self.evidence.documents
        document = int(self.times.document[arisen.order])
        invoice = self.ledger.invoice(number)
        credit = self.ledger.credit(number, arisen.order)
        first = arisen.since or (None if arisen.invoiced == NEVER else day_at(arisen.invoiced))
        absence = self.coverage.absence(DOCUMENT_SYSTEMS, (Claim.DOCUMENTS,), first, self.as_of, arisen.order, number, but_number=number)
        is_its = document != ABSENT and int(documents["number"][document]) == number
        irn_cancelled = bool(documents["irn_cancelled"][document]) if is_its else False
        irn_cancelled = irn_cancelled or (invoice is not None and bool(invoice.irn_cancelled))
        is_void = invoice is not None and invoice.is_void and invoice.irn_cancelled is None
        contradictory = tuple(note for note in credit.used if not self.ledger.is_about(note, arisen.order) or self.ledger.contradicts(note))
        contradictory = contradictory or (() if credit.used else tuple(self.ledger.contradictory.get(arisen.order, ())))
        status = self._status(arisen, credit, absence, is_open_question=irn_cancelled or is_void)
        mentioned = tuple(self.ledger.mentioning.get(number, ())) if status in (Status.OPEN, Status.PARTLY_DONE, Status.UNCERTAIN) else ()
        of_earlier_year = _of_earlier_year(credit, arisen, invoice)
        is_doubtful = contradictory or of_earlier_year or credit.is_shaken or mentioned or (credit.perhaps and not credit.whole)
        if is_doubtful and status in (Status.DONE, Status.PARTLY_DONE, Status.OPEN):
            status = Status.UNCERTAIN
        in_doubt = self._standing_in_doubt(credit, absence) if status is Status.DONE else ()
        status = Status.UNCERTAIN if in_doubt else status
        note_irn_cancelled = any(note.irn_cancelled for note in credit.used)
        if note_irn_cancelled and status in (Status.DONE, Status.PARTLY_DONE):
            status = Status.QUESTION
        state_aside = self._state_aside(number) if status is Status.OPEN else ()
        status = Status.UNCERTAIN if state_aside else status
        irn_open = tuple(seen for note in credit.used for seen in note.open_irn) if status is Status.DONE else ()
        status = Status.UNCERTAIN if irn_open else status
        counted = self._counted_from(arisen)
        reminder = None if counted is None else counted + REMINDER_AFTER
        overdue = None if arisen.invoiced == NEVER else overdue_from(day_at(arisen.invoiced), self.annual_returns)
        last = credit.used[-1] if credit.used else None
        return ClientDuty(
            arisen,
            status,
            invoice=invoice,
            number=number,
            credit=credit,
            absence=absence,
            suggested=() if credit.whole else self._suggested(arisen.order, invoice),
            invoice_aside=self._invoice_aside(number) if credit.incomparable else (),
            contradictory=contradictory,
            mentioned=mentioned,
            of_earlier_year=of_earlier_year,
            in_doubt=in_doubt,
            irn_cancelled=irn_cancelled,
            note_irn_cancelled=note_irn_cancelled,
            irn_open=irn_open,
            state_aside=state_aside,
            is_void=is_void,
            cancelled_on=counted,
            days=None if counted is None else (self.as_of - counted).days,
            reminder_on=reminder,
            overdue_on=overdue,
            urgency=None if status in (Status.DONE, Status.QUESTION) else self._urgency(reminder, overdue),
            done_by=", ".join(note.text for note in credit.used) or None,
            done_on=last.day if last is not None and status is Status.DONE else None,
        )

    def _status(self, arisen: Arisen, credit: Credit, absence: Absence, *, is_open_question: bool) -> Status:
        if credit.whole:
            return Status.UNCERTAIN if credit.incomparable or arisen.is_shared else Status.DONE
        if is_open_question or (arisen.certain and not arisen.settled):
            return Status.QUESTION
        if not arisen.certain or not arisen.settled:
            return Status.UNCERTAIN
        if absence.cannot_tell:
            return Status.UNCERTAIN
        return Status.PARTLY_DONE if credit.used else Status.OPEN

    def _standing_in_doubt(self, credit: Credit, absence: Absence) -> tuple[Seen, ...]:
        """Return the rows set aside that can take back a note of *credit*: they name it, its invoice, or its order."""
        named = {seen for note in credit.used for seen in self.coverage.aside(DOCUMENT_SYSTEMS, number=note.number)}
        return tuple(sorted(named.union(absence.rows if absence.proof is Proof.ASIDE else ())))

    def _invoice_aside(self, number: int) -> tuple[Seen, ...]:
        """Return the rows set aside that are the invoice with *number*, and not only name it."""
        naming = set(self.coverage.aside(DOCUMENT_SYSTEMS, number=number, but_number=number))
        return tuple(seen for seen in self.coverage.aside(DOCUMENT_SYSTEMS, number=number) if seen not in naming)

    def _state_aside(self, number: int) -> tuple[Seen, ...]:
        """Return the rows set aside that are the invoice with *number*, of files with the state of its IRN, or with that of no other row of it."""
        rows = self._invoice_aside(number) if number != ABSENT else ()
        if not rows:
            return ()
        documents = self.evidence.documents
        with_a_row = set(documents["source"][documents["number"] == number].tolist())
        has = {seen.source: self.evidence.sources[seen.source]["has"] for seen in rows}
        return tuple(
            seen for seen in rows if "irn_cancelled" in has[seen.source] or ("counts" in has[seen.source] and seen.source not in with_a_row)
        )

    def _suggested(self, order: int, invoice: Document | None) -> tuple[Document, ...]:
        """Return the notes of *order* without an invoice, with the value of *invoice* if both values are given."""
        notes = [note for note in self.ledger.without_original.get(order, ()) if order != ABSENT and note.counts]
        if invoice is None or invoice.value is None:
            return tuple(notes)
        return tuple(note for note in notes if note.value in (None, invoice.value))

    def _counted_from(self, arisen: Arisen) -> date | None:
        """Return the day of the cancellation; of an order that only a packing error has stopped, that of the error."""
        place = arisen.place
        ended = int(self.ended[arisen.order])
        if arisen.at_packing:
            return day_at(ended) if ended != NEVER and ended >= arisen.at else arisen.since
        start = int(self.cancellations.start[place])
        return None if start == NEVER else day_at(start)

    def _urgency(self, reminder: date | None, overdue: date | None) -> Urgency | None:
        if overdue is not None and self.as_of >= overdue:
            return Urgency.OVERDUE
        if reminder is None:
            return None
        return Urgency.REMINDER if self.as_of >= reminder else Urgency.DUE

    def _ended_by_ajio(self) -> tuple[Flags, Flags, Flags]:
        """Return for each order whether Ajio has cancelled it in full: by a request; by that or the quantities of its report; and whether it may have.

        That a request was Ajio's is not certain where Ajio is only inferred.
        """
        size = len(self.evidence.orders)
        cancellations, requests = self.cancellations, self.evidence.requests
        flags, maybe = (np.zeros(size, dtype=bool) for _ in range(2))
        whole = (cancellations.effect == YES) & (cancellations.scope == FULL) & (cancellations.canceller & AJIO_BIT != 0)
        sure = (cancellations.canceller == AJIO_BIT) & ~cancellations.inferred
        flags[cancellations.order[whole & sure]] = True
        maybe[cancellations.order[whole & ~sure]] = True
        report = self.evidence.systems("requests", System.AJIO)
        given = report & (requests["units"] > 0) & (requests["units_cancelled"] != ABSENT)
        units = _total(requests["order"][given], requests["units"][given], size)
        taken = _total(requests["order"][given], requests["units_cancelled"][given], size)
        return flags, np.asarray(flags | ((units > 0) & (taken >= units))), maybe

    def _maybe_ended(self, order: int) -> bool:
        """Return whether a request that may have cancelled *order* in full may have taken effect, or is not dated."""
        start, end = np.searchsorted(self.sorted_orders, [order, order + 1])
        places = self.by_order[start:end]
        cancellations = self.cancellations
        full = (cancellations.scope[places] & FULL != 0) & (cancellations.effect[places] != NO)
        sure = (cancellations.effect[places] == YES) & (cancellations.scope[places] == FULL) & (cancellations.start[places] != NEVER)
        return bool((full & ~sure).any())

    @cached_property
    def by_order(self) -> Numbers:
        """Return the places of the cancellations by order."""
        return np.argsort(self.cancellations.order, kind="stable")

    @cached_property
    def sorted_orders(self) -> Numbers:
        """Return the orders of the cancellations, ascending."""
        return np.sort(self.cancellations.order)


def _total(orders: Numbers, values: Numbers, size: int) -> Numbers:
    return np.bincount(orders, weights=values, minlength=size).astype(np.int64)


def _of_earlier_year(credit: Credit, arisen: Arisen, invoice: Document | None) -> tuple[Document, ...]:
    """Return the notes of *credit* of a financial year before that of the invoice, whose number can begin again each April."""
    days = [] if arisen.invoiced == NEVER else [day_at(arisen.invoiced)]
    days += [] if invoice is None or invoice.day is None else [invoice.day]
    years = [financial_year(day) for day in days]
    return tuple(note for note in credit.used if years and note.day is not None and financial_year(note.day) < min(years))
