"""The engine and the oracle, which share nothing, give the same answer to every case."""

from collections import Counter
from itertools import product

import pytest

from sop_engine import EVERY_CASE, Case, Reading, decide
from tests.support import oracle

STAGES = (
    "CREATED",
    "UNFULFILLABLE",
    "FULFILLABLE",
    "PROCESSING",
    "PACKED",
    "READY_TO_DISPATCH",
    "COMPLETED",
    "CANCELLED",
)
E_INVOICES = ("not posted", "posted", "generated", "pushed")
CASES = tuple(product(("seller", "Ajio"), ("full", "partial"), ("ERP", "RMS"), STAGES, E_INVOICES))
READINGS = ("as-written", "as-practised")

# Counted by hand from the document: cases per heading, added up.
OUTCOMES = {
    "as-written": {
        # Seller under ERP whole and in part; Ajio whole under ERP, and all four parts under RMS, from CREATED to PROCESSING.
        "allowed": 8 + 1 + 16 + 4 * 16,
        # Seller whole, in part and whole or in part under RMS; Ajio whole and in part: from PACKED on, in part under ERP from PROCESSING.
        "refused": 12 + 16 + 2 * 12 + 12 + 12,
        "fails on screen": 3,
        "fails at packing": 16,
        # CANCELLED (GAP-37), the seller under ERP before FULFILLABLE (GAP-35), Ajio under RMS from PACKED on (GAP-14, GAP-36).
        "unspecified": 32 + 16 + 8 + 16,
    },
    "as-practised": {
        "allowed": 16 + 3 + 16 + 16 + 16 + 16 + 16,
        "refused": 12 + 16 + 12 + 12 + 12 + 12 + 12 + 12,
        "fails on screen": 9,
        "fails at packing": 16,
        "without effect": 32,
    },
}
OPEN_TASKS = {
    # The unspecified ones, then GAP-02, GAP-03, GAP-04, GAP-09, GAP-11, GAP-13, GAP-15.
    "as-written": 72 + 1 + 2 + 1 + 4 + 12 + 2 + 32,
    "as-practised": 12,
}
CREDIT_NOTES = {
    # Seller whole: generated, and pushed in PROCESSING; Ajio whole: two in each of four stages; Ajio in part: three stages whole,
    # PROCESSING half.
    "as-written": 2 + 8 + 12 + 2,
    # Seller and Ajio whole: two of four in four stages each; Ajio in part: three stages whole, PROCESSING half.
    "as-practised": 8 + 8 + 12 + 2,
}


def test_the_engine_and_the_oracle_look_at_the_same_cases() -> None:
    assert sorted(map(_words, EVERY_CASE)) == sorted(CASES)


@pytest.mark.parametrize("reading", READINGS)
def test_the_engine_agrees_with_the_oracle_on_every_case(reading: str) -> None:
    disagreements = [
        f"{', '.join(_words(case))}: engine {engine}, oracle {expected}"
        for case in EVERY_CASE
        if (engine := _engine(case, reading)) != (expected := oracle.decide(*_words(case), reading))
    ]

    assert disagreements == []


@pytest.mark.parametrize("reading", READINGS)
def test_the_engine_cites_what_the_oracle_cites_in_every_case(reading: str) -> None:
    disagreements = [
        f"{', '.join(_words(case))}: engine {engine}, oracle {expected}"
        for case in EVERY_CASE
        if (engine := _cited(case, reading)) != (expected := _cited_by_the_oracle(case, reading))
    ]

    assert disagreements == []


@pytest.mark.parametrize("reading", READINGS)
def test_the_outcomes_number_what_a_count_by_hand_gives(reading: str) -> None:
    by_oracle = Counter(oracle.decide(*case, reading)[0] for case in CASES)
    by_engine = Counter(str(decide(case, Reading(reading)).outcome) for case in EVERY_CASE)

    assert by_oracle == OUTCOMES[reading]
    assert by_engine == OUTCOMES[reading]


@pytest.mark.parametrize("reading", READINGS)
def test_the_cases_with_open_tasks_number_what_a_count_by_hand_gives(reading: str) -> None:
    by_oracle = sum(oracle.decide(*case, reading)[1] is None for case in CASES)
    by_engine = sum(decide(case, Reading(reading)).tasks is None for case in EVERY_CASE)

    assert (by_oracle, by_engine) == (OPEN_TASKS[reading], OPEN_TASKS[reading])


@pytest.mark.parametrize("reading", READINGS)
def test_the_credit_notes_number_what_a_count_by_hand_gives(reading: str) -> None:
    duty = ("must", "credit-note")
    by_oracle = sum(duty in (oracle.decide(*case, reading)[1] or ()) for case in CASES)
    by_engine = sum(duty in (_engine(case, reading)[1] or ()) for case in EVERY_CASE)

    assert (by_oracle, by_engine) == (CREDIT_NOTES[reading], CREDIT_NOTES[reading])


@pytest.mark.parametrize("reading", READINGS)
def test_the_tasks_of_every_case_fall_due_when_the_oracle_says(reading: str) -> None:
    for case in EVERY_CASE:
        canceller, scope, invoicing, *_ = _words(case)
        moments = {str(task.when) for task in decide(case, Reading(reading)).tasks or ()}

        assert moments <= {oracle.falls_due(canceller, scope, invoicing)}, case


def _words(case: Case) -> tuple[str, str, str, str, str]:
    return (
        str(case.canceller),
        str(case.scope),
        str(case.invoicing),
        str(case.stage),
        str(case.e_invoice),
    )


def _engine(case: Case, reading: str) -> oracle.Answer:
    decision = decide(case, Reading(reading))
    if decision.tasks is None:
        return str(decision.outcome), None
    return str(decision.outcome), tuple((str(task.modality), str(task.task)) for task in decision.tasks)


def _cited(case: Case, reading: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    decision = decide(case, Reading(reading))
    return decision.clauses, decision.gaps


def _cited_by_the_oracle(case: Case, reading: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return oracle.clauses(*_words(case), reading), oracle.gaps(*_words(case), reading)
