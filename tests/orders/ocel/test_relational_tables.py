"""The relational schema of OCEL 2.0 in 24 constraints."""
# ruff: noqa: S608 (the names of tables are ours)

import json
from importlib.resources import files

import pytest

from orders.log.columns import Event
from orders.log.export.object_types import ATTRIBUTES, EVENT_ATTRIBUTES, ObjectType
from orders.log.export.ocel_sqlite import table_name
from orders.log.timestamps import FIRST

SCHEMA = json.loads(files("sop_engine").joinpath("schemas", "object-log.schema.json").read_text(encoding="utf-8"))
TABLES = {
    "event_map_type": ["ocel_type", "ocel_type_map"],
    "object_map_type": ["ocel_type", "ocel_type_map"],
    "event": ["ocel_id", "ocel_type"],
    "object": ["ocel_id", "ocel_type"],
    "event_object": ["ocel_event_id", "ocel_object_id", "ocel_qualifier"],
    "object_object": ["ocel_source_id", "ocel_target_id", "ocel_qualifier"],
}
KEYS = {
    "event_map_type": ["ocel_type"],
    "object_map_type": ["ocel_type"],
    "event": ["ocel_id"],
    "object": ["ocel_id"],
    "event_object": TABLES["event_object"],
    "object_object": TABLES["object_object"],
}
REFERENCES = {
    "event": {("ocel_type", "event_map_type", "ocel_type")},
    "object": {("ocel_type", "object_map_type", "ocel_type")},
    "event_object": {("ocel_event_id", "event", "ocel_id"), ("ocel_object_id", "object", "ocel_id")},
    "object_object": {("ocel_source_id", "object", "ocel_id"), ("ocel_target_id", "object", "ocel_id")},
}
EVENT_TABLES = {f"event_{table_name(event)}": event for event in Event}
OBJECT_TABLES = {f"object_{table_name(kind)}": kind for kind in ObjectType}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_the_standard_has_its_columns_and_keys(database, table):
    columns = list(database.execute(f"PRAGMA table_info({table})"))
    references = {(row[3], row[2], row[4]) for row in database.execute(f"PRAGMA foreign_key_list({table})")}

    assert [column[1] for column in columns] == TABLES[table]
    assert [column[1] for column in columns if column[5]] == KEYS[table]
    assert references == REFERENCES.get(table, set())


def test_every_type_has_its_table_and_every_table_its_type(database):
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    assert tables == set(TABLES) | set(EVENT_TABLES) | set(OBJECT_TABLES)
    for kind, words in (("event", EVENT_ATTRIBUTES), ("object", ATTRIBUTES)):
        mapped = dict(database.execute(f"SELECT ocel_type, ocel_type_map FROM {kind}_map_type"))
        assert mapped == {str(word): table_name(word) for word in words}
        assert len(set(mapped.values())) == len(mapped)


@pytest.mark.parametrize("table", [*EVENT_TABLES, *OBJECT_TABLES])
def test_the_table_of_a_type_has_its_columns_and_keys(database, table):
    columns = list(database.execute(f"PRAGMA table_info({table})"))
    kind = "event" if table in EVENT_TABLES else "object"
    references = [(row[3], row[2], row[4]) for row in database.execute(f"PRAGMA foreign_key_list({table})")]

    assert [(column[1], column[2]) for column in columns[:2]] == [("ocel_id", "TEXT"), ("ocel_time", "TIMESTAMP")]
    assert references == [("ocel_id", kind, "ocel_id")]
    assert [column[1] for column in columns if column[5]] == (["ocel_id"] if kind == "event" else [])
    assert kind == "event" or columns[2][1:3] == ("ocel_changed_field", "TEXT")


def test_no_foreign_key_leads_nowhere(database):
    assert list(database.execute("PRAGMA foreign_key_check")) == []
    assert list(database.execute("PRAGMA integrity_check")) == [("ok",)]


@pytest.mark.parametrize("table", EVENT_TABLES)
def test_every_event_is_in_the_table_of_its_type_once_and_in_no_other(database, table):
    listed = f"SELECT ocel_id FROM event WHERE ocel_type = '{EVENT_TABLES[table]}'"

    assert list(database.execute(f"{listed} EXCEPT SELECT ocel_id FROM {table}")) == []
    assert list(database.execute(f"SELECT ocel_id FROM {table} EXCEPT {listed}")) == []


@pytest.mark.parametrize("table", OBJECT_TABLES)
def test_every_object_begins_at_the_epoch_in_the_table_of_its_type_and_in_no_other(database, table):
    listed = f"SELECT ocel_id FROM object WHERE ocel_type = '{OBJECT_TABLES[table].replace(chr(39), chr(39) * 2)}'"
    first = f"SELECT ocel_id FROM {table} WHERE ocel_time = '{FIRST}' AND ocel_changed_field IS NULL"
    twice = f"SELECT ocel_id FROM {table} WHERE ocel_changed_field IS NULL GROUP BY ocel_id HAVING count(*) > 1"
    again = f"SELECT 1 FROM {table} GROUP BY ocel_id, ocel_time, ocel_changed_field HAVING count(*) > 1"

    assert list(database.execute(f"{listed} EXCEPT {first}")) == []
    assert list(database.execute(f"SELECT ocel_id FROM {table} EXCEPT {listed}")) == []
    assert list(database.execute(twice)) == list(database.execute(again)) == []


@pytest.mark.parametrize("table", [*EVENT_TABLES, *OBJECT_TABLES])
def test_every_time_is_true_utc_and_every_value_of_its_type(database, table):
    shape = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]*Z'"

    assert list(database.execute(f"SELECT ocel_time FROM {table} WHERE ocel_time NOT GLOB {shape} OR julianday(ocel_time) IS NULL")) == []
    for _, column, declared, *_ in database.execute(f"PRAGMA table_info({table})").fetchall()[2:]:
        stored = {kind for (kind,) in database.execute(f"SELECT DISTINCT typeof({column}) FROM {table}")}
        assert stored <= {"null", declared.lower()}, column


def test_the_file_says_its_version_and_nothing_of_the_machine(database):
    assert database.execute("PRAGMA user_version").fetchone() == (SCHEMA["x-version"],)
    assert database.execute("PRAGMA page_size").fetchone() == (8192,)
