"""The decisions on all 256 cases under both readings."""

from sop_engine import EVERY_CASE, Canceller, Case, Decision, Invoicing, Reading, Stage, decide, load_rulebook

RULEBOOK = load_rulebook()
EVERY_DECISION = tuple(decide(case, reading) for reading in Reading for case in EVERY_CASE)
PRACTISED = tuple(decide(case) for case in EVERY_CASE)
EARLY = (Stage.CREATED, Stage.UNFULFILLABLE)
LIFE = (Stage.FULFILLABLE, Stage.PROCESSING, Stage.PACKED, Stage.READY_TO_DISPATCH, Stage.COMPLETED)


def decisions_as_written() -> tuple[Decision, ...]:
    return tuple(decide(case, Reading.AS_WRITTEN) for case in EVERY_CASE)


def gap_of_nearest_stage(case: Case) -> str:
    """The gap by which a stage is answered like another one; empty where the text answers."""
    if case.stage in EARLY and (case.canceller, case.invoicing) == (Canceller.SELLER, Invoicing.ERP):
        return "GAP-35"
    later = case.stage in LIFE[-2:] and (case.canceller, case.invoicing) == (Canceller.AJIO, Invoicing.RMS)
    return "GAP-36" if later else ""
