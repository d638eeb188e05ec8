"""An audit of a scenario: its exports written as files with their mapping, and checks of what the audit finds in them."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orders.duties import Urgency
from sop_engine import Invoicing, Reading, load_rulebook
from steps.definitions.tables import FilledTable
from steps.driver.protocol import Driver
from steps.support.audit_tables import FINDING_WORDS, UNCERTAIN, Export, FilledExport
from steps.support.cell_kinds import NOTHING
from steps.support.claims import Check, Claims
from steps.support.order_steps import UntrueStepError

MAPPING = "audit.toml"
FORMATS = '{ format = ["yyyy-mm-dd", "yyyy-mm-dd HH:MM"], zone = "Asia/Kolkata" }'
ROWS_ASIDE = "rows set aside"
FINDINGS_FACET = "findings"
_WORDS_OF_RULES = {finding.partition(" ")[0]: finding for finding in FINDING_WORDS}
_SENTENCE_END = re.compile(r"(?<=[^0-9][.?!]) ")
"""A full stop behind a digit belongs to a list, such as ``1. ask Ajio``."""


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """The exports of a scenario, how their orders are invoiced, and whether returned goods are booked in the ERP."""

    exports: tuple[FilledExport, ...] = ()
    invoicing: tuple[Invoicing, ...] = tuple(Invoicing)
    stock_in_erp: bool = False

    def invoiced_through(self, invoicing: Invoicing) -> "AuditPlan":
        """Return a copy in which all orders are invoiced in one way."""
        return replace(self, invoicing=(invoicing,))

    def with_stock_in_erp(self) -> "AuditPlan":
        """Return a copy in which the client books returned goods in its ERP."""
        return replace(self, stock_in_erp=True)

    def with_export(self, export: Export, table: FilledTable) -> "AuditPlan":
        """Return a copy with one more file.

        Raises:
            UntrueStepError: there is a file of that system already.
        """
        if any(filled.export is export for filled in self.exports):
            raise UntrueStepError(f"there is already a table for {export.file}", "write one table for each file")
        rows = tuple(tuple(row.texts[column] for column in table.columns) for row in table.rows)
        return replace(self, exports=(*self.exports, FilledExport(export, table.columns, rows)))

    def with_claim(self, what: str, first: date, last: date) -> "AuditPlan":
        """Return a copy in which the latest file claims to hold all of *what* from *first* to *last*.

        Raises:
            UntrueStepError: there is no file, or it has a claim already.
        """
        if not self.exports or self.exports[-1].claim is not None:
            raise UntrueStepError(
                "the step before does not give a file without a claim", "write it after the table of a file, once for each file"
            )
        *others, latest = self.exports
        return replace(self, exports=(*others, replace(latest, claim=(what, str(first), str(last)))))

    @property
    def files(self) -> dict[str, str]:
        """The texts of the files and of their mapping, by name."""
        texts = {filled.export.file: _csv_text(filled) for filled in self.exports}
        invoicing = str(self.invoicing[0]) if len(self.invoicing) == 1 else "unknown"
        audit = ["[audit]", f'invoicing = "{invoicing}"', f"stock_in_erp = {str(self.stock_in_erp).lower()}"]
        return texts | {MAPPING: "\n".join([*audit, *(_source_text(filled) for filled in self.exports), ""])}


@dataclass(frozen=True, slots=True)
class AuditRun:
    """What the audit of a scenario says: rows with the columns of the tables of features, and the subject of its claims."""

    subject: Mapping[str, object]
    reading: Reading
    findings: Sequence[Mapping[str, str]]
    duties: Sequence[Mapping[str, str]]
    cancelled_after_posting: Sequence[Mapping[str, str]]
    returned_units: Sequence[Mapping[str, str]]
    set_aside: Sequence[Mapping[str, str]]


def run_of_plan(plan: AuditPlan, as_of: date, reading: Reading, driver: Driver) -> AuditRun:
    """Write the files of *plan* into a temporary folder, and let *driver* audit them.

    Raises:
        NotSupportedError: the driver makes no audits.
        SopError: a file cannot be read.
    """
    with TemporaryDirectory(prefix="sop-audit-") as folder:
        for name, text in plan.files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
        answer = driver.audit(Path(folder) / MAPPING, as_of, reading)
    facts = {"report": "audit", "as of": str(as_of), "files": ", ".join(filled.export.file for filled in plan.exports)}
    return AuditRun(
        {"kind": "report", "facts": facts},
        reading,
        [_finding_cells(finding) for finding in answer.findings],
        [_duty_cells(duty) for duty in answer.duties],
        [_cancelled_cells(order) for order in answer.cancelled_after_posting],
        [_returned_cells(unit) for unit in answer.returned_units],
        [
            {
                "file": name,
                "row": str(row),
                "reason": "; ".join(reason["message"] for reason in reasons),
                "question": ", ".join(dict.fromkeys(reason["gap"] for reason in reasons if reason["gap"])) or NOTHING,
            }
            for name, row, reasons in answer.set_aside
        ],
    )


def finding_checks(run: AuditRun, table: FilledTable | None, claims: Claims) -> list[Check]:
    """Return the checks that the audit finds exactly the rows of *table*, nothing without one, and sets no row aside that no Then names."""
    named = any(claim.facet == ROWS_ASIDE for claim in claims.entries)
    unnamed = [] if named else [f"{row['file']} row {row['row']}: {row['reason']}" for row in run.set_aside]
    expected = [] if table is None else table.texts
    checks: list[Check] = [(f"{ROWS_ASIDE} that no Then names", [], unnamed)] if unnamed else []
    checks.append((FINDINGS_FACET, len(expected), len(run.findings)))
    if table is None:
        return [*checks, ("rows", [], [[row["order"], row["finding"], row["why"]] for row in run.findings])]
    why = table.columns.index("why")
    actual = [[row[column] for column in table.columns] for row in run.findings]
    for cells, row in zip(expected, actual, strict=False):
        row[why] = _sentences_found(cells[why], row[why])
    return [*checks, *_cell_checks(table, actual)]


def duty_checks(run: AuditRun, table: FilledTable | None) -> list[Check]:
    """Return the checks that the duties are exactly the rows of *table*, or that there is none without one."""
    if table is None:
        return [("duties", [], [[row["order"], row["task"], row["status"]] for row in run.duties])]
    return [
        ("duties", len(table.rows), len(run.duties)),
        *_cell_checks(table, [[row[column] for column in table.columns] for row in run.duties]),
    ]


def report_checks(report: str, actual: Sequence[Mapping[str, str]], table: FilledTable) -> list[Check]:
    """Return the checks that a *report* of the VMS should list exactly the rows of *table*."""
    return [
        (report, len(table.rows), len(actual)),
        *_cell_checks(table, [[row[column] for column in table.columns] for row in actual]),
    ]


def aside_checks(run: AuditRun, table: FilledTable) -> list[Check]:
    """Return the checks that exactly the rows of *table* are set aside."""
    actual = [[row[column] for column in table.columns] for row in run.set_aside]
    return [(ROWS_ASIDE, len(table.rows), len(actual)), *_cell_checks(table, actual)]


def _cell_checks(table: FilledTable, actual: Sequence[Sequence[str]]) -> list[Check]:
    cells: list[Check] = [
        (table.columns[column], text, actual[line][column], (line + 1, column))
        for line, texts in enumerate(table.texts[: len(actual)])
        for column, text in enumerate(texts)
    ]
    return [("rows", table.texts, [list(row) for row in actual]), *cells]


def _sentences_found(expected: str, text: str) -> str:
    """Return *expected* if it is one or more whole sentences of *text*, one after another, otherwise the whole text."""
    sentences = _SENTENCE_END.split(text)
    runs = {" ".join(sentences[first:end]) for first in range(len(sentences)) for end in range(first + 1, len(sentences) + 1)}
    return expected if expected in runs else text


def _finding_cells(finding: Mapping[str, Any]) -> dict[str, str]:
    strength = UNCERTAIN if finding["cannot_tell"] else finding["strength"]
    return {
        "order": finding["order_text"] or NOTHING,
        "finding": _WORDS_OF_RULES.get(finding["rule"], finding["rule"]),
        "strength": strength,
        "rests on": _grounds(finding["clauses"], finding["gaps"], finding["basis"]),
        "why": finding["text"],
        "document": finding["document"] or NOTHING,
        "since": str(finding["since"] or NOTHING),
    }


def _duty_cells(duty: Mapping[str, Any]) -> dict[str, str]:
    words = {str(task.key): task.words for task in load_rulebook().tasks}
    return {
        "order": duty["order_text"],
        "task": words[duty["task"]],
        "e-invoice": duty["invoice"] or NOTHING,
        "status": duty["status"],
        "left": NOTHING if duty["rest_paise"] is None else f"{duty['rest_paise'] / 100:.2f}",
        "days": NOTHING if duty["days"] is None else str(duty["days"]),
        "standing": str(Urgency(duty["urgency"])) if duty["urgency"] else NOTHING,
        "reminder from": str(duty["reminder_on"] or NOTHING),
        "overdue from": str(duty["overdue_on"] or NOTHING),
        "done by": duty["done_by"] or NOTHING,
        "rests on": _grounds(duty["clauses"], duty["gaps"], None),
    }


def _cancelled_cells(order: Mapping[str, Any]) -> dict[str, str]:
    return {
        "order": order["order_text"] or NOTHING,
        "posted": str(order["posted_on"] or NOTHING),
        "cancelled": str(order["cancelled_on"] or NOTHING),
        "canceller": order["canceller"] or NOTHING,
        "stage": order["stage"] or NOTHING,
        "units": NOTHING if order["units"] is None else str(order["units"]),
        "e-invoices": order["invoices"] or NOTHING,
        "left out": order["left_out"] or NOTHING,
    }


def _returned_cells(unit: Mapping[str, Any]) -> dict[str, str]:
    return {
        "order": unit["order_text"] or NOTHING,
        "unit": unit["unit"] or NOTHING,
        "quality check": unit["quality_check"] or NOTHING,
        "received": str(unit["received_on"] or NOTHING),
        "e-invoices": unit["invoices"] or NOTHING,
        "left out": unit["left_out"] or NOTHING,
    }


def _grounds(clauses: Sequence[str], gaps: Sequence[str], basis: str | None) -> str:
    return ", ".join([*clauses, *gaps, *([basis] if basis else [])]) or NOTHING


def _csv_text(filled: FilledExport) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([filled.columns, *(["" if cell == NOTHING else cell for cell in row] for row in filled.rows)])
    return text.getvalue()


def _source_text(filled: FilledExport) -> str:
    export = filled.export
    lines = ["", "[[source]]", f'file = "{export.file}"', f'system = "{export.system}"', f"dates = {FORMATS}"]
    lines += [f'rows = "{export.rows}"'] if export.rows else []
    if filled.claim is not None:
        what, first, last = filled.claim
        lines.append(f'complete = {{ from = {first}, to = {last}, of = "{what}" }}')
    lines.append("[source.columns]")
    lines += [f'{target} = {{ value = "{value}" }}' for target, value in export.fixed.items()]
    lines += [_column_text(export, column) for column in filled.columns]
    return "\n".join(lines)


def _column_text(export: Export, column: str) -> str:
    words = export.words_of(column)
    text = f'column = "{column}"'
    if words:
        text += f", words = {{ {', '.join(f'{_toml_text(word)} = {_toml_text(meaning)}' for word, meaning in words.items())} }}"
    return f"{export.targets[column]} = {{ {text} }}"


def _toml_text(text: str) -> str:
    return f'"{text}"'
