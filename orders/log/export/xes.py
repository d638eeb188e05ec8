"""Write a log as XES (IEEE 1849-2023): a trace for each order, with its events by time.

XES has one case notion, which is enough for most tools: units, documents and returns are attributes of events here and objects in
OCEL 2.0. Events about no order (people coming and going, outages) are not a trace but a list among the attributes of the log.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from orders.log.arrays import texts
from orders.log.columns import DEFAULTS, TEXT_COLUMNS, VERSION, Precision
from orders.log.event_log import Log
from orders.log.event_words import activity_of
from orders.log.export.escaping import xml_column, xml_text
from orders.log.order_blocks import CellTexts, OrderBlock, OrderCutter, line_batches
from orders.log.orders_table import ORDER_COLUMNS, ORDER_NUMBERS
from orders.log.provenance import Provenance
from orders.log.timestamps import in_utc
from sop_engine.files import atomic

EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"))
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2023" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
{extensions}
<global scope="trace"><string key="concept:name" value="unknown"/><string key="invoicing" value="ERP"/><int key="units" value="0"/></global>
<global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/><string key="concept:name" value="unknown"/>\
<string key="lifecycle:transition" value="complete"/><string key="org:role" value="unknown"/><string key="org:group" value="unknown"/></global>
<classifier name="Activity" scope="event" keys="concept:name"/>
<classifier name="Activity and transition" scope="event" keys="concept:name lifecycle:transition"/>
<string key="concept:name" value="{name}"/>
<string key="lifecycle:model" value="standard"/>
<string key="sha256" value="{sha256}"/>
{numbers}<int key="log_version" value="{version}"/>
"""
_EVENT = '<event><date key="time:timestamp" value="'
OF_EACH_EVENT = ("document", "value_paise", "message_id", "source", "row")
"""Columns whose cells differ from event to event."""
STANDARD = {"actor": "org:role", "system": "org:group", "resource": "org:resource"}
"""Columns that have a key in a standard extension of XES."""
SHARED_COLUMNS = (
    *("event", "lifecycle", "actor", "system", "resource", "canceller", "scope", "stage", "e_invoice", "outcome"),
    *("units", "reason", "because", "carried_out", "precision"),
)
WITHOUT_ORDER = "events about no order"


def write_xes(blocks: Iterable[OrderBlock], provenance: Provenance, file: Path) -> None:
    """Write a log as *file*; *blocks* hold whole orders, in ascending order, what is about no order in the first; they are read once.

    Raises:
        ValueError: the blocks are not of whole orders in order.
        OSError: *file* cannot be written.
    """
    with atomic(file) as (part,), part.open("w", encoding="utf-8", newline="") as stream:
        stream.write(_log_head(provenance))
        cutter = OrderCutter()
        for block in blocks:
            without_order, batches = cutter.cut(block)
            cell_texts = CellTexts(SHARED_COLUMNS, block.log, _shared_attributes)
            if len(without_order):
                stream.writelines(_events_without_order(without_order, cell_texts))
            for batch in batches:
                for lines in line_batches(_traces(batch, cell_texts), ""):
                    stream.write(lines)
        stream.write("</log>\n")


def _log_head(provenance: Provenance) -> str:
    extensions = "\n".join(
        f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>' for name, prefix in EXTENSIONS
    )
    numbers = {"seed": provenance.seed, "replication": provenance.replication}
    return HEAD.format(
        extensions=extensions,
        name=xml_text(provenance.name),
        sha256=xml_text(provenance.sha256),
        numbers="".join(f'<int key="{key}" value="{number}"/>\n' for key, number in numbers.items() if number is not None),
        version=VERSION,
    )


def _events_without_order(log: Log, cell_texts: CellTexts) -> Iterator[str]:
    """Return the rows about no order as an attribute of the log."""
    yield f'<list key="{WITHOUT_ORDER}"><values>\n'
    minutes, rest = in_utc(log.column("at"))
    cells = zip(minutes.tolist(), rest.tolist(), cell_texts.of(log), _own_attributes(log), strict=True)
    for minute, second, shared, own in cells:
        yield f'<container key="event"><date key="time:timestamp" value="{minute}{second}{shared}{own}</container>\n'
    yield "</values></list>\n"


def _traces(block: OrderBlock, cell_texts: CellTexts) -> Iterator[str]:
    """Yield the lines of some orders; the first line of an order starts its trace, the last one ends it."""
    log = block.log
    minutes, rest = in_utc(log.column("at"))
    before, after = texts([_EVENT] * len(log)), texts(["</event>\n"] * len(log))
    starts = np.flatnonzero(np.diff(log.columns["order"], prepend=-1))
    before[starts] = _trace_heads(block)
    after[np.append(starts[1:], len(log)) - 1] = "</event>\n</trace>\n"
    cells = (before.tolist(), minutes.tolist(), rest.tolist(), cell_texts.of(log), _own_attributes(log), after.tolist())
    return (f"{start}{minute}{second}{shared}{own}{end}" for start, minute, second, shared, own, end in zip(*cells, strict=True))


def _trace_heads(block: OrderBlock) -> list[str]:
    """Return the start of each trace, with the attributes of its order, and the start of its first event."""
    columns = block.orders.columns
    pairs = [_string_attributes("concept:name", columns["order_id"].tolist())]
    pairs += [_int_attributes(name, columns[name].tolist()) for name in ORDER_NUMBERS]
    pairs += [_string_attributes(name, columns[name].tolist()) for name in ORDER_COLUMNS if name not in ("order_id", *ORDER_NUMBERS)]
    return [f"<trace>{''.join(cells)}\n{_EVENT}" for cells in zip(*pairs, strict=True)]


def _string_attributes(key: str, column: Sequence[str]) -> list[str]:
    """Return a text of each order as an attribute; the invoicing model is always written."""
    before = f'<string key="{key}" value="'
    return [f'{before}{text}"/>' if text or key in ("concept:name", "invoicing") else "" for text in xml_column(column)]


def _int_attributes(key: str, column: Sequence[int]) -> list[str]:
    return [f'<int key="{key}" value="{number}"/>' for number in column]


def _own_attributes(log: Log) -> Sequence[str]:
    """Return the attributes of each event that differ from event to event."""
    attributes = [""] * len(log)
    for name in OF_EACH_EVENT:
        if name not in log.columns:
            continue
        rows = (log.columns[name] != DEFAULTS[name]).nonzero()[0]
        cells = log.words(name, rows).tolist()
        pairs = _string_attributes(name, cells) if name in TEXT_COLUMNS else _int_attributes(name, cells)
        for row, pair in zip(rows.tolist(), pairs, strict=True):
            attributes[row] += pair
    return attributes


def _shared_attributes(cells: dict[str, Any]) -> str:
    """Return the text between the time of an event and its own attributes."""
    pairs = {"concept:name": activity_of(cells["event"], cells["lifecycle"]), "lifecycle:transition": cells["lifecycle"]}
    pairs |= {STANDARD.get(name, name): cells[name] for name in SHARED_COLUMNS[2:] if name not in ("units", "precision")}
    if cells["precision"] != Precision.MILLISECOND:
        pairs["precision"] = cells["precision"]
    always = ("org:role", "org:group")
    strings = "".join(f'<string key="{key}" value="{xml_text(word)}"/>' for key, word in pairs.items() if word or key in always)
    units = f'<int key="units" value="{cells["units"]}"/>' if cells["units"] else ""
    return f'"/>{strings}{units}'
