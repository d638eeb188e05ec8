"""Fixes: changes of a feature file that remove a finding.

A fix is made from the rule and the suggestion of the finding and from what stands at its place, never from the words of its message.
Each is tried: one that does not remove the finding, or brings another, is not offered.
"""

import re
from collections.abc import Iterator, Sequence

from sop_runs.problem import Problem
from steps.editing.cell_fixes import cell_fixes, open_row_fixes
from steps.editing.step_fixes import step_fixes
from steps.editing.text_edits import Fix, TextEdit, edited, in_line, indent_of, without_lines
from steps.lint.checked_file import CheckedFile
from steps.lint.linter import lint_text

MOST_FIXES = 4
"""Fixes that are offered for one finding."""
HIDES_OTHERS = frozenset({"encoding", "invisible-character", "misspelt-keyword", "open-row", "syntax", "undefined-step"})
"""Rules whose findings keep other rules from being checked; a fix may bring findings of these."""
_TAG = re.compile(r"@\S+")


def fixes(file: CheckedFile, finding: Problem, findings: Sequence[Problem]) -> list[Fix]:
    """Return the fixes of *finding*, one of the *findings* of *file*, best first."""
    good: dict[str, Fix] = {}
    for fix in _proposals(file, finding):
        if fix.title not in good and len(good) < MOST_FIXES and _removes(file, edited(file.source.text, fix.edits), finding, findings):
            good[fix.title] = fix
    return list(good.values())


def _removes(file: CheckedFile, new: str, finding: Problem, findings: Sequence[Problem]) -> bool:
    """Return whether the text *new* has fewer findings of the rule of *finding*, and not more in all unless it hid them."""
    rules = [other.rule for other in lint_text(new.encode(errors="replace"), file.source.path, file.registry, file.known_tags)]
    fewer = rules.count(finding.rule) < sum(other.rule == finding.rule for other in findings)
    return fewer and (len(rules) <= len(findings) or finding.rule in HIDES_OTHERS)


def _proposals(file: CheckedFile, finding: Problem) -> Iterator[Fix]:
    """Yield what may remove *finding*: another text for what stands at its place, then its deletion."""
    if not 1 <= finding.line <= len(file.lines):
        return
    line = file.lines[finding.line - 1]
    at = line[finding.column - 1 :]
    if finding.rule in {"invisible-character", "mixed-script"}:
        yield from _character_fixes(finding, at)
    elif finding.rule == "open-row":
        yield from open_row_fixes(finding, line)
    elif at.startswith("@"):
        yield from _tag_fixes(finding, at)
    elif at.startswith("<") and finding.suggestion:
        yield _instead(finding, at[: at.find(">") + 1], finding.suggestion)
    elif line.lstrip().startswith("|"):
        yield from cell_fixes(file, finding)
    elif finding.rule == "wrong-reading":
        yield Fix("Add the tag @as-written", (TextEdit(finding.line, 1, finding.line, 1, f"{indent_of(line)}@as-written\n"),))
    else:
        yield from step_fixes(file, finding)
        yield from _word_fixes(finding, at)
    if line.lstrip().startswith("#"):
        yield without_lines("Delete the comment", finding.line)


def _instead(finding: Problem, old: str, new: str) -> Fix:
    """Return the fix that writes *new* in the place of *old*, which is at the place of *finding*."""
    start = finding.column - 1
    return Fix(f"Write {new}", (in_line(finding.line, start, start + len(old), new),))


def _character_fixes(finding: Problem, at: str) -> Iterator[Fix]:
    start = finding.column - 1
    if at:
        yield Fix(f"Delete U+{ord(at[0]):04X}", (in_line(finding.line, start, start + 1, ""),))
        yield Fix(f"Write a space instead of U+{ord(at[0]):04X}", (in_line(finding.line, start, start + 1, " "),))


def _tag_fixes(finding: Problem, at: str) -> Iterator[Fix]:
    tag = _TAG.match(at)
    if tag is None:
        return
    if finding.suggestion:
        yield _instead(finding, tag[0], finding.suggestion)
    start, behind = finding.column - 1, at[tag.end() :]
    gap = len(behind) - len(behind.lstrip(" \t"))
    if behind.strip():
        yield Fix(f"Delete {tag[0]}", (in_line(finding.line, start, start + tag.end() + gap, ""),))
    else:
        yield Fix(f"Delete {tag[0]}", (in_line(finding.line, max(0, start - 1), start + tag.end(), ""),))
        yield without_lines(f"Delete {tag[0]}", finding.line)


def _word_fixes(finding: Problem, at: str) -> Iterator[Fix]:
    """Yield the suggestion in the place of the words before a colon, of the first word or two, or of the line."""
    suggestion = finding.suggestion
    if not suggestion:
        return
    if suggestion.endswith(":"):
        head, colon, _ = at.partition(":")
        if colon:
            yield _instead(finding, head + colon, suggestion)
    if suggestion.startswith("#"):
        yield _instead(finding, at.rstrip(), suggestion)
    for count in (1, 2):
        if words := re.match(r"\s*".join([r"\S+"] * count), at):
            yield _instead(finding, words[0], suggestion)
