"""Rules C-6 and C-9: cancellations that the SOP does not decide as far as their facts are known, and who cancelled."""

from collections.abc import Iterator

import numpy as np

from orders.audit.answers import UNDECIDED, outcome_words
from orders.audit.cancellations import CUSTOMER, NO
from orders.audit.cancellers import SELLER_BIT
from orders.audit.facts import ALIVE, CANCELLED_BIT
from orders.audit.findings import Finding, Strength
from orders.audit.keys import keys_of
from orders.audit.rows.columns import NEVER, Flags
from orders.audit.rules.context import Context, Rule
from orders.audit.rules.request_findings import RESULT_REMEDY, request_finding
from orders.audit.tables import TIMES, WORDS, System
from sop_engine import Canceller, Outcome, TaskKey

FACT_NAMES = {
    "canceller": "who cancelled",
    "scope": "the number of units cancelled",
    "invoicing": "the invoicing model",
    "stage": "the stage",
    "e_invoice": "the e-invoice",
}


def undecided(context: Context) -> Iterator[Finding]:
    """Yield C-6: the possible cases disagree, the SOP has no answer, or no cell gives the result on which it depends."""
    cancellations = context.cancellations
    unspecified = cancellations.is_outcome(Outcome.UNSPECIFIED)
    doubtful = (cancellations.outcome == UNDECIDED) & ~cancellations.is_forbidden
    exists = context.times.at("invoiced", cancellations.order).certain
    notes = _credit_note_undecided(context, exists)
    settled = cancellations.is_outcome(Outcome.WITHOUT_EFFECT) | cancellations.is_outcome(Outcome.FAILS_AT_PACKING)
    unknown = cancellations.result_unknown & ~settled
    for place in np.flatnonzero(unspecified | doubtful | notes | unknown).tolist():
        parts = (("outcome",) if doubtful[place] else ()) + ((_part_of_note(exists=bool(exists[place])),) if notes[place] else ())
        yield _undecided(context, place, parts, unspecified=bool(unspecified[place]), unknown=bool(unknown[place]))


def _undecided(context: Context, place: int, parts: tuple[str, ...], *, unspecified: bool, unknown: bool) -> Finding:
    """Return the finding about the request at *place* of which *parts* are undecided, or the result is *unknown*."""
    answers, key = context.answers, int(context.cancellations.key[place])
    facts = answers.deciding(key, *parts)
    if unspecified and not facts and not unknown:
        text, remedy = "The SOP has no answer to this cancellation.", "Ask the owner of the SOP."
    else:
        open_parts = [f"the outcome ({' or '.join(outcome_words(answers, key))})"] if "outcome" in parts else []
        open_parts += (
            ["whether a credit note is due"]
            if {"credit_note", "late_credit_note"} & {*parts} or (unknown and _can_owe(context, place))
            else []
        )
        open_parts += ["whether the SOP was followed"] if unknown and not unspecified and "outcome" not in parts else []
        open_parts += ["what it left to do"] if not open_parts else []
        names = " and ".join(FACT_NAMES[fact] for fact in facts)
        changing = {"stage", "e_invoice"} & {*facts}
        needed = [f"{names} at the cancellation" if changing else names] if facts else []
        needed += ["whether it was carried out"] if unknown else []
        verb = "is" if len(open_parts) == 1 else "are"
        text = f"It depends on {' and '.join(needed)}: {' and '.join(open_parts)} {verb} undecided."
        remedy = f"Bring {names}{' at the time of the cancellation' if changing else ''}, from an export that has it." if facts else ""
        remedy = " ".join(filter(None, (remedy, _result_remedy(context, place) if unknown else "")))
    text += "".join(_why_open(context, place, facts))
    gaps = ("GAP-23",) if "stage" in facts and _packed_in_the_same_moment(context, place) else ()
    return request_finding(context, place, "C-6", Strength.ASK, text, remedy, gaps=gaps, cannot_tell=True)


def _result_remedy(context: Context, place: int) -> str:
    """Return how to know the result of the request at *place*."""
    row = int(context.cancellations.rows[place])
    of_ajio = context.evidence.systems("requests", System.AJIO)[row]
    return "Ask Ajio whether the order is cancelled." if of_ajio else RESULT_REMEDY


def _can_owe(context: Context, place: int) -> bool:
    """Return whether a credit note of the order is among the duties that the request at *place* may have made."""
    duties = context.duties_of.get(int(context.cancellations.order[place]), ())
    return any(duty.arisen.place == place and duty.arisen.task == TaskKey.CREDIT_NOTE for duty in duties)


def _why_open(context: Context, place: int, facts: tuple[str, ...]) -> Iterator[str]:
    """Yield sentences that say what in the rows leaves *facts* open."""
    cancellations, requests = context.cancellations, context.evidence.requests
    rows = context.rows_of(int(cancellations.order[place]))
    if "scope" in facts and cancellations.in_all[place]:
        yield " The quantity can be what this request took, or what all requests took until then."
    stated = int(requests["stage"][cancellations.rows[place]])
    if "stage" in facts and stated and int(cancellations.stage[place]) & ALIVE & ~stated:
        yield " The times of the order do not allow the stage that the row has: it can be that of the day of the export."
    if "stage" in facts and stated and int(cancellations.stage[place]) & CANCELLED_BIT & ~stated:
        yield " Rows of the order have it cancelled in full at different stages; only one of them can have taken effect."
    if "scope" in facts and requests["some_repeated"][rows].any():
        yield " Equal rows of the order can be one line that stands there again, or several; Ajio's report has units for some of them."
    if any(requests[f"{name}_later"][row] for name in TIMES for row in rows):
        yield " A time of the order is after the day of the audit, and is taken as unknown."
    if context.evidence.at_several_places[int(cancellations.order[place])]:
        yield " The order number is at several locations: it can be one order or several."


def _part_of_note(*, exists: bool) -> str:
    """Return the part of an answer that says whether a credit note is due, of an order whose e-invoice certainly *exists* or not."""
    return "late_credit_note" if exists else "credit_note"


def _credit_note_undecided(context: Context, exists: Flags) -> Flags:
    """Return for each request whether it is undecided if it made a credit note due, although its outcome is certain."""
    cancellations, answers = context.cancellations, context.answers
    codes = np.where(exists, *(answers[_part_of_note(exists=there)].of(cancellations.key) for there in (True, False)))
    return np.asarray((codes == UNDECIDED) & (cancellations.effect != NO))


def _packed_in_the_same_moment(context: Context, place: int) -> bool:
    """Return whether packing and cancellation have overlapping times."""
    cancellations = context.cancellations
    packed = context.times.moments["packed"]
    order = int(cancellations.order[place])
    start, end = int(packed.start[order]), int(packed.end[order])
    return start != NEVER and start < int(cancellations.end[place]) and int(cancellations.start[place]) < end


def _cancellers(bits: int) -> str:
    """Return a set of cancellers as text in a sentence."""
    words = [word for place, word in enumerate(WORDS["canceller"]) if bits >> place & 1]
    return " or ".join(word if word == Canceller.AJIO else f"the {word}" for word in words)


def canceller_not_named(context: Context) -> Iterator[Finding]:
    """Yield C-9: who cancelled is inferred or unknown, and the answer depends on it; no clause answers what the customer cancels."""
    cancellations, answers = context.cancellations, context.answers
    both = np.full(len(cancellations), 3, dtype=np.uint8)
    invoicing = context.evidence.requests["invoicing"][cancellations.rows]
    keys = keys_of(both, cancellations.scope, invoicing, cancellations.stage, cancellations.e_invoice)
    several = np.bitwise_count(cancellations.canceller & 3) > 1
    for place in np.flatnonzero(cancellations.inferred | several | (cancellations.reported != 0)).tolist():
        who, reported = int(cancellations.canceller[place]), int(cancellations.reported[place])
        can_be_customer = reported != 0 and who & CUSTOMER != 0
        if not can_be_customer and "canceller" not in answers.deciding(int(keys[place]), "outcome", "tasks"):
            continue
        inferred = bool(cancellations.inferred[place]) and who & SELLER_BIT == 0
        text, remedy = "The report does not say who cancelled", "Ask Ajio, or bring a report that names who cancelled."
        if reported:
            text = f"The row names {_cancellers(who & ~reported)}, Ajio's report names {_cancellers(reported)}"
            remedy = "Ask Ajio who cancelled."
        elif inferred:
            text = "Neither the seller nor the customer is named; Ajio is inferred"
        yield request_finding(context, place, "C-9", Strength.ASK, f"{text}, and the answer depends on it.", remedy, gaps=("GAP-57",))


RULES = (
    Rule("C-6", "undecided: the possible cases disagree", ("GAP-23",), Strength.ASK, undecided),
    Rule("C-9", "canceller inferred or unknown", ("GAP-57",), Strength.ASK, canceller_not_named),
)
