"""Lint of steps: each matches exactly one step definition and has the table or doc string that it takes."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sop_engine.text import quoted
from steps.definitions.decorators import StepDefinition
from steps.definitions.registry import Match, Registry, WrongValue
from steps.language.examples import Example, StepLine, written_steps
from steps.language.syntax import EMPTY_STEP
from steps.lint.checked_file import MAX_STEP, CheckedFile, Findings
from steps.lint.step_values import CellPlaces


class FilledStep(NamedTuple):
    """A step with its placeholders filled from one row, and the step definitions that it matches."""

    step: StepLine
    row: int | None
    matches: Sequence[Match]


def step_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules undefined-step, ambiguous-step, unexpected-table and, for the text of a step, too-large."""
    document = file.source.document
    if document is None:
        return
    places = CellPlaces(file)
    by_line = _fillings_by_line(file.examples, file.registry)
    for node, _ in written_steps(document.feature) if document.feature else ():
        if not node["text"] and node["location"]["line"] not in by_line:  # no example here runs it, as in a Background above no scenario
            yield file.finding(file.at(node), "undefined-step", *EMPTY_STEP)
    for fillings in by_line.values():
        first = fillings[0]
        if len(fillings) == 1 and _is_bound(first):
            continue
        at = first.step.line, first.step.column
        longest = max(len(filled.step.text) for filled in fillings)
        if longest > MAX_STEP:
            message = f"the step has {longest:,} characters, more than {MAX_STEP}"
            yield file.finding(at, "too-large", message, "shorten it, or move the text into a table or doc string")
            continue
        yield from _undefined(file, fillings, places)
        yield from _ambiguous(file, fillings)
        yield from _arguments(file, fillings)


def _is_bound(filled: FilledStep) -> bool:
    """Return whether a step matches one step definition, and has no table or doc string because it takes none."""
    if len(filled.matches) != 1 or filled.step.table is not None or filled.step.docstring is not None:
        return False
    definition = filled.matches[0].definition
    return not (definition.takes_table or definition.takes_docstring)


def _fillings_by_line(examples: Iterable[Example], registry: Registry) -> dict[int, list[FilledStep]]:
    """Return the distinct fillings of every written step, by its line."""
    fillings: dict[int, list[FilledStep]] = {}
    keys: set[tuple[int, str]] = set()
    for example in examples:
        for step in example.steps:
            key = step.line, step.text
            if key not in keys:
                keys.add(key)
                matches = registry.match(step.kind, step.text) if len(step.text) <= MAX_STEP else ()
                fillings.setdefault(step.line, []).append(FilledStep(step, example.row, matches))
    return fillings


def _undefined(file: CheckedFile, fillings: list[FilledStep], places: CellPlaces) -> Findings:
    undefined = [filled for filled in fillings if not filled.matches]
    is_reported = False
    for filled in undefined:
        step = filled.step
        wrong = file.registry.wrong_value(step.kind, step.text)
        cell = _cause_cell(filled, wrong, places, some_defined=len(undefined) < len(fillings))
        if cell is not None:
            yield file.finding(cell, "undefined-step", *explain_undefined(file, step, wrong))
        elif not is_reported:
            is_reported = True
            yield file.finding((step.line, step.column), "undefined-step", *explain_undefined(file, step, wrong))


def _cause_cell(filled: FilledStep, wrong: WrongValue | None, places: CellPlaces, *, some_defined: bool) -> tuple[int, int] | None:
    """Return line and column of the cell that makes the step undefined; None if the step sentence itself is wrong."""
    if filled.row is None or not filled.step.columns:
        return None
    cells = {name: places.examples[filled.row][name] for name in filled.step.columns}
    for value, column in cells.values():
        if wrong is not None and value == wrong.value:
            return filled.row, column
    return (filled.row, next(iter(cells.values()))[1]) if some_defined else None


def explain_undefined(file: CheckedFile, step: StepLine, wrong: WrongValue | None) -> tuple[str, str, str | None]:
    """Return message, remedy and suggestion for a step that matches no step sentence."""
    kind, written = step.kind.capitalize(), quoted(f"{step.keyword} {step.text}")
    if not step.text:
        return *EMPTY_STEP, None
    kinds = file.registry.kinds_matching(step.text)
    if kinds:
        right = " or ".join(other.capitalize() for other in kinds)
        role = "continues" if step.keyword in {"And", "But", "*"} else "is written as"
        message = f"{written} {role} a {kind}"
        remedy = f"begin the step with {right}"
        return f"{message}, but the step sentence exists as {right}", remedy, f"{kinds[0].capitalize()} {step.text}"
    comment = _comment_behind(file, step)
    if comment is not None:
        remedy = "write the comment on a line of its own, above the step; it begins with `#`"
        return f"{quoted(comment)} is read as part of the step, in {written}", remedy, f"{kind} {step.text.partition(comment)[0].rstrip()}"
    if wrong is not None:
        return f"{wrong.reason}, in {written}", *_instead_of(file, step, wrong)
    near = file.registry.nearest(step.kind, step.text) if file.use_comparison() else []
    if near:
        alternatives = "".join(f" or `{sentence}`" for sentence in near[1:])
        return f"no step sentence matches {written}", f"did you mean `{near[0]}`{alternatives}?", near[0]
    return f"no step sentence matches {written}", "use a step sentence that `sop steps` lists, or have a developer add one", None


def _instead_of(file: CheckedFile, step: StepLine, wrong: WrongValue) -> tuple[str, str | None]:
    """Return remedy and suggestion for a value that a step sentence does not accept."""
    kind, column = step.kind.capitalize(), _column_meant(file, step, wrong.value)
    if column is not None:
        text = file.lines[step.line - 1].strip().removeprefix(step.keyword).lstrip()
        return f"did you mean `<{column}>`?", f"{kind} {text.replace(wrong.value, f'<{column}>', 1)}"
    samples = [] if wrong.parameter.choices else [f"`{sample}`" for sample in wrong.parameter.samples]
    general = f"write it like {' or '.join(samples)}" if samples else "use one of the values that the step sentence accepts"
    remedy = f"did you mean `{wrong.suggestion}`?" if wrong.suggestion else general
    return remedy, f"{kind} {wrong.text}" if wrong.text else None


def _column_meant(file: CheckedFile, step: StepLine, value: str) -> str | None:
    """Return the column of the Examples of *step* that is meant by *value*, a placeholder of which a bracket is missing; None if it is none."""
    if (not value.startswith("<") and not value.endswith(">")) or value not in file.lines[step.line - 1]:
        return None
    scenarios = (block.scenario for block in file.blocks if any(node["location"]["line"] == step.line for node in block.scenario["steps"]))
    headers = [examples["tableHeader"]["cells"] for scenario in scenarios for examples in scenario["examples"] if "tableHeader" in examples]
    columns = dict.fromkeys(cell["value"] for header in headers for cell in header)
    name = value.strip("<> \t")
    begun = (column for column in columns if column.casefold().startswith(name.casefold()))
    return next(begun, None) or file.most_similar(name, columns)


_COMMENT = re.compile(r"\s(#.*)", re.DOTALL)
_OTHER_COMMENT = re.compile(r"\s((?://|--|;|%|/\*|\(\*).*)", re.DOTALL)
"""What is a comment behind the code of other languages; here it is one only behind the text of a step sentence."""


def _comment_behind(file: CheckedFile, step: StepLine) -> str | None:
    """Return what looks like a comment behind the text of a step: after ``#`` comes a space, or what is before it is a step sentence."""
    matches = filter(None, (_COMMENT.search(step.text), _OTHER_COMMENT.search(step.text)))
    for match in sorted(matches, key=lambda match: match.start()):
        is_comment = match[1][:1] == "#" and match[1][1:2] in ("", " ", "\t")
        if is_comment or file.registry.kinds_matching(step.text[: match.start()].rstrip()):
            return match[1]
    return None


def _ambiguous(file: CheckedFile, fillings: list[FilledStep]) -> Findings:
    for filled in fillings:
        if len(filled.matches) > 1:
            sentences = ", ".join(f"`{match.definition}` ({match.definition.place})" for match in filled.matches)
            message = f"{quoted(filled.step.text)} matches {len(filled.matches)} step sentences: {sentences}"
            at = filled.step.line, filled.step.column
            yield file.finding(at, "ambiguous-step", message, "have a developer reword one of them")
            return


def _arguments(file: CheckedFile, fillings: list[FilledStep]) -> Findings:
    """Yield a finding for a table or doc string that a step sentence does not take, or that is missing."""
    definitions = {id(filled.matches[0].definition): filled for filled in fillings if len(filled.matches) == 1}
    for filled in definitions.values():
        yield from _argument(file, filled.step, filled.matches[0].definition)


def _argument(file: CheckedFile, step: StepLine, definition: StepDefinition) -> Findings:
    for argument, has_argument, takes_argument in (
        ("table", step.table is not None, definition.takes_table),
        ("doc string", step.docstring is not None, definition.takes_docstring),
    ):
        if has_argument and not takes_argument:
            at = _first_line_below(file, step, ("|",) if argument == "table" else ('"""', "```"))
            message = f"the step sentence `{definition}` takes no {argument}, so this one would be ignored"
            yield file.finding(at, "unexpected-table", message, f"delete the {argument}, or use a step sentence that takes one")
        elif takes_argument and not has_argument:
            message = f"the step sentence `{definition}` needs a {argument} below it"
            yield file.finding((step.line, step.column), "unexpected-table", message, f"add the {argument} on the next line")


def _first_line_below(file: CheckedFile, step: StepLine, marks: tuple[str, ...]) -> tuple[int, int]:
    for number in range(step.line + 1, len(file.lines) + 1):
        line = file.lines[number - 1]
        if line.lstrip().startswith(marks):
            return number, len(line) - len(line.lstrip()) + 1
    return step.line, step.column  # pragma: no cover - the parser found it there
