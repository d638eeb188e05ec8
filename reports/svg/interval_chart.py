"""Chart of a comparison: for each mean a dot on a line as long as its interval, one below the other on one scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.svg.elements import box, dot, label, line, picture
from reports.svg.scale import lowest_end, scale

ROW, TOP, AXIS = 40.0, 8.0, 26.0
_WORDS, _MARK = 14.0, 27.0
_CAP, _GRID = 4.0, 9.0


@dataclass(frozen=True, slots=True)
class ErrorBar:
    """A mean with the ends of its interval; *text* is the figure as text, *base* marks the variant to compare with."""

    name: str
    mean: float
    low: float
    high: float
    text: str
    base: bool = False


def interval_chart(title: str, bars: Sequence[ErrorBar], unit: str, *, difference: bool = False) -> Markup:
    """Draw the chart of *bars*; for differences, with a line at 0, which the interval of a clear difference does not touch."""
    least = -math.inf if difference else lowest_end(bar.mean for bar in bars)
    axis = scale([end for bar in bars for end in (bar.low, bar.high)], most=4, least=least)
    height = TOP + ROW * len(bars) + AXIS
    bottom = height - AXIS
    parts: list[Markup] = []
    for tick in axis.ticks:
        middles = [TOP + k * ROW + _MARK for k in range(len(bars))]
        parts += [line(axis.at(tick), y - _GRID, axis.at(tick), y + _GRID, "grid" if tick else "zero") for y in middles]
        parts.append(label(axis.at(tick), bottom + 16, axis.words(tick), "tick", "middle"))
    for k, bar in enumerate(bars):
        top = TOP + k * ROW
        parts.append(label(0, top + _WORDS, f"{bar.name}: {bar.text}" if bar.name else bar.text, "name"))
        parts += _interval(axis.at(bar.low), axis.at(bar.mean), axis.at(bar.high), top + _MARK, base=bar.base)
    description = "; ".join(f"{bar.name}: {bar.text}".removeprefix(": ") for bar in bars) + (f" ({unit})" if unit else "")
    return picture(title, description, height, parts, "intervals difference" if difference else "intervals")


def _interval(low: float, mean: float, high: float, y: float, *, base: bool) -> list[Markup]:
    kind = "base" if base else "other"
    spread = [
        line(low, y, high, y, f"spread {kind}"),
        line(low, y - _CAP, low, y + _CAP, f"spread {kind}"),
        line(high, y - _CAP, high, y + _CAP, f"spread {kind}"),
    ]
    return [*(spread if high > low else []), dot(mean, y, 5, f"mean {kind}")]


def bar_with_interval(share: float, low: float, high: float, of: float, text: str) -> Markup:
    """Draw a bar of *share* of *of*, with the ends of its interval; hidden from screen readers, because the figure is beside it."""
    axis = scale([0, of], most=1, start=0, end=100)
    parts = [box(0, 4, axis.at(share), 12, "bar")]
    if high > low:
        parts += [line(axis.at(max(low, 0)), 10, axis.at(high), 10, "spread other")]
    return picture(text, "", 20, parts, "whisker")
