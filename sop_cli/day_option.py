"""Option type of a day, with an error that shows how a day is written."""

import re
from datetime import date
from typing import Any

import click

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Day(click.ParamType[date]):
    """Option type: a day as 2026-07-15."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return *value* as a day.

        Raises:
            click.BadParameter: it is not a day of the calendar as year, month and day with hyphens.
        """
        if isinstance(value, date):
            return value
        day = _day_of(str(value).strip())
        if day is None:
            self.fail(f"`{value}` is no day; write year, month and day, such as 2026-07-15", param, ctx)
        return day


def _day_of(text: str) -> date | None:
    """Return the day that *text* names; None if it has another form."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
