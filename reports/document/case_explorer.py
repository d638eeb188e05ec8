"""The form that looks up a case, and all cases with their answers, reasons and nearest allowed cases as data for its script."""

import json
from collections.abc import Mapping

import msgspec

from reports.document.answer_marks import slug_of, symbol_of
from reports.document.case_grids import answer_words
from reports.document.certainty import Certainty
from reports.html.links import CASES_PAGE, Links
from reports.html.reading_switch import MEANINGS, address, name_of
from reports.html.script_data import script_data
from sop_engine import EVERY_CASE, FACTS, Case, Outcome, Reading, decide, load_rulebook, nearest_allowed
from sop_engine.case import FACT_TYPES
from sop_engine.order import cannot_occur
from sop_engine.statement import Gap

DATA = "decision-tables-data.js"
UNKNOWN = "any"
"""The value of a fact that the reader does not know."""
NOT_SURE = "I don't know"
"""The words for `UNKNOWN`."""
NOT_NEEDED = "The state of the e-invoice does not change this answer."
"""What the short form says where it does not ask for the e-invoice."""
_LABELS = {
    "canceller": ("Who cancels", "who cancels"),
    "scope": ("How much is cancelled", "how much is cancelled"),
    "invoicing": ("E-invoice made by", "who makes the e-invoice"),
    "stage": ("Stage of the order", "the stage of the order"),
    "e_invoice": ("E-invoice", "the state of the e-invoice"),
}
"""A label for each fact, and its words within a sentence."""
QUESTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = tuple(
    (fact, _LABELS[fact][0], tuple(str(word) for word in words)) for fact, words in FACT_TYPES.items()
)

FIRST = {
    "canceller": "seller",
    "scope": "full",
    "invoicing": "ERP",
    "stage": "FULFILLABLE",
    "e_invoice": "generated",
}
"""The case that the explorer shows first: one with tasks, which the SOP states."""


class Explorer(msgspec.Struct, frozen=True):
    """The form: the reading, the name of the other one and the address of its tables, the choices, and the case that it shows first.

    A ``short`` one asks for the e-invoice only where the answer depends on it, and links to the case on the page ``table``.
    """

    reading: Reading
    other: str
    there: str
    questions: tuple[tuple[str, str, tuple[str, ...]], ...]
    first: Mapping[str, str]
    short: bool = False
    table: str = CASES_PAGE
    unknown: str = UNKNOWN
    not_sure: str = NOT_SURE
    not_needed: str = NOT_NEEDED
    data: str = DATA


def explorer(*, short: bool = False) -> Explorer:
    """Return the form, as practised; the script of the page changes the reading with the control."""
    reading, other = MEANINGS
    return Explorer(reading, name_of(other), address(CASES_PAGE, other), QUESTIONS, FIRST, short)


def explorer_data(links: Links) -> Mapping[str, object]:
    """Return each text and each answer once, and for each reading all cases in the order of `EVERY_CASE`.

    An answer is outcome, its certainty, tasks in words, when they fall due, their certainty, ids of clauses and gaps, ids of the
    questions beside it. A case is the number of its answer and the numbers of the nearest allowed cases. ``off`` holds the numbers of the
    cases that cannot occur in practice; ``outcomes`` symbol and class of each outcome; ``says`` the text and the address of each id, and of a gap our reading and what to watch;
    ``signs`` the symbol of each certainty.
    """
    rulebook, off = load_rulebook(), cannot_occur(EVERY_CASE)
    numbers = {case: number for number, case in enumerate(EVERY_CASE)}
    answers: dict[str, int] = {}
    cases = {str(reading): [_case_numbers(case, reading, answers, numbers) for case in EVERY_CASE] for reading in Reading}
    return {
        "facts": [[fact, [str(word) for word in FACT_TYPES[fact]], _LABELS[fact][1], _LABELS[fact][0]] for fact in FACTS],
        "unknown": UNKNOWN,
        "off": [numbers[case] for case in EVERY_CASE if case in off],
        "outcomes": {str(outcome): [symbol_of(outcome), slug_of(outcome)] for outcome in Outcome},
        "signs": {certainty: certainty.symbol for certainty in Certainty},
        "says": {clause.id: [clause.text, links.clause(clause.id)] for clause in rulebook.clauses}
        | {gap.id: [gap.question, links.gap(gap.id), *_reading_and_watch(gap)] for gap in rulebook.gaps},
        "answers": [json.loads(answer) for answer in answers],
        "cases": cases,
    }


def _case_numbers(case: Case, reading: Reading, answers: dict[str, int], numbers: Mapping[Case, int]) -> list[int]:
    """Return the number of the answer to *case* and the numbers of the nearest allowed cases; add a new answer to *answers*."""
    words = answer_words(decide(case, reading))
    answer = json.dumps(
        [
            words.outcome,
            words.outcome_certainty,
            words.tasks,
            words.due,
            words.tasks_certainty,
            words.cites,
            words.beside,
        ]
    )
    return [answers.setdefault(answer, len(answers)), *(numbers[near.case] for near in nearest_allowed(case, reading))]


def _reading_and_watch(gap: Gap) -> tuple[str, str]:
    """Return the text after a question: our reading or its answer (not for the SOP as written), and what to watch until it is answered."""
    return (
        f" {gap.basis[0].upper()}{gap.basis[1:]}: {gap.chosen.removesuffix('.')}.",
        f" Watch: {gap.watch.removesuffix('.')}." if gap.watch else "",
    )


def explorer_js(links: Links) -> bytes:
    """Return the data as a script that sets one global variable; texts are escaped."""
    return script_data("sopCases", explorer_data(links))
