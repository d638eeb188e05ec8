"""Chart of one moment in the warehouse: a bar for each queue, and the people who work on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.svg.elements import box, element, label, picture

ROW, TOP, FOOT = 54.0, 4.0, 6.0
MOST_DOTS = 30
"""Most people that are drawn one by one."""
_BAR, _STEP = 20.0, 10.0


@dataclass(frozen=True, slots=True)
class QueueBar:
    """A queue: its name, what waits in it, the people at work on it and how many of them are busy; None where that is unknown."""

    name: str
    waiting: int
    noun: str
    at_work: int | None = None
    busy: int | None = None


def hour_chart(title: str, queues: Sequence[QueueBar], largest: int) -> Markup:
    """Draw the queues at one moment; bars are as long as their share of *largest*."""
    parts: list[Markup] = []
    for k, queue in enumerate(queues):
        top = TOP + k * ROW
        parts.append(label(0, top + 13, f"{queue.name}: {queue.waiting:,} {queue.noun}", "name"))
        parts.append(box(0, top + _BAR, 100, 10, "track"))
        parts.append(box(0, top + _BAR, 100 * queue.waiting / max(largest, 1), 10, "bar"))
        if queue.at_work is not None:
            count = min(queue.at_work, MOST_DOTS)
            y = top + _BAR + 18
            for person in range(count):
                kind = "person busy" if person < (queue.busy or 0) else "person"
                parts.append(element("circle", cx=_STEP * (person + 0.5), cy=y, r=3.2, class_=kind))
            parts.append(element("text", _people(queue), x=_STEP * count + (6 if count else 0), y=y + 4, class_="tick"))
    text = "; ".join(f"{queue.name}: {queue.waiting:,} {queue.noun}" for queue in queues)
    return picture(title, text, TOP + ROW * len(queues) + FOOT, parts, "hour")


def _people(queue: QueueBar) -> str:
    if not queue.at_work and not queue.busy:
        return "closed"
    return f"{queue.at_work:,} at work" + (f", {queue.busy:,} busy" if queue.busy is not None else "")
