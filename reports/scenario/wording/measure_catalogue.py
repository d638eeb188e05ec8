"""Title, group and unit of every measure of a study."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from orders.log.stations import STATIONS, Station
from simulator.study_data import COST, COUNTED_MEASURES, NOTES_LATE, OLDEST_NOTE, SLA_BREACHED

CANCELLATIONS, AT = "cancellations: ", "cancellations at: "
FLOW, PEOPLE, CANCELLED, PAPER, RETURNS, MONEY, OTHER = (
    "Orders and times",
    "People",
    "Cancellations",
    "E-invoices and credit notes",
    "Returns",
    "Costs",
    "Other measures",
)
MEASURE_GROUPS = (FLOW, PEOPLE, CANCELLED, PAPER, RETURNS, MONEY, OTHER)


@dataclass(frozen=True, slots=True)
class MeasureInfo:
    """A measure: its *name* in the study, its *title* for a reader, its *unit*, and the *factor* that its figures are multiplied by.

    *period* is the time in which a count is counted, such as "a week"; it is empty for other measures.
    """

    name: str
    title: str
    unit: str
    group: str
    factor: float = 1
    period: str = ""

    @property
    def unit_and_period(self) -> str:
        """The unit, for a count with the time in which it is counted: "orders a week"."""
        return f"{self.unit} {self.period}".strip()

    @property
    def share(self) -> bool:
        """Whether the measure is a share of a whole."""
        return self.unit.startswith("%")


def _share(name: str, title: str, of: str, group: str) -> MeasureInfo:
    return MeasureInfo(name, title, f"% of {of}", group, 100)


def _waits_at(station: Station) -> tuple[MeasureInfo, ...]:
    wait, person = f"wait for {station.person_with_article}", station.person
    return (
        MeasureInfo(f"{wait}, minutes", f"{wait.capitalize()}, day and night", "minutes", FLOW),
        MeasureInfo(f"{wait}, closed, minutes", f"of it: the shift is closed ({person})", "minutes", FLOW),
        MeasureInfo(f"{wait}, queue, minutes", f"of it: queue in the shift ({person})", "minutes", FLOW),
    )


_NAMES = tuple(station.name for station in STATIONS)
TABLE = (
    MeasureInfo("orders", "Orders measured", "orders", FLOW),
    MeasureInfo("orders dispatched", "Orders measured and dispatched", "orders", FLOW),
    MeasureInfo("orders a day", "Orders placed a day", "orders", FLOW),
    MeasureInfo("dispatched a day", "Orders dispatched a day", "orders", FLOW),
    MeasureInfo("time to pack, hours", "From order to packing", "hours", FLOW),
    MeasureInfo("time to dispatch, hours", "From order to dispatch", "hours", FLOW),
    MeasureInfo("time to dispatch, 95th percentile, hours", "From order to dispatch, 95 of 100 orders within", "hours", FLOW),
    *(info for station in STATIONS for info in _waits_at(station)),
    _share("SLA target missed, share of dispatched", "Late dispatches", "orders dispatched", FLOW),
    _share(SLA_BREACHED, "SLA breached", "orders", FLOW),
    *(_share(f"{name} busy, share of staffed time", f"{name.capitalize()} busy", "their shift", PEOPLE) for name in _NAMES),
    *(
        MeasureInfo(f"{name}' overtime, hours a day", f"{name.capitalize()}' overtime, all together", "hours a day", PEOPLE)
        for name in _NAMES
    ),
    _share("orders cancelled in full, share", "Orders cancelled in full, by anyone", "orders", CANCELLED),
    MeasureInfo("cancelled by customers", "Cancelled by customers", "orders", CANCELLED),
    MeasureInfo("refused or failed requests", "Requests to cancel that were refused or failed", "requests", CANCELLED),
    MeasureInfo("refused at PACKED", "Requests to cancel refused because the order was packed", "requests", CANCELLED),
    MeasureInfo("refused on a closed manifest", "Requests by Ajio for an order whose manifest it did not see", "requests", CANCELLED),
    MeasureInfo("packing errors", "Packing errors", "orders", PAPER),
    MeasureInfo("credit notes due", "Credit notes the client had to make", "credit notes", PAPER),
    MeasureInfo("credit notes made", "Credit notes made", "credit notes", PAPER),
    MeasureInfo("age of a credit note when made, hours", "Age of a credit note when it was made", "hours", PAPER),
    MeasureInfo(OLDEST_NOTE, "Age of the oldest credit note when it was made", "hours", PAPER),
    _share(NOTES_LATE, "Credit notes made more than 30 days after they were due", "credit notes made", PAPER),
    MeasureInfo("late e-invoices (GAP-17)", "Late e-invoices (GAP-17)", "orders", PAPER),
    MeasureInfo("units back, per order", "Returned units per order", "units", RETURNS),
    MeasureInfo(COST, "Cost a day, all together", "rupees a day", MONEY),
    MeasureInfo("cost of an order, rupees", "Cost of an order, all together", "rupees", MONEY),
    MeasureInfo("cost of hours, rupees a day", "of it: hours of the shift", "rupees a day", MONEY),
    MeasureInfo("cost of overtime, rupees a day", "of it: overtime", "rupees a day", MONEY),
    MeasureInfo("cost of lost orders, rupees a day", "of it: orders that the seller or Ajio cancelled", "rupees a day", MONEY),
    MeasureInfo("cost of SLA penalties, rupees a day", "of it: penalties for breached SLAs", "rupees a day", MONEY),
    MeasureInfo("cost of credit notes, rupees a day", "of it: credit notes, besides the clerks' hours", "rupees a day", MONEY),
)
_BY_NAME = {measure_info.name: measure_info for measure_info in TABLE}
_STARTS = {
    CANCELLATIONS: ("Requests by ", "requests", CANCELLED),
    AT: ("Requests at ", "requests", CANCELLED),
    "units back: ": ("Returned units, ", "units", RETURNS),
    "quality check: ": ("Quality check, ", "units", RETURNS),
}


def measure_info(name: str, period: str) -> MeasureInfo:
    """Return the entry of the measure *name*; a measure without an entry has its name as title, and counts are those of *period*."""
    if name in _BY_NAME:
        info = _BY_NAME[name]
        return replace(info, period=period) if name in COUNTED_MEASURES else info
    for start, (words, unit, group) in _STARTS.items():
        if name.startswith(start):
            return MeasureInfo(name, words + name.removeprefix(start).replace(" / ", ", "), unit, group, period=period)
    return MeasureInfo(name, name, "", OTHER)


def measure_infos(names: Iterable[str], period: str) -> list[MeasureInfo]:
    """Return *names*, each once, in the order of the table; names without an entry keep their order."""
    position = {measure.name: k for k, measure in enumerate(TABLE)}
    infos = [measure_info(name, period) for name in dict.fromkeys(names)]
    return sorted(infos, key=lambda info: (MEASURE_GROUPS.index(info.group), position.get(info.name, len(position))))
