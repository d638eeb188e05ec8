"""A study as text: a table of the most important measures, then all measures if requested."""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from shutil import get_terminal_size
from textwrap import wrap

import click

from simulator.study_data import COST, COUNTED_MEASURES, HEADLINE_MEASURES, NOTE_AGE, NOTES_LATE, Estimate, Study, Variant
from sop_engine.text import counted

MOST_DECIMAL_PLACES = 4
EASY_TO_READ = 88
"""Maximum width of a paragraph."""
WIDEST = 120
"""Maximum width of a table in characters without a terminal."""


OTHER_SETTINGS = "with other settings than this experiment has"
NO_ORDERS = "no order arrived on the measured days, so nothing was measured; simulate more orders or days"
TORNADO_WIDTH = 24
"""Characters of the longest bar of a tornado chart."""


@dataclass(frozen=True, slots=True)
class HeadlineMeasure:
    """A measure in the first table: its name in the study, its label, and the factor from the measure to the figure shown."""

    measure: str
    words: str
    scale: float = 1


LABELS = {
    "dispatched a day": ("orders dispatched a day", 1),
    "time to dispatch, hours": ("order to dispatch, hours", 1),
    "SLA target missed, share of dispatched": ("late dispatches, % of dispatched", 100),
    "SLA breached, share of orders": ("SLA breached, % of orders", 100),
    "orders cancelled in full, share": ("orders cancelled, % of orders", 100),
    "refused or failed requests": ("requests refused or failed", 1),
    "credit notes due": ("credit notes due", 1),
    NOTE_AGE: ("credit note made after, days", 1 / 24),
    NOTES_LATE: ("made after 30 days, % of notes", 100),
    "late e-invoices (GAP-17)": ("late e-invoices", 1),
    "packing errors": ("packing errors", 1),
    "packers busy, share of staffed time": ("packers busy, % of shift", 100),
    "packers' overtime, hours a day": ("packers' overtime, hours a day", 1),
    "units back, per order": ("returned units per order", 1),
    COST: ("cost, rupees a day", 1),
}
"""Label and factor of each headline measure."""
HEADLINES = tuple(HeadlineMeasure(measure, *LABELS[measure]) for measure in HEADLINE_MEASURES)


def study_in_words(study: Study, *, everything: bool) -> Iterator[str]:
    """Yield the study line by line."""
    yield click.style(study.name, bold=True) + f": {study.description}"
    changes = import_module("reports.scenario.reproduction").reproduction_of(study).changes
    if changes:
        yield click.style(f"{OTHER_SETTINGS}: {', '.join(changes)}", dim=True)
    yield click.style(_conditions_line(study), dim=True)
    yield ""
    if not study.has_orders:
        yield NO_ORDERS
        return
    yield from _caveat_lines(study)
    names = {name for variant in study.variants for name in variant.estimates}
    yield from _measure_table(study, [headline for headline in HEADLINES if headline.measure in names])
    yield ""
    yield from _legend_lines(study)
    if everything:
        measures = dict.fromkeys(name for variant in study.variants for name in variant.estimates)
        yield ""
        yield from _measure_table(study, [HeadlineMeasure(name, name) for name in measures])
    yield from _tornado_lines(study)
    yield from _check_lines(study)


def _tornado_lines(study: Study) -> Iterator[str]:
    """Yield the tornado charts of a sensitivity analysis as text: a bar of signs for each end of a range."""
    charts = import_module("reports.scenario.tornado_charts")
    for measure in charts.SHOWN_MEASURES if study.sensitivity is not None else ():
        rows = list(charts.tornado_rows(study, measure))
        if not rows:
            continue
        yield ""
        yield click.style(charts.tornado_title(study, measure), bold=True)
        largest = max(abs(end.change) for row in rows for end in row.ends)
        for row in rows:
            yield f"  {row.text}"
            for end in row.ends:
                length = round(abs(end.change) / largest * TORNADO_WIDTH)
                bar = ("◂" if end.change < 0 else "▸") * length
                left, right = (bar, "") if end.change < 0 else ("", bar)
                yield f"  {left:>{TORNADO_WIDTH}}│{right}".rstrip()


def _caveat_lines(study: Study) -> Iterator[str]:
    """Yield the sentences that come before the figures: the answer of a search, or queues that grow and the worst result."""
    precision, assumptions = import_module("reports.scenario.precision"), import_module("reports.scenario.assumptions")
    search, costs = import_module("reports.scenario.search_answer"), import_module("reports.scenario.costs")
    caveats = import_module("reports.scenario.wording.caveats")
    sentences = [*precision.precision_sentences(study), *assumptions.sensitivity_sentences(study)]
    if study.search is not None:
        sentences += search.search_sentences(study)
    else:
        sentences += [*caveats.unsteady_sentences(study), *caveats.worst_sentence(study), *caveats.warm_up_sentences(study)]
    sentences += costs.cost_sentences(study)
    for sentence in sentences:
        text = "".join(phrase.text for phrase in sentence)
        yield from wrap(text[:1].upper() + text[1:], min(_table_width(), EASY_TO_READ))
    if sentences:
        yield ""


def _conditions_line(study: Study) -> str:
    runs, days, variants = study.replications, study.days, len(study.variants)
    sides = f"{variants} variants, each " if variants > 1 else ""
    first = study.warm_up_days
    unmeasured = f", the first {f'{first} days' if first > 1 else 'day'} not measured" if first else ""
    return f"{sides}{counted(runs, 'replication')} of {counted(days, 'day')}{unmeasured}; seed {study.seed}"


def _legend_lines(study: Study) -> Iterator[str]:
    if study.replications > 1:
        yield click.style("± half of the 95 % confidence interval, or (a to b); more replications narrow it", dim=True)
        if len(study.variants) > 1:
            line = f"* differs clearly from {study.variants[0].name} (p < 0.05, Holm's correction)"
            yield click.style(line + ("" if study.is_pair else "; [difference]"), dim=True)
    else:
        yield click.style("one replication gives no confidence interval; run more with -r", dim=True)


def _measure_table(study: Study, rows: Sequence[HeadlineMeasure]) -> Iterator[str]:
    variants = study.variants
    head = ["", *_column_headings(study)]
    body = [[_label(study, row), *_measure_cells(study, row)] for row in rows]
    widths = [max(len(line[k]) for line in (head, *body)) for k in range(len(head))]
    if sum(widths) + 2 * len(widths) > _table_width() and len(variants) > 1:
        yield from _stacked_lines(study, rows)
        return
    if len(variants) > 1:
        yield "  ".join(click.style(cell.ljust(width), bold=True) for cell, width in zip(head, widths, strict=True)).rstrip()
    for line in body:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _label(study: Study, row: HeadlineMeasure) -> str:
    """Return the label of a measure, for a count with the time in which it is counted."""
    return f"{row.words} {study.period}" if row.measure in COUNTED_MEASURES else row.words


def _table_width() -> int:
    return get_terminal_size().columns if sys.stdout.isatty() else WIDEST


def _stacked_lines(study: Study, rows: Sequence[HeadlineMeasure]) -> Iterator[str]:
    """Yield a block for each measure with a line for each variant; used where the variants do not fit side by side."""
    heads = _column_headings(study)
    width = max(map(len, heads))
    for row in rows:
        yield click.style(_label(study, row), bold=True)
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
        if difference is not None and difference.is_clear and (study.is_pair or _is_visible(study, variant, row)):
            figure += " *" if study.is_pair else f" * [{_figure(difference, row.scale, signed=True)}]"
        cells.append(figure)
    if study.is_pair:
        cells.append(_figure(study.variants[1].differences.get(row.measure), row.scale, signed=True))
    return cells


def _is_visible(study: Study, variant: Variant, row: HeadlineMeasure) -> bool:
    """Return whether the printed means of the variant and the base differ, in the digits of the coarser one."""
    sides = [side.estimates[row.measure] for side in (study.variants[0], variant) if row.measure in side.estimates]
    places = min(_places(side, row.scale) for side in sides)
    return len({f"{side.mean * row.scale:.{places}f}" for side in sides}) > 1 or len(sides) == 1


def _places(estimate: Estimate, scale: float) -> int:
    mean, half = estimate.mean * scale, (estimate.high - estimate.low) / 2 * scale
    return _decimal_places(half or (mean % 1 and mean / 100))  # without an interval, three or four significant figures


def _figure(estimate: Estimate | None, scale: float, *, signed: bool = False) -> str:
    if estimate is None:
        return "-"
    mean, low, high, places = estimate.mean * scale, estimate.low * scale, estimate.high * scale, _places(estimate, scale)
    if estimate.is_uneven and estimate.events == 0:
        return f"0 (at most {high:,.{places}f})"
    mean = round(mean, places) + 0.0  # no "-0.00"
    sign = "+" if signed and mean > 0 else ""
    half = f"{(high - low) / 2:,.{places}f}"
    spread = f" ({low:,.{places}f} to {high:,.{places}f})" if estimate.is_uneven else f" ± {half}"
    has_spread = low < high and float(half.replace(",", "")) > 0
    text = f"{mean:,.{places}f}" if has_spread or estimate.replications == 1 else f"{mean:,.4g}"
    return f"{sign}{text}{spread if has_spread else ''}"


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
