"""The log as OCEL 2.0 in JSON: one line for each object, then one line for each event.

Objects come before events in the file, each type together. All are known at the same time, so what comes later waits in
neighbours of the file and is put behind at the end. The blocks are read once, and nothing is kept of them; how the orders are cut
into blocks does not show.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfileobj
from typing import Any, TextIO

from orders.log.arrays import IntArray, Texts
from orders.log.event_log import Event, Log
from orders.log.export.escaping import in_json, json_column
from orders.log.export.object_tables import Changes, Happenings, Links, Things
from orders.log.export.object_types import ATTRIBUTES, EVENT_ATTRIBUTES, Attribute, ObjectType, column_kind
from orders.log.export.ocel import Reading
from orders.log.order_blocks import Kinds, few_lines
from orders.log.timestamps import FIRST, in_utc
from simulator.experiment import Experiment
from sop_engine.files import atomic

KIND = ("event", "system", "actor", "canceller", "scope", "outcome", "units", "detail")
"""The columns that make what stands between the name of an event and its time."""


def write_ocel_json(blocks: Iterable[Log], experiment: Experiment, replication: int, file: Path) -> None:
    """The log of a replication as *file*; *blocks* hold whole orders, in ascending order, and are read once.

    Raises:
        OSError: *file* cannot be written.
    """
    reading = Reading(experiment.run.seed, replication)
    with ExitStack() as stack:
        parts = stack.enter_context(atomic(file, 1 + len(ObjectType)))
        first, *rest = [stack.enter_context(part.open("w+", encoding="utf-8", newline="")) for part in parts]
        first.write(_head())
        events, *others = map(_Lines, rest)
        objects = dict(zip(ObjectType, [_Lines(first), *others], strict=True))
        kinds: Kinds | None = None
        for block in blocks:
            kinds = Kinds(KIND, block.details, _kind)
            for things, happenings in reading.read(block):
                for some in things:
                    objects[some.type].add(_object_lines(some))
                events.add(_event_lines(happenings, kinds))
        objects[ObjectType.CUSTOMER].add(_object_lines(reading.customers()))
        for lines in others:
            objects[ObjectType.ORDER].take(lines)
        first.write('\n],\n"events": [\n')
        _Lines(first).take(events)
        first.write("\n]\n}\n")


class _Lines:
    """Lines of a JSON array in a file, a comma between two."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.some = stream, False

    def add(self, lines: Iterable[str]) -> None:
        """More lines."""
        for told in few_lines(lines, ",\n"):
            if self.some:
                self.stream.write(",\n")
            self.stream.write(told)
            self.some = True

    def take(self, others: "_Lines") -> None:
        """The lines of *others*, after these."""
        if others.some:
            if self.some:
                self.stream.write(",\n")
            others.stream.flush()
            others.stream.seek(0)
            self.stream.flush()
            copyfileobj(others.stream.buffer, self.stream.buffer, 1 << 20)
            self.some = True


def _head() -> str:
    """The declaration of every type, and the beginning of the objects."""
    objects = [
        {"name": str(kind), "attributes": [{"name": one.name, "type": one.kind} for one in attributes]}
        for kind, attributes in ATTRIBUTES.items()
    ]
    events = [
        {"name": str(event), "attributes": [{"name": name, "type": column_kind(name)} for name in names]}
        for event, names in EVENT_ATTRIBUTES.items()
    ]
    return f'{{\n"objectTypes": {_listed(objects)},\n"eventTypes": {_listed(events)},\n"objects": [\n'


def _listed(types: Sequence[object]) -> str:
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in types) + "\n]"


def _object_lines(things: Things) -> Iterator[str]:
    """A line for each object."""
    cells = [_valued(one, things.values[one.name]) for one in ATTRIBUTES[things.type]]
    histories = _joined(len(things), [(change.objects, _changed(change, things.type)) for change in things.changes])
    bonds = _joined(len(things), [(link.sources, _linked(link)) for link in things.links])
    start = f'","type":"{things.type}","attributes":['
    known = map("".join, zip(*cells, histories, strict=True))
    return (
        f'{{"id":"{name}{start}{attributes[1:]}],"relationships":[{bond[1:]}]}}'
        for name, attributes, bond in zip(things.ids.tolist(), known, bonds, strict=True)
    )


def _valued(attribute: Attribute, values: Texts) -> list[str]:
    """The first value of an attribute, beginning with a comma, for each object; nothing for an empty one."""
    before = f',{{"name":"{attribute.name}","time":"{FIRST}","value":'
    if attribute.kind != "string":
        return [f"{before}{value}}}" for value in values.tolist()]
    return [f'{before}"{value}"}}' if value else "" for value in json_column(values.tolist())]


def _changed(change: Changes, kind: ObjectType) -> list[str]:
    """A value with its time, beginning with a comma, for each change."""
    minutes, rest = in_utc(change.times)
    quoted = next(one.kind for one in ATTRIBUTES[kind] if one.name == change.name) == "string"
    values = [f'"{value}"' for value in json_column(change.values.tolist())] if quoted else change.values.tolist()
    before = f',{{"name":"{change.name}","time":"'
    return [f'{before}{m}{r}","value":{value}}}' for m, r, value in zip(minutes.tolist(), rest.tolist(), values, strict=True)]


def _linked(link: Links) -> list[str]:
    """A relationship that begins with a comma, for each link."""
    after = f'","qualifier":"{link.qualifier}"}}'
    return [f',{{"objectId":"{target}{after}' for target in link.targets.tolist()]


def _joined(count: int, groups: list[tuple[IntArray, list[str]]]) -> list[str]:
    """For each of *count* places, the texts that belong there, put together."""
    cells = [""] * count
    for places, words in groups:
        for place, word in zip(places.tolist(), words, strict=True):
            cells[place] += word
    return cells


def _event_lines(happenings: Happenings, kinds: Kinds) -> Iterator[str]:
    """A line for each event."""
    more = _joined(len(happenings), [(link.sources, _linked(link)) for link in happenings.links])
    minutes, rest = in_utc(happenings.columns["time_ms"])
    names, marks, told = happenings.about.tolist(), happenings.marks.tolist(), kinds.of(happenings.columns)
    rows = zip(names, marks, told, minutes.tolist(), rest.tolist(), more, strict=True)
    if not happenings.qualifier:
        return (f'{{"id":"{name}{mark}{kind}{m}{s}","relationships":[{links[1:]}]}}' for name, mark, kind, m, s, links in rows)
    end = f'","qualifier":"{happenings.qualifier}"}}'
    return (
        f'{{"id":"{name}{mark}{kind}{m}{s}","relationships":[{{"objectId":"{name}{end}{links}]}}' for name, mark, kind, m, s, links in rows
    )


def _kind(cells: dict[str, Any]) -> str:
    """What stands between the name of an event and its time."""
    attributes = ",".join(
        f'{{"name":"{name}","value":{_value(cells[name])}}}' for name in EVENT_ATTRIBUTES[Event(cells["event"])] if cells[name] != ""
    )
    return f'","type":"{cells["event"]}","attributes":[{attributes}],"time":"'


def _value(cell: Any) -> str:
    return f'"{in_json(cell)}"' if isinstance(cell, str) else str(cell)
