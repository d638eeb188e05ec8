"""The log as OCEL 2.0: JSON and SQLite say the same, and what the rows say; outside readers agree."""
# ruff: noqa: S608 (the names of tables are ours)

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tracemalloc
from collections import Counter, defaultdict
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from orders.log.columns import Event, EventRow
from orders.log.event_log import Log
from orders.log.export.object_types import ATTRIBUTES, EVENT_ATTRIBUTES, OBJECT_RELATIONS, ROLES, ObjectType
from orders.log.export.ocel_sqlite import table_name
from orders.log.timestamps import FIRST
from simulator.experiment.experiment import load
from simulator.study.log_files import provenance_of
from simulator.study.simulate import simulate
from tests.support.log_files import (
    EVERYTHING,
    WRITERS,
    blocks_of,
    by_order,
    everything,
    from_json,
    from_sqlite,
    part_of,
    plain,
    told,
    write,
)
from tests.support.naive_objects import naive_ocel

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(files("sop_engine").joinpath("schemas", "object-log.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def case():
    return everything()


@pytest.fixture(scope="module")
def written(case, tmp_path_factory):
    experiment, log = case
    folder = tmp_path_factory.mktemp("ocel")
    for form in WRITERS:
        write(form, [log], experiment, 0, folder / f"log.{form}")
    return folder


@pytest.fixture(scope="module")
def content(written):
    return from_json(written / "log.json")


@pytest.fixture
def database(written):
    with closing(sqlite3.connect(written / "log.sqlite")) as database:
        yield database


# What is written


def test_the_sample_holds_every_type_of_event_and_of_object(content):
    assert {kind for kind, *_ in content["events"].values()} == {str(event) for event in Event}
    assert set(content["objects"].values()) == {str(kind) for kind in ObjectType}


def test_json_and_sqlite_say_the_same(written, content):
    assert from_sqlite(written / "log.sqlite") == content


def test_the_plain_reading_of_the_rows_gives_the_same(case, content):
    """Row by row with dictionaries, in `tests/support/naive_objects.py`, which is written to be read."""
    experiment, log = case
    expected = naive_ocel(next(blocks_of([log], experiment)), provenance_of(experiment, 0))

    assert list(content["objects"]) == [one["id"] for one in expected["objects"]]
    assert list(content["events"]) == [one["id"] for one in expected["events"]]
    assert content == plain(expected)


@pytest.mark.parametrize(
    "changes", [["run.seed=7"], ["oms.invoicing_erp_share=0.0"], ["returns.unit_return_share=1.0", "wms.packers=1"]], ids=" ".join
)
def test_so_it_does_for_other_experiments(tmp_path, changes):
    experiment = load("ordinary_week_erp", [*EVERYTHING, "ajio.orders_per_day=40", *changes])
    log = simulate(experiment)
    write("json", by_order(log, 30), experiment, 3, tmp_path / "log.json")

    assert from_json(tmp_path / "log.json") == plain(naive_ocel(next(blocks_of([log], experiment, 3)), provenance_of(experiment, 3)))


def test_every_relation_leads_to_an_object_and_has_its_qualifier(content):
    for event, target, qualifier in content["e2o"]:
        assert ROLES[Event(content["events"][event][0])][ObjectType(content["objects"][target])] == qualifier
    for source, target, qualifier in content["o2o"]:
        assert OBJECT_RELATIONS[ObjectType(content["objects"][source]), ObjectType(content["objects"][target])] == qualifier


def test_every_role_and_bond_occurs(content):
    roles = {(content["events"][event][0], content["objects"][target]) for event, target, _ in content["e2o"]}
    bonds = {(content["objects"][source], content["objects"][target]) for source, target, _ in content["o2o"]}

    assert roles == {(str(event), str(kind)) for event, roles in ROLES.items() for kind in roles}
    assert bonds == {(str(source), str(target)) for source, target in OBJECT_RELATIONS}


def test_every_object_is_in_an_event(content):
    assert {target for _, target, _ in content["e2o"]} == {name for name, kind in content["objects"].items() if kind != "log"}


def test_what_an_object_begins_with_is_told_once_at_the_epoch(content):
    first = Counter((name, key) for name, key, time, _ in content["history"] if time == FIRST)
    empty = {"scope", "outcome", "canceller", "reason", "because"}  # a cancellation by the customer has no decision

    assert set(first.values()) == {1}
    for name, kind in content["objects"].items():
        for one in ATTRIBUTES[ObjectType(kind)]:
            assert first[name, one.name] == 1 or (kind == "cancellation" and one.name in empty)


def test_only_what_is_declared_to_change_changes_and_never_to_what_it_was(content):
    changing = {(str(kind), one.name) for kind, attributes in ATTRIBUTES.items() for one in attributes if one.changes}
    values = defaultdict(list)
    for name, key, time, value in content["history"]:
        values[name, key].append((time, value))
    changed = {(content["objects"][name], key) for (name, key), history in values.items() if len(history) > 1}

    assert changed == changing
    for history in values.values():
        assert all(before[1] != after[1] for before, after in zip(sorted(history), sorted(history)[1:], strict=False))


def test_the_units_that_go_out_are_those_that_nobody_took_out(content):
    events = {event: kind for event, (kind, *_) in content["events"].items()}
    ordered, packed, taken, back = (defaultdict(set) for _ in range(4))
    of = {"created": ordered, "packed": packed, "cancellation": taken, "return received": back}
    for event, target, _ in content["e2o"]:
        if content["objects"][target] == "unit" and events[event] in of:
            of[events[event]][target.partition("-")[0]].add(target)

    assert packed
    assert taken
    assert back
    for order, units in packed.items():
        assert units == ordered[order] - taken[order]
        assert back[order] <= units


def test_two_partial_cancellations_take_out_different_units(tmp_path):
    def row(at, event, stage, units, *asked):
        canceller, scope, outcome = asked or ("", "", "")
        return EventRow(at, 1, event, "Assure OMS", "seller", canceller, scope, "RMS", stage, "not posted", outcome, units)

    part = ("seller", "partial", "allowed")
    log = Log.from_rows(
        [
            row(0, "created", "CREATED", 5),
            row(8, "cancellation", "CREATED", 1, *part),
            row(16, "cancellation", "CREATED", 2, "seller", "partial", "refused"),
            row(24, "cancellation", "CREATED", 2, *part),
            row(32, "packed", "PACKED", 2),
            row(40, "return received", "COMPLETED", 1),
        ]
    )
    write("json", [log], load("ordinary_week_erp"), 0, tmp_path / "log.json")
    units = defaultdict(list)
    for event, target, _ in from_json(tmp_path / "log.json")["e2o"]:
        if "-U" in target:
            units[event[-2:]].append(target[-2:])

    assert units == {"01": ["U1", "U2", "U3", "U4", "U5"], "02": ["U5"], "04": ["U3", "U4"], "05": ["U1", "U2"], "06": ["U1"]}


def test_of_two_changes_at_one_moment_the_last_is_kept(tmp_path):
    def row(at, event, stage):
        return EventRow(at, 1, event, "WMS", "packer", "", "", "RMS", stage, "not posted", "", 1)

    log = Log.from_rows([row(0, "created", "CREATED"), row(8, "released", "PROCESSING"), row(8, "packed", "PACKED")])
    for form, read in (("json", from_json), ("sqlite", from_sqlite)):
        write(form, [log], load("ordinary_week_erp"), 0, tmp_path / form)
        assert [value for _, key, _, value in read(tmp_path / form)["history"] if key == "stage"] == ["CREATED", "PACKED"]


def test_a_return_is_asked_for_received_and_checked_in_this_order(content):
    kinds = {"return requested": 0, "return received": 1, "quality check recorded": 2}
    steps = defaultdict(list)
    for event, target, _ in content["e2o"]:
        kind, time, _ = content["events"][event]
        if content["objects"][target] == "return":
            steps[target].append((time, kinds[kind]))
    values = {name: value for name, key, _, value in content["history"] if key == "kind"}

    for name, times in steps.items():
        places = [place for _, place in sorted(times)]
        assert places == ([1, 2] if values[name] == "return to origin" else [0, 1, 2])
    assert set(values.values()) == {"return to origin", "customer return"}


def test_the_json_follows_the_published_schema(case, tmp_path):
    experiment, log = case
    write("json", [part_of(log, 60)], experiment, 0, tmp_path / "log.json")
    Draft202012Validator.check_schema(SCHEMA)

    assert [
        error.message for error in Draft202012Validator(SCHEMA).iter_errors(json.loads((tmp_path / "log.json").read_text("utf-8")))
    ] == []


def test_the_published_schema_names_every_type_and_qualifier():
    named = {name: set(SCHEMA["$defs"][name]["enum"]) for name in ("eventType", "objectType", "eventQualifier", "objectQualifier")}

    assert named == {
        "eventType": {str(event) for event in Event},
        "objectType": {str(kind) for kind in ObjectType},
        "eventQualifier": {qualifier for roles in ROLES.values() for qualifier in roles.values()},
        "objectQualifier": set(OBJECT_RELATIONS.values()),
    }


# The same everywhere


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("orders", [1, 7])
def test_how_the_log_is_cut_into_blocks_changes_nothing(case, tmp_path, form, orders):
    experiment, log = case
    few = part_of(log, 40)
    write(form, [few], experiment, 0, tmp_path / "whole")
    write(form, (block for block in by_order(few, orders)), experiment, 0, tmp_path / "cut")

    if form == "sqlite":
        assert dump(tmp_path / "cut") == dump(tmp_path / "whole")
    else:
        assert (tmp_path / "cut").read_bytes() == (tmp_path / "whole").read_bytes()


def test_how_many_are_read_at_once_changes_nothing(case, written, tmp_path, monkeypatch):
    monkeypatch.setattr("orders.log.order_blocks.ORDERS_AT_ONCE", 37)
    monkeypatch.setattr("orders.log.order_blocks.LINES_AT_ONCE", 5)
    for form in ("json", "xes"):
        write(form, [case[1]], case[0], 0, tmp_path / f"log.{form}")
        assert (tmp_path / f"log.{form}").read_bytes() == (written / f"log.{form}").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("form", WRITERS)
def test_memory_stays_flat_however_long_the_log_is(case, tmp_path, form):
    """The peak of 18 blocks beside that of 6; the pool of names and the tables of times are there before."""
    experiment, log = case
    blocks = [later(block, 0) for block in by_order(part_of(log, 50), 50)]
    write(form, blocks, experiment, 0, tmp_path / "warm")
    peaks = []
    for count in (6, 18):
        tracemalloc.start()
        write(form, (later(blocks[0], 50 * k) for k in range(count)), experiment, 0, tmp_path / "log")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.3 * peaks[0]


def later(block: Log, orders: int) -> Log:
    """The block with its orders numbered on."""
    mask = block.columns["order"] > 0
    columns = {name: column[mask] for name, column in block.columns.items()}
    return Log({**columns, "order": columns["order"] + orders}, block.texts)


def dump(file: Path) -> list[str]:
    """What is in a database; rows of objects in their order within an object."""
    with closing(sqlite3.connect(file)) as database:
        return sorted(database.iterdump())


AGAIN = """
import sys
from pathlib import Path
from tests.support.log_files import WRITERS, everything, write
experiment, log = everything()
for form in WRITERS:
    write(form, [log], experiment, 0, Path(sys.argv[1]) / f"log.{form}")
"""


@pytest.mark.slow
def test_another_process_with_another_hash_seed_writes_the_same_bytes(written, tmp_path):
    subprocess.run([sys.executable, "-c", AGAIN, str(tmp_path)], check=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "4711"})

    for form in WRITERS:
        digests = [hashlib.sha256((folder / f"log.{form}").read_bytes()).hexdigest() for folder in (written, tmp_path)]
        assert digests[0] == digests[1], form


@pytest.mark.parametrize("form", WRITERS)
def test_replications_differ_and_share_no_name_of_an_order(case, written, tmp_path, form):
    experiment, log = case
    write(form, [log], experiment, 1, tmp_path / f"log.{form}")

    assert (tmp_path / f"log.{form}").read_bytes() != (written / f"log.{form}").read_bytes()


# Whole or absent


@pytest.mark.parametrize("form", WRITERS)
def test_a_log_that_breaks_off_leaves_the_old_file_and_nothing_else(case, tmp_path, form):
    experiment, log = case
    file = tmp_path / f"log.{form}"
    file.write_text("the old one")

    def broken():
        yield by_order(log, 50)[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(form, broken(), experiment, 0, file)

    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.read_text() == "the old one"


@pytest.mark.parametrize("form", WRITERS)
def test_a_place_that_cannot_be_written_is_an_error_of_the_system(case, tmp_path, form):
    experiment, log = case

    with pytest.raises(OSError, match=r"absent|unable to open"):
        write(form, [log], experiment, 0, tmp_path / "absent" / "log")


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("wrong", ["backwards", "twice", "an order in two blocks"])
def test_blocks_that_are_not_whole_orders_in_order_are_refused(case, tmp_path, form, wrong):
    experiment, log = case
    blocks = by_order(log, 50)
    last = blocks[0].columns["order"] == 50
    again = blocks[0].take(last)
    blocks = {"backwards": blocks[::-1], "twice": [blocks[0], *blocks], "an order in two blocks": [blocks[0], again]}[wrong]

    with pytest.raises(ValueError, match="ascending order"):
        write(form, blocks, experiment, 0, tmp_path / "log")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["json", "sqlite"])
@pytest.mark.parametrize("blocks", [0, 1])
def test_a_log_without_orders_is_a_log(case, tmp_path, form, blocks):
    experiment, log = case
    write(form, [part_of(log, 0)][:blocks], experiment, 0, tmp_path / f"log.{form}")
    content = {"json": from_json, "sqlite": from_sqlite}[form](tmp_path / f"log.{form}")

    assert set(content["objects"]) == {"ordinary_week_erp-0000"} | (
        {"pickers", "packers", "client's ERP", "RMS", "IRP", "Ajio"} if blocks else set()
    )
    assert len(content["events"]) == len(part_of(log, 0)) * blocks


def test_text_that_json_and_sqlite_cannot_hold_is_dropped_and_the_rest_survives(case, tmp_path):
    experiment, log = case
    hostile = 'a\x00b"c\\d\ne\ud800f<&>\x1f é ₹ 😀'
    spoilt = part_of(Log(log.columns, {name: tuple(hostile + word for word in words) for name, words in log.texts.items()}), 80)
    write("json", [spoilt], experiment, 0, tmp_path / "log.json")
    write("sqlite", [spoilt], experiment, 0, tmp_path / "log.sqlite")
    content = from_json(tmp_path / "log.json")

    assert from_sqlite(tmp_path / "log.sqlite") == content
    found = [cells[name] for _, _, cells in content["events"].values() for name in ("reason", "because") if name in cells]
    assert found
    assert all(word.startswith('ab"c\\d\nef<&> é ₹ 😀') for word in found)


# The relational schema of OCEL 2.0 in 24 constraints


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


# Outside readers


def test_a_permissive_reader_agrees_on_every_count(case, written, content):
    """r4pm reads JSON, SQLite and XES; counts of events, objects, relations by type, and every change."""
    r4pm = pytest.importorskip("r4pm", reason="r4pm, a reader of OCEL 2.0 and XES, is not installed")
    binding = {one["name"]: one["id"] for one in r4pm.list_bindings()}

    def ask(name, **arguments):
        return json.loads(r4pm.call_binding(binding[name], json.dumps(arguments)))

    kinds = Counter(kind for kind, *_ in content["events"].values())
    relations = Counter((content["events"][event][0], content["objects"][target]) for event, target, _ in content["e2o"])
    history = defaultdict(list)
    for name, key, _, value in content["history"]:
        history[name].append((key, value))
    for form in ("json", "sqlite"):
        read = r4pm.import_item("SlimLinkedOCEL", str(written / f"log.{form}"))
        stats = ask("ocel_type_stats", ocel=read)
        assert stats["event_type_counts"] == dict(kinds), form
        assert stats["object_type_counts"] == dict(Counter(content["objects"].values())), form
        pairs = {(event, kind): count for event, kind, count in ask("locel_event_object_type_counts", ocel=read)}
        assert pairs == dict(relations), form
        for name in [*sorted(content["objects"])[::17], "pickers", "client's ERP"]:
            traces = ask("get_object_attribute_changes", ocel=read, object_id=name)["traces"]
            assert sorted((key, one["value"]) for key, trace in traces.items() for one in trace) == sorted(history[name]), (form, name)
    read = r4pm.import_item("EventLogActivityProjection", str(written / "log.xes"))
    assert ask("get_num_cases", projection=read) == len({row["order"] for row in told(case[1]) if row["order"]})
    variants = ask("get_variants", projection=read)
    assert sum(one["count"] * len(one["activities"]) for one in variants) == sum(1 for row in told(case[1]) if row["order"])


PM4PY = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pm4py
from pm4py.objects.ocel.validation.ocel20_rel_validation import apply
folder, found = sys.argv[1], {}
for form in ("json", "sqlite"):
    read = pm4py.read_ocel2(f"{folder}/log.{form}")
    tables = (read.events, read.objects, read.relations, read.o2o, read.object_changes)
    found[form] = [*map(len, tables), read.events["ocel:activity"].value_counts().to_dict(), read.objects["ocel:type"].value_counts().to_dict()]
found["constraints"] = [*map(len, apply(f"{folder}/log.sqlite"))]
log = pm4py.read_xes(f"{folder}/log.xes")
found["xes"] = [len(log), int(log["case:concept:name"].nunique())]
print("\\n" + json.dumps(found))
"""


def test_pm4py_agrees_as_a_program_of_its_own(case, written, content):
    """It is under the AGPL, so nothing here imports it: PM4PY_PYTHON names an interpreter that has it."""
    interpreter = os.environ.get("PM4PY_PYTHON")
    if not interpreter:
        pytest.skip("PM4PY_PYTHON names no interpreter that has pm4py")
    ran = subprocess.run([interpreter, "-c", PM4PY, str(written)], check=True, capture_output=True, text=True, encoding="utf-8")
    found = json.loads(ran.stdout.splitlines()[-1])
    later = [time for _, _, time, _ in content["history"] if time != FIRST]
    counts = [len(content["events"]), len(content["objects"]), len(content["e2o"]), len(content["o2o"]), len(later)]
    kinds = [dict(Counter(kind for kind, *_ in content["events"].values())), dict(Counter(content["objects"].values()))]
    orders = [row for row in told(case[1]) if row["order"]]

    assert found["json"] == found["sqlite"] == [*counts, *kinds]
    assert found["constraints"] == [24, 0]
    assert found["xes"] == [len(orders), len({row["order"] for row in orders})]


def test_nothing_here_has_imported_pm4py():
    assert "pm4py" not in sys.modules
