"""pm4py, a program of other people, discovers the regular way of an order from the CSV file and aligns every order with the SOP's life cycle.

It is under the AGPL, so nothing here imports it: PM4PY_PYTHON names an interpreter that has it.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from orders.log.export.formats import LogFormat
from orders.log.export.tables import write_log_csv
from simulator.experiment.experiment import load, shipped_experiments
from simulator.study.identities import Identities
from simulator.study.log_files import write_log_files
from simulator.study.simulate import record_replication, simulate
from simulator.study.study import variants_of
from tests.support.corruptions import CORRUPTIONS, Rows

pytestmark = [pytest.mark.peers, pytest.mark.slow]

SMALL = ("run.days=3", "run.warm_up_days=1", "ajio.orders_per_day=150")
REGULAR = (
    *("created", "allocated", "acknowledged", "posted", "e-invoice generated", "e-invoice pushed", "released"),
    *("pick", "pack", "ready to dispatch", "dispatched"),
)
WORK = (
    *(("allocated", "created", "allocated"), ("allocated", "out of stock", "allocated"), ("unfulfillable", "created", "out of stock")),
    *(("acknowledged", "allocated", "acknowledged"), ("posted", "acknowledged", "posted"), ("e-invoice pushed", "invoiced", "pushed")),
    *(("released", "pushed", "released"), ("released under RMS", "acknowledged", "released")),
    *(("pick started", "released", "picking"), ("picked", "picking", "picked"), ("pack started", "picked", "packing")),
    ("packing error", "packing", "stopped"),
)
"""Steps that only an order takes that is not cancelled: label, and the place of the order before and after it."""
PLACES = (
    "created",
    "out of stock",
    "allocated",
    "acknowledged",
    "posted",
    "invoiced",
    "pushed",
    "released",
    "picking",
    "picked",
    "packing",
)
NET = [
    ("created", ["start"], ["created", "alive", "open"]),
    *((label, [before, "alive"], [after, "alive"]) for label, before, after in WORK),
    ("e-invoice generated", ["posted"], ["invoiced", "e-invoice"]),
    ("e-invoice under RMS", ["packing", "alive"], ["invoiced by RMS", "alive", "e-invoice"]),
    ("packed", ["packing", "alive", "open", "e-invoice"], ["packed", "alive", "e-invoice"]),
    ("packed under RMS", ["invoiced by RMS", "alive", "open"], ["packed", "alive"]),
    ("ready to dispatch", ["packed", "alive"], ["ready", "alive"]),
    ("dispatched", ["ready", "alive"], ["sent", "alive"]),
    ("cancelled in full", ["alive", "open"], ["cancelled"]),
    ("cancelled in part", ["alive", "open"], ["alive", "open"]),
    *(("cancelled by customer", ["alive", "open", place], ["cancelled", place]) for place in ("created", "out of stock", "allocated")),
    *(("request without effect", [state], [state]) for state in ("alive", "cancelled")),
    *(("credit note due", ["e-invoice", state], ["credit note", state]) for state in ("cancelled", "stopped")),
    ("credit note made", ["credit note"], []),
    ("return requested", ["sent"], ["sent", "coming back"]),
    ("return received", ["coming back"], ["unchecked"]),
    ("undelivered parcel received", ["sent"], ["sent", "unchecked"]),
    ("quality check recorded", ["unchecked"], []),
    ("end", ["sent", "alive", "e-invoice"], ["end"]),
    *(("end", ["cancelled", place], ["end"]) for place in (*PLACES, "stopped")),
]
"""The SOP's life cycle of an order as a Petri net: label, places from which a token is taken, places that get one.

Every order has an artificial last event, *end*, so that the net needs no silent steps, which pm4py counts as small deviations.
"""

SCRIPT = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pandas as pd
import pm4py
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils import petri_utils

net_table, files = json.loads(sys.stdin.read())
net, places = PetriNet("life cycle"), {}
for name in sorted({name for _, before, after in net_table for name in (*before, *after)}):
    places[name] = petri_utils.add_place(net, name)
for number, (label, before, after) in enumerate(net_table):
    step = petri_utils.add_transition(net, f"t{number}", label)
    for name in before:
        petri_utils.add_arc_from_to(places[name], step, net)
    for name in after:
        petri_utils.add_arc_from_to(step, places[name], net)
start, end = Marking({places["start"]: 1}), Marking({places["end"]: 1})


def label(row):
    event, rms = row.event, row.invoicing == "RMS"
    if event == "cancellation":
        return {("allowed", "full"): "cancelled in full", ("allowed", "partial"): "cancelled in part"}.get((row.outcome, row.scope), "request without effect")
    if event == "return received" and row.reason == "return to origin":
        return "undelivered parcel received"
    renamed = {"e-invoice generated": "e-invoice under RMS", "released": "released under RMS", "packed": "packed under RMS"}
    return renamed.get(event, event) if rms else event


answer = {}
for file in files:
    rows = pd.read_csv(file, keep_default_na=False)
    rows = rows[rows["order_id"] != ""]
    irregular = rows[rows["event"].str.contains("cancel|return|error|unfulfillable|credit")]["order_id"]
    regular = pm4py.format_dataframe(rows[~rows["order_id"].isin(irregular)].copy(), "order_id", "activity", "at")
    done = regular[regular["lifecycle"] == "complete"]
    tree = str(pm4py.discover_process_tree_inductive(done))
    rows["step"] = [label(row) for row in rows.itertuples()]
    last = rows.groupby("order_id").tail(1).assign(step="end", at="2100-01-01T00:00:00.000Z")
    log = pm4py.format_dataframe(pd.concat([rows, last]), "order_id", "step", "at")
    fitness = pm4py.fitness_alignments(log, net, start, end)
    names = sorted({name for name in rows["resource"] if name.startswith(("picker", "packer"))})
    answer[file] = {"tree": tree, "fitness": fitness, "resources": names, "zone": str(regular["time:timestamp"].dt.tz)}
print("\\n" + json.dumps(answer))
"""


def mined(*files: Path) -> list[dict]:
    """What pm4py finds in each file."""
    interpreter = os.environ.get("PM4PY_PYTHON")
    if not interpreter:
        pytest.skip("PM4PY_PYTHON names no interpreter that has pm4py")
    question = json.dumps([NET, [str(file) for file in files]])
    ran = subprocess.run([interpreter, "-c", SCRIPT], input=question, check=True, capture_output=True, text=True, encoding="utf-8")
    answer = json.loads(ran.stdout.splitlines()[-1])
    return [answer[str(file)] for file in files]


def test_pm4py_discovers_the_regular_way_and_every_order_of_every_experiment_fits_the_life_cycle(tmp_path):
    files = []
    for name in shipped_experiments():
        for spec, experiment in variants_of(load(name, [*SMALL, *(["ajio.sale_days=[1]"] if name == "sale_days" else [])])):
            recorded = record_replication(experiment, 0)
            files.append(write_log_files(LogFormat.CSV, recorded, experiment, 0, tmp_path, f"{name}-{spec.slug}-0000")[0])
    answers = mined(*files)

    for file, answer in zip(files, answers, strict=True):
        assert answer["fitness"]["log_fitness"] == pytest.approx(1, abs=1e-12), file.name
        assert answer["fitness"]["percentage_of_fitting_traces"] == 100, file.name
        assert answer["zone"] == "UTC"
    week = answers[[file.name for file in files].index("log-ordinary_week_erp-base-0000.csv")]
    assert week["tree"] == "->( " + ", ".join(f"'{step}'" for step in REGULAR) + " )"
    assert week["resources"] == [f"{team} {person}" for team, people in (("packer", 7), ("picker", 4)) for person in range(1, people + 1)]


BREAKING = (
    "whole order cancelled although packed",
    "acknowledged after it was cancelled",
    "ready after dispatch",
    "picked before the picking",
    "pushed before invoiced",
    "released twice",
    "never acknowledged",
    "never dispatched",
    "a packer who never finishes",
    "no quality check",
    "a credit note that is not due",
    "a credit note forgotten",
    "two credit notes due",
    "a credit note without cancellation",
    "a credit note never made",
    "a credit note made twice",
)
"""Corruptions of a log that break the order of steps."""


def test_pm4py_finds_a_fitness_below_1_where_a_law_is_broken_on_purpose(tmp_path, log):
    identities = Identities(1, 0)
    files = {}
    for what in ("nothing", *BREAKING):
        rows = Rows(log)
        for corruption in CORRUPTIONS:
            if corruption.what == what:
                corruption.do(rows)
        changed = rows.log()
        files[what] = tmp_path / f"{what.replace(' ', '-')}.csv"
        write_log_csv([identities.with_ids(changed)], files[what])
    fitness = dict(zip(files, (answer["fitness"]["log_fitness"] for answer in mined(*files.values())), strict=True))

    assert fitness.pop("nothing") == pytest.approx(1, abs=1e-12)
    assert {what: value for what, value in fitness.items() if not value < 1 - 1e-9} == {}
    assert fitness.keys() == set(BREAKING)


@pytest.fixture(scope="module")
def log():
    changes = ("oms.invoicing_erp_share=0.5", "ajio.partial_cancellation_share=0.2", "erp.learns_of_cancellation_share=0.0")
    return simulate(load("ordinary_week_erp", [*SMALL, *changes, "oms.seller_cancellation_share=0.2", "ajio.stale_status_share=0.5"]))
