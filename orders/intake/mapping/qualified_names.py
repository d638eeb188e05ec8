"""Names of columns with a unit, a currency, a form of dates or a zone behind them, such as ``Posted At (IST)`` or ``Order Qty (Nos.)``.

Only what does not change the values is taken off a name. A zone is kept: it is how the times of the column are declared. Words that can
mean another amount, such as ``in lakhs`` or ``excl. GST``, stay with the name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from orders.intake.mapping.headers import compact, plain
from orders.intake.mapping.source_mapping import IST, SourceMapping
from orders.intake.mapping.targets import TYPES, Type

MOST_HOURS: Final = 14

_IN_BRACKETS = re.compile(r"(?P<name>[^()\[\]]*[^()\[\]\s])[\s_\u2013-]*[(\[]\s*(?P<words>[^()\[\]]+?)\s*[)\]]")
_ZONE_BEHIND = re.compile(r"(?P<name>.*\w)[\s_,:\u2013-]+(?P<words>ist|utc|gmt)", re.IGNORECASE)
_OFFSET: Final = r"(?:utc|gmt)?\s*(?P<sign>[+-])\s*(?P<hours>\d\d?)(?::?(?P<minutes>[0-5]\d))?"
_INDIA: Final = r"asia/(?:kolkata|calcutta)|indian? (?:standard )?time|\bist\b"
_ZONE = re.compile(rf"(?P<offset>{_OFFSET})|(?P<india>{_INDIA})|(?P<utc>\b(?:utc|gmt)\b)")
_FORM = re.compile(r"\b(?:dd?[-/. ]mm?m?[-/. ]yy(?:yy)?|yyyy[-/.]mm[-/.]dd|hh?:mm(?::ss)?)\b")
_OF_TYPE: Final = {
    Type.UNITS: re.compile(r"(?:in )?(?:units?|pcs|pieces?|nos?|numbers?|each|ea)"),
    Type.MONEY: re.compile(r"(?:in )?(?:inr|rs|rupees)"),
}
_FILLING: Final = frozenset({"in", "time", "times", "zone", "timezone", "hrs", "24h"})


@dataclass(frozen=True, slots=True)
class QualifiedName:
    """A name of a column as it stands, without what is behind it.

    Attributes:
        name: without it.
        words: what is behind it.
        zone: the zone in minutes before UTC, None if it names none.
    """

    name: str
    words: str
    zone: int | None = None


def has_words_behind(name: str) -> bool:
    """Return whether *name* ends in brackets, or with a zone."""
    return (_IN_BRACKETS.fullmatch(name.strip()) or _ZONE_BEHIND.fullmatch(name.strip())) is not None


@lru_cache(maxsize=4096)
def qualified(name: str, kind: Type) -> QualifiedName | None:
    """Return *name* of a column of type *kind* without what is behind it; None if nothing is, or if that can change what its values mean."""
    match = _IN_BRACKETS.fullmatch(name.strip()) or _ZONE_BEHIND.fullmatch(name.strip())
    if match is None:
        return None
    words = match["words"].casefold()
    if kind is Type.TIME:
        zones = list(_ZONE.finditer(words))
        rest = _FORM.sub(" ", _ZONE.sub(" ", words))
        if len(zones) > 1 or set(re.findall(r"\w+", rest)) - _FILLING or not (zones or _FORM.search(words)):
            return None
        zone = _minutes_before_utc(zones[0]) if zones else None
        return None if zone is None and zones else QualifiedName(match["name"], match["words"], zone)
    form = _OF_TYPE.get(kind)
    return QualifiedName(match["name"], match["words"]) if form is not None and form.fullmatch(plain(words)) else None


def _minutes_before_utc(match: re.Match[str]) -> int | None:
    """Return a zone in minutes before UTC, None if there is none so far from it."""
    if not match["offset"]:
        return IST if match["india"] else 0
    hours = int(match["hours"])
    return None if hours > MOST_HOURS else (-1 if match["sign"] == "-" else 1) * (hours * 60 + int(match["minutes"] or 0))


def with_qualified_names(mapping: SourceMapping, rows: Sequence[Sequence[str]]) -> SourceMapping:
    """Return *mapping* with those cells of *rows* as further names of its columns that are one of their names with something behind it."""
    cells = {cell for row in rows for cell in row if has_words_behind(cell)}
    if not cells:
        return mapping
    columns = dict(mapping.columns)
    for target, column in mapping.columns.items():
        names = {compact(name) for name in column.names}
        more = [
            cell
            for cell in sorted(cells)
            if (match := qualified(cell, TYPES[target])) is not None and compact(match.name) in names and compact(cell) not in names
        ]
        if more:
            columns[target] = replace(column, names=(*column.names, *more))
    return replace(mapping, columns=columns)
