"""Chart of a sweep: one measure against the swept value, with error bars and the tipping point."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from reports.svg.elements import box, dot, label, line, picture
from reports.svg.scale import LARGEST, Scale, lowest_end, scale

TOP, AXIS, LEFT, RIGHT = 34.0, 46.0, 13.0, 95.0
REMARK = 14.0
"""Height of the line of the remark, between the unit and the highest tick."""
_CAP = 0.8
MOST_NAMES = 10
"""Most labels under a chart that do not touch each other."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value of the sweep as text, with the interval of the measure; *text* is the figure as text."""

    value: Any
    name: str
    mean: float
    low: float
    high: float
    text: str


def tipping_point_chart(  # noqa: PLR0913 - two axes, a title and a remark
    title: str, points: Sequence[Point], unit: str, across: str, *, breaks: int | None = None, remark: str = "", height: float = 320
) -> Markup:
    """Draw the measure of *points* in the order of the sweep; *breaks* is the point before the step with the *remark*."""
    bottom, top = height - AXIS, TOP + (REMARK if remark else 0)
    up = scale(
        [end for point in points for end in (point.low, point.high)],
        start=bottom,
        end=top,
        least=lowest_end(point.mean for point in points),
    )
    places = positions_of([point.value for point in points])
    parts: list[Markup] = []
    if breaks is not None and breaks + 1 < len(points):
        left, right = sorted((places[breaks], places[breaks + 1]))
        parts.append(box(left, top, right - left, bottom - top, "step"))
    for tick in up.ticks:
        parts.append(line(0, up.at(tick), 100, up.at(tick), "grid" if tick else "zero"))
        parts.append(label(0, up.at(tick) - 4, up.words(tick), "tick"))
    parts += [line(places[k], up.at(points[k].mean), places[k + 1], up.at(points[k + 1].mean), "trend") for k in range(len(points) - 1)]
    every = math.ceil(len(points) / MOST_NAMES)
    for k, (place, point) in enumerate(zip(places, points, strict=True)):
        parts += _point(place, point, up)
        parts += [label(place, bottom + 18, point.name, "tick", "middle")] if k % every == 0 else []
    parts.append(label((LEFT + RIGHT) / 2, height - 6, across, "across", "middle"))
    parts.append(label(0, 11, unit, "unit"))
    if remark and breaks is not None:
        middle = min(max((places[breaks] + places[breaks + 1]) / 2, 36), 64)  # stays inside on a phone
        parts.append(label(middle, TOP - 8, remark, "remark", "middle"))
    description = "; ".join(f"{point.name}: {point.text}" for point in points) + (f" ({unit})" if unit else "")
    return picture(title, f"{description}. {remark}".strip(), height, parts, "cliff")


def positions_of(values: Sequence[Any]) -> list[float]:
    """Return the position of each value: in proportion for numbers that only rise or only fall, otherwise evenly."""
    even = [LEFT + (RIGHT - LEFT) * (k + 0.5) / len(values) for k in range(len(values))] if len(values) else []
    if len(values) < 2 or not all(_number(value) for value in values):  # noqa: PLR2004 (one value is nowhere)
        return even
    first, half_width = values[0], values[-1] / 2 - values[0] / 2
    shares = [(value / 2 - first / 2) / half_width if half_width else math.nan for value in values]
    if not all(b > a for a, b in pairwise(shares)):
        return even
    return [LEFT + (RIGHT - LEFT) * share for share in shares]


def _point(place: float, point: Point, up: Scale) -> list[Markup]:
    low, high = up.at(point.low), up.at(point.high)
    bars = [
        line(place, low, place, high, "spread other"),
        line(place - _CAP, low, place + _CAP, low, "spread other"),
        line(place - _CAP, high, place + _CAP, high, "spread other"),
    ]
    return [
        *(bars if point.high > point.low else []),
        dot(place, up.at(point.mean), 5, "mean other"),
    ]


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < LARGEST
