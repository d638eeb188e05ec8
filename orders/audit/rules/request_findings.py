"""Findings about one request to cancel, with what gives its outcome."""

from functools import cache

import numpy as np

from orders.audit.answers import possible_answers
from orders.audit.cancellations import YES
from orders.audit.findings import Finding, Strength, request_seen
from orders.audit.rows.columns import Flags
from orders.audit.rows.days import day_or_none
from orders.audit.rules.context import Context, split
from orders.audit.tables import Observed
from sop_engine import Outcome, Reading
from sop_engine.ids import is_gap

RESULT_REMEDY = (
    'Bring the result of the cancellation; if the file lists only what was carried out, map it: `result = { value = "carried out" }`.'
)


def carried_out(context: Context) -> Flags:
    """Return for each request whether it was observed to take effect."""
    cancellations = context.cancellations
    observed = context.evidence.requests["carried_out"][cancellations.rows] == Observed.YES
    return np.asarray(observed & (cancellations.effect == YES))


def request_finding(  # noqa: PLR0913 (the parts of a finding)
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
