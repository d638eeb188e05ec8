"""What is said of several simulated orders together: the two VMS reports, and what becomes of returned units."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from orders.log.event_log import Event, Row
from orders.log.order_histories import OrderHistory
from orders.log.timestamps import moment
from sop_engine import Outcome, QualityCheck, Scope, decide_return
from steps.tables import NOTHING
from steps.timeline import who

Cells = Sequence[str]
REPORT_TAGS = "@SC-ERP-FULL-1.1.1 @SC-ERP-FULL-2.1.1 @AC-ERP-FULL-1.1.1 @AC-ERP-PART-1.3 @GAP-26 @GAP-41"
RETURN_TAGS = "@RT-RSI-2 @GAP-42"
CHECKED = {
    "pass": "A returned unit that passed its quality check",
    "fail": "A returned unit that failed its quality check",
    "missing": "A returned unit that is missing",
}


def lists(lives: Sequence[OrderHistory]) -> Iterator[str]:
    """The Rules about several of *lives*, as lines."""
    yield from _cancelled_after_posting(lives)
    yield from _returns(lives)


def _cancelled_after_posting(lives: Sequence[OrderHistory]) -> Iterator[str]:
    ended = sorted(((row[0], life, row) for life in lives if (row := _ended(life)) is not None), key=lambda each: (each[0], each[1].number))
    if not ended:
        return
    told = [_line(life, row) for _, life, row in ended]
    days: dict[str, list[Cells]] = {}
    for cells in told:
        days.setdefault(cells[5][:10], []).append(cells)
    yield REPORT_TAGS
    yield "Rule: The VMS report of a day lists the orders that were posted and then cancelled on that day, and no others"
    for day, rows in days.items():
        yield ""
        yield f"  Scenario: The report of {day} lists {_numbers(rows)}"
        yield "    Given these orders, invoiced through the client's ERP"
        yield from _table(("order", "posted", "e-invoiced", "invoice", "pushed", "cancelled", "by"), told)
        yield f"    When the client downloads the report of orders cancelled after posting, from {day} to {day}"
        yield "    Then the report lists"
        yield from _table(
            ("order", "posted", "invoice", "pushed", "cancelled", "by"),
            [(cells[0], cells[1], cells[3] if cells[4] != NOTHING else NOTHING, *cells[4:]) for cells in rows],
        )
    yield ""


def _returns(lives: Sequence[OrderHistory]) -> Iterator[str]:
    checked = [(life, found) for life in lives if (found := _checks(life))]
    if not checked:
        return
    rests = sorted({gap for _, found in checked for each in found for gap in decide_return(_check(each)).gaps})
    yield " ".join(dict.fromkeys([*RETURN_TAGS.split(), *(f"@{gap}" for gap in rests)]))
    yield "Rule: The RSI report has a row for each unit that came back, and the quality check says where the unit goes"
    yield ""
    yield f"  Scenario: The RSI report lists the units of {_numbers([(str(life.number),) for life, _ in checked])}"
    yield "    Given these orders, each with the units that came back"
    rows = [(str(life.number), str(life.units), ", ".join(_check(each) for each in found)) for life, found in checked]
    yield from _table(("order", "units", "quality checks"), rows)
    yield "    When the client gets the RSI report"
    yield "    Then the report lists"
    units = [(str(life.number), str(place), _check(each)) for life, found in checked for place, each in enumerate(found, start=1)]
    yield from _table(("order", "unit", "quality check"), units)
    for detail in dict.fromkeys(each for _, found in checked for each in found):
        yield from _unit(detail, [(str(life.number),) for life, found in checked if detail in found])
    yield ""


def _unit(detail: str, orders: Sequence[Cells]) -> Iterator[str]:
    """What becomes of a unit, as the log says; on which clauses and gaps that rests, as the engine says."""
    check, _, fate = detail.partition(": ")
    stock, *claim = fate.split(", ")
    where = {"saleable": "saleable stock", "no GRN": "no stock"}.get(stock, stock)
    yield ""
    yield f"  Scenario: {CHECKED[check]} goes to {where}, as in {_numbers(orders)}"
    yield f"    Given a returned unit whose quality check is {check}"
    yield "    When the client turns to the return"
    yield f"    Then the unit goes to {where}"
    yield f"    And {'it is settled with Ajio by an offline claim' if claim else 'there is nothing to settle with Ajio'}"
    if gaps := decide_return(_check(detail)).gaps:
        yield f"    And it is our reading of {', '.join(gaps)}"


def _ended(life: OrderHistory) -> Row | None:
    """The row that cancelled the whole of an order after it was posted."""
    if not any(row[2] == Event.POSTED for row in life.rows):
        return None
    return next((row for row in life.rows if row[2] == Event.CANCELLATION and (row[10], row[6]) == (Outcome.ALLOWED, Scope.FULL)), None)


def _line(life: OrderHistory, ending: Row) -> Cells:
    """Order, posted, e-invoiced, invoice, pushed, cancelled, by."""
    at = {event: next((_minute(moment(row[0])) for row in life.rows if row[2] == event), NOTHING) for event in _PAPERS}
    posted, invoiced, pushed = (at[event] for event in _PAPERS)
    invoice = f"INV-{life.number}" if invoiced != NOTHING else NOTHING
    return str(life.number), posted, invoiced, invoice, pushed, _minute(moment(ending[0])), who(ending[5])


_PAPERS = (Event.POSTED, Event.INVOICED, Event.PUSHED)


def _checks(life: OrderHistory) -> list[str]:
    """The finding for each unit that came back."""
    return [row[-1] for row in life.rows if row[2] == Event.QUALITY_CHECK for _ in range(row[11])]


def _check(detail: str) -> QualityCheck:
    return QualityCheck(detail.partition(":")[0])


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _numbers(rows: Sequence[Cells]) -> str:
    *others, last = [row[0] for row in rows]
    return f"orders {', '.join(others)} and {last}" if others else f"order {last}"


def _table(head: Cells, rows: Sequence[Cells]) -> Iterator[str]:
    for cells in (head, *rows):
        yield f"      | {' | '.join(cells)} |"
