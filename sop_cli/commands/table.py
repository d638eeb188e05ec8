"""`sop table`: print all cases and their answers."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from importlib import import_module

import click

from sop_cli.decision_text import OneOf
from sop_engine import ENGINE, EVERY_CASE, FACTS, Decision, Reading
from sop_engine.text import spreadsheet_cell

COLUMNS = (*FACTS, "outcome", "tasks", "clauses", "gaps")


class TableFormat(StrEnum):
    """Output formats of the table."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    DMN = "dmn"
    JDM = "jdm"


@click.command(short_help="Print all cases and their answers.")
@click.option("--format", "form", type=OneOf(TableFormat), default=TableFormat.TEXT, help="Output format (default: text).")
@click.option(
    "--reading",
    type=OneOf(Reading),
    default=Reading.AS_PRACTISED,
    help="The clauses alone, or with our resolution of the gaps (default: as-practised).",
)
def table(form: TableFormat, reading: Reading) -> int:
    """Print all cases and their answers, in the order of the facts.

    Tasks not covered by the SOP are `null` in JSON and `open` elsewhere. An empty list, or `none`, means "nothing to do".
    `dmn` (DMN 1.3) and `jdm` are for other decision engines; in them, cases with the same answer share a rule.

    Exit status: 0 done, 2 invalid input or option, 70 internal error, 130 interrupted.
    """
    if form in (TableFormat.DMN, TableFormat.JDM):
        models = import_module("reports.export.dmn_jdm")
        click.echo(models.dmn(reading) if form is TableFormat.DMN else models.jdm(reading))
        return 0
    click.echo(_WRITERS[form]([ENGINE.decide(case, reading) for case in EVERY_CASE]))
    return 0


def _columns() -> tuple[str, ...]:
    """Return the columns; those of an answered gap only if there is one."""
    return (*COLUMNS, "decided") if any(gap.answer is not None for gap in ENGINE.rulebook.gaps) else COLUMNS


def _decided(decision: Decision) -> list[str]:
    """Return the status of each gap that the owner of the SOP has answered: ``GAP-04 decided by … on …``."""
    return [f"{gap.id} {gap.status}" for gap in ENGINE.rulebook.gaps if gap.answer is not None and gap.id in decision.gaps]


def _decision_cells(decision: Decision) -> list[str]:
    tasks = "open" if decision.tasks is None else "; ".join(task.cell for task in decision.tasks) or "none"
    cells = [*decision.case.key, str(decision.outcome), tasks, " ".join(decision.clauses), " ".join(decision.gaps)]
    return [*cells, *(["; ".join(_decided(decision))] if "decided" in _columns() else [])]


def _table_as_text(decisions: Sequence[Decision]) -> str:
    rows = [[name.replace("_", "-") for name in _columns()], *map(_decision_cells, decisions)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_columns()))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _table_as_csv(decisions: Sequence[Decision]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_columns())
    writer.writerows(map(spreadsheet_cell, _decision_cells(decision)) for decision in decisions)
    return out.getvalue().removesuffix("\n")


def _table_as_json(decisions: Sequence[Decision]) -> str:
    return json.dumps([decision.row() | _decided_as_json(decision) for decision in decisions], ensure_ascii=False, indent=1)


def _decided_as_json(decision: Decision) -> dict[str, list[str]]:
    return {"decided": _decided(decision)} if "decided" in _columns() else {}


def _table_as_markdown(decisions: Sequence[Decision]) -> str:
    lines = [" | ".join(name.replace("_", "-") for name in _columns()), " | ".join("---" for _ in _columns())]
    lines += [" | ".join(cell.replace("|", "\\|").replace("<", "\\<") for cell in _decision_cells(decision)) for decision in decisions]
    return "\n".join(f"| {line} |" for line in lines)


_WRITERS: dict[TableFormat, Callable[[Sequence[Decision]], str]] = {
    TableFormat.TEXT: _table_as_text,
    TableFormat.CSV: _table_as_csv,
    TableFormat.JSON: _table_as_json,
    TableFormat.MARKDOWN: _table_as_markdown,
}
