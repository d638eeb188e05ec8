"""The duties that follow from the cancellations: when each arose, what did it, and how old it is.

One duty of a kind for each order, as in the life of an order (GAP-37): the first that arose, and of those the first that is certain. Of
credit notes there is one for each e-invoice of the order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import chain

import numpy as np

from orders.audit.answers import DUE, E_INVOICE_EXISTS, NOT_SETTLED, PARTS, UNDECIDED, possible_answers
from orders.audit.cancellations import FULL, NO, SELLER_OR_AJIO, YES, Cancellations
from orders.audit.facts import Moments, OrderTimes, e_invoices_at
from orders.audit.findings import Seen, request_seen
from orders.audit.keys import keys_of
from orders.audit.order_invoices import OrderInvoices
from orders.audit.rows.columns import ABSENT, NEVER, Flags, Numbers
from orders.audit.rows.days import day_at
from orders.audit.rows.evidence import Evidence
from sop_engine import Decision, EInvoice, Modality, Outcome, Reading, Stage, TaskKey, Timing
from sop_engine.case import LIFE_STAGES
from sop_engine.ids import is_gap
from sop_engine.order import LATE_E_INVOICE

POSTED_AFTER_CANCELLATION = "GAP-46"
PROCESSING_BIT = 1 << LIFE_STAGES.index(Stage.PROCESSING)
POSTED_BIT = 1 << EInvoice.POSTED.rank
NOT_INVOICED = POSTED_BIT | 1
"""The sets of the e-invoice under which none exists: posted, or posted or not."""
AJIO, PARTIAL = 2, 2


@dataclass(frozen=True, slots=True)
class Arisen:
    """A duty as it arose.

    Attributes:
        order, invoice: numbers; the invoice is ABSENT for other tasks, and if it is unknown.
        certain: whether it certainly arose; `settled` whether the SOP, as read, says so.
        late: whether it arose from an e-invoice that was made after the cancellation.
        at_packing: whether it arose from an error at packing; `at` is when, in milliseconds.
        place: in the `Cancellations`.
        invoiced: when the e-invoice was made, or `NEVER`.
        is_unclear, is_shared: whether the e-invoice may be of another order, and whether that names it too.
        remark: why, or what other e-invoices the order has.
    """

    order: int
    task: TaskKey
    since: date | None
    at: int
    certain: bool
    settled: bool
    late: bool
    at_packing: bool
    place: int
    key: int
    ids: tuple[str, ...]
    seen: tuple[Seen, ...] = field(default=())
    invoice: int = ABSENT
    invoiced: int = int(NEVER)
    is_unclear: bool = False
    is_shared: bool = False
    remark: str | None = None

    @property
    def clauses(self) -> tuple[str, ...]:
        """Return the clauses that require it."""
        return _split(self.ids)[0]

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return the gaps whose reading it rests on."""
        return _split(self.ids)[1]


def arisen_duties(evidence: Evidence, times: OrderTimes, cancellations: Cancellations) -> list[Arisen]:
    """Return the duties of all orders, sorted by order and task."""
    invoices = OrderInvoices(evidence, times)
    arisen = chain(_credit_notes(evidence, times, cancellations), _at_packing(evidence, times, cancellations))
    duties = [of_invoice for duty in arisen for of_invoice in _of_each_invoice(duty, invoices, cancellations)]
    first: dict[tuple[int, TaskKey, int], Arisen] = {}
    for duty in sorted(duties, key=lambda duty: (not duty.certain, not duty.settled, duty.at, duty.place)):
        first.setdefault((duty.order, duty.task, duty.invoice), duty)
    keys = evidence.orders.keys
    return sorted(first.values(), key=lambda duty: (keys[duty.order], duty.task, evidence.document_text(duty.invoice) or ""))


def _of_each_invoice(duty: Arisen, invoices: OrderInvoices, cancellations: Cancellations) -> Iterator[Arisen]:
    """Yield *duty* for each e-invoice that it concerns; other tasks than the credit note as they are."""
    if duty.task != TaskKey.CREDIT_NOTE:
        yield duty
        return
    for invoice in invoices.of_request(duty.order, int(cancellations.rows[duty.place])):
        of_invoice = replace(
            duty,
            invoice=invoice.number,
            invoiced=invoice.start,
            certain=duty.certain and not invoice.is_unclear,
            is_unclear=invoice.is_unclear,
            is_shared=invoice.is_shared,
            remark=invoice.remark,
        )
        differs = invoice.start != invoices.times.moments["invoiced"].start[duty.order]
        dated = differs and NEVER not in (invoice.start, cancellations.end[duty.place]) and not duty.at_packing
        yield _dated(of_invoice, invoices, cancellations) if dated else of_invoice


def _dated(duty: Arisen, invoices: OrderInvoices, cancellations: Cancellations) -> Arisen:
    """Return the *duty* to credit an e-invoice that has a time of its own: it can be later than the first one of its order."""
    place = duty.place
    if duty.invoiced < cancellations.end[place]:
        start = int(cancellations.start[place])
        return replace(duty, late=False, at=start, since=None if start == NEVER else day_at(start))
    later = replace(duty, late=True, at=duty.invoiced, since=day_at(duty.invoiced))
    reading, requests = cancellations.answers.reading, slice(place, place + 1)
    before = np.array([NOT_INVOICED if not invoices.times.moments["posted"].certain[duty.order] else POSTED_BIT], dtype=np.uint8)
    who = (cancellations.canceller[requests] & SELLER_OR_AJIO).astype(np.uint8)
    invoicing = invoices.evidence.requests["invoicing"][cancellations.rows[requests]]
    key = int(keys_of(who, cancellations.scope[requests], invoicing, cancellations.stage[requests], before)[0])
    part = cancellations.answers["late_credit_note"].at(key)
    if duty.late or part not in (DUE, NOT_SETTLED):
        return later
    ids = _ids(reading, key, TaskKey.CREDIT_NOTE, exists=True)
    certain = int(cancellations.effect[place]) == YES and not duty.is_unclear
    return replace(later, key=key, certain=certain, settled=part == DUE, ids=ids)


def ended_at(cancellations: Cancellations, size: int) -> Numbers:
    """Return for each of *size* orders when it was cancelled in full, certainly; `NEVER` if it was not, or the time is unknown."""
    full = (cancellations.effect == YES) & (cancellations.scope == FULL) & (cancellations.start != NEVER)
    ends = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(ends, cancellations.order[full], cancellations.start[full])
    return np.where(ends == np.iinfo(np.int64).max, NEVER, ends)


def _credit_notes(evidence: Evidence, times: OrderTimes, cancellations: Cancellations) -> Iterator[Arisen]:
    """Yield the credit notes that became due with a cancellation, or with an e-invoice after it."""
    answers, invoiced = cancellations.answers, times.at("invoiced", cancellations.order)
    now, late = answers["credit_note"], answers["late_credit_note"]
    took = (cancellations.effect != NO) & ~cancellations.is_forbidden
    in_question = [
        (part.of(cancellations.key) == UNDECIDED) | part.is_value(cancellations.key, DUE) | part.is_value(cancellations.key, NOT_SETTLED)
        for part in (now, late)
    ]
    wanted = took & np.where(invoiced.certain, in_question[1], in_question[0])
    orphans = cancellations.is_orphan & invoiced.possible
    for place in np.flatnonzero(wanted | orphans).tolist():
        key, exists = int(cancellations.key[place]), bool(invoiced.certain[place])
        part = (late if exists else now).at(key) if wanted[place] else None
        if wanted[place] and part is None and not _can_be_due(answers.reading, key, exists=exists):
            continue
        after = exists and not int(cancellations.e_invoice[place]) & E_INVOICE_EXISTS
        at = int(invoiced.start[place] if after else cancellations.start[place])
        yield Arisen(
            order=int(cancellations.order[place]),
            task=TaskKey.CREDIT_NOTE,
            since=None if at == NEVER else day_at(at),
            at=at,
            certain=part is not None and int(cancellations.effect[place]) == YES,
            settled=part in (DUE, None),
            late=after,
            at_packing=False,
            place=place,
            key=key,
            ids=_ids(answers.reading, key, TaskKey.CREDIT_NOTE, exists=exists),
            seen=(request_seen(evidence, cancellations, place),),
        )


def _at_packing(evidence: Evidence, times: OrderTimes, cancellations: Cancellations) -> Iterator[Arisen]:
    """Yield the duties that arose with an error at packing, or may have; their case is that of the order when it was packed."""
    requests, answers = evidence.requests, cancellations.answers
    failed = requests["packing_error"][cancellations.rows] | cancellations.maybe_failed
    places = np.flatnonzero(failed & _can_fail_at_packing(cancellations))
    if not len(places):
        return
    rows = cancellations.rows[places]
    start, end = requests["packing_failed_start"][rows], requests["packing_failed_end"][rows]
    apart = start != NEVER
    start, end = np.where(apart, start, cancellations.start[places]), np.where(apart, end, cancellations.end[places])
    there = np.ones(len(rows), dtype=bool)
    before = cancellations.e_invoice[places]
    e_invoice = np.where(apart, e_invoices_at(evidence, times, rows, Moments(start, end, there, there), before), before).astype(np.uint8)
    ones = np.ones(len(rows), dtype=np.uint8)
    keys = keys_of(ones * AJIO, ones * PARTIAL, requests["invoicing"][rows], ones * PROCESSING_BIT, e_invoice)
    for place, key, at in zip(places.tolist(), keys.tolist(), start.tolist(), strict=True):
        decisions = [decision for decision in answers.decided(key).decisions if decision.outcome is Outcome.FAILS_AT_PACKING]
        certain = len(decisions) == len(answers.decided(key).decisions) and cancellations.outcome[place] != UNDECIDED
        certain = certain and not cancellations.maybe_failed[place]
        by_task = [_due_at_packing(decision) for decision in decisions]
        for task in dict.fromkeys(task for tasks in by_task for task in tasks):
            yield Arisen(
                order=int(cancellations.order[place]),
                task=task,
                since=None if at == NEVER else day_at(at),
                at=at,
                certain=certain and all(task in tasks for tasks in by_task),
                settled=True,
                late=False,
                at_packing=True,
                place=place,
                key=key,
                ids=_distinct(identifier for tasks in by_task for identifier in tasks.get(task, ())),
                seen=(request_seen(evidence, cancellations, place),),
            )


def _can_fail_at_packing(cancellations: Cancellations) -> Flags:
    """Return for each request whether the SOP can answer it so."""
    return np.asarray(cancellations.is_outcome(Outcome.FAILS_AT_PACKING) | (cancellations.outcome == UNDECIDED))


def _due_at_packing(decision: Decision) -> Mapping[TaskKey, tuple[str, ...]]:
    required = (task for task in decision.tasks or () if task.modality is Modality.MUST and task.when is Timing.WHEN_PACKING_FAILS)
    return {task.task: decision.task_by[task.task] for task in required}


@cache
def _can_be_due(reading: Reading, key: int, *, exists: bool) -> bool:
    """Return whether a credit note is due in one of the cases of *key*, or the SOP leaves it open in one."""
    value_of = PARTS["late_credit_note" if exists else "credit_note"]
    return any(value_of(decision) in (DUE, NOT_SETTLED) for decision in possible_answers(reading).decided(key).decisions)


@cache
def _split(ids: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the clauses and the gaps among *ids*."""
    return tuple(name for name in ids if not is_gap(name)), tuple(name for name in ids if is_gap(name))


@cache
def _ids(reading: Reading, key: int, task: TaskKey, *, exists: bool) -> tuple[str, ...]:
    """Return the clauses and gaps that require *task* in the cases of *key*, or leave it open; those of a late e-invoice if one *exists*."""
    decisions = possible_answers(reading).decided(key).decisions
    ids = [identifier for decision in decisions for identifier in decision.task_by.get(task, ())]
    ids += [gap for decision in decisions if decision.tasks is None for gap in decision.gaps]
    if exists:
        ranks = {decision.case.e_invoice.rank for decision in decisions if decision.outcome is Outcome.ALLOWED}
        ids += [POSTED_AFTER_CANCELLATION] if 0 in ranks else []
        ids += [LATE_E_INVOICE] if ranks & {0, 1} else []
    return _distinct(ids)


def _distinct(ids: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
