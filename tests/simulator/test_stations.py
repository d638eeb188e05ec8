"""A new station is one entry of the table and one method: the example of the guide, added to a copy of the program, works everywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orders.log.columns import Actor, Event
from orders.log.stations import STATIONS, events_before, stages_after
from tests.support.station_table import PAGE, with_station_table

TOP = Path(__file__).resolve().parents[2]
PROGRAM = """
import json, sys
from pathlib import Path
from orders.log.export.formats import LogFormat
from reports.scenario.wording.measure_catalogue import measure_infos
from simulator.errors import ExperimentError
from simulator.experiment.effects import unmet_precondition
from simulator.experiment.experiment import describe, load
from simulator.study.replication import Job, replicate
from simulator.study.simulate import simulate
from tests.support.station_table import station_table

small = ["run.days=3", "ajio.orders_per_day=200", "wms.shipments_per_manifest=20"]
experiment = load("ordinary_week_erp", small)
result = replicate(Job("new", experiment, 0, Path(sys.argv[1]), (LogFormat.CSV, LogFormat.XES, LogFormat.OCEL_JSON)))
rows = [row._asdict() for row in simulate(experiment).rows()]
refusals = []
for change in ("wms.inspectors=0", "wms.inspect_sigma=3"):
    try:
        load("ordinary_week_erp", [change])
    except ExperimentError as error:
        refusals += error.findings
print(json.dumps({
    "settings": {key: [value, spec.says, spec.source] for key, value, spec in describe(experiment) if "inspect" in key},
    "lacking": [str(unmet_precondition(key, [experiment])) for key, _, _ in describe(experiment) if "inspect" in key],
    "checks": {check.name: check.holds for check in result.checks},
    "measures": result.measures,
    "titles": [info.title for info in measure_infos(result.measures, "a week") if "inspector" in info.title.casefold() and info.unit],
    "stations": list(result.flow.stations),
    "events": [[row["order"], row["time_ms"], row["event"], row["actor"], row["stage"], row["units"]] for row in rows],
    "slow": simulate(load("ordinary_week_erp", [*small, "wms.inspect_seconds_median=600", "wms.inspectors=1"])).digest()
    != simulate(experiment).digest(),
    "refusals": refusals,
    "table": station_table(),
}))
"""


def test_the_guide_has_the_table_of_stations() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == with_station_table(page), "run `python -m tests.support.station_table`"


def test_the_members_that_code_names_are_those_of_the_table() -> None:
    assert [Event(event) for station in STATIONS for event in station.events] == [
        *(Event.PICK_STARTED, Event.PICKED),
        *(Event.PACK_STARTED, Event.PACKING_ERROR, Event.PACKED),
    ]
    assert [Event(station.presence) for station in STATIONS] == [Event.PICKERS, Event.PACKERS]
    assert [Actor(station.person) for station in STATIONS] == [Actor.PICKER, Actor.PACKER]
    assert [events_before(station) for station in STATIONS] == [("released",), ("picked",)]
    assert {event: str(stage) for event, _, stage in stages_after()} == {
        **dict.fromkeys(("pick started", "picked", "pack started", "packing error"), "PROCESSING"),
        "packed": "PACKED",
    }


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """Results of a copy of the program with the station and the method of the guide."""
    copy = tmp_path_factory.mktemp("copy")
    for package in ("orders", "simulator"):
        shutil.copytree(TOP / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    page = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page[page.index("### Stations") :], re.DOTALL)
    entry, method = (next(block for block in blocks if block.startswith(start)) for start in ("Station(", "def finish_"))
    table, warehouse = copy / "orders/log/stations.py", copy / "simulator/model/warehouse.py"
    text = table.read_text(encoding="utf-8")
    end = text.index('\n)\n"""The stations of the warehouse') + 1
    table.write_text(text[:end] + entry.rstrip() + ",\n" + text[end:], encoding="utf-8")
    with warehouse.open("a", encoding="utf-8") as file:
        file.write("\n" + re.sub("^(?=.)", "    ", method, flags=re.MULTILINE))
    files = copy / "files"
    path = os.pathsep.join((str(copy), str(TOP)))
    command = [sys.executable, "-P", "-c", PROGRAM, str(files)]
    output = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=True, capture_output=True, text=True).stdout
    return json.loads(output), files


def test_a_new_station_works_on_every_packed_order(extended) -> None:
    results, _ = extended
    times: dict[int, dict[str, int]] = {}
    for order, at, event, actor, stage, _ in results["events"]:
        times.setdefault(order, {})[event] = at
        if event in ("inspection started", "inspected", "inspection failed"):
            assert (actor, stage) == ("inspector", "PACKED")
    packed = [life for life in times.values() if "packed" in life]

    assert len(packed) > 300
    for life in packed:
        end = min(life.get(event, life["dispatched"]) for event in ("inspected", "inspection failed"))
        assert life["packed"] <= life["inspection started"] < end <= life["ready to dispatch"]
        assert ("inspected" in life) != ("inspection failed" in life)
    assert any("inspection failed" in life for life in packed)
    assert results["slow"]


def test_a_new_station_has_settings_checks_measures_and_words(extended) -> None:
    results, _ = extended

    assert results["settings"] == {
        "wms.inspectors": [2, "inspectors at work", "assumed"],
        "wms.inspect_seconds_median": [20.0, "median time to inspect an order, log-normal", "assumed"],
        "wms.inspect_sigma": [0.4, "spread of the time to inspect (sigma)", "assumed"],
    }
    assert results["lacking"] == ["None"] * 3
    assert results["refusals"] == [
        "ordinary_week_erp.toml: `wms.inspectors`: must be a whole number from 1 to 100,000, got 0",
        "ordinary_week_erp.toml: `wms.inspect_sigma`: must be a number from 0.0 to 2.0, got 3",
    ]
    assert all(results["checks"].values())
    assert {"Little's law, inspectors", "busy time, inspectors", "staff, inspectors"} <= results["checks"].keys()
    measures = ("wait for an inspector, minutes", "inspectors busy, share of staffed time", "inspectors' overtime, hours a day")
    assert all(name in results["measures"] for name in measures)
    assert "Wait for an inspector, day and night" in results["titles"]
    assert results["stations"] == ["pickers", "packers", "inspectors", "posts to the ERP"] or "inspectors" in results["stations"]
    assert sum(event == "inspectors at work" for _, _, event, _, _, _ in results["events"]) == 6
    assert "| inspectors: `wms.inspectors` | `packed` | `inspection started` … `inspected` |" in results["table"]


def test_a_new_station_is_in_the_files(extended) -> None:
    _, files = extended
    texts = {file.suffix: file.read_text(encoding="utf-8") for file in sorted(files.iterdir()) if file.name.startswith("log-")}

    assert "inspector 1" in texts[".csv"] or "inspector 2" in texts[".csv"]
    assert '<string key="concept:name" value="inspect"/>' in texts[".xes"]
    assert "InspectionStarted" in texts[".json"] or "inspection started" in texts[".json"]
    assert '"inspectors"' in texts[".json"]
