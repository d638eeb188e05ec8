"""The chart of an order's life: a lane for each system, time runs down, and a mark wherever something happens."""

from markupsafe import Markup

from reports.scenario.order_story import OrderStory, StoryEvent
from reports.svg.elements import box, dot, element, label, line, picture

HEAD, STEP, FOOT = 34.0, 38.0, 10.0
FIRST, LAST = 15.0, 100.0
_MARK = 9.0


def lanes(story: OrderStory) -> Markup:
    """The picture; each mark has the number of its row in the table of the same events."""
    count = len(story.lanes)
    wide = (LAST - FIRST) / count
    places = [FIRST + wide * k + 2.5 for k in range(count)]
    height = HEAD + STEP * len(story.happenings) + FOOT
    parts: list[Markup] = []
    for k, name in enumerate(story.lanes):
        parts.append(box(FIRST + wide * k, 0, wide - 0.6, height, "lane"))
        parts.append(label(FIRST + wide * k, 20, name, "lane-name", dx=6))
        parts.append(label(FIRST + wide * k, 20, name.split()[-1], "lane-short", dx=6))
        parts.append(line(places[k], HEAD - 4, places[k], height - 4, "grid"))
    centres = [HEAD + STEP * (k + 0.5) for k in range(len(story.happenings))]
    for k in range(len(centres) - 1):
        here, there = places[story.happenings[k].lane], places[story.happenings[k + 1].lane]
        turn = centres[k] + STEP / 2
        parts.append(line(here, centres[k], here, turn, "way"))
        parts += [line(here, turn, there, turn, "way")] if here != there else []
        parts.append(line(there, turn, there, centres[k + 1], "way"))
    day = -1
    for each, y in zip(story.happenings, centres, strict=True):
        if each.day != day:
            parts.append(line(0, y - STEP / 2, 100, y - STEP / 2, "midnight"))
        parts += _mark(each, places[each.lane], y, new_day=each.day != day)
        day = each.day
    return picture(story.title, f"{story.summary} The table has every step.", height, parts, "lanes")


def _mark(each: StoryEvent, x: float, y: float, *, new_day: bool) -> list[Markup]:
    date, _, time = each.when.rpartition(" ")
    kind = ("decision" if each.decision else "event") + (" bad" if each.bad else "")
    when = element("tspan", f"{date} " if new_day else "", class_="date")
    shape = (
        element("svg", element("path", d="M0 -11L11 0L0 11L-11 0Z", class_=f"mark {kind}"), x=f"{x:.3f}%", y=y, overflow="visible")
        if each.decision
        else dot(x, y, _MARK, f"mark {kind}")
    )
    why = " ".join(each.ids[:2]) + (f" +{len(each.ids) - 2}" if len(each.ids) > 2 else "")  # noqa: PLR2004 (as many as there is room for)
    two = bool(why) and each.decision
    words = [label(x, y - 2 if two else y + 4, each.short, "short", dx=15)]
    return [
        element("text", when, time, x="0", y=y + 4, class_="when"),
        shape,
        label(x, y + 4, str(each.number), "count", "middle"),
        *words,
        *([label(x, y + 11, why, "why", dx=15)] if two else []),
    ]
