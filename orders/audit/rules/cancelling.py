"""Rules C-1 to C-9: was a cancellation carried out that the SOP refuses, or turned away although it allows it."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from orders.audit.answers import UNDECIDED, outcome_words, possible_answers
from orders.audit.cancellations import CUSTOMER, NO, YES, subjects
from orders.audit.cancellers import SELLER_BIT
from orders.audit.client_duties import ClientDuty
from orders.audit.facts import Moments
from orders.audit.findings import Finding, Strength, order_seen, request_seen
from orders.audit.keys import keys_of
from orders.audit.rows.columns import NEVER, Flags
from orders.audit.rows.days import day_or_none
from orders.audit.rules.context import Context, Rule, split
from orders.audit.tables import TIMES, Observed, System
from sop_engine import Outcome, Reading, TaskKey
from sop_engine.ids import is_gap
from sop_engine.text import sentence_case

FACT_NAMES = {
    "canceller": "who cancelled",
    "scope": "how much",
    "invoicing": "the invoicing model",
    "stage": "the stage",
    "e_invoice": "the e-invoice",
}
RESULT_REMEDY = (
    'Bring the result of the cancellation; if the file lists only what was carried out, map it: `result = { value = "carried out" }`.'
)
PROCEDURE = (TaskKey.ASK_AJIO_TO_CANCEL, TaskKey.CANCEL_IN_ASSURE, TaskKey.CREDIT_NOTE)
STEP_CLAUSES = ("AC-ERP-PART-1c", "AC-ERP-PART-1.1", "AC-ERP-PART-1.2", "AC-ERP-PART-1.3", "AC-ERP-PART-1.4a")


def carried_out_though_refused(context: Context) -> Iterator[Finding]:
    """Yield C-1."""
    cancellations = context.cancellations
    on_screen = cancellations.is_outcome(Outcome.FAILS_ON_SCREEN)
    for place in np.flatnonzero(_carried_out(context) & cancellations.is_forbidden & ~on_screen).tolist():
        yield _request_finding(
            context,
            place,
            "C-1",
            Strength.MUST,
            "The cancellation was carried out although the SOP does not allow it.",
            "Find out how it could be carried out, and agree with Ajio what to do with the goods.",
        )


def carried_out_though_it_fails(context: Context) -> Iterator[Finding]:
    """Yield C-2."""
    cancellations = context.cancellations
    for place in np.flatnonzero(_carried_out(context) & cancellations.is_outcome(Outcome.FAILS_ON_SCREEN)).tolist():
        yield _request_finding(
            context,
            place,
            "C-2",
            Strength.MUST,
            "Part of a posted order was cancelled although the SOP says that this fails on the screen.",
            "Check in Assure OMS which units are left, and compare them with the ERP.",
        )


def steps_after_packing_error(context: Context) -> Iterator[Finding]:
    """Yield C-3: the steps after an error at packing, those done and those open; also that the error may be still to come."""
    cancellations, requests = context.cancellations, context.evidence.requests
    failed = requests["packing_error"][cancellations.rows]
    asked = np.zeros(len(cancellations), dtype=bool)
    for place in np.flatnonzero(failed | cancellations.maybe_failed).tolist():
        order = int(cancellations.order[place])
        duties = [duty for duty in context.duties_of.get(order, ()) if duty.arisen.at_packing]
        asked[place] = bool(duties)
        if not duties and failed[place]:
            yield _request_finding(
                context,
                place,
                "C-3",
                Strength.ASK,
                "Packing failed, and the SOP knows this error only after a partial cancellation by Ajio under the client's ERP.",
                "Ask Increff what caused the error.",
            )
        elif duties and place == min(duty.arisen.place for duty in duties) and context.steps_open(order):
            yield _finding_of_procedure(context, place, duties)
    waiting = cancellations.is_outcome(Outcome.FAILS_AT_PACKING) & ~failed & ~asked & ~_ended(context)
    observed = requests["carried_out"][cancellations.rows] == Observed.YES
    for place in np.flatnonzero(waiting).tolist():
        text = "Packing will fail; the steps of the SOP fall due then."
        if observed[place]:
            text = f"Part of the order was cancelled although the SOP does not support it. {text}"
        strength = Strength.ASK if observed[place] else Strength.INFO
        yield _request_finding(context, place, "C-3", strength, text, "Watch for the error at packing.")


def _ended(context: Context) -> Flags:
    """Return for each request whether its order has been cancelled in full, or may have been, or had its packing error."""
    cancellations, size = context.cancellations, len(context.evidence.orders)
    ended = np.zeros(size, dtype=bool)
    ended[cancellations.order[(cancellations.effect != NO) & (cancellations.scope & 1 != 0)]] = True
    ended[cancellations.order[context.evidence.requests["packing_error"][cancellations.rows]]] = True
    return np.asarray(ended[cancellations.order])


def _finding_of_procedure(context: Context, place: int, duties: list[ClientDuty]) -> Finding:
    by_task = {duty.arisen.task: duty for duty in duties}
    steps = [f"{number}. {task.words}: {by_task[task].status}" for number, task in enumerate(PROCEDURE, 1) if task in by_task]
    steps.append("the client may also download the report of orders cancelled after posting")
    first = next((task for task in PROCEDURE if task in by_task and by_task[task].is_open), None)
    certain = all(duty.arisen.certain for duty in duties)
    lacks_result = bool(context.cancellations.result_unknown[place])
    failed = "Packing failed because Ajio had cancelled part of the order."
    if context.cancellations.maybe_failed[place]:
        failed = "Packing may have failed because Ajio had cancelled part of the order: "
        failed += "no result is given." if lacks_result else "the error is dated after the day of the audit."
    return Finding(
        rule="C-3",
        strength=Strength.MUST if certain else Strength.ASK,
        order=int(context.cancellations.order[place]),
        text=f"{failed} {'; '.join(steps)}.",
        remedy=f"{sentence_case(first.words)}." if first is not None else RESULT_REMEDY if lacks_result else "Settle what is uncertain.",
        clauses=STEP_CLAUSES,
        gaps=tuple(dict.fromkeys(gap for duty in duties for gap in duty.arisen.gaps)),
        cannot_tell=not certain,
        since=duties[0].arisen.since,
        seen=(request_seen(context.evidence, context.cancellations, place),),
    )


def turned_away_though_allowed(context: Context) -> Iterator[Finding]:
    """Yield C-4."""
    cancellations, requests = context.cancellations, context.evidence.requests
    turned_away = (requests["carried_out"][cancellations.rows] == Observed.NO) & ~requests["packing_error"][cancellations.rows]
    for place in np.flatnonzero(turned_away & cancellations.is_outcome(Outcome.ALLOWED)).tolist():
        yield _request_finding(
            context,
            place,
            "C-4",
            Strength.MUST,
            "The cancellation was turned away although the SOP allows it.",
            "Cancel again, or ask Increff why it was turned away.",
        )


def repeated_cancellation(context: Context) -> Iterator[Finding]:
    """Yield C-5; if no row has the first cancellation, what that one left to do is uncertain."""
    orphans = context.cancellations.is_orphan
    for place in np.flatnonzero(orphans).tolist():
        text = "The order was already CANCELLED, and no row has that cancellation: what it left to do is uncertain."
        yield _request_finding(
            context, place, "C-5", Strength.ASK, text, "Bring the export that has the first cancellation.", cannot_tell=True
        )
    for place in np.flatnonzero(context.cancellations.is_outcome(Outcome.WITHOUT_EFFECT) & ~orphans).tolist():
        yield _request_finding(
            context,
            place,
            "C-5",
            Strength.INFO,
            "The order was already CANCELLED; a second cancellation has no effect and makes no second duty.",
            "Nothing to do.",
        )


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
    return _request_finding(context, place, "C-6", Strength.ASK, text, remedy, gaps=gaps, cannot_tell=True)


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


def outside_the_sop(context: Context) -> Iterator[Finding]:
    """Yield C-7: the customer cancelled, or the order is of a kind that the SOP does not cover."""
    evidence = context.evidence
    requests = evidence.requests
    wanted = subjects(evidence)
    by_customer = wanted & (context.cancellers.sets == CUSTOMER)
    cancelled = Moments(requests["cancelled_start"], requests["cancelled_end"], wanted, wanted)
    posted = context.times.at("posted", requests["order"]).surely_before(cancelled)
    for row in np.flatnonzero(by_customer).tolist():
        text = "The customer cancelled; no clause answers this."
        if posted[row]:
            text += " The order was already posted, which contradicts the flow: a customer can cancel only before."
        yield Finding(
            rule="C-7",
            strength=Strength.INFO,
            order=int(requests["order"][row]),
            text=text,
            remedy="Ask how the customer could cancel." if posted[row] else "Nothing to do by this SOP.",
            gaps=("GAP-33",),
            since=day_or_none(int(requests["cancelled_start"][row])),
            seen=(order_seen(evidence, row, "customer cancels"),),
        )
    for row in np.flatnonzero(wanted & context.outside).tolist():
        others = [other for other in context.rows_of(int(requests["order"][row])) if context.outside[other] and not wanted[other]]
        yield Finding(
            rule="C-7",
            strength=Strength.INFO,
            order=int(requests["order"][row]),
            text="The order is of a kind that this SOP does not cover.",
            remedy="Nothing to do by this SOP.",
            basis="flow",
            seen=tuple(order_seen(evidence, place, "outside the SOP") for place in (row, *others)),
        )


def cancelled_though_refused_with_e_invoice(context: Context) -> Iterator[Finding]:
    """Yield C-8, one for each e-invoice of the order."""
    cancellations = context.cancellations
    exists = context.times.at("invoiced", cancellations.order).certain
    for place in np.flatnonzero(_carried_out(context) & cancellations.is_forbidden & exists).tolist():
        for invoice in context.order_invoices.of_request(int(cancellations.order[place]), int(cancellations.rows[place])):
            number = context.evidence.document_text(invoice.number)
            doubt = f" ({invoice.remark})" if invoice.is_unclear else ""
            yield _request_finding(
                context,
                place,
                "C-8",
                Strength.ASK,
                f"The e-invoice {number or ''}".rstrip()
                + f" exists{doubt}, and the SOP names no task after a cancellation that it refuses.",
                "Ask the owner of the SOP whether its e-invoice is credited.",
                document=number,
                basis="silent",
            )


def canceller_not_named(context: Context) -> Iterator[Finding]:
    """Yield C-9: who cancelled is inferred or unknown, and the answer depends on it."""
    cancellations, answers = context.cancellations, context.answers
    both = np.full(len(cancellations), 3, dtype=np.uint8)
    invoicing = context.evidence.requests["invoicing"][cancellations.rows]
    keys = keys_of(both, cancellations.scope, invoicing, cancellations.stage, cancellations.e_invoice)
    several = np.bitwise_count(cancellations.canceller & 3) > 1
    for place in np.flatnonzero(cancellations.inferred | several).tolist():
        if "canceller" not in answers.deciding(int(keys[place]), "outcome", "tasks"):
            continue
        inferred = bool(cancellations.inferred[place]) and int(cancellations.canceller[place]) & SELLER_BIT == 0
        text = "Neither the seller nor the customer is named; Ajio is inferred" if inferred else "The report does not say who cancelled"
        yield _request_finding(
            context,
            place,
            "C-9",
            Strength.ASK,
            f"{text}, and the answer depends on it.",
            "Ask Ajio, or bring a report that names who cancelled.",
            gaps=("GAP-57",),
        )


def _carried_out(context: Context) -> Flags:
    """Return for each request whether it was observed to take effect."""
    cancellations = context.cancellations
    observed = context.evidence.requests["carried_out"][cancellations.rows] == Observed.YES
    return np.asarray(observed & (cancellations.effect == YES))


def _request_finding(  # noqa: PLR0913 (the parts of a finding)
    context: Context,
    place: int,
    rule: str,
    strength: Strength,
    text: str,
    remedy: str,
    *,
    gaps: tuple[str, ...] = (),
    document: str | None = None,
    basis: str | None = None,
    cannot_tell: bool = False,
) -> Finding:
    """Return a finding about the request at *place*, with what gave its outcome."""
    cancellations = context.cancellations
    deciding, assumed = _deciding(context.answers.reading, int(cancellations.key[place]), narrow=cannot_tell)
    ids = tuple(dict.fromkeys([*deciding, *gaps]))
    return Finding(
        rule=rule,
        strength=strength,
        order=int(cancellations.order[place]),
        text=text,
        remedy=remedy,
        document=document,
        basis=basis or ("our reading" if assumed else None),
        cannot_tell=cannot_tell,
        since=day_or_none(int(cancellations.start[place])),
        seen=(request_seen(context.evidence, cancellations, place),),
        **split(ids),
    )


@cache
def _deciding(reading: Reading, key: int, *, narrow: bool) -> tuple[tuple[str, ...], bool]:
    """Return what gives the outcomes of *key* or leaves them open, with all gaps beside them unless *narrow*; and whether our reading does."""
    decisions = possible_answers(reading).decided(key).decisions
    deciding = [identifier for decision in decisions for identifier in (*decision.outcome_by, *decision.clauses)]
    silent = [decision for decision in decisions if decision.outcome is Outcome.UNSPECIFIED]
    deciding += [gap for decision in (silent if narrow else decisions) for gap in (*decision.gaps, *(() if narrow else decision.notes))]
    return tuple(dict.fromkeys(deciding)), any(is_gap(identifier) for decision in decisions for identifier in decision.outcome_by)


RULES = (
    Rule(
        "C-1",
        "carried out though refused",
        ("SC-ERP-FULL-3", "SC-RMS-FULL-2", "SC-RMS-PART-2", "SC-ERP-PART-2", "AC-ERP-FULL-2b", "GAP-14", "GAP-36", "GAP-11"),
        Strength.MUST,
        carried_out_though_refused,
    ),
    Rule(
        "C-2",
        "part taken out by the seller after posting, although it fails on the screen",
        ("SC-ERP-PART-1.1.1", "GAP-08"),
        Strength.MUST,
        carried_out_though_it_fails,
    ),
    Rule("C-3", "steps after an error at packing", STEP_CLAUSES, Strength.MUST, steps_after_packing_error),
    Rule(
        "C-4",
        "turned away though allowed",
        ("SC-ERP-FULL-1a", "SC-ERP-FULL-2a", "SC-ERP-PART-1.2.1", "SC-RMS-FULL-1", "AC-ERP-FULL-2a", "AC-RMS-FULL-1", "GAP-07"),
        Strength.MUST,
        turned_away_though_allowed,
    ),
    Rule("C-5", "repeated cancellation", ("GAP-37",), Strength.INFO, repeated_cancellation),
    Rule("C-6", "undecided: the possible cases disagree", ("GAP-23",), Strength.ASK, undecided),
    Rule("C-7", "cancelled by the customer, or outside the SOP", ("GAP-33",), Strength.INFO, outside_the_sop),
    Rule("C-8", "cancelled though refused, and an e-invoice exists", ("silent",), Strength.ASK, cancelled_though_refused_with_e_invoice),
    Rule("C-9", "canceller inferred or unknown", ("GAP-57",), Strength.ASK, canceller_not_named),
)
