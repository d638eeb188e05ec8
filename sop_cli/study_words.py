"""A study in words: a table that needs no statistics to be read, then as much more as is wished."""

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from shutil import get_terminal_size
from typing import Any

import click

Plain = Mapping[str, Any]
MOST_PLACES = 6
WIDEST = 120
"""Columns that a table may take where there is no terminal."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A measure that a table begins with: its name in the study, and what it is called; a share that is called "… %" is shown so."""

    measure: str
    words: str

    @property
    def scale(self) -> int:
        """What the measure is multiplied by."""
        return 100 if self.words.endswith("%") else 1


HEADLINES = (
    Headline("dispatched a day", "orders dispatched a day"),
    Headline("time to dispatch, hours", "order to dispatch, hours"),
    Headline("SLA target missed, share of dispatched", "SLA target missed, %"),
    Headline("SLA breached, share of orders", "SLA breached, %"),
    Headline("orders cancelled in full, share", "orders cancelled, %"),
    Headline("refused or failed requests", "requests refused or failed"),
    Headline("credit notes due", "credit notes due"),
    Headline("late e-invoices (GAP-17)", "e-invoices made too late"),
    Headline("packers busy, share of staffed time", "packers busy, %"),
    Headline("units back, per order", "units back, per order"),
)


def in_words(study: Plain, *, everything: bool) -> Iterator[str]:
    """The study, a line at a time."""
    yield click.style(study["name"], bold=True) + f": {study['description']}"
    yield click.style(_conditions(study), dim=True)
    yield ""
    names = {name for variant in study["variants"] for name in variant["estimates"]}
    yield from _table(study, [headline for headline in HEADLINES if headline.measure in names])
    yield ""
    yield from _legend(study)
    if everything:
        told = dict.fromkeys(name for variant in study["variants"] for name in variant["estimates"])
        yield ""
        yield from _table(study, [Headline(name, name) for name in told])
    yield from _checks(study)


def _conditions(study: Plain) -> str:
    runs, days, variants = study["replications"], study["days"], len(study["variants"])
    sides = f"{variants} variants, each " if variants > 1 else ""
    unmeasured = f", the first {study['warm_up_days']} not measured" if study["warm_up_days"] else ""
    return f"{sides}{runs} replication{'' if runs == 1 else 's'} of {days} days{unmeasured}; seed {study['seed']}"


def _legend(study: Plain) -> Iterator[str]:
    if study["replications"] > 1:
        yield click.style("± half of the 95 % confidence interval; more replications make it smaller", dim=True)
        if len(study["variants"]) > 1:
            yield click.style(f"* clearly different from {study['variants'][0]['name']}: chance alone does not explain it", dim=True)
    else:
        yield click.style("one replication says nothing about chance; ask for more with -r", dim=True)


def _table(study: Plain, rows: Sequence[Headline]) -> Iterator[str]:
    variants = study["variants"]
    head = ["", *_headings(study)]
    body = [[row.words, *_cells(study, row)] for row in rows]
    widths = [max(len(line[k]) for line in (head, *body)) for k in range(len(head))]
    if sum(widths) + 2 * len(widths) > _room() and len(variants) > 1:
        yield from _stacked(study, rows)
        return
    if len(variants) > 1:
        yield "  ".join(click.style(cell.ljust(width), bold=True) for cell, width in zip(head, widths, strict=True)).rstrip()
    for line in body:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _room() -> int:
    return get_terminal_size().columns if sys.stdout.isatty() else WIDEST


def _stacked(study: Plain, rows: Sequence[Headline]) -> Iterator[str]:
    """A block for each measure and a line for each variant, where they do not fit side by side."""
    heads = _headings(study)
    width = max(map(len, heads))
    for row in rows:
        yield click.style(row.words, bold=True)
        for heading, cell in zip(heads, _cells(study, row), strict=True):
            yield f"  {heading.ljust(width)}  {cell}"


def _headings(study: Plain) -> list[str]:
    """A heading for each column: the variants and, of a pair, the difference."""
    names = [variant["name"] if study["kind"] != "single" else "" for variant in study["variants"]]
    return [*names, f"{names[1]} less {names[0]}"] if _is_pair(study) else names


def _cells(study: Plain, row: Headline) -> list[str]:
    cells = []
    for variant in study["variants"]:
        figure = _figure(variant["estimates"].get(row.measure), row.scale)
        cells.append(f"{figure} *" if is_clear((variant["against_base"] or {}).get(row.measure)) else figure)
    if _is_pair(study):
        cells.append(_figure(study["variants"][1]["against_base"].get(row.measure), row.scale, signed=True))
    return cells


def _is_pair(study: Plain) -> bool:
    return study["kind"] == "paired" and len(study["variants"]) == 2  # noqa: PLR2004 (a pair is two)


def is_clear(difference: Plain | None) -> bool:
    """Whether the interval of a paired difference leaves out 0."""
    return difference is not None and difference["half_width"] is not None and abs(difference["mean"]) > difference["half_width"]


def _figure(estimate: Plain | None, scale: int, *, signed: bool = False) -> str:
    if estimate is None:
        return "-"
    mean, half = estimate["mean"] * scale, (estimate["half_width"] or 0) * scale
    places = _places(half or (mean % 1 and mean / 100))  # without a half-width, three figures or four
    sign = "+" if signed and mean > 0 else ""
    spread = "" if estimate["half_width"] is None else f" ± {half:,.{places}f}"
    return f"{sign}{mean:,.{places}f}{spread}"


def _places(value: float) -> int:
    """Decimal places that show what *value* is about: its first figure, and a second one after a 1 or a 2."""
    if not value:
        return 0
    power = math.floor(math.log10(abs(value)))
    return min(MOST_PLACES, max(0, -power + (abs(value) / 10.0**power < 3)))  # noqa: PLR2004 (as said)


def _checks(study: Plain) -> Iterator[str]:
    checks = study["checks"]
    if not checks:
        return
    broken = [check for check in checks if check["held"] < check["of"]]
    yield ""
    if not broken:
        yield click.style("✓", fg="green") + f" {len(checks)} checks of the log held in every replication"
    for check in broken:
        yield click.style("✗", fg="red") + f" {check['says'].rstrip('.')}: held in {check['held']} of {check['of']} replications"
        for failed in check.get("failed", ())[:3]:
            yield f"    {failed['variant']}, replication {failed['number']}: expected {failed['expected']}, found {failed['found']}"
