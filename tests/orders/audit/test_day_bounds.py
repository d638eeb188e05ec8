"""The most days between two events of an order: ours, so that each can be set, is checked, and decides at its last day."""

from dataclasses import replace

import pytest

from orders.day_bounds import BOUND_KEYS, DayBounds
from orders.intake.errors import IntakeError
from orders.intake.mapping.reading import read_mapping
from tests.support.audit_runs import cancelled, invoice, minute, note, reported, rules, run

NO_TIMES = {f"{name}_{end}": None for name in ("posted", "invoiced", "pushed") for end in ("start", "end")}
ON_8_JUNE = {name.replace("cancelled", "dated"): at for name, at in minute("cancelled", 8).items()}
LATE_ORDER = reported("C", **NO_TIMES, **minute("created", 16), cancelled_start=None, cancelled_end=None)
CASES = {
    "days_from_order_to_invoice": (7, "R-3", [cancelled(), reported()], [invoice(), invoice("B", **ON_8_JUNE)]),
    "days_from_order_to_first_time": (3, "R-4", [cancelled(), reported("B", is_cancellation=False, units_cancelled=0)], [invoice()]),
    "days_from_first_time_to_cancellation": (14, "R-4", [cancelled(), reported(), LATE_ORDER], [invoice()]),
    "days_from_invoice_to_note": (39, "R-7", [cancelled()], [invoice(), note(original="I-99", day="10-05-2026")]),
}
"""For each bound the most days with which something is called missing, by which rule, and what the files have."""


def test_each_bound_is_tried():
    assert tuple(CASES) == BOUND_KEYS


@pytest.mark.parametrize("key", BOUND_KEYS)
def test_a_bound_of_more_days_than_the_file_claims_before_or_after_leaves_it_open(key):
    most, rule, requests, documents = CASES[key]
    texts = []
    for days in (0, most, most + 1):
        result = run(requests, documents, bounds=replace(DayBounds(), **{key: days}))
        texts.append([row["text"] for row in result.findings.to_pylist() if row["rule"] == rule])
    assert ["does not claim to hold it" in text for (text,) in texts] == [False, False, True]


def test_the_bounds_are_those_that_the_docs_name():
    assert DayBounds() == DayBounds(7, 3, 14, 30)


def test_a_finding_that_rests_on_the_days_to_an_e_invoice_names_the_assumption():
    of_ajio = run([cancelled(), reported()], [invoice(), invoice("B", of_ajio=True, **ON_8_JUNE)])

    assert rules(of_ajio, "R-3") == [("R-3", "must")]
    assert [row["basis"] for row in of_ajio.findings.to_pylist() if row["rule"] == "R-3"] == ["ours"]


def mapping_of(folder, key, value):
    file = folder / "audit.toml"
    file.write_text(f'[audit]\n{key} = {value}\n[[source]]\nfile = "a.csv"\nprofile = "assure-cancellations"\n')
    return read_mapping(file)


@pytest.mark.parametrize("key", BOUND_KEYS)
def test_a_mapping_sets_a_bound(tmp_path, key):
    assert mapping_of(tmp_path, key, 0).bounds == replace(DayBounds(), **{key: 0})
    assert mapping_of(tmp_path, key, 366).bounds == replace(DayBounds(), **{key: 366})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("-1", "is -1; write a number of days from 0 to 366"),
        ("367", "is 367; "),
        ("7.5", "must be a whole number"),
        ("true", "whole number"),
    ],
)
def test_another_value_of_a_bound_is_refused(tmp_path, value, words):
    with pytest.raises(IntakeError, match=words):
        mapping_of(tmp_path, BOUND_KEYS[0], value)


def test_a_misspelt_bound_is_answered_with_the_nearest_one(tmp_path):
    with pytest.raises(IntakeError, match="did you mean `days_from_order_to_invoice`"):
        mapping_of(tmp_path, "days_from_order_to_invoces", 3)
