"""The engine's answer to each case, as the simulator needs it: outcome, its clauses and gaps, and those that require a credit note."""

from dataclasses import dataclass

from sop_engine import EVERY_CASE, Case, Modality, Outcome, TaskKey, decide


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """Outcome of a request, the clauses and gaps it rests on, and those that require a credit note of the client (empty if none)."""

    outcome: Outcome
    because: str
    credit_note: str


def _case_decision(case: Case) -> CaseDecision:
    decision = decide(case)
    due = any(task.task is TaskKey.CREDIT_NOTE and task.modality is Modality.MUST for task in decision.tasks or ())
    credit_note_ids = " ".join(decision.task_by[TaskKey.CREDIT_NOTE]) if due else ""
    return CaseDecision(decision.outcome, " ".join(decision.clauses + decision.gaps), credit_note_ids)


CASE_DECISIONS: dict[tuple[str, ...], CaseDecision] = {case.key: _case_decision(case) for case in EVERY_CASE}
"""The decisions, by the five facts of the case."""
