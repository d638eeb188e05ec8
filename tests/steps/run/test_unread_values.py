"""At the end of an example the executor reports values that no step took, and columns of tables that none read."""

from types import ModuleType

import pytest

from sop_runs.record.status import BROKEN, PASSED
from steps.definitions.registry import Registry
from steps.language.document import source_of
from steps.run.executor import UNREAD, UNREAD_COLUMN, Result, execute
from tests.support.feature_runs import NOT_STATED, registry

LIFE = "Given an order of 2 units, invoiced through the client's ERP"
UNREAD_STEPS = [
    (1, [LIFE, "And the order is PACKED", "When the seller cancels the order", "Then the request is allowed"]),
    (0, ["Given the SOP is taken as written", LIFE, "When the seller cancels the order", "Then the request is allowed"]),
    (0, ["Given its e-invoice is pushed", LIFE, "When someone tries to pack the order again", "Then that is impossible, because it is not released yet"]),
    (0, [LIFE, "And the order is PACKED", "When the seller cancels the full order", "Then the cancellation is refused"]),
    (1, [LIFE, "And the experiment sale days", "When the seller cancels the order", "Then the request is allowed"]),
]  # fmt: skip


def result_of(steps: list[str]) -> Result:
    text = "Feature: F\n\n  Scenario: S\n" + "".join(f"    {step}\n" for step in steps)
    document = source_of(text.encode(), "x.feature")[0].document
    assert document is not None
    return execute(document.examples[0], registry(), NOT_STATED.__getitem__)


@pytest.mark.parametrize(("number", "steps"), UNREAD_STEPS)
def test_a_value_that_no_step_took_breaks_the_example(number: int, steps: list[str]) -> None:
    result = result_of(steps)
    error = result.steps[number].error

    assert (result.status, result.steps[number].status) == (BROKEN, BROKEN)
    assert error is not None
    assert error.message == UNREAD


@pytest.mark.parametrize(("number", "steps"), UNREAD_STEPS)
def test_without_that_step_it_passes(number: int, steps: list[str]) -> None:
    rest = [step for place, step in enumerate(steps) if place != number]

    assert result_of([rest[0].replace("And", "Given"), *rest[1:]]).status == PASSED


TABLE_SENTENCES = """
from steps.definitions.decorators import given, then, when
from steps.definitions.tables import Column, FilledTable, Kind, Table
TEXT = Kind("text")
SHELVES = Table((Column("shelf", TEXT), Column("boxes", Kind("number", int), required=False, nothing="-"), Column("note", TEXT, required=False, nothing="-")), check_row=lambda row: () if row["note"] else ())
PAIRS = Table((Column("one", TEXT), Column("other", TEXT)), heading=False)
@given("these shelves", target_fixture="shelves", table=SHELVES)
def _(datatable): return {row["shelf"]: row["boxes"] for row in datatable.rows}
@given("these shelves, read later", target_fixture="shelves", table=SHELVES)
def _(datatable): return datatable.rows
@given("these shelves, all of them", target_fixture="shelves", table=SHELVES)
def _(datatable): return datatable.texts
@when("they are looked at", target_fixture="look")
def _(shelves, claims): claims.attempt(); return shelves
@then("there is one")
def _(look, claims): claims.check({"kind": "shelf"}, "number", 1, len(look))
@then("there is one with a note")
def _(look, claims): claims.check({"kind": "shelf"}, "note", ["n"], [row["note"] for row in look])
@then("there is one with this name", table=SHELVES)
def _(look, datatable, claims): claims.check({"kind": "shelf"}, "name", [row.texts["shelf"] for row in datatable.rows], list(look))
@then("there is one pair", table=PAIRS)
def _(look, datatable, claims): claims.check({"kind": "shelf"}, "name", [row["one"] for row in datatable.rows], list(look))
"""
NAMES, NOTES, LATER = (
    "| shelf | boxes |\n      | A | 3 |",
    "| shelf | note |\n      | A | n |",
    "| shelf | boxes | note |\n      | A | 3 | n |",
)
LOOK = "When they are looked at"
UNREAD_COLUMNS = [
    (0, "note", [f"Given these shelves\n      {NOTES}", LOOK, "Then there is one"], [f"Given these shelves\n      {NAMES}", LOOK, "Then there is one"]),
    (0, "shelf", [f"Given these shelves, read later\n      {LATER}", LOOK, "Then there is one with a note"], [f"Given these shelves, all of them\n      {LATER}", LOOK, "Then there is one"]),
    (0, "shelf", [f"Given these shelves, read later\n      {NOTES}", LOOK, "Then there is one with a note"], [f"Given these shelves\n      {NOTES.replace('n |', '- |')}", LOOK, "Then there is one"]),
    (2, "boxes", [f"Given these shelves\n      {NAMES}", LOOK, f"Then there is one with this name\n      {NAMES}"], [f"Given these shelves\n      {NAMES}", LOOK, f"Then there is one with this name\n      {NAMES.replace('3', '-')}"]),
    (2, "other", [f"Given these shelves\n      {NAMES}", LOOK, "Then there is one pair\n      | A | B |"], [f"Given these shelves\n      {NAMES}", LOOK, "Then there is one with this name\n      | shelf |\n      | A |"]),
]  # fmt: skip


def result_with_tables(steps: list[str]) -> Result:
    document = source_of(("Feature: F\n\n  Scenario: S\n" + "".join(f"    {step}\n" for step in steps)).encode(), "x.feature")[0].document
    assert document is not None
    return execute(document.examples[0], SHELF_SENTENCES, NOT_STATED.__getitem__)


def sentences_with_tables() -> Registry:
    module = ModuleType("sentences_with_tables")
    exec(TABLE_SENTENCES, module.__dict__)  # noqa: S102 - our own source
    return Registry.from_modules([module])


SHELF_SENTENCES = sentences_with_tables()


@pytest.mark.parametrize(("number", "column", "steps", "good"), UNREAD_COLUMNS)
def test_a_column_that_no_step_definition_reads_breaks_the_example(number: int, column: str, steps: list[str], good: list[str]) -> None:
    result = result_with_tables(steps)
    error = result.steps[number].error

    assert (result.status, result.steps[number].status) == (BROKEN, BROKEN)
    assert error is not None
    assert error.message == UNREAD_COLUMN.format(column)
    assert result_with_tables(good).status == PASSED
