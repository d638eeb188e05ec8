"""Lint of merge conflicts: the lines that git writes around two versions, which a description may have without a syntax error."""

import re
from collections.abc import Iterator

from sop_engine.text import quoted
from steps.lint.checked_file import CheckedFile, Findings

_MARK = re.compile(r"\s*(<{7}|>{7})(?: .*)?")
"""The first or the last line of a conflict. ``=======`` between them is also the underline of a heading."""


def conflict_findings(file: CheckedFile) -> Findings:
    """Yield a finding for each merge conflict, at its first line, and for each mark that is left of one."""
    for first, last in _conflicts(file.lines):
        mark = quoted(file.lines[first - 1].strip())
        if last:
            message = f"{mark} begins a merge conflict, which ends in line {last}"
            remedy = "keep one of the two versions, or write what both mean, and delete the lines with <<<<<<<, ======= and >>>>>>>"
        else:
            message, remedy = f"{mark} is left of a merge conflict", "delete the line, and what is not meant to stay"
        yield file.finding(file.start_of(first), "merge-conflict", message, remedy)


def _conflicts(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the first and the last line of each conflict; a mark without its counterpart has no last line, 0."""
    first = 0
    for number, line in enumerate(lines, start=1):
        match = _MARK.fullmatch(line)
        if match and match[1][0] == "<":
            if first:
                yield first, 0
            first = number
        elif match:
            yield (first, number) if first else (number, 0)
            first = 0
    if first:
        yield first, 0
