"""Tables of cancellations and credit notes, with a bar for each figure, all of a table on one scale."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.scenario.wording.measure_catalogue import AT, CANCELLATIONS, MeasureInfo, measure_info
from reports.scenario.wording.number_format import figure
from reports.scenario.wording.variant_words import variant_heading
from reports.svg.interval_chart import bar_with_interval
from simulator.study_data import Estimate, Study, Variant

MOST_SIDES = 3
"""Most variants in a table with bars; of more, the first and the last are shown."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its bar."""

    text: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class BarRow:
    """One kind of cancellation; in the first row of a group, *group* is its name and *span* the number of its rows."""

    group: str
    span: int
    kind: str
    cells: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A table with a bar for each figure, all on one scale."""

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[BarRow, ...]


def bars_of(study: Study) -> Iterator[Bars]:
    """Yield the tables of requests by canceller and by stage, and of credit notes; a table without measures in the study is left out."""
    sides = study.variants if len(study.variants) <= MOST_SIDES else (study.variants[0], study.variants[-1])
    heads = tuple(variant_heading(study, side) if study.kind != "single" else f"requests {study.period}" for side in sides)
    for start, name, note in (
        (
            CANCELLATIONS,
            "Requests to cancel, by canceller and outcome",
            f"Requests of the seller and of Ajio {study.period}, for the full order or part of it.",
        ),
        (AT, "Requests to cancel, by stage of the order", "The status in Assure OMS and the warehouse decides the answer."),
    ):
        rows = _bar_rows(sides, start)
        if rows:
            yield Bars(name, note, heads, rows)
    credit_notes = [
        (measure_info(measure, study.period), measure)
        for measure in ("credit notes due", "credit notes made", "late e-invoices (GAP-17)", "age of a credit note when made, hours")
    ]
    measured = [(info, measure) for info, measure in credit_notes if any(measure in side.estimates for side in sides)]
    if measured:
        rows = tuple(
            BarRow("", 1, _title_with_unit(info), cells)
            for info, measure in measured
            for cells in [
                _bar_cells(
                    sides, measure, _largest(sides, [measure]) if info.unit == "hours" else _largest(sides, _counted_measures(measured))
                )
            ]
        )
        heads = heads if study.kind != "single" else ("mean",)
        yield Bars("Credit notes", "Credit notes for cancelled orders with an e-invoice, and their age when made.", heads, rows)


def _title_with_unit(info: MeasureInfo) -> str:
    unit = info.unit if info.unit not in info.title.casefold() else ""
    return ", ".join(filter(None, (info.title, f"{unit} {info.period}".strip())))


def _counted_measures(measures: Sequence[tuple[MeasureInfo, str]]) -> list[str]:
    return [measure for info, measure in measures if info.unit != "hours"]


def _bar_rows(sides: Sequence[Variant], start: str) -> tuple[BarRow, ...]:
    """Convert measures named "start: a / b / c" to rows; "a" is left out if each side has only one, as with ERP against RMS."""
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
    return max((side.estimates[name].high for side in sides for name in names if name in side.estimates), default=0.0)


def _bar_cells(sides: Sequence[Variant], name: str, largest: float) -> tuple[Measured, ...]:
    return tuple(_measured(side.estimates.get(name), largest) for side in sides)


def _measured(estimate: Estimate | None, largest: float) -> Measured:
    text = figure(estimate)
    if estimate is None:
        return Measured(text, Markup())
    return Measured(text, bar_with_interval(estimate.mean, estimate.low, estimate.high, largest, text))
