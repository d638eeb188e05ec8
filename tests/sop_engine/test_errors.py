"""Errors of the engine: their words, and the facts that they carry."""

import pytest

from sop_engine.errors import (
    ContradictionError,
    ImpossibleStepError,
    MissingFactError,
    RulebookError,
    UnitsError,
    UnknownFactError,
    UnknownValueError,
    did_you_mean,
)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("PAKED", "did you mean `Packed`?"),
        ("packed", "did you mean `Packed`?"),
        ("zzz", "expected one of `Packed`, `created`"),
        ("crea", "did you mean `created`?"),
        ("cd", "expected one of `Packed`, `created`"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest_or_with_all(word: str, hint: str) -> None:
    assert did_you_mean(word, iter(["Packed", "created"])) == hint


def test_errors_carry_what_they_are_about() -> None:
    assert str(RulebookError("x", ["one", "two"])) == "the rulebook `x` is refused for 2 reasons:\n  one\n  two"
    assert str(RulebookError("x", ["one"])) == "the rulebook `x` is refused for 1 reason:\n  one"
    assert RulebookError("x", ["one", "two"]).findings == ("one", "two")
    assert str(UnknownValueError("stage", ["a" * 90], ["b"])) == "stage must be a word, got a list; expected one of `b`"
    assert str(UnknownValueError("stage", 10**90, ["b"])) == f"stage must be a word, got a number `1{'0' * 39}`; expected one of `b`"


def test_each_error_carries_its_facts() -> None:
    assert UnknownFactError("stge", ["stage"]).fact == "stge"
    assert MissingFactError("stage", ["PACKED"]).fact == "stage"
    unknown = UnknownValueError("stage", "PAKED", ["PACKED"])
    assert (unknown.fact, unknown.value) == ("stage", "PAKED")
    clash = ContradictionError("PACKED", ["C-1", "C-2"], ["a", "b"])
    assert (clash.case, clash.ids) == ("PACKED", ("C-1", "C-2"))
    step = ImpossibleStepError("be packed", "CREATED", "PROCESSING")
    assert (step.step, step.state, step.needed) == ("be packed", "CREATED", "PROCESSING")
    assert step.reason == "cannot be packed: the order is CREATED, expected PROCESSING"
    assert str(step) == f"{step.reason}; take the steps that lead there first, or leave this step out"
    units = UnitsError("x", 3)
    assert units.reason == "units must be a whole number from 1 to 3, got 'x'"
    assert str(units) == f"{units.reason}; write a number in this range"
