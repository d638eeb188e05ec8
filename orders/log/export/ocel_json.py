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
from orders.log.columns import DEFAULTS, OPTIONAL_NUMBERS, WORDS, Event
from orders.log.event_log import Log
from orders.log.export.escaping import in_json, json_column
from orders.log.export.object_tables import AttributeChanges, EventTable, ObjectLinks, ObjectTable
from orders.log.export.object_types import ATTRIBUTES, EVENT_ATTRIBUTES, Attribute, ObjectType, column_kind
from orders.log.export.ocel import ObjectLog
from orders.log.order_blocks import Kinds, OrderBlock, few_lines
from orders.log.provenance import Provenance
from orders.log.timestamps import FIRST, in_utc
from sop_engine.files import atomic

OF_EACH_EVENT = ("document", "value_paise", "message_id", "source", "row")
"""The columns whose cells differ from event to event."""
KIND = ("event", *dict.fromkeys(name for names in EVENT_ATTRIBUTES.values() for name in names if name not in OF_EACH_EVENT))
"""The columns that make what stands between the name of an event and its time."""
LEFT_OUT = {name: next((word for word, code in WORDS[name].items() if code == DEFAULTS[name]), "") for name in WORDS} | {"units": 0}
"""The cells that are not written, for the columns of words; an empty text in all others."""


def write_ocel_json(blocks: Iterable[OrderBlock], provenance: Provenance, file: Path) -> None:
    """Write a log as *file*; *blocks* hold whole orders, in ascending order, and are read once.

    Raises:
        ValueError: the blocks are not of whole orders in order.
        OSError: *file* cannot be written.
    """
    log = ObjectLog(provenance)
    with ExitStack() as stack:
        parts = stack.enter_context(atomic(file, 1 + len(ObjectType)))
        first, *rest = [stack.enter_context(part.open("w+", encoding="utf-8", newline="")) for part in parts]
        first.write(_head())
        events, *others = map(_Lines, rest)
        objects = dict(zip(ObjectType, [_Lines(first), *others], strict=True))
        for block in blocks:
            kinds = Kinds(KIND, block.log, _kind)
            for tables, happened in log.tables(block):
                for table in tables:
                    objects[table.type].add(_object_lines(table))
                events.add(_event_lines(happened, kinds))
        for table in log.last_objects():
            objects[table.type].add(_object_lines(table))
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
        for text in few_lines(lines, ",\n"):
            if self.some:
                self.stream.write(",\n")
            self.stream.write(text)
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


def _object_lines(table: ObjectTable) -> Iterator[str]:
    """A line for each object."""
    cells = [_valued(one, table.values[one.name]) for one in ATTRIBUTES[table.type]]
    histories = _joined(len(table), [(change.objects, _changed(change, table.type)) for change in table.changes])
    bonds = _joined(len(table), [(link.sources, _linked(link)) for link in table.links])
    start = f'","type":"{table.type}","attributes":['
    known = map("".join, zip(*cells, histories, strict=True))
    return (
        f'{{"id":"{name}{start}{attributes[1:]}],"relationships":[{bond[1:]}]}}'
        for name, attributes, bond in zip(json_column(table.ids.tolist()), known, bonds, strict=True)
    )


def _valued(attribute: Attribute, values: Texts) -> list[str]:
    """The first value of an attribute, beginning with a comma, for each object; nothing for an empty one."""
    before = f',{{"name":"{attribute.name}","time":"{FIRST}","value":'
    if attribute.kind != "string":
        return ["" if value == "" else f"{before}{value}}}" for value in values.tolist()]
    return [f'{before}"{value}"}}' if value else "" for value in json_column(values.tolist())]


def _changed(change: AttributeChanges, kind: ObjectType) -> list[str]:
    """A value with its time, beginning with a comma, for each change."""
    minutes, rest = in_utc(change.times)
    quoted = next(one.kind for one in ATTRIBUTES[kind] if one.name == change.name) == "string"
    values = [f'"{value}"' for value in json_column(change.values.tolist())] if quoted else change.values.tolist()
    before = f',{{"name":"{change.name}","time":"'
    return [f'{before}{m}{r}","value":{value}}}' for m, r, value in zip(minutes.tolist(), rest.tolist(), values, strict=True)]


def _linked(link: ObjectLinks) -> list[str]:
    """A relationship that begins with a comma, for each link."""
    after = f'","qualifier":"{link.qualifier}"}}'
    return [f',{{"objectId":"{target}{after}' for target in json_column(link.targets.tolist())]


def _joined(count: int, groups: list[tuple[IntArray, list[str]]]) -> list[str]:
    """For each of *count* places, the texts that belong there, put together."""
    cells = [""] * count
    for places, words in groups:
        for place, word in zip(places.tolist(), words, strict=True):
            cells[place] += word
    return cells


def _event_lines(events: EventTable, kinds: Kinds) -> Iterator[str]:
    """A line for each event."""
    links = _joined(len(events), [(link.sources, _linked(link)) for link in events.links])
    minutes, rest = in_utc(events.log.column("at"))
    names, marks = json_column(events.about.tolist()), events.marks.tolist()
    rows = zip(names, marks, kinds.of(events.log), _further(events.log), minutes.tolist(), rest.tolist(), links, strict=True)
    if not events.qualifier:
        return (
            f'{{"id":"{name}{mark}{kind}{further}],"time":"{m}{s}","relationships":[{link[1:]}]}}'
            for name, mark, kind, further, m, s, link in rows
        )
    end = f'","qualifier":"{events.qualifier}"}}'
    return (
        f'{{"id":"{name}{mark}{kind}{further}],"time":"{m}{s}","relationships":[{{"objectId":"{name}{end}{link}]}}'
        for name, mark, kind, further, m, s, link in rows
    )


def _further(log: Log) -> Sequence[str]:
    """The attributes of each event that differ from event to event, beginning with a comma."""
    texts = [""] * len(log)
    for name in OF_EACH_EVENT:
        if name not in log.columns:
            continue
        rows = (log.columns[name] != DEFAULTS[name]).nonzero()[0]
        cells = log.words(name, rows).tolist()
        values = cells if name in OPTIONAL_NUMBERS else [f'"{text}"' for text in json_column(cells)]
        for row, value in zip(rows.tolist(), values, strict=True):
            texts[row] += f',{{"name":"{name}","value":{value}}}'
    return texts


def _kind(cells: dict[str, Any]) -> str:
    """What stands between the name of an event and its own attributes; the system stands there even where it is not known."""
    names = [name for name in EVENT_ATTRIBUTES[Event(cells["event"])] if name in KIND]
    told = [name for name in names if name == "system" or cells[name] != LEFT_OUT.get(name, "")]
    return f'","type":"{cells["event"]}","attributes":[' + ",".join(f'{{"name":"{name}","value":{_value(cells[name])}}}' for name in told)


def _value(cell: Any) -> str:
    return f'"{in_json(cell)}"' if isinstance(cell, str) else str(cell)
