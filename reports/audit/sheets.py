"""The sheets of the worklist, one for each kind of work: their columns, and their rows as plain values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain

import numpy as np
import pyarrow.compute as pc

from orders.row_places import RowPlaces
from reports.audit.earlier_audit import Comparison
from reports.audit.figures import ROW_STATES
from reports.audit.material import AuditMaterial, records
from reports.audit.references import NOTE, REFERENCE, numbered_duties, numbered_findings, numbered_rows
from reports.audit.wording import RULES, completeness_text, duty_state, grounds, places_text, source_kind_text, source_name, task_words
from reports.audit.work import Places, credit_notes_by_age, findings_to_work_on, other_duties

CellValue = str | int | date | None


class CellKind(StrEnum):
    """What a column holds; money is in paise."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its title, what it holds, and its width in characters."""

    title: str
    kind: CellKind = CellKind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: what it is about, how many rows it has, and its first rows, as many as are asked for."""

    title: str
    about: str
    columns: tuple[SheetColumn, ...]
    count: int
    rows: Callable[[int], Iterator[tuple[CellValue, ...]]]


ENDING = (SheetColumn(NOTE, width=36), SheetColumn(REFERENCE, width=15))
DUTY_COLUMNS = (
    SheetColumn("Order", width=18),
    SheetColumn("E-invoice", width=18),
    SheetColumn("State", width=24),
    SheetColumn("Due since", CellKind.DAY),
    SheetColumn("Days", CellKind.NUMBER, 7),
    SheetColumn("Value", CellKind.MONEY, 15),
    SheetColumn("Not yet credited", CellKind.MONEY, 15),
    SheetColumn("Our reminder from", CellKind.DAY),
    SheetColumn("Overdue from (law)", CellKind.DAY),
    SheetColumn("Rests on", width=30),
    SheetColumn("Remark", width=40),
    SheetColumn("Seen in", width=44),
    *ENDING,
)
FINDING_COLUMNS = (
    SheetColumn("Order", width=18),
    SheetColumn("Rule", width=7),
    SheetColumn("It finds", width=30),
    SheetColumn("Seen", width=52),
    SheetColumn("What to do", width=52),
    SheetColumn("Document", width=18),
    SheetColumn("Since", CellKind.DAY),
    SheetColumn("Rests on", width=30),
    SheetColumn("Seen in", width=44),
    *ENDING,
)
ROW_COLUMNS = (
    SheetColumn("File", width=24),
    SheetColumn("Row", CellKind.NUMBER, 8),
    SheetColumn("Order", width=18),
    SheetColumn("Column", width=20),
    SheetColumn("Cell", width=26),
    SheetColumn("What is wrong", width=52),
    SheetColumn("What to do", width=52),
    SheetColumn("Reason", width=9),
    SheetColumn("Gap", width=9),
    *ENDING,
)
SOURCE_COLUMNS = (
    SheetColumn("File", width=28),
    SheetColumn("System", width=16),
    SheetColumn("Read as", width=24),
    SheetColumn("Claims to hold all", width=40),
    *(SheetColumn(name.replace("_", " ").capitalize(), CellKind.NUMBER, 11) for name in ("rows", *ROW_STATES)),
    SheetColumn("SHA-256", width=66),
)
SINCE_COLUMNS = (
    SheetColumn("Change", width=14),
    SheetColumn("Order", width=18),
    SheetColumn("It was", width=60),
    SheetColumn("How it ended", width=44),
    *ENDING,
)


def work_sheets(material: AuditMaterial) -> tuple[Sheet, ...]:
    """Return the sheets with work to do, and the sources."""
    against, returns = (findings_to_work_on(material, letters, asking=False) for letters in ("CD", "T"))
    both, asked = findings_to_work_on(material, "R", asking=False), findings_to_work_on(material, "CDRT", asking=True)
    duties, notes = other_duties(material), credit_notes_by_age(material)
    return (
        Sheet(
            "Credit notes due",
            "Credit notes to be made in the ERP, the oldest first.",
            DUTY_COLUMNS,
            len(notes),
            lambda most: _credit_notes(material, notes[:most]),
        ),
        Sheet(
            "Against the SOP",
            "Requests carried out or turned away against the SOP, steps that are not finished, and credit notes that are wrong.",
            FINDING_COLUMNS,
            len(against),
            lambda most: _finding_rows(material, against[:most]),
        ),
        Sheet(
            "Both systems",
            "What one system says and the other does not.",
            FINDING_COLUMNS,
            len(both) + len(duties),
            lambda most: chain(_finding_rows(material, both[:most]), _duty_rows(material, duties[: max(0, most - len(both))])),
        ),
        Sheet(
            "Returns",
            "Returns, RSI lines, inward POs and GRNs.",
            FINDING_COLUMNS,
            len(returns),
            lambda most: _finding_rows(material, returns[:most]),
        ),
        Sheet(
            "Questions",
            "What is not certain from these files, or what the SOP does not say.",
            FINDING_COLUMNS,
            len(asked),
            lambda most: _finding_rows(material, asked[:most]),
        ),
        Sheet(
            "Rows set aside",
            "Rows that could not be read; nothing is concluded from them.",
            ROW_COLUMNS,
            int(pc.sum(pc.list_value_length(material.rows_set_aside["reasons"])).as_py() or 0),
            lambda most: _aside_rows(material, most),
        ),
        Sheet("Sources", "The files of this audit.", SOURCE_COLUMNS, material.sources.num_rows, lambda _: _source_rows(material)),
    )


def since_sheet(comparison: Comparison) -> Sheet:
    """Return the sheet of what was open in the last audit and is not in the other sheets now, with the client's notes."""

    def rows(most: int) -> Iterator[tuple[CellValue, ...]]:
        changes = [("closed", entry) for entry in comparison.closed] + [("not in files", entry) for entry in comparison.gone]
        for change, entry in changes[:most]:
            yield (change, entry.order, entry.what, entry.how, entry.note, entry.reference)

    about = f"What was open on {comparison.as_of} and is done, or no longer in the files."
    return Sheet("Closed since", about, SINCE_COLUMNS, len(comparison.closed) + len(comparison.gone), rows)


def source_names(material: AuditMaterial) -> RowPlaces:
    """Return the name of each source, by its number, and the places of its rows."""
    return RowPlaces(records(material.sources))


def _credit_notes(material: AuditMaterial, places: Places) -> Iterator[tuple[CellValue, ...]]:
    names = source_names(material)
    for reference, duty in numbered_duties(material, places):
        yield (
            duty["order_text"], duty["invoice"], duty_state(duty), duty["since"], duty["days"], duty["value_paise"], duty["rest_paise"],
            duty["reminder_on"], duty["overdue_on"], grounds(duty), duty["remark"], places_text(duty["seen"], names),
            material.notes.get(reference), reference,
        )  # fmt: skip


def _finding_rows(material: AuditMaterial, places: Places) -> Iterator[tuple[CellValue, ...]]:
    names = source_names(material)
    for reference, finding in numbered_findings(material, places):
        yield (
            finding["order_text"], finding["rule"], RULES.get(finding["rule"], ""), finding["text"], finding["remedy"],
            finding["document"], finding["since"], grounds(finding), places_text(finding["seen"], names),
            material.notes.get(reference), reference,
        )  # fmt: skip


def _duty_rows(material: AuditMaterial, places: Places) -> Iterator[tuple[CellValue, ...]]:
    """Yield what else has to be done in a system, such as asking Ajio to cancel, in the columns of findings."""
    names = source_names(material)
    for reference, duty in numbered_duties(material, places):
        yield (
            duty["order_text"], "duty", duty_state(duty), duty["remark"], task_words(duty["task"]), duty["invoice"], duty["since"],
            grounds(duty), places_text(duty["seen"], names), material.notes.get(reference), reference,
        )  # fmt: skip


def _aside_rows(material: AuditMaterial, most: int) -> Iterator[tuple[CellValue, ...]]:
    names = source_names(material)
    for reference, row in numbered_rows(material, np.arange(min(most, material.rows_set_aside.num_rows))):
        note = material.notes.get(reference)
        for why in row["reasons"] or ():
            column = " ".join(filter(None, (why["letter"], why["column"])))
            yield (
                *names.place(row["source"], row["row"]), row["order_text"], column, why["text"], why["message"], why["remedy"], why["id"],
                why["gap"], note, reference,
            )  # fmt: skip


def _source_rows(material: AuditMaterial) -> Iterator[tuple[CellValue, ...]]:
    for source in records(material.sources):
        counts = (source[name] for name in ("rows", *ROW_STATES))
        yield (source_name(source), source["system"], source_kind_text(source), completeness_text(source), *counts, source["sha256"])
