"""Rule C-3: the steps after an error at packing, those done and those open."""

from collections.abc import Iterator

import numpy as np

from orders.audit.cancellations import NO
from orders.audit.client_duties import ClientDuty
from orders.audit.findings import Finding, Strength, request_seen
from orders.audit.rows.columns import Flags
from orders.audit.rules.context import Context, Rule
from orders.audit.rules.request_findings import RESULT_REMEDY, request_finding
from orders.audit.tables import Observed
from sop_engine import Outcome, TaskKey
from sop_engine.text import sentence_case

PROCEDURE = (TaskKey.ASK_AJIO_TO_CANCEL, TaskKey.CANCEL_IN_ASSURE, TaskKey.CREDIT_NOTE)
STEP_CLAUSES = ("AC-ERP-PART-1c", "AC-ERP-PART-1.1", "AC-ERP-PART-1.2", "AC-ERP-PART-1.3", "AC-ERP-PART-1.4a")


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
            yield request_finding(
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
        yield request_finding(context, place, "C-3", strength, text, "Watch for the error at packing.")


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
    certain = all(duty.arisen.certain for duty in duties) and any(duty.is_open for duty in duties)
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


RULES = (Rule("C-3", "steps after an error at packing", STEP_CLAUSES, Strength.MUST, steps_after_packing_error),)
