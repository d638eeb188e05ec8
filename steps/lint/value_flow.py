"""Value flow: which step of an example gives each value, and which steps take it, without running the example.

A step definition says what it takes (its fixtures) and what it gives (its target fixture). So examples with the same step definitions
in the same order have the same flow, whatever the texts of their steps are; it is computed once for all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from steps.definitions.decorators import StepDefinition
from steps.definitions.registry import Match
from steps.language.examples import StepLine
from steps.lint.checked_file import MatchedExample

MOST_FLOWS = 1024
"""Number of sequences of step definitions whose flow is kept."""


@dataclass
class DefinitionFlow:
    """The values of the examples with these step definitions; steps are numbered from 0."""

    definitions: tuple[StepDefinition, ...]
    producers: dict[str, int] = field(default_factory=dict)
    """The step that produced each value last."""
    sources: list[frozenset[int]] = field(default_factory=list)
    """For each step, the steps that gave what it takes."""
    replaced: dict[int, int] = field(default_factory=dict)
    """Steps that replace the value of another step although their sentences do not say so: step to replaced step."""
    late: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Givens whose value an earlier step took before it was given: step to that earlier step and the value's name."""

    @classmethod
    @lru_cache(maxsize=MOST_FLOWS)
    def of(cls, definitions: tuple[StepDefinition, ...]) -> "DefinitionFlow":
        """Follow the values from step to step."""
        flow = cls(definitions)
        taken_by: dict[str, int] = {}
        for number, definition in enumerate(definitions):
            flow.sources.append(frozenset(flow.producers[name] for name in definition.input_fixtures if name in flow.producers))
            for name in definition.input_fixtures:
                if name not in flow.producers:
                    taken_by.setdefault(name, number)
            if definition.target_fixture is not None:
                flow._add_producer(number, definition.target_fixture, taken_by)
            for name in definition.output_fixtures:
                flow.producers[name] = number
        return flow

    def _add_producer(self, number: int, name: str, taken_by: dict[str, int]) -> None:
        """Note whether a step gives a value too late, or gives it again; *taken_by* has the steps that took a value before it was given."""
        definition = self.definitions[number]
        early = taken_by.get(name, number)
        if early < number and name not in definition.input_fixtures and definition.kind == self.definitions[early].kind == "given":
            self.late[number] = early, name
            return
        earlier = self.producers.get(name)
        if not definition.follows and definition.kind == "given":
            earlier = next((before for before in range(number) if self.definitions[before] is definition), earlier)
        if earlier is not None and not definition.may_follow(self.definitions[earlier]):
            self.replaced[number] = earlier

    @cached_property
    def unread(self) -> Sequence[int]:
        """The Givens and Whens whose values reach no Then, the last first; not those that are replaced or overtaken."""
        live: set[int] = set()
        reported = {*self.replaced.values(), *(earlier for earlier, _ in self.late.values())}
        unread = []
        for number in reversed(range(len(self.definitions))):
            if number in live or self.definitions[number].kind == "then":
                live |= {number} | self.sources[number]
            elif number not in reported:
                unread.append(number)
        return unread

    @cached_property
    def only_facts(self) -> Sequence[int]:
        """The Thens below a When that take only what the Givens gave."""
        kinds = [definition.kind for definition in self.definitions]
        event = kinds.index("when") if "when" in kinds else len(kinds)
        return [
            number
            for number, definition in enumerate(self.definitions)
            if number > event
            and definition.kind == "then"
            and definition.input_fixtures
            and all(name in self.producers for name in definition.input_fixtures)
            and max(self.sources[number], default=event) < event
        ]

    @cached_property
    def compared(self) -> Sequence[tuple[int, int]]:
        """The steps that compare their first argument with that of another step, each with that step."""
        facts = ((number, self.producers.get(definition.other_than, number)) for number, definition in enumerate(self.definitions))
        return [(number, fact) for number, fact in facts if fact != number]

    @cached_property
    def is_sound(self) -> bool:
        """Whether no texts of the steps could make a value unread, doubled, late or restated."""
        may_repeat = len(set(self.definitions)) < len(self.definitions) or any(definition.keyed for definition in self.definitions)
        return not (may_repeat or self.unread or self.replaced or self.late or self.only_facts or self.compared)


@dataclass(frozen=True, slots=True)
class ValueFlow:
    """The values of one example; steps are numbered from 0."""

    steps: list[tuple[StepLine, Match]]
    of_definitions: DefinitionFlow

    @classmethod
    def of(cls, matched: MatchedExample) -> "ValueFlow":
        """Follow the values of an example from step to step."""
        return cls(list(matched.steps), DefinitionFlow.of(matched.definitions))

    @property
    def replaced(self) -> dict[int, int]:
        """Steps that replace the value of another step although their sentences do not say so: step to replaced step."""
        return self.of_definitions.replaced

    @property
    def late(self) -> dict[int, tuple[int, str]]:
        """Givens whose value an earlier step took before it was given: step to that earlier step and the value's name."""
        return self.of_definitions.late

    def step(self, number: int) -> StepLine:
        """A step."""
        return self.steps[number][0]

    def definition(self, number: int) -> StepDefinition:
        """The step definition of a step."""
        return self.of_definitions.definitions[number]

    def same_as_given(self) -> Iterator[tuple[int, int]]:
        """Yield the Thens that compare a fact with itself, each with the Given that states it."""
        for number, fact in self.of_definitions.compared:
            text = self.steps[number][1].first_text
            if text is not None and text == self.steps[fact][1].first_text:
                yield number, fact
