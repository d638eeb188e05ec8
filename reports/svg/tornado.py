"""Tornado chart: for each assumption the change of a measure at both ends of its range, the largest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.svg.elements import box, label, line, picture
from reports.svg.scale import scale

ROW, TOP, AXIS = 60.0, 8.0, 26.0
_NAME, _CHANGES, _BAR, _HEIGHT = 14.0, 30.0, 36.0, 14.0


@dataclass(frozen=True, slots=True)
class TornadoEnd:
    """The change at one end of a range, and the ends of its interval; *name* is the value of the assumption."""

    name: str
    change: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TornadoRow:
    """An assumption with one or two ends; *value* is what is assumed, *changes* has the changes in words."""

    name: str
    value: str
    ends: tuple[TornadoEnd, ...]
    changes: str

    @property
    def text(self) -> str:
        """The row in words."""
        return f"{self.name} {self.value} → {self.changes}"


def tornado_chart(title: str, rows: Sequence[TornadoRow], unit: str) -> Markup:
    """Draw a bar from 0 to each change, with its interval as a line."""
    axis = scale([value for row in rows for end in row.ends for value in (end.change, end.low, end.high)], most=4)
    height = TOP + ROW * len(rows) + AXIS
    bottom = height - AXIS
    parts: list[Markup] = []
    for tick in axis.ticks:
        parts += [
            line(axis.at(tick), TOP + k * ROW + _BAR, axis.at(tick), TOP + k * ROW + _BAR + _HEIGHT, "grid" if tick else "zero")
            for k in range(len(rows))
        ]
        parts.append(label(axis.at(tick), bottom + 16, axis.words(tick), "tick", "middle"))
    for k, row in enumerate(rows):
        top = TOP + k * ROW
        parts.append(label(0, top + _NAME, row.name, "name"))
        parts.append(label(0, top + _CHANGES, f"{row.value} → {row.changes}", "tick"))
        for place, end in enumerate(row.ends):
            left, right = sorted((axis.at(0), axis.at(end.change)))
            y = top + _BAR + place * _HEIGHT / 2
            parts.append(box(left, y, right - left, _HEIGHT / 2 - 1, "bar" if place else "bar first"))
            parts.append(line(axis.at(end.low), y + _HEIGHT / 4, axis.at(end.high), y + _HEIGHT / 4, "spread base"))
    return picture(title, "; ".join(row.text for row in rows) + (f" ({unit})" if unit else ""), height, parts, "tornado")
