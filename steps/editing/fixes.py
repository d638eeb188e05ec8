"""Fixes: changes of a feature file that remove a finding.

A fix is made from the rule and the suggestion of the finding and from what stands at its place, never from the words of its message.
Each is tried: one that does not remove the finding, or brings another, is not offered.
"""

import re
from collections.abc import Iterator, Sequence

from sop_runs.problem import Problem
from sop_runs.record.schema import WrittenRule
from steps.editing.cell_fixes import cell_fixes, unclosed_row_fixes
from steps.editing.step_fixes import step_fixes
from steps.editing.text_edits import Fix, TextEdit, edited, in_line, indent_of, without_lines
from steps.generation.feature_text import FeatureText
from steps.lint.checked_file import CheckedFile
from steps.lint.linter import checked_text, lint_text

MOST_FIXES = 4
"""Fixes that are offered for one finding."""
LEAST_SCENARIOS = 4
"""Scenarios of a file from which a fix is tried on a copy with only one of them."""
HIDES_OTHERS = frozenset({"encoding", "invisible-character", "misspelt-keyword", "open-row", "syntax", "undefined-step"})
"""Rules whose findings keep other rules from being checked; a fix may bring findings of these."""
_TAG = re.compile(r"@\S+")


def fixes(file: CheckedFile, finding: Problem, findings: Sequence[Problem]) -> list[Fix]:
    """Return the fixes of *finding*, one of the *findings* of *file*: those that leave the fewest findings, best first."""
    file, findings = _scenario_alone(file, finding) or (file, findings)
    left: dict[str, tuple[int, Fix]] = {}
    for fix in _proposals(file, finding):
        number = _findings_left(file, edited(file.source.text, fix.edits), finding, findings)
        if number is not None and fix.title not in left:
            left[fix.title] = number, fix
    fewest = min((number for number, fix in left.values() if any(edit.text for edit in fix.edits)), default=0)
    return [fix for number, fix in left.values() if number <= max(fewest, len(findings) - 1)][:MOST_FIXES]


def _scenario_alone(file: CheckedFile, finding: Problem) -> tuple[CheckedFile, list[Problem]] | None:
    """Return the file with only the scenario of *finding*, the other lines empty, and its findings: a fix is tried on it in no time.

    None if the finding is in no scenario, or is not there without the others.
    """
    document = file.source.document
    if document is None or len(document.recorded.scenarios) < LEAST_SCENARIOS:
        return None
    text = FeatureText(file.source.text, document.recorded)
    blocks = [range(text.first_line(scenario.line), text.end_of(scenario.line)) for scenario in document.recorded.scenarios]
    rules = [child for child in document.recorded.children if isinstance(child, WrittenRule)]
    lines_of_rules = [range(text.first_line(rule.line), text.end_of_rule(rule)) for rule in rules]
    if not any(finding.line in lines for lines in blocks):
        return None
    others = {number for lines in (*blocks, *lines_of_rules) if finding.line not in lines for number in lines}
    small = "\n".join("" if number in others else line for number, line in enumerate(file.source.text.split("\n"), start=1))
    alone, findings = checked_text(small.encode(errors="replace"), file.source.path, file.registry, file.known_tags)
    return (alone, findings) if finding in findings else None


def _findings_left(file: CheckedFile, new: str, finding: Problem, findings: Sequence[Problem]) -> int | None:
    """Return the number of findings of the text *new*; None if *finding* is still there, or new ones are that it did not hide."""
    rules = [other.rule for other in lint_text(new.encode(errors="replace"), file.source.path, file.registry, file.known_tags)]
    is_gone = rules.count(finding.rule) < sum(other.rule == finding.rule for other in findings)
    return len(rules) if is_gone and (len(rules) <= len(findings) or finding.rule in HIDES_OTHERS) else None


def _proposals(file: CheckedFile, finding: Problem) -> Iterator[Fix]:
    """Yield what may remove *finding*: another text for what stands at its place, then its deletion."""
    if not 1 <= finding.line <= len(file.lines):
        return
    line = file.lines[finding.line - 1]
    at = line[finding.column - 1 :]
    if finding.rule in {"invisible-character", "mixed-script"}:
        yield from _character_fixes(finding, at)
    elif finding.rule == "open-row":
        yield from unclosed_row_fixes(finding, line)
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
