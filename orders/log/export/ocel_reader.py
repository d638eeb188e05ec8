"""Read a log from OCEL 2.0, JSON or SQLite, as `ocel_json` and `ocel_sqlite` write it."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orders.log.columns import VERSION
from orders.log.errors import EventLogError, require_version
from orders.log.export.cells import RowBuilder, number_cell, word_cell
from orders.log.export.formats import LARGEST_JSON_LOG, LogFile
from orders.log.export.object_types import ATTRIBUTES, CONCERNS, EVENT_ATTRIBUTES, OBJECT_RELATIONS, ObjectType
from orders.log.export.ocel_sqlite import table_name
from orders.log.orders_table import ORDER_NUMBERS, OrderRow, OrdersTable
from orders.log.provenance import Provenance
from sop_engine.input_files import parse_json, read_bytes
from sop_engine.text import data_error_text, quoted

RELATIONS: Mapping[tuple[str, str], str] = {
    (str(source), str(target)): qualifier for (source, target), qualifier in OBJECT_RELATIONS.items()
}
NOT_AN_OCEL_LOG = "give a log in OCEL 2.0 as this program writes it"
Cells = dict[str, Any]


@dataclass(slots=True)
class _Content:
    """Objects with their first values, relations between objects, and events, as read from either format.

    Attributes:
        objects: type and first values, by id.
        bonds: source, qualifier and target of each relation between objects.
        events: id, type, time, attributes, and the ids of the orders that they concern.
    """

    objects: dict[str, tuple[str, Cells]] = field(default_factory=dict)
    bonds: list[tuple[str, str, str]] = field(default_factory=list)
    events: list[tuple[str, str, str, Cells, list[str]]] = field(default_factory=list)


def read_ocel_json(file: Path) -> LogFile:
    """Read the log in a JSON file of OCEL 2.0.

    Raises:
        EventLogError: the file is not a log of this version.
        UnreadableFileError: it is not a regular file, or too large.
    """
    read = read_bytes(file, NOT_AN_OCEL_LOG, LARGEST_JSON_LOG)
    try:
        plain = parse_json(read)
        content = _Content()
        for entry in _with_distinct_ids(plain["objects"]):
            first: Cells = {}
            for attribute in entry["attributes"]:
                first.setdefault(attribute["name"], attribute["value"])
            content.objects[entry["id"]] = (entry["type"], first)
            content.bonds += [(entry["id"], link["qualifier"], link["objectId"]) for link in entry["relationships"]]
        for entry in _with_distinct_ids(plain["events"]):
            cells = {attribute["name"]: attribute["value"] for attribute in entry["attributes"]}
            orders = [link["objectId"] for link in entry["relationships"] if link["qualifier"] == CONCERNS]
            content.events.append((entry["id"], entry["type"], entry["time"], cells, orders))
        return _log_file(file, content)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise EventLogError(file, f"is not OCEL 2.0 in JSON ({data_error_text(error)})", NOT_AN_OCEL_LOG) from None


def _with_distinct_ids(entries: Iterable[Any]) -> Iterator[Any]:
    """Yield *entries*.

    Raises:
        ValueError: two have the same id.
    """
    ids = set()
    for entry in entries:
        if entry["id"] in ids:
            raise ValueError(f"the id {quoted(str(entry['id']))} is given twice")
        ids.add(entry["id"])
        yield entry


def read_ocel_sqlite(file: Path) -> LogFile:
    """Read the log in a SQLite file of OCEL 2.0.

    Raises:
        EventLogError: the file is not a log of this version.
        OSError: it cannot be read.
    """
    with file.open("rb"):  # SQLite would create a missing file
        pass
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "event_map_type" not in tables:
                raise EventLogError(file, "is not OCEL 2.0 in SQLite", NOT_AN_OCEL_LOG)
            if version != VERSION:
                require_version(file, version)
            _require_plain_tables(file, database)
            return _log_file(file, _content_of(database))
    except (sqlite3.Error, ValueError, TypeError, LookupError) as error:
        reason = str(error) if isinstance(error, sqlite3.Error) else data_error_text(error)
        raise EventLogError(file, f"is not OCEL 2.0 in SQLite ({reason})", NOT_AN_OCEL_LOG) from None


def _require_plain_tables(file: Path, database: sqlite3.Connection) -> None:
    """Refuse views and virtual tables: reading one can go on without end."""
    for kind, sql in database.execute("SELECT type, sql FROM sqlite_master"):
        if kind not in ("table", "index") or str(sql).upper().startswith("CREATE VIRTUAL"):
            raise EventLogError(file, f"it has a {kind if kind in ('view', 'trigger') else 'virtual table'}", NOT_AN_OCEL_LOG)


def _content_of(database: sqlite3.Connection) -> _Content:
    content = _Content()
    for kind, attributes in ATTRIBUTES.items():
        names = [attribute.name for attribute in attributes]
        columns = ", ".join(["ocel_id", *names])
        query = f"SELECT {columns} FROM object_{table_name(kind)} WHERE ocel_changed_field IS NULL"  # noqa: S608 (names are constants)
        for name, *cells in database.execute(query):
            content.objects[name] = (str(kind), _present_cells(names, cells))
    bonds = "SELECT ocel_source_id, ocel_qualifier, ocel_target_id FROM object_object"
    content.bonds = list(database.execute(bonds))
    concerned: dict[str, list[str]] = defaultdict(list)
    for event, order in database.execute("SELECT ocel_event_id, ocel_object_id FROM event_object WHERE ocel_qualifier = ?", (CONCERNS,)):
        concerned[event].append(order)
    for event_type, columns_of in EVENT_ATTRIBUTES.items():
        columns = ", ".join(["ocel_id", "ocel_time", *columns_of])
        for name, time, *cells in database.execute(f"SELECT {columns} FROM event_{table_name(event_type)}"):  # noqa: S608
            content.events.append((name, str(event_type), time, _present_cells(columns_of, cells), concerned.get(name, [])))
    return content


def _present_cells(names: Any, cells: list[Any]) -> Cells:
    return {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}


def _log_file(file: Path, content: _Content) -> LogFile:
    logs = [cells for kind, cells in content.objects.values() if kind == ObjectType.LOG]
    if len(logs) != 1:
        require_version(file, 1)
    require_version(file, logs[0].get("version"))
    numbers = {key: number_cell(file, "the object of type `log`", key, logs[0][key]) for key in ("seed", "replication") if key in logs[0]}
    provenance = Provenance(str(logs[0].get("name", "")), str(logs[0].get("sha256", "")), **numbers)
    orders = {row.order_id: row for row in _order_rows(file, content)}
    rows = RowBuilder(file, simulated=provenance.simulated)
    for name, kind, at, cells, concerned in content.events:
        of_order: Mapping[str, object] = {}
        if concerned:
            order = orders.get(concerned[0])
            if order is None:
                raise EventLogError(file, f"event {name}: concerns `{concerned[0]}`, which is not an order", NOT_AN_OCEL_LOG)
            of_order = {"order": order.order, "order_id": order.order_id, "invoicing": order.invoicing}
        rows.add(f"event {name}", at, {**cells, "event": word_cell(file, f"event {name}", "event", kind), **of_order})
    return LogFile(rows.log(), OrdersTable.from_rows(list(orders.values())), provenance)


def _order_rows(file: Path, content: _Content) -> Iterator[OrderRow]:
    """Build the table of orders, with the data of related objects."""
    further: dict[str, Cells] = defaultdict(dict)
    for source, qualifier, target in content.bonds:
        kinds = content.objects.get(source, ("", {}))[0], content.objects.get(target, ("", {}))[0]
        if RELATIONS.get(kinds) != qualifier:
            raise EventLogError(file, f"object {source}: `{qualifier}` {target} is not a relation in a log", NOT_AN_OCEL_LOG)
        if kinds == (ObjectType.ORDER, ObjectType.CUSTOMER):
            customer = content.objects[target][1]
            further[source] |= {"customer_id": target, "customer": customer.get("name", ""), "address": customer.get("address", "")}
        elif kinds == (ObjectType.E_INVOICE, ObjectType.ORDER):
            further[target]["invoice_number"] = content.objects[source][1].get("number", "")
        elif kinds == (ObjectType.CREDIT_NOTE, ObjectType.ORDER):
            further[target]["credit_note_number"] = content.objects[source][1].get("number", "")
    for name, (kind, cells) in content.objects.items():
        if kind == ObjectType.ORDER:
            customer = {key: cells[key] for key in ("units", "invoicing", "seller_gstin", "purchase_order") if key in cells}
            of_order: Cells = {"order": cells.get("number"), "order_id": name, **customer, **further[name]}
            place = f"order {name}"
            checked = {key: (number_cell if key in ORDER_NUMBERS else word_cell)(file, place, key, cell) for key, cell in of_order.items()}
            yield OrderRow(**checked)  # type: ignore[arg-type]
