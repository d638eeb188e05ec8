"""Laws of the domain on outcomes and tasks, each checked on every one of the 256 cases."""

from dataclasses import replace
from itertools import pairwise

import pytest

from sop_engine import (
    EVERY_CASE,
    FACTS,
    Canceller,
    Case,
    Decision,
    EInvoice,
    Invoicing,
    Modality,
    Outcome,
    Reading,
    Scope,
    Stage,
    TaskKey,
    case_from,
    decide,
    nearest_allowed,
)
from tests.support.all_decisions import EVERY_DECISION, LIFE, PRACTISED


def test_a_refusal_is_never_followed_by_a_permission_later_in_the_life_of_an_order() -> None:
    for case in EVERY_CASE:
        outcomes = [decide(replace(case, stage=stage)).outcome for stage in LIFE]
        for before, after in pairwise(outcomes):
            assert not (before is Outcome.REFUSED and after is not Outcome.REFUSED), case


def test_nothing_is_allowed_from_packed_on() -> None:
    for decision in EVERY_DECISION:
        if decision.case.stage in (Stage.PACKED, Stage.READY_TO_DISPATCH, Stage.COMPLETED):
            assert decision.outcome in (Outcome.REFUSED, Outcome.UNSPECIFIED), decision.case


def test_under_rms_neither_scope_nor_e_invoice_nor_canceller_changes_the_answer() -> None:
    for decision in PRACTISED:
        if decision.case.invoicing is Invoicing.RMS:
            twin = decide(Case(Canceller.SELLER, Scope.FULL, Invoicing.RMS, decision.case.stage, EInvoice.NOT_POSTED))
            assert (decision.outcome, decision.tasks) == (twin.outcome, twin.tasks), decision.case


def test_under_rms_there_is_never_a_task() -> None:
    for decision in EVERY_DECISION:
        if decision.case.invoicing is Invoicing.RMS:
            assert not decision.tasks, decision.case


def test_a_whole_order_cancelled_by_ajio_asks_for_what_a_seller_cancellation_asks_for() -> None:
    for decision in PRACTISED:
        if decision.case.canceller is Canceller.AJIO and decision.case.scope is Scope.FULL:
            twin = decide(replace(decision.case, canceller=Canceller.SELLER))
            assert (decision.outcome, decision.tasks) == (twin.outcome, twin.tasks), decision.case


def test_as_practised_an_allowed_full_cancellation_under_erp_asks_for_a_credit_note_exactly_where_an_invoice_exists() -> None:
    for decision in PRACTISED:
        case = decision.case
        if decision.outcome is Outcome.ALLOWED and case.scope is Scope.FULL and case.invoicing is Invoicing.ERP:
            assert (TaskKey.CREDIT_NOTE in _keys(decision)) == case.e_invoice.exists, case


def test_each_task_has_one_force_and_its_place_in_the_order_of_the_sop() -> None:
    force = {
        TaskKey.ASK_AJIO_TO_CANCEL: Modality.MUST,
        TaskKey.CANCEL_IN_ASSURE: Modality.MUST,
        TaskKey("download-report"): Modality.MAY,
        TaskKey.CREDIT_NOTE: Modality.MUST,
        TaskKey("share-credit-note"): Modality.NEED_NOT,
    }
    order = list(force)
    for decision in EVERY_DECISION:
        keys = _keys(decision)
        assert keys == sorted(set(keys), key=order.index), decision.case
        assert all(task.modality is force[task.task] for task in decision.tasks or ()), decision.case


def test_sharing_is_spoken_of_exactly_where_there_is_a_credit_note_to_share() -> None:
    for decision in EVERY_DECISION:
        keys = _keys(decision)
        assert (TaskKey.CREDIT_NOTE in keys) == (TaskKey("share-credit-note") in keys), decision.case


def test_every_task_says_who_does_it_and_where() -> None:
    for decision in EVERY_DECISION:
        for task in decision.tasks or ():
            assert task.actor, decision.case
            assert task.system, decision.case


def test_a_refused_or_failing_cancellation_leaves_nothing_to_do_unless_gap_11_leaves_it_open() -> None:
    idle = (Outcome.REFUSED, Outcome.FAILS_ON_SCREEN, Outcome.WITHOUT_EFFECT)
    for decision in EVERY_DECISION:
        if decision.outcome in idle and "GAP-11" not in decision.gaps:
            assert decision.tasks == (), decision.case


@pytest.mark.parametrize("reading", Reading)
def test_the_nearest_allowed_cases_are_all_those_with_the_fewest_facts_changed(reading: Reading) -> None:
    allowed = [case for case in EVERY_CASE if decide(case, reading).outcome is Outcome.ALLOWED]
    for case in EVERY_CASE:
        fewest = min(_distance(case, other) for other in allowed)
        expected = [other for other in allowed if _distance(case, other) == fewest]

        nearest = nearest_allowed(case, reading)

        assert [near.case for near in nearest] == ([] if case in allowed else expected), case
        for near in nearest:
            assert case_from({**case.facts, **dict(near.changes)}) == near.case
            assert len(near.changes) == fewest


def _keys(decision: Decision) -> list[TaskKey]:
    return [task.task for task in decision.tasks or ()]


def _distance(case: Case, other: Case) -> int:
    return sum(case.facts[name] != other.facts[name] for name in FACTS)
