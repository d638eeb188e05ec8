"""A finding of a rule, and findings as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import pyarrow as pa

from orders.audit.columns import NONE, Evidence
from orders.audit.result_tables import FINDINGS


class Strength(StrEnum):
    """Strengths of a finding: it counts, it is an open question, or it is only information."""

    MUST = "must"
    ASK = "ask"
    INFO = "info"


class Seen(NamedTuple):
    """What a finding rests on: the source, the row there, and what it says."""

    source: int
    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding; the fields are the columns of `FINDINGS`, and *order* is the number of the order or NONE."""

    rule: str
    strength: Strength
    order: int
    text: str
    remedy: str
    clauses: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    document: str | None = None
    basis: str | None = None
    cannot_tell: bool = False
    since: date | None = None
    seen: tuple[Seen, ...] = ()


def findings_table(findings: Sequence[Finding], evidence: Evidence) -> pa.Table:
    """Return *findings* as a table, sorted by order, rule, document and text."""
    keys = evidence.orders.keys

    def place(finding: Finding) -> tuple[object, ...]:
        key = "" if finding.order == NONE else keys[finding.order]
        return key, finding.rule, finding.document or "", finding.text, finding.seen

    ordered = sorted(findings, key=place)
    columns = {
        "rule": [finding.rule for finding in ordered],
        "strength": [str(finding.strength) for finding in ordered],
        "order_key": ["" if finding.order == NONE else keys[finding.order] for finding in ordered],
        "order_text": [evidence.order_text(finding.order) for finding in ordered],
        "document": [finding.document for finding in ordered],
        "text": [finding.text for finding in ordered],
        "remedy": [finding.remedy for finding in ordered],
        "clauses": [list(finding.clauses) for finding in ordered],
        "gaps": [list(finding.gaps) for finding in ordered],
        "basis": [finding.basis for finding in ordered],
        "cannot_tell": [finding.cannot_tell for finding in ordered],
        "since": [finding.since for finding in ordered],
        "seen": [[seen._asdict() for seen in finding.seen] for finding in ordered],
    }
    return pa.table(columns, schema=FINDINGS)
