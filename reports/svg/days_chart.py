"""Charts by day: a line for each series, and bars of two parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.svg.elements import box, label, line, picture
from reports.svg.scale import Scale, scale

TOP, AXIS, HEIGHT = 34.0, 42.0, 250.0
LEFT, RIGHT, NAMES = 9.0, 98.0, 76.0
"""Ends of the days in per cent; with names of lines, the days end at `NAMES`."""
LINE_HEIGHT = 15.0
MOST_LABELS = 8
"""Most labels of days that do not touch each other."""


@dataclass(frozen=True, slots=True)
class Series:
    """A named value for each day; *is_emphasized* is whether its line is drawn in the colour of the chart."""

    name: str
    values: Sequence[float]
    is_emphasized: bool = True


def lines_by_day(title: str, series: Sequence[Series], unit: str) -> Markup:
    """Draw a line for each of *series*, with its name at the right end."""
    days = max((len(row.values) for row in series), default=0)
    right = NAMES if any(row.name for row in series) else RIGHT
    bottom = HEIGHT - AXIS
    up = scale([value for row in series for value in row.values], start=bottom, end=TOP, most=4)
    places = _day_places(days, right)
    parts = _frame(up, places, unit, right)
    ends = []
    for row in series:
        kind = "trend" if row.is_emphasized else "trend quiet"
        points = [(place, up.at(value)) for place, value in zip(places, row.values, strict=False)]
        parts += [line(*points[k], *points[k + 1], kind) for k in range(len(points) - 1)]
        ends += [(points[-1][1], row.name)] if points else []
    for (_, name), y in zip(sorted(ends), _apart([y for y, _ in sorted(ends)], bottom), strict=True):
        parts.append(label(NAMES, y + 4, name, "tick", dx=8))
    names = [f"{row.name}: " if row.name else "" for row in series]
    description = "; ".join(
        f"{name}{up.words(row.values[-1])} on the last day" for name, row in zip(names, series, strict=True) if row.values
    )
    return picture(title, description, HEIGHT, parts, "by-day")


def stacked_by_day(title: str, lower: Series, upper: Series, unit: str) -> Markup:
    """Draw a bar for each day, *lower* below and *upper* on top of it."""
    sums = [first + second for first, second in zip(lower.values, upper.values, strict=True)]
    bottom = HEIGHT - AXIS
    up = scale(sums, start=bottom, end=TOP, most=4)
    places = _day_places(len(sums), RIGHT)
    wide = (RIGHT - LEFT) / max(len(sums), 1) * 0.7
    parts = _frame(up, places, unit, RIGHT)
    for place, low, total in zip(places, lower.values, sums, strict=True):
        parts.append(box(place - wide / 2, up.at(low), wide, bottom - up.at(low), "bar closed"))
        parts.append(box(place - wide / 2, up.at(total), wide, up.at(low) - up.at(total), "bar"))
    for x, row, kind in ((LEFT + 20, lower, "bar closed"), (LEFT + 55, upper, "bar")):
        parts += [box(x, 4, 2, 9, kind), label(x + 2, 12, row.name, "tick", dx=5)]
    busiest = max(range(len(sums)), key=sums.__getitem__, default=0)
    description = f"most on day {busiest + 1}: {up.words(sums[busiest])} {unit}" if any(sums) else "none"
    return picture(title, description, HEIGHT, parts, "by-day")


def _frame(up: Scale, places: Sequence[float], unit: str, right: float) -> list[Markup]:
    bottom = HEIGHT - AXIS
    parts = [label(0, 11, unit, "unit")]
    for tick in up.ticks:
        parts.append(line(0, up.at(tick), right, up.at(tick), "grid" if tick else "zero"))
        parts.append(label(0, up.at(tick) - 4, up.words(tick), "tick"))
    every = -(-len(places) // MOST_LABELS)
    parts += [label(place, bottom + 17, str(day), "tick", "middle") for day, place in enumerate(places, 1) if (day - 1) % every == 0]
    return [*parts, label((LEFT + right) / 2, HEIGHT - 6, "day", "across", "middle")]


def _day_places(days: int, right: float) -> list[float]:
    return [LEFT + (right - LEFT) * (k + 0.5) / days for k in range(days)]


def _apart(heights: Sequence[float], bottom: float) -> list[float]:
    """Return the ascending *heights* with enough distance that labels do not touch, and none below *bottom*."""
    moved: list[float] = []
    for height in reversed(heights):
        moved.append(min(height, moved[-1] - LINE_HEIGHT) if moved else min(height, bottom))
    return moved[::-1]
