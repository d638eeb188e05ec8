"""Facts that change nothing: columns of orders that no Then shows, annual returns, days of a report; and units that nothing can change."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, takewhile

from orders.duties import end_of_year, financial_year
from orders.log.india import day_of
from sop_engine.text import counted
from steps.definitions.stated_steps import IdlePart, StatedStep
from steps.definitions.tables import TableRow
from steps.support.cell_kinds import NOTHING
from steps.support.order_steps import ORDER_STEPS
from steps.support.order_tables import CANCELLED_ORDERS, ORDERS_CANCELLED_IN_TWO_STEPS
from steps.support.report_tables import AGES, REPORT

SHOWN_IN: dict[str, tuple[str, ...]] = {"invoice": ("invoice",), "credited": ("standing", "basis")}
"""Columns of orders that decide nothing else than these columns of a Then."""
PUSH_SHOWN_IN = ("pushed", "invoice")
"""Columns of a report that show a push; an invoice number is listed once it is pushed."""
DEADLINE = ("standing", "overdue from", "basis")
"""The columns of a Then that an annual return can change."""
RETURN_STEP = ORDER_STEPS("returned")
NEAR = timedelta(days=31)
"""A report about a day that is this near to a fact may be about the boundary between the two."""
EVENTS = ("posted", "part cancelled", "e-invoiced", "pushed", "cancelled", "credited")
MAY_BE_EMPTY = frozenset({"posted", "e-invoiced", "cancelled", "by"})
"""Columns of orders that decide whether a report lists an order at all, so that an order without a value there may be the point."""


def idle_columns(step: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield the columns of a table of orders that no Then shows. The cells of an order that no Then lists may be there for contrast."""
    if step.table is None or _has_other_sentences(step, steps):
        return
    visible = _shown_columns(steps)
    for place, column in enumerate(step.table.columns):
        targets = _targets(column, step.table.rows, steps)
        if column not in MAY_BE_EMPTY and all(row[column] is None for row in step.table.rows):
            message = f"the column `{column}` has `{NOTHING}` in each row, which is the same as no column"
            yield IdlePart(message, "delete the column, or write a value in a row", (0, place))
        elif targets is not None and not visible & set(targets):
            message = f"no Then looks at the column `{column}`, so its values change nothing"
            add = f", or add the column {_either(targets)} to the table of the Then" if targets else ""
            yield IdlePart(message, f"delete the column{add}", (0, place))


def idle_annual_return(step: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield the step if it cannot change a deadline.

    The return is furnished before the end of its year or after the days that the Whens look at, no order has an e-invoice of that
    financial year, or no Then shows the legal deadline.
    """
    rows, year, day = list(_rows_of_orders(steps)), step.arguments["year"], step.arguments["day"]
    if day <= end_of_year(year):
        message = f"the year to March {year} ended after {day}, so its annual return cannot have been furnished then"
        yield IdlePart(message, f"correct the day, or write {financial_year(day) - 1} as the year", cannot_be=True)
        return
    looked_at = [other.arguments["today"] for other in steps if "today" in other.arguments]
    if looked_at and day > max(looked_at):
        message = f"the annual return was furnished after {max(looked_at)}, the day of the When, so it changes nothing"
        yield IdlePart(message, "correct the day, delete the step, or look at a later day")
        return
    if not rows:
        return
    years = {financial_year(day_of(row["e-invoiced"])) for row in rows if row["e-invoiced"] is not None}
    if year not in years:
        message = f"no order of the tables has an e-invoice of the year to March {year}, so this annual return changes nothing"
        others = f"write {' or '.join(map(str, sorted(years)))}, or " if years else ""
        yield IdlePart(message, f"{others}delete the step")
    elif not _has_other_sentences(step, steps) and not _shown_columns(steps) & set(DEADLINE):
        message = "no Then looks at the legal deadline, so this annual return changes nothing"
        yield IdlePart(message, f"delete the step, or add the column {_either(DEADLINE)} to the table of the Then")


def idle_range(step: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield the step if its days are in other years than all facts, and not near one of them."""
    yield from _idle_days(step.arguments["start"], step.arguments["end"], steps)


def idle_day(step: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield the step if its day is in a year before all facts, and not near one of them."""
    yield from _idle_days(date.min, step.arguments["today"], steps)


def idle_units(step: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield a Then about the units of a new order, where no step before it cancels or returns units, or tries to."""
    before = list(takewhile(lambda other: other is not step, steps))
    stated = [other.arguments["units"] for other in before if other.kind == "given" and other.sentence.startswith("an order of {units}")]
    may_change = any(
        other.module != step.module or "cancel" in other.sentence or other.arguments.get("step") is RETURN_STEP
        for other in before
        if other.kind != "then"
    )
    if stated == [step.arguments["units"]] and not may_change:
        message = f"the order has {counted(stated[0], 'unit')} by a Given, and no step cancels or returns any, so this Then only repeats it"
        yield IdlePart(message, "claim something that the When changes, or delete the step")


def _idle_days(start: date, end: date, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    days = {day_of(row[event]) for row in _rows_of_orders(steps) for event in EVENTS if row[event] is not None}
    is_far = all(max(start - day, day - end) > NEAR for day in days)
    if days and is_far and not any(start.year <= day.year <= end.year for day in days):
        years = " and ".join(map(str, sorted({day.year for day in days})))
        message = f"this report is about other years than the facts, which are all of {years}, so no fact is part of it"
        yield IdlePart(message, "correct the year of the report, or that of the facts")


def _has_other_sentences(step: StatedStep, steps: Iterable[StatedStep]) -> bool:
    """Return whether a When or Then is of another module than *step*; it may look at anything."""
    return any(other.kind != "given" and other.module != step.module for other in steps)


def _targets(column: str, rows: Sequence[TableRow], steps: Sequence[StatedStep]) -> tuple[str, ...] | None:
    """Return the columns of a Then that show *column* of *rows*; None if it can also decide which orders are listed."""
    if column == "pushed" and all("today" in step.arguments for step in steps if step.kind == "when"):
        return ()  # an age is the same before and after the push
    if column == "pushed" and _shown_columns(steps) and all(row[column] is not None for row in rows):
        return PUSH_SHOWN_IN  # rows with and without a push, or an empty report, may show that the push does not decide
    return SHOWN_IN.get(column)


def _shown_columns(steps: Iterable[StatedStep]) -> set[str]:
    return set(chain.from_iterable(step.table.columns for step in _answers(steps) if step.table))


def _either(columns: Sequence[str]) -> str:
    *others, last = [f"`{column}`" for column in columns]
    return f"{', '.join(others)} or {last}" if others else last


def _answers(steps: Iterable[StatedStep]) -> Iterator[StatedStep]:
    return (step for step in steps if step.declaration is REPORT or step.declaration is AGES)


def _rows_of_orders(steps: Iterable[StatedStep]) -> Iterator[TableRow]:
    """Yield the rows of all tables of orders that have times."""
    for step in steps:
        if step.table is not None and (step.declaration is CANCELLED_ORDERS or step.declaration is ORDERS_CANCELLED_IN_TWO_STEPS):
            yield from step.table.rows
