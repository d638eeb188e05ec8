"""Claims: compared as JSON, worded for an analyst, all of them kept."""

import pytest
from msgspec import to_builtins

from sop_engine import Reading
from steps.support.claim_messages import subject_in_words, value_in_words
from steps.support.claims import ClaimError, Claims

CASE = {"kind": "case", "facts": {"canceller": "seller", "scope": "full", "invoicing": "ERP", "stage": "PROCESSING", "e_invoice": "pushed"}}


def test_a_claim_that_does_not_hold_is_a_sentence():
    claims = Claims()

    with pytest.raises(ClaimError) as caught:
        claims.check(CASE, "outcome", "refused", "allowed", reading=Reading.AS_WRITTEN)

    assert str(caught.value) == "the outcome of seller / full / ERP / PROCESSING / pushed: expected refused, got allowed"
    assert to_builtins(claims.entries[0]) == {
        "subject": CASE, "reading": "as-written", "facet": "outcome", "expected": "refused", "actual": "allowed",
        "holds": False, "cell": None, "step": 0,
    }  # fmt: skip


def test_several_differences_are_told_at_once():
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
        ({"kind": "return", "facts": {"quality_check": "pass"}}, "return pass"),
        ({"kind": "order", "id": "A1"}, "order A1"),
        ({"kind": "report"}, "the report"),
    ],
)
def test_what_a_claim_speaks_of(subject, words):
    assert subject_in_words(subject) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "an open question"),
        ([], "nothing"),
        ("", "nothing"),
        (True, "yes"),
        (3, "3"),
        ([["must", "credit-note"], ["may", "download-report"]], "must credit-note; may download-report"),
        (["GAP-14", "GAP-15"], "GAP-14; GAP-15"),
        ({"a": 1, "b": None}, "a 1, b an open question"),
    ],
)
def test_a_value_as_an_analyst_would_write_it(value, words):
    assert value_in_words(value) == words


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
