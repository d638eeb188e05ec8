"""The engine's answer to each case, in the form the simulator needs: outcome, the ids behind it, and those that ask for a credit note."""

from dataclasses import dataclass

from sop_engine import EVERY_CASE, Case, Modality, Outcome, TaskKey, decide


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """What becomes of a request, why, and the ids that ask the client for a credit note; empty where none do."""

    outcome: Outcome
    because: str
    credit_note: str


def _case_decision(case: Case) -> CaseDecision:
    decision = decide(case)
    due = any(task.task is TaskKey.CREDIT_NOTE and task.modality is Modality.MUST for task in decision.tasks or ())
    credit_note_ids = " ".join(decision.task_by[TaskKey.CREDIT_NOTE]) if due else ""
    return CaseDecision(decision.outcome, " ".join(decision.clauses + decision.gaps), credit_note_ids)


CASE_DECISIONS: dict[tuple[str, ...], CaseDecision] = {case.key: _case_decision(case) for case in EVERY_CASE}
"""By the five words of the case."""
