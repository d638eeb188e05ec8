"""A changed ruling of a clause or a gap is shown in words: answer, tasks, cases; no field without a value, no name of a field of the record."""

import re

import pytest

from sop_engine import load_rulebook
from sop_runs.change.text_changes import _value_as_text

GAPS = {gap["id"]: gap for gap in load_rulebook().to_plain()["gaps"]}


def test_a_ruling_names_its_tasks_and_cases() -> None:
    assert _value_as_text(GAPS["GAP-04"]["resolutions"][0]) == (
        "may download the report of orders cancelled after posting (seller, Ajio VMS Reports UI)"
        " (seller / full / ERP / PROCESSING / generated)"
    )
    assert _value_as_text(GAPS["GAP-35"]["resolutions"]) == "answered like: FULFILLABLE (seller / ERP / CREATED or UNFULFILLABLE)"


def test_nothing_to_do_is_another_ruling_than_silence() -> None:
    ruling = {**GAPS["GAP-04"]["resolutions"][0], "modality": None, "actor": None, "system": None}

    assert _value_as_text({**ruling, "tasks": []}) == "nothing to do (seller / full / ERP / PROCESSING / generated)"
    assert _value_as_text({**ruling, "tasks": None}) == "when: seller / full / ERP / PROCESSING / generated"


def test_another_reading_is_numbered_and_has_its_words() -> None:
    text = _value_as_text(GAPS["GAP-04"]["alternatives"])

    assert text.startswith("reading 1, the cancellation is allowed; what the client must do stays open")
    assert text.endswith(
        "reading 3, the cancellation is allowed; there is nothing to do, decides: nothing to do (seller / full / ERP / PROCESSING / generated)"
    )


@pytest.mark.parametrize("gap_id", GAPS)
def test_no_text_has_an_empty_field_or_a_name_of_the_record(gap_id: str) -> None:
    for part in ("resolutions", "alternatives", "dispositions", "when"):
        text = _value_as_text(GAPS[gap_id][part])
        assert not re.search(r": nothing(?! to do)|\b[a-z]+_[a-z]+\b|\bNone\b", text), text


@pytest.mark.parametrize("part", ["actor", "system", "modality", "task", "when"])
def test_tasks_that_differ_have_different_texts(part: str) -> None:
    task = GAPS["GAP-04"]["resolutions"][0]["tasks"][0]
    other = {"actor": "Ajio", "system": "WMS", "modality": "must", "task": "credit-note", "when": "if it is made"}[part]

    assert _value_as_text(task) != _value_as_text({**task, part: other})
