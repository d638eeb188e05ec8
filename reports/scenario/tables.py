"""The measures of a study as tables: a figure for every variant, and whether a difference could be chance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.scenario.headlines import heading
from reports.scenario.measure_catalogue import MeasureInfo, in_order, measure_info
from reports.scenario.number_format import figure
from reports.scenario.study_questions import STUDY_QUESTIONS
from simulator.study_data import Estimate, Study


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure in words; *verdict* is "more", "less", "chance" or "same" where it is a difference."""

    text: str
    verdict: str = ""


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


def compared(study: Study) -> FigureTable:
    """The headline measures of each side, and what differs."""
    themes = [theme for theme in STUDY_QUESTIONS if any(theme.measure in each.estimates for each in study.variants)]
    return table_of("Headline figures", study, [measure_info(theme.measure) for theme in themes])


def measures(study: Study) -> Iterator[FigureTable]:
    """Every measure, a table for each group."""
    found = in_order(name for variant in study.variants for name in variant.estimates)
    for group in dict.fromkeys(each.group for each in found):
        yield table_of(group, study, [each for each in found if each.group == group])


def table_of(name: str, study: Study, rows: Sequence[MeasureInfo]) -> FigureTable:
    """*rows* for every variant; with two of them, also the difference."""
    pair = study.is_pair
    heads = [heading(study, each) for each in study.variants] if study.kind != "single" else ["mean"]
    first = f"measure, by {study.sweep.says}" if study.sweep is not None else "measure"
    heads += [f"{study.variants[1].name} less {study.variants[0].name}"] if pair else []
    return FigureTable(name, tuple(heads), tuple(_row(study, each, pair=pair) for each in rows), first)


def _row(study: Study, about: MeasureInfo, *, pair: bool) -> FigureRow:
    cells = [
        FigureCell(figure(each.estimates.get(about.name), about.factor), "" if pair else verdict_of(each.differences.get(about.name)))
        for each in study.variants
    ]
    if pair:
        difference = study.variants[1].differences.get(about.name)
        cells.append(FigureCell(figure(difference, about.factor, signed=True), verdict_of(difference)))
    return FigureRow(about.title, about.unit, tuple(cells))


def verdict_of(difference: Estimate | None) -> str:
    """What a paired difference is worth, as one word of `FigureCell`; empty where one replication cannot say."""
    if difference is None or difference.half_width is None:
        return ""
    if not difference.mean and not difference.half_width:
        return "same"
    return ("more" if difference.mean > 0 else "less") if difference.is_clear else "chance"
