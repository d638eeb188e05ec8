"""The objects, relations and changes in a log as OCEL 2.0: JSON and SQLite say the same, and what the rows say."""

import json
from collections import Counter, defaultdict
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from orders.log.columns import Event, EventRow
from orders.log.event_log import Log
from orders.log.export.object_types import ATTRIBUTES, OBJECT_RELATIONS, ROLES, ObjectType
from orders.log.timestamps import FIRST
from simulator.experiment.experiment import load
from simulator.study.log_files import provenance_of
from simulator.study.simulate import simulate
from tests.support.log_files import (
    EVERYTHING,
    blocks_of,
    by_order,
    from_json,
    from_sqlite,
    part_of,
    plain,
    write,
)
from tests.support.naive_objects import naive_ocel

SCHEMA = json.loads(files("sop_engine").joinpath("schemas", "object-log.schema.json").read_text(encoding="utf-8"))


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


def test_the_first_values_of_an_object_are_written_once_at_the_epoch(content):
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


def test_the_units_that_are_dispatched_are_those_that_were_not_cancelled(content):
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
