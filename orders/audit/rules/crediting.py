"""Rules D-1, D-2 and D-8: credit notes that are due."""

from collections.abc import Iterator
from dataclasses import replace

from orders.audit.client_duties import ClientDuty, Status
from orders.audit.coverage import Absence, Proof, absence_text, remedy_of
from orders.audit.findings import Finding, Strength
from orders.audit.rules.context import Context, Rule
from orders.audit.rules.duty_remarks import duty_documents, irn_left_open, mentions_text, values_left_open
from orders.audit.rules.made_notes import ENTER_STATE, SHARE_OUT, WHOLE, numbers_text, sentences, state_questions
from orders.duties import Urgency
from sop_engine.text import counted

IRN_CANCELLED = "GAP-48"
CREDIT_CLAUSES = ("SC-ERP-FULL-1.1.2a", "SC-ERP-FULL-2.1.2a", "AC-ERP-FULL-1.1.2a", "AC-ERP-PART-1.4a")


def due_and_none(context: Context) -> Iterator[Finding]:
    """Yield D-1: a credit note is due and none is there; one after a late e-invoice is R-2, one among the steps after packing C-3."""
    for duty in context.credit_notes():
        if duty.arisen.at_packing and context.steps_open(duty.arisen.order):
            continue
        if duty.arisen.is_unclear and duty.status is Status.UNCERTAIN and not duty.is_credited:
            remedy = "Find out which e-invoices the order has."
            yield replace(due_finding(context, duty, "D-1", "", f"may be due: {duty.arisen.remark}."), remedy=remedy)
        elif duty.contradictory and duty.status is Status.UNCERTAIN and not duty.is_credited:
            after = f"is due, and it is uncertain whether {numbers_text([*duty.contradictory])} is for it, as it names an invoice of another order."
            remedy = "Correct the order or the invoice that the credit note names."
            yield replace(due_finding(context, duty, "D-1", "", after), remedy=remedy)
        elif duty.credit is not None and duty.credit.is_shaken and duty.status is Status.UNCERTAIN and not duty.is_credited:
            after = f"is due, and it is uncertain whether {numbers_text(duty.credit.taking_back)} is for it, because of its sign."
            yield replace(due_finding(context, duty, "D-1", "", after), remedy="Check the sign of the entry in the ERP.")
        elif duty.state_aside and not duty.arisen.late:
            yield due_finding(context, duty, "D-1", "", "is due if the e-invoice stands.")
        elif duty.status is Status.OPEN and not duty.arisen.late:
            yield due_finding(context, duty, "D-1", "", "is due.")
        elif duty.status is Status.UNCERTAIN and duty.arisen.certain and not duty.arisen.late and not duty.is_credited:
            yield due_finding(context, duty, "D-1", "", "is due, and it is uncertain whether it was made.")
        elif duty.status is Status.QUESTION and not (duty.irn_cancelled or duty.note_irn_cancelled or duty.is_void):
            yield due_finding(context, duty, "D-1", "The SOP, as written, leaves this open. ", "may be due.")


def due_finding(context: Context, duty: ClientDuty, rule: str, before: str, after: str) -> Finding:
    """Return the finding that a credit note is due: *before*, the credit note with its invoice, *after*."""
    arisen, number = duty.arisen, context.evidence.document_text(duty.number)
    parts = [f"{before}A credit note {f'for {number} ' if number is not None else ''}{after}"]
    if context.evidence.further:
        parts[0] += sentences(values_left_open(duty_documents(duty)))
    state = (
        Absence(Proof.ASIDE, tuple(dict.fromkeys(seen.source for seen in duty.state_aside)), duty.state_aside) if duty.state_aside else None
    )
    if state is not None:
        parts.append(absence_text(state, context.coverage, "cancellation of the e-invoice"))
    if duty.days is not None:
        when = f"{counted(duty.days, 'day')} ago" if duty.days else "on the day of the audit"
        parts.append(f"The cancellation was {when}.")
    if duty.mentioned:
        parts[-1] += sentences(mentions_text(duty))
    parts += state_questions(duty.perhaps, context)
    if duty.absence is not None and (not (duty.mentioned or duty.perhaps) or duty.absence.cannot_tell):
        parts.append(absence_text(duty.absence, context.coverage, "credit note for it"))
    cannot_tell = duty.status is Status.UNCERTAIN
    certain = duty.status is Status.OPEN
    return Finding(
        rule=rule,
        strength=Strength.MUST if certain else Strength.ASK,
        order=arisen.order,
        document=number,
        text=" ".join(parts),
        remedy=(SHARE_OUT if duty.mentioned else ENTER_STATE if duty.perhaps else None)
        or (state is not None and remedy_of(state))
        or (cannot_tell and duty.absence is not None and remedy_of(duty.absence))
        or "Make the credit note and keep it in the ERP.",
        clauses=arisen.clauses,
        gaps=arisen.gaps,
        cannot_tell=cannot_tell,
        since=arisen.since,
        seen=(
            *arisen.seen,
            *(duty.invoice.seen if duty.invoice is not None else ()),
            *(seen for note in duty.perhaps for seen in note.seen),
            *(duty.absence.rows if duty.absence else ()),
            *duty.state_aside,
        ),
    )


def overdue(context: Context) -> Iterator[Finding]:
    """Yield D-2: the deadline of the law has passed; the reminder before it is in the duty."""
    for duty in context.credit_notes():
        if duty.is_open and duty.urgency is Urgency.OVERDUE:
            yield Finding(
                rule="D-2",
                strength=Strength.MUST,
                order=duty.arisen.order,
                document=context.evidence.document_text(duty.number),
                text=f"The credit note is overdue by law since {duty.overdue_on}.",
                remedy="Ask the tax adviser: the note can no longer reduce the tax of that year.",
                gaps=("GAP-43", WHOLE),
                basis="law",
                since=duty.overdue_on,
                seen=duty.arisen.seen,
            )


def irn_cancelled(context: Context) -> Iterator[Finding]:
    """Yield D-8; uncertain if it is not given whether the IRN was cancelled."""
    for duty in context.credit_notes():
        if duty.irn_open:
            yield Finding(
                rule="D-8",
                strength=Strength.ASK,
                order=duty.arisen.order,
                document=context.evidence.document_text(duty.number),
                text=f"{duty.done_by} credits the e-invoice. {irn_left_open(duty, context.coverage.places)} If so, it is neither due nor done.",
                remedy="Find the state of the IRN at the portal, and enter it.",
                gaps=(IRN_CANCELLED,),
                cannot_tell=True,
                since=duty.arisen.since,
                seen=(*duty.arisen.seen, *duty.irn_open),
            )
        of_note = duty.note_irn_cancelled and duty.status is Status.QUESTION
        if of_note or (duty.irn_cancelled and duty.status is not Status.DONE):
            text = "The IRN of the e-invoice was cancelled at the portal; the credit note is neither due nor done."
            if of_note and not duty.irn_cancelled:
                text = f"The IRN of the credit note {duty.done_by} was cancelled at the portal; the credit note is neither due nor done."
            yield Finding(
                rule="D-8",
                strength=Strength.ASK,
                order=duty.arisen.order,
                document=context.evidence.document_text(duty.number),
                text=text,
                remedy="Ask the owner of the SOP before making a credit note.",
                gaps=(IRN_CANCELLED,),
                since=duty.arisen.since,
                seen=(*duty.arisen.seen, *(duty.invoice.seen if duty.invoice is not None else ())),
            )


RULES = (
    Rule("D-1", "credit note due and none made", (*CREDIT_CLAUSES, "GAP-02", "GAP-04", "GAP-17"), Strength.MUST, due_and_none),
    Rule("D-2", "credit note overdue by law", ("law", WHOLE, "GAP-43"), Strength.MUST, overdue),
    Rule("D-8", "IRN cancelled at the portal", (IRN_CANCELLED,), Strength.ASK, irn_cancelled),
)
