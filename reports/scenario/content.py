"""What a scenario report says, as plain data: everything is decided here, and templates only place it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from reports.scenario.again import Again, again, defaults
from reports.scenario.answers import Edge, Headline, answers, besides, edge, heading, named, telling
from reports.scenario.cliff import Point, cliff
from reports.scenario.figures import figure, plural
from reports.scenario.hours import HOURS, day
from reports.scenario.intervals import Bar, intervals, whisker
from reports.scenario.known import AT, CANCELLATIONS, Known, in_order, known
from reports.scenario.lanes import lanes
from reports.scenario.story import Story, story
from reports.scenario.study import Check, Estimate, Study, Variant
from reports.scenario.themes import THEMES, Clause, Theme
from simulator.lives import OrderLife
from sop_engine import Rulebook

MOST_SIDES = 3
"""Variants that stand side by side in a table of bars; of more, the first and the last."""
MOST_COMPARED = 10
"""Variants that one chart of intervals holds."""
_SMALL = ("ERP", "RMS", "SLA", "RSI", "WMS", "OMS", "RTO")


@dataclass(frozen=True, slots=True)
class Column:
    """A figure in words; *verdict* is "more", "less", "chance" or "same" where it is a difference."""

    text: str
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A measure and its figures, one for each heading of its table."""

    title: str
    unit: str
    cells: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; *first* is the heading of the rows' names."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    first: str = "measure"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and the same as a table; *note* says what to look for."""

    title: str
    note: str
    pictures: tuple[tuple[str, Markup], ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its bar."""

    text: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class BarRow:
    """One kind of cancellation; *first* is its group where that begins, and *span* how many rows it has."""

    group: str
    span: int
    kind: str
    cells: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A table whose figures have bars beside them, all on one scale."""

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[BarRow, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An order's life and its picture."""

    story: Story
    picture: Markup


@dataclass(frozen=True, slots=True)
class Given:
    """A setting as it was: *changed* from its default, *varied* between variants, *source* of the default where there is one."""

    key: str
    value: str
    says: str
    source: str
    changed: str
    varied: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The report."""

    title: str
    question: str
    study: Study
    base: str
    sides: tuple[tuple[str, str], ...]
    answers: tuple[Clause, ...]
    plus_minus: str
    broken: tuple[Check, ...]
    headlines: tuple[Headline, ...]
    compared: Table | None
    hero: Chart | None
    charts: tuple[Chart, ...]
    bars: tuple[Bars, ...]
    lives: tuple[Told, ...]
    measures: tuple[Table, ...]
    settings: tuple[Given, ...]
    day: Chart | None
    again: Again
    logs: str
    rulebook: str


def page_of(study: Study, lives: Sequence[OrderLife], rulebook: Rulebook) -> Page:
    """Everything that the report on *study* says, with the lives of a few orders."""
    breaks = edge(study)
    charts = list(_sweep_charts(study, breaks) if study.kind == "sweep" else _pair_charts(study) if study.kind == "paired" else ())
    hero = charts.pop(0) if study.kind == "sweep" and charts else None
    rows = sum(variant.rows for variant in study.variants)
    return Page(
        title=title(study.name),
        question=study.description,
        study=study,
        base=named(study, study.variants[0]),
        sides=tuple((named(study, each), each.says) for each in study.variants) if study.kind == "paired" else (),
        answers=answers(study),
        plus_minus=_plus_minus(study),
        broken=tuple(check for check in study.checks if check.held < check.of),
        headlines=besides(study) if study.kind == "single" else (),
        compared=_compared(study) if study.kind != "single" else None,
        hero=hero,
        charts=tuple(charts),
        bars=tuple(_bars(study)),
        lives=tuple(Told(each, lanes(each)) for each in (story(life, rulebook) for life in lives)),
        measures=tuple(_measures(study)),
        settings=tuple(_settings(study)),
        day=_day(study),
        again=again(study),
        logs=f"{plural(sum(len(each.digests) for each in study.variants), 'log')} with {plural(rows, 'event')} in all",
        rulebook=rulebook.sha256,
    )


def title(name: str) -> str:
    """A name of an experiment as a heading."""
    words = " ".join(word.upper() if word.upper() in _SMALL else word for word in name.replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _plus_minus(study: Study) -> str:
    """What ± means; said once."""
    if study.replications < 2:  # noqa: PLR2004 (one says nothing of luck)
        return (
            "This is a single replication: one possible course of events. How far luck alone would move the figures is not known; "
            "ask for more replications."
        )
    sure = f"{study.confidence * 100:g} %"
    compare = " All variants had the same customers and the same luck." if study.kind != "single" else ""
    return (
        f"Each figure is the mean of {study.replications} simulated runs that differ only by luck. ± says how far luck may have moved "
        f"that mean: the true one lies within it with {sure} confidence.{compare}"
    )


def _compared(study: Study) -> Table:
    """The headline measures of each side, and what differs."""
    themes = [theme for theme in THEMES if any(theme.measure in each.estimates for each in study.variants)]
    return _table("Headline figures", study, [known(theme.measure) for theme in themes])


def _measures(study: Study) -> Iterator[Table]:
    found = in_order(name for variant in study.variants for name in variant.estimates)
    for group in dict.fromkeys(each.group for each in found):
        yield _table(group, study, [each for each in found if each.group == group])


def _table(name: str, study: Study, rows: Sequence[Known]) -> Table:
    """*rows* for every variant; with two of them, also the difference."""
    pair = study.kind == "paired" and len(study.variants) == 2  # noqa: PLR2004 (a pair)
    heads = [heading(study, each) for each in study.variants] if study.kind != "single" else ["mean"]
    first = f"measure, by {study.sweep_says}" if study.kind == "sweep" else "measure"
    heads += [f"{study.variants[1].name} less {study.variants[0].name}"] if pair else []
    return Table(name, tuple(heads), tuple(_row(study, each, pair=pair) for each in rows), first)


def _row(study: Study, about: Known, *, pair: bool) -> Row:
    cells = [
        Column(figure(each.estimates.get(about.name), about.factor), "" if pair else _verdict(each.against.get(about.name)))
        for each in study.variants
    ]
    if pair:
        difference = study.variants[1].against.get(about.name)
        cells.append(Column(figure(difference, about.factor, signed=True), _verdict(difference)))
    return Row(about.title, about.unit, tuple(cells))


def _verdict(difference: Estimate | None) -> str:
    if difference is None or difference.half is None:
        return ""
    if not difference.mean and not difference.half:
        return "same"
    return ("more" if difference.mean > 0 else "less") if difference.clear else "chance"


def _pair_charts(study: Study) -> Iterator[Chart]:
    sides = study.variants[:MOST_COMPARED]
    chosen = telling(study) or [theme for theme in THEMES if theme.measure in study.variants[0].estimates][:3]
    for theme in chosen:
        about = known(theme.measure)
        here = [_bar(study, each, each.estimates.get(theme.measure), about, base=each is sides[0]) for each in sides]
        less = [_bar(study, each, each.against.get(theme.measure), about, base=False, signed=True) for each in sides[1:]]
        pictures = [(about.unit, intervals(theme.label, [bar for bar in here if bar], about.unit))]
        if any(less):
            words = f"compared with {named(study, sides[0])}"
            pictures.append((words, intervals(f"{theme.label}, {words}", [bar for bar in less if bar], about.unit, difference=True)))
        yield Chart(about.title, "", tuple(pictures), _table(about.title, study, [about]))


def _bar(study: Study, variant: Variant, estimate: Estimate | None, about: Known, *, base: bool, signed: bool = False) -> Bar | None:  # noqa: PLR0913 (what a bar has)
    if estimate is None:
        return None
    text = figure(estimate, about.factor, signed=signed)
    if signed and (verdict := _verdict(estimate)) in ("chance", "same"):
        text += " · could be chance" if verdict == "chance" else " · the same"
    by = about.factor
    return Bar(named(study, variant), estimate.mean * by, estimate.low * by, estimate.high * by, text, base)


def _sweep_charts(study: Study, breaks: Edge | None) -> Iterator[Chart]:
    clear = telling(study) or [theme for theme in THEMES if theme.measure in study.variants[0].estimates][:3]
    first = [breaks.theme] if breaks is not None else []
    for theme in [*first, *(theme for theme in clear if theme not in first)]:
        yield _cliff(study, theme, breaks if breaks is not None and theme == breaks.theme else None)


def _cliff(study: Study, theme: Theme, breaks: Edge | None) -> Chart:
    about = known(theme.measure)
    points = [
        Point(
            value,
            str(value),
            each.mean * about.factor,
            each.low * about.factor,
            each.high * about.factor,
            figure(each, about.factor),
        )
        for value, each in ((value, variant.estimates.get(theme.measure)) for value, variant in _swept(study))
        if each is not None
    ]
    after = study.variants[breaks.before + 1] if breaks else study.variants[0]
    remark = f"it breaks between {study.sweep_values[breaks.before]} and {heading(study, after)}" if breaks else ""
    complete = len(points) == len(study.variants)
    picture = cliff(
        about.title,
        points,
        about.unit,
        study.sweep_says,
        breaks=breaks.before if breaks and complete else None,
        remark=remark if complete else "",
        height=340 if breaks else 230,
    )
    return Chart(about.title, "", (("", picture),), _table(about.title, study, [about]))


def _swept(study: Study) -> Iterator[tuple[Any, Variant]]:
    yield from zip(study.sweep_values, study.variants, strict=True)


def _bars(study: Study) -> Iterator[Bars]:
    sides = study.variants if len(study.variants) <= MOST_SIDES else (study.variants[0], study.variants[-1])
    heads = tuple(heading(study, each) if study.kind != "single" else "requests" for each in sides)
    for start, name, note in (
        (CANCELLATIONS, "Who asked to cancel, and what came of it", "Requests by seller and Ajio, for whole orders and for parts."),
        (AT, "Where the order stood when it was asked", "The status in Assure OMS and the warehouse decides the answer."),
    ):
        rows = _bar_rows(sides, start)
        if rows:
            yield Bars(name, note, heads, rows)
    paper = [
        (known(measure), measure)
        for measure in ("credit notes due", "credit notes made", "late e-invoices (GAP-17)", "age of a credit note when made, hours")
    ]
    shown = [(about, measure) for about, measure in paper if any(measure in each.estimates for each in sides)]
    if shown:
        rows = tuple(
            BarRow("", 1, f"{about.title}, {about.unit}" if about.unit not in about.title.casefold() else about.title, cells)
            for about, measure in shown
            for cells in [_cells(sides, measure, _largest(sides, [measure]) if about.unit == "hours" else _largest(sides, _counts(shown)))]
        )
        yield Bars(
            "Credit notes", "What the client owed for cancelled orders with an e-invoice, and how old it was when made.", heads, rows
        )


def _counts(shown: Sequence[tuple[Known, str]]) -> list[str]:
    return [measure for about, measure in shown if about.unit != "hours"]


def _bar_rows(sides: Sequence[Variant], start: str) -> tuple[BarRow, ...]:
    """Measures called "start: a / b / c" as rows; where each side has one "a" only, as with ERP against RMS, it is left out."""
    each_side = [
        {tuple(name.removeprefix(start).split(" / ")): of for name, of in side.estimates.items() if name.startswith(start)}
        for side in sides
    ]
    if start == AT and all(len({kind[0] for kind in side}) <= 1 for side in each_side):
        each_side = [{kind[1:]: of for kind, of in side.items()} for side in each_side]
    groups: dict[str, list[tuple[str, ...]]] = {}
    for kind in dict.fromkeys(kind for side in each_side for kind in side):
        groups.setdefault(", ".join(kind[:-1]), []).append(kind)
    largest = max((of.high for side in each_side for of in side.values()), default=0.0)
    return tuple(
        BarRow(
            group if not k else "", len(kinds) if not k else 0, kind[-1], tuple(_measured(side.get(kind), largest) for side in each_side)
        )
        for group, kinds in groups.items()
        for k, kind in enumerate(kinds)
    )


def _largest(sides: Sequence[Variant], names: Sequence[str]) -> float:
    return max((each.estimates[name].high for each in sides for name in names if name in each.estimates), default=0.0)


def _cells(sides: Sequence[Variant], name: str, largest: float) -> tuple[Measured, ...]:
    return tuple(_measured(each.estimates.get(name), largest) for each in sides)


def _measured(estimate: Estimate | None, largest: float) -> Measured:
    text = figure(estimate)
    if estimate is None:
        return Measured(text, Markup())
    return Measured(text, whisker(estimate.mean, estimate.low, estimate.high, largest, text))


def _settings(study: Study) -> Iterator[Given]:
    usual = defaults()
    for each in study.settings:
        changed = each.key in usual and usual[each.key] != each.value
        yield Given(
            each.key,
            shown(each.value),
            each.says,
            "" if each.assumed else each.source,
            shown(usual[each.key]) if changed else "",
            each.varied,
        )


def shown(value: object) -> str:
    """A value of a setting as a reader would write it."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(shown, value)) or "none"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)  # noqa: PLR2004 (g turns larger ones into powers)


def _day(study: Study) -> Chart | None:
    """When orders come and when people work, as the settings say."""
    weights, orders = study.value("ajio.hourly_weights"), study.value("ajio.orders_per_day")
    if not isinstance(weights, list) or len(weights) != HOURS or not isinstance(orders, (int, float)) or not sum(weights):
        return None
    each = [weight / sum(weights) * orders for weight in weights]
    picture = day("Orders by hour of an ordinary day", each, study.value("wms.shift_starts_at_hour"), study.value("wms.shift_ends_at_hour"))
    rows = tuple(Row(f"{hour} to {hour + 1} h", "", (Column(f"{count:,.0f}"),)) for hour, count in enumerate(each))
    return Chart(
        "When orders come", "An ordinary day as it is assumed.", (("orders an hour", picture),), Table("", ("orders",), rows, "hour")
    )
