"""The decision engine of the SOP: cases in, decisions out.

Contains the answers to cases and returned units and the life cycle of an order, and uses only the standard library. Times are in
`simulator`, step sentences in `steps`, pages in `reports`.
"""

from sop_engine.case import EVERY_CASE, FACTS, Canceller, Case, EInvoice, Invoicing, Scope, Stage, case_from
from sop_engine.decision import Decision, Modality, Outcome, Reading, Source, Task, Timing
from sop_engine.engine import ENGINE, Engine, decide, decide_each, decide_mapping, decide_return, load_rulebook
from sop_engine.errors import SopError
from sop_engine.explanation import Explanation, PossibleExplanation, explain, explain_possible, nearest_allowed
from sop_engine.possible_cases import PossibleCase, PossibleDecision, decide_possible, possible_case_from
from sop_engine.reader import Rulebook
from sop_engine.returns import QualityCheck, ReturnDecision
from sop_engine.tasks import TaskKey

__all__ = [
    "ENGINE",
    "EVERY_CASE",
    "FACTS",
    "Canceller",
    "Case",
    "Decision",
    "EInvoice",
    "Engine",
    "Explanation",
    "Invoicing",
    "Modality",
    "Outcome",
    "PossibleCase",
    "PossibleDecision",
    "PossibleExplanation",
    "QualityCheck",
    "Reading",
    "ReturnDecision",
    "Rulebook",
    "Scope",
    "SopError",
    "Source",
    "Stage",
    "Task",
    "TaskKey",
    "Timing",
    "case_from",
    "decide",
    "decide_each",
    "decide_mapping",
    "decide_possible",
    "decide_return",
    "explain",
    "explain_possible",
    "load_rulebook",
    "nearest_allowed",
    "possible_case_from",
]
