"""Chart of a day: number of orders that arrive in each hour, and working hours of the warehouse."""

from collections.abc import Sequence

from markupsafe import Markup

from reports.svg.elements import box, label, line, picture
from reports.svg.scale import scale

HOURS = 24
TOP, AXIS, HEIGHT = 26.0, 24.0, 200.0
EVERY = 6
LEFT = 6.0


def daily_hours_chart(title: str, orders: Sequence[float], opens: float | None, closes: float | None) -> Markup:
    """Draw a bar for each hour; working hours are shaded."""
    bottom = HEIGHT - AXIS
    up = scale(orders, start=bottom, end=TOP, most=4)
    wide = (100 - LEFT) / HOURS
    parts: list[Markup] = []
    if opens is not None and closes is not None and 0 <= opens < closes <= HOURS:
        parts.append(box(LEFT + opens * wide, TOP, (closes - opens) * wide, bottom - TOP, "open"))
        parts.append(label(LEFT + (opens + closes) / 2 * wide, 14, f"warehouse at work, {opens:g} to {closes:g} h", "across", "middle"))
    parts += [
        box(LEFT + hour * wide + 0.4, up.at(count), wide - 0.8, bottom - up.at(count), "bar") for hour, count in enumerate(orders[:HOURS])
    ]
    parts.append(line(0, bottom, 100, bottom, "zero"))
    for tick in up.ticks[1:]:
        parts.append(line(0, up.at(tick), 100, up.at(tick), "grid over"))
        parts.append(label(0, up.at(tick) - 3, up.words(tick), "tick"))
    for hour in range(0, HOURS + 1, EVERY):
        anchor = "start" if not hour else "end" if hour == HOURS else "middle"
        parts.append(label(LEFT + hour * wide, HEIGHT - 6, f"{hour} h", "tick", anchor))
    busiest = max(range(len(orders)), key=orders.__getitem__, default=0)
    description = f"most from {busiest} to {busiest + 1} h" if any(orders) else "none"
    return picture(title, description, HEIGHT, parts, "day")
