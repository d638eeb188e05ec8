"""Lint of facts: each value that a step gives is used by a later step, once and in time, and no Then only repeats a Given."""

from collections import Counter
from collections.abc import Hashable, Iterator

from sop_engine.text import quoted
from sop_runs.problem import Problem
from steps.definitions.expressions import StepValueError
from steps.definitions.registry import Match
from steps.definitions.stated_steps import IdlePart, StatedStep, no_idle_parts
from steps.definitions.tables import CellFault, TableError
from steps.language.examples import Example, StepLine
from steps.lint.checked_file import CheckedFile, Findings, MatchedExample, content_of
from steps.lint.step_values import CellPlaces
from steps.lint.value_flow import DefinitionFlow, ValueFlow

MOST_LINES = 10
"""Number of scenarios that a finding names by their lines."""


def fact_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules unread-fact, doubled-fact, late-fact, restated-fact and idle-value."""
    unread_by: dict[StepLine, list[int]] = {}
    findings = [finding for matched in file.matched for finding in _findings_of_example(file, matched, unread_by)]
    findings += [_unread_in_background(file, step, scenarios) for step, scenarios in unread_by.items()]
    yield from findings
    yield from _idle(file, {finding.line for finding in findings})


def _findings_of_example(file: CheckedFile, matched: MatchedExample, unread_by: dict[StepLine, list[int]]) -> Findings:
    if DefinitionFlow.of(matched.definitions).is_sound:
        return
    flow = ValueFlow.of(matched)
    yield from _unread(file, flow, matched.example.line, unread_by)
    yield from _doubled(file, flow)
    yield from _late(file, flow)
    yield from _restated(file, flow)


def _unread(file: CheckedFile, flow: ValueFlow, scenario: int, unread_by: dict[StepLine, list[int]]) -> Findings:
    """Yield the findings of unread values; those of a Background are added to *unread_by*: step to the lines of the scenarios."""
    for number in flow.of_definitions.unread:
        step = flow.step(number)
        message = f"no later step uses {quoted(step.words)}, so it changes nothing"
        remedy = "delete it, or use a When or Then that depends on it"
        if step.line < scenario and step.kind == "given" and flow.definition(number).output_fixtures:
            unread_by.setdefault(step, []).append(scenario)
            continue
        if not flow.definition(number).output_fixtures:
            message = f"{quoted(step.words)} gives no value, so no later step can use it"
            remedy = "delete it, or have a developer let the sentence set what the Then needs"
        elif step.kind == "when":
            message = f"no later Then checks the result of {quoted(step.words)}"
            remedy = "add the Then that states the result, or delete the step"
        yield file.step_finding(step, "unread-fact", message, remedy)


def _unread_in_background(file: CheckedFile, step: StepLine, scenarios: list[int]) -> Problem:
    """Return the finding of a step of a Background that *scenarios* (their lines) do not use."""
    unread = list(dict.fromkeys(scenarios))
    below = {matched.example.line for matched in file.matched if step in matched.example.steps}
    lines = ", ".join(map(str, unread[:MOST_LINES])) + (f" and {len(unread) - MOST_LINES} more" if len(unread) > MOST_LINES else "")
    who = (
        f"{len(unread)} of {len(below)} scenarios (lines {lines}) do not use"
        if len(unread) > 1
        else f"the scenario in line {lines} does not use"
    )
    if len(unread) == len(below) > 1:
        who = f"none of the {len(below)} scenarios below it (lines {lines}) uses"
    remedy = "move the step from the Background to the scenarios that use it, or use a When or Then that depends on it"
    return file.step_finding(step, "unread-fact", f"{who} {quoted(step.words)} of the Background", remedy)


def _doubled(file: CheckedFile, flow: ValueFlow) -> Findings:
    for number, earlier in flow.replaced.items():
        step, other = flow.step(number), flow.step(earlier)
        if step.kind == "when" and all(between.kind != "then" for between, _ in flow.steps[earlier:number]):
            continue  # rule step-order reports that no Then checks the first
        message = f"{quoted(step.words)} replaces {quoted(other.words)} of line {other.line}, which then has no effect"
        if step.kind == "when":
            message = f"{quoted(step.words)} is decided as if {quoted(other.words)} of line {other.line} had not happened"
        yield file.step_finding(step, "doubled-fact", message, "delete one of the two, or make two scenarios")
    for at, line, statement in _repeated(file, flow):
        yield file.finding(at, "doubled-fact", f"line {line} already states {quoted(statement)}", "delete one of the two")


def _repeated(file: CheckedFile, flow: ValueFlow) -> Iterator[tuple[tuple[int, int], int, str]]:
    """Yield what is stated twice: the place of the second statement, the line of the first, and what it states."""
    lines: dict[tuple[Hashable, ...], int] = {}
    for number, (step, match) in enumerate(flow.steps):
        definition = match.definition
        if step.kind == "when":
            lines = {key: line for key, line in lines.items() if key[0] == "given"}
        elif definition.keyed:
            for at, key in _keys(file, step, match):
                line = lines.setdefault(("given", definition.target_fixture, key), step.line)
                if line != step.line:  # in one table, its unique column reports it
                    yield at, line, key
        elif not definition.follows and number not in flow.replaced:
            line = lines.setdefault((step.kind, content_of(step, match)), step.line)
            if line != step.line:
                yield (step.line, step.column), line, step.words


def _keys(file: CheckedFile, step: StepLine, match: Match) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the keys of a step with their places: the first cells of its table, or its first argument."""
    if not match.definition.takes_table:
        yield (step.line, step.column), match.first_text or ""
        return
    rows = (line for line in range(step.line + 1, len(file.lines) + 1) if file.lines[line - 1].lstrip().startswith("|"))
    for line, cells in zip(rows, step.table or (), strict=False):
        yield file.find(cells[0], line), cells[0]


def _late(file: CheckedFile, flow: ValueFlow) -> Findings:
    for number, (earlier, name) in flow.late.items():
        step, other = flow.step(number), flow.step(earlier)
        message = f"{quoted(step.words)} comes too late: line {other.line}, {quoted(other.words)}, already took another `{name}`"
        yield file.step_finding(step, "late-fact", message, f"move it above line {other.line}")


def _restated(file: CheckedFile, flow: ValueFlow) -> Findings:
    is_explained = any(flow.definition(number).kind == "when" for number in flow.of_definitions.unread)
    for number in () if is_explained else flow.of_definitions.only_facts:
        message = f"{quoted(flow.step(number).words)} only repeats what the Givens say: the When has no part in it"
        remedy = "claim something that the When changes, or delete the step"
        yield file.step_finding(flow.step(number), "restated-fact", message, remedy)
    for number, fact in flow.same_as_given():
        step, other = flow.step(number), flow.step(fact)
        message = f"{quoted(step.words)} compares line {other.line}, {quoted(other.words)}, with itself, so it always holds"
        yield file.step_finding(step, "restated-fact", message, "name another value, or delete the step")


def _idle(file: CheckedFile, reported_lines: set[int]) -> Findings:
    """Yield the parts of steps that change nothing in any example of their step, or cannot be true; not of a step in *reported_lines*."""
    examples: Counter[int] = Counter()
    idle_parts: dict[tuple[int, tuple[int, int] | None], list[tuple[Example, StepLine, IdlePart]]] = {}
    for matched in file.matched:
        steps = _stated_steps(matched)
        for (step, match), stated in zip(matched.steps, steps, strict=False):
            examples[step.line] += 1
            for part in match.definition.idle(stated, steps):
                idle_parts.setdefault((step.line, part.cell), []).append((matched.example, step, part))
    places = CellPlaces(file)
    for (line, cell), parts in idle_parts.items():
        example, step, part = next((entry for entry in parts if entry[2].cannot_be), parts[0])
        if (part.cannot_be or len(parts) == examples[line]) and line not in reported_lines:
            at = (line, step.column) if cell is None else places.of_fault(example, step, CellFault(*cell, part.message, part.remedy))
            if cell is None and len(parts) < examples[line] and example.row is not None:
                at = file.start_of(example.row)
            yield file.finding(at, "idle-value", part.message, part.remedy)


def _stated_steps(matched: MatchedExample) -> list[StatedStep]:
    """Return the steps with their values; none if no sentence has a check for idle parts, or if a value is wrong."""
    if all(definition.idle is no_idle_parts for definition in matched.definitions):
        return []
    steps = []
    for step, match in matched.steps:
        definition = match.definition
        try:
            table = definition.table.filled(step.table) if definition.table is not None and step.table is not None else None
            steps.append(StatedStep(definition.kind, definition.module, match.arguments, definition.table, table, definition.expression))
        except (StepValueError, TableError):
            return []  # rules impossible-value, table-columns and table-cell report it
    return steps
