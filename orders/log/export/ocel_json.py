"""Write a log as OCEL 2.0 in JSON: one line for each object, then one line for each event.

Objects come before events in the file, sorted by type. A block has objects and events of all types, so the later ones are written
to temporary files beside the file and appended at the end. The blocks are read once and not kept; the result does not depend on how the
orders are cut into blocks.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfileobj
from typing import Any, TextIO

from orders.log.arrays import IntArray, Texts
from orders.log.columns import DEFAULTS, OPTIONAL_NUMBERS, WORD_CODES, Event
from orders.log.event_log import Log
from orders.log.export.escaping import json_column, json_text
from orders.log.export.object_tables import AttributeChanges, EventTable, ObjectLinks, ObjectTable
from orders.log.export.object_types import ATTRIBUTES, EVENT_ATTRIBUTES, Attribute, ObjectType, column_kind
from orders.log.export.ocel import ObjectLogBuilder
from orders.log.order_blocks import CellTexts, OrderBlock, line_batches
from orders.log.provenance import Provenance
from orders.log.timestamps import FIRST, in_utc
from sop_engine.files import atomic

OF_EACH_EVENT = ("document", "value_paise", "message_id", "source", "row")
"""Columns whose cells differ from event to event."""
SHARED_COLUMNS = ("event", *dict.fromkeys(name for names in EVENT_ATTRIBUTES.values() for name in names if name not in OF_EACH_EVENT))
"""Columns that decide the text between the name of an event and its time."""
LEFT_OUT = {name: next((word for word, code in WORD_CODES[name].items() if code == DEFAULTS[name]), "") for name in WORD_CODES} | {
    "units": 0
}
"""Cells that are not written, for columns of words and units; in other columns an empty text."""


def write_ocel_json(blocks: Iterable[OrderBlock], provenance: Provenance, file: Path) -> None:
    """Write a log as *file*; *blocks* hold whole orders, in ascending order, and are read once.

    Raises:
        ValueError: the blocks are not of whole orders in order.
        OSError: *file* cannot be written.
    """
    builder = ObjectLogBuilder(provenance)
    with ExitStack() as stack:
        parts = stack.enter_context(atomic(file, 1 + len(ObjectType)))
        first, *rest = [stack.enter_context(part.open("w+", encoding="utf-8", newline="")) for part in parts]
        first.write(_declarations())
        events, *other_lines = map(_Lines, rest)
        objects = dict(zip(ObjectType, [_Lines(first), *other_lines], strict=True))
        for block in blocks:
            cell_texts = CellTexts(SHARED_COLUMNS, block.log, _shared_attributes)
            for tables, event_table in builder.tables(block):
                for table in tables:
                    objects[table.type].add(_object_lines(table))
                events.add(_event_lines(event_table, cell_texts))
        for table in builder.last_objects():
            objects[table.type].add(_object_lines(table))
        for lines in other_lines:
            objects[ObjectType.ORDER].take(lines)
        first.write('\n],\n"events": [\n')
        _Lines(first).take(events)
        first.write("\n]\n}\n")


class _Lines:
    """Lines of a JSON array in a file, separated by commas."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.started = stream, False

    def add(self, lines: Iterable[str]) -> None:
        """Write more lines."""
        for text in line_batches(lines, ",\n"):
            if self.started:
                self.stream.write(",\n")
            self.stream.write(text)
            self.started = True

    def take(self, appended: "_Lines") -> None:
        """Append the lines of *appended*."""
        if appended.started:
            if self.started:
                self.stream.write(",\n")
            appended.stream.flush()
            appended.stream.seek(0)
            self.stream.flush()
            copyfileobj(appended.stream.buffer, self.stream.buffer, 1 << 20)
            self.started = True


def _declarations() -> str:
    """Return the declarations of all types, and the start of the list of objects."""
    objects = [
        {"name": str(kind), "attributes": [{"name": attribute.name, "type": attribute.kind} for attribute in attributes]}
        for kind, attributes in ATTRIBUTES.items()
    ]
    events = [
        {"name": str(event), "attributes": [{"name": name, "type": column_kind(name)} for name in names]}
        for event, names in EVENT_ATTRIBUTES.items()
    ]
    return f'{{\n"objectTypes": {_json_array(objects)},\n"eventTypes": {_json_array(events)},\n"objects": [\n'


def _json_array(types: Sequence[object]) -> str:
    return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in types) + "\n]"


def _object_lines(table: ObjectTable) -> Iterator[str]:
    """Yield a line for each object."""
    cells = [_first_values(attribute, table.values[attribute.name]) for attribute in ATTRIBUTES[table.type]]
    histories = _joined_by_place(len(table), [(change.objects, _change_attributes(change, table.type)) for change in table.changes])
    bonds = _joined_by_place(len(table), [(link.sources, _relationships(link)) for link in table.links])
    start = f'","type":"{table.type}","attributes":['
    attribute_texts = map("".join, zip(*cells, histories, strict=True))
    return (
        f'{{"id":"{name}{start}{attributes[1:]}],"relationships":[{bond[1:]}]}}'
        for name, attributes, bond in zip(json_column(table.ids.tolist()), attribute_texts, bonds, strict=True)
    )


def _first_values(attribute: Attribute, values: Texts) -> list[str]:
    """Return for each object the first value of an attribute, with a leading comma; an empty text for an empty value."""
    before = f',{{"name":"{attribute.name}","time":"{FIRST}","value":'
    if attribute.kind != "string":
        return ["" if value == "" else f"{before}{value}}}" for value in values.tolist()]
    return [f'{before}"{value}"}}' if value else "" for value in json_column(values.tolist())]


def _change_attributes(change: AttributeChanges, kind: ObjectType) -> list[str]:
    """Return for each change its value and time, with a leading comma."""
    minutes, rest = in_utc(change.times)
    quoted = next(attribute.kind for attribute in ATTRIBUTES[kind] if attribute.name == change.name) == "string"
    values = [f'"{value}"' for value in json_column(change.values.tolist())] if quoted else change.values.tolist()
    before = f',{{"name":"{change.name}","time":"'
    return [f'{before}{m}{r}","value":{value}}}' for m, r, value in zip(minutes.tolist(), rest.tolist(), values, strict=True)]


def _relationships(link: ObjectLinks) -> list[str]:
    """Return for each link a relationship, with a leading comma."""
    after = f'","qualifier":"{link.qualifier}"}}'
    return [f',{{"objectId":"{target}{after}' for target in json_column(link.targets.tolist())]


def _joined_by_place(count: int, groups: list[tuple[IntArray, list[str]]]) -> list[str]:
    """Join the texts that belong to each of *count* places."""
    cells = [""] * count
    for places, words in groups:
        for place, word in zip(places.tolist(), words, strict=True):
            cells[place] += word
    return cells


def _event_lines(events: EventTable, cell_texts: CellTexts) -> Iterator[str]:
    """Yield a line for each event."""
    links = _joined_by_place(len(events), [(link.sources, _relationships(link)) for link in events.links])
    minutes, rest = in_utc(events.log.column("at"))
    names, marks = json_column(events.about.tolist()), events.marks.tolist()
    rows = zip(names, marks, cell_texts.of(events.log), _own_attributes(events.log), minutes.tolist(), rest.tolist(), links, strict=True)
    if not events.qualifier:
        return (
            f'{{"id":"{name}{mark}{shared}{own}],"time":"{m}{s}","relationships":[{link[1:]}]}}'
            for name, mark, shared, own, m, s, link in rows
        )
    end = f'","qualifier":"{events.qualifier}"}}'
    return (
        f'{{"id":"{name}{mark}{shared}{own}],"time":"{m}{s}","relationships":[{{"objectId":"{name}{end}{link}]}}'
        for name, mark, shared, own, m, s, link in rows
    )


def _own_attributes(log: Log) -> Sequence[str]:
    """Return the attributes in `OF_EACH_EVENT` of each event, with a leading comma."""
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


def _shared_attributes(cells: dict[str, Any]) -> str:
    """Return the text between the name of an event and its own attributes; the system is always in it, also when unknown."""
    names = [name for name in EVENT_ATTRIBUTES[Event(cells["event"])] if name in SHARED_COLUMNS]
    written = [name for name in names if name == "system" or cells[name] != LEFT_OUT.get(name, "")]
    return f'","type":"{cells["event"]}","attributes":[' + ",".join(
        f'{{"name":"{name}","value":{_json_value(cells[name])}}}' for name in written
    )


def _json_value(cell: Any) -> str:
    return f'"{json_text(cell)}"' if isinstance(cell, str) else str(cell)
