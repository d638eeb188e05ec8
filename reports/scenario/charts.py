"""The charts of a study: which measures are drawn, how, and each with its table."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from reports.scenario.headlines import Edge, heading, named, telling
from reports.scenario.measure_catalogue import MeasureInfo, measure_info
from reports.scenario.number_format import figure
from reports.scenario.study_questions import STUDY_QUESTIONS, StudyQuestion
from reports.scenario.tables import FigureCell, FigureRow, FigureTable, table_of, verdict_of
from reports.svg.daily_hours import HOURS, daily_hours_chart
from reports.svg.interval_chart import ErrorBar, interval_chart
from reports.svg.tipping_point import Point, tipping_point_chart
from simulator.study_data import Estimate, Study, Sweep, Variant

MOST_COMPARED = 10
"""Variants that one chart of intervals holds."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and the same as a table; *note* says what to look for."""

    title: str
    note: str
    pictures: tuple[tuple[str, Markup], ...]
    table: FigureTable


def pair_charts(study: Study) -> Iterator[Chart]:
    """What differs clearly, side by side and as a difference from the first variant; the first few themes where nothing does."""
    sides = study.variants[:MOST_COMPARED]
    chosen = telling(study) or [theme for theme in STUDY_QUESTIONS if theme.measure in study.variants[0].estimates][:3]
    for theme in chosen:
        about = measure_info(theme.measure)
        here = [_bar(study, each, each.estimates.get(theme.measure), about, base=each is sides[0]) for each in sides]
        less = [_bar(study, each, each.differences.get(theme.measure), about, base=False, signed=True) for each in sides[1:]]
        pictures = [(about.unit, interval_chart(theme.label, [bar for bar in here if bar], about.unit))]
        if any(less):
            words = f"compared with {named(study, sides[0])}"
            pictures.append((words, interval_chart(f"{theme.label}, {words}", [bar for bar in less if bar], about.unit, difference=True)))
        yield Chart(about.title, "", tuple(pictures), table_of(about.title, study, [about]))


def _bar(  # noqa: PLR0913 (what a bar has)
    study: Study, variant: Variant, estimate: Estimate | None, about: MeasureInfo, *, base: bool, signed: bool = False
) -> ErrorBar | None:
    if estimate is None:
        return None
    text = figure(estimate, about.factor, signed=signed)
    if signed and (verdict := verdict_of(estimate)) in ("chance", "same"):
        text += " · could be chance" if verdict == "chance" else " · the same"
    by = about.factor
    return ErrorBar(named(study, variant), estimate.mean * by, estimate.low * by, estimate.high * by, text, base)


def sweep_charts(study: Study, sweep: Sweep, breaks: Edge | None) -> Iterator[Chart]:
    """What differs clearly along *sweep*, that which breaks first."""
    clear = telling(study) or [theme for theme in STUDY_QUESTIONS if theme.measure in study.variants[0].estimates][:3]
    first = [breaks.theme] if breaks is not None else []
    for theme in [*first, *(theme for theme in clear if theme not in first)]:
        yield _cliff(study, sweep, theme, breaks if breaks is not None and theme == breaks.theme else None)


def _cliff(study: Study, sweep: Sweep, theme: StudyQuestion, breaks: Edge | None) -> Chart:
    about = measure_info(theme.measure)
    points = [
        Point(
            value,
            str(value),
            each.mean * about.factor,
            each.low * about.factor,
            each.high * about.factor,
            figure(each, about.factor),
        )
        for value, each in (
            (value, variant.estimates.get(theme.measure)) for value, variant in zip(sweep.values, study.variants, strict=True)
        )
        if each is not None
    ]
    after = study.variants[breaks.before + 1] if breaks else study.variants[0]
    remark = f"it breaks between {sweep.values[breaks.before]} and {heading(study, after)}" if breaks else ""
    complete = len(points) == len(study.variants)
    picture = tipping_point_chart(
        about.title,
        points,
        about.unit,
        sweep.says,
        breaks=breaks.before if breaks and complete else None,
        remark=remark if complete else "",
        height=340 if breaks else 230,
    )
    return Chart(about.title, "", (("", picture),), table_of(about.title, study, [about]))


def day_of(study: Study) -> Chart | None:
    """When orders come and when people work, as the settings say."""
    weights, orders = study.value("ajio.hourly_weights"), study.number("ajio.orders_per_day")
    if not isinstance(weights, list) or len(weights) != HOURS or not sum(weights) or orders is None:
        return None
    each = [weight / sum(weights) * orders for weight in weights]
    picture = daily_hours_chart(
        "Orders by hour of an ordinary day", each, study.number("wms.shift_starts_at_hour"), study.number("wms.shift_ends_at_hour")
    )
    rows = tuple(FigureRow(f"{hour} to {hour + 1} h", "", (FigureCell(f"{count:,.0f}"),)) for hour, count in enumerate(each))
    return Chart(
        "When orders come", "An ordinary day as it is assumed.", (("orders an hour", picture),), FigureTable("", ("orders",), rows, "hour")
    )
