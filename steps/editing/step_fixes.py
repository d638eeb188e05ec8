"""Fixes of findings at steps: a step sentence that exists, the table that it takes, or the step deleted."""

import re
from collections.abc import Iterator

from sop_runs.problem import Problem
from steps.definitions.expressions import StepParameter
from steps.editing.text_edits import Fix, TextEdit, in_line, indent_of, without_lines
from steps.language.examples import StepLine
from steps.lint.checked_file import MAX_STEP, CheckedFile

_STEP = re.compile(r"\s*(\S+)\s+(.*\S)")
_IN_BRACKETS = re.compile(r"<[^<>\n]+>")
DELETABLE = frozenset({"doubled-fact", "restated-fact", "unread-fact", "idle-value", "undefined-step"})
"""Rules of findings that vanish with their step."""


def step_fixes(file: CheckedFile, finding: Problem) -> Iterator[Fix]:
    """Yield what may remove a *finding* at a step; nothing if there is no step in its line."""
    step = next((step for example in file.examples for step in example.steps if step.line == finding.line), None)
    line = file.lines[finding.line - 1]
    written = _STEP.match(line)
    if step is None:
        return
    last = max([step.line, *_lines_of_table(file, step.line)])
    if written is None:
        yield without_lines("Delete the line", step.line, last)
        return
    for sentence in _sentences(file, finding, step, written[2]):
        kind, _, words = sentence.partition(" ")
        keyword = written[1] if kind.casefold() == step.kind and finding.rule != "first-step" else kind
        text = f"{keyword} {_with_placeholders(file, sentence, written[2]) or words}"
        yield Fix(f"Write {text}", (in_line(step.line, len(indent_of(line)), len(line.rstrip()), text),))
    if finding.rule == "unexpected-table":
        yield from _missing_table(file, step, line)
    if finding.rule in DELETABLE:
        yield without_lines("Delete the step", step.line, last)


def _sentences(file: CheckedFile, finding: Problem, step: StepLine, written: str) -> Iterator[str]:
    """Yield steps that the author may have meant, each with its kind first."""
    if finding.rule == "first-step" and finding.suggestion:
        yield f"{finding.suggestion} {written}"
        return
    if finding.suggestion and " " in finding.suggestion:
        yield finding.suggestion
    if finding.rule == "undefined-step" and len(step.text) <= MAX_STEP:
        yield from file.registry.nearest(step.kind, step.text)


def _with_placeholders(file: CheckedFile, sentence: str, written: str) -> str | None:
    """Return the words of a step sentence with the placeholders of the step as it is *written* in the place of its parameters.

    None if the step has no placeholder, or another number of them than the sentence has parameters.
    """
    placeholders = _IN_BRACKETS.findall(written)
    kind, _, words = sentence.partition(" ")
    for definition in file.registry.definitions if placeholders else ():
        is_meant = str(definition) == sentence or (definition.kind == kind.casefold() and definition.sentence.is_matching(words))
        if is_meant and len(definition.sentence.parameters) == len(placeholders):
            names = iter(placeholders)
            return "".join(next(names) if isinstance(piece, StepParameter) else piece or "" for piece in definition.sentence.pieces)
    return None


def _lines_of_table(file: CheckedFile, line: int) -> Iterator[int]:
    """Yield the lines of the table below the step at *line*."""
    for number in range(line + 1, len(file.lines) + 1):
        if not file.lines[number - 1].lstrip().startswith("|"):
            return
        yield number


def _missing_table(file: CheckedFile, step: StepLine, line: str) -> Iterator[Fix]:
    """Yield the table that the step sentence takes, with its required columns and a row of values."""
    matches = file.registry.match(step.kind, step.text)
    table = matches[0].definition.table if len(matches) == 1 else None
    if table is None:
        return
    columns = [column for column in table.columns if column.required] or list(table.columns[:1])
    values = [(column.kind.words or (column.kind.sample or column.nothing or "x",))[0] for column in columns]
    rows = [[column.name for column in columns], values] if table.heading else [values]
    text = "".join(f"{indent_of(line)}  | {' | '.join(row)} |\n" for row in rows)
    yield Fix("Add the table", (TextEdit(step.line + 1, 1, step.line + 1, 1, text),))
