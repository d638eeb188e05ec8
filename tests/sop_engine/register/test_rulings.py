"""Rulings of readings: parsed from what an analyst writes, as resolutions and in words; what is not understood is refused."""

import pytest

from sop_engine import ENGINE
from sop_engine.register.entries import EntryError
from sop_engine.register.gap_parts import gap_parts
from sop_engine.register.rulings import parts_of_ruling, ruling_from, ruling_in_words

CREDIT_NOTE = {"modality": "must", "task": "credit-note", "actor": "seller", "system": "client's ERP"}


@pytest.mark.parametrize(
    ("text", "aspect", "parts", "words"),
    [
        ("refused", "verdict", {"resolution": [{"outcome": "refused"}]}, "the cancellation is refused"),
        ("refused; nothing to do", "verdict", {"resolution": [{"outcome": "refused"}, {"tasks": "none"}]}, "the cancellation is refused; there is nothing to do"),
        (" fails on screen ;", "verdict", {"resolution": [{"outcome": "fails on screen"}]}, "the cancellation fails on screen"),
        ("must credit-note", "actions", {"resolution": [CREDIT_NOTE]}, "the client must make a credit note"),
        ("must make a credit note by hand and keep it in the ERP", "actions", {"resolution": [CREDIT_NOTE]}, "the client must make a credit note"),
        (
            "need not share the credit note with Ajio; must make a credit note", "actions",
            {"resolution": [{"modality": "need-not", "task": "share-credit-note", "actor": "seller", "system": "client's ERP / Ajio"}, CREDIT_NOTE]},
            "the client must make a credit note",
        ),
        ("open", "actions", {"leaves_open": ["tasks"]}, "what the client must do stays open"),
        ("open", "verdict", {"leaves_open": ["outcome", "tasks"]}, "the outcome is not settled, and what to do stays open"),
        ("like PACKED", "verdict", {"resolution": [{"like": {"stage": "PACKED"}}]}, "answered like PACKED"),
        ("refused; over SC-ERP-FULL-1a", "verdict", {"resolution": [{"outcome": "refused"}, {"over": ["SC-ERP-FULL-1a"]}]}, "the cancellation is refused"),
    ],
)  # fmt: skip
def test_a_ruling_is_parsed(text: str, aspect: str, parts: dict, words: str) -> None:
    ruling = ruling_from(text, ENGINE.rulebook)
    assert parts_of_ruling(ruling, ENGINE.rulebook, aspect) == parts
    assert ruling_in_words(ruling, aspect) == words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a reading decides something"),
        ("refuse", "`refuse` is not understood; did you mean `refused`?"),
        ("allowed; refused", "a reading has one outcome"),
        ("must make a credit not", "there is no task `make a credit not`; did you mean `make a credit note`?"),
        ("must", "`must` is not understood"),
        ("nothing to do; must grn", "the reading has a task, and says that there is nothing to do"),
        ("must grn; nothing to do", "the reading has a task, and says that there is nothing to do"),
        ("open; refused", "says that it is open, and decides something"),
        ("like PACKT", "got `PACKT`; did you mean `PACKED`?"),
        ("over SC-ERP-FULL-1", "there is no clause `SC-ERP-FULL-1`; did you mean `SC-ERP-FULL-1"),
        ("\x1b[31m", "`\\x1b[31m` is not understood"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, message: str) -> None:
    with pytest.raises(EntryError) as error:
        ruling_from(text, ENGINE.rulebook)
    assert message in str(error.value)


def test_a_reading_that_confirms_the_clauses_has_no_resolution_that_would_have_no_effect() -> None:
    when = {"canceller": "Ajio", "scope": "full", "invoicing": "RMS", "stage": "PROCESSING", "e_invoice": "not posted"}
    stated = {"aspect": "actions", "readings": ["a", "b"], "reading": 1, "when": when}
    parts = gap_parts(ENGINE, stated, {1: "allowed; nothing to do", 2: "must make a credit note"})
    assert (parts["cases"], parts["chosen"], "resolution" in parts) == (1, "the cancellation is allowed; there is nothing to do", False)
    assert parts["alternative"][0]["resolution"] == [CREDIT_NOTE]


@pytest.mark.parametrize(
    ("stated", "decides", "message"),
    [
        ({"readings": ["a"]}, {}, "a gap has at least two readings"),
        ({"reading": 3}, {}, "there is no reading 3; expected 1 to 2"),
        ({}, {1: "open", 3: "open"}, "there is no reading 3; expected 1 to 2"),
        ({}, {1: "nothing to do"}, 'reading 2: it does not say what it decides; write it like --decides "2=…"'),
        (
            {},
            {1: "refused", 2: "open"},
            "reading 1: the outcome of its cases is allowed, and does not depend on a gap with the aspect `actions`",
        ),
        ({"when": None}, {}, "a gap with the aspect `actions` needs the cases that it covers"),
        ({"aspect": "document"}, {}, "a gap about the document as a whole covers no cases"),
    ],
)
def test_a_gap_whose_parts_do_not_fit_is_refused(stated: dict, decides: dict, message: str) -> None:
    parts = {
        "aspect": "actions",
        "readings": ["a", "b"],
        "reading": 1,
        "when": {"canceller": "Ajio", "scope": "full", "invoicing": "RMS", "stage": "PROCESSING"},
    }
    parts = {name: value for name, value in (parts | stated).items() if value is not None}
    with pytest.raises(EntryError) as error:
        gap_parts(ENGINE, parts, decides)
    assert message in str(error.value)
