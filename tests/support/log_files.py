"""Content of a written log, in one plain form for all formats."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from orders.log.event_log import Log
from orders.log.export.object_types import ATTRIBUTES, EVENT_ATTRIBUTES
from orders.log.export.ocel_json import write_ocel_json
from orders.log.export.ocel_sqlite import table_name, write_ocel_sqlite
from orders.log.export.xes import write_xes
from orders.log.order_blocks import OrderBlock
from simulator.experiment.experiment import Experiment, load
from simulator.study.identities import Identities
from simulator.study.log_files import provenance_of
from simulator.study.simulate import simulate

XES = "{http://www.xes-standard.org/}"
WRITERS = {"json": write_ocel_json, "sqlite": write_ocel_sqlite, "xes": write_xes}
EVERYTHING = (
    "run.days=3",
    "run.warm_up_days=0",
    "ajio.orders_per_day=90",
    "oms.invoicing_erp_share=0.6",
    "oms.unfulfillable_share=0.2",
    "oms.seller_partial_share=0.3",
    "ajio.partial_cancellation_share=0.2",
    "erp.outage_starts_at_hours=[30.0]",
    *(f"outages.{system}_days_between_mean=10" for system in ("rms", "irp", "ajio")),
    "erp.outage_hours=3",
    "erp.learns_of_cancellation_share=0.0",
    "oms.seller_cancellation_share=0.3",
)


def everything() -> tuple[Experiment, Log]:
    """Return a small log in which every type of event and of object occurs."""
    experiment = load("ordinary_week_erp", EVERYTHING)
    return experiment, simulate(experiment)


def by_order(log: Log, orders: int) -> list[Log]:
    """Return the log in blocks of whole orders."""
    number = log.columns["order"]
    last = int(number.max(initial=0))
    return [log.take((number > (start or -1)) & (number <= start + orders)) for start in range(0, last + 1, orders)]


def blocks_of(logs: Iterable[Log], experiment: Experiment, replication: int = 0) -> Iterator[OrderBlock]:
    """Yield the blocks that the writers take."""
    return map(Identities(experiment.run.seed, replication).block, logs)


def write(form: str, logs: Iterable[Log], experiment: Experiment, replication: int, file: Path) -> None:
    """Write blocks of whole orders as one of `WRITERS`."""
    WRITERS[form](blocks_of(logs, experiment, replication), provenance_of(experiment, replication), file)


def part_of(log: Log, orders: int) -> Log:
    """Return the rows of the first orders."""
    return log.take(log.columns["order"] <= orders)


def rows_as_json(log: Log) -> list[dict[str, Any]]:
    """Return the rows as dictionaries, by order and in time."""
    rows = [row._asdict() for row in log.rows()]
    return [rows[place] for place in np.argsort(log.columns["order"], kind="stable").tolist()]


def from_json(file: Path) -> dict[str, Any]:
    """Read events, objects, relations and histories of an OCEL 2.0 file in JSON."""
    return plain(json.loads(file.read_text(encoding="utf-8")))


def plain(log: dict[str, Any]) -> dict[str, Any]:
    """Return the same of parsed JSON."""
    events = {one["id"]: (one["type"], one["time"], {a["name"]: a["value"] for a in one["attributes"]}) for one in log["events"]}
    assert len(events) == len(log["events"])
    objects = {one["id"]: one["type"] for one in log["objects"]}
    assert len(objects) == len(log["objects"])
    return {
        "events": events,
        "objects": objects,
        "e2o": sorted((one["id"], link["objectId"], link["qualifier"]) for one in log["events"] for link in one["relationships"]),
        "o2o": sorted((one["id"], link["objectId"], link["qualifier"]) for one in log["objects"] for link in one["relationships"]),
        "history": sorted((one["id"], a["name"], a["time"], a["value"]) for one in log["objects"] for a in one["attributes"]),
    }


def from_sqlite(file: Path) -> dict[str, Any]:
    """Read the same from a file in SQLite."""
    with closing(sqlite3.connect(file)) as database:
        events, history = {}, []
        for event, names in EVENT_ATTRIBUTES.items():
            for name, time, *cells in database.execute(f"SELECT * FROM event_{table_name(event)}"):  # noqa: S608
                events[name] = (str(event), time, {key: cell for key, cell in zip(names, cells, strict=True) if cell is not None})
        for kind, attributes in ATTRIBUTES.items():
            for name, time, changed, *cells in database.execute(f"SELECT * FROM object_{table_name(kind)}"):  # noqa: S608
                pairs = zip([one.name for one in attributes], cells, strict=True)
                values = {key: cell for key, cell in pairs if cell is not None}
                assert changed is None or list(values) == [changed]
                history += [(name, key, time, cell) for key, cell in values.items()]
        assert {name: kind for name, (kind, *_) in events.items()} == dict(database.execute("SELECT * FROM event"))
        return {
            "events": events,
            "objects": dict(database.execute("SELECT * FROM object")),
            "e2o": sorted(database.execute("SELECT * FROM event_object")),
            "o2o": sorted(database.execute("SELECT * FROM object_object")),
            "history": sorted(history),
        }


def from_xes(file: Path) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """Yield the attributes of each trace, and of its events."""
    for trace in ET.parse(file).getroot().iter(f"{XES}trace"):  # noqa: S314 (we wrote it)
        yield _values(trace), [_values(event) for event in trace.iter(f"{XES}event")]


def _values(element: ET.Element) -> dict[str, str]:
    return {one.attrib["key"]: one.attrib["value"] for one in element if "key" in one.attrib}
