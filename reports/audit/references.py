"""References of duties, findings and rows: the same for the same thing in every audit, so that a note can be kept with it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from reports.audit.material import AuditMaterial, records

Numbered = Iterator[tuple[str, dict[str, Any]]]
_DIGITS = 11
NOTE, REFERENCE = "Your note", "Reference"
"""Columns by which a worklist is read back."""


def numbered_duties(material: AuditMaterial) -> Numbered:
    """Yield each duty with its reference: of its order, task and invoice."""
    return _with_references("D", ((duty, (duty["order_key"], duty["task"], duty["invoice"])) for duty in records(material.duties)))


def numbered_findings(material: AuditMaterial) -> Numbered:
    """Yield each finding with its reference: of its rule, order and document."""
    return _with_references(
        "F", ((finding, (finding["rule"], finding["order_key"], finding["document"])) for finding in records(material.findings))
    )


def numbered_rows(material: AuditMaterial) -> Numbered:
    """Yield each row set aside with its reference: of its order and its reasons, since its number changes with every export."""
    import pyarrow.compute as pc  # noqa: PLC0415 (its import takes a while)

    aside = material.rows.filter(pc.equal(material.rows["state"].cast("string"), "set aside"))
    return _with_references(
        "R", ((row, (row["order_key"], *(f"{why['id']} {why['text']}" for why in row["reasons"] or ()))) for row in records(aside))
    )


def _with_references(letter: str, parts: Iterator[tuple[dict[str, Any], tuple[Any, ...]]]) -> Numbered:
    """Yield each record with its reference; the second of two equal ones gets one of its own."""
    seen: Counter[str] = Counter()
    for record, key in parts:
        name = "\0".join("" if part is None else str(part) for part in key)
        yield _reference(letter, name, seen[name]), record
        seen[name] += 1


def _reference(letter: str, name: str, nth: int) -> str:
    return letter + sha256(f"{letter}\0{name}\0{nth}".encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def by_reference(numbered: Numbered) -> Mapping[str, dict[str, Any]]:
    """Return records by reference."""
    return dict(numbered)
