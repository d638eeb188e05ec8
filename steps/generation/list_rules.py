"""Rules about several simulated orders: the two VMS reports, and the answers to returned units."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from orders.log.columns import Event, EventRow
from orders.log.event_words import canceller_in_words
from orders.log.order_histories import OrderHistory
from orders.log.timestamps import in_india
from sop_engine import QualityCheck, decide_return
from steps.generation.answer_steps import gap_steps
from steps.support.cell_kinds import NOTHING

Cells = Sequence[str]
REPORT_TAGS = "@SC-ERP-FULL-1.1.1 @SC-ERP-FULL-2.1.1 @AC-ERP-FULL-1.1.1 @AC-ERP-PART-1.3 @GAP-26 @GAP-41"
RETURN_TAGS = "@RT-RSI-2 @GAP-42"
CHECKED_UNITS = {
    QualityCheck.PASS: "A returned unit that passed its quality check",
    QualityCheck.FAIL: "A returned unit that failed its quality check",
    QualityCheck.MISSING: "A returned unit that is missing",
}


def list_rules(lives: Sequence[OrderHistory]) -> Iterator[str]:
    """Yield the lines of the Rules about several of *lives*."""
    yield from _cancelled_after_posting(lives)
    yield from _returns(lives)


def _cancelled_after_posting(lives: Sequence[OrderHistory]) -> Iterator[str]:
    ended = sorted(
        ((row.at, life, row) for life in lives if (row := _cancelling_row(life)) is not None),
        key=lambda ending: (ending[0], ending[1].number),
    )
    if not ended:
        return
    order_cells = [_cancelled_order_cells(life, row) for _, life, row in ended]
    days: dict[str, list[Cells]] = {}
    for cells in order_cells:
        days.setdefault(cells[5][:10], []).append(cells)
    yield REPORT_TAGS
    yield "Rule: The VMS report of a day lists the orders that were posted and then cancelled on that day, and no others"
    yield ""
    yield f"  About the report: {_ids_in(REPORT_TAGS)}."
    day, rows = max(days.items(), key=lambda of_day: len(of_day[1]))  # one day is enough: the others are the same situation
    yield ""
    yield f"  Scenario: The report of {day} lists {_orders_in_words(rows)}"
    yield "    Given these orders, invoiced through the client's ERP"
    yield from _table_lines(("order", "posted", "e-invoiced", "invoice", "pushed", "cancelled", "by"), order_cells)
    yield f"    When the client downloads the report of orders cancelled after posting, from {day} to {day}"
    yield "    Then the report lists"
    yield from _table_lines(
        ("order", "posted", "invoice", "pushed", "cancelled", "by"),
        [(cells[0], cells[1], cells[3] if cells[4] != NOTHING else NOTHING, *cells[4:]) for cells in rows],
    )
    yield ""


def _returns(lives: Sequence[OrderHistory]) -> Iterator[str]:
    checked = [(life, checks) for life in lives if (checks := _quality_checks(life))]
    if not checked:
        return
    yield "Rule: The RSI report has a row for each unit that came back, and the quality check says where the unit goes"
    yield ""
    yield f"  About the report: {_ids_in(RETURN_TAGS)}."
    yield ""
    yield f"  {RETURN_TAGS}"
    yield f"  Scenario: The RSI report lists the units of {_orders_in_words([(str(life.number),) for life, _ in checked])}"
    yield "    Given these orders, each with the units that came back"
    rows = [(str(life.number), str(life.units), ", ".join(checks)) for life, checks in checked]
    yield from _table_lines(("order", "units", "quality checks"), rows)
    yield "    When the client gets the RSI report"
    yield "    Then the report lists"
    units = [(str(life.number), str(place), check) for life, checks in checked for place, check in enumerate(checks, start=1)]
    yield from _table_lines(("order", "unit", "quality check"), units)
    for finding in dict.fromkeys(check for _, checks in checked for check in checks):
        yield from _returned_unit_lines(finding, [(str(life.number),) for life, checks in checked if finding in checks])
    yield ""


def _returned_unit_lines(check: QualityCheck, orders: Sequence[Cells]) -> Iterator[str]:
    """Yield the scenario of a returned unit with the quality check *check*: the engine's answer and its gaps."""
    decision = decide_return(check)
    where = {"saleable": "saleable stock", None: "no stock"}.get(decision.stock, decision.stock)
    yield ""
    if decision.gaps:
        yield "  " + " ".join(f"@{gap}" for gap in decision.gaps)
    yield f"  Scenario: {CHECKED_UNITS[check]} goes to {where}, as in {_orders_in_words(orders)}"
    yield f"    Given a returned unit whose quality check is {check}"
    yield "    When the client handles the returned unit"
    yield f"    Then the unit goes to {where}"
    yield f"    And {'it is settled with Ajio by an offline claim' if decision.offline_claim else 'there is nothing to settle with Ajio'}"
    yield from (f"    And {step.text}" for step in gap_steps(decision)[:1])


def _cancelling_row(life: OrderHistory) -> EventRow | None:
    """Return the event with which seller or Ajio cancelled the whole order after it was posted; None if there is none."""
    if not any(row.event == Event.POSTED for row in life.rows):
        return None
    return next((row for row in life.rows if row.event == Event.CANCELLATION and row.cancels_the_order), None)


def _cancelled_order_cells(life: OrderHistory, ending: EventRow) -> Cells:
    """Return the cells order, posted, e-invoiced, invoice, pushed, cancelled, by."""
    at = {event: next((_minute(in_india(row.at)) for row in life.rows if row.event == event), NOTHING) for event in _INVOICING_EVENTS}
    posted, invoiced, pushed = (at[event] for event in _INVOICING_EVENTS)
    invoice = f"INV-{life.number}" if invoiced != NOTHING else NOTHING
    return str(life.number), posted, invoiced, invoice, pushed, _minute(in_india(ending.at)), canceller_in_words(ending.canceller)


_INVOICING_EVENTS = (Event.POSTED, Event.INVOICED, Event.PUSHED)


def _quality_checks(life: OrderHistory) -> list[QualityCheck]:
    """Return the quality check of each returned unit."""
    return [QualityCheck(row.reason) for row in life.rows if row.event == Event.QUALITY_CHECK for _ in range(row.units)]


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _orders_in_words(rows: Sequence[Cells]) -> str:
    *first_numbers, last_number = [number for number, *_ in rows]
    return f"orders {', '.join(first_numbers)} and {last_number}" if first_numbers else f"order {last_number}"


def _ids_in(tags: str) -> str:
    return tags.replace("@", "").replace(" ", ", ")


def _table_lines(head: Cells, rows: Sequence[Cells]) -> Iterator[str]:
    for cells in (head, *rows):
        yield f"      | {' | '.join(cells)} |"
