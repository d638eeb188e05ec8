"""Tornado charts of a sensitivity analysis, each with its table."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from reports.scenario.assumptions import SHOWN_MEASURES, is_clear
from reports.scenario.wording.measure_catalogue import measure_info
from reports.scenario.wording.tables import FigureCell, FigureRow, FigureTable
from reports.svg.numbers import decimal_places, number_text
from reports.svg.tornado import TornadoEnd, TornadoRow, tornado_chart
from simulator.field_types import Value, setting_words
from simulator.study_data import Study

MOST_ROWS = 10
MOST_IN_CHART = 2
"""Most values of a list that a chart shows."""
_FINEST = 100
"""Part of the largest change of a chart below which a change is shown as 0."""


@dataclass(frozen=True, slots=True)
class Tornado:
    """The tornado chart of a measure, and the same as a table."""

    title: str
    picture: Markup
    table: FigureTable


def tornados(study: Study) -> Iterator[Tornado]:
    """Yield a tornado chart for each measure that an assumption changes."""
    if study.sensitivity is None:
        return
    for measure in SHOWN_MEASURES:
        if measure not in study.sensitivity.bases:
            continue
        info = measure_info(measure, study.period)
        rows = list(tornado_rows(study, measure))
        if not rows:
            continue
        title = tornado_title(study, measure)
        table = FigureTable(
            title,
            ("value", "change", "95 % confidence interval"),
            tuple(_end_row(row, end) for row in rows for end in row.ends),
            "assumption",
        )
        yield Tornado(title, tornado_chart(title, rows, info.unit), table)


def tornado_title(study: Study, measure: str) -> str:
    """Return the title of a tornado chart: the measure, and its mean with all assumptions as they are."""
    info = measure_info(measure, study.period)
    base = (study.sensitivity.bases.get(measure, 0.0) if study.sensitivity is not None else 0.0) * info.factor
    return f"{info.title}: change from {number_text(base, decimal_places(base / 100))} {info.unit}"


def tornado_rows(study: Study, measure: str) -> Iterator[TornadoRow]:
    """Yield the assumptions with the largest changes of *measure*, those that could be chance left out."""
    info = measure_info(measure, study.period)
    sensitivity = study.sensitivity
    swinging = [
        (max(abs(swing.mean) for swing in swings), assumption, swings)
        for assumption in (sensitivity.assumptions if sensitivity is not None else ())
        if (swings := assumption.swings.get(measure)) and any(is_clear(swing) for swing in swings)
    ]
    most_decimals = decimal_places(max((largest for largest, _, _ in swinging), default=0.0) * abs(info.factor) / _FINEST)
    for _, assumption, swings in sorted(swinging, key=lambda entry: -entry[0])[:MOST_ROWS]:
        ends = tuple(
            TornadoEnd(_short_value(swing.value), *(end * info.factor for end in (swing.mean, swing.low, swing.high))) for swing in swings
        )
        changes = "; ".join(f"{end.name}: {_signed(end.change, most_decimals)}" for end in ends)
        yield TornadoRow(assumption.key, _short_value(assumption.value), ends, changes)


def _short_value(value: Value) -> str:
    """Format a value for a chart: a long list by its length."""
    return f"{len(value)} values" if isinstance(value, list) and len(value) > MOST_IN_CHART else setting_words(value)


def _signed(change: float, most_decimals: int) -> str:
    """Format a change with its first figure, but at most *most_decimals* decimal places; a smaller change is 0."""
    text = number_text(change, min(decimal_places(change), most_decimals), signed=True)
    return text if text.strip("0.") else "0"


def _end_row(row: TornadoRow, end: TornadoEnd) -> FigureRow:
    places = decimal_places((end.high - end.low) / 2 or end.change)
    interval = f"{number_text(end.low, places, signed=True)} to {number_text(end.high, places, signed=True)}"
    return FigureRow(row.name, "", (FigureCell(end.name), FigureCell(number_text(end.change, places, signed=True)), FigureCell(interval)))
