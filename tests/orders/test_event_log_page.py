"""`docs/event-log.md` names everything that can be in a log, and what it shows can be run."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from orders.log.calendar import DAY_ZERO
from orders.log.columns import COLUMN_NAMES, VERSION, Actor, Event, System
from orders.log.export.formats import ENDINGS, LogFormat
from orders.log.export.object_types import ATTRIBUTES, OBJECT_RELATIONS, ROLES, ObjectType
from orders.log.orders_table import ORDER_COLUMNS
from tests.support.log_files import everything, write

PAGE = (Path(__file__).parents[2] / "docs" / "event-log.md").read_text(encoding="utf-8")


def table(title: str) -> dict[str, list[str]]:
    """The rows of the table under a title, by each name in the first cell."""
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| `")]
    return {name: row for row in rows for name in re.findall(r"`([^`]+)`", row[0])}


def test_every_column_event_and_object_has_its_row_and_nothing_else_has():
    assert list(table("Columns")) == list(COLUMN_NAMES)
    assert list(table("Events")) == [str(event) for event in Event]
    assert list(table("Objects")) == [str(kind) for kind in ObjectType]


@pytest.mark.parametrize("event", Event)
def test_the_row_of_an_event_has_its_objects_and_their_roles(event):
    about = table("Events")[event][2]
    for kind, qualifier in ROLES[event].items():
        if kind is not ObjectType.ORDER:
            assert f"*{qualifier}*" in about, qualifier
            assert kind in about, kind


@pytest.mark.parametrize("kind", ObjectType)
def test_the_row_of_an_object_has_its_attributes(kind):
    attributes, belongs = table("Objects")[kind][2:4]
    fixed, _, changing = attributes.partition("changing:")

    assert set(re.findall(r"`([^`]+)`", fixed)) == {one.name for one in ATTRIBUTES[kind] if not one.changes}
    assert set(re.findall(r"`([^`]+)`", changing)) == {one.name for one in ATTRIBUTES[kind] if one.changes}
    assert re.findall(r"\*([^*]+)\*", belongs) == [qualifier for (one, _), qualifier in OBJECT_RELATIONS.items() if one is kind]


def test_the_page_names_every_system_and_actor():
    for word in (*System, *Actor):
        assert re.search(rf"\b{word}\b", PAGE), word


def test_the_page_names_every_column_of_the_orders():
    section = PAGE.partition("The table of orders")[2].partition("### For process mining")[0]

    assert tuple(re.findall(r"`([^`]+)`", section)) == ORDER_COLUMNS


def test_the_page_names_version_date_and_the_ending_of_every_form():
    assert f"version {VERSION} of the log" in PAGE
    assert f"{DAY_ZERO:%A}, {DAY_ZERO.day} {DAY_ZERO:%B %Y}" in PAGE
    for form in LogFormat:
        assert f"`log-….{ENDINGS[form]}`" in PAGE


def test_the_query_over_the_objects_runs(tmp_path):
    """In SQLite itself, which says otherwise how minutes are counted."""
    experiment, log = everything()
    write("sqlite", [log], experiment, 0, tmp_path / "log.sqlite")
    query = PAGE.partition("AS log (TYPE sqlite);\n")[2].partition("```")[0].replace("log.", "")
    query = re.sub(
        r"avg\(date_diff.*?\)\) / 60", "avg(julianday(made.ocel_time) - julianday(due.ocel_time)) * 24", query.replace("::TIMESTAMP", "")
    )
    due = list(log.where(Event.CREDIT_NOTE_DUE).rows())
    made = {row.order: row.time_ms for row in log.where(Event.CREDIT_NOTE_MADE).rows()}
    ages = [(made[row.order] - row.time_ms) / 3_600_000 for row in due]

    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as database:
        ((hours,),) = database.execute(query)
    assert hours == pytest.approx(sum(ages) / len(ages), abs=1e-4)
