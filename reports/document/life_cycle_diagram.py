"""SVG diagrams of the life of an order: boxes and arrows of the stages, lanes and messages of a story.

Pure functions from data to markup. All text is escaped and colours come from the style sheet. The page repeats each diagram in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from textwrap import wrap

from markupsafe import Markup

from reports.document.life_cycle import Arrow, LifeCycle, LifeStory, Message
from sop_engine import Stage

BOX, TALL, STEP = 134, 64, 155
TOPS = (26, 160, 300)
"""Sizes of the stages: width and height of a box, distance of two columns, and the top of each row."""
BOX_PLACES = {Stage.CREATED: (0.0, 0), Stage.UNFULFILLABLE: (0.5, 1), Stage.FULFILLABLE: (1.0, 0), Stage.PROCESSING: (2.0, 0)}
BOX_PLACES |= {Stage.PACKED: (3.0, 0), Stage.READY_TO_DISPATCH: (4.0, 0), Stage.COMPLETED: (5.0, 0), Stage.CANCELLED: (0.0, 2)}
"""Column and row of each box. CANCELLED is a bar below all stages from which an arrow leads to it, so that no two lines cross."""
WAYS_OUT = {Stage.CREATED: 20, Stage.UNFULFILLABLE: 67, Stage.FULFILLABLE: 126, Stage.PROCESSING: 67}
"""Where the arrow to CANCELLED leaves a box, from its left edge; in the middle if not listed."""
WIDTH, LANE, HEAD, LINE, MORE = 920, 200, 46, 46, 14
"""Sizes of a story: page width, largest distance of two lanes, height of the names, of a message, and of each further line of it."""
LETTER = 6.3
"""Greatest mean width of a letter in a message: labels are wrapped so that they end before the next lane."""


def state_diagram(life: LifeCycle) -> Markup:
    """Draw the stages, the steps between them, and the full cancellations that lead to CANCELLED."""
    arrows_and_labels: list[tuple[Markup, Markup]] = []
    moving = [arrow for arrow in life.arrows if arrow.source is not arrow.target]
    pairs = dict.fromkeys((arrow.source, arrow.target) for arrow in moving)
    within = {stage: [arrow.step for arrow in life.arrows if arrow.source is stage and arrow.target is stage] for stage in life.stages}
    height = {stage: max(TALL, 44 + 14 * len(steps)) for stage, steps in within.items()}
    for source, target in pairs:
        arrows_and_labels.append(
            _edge(source, target, [arrow for arrow in moving if (arrow.source, arrow.target) == (source, target)], height)
        )
    open_stages = []
    for stage in life.stages:
        open_to = [bar.canceller for bar in life.bars if bar.stage is stage and bar.outcomes == ("allowed",)]
        if open_to and stage is not Stage.CANCELLED:
            open_stages.append(stage)
            arrows_and_labels.append(_arrow_to_cancelled(stage, " and ".join(map(str, open_to)), height[stage]))
    lines, words = zip(*arrows_and_labels, strict=True)
    last = max((BOX_PLACES[stage][0] for stage in life.stages if stage in open_stages), default=0.0)
    boxes = [
        _box_svg(stage, within[stage], height[stage], int(last * STEP) + BOX if stage is Stage.CANCELLED else BOX) for stage in life.stages
    ]
    return _svg(WIDTH, TOPS[2] + TALL + 8, "The stages of an order and the steps between them", [*lines, *boxes, *words])


def _box_position(stage: Stage) -> tuple[int, int]:
    column, row = BOX_PLACES[stage]
    return 4 + int(column * STEP), TOPS[row]


def _box_svg(stage: Stage, staying: Sequence[str], height: int, width: int) -> Markup:
    x, y = _box_position(stage)
    lines = Markup("").join(
        Markup('<text class="small" x="{}" y="{}">{}</text>').format(x + width // 2, y + 40 + 14 * place, step)
        for place, step in enumerate(staying)
    )
    return Markup(
        '<g><rect class="box" x="{}" y="{}" width="{}" height="{}" rx="6"/><text class="name" x="{}" y="{}">{}</text>{}</g>'
    ).format(x, y, width, height, x + width // 2, y + (22 if staying else height // 2 + 4), stage, lines)


def _edge(source: Stage, target: Stage, arrows: Iterable[Arrow], height: Mapping[Stage, int]) -> tuple[Markup, Markup]:
    """Draw a line with its label: to the right in a row, with the label above it; else straight up or down, with the label beside it."""
    label = ", ".join(dict.fromkeys(arrow.step for arrow in arrows))
    (x1, y1), (x2, y2) = _box_position(source), _box_position(target)
    if y1 == y2:
        line = _arrow_line((x1 + BOX, y1 + TALL // 2), (x2 - 2, y2 + TALL // 2))
        return line, Markup('<text class="small beside" x="{}" y="{}">{}</text>').format(x1 + BOX // 2 + STEP // 2, y1 - 8, label)
    x = (max(x1, x2) + min(x1, x2) + BOX) // 2
    start, end = ((x, y1 + height[source]), (x, y2 - 2)) if y1 < y2 else ((x, y1), (x, y2 + height[target] + 2))
    at = (x + 6, (start[1] + end[1]) // 2 + 4)
    return _arrow_line(start, end), Markup('<text class="small beside right" x="{}" y="{}">{}</text>').format(*at, label)


def _arrow_to_cancelled(stage: Stage, cancellers: str, height: int) -> tuple[Markup, Markup]:
    """Draw an arrow from a stage straight down to CANCELLED, with its label above the arrow's head."""
    x, y = _box_position(stage)
    x += WAYS_OUT.get(stage, BOX // 2)
    text = Markup('<text class="small beside out" x="{}" y="{}">{}</text>').format(x + 6, TOPS[2] - 24, cancellers)
    return _arrow_line((x, y + height), (x, TOPS[2] - 2), "out"), text


def _arrow_line(start: tuple[int, int], end: tuple[int, int], kind: str = "step") -> Markup:
    return Markup('<path class="line {}" d="M{} {}L{} {}" marker-end="url(#head)"/>').format(kind, *start, *end)


def story_diagram(story: LifeStory, number: int) -> Markup:
    """Draw lanes from left to right and messages from top to bottom; the numbers are those of the list beside it."""
    apart = min(LANE, WIDTH // len(story.lanes))
    middle = {lane: apart // 2 + apart * place for place, lane in enumerate(story.lanes)}
    labels = [_wrapped(f"{place}. {message.label}", apart) for place, message in enumerate(story.messages, start=1)]
    tops = [HEAD, *accumulate((LINE + MORE * (len(lines) - 1) for lines in labels), initial=HEAD)][1:]
    height = tops[-1] + 20
    parts: list[Markup] = []
    for lane, x in middle.items():
        parts.append(
            Markup('<path class="lane" d="M{} {}V{}"/><text class="name" x="{}" y="20">{}</text>').format(x, HEAD - 14, height - 8, x, lane)
        )
    for message, lines, top in zip(story.messages, labels, tops, strict=False):
        parts.append(_message_svg(message, middle, top + 24, lines))
    return _svg(apart * len(story.lanes), height, f"{story.title}: a sequence of {len(story.messages)} steps", parts, number)


def _wrapped(label: str, apart: int) -> list[str]:
    """Return the lines of a label that fit between two lanes."""
    return wrap(label, int((apart - 24) / LETTER), break_long_words=False) or [label]


def _message_svg(message: Message, middle: dict[str, int], y: int, lines: Sequence[str]) -> Markup:
    x1, x2, below = middle[message.source], middle[message.target], MORE * (len(lines) - 1)
    if x1 == x2:
        mark = Markup('<rect class="here {}" x="{}" y="{}" width="12" height="12" rx="2"/>').format(message.kind, x1 - 6, y - 6)
        at, anchor = x1 + 14, "start"
        if x1 == max(middle.values()):
            at, anchor = x1 - 14, "end"
        return mark + _label_svg(message, lines, (at, y + 4), anchor)
    end = x2 - 3 if x2 > x1 else x2 + 3
    return _arrow_line((x1, y + below), (end, y + below), message.kind) + _label_svg(message, lines, (min(x1, x2) + 8, y - 6), "start")


def _label_svg(message: Message, lines: Sequence[str], at: tuple[int, int], anchor: str) -> Markup:
    x, y = at
    spans = Markup(" ").join(
        Markup('<tspan x="{}" y="{}">{}</tspan>').format(x, y + MORE * place, line) for place, line in enumerate(lines)
    )
    return Markup('<text class="said {}" text-anchor="{}">{}</text>').format(message.kind, anchor, spans)


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
