"""For every step sentence of the project: its value ignored, given twice or given late is reported; new sentences are included."""

import re

import pytest

from sop_engine import load_rulebook
from steps.definitions.decorators import ANY_SENTENCE, StepDefinition
from steps.definitions.discovery import built_in_modules
from steps.definitions.expressions import StepParameter
from steps.definitions.registry import Registry
from steps.lint.linter import known_tags_of, lint_text

REGISTRY = Registry.from_modules(built_in_modules())
TAGS = known_tags_of(load_rulebook())
SERVICES = {"driver"}
RULES = {"unread-fact", "doubled-fact", "late-fact", "restated-fact", "step-order", "no-when"}

GIVENS, WHENS, THENS = (
    [definition for definition in REGISTRY.definitions if definition.kind == kind] for kind in ("given", "when", "then")
)
PAIRS = [(when, then) for when in WHENS for then in THENS if when.target_fixture in then.input_fixtures]
"""Every When with every Then that looks at its result."""


def before(definition: StepDefinition) -> list[StepDefinition]:
    """The Givens that give what *definition* takes."""
    steps: list[StepDefinition] = []
    for given in GIVENS:
        if given.target_fixture in definition.input_fixtures and given.target_fixture not in given.input_fixtures:
            options = [step for step in steps if step.target_fixture == given.target_fixture]
            steps += [] if options else [*(step for step in before(given) if step not in steps), given]
    return steps


def givens_of(when: StepDefinition, then: StepDefinition) -> list[StepDefinition]:
    return list(
        dict.fromkeys(
            [*before(when), *(step for step in before(then) if step.target_fixture != when.target_fixture or step in before(when))]
        )
    )


def uses(when: StepDefinition, then: StepDefinition) -> set[str]:
    """The values that a scenario of *when* and *then* takes."""
    return {name for step in (*givens_of(when, then), when, then) for name in step.input_fixtures} - SERVICES


def pair_with(name: str | None) -> tuple[StepDefinition, StepDefinition]:
    """A When and a Then that use the value *name*."""
    pair = next((pair for pair in PAIRS if name in uses(*pair)), None)
    assert pair is not None, f"no When and Then use the value `{name}`; let one take it, or delete the Given"
    return pair


def pair_without(given: StepDefinition) -> tuple[StepDefinition, StepDefinition]:
    """A When and a Then that use nothing of *given*."""
    names = {given.target_fixture, *(step.target_fixture for step in before(given))}
    return next(pair for pair in PAIRS if not names & uses(*pair))


def text_of(definition: StepDefinition, *, other: bool = False) -> str:
    """A step of this sentence, in the first or in another value of its parameters."""
    words = re.sub(r"(\w+)/\w+", r"\1", definition.expression)
    for parameter in definition.sentence.parameters:
        words = words.replace(f"{{{parameter.name}}}", sample(parameter, other=other), 1)
    [match] = REGISTRY.match(definition.kind, words)
    assert match.definition is definition
    table = "\n      | run.days | 2 |" if definition.takes_table else ""
    return f"{definition.kind.capitalize()} {words}{table}"


def sample(parameter: StepParameter, *, other: bool) -> str:
    return parameter.samples[-1 if other else 0]


def texts(*definitions: StepDefinition) -> list[str]:
    return [text_of(definition, other=bool(definition.other_than)) for definition in definitions]


def rules_at(lines: list[str], number: int) -> set[str]:
    """The rules that the step *number* of a scenario of these steps breaks, in its line or its table."""
    head = "Feature: F\n\n  Scenario: S\n"
    text = head + "".join(f"    {line}\n" for line in lines)
    start = 4 + sum(line.count("\n") + 1 for line in lines[:number])
    places = range(start, start + lines[number].count("\n") + 1)
    return {finding.rule for finding in lint_text(text.encode(), "x.feature", REGISTRY, TAGS) if finding.line in places} & RULES


@pytest.mark.parametrize(("when", "then"), PAIRS, ids=str)
def test_nothing_is_found_where_each_value_is_used_once_and_in_time(when: StepDefinition, then: StepDefinition) -> None:
    """So that the findings below are not about the scenario around them."""
    lines = texts(*givens_of(when, then), when, then)

    assert [rules_at(lines, number) for number in range(len(lines))] == [set()] * len(lines)


@pytest.mark.parametrize("given", GIVENS, ids=str)
def test_a_given_whose_value_is_ignored_is_reported(given: StepDefinition) -> None:
    when, then = pair_without(given)
    lead = before(given)

    assert rules_at(texts(*lead, given, *givens_of(when, then), when, then), len(lead)) == {"unread-fact"}


@pytest.mark.parametrize("given", GIVENS, ids=str)
def test_a_given_that_is_doubled_is_reported_unless_it_says_that_it_replaces(given: StepDefinition) -> None:
    when, then = pair_with(given.target_fixture)
    rest = [step for step in givens_of(when, then) if step is not given and step not in before(given)]
    lead = before(given)
    twice = [[*texts(*lead, given), text_of(given, other=other), *texts(*rest, when, then)] for other in (False, True)]
    same, changed = (rules_at(lines, len(lead) + 1) for lines in twice)

    assert ("doubled-fact" in same) == (ANY_SENTENCE not in given.follows)
    if text_of(given, other=True) != text_of(given):
        assert ("doubled-fact" in changed) == (ANY_SENTENCE not in given.follows)


@pytest.mark.parametrize("given", GIVENS, ids=str)
def test_a_given_that_is_late_is_reported(given: StepDefinition) -> None:
    when, then = pair_with(given.target_fixture)
    lead = [step for step in dict.fromkeys([*before(given), *givens_of(when, then)]) if step is not given]

    assert rules_at([*texts(*lead, when), text_of(given), *texts(then)], len(lead) + 1) == {"step-order"}


@pytest.mark.parametrize("when", WHENS, ids=str)
def test_a_when_whose_result_is_ignored_is_reported(when: StepDefinition) -> None:
    other, then = next(pair for pair in PAIRS if when.target_fixture not in pair[1].input_fixtures and when is not pair[0])
    lead = list(dict.fromkeys([*before(when), *givens_of(other, then)]))

    assert "step-order" in rules_at(texts(*lead, when, other, then), len(lead))
    assert "unread-fact" in rules_at(texts(*lead, other, then, when, then), len(lead) + 2) | rules_at(
        texts(*before(when), when, then), len(before(when))
    )


@pytest.mark.parametrize(("when", "then"), PAIRS, ids=str)
def test_a_when_that_is_doubled_or_late_is_reported(when: StepDefinition, then: StepDefinition) -> None:
    lead = givens_of(when, then)

    assert "step-order" in rules_at(texts(*lead, when, when, then), len(lead))
    assert "step-order" in rules_at(texts(*lead, when, then, when), len(lead) + 2)


@pytest.mark.parametrize(("when", "then"), PAIRS, ids=str)
def test_a_then_that_is_doubled_or_early_or_without_a_when_is_reported(when: StepDefinition, then: StepDefinition) -> None:
    lead = givens_of(when, then)

    assert "doubled-fact" in rules_at(texts(*lead, when, then, then), len(lead) + 2)
    assert "step-order" in rules_at(texts(*lead, then, when, then), len(lead))
    assert ("no-when" in rules_at(texts(*lead, then), len(lead))) == (not then.when_optional)


@pytest.mark.parametrize("then", [then for then in THENS if then.other_than], ids=str)
def test_a_then_that_compares_a_fact_with_itself_is_reported(then: StepDefinition) -> None:
    when = next(when for when, other in PAIRS if other is then)
    lead = givens_of(when, then)
    assert then.other_than in {given.target_fixture for given in lead}

    assert rules_at([*texts(*lead, when), text_of(then)], len(lead) + 1) == {"restated-fact"}


def test_every_sentence_is_in_a_pair() -> None:
    """A When whose result no Then takes, or a Then that takes no result, could not be tried here."""
    assert {id(step) for pair in PAIRS for step in pair} == {id(step) for step in (*WHENS, *THENS)}
