"""The log as XES (IEEE 1849-2023): a trace for each order, and in it what happened to the order, in time.

One case notion is enough for most tools and too little for the whole truth: what is about no order (people coming and going,
outages) is not in this form, and units, papers and returns are attributes of events here and objects in OCEL 2.0.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from orders.log.arrays import IntArray, Texts, texts
from orders.log.event_log import WORDS, Actor, Event, Log
from orders.log.export.escaping import in_xml
from orders.log.export.object_types import VERSION
from orders.log.order_blocks import Blocks, Columns, Kinds, few_at_once, few_lines, in_words
from orders.log.timestamps import in_utc
from simulator.experiment import Experiment
from simulator.people import gstin, invoice_number, order_prefix, people, persons_of, purchase_order
from sop_engine.files import atomic

ACTIVITIES: dict[Event, tuple[str, str]] = {
    Event.PICK_STARTED: ("pick", "start"),
    Event.PICKED: ("pick", "complete"),
    Event.PACK_STARTED: ("pack", "start"),
    Event.PACKED: ("pack", "complete"),
}
"""Work that takes time is one activity with a start and an end; every other event is an activity that is complete at once."""

RESOURCES: dict[Actor, str] = {Actor.AJIO: "Ajio", Actor.SELLER: "seller", Actor.CLIENT: "client"}
"""Who acts, where the log knows; a system that acts by itself is its own resource, and pickers and packers have no names."""

EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"))
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2023" xes.features="" xmlns="http://www.xes-standard.org/">
{extensions}
<global scope="trace"><string key="concept:name" value="unknown"/><string key="invoicing" value="ERP"/><int key="units" value="0"/></global>
<global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/><string key="concept:name" value="unknown"/>\
<string key="lifecycle:transition" value="complete"/><string key="org:role" value="unknown"/><string key="org:group" value="unknown"/></global>
<classifier name="Activity" scope="event" keys="concept:name"/>
<classifier name="Activity and transition" scope="event" keys="concept:name lifecycle:transition"/>
<string key="concept:name" value="{name}"/>
<string key="lifecycle:model" value="standard"/>
<string key="experiment" value="{name}"/>
<string key="experiment_sha256" value="{sha256}"/>
<int key="seed" value="{seed}"/>
<int key="replication" value="{replication}"/>
<int key="log_version" value="{version}"/>
"""
_EVENT = '<event><date key="time:timestamp" value="'
KIND = ("event", "system", "actor", "canceller", "scope", "stage", "e_invoice", "outcome", "units", "detail")


def write_xes(blocks: Iterable[Log], experiment: Experiment, replication: int, file: Path) -> None:
    """The log of a replication as *file*; *blocks* hold whole orders, in ascending order, and are read once.

    Raises:
        OSError: *file* cannot be written.
    """
    seed = experiment.run.seed
    with atomic(file) as (part,), part.open("w", encoding="utf-8", newline="") as stream:
        stream.write(_head(experiment, replication))
        cutter = Blocks()
        for block in blocks:
            _, orders = cutter.house(block)
            kinds = Kinds(KIND, block.details, _kind)
            for few in few_at_once(orders):
                for lines in few_lines(_traces(few, kinds, seed, replication), ""):
                    stream.write(lines)
        stream.write("</log>\n")


def _head(experiment: Experiment, replication: int) -> str:
    extensions = "\n".join(
        f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>' for name, prefix in EXTENSIONS
    )
    return HEAD.format(
        extensions=extensions,
        name=in_xml(experiment.name),
        sha256=experiment.sha256,
        seed=experiment.run.seed,
        replication=replication,
        version=VERSION,
    )


def _traces(columns: Columns, kinds: Kinds, seed: int, replication: int) -> Iterator[str]:
    """The lines of some orders; the first of an order's has the beginning of its trace, the last the end."""
    minutes, rest = in_utc(columns["time_ms"])
    before, told = texts([_EVENT] * len(minutes)), texts(kinds.of(columns))
    starts = np.flatnonzero(np.diff(columns["order"], prepend=-1))
    before[starts] = _heads(columns, starts, seed, replication)
    ends = np.append(starts[1:], len(told)) - 1
    told[ends] += "</trace>\n"
    cells = (before.tolist(), minutes.tolist(), rest.tolist(), told.tolist())
    return (f"{start}{minute}{second}{kind}" for start, minute, second, kind in zip(*cells, strict=True))


def _heads(columns: Columns, starts: IntArray, seed: int, replication: int) -> list[str]:
    """The beginning of each trace, with what is known of its order, and of its first event."""
    numbers = columns["order"][starts]
    created = columns["event"] == WORDS["event"][Event.CREATED]
    units = np.zeros(len(numbers), dtype=np.int64)
    units[np.searchsorted(numbers, columns["order"][created])] = columns["units"][created]
    invoices = texts([""] * len(numbers))
    invoiced = columns["order"][columns["event"] == WORDS["event"][Event.INVOICED]]
    invoices[np.searchsorted(numbers, invoiced)] = [
        f'<string key="invoice_number" value="{invoice_number(number, replication)}"/>' for number in invoiced.tolist()
    ]
    people_of = _people(seed)[persons_of(numbers, seed, replication)]
    models = in_words(columns["invoicing"][starts], "invoicing", ())
    prefix, seller = order_prefix(replication), f'<string key="seller_gstin" value="{gstin(seed)}"/>'
    cells = (numbers.tolist(), models.tolist(), units.tolist(), people_of.tolist(), invoices.tolist())
    return [
        f'<trace><string key="concept:name" value="{prefix}{number:08}"/><string key="invoicing" value="{model}"/>'
        f'<int key="units" value="{count}"/>{person}{seller}'
        f'<string key="purchase_order" value="{purchase_order(number)}"/>{invoice}\n{_EVENT}'
        for number, model, count, person, invoice in zip(*cells, strict=True)
    ]


@lru_cache(maxsize=4)
def _people(seed: int) -> Texts:
    """Name and address of every customer of a seed, as attributes."""
    told = (
        f'<string key="customer" value="{in_xml(name)}"/><string key="address" value="{in_xml(place)}"/>' for name, place in people(seed)
    )
    return texts(list(told))


def _kind(cells: dict[str, Any]) -> str:
    """What stands after the time of an event."""
    activity, transition = ACTIVITIES.get(Event(cells["event"]), (cells["event"], "complete"))
    actor, system = cells["actor"], cells["system"]
    resource = system if actor == Actor.SYSTEM else RESOURCES.get(Actor(actor), "")
    pairs = {"concept:name": activity, "lifecycle:transition": transition, "org:role": actor, "org:group": system, "org:resource": resource}
    pairs |= {name: cells[name] for name in KIND[3:] if name != "units"}
    strings = "".join(f'<string key="{key}" value="{in_xml(word)}"/>' for key, word in pairs.items() if word)
    units = f'<int key="units" value="{cells["units"]}"/>' if cells["units"] else ""
    return f'"/>{strings}{units}</event>\n'
