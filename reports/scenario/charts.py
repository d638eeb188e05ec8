"""The charts of a study: selection of measures and forms, each with its table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.scenario.headlines import TippingPoint, differing_questions
from reports.scenario.wording.caveats import queue_in_words
from reports.scenario.wording.measure_catalogue import MeasureInfo, measure_info
from reports.scenario.wording.number_format import figure
from reports.scenario.wording.study_questions import STUDY_QUESTIONS, StudyQuestion
from reports.scenario.wording.tables import FigureCell, FigureRow, FigureTable, table_of, verdict_of
from reports.scenario.wording.variant_words import variant_heading, variant_phrase
from reports.svg.daily_hours import HOURS, daily_hours_chart
from reports.svg.days_chart import Series, lines_by_day, stacked_by_day
from reports.svg.interval_chart import ErrorBar, interval_chart
from reports.svg.tipping_point import Point, tipping_point_chart
from simulator.study_data import Estimate, Queue, Study, Sweep, Variant

MOST_COMPARED = 10
"""Most variants in one chart of intervals."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the same figures as a table; *note* explains what to look for."""

    title: str
    note: str
    pictures: tuple[tuple[str, Markup], ...]
    table: FigureTable


def pair_charts(study: Study) -> Iterator[Chart]:
    """Yield charts of the measures that differ clearly and of their differences from the first variant; if none differs, of the first few."""
    sides = study.variants[:MOST_COMPARED]
    chosen = differing_questions(study) or [question for question in STUDY_QUESTIONS if question.measure in study.variants[0].estimates][:3]
    for question in chosen:
        info = measure_info(question.measure, study.period)
        bars = [_error_bar(study, variant, variant.estimates.get(question.measure), info, base=variant is sides[0]) for variant in sides]
        difference_bars = [
            _error_bar(study, variant, variant.differences.get(question.measure), info, base=False, signed=True) for variant in sides[1:]
        ]
        pictures = [(info.unit_and_period, interval_chart(question.label, [bar for bar in bars if bar], info.unit_and_period))]
        if any(difference_bars):
            words = f"compared with {variant_phrase(study, sides[0])}"
            pictures.append(
                (
                    words,
                    interval_chart(
                        f"{question.label}, {words}", [bar for bar in difference_bars if bar], info.unit_and_period, difference=True
                    ),
                )
            )
        yield Chart(info.title, "", tuple(pictures), table_of(info.title, study, [info]))


def _error_bar(  # noqa: PLR0913 (what a bar has)
    study: Study, variant: Variant, estimate: Estimate | None, info: MeasureInfo, *, base: bool, signed: bool = False
) -> ErrorBar | None:
    if estimate is None:
        return None
    text = figure(estimate, info.factor, signed=signed)
    if signed and (verdict := verdict_of(estimate)) in ("chance", "same"):
        text += " · could be chance" if verdict == "chance" else " · the same"
    by = info.factor
    return ErrorBar(variant_phrase(study, variant), estimate.mean * by, estimate.low * by, estimate.high * by, text, base)


def sweep_charts(study: Study, sweep: Sweep, breaks: TippingPoint | None) -> Iterator[Chart]:
    """Yield charts of the measures that differ clearly along *sweep*, the one with the tipping point *breaks* first."""
    clear = differing_questions(study) or [question for question in STUDY_QUESTIONS if question.measure in study.variants[0].estimates][:3]
    first = [breaks.question] if breaks is not None else []
    for question in [*first, *(question for question in clear if question not in first)]:
        yield _sweep_chart(study, sweep, question, breaks if breaks is not None and question == breaks.question else None)


def _sweep_chart(study: Study, sweep: Sweep, question: StudyQuestion, breaks: TippingPoint | None) -> Chart:
    info = measure_info(question.measure, study.period)
    points = [
        Point(
            value,
            str(value),
            estimate.mean * info.factor,
            estimate.low * info.factor,
            estimate.high * info.factor,
            figure(estimate, info.factor),
        )
        for value, estimate in (
            (value, variant.estimates.get(question.measure)) for value, variant in zip(sweep.values, study.variants, strict=True)
        )
        if estimate is not None
    ]
    after = study.variants[breaks.before + 1] if breaks else study.variants[0]
    remark = f"tipping point between {sweep.values[breaks.before]} and {variant_heading(study, after)}" if breaks else ""
    complete = len(points) == len(study.variants)
    picture = tipping_point_chart(
        info.title,
        points,
        info.unit_and_period,
        sweep.says,
        breaks=breaks.before if breaks and complete else None,
        remark=remark if complete else "",
        height=340 if breaks else 230,
    )
    return Chart(info.title, "", (("", picture),), table_of(info.title, study, [info]))


def queue_charts(study: Study) -> Iterator[Chart]:
    """Yield a chart for each station whose queue grows or is not worked off: what waits by day, and for how long, closed or in the queue."""
    unsteady = dict.fromkeys(
        queue.station for variant in study.variants if variant.stability is not None for queue in variant.stability.unsteady
    )
    for station in unsteady:
        sides = [
            (variant_phrase(study, variant) if study.kind != "single" else "", queue)
            for variant in study.variants
            if variant.stability is not None
            for queue in variant.stability.queues
            if queue.station == station
        ][:MOST_COMPARED]
        name, longest = max((side for side in sides if side[1].verdict != "steady"), key=lambda side: side[1].end, default=sides[0])
        yield _queue_chart(station, sides, name, longest)


def _queue_chart(station: str, sides: Sequence[tuple[str, Queue]], name: str, longest: Queue) -> Chart:
    queue_words, waiting_noun = queue_in_words(station)
    title = f"{queue_words[:1].upper()}{queue_words[1:]}, day by day"
    waiting = [Series(words, queue.waiting, queue.verdict != "steady") for words, queue in sides]
    closed, queued = Series("closed", longest.closed_hours), Series("queue", longest.queue_hours)
    of_side = f" with {name}" if name and len(sides) > 1 else ""
    pictures = (
        ("waiting at the close of each day", lines_by_day(f"{title}: what waits", waiting, waiting_noun)),
        (f"mean wait by day of arrival{of_side}", stacked_by_day(f"{title}: mean wait{of_side}", closed, queued, "hours")),
    )
    rows = tuple(
        FigureRow(
            f"day {day + 1}",
            "",
            (
                *(FigureCell(f"{queue.waiting[day]:,.0f}") for _, queue in sides),
                FigureCell(f"{longest.closed_hours[day]:,.1f}"),
                FigureCell(f"{longest.queue_hours[day]:,.1f}"),
            ),
        )
        for day in range(len(longest.waiting))
    )
    heads = (*(f"waiting, {words}" if words else "waiting" for words, _ in sides), "hours, closed", "hours, queue")
    note = "Closed is the part of a wait outside working hours, with the nights that an order spends in the queue."
    return Chart(title, note, pictures, FigureTable("", heads, rows, "day"))


def daily_hours_of(study: Study) -> Chart | None:
    """Draw arrivals and working hours of a day, from the settings."""
    weights, orders = study.value("ajio.hourly_weights"), study.number("ajio.orders_per_day")
    if not isinstance(weights, list) or len(weights) != HOURS or not sum(weights) or orders is None:
        return None
    hourly_orders = [weight / sum(weights) * orders for weight in weights]
    picture = daily_hours_chart(
        "Orders by hour of an ordinary day", hourly_orders, study.number("wms.shift_starts_at_hour"), study.number("wms.shift_ends_at_hour")
    )
    rows = tuple(FigureRow(f"{hour} to {hour + 1} h", "", (FigureCell(f"{count:,.0f}"),)) for hour, count in enumerate(hourly_orders))
    return Chart(
        "When orders come", "An ordinary day, as assumed.", (("orders an hour", picture),), FigureTable("", ("orders",), rows, "hour")
    )
