"""SVG diagrams of the life of an order: boxes and arrows of the stages, lanes and messages of a story.

Pure functions from data to markup. All text is escaped and colours come from the style sheet. The page repeats each diagram in words.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from reports.document.life_cycle import Arrow, LifeCycle, LifeStory, Message
from sop_engine import Stage

BOX, TALL, STEP = 134, 64, 155
ROW = {Stage.CREATED: (0, 0), Stage.UNFULFILLABLE: (0, 1), Stage.FULFILLABLE: (1, 0), Stage.PROCESSING: (2, 0), Stage.PACKED: (3, 0)}
ROW |= {Stage.READY_TO_DISPATCH: (4, 0), Stage.COMPLETED: (5, 0), Stage.CANCELLED: (2, 1)}
"""Column and row of each box: the only thing about the picture that is laid out by hand."""
WIDTH, LANE, HEAD, LINE = 920, 200, 46, 46
"""Sizes of a story: page width, largest distance of two lanes, height of the names, height of a message."""


def state_diagram(life: LifeCycle) -> Markup:
    """Draw the stages, the steps between them, and the full cancellations that lead to CANCELLED."""
    arrows_and_labels: list[tuple[Markup, Markup]] = []
    moving = [arrow for arrow in life.arrows if arrow.source is not arrow.target]
    pairs = dict.fromkeys((arrow.source, arrow.target) for arrow in moving)
    within = {stage: [arrow.step for arrow in life.arrows if arrow.source is stage and arrow.target is stage] for stage in life.stages}
    height = {stage: max(TALL, 44 + 14 * len(steps)) for stage, steps in within.items()}
    for source, target in pairs:
        arrows_and_labels.append(
            _edge(source, target, [arrow for arrow in moving if (arrow.source, arrow.target) == (source, target)], height[target])
        )
    for stage in life.stages:
        open_to = [bar.canceller for bar in life.bars if bar.stage is stage and bar.outcomes == ("allowed",)]
        if open_to and stage is not Stage.CANCELLED:
            arrows_and_labels.append(_way_out(stage, " and ".join(map(str, open_to)), height[stage]))
    lines, words = zip(*arrows_and_labels, strict=True)
    boxes = [_box_svg(stage, within[stage], height[stage]) for stage in life.stages]
    return _svg(5 * STEP + BOX + 8, 300, "The stages of an order and the steps between them", [*lines, *boxes, *words])


def _box_position(stage: Stage) -> tuple[int, int]:
    column, row = ROW[stage]
    return 4 + column * STEP, 26 + row * 176


def _box_svg(stage: Stage, staying: Sequence[str], height: int) -> Markup:
    x, y = _box_position(stage)
    lines = Markup("").join(
        Markup('<text class="small" x="{}" y="{}">{}</text>').format(x + BOX // 2, y + 40 + 14 * place, step)
        for place, step in enumerate(staying)
    )
    return Markup(
        '<g><rect class="box" x="{}" y="{}" width="{}" height="{}" rx="6"/><text class="name" x="{}" y="{}">{}</text>{}</g>'
    ).format(x, y, BOX, height, x + BOX // 2, y + (22 if staying else height // 2 + 4), stage, lines)


def _edge(source: Stage, target: Stage, arrows: Iterable[Arrow], height: int) -> tuple[Markup, Markup]:
    """Draw a line with its label, placed so that no other line crosses the label."""
    label = ", ".join(dict.fromkeys(arrow.step for arrow in arrows))
    (x1, y1), (x2, y2) = _box_position(source), _box_position(target)
    if y1 == y2:
        start, end, at = (x1 + BOX, y1 + TALL // 2), (x2 - 2, y2 + TALL // 2), (x1 + BOX // 2 + STEP // 2, y1 - 8)
    elif x1 == x2:
        start, end, at = (x1 + BOX // 2, y1 + TALL), (x2 + BOX // 2, y2 - 2), (x1 + BOX // 2 + 36, (y1 + y2 + TALL) // 2)
    else:
        start, end, at = (x1 + BOX, y1 + 12), (x2 + 30, y2 + height + 2 if y2 < y1 else y2 - 2), (x1 + BOX + 62, y1 + 28)
    return _arrow_line(start, end), Markup('<text class="small beside" x="{}" y="{}">{}</text>').format(*at, label)


def _way_out(stage: Stage, cancellers: str, height: int) -> tuple[Markup, Markup]:
    """Draw an arrow from a stage down to CANCELLED."""
    x, y = _box_position(stage)
    cx, cy = _box_position(Stage.CANCELLED)
    if stage is Stage.UNFULFILLABLE:
        start, end = (x + BOX, y + 44), (cx - 2, cy + 44)
    else:
        start, end = (x + BOX - 20, y + height), (cx + 16 + 45 * ROW[stage][0], cy - 2)
    at = (start[0] + end[0]) // 2 + 8, (start[1] + end[1]) // 2 + (14 if start[1] == end[1] else 0)
    text = Markup('<text class="small beside out" x="{}" y="{}">{}</text>').format(*at, cancellers)
    return _arrow_line(start, end, "out"), text


def _arrow_line(start: tuple[int, int], end: tuple[int, int], kind: str = "step") -> Markup:
    return Markup('<path class="line {}" d="M{} {}L{} {}" marker-end="url(#head)"/>').format(kind, *start, *end)


def story_diagram(story: LifeStory, number: int) -> Markup:
    """Draw lanes from left to right and messages from top to bottom; the numbers are those of the list beside it."""
    apart = min(LANE, WIDTH // len(story.lanes))
    middle = {lane: apart // 2 + apart * place for place, lane in enumerate(story.lanes)}
    height = HEAD + LINE * len(story.messages) + 20
    parts: list[Markup] = []
    for lane, x in middle.items():
        parts.append(
            Markup('<path class="lane" d="M{} {}V{}"/><text class="name" x="{}" y="20">{}</text>').format(x, HEAD - 14, height - 8, x, lane)
        )
    for place, message in enumerate(story.messages):
        parts.append(_message_svg(message, middle, HEAD + LINE * place + 24, place + 1))
    return _svg(apart * len(story.lanes), height, f"{story.title}: a sequence of {len(story.messages)} steps", parts, number)


def _message_svg(message: Message, middle: dict[str, int], y: int, number: int) -> Markup:
    x1, x2 = middle[message.source], middle[message.target]
    if x1 == x2:
        mark = Markup('<rect class="here {}" x="{}" y="{}" width="12" height="12" rx="2"/>').format(message.kind, x1 - 6, y - 6)
        at, anchor = x1 + 14, "start"
        if x1 == max(middle.values()):
            at, anchor = x1 - 14, "end"
        return mark + Markup('<text class="said {}" x="{}" y="{}" text-anchor="{}">{}. {}</text>').format(
            message.kind, at, y + 4, anchor, number, message.label
        )
    end = x2 - 3 if x2 > x1 else x2 + 3
    left = min(x1, x2) + 8
    return _arrow_line((x1, y), (end, y), message.kind) + Markup(
        '<text class="said {}" x="{}" y="{}" text-anchor="start">{}. {}</text>'
    ).format(message.kind, left, y - 6, number, message.label)


HEADS = Markup(
    '<defs><marker id="head{0}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path class="head" d="M0 0L8 4L0 8z"/></marker></defs>'
)


def _svg(width: int, height: int, title: str, parts: Iterable[Markup], number: int = 0) -> Markup:
    """Return an image with a title; ids of arrow heads differ, because a page has several images."""
    name = f"-{number}"
    body = Markup("").join(parts).replace("url(#head)", f"url(#head{name})")
    return Markup('<svg class="drawing" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>').format(
        width,
        height,
        width,
        height,
        title,
        HEADS.format(name),
        Markup(body),  # noqa: S704 - joined from escaped pieces
    )
