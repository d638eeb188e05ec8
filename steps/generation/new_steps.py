"""Then steps that a failed example needs so that it holds under the engine's answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from sop_engine.case import FACTS
from sop_engine.decision import Answer, Reading
from sop_engine.engine import Engine
from sop_engine.returns import QualityCheck
from sop_engine.tasks import TaskKey
from sop_runs.record.schema import ScenarioRecord, StepRecord
from steps.generation.answer_steps import ThenStep, is_about_answer, steps_that_hold
from steps.generation.case_scenarios import CaseOrUnit

_ORDER_FACETS = {"duties": "the client's duties are to", "stage": "the order is"}


@dataclass(frozen=True, slots=True)
class NewSteps:
    """The Then steps of an example: for each index of a step the steps in its place, or None for an example that cannot be kept.

    *partial* says that a step is left out because its cases have different answers.
    """

    steps: Mapping[int, tuple[ThenStep, ...]] | None
    partial: bool = False


def new_steps(example: ScenarioRecord, engine: Engine) -> NewSteps:
    """Return the Then steps that hold for every answer that *example* is about."""
    answers = tuple(dict.fromkeys(situations_of(example, engine).values()))
    steps: dict[int, tuple[ThenStep, ...]] = {}
    partial = False
    for place, written in enumerate(example.steps):
        if written.kind != "then" or written.status == "passed":
            continue
        step = ThenStep(written.text, written.table)
        choices = [steps_that_hold(step, answer, engine) for answer in answers]
        if not choices or any(choice is None for choice in choices):
            if written.status == "skipped":
                continue
            if (own := _order_step(example, written)) is None:
                return NewSteps(None)
            steps[place] = own
            continue
        if all((step,) in (choice or ()) for choice in choices):
            if written.status != "skipped":
                return NewSteps(None)
            continue
        preferred = {(choice or [()])[0] for choice in choices}
        partial = partial or len(preferred) > 1
        steps[place] = preferred.pop() if len(preferred) == 1 else ()
    remaining = [place for place, written in enumerate(example.steps) if written.kind == "then" and (place not in steps or steps[place])]
    claims = [step for place in remaining for step in steps.get(place, (ThenStep(example.steps[place].text),))]
    return NewSteps(steps if steps and any(map(_is_claim, claims)) else None, partial)


def situations_of(example: ScenarioRecord, engine: Engine) -> dict[CaseOrUnit, Answer]:
    """Return the situations that the claims of *example* are about, with their answers."""
    situations: dict[CaseOrUnit, Answer] = {}
    for claim in example.claims:
        kind, reading = claim.subject.get("kind"), claim.reading
        if kind == "case" and reading is not None:
            key = tuple(claim.subject["facts"][name] for name in FACTS)
            situations["case", key] = engine.tables[Reading(reading)][key]
        elif kind == "return" and reading is not None:
            check = QualityCheck(claim.subject["facts"]["quality_check"])
            situations["return", (str(check),)] = engine.returns[check, Reading(reading)]
    return situations


def first_then(example: ScenarioRecord) -> int:
    """Return the index of the first Then step."""
    return next(place for place, step in enumerate(example.steps) if step.kind == "then")


def next_then(example: ScenarioRecord, new: Mapping[int, tuple[ThenStep, ...]], place: int) -> int | None:
    """Return the line of the first Then step after *place* that stays; None if another one is replaced before it."""
    for later in range(place + 1, len(example.steps)):
        if example.steps[later].kind == "then":
            return None if later in new else example.steps[later].line
    return None


def _order_step(example: ScenarioRecord, written: StepRecord) -> tuple[ThenStep, ...] | None:
    """Return the step that says what an order has now, in place of one that fails; None for other claims."""
    claims = [example.claims[index] for index in written.claims]
    wrong = [claim for claim in claims if not claim.holds]
    if len(wrong) != 1 or wrong[0].facet not in _ORDER_FACETS:
        return None
    claim = wrong[0]
    if claim.facet == "stage":
        return (ThenStep(f"the order is {claim.actual}"),)
    rows = tuple((TaskKey(task).words,) for task in claim.actual)
    return (ThenStep(_ORDER_FACETS["duties"], rows),) if rows else (ThenStep("the client has no open duty"),)


def claims_outcome_and_tasks(example: ScenarioRecord) -> bool:
    """Return whether *example* claims an outcome and tasks."""
    is_practised = all(claim.reading == Reading.AS_PRACTISED for claim in example.claims)
    return is_practised and sum(is_about_answer(ThenStep(step.text)) for step in example.steps if step.kind == "then") > 1


def _is_claim(step: ThenStep) -> bool:
    """Return whether a scenario with this Then checks what its When did."""
    return not step.text.startswith(("the question of", "the SOP says so", "the answer rests", "no clause", "it is "))


def when_of(example: ScenarioRecord) -> str:
    """Return the text of the When of *example*; an empty text if it has none."""
    return next((step.text for step in example.steps if step.kind == "when"), "")
