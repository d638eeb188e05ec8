"""Every case with its answer, reasons and nearest allowed cases, as data for a script that asks nobody."""

from collections.abc import Mapping

from reports.cases import source_of
from reports.links import Links, case_anchor
from reports.script_data import script_data
from reports.words import say
from sop_engine import EVERY_CASE, FACTS, Case, Reading, explain, load_rulebook
from sop_engine.case import FACT_TYPES
from sop_engine.decision import Source
from sop_engine.order import reachable

DATA = "cases-data.js"
LABELS = {
    "canceller": "Who cancels",
    "scope": "How much of it",
    "invoicing": "E-invoice made by",
    "stage": "Stage of the order",
    "e_invoice": "E-invoice",
}
QUESTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    *((fact, LABELS[fact], tuple(str(word) for word in words)) for fact, words in FACT_TYPES.items()),
    ("reading", "The SOP is taken", tuple(str(reading) for reading in (Reading.AS_PRACTISED, Reading.AS_WRITTEN))),
)


def explorer_data(links: Links) -> Mapping[str, object]:
    """Texts once, and for each reading 256 answers in the order of `EVERY_CASE`.

    An answer is outcome, tasks in words, source, ids of clauses and gaps, and the nearest allowed cases by their numbers;
    ``off`` holds the numbers of the cases that no order's life comes to.
    """
    rulebook, life = load_rulebook(), reachable()
    numbers = {case: number for number, case in enumerate(EVERY_CASE)}
    return {
        "facts": [[fact, [str(word) for word in FACT_TYPES[fact]]] for fact in FACTS],
        "anchors": [case_anchor(case) for case in EVERY_CASE],
        "off": [numbers[case] for case in EVERY_CASE if (case.invoicing, case.stage, case.e_invoice) not in life],
        "says": {clause.id: [clause.text, links.clause(clause.id)] for clause in rulebook.clauses}
        | {gap.id: [f"{gap.question} We take it: {gap.chosen}", links.gap(gap.id)] for gap in rulebook.gaps},
        "answers": {str(reading): [_answer(case, reading, numbers) for case in EVERY_CASE] for reading in Reading},
    }


def _answer(case: Case, reading: Reading, numbers: Mapping[Case, int]) -> list[object]:
    told = explain(case, reading)
    decision = told.decision
    tasks = None if decision.tasks_source is Source.SILENT else [say(task.to_plain()) for task in decision.tasks or ()]
    cites = [*decision.clauses, *decision.gaps]
    return [str(decision.outcome), tasks, source_of(decision), cites, [numbers[near.case] for near in told.nearest]]


def explorer_js(links: Links) -> bytes:
    """The data as a script that sets one global; text stays text."""
    return script_data("sopCases", explorer_data(links))
