"""The result of an audit as the Audit screen of the workbench shows it: figures, oldest duties, files with what is wrong with them, assumptions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orders.amounts import rupees
from orders.row_places import RowPlaces
from reports.audit.earlier_audit import Comparison
from reports.audit.figures import figures_of
from reports.audit.material import AuditMaterial, records
from reports.audit.references import numbered_duties
from reports.audit.wording import channels_text, day_text, duty_state, source_name
from reports.audit.work import oldest_credit_notes
from sop_cli.audits.assumptions import is_without_evidence
from sop_cli.audits.summary import states_of, vms_lines, wrong_totals
from sop_engine.text import counted

OLDEST_SHOWN = 5
REASONS_SHOWN = 5
"""Reasons of rows set aside: those of most rows."""


@dataclass(slots=True)
class _Reason:
    """A reason of rows set aside: the text of the first row with it, and how many have it."""

    first: str
    count: int = 0


def shown_result(name: str, material: AuditMaterial, comparison: Comparison | None) -> dict[str, Any]:
    """Return the result *name*, ready for JSON."""
    figures = figures_of(material)
    return {
        "name": name,
        "as_of": day_text(material.as_of),
        "against": figures.against,
        "due": figures.due,
        "due_value": figures.due_value,
        "undecided": figures.undecided,
        "other_duties": figures.other_duties,
        "questions": figures.questions,
        "set_aside": figures.set_aside,
        "aside": list(_aside(material)),
        "rows": figures.rows,
        "oldest": _oldest(material),
        "sources": [
            {
                "name": source_name(source),
                "states": states_of(source),
                "is_without_evidence": is_without_evidence(source),
                "remarks": [text for text in (channels_text(source), *wrong_totals(source)) if text],
            }
            for source in records(material.sources)
        ],
        "vms": [line for line in vms_lines(material) if line],
        "assumed": list(material.assumed),
        "since": None if comparison is None else {"as_of": comparison.as_of, **_sizes(comparison)},
    }


def _sizes(comparison: Comparison) -> dict[str, int]:
    return {part: len(getattr(comparison, part)) for part in ("closed", "new", "older", "gone")}


def _aside(material: AuditMaterial) -> Iterator[str]:
    """Yield the reasons of most rows set aside, each with how many have it, the first one, and what to do."""
    names = RowPlaces(records(material.sources))
    reasons: dict[tuple[Any, ...], _Reason] = {}
    for row in records(material.rows_set_aside):
        for why in row["reasons"] or ():
            column = f", column {why['letter']} “{why['column']}”" if why["letter"] else ""
            end = "" if why["message"].endswith("?") else ";"
            text = f"{names.text(row['source'], row['row'])}{column}: {why['message']}{end} {why['remedy']}"
            reasons.setdefault((row["source"], why["id"], why["letter"]), _Reason(text)).count += 1
    for reason in sorted(reasons.values(), key=lambda reason: -reason.count)[:REASONS_SHOWN]:
        yield reason.first if reason.count == 1 else f"{counted(reason.count, 'row')}, the first is {reason.first}"


def _oldest(material: AuditMaterial) -> list[dict[str, Any]]:
    """Return the credit notes that have been due for longest."""
    return [
        {
            "order": duty["order_text"],
            "invoice": duty["invoice"] or "",
            "days": duty["days"],
            "value": rupees(duty["value_paise"] if duty["rest_paise"] is None else duty["rest_paise"]) or "of unknown value",
            "state": duty_state(duty),
        }
        for _, duty in numbered_duties(material, oldest_credit_notes(material, OLDEST_SHOWN))
    ]
