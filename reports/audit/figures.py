"""The figures of an audit: what is against the SOP, which credit notes are due, what could not be read, and which orders systems share."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reports.audit.material import AuditMaterial, records
from reports.audit.wording import AGAINST_THE_SOP, CREDIT_NOTE, OPEN, UNDECIDED

ROW_STATES = ("used", "repeated", "set_aside", "total", "blank", "header_again")
"""The columns of `SOURCES` that count the states of rows."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of an audit; each can be counted again in its tables.

    Attributes:
        against: findings that a cancellation was carried out or turned away against the SOP.
        due: open credit notes; due_paise: what they have to credit, as far as the invoice's value is known; without_value: those of
            unknown value; oldest: the one that has waited longest.
        undecided: credit notes of which it is not certain whether they are due or made.
        other_duties: open duties that are no credit notes.
        rules: number of findings by rule; questions: those that ask for something; must: the findings that count.
        rows, set_aside: rows of all files.
    """

    against: int
    due: int
    due_paise: int
    without_value: int
    oldest: Mapping[str, Any] | None
    undecided: int
    other_duties: int
    rules: Mapping[str, int]
    must: int
    questions: int
    rows: int
    states: Mapping[str, int]

    @property
    def set_aside(self) -> int:
        """Return the number of rows set aside."""
        return self.states["set_aside"]

    @property
    def is_open(self) -> bool:
        """Return whether something has to be done, corrected or asked."""
        return bool(self.must or self.due or self.undecided or self.other_duties or self.questions)


def figures_of(material: AuditMaterial) -> Figures:
    """Count *material*."""
    findings, duties = material.findings, material.duties
    is_open = pc.is_in(duties["status"], pa.array(OPEN))
    is_note = pc.equal(duties["task"], CREDIT_NOTE)
    notes = duties.filter(pc.and_(is_note, is_open))
    rest = pc.coalesce(notes["rest_paise"], notes["value_paise"])
    oldest = notes.sort_by([("days", "descending"), ("order_key", "ascending"), ("invoice", "ascending")]).slice(0, 1).to_pylist()
    rules = Counter(findings["rule"].to_pylist())
    asked = pc.or_(findings["cannot_tell"], pc.equal(findings["strength"], "ask"))
    must = pc.and_(pc.invert(asked), pc.equal(findings["strength"], "must"))
    against = pc.and_(must, pc.is_in(findings["rule"], pa.array(AGAINST_THE_SOP)))
    other = pc.and_(pc.not_equal(duties["task"], CREDIT_NOTE), pc.equal(duties["modality"], "must"))
    other = pc.and_(other, pc.is_in(duties["status"], pa.array([*OPEN, *UNDECIDED])))
    sources = list(records(material.sources))
    return Figures(
        against=_count(against),
        due=notes.num_rows,
        due_paise=_count(rest),
        without_value=rest.null_count,
        oldest=oldest[0] if oldest else None,
        undecided=_count(pc.and_(is_note, pc.is_in(duties["status"], pa.array(UNDECIDED)))),
        other_duties=_count(other),
        rules=dict(sorted(rules.items())),
        must=_count(must),
        questions=_count(asked),
        rows=sum(source["rows"] for source in sources),
        states={name: sum(source[name] for source in sources) for name in ROW_STATES},
    )


def _count(numbers: pa.Array) -> int:
    """Return the sum of numbers or flags."""
    return int(pc.sum(numbers).as_py() or 0)


@dataclass(frozen=True, slots=True)
class SystemsGrid:
    """Numbers of orders.

    Attributes:
        systems: those that name orders, as rows and as columns.
        cells: for each row and column how many orders are in both, and how many only in the row's; on the diagonal all of the row's.
    """

    systems: tuple[str, ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]


def grid_of(material: AuditMaterial) -> SystemsGrid:
    """Count the orders that the used rows of each system name."""
    systems = [source["system"] for source in records(material.sources)]
    keys: dict[str, list[pa.ChunkedArray]] = {}
    for table in (material.requests, material.documents):
        for number, system in enumerate(systems):
            named = table.filter(pc.equal(table["source"], number))["order_key"]
            keys.setdefault(system, []).append(named.drop_null())
    orders = {
        system: pc.unique(pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string()))
        for system, parts in keys.items()
    }
    orders = {system: named for system, named in orders.items() if len(named)}
    cells = tuple(
        tuple(_shared(named, other, is_same=system == name) for name, other in orders.items()) for system, named in orders.items()
    )
    return SystemsGrid(tuple(orders), cells)


def _shared(named: pa.Array, other: pa.Array, *, is_same: bool) -> tuple[int, int]:
    both = len(named) if is_same else int(pc.sum(pc.is_in(named, other)).as_py() or 0)
    return both, len(named) - both
