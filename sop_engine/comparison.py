"""Changes between two decision tables, grouped in regions such as "seller, full, ERP: PROCESSING, generated or pushed".

Two tables may be of rulebooks with different stages: the cases that both have are compared one by one, the others are new or gone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from sop_engine.boxes import boxes
from sop_engine.decision import Reading
from sop_engine.decision_table import Behaviour, TableRow
from sop_engine.loading.words import FACTS_OF
from sop_engine.statement import CASE
from sop_engine.verification import STAGE, SituationKey

NO_CASE = TableRow("no such case", (), (), ())
"""The answer of a rulebook that does not have the case, because it does not have the stage."""
_PARTS_OF_A_CASE = ("outcome", "tasks", "clauses", "gaps")


class RegionKind(StrEnum):
    """Whether both rulebooks have the cases of a region, or only one."""

    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Region:
    """Situations under one heading and reading that changed in the same way.

    Attributes:
        facts: for each fact the values in the region; the region contains every combination.
        parts: the parts of the answer that changed.
        before, after: the answers; `NO_CASE` if only the other side has the cases.
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

    @property
    def kind(self) -> RegionKind:
        """Return whether the cases are on both sides."""
        return RegionKind.NEW if self.before == NO_CASE else RegionKind.GONE if self.after == NO_CASE else RegionKind.CHANGED

    def values(self) -> Iterator[tuple[str, ...]]:
        """Return the situations, each as a tuple of values."""
        return product(*self.facts.values())


def regions(before: Behaviour, after: Behaviour) -> tuple[Region, ...]:
    """Compute the regions that changed from *before* to *after*; empty if none did."""
    groups: dict[tuple[str, Reading, tuple[str, ...], TableRow, TableRow], list[tuple[str, ...]]] = {}
    for key in dict.fromkeys((*before.rows, *after.rows)):
        old, new = before.rows.get(key, NO_CASE), after.rows.get(key, NO_CASE)
        parts = _changed_parts(old, new)
        if parts:
            subject, reading, values = key
            heading = values[:3] if subject == "case" else ()
            groups.setdefault((subject, reading, (*heading, *parts), *_reduced_rows(old, new, parts)), []).append(values)
    changed_regions, words = [], _words_of_facts(after.rows, before.rows)
    for (subject, reading, _, old, new), members in groups.items():
        for box in boxes(members, words[subject]):
            parts = _changed_parts(old, new)
            key = (subject, reading, next(product(*box.values())))
            causes = _causes(before.rows.get(key, NO_CASE), after.rows.get(key, NO_CASE), parts)
            size = len(list(product(*box.values())))
            changed_regions.append(Region(subject, reading, box, parts, old, new, size, causes))
    return tuple(changed_regions)


def _changed_parts(old: TableRow, new: TableRow) -> tuple[str, ...]:
    """Return the parts that differ; of a case that only one side has, those that every answer has."""
    if NO_CASE not in (old, new):
        return old.differs(new)
    return (*_PARTS_OF_A_CASE, *(["manner"] if old.manner or new.manner else []))


def _words_of_facts(*tables: Iterable[SituationKey]) -> dict[str, dict[str, Iterable[object]]]:
    """Return the words of each fact, by subject; the stages that only other rulebooks have come last."""
    own = [*map(str, FACTS_OF[CASE]["stage"])]
    others = dict.fromkeys(values[STAGE] for keys in tables for subject, _, values in keys if subject == CASE and values[STAGE] not in own)
    words: dict[str, dict[str, Iterable[object]]] = {subject: {**facts} for subject, facts in FACTS_OF.items()}
    words[CASE]["stage"] = (*own, *others)
    return words


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
