"""A study as text: a table of the most important measures, then all measures if requested."""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shutil import get_terminal_size

import click

from simulator.study_data import Estimate, Study
from sop_engine.text import counted

MOST_DECIMAL_PLACES = 6
WIDEST = 120
"""Maximum width of a table in characters without a terminal."""


@dataclass(frozen=True, slots=True)
class HeadlineMeasure:
    """A measure in the first table: its name in the study and its label; a share whose label ends in "%" is shown in per cent."""

    measure: str
    words: str

    @property
    def scale(self) -> int:
        """Return the factor from the measure to the figure shown."""
        return 100 if self.words.endswith("%") else 1


HEADLINES = (
    HeadlineMeasure("dispatched a day", "orders dispatched a day"),
    HeadlineMeasure("time to dispatch, hours", "order to dispatch, hours"),
    HeadlineMeasure("SLA target missed, share of dispatched", "late dispatches, %"),
    HeadlineMeasure("SLA breached, share of orders", "SLA breached, %"),
    HeadlineMeasure("orders cancelled in full, share", "orders cancelled, %"),
    HeadlineMeasure("refused or failed requests", "requests refused or failed"),
    HeadlineMeasure("credit notes due", "credit notes due"),
    HeadlineMeasure("late e-invoices (GAP-17)", "late e-invoices"),
    HeadlineMeasure("packers busy, share of staffed time", "packers busy, %"),
    HeadlineMeasure("units back, per order", "returned units per order"),
)


def study_in_words(study: Study, *, everything: bool) -> Iterator[str]:
    """Yield the study line by line."""
    yield click.style(study.name, bold=True) + f": {study.description}"
    yield click.style(_conditions_line(study), dim=True)
    yield ""
    names = {name for variant in study.variants for name in variant.estimates}
    yield from _measure_table(study, [headline for headline in HEADLINES if headline.measure in names])
    yield ""
    yield from _legend_lines(study)
    if everything:
        measures = dict.fromkeys(name for variant in study.variants for name in variant.estimates)
        yield ""
        yield from _measure_table(study, [HeadlineMeasure(name, name) for name in measures])
    yield from _check_lines(study)


def _conditions_line(study: Study) -> str:
    runs, days, variants = study.replications, study.days, len(study.variants)
    sides = f"{variants} variants, each " if variants > 1 else ""
    first = study.warm_up_days
    unmeasured = f", the first {f'{first} days' if first > 1 else 'day'} not measured" if first else ""
    return f"{sides}{counted(runs, 'replication')} of {counted(days, 'day')}{unmeasured}; seed {study.seed}"


def _legend_lines(study: Study) -> Iterator[str]:
    if study.replications > 1:
        yield click.style("± half of the 95 % confidence interval; more replications make it smaller", dim=True)
        if len(study.variants) > 1:
            yield click.style(f"* differs from {study.variants[0].name}: 0 is outside the 95 % confidence interval", dim=True)
    else:
        yield click.style("one replication gives no confidence interval; run more with -r", dim=True)


def _measure_table(study: Study, rows: Sequence[HeadlineMeasure]) -> Iterator[str]:
    variants = study.variants
    head = ["", *_column_headings(study)]
    body = [[row.words, *_measure_cells(study, row)] for row in rows]
    widths = [max(len(line[k]) for line in (head, *body)) for k in range(len(head))]
    if sum(widths) + 2 * len(widths) > _table_width() and len(variants) > 1:
        yield from _stacked_lines(study, rows)
        return
    if len(variants) > 1:
        yield "  ".join(click.style(cell.ljust(width), bold=True) for cell, width in zip(head, widths, strict=True)).rstrip()
    for line in body:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _table_width() -> int:
    return get_terminal_size().columns if sys.stdout.isatty() else WIDEST


def _stacked_lines(study: Study, rows: Sequence[HeadlineMeasure]) -> Iterator[str]:
    """Yield a block for each measure with a line for each variant; used where the variants do not fit side by side."""
    heads = _column_headings(study)
    width = max(map(len, heads))
    for row in rows:
        yield click.style(row.words, bold=True)
        for heading, cell in zip(heads, _measure_cells(study, row), strict=True):
            yield f"  {heading.ljust(width)}  {cell}"


def _column_headings(study: Study) -> list[str]:
    """Return the column headings: the variants and, for a pair, the difference."""
    names = [variant.name if study.kind != "single" else "" for variant in study.variants]
    return [*names, f"{names[1]} minus {names[0]}"] if study.is_pair else names


def _measure_cells(study: Study, row: HeadlineMeasure) -> list[str]:
    cells = []
    for variant in study.variants:
        figure = _figure(variant.estimates.get(row.measure), row.scale)
        difference = variant.differences.get(row.measure)
        cells.append(f"{figure} *" if difference is not None and difference.is_clear else figure)
    if study.is_pair:
        cells.append(_figure(study.variants[1].differences.get(row.measure), row.scale, signed=True))
    return cells


def _figure(estimate: Estimate | None, scale: int, *, signed: bool = False) -> str:
    if estimate is None:
        return "-"
    mean, half = estimate.mean * scale, (estimate.half_width or 0) * scale
    places = _decimal_places(half or (mean % 1 and mean / 100))  # without a half-width, three or four significant figures
    sign = "+" if signed and mean > 0 else ""
    spread = "" if estimate.half_width is None else f" ± {half:,.{places}f}"
    return f"{sign}{mean:,.{places}f}{spread}"


def _decimal_places(value: float) -> int:
    """Return the decimal places that show the first significant figure of *value*, and a second one if the first is 1 or 2."""
    if not value:
        return 0
    power = math.floor(math.log10(abs(value)))
    return min(MOST_DECIMAL_PLACES, max(0, -power + (abs(value) / 10.0**power < 3)))  # noqa: PLR2004 (see above)


def _check_lines(study: Study) -> Iterator[str]:
    checks = study.checks
    if not checks:
        return
    broken = [check for check in checks if check.is_broken]
    yield ""
    if not broken:
        yield click.style("✓", fg="green") + f" {len(checks)} checks of the event log passed in every replication"
    for check in broken:
        yield click.style("✗", fg="red") + f" {check.says.rstrip('.')}: passed in {check.held} of {check.of} replications"
        for failed in check.failed[:3]:
            yield f"    {failed.variant}, replication {failed.number}: expected {failed.expected}, found {failed.found}"
