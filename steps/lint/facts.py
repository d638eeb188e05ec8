"""Lint of facts: each value that a step gives is used by a later step, once and in time.

A step definition says what it takes (its fixtures) and what it gives (its target fixture); so the values of an example can be
followed from step to step without running it.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from sop_engine.text import quoted
from steps.definitions.decorators import StepDefinition
from steps.definitions.registry import Match
from steps.language.examples import StepLine
from steps.lint.checked_file import CheckedFile, Findings, MatchedExample


def fact_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules unread-fact, doubled-fact, late-fact and restated-fact."""
    for matched in file.matched:
        yield from _findings_of(file, ValueFlow.of(matched))


@dataclass
class ValueFlow:
    """The values of one example: which step gave each, and which steps used it."""

    steps: list[tuple[StepLine, Match]]
    givers: dict[str, int] = field(default_factory=dict)
    """The step that gave each value last."""
    sources: list[frozenset[int]] = field(default_factory=list)
    """For each step, the steps that gave what it takes."""
    replaced: dict[int, int] = field(default_factory=dict)
    """Steps that replace the value of another step although their sentences do not say so: step to replaced step."""
    late: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Givens whose value an earlier step took before it was given: step to that earlier step."""

    @classmethod
    def of(cls, matched: MatchedExample) -> "ValueFlow":
        """Follow the values of an example from step to step."""
        flow = cls(list(matched.steps))
        taken: dict[str, int] = {}
        for number, (_, match) in enumerate(flow.steps):
            definition = match.definition
            flow.sources.append(frozenset(flow.givers[name] for name in definition.takes if name in flow.givers))
            for name in definition.takes:
                if name not in flow.givers:
                    taken.setdefault(name, number)
            if definition.target_fixture is not None:
                flow._give(number, definition.target_fixture, taken)
            for name in definition.gives:
                flow.givers[name] = number
        return flow

    def _give(self, number: int, name: str, taken: dict[str, int]) -> None:
        """Note whether a step gives a value too late, or gives it again; *taken* has the steps that took a value before it was given."""
        definition = self.definition(number)
        early = taken.get(name, number)
        if early < number and name not in definition.takes and definition.kind == self.definition(early).kind == "given":
            self.late[number] = early, name
            return
        earlier = self.givers.get(name)
        if not definition.follows and definition.kind == "given":
            earlier = next((before for before in range(number) if self.definition(before) is definition), earlier)
        if earlier is not None and not definition.may_follow(self.definition(earlier)):
            self.replaced[number] = earlier

    def definition(self, number: int) -> StepDefinition:
        """The step definition of a step."""
        return self.steps[number][1].definition

    def unread(self) -> Iterator[int]:
        """Yield the Givens and Whens whose values reach no Then."""
        live: set[int] = set()
        reported = {*self.replaced.values(), *(earlier for earlier, _ in self.late.values())}
        for number in reversed(range(len(self.steps))):
            if number in live or self.definition(number).kind == "then":
                live |= {number} | self.sources[number]
            elif number not in reported:
                yield number

    def has_event(self, number: int) -> bool:
        """Return whether a When has a part in what the step takes."""
        sources = set(self.sources[number])
        while sources:
            source = sources.pop()
            if self.definition(source).kind == "when":
                return True
            sources |= {earlier for earlier in self.sources[source] if earlier < source}
        return False

    def only_facts(self) -> Iterator[int]:
        """Yield the Thens after a When that take only what the Givens gave."""
        is_after = False
        for number, (step, match) in enumerate(self.steps):
            is_after = is_after or step.kind == "when"
            takes = match.definition.takes
            if is_after and step.kind == "then" and takes and all(name in self.givers for name in takes) and not self.has_event(number):
                yield number

    def same_as_given(self) -> Iterator[tuple[int, int]]:
        """Yield the Thens that compare a fact with itself, with the Given that states it."""
        for number, (_, match) in enumerate(self.steps):
            given = self.givers.get(match.definition.other_than, number)
            if given != number and _first_argument(match) == _first_argument(self.steps[given][1]) is not None:
                yield number, given


def said(step: StepLine, match: Match) -> Hashable:
    """What a step says: its values, table and doc string, without the words that its sentence leaves free (is/are)."""
    values = match.definition.sentence.pattern.fullmatch(step.text)
    return id(match.definition), values and values.groups(), step.table, step.docstring


def _repeated(file: CheckedFile, flow: ValueFlow) -> Iterator[tuple[tuple[int, int], int, str]]:
    """Yield what is stated twice: the place of the second statement, the line of the first, and what it states."""
    lines: dict[tuple[Hashable, ...], int] = {}
    for number, (step, match) in enumerate(flow.steps):
        definition = match.definition
        if step.kind == "when":
            lines = {key: line for key, line in lines.items() if key[0] == "given"}
        elif definition.keyed:
            for at, key in _keys(file, step, match):
                line = lines.setdefault(("given", definition.target_fixture, key), at[0])
                if line != at[0]:
                    yield at, line, f"the value of {quoted(key)}"
        elif not definition.follows and number not in flow.replaced:
            line = lines.setdefault((step.kind, said(step, match)), step.line)
            if line != step.line:
                yield (step.line, step.column), line, _quoted(step)


def _keys(file: CheckedFile, step: StepLine, match: Match) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the keys of a step with their places: the first cells of its table, or its first argument."""
    if not match.definition.takes_table:
        yield (step.line, step.column), _first_argument(match) or ""
        return
    rows = (line for line in range(step.line + 1, len(file.lines) + 1) if file.lines[line - 1].lstrip().startswith("|"))
    for line, cells in zip(rows, step.table or (), strict=False):
        yield file.find(cells[0], line), cells[0]


def _first_argument(match: Match) -> str | None:
    found = match.definition.sentence.pattern.fullmatch(match.text)
    return found[1] if found is not None and match.definition.arguments else None


def _findings_of(file: CheckedFile, flow: ValueFlow) -> Findings:
    steps = [step for step, _ in flow.steps]
    for number in flow.unread():
        step = steps[number]
        if not flow.definition(number).gives:
            message = f"{_quoted(step)} gives no value, so no later step can use it"
            remedy = "delete it, or have a developer let the sentence set what the Then needs"
        elif step.kind == "given":
            message = f"no later step uses {_quoted(step)}, so it changes nothing"
            remedy = "delete it, or use a When or Then that depends on it"
        else:
            message = f"no later Then looks at the result of {_quoted(step)}"
            remedy = "add the Then that states the result, or delete the step"
        yield file.finding((step.line, step.column), "unread-fact", message, remedy)
    for number, earlier in flow.replaced.items():
        step = steps[number]
        message = f"{_quoted(step)} replaces {_quoted(steps[earlier])} of line {steps[earlier].line}, which then has no effect"
        if step.kind == "when":
            message = f"{_quoted(step)} is decided as if {_quoted(steps[earlier])} of line {steps[earlier].line} had not happened"
        remedy = "delete one of the two, or make two scenarios"
        yield file.finding((step.line, step.column), "doubled-fact", message, remedy)
    for at, line, what in _repeated(file, flow):
        yield file.finding(at, "doubled-fact", f"line {line} already states {what}", "delete one of the two")
    for number, (earlier, name) in flow.late.items():
        step = steps[number]
        message = f"{_quoted(step)} comes too late: line {steps[earlier].line}, {_quoted(steps[earlier])}, already took another `{name}`"
        yield file.finding((step.line, step.column), "late-fact", message, f"move it above line {steps[earlier].line}")
    for number in flow.only_facts():
        step = steps[number]
        message = f"{_quoted(step)} only repeats what the Givens say: the When has no part in it"
        yield file.finding((step.line, step.column), "restated-fact", message, "claim something that the When changes, or delete the step")
    for number, given in flow.same_as_given():
        step = steps[number]
        message = f"{_quoted(step)} compares line {steps[given].line}, {_quoted(steps[given])}, with itself, so it always holds"
        yield file.finding((step.line, step.column), "restated-fact", message, "name another value, or delete the step")


def _quoted(step: StepLine) -> str:
    return quoted(f"{step.keyword} {step.text}")
