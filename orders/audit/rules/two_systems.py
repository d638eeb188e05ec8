"""Rule R-4: what the seller's systems and Ajio's report have of one order."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from orders.audit.cancellations import NO, YES
from orders.audit.client_duties import Status
from orders.audit.coverage import Absence, Proof, absence_text, remedy_of
from orders.audit.findings import Finding, Seen, Strength, order_seen
from orders.audit.rows.columns import ABSENT, NEVER, Flags, Numbers, flags_at
from orders.audit.rows.locations import with_different
from orders.audit.rules.context import SELLER_SYSTEMS, Context, Rule
from orders.audit.rules.invoicing import first_day
from orders.audit.tables import Claim, Observed, System
from sop_engine import TaskKey
from sop_engine.text import counted

PACKING_CLAUSES = ("AC-ERP-PART-1c", "AC-ERP-PART-1.1", "AC-ERP-PART-1.2")


class _Both:
    """What the seller's systems and Ajio's report say of each order, by its number: units cancelled, and whether they name it.

    The units that the seller's systems took are known within bounds: `least` and `most`. An order is `covered` by the SOP unless all
    rows of it are of another kind, such as JIT: it need not be in Assure OMS.
    """

    def __init__(self, context: Context) -> None:
        evidence, size = context.evidence, len(context.evidence.orders)
        requests = evidence.requests
        ours, theirs = evidence.systems("requests", *SELLER_SYSTEMS), evidence.systems("requests", System.AJIO)
        self.ours, self.theirs = flags_at(requests["order"][ours], size), flags_at(requests["order"][theirs], size)
        self.covered = ~flags_at(requests["order"][context.outside], size) | flags_at(requests["order"][~context.outside], size)
        self.least, self.most, self.unclear = self._taken(context, size)
        given = theirs & (requests["units_cancelled"] != ABSENT)
        self.reported = _sums(requests["order"][given], requests["units_cancelled"][given], size)
        self.unclear |= flags_at(requests["order"][theirs & (requests["units_cancelled"] == ABSENT)], size)
        self.aside_ours, self.aside_theirs = evidence.set_aside(*SELLER_SYSTEMS), evidence.set_aside(System.AJIO)

    def _taken(self, context: Context, size: int) -> tuple[Numbers, Numbers, Flags]:
        """Return the least and the most units that the seller's systems took of each order, by anyone; and where they are unknown."""
        evidence, cancellations = context.evidence, context.cancellations
        requests = evidence.requests
        counted_units = (cancellations.units != ABSENT) & (cancellations.effect != NO)
        units = np.where(counted_units, cancellations.units, 0)
        certain = cancellations.effect == YES
        most = _sums(cancellations.order, units, size)
        least = _sums(cancellations.order[certain], units[certain], size)
        in_all = cancellations.in_all & counted_units
        alone = np.zeros(size, dtype=np.int64)
        np.maximum.at(alone, cancellations.order[certain], units[certain])
        least = np.where(flags_at(cancellations.order[in_all], size), alone, least)
        ours = evidence.systems("requests", *SELLER_SYSTEMS) & requests["is_cancellation"]
        others = ours & (requests["carried_out"] != Observed.NO)
        others[cancellations.rows] = False
        counted = others & (requests["units_cancelled"] != ABSENT)
        sure = counted & (requests["carried_out"] == Observed.YES)
        most += _sums(requests["order"][counted], requests["units_cancelled"][counted], size)
        least += _sums(requests["order"][sure], requests["units_cancelled"][sure], size)
        unclear = (cancellations.effect != NO) & (cancellations.units == ABSENT)
        ordered = np.zeros(size, dtype=np.int64)
        np.maximum.at(ordered, requests["order"][ours], requests["units"][ours])
        several = evidence.at_several_places | with_different(requests["order"][ours], requests["units"][ours], size)
        ordered = np.where((ordered > 0) & ~several, ordered, np.iinfo(np.int64).max)
        least, most = np.minimum(least, ordered), np.minimum(most, ordered)
        return least, most, flags_at(cancellations.order[unclear], size) | flags_at(requests["order"][others & ~counted], size)

    def taken_text(self, order: int) -> str:
        """Return the units that the seller's systems took of *order*, as text: two numbers if they are not certain."""
        least, most = int(self.least[order]), int(self.most[order])
        return f"{least}" if least == most else f"{least} to {most}"


def _sums(orders: Numbers, values: Numbers, size: int) -> Numbers:
    return np.bincount(orders, weights=values, minlength=size).astype(np.int64)


def two_systems(context: Context) -> Iterator[Finding]:
    """Yield R-4."""
    coverage = context.coverage
    yield from _contradictions(context)
    if not coverage.sources_of_orders(SELLER_SYSTEMS) or not coverage.sources_of_orders((System.AJIO,)):
        return
    both = _Both(context)
    covered = both.covered
    stuck = np.zeros(len(context.evidence.orders), dtype=bool)
    stuck[[duty.arisen.order for duty in context.duties if duty.arisen.at_packing and context.steps_open(duty.arisen.order)]] = True
    for order in np.flatnonzero(stuck & (both.theirs | both.ours)).tolist():
        yield from _stuck(context, both, order)
    here, there = both.least > 0, both.reported > 0
    differ = covered & ~stuck & ~both.unclear & ((both.reported < both.least) | (both.reported > both.most))
    for order in np.flatnonzero(differ & both.ours & both.theirs).tolist():
        yield _units_differ(context, both, order)
    for order in np.flatnonzero(covered & ~stuck & ~both.unclear & here & ~both.theirs).tolist():
        text = f"Assure OMS took {_units(both.taken_text(order))} of the order."
        yield _one_sided(context, order, text, (System.AJIO,), (Claim.ORDERS,))
    for order in np.flatnonzero(covered & ~stuck & there & ~both.ours).tolist():
        text = f"Ajio's report has {_units(str(both.reported[order]))} cancelled."
        yield _one_sided(context, order, text, SELLER_SYSTEMS, (Claim.CANCELLATIONS, Claim.ORDERS))
    if any(source["complete_of"] == Claim.ORDERS for source in context.evidence.sources if source["system"] == System.AJIO):
        for order in np.flatnonzero(both.aside_ours & ~both.ours & ~both.theirs & ~both.aside_theirs).tolist():
            yield _one_sided(context, order, "Ajio's report does not have the order.", SELLER_SYSTEMS, (Claim.CANCELLATIONS,))


def _stuck(context: Context, both: _Both, order: int) -> Iterator[Finding]:
    """Yield that an order after an error at packing is not cancelled in full in both systems, or may not be."""
    rows = context.rows_of(order)
    units = max(int(context.evidence.requests["units"][row]) for row in rows)
    aside = context.coverage.aside_of_orders((System.AJIO,), order)
    if 0 < units <= min(int(both.reported[order]), int(both.least[order])) and not aside:
        return
    certain = any(duty.status is Status.OPEN for duty in context.duties_of[order] if duty.arisen.task != TaskKey.CREDIT_NOTE)
    when = "After the error at packing" if certain else "If packing failed because Ajio had cancelled part of the order,"
    of_all = "an unknown number of units" if units == ABSENT else counted(units, "unit")
    of_assure = f"Assure OMS {both.taken_text(order)}{'' if units == ABSENT else f' of {units:,}'}"
    states = f"Ajio's report has {int(both.reported[order])} of {of_all} cancelled, {of_assure}."
    if aside:
        states = f"It is uncertain how many units Ajio's report has cancelled: a row of it is set aside. {of_assure}."
    elif not both.theirs[order]:
        states = f"Ajio's report has no row of it, {of_assure} cancelled."
    yield Finding(
        rule="R-4",
        strength=Strength.MUST if certain else Strength.ASK,
        order=order,
        text=f"{when} the whole order is to be cancelled in both systems. {states}",
        remedy="Ask Ajio to cancel the order, then cancel it in Assure OMS." if certain else "Settle what is uncertain about the error.",
        clauses=PACKING_CLAUSES,
        cannot_tell=not certain,
        seen=(*rows_seen(context, rows), *aside),
    )


def _units_differ(context: Context, both: _Both, order: int) -> Finding:
    taken, reported = both.taken_text(order), str(both.reported[order])
    aside = _aside_rows(context, order)
    text = f"Assure OMS took {_units(taken)}, Ajio's report has {_units(reported)} cancelled. The SOP says nothing about this difference."
    others = bool(context.evidence.units_ordered_differ[order])
    doubt = " This is uncertain: a row set aside names the order." if aside else ""
    doubt = doubt or (" This is uncertain: they differ in the units ordered too." if others else "")
    return Finding(
        rule="R-4",
        strength=Strength.ASK,
        order=order,
        text=text + doubt,
        remedy="Ask which of the two is right, and correct the other one.",
        basis="silent",
        cannot_tell=bool(doubt),
        seen=(*rows_seen(context, context.rows_of(order)), *aside),
    )


def _one_sided(context: Context, order: int, text: str, systems: tuple[str, ...], claims: tuple[Claim, ...]) -> Finding:
    """Return the finding that *systems* do not have the order; first whether their absence proves anything."""
    day = first_day(context, order)
    absence = absence_of_order(context, order, day, systems, claims)
    where = absence_text(absence, context.coverage, "row of it" if Claim.CANCELLATIONS not in claims else "cancellation of it")
    if absence.proof is Proof.MISSING:
        where += " The SOP says nothing about this difference."
    return Finding(
        rule="R-4",
        strength=Strength.ASK,
        order=order,
        text=f"{text} {where}{context.order_hint(order)}",
        remedy=remedy_of(absence) or "Ask which of the two is right, and correct the other one.",
        basis="silent",
        cannot_tell=absence.cannot_tell,
        since=day,
        seen=(*rows_seen(context, context.rows_of(order)), *absence.rows),
    )


def absence_of_order(context: Context, order: int, day: date | None, systems: tuple[str, ...], claims: tuple[Claim, ...]) -> Absence:
    """Return what it means that *systems* lack an order whose rows begin on *day*: by the days on which it was placed, or cancelled."""
    first = last = day
    if day is not None:
        created = context.evidence.requests["created_start"]
        is_placed = any(int(created[row]) != NEVER for row in context.rows_of(order))
        bounds = context.options.bounds
        before = timedelta(days=0 if is_placed else bounds.days_from_order_to_first_time)
        until = day + timedelta(days=bounds.days_from_first_time_to_cancellation)
        first, last = day - before, max(day, min(until, context.as_of))
    ranges = {Claim.ORDERS: (first, day), Claim.CANCELLATIONS: (day, last)}
    absences = [context.coverage.absence(systems, (claim,), *ranges[claim], order) for claim in claims]
    return next((absence for absence in absences if absence.proof is Proof.MISSING), absences[0])


def rows_seen(context: Context, rows: list[int]) -> tuple[Seen, ...]:
    """Return what each of *rows* of the requests says of the units cancelled."""
    requests = context.evidence.requests

    def text(row: int) -> str:
        taken, units = int(requests["units_cancelled"][row]), int(requests["units"][row])
        if requests["packing_error"][row]:
            return "error at packing"
        result = {1: ", carried out", 2: ", not carried out"}.get(int(requests["carried_out"][row]), "")
        ordered = "an unknown number of units" if units == ABSENT else counted(units, "unit")
        return f"{'an unknown number' if taken == ABSENT else taken} of {ordered} cancelled{result}"

    return tuple(sorted(order_seen(context.evidence, row, text(row)) for row in rows))


def _aside_rows(context: Context, order: int) -> tuple[Seen, ...]:
    return context.coverage.aside_of_orders((*SELLER_SYSTEMS, System.AJIO), order)


def _units(count: str) -> str:
    return "no unit" if count == "0" else counted(int(count), "unit") if count.isdigit() else f"{count} units"


def _contradictions(context: Context) -> Iterator[Finding]:
    """Yield R-4 for orders of which Ajio's report says with its status that they are cancelled, and with its quantity that they are not."""
    requests = context.evidence.requests
    rows = np.flatnonzero(requests["contradicts_itself"])
    for order in np.unique(requests["order"][rows]).tolist():
        of_order = [row for row in context.rows_of(order) if requests["contradicts_itself"][row]]
        yield Finding(
            rule="R-4",
            strength=Strength.ASK,
            order=order,
            text="Ajio's report contradicts itself: its status is Cancelled, and it has no unit cancelled.",
            remedy="Ask Ajio whether the order is cancelled, by whom, and how many units of it.",
            gaps=("GAP-57",),
            basis="silent",
            cannot_tell=True,
            seen=tuple(order_seen(context.evidence, row, "status Cancelled, no unit cancelled") for row in of_order),
        )


RULES = (Rule("R-4", "cancelled in one system and not in the other", PACKING_CLAUSES, Strength.ASK, two_systems),)
