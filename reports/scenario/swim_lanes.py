"""Swim lanes: the chart of an order's life with a lane for each system, time downwards, and a mark for each event."""

from markupsafe import Markup

from reports.scenario.order_story import OrderStory, StoryEvent
from reports.svg.elements import box, dot, element, label, line, picture

HEAD, STEP, FOOT = 34.0, 38.0, 10.0
FIRST, LAST = 15.0, 100.0
_MARK = 9.0


def swim_lane_chart(story: OrderStory) -> Markup:
    """Draw the chart; each mark has the number of its row in the table of the same events."""
    count = len(story.lanes)
    wide = (LAST - FIRST) / count
    places = [FIRST + wide * k + 2.5 for k in range(count)]
    height = HEAD + STEP * len(story.events) + FOOT
    parts: list[Markup] = []
    for k, name in enumerate(story.lanes):
        parts.append(box(FIRST + wide * k, 0, wide - 0.6, height, "lane"))
        parts.append(label(FIRST + wide * k, 20, name, "lane-name", dx=6))
        parts.append(label(FIRST + wide * k, 20, name.split()[-1], "lane-short", dx=6))
        parts.append(line(places[k], HEAD - 4, places[k], height - 4, "grid"))
    centres = [HEAD + STEP * (k + 0.5) for k in range(len(story.events))]
    for k in range(len(centres) - 1):
        from_x, to_x = places[story.events[k].lane], places[story.events[k + 1].lane]
        turn = centres[k] + STEP / 2
        parts.append(line(from_x, centres[k], from_x, turn, "way"))
        parts += [line(from_x, turn, to_x, turn, "way")] if from_x != to_x else []
        parts.append(line(to_x, turn, to_x, centres[k + 1], "way"))
    day = -1
    for event, y in zip(story.events, centres, strict=True):
        if event.day != day:
            parts.append(line(0, y - STEP / 2, 100, y - STEP / 2, "midnight"))
        parts += _mark(event, places[event.lane], y, new_day=event.day != day)
        day = event.day
    return picture(story.title, f"{story.summary} The table has every step.", height, parts, "lanes")


def _mark(event: StoryEvent, x: float, y: float, *, new_day: bool) -> list[Markup]:
    date, _, time = event.when.rpartition(" ")
    kind = ("decision" if event.decision else "event") + (" bad" if event.bad else "")
    when = element("tspan", f"{date} " if new_day else "", class_="date")
    shape = (
        element("svg", element("path", d="M0 -11L11 0L0 11L-11 0Z", class_=f"mark {kind}"), x=f"{x:.3f}%", y=y, overflow="visible")
        if event.decision
        else dot(x, y, _MARK, f"mark {kind}")
    )
    why = " ".join(event.ids[:2]) + (f" +{len(event.ids) - 2}" if len(event.ids) > 2 else "")  # noqa: PLR2004 (as many as there is room for)
    two = bool(why) and event.decision
    words = [label(x, y - 2 if two else y + 4, event.short, "short", dx=15)]
    return [
        element("text", when, time, x="0", y=y + 4, class_="when"),
        shape,
        label(x, y + 4, str(event.number), "count", "middle"),
        *words,
        *([label(x, y + 11, why, "why", dx=15)] if two else []),
    ]
