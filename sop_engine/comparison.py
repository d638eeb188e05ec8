"""Changes between two decision tables, grouped in regions such as "seller, full, ERP: PROCESSING, generated or pushed"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from sop_engine.boxes import boxes
from sop_engine.decision import Reading
from sop_engine.decision_table import Behaviour, TableRow
from sop_engine.reader import FACTS_OF


@dataclass(frozen=True, slots=True)
class Region:
    """Situations under one heading and reading that changed in the same way.

    Attributes:
        facts: for each fact the values in the region; the region contains every combination.
        parts: the parts of the answer that changed.
        before, after: the answers.
        size: number of situations.
        causes: the clauses and gaps that decide the changed parts, before or after.
    """

    subject: str
    reading: Reading
    facts: Mapping[str, tuple[str, ...]]
    parts: tuple[str, ...]
    before: TableRow
    after: TableRow
    size: int
    causes: tuple[str, ...]

    def values(self) -> Iterator[tuple[str, ...]]:
        """Return the situations, each as a tuple of values."""
        return product(*self.facts.values())


def regions(before: Behaviour, after: Behaviour) -> tuple[Region, ...]:
    """Compute the regions that changed from *before* to *after*; empty if none did."""
    groups: dict[tuple[str, Reading, tuple[str, ...], TableRow, TableRow], list[tuple[str, ...]]] = {}
    for key, old in before.rows.items():
        new = after.rows[key]
        parts = old.differs(new)
        if parts:
            subject, reading, values = key
            heading = values[:3] if subject == "case" else ()
            groups.setdefault((subject, reading, (*heading, *parts), *_reduced_rows(old, new, parts)), []).append(values)
    changed_regions = []
    for (subject, reading, _, old, new), members in groups.items():
        for box in boxes(members, FACTS_OF[subject]):
            parts = old.differs(new)
            example = next(product(*box.values()))
            causes = _causes(before.rows[subject, reading, example], after.rows[subject, reading, example], parts)
            size = len(list(product(*box.values())))
            changed_regions.append(Region(subject, reading, box, parts, old, new, size, causes))
    return tuple(changed_regions)


def _reduced_rows(old: TableRow, new: TableRow, parts: tuple[str, ...]) -> tuple[TableRow, TableRow]:
    """Return the two answers without equal parts and without sources, so that equal changes are grouped."""
    blank = TableRow("", (), (), ())
    return tuple(  # type: ignore[return-value]
        replace(blank, **{part: getattr(row, part) for part in ("outcome", *parts)}) for row in (old, new)
    )


def _causes(old: TableRow, new: TableRow, parts: tuple[str, ...]) -> tuple[str, ...]:
    ids: list[str] = []
    for row in (old, new):
        ids += row.outcome_by if "outcome" in parts else ()
        ids += row.tasks_by if {"tasks", "manner"} & set(parts) else ()
    cited = [
        identifier for part in ("clauses", "gaps") if part in parts for identifier in _in_one_only(getattr(old, part), getattr(new, part))
    ]
    return tuple(dict.fromkeys((*ids, *cited)))


def _in_one_only(old: tuple[str, ...], new: tuple[str, ...]) -> list[str]:
    return [identifier for identifier in dict.fromkeys((*old, *new)) if (identifier in old) != (identifier in new)]
