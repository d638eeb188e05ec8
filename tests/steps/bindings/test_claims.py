"""Claims: compared as JSON, worded for an analyst, all of them kept."""

import pytest
from msgspec import to_builtins

from sop_engine import Modality, Reading, load_rulebook
from sop_runs.claim_messages import subject_in_words
from sop_runs.claim_words import value_in_words
from steps.support.claims import ClaimError, Claims

CASE = {"kind": "case", "facts": {"canceller": "seller", "scope": "full", "invoicing": "ERP", "stage": "PROCESSING", "e_invoice": "pushed"}}


def test_a_claim_that_does_not_hold_is_a_sentence():
    claims = Claims()

    with pytest.raises(ClaimError) as caught:
        claims.check(CASE, "outcome", "refused", "allowed", reading=Reading.AS_WRITTEN)

    assert str(caught.value).splitlines()[0] == "the outcome of seller / full / ERP / PROCESSING / pushed: expected refused, got allowed"
    assert to_builtins(claims.entries[0]) == {
        "subject": CASE, "reading": "as-written", "facet": "outcome", "expected": "refused", "actual": "allowed",
        "holds": False, "cell": None, "step": 0,
    }  # fmt: skip


def test_several_differences_are_reported_at_once():
    claims = Claims(step=3)

    with pytest.raises(ClaimError) as caught:
        claims.check_all(CASE, [("a", 1, 1), ("b", 1, 2, (0, 1)), ("c", [], None)])

    assert [claim.facet for claim in caught.value.claims] == ["b", "c"]
    assert [(claim.holds, claim.cell, claim.step) for claim in claims.entries] == [(True, None, 3), (False, (0, 1), 3), (False, None, 3)]


@pytest.mark.parametrize(
    ("expected", "actual", "holds"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([["may", "x"]], (("may", "x"),), True),
        (1, True, False),
        (1, "1", False),
        (1, 1.0, False),
        (None, [], False),
        ("x", "x ", False),
    ],
)
def test_values_are_the_same_when_their_json_is(expected, actual, holds):
    claims = Claims()

    try:
        claims.check(CASE, "value", expected, actual)
    except ClaimError:
        assert not holds

    assert [claim.holds for claim in claims.entries] == [holds]


def test_what_changes_later_does_not_change_the_claim():
    claims, value = Claims(), ["a"]

    claims.check(CASE, "value", ["a"], value)
    value.append("b")

    assert claims.entries[0].actual == ["a"]


@pytest.mark.parametrize("value", [float("nan"), object(), {1, 2}])
def test_what_json_cannot_say_is_no_claim(value):
    claims = Claims()

    with pytest.raises((TypeError, ValueError)):
        claims.check(CASE, "value", value, value)

    assert claims.entries == ()


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (CASE, "seller / full / ERP / PROCESSING / pushed"),
        ({"kind": "return", "facts": {"quality_check": "pass"}}, "a returned unit whose quality check is pass"),
        ({"kind": "order", "id": "A1"}, "order A1"),
        ({"kind": "report"}, "the report"),
    ],
)
def test_what_a_claim_speaks_of(subject, words):
    assert subject_in_words(subject) == words


@pytest.mark.parametrize(
    ("facet", "value", "words"),
    [
        ("", None, "nothing"),
        ("", [], "nothing"),
        ("", "", "nothing"),
        ("", True, "yes"),
        ("", 3, "3"),
        ("", {"a": 1, "b": None}, "a 1, b nothing"),
        ("gaps", ["GAP-14", "GAP-15"], "GAP-14, GAP-15"),
        ("gaps", [], "no gap"),
        ("tasks", None, "an open question"),
        ("tasks", [], "nothing to do"),
        ("tasks, as for PACKED", [], "nothing to do"),
        ("tasks", [["must", "credit-note"], ["need-not", "share-credit-note"]],
         "must make a credit note by hand and keep it in the ERP; need not share the credit note with Ajio"),
        ("tasks", [["must", "cancel-in-assure", "when packing fails"]], "must cancel the order in Assure OMS when packing fails"),
        ("task", None, "no such task"),
        ("task", ["may", "grn"], "may do the GRN in the ERP"),
        ("places", [["grn", "seller", "client's ERP"], ["use-as-reference", "seller", ""]],
         "do the GRN in the ERP (seller, client's ERP); keep the report as a reference only (seller)"),
        ("alternatives", [["use-as-reference", "grn"]], "keep the report as a reference only or do the GRN in the ERP"),
        ("duties", ["credit-note", "cancel-in-assure"], "make a credit note by hand and keep it in the ERP; cancel the order in Assure OMS"),
        ("duties", [], "no open duty"),
        ("because", [["SC-ERP-FULL-1a", "GAP-02"]], "SC-ERP-FULL-1a, GAP-02"),
        ("outcome", "unspecified", "an open question"),
        ("source of the tasks", "follows", "it follows"),
        ("source", "stated and assumed", "the SOP says so and our reading"),
        ("stock", None, "no stock"),
        ("packing error", False, "no error"),
        ("rows", [["A", "the seller"]], "A | the seller"),
        ("e-invoice", "posted", "posted"),
    ],
)  # fmt: skip
def test_a_value_is_in_the_words_of_the_features(facet, value, words):
    assert value_in_words(value, facet) == words


def test_no_value_of_the_engine_is_shown_by_its_key():
    """Such as `download-report` or `need-not`: analysts do not write these."""
    tasks = [task.id for task in load_rulebook().tasks]
    keys = [str(word) for words in (tasks, Modality) for word in words if "-" in word]
    for key in keys:
        values = {"task": [key], "tasks": [[key]], "duties": [key], "places": [[key, "seller", "OMS"]], "alternatives": [[key, "grn"]]}
        for facet, value in values.items():
            assert key in list(Modality) or str(key) not in value_in_words([*value], facet), (key, facet)
        assert str(key) not in value_in_words([[key, "credit-note"]], "tasks")


def test_claims_belong_to_the_attempt_before_them():
    claims = Claims()
    assert (claims.latest_result(), list(claims.unclaimed_attempts())) == (None, [])

    claims.check(CASE, "stage", 1, 1)
    claims.attempt("outcome", "stage of the outcome", result="first", advice="look at the first")
    assert claims.latest_result() == "first"
    claims.check(CASE, "stage", 1, 1)
    claims.step = 2
    claims.attempt(result="second")
    assert claims.latest_result() == "second"
    first, second = claims.unclaimed_attempts()
    assert (first.step, first.first_claim, first.facets) == (0, 1, {"outcome", "stage of the outcome"})
    assert (first.result, first.advice) == ("first", "look at the first")
    assert (second.step, second.first_claim, second.facets, second.result) == (2, 2, frozenset(), "second")
    assert second.advice == "no Then before the next When checks its result; add one, or make the When a Given"

    claims.check(CASE, "outcome", 1, 1)
    assert list(claims.unclaimed_attempts()) == [first]


def test_one_of_several_facets_is_enough():
    claims = Claims()

    claims.attempt("outcome", "stage")
    claims.check_all(CASE, [("units", 1, 1), ("stage", 1, 1)])

    assert list(claims.unclaimed_attempts()) == []


def test_a_claim_that_does_not_hold_has_looked_at_the_attempt():
    claims = Claims()

    claims.attempt("outcome")
    with pytest.raises(ClaimError):
        claims.check(CASE, "outcome", 1, 2)

    assert list(claims.unclaimed_attempts()) == []
