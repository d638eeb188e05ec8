"""Read a log from XES, as `xes` writes it."""

from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from orders.log.columns import COLUMN_NAMES, WORD_CODES
from orders.log.errors import EventLogError, require_version
from orders.log.event_words import ACTIVITIES
from orders.log.export.cells import CORRECT, RowBuilder, number_cell, word_cell
from orders.log.export.formats import LogFile
from orders.log.export.xes import STANDARD, WITHOUT_ORDER
from orders.log.orders_table import ORDER_COLUMNS, ORDER_NUMBERS, OrderRow, OrdersTable
from orders.log.provenance import Provenance

XES = "{http://www.xes-standard.org/}"
COLUMN_OF = {key: name for name, key in STANDARD.items()} | {name: name for name in COLUMN_NAMES}
EVENT_OF = {(activity, str(transition)): event for event, (activity, transition) in ACTIVITIES.items()}
NOT_AN_XES_LOG = "give a log in XES as this program writes it"


def read_xes(file: Path) -> LogFile:
    """Read the log in an XES file; rows about no order are among the attributes of the log.

    Raises:
        EventLogError: the file is not a log of this version.
        OSError: it cannot be read.
    """
    reader = _XesReader(file)
    try:
        for action, element in ET.iterparse(file, ("start", "end")):  # noqa: S314 (expat limits what entities may grow to)
            reader.take(action, element)
    except (ET.ParseError, LookupError, ValueError) as error:  # the last two: an encoding that is unknown or cannot be used
        raise EventLogError(file, f"is not XML that can be read ({error})", NOT_AN_XES_LOG) from None
    return reader.content()


class _XesReader:
    """Reader of XES, trace by trace; each trace is discarded after reading."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.root: ET.Element | None = None
        self.head: dict[str, str] = {}
        self.rows: RowBuilder | None = None
        self.orders: list[OrderRow] = []
        self.depth = 0

    def take(self, action: str, element: ET.Element) -> None:
        """Process the next start or end of an element."""
        if self.root is None:
            if element.tag != f"{XES}log":
                raise EventLogError(self.file, f"its root is `{element.tag}`, expected the `log` of XES", NOT_AN_XES_LOG)
            self.root = element
        self.depth += 1 if action == "start" else -1
        if action == "start" or self.depth != 1:
            return
        if element.tag == f"{XES}trace":
            self._trace(element)
        elif element.tag == f"{XES}list" and element.get("key") == WITHOUT_ORDER:
            for k, event in enumerate(element.iter(f"{XES}container"), 1):
                self._event(f"event {k} about no order", event, {})
        elif "key" in element.attrib:
            self.head[element.attrib["key"]] = element.get("value", "")
        self.root.clear()

    def content(self) -> LogFile:
        """Return the log that was read."""
        return LogFile(self._builder().log(), OrdersTable.from_rows(self.orders), self._provenance())

    def _builder(self) -> RowBuilder:
        """Collector of rows, made at the first row, when the head of the log has been read."""
        if self.rows is None:
            version = self.head.get("log_version", "")
            require_version(self.file, int(version) if version.isdecimal() else None)
            self.rows = RowBuilder(self.file, simulated=self._provenance().simulated)
        return self.rows

    def _provenance(self) -> Provenance:
        numbers = {key: number_cell(self.file, "log", key, self.head[key]) for key in ("seed", "replication") if key in self.head}
        return Provenance(self.head.get("concept:name", ""), self.head.get("sha256", ""), **numbers)

    def _trace(self, trace: ET.Element) -> None:
        self._builder()
        place = f"trace {len(self.orders) + 1:,}"
        values = _values(trace)
        cells = {name: values.get("concept:name" if name == "order_id" else name, "") for name in ORDER_COLUMNS}
        checked = {
            name: (number_cell if name in ORDER_NUMBERS else word_cell)(self.file, place, name, cell) for name, cell in cells.items()
        }
        order = OrderRow(**checked)  # type: ignore[arg-type]
        self.orders.append(order)
        of_order = {"order": order.order, "order_id": order.order_id, "invoicing": order.invoicing}
        for k, event in enumerate(trace.iter(f"{XES}event"), 1):
            self._event(f"{place}, event {k}", event, of_order)

    def _event(self, place: str, element: ET.Element, of_order: Mapping[str, object]) -> None:
        values = _values(element)
        activity, transition = (values.pop(key, "") for key in ("concept:name", "lifecycle:transition"))
        cells = {"event": str(EVENT_OF.get((activity, transition), activity)), "lifecycle": transition}
        for key in values.keys() - {"time:timestamp"}:
            if key not in COLUMN_OF:
                raise EventLogError(self.file, f"{place}: unknown attribute `{key}`", CORRECT)
            cells[COLUMN_OF[key]] = values[key]
        if cells["event"] not in WORD_CODES["event"]:
            word_cell(self.file, place, "event", cells["event"] or "(none)")
        self._builder().add(place, values.get("time:timestamp"), {**cells, **of_order})


def _values(element: ET.Element) -> dict[str, str]:
    """Return the attributes of a trace or an event, by key."""
    return {child.attrib["key"]: child.get("value", "") for child in element if "key" in child.attrib}
