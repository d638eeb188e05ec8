"""Answers as Then steps: for a step as it is written, the steps that would hold for an answer, the preferred one first."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sop_engine.case import Stage
from sop_engine.decision import Answer, Decision, Source, Timing
from sop_engine.engine import Engine
from sop_engine.returns import ReturnDecision

StepTable = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ThenStep:
    """A Then step: its text and its table."""

    text: str
    table: StepTable | None = None

    def lines(self, keyword: str = "And") -> list[str]:
        """Return the lines of the step, not yet formatted."""
        return [f"{keyword} {self.text}", *(f"| {' | '.join(row)} |" for row in self.table or ())]


def outcome_words(outcome: str, subject: str = "the cancellation") -> str:
    """Return the step sentence of an outcome."""
    if outcome == "unspecified":
        return f"the outcome of {subject} is an open question"
    return f"{subject} {'' if outcome.startswith('fails') else 'is '}{outcome}"


def task_steps(answer: Answer) -> list[ThenStep]:
    """Return the steps that hold for the tasks of *answer*."""
    if answer.tasks is None:
        return [ThenStep("what the client must do is an open question")]
    if not answer.tasks:
        nothing = ThenStep("the client has nothing to do")
        return [ThenStep(f"it follows that {nothing.text}"), nothing] if answer.tasks_source is Source.FOLLOWS else [nothing]
    when = answer.tasks[0].when
    rows = tuple((task.modality.words, task.task.words) for task in answer.tasks)
    return [ThenStep(f"the client's follow-up {'' if when is Timing.NOW else f'{when} '}is", rows)]


def clause_steps(answer: Answer) -> list[ThenStep]:
    """Return the steps that hold for the clauses of *answer*; that the SOP says so only where it says all of it."""
    if not answer.clauses:
        return [ThenStep("no clause says so")]
    clauses = ", ".join(answer.clauses)
    stated = not answer.gaps and _answer_sources(answer) <= {Source.STATED, Source.FOLLOWS}
    stated_step = [ThenStep(f"the SOP says so in {clauses}")] if stated else []
    return [*stated_step, ThenStep(f"the answer rests on {clauses}")]


def gap_steps(answer: Answer) -> list[ThenStep]:
    """Return the steps that hold for the gaps of *answer*, each with where a part of it comes from."""
    sources = _answer_sources(answer)
    return [
        ThenStep(f"{words} {', '.join(answer.gaps)}")
        for source, words in (
            (Source.ASSUMED, "it is our reading of"),
            (Source.DECIDED, "it is the owner's answer to"),
            (Source.SILENT, "the question is registered as"),
        )
        if answer.gaps and source in sources
    ]


def all_steps(answer: Answer) -> tuple[ThenStep, ...]:
    """Return the steps that claim the whole of *answer*."""
    outcome = [] if isinstance(answer, ReturnDecision) else [ThenStep(outcome_words(str(answer.outcome)))]
    parts = [clause_steps(answer)[:1], task_steps(answer)[:1]]
    follows = answer.tasks_source is Source.FOLLOWS
    units = [_stock_step(answer), _claim_step(answer)] if isinstance(answer, ReturnDecision) else []
    return (*outcome, *(step for part in (parts if follows else reversed(parts)) for step in part), *units, *gap_steps(answer)[:1])


def steps_that_hold(step: ThenStep, answer: Answer, engine: Engine) -> list[tuple[ThenStep, ...]] | None:
    """Return what holds for *answer* in place of *step*, each time one step or several, the preferred first.

    Empty if no step can; None if it is a step about something else.
    """
    if match := _SAME.fullmatch(step.text):
        return [_same(step, match[1], answer, engine)]
    for pattern, steps in _KINDS:
        if match := pattern.fullmatch(step.text):
            return [(other,) for other in steps(match, answer, engine)]
    return None


def is_about_answer(step: ThenStep) -> bool:
    """Return whether *step* claims an outcome or tasks, so that the name of its scenario may say them too."""
    return bool(_SAME.fullmatch(step.text)) or any(pattern.fullmatch(step.text) for pattern, _ in _KINDS[:_ABOUT_ANSWER])


def _answer_sources(answer: Answer) -> set[Source]:
    return {answer.tasks_source} | (set() if isinstance(answer, ReturnDecision) else {answer.outcome_source})


def _outcome(_: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return [ThenStep(outcome_words(str(answer.outcome)))]


def _request(_: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    text = outcome_words(str(answer.outcome), "the request")
    return [ThenStep(text)] if text.startswith("the request") else []


def _tasks(_: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return task_steps(answer)


def _places(match: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return [ThenStep(match[0], tuple((task.task.words, task.actor, task.system) for task in answer.tasks))] if answer.tasks else []


def _same(step: ThenStep, stage: str, answer: Answer, engine: Engine) -> tuple[ThenStep, ...]:
    """Return *step* if the answer is the same at *stage*, otherwise the outcome and the tasks."""
    if isinstance(answer, Decision):
        canceller, scope, invoicing, _, e_invoice = answer.case.key
        other = engine.tables[answer.reading][canceller, scope, invoicing, str(Stage(stage)), e_invoice]
        if (other.outcome, other.tasks, other.clauses) == (answer.outcome, answer.tasks, answer.clauses):
            return (step,)
    return (ThenStep(outcome_words(str(answer.outcome))), task_steps(answer)[0])


def _clauses(_: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return clause_steps(answer)


def _request_clauses(_: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return [ThenStep(f"the request rests on {', '.join(answer.clauses)}")] if answer.clauses else []


def _gaps(_: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return gap_steps(answer)


def _request_gaps(match: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    """Return the step with the basis that its gaps have; the gaps of a request also depend on the order."""
    answered = {gap.id for gap in engine.rulebook.gaps if gap.answer is not None}
    basis = "the owner's answer to" if answered >= set(match[1].split(", ")) else "our reading of"
    return [ThenStep(f"the request is answered by {basis} {match[1]}")]


def _beside(match: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return [ThenStep(match[0])] if set(match[1].split(", ")) <= set(answer.notes) else []


def _by_hand(match: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return [ThenStep(match[0])] if isinstance(answer, ReturnDecision) and answer.by_hand else []


def _alternatives(match: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    rows = tuple((task.instead_of.words, task.task.words) for task in answer.tasks or () if task.instead_of is not None)
    return [ThenStep(match[0], rows)] if rows else []


def _stock(_: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return [_stock_step(answer)]


def _stock_step(answer: Answer) -> ThenStep:
    stock = answer.stock if isinstance(answer, ReturnDecision) else None
    return ThenStep(f"the unit goes to {'saleable stock' if stock == 'saleable' else stock or 'no stock'}")


def _claim(_: re.Match[str], answer: Answer, engine: Engine) -> list[ThenStep]:  # noqa: ARG001
    return [_claim_step(answer)]


def _claim_step(answer: Answer) -> ThenStep:
    claimed = isinstance(answer, ReturnDecision) and answer.offline_claim
    return ThenStep("it is settled with Ajio by an offline claim" if claimed else "there is nothing to settle with Ajio")


Steps = Callable[[re.Match[str], Answer, Engine], list[ThenStep]]
_ABOUT_ANSWER = 4
_SAME = re.compile(r"the answer is the same as for an order that is ([A-Z_]+)")
_KINDS: Sequence[tuple[re.Pattern[str], Steps]] = [
    (re.compile(pattern), steps)
    for pattern, steps in (
        (
            r"the cancellation (?:is (?:allowed|refused|without effect)|fails .*)|the outcome of the cancellation is an open question",
            _outcome,
        ),
        (r"the request (?:is (?:allowed|refused|without effect)|fails .*)", _request),
        (
            r"the client's follow-up (?:when packing fails )?is|(?:it follows that )?the client has nothing to do|what the client must do is .*",
            _tasks,
        ),
        (r"these are the tasks, who does them and where", _places),
        (r"the SOP says so in .*|the answer rests on .*|no clause says so", _clauses),
        (r"the request rests on .*", _request_clauses),
        (r"it is (?:our reading of|the owner's answer to) .*|the question is registered as .*", _gaps),
        (r"the request is answered by (?:our reading of|the owner's answer to) (.*)", _request_gaps),
        (r"the question of (.*) is shown beside the answer", _beside),
        (r"all tasks are done by hand", _by_hand),
        (r"the client does one task of each row, not both", _alternatives),
        (r"the unit goes to .*", _stock),
        (r"it is settled with Ajio by an offline claim|there is nothing to settle with Ajio", _claim),
    )
]
"""The Then sentences about an answer, those about outcome and tasks first, each with the steps in its place that hold."""


def answer_in_few_words(answers: Iterable[Answer]) -> str:
    """Return outcome and tasks for the name of a scenario: ``allowed; nothing to do``."""
    texts = dict.fromkeys(_few_words(answer) for answer in answers)
    return next(iter(texts)) if len(texts) == 1 else "answered in several ways"


def _few_words(answer: Answer) -> str:
    tasks = "what to do is open" if answer.tasks is None else ", ".join(f"{task.modality.words} {task.task.short}" for task in answer.tasks)
    tasks = tasks or "nothing to do"
    outcome = "the outcome is open" if answer.outcome == "unspecified" else str(answer.outcome)
    return tasks if isinstance(answer, ReturnDecision) else f"{outcome}; {tasks}"
