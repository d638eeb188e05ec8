"""Dates in the calendars of an experiment, such as a holiday: each stands for a day numbered from day 0."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from orders.log.calendar import DAY_ZERO

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def is_of_days(entry: Any) -> bool:
    """Return whether the field *entry* of a section is a list of days."""
    return bool(entry.type == tuple[int, ...])


def number_dates(document: dict[str, Any], sections: Mapping[str, type[Any]], monday: date = DAY_ZERO) -> Iterator[str]:
    """Replace the dates in lists of days by their numbers, counted from *monday*; yield a finding for each date that is no such day.

    Dates are looked for in sections, in the changes of variants, and in the values of a sweep. Everything else stays.
    """
    keys = {f"{section}.{entry.name}": entry for section, kind in sections.items() for entry in fields(kind) if is_of_days(entry)}
    sweep, variants = document.get("sweep"), document.get("variant")
    for key, entry in keys.items():
        section, _, name = key.partition(".")
        last = int(entry.metadata["meaning"].high)
        tables = [document.get(section)]
        for variant in variants if isinstance(variants, list) else ():
            changes = variant.get("set") if isinstance(variant, dict) else None
            if isinstance(changes, dict):
                tables.append(changes.get(section))
                yield from _number(changes, key, key, monday, last)
        for table in tables:
            yield from _number(table, name, key, monday, last)
        if isinstance(sweep, dict) and sweep.get("key") == key and isinstance(sweep.get("values"), list):
            for place in range(len(sweep["values"])):
                yield from _number(sweep["values"], place, key, monday, last)


def _number(table: Any, place: Any, key: str, monday: date, last: int) -> Iterator[str]:
    """Replace the dates in the list at *place* of a table or a list.

    A list of holidays may have those of other years, which are left out, but not only those.
    """
    is_there = isinstance(table, list) or (isinstance(table, dict) and place in table)
    if not is_there or not isinstance(table[place], list):
        return
    values = []
    for value in table[place]:
        if isinstance(value, str) and _DATE.fullmatch(value) and _date_of(value) is None:
            yield f"`{key}`: {value} is not a date of the calendar"
        else:
            values.append(value)
    dates = [_date_of(value) for value in values]
    days = [value if day is None else (day - monday).days for value, day in zip(values, dates, strict=True)]
    outside = [day is not None and not 0 <= number <= last for number, day in zip(days, dates, strict=True)]
    table[place] = [day for day, is_outside in zip(days, outside, strict=True) if not is_outside]
    if any(outside) and not (key.endswith("holidays") and table[place]):
        ends = f"{_in_words(monday)} to {_in_words(monday + timedelta(days=last))}"
        yield f"`{key}`: must be days from {ends}, got {values[outside.index(True)]}"


def _date_of(value: object) -> date | None:
    """Return the date that *value* is, as TOML writes it or in quotes; `None` for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return None


def _in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
