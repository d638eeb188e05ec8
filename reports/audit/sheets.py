"""The sheets of the worklist, one for each kind of work: their columns, and their rows as plain values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reports.audit.earlier_audit import Comparison
from reports.audit.material import AuditMaterial, records
from reports.audit.references import NOTE, REFERENCE, numbered_duties, numbered_findings, numbered_rows
from reports.audit.wording import (
    CREDIT_NOTE,
    OPEN,
    RULES,
    SHOWN_AS_DUTIES,
    UNDECIDED,
    URGENCIES,
    duty_state,
    grounds,
    is_open_duty,
    is_question,
    places,
    source_name,
    task_words,
)

Value = str | int | date | None


class Kind(StrEnum):
    """What a column holds; money is in paise."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, what it holds, and its width in characters."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: what it is about, and its rows, which can be asked for again."""

    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[tuple[Value, ...]]]


ENDING = (Column(NOTE, width=36), Column(REFERENCE, width=15))
DUTY_COLUMNS = (
    Column("Order", width=18),
    Column("E-invoice", width=18),
    Column("State", width=24),
    Column("Due since", Kind.DAY),
    Column("Days", Kind.NUMBER, 7),
    Column("Value", Kind.MONEY, 15),
    Column("Not yet credited", Kind.MONEY, 15),
    Column("Our reminder from", Kind.DAY),
    Column("Overdue from (law)", Kind.DAY),
    Column("Rests on", width=30),
    Column("Remark", width=40),
    Column("Seen in", width=44),
    *ENDING,
)
FINDING_COLUMNS = (
    Column("Order", width=18),
    Column("Rule", width=7),
    Column("It finds", width=30),
    Column("Seen", width=52),
    Column("What to do", width=52),
    Column("Document", width=18),
    Column("Since", Kind.DAY),
    Column("Rests on", width=30),
    Column("Seen in", width=44),
    *ENDING,
)
ROW_COLUMNS = (
    Column("File", width=24),
    Column("Row", Kind.NUMBER, 8),
    Column("Order", width=18),
    Column("Column", width=20),
    Column("Cell", width=26),
    Column("What is wrong", width=52),
    Column("What to do", width=52),
    Column("Reason", width=9),
    Column("Gap", width=9),
    *ENDING,
)
SOURCE_COLUMNS = (
    Column("File", width=28),
    Column("System", width=16),
    Column("Read as", width=24),
    Column("Claims to hold all", width=40),
    *(Column(name, Kind.NUMBER, 11) for name in ("Rows", "Used", "Repeated", "Set aside", "Total rows", "Blank", "Header")),
    Column("SHA-256", width=66),
)
SINCE_COLUMNS = (
    Column("Change", width=14),
    Column("Order", width=18),
    Column("It was", width=60),
    Column("How it ended", width=44),
    *ENDING,
)
URGENCY_ORDER = {name: place for place, name in enumerate(URGENCIES)}


def work_sheets(material: AuditMaterial) -> tuple[Sheet, ...]:
    """Return the sheets with work to do, and the sources."""
    return (
        Sheet("Credit notes due", "Credit notes to be made in the ERP, the oldest first.", DUTY_COLUMNS, lambda: _credit_notes(material)),
        Sheet(
            "Against the SOP",
            "Requests carried out or turned away against the SOP, steps that are not finished, and credit notes that are wrong.",
            FINDING_COLUMNS,
            lambda: _findings(material, "CD", asking=False),
        ),
        Sheet("Both systems", "What one system says and the other does not.", FINDING_COLUMNS, lambda: _both_systems(material)),
        Sheet("Returns", "Returns, RSI lines, inward POs and GRNs.", FINDING_COLUMNS, lambda: _findings(material, "T", asking=False)),
        Sheet(
            "Questions",
            "What cannot be told from these files, or what the SOP does not say.",
            FINDING_COLUMNS,
            lambda: _findings(material, "CDRT", asking=True),
        ),
        Sheet("Rows set aside", "Rows that could not be read; nothing is concluded from them.", ROW_COLUMNS, lambda: _rows(material)),
        Sheet("Sources", "The files of this audit.", SOURCE_COLUMNS, lambda: _sources(material)),
    )


def since_sheet(comparison: Comparison) -> Sheet:
    """Return the sheet of what was open in the last audit and is not in the other sheets now, with the client's notes."""

    def rows() -> Iterator[tuple[Value, ...]]:
        for change, entries in (("closed", comparison.closed), ("not in files", comparison.gone)):
            for entry in entries:
                yield (change, entry.order, entry.what, entry.how, entry.note, entry.reference)

    return Sheet("Closed since", f"What was open on {comparison.as_of} and is done, or no longer in the files.", SINCE_COLUMNS, rows)


def source_names(material: AuditMaterial) -> list[str]:
    """Return the name of each source, by its number."""
    return [source_name(source) for source in records(material.sources)]


def credit_notes_by_age(material: AuditMaterial) -> list[tuple[str, dict[str, Any]]]:
    """Return the credit notes that are open or undecided, each with its reference: overdue ones, then by age, then undecided ones."""
    duties = [
        (reference, duty)
        for reference, duty in numbered_duties(material)
        if duty["task"] == CREDIT_NOTE and duty["status"] in (*OPEN, *UNDECIDED)
    ]
    return sorted(duties, key=lambda each: _age_order(each[1]))


def _age_order(duty: dict[str, Any]) -> tuple[Any, ...]:
    open_first = duty["status"] not in OPEN
    return (
        open_first,
        URGENCY_ORDER.get(duty["urgency"], len(URGENCY_ORDER)),
        -(duty["days"] or 0),
        duty["order_key"],
        duty["invoice"] or "",
    )


def _credit_notes(material: AuditMaterial) -> Iterator[tuple[Value, ...]]:
    names = source_names(material)
    for reference, duty in credit_notes_by_age(material):
        yield (
            duty["order_text"], duty["invoice"], duty_state(duty), duty["since"], duty["days"], duty["value_paise"], duty["rest_paise"],
            duty["reminder_on"], duty["overdue_on"], grounds(duty), duty["remark"], places(duty["seen"], names),
            material.notes.get(reference), reference,
        )  # fmt: skip


def _findings(material: AuditMaterial, letters: str, *, asking: bool) -> Iterator[tuple[Value, ...]]:
    names = source_names(material)
    for reference, finding in numbered_findings(material):
        is_work = is_question(finding) if asking else not is_question(finding) and (finding["strength"] == "must" or letters in "RT")
        if is_work and finding["rule"][0] in letters and finding["rule"] not in SHOWN_AS_DUTIES:
            yield (
                finding["order_text"], finding["rule"], RULES.get(finding["rule"], ""), finding["text"], finding["remedy"],
                finding["document"], finding["since"], grounds(finding), places(finding["seen"], names),
                material.notes.get(reference), reference,
            )  # fmt: skip


def _both_systems(material: AuditMaterial) -> Iterator[tuple[Value, ...]]:
    """Yield the findings of reconciliation, and then what else has to be done in a system, such as asking Ajio to cancel."""
    yield from _findings(material, "R", asking=False)
    names = source_names(material)
    for reference, duty in numbered_duties(material):
        if duty["task"] != CREDIT_NOTE and is_open_duty(duty):
            yield (
                duty["order_text"], "duty", duty_state(duty), duty["remark"], task_words(duty["task"]), duty["invoice"], duty["since"],
                grounds(duty), places(duty["seen"], names), material.notes.get(reference), reference,
            )  # fmt: skip


def _rows(material: AuditMaterial) -> Iterator[tuple[Value, ...]]:
    names = source_names(material)
    for reference, row in numbered_rows(material):
        note = material.notes.get(reference)
        for why in row["reasons"] or ():
            column = " ".join(filter(None, (why["letter"], why["column"])))
            yield (
                names[row["source"]], row["row"], row["order_text"], column, why["text"], why["message"], why["remedy"], why["id"],
                why["gap"], note, reference,
            )  # fmt: skip


def _sources(material: AuditMaterial) -> Iterator[tuple[Value, ...]]:
    for source in records(material.sources):
        profile = " ".join(filter(None, (source["profile"], f"[{source['confidence']}]" if source["confidence"] else "")))
        counts = (source[name] for name in ("rows", "used", "repeated", "set_aside", "total", "blank", "header_again"))
        yield (source_name(source), source["system"], profile, claim(source), *counts, source["sha256"])


def claim(source: dict[str, Any]) -> str:
    """Return what a source claims to hold completely, in words."""
    if not source["complete_of"]:
        return "nothing: absence from it proves nothing"
    return f"{source['complete_of']} from {source['complete_from']} to {source['complete_to']}"
