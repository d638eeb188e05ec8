"""Value flow: which step of an example gives each value, and which steps take it, without running the example.

A step definition says what it takes (its fixtures) and what it gives (its target fixture).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from steps.definitions.decorators import StepDefinition
from steps.definitions.registry import Match
from steps.language.examples import StepLine
from steps.lint.checked_file import MatchedExample


@dataclass
class ValueFlow:
    """The values of one example; steps are numbered from 0."""

    steps: list[tuple[StepLine, Match]]
    givers: dict[str, int] = field(default_factory=dict)
    """The step that gave each value last."""
    sources: list[frozenset[int]] = field(default_factory=list)
    """For each step, the steps that gave what it takes."""
    replaced: dict[int, int] = field(default_factory=dict)
    """Steps that replace the value of another step although their sentences do not say so: step to replaced step."""
    late: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Givens whose value an earlier step took before it was given: step to that earlier step and the value's name."""

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

    def step(self, number: int) -> StepLine:
        """A step."""
        return self.steps[number][0]

    def definition(self, number: int) -> StepDefinition:
        """The step definition of a step."""
        return self.steps[number][1].definition

    def unread(self) -> Iterator[int]:
        """Yield the Givens and Whens whose values reach no Then; not those that are replaced or overtaken."""
        live: set[int] = set()
        reported = {*self.replaced.values(), *(earlier for earlier, _ in self.late.values())}
        for number in reversed(range(len(self.steps))):
            if number in live or self.definition(number).kind == "then":
                live |= {number} | self.sources[number]
            elif number not in reported:
                yield number

    def only_facts(self) -> Iterator[int]:
        """Yield the Thens below a When that take only what the Givens gave."""
        event = next((number for number, (step, _) in enumerate(self.steps) if step.kind == "when"), len(self.steps))
        for number, (step, match) in enumerate(self.steps):
            takes = match.definition.takes
            is_late_then = number > event and step.kind == "then"
            if is_late_then and takes and all(name in self.givers for name in takes) and max(self.sources[number], default=event) < event:
                yield number

    def same_as_given(self) -> Iterator[tuple[int, int]]:
        """Yield the Thens that compare a fact with itself, each with the Given that states it."""
        for number, (_, match) in enumerate(self.steps):
            fact = self.givers.get(match.definition.other_than, number)
            if fact != number and match.first_text is not None and match.first_text == self.steps[fact][1].first_text:
                yield number, fact
