"""Outside readers of OCEL 2.0 agree with what is written."""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict

import pytest

from orders.log.timestamps import FIRST
from tests.support.log_files import (
    rows_as_json,
)


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
    assert ask("get_num_cases", projection=read) == len({row["order"] for row in rows_as_json(case[1]) if row["order"]})
    variants = ask("get_variants", projection=read)
    assert sum(one["count"] * len(one["activities"]) for one in variants) == sum(1 for row in rows_as_json(case[1]) if row["order"])


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
    results = json.loads(ran.stdout.splitlines()[-1])
    later = [time for _, _, time, _ in content["history"] if time != FIRST]
    counts = [len(content["events"]), len(content["objects"]), len(content["e2o"]), len(content["o2o"]), len(later)]
    kinds = [dict(Counter(kind for kind, *_ in content["events"].values())), dict(Counter(content["objects"].values()))]
    orders = [row for row in rows_as_json(case[1]) if row["order"]]

    assert results["json"] == results["sqlite"] == [*counts, *kinds]
    assert results["constraints"] == [24, 0]
    assert results["xes"] == [len(orders), len({row["order"] for row in orders})]


def test_nothing_here_has_imported_pm4py():
    assert "pm4py" not in sys.modules
