"""Lines of the source: whether each clause and heading stands where its heading has it.

A heading reaches from its own line to the line before the next heading.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from sop_engine.reader import Rulebook
from sop_engine.statement import Section, Statement

_LINES = re.compile(r"([1-9][0-9]*)(?:-([1-9][0-9]*))?")


class LineRange(NamedTuple):
    """First and last line, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def line_findings(rulebook: Rulebook) -> Iterator[str]:
    """Yield a finding for each `line` that is no line or range of lines, and for each outside its heading."""
    entries: tuple[Section | Statement, ...] = (*rulebook.sections, *rulebook.clauses)
    lines = {entry.id: lines for entry in entries if (lines := lines_of(entry.line)) is not None}
    for entry in entries:
        if entry.id not in lines:
            yield f'{entry.location}: `{entry.id}` has the line `{entry.line}`; expected a line of the source, such as "23" or "17-19"'
        elif rulebook.lines and lines[entry.id].last > rulebook.lines:
            yield f"{entry.location}: `{entry.id}` has the line {entry.line}, but the source has {rulebook.lines} lines; correct `line`"
    if len(lines) == len(entries):
        yield from _disordered_headings(rulebook, lines)
        yield from _misplaced_clauses(rulebook, lines)


def lines_of(text: str) -> LineRange | None:
    """Return the lines that *text* names; None if it is not ``23`` or ``17-19``."""
    match = _LINES.fullmatch(text)
    if match is None:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    return LineRange(first, last) if first <= last else None


def _disordered_headings(rulebook: Rulebook, lines: dict[str, LineRange]) -> Iterator[str]:
    for above, section in pairwise(rulebook.sections):
        if lines[section.id].first <= lines[above.id].last:
            yield f"{section.location}: `{section.id}` has the line {section.line}, but the heading above it, `{above.id}`, has {above.line}; correct one"


def _misplaced_clauses(rulebook: Rulebook, lines: dict[str, LineRange]) -> Iterator[str]:
    ends = [lines[section.id].first - 1 for section in rulebook.sections[1:]]
    last = rulebook.lines or max(own.last for own in lines.values())
    reach = {section.id: LineRange(lines[section.id].first, end) for section, end in zip(rulebook.sections, [*ends, last], strict=True)}
    used = {identifier: LineRange(own.first, own.first) for identifier, own in reach.items()}
    for clause in rulebook.clauses:
        own = lines[clause.id]
        if clause.section in reach:
            heading = reach[clause.section]
            if not heading.first <= own.first <= own.last <= heading.last:
                yield f"{clause.location}: `{clause.id}` has the line {clause.line}, but `{clause.section}` has the lines {heading}; correct `line`"
            used[clause.section] = LineRange(used[clause.section].first, max(used[clause.section].last, own.last))
    for clause in rulebook.clauses:
        inside = next((key for key, own in used.items() if own.first <= lines[clause.id].last and lines[clause.id].first <= own.last), None)
        if not clause.section and inside is not None:
            yield f"{clause.location}: `{clause.id}` has the line {clause.line}, which is below `{inside}`; correct `line`, or the id"
