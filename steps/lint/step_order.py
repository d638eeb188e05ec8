"""Lint of the order of steps: the Givens, then a When, then the Thens that look at it.

A further When may follow a Then; what it may do to the values is up to its sentence (see `steps.lint.facts`).
"""

from functools import lru_cache
from itertools import pairwise

from sop_engine.text import quoted
from steps.definitions.decorators import STEP_KINDS, StepDefinition
from steps.language.examples import Example
from steps.lint.checked_file import CheckedFile, Findings, MatchedExample


def order_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules step-order and no-when."""
    for matched in file.matched:
        if not _is_in_order(matched.definitions):
            yield from _misplaced(file, matched.example)
            yield from _without_when(file, matched)


@lru_cache(maxsize=1024)
def _is_in_order(definitions: tuple[StepDefinition, ...]) -> bool:
    """Return whether these are Givens, a When and Thens, in this order, with which nothing is misplaced."""
    kinds = [definition.kind for definition in definitions]
    return kinds.count("when") == 1 and kinds[-1] == "then" and kinds == sorted(kinds, key=STEP_KINDS.index)


def _misplaced(file: CheckedFile, example: Example) -> Findings:
    """Yield the findings of rule step-order for one example."""
    steps = example.steps
    whens = [number for number, step in enumerate(steps) if step.kind == "when"]
    if not whens:
        return
    first = steps[whens[0]]
    for number, step in enumerate(steps):
        if step.kind == "given" and number > whens[0]:
            message = f"{quoted(step.words)} is a Given after the When of line {first.line}, so it comes too late"
            yield file.step_finding(step, "step-order", message, f"move it above line {first.line}, or write it as an event with When")
        elif step.kind == "then" and number < whens[0]:
            message = f"{quoted(step.words)} is a Then before the When of line {first.line}, so it does not look at what happens there"
            yield file.step_finding(step, "step-order", message, f"move it below line {first.line}")
    for earlier, later in pairwise(whens):
        if all(step.kind != "then" for step in steps[earlier:later]):
            step = steps[earlier]
            message = f"no Then checks {quoted(step.words)} before the next When in line {steps[later].line}"
            yield file.step_finding(step, "step-order", message, "write it as a Given, or add a Then below it")
    last = steps[whens[-1]]
    if steps[-1].kind != "then" and any(step.kind == "then" for step in steps[: whens[-1]]):
        yield file.step_finding(
            last, "step-order", f"no Then checks {quoted(last.words)}", "add the Then that states the result, or delete the step"
        )


def _without_when(file: CheckedFile, matched: MatchedExample) -> Findings:
    """Yield a finding of rule no-when, unless every Then is about a table or a report that the Givens describe."""
    thens = [(step, match) for step, match in matched.steps if step.kind == "then"]
    optional = all(match.definition.when_optional for _, match in thens)
    if thens and not optional and all(step.kind != "when" for step in matched.example.steps):
        step = thens[0][0]
        message = f"the scenario {quoted(matched.example.name)} has no When, so there is no result that its Then could check"
        yield file.step_finding(step, "no-when", message, "write the event above this step, as a When")
