"""The measures of a study as tables: a figure for every variant, and whether a difference is significant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.scenario.wording.measure_catalogue import MeasureInfo, measure_info, measure_infos
from reports.scenario.wording.number_format import figure, is_visible
from reports.scenario.wording.study_questions import STUDY_QUESTIONS
from reports.scenario.wording.variant_words import variant_heading
from simulator.study_data import Estimate, Study


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure as text; for a difference, *verdict* is "more", "less", "chance" or "same", and *difference* is its text."""

    text: str
    verdict: str = ""
    difference: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A measure and its figures, one for each heading of its table."""

    title: str
    unit: str
    cells: tuple[FigureCell, ...]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Rows under headings; *first* is the heading of the rows' names."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    first: str = "measure"


def comparison_table(study: Study) -> FigureTable:
    """Return the table of the headline measures."""
    questions = [question for question in STUDY_QUESTIONS if any(question.measure in variant.estimates for variant in study.variants)]
    return table_of("Headline figures", study, [measure_info(question.measure, study.period) for question in questions])


def measure_tables(study: Study) -> Iterator[FigureTable]:
    """Yield every measure, in a table for each group."""
    infos = measure_infos((name for variant in study.variants for name in variant.estimates), study.period)
    for group in dict.fromkeys(info.group for info in infos):
        yield table_of(group, study, [info for info in infos if info.group == group])


VERDICTS = {"steady": "steady", "growing": "grows day by day", "left": "not worked off at the end"}


def queue_table(study: Study) -> FigureTable:
    """Return the stations of every variant with their load, what waits, and whether the queue is steady."""
    rows = [
        FigureRow(
            queue.station,
            variant_heading(study, variant) if study.kind != "single" else "",
            tuple(
                map(
                    FigureCell,
                    (
                        f"{queue.load * 100:,.0f} %",
                        f"{queue.start:,.0f}",
                        f"{queue.end:,.0f}",
                        figure(queue.growth),
                        VERDICTS[queue.verdict],
                    ),
                )
            ),
        )
        for variant in study.variants
        if variant.stability is not None
        for queue in variant.stability.queues
    ]
    heads = ("load", "waiting, start", "waiting, end", "change a day", "queue")
    return FigureTable("Stations and their queues", heads, tuple(rows), "station")


def table_of(name: str, study: Study, rows: Sequence[MeasureInfo]) -> FigureTable:
    """Return a table of *rows* with a figure for every variant; with two variants, also the difference."""
    pair = study.is_pair
    heads = [variant_heading(study, variant) for variant in study.variants] if study.kind != "single" else ["mean"]
    first = f"measure, by {study.sweep.says}" if study.sweep is not None else "measure"
    heads += [f"{study.variants[1].name} minus {study.variants[0].name}"] if pair else []
    return FigureTable(name, tuple(heads), tuple(_figure_row(study, info, pair=pair) for info in rows), first)


def _figure_row(study: Study, info: MeasureInfo, *, pair: bool) -> FigureRow:
    base = study.variants[0].estimates.get(info.name)
    cells = [FigureCell(figure(base, info.factor))]
    for variant in study.variants[1:]:
        text, difference = figure(variant.estimates.get(info.name), info.factor), variant.differences.get(info.name)
        verdict = "" if pair else verdict_of(difference)
        if verdict in ("more", "less") and not is_visible(base, variant.estimates.get(info.name), info.factor):
            verdict = ""  # a paired difference so small that the printed figures are the same
        cells.append(FigureCell(text, verdict, figure(difference, info.factor, signed=True) if verdict in ("more", "less") else ""))
    if pair:
        difference = study.variants[1].differences.get(info.name)
        cells.append(FigureCell(figure(difference, info.factor, signed=True), verdict_of(difference)))
    return FigureRow(info.title, info.unit_and_period, tuple(cells))


def verdict_of(difference: Estimate | None) -> str:
    """Return the verdict of `FigureCell` on a paired difference; empty with a single replication, which has no interval."""
    if difference is None or difference.half_width is None:
        return ""
    if not difference.mean and not difference.half_width:
        return "same"
    return ("more" if difference.mean > 0 else "less") if difference.is_clear else "chance"
