"""The summary of an audit on the console: a line for each file and rule, the oldest duties, what was assumed, and where everything is."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from orders.amounts import rupees
from orders.row_places import RowPlaces
from reports.audit.earlier_audit import Comparison
from reports.audit.figures import ROW_STATES, Figures, figures_of, vms_lists
from reports.audit.material import AuditMaterial, records
from reports.audit.references import numbered_duties
from reports.audit.wording import RULES, channels_text, day_text, duty_state, source_name, unread_texts
from reports.audit.work import oldest_credit_notes
from reports.audit.writing import FILES
from sop_cli.paths import near
from sop_engine.text import counted

OLDEST = 5
RULE_WIDTH = 58
MOST_REASONS = 10


def print_lines(lines: Iterable[str], *, heading: bool = False, err: bool = False) -> None:
    """Print each of *lines* as one line, though names of files and columns can have line ends; the first in bold if it is a *heading*."""
    for number, line in enumerate(lines):
        text = " ".join(line.splitlines())
        click.echo(click.style(text, bold=True) if heading and not number else text, err=err)


def summary_lines(material: AuditMaterial, comparison: Comparison | None, out: Path) -> Iterator[str]:
    """Yield the summary line by line."""
    figures = figures_of(material)
    yield f"audit of {counted(figures.rows, 'row')} as of {day_text(material.as_of)}"
    for source in records(material.sources):
        yield f"  {source_name(source):28} {states_of(source)}"
        yield from (f"  {'':28} {line}" for line in (channels_text(source), *wrong_totals(source)) if line)
        unread = unread_texts(material.columns_of(source["source"]))
        yield from (f"  {'':28} {heading[:1].lower()}{heading[1:]}: {text}" for heading, text in unread)
    yield ""
    yield from _figure_lines(figures)
    if figures.rules:
        yield ""
        width = max(RULE_WIDTH, *(len(RULES.get(rule, "")) for rule in figures.rules))
        yield from (f"  {rule:5} {RULES.get(rule, ''):{width}} {count:>8,}" for rule, count in figures.rules.items())
    yield from vms_lines(material)
    yield from _oldest_lines(material)
    if comparison is not None:
        yield ""
        yield (
            f"since {comparison.as_of}: {len(comparison.closed):,} closed, {len(comparison.new):,} new, {len(comparison.older):,} older"
            + (f", {len(comparison.gone):,} of which these files do not show whether it was done" if comparison.gone else "")
        )
    if material.assumed:
        yield ""
        yield from (f"assumed: {sentence}" for sentence in material.assumed)
    yield ""
    yield from (f"{name:15} {near(out / name)}" for name in FILES if name.endswith((".html", ".xlsx")))
    yield f"{'all files':15} {near(out)}"


def aside_lines(material: AuditMaterial) -> Iterator[str]:
    """Yield the first rows set aside with their reasons, each as one line."""
    names = RowPlaces(records(material.sources))
    count = 0
    for row in records(material.rows_set_aside):
        for why in row["reasons"] or ():
            count += 1
            if count <= MOST_REASONS:
                column = f', column {why["letter"]} "{why["column"]}"' if why["letter"] else ""
                end = "" if why["message"].endswith("?") else ";"
                yield f"{names.text(row['source'], row['row'])}{column}: {why['message']}{end} {why['remedy']}"
    if count > MOST_REASONS:
        yield f"and {count - MOST_REASONS:,} more"


def states_of(source: Mapping[str, Any]) -> str:
    """Return the states of the rows of a file, such as ``5 rows: 4 used, 1 set aside``."""
    counts = [f"{source[name]:,} {name.replace('_', ' ')}" for name in ROW_STATES if source[name]]
    return f"{counted(source['rows'], 'row')}: {', '.join(counts)}"


def wrong_totals(source: Mapping[str, Any]) -> Iterator[str]:
    """Yield which total rows of a file do not agree with its rows."""
    for total in source["totals"] or ():
        sums = total["used"] + total["set_aside"] + total["repeated"]
        if total["said"] != sums:
            stated, sums = (rupees(value) if total["paise"] else f"{value:,}" for value in (total["said"], sums))
            file, row = RowPlaces([source]).place(0, total["row"])
            where = f"{row} of {file}" if source["parts"] else f"{row}"
            yield f"the total row {where} says {stated} in “{total['column']}”, the rows add up to {sums}: the file may be cut off"


def _figure_lines(figures: Figures) -> Iterator[str]:
    value = f", {figures.due_value}" if figures.due else ""
    yield f"{figures.against:>7,}  against the SOP"
    yield f"{_figure_text(figures.due, 'credit note')} due{value}"
    if figures.undecided:
        yield f"{_figure_text(figures.undecided, 'credit note')} of which it is not certain whether one is due or made"
    if figures.other_duties:
        yield _figure_text(figures.other_duties, "other duty", "other duties")
    yield _figure_text(figures.questions, "question")
    yield f"{_figure_text(figures.set_aside, 'row')} set aside"
    if figures.of_other_channels:
        yield f"{_figure_text(figures.of_other_channels, 'row')} of other sales channels, left out"


def vms_lines(material: AuditMaterial) -> Iterator[str]:
    """Yield how many entries each report of the VMS should list, and of how many this is not known."""
    lists = vms_lists(material)
    if lists:
        yield ""
    for of_report in lists:
        days = f", {of_report.days}" if of_report.days else ""
        unknown = f"; {of_report.left_out_count:,} more could not be placed" if of_report.left_out_count else ""
        yield f"{of_report.file}: {of_report.what}{days}{unknown}"


def _figure_text(number: int, noun: str, many: str = "") -> str:
    """Return a number with its noun, the number in a column."""
    count, _, words = counted(number, noun, many).partition(" ")
    return f"{count:>7}  {words}"


def _oldest_lines(material: AuditMaterial) -> Iterator[str]:
    for number, (_, duty) in enumerate(numbered_duties(material, oldest_credit_notes(material, OLDEST))):
        if not number:
            yield ""
            yield "the oldest credit notes due"
        days = "" if duty["days"] is None else f"{duty['days']:,} days"
        amount = rupees(duty["value_paise"] if duty["rest_paise"] is None else duty["rest_paise"]) or "of unknown value"
        yield f"  {duty['order_text']:16} {duty['invoice'] or '':16} {days:>10}  {amount:>16}  {duty_state(duty)}"
