"""Corrupted event logs in every format, and the readers of logs."""

import io
import json
import random
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq

from orders.arrivals import read_arrivals
from orders.log.export.formats import LogFormat, read_log
from simulator.experiment.experiment import load
from simulator.study.log_files import write_log_files
from simulator.study.simulate import record_replication
from tests.support.fuzzing.damage import DATA, bitten, cut, shaken, smeared, spoilt
from tests.support.fuzzing.inputs import Input, put


@cache
def logs() -> Mapping[str, bytes]:
    """Return a small log in every format, with the tables of orders beside the formats of rows."""
    experiment = load("partial_cancels", ["run.days=1", "run.warm_up_days=0", "ajio.orders_per_day=4"])
    with tempfile.TemporaryDirectory() as name:
        for form in LogFormat:
            write_log_files(form, record_replication(experiment), experiment, 0, Path(name), "x")
        return {file.name: file.read_bytes() for file in sorted(Path(name).iterdir())}


CODECS = ("nonsense", "idna", "base64", "utf-16", "utf-32", "utf-7", "punycode", "undefined", "raw_unicode_escape", "ascii", "cp037", "")
METADATA = (
    "{bad",
    "[]",
    '"x"',
    "5",
    "null",
    "[" * 200,
    "{}",
    '{"version": 2}',
    '{"version": 2, "name": "x", "more": 0}',
    '{"version": []}',
)


def event_log(rng: random.Random) -> dict[str, bytes]:
    """Return a log with the orders beside it, one of the two files corrupted."""
    spoiled = rng.choice(list(logs()))
    log = spoiled.replace("orders-", "log-")
    files = {name: raw for name, raw in logs().items() if name in (log, spoiled, log.replace("log-", "orders-"))}
    raw, kind = files[spoiled], spoiled.partition(".")[2]
    if kind == "ocel.json" and rng.random() < 0.5:
        files[spoiled] = json.dumps(shaken(json.loads(raw), rng)).encode()
    elif kind == "xes" and rng.random() < 0.3:
        files[spoiled] = raw.replace(b"UTF-8", rng.choice(CODECS).encode(), 1)
    elif kind == "parquet" and rng.random() < 0.4:
        table = pq.read_table(io.BytesIO(raw))
        about = (table.schema.metadata or {}).get(b"event_log", b"{}")
        changed = json.dumps(shaken(json.loads(about), rng)).encode()
        wrong = rng.choice((changed, bitten(about, rng), rng.choice(METADATA).encode()))
        out = io.BytesIO()
        pq.write_table(table.replace_schema_metadata({b"event_log": wrong}), out)
        files[spoiled] = out.getvalue()
    elif kind in ("parquet", "ocel.sqlite") or rng.random() < 0.3:
        files[spoiled] = rng.choice((bitten, cut, smeared))(raw, rng)
    else:
        files[spoiled] = spoilt(raw.decode(), rng, DATA)
    return files


def reads_log(data: Input, folder: Path) -> object:
    """Read a log and its orders, and the arrivals of its orders."""
    assert isinstance(data, dict)
    put(data, folder)
    file = next(folder.glob("log-*"))
    content = read_log(file)
    content.orders.rows()
    return content.log.digest(), content.provenance, read_arrivals(file).sha256
