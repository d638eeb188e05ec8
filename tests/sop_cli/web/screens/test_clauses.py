"""The methods of the pages of clauses: a clause with its examples, and corrections that the rulebook holds with."""

from typing import Any

import pytest

from sop_cli.web.screens.clauses import METHODS
from sop_engine import ENGINE, SopError
from sop_engine.engine import FOLDER
from sop_engine.versions import CLAUSES
from tests.support.hostile_text import PAYLOADS

CLAUSE = "SC-ERP-FULL-1a"
FIELDS = ("text", "line", "modality", "actor", "system")


def corrected(identifier: str = CLAUSE, **changes: str) -> dict[str, Any]:
    present = METHODS["clauses.show"](identifier=identifier)
    result: dict[str, Any] = METHODS["clauses.try"](identifier=identifier, **{name: present[name] for name in FIELDS} | changes)
    return result


@pytest.mark.parametrize("clause", ENGINE.rulebook.clauses, ids=lambda clause: clause.id)
def test_each_clause_is_shown_and_a_correction_that_changes_nothing_is_refused(clause: Any) -> None:
    entry = METHODS["clauses.show"](identifier=clause.id)

    assert (entry["text"], entry["modality"], entry["actor"]) == (clause.text, str(clause.modality), clause.actor or "")
    with pytest.raises(SopError, match="says this already"):
        METHODS["clauses.try"](identifier=clause.id, **{name: entry[name] for name in FIELDS})


def test_a_new_wording_changes_one_line_of_the_register() -> None:
    (change,) = corrected(text="While Assure OMS shows FULFILLABLE,\n the seller may cancel the whole order.")["changes"]

    before, after = change["before"].splitlines(), change["text"].splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        'text = "While Assure OMS shows FULFILLABLE, the seller may cancel the whole order."'
    ]
    assert FOLDER.joinpath(CLAUSES).read_text(encoding="utf-8") == change["before"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"modality": "must-not"}, "contradicts the outcome `allowed`"),
        ({"modality": "shall"}, "no force `shall`"),
        ({"actor": "nobody"}, "no actor"),
        ({"system": "<b>"}, "no system"),
        ({"line": "twenty"}, "write it like 23"),
        ({"text": " "}, "no word"),
        ({"text": "a\u200bb"}, "invisible character"),
    ],
)
def test_a_correction_that_does_not_hold_says_why(changes: dict[str, str], message: str) -> None:
    with pytest.raises(SopError, match=message):
        corrected(**changes)


@pytest.mark.slow
def test_hostile_wordings_are_text_of_the_register_or_refused() -> None:
    for payload in PAYLOADS[::61]:
        try:
            (change,) = corrected(text=payload)["changes"]
        except SopError:
            continue
        assert change["text"].count("\n[[clause]]\n") == change["before"].count("\n[[clause]]\n")
    with pytest.raises(SopError, match="there is no clause"):
        METHODS["clauses.show"](identifier=PAYLOADS[5])
