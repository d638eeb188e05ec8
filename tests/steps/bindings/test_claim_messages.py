"""Claims say of themselves all that an analyst and a reader of the record need."""

import pytest

from sop_engine import Reading
from steps.support.claim_messages import subject_in_words, value_in_words
from steps.support.claims import ClaimError, Claims

CASE = {"kind": "case", "facts": {"canceller": "seller", "scope": "full"}}


def test_a_claim_of_a_cell_is_recorded_with_its_place() -> None:
    claims = Claims()

    claims.check(CASE, "outcome", "refused", "refused", cell=(2, 1))
    claims.check_all(CASE, [("outcome", 1, 1, (3, 0)), ("tasks", 1, 1)], reading=Reading.AS_WRITTEN)

    assert [claim.cell for claim in claims.entries] == [(2, 1), (3, 0), None]
    assert [claim.reading for claim in claims.entries] == ["as-practised", "as-written", "as-written"]


def test_differences_stand_on_lines_of_their_own() -> None:
    with pytest.raises(ClaimError) as caught:
        Claims().check_all(CASE, [("outcome", "refused", "allowed"), ("tasks", True, False)])

    assert str(caught.value) == (
        "the outcome of seller / full: expected refused, got allowed\nthe tasks of seller / full: expected yes, got no"
    )


def test_what_a_claim_speaks_of_is_a_case_unless_it_says_otherwise() -> None:
    assert subject_in_words({"facts": {"canceller": "seller"}}) == "seller"
    assert subject_in_words({}) == "the case"
    assert (
        subject_in_words({"facts": {"e_invoice": "pushed", "more": 1, "scope": "full", "canceller": "Ajio"}}) == "Ajio / full / pushed / 1"
    )
    assert subject_in_words({"kind": "report", "name": "RSI"}) == "report RSI"
    assert subject_in_words({"kind": "report", "name": "", "id": "R-1"}) == "report R-1"
    assert subject_in_words({"kind": "order", "id": "A1", "facts": {}}) == "order A1"
    assert subject_in_words({"kind": "order", "id": "A1", "facts": ["odd"]}) == "order A1"


def test_values_are_shown_as_words() -> None:
    assert [value_in_words(value) for value in (True, False, {}, {"a": False}, [], None)] == [
        "yes",
        "no",
        "nothing",
        "a no",
        "nothing",
        "an open question",
    ]
